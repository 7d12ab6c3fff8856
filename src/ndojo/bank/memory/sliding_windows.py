"""Sliding windows without copying."""

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    integers,
    peak_memory,
    predict,
    raises,
    trap,
    view_of,
    works,
)


def sliding_window(x, w):
    """Lay every window of `w` neighbouring samples out as a row, without copying.

    A vibration sensor delivers its samples as one long array. Each row of the result is one window of it, and the
    next row starts one sample later.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or int32
        Samples, n >= 1. May be strided, reversed or read-only.
    w : int
        Window length in samples.

    Returns
    -------
    ndarray, shape (n - w + 1, w), dtype of `x`
        Row i holds ``x[i], ..., x[i + w - 1]``. On level 2 it is read-only and shares its memory with `x`.

    Raises
    ------
    ValueError
        If `w` is below 1 or above n.

    Examples
    --------
    >>> sliding_window(np.array([1.0, 2.0, 3.0]), 2)
    array([[1., 2.],
           [2., 3.]])
    """
    if not 1 <= w <= x.size:
        raise ValueError(f"w must be from 1 to {x.size}, got {w}")
    return sliding_window_view(x, w)


@works()
def strided(x, w):
    """The same by hand: one stride serves both axes."""
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    step = x.strides[0]
    return as_strided(x, (x.size - w + 1, w), (step, step), writeable=False)


@works(fails="view")
def gathered(x, w):
    """Copies every sample up to w times."""
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return x[np.arange(x.size - w + 1)[:, None] + np.arange(w)]


