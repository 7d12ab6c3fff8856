"""Move the batch axis to the end."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    axis_of,
    case,
    drill,
    made,
    predict,
    raises,
    right_on,
    trap,
    view_of,
    works,
)


def batch_last(x, axis):
    """Return `x` with one axis moved to the end and all other axes in their original order.

    Recordings have axes such as (trial, channel, sample) or (channel, trial, sample). Code that processes all trials
    as one batch often requires the batch axis last.

    Parameters
    ----------
    x : ndarray, one to four axes, float64 or int16
        The recording. Every axis has a length ``>= 1``. May be strided, reversed, broadcast or read-only, and may
        contain NaN.
    axis : int
        The axis to move, between ``-x.ndim`` and ``x.ndim - 1`` inclusive. A negative axis counts from the end. On
        level 3 also a tuple of different axes, which may be empty. These axes become the last axes of the result, in
        the order of the tuple.

    Returns
    -------
    ndarray, same dtype as `x`
        `x` with that axis last. For shape (a, b, c, d) and ``axis=1``, the result has shape (a, c, d, b). From level 2
        on, the result is a view of `x`.

    Raises
    ------
    ValueError
        If `x` does not have such an axis. On level 3, also if the tuple contains the same axis twice.
        ``numpy.exceptions.AxisError`` is a subclass of ValueError.

    Examples
    --------
    >>> x = np.zeros((20, 8, 500))
    >>> batch_last(x, 0).shape, batch_last(x, -2).shape
    ((8, 500, 20), (20, 500, 8))
    """
    axes = axis if isinstance(axis, tuple) else (axis,)
    wanted = [k + x.ndim if k < 0 else k for k in axes]
    others = [k for k in range(x.ndim) if k not in wanted]
    return x.transpose(others + wanted)


# ------------------------------------------------------------------------------------------------------- right answers


@works()
def by_moveaxis(x, axis):
    """Calls np.moveaxis. The destinations of several axes are the last positions, up to -1."""
    axes = axis if isinstance(axis, tuple) else (axis,)
    return np.moveaxis(x, axes, range(-len(axes), 0))


@works(fails="several axes")
def by_rollaxis(x, axis):
    """Calls the older np.rollaxis, which inserts the axis before position `start`: x.ndim is the end."""
    return np.rollaxis(x, axis, x.ndim)


@works(fails="several axes")
def by_swaps(x, axis):
    """Exchanges the axis with the next one until it is the last."""
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"x has no axis {axis}")
    for k in range(axis % x.ndim, x.ndim - 1):
        x = x.swapaxes(k, k + 1)
    return x


@works(fails="view")
def by_stack(x, axis):
    """Copies x slice by slice into a new array whose last axis is the batch axis."""
    y = np.zeros_like(np.moveaxis(x, axis, -1), order="C")
    for k in range(y.shape[-1]):
        y[..., k] = x.take(k, axis=axis)
    return y


# --------------------------------------------------------------------------------------------------------------- traps


@trap("rollaxis(x, axis, -1) inserts the axis before the last one, not after it. moveaxis(x, axis, -1) makes it last.")
def rolls_to_minus_one(x, axis):
    return np.rollaxis(x, axis, -1)


@trap(
    "swapaxes exchanges two axes, so the last axis moves to the old position of the batch axis. The other axes must "
    "keep their order: use np.moveaxis."
)
def swaps(x, axis):
    return x.swapaxes(axis, -1)


@trap(
    "A negative axis is valid, but it never equals a number from range(x.ndim). Add x.ndim to it before you compare.",
    verdict="RE",
)
def compares_negative(x, axis):
    if not -x.ndim <= axis < x.ndim:
        raise ValueError("no such axis")
    return x.transpose([k for k in range(x.ndim) if k != axis] + [axis])


@trap(
    "axis % x.ndim turns invalid axes into valid ones: axis 3 of a 3-D array becomes axis 0. Check the range first, or "
    "use np.moveaxis, which raises AxisError."
)
def folds_all(x, axis):
    axis = axis % x.ndim
    return x.transpose([k for k in range(x.ndim) if k != axis] + [axis])


@trap(
    "reshape keeps the elements in C order and changes only the lengths of the axes, so it mixes trials, channels and "
    "samples. Use np.moveaxis or transpose."
)
def reshapes(x, axis):
    return x.reshape(np.moveaxis(x, axis, -1).shape)


@trap(
    "The first axis argument of np.moveaxis is the source. np.moveaxis(x, -1, axis) moves the last axis to the "
    "position of the batch axis instead."
)
def the_way_back(x, axis):
    return np.moveaxis(x, -1, axis)


@trap("np.roll shifts the elements along an axis and keeps the shape. np.moveaxis moves the axis itself.")
def rolls_elements(x, axis):
    return np.roll(x, -1, axis=axis)


# -------------------------------------------------------------------------------------------------------------- drills


def shaped(rng, ndim):
    return tuple(int(k) for k in rng.choice(np.arange(2, 10), ndim, replace=False))


@drill("What is the shape of this array?")
def moved(rng, hardness):
    shape = shaped(rng, 3 if hardness < 0.5 else 4)
    ndim = len(shape)
    source, target = (int(k) for k in rng.choice(ndim, 2, replace=False))
    if hardness > 0.3 and rng.random() < 0.6:
        source, target = source - ndim, target - ndim if rng.random() < hardness else target
    rest = [n for k, n in enumerate(shape) if k != source % ndim]
    return predict(
        f"x = np.zeros({shape})\nnp.moveaxis(x, {source}, {target}).shape",
        why=f"The axis of length {shape[source]} is removed, the axes of lengths {tuple(rest)} keep their order, and "
        f"it is inserted so that it is axis {target} of the result.",
    )


@drill("What is the shape of this array, or which error is raised?")
def rolled(rng, hardness):
    shape = shaped(rng, 3 if hardness < 0.5 else 4)
    ndim = len(shape)
    axis = int(rng.integers(1, ndim))
    if hardness < 0.3:
        return predict(
            f"x = np.zeros({shape})\nnp.rollaxis(x, {axis}).shape",
            why=f"By default, rollaxis inserts the axis before axis 0, so the length {shape[axis]} comes first.",
        )
    start = int(rng.integers(-1, ndim + 1 + (hardness > 0.8)))
    if start > ndim:
        why = f"start must be between {-ndim} and {ndim} inclusive: AxisError."
    elif start == ndim:
        why = f"start = {ndim} is the position after the last axis, so the length {shape[axis]} comes last."
    else:
        why = f"rollaxis inserts the axis of length {shape[axis]} before the axis of length {shape[start]}."
        if start % ndim in (axis, axis + 1):
            why = f"Inserting axis {axis} before axis {start} leaves it at its position, so nothing changes."
    return predict(f"x = np.zeros({shape})\nnp.rollaxis(x, {axis}, {start}).shape", why=why)


@drill("What is the shape of this array, or which error is raised?")
def several(rng, hardness):
    shape = shaped(rng, 3 if hardness < 0.3 else 4)
    ndim = len(shape)
    a, b = (int(k) for k in rng.choice(ndim, 2, replace=False))
    rest = [n for k, n in enumerate(shape) if k not in (a, b)]
    forms = [
        (
            f"np.moveaxis(x, ({a}, {b}), (0, 1))",
            f"Axis {a} becomes axis 0 and axis {b} becomes axis 1. The lengths {rest} follow in their order.",
        ),
        (
            f"np.moveaxis(x, ({a}, {b}), (-1, -2))",
            f"Axis {a} becomes the last axis and axis {b} the one before it. The lengths {rest} come first.",
        ),
        (
            f"np.moveaxis(x, ({a}, {b}), (-2, -1))",
            f"Axis {a} becomes the second to last axis and axis {b} the last. The lengths {rest} come first.",
        ),
        (f"np.moveaxis(x, ({a}, {b}), ({b}, {a}))", f"The two axes exchange positions, as in swapaxes({a}, {b})."),
        (f"np.moveaxis(x, ({a}, {b}), (0,))", "Two sources require two destinations: ValueError."),
        (
            f"np.moveaxis(x, ({a}, {a - ndim}), (0, 1))",
            f"{a} and {a - ndim} are the same axis, and each source may occur only once: ValueError.",
        ),
        (f"np.moveaxis(x, ({a}, {b}), (1, 1))", "Each destination may occur only once: ValueError."),
        (f"np.moveaxis(x, {ndim}, 0)", f"The axis must be between {-ndim} and {ndim - 1} inclusive: AxisError."),
    ]
    code, why = forms[int(rng.integers(round(2 * hardness), 4 + round(4 * hardness)))]
    return predict(f"x = np.zeros({shape})\n{code}.shape", why=why)


@drill("Do these two have the same shape, True or False?")
def same_or_not(rng, hardness):
    shape = shaped(rng, 3 if hardness < 0.6 else 4)
    ndim = len(shape)
    last = ndim - 1
    a = int(rng.integers(last))
    one = f"np.moveaxis(x, {a}, -1)"
    forms = [
        (f"x.swapaxes({a}, -1)",
         "If two axes are neighbors, exchanging them is the same as moving one of them past the other."
         if a == last - 1 else
         f"swapaxes moves the last axis to position {a}. moveaxis keeps the order of all axes except axis {a}."),
        (f"np.rollaxis(x, {a}, -1)",
         f"rollaxis with start=-1 inserts axis {a} before the last axis. moveaxis with -1 makes it the last axis."),
        (f"np.rollaxis(x, {a}, {ndim})", f"start={ndim} is the position after the last axis: both make axis {a} last."),
        (f"np.moveaxis(x, {a - ndim}, {last})", f"{a - ndim} is axis {a}, and {last} is the last position."),
        (f"np.moveaxis(x, -1, {a})",
         "If two axes are neighbors, moving either of them past the other exchanges them."
         if a == last - 1 else
         f"This moves the last axis to position {a}, which is the opposite direction."),
        ("x.T", f"x.T reverses the order of all axes. moveaxis keeps the order of all axes except axis {a}."),
        (f"x.transpose({', '.join(str(k) for k in [*range(a), *range(a + 1, ndim), a])})",
         f"transpose lists all axes except axis {a} in their order, and then axis {a}."),
    ]  # fmt: skip
    code, why = forms[int(rng.integers(round(hardness), 4 + round(3 * hardness)))]
    return predict(f"x = np.zeros({shape})\n{one}.shape == {code}.shape", why=why)


@drill("What are the strides, in bytes?")
def strides(rng, hardness):
    dtype = str(rng.choice(["int8", "int16", "float32", "float64"]))
    shape = shaped(rng, 2 if hardness < 0.3 else 3)
    ndim = len(shape)
    old = np.zeros(shape, dtype=dtype).strides
    source, target = (int(k) for k in rng.choice(ndim, 2, replace=False))
    if hardness > 0.5:
        source -= ndim
    return predict(
        f"x = np.zeros({shape}, dtype={dtype!r})\nnp.moveaxis(x, {source}, {target}).strides",
        why=f"x has strides {old}. Each stride moves together with its axis: {old[source]} moves to position {target}.",
    )


# ------------------------------------------------------------------------------------------------------------ question


def some_axes(rng, variant, given):
    """Draw a tuple of axes of x. Variant "twice" repeats an axis, and "outside" contains an axis that x lacks."""
    ndim = given["x"].ndim
    count = min({"two": 2, "one": 1, "none": 0, "all": ndim, "twice": ndim, "outside": 1}[variant], ndim)
    axes = [int(k) for k in rng.permutation(ndim)[:count]]
    axes = [k - ndim if rng.random() < 0.4 else k for k in axes]
    if variant == "twice":
        axes[-1] = axes[0] - ndim if axes[0] >= 0 else axes[0] + ndim
        axes += [axes[0]] * (ndim == 1)
    if variant == "outside":
        axes[0] = ndim
    return tuple(axes)


def are_axes(axes):
    return isinstance(axes, tuple) and all(type(k) is int for k in axes)


def fewer(axes):
    for k in range(len(axes)):
        yield (*axes[:k], *axes[k + 1 :])


def show_costs():
    x = np.zeros((200, 64, 1000))

    def microseconds(act):
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            act()
            best = min(best, 1e6 * (time.perf_counter() - start))
        return best

    y = batch_last(x, 0)
    print(f"x    {x.shape}, strides {x.strides}, {x.nbytes:,} bytes")
    print(f"view {y.shape}, strides {y.strides}, shares memory: {np.shares_memory(x, y)}")
    print(f"moving the axis           {microseconds(lambda: batch_last(x, 0)):12,.1f} us")
    print(f"moving it and copying     {microseconds(lambda: batch_last(x, 0).copy()):12,.1f} us")
    print(f"rollaxis(x, 0, -1).shape  {np.rollaxis(x, 0, -1).shape}: not the last axis")


RECORDING = arrays(..., dtype=("float64", "int16"), holds=("nan",))
CUBE = np.arange(8.0).reshape(2, 2, 2)

QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="medium",
    topics=["Shape Manipulation"],
    companies=["Google", "Amazon", "Research"],
    asked=["T89"],
    entry_points=[
        Entry(
            batch_last,
            {"x": RECORDING, "axis": axis_of("x", outside=True)},
            where=lambda x, axis: x.ndim > 0 and x.size > 0,
            cases=[
                case(x=CUBE, axis=0),
                case(x=CUBE, axis=-3),
                case(x=CUBE, axis=1),
                case(x=CUBE, axis=2),
                case(x=np.arange(6.0).reshape(1, 2, 3), axis=0),
                raises(ValueError, x=CUBE, axis=3),
                raises(ValueError, x=CUBE, axis=-4),
                raises(ValueError, x=np.zeros(2), axis=1),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("view", "Returns a view of x.", view_of("x")),
        Level(
            "several axes",
            "Accepts a tuple of axes, and moves them to the end in the order of the tuple.",
            right_on(
                Entry(
                    batch_last,
                    {
                        "x": RECORDING,
                        "axis": made(
                            some_axes, "two", "one", "none", "all", "twice", "outside", valid=are_axes, plainer=fewer
                        ),
                    },
                    where=lambda x, axis: x.ndim > 0 and x.size > 0,
                    cases=[
                        case(x=CUBE, axis=(1, 0)),
                        case(x=CUBE, axis=(0, -2)),
                        case(x=CUBE, axis=()),
                        raises(ValueError, x=CUBE, axis=(1, 1)),
                        raises(ValueError, x=CUBE, axis=(1, -2)),
                        raises(ValueError, x=CUBE, axis=(0, 3)),
                    ],
                )
            ),
        ),
    ],
    hints=[
        "Write down the old axis numbers in their new order: all axes but one, and then that one.",
        "What does your list contain if axis is -1? What happens if x does not have that axis?",
        "NumPy has swapaxes, rollaxis and moveaxis. Which of them keeps the order of the other axes?",
        "For several axes: which positions do they have in the result, counted from the end?",
    ],
    spoken="""\
