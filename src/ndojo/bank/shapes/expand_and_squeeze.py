"""Align shapes on the left with new axes."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    integers,
    predict,
    raises,
    right_on,
    trap,
    view_of,
    works,
)


def align_left(a, ndim):
    """Return `a` with exactly `ndim` axes by adding or removing axes of length 1 at the end of its shape.

    Broadcasting aligns shapes on the right. Gains of shape (frames,) therefore cannot scale the frames of a film of
    shape (frames, rows, columns). ``align_left(gains, 3)`` has shape (frames, 1, 1), which broadcasts as intended.

    Parameters
    ----------
    a : ndarray, any shape with up to four axes, float32, float64 or int64
        May be empty, 0-d, strided, reversed or read-only.
    ndim : int
        Number of axes of the result. ``ndim <= 8`` on levels 1 and 2, ``ndim <= 1000`` on level 3. May be negative,
        which raises ValueError.

    Returns
    -------
    ndarray with `ndim` axes, same dtype as `a`
        The elements of `a`. If ``ndim > a.ndim``, new axes of length 1 follow the axes of `a`. If ``ndim < a.ndim``,
        the axes from `ndim` on are removed. The remaining axes keep their lengths, including length 1. If `ndim` is 0,
        the result is a 0-d array, not a scalar. From level 2 on, the result is a view of `a`, or `a` itself.

    Raises
    ------
    ValueError
        If an axis to be removed has a length other than 1. If `ndim` is negative. On level 3, also if `ndim` is larger
        than the maximum number of axes that NumPy supports.

    Examples
    --------
    >>> film = np.ones((2, 2, 3))
    >>> gains = np.array([0.5, 2.0])
    >>> (film * align_left(gains, film.ndim))[:, 0, 0]
    array([0.5, 2. ])
    >>> align_left(np.zeros((1, 4, 1, 1)), 2).shape
    (1, 4)
    >>> align_left(np.zeros((2, 3)), 1)
    Traceback (most recent call last):
    ...
    ValueError: cannot align shape (2, 3) to 1 axes
    """
    if ndim < 0 or any(n != 1 for n in a.shape[ndim:]):
        raise ValueError(f"cannot align shape {a.shape} to {ndim} axes")
    return a.reshape(a.shape[:ndim] + (1,) * (ndim - a.ndim))


@works()
def by_their_names(a, ndim):
    """Passes a tuple of axes to expand_dims or squeeze. squeeze checks the lengths."""
    if ndim < 0:
        raise ValueError("ndim must not be negative")
    if ndim < a.ndim:
        return np.squeeze(a, axis=tuple(range(ndim, a.ndim)))
    return np.expand_dims(a, tuple(range(a.ndim, ndim)))


@works(fails="any number")
def by_an_index(a, ndim):
    """Indexes with None to add an axis and with 0 to remove one. The ellipsis makes the result an array."""
    if ndim < 0 or set(a.shape[ndim:]) - {1}:
        raise ValueError("only axes of length 1 can be removed")
    return a[(slice(None),) * min(a.ndim, ndim) + (0,) * (a.ndim - ndim) + (None,) * (ndim - a.ndim) + (...,)]


@works()
def one_axis_at_a_time(a, ndim):
    """Adds or removes one axis per step."""
    if ndim < 0:
        raise ValueError("ndim must not be negative")
    while a.ndim > ndim:
        a = a.squeeze(-1)
    while a.ndim < ndim:
        a = np.expand_dims(a, -1)
    return a


@works(fails="view")
def copies(a, ndim):
    """Allocates an array of the right shape and copies the elements."""
    keep, drop = a.shape[: max(ndim, 0)], a.shape[max(ndim, 0) :]
    if ndim < 0 or any(n != 1 for n in drop):
        raise ValueError("only axes of length 1 can be removed")
    out = np.empty(keep + (1,) * (ndim - len(keep)), dtype=a.dtype)
    out.flat = a.ravel()
    return out


@trap(
    "The new axes must follow the existing ones. ndmin and broadcasting add axes in front, which aligns the array on "
    "the right. Append the 1s to a.shape instead.",
    verdict="WT",
)
def adds_in_front(a, ndim):
    if ndim < 0 or any(n != 1 for n in a.shape[ndim:]):
        raise ValueError("only axes of length 1 can be removed")
    return np.array(a, ndmin=ndim).reshape((1,) * (ndim - a.ndim) + a.shape[:ndim])


@trap(
    "squeeze without an axis removes every axis of length 1, including those that must stay. Pass the axes to remove.",
    verdict="WT",
)
def squeezes_everything(a, ndim):
    if ndim < 0 or any(n != 1 for n in a.shape[ndim:]):
        raise ValueError("only axes of length 1 can be removed")
    a = np.squeeze(a)
    return a.reshape(a.shape + (1,) * (ndim - a.ndim))


@trap(
    "An axis whose length is not 1 must raise ValueError. Merging it into another axis by reshape keeps all elements "
    "but changes the shape that the caller relies on. Check the lengths first."
)
def folds_the_rest(a, ndim):
    if ndim < 0:
        raise ValueError("ndim must not be negative")
    if ndim >= a.ndim:
        return a.reshape(a.shape + (1,) * (ndim - a.ndim))
    shape = a.shape[:ndim]
    rest = int(np.prod(a.shape[ndim:]))
    return a.reshape((*shape[:-1], shape[-1] * rest)) if shape else a.reshape(())


@trap(
    "Index 0 removes an axis of any length, but it keeps only the first element along it. Check that the length is 1 "
    "before removing the axis."
)
def takes_the_first(a, ndim):
    if ndim < 0 or 0 in a.shape[ndim:]:
        raise ValueError("an axis without elements")
    a = a[(slice(None),) * min(a.ndim, ndim) + (0,) * (a.ndim - ndim) + (...,)]
    return a.reshape(a.shape + (1,) * (ndim - a.ndim))


@trap(
    "Indexing every axis with an integer returns a NumPy scalar, not an array. Use reshape or squeeze, or add an "
    "ellipsis to the index.",
    verdict="WT",
)
def becomes_a_scalar(a, ndim):
    if ndim < 0 or any(n != 1 for n in a.shape[ndim:]):
        raise ValueError("only axes of length 1 can be removed")
    if ndim < a.ndim:
        return a[(slice(None),) * ndim + (0,) * (a.ndim - ndim)]
    return a.reshape(a.shape + (1,) * (ndim - a.ndim))


@trap("Only axes of length 1 can be removed. An axis of length 0 must raise ValueError too: test n != 1, not n > 1.")
def lets_zero_go(a, ndim):
    if ndim < 0 or any(n > 1 for n in a.shape[ndim:]):
        raise ValueError("only axes of length 1 can be removed")
    if a.size == 0:
        return np.zeros(a.shape[:ndim] + (1,) * (ndim - a.ndim), dtype=a.dtype)
    return a.reshape(a.shape[:ndim] + (1,) * (ndim - a.ndim))


@trap(
    "A negative ndim must raise ValueError. A slice accepts it and counts from the end: a.shape[:-1] contains all "
    "axes but the last."
)
def slices_with_negatives(a, ndim):
    if any(n != 1 for n in a.shape[ndim:]):
        raise ValueError("only axes of length 1 can be removed")
    return a.reshape(a.shape[:ndim] + (1,) * (ndim - a.ndim))


@trap(
    "Assigning to a.shape changes the caller's array. a.reshape returns a new array object with the same memory.",
    verdict="IM",
)
def assigns_the_shape(a, ndim):
    if ndim < 0 or any(n != 1 for n in a.shape[ndim:]):
        raise ValueError("only axes of length 1 can be removed")
    a.shape = a.shape[:ndim] + (1,) * (ndim - a.ndim)
    return a


def shape_text(lengths):
    return f"({', '.join(map(str, lengths))}{',' if len(lengths) == 1 else ''})"


@drill("What is the shape, or which error is raised?")
def expanding(rng, hardness):
    ndim = 1 if hardness < 0.3 else 2
    shape = [int(n) for n in rng.integers(2, 8, ndim)]
    axes = "1 axis" if ndim == 1 else f"{ndim} axes"
    forms = [
        ("np.expand_dims(x, 0)", "The axis number refers to the result: its axis 0 is the new one."),
        ("np.expand_dims(x, -1)", "The axis number refers to the result: its last axis is the new one."),
        ("np.expand_dims(x, 1)", "The axis number refers to the result: its axis 1 is the new one."),
        ("x[None]", "None in an index adds an axis of length 1 at its position, here in front."),
        ("x[..., None]", "The ellipsis represents all axes of x, so the new axis is the last one."),
        (f"np.expand_dims(x, {ndim})", f"The result has {ndim + 1} axes, and the new axis {ndim} is the last one."),
        (
            f"np.expand_dims(x, {ndim + 1})",
            f"The result has {ndim + 1} axes, numbered 0 to {ndim}, so axis {ndim + 1} does not exist: AxisError.",
        ),
        ("np.expand_dims(x, (0, -1))", "Axis numbers refer to the result: its first and last axes are new."),
        ("np.expand_dims(x, (0, 1))", "Axis numbers refer to the result: its first two axes are new."),
        ("np.expand_dims(x, (1, 1))", "Each new axis may be given only once: ValueError."),
        (f"np.expand_dims(x, {-ndim - 1})", f"The result has {ndim + 1} axes, so axis {-ndim - 1} is its first one."),
        (
            f"np.expand_dims(x, ({ndim + 1}, 0))",
            f"The result has {ndim + 2} axes, and its first and last axes are new.",
        ),
        ("x[None, :, None]", f"x has {axes}. One new axis is before its first axis, the other one directly after it."),
    ]
    text, why = forms[int(rng.integers(round(5 * hardness), 5 + round(8 * hardness)))]
    return predict(f"x = np.zeros({shape_text(shape)})\n{text}.shape", why=why)


@drill("What is the shape, or which error is raised?")
def squeezing(rng, hardness):
    a, b = (int(n) for n in rng.integers(2, 9, 2))
    shape = [(1, a), (a, 1), (1, a, 1), (1, a, 1, b), (a, 1, b, 1)][int(rng.integers(2 + round(3 * hardness)))]
    last = len(shape) - 1
    one, other = shape.index(1), int(np.argmax(shape))
    forms = [
        ("x.squeeze()", "Without an axis, squeeze removes every axis of length 1."),
        (f"x.squeeze(axis={one})", f"Axis {one} has length 1 and is removed. All other axes stay."),
        ("np.squeeze(x)", "Without an axis, squeeze removes every axis of length 1."),
        (
            f"x.squeeze(axis={other})",
            f"Axis {other} has length {shape[other]}, but squeeze can only remove axes of length 1: ValueError.",
        ),
        (
            f"x.squeeze(axis={one - len(shape)})",
            f"Axis {one - len(shape)} is axis {one}, which has length 1 and is removed. All other axes stay.",
        ),
        (
            f"x.squeeze(axis={last + 1})",
            f"The axes are numbered 0 to {last}, so axis {last + 1} does not exist: AxisError.",
        ),
        ("x[:, :1].squeeze()", "The slice leaves axis 1 with length 1. squeeze removes all axes of length 1."),
        ("x[:, 0].squeeze()", "The integer index removes axis 1. squeeze then removes any other axis of length 1."),
        (
            f"x.squeeze(axis=({one}, {other}))",
            f"Axis {other} has length {shape[other]}, but squeeze can only remove axes of length 1: ValueError.",
        ),
        ("x.squeeze(axis=())", "The tuple is empty, so squeeze removes no axis."),
        (
            f"x.sum(axis={other}, keepdims=True).squeeze()",
            f"The sum leaves axis {other} with length 1, and squeeze removes every axis of length 1.",
        ),
        ("x[..., :0].squeeze()", "The last axis now has length 0. squeeze removes only axes of length 1."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 4 + round(8 * hardness)))]
    return predict(f"x = np.zeros({shape_text(shape)})\n{text}.shape", why=why)


@drill("What is the shape of the product, or which error is raised?")
def scaling_a_film(rng, hardness):
    frames, rows, columns = (int(n) for n in rng.choice(np.arange(2, 9), 3, replace=False))
    if hardness > 0.6 and rng.random() < 0.4:
        columns = frames
    if columns == frames:
        on_columns = f"{frames} gains match {columns} columns"
    else:
        on_columns = f"{frames} gains do not match {columns} columns, so NumPy raises ValueError"
    on_rows = f"{frames} gains do not match {rows} rows, so NumPy raises ValueError"
    on_frames = "the gains match the frames, and both axes of length 1 broadcast"
    forms = [
        ("gains[:, None, None]", f"Each None adds an axis after the first, which gives ({frames}, 1, 1): {on_frames}."),
        ("gains", f"The only axis of gains is aligned with the last axis of film: {on_columns}."),
        (
            "gains[None, None]",
            f"The new axes are in front, which gives (1, 1, {frames}). The last axes are still aligned: {on_columns}.",
        ),
        ("gains[:, None]", f"Shape ({frames}, 1) aligns the gains with the rows: {on_rows}."),
        (
            "np.expand_dims(gains, (1, 2))",
            f"Axes 1 and 2 of the result are new, which gives ({frames}, 1, 1): {on_frames}.",
        ),
        (
            "gains[..., None, None, None]",
            f"Shape ({frames}, 1, 1, 1) has one axis more than film, so the gains become a new first axis, and the "
            "axes of film follow.",
        ),
        ("gains.reshape(-1, 1, 1)", f"reshape replaces -1 by {frames}, which gives ({frames}, 1, 1): {on_frames}."),
        ("np.atleast_3d(gains)", f"atleast_3d turns a 1-D array into shape (1, {frames}, 1): {on_rows}."),
        ("np.array(gains, ndmin=3)", f"ndmin adds axes in front, which gives (1, 1, {frames}): {on_columns}."),
    ]
    text, why = forms[int(rng.integers(round(2 * hardness), 4 + round(5 * hardness)))]
    head = f"film = np.zeros(({frames}, {rows}, {columns}))\ngains = np.ones({frames})"
    return predict(f"{head}\n(film * {text}).shape", why=why)


@drill("What is the shape?")
def at_least_so_many(rng, hardness):
    n, m, k = (int(n) for n in rng.integers(2, 9, 3))
    forms = [
        (f"np.atleast_1d(np.zeros({n}))", "The array already has one axis, so nothing changes."),
        (f"np.atleast_2d(np.zeros({n}))", "atleast_2d adds the new axis in front, which makes one row."),
        (f"np.atleast_1d({n}.0)", "A scalar becomes a 1-D array with one element."),
        (f"np.atleast_2d(np.zeros(({n}, {m})))", "The array already has two axes, so nothing changes."),
        (f"np.array(np.zeros({n}), ndmin=2)", "ndmin adds the new axis in front."),
        (f"np.atleast_2d({n}.0)", "A scalar becomes a 2-D array with one element."),
        (f"np.atleast_3d(np.zeros({n}))", "For a 1-D array, atleast_3d adds one axis in front and one at the end."),
        (f"np.atleast_3d(np.zeros(({n}, {m})))", "For a 2-D array, atleast_3d adds the new axis at the end."),
        (
            f"np.array(np.zeros(({n}, {m})), ndmin=3)",
            "ndmin adds the new axis in front. atleast_3d would add it at the end.",
        ),
        (f"np.atleast_2d(np.zeros(({n}, {m}, {k})))", "The array has three axes, which is enough: nothing changes."),
        (
            f"np.zeros({n})[None, :, None].squeeze()[:, None]",
            "squeeze removes both axes of length 1, and the last index adds one at the end.",
        ),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 4 + round(7 * hardness)))]
    return predict(f"{text}.shape", why=why)


@drill("Does this print True or False?")
def same_memory(rng, hardness):
    n, m = (int(k) for k in rng.integers(2, 9, 2))
    forms = [
        ("np.shares_memory(x, np.expand_dims(x, 0))", "expand_dims returns a view."),
        ("np.shares_memory(x, x.squeeze())", "squeeze returns a view."),
        ("np.shares_memory(x, x[:, None])", "Indexing with slices and None is basic indexing, which returns a view."),
        ("np.shares_memory(x, np.array(x, ndmin=4))", "np.array copies by default."),
        ("np.shares_memory(x.T, x.T.squeeze())", "squeeze returns a view, for any memory layout."),
        ("x.squeeze() is x", "x has an axis of length 1, so squeeze returns another array object: a view."),
        ("x[:, 0].squeeze() is x[:, 0]", "Each evaluation of x[:, 0] creates a new array object."),
        ("isinstance(x[:1, :, :1].squeeze(), np.ndarray)", "squeeze of an array returns an array, here a 0-d array."),
        ("isinstance(x[0, 0, 0], np.ndarray)", "Indexing every axis with an integer returns a scalar."),
        ("isinstance(x[0, 0, 0, ...], np.ndarray)", "With an ellipsis in the index, the result is a 0-d array."),
        ("np.shares_memory(x, x[0, 0, 0, ...])", "The result is a 0-d array, and basic indexing makes it a view."),
    ]
    text, why = forms[int(rng.integers(round(3 * hardness), 4 + round(7 * hardness)))]
    return predict(f"x = np.zeros(({n}, 1, {m}))\n{text}", why=why)


ANY_ARRAY = arrays(..., dtype=("float32", "float64", "int64"), holds=("nan", "inf"))

QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="medium",
    topics=["Shape Manipulation"],
    companies=["Google", "Amazon", "Meta", "CV Companies"],
    asked=["T53"],
    entry_points=[
        Entry(
            align_left,
            {"a": ANY_ARRAY, "ndim": integers(0, 6, outside=True)},
            cases=[
                case(a=np.array([1, 2, 3]), ndim=3),
                case(a=np.array([[[7]]]), ndim=0),
                case(a=np.array([[[7]], [[8]]]), ndim=1),
                case(a=np.array([[1, 2]]), ndim=4),
                case(a=np.arange(4).reshape(1, 4, 1, 1), ndim=2),
                case(a=np.array(5), ndim=0),
                case(a=np.array(5), ndim=2),
                case(a=np.arange(12).reshape(3, 4, 1)[::2, ::-1], ndim=2),
                case(a=np.zeros((0, 1), dtype=np.float32), ndim=1),
                raises(ValueError, a=np.array([[1, 2], [3, 4]]), ndim=1),
                raises(ValueError, a=np.array([1, 2]), ndim=0),
                raises(ValueError, a=np.zeros((0, 0), dtype=np.float32), ndim=1),
                raises(ValueError, a=np.zeros((2, 0), dtype=np.float32), ndim=1),
                raises(ValueError, a=np.zeros((2, 1), dtype=np.float32), ndim=-1),
                raises(ValueError, a=np.array(5), ndim=-1),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("view", "Returns a view of a, or a itself, for any memory layout.", view_of("a")),
        Level(
            "any number",
            "Accepts ndim up to 1000, and raises ValueError if NumPy does not support that many axes.",
            right_on(
                Entry(
                    align_left,
                    {"a": ANY_ARRAY, "ndim": integers(0, 64, outside=True)},
                    cases=[
                        case(a=np.array([1, 2, 3]), ndim=64),
                        raises(ValueError, a=np.array([1, 2, 3]), ndim=65),
                        raises(ValueError, a=np.array(5), ndim=1000),
                    ],
                )
            ),
        ),
    ],
    hints=[
        "Write the shape of the result as a tuple. Which part of it comes from a.shape, and how many 1s follow?",
        "Which axes of a are removed, and which length must each of them have? squeeze checks the lengths of the axes "
        "that you pass.",
        "What is the value of a.shape[:ndim] if ndim is negative?",
        "Indexing every axis with an integer returns a scalar. Which ways to remove an axis always return an array?",
    ],
    spoken="""\
