"""Fix a sliding window made with as_strided."""

import time

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    faster_than,
    matches,
    needs,
    peak_memory,
    predict,
    right_on,
    trap,
    works,
)


def broken(x):
    """The code that the learner starts from."""
    windows = np.lib.stride_tricks.as_strided(x, shape=(x.size, 4), strides=(x.itemsize, x.itemsize))
    means = windows.mean(axis=1)
    rows = np.lib.stride_tricks.sliding_window_view(x, 4, writeable=True)
    for row, mean in zip(rows, means[:-3], strict=True):
        row -= mean
    return rows


def repair(x):
    """Return every window of four adjacent elements, minus the mean of the window.

    The code below is broken; fix it or rewrite it. It passed its only test, a recording of four heartbeats. In use it
    returned meaningless numbers, changed arrays that other code was still reading, and crashed. It contains more than
    one error.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or int16
        Milliseconds between heartbeats, ``n >= 0``; n may be less than 4. May be strided, reversed, broadcast or
        read-only, and must stay unchanged. Floats may be NaN. On level 4, `x` may have any number of leading axes,
        shape (..., n).

    Returns
    -------
    ndarray, shape (n - 3, 4), float64
        Row i contains ``x[i], ..., x[i + 3]``, each minus the mean of these four. If a window contains NaN, its whole
        row is NaN; rows whose window contains no NaN must be unaffected. The shape is (0, 4) if n is less than 4. On
        level 4 the shape is (..., n - 3, 4), with windows along the last axis.

    Examples
    --------
    >>> beats = np.array([800, 810, 790, 800, 840], dtype=np.int16)
    >>> repair(beats)
    array([[  0.,  10., -10.,   0.],
           [  0., -20., -10.,  30.]])
    >>> beats
    array([800, 810, 790, 800, 840], dtype=int16)
    """
    shape = (*x.shape[:-1], max(x.shape[-1] - 3, 0), 4)
    windows = as_strided(x, shape, (*x.strides, x.strides[-1]), writeable=False)
    return windows - np.add.reduce(windows, axis=-1, keepdims=True) / 4


# ------------------------------------------------------------------------------------------------------- right answers


@works()
def by_checked_windows(x):
    """sliding_window_view computes the windows and strides. Only inputs that are too short need extra code."""
    if x.shape[-1] < 4:
        return np.zeros((*x.shape[:-1], 0, 4))
    windows = sliding_window_view(x, 4, axis=-1)
    return windows - windows.mean(axis=-1, keepdims=True)


@works(fails="memory")
def by_slices(x):
    """Four shifted slices and their sum: it creates no windows, but stores the four columns before the result."""
    n = max(x.shape[-1] - 3, 0)
    mean = np.zeros((*x.shape[:-1], n))
    for k in range(4):
        mean += x[..., k : k + n]
    mean /= 4
    return np.stack([x[..., k : k + n] - mean for k in range(4)], axis=-1)


@works(fails="stacks")
def copied_first(x):
    """Copied windows may be written to."""
    x = x.astype(np.float64)
    rows = as_strided(x, (max(x.size - 3, 0), 4), (x.itemsize, x.itemsize)).copy()
    rows -= rows.mean(axis=1, keepdims=True)
    return rows


@works(fails="memory")
def gathered(x):
    """Looks up every element of every window."""
    rows = x[np.arange(max(x.size - 3, 0))[:, None] + np.arange(4)]
    return rows - rows.mean(axis=1, keepdims=True)


@works(fails="fast")
def by_loop(x):
    """One window at a time."""
    rows = [x[i : i + 4] - x[i : i + 4].mean() for i in range(x.size - 3)]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "n rows would need three elements that do not exist, and zeros are not data. The number of windows is n - 3.",
    verdict="WT",
)
def pads_to_n_rows(x):
    windows = sliding_window_view(np.append(x, np.zeros(4)), 4)[: x.size]
    return windows - windows.mean(axis=1, keepdims=True)


@trap(
    "The last window starts at n - 4, so the number of windows is n - 3. A range that stops at n - 4 "
    "loses the last one.",
    verdict="WT",
)
def one_short(x):
    rows = [x[i : i + 4] - x[i : i + 4].mean() for i in range(x.size - 4)]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


@trap("The next element is x.strides[0] bytes away, which equals the item size only if x is contiguous.")
def assumes_contiguous(x):
    x = x if x.strides[0] > 0 else x.copy()
    windows = as_strided(x, (max(x.size - 3, 0), 4), (x.itemsize, x.itemsize), writeable=False)
    return windows - windows.mean(axis=1, keepdims=True)


