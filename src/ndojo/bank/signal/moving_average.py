"""Moving average: one mean per window."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    grows,
    integers,
    matches,
    no_python_loop,
    raises,
    right_on,
    trap,
    works,
)


def moving_average(x, w):
    """Return the mean of every window of `w` adjacent elements.

    Typical uses are the mean price of the last `w` ticks, or smoothing a sensor before plotting.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or float32
        The samples, ``n >= 0``. On levels 1 to 3 they are finite and between -100 and 100 inclusive. On level 4 they
        are float64, with absolute values up to 1e17, and may contain NaN and infinities. May be strided, reversed or
        read-only.
    w : int
        The window length in samples.

    Returns
    -------
    ndarray, shape (n - w + 1,), float64
        Element i is the mean of ``x[i], ..., x[i + w - 1]``, computed in float64.

        On levels 1 to 3, errors up to 1e-14 times the sum of all ``|x|`` pass, so a difference of two cumulative sums
        is accurate enough. On level 4, every mean must depend only on the samples in its window: errors up to 1e-12
        times the largest absolute value *in the window* pass, and a mean is NaN or infinite only if its window contains
        NaN or an infinity.

    Raises
    ------
    ValueError
        If ``w < 1`` or ``w > n``.

    Examples
    --------
    >>> moving_average(np.array([1.0, 2.0, 6.0, 4.0]), 2)
    array([1.5, 4. , 5. ])
    >>> moving_average(np.array([1e17, 1.0, 2.0, 3.0]), 3)[1:]
    array([2.])
    """
    n = x.size
    if not 1 <= w <= n:
        raise ValueError(f"w must be between 1 and {n}, got {w}")
    blocks = np.pad(x.astype(np.float64), (0, w - n % w)).reshape(n // w + 1, w)
    tails = np.cumsum(blocks[:, ::-1], axis=1)[:, ::-1]
    heads = np.zeros_like(blocks)
    np.cumsum(blocks[:, :-1], axis=1, out=heads[:, 1:])
    return (tails.ravel()[: n - w + 1] + heads.ravel()[w : n + 1]) / w


@works()
def by_doubling(x, w):
    """Sums of 1, 2, 4, … adjacent elements, combined according to the binary digits of w."""
    if w < 1 or w > x.size:
        raise ValueError("w is out of range")
    total = np.zeros(x.size - w + 1)
    sums, length, done = x.astype(np.float64), 1, 0
    while True:
        if w & length:
            total += sums[done : done + total.size]
            done += length
        if 2 * length > w:
            return total / w
        sums = sums[:-length] + sums[length:]
        length *= 2


@works(fails="no drift")
def by_cumulative_sum(x, w):
    """The usual answer: the cumulative sum up to here minus the one w samples before."""
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    c = np.zeros(x.size + 1)
    np.cumsum(x, out=c[1:], dtype=np.float64)
    return (c[w:] - c[:-w]) / w


@works(fails="any window")
def by_windows(x, w):
    """A view of all windows, and a reduction: n w additions."""
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return sliding_window_view(x, w).mean(axis=1, dtype=np.float64)


@works(fails="any window")
def by_convolution(x, w):
    """A convolution with ones, without the incomplete windows."""
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return np.convolve(x.astype(np.float64), np.ones(w), mode="valid") / w


@works(fails="vectorized")
def by_loop(x, w):
    """One mean after the other."""
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return np.array([x[i : i + w].mean(dtype=np.float64) for i in range(x.size - w + 1)])


@trap("The cumulative sum needs a leading 0: without it, the first window, c[w - 1], is missing.", verdict="WT")
def one_short(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    c = np.cumsum(x, dtype=np.float64)
    return (c[w:] - c[:-w]) / w


@trap("mode='same' pads with zeros: it gives n means, and those at the ends are of incomplete windows. "
      "Use 'valid'.",
      verdict="WT")  # fmt: skip
def pads_the_ends(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return np.convolve(x.astype(np.float64), np.ones(w) / w, mode="same")


@trap("np.convolve swaps its arguments if the second is longer, so w > n gives numbers instead of an error. Check w.")
def swapped_by_convolve(x, w):
    if w < 1 or x.size == 0:
        raise ValueError("w is out of range")
    return np.convolve(x.astype(np.float64), np.ones(w), mode="valid") / w


@trap("Slices never raise: if w is out of range, c[w:] - c[:-w] is some array, often an empty one. Check w.")
def checks_nothing(x, w):
    c = np.concatenate([[0.0], np.cumsum(x, dtype=np.float64)])
    return (c[w:] - c[:-w]) / max(abs(w), 1)


@trap(
    "float32 input gives float32 results: mean, sum and cumsum add in float32, with seven digits. Pass "
    "dtype=np.float64 to the sum itself."
)
def sums_in_float32(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return sliding_window_view(x, w).mean(axis=1).astype(np.float64)


@trap("A window of length n is allowed: it is the only window then.", verdict="RE")
def refuses_the_whole(x, w):
    if not 1 <= w < x.size:
        raise ValueError("w is out of range")
    return sliding_window_view(x, w).mean(axis=1, dtype=np.float64)


@trap("A mean divides by the length of the window: these are sums.")
def sums_not_means(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return sliding_window_view(x, w).sum(axis=1, dtype=np.float64)


@trap(
    "A window starts at every sample, and windows overlap. reshape cuts the samples into separate blocks.", verdict="WT"
)
def blocks_apart(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return x[: x.size // w * w].reshape(-1, w).mean(axis=1, dtype=np.float64)


def ticks(rng, n):
    return {"x": rng.uniform(-100, 100, n), "w": 50}


def wide_window(rng, n):
    return {"x": rng.uniform(-100, 100, n), "w": n // 2}


def follows_from_its_window(result, expected, x, w):
    """What is wrong with the means, each relative to the samples in its own window."""
    if not isinstance(result, np.ndarray) or result.shape != expected.shape or result.dtype != expected.dtype:
        form = f"of shape {result.shape} and dtype {result.dtype}" if isinstance(result, np.ndarray) else "not an array"
        return f"WT: The result is {form}, expected shape {expected.shape} and dtype {expected.dtype}."
    with np.errstate(invalid="ignore"):
        near = np.abs(result - expected) <= 1e-12 * np.abs(sliding_window_view(x, w)).max(axis=1)
    same = (result == expected) | (np.isnan(result) & np.isnan(expected)) | (near & np.isfinite(expected))
    if same.all():
        return None
    i = int(np.flatnonzero(~same)[0])
    means = f"{float(result[i])!r}, expected {float(expected[i])!r}"
    return f"the mean of window {i}, x[{i}:{i + w}], is {means}: it must depend only on these samples."


QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Signal Processing", "Vectorization"],
    companies=["Google"],
    asked=["google-8"],
    entry_points=[
        Entry(
            moving_average,
            {"x": arrays("n", dtype=("float64", "float32")), "w": integers(1, "n", outside=True)},
            cases=[
                case(x=np.array([1.0, 2.0, 6.0, 4.0]), w=2),
                case(x=np.array([5.0, 7.0]), w=2),
                case(x=np.array([5.0, 7.0]), w=1),
                case(x=np.arange(12.0), w=3),
                case(x=np.array([0.1, 0.2, 0.4], dtype=np.float32), w=2),
                raises(ValueError, x=np.zeros(0), w=1),
                raises(ValueError, x=np.zeros(0), w=0),
                raises(ValueError, x=np.ones(3), w=0),
                raises(ValueError, x=np.ones(3), w=-1),
                raises(ValueError, x=np.ones(3), w=4),
                raises(ValueError, x=np.ones(3), w=9),
            ],
            # 16 eps sqrt(n) is 3.6e-15 or more: three times the sum makes it 1e-14 of it.
            result=matches(scale=lambda x, w: 3 * np.abs(x, dtype=np.float64).sum()),
        )
    ],
    levels=[
        Level("right"),
        Level("vectorized", "Uses no Python loop over the samples.", no_python_loop(ticks)),
        Level(
            "any window",
            "Takes O(n) time for any w, or nearly: a window of half a million samples costs about as "
            "much as one of ten.",
            grows(1, wide_window),
        ),
        Level(
            "no drift",
            "Values up to 1e17, NaN and infinities: the means of later windows are as accurate as those "
            "of earlier ones.",
            right_on(
                Entry(
                    moving_average,
                    {
                        "x": arrays("n", holds=("nan", "nan runs", "inf", "-inf", "both inf", "huge")),
                        "w": integers(1, "n", outside=True),
                    },
                    cases=[
                        case(x=np.array([1e17, 1.0, 2.0, 3.0]), w=2),
                        case(x=np.array([1e8] * 6 + [1e-9] * 6), w=3),
                        case(x=np.array([3.0, -1e17, 1e17, 1.0, 2.0, 3.0, 5.0]), w=3),
                        case(x=np.array([np.nan, 1.0, 2.0]), w=1),
                        case(x=np.array([1.0, np.inf, 1.0, 2.0, -np.inf, 3.0]), w=2),
                    ],
                    result=matches(check=follows_from_its_window),
                )
            ),
        ),
    ],
    hints=[
        "If you know the sum of all samples up to each position, how do you get the sum between two positions?",
        "How many means are needed? A cumulative sum that starts with 0 has n + 1 elements: which ones do you need?",
        "On level 4 nothing may be subtracted. Cut x into blocks of w samples: how does a window overlap "
        "two adjacent blocks?",
        "A window is the tail of one block and the head of the next. Both are cumulative sums inside a block.",
    ],
    spoken="""\