Broadcasting aligns shapes on the right. To match the first axis, I append axes of length 1 with None or
np.expand_dims. To remove axes, I call squeeze and pass the axis. Without it, squeeze removes every axis of length 1,
which breaks for a batch of one. squeeze raises ValueError if the length is not 1, while indexing with 0 would silently
drop elements. Adding and removing axes of length 1 returns views, because no element moves in memory.
""",
    explanation="""\
Broadcasting aligns shapes on the right and adds missing axes only in front. To align an array with the first axis of
another one, append axes of length 1:

>>> film, gains = np.ones((4, 2, 3)), np.arange(4)
>>> (film * gains[:, None, None]).shape
(4, 2, 3)

*Adding axes.* `None` in an index is the same as `np.newaxis`. `np.expand_dims` is useful if the axis is a variable or
a tuple of axes. Its axis numbers refer to the result:

>>> np.expand_dims(gains, (1, 2)).shape, np.expand_dims(gains, (0, -1)).shape
((4, 1, 1), (1, 4, 1))

`reshape` adds and removes axes in one call, but it does not check which axes change.

*Removing axes.* Without an axis, `squeeze` removes every axis of length 1. A batch that contains one image then loses
its batch axis, so pass the axis:

>>> np.zeros((1, 28, 1)).squeeze().shape, np.zeros((1, 28, 1)).squeeze(-1).shape
((28,), (1, 28))

