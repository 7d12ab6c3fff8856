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
    """Return an array in which each row is a window of `w` adjacent elements of `x`.

    A vibration sensor delivers its samples as one long array. Each window starts one sample after the one before it.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or int32
        The samples, ``n >= 1``. May be strided, reversed or read-only.
    w : int
        The window length in samples.

    Returns
    -------
    ndarray, shape (n - w + 1, w), same dtype as `x`
        Row i contains ``x[i], ..., x[i + w - 1]``. On level 2 and above, the result is a read-only view of `x`.

    Raises
    ------
    ValueError
        If ``w < 1`` or ``w > n``.

    Examples
    --------
    >>> sliding_window(np.array([1.0, 2.0, 3.0]), 2)
    array([[1., 2.],
           [2., 3.]])
    """
    if not 1 <= w <= x.size:
        raise ValueError(f"w must be between 1 and {x.size}, got {w}")
    return sliding_window_view(x, w)


@works()
def strided(x, w):
    """The same with as_strided: one stride serves both axes."""
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    step = x.strides[0]
    return as_strided(x, (x.size - w + 1, w), (step, step), writeable=False)


@works(fails="view")
def gathered(x, w):
    """Copies every element up to w times."""
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return x[np.arange(x.size - w + 1)[:, None] + np.arange(w)]


@trap("Strides are the bytes between neighbors, which equal the item size only if x is contiguous. Use x.strides[0].")
def assumes_contiguous(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return as_strided(x, (x.size - w + 1, w), (x.itemsize, x.itemsize), writeable=False)


@trap(
    "The number of windows is n - w + 1: the last one starts at n - w, but range(n - w) stops before it.", verdict="WT"
)
def one_short(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return np.array([x[i : i + w] for i in range(x.size - w)], dtype=x.dtype).reshape(-1, w)


@trap("Reshaping cuts the samples into blocks that do not overlap. A window starts at every sample.", verdict="WT")
def blocks(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return x[: x.size // w * w].reshape(-1, w)


@trap("as_strided checks nothing: if w is too large, it reads foreign memory instead of raising.")
def unchecked(x, w):
    step = x.strides[0]
    return as_strided(x, (max(x.size - w + 1, 0), max(w, 0)), (step, step), writeable=False)


@trap("A window of length n is allowed: it is the only window then.", verdict="RE")
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
        why=f"A step of {sign}{step} moves {sign}{step} elements of {size} bytes, and both axes move by one sample.",
    )


@drill("What is the shape of this array?")
def shape_of_windows(rng, hardness):
    rows, columns = (int(k) for k in rng.integers(4, 12, 2))
    w = int(rng.integers(2, 5))
    if hardness < 0.5:
        return predict(
            f"np.lib.stride_tricks.sliding_window_view(np.zeros({rows + 10}), {w}).shape",
            why=f"n - w + 1 windows: {rows + 10} - {w} + 1, and each contains w samples.",
        )
    axis = int(rng.integers(0, 2))
    return predict(
        f"np.lib.stride_tricks.sliding_window_view(np.zeros(({rows}, {columns})), {w}, axis={axis}).shape",
        why="The sliding axis keeps its place and shrinks by w - 1; the window becomes a new last axis.",
    )


@drill("Does this print True or False?")
def memory_of_windows(rng, hardness):
    n, w = int(rng.integers(8, 30)), int(rng.integers(2, 6))
    tail, why = [
        ("v", "The windows are a view: only shape and strides are new."),
        ("v[:, ::-1]", "A reversed slice negates a stride and copies nothing."),
        ("v.reshape(-1)", "Strides cannot describe overlapping windows in a single row, so reshape has to copy."),
        ("v + 0", "Arithmetic writes its result to new memory."),
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
        else "Windows overlap, so sliding_window_view returns a read-only view by default: ValueError.",
    )


def show_bytes():
    x = np.zeros(1_000_000)
    view = sliding_window_view(x, 100)
    print(f"x has                          {x.nbytes:>13,} bytes")
    print(f"its windows of 100 would have  {view.nbytes:>13,} bytes if they were copied")
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
        Level("view", "The result is a read-only view of x.", view_of("x", writeable=False)),
        Level(
            "at scale",
            "For a million samples and a window of 1,000, allocates less than 16 KiB.",
            peak_memory(lambda rng: {"x": rng.standard_normal(1_000_000), "w": 1000}, extra=16 << 10),
        ),
    ],
    hints=[
        "How many bytes apart are x[0] and x[1]? And the first samples of two adjacent rows?",
        "Both axes of the result move through the same memory, one sample at a time.",
        "numpy.lib.stride_tricks has a function with the checks that as_strided lacks.",
    ],
    spoken="""\
I'd use `sliding_window_view` from `numpy.lib.stride_tricks`, which returns a read-only view of shape (n - w + 1, w).
It copies nothing, because moving to the next row and moving to the next column both mean one sample further, so both
strides equal `x.strides[0]`. The result is read-only since windows overlap and one write would show in several rows.
I check that w is between 1 and n. The view is free, but reducing it still costs n times w.
""",
    explanation="""\
An array is a block of memory, a shape, a dtype and one stride per axis: the number of bytes to the next element along
it. Two elements may have the same address. Sliding windows use this: moving to the next row means one sample further,
and so does moving to the next column, so both strides are `x.strides[0]`.

>>> x = np.arange(6, dtype=np.int16)
>>> v = np.lib.stride_tricks.sliding_window_view(x, 3)
>>> v.shape, v.strides
((4, 3), (2, 2))

*Take the stride from `x`*, never from its item size: for `x[::2]` it is twice that, for `x[::-1]` negative.

>>> np.lib.stride_tricks.sliding_window_view(x[::-2], 2).strides
(-4, -4)

`as_strided` creates such a view from any shape and strides without checking them: one row too many, and it reads
foreign memory. `sliding_window_view` (since NumPy 1.20) computes both, and returns a read-only view because writing to
one window changes its neighbors.

*The view is free, but using it may not be.* A sum over the rows reads every window, O(n w); a running sum is O(n). A
`reshape` of the view must copy, because strides cannot describe that order: 8 MB of samples with a window of 100 become
800 MB.
""",
    points=[
        "An array is memory plus shape, dtype and strides; two elements may share an address.",
        "Both strides of the windows equal x.strides[0]; the result has shape (n - w + 1, w).",
        "Strides are in bytes and come from x, which may be strided, reversed, or of any item size.",
        "as_strided checks no bounds; sliding_window_view does.",
        "The view is read-only because windows overlap: one write would appear in several rows.",
        "The view costs nothing, but reducing it is O(n w), and reshape or arithmetic copies.",
    ],
    follow_ups={
        "How would you sum each window in O(n)?": "With a cumulative sum: `c[w:] - c[:-w]`. Check the rounding errors.",
        "How do you get windows of an image?": "sliding_window_view(img, (h, w)) returns four axes, still without a "
        "copy.",
        "When is as_strided still needed?": "For steps between windows that slicing cannot give, or for "
        "other overlaps.",
    },
    related=["moving-average", "rolling-statistics", "debug-strides", "conv2d-strides"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.sliding_window_view.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.as_strided.html",
    ],
    live=show_bytes,
)