I use np.moveaxis(x, axis, -1), which moves one axis to the end, while the other axes keep their order. With swapaxes, I
would exchange two axes, which is the same only if they are neighbors. The older function rollaxis inserts the axis
before a given axis, so -1 is not the end. All of these return views with reordered strides, so nothing is copied. A
reshape would be wrong here: it keeps the elements in C order and mixes the trials, channels and samples.
""",
    explanation="""\
Moving an axis is a transpose: list all other axes in order, and then the axis that becomes the last one. NumPy only
reorders the shape and the strides. The elements stay in place, so the result is a view.

>>> x = np.zeros((20, 8, 500))
>>> np.moveaxis(x, 0, -1).shape, x.transpose(1, 2, 0).shape
((8, 500, 20), (8, 500, 20))

*moveaxis.* `np.moveaxis(x, source, destination)` names the position of the axis in the result. It also accepts
sequences of the same length, so one call can move several axes:

>>> np.moveaxis(x, (0, 1), (-2, -1)).shape
(500, 20, 8)

*rollaxis.* `np.rollaxis(x, axis, start)` is an older function. It inserts the axis before axis `start` of `x`. The
default is 0, and `start=-1` means before the last axis. Only `start=x.ndim` makes the axis the last one. The
documentation recommends `moveaxis` instead.