The standard way is a cumulative sum with a leading zero: each window's sum is `c[w:] - c[:-w]`, so the whole thing is
O(n) for any window. I check that w is between 1 and n, because slices don't raise. The weakness is that a cumulative
sum keeps all earlier rounding errors, so one huge value or NaN spoils everything after it. Then I cut x into blocks
of w and add the tail of one block and the head of the next, so nothing is ever subtracted.
""",
    explanation="""\
With cumulative sums that start at 0, the sum of a window is one subtraction, regardless of its length:

>>> x, w = np.array([1.0, 2.0, 6.0, 4.0]), 2
>>> c = np.concatenate([[0.0], np.cumsum(x)])
>>> (c[w:] - c[:-w]) / w
array([1.5, 4. , 5. ])

This takes O(n). `np.convolve(x, np.ones(w), "valid")` and the mean of `sliding_window_view` need n w additions, which
is fine for small w. Convolution swaps its arguments if w > n, so check w yourself.

*The weakness:* each element of `c` contains the rounding errors of all sums before it. After one value of 1e17,
adjacent floats are 16 apart; after one NaN, everything is NaN.

>>> c = np.cumsum([0.0, 1e17, 1.0, 2.0, 3.0])
>>> (c[2:] - c[:-2]) / 2
array([5.e+16, 0.e+00, 0.e+00])