@trap("-= writes through a slice into x, so the next window and the caller see changed values. Use a new array.")
def writes_into_x(x):
    x = np.asarray(x, dtype=np.float64)
    rows = np.zeros((max(x.size - 3, 0), 4))
    for i in range(len(rows)):
        window = x[i : i + 4]
        window -= window.mean()
        rows[i] = window
    return rows


@trap("A copy of x protects the caller's data, but its windows still overlap: each write appears in up to four rows.")
def copies_then_overlaps(x):
    x = x.astype(np.float64)
    windows = as_strided(x, (max(x.size - 3, 0), 4), (x.itemsize, x.itemsize))
    for row, mean in zip(windows, windows.mean(axis=1), strict=True):
        row -= mean
    return windows


@trap("If n is less than 4, no window exists: the number of rows must not become negative.", verdict="RE")
def refuses_short(x):
    windows = sliding_window_view(x, 4)
    return windows - windows.mean(axis=1, keepdims=True)


@trap("Each window has its own mean: axis=0 averages over windows, and without an axis over everything.")
def one_mean(x):
    if x.size < 4:
        return np.zeros((0, 4))
    return sliding_window_view(x, 4) - x.mean()


@trap("Running sums carry a NaN to all later windows. It must affect only the windows that contain it.")
def by_running_sum(x):
    if x.size < 4:
        return np.zeros((0, 4))
    total = np.concatenate([[0.0], np.cumsum(x, dtype=np.float64)])
    return sliding_window_view(x, 4) - ((total[4:] - total[:-4]) / 4)[:, None]


@trap("Integers truncate the mean. Convert to float64 first, or subtract into a float64 result.", verdict="WT")
def stays_integer(x):
    if x.size < 4:
        return np.zeros((0, 4), dtype=x.dtype)
    rows = sliding_window_view(x, 4).copy()
    np.subtract(rows, rows.mean(axis=1, keepdims=True), out=rows, casting="unsafe")
    return rows


@trap(
    "Adding int16 arrays gives int16, which wraps around above 32767. mean and np.sum use a wider "
    "dtype for small integers."
)
def sums_narrow(x):
    if x.size < 4:
        return np.zeros((0, 4))
    total = x[:-3] + x[1:-2] + x[2:-1] + x[3:]
    return sliding_window_view(x, 4) - (total / 4)[:, None]


# -------------------------------------------------------------------------------------------------------------- drills


@drill("What does the view contain?")
def laid_out(rng, hardness):
    rows, columns = (int(k) for k in rng.integers(2, 4, 2))
    one = int(rng.integers(1, 2 + round(2 * hardness)))
    other = int(rng.integers(0, 2 + round(hardness)))
    start = int(rng.integers(0, 20))
    back = hardness > 0.6 and rng.random() < 0.4
    reach = (rows - 1) * one + (columns - 1) * other
    n = reach + 1 + int(rng.integers(0, 3))
    tail, sign = (f"[{n - 1}:]", -1) if back else ("", 1)
    steps = f"({sign * 8 * one}, {sign * 8 * other})"
    return predict(
        f"""
        x = np.arange({start}, {start + n}, dtype='int64')
        v = np.lib.stride_tricks.as_strided(x{tail}, ({rows}, {columns}), {steps})
        v.tolist()
        """,
        why=f"Items of 8 bytes: the next row starts {sign * one} elements away, and the next column {sign * other}.",
    )


@drill("Is the whole view inside the memory of x, True or False?")
def inside(rng, hardness):
    dtype = str(rng.choice(["int8", "int16", "float32", "float64"]))
    each = np.dtype(dtype).itemsize
    n = int(rng.integers(10, 40))
    w = int(rng.integers(2, 6))
    step = int(rng.integers(1, 4)) if hardness > 0.3 else 1
    most = (n - w) // step + 1
    rows = most + int(rng.integers(0, 2))
    last = (rows - 1) * step + w - 1
    return predict(
        f"""
        x = np.zeros({n}, dtype={dtype!r})
        v = np.lib.stride_tricks.as_strided(x, ({rows}, {w}), ({step * each}, {each}))
        sum((n - 1) * s for n, s in zip(v.shape, v.strides)) + x.itemsize <= x.nbytes
        """,
        why=f"The last element has index {rows - 1} * {step} + {w - 1} = {last}, and the last index of x is {n - 1}.",
    )


