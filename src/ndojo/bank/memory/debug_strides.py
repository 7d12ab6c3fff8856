"""Repair windows that read and write too much."""

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
    """What the learner starts from."""
    windows = np.lib.stride_tricks.as_strided(x, shape=(x.size, 4), strides=(x.itemsize, x.itemsize))
    means = windows.mean(axis=1)
    rows = np.lib.stride_tricks.sliding_window_view(x, 4, writeable=True)
    for row, mean in zip(rows, means[:-3], strict=True):
        row -= mean
    return rows


def repair(x):
    """Give every window of four neighbouring heartbeats, less its own mean. Repair the code below, or write it anew.

    It passed its only test, a recording of four beats. In the ward it returned numbers that no patient ever had,
    changed recordings that others were still reading, and crashed. There is more than one fault.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or int16
        Milliseconds between beats; n may be below 4. May be strided, reversed, broadcast or read-only, and floats may
        be NaN. On level 4 with any number of axes in front, shape (..., n).

    Returns
    -------
    ndarray, shape (n - 3, 4), float64
        Row i holds ``x[i], ..., x[i + 3]``, each less the mean of these four; a NaN concerns the rows that it stands
        in, which may be NaN all over. Shape (0, 4) if n is below 4. On level 4 shape (..., n - 3, 4), window by window
        along the last axis.

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
    """sliding_window_view counts windows and takes strides by itself; only too short recordings are left to do."""
    if x.shape[-1] < 4:
        return np.zeros((*x.shape[:-1], 0, 4))
    windows = sliding_window_view(x, 4, axis=-1)
    return windows - windows.mean(axis=-1, keepdims=True)


@works(fails="memory")
def by_slices(x):
    """Four shifted slices and their sum: no window is ever laid out, but the four columns are, before the result."""
    n = max(x.shape[-1] - 3, 0)
    mean = np.zeros((*x.shape[:-1], n))
    for k in range(4):
        mean += x[..., k : k + n]
    mean /= 4
    return np.stack([x[..., k : k + n] - mean for k in range(4)], axis=-1)


@works(fails="stacks")
def copied_first(x):
    """Windows of their own memory may be written to."""
    x = x.astype(np.float64)
    rows = as_strided(x, (max(x.size - 3, 0), 4), (x.itemsize, x.itemsize)).copy()
    rows -= rows.mean(axis=1, keepdims=True)
    return rows


@works(fails="memory")
def gathered(x):
    """Looks every sample of every window up."""
    rows = x[np.arange(max(x.size - 3, 0))[:, None] + np.arange(4)]
    return rows - rows.mean(axis=1, keepdims=True)


@works(fails="fast")
def by_loop(x):
    """One window at a time."""
    rows = [x[i : i + 4] - x[i : i + 4].mean() for i in range(x.size - 3)]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "n rows would need three samples that are not there, and zeros are no beats: there are n - 3 windows.", verdict="WT"
)
def pads_to_n_rows(x):
    windows = sliding_window_view(np.append(x, np.zeros(4)), 4)[: x.size]
    return windows - windows.mean(axis=1, keepdims=True)


@trap(
    "The last window starts at n - 4, so there are n - 3 of them: a range that stops at n - 4 loses it.", verdict="WT"
)
def one_short(x):
    rows = [x[i : i + 4] - x[i : i + 4].mean() for i in range(x.size - 4)]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


@trap("The next sample lies x.strides[0] bytes on: that is the item size only where x is contiguous.")
def assumes_contiguous(x):
    x = x if x.strides[0] > 0 else x.copy()
    windows = as_strided(x, (max(x.size - 3, 0), 4), (x.itemsize, x.itemsize), writeable=False)
    return windows - windows.mean(axis=1, keepdims=True)


@trap("-= writes through a slice into x: the next window sees changed beats, and so does the caller. Use a new array.")
def writes_into_x(x):
    x = np.asarray(x, dtype=np.float64)
    rows = np.zeros((max(x.size - 3, 0), 4))
    for i in range(len(rows)):
        window = x[i : i + 4]
        window -= window.mean()
        rows[i] = window
    return rows


@trap("A copy of x saves the caller's data, but its windows still overlap: each write shows in up to four rows.")
def copies_then_overlaps(x):
    x = x.astype(np.float64)
    windows = as_strided(x, (max(x.size - 3, 0), 4), (x.itemsize, x.itemsize))
    for row, mean in zip(windows, windows.mean(axis=1), strict=True):
        row -= mean
    return windows


@trap("A recording of fewer than four beats has no window: the count must not fall below 0.", verdict="RE")
def refuses_short(x):
    windows = sliding_window_view(x, 4)
    return windows - windows.mean(axis=1, keepdims=True)


@trap("Each window has a mean of its own: axis=0 averages over windows, and no axis over everything.")
def one_mean(x):
    if x.size < 4:
        return np.zeros((0, 4))
    return sliding_window_view(x, 4) - x.mean()


@trap("Running sums carry a NaN on to every later window; here it concerns only the windows that it stands in.")
def by_running_sum(x):
    if x.size < 4:
        return np.zeros((0, 4))
    total = np.concatenate([[0.0], np.cumsum(x, dtype=np.float64)])
    return sliding_window_view(x, 4) - ((total[4:] - total[:-4]) / 4)[:, None]


@trap("Integers cut the mean off: convert to float64 before, or subtract into a float64 result.", verdict="WT")
def stays_integer(x):
    if x.size < 4:
        return np.zeros((0, 4), dtype=x.dtype)
    rows = sliding_window_view(x, 4).copy()
    np.subtract(rows, rows.mean(axis=1, keepdims=True), out=rows, casting="unsafe")
    return rows


@trap("+ of int16 stays int16 and wraps round beyond 32767; mean and np.sum add small integers up in a wider dtype.")
def sums_narrow(x):
    if x.size < 4:
        return np.zeros((0, 4))
    total = x[:-3] + x[1:-2] + x[2:-1] + x[3:]
    return sliding_window_view(x, 4) - (total / 4)[:, None]


# -------------------------------------------------------------------------------------------------------------- drills


@drill("What does the view hold?")
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
        why=f"Items of 8 bytes: the next row starts {sign * one} further on, and the next "
        f"column {sign * other}, counted in elements.",
    )


@drill("Does the view stay inside the memory of x, True or False?")
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
        why=f"The last element is number {rows - 1} * {step} + {w - 1} = {last}, and x ends with number {n - 1}.",
    )


@drill("What is the value?")
def aliased(rng, hardness):
    n, w = int(rng.integers(6, 10)), int(rng.integers(2, 4))
    i, j = int(rng.integers(1, n - w)), int(rng.integers(0, w))
    new = int(rng.integers(50, 99))
    made = f"np.lib.stride_tricks.sliding_window_view(x, {w}, writeable=True)"
    k = i + j
    forms = [
        (f"v[{i}, {j}] = {new}\nint(x[{k}])", f"v[{i}, {j}] is x[{i} + {j}]: the view writes into x."),
        (f"x[{k}] = {new}\nint(v[{i}, {j}])", f"v[{i}, {j}] lies where x[{k}] does."),
        (
            f"v[{i}, {j}] = {new}\nint((v == {new}).sum())",
            f"x[{k}] stands in every window that starts from {max(k - w + 1, 0)} to {min(k, n - w)}.",
        ),
        (f"v[{i}] = {new}\nint((x == {new}).sum())", f"One row is {w} neighbouring elements of x."),
        (
            f"v = v.copy()\nv[{i}, {j}] = {new}\nint((v == {new}).sum())",
            "The copy gives every element a place of its own.",
        ),
        (f"v[:, 0] = {new}\nint((x == {new}).sum())", f"Column 0 holds the starts of all {n - w + 1} windows."),
        (f"v = v - {new}\nint(x[{k}])", "v - ... is a new array, and only the name v is bound anew."),
        (f"v[{i}] -= v[{i}, 0]\nint(x[{k}])",
         f"Row {i} is x[{i}] to x[{i + w - 1}], less x[{i}] = {i}: x[{k}] becomes {k} - {i}."),
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
        (f"x[{a}:, {b}:]", "Where a slice starts changes no stride."),
        (f"x[::{a}]", f"Every row number {a}: {a} times the stride."),
        (f"x[:, ::{b}]", f"{b} items of {each} bytes to the next."),
        ("x[::-1]", "Backwards: the stride is negated."),
        ("x.T", "A transpose reverses the strides."),
        (f"x[::{a}, ::-{b}]", f"{a} rows on, {b} items back."),
        ("np.broadcast_to(x[0], x.shape)", "Every row is the same one: a stride of 0."),
        (f"x[{a}]", "A single row: its axis is gone, and its stride with it."),
        (f"x[:, {b}]", f"A column: its neighbours are a row of {m} items apart."),
        ("np.lib.stride_tricks.sliding_window_view(x, 2, axis=0)", "The window's axis comes last, and steps by rows."),
        (f"x[:, ::{b}].copy()", f"The copy has no gaps: a row is {-(-m // b)} items."),
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
        (f"{made}(x, {n + 1}).shape", "sliding_window_view refuses windows longer than the array."),
        (f"v = {made}(x, {w})\nv[0, 0] = 1\nint(x[0])", "It hands out a read-only view, as windows overlap."),
        (f"np.lib.stride_tricks.as_strided(x, ({n}, {w}), (8, 8)).shape",
         "as_strided makes what it is told, though the last rows end behind the array."),
        (f"np.lib.stride_tricks.as_strided(x, ({n - w + 1}, {w}), (8,)).shape", "One stride an axis is needed."),
        (f"np.broadcast_to(x, ({w}, {n})).flags.writeable", "broadcast_to repeats one row, so it is read-only."),
        (f"v = {made}(x, {w})\nv -= v.mean()\nfloat(x[0])", "The view is read-only, so -= raises."),
        (f"np.shares_memory({made}(x, {w})[0], {made}(x, {w})[1])", f"Windows of {w} that start side by side overlap."),
        (f"np.shares_memory({made}(x, {w})[0], {made}(x, {w})[-1])",
         f"The first ends with x[{w - 1}], the last starts with x[{n - w}]."),
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
        print(f"{'':13} the starter's view begins {bottom - low:+5} bytes off and ends {top - high:+5} bytes off")
    x = np.random.default_rng(1).standard_normal(100_000)
    started = time.perf_counter()
    rows = repair(x)
    seconds = time.perf_counter() - started
    print(f"repaired: {rows.shape[0]:,} windows in {1e3 * seconds:.2f} ms, no window shares memory with x: "
          f"{not np.shares_memory(x, rows)}")  # fmt: skip


GUARD = "writeable=False guards against writes that nothing here does."
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
            "A tenth of the time of a loop over windows.",
            faster_than(
                by_loop,
                10,
                beats,
                needs=needs(bytes=lambda x: 5 * x.nbytes, operations=lambda x: 8 * x.size),
            ),
        ),
        Level(
            "memory",
            "Half a million beats: memory for the result, and for no more than three quarters of it besides.",
            peak_memory(lambda rng: beats(rng, 500_000), outputs=1.75),
        ),
        Level(
            "stacks",
            "Many patients at once: windows along the last axis, whatever comes before it.",
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
        "Compare shape and strides of the view with those of x: which element of x is the last one that it shows?",
        "What are the strides of x[::2], and what is its item size?",
        "The windows overlap. What does writing to one row do to the next, and to x?",
        "numpy.lib.stride_tricks has a function that counts windows and strides for you, and hands out no write.",
    ],
    explanation="""\
