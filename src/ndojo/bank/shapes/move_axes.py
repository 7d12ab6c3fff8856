"""The batch goes last."""

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
    """Move the batch axis of a recording behind all others, which keep their order.

    Brain waves come as (trial, channel, sample), (channel, trial, sample) or otherwise, as each lab likes it. The
    filter ahead wants the trials last.

    Parameters
    ----------
    x : ndarray, one to four axes, float64 or int16
        The recording; every length >= 1. May be strided, reversed, broadcast or read-only, and may contain NaN.
    axis : int
        The axis that is to be last, from ``-x.ndim`` to ``x.ndim - 1``; a negative one counts from behind. On level 3
        also a tuple of such axes, all different and perhaps none: they become the last ones, in the tuple's order.

    Returns
    -------
    ndarray, dtype of `x`
        `x` with that axis last: for shape (a, b, c, d) and axis 1, the shape is (a, c, d, b). From level 2 on it is a
        view of `x`.

    Raises
    ------
    ValueError
        If `x` has no such axis, or, on level 3, if a tuple names an axis twice. ``numpy.exceptions.AxisError`` is a
        ValueError too.

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
    """NumPy's own word for it; several destinations count up to -1."""
    axes = axis if isinstance(axis, tuple) else (axis,)
    return np.moveaxis(x, axes, range(-len(axes), 0))


@works(fails="several axes")
def by_rollaxis(x, axis):
    """The older function takes the place before which the axis lands: x.ndim is behind all."""
    return np.rollaxis(x, axis, x.ndim)


@works(fails="several axes")
def by_swaps(x, axis):
    """Moves the axis back one place at a time."""
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"x has no axis {axis}")
    for k in range(axis % x.ndim, x.ndim - 1):
        x = x.swapaxes(k, k + 1)
    return x


@works(fails="view")
def by_stack(x, axis):
    """Cuts x along the axis and stacks the pieces on a new last one."""
    y = np.zeros_like(np.moveaxis(x, axis, -1), order="C")
    for k in range(y.shape[-1]):
        y[..., k] = x.take(k, axis=axis)
    return y


# --------------------------------------------------------------------------------------------------------------- traps


@trap("rollaxis(x, axis, -1) puts the axis before the last one, not behind it; moveaxis(x, axis, -1) makes it last.")
def rolls_to_minus_one(x, axis):
    return np.rollaxis(x, axis, -1)


@trap("swapaxes also brings the last axis to the front, where the batch was; the others must keep their order.")
def swaps(x, axis):
    return x.swapaxes(axis, -1)


@trap("A negative axis is never equal to an index from range: add x.ndim before comparing.", verdict="RE")
def compares_negative(x, axis):
    if not -x.ndim <= axis < x.ndim:
        raise ValueError("no such axis")
    return x.transpose([k for k in range(x.ndim) if k != axis] + [axis])


@trap("axis % x.ndim also folds axes that x does not have: axis 3 of a 3-D array is an error, not axis 0.")
def folds_all(x, axis):
    axis = axis % x.ndim
    return x.transpose([k for k in range(x.ndim) if k != axis] + [axis])


@trap("reshape to the wanted shape keeps the elements in memory order: trials, channels and samples get mixed.")
def reshapes(x, axis):
    return x.reshape(np.moveaxis(x, axis, -1).shape)


@trap("The source comes first: moveaxis(x, -1, axis) brings the last axis to the batch's place.")
def the_way_back(x, axis):
    return np.moveaxis(x, -1, axis)


@trap("np.roll moves elements round along an axis; rollaxis and moveaxis move the axis itself.")
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
        why=f"The axis of length {shape[source]} is taken out, {tuple(rest)} stay in order, and it is put back so that "
        f"it is axis {target} of the result.",
    )


@drill("What is the shape of this array, or which error is raised?")
def rolled(rng, hardness):
    shape = shaped(rng, 3 if hardness < 0.5 else 4)
    ndim = len(shape)
    axis = int(rng.integers(1, ndim))
    if hardness < 0.3:
        return predict(
            f"x = np.zeros({shape})\nnp.rollaxis(x, {axis}).shape",
            why=f"Unless told otherwise rollaxis brings the axis before axis 0: {shape[axis]} comes first.",
        )
    start = int(rng.integers(-1, ndim + 1 + (hardness > 0.8)))
    if start > ndim:
        why = f"start may be from {-ndim} to {ndim}."
    elif start == ndim:
        why = f"start = {ndim} means behind all axes: {shape[axis]} comes last."
    else:
        why = f"rollaxis puts the axis of length {shape[axis]} before axis {start}, the one of length {shape[start]}."
        if start % ndim in (axis, axis + 1):
            why = f"Axis {axis} is to land before axis {start}: it stands there already, so nothing moves."
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
            f"Axis {a} goes to place 0 and axis {b} to place 1; {rest} follow in order.",
        ),
        (
            f"np.moveaxis(x, ({a}, {b}), (-1, -2))",
            f"Axis {a} goes to the last place and axis {b} to the one before it; {rest} come first.",
        ),
        (
            f"np.moveaxis(x, ({a}, {b}), (-2, -1))",
            f"Axis {a} goes to the last place but one and axis {b} to the last; {rest} come first.",
        ),
        (f"np.moveaxis(x, ({a}, {b}), ({b}, {a}))", f"Both go to the other's place: the same as swapaxes({a}, {b})."),
        (f"np.moveaxis(x, ({a}, {b}), (0,))", "Each axis that is moved needs a different place: ValueError."),
        (f"np.moveaxis(x, ({a}, {a - ndim}), (0, 1))", f"{a} and {a - ndim} are the same axis: ValueError."),
        (f"np.moveaxis(x, ({a}, {b}), (1, 1))", "No two axes can go to one place: ValueError."),
        (f"np.moveaxis(x, {ndim}, 0)", f"Axes go from {-ndim} to {ndim - 1}."),
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
        (f"x.swapaxes({a}, -1)", "Exchanging two neighbors is moving one of them past the other." if a == last - 1
         else f"swapaxes brings the last axis to place {a}; moveaxis shifts those between one place down."),
        (f"np.rollaxis(x, {a}, -1)", "rollaxis with -1 stops before the last axis; moveaxis with -1 goes behind it."),
        (f"np.rollaxis(x, {a}, {ndim})", f"start = {ndim} is behind all axes: both put axis {a} last."),
        (f"np.moveaxis(x, {a - ndim}, {last})", f"{a - ndim} is axis {a}, and {last} is the last place."),
        (f"np.moveaxis(x, -1, {a})", "Two neighbors change places, no matter which one is moved." if a == last - 1
         else f"That moves the last axis to place {a}: the way back, another order of three axes or more."),
        ("x.T", "T reverses all axes."),
        (f"x.transpose({', '.join(str(k) for k in [*range(a), *range(a + 1, ndim), a])})",
         f"That lists all axes but {a} in order, and then {a}."),
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
        why=f"x has strides {old}; each stride goes where its axis goes, and {old[source]} goes to place {target}.",
    )