@trap("Strides count bytes between neighbours; that equals the item size only where x is contiguous.")
def assumes_contiguous(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return as_strided(x, (x.size - w + 1, w), (x.itemsize, x.itemsize), writeable=False)


@trap("There are n - w + 1 windows: the last one starts at n - w, and range(n - w) stops before it.", verdict="WT")
def one_short(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return np.array([x[i : i + w] for i in range(x.size - w)], dtype=x.dtype).reshape(-1, w)


@trap("Reshaping cuts the samples into blocks that do not overlap; windows start at every sample.", verdict="WT")
def blocks(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return x[: x.size // w * w].reshape(-1, w)


@trap("as_strided checks nothing: too large a w reads memory that is not yours instead of raising.")
def unchecked(x, w):
    step = x.strides[0]
    return as_strided(x, (max(x.size - w + 1, 0), max(w, 0)), (step, step), writeable=False)


@trap("A window of length n is allowed: it is the one window that there is.", verdict="RE")
def refuses_whole(x, w):
    if not 1 <= w < x.size:
        raise ValueError("w is out of range")
    return sliding_window_view(x, w)


@drill("What are the strides, in bytes, of this array?")
def strides_of_windows(rng, hardness):
    dtype = str(rng.choice(["int8", "int16", "float32", "float64"]))
    step = int(rng.integers(1, 2 + round(3 * hardness)))
    sign = "-" if hardness > 0.6 and rng.random() < 0.5 else ""
    n, w = int(rng.integers(20, 60)), int(rng.integers(2, 6))
    size = np.dtype(dtype).itemsize
    return predict(
        f"""
        x = np.arange({n}, dtype={dtype!r})[::{sign}{step}]
        np.lib.stride_tricks.sliding_window_view(x, {w}).strides
        """,
        why=f"A step of {sign}{step} jumps {sign}{step} items of {size} bytes, and both axes move by one sample.",
    )


@drill("What is the shape of this array?")
def shape_of_windows(rng, hardness):
    rows, columns = (int(k) for k in rng.integers(4, 12, 2))
    w = int(rng.integers(2, 5))
    if hardness < 0.5:
        return predict(
            f"np.lib.stride_tricks.sliding_window_view(np.zeros({rows + 10}), {w}).shape",
            why=f"n - w + 1 windows: {rows + 10} - {w} + 1, and each holds w samples.",
        )
    axis = int(rng.integers(0, 2))
    return predict(
        f"np.lib.stride_tricks.sliding_window_view(np.zeros(({rows}, {columns})), {w}, axis={axis}).shape",
        why="The axis that is slid along keeps its place and shrinks by w - 1; the window becomes a new last axis.",
    )


@drill("Does this print True or False?")
def memory_of_windows(rng, hardness):
    n, w = int(rng.integers(8, 30)), int(rng.integers(2, 6))
    tail, why = [
        ("v", "The windows are a view: they only describe the samples anew."),
        ("v[:, ::-1]", "Reversing by a slice negates a stride and copies nothing."),
        ("v.reshape(-1)", "No strides lay overlapping windows out in one row, so reshape has to copy."),
        ("v + 0", "Arithmetic writes its result into new memory."),
    ][int(rng.integers(0, 2 + round(2 * hardness)))]
    return predict(
        f"""
        x = np.zeros({n})
        v = np.lib.stride_tricks.sliding_window_view(x, {w})
        np.shares_memory(x, {tail})
        """,
        why=why,
    )


@drill("What is the value, or which error is raised?")
def writing_into_windows(rng, hardness):
    n, w = int(rng.integers(5, 12)), int(rng.integers(2, 5))
    writeable = bool(rng.random() < 0.3 + 0.4 * hardness)
    option = ", writeable=True" if writeable else ""
    return predict(
        f"""
        x = np.zeros({n})
        v = np.lib.stride_tricks.sliding_window_view(x, {w}{option})
        v[0, 1] = 7
        float(v[1, 0])
        """,
        why="v[0, 1] and v[1, 0] are the same sample, x[1]."
        if writeable
        else "Windows overlap, so sliding_window_view hands them out read-only unless asked otherwise.",
    )


def show_bytes():
    x = np.zeros(1_000_000)
    view = sliding_window_view(x, 100)
    print(f"x holds                        {x.nbytes:>13,} bytes")
    print(f"its windows of 100 would take  {view.nbytes:>13,} bytes if they were copied")
    print(f"the view adds none: strides {view.strides}, shares memory: {np.shares_memory(x, view)}")


QUESTION = Question(
    kinds=["code"],
    difficulty="hard",
    topics=["Memory", "Internals", "Strides"],
    companies=["Google", "Amazon", "HFT Firms"],
    asked=["T55", "T103", "X2"],
    entry_points=[
        Entry(
            sliding_window,
            {
                "x": arrays("n", dtype=("float64", "int32"), holds=("nan", "inf")),
                "w": integers(1, "n", outside=True),
            },
            dims={"n": (1, 40)},
            cases=[
                case(x=np.arange(10.0)[::-3], w=2),
                raises(ValueError, x=np.ones(3), w=0),
                raises(ValueError, x=np.ones(3), w=4),
                raises(ValueError, x=np.ones(3), w=-1),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("view", "Now without copying a sample: a read-only view of x.", view_of("x", writeable=False)),
        Level(
            "at scale",
            "Ten million samples and a window of a thousand must cost no memory.",
            peak_memory(lambda rng: {"x": rng.standard_normal(1_000_000), "w": 1000}, extra=16 << 10),
        ),
    ],
    hints=[
        "How many bytes lie between x[0] and x[1]? And between the first samples of two neighbouring rows?",
        "Both axes of the result step through the same memory, one sample at a time.",
        "numpy.lib.stride_tricks has a function that checks what as_strided does not.",
    ],
    explanation="""\
An array is a block of memory, a shape, a dtype and one stride an axis: the bytes to step to reach the next element
along it. Nothing says that two elements need different addresses. Sliding windows use that: going to the next row
moves one sample on, going to the next column moves one sample on, so both strides are `x.strides[0]`.

>>> x = np.arange(6, dtype=np.int16)
>>> v = np.lib.stride_tricks.sliding_window_view(x, 3)
>>> v.shape, v.strides
((4, 3), (2, 2))

Take the stride from `x`, never from its item size: for `x[::2]` it is twice that, for `x[::-1]` negative.

>>> np.lib.stride_tricks.sliding_window_view(x[::-2], 2).strides
(-4, -4)

`as_strided` builds such a view from any shape and strides and checks neither: one row too many and it reads foreign
memory.
`sliding_window_view` (NumPy 1.20) computes both and returns a read-only view, because writing to one window changes its
neighbours.

The view is free, what you do with it need not be. A sum over the rows still reads every window, O(n w); a running sum
is O(n). And `reshape` of the view must copy, since no strides describe that order: 8 MB of samples with a window of 100
become 800 MB.
""",
    points=[
        "An array is memory plus shape, dtype and strides; two elements may share an address.",
        "Both strides of the windows equal x.strides[0]; the result has shape (n - w + 1, w).",
        "Strides are in bytes and come from x: it may be strided, reversed, or of any item size.",
        "as_strided checks no bounds; sliding_window_view does.",
        "The view is read-only because windows overlap: one write would show in several rows.",
        "The view costs nothing, but reducing it is O(n w), and reshape or arithmetic copies.",
    ],
    follow_ups={
        "How would you sum each window in O(n)?": "With a cumulative sum: c[w:] - c[:-w], minding rounding drift.",
        "And windows of an image?": "sliding_window_view(img, (h, w)) gives four axes, still without a copy.",
        "When is as_strided still needed?": "For steps between windows that slicing cannot give, or other overlaps.",
    },
    related=["moving-average", "rolling-statistics", "debug-strides", "conv2d-strides"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.sliding_window_view.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.as_strided.html",
    ],
    live=show_bytes,
)
