"""Line an array up at the left."""

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
    """Give `a` exactly `ndim` axes by adding axes of length 1 at the end, or taking such axes away there.

    Broadcasting lines shapes up at the right. One gain a frame, of shape (frames,), therefore does not scale a film of
    shape (frames, rows, columns); ``align_left(gains, 3)``, of shape (frames, 1, 1), does.

    Parameters
    ----------
    a : ndarray, any shape with up to four axes, float32, float64 or int64
        May be empty, 0-d, strided, reversed or read-only.
    ndim : int
        How many axes the result has: up to 8 on levels 1 and 2, up to 1000 on level 3.

    Returns
    -------
    ndarray with `ndim` axes, dtype of `a`
        The elements of `a`. Where `ndim` is above ``a.ndim``, new axes of length 1 follow those of `a`; where it is
        below, the axes from `ndim` on are gone. The axes that stay keep their lengths, 1 or not. For `ndim` 0 this is
        a 0-d array, not a scalar. On level 2 a view of `a`, or `a` itself.

    Raises
    ------
    ValueError
        If an axis that would go has another length than 1, if `ndim` is negative, or, on level 3, if NumPy has no
        arrays of so many axes.

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
    ValueError: cannot bring shape (2, 3) to 1 axes
    """
    if ndim < 0 or any(n != 1 for n in a.shape[ndim:]):
        raise ValueError(f"cannot bring shape {a.shape} to {ndim} axes")
    return a.reshape(a.shape[:ndim] + (1,) * (ndim - a.ndim))


@works()
def by_their_names(a, ndim):
    """expand_dims and squeeze each take a tuple of axes; squeeze checks the lengths itself."""
    if ndim < 0:
        raise ValueError("no negative number of axes")
    if ndim < a.ndim:
        return np.squeeze(a, axis=tuple(range(ndim, a.ndim)))
    return np.expand_dims(a, tuple(range(a.ndim, ndim)))


@works(fails="any number")
def by_an_index(a, ndim):
    """None adds an axis, 0 takes one away, and the ellipsis keeps the result an array."""
    if ndim < 0 or set(a.shape[ndim:]) - {1}:
        raise ValueError("an axis has another length than 1")
    return a[(slice(None),) * min(a.ndim, ndim) + (0,) * (a.ndim - ndim) + (None,) * (ndim - a.ndim) + (...,)]


@works()
def one_axis_at_a_time(a, ndim):
    """A loop over the axes, which are few."""
    if ndim < 0:
        raise ValueError("no negative number of axes")
    while a.ndim > ndim:
        a = a.squeeze(-1)
    while a.ndim < ndim:
        a = np.expand_dims(a, -1)
    return a


@works(fails="view")
def copies(a, ndim):
    """Fills an array of the right shape."""
    keep, drop = a.shape[: max(ndim, 0)], a.shape[max(ndim, 0) :]
    if ndim < 0 or any(n != 1 for n in drop):
        raise ValueError("an axis has another length than 1")
    out = np.empty(keep + (1,) * (ndim - len(keep)), dtype=a.dtype)
    out.flat = a.ravel()
    return out


@trap(
    "New axes go behind those that are there. In front, as ndmin and broadcasting put them, the array lines up at the "
    "right.",
    verdict="WT",
)
def adds_in_front(a, ndim):
    if ndim < 0 or any(n != 1 for n in a.shape[ndim:]):
        raise ValueError("an axis has another length than 1")
    return np.array(a, ndmin=ndim).reshape((1,) * (ndim - a.ndim) + a.shape[:ndim])


@trap(
    "squeeze without an axis removes every axis of length 1, also those that are to stay: name the axes.",
    verdict="WT",
)
def squeezes_everything(a, ndim):
    if ndim < 0 or any(n != 1 for n in a.shape[ndim:]):
        raise ValueError("an axis has another length than 1")
    a = np.squeeze(a)
    return a.reshape(a.shape + (1,) * (ndim - a.ndim))


@trap("Multiplying lengths together folds axes into one; an axis whose length is not 1 must be refused.")
def folds_the_rest(a, ndim):
    if ndim < 0:
        raise ValueError("no negative number of axes")
    if ndim >= a.ndim:
        return a.reshape(a.shape + (1,) * (ndim - a.ndim))
    shape = a.shape[:ndim]
    rest = int(np.prod(a.shape[ndim:]))
    return a.reshape((*shape[:-1], shape[-1] * rest)) if shape else a.reshape(())