If that axis has a length other than 1, `squeeze` raises ValueError. Indexing with `x[0]` would silently keep only the
first element along the axis.

*Cost.* Adding or removing an axis of length 1 copies nothing and works for any memory layout: the only index along
such an axis is 0, so its stride is never used.

*Related functions.* `np.atleast_2d` and `ndmin` add axes in front. `np.atleast_3d` adds one axis on each side of a
1-D array: shape (4,) becomes (1, 4, 1).

*Limits.* NumPy 2 supports up to 64 axes, NumPy 1 up to 32. An axis number that does not exist raises AxisError, which
is a ValueError and an IndexError. NumPy 2 has it only as `np.exceptions.AxisError`; `np.AxisError` was removed.
""",
    points=[
        "Broadcasting aligns shapes on the right. To match an axis on the left, append axes of length 1.",
        "None in an index, expand_dims and reshape add axes of length 1. The axis of expand_dims refers to the result.",
        "squeeze without an axis removes every axis of length 1, which breaks for a batch of one: pass the axis.",
        "squeeze raises ValueError if the length is not 1. Indexing with 0 would silently drop elements.",
        "expand_dims and squeeze return views: the stride of an axis of length 1 is never used.",
        "squeeze of an array returns an array, even a 0-d one. Indexing every axis with an integer returns a scalar.",
    ],
    follow_ups={
        "When is keepdims=True better?": "If the axis results from a reduction. The reduced axis stays with length 1, "
        "so it does not have to be added again.",
        "What does x[:, None] cost in a product?": "The index itself copies nothing. But the product of shapes (n, 1) "
        "and (m,) has n * m elements.",
        "How would you align an array at axis k?": "Add axes of length 1 on both sides: "
        "`a.reshape((1,) * k + a.shape + (1,) * (ndim - k - a.ndim))`.",
    },
    related=["broadcast-shapes", "fix-broadcast-error", "reductions-keepdims", "move-axes"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.expand_dims.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.squeeze.html",
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
    ],
)