@drill("What is the value?")
def aliased(rng, hardness):
    n, w = int(rng.integers(6, 10)), int(rng.integers(2, 4))
    i, j = int(rng.integers(1, n - w)), int(rng.integers(0, w))
    new = int(rng.integers(50, 99))
    made = f"np.lib.stride_tricks.sliding_window_view(x, {w}, writeable=True)"
    k = i + j
    forms = [
        (f"v[{i}, {j}] = {new}\nint(x[{k}])", f"v[{i}, {j}] is x[{i} + {j}], and writing to the view changes x."),
        (f"x[{k}] = {new}\nint(v[{i}, {j}])", f"v[{i}, {j}] and x[{k}] are the same memory."),
        (
            f"v[{i}, {j}] = {new}\nint((v == {new}).sum())",
            f"x[{k}] is part of every window that starts between {max(k - w + 1, 0)} and {min(k, n - w)}.",
        ),
        (f"v[{i}] = {new}\nint((x == {new}).sum())", f"One row consists of {w} adjacent elements of x."),
        (
            f"v = v.copy()\nv[{i}, {j}] = {new}\nint((v == {new}).sum())",
            "The copy stores every element separately.",
        ),
        (f"v[:, 0] = {new}\nint((x == {new}).sum())", f"Column 0 contains the first elements of all {n - w + 1} "
                                                      "windows."),
        (f"v = v - {new}\nint(x[{k}])", "v - ... is a new array, and only the name v is rebound."),
        (f"v[{i}] -= v[{i}, 0]\nint(x[{k}])",
         f"Row {i} is x[{i}] to x[{i + w - 1}], and x[{i}] = {i} is subtracted: x[{k}] becomes {k} - {i}."),
    ]  # fmt: skip
    code, why = forms[int(rng.integers(round(2 * hardness), 4 + round(4 * hardness)))]
    return predict(f"x = np.arange({n})\nv = {made}\n{code}", why=why)


@drill("What are the strides, in bytes?")
def strides(rng, hardness):
    dtype = str(rng.choice(["int8", "int16", "float32", "float64"]))
    each = np.dtype(dtype).itemsize
    n, m = (int(k) for k in rng.integers(5, 12, 2))
    a, b = (int(k) for k in rng.integers(2, 4, 2))
    forms = [
        ("x", f"A row is {m} items of {each} bytes."),
        (f"x[{a}:, {b}:]", "The start of a slice changes no stride."),
        (f"x[::{a}]", f"Every row at a multiple of {a}: {a} times the stride."),
        (f"x[:, ::{b}]", f"The next selected item is {b} items of {each} byte{'s' * (each > 1)} away."),
        ("x[::-1]", "Reversed: the stride is negated."),
        ("x.T", "A transpose reverses the strides."),
        (f"x[::{a}, ::-{b}]", f"{a} rows forward, {b} items back."),
        ("np.broadcast_to(x[0], x.shape)", "All rows are the same memory: a stride of 0."),
        (f"x[{a}]", "A single row: its axis is removed, together with its stride."),
        (f"x[:, {b}]", f"A column: its neighbors are one row of {m} items apart."),
        ("np.lib.stride_tricks.sliding_window_view(x, 2, axis=0)", "The window axis comes last, and moves by rows."),
        (f"x[:, ::{b}].copy()", f"The copy has no gaps: a row has {-(-m // b)} items."),
    ]
    made, why = forms[int(rng.integers(round(4 * hardness), 5 + round(7 * hardness)))]
    return predict(f"x = np.zeros(({n}, {m}), dtype={dtype!r})\n{made}.strides", why=why)