>>> np.rollaxis(x, 0, -1).shape, np.rollaxis(x, 0, 3).shape
((8, 20, 500), (8, 500, 20))

*swapaxes.* It exchanges two axes. That equals a move only if the axes are neighbors:

>>> x.swapaxes(0, -1).shape
(500, 8, 20)

*reshape.* `x.reshape(8, 500, 20)` has the right shape, but it keeps the elements in C order, so they end up at wrong
indices.

*Negative axes* count from the end. If you handle them yourself, check the range, then add `ndim`. `axis % ndim` would
accept every integer. For an invalid axis, NumPy raises AxisError, which is both a ValueError and an IndexError. In
NumPy 2 it is available only as `np.exceptions.AxisError`; `np.AxisError` was removed.

*Cost.* The move itself takes about the same time for any size. The last axis of the view is usually not contiguous, so
later operations along it may be slower. `np.ascontiguousarray` copies the view into C order if that matters.
""",
    points=[
        "Moving an axis reorders the shape and the strides. The result is a view, and nothing is copied.",
        "The destination of np.moveaxis is the position in the result. The other axes keep their order.",
        "np.rollaxis inserts the axis before axis `start`: -1 is before the last axis, and ndim is the end.",
        "swapaxes exchanges two axes, which equals a move only if they are neighbors.",
        "Negative axes: check the range, then add ndim. `axis % ndim` hides invalid axes.",
        "AxisError is a ValueError and an IndexError. NumPy 2 has it in np.exceptions.",
        "np.moveaxis accepts several sources and destinations in a single call.",
    ],
    follow_ups={
        "How do you undo the move?": "`np.moveaxis(y, -1, axis)`: exchange source and destination.",
        "Why should the axis that you process be the last one?": "In C order, the elements along the last axis are "
        "adjacent in memory. After np.moveaxis they usually are not, until you copy the view.",
        "How can you name the axes?": "`np.einsum('tcs->cst', x)` is a transpose, because no axis is summed. It "
        "returns a view.",
    },
    related=["transpose-axes", "expand-and-squeeze", "memory-layout", "apply-along-axis"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.moveaxis.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.rollaxis.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.exceptions.AxisError.html",
    ],
    live=show_costs,
)