*The solution is not to subtract.* Cut `x` into blocks of w samples. Every window is the tail of one block and the head
of the next, and both come from cumulative sums inside blocks: two passes, O(n), and no sample outside the window takes
part. This is the algorithm of van Herk and of Gil and Werman for moving maxima, which cannot be subtracted either.

Doubling also works: a sum of 2k adjacent elements is two sums of k, and w is combined from its binary digits. That
takes O(n log w), and is about as fast.

Kahan summation or subtracting the mean reduces rounding errors, but neither stops a NaN.
""",
    points=[
        "A cumulative sum with a leading 0 gives every window by one subtraction: O(n).",
        "The number of full windows is n - w + 1; w < 1 and w > n are errors that slices do not report.",
        "convolve and sliding windows are right, but O(n w).",
        "Cumulative sums accumulate errors: they depend on the whole sum, and a NaN or inf never leaves.",
        "Tails and heads of blocks of w samples give each window by one addition, without any subtraction.",
        "Sums of float32 need dtype=np.float64 from the start.",
    ],
    follow_ups={
        "How do you average over time instead of ticks?": "Find the start of each window with np.searchsorted, then "
        "use cumulative sums of values and counts.",
        "How do you handle a stream?": "Keep a ring buffer of w samples and their sum, and compute the sum "
        "again from time to time.",
        "How do you compute an exponential average?": "y[i] = (1 - a) y[i - 1] + a x[i] is a recurrence; "
        "scipy.signal.lfilter runs it in C.",
        "How would you ignore NaN?": "Sum np.where(isnan, 0, x) and the counts of numbers per window, and divide.",
    },
    related=["sliding-windows", "rolling-statistics", "cumulative-sums", "convolution", "float-precision"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.cumsum.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.convolve.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.sliding_window_view.html",
    ],
)