@drill("What is the result, or which error is raised?")
def checks(rng, hardness):
    n = int(rng.integers(4, 12))
    w = int(rng.integers(2, 5))
    made = "np.lib.stride_tricks.sliding_window_view"
    forms = [
        (f"{made}(x, {w}).shape", f"{n} - {w} + 1 windows."),
        (f"{made}(x, {n + 1}).shape", "sliding_window_view refuses windows longer than the array: ValueError."),
        (f"v = {made}(x, {w})\nv[0, 0] = 1\nint(x[0])", "It returns a read-only view, because windows overlap: "
                                                        "ValueError."),
        (f"np.lib.stride_tricks.as_strided(x, ({n}, {w}), (8, 8)).shape",
         "as_strided checks nothing, although the last rows end after the array."),
        (f"np.lib.stride_tricks.as_strided(x, ({n - w + 1}, {w}), (8,)).shape", "as_strided needs one stride per "
                                                                                "axis: ValueError."),
        (f"np.broadcast_to(x, ({w}, {n})).flags.writeable", "broadcast_to repeats one row, so its result is read-only: "
                                                            "ValueError."),
        (f"v = {made}(x, {w})\nv -= v.mean()\nfloat(x[0])", "The view is read-only, so -= raises ValueError."),
        (f"np.shares_memory({made}(x, {w})[0], {made}(x, {w})[1])", f"Windows of {w} elements that start at "
                                                                    "adjacent elements overlap."),
        (f"np.shares_memory({made}(x, {w})[0], {made}(x, {w})[-1])",
         f"The first window ends with x[{w - 1}], the last starts with x[{n - w}]."),
    ]  # fmt: skip
    code, why = forms[int(rng.integers(round(3 * hardness), 4 + round(5 * hardness)))]
    return predict(f"x = np.zeros({n})\n{code}", why=why)


# ------------------------------------------------------------------------------------------------------------ question


def beats(rng, n=500):
    return {"x": rng.standard_normal(n)}


def show_reach():
    whole = np.arange(20.0)
    for name, x in {"contiguous": whole[:8], "every second": whole[:16:2], "reversed": whole[7::-1]}.items():
        low, high = np.lib.array_utils.byte_bounds(x)
        starter = as_strided(x, (x.size, 4), (x.itemsize, x.itemsize), writeable=False)
        bottom, top = np.lib.array_utils.byte_bounds(starter)
        print(f"{name:13} strides {x.strides[0]:4}, its memory takes {high - low:4} bytes")
        print(
            f"{'':13} the view of the starter code begins {bottom - low:+5} bytes and ends "
            f"{top - high:+5} bytes outside"
        )
    x = np.random.default_rng(1).standard_normal(100_000)
    started = time.perf_counter()
    rows = repair(x)
    seconds = time.perf_counter() - started
    print(f"fixed: {rows.shape[0]:,} windows in {1e3 * seconds:.2f} ms, no window shares memory with x: "
          f"{not np.shares_memory(x, rows)}")  # fmt: skip


GUARD = "writeable=False protects against writes that do not occur here."
VALUES = {"dtype": ("float64", "int16"), "holds": ("nan",)}
SCALE = matches(scale=lambda x: np.abs(x.astype(np.float64)))