@trap("Index 0 takes the first element of an axis of any length, and drops the others: check that the length is 1.")
def takes_the_first(a, ndim):
    if ndim < 0 or 0 in a.shape[ndim:]:
        raise ValueError("nothing to take")
    a = a[(slice(None),) * min(a.ndim, ndim) + (0,) * (a.ndim - ndim) + (...,)]
    return a.reshape(a.shape + (1,) * (ndim - a.ndim))


@trap("An integer for every axis gives a scalar, which is no array: add an ellipsis, or use reshape.", verdict="WT")
def becomes_a_scalar(a, ndim):
    if ndim < 0 or any(n != 1 for n in a.shape[ndim:]):
        raise ValueError("an axis has another length than 1")
    if ndim < a.ndim:
        return a[(slice(None),) * ndim + (0,) * (a.ndim - ndim)]
    return a.reshape(a.shape + (1,) * (ndim - a.ndim))


@trap("An axis of length 0 does not have length 1: taking it away would make elements, or lose the 0.")
def lets_zero_go(a, ndim):
    if ndim < 0 or any(n > 1 for n in a.shape[ndim:]):
        raise ValueError("an axis has another length than 1")
    if a.size == 0:
        return np.zeros(a.shape[:ndim] + (1,) * (ndim - a.ndim), dtype=a.dtype)
    return a.reshape(a.shape[:ndim] + (1,) * (ndim - a.ndim))


@trap("A negative number counts from the end in a slice: a.shape[:-1] is all axes but the last, not an error.")
def slices_with_negatives(a, ndim):
    if any(n != 1 for n in a.shape[ndim:]):
        raise ValueError("an axis has another length than 1")
    return a.reshape(a.shape[:ndim] + (1,) * (ndim - a.ndim))


@trap("Assigning to a.shape changes the caller's array: reshape gives another header.", verdict="IM")
def assigns_the_shape(a, ndim):
    if ndim < 0 or any(n != 1 for n in a.shape[ndim:]):
        raise ValueError("an axis has another length than 1")
    a.shape = a.shape[:ndim] + (1,) * (ndim - a.ndim)
    return a


def shape_text(lengths):
    return f"({', '.join(map(str, lengths))}{',' if len(lengths) == 1 else ''})"


@drill("What is the shape, or which error is raised?")
def expanding(rng, hardness):
    ndim = 1 if hardness < 0.3 else 2
    shape = [int(n) for n in rng.integers(2, 8, ndim)]
    many = "" if ndim == 1 else "es"
    forms = [
        ("np.expand_dims(x, 0)", "The new axis has number 0 in the result."),
        ("np.expand_dims(x, -1)", "The new axis is the last one of the result."),
        ("np.expand_dims(x, 1)", "The new axis has number 1 in the result."),
        ("x[None]", "None puts an axis of length 1 where it stands: here in front."),
        ("x[..., None]", "The ellipsis stands for all axes, so the new one comes last."),
        (f"np.expand_dims(x, {ndim})", f"The result has {ndim + 1} axes, so {ndim} is its last one."),
        (f"np.expand_dims(x, {ndim + 1})", f"The result has {ndim + 1} axes, numbered 0 to {ndim}."),
        ("np.expand_dims(x, (0, -1))", "Numbers are those of the result: its first and its last axis are new."),
        ("np.expand_dims(x, (0, 1))", "Numbers are those of the result: its first two axes are new."),
        ("np.expand_dims(x, (1, 1))", "An axis may be named once only."),
        (f"np.expand_dims(x, {-ndim - 1})", f"Counted back from the end of {ndim + 1} axes, this is the first one."),
        (f"np.expand_dims(x, ({ndim + 1}, 0))", f"The result has {ndim + 2} axes: the first and the last are new."),
        ("x[None, :, None]", f"None stands before the first axis and after it; x has {ndim} ax{many or 'is'}."),
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
        ("x.squeeze()", "Without an axis, every axis of length 1 goes."),
        (f"x.squeeze(axis={one})", f"Axis {one} has length 1 and goes; the others stay."),
        ("np.squeeze(x)", "Without an axis, every axis of length 1 goes."),
        (f"x.squeeze(axis={other})", f"Axis {other} has length {shape[other]}: only axes of length 1 may go."),
        (f"x.squeeze(axis={one - len(shape)})", f"Counted from the end this is axis {one}, which has length 1."),
        (f"x.squeeze(axis={last + 1})", f"The axes have numbers 0 to {last}: axis {last + 1} does not exist."),
        ("x[:, :1].squeeze()", "A slice of length 1 leaves an axis of length 1, and squeeze removes all of those."),
        ("x[:, 0].squeeze()", "The integer has removed axis 1 already; squeeze removes what else has length 1."),
        (f"x.squeeze(axis=({one}, {other}))", f"Axis {other} has length {shape[other]}, so nothing is removed."),
        ("x.squeeze(axis=())", "No axis is named, so none goes."),
        (
            f"x.sum(axis={other}, keepdims=True).squeeze()",
            "The sum leaves its axis with length 1, and squeeze removes every such axis.",
        ),
        ("x[..., :0].squeeze()", "An axis of length 0 is not of length 1, so it stays."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 4 + round(8 * hardness)))]
    return predict(f"x = np.zeros({shape_text(shape)})\n{text}.shape", why=why)