# ------------------------------------------------------------------------------------------------------------ question


def some_axes(rng, variant, given):
    """A tuple of axes of x, some counted from behind; one variant names an axis twice, another one too many."""
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
    for place in range(len(axes)):
        yield (*axes[:place], *axes[place + 1 :])


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
    print(f"moving it, then a copy    {microseconds(lambda: batch_last(x, 0).copy()):12,.1f} us")
    print(f"rollaxis(x, 0, -1).shape  {np.rollaxis(x, 0, -1).shape}: one place short")


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
        Level("view", "Recordings are large: return a view.", view_of("x")),
        Level(
            "several axes",
            "Trials and sessions are both batches: take a tuple of axes, and put them last in its order.",
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
        "Write down the old axes in their new order: all but one, and then that one.",
        "What does your list do with axis -1? And with an axis that x does not have?",
        "NumPy has swapaxes, rollaxis and moveaxis. Which of them keeps the order of the others and counts as you do?",
        "For several axes, let the destinations count up to -1.",
    ],
    spoken=(
        "np.moveaxis(x, axis, -1) takes one axis out and inserts it at the end. The other axes keep their order. "
        "swapaxes would exchange two axes, which is the same only if they are next to each other. rollaxis is an "
        "older function whose end position is counted differently. All of these return views with reordered strides. "
        "Reshape is wrong here because it keeps the elements in memory order and mixes the trials, channels and "
        "samples."
    ),
    explanation="""\
Moving an axis is a transpose: list all other axes in order, then the one that goes last. Shape and strides are
reordered, the memory stays, the result is a view.

>>> x = np.zeros((20, 8, 500))
>>> np.moveaxis(x, 0, -1).shape, x.transpose(1, 2, 0).shape
((8, 500, 20), (8, 500, 20))

`moveaxis(x, source, destination)` says where the axis shall be afterwards. `rollaxis(x, axis, start)`, from NumPy's
early days, says before which axis of `x` it lands: by default the first, and `start=-1` means before the last. Only
`start=x.ndim` makes it last. The documentation keeps `rollaxis` for old code only.

>>> np.rollaxis(x, 0, -1).shape, np.rollaxis(x, 0, 3).shape
((8, 20, 500), (8, 500, 20))

`swapaxes` exchanges two axes. That equals a move only between neighbors:

>>> x.swapaxes(0, -1).shape
(500, 8, 20)

Negative axes count from behind. Add `ndim` to them before comparing, and check the range first: `axis % ndim` would
accept every number. NumPy raises AxisError, which is a ValueError and an IndexError; in NumPy 2 it lives in
`np.exceptions`, no longer in `np`.

`moveaxis` takes sequences too, one destination a source, so axes keep the order that you give:

>>> np.moveaxis(x, (0, 1), (-2, -1)).shape
(500, 20, 8)
""",
    points=[
        "Moving an axis reorders shape and strides: a view, nothing is copied.",
        "moveaxis names the axis's place in the result; the others keep their order.",
        "rollaxis names the axis before which it lands: -1 is before the last, ndim is behind all.",
        "swapaxes exchanges two axes, the same only for neighbors.",
        "Negative axes: add ndim; refuse what lies outside instead of folding it with %.",
        "AxisError is a ValueError and an IndexError; NumPy 2 has it in np.exceptions.",
        "moveaxis takes several sources and destinations in a single call.",
    ],
    follow_ups={
        "How do you undo it?": "np.moveaxis(y, -1, axis): source and destination change places.",
        "Why do filters want their axis last?": "In C order the last axis is contiguous. After a move it is not, until "
        "somebody copies.",
        "How do you write it for named axes?": "np.einsum('tcs->cst', x): an einsum without a sum is a transpose.",
    },
    related=["transpose-axes", "expand-and-squeeze", "memory-layout", "apply-along-axis"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.moveaxis.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.rollaxis.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.exceptions.AxisError.html",
    ],
    live=show_costs,
)