QUESTION = Question(
    kinds=["code", "predict"],
    difficulty="hard",
    topics=["Debugging"],
    companies=["HFT Firms", "Google"],
    asked=["T116"],
    entry_points=[
        Entry(
            repair,
            {"x": arrays("n", **VALUES)},
            dims={"n": (0, 20)},
            cases=[
                case(x=np.array([1.0, 2.0, 3.0, 4.0])),
                case(x=np.array([1.0, 2.0, 3.0, 5.0, 8.0])),
                case(x=(np.arange(12.0) ** 2)[::2]),
                case(x=(np.arange(12, dtype=np.int16) ** 2)[::-2]),
                case(x=np.array([1, 2, 2, 2, 9], dtype=np.int16)),
                case(x=np.array([9000, 9000, 9000, 9000], dtype=np.int16)),
                case(x=np.array([np.nan, 1.0, 2.0, 3.0, 5.0, 8.0])),
                case(x=np.array([1.0, 2.0, 3.0])),
                case(x=np.zeros(0)),
            ],
            result=SCALE,
            starter=broken,
        )
    ],
    levels=[
        Level("right"),
        Level(
            "fast",
            "At least 10 times faster than a Python loop over the windows.",
            faster_than(
                by_loop,
                10,
                beats,
                needs=needs(bytes=lambda x: 5 * x.nbytes, operations=lambda x: 8 * x.size),
            ),
        ),
        Level(
            "memory",
            "For 500,000 elements, allocates at most 1.75 times the size of the result, including the result.",
            peak_memory(lambda rng: beats(rng, 500_000), outputs=1.75),
        ),
        Level(
            "stacks",
            "Accepts leading axes: windows along the last axis of shape (..., n).",
            right_on(
                Entry(
                    repair,
                    {"x": arrays(..., "n", max_ndim=3, **VALUES)},
                    dims={"n": (0, 9)},
                    cases=[
                        case(x=np.arange(10.0).reshape(2, 5) ** 2),
                        case(x=np.arange(10.0).reshape(5, 2).T ** 2),
                        case(x=np.zeros((3, 2))),
                    ],
                    result=SCALE,
                )
            ),
        ),
    ],
    hints=[
        "Compare shape and strides of the view with those of x: which is the last element of x that it contains?",
        "What are the strides of x[::2], and what is its item size?",
        "The windows overlap. What does writing to one row do to the next one, and to x?",
        "numpy.lib.stride_tricks has a function that computes the number of windows and the strides, and "
        "returns a read-only view.",
    ],
    spoken="""\
`as_strided` checks nothing, so I compare its shape and strides with x first. Here it had too many rows, so it read
past the end, it used the item size instead of `x.strides[0]`, which breaks for slices, and it subtracted in place,
which changed the caller's array and overlapping windows. I replace it with `sliding_window_view`, which computes
shape and strides and is read-only, handle inputs shorter than the window, and subtract the mean into a new float64
array.
""",
    explanation="""\
as_strided accepts everything. Shape, strides and flags show the errors of the starter code before any value does.

1. n rows of four need three elements past the end. The offset of the last element is the sum of (length - 1) * stride.

>>> x = np.arange(6.0)
>>> v = np.lib.stride_tricks.as_strided(x, (6, 4), (8, 8), writeable=False)
>>> sum((n - 1) * s for n, s in zip(v.shape, v.strides)) + x.itemsize, x.nbytes
(72, 48)

2. The item size is not the stride: slices have larger strides, reversed slices negative ones.

>>> x[::-2].strides, x.itemsize
((-16,), 8)

3. `-=` writes through the view into the caller's array, and fails for integers and read-only inputs.

4. Even on a copy of x, windows overlap: writing to one row changes its neighbors.

`sliding_window_view` uses the strides of x, is read-only by default, and refuses a window longer than x, so short
inputs need separate code. Then subtract into a new array:

>>> w = np.lib.stride_tricks.sliding_window_view(x, 4)
>>> (w - w.mean(axis=1, keepdims=True))[0]
array([-1.5, -0.5,  0.5,  1.5])

*How to debug such code:* print shape, strides, dtype and flags. Compare the range of the view with nbytes, or use
`np.lib.array_utils.byte_bounds` (NumPy 2.0; formerly `np.byte_bounds`). Test with `x[::2]`, `x[::-1]`, a read-only x
and one shorter than the window. Use `np.shares_memory` to see which arrays share memory.
""",
    points=[
        "as_strided checks no bounds: compute the last offset from shape and strides.",
        "Strides come from x, not from its item size.",
        "Writing through a view changes the caller's array.",
        "Overlapping windows share memory: copy before writing, or write to another array.",
        "sliding_window_view checks the length and is read-only.",
        "Test with slices, reversed, read-only and too short inputs.",
        "Tools: strides, flags, base, shares_memory, np.lib.array_utils.byte_bounds.",
    ],
    follow_ups={
        "Why did the code pass its only test?": "Four heartbeats give one window, which overlaps no other. And "
        "memory past the end usually belongs to the process, so "
        "reading it did not crash.",
        "Does x[1:] -= x[:-1] have the same problem?": "No: since NumPy 1.13, ufuncs detect overlapping operands "
        "and copy if needed. They cannot handle an output that "
        "overlaps itself.",
        "How do you find out whether an array overlaps itself?": "A stride of 0 along an axis longer than 1, or "
        "more elements than its byte bounds have room for, "
        "proves it. Otherwise compute all offsets and look "
        "for equal ones.",
    },
    related=["sliding-windows", "copy-or-view", "memory-layout", "rolling-statistics"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.as_strided.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.sliding_window_view.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.lib.array_utils.byte_bounds.html",
        "https://numpy.org/doc/stable/reference/arrays.ndarray.html",
    ],
    live=show_reach,
    equivalent={
        "repair: `as_strided(x, shape, (*x.strides, x.strides[-1]), writeable=False)` -> `as_strided(x, shape, "
        "(*x.strides, x.strides[-1]))` in `windows = as_strided(x, shape, (*x.strides, x.strides[-1]), "
        "writeable=False)`": GUARD,
        "repair: `False` -> `True` in `windows = as_strided(x, shape, (*x.strides, x.strides[-1]), "
        "writeable=False)`": GUARD,
    },
)