as_strided believes whatever it is told. Shape, strides and flags show the starter's faults before any value does.

1. n rows of four reach three samples beyond the end. The last element's offset is the sum of (length - 1) * stride.

>>> x = np.arange(6.0)
>>> v = np.lib.stride_tricks.as_strided(x, (6, 4), (8, 8), writeable=False)
>>> sum((n - 1) * s for n, s in zip(v.shape, v.strides)) + x.itemsize, x.nbytes
(72, 48)

2. Item size is not stride: slices step further, reversed ones backwards.

>>> x[::-2].strides, x.itemsize
((-16,), 8)

3. `-=` writes through the view into the caller's array, and fails for integers and read-only inputs. 4. Even on a copy
of x, windows overlap: a write to one row changes its neighbours.

`sliding_window_view` takes strides from x, is read-only unless asked otherwise, and refuses a window longer than x, so
short recordings need a line of their own. Then subtract into a new array:

>>> w = np.lib.stride_tricks.sliding_window_view(x, 4)
>>> (w - w.mean(axis=1, keepdims=True))[0]
array([-1.5, -0.5,  0.5,  1.5])

To debug such code print shape, strides, dtype and flags; compare reach with nbytes, or ask
`np.lib.array_utils.byte_bounds` (NumPy 2.0; formerly `np.byte_bounds`); test on `x[::2]`, `x[::-1]`, a read-only x and
one shorter than the window; and ask `np.shares_memory` what aliases what.
""",
    points=[
        "as_strided checks no bounds: compute the last offset from shape and strides.",
        "Strides come from x, not from its item size.",
        "Writing through a view changes the caller's array.",
        "Overlapping windows alias each other: copy before writing, or write elsewhere.",
        "sliding_window_view checks the length and is read-only.",
        "Test on slices, reversed, read-only and too short inputs.",
        "Tools: strides, flags, base, shares_memory, np.lib.array_utils.byte_bounds.",
    ],
    follow_ups={
        "Why did it pass its only test?": "Four beats make one window, which overlaps no other; and what was read "
        "behind the array mostly belongs to the process, so nothing crashes.",
        "Does x[1:] -= x[:-1] suffer too?": "No: since NumPy 1.13 ufuncs notice that operands overlap, and copy where "
        "needed. An output that overlaps itself they cannot save.",
        "How do you find out whether an array overlaps itself?": "A stride of 0 along an axis longer than 1, or more "
        "elements than its byte bounds have room for, prove it. Else work all offsets out: are two of them equal?",
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