@drill("What is the shape of the product, or which error is raised?")
def scaling_a_film(rng, hardness):
    frames, rows, columns = (int(n) for n in rng.choice(np.arange(2, 9), 3, replace=False))
    if hardness > 0.6 and rng.random() < 0.4:
        columns = frames
    fits = frames == columns
    forms = [
        ("gains[:, None, None]", "Lined up at the right, frames meet frames, and both 1s give way."),
        ("gains", "gains meets the columns: " + (f"both are {columns}." if fits else f"{frames} against {columns}.")),
        ("gains[None, None]", "In front axes change nothing: gains still meets the columns."),
        ("gains[:, None]", f"gains meets the rows: {frames} against {rows}."),
        ("np.expand_dims(gains, (1, 2))", "Lined up at the right, frames meet frames, and both 1s give way."),
        ("gains[..., None, None, None]", f"Four axes: {frames} in front, and 1 where the frames are."),
        ("gains.reshape(-1, 1, 1)", "Lined up at the right, frames meet frames, and both 1s give way."),
        ("np.atleast_3d(gains)", f"atleast_3d makes (1, {frames}, 1) of a row: it meets the rows, {rows}."),
        ("np.array(gains, ndmin=3)", f"ndmin adds axes in front: (1, 1, {frames}) meets the columns, {columns}."),
    ]
    text, why = forms[int(rng.integers(round(2 * hardness), 4 + round(5 * hardness)))]
    head = f"film = np.zeros(({frames}, {rows}, {columns}))\ngains = np.ones({frames})"
    return predict(f"{head}\n(film * {text}).shape", why=why)


@drill("What is the shape?")
def at_least_so_many(rng, hardness):
    n, m, k = (int(n) for n in rng.integers(2, 9, 3))
    forms = [
        (f"np.atleast_1d(np.zeros({n}))", "It has one axis already."),
        (f"np.atleast_2d(np.zeros({n}))", "One axis becomes a row: the new axis goes in front."),
        (f"np.atleast_1d({n}.0)", "A scalar becomes an array of one element."),
        (f"np.atleast_2d(np.zeros(({n}, {m})))", "It has two axes already."),
        (f"np.array(np.zeros({n}), ndmin=2)", "ndmin puts axes in front."),
        (f"np.atleast_2d({n}.0)", "A scalar becomes a table of one element."),
        (f"np.atleast_3d(np.zeros({n}))", "atleast_3d puts one new axis on either side of a row."),
        (
            f"np.atleast_3d(np.zeros(({n}, {m})))",
            "Of a table, atleast_3d makes a stack of depth 1: the new axis is last.",
        ),
        (f"np.array(np.zeros(({n}, {m})), ndmin=3)", "ndmin puts axes in front, atleast_3d would put it last."),
        (f"np.atleast_2d(np.zeros(({n}, {m}, {k})))", "It has more than two axes: that is at least two."),
        (f"np.zeros({n})[None, :, None].squeeze()[:, None]", "squeeze undoes both, and one new axis comes behind."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 4 + round(7 * hardness)))]
    return predict(f"{text}.shape", why=why)


@drill("Does this print True or False?")
def same_memory(rng, hardness):
    n, m = (int(k) for k in rng.integers(2, 9, 2))
    forms = [
        ("np.shares_memory(x, np.expand_dims(x, 0))", "A new axis of length 1 needs no new memory."),
        ("np.shares_memory(x, x.squeeze())", "Dropping an axis of length 1 moves nothing."),
        ("np.shares_memory(x, x[:, None])", "None in an index is a basic index: a view."),
        ("np.shares_memory(x, np.array(x, ndmin=4))", "np.array copies, unless told otherwise."),
        ("np.shares_memory(x.T, x.T.squeeze())", "Dropping an axis of length 1 moves nothing, for any layout."),
        ("x.squeeze() is x", "x has an axis of length 1, so the result is another array: a view."),
        ("x[:, 0].squeeze() is x[:, 0]", "x[:, 0] makes a new array each time it is asked."),
        ("isinstance(x[:1, :, :1].squeeze(), np.ndarray)", "squeeze always returns an array, be it 0-d."),
        ("isinstance(x[0, 0, 0], np.ndarray)", "An integer for each axis gives a scalar."),
        ("isinstance(x[0, 0, 0, ...], np.ndarray)", "With an ellipsis, the result is a 0-d array."),
        ("np.shares_memory(x, x[0, 0, 0, ...])", "A 0-d array from a basic index is a view of one element."),
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
        Level("view", "Films are large: return a view, for any layout.", view_of("a")),
        Level(
            "any number",
            "Now ndim may be up to 1000: where NumPy has no arrays of so many axes, raise ValueError.",
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
        "Write the result's shape as a tuple: which part of it comes from a.shape, and how many 1s follow?",
        "Which of a's axes go, and what must each of their lengths be? squeeze checks that if you name them.",
        "What does a slice such as a.shape[:ndim] make of a negative ndim?",
        "Indexing with integers alone gives a scalar. Which ways of dropping an axis always give an array?",
    ],
    spoken=(
        "Broadcasting aligns shapes at the right, so to match the first axis I append axes of length 1 with None or "
        "np.expand_dims. To remove axes I call squeeze with the axis named. Without a name it removes every axis of "
        "length 1, which breaks for a batch of one. squeeze raises ValueError if the length is not 1, while indexing "
        "with 0 would silently drop elements. Both operations return views, because no element moves."
    ),
    explanation="""\
Broadcasting lines shapes up at the right and only ever adds axes in front. To match the first axis,
add axes of length 1 behind it.

>>> film, gains = np.ones((4, 2, 3)), np.arange(4)
>>> (film * gains[:, None, None]).shape
(4, 2, 3)

`None` in an index is `np.newaxis`. `np.expand_dims` says the same for an axis that is only known when the program runs,
or for a tuple of them; its numbers are those of the result.

>>> np.expand_dims(gains, (1, 2)).shape, np.expand_dims(gains, (0, -1)).shape
((4, 1, 1), (1, 4, 1))

`squeeze` goes the other way. Without an axis it removes every axis of length 1, so a batch that happens to hold one
image loses its batch axis: name the axis. Then a length other than 1 is a ValueError, where `x[0]` would take the first
element and drop the rest.

>>> np.zeros((1, 28, 1)).squeeze().shape, np.zeros((1, 28, 1)).squeeze(-1).shape
((28,), (1, 28))

All of this costs nothing: an axis of length 1 is never stepped along, so any stride serves and the result is a view.

`atleast_2d` and `ndmin` add axes in front; `atleast_3d` puts one on either side of a row: (4,) becomes (1, 4, 1).

NumPy 2 allows 64 axes, NumPy 1 allowed 32. An axis number that does not exist is `np.exceptions.AxisError`, no longer
`np.AxisError`.
""",
    points=[
        "Broadcasting lines up at the right, so axes to match on the left need 1s behind them.",
        "None in an index, expand_dims and reshape all add an axis of length 1; expand_dims numbers the result's axes.",
        "squeeze without an axis removes every axis of length 1, which breaks for a batch of one: name the axis.",
        "squeeze of an axis whose length is not 1 is a ValueError; indexing with 0 would drop elements silently.",
        "expand_dims and squeeze give views: an axis of length 1 is never stepped along.",
        "squeeze gives a 0-d array at the least; indexing with integers alone gives a scalar.",
    ],
    follow_ups={
        "When is keepdims=True better?": "Where the axis comes from a reduction: it is left with length 1, so it never "
        "needs to be put back.",
        "What does x[:, None] cost in a product?": "Nothing itself, but (n, 1) times (m,) has n m elements.",
        "How would you line up at axis k?": "Add ones behind as well as in front: "
        "a.reshape((1,) * k + a.shape + (1,) * (ndim - k - a.ndim)).",
    },
    related=["broadcast-shapes", "fix-broadcast-error", "reductions-keepdims", "move-axes"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.expand_dims.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.squeeze.html",
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
    ],
)
