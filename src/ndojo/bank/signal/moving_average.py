"""A moving average that forgets."""

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
    """Get the mean of every window of `w` neighbouring samples.

    Think of the price of the last `w` ticks, or of a sensor that is smoothed before it is plotted.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or float32
        The samples, n >= 0. On levels 1 to 3 they are finite and at most 100 in absolute value; on level 4
        they are float64, may be as large as 1e17, and may hold NaN and infinities. May be strided, reversed
        or read-only.
    w : int
        Window length in samples.

    Returns
    -------
    ndarray, shape (n - w + 1,), float64
        Element i is the mean of ``x[i], ..., x[i + w - 1]``, computed in float64.

        On levels 1 to 3 errors up to 1e-14 times the sum of all ``|x|`` pass, so a difference of two
        cumulative sums is accurate enough. On level 4 every mean follows from its own window alone: errors up
        to 1e-12 times the largest absolute value *in the window* pass, and NaN and infinities show only where
        the window holds one.

    Raises
    ------
    ValueError
        If `w` is below 1 or above n.

    Examples
    --------
    >>> moving_average(np.array([1.0, 2.0, 6.0, 4.0]), 2)
    array([1.5, 4. , 5. ])
    >>> moving_average(np.array([1e17, 1.0, 2.0, 3.0]), 3)[1:]
    array([2.])
    """
    n = x.size
    if not 1 <= w <= n:
        raise ValueError(f"w must be from 1 to {n}, got {w}")
    blocks = np.pad(x.astype(np.float64), (0, w - n % w)).reshape(n // w + 1, w)
    tails = np.cumsum(blocks[:, ::-1], axis=1)[:, ::-1]
    heads = np.zeros_like(blocks)
    np.cumsum(blocks[:, :-1], axis=1, out=heads[:, 1:])
    return (tails.ravel()[: n - w + 1] + heads.ravel()[w : n + 1]) / w


@works()
def by_doubling(x, w):
    """Sums of 1, 2, 4, … neighbours, put together as w is written in binary."""
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
    """The usual answer: the sum up to here less the sum up to w samples ago."""
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    c = np.zeros(x.size + 1)
    np.cumsum(x, out=c[1:], dtype=np.float64)
    return (c[w:] - c[:-w]) / w


@works(fails="any window")
def by_windows(x, w):
    """Every window laid out as a view, and reduced: n w additions."""
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return sliding_window_view(x, w).mean(axis=1, dtype=np.float64)


@works(fails="any window")
def by_convolution(x, w):
    """A convolution with ones, where the window lies inside."""
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return np.convolve(x.astype(np.float64), np.ones(w), mode="valid") / w


@works(fails="vectorized")
def by_loop(x, w):
    """One mean after the other."""
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return np.array([x[i : i + w].mean(dtype=np.float64) for i in range(x.size - w + 1)])


@trap("A cumulative sum needs a leading 0: without it the first window, c[w - 1], is lost.", verdict="WT")
def one_short(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    c = np.cumsum(x, dtype=np.float64)
    return (c[w:] - c[:-w]) / w


@trap("mode='same' pads with zeros: n means, and those at the ends are of windows that are not full. Use 'valid'.",
      verdict="WT")  # fmt: skip
def pads_the_ends(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return np.convolve(x.astype(np.float64), np.ones(w) / w, mode="same")


@trap("np.convolve swaps its arguments where the second is longer: w > n gives numbers instead of an error.")
def swapped_by_convolve(x, w):
    if w < 1 or x.size == 0:
        raise ValueError("w is out of range")
    return np.convolve(x.astype(np.float64), np.ones(w), mode="valid") / w


@trap("Slices never complain: for a w out of range, c[w:] - c[:-w] is some array, often an empty one. Check w.")
def checks_nothing(x, w):
    c = np.concatenate([[0.0], np.cumsum(x, dtype=np.float64)])
    return (c[w:] - c[:-w]) / max(abs(w), 1)


@trap(
    "float32 in, float32 out: mean, sum and cumsum add in float32, with seven digits. Ask for dtype=np.float64, "
    "before adding and not after."
)
def sums_in_float32(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return sliding_window_view(x, w).mean(axis=1).astype(np.float64)


@trap("A window of length n is allowed: it is the one window that there is.", verdict="RE")
def refuses_the_whole(x, w):
    if not 1 <= w < x.size:
        raise ValueError("w is out of range")
    return sliding_window_view(x, w).mean(axis=1, dtype=np.float64)


@trap("The mean divides by the window's length: these are sums.")
def sums_not_means(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return sliding_window_view(x, w).sum(axis=1, dtype=np.float64)


@trap("Windows start at every sample and overlap; reshape cuts them one behind the other.", verdict="WT")
def blocks_apart(x, w):
    if not 1 <= w <= x.size:
        raise ValueError("w is out of range")
    return x[: x.size // w * w].reshape(-1, w).mean(axis=1, dtype=np.float64)


def ticks(rng, n):
    return {"x": rng.uniform(-100, 100, n), "w": 50}


def wide_window(rng, n):
    return {"x": rng.uniform(-100, 100, n), "w": n // 2}


def follows_from_its_window(result, expected, x, w):
    """What is wrong with the means, each measured by the samples in its own window."""
    if not isinstance(result, np.ndarray) or result.shape != expected.shape or result.dtype != expected.dtype:
        form = f"of shape {result.shape} and dtype {result.dtype}" if isinstance(result, np.ndarray) else "no array"
        return f"WT: The result is {form}, expected shape {expected.shape} and dtype {expected.dtype}."
    with np.errstate(invalid="ignore"):
        near = np.abs(result - expected) <= 1e-12 * np.abs(sliding_window_view(x, w)).max(axis=1)
    same = (result == expected) | (np.isnan(result) & np.isnan(expected)) | (near & np.isfinite(expected))
    if same.all():
        return None
    i = int(np.flatnonzero(~same)[0])
    means = f"{float(result[i])!r}, expected {float(expected[i])!r}"
    return f"the mean of window {i}, x[{i}:{i + w}], is {means}: it must follow from these samples alone."


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
            # 16 eps sqrt(n) is 3.6e-15 at least: three times the sum makes it 1e-14 of it.
            result=matches(scale=lambda x, w: 3 * np.abs(x, dtype=np.float64).sum()),
        )
    ],
    levels=[
        Level("right"),
        Level("vectorized", "Without a loop in Python over the samples.", no_python_loop(ticks)),
        Level(
            "any window",
            "Now for any w in O(n), or nearly so: a window of half a million samples must cost about what ten do.",
            grows(1, wide_window),
        ),
        Level(
            "no drift",
            "An outlier of 1e17, or a NaN, has left the window. The means after it must be as good as before it.",
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
        "If you know the sum of all samples up to each place, how do you get the sum of a stretch between two places?",
        "How many means are there? A cumulative sum that starts with 0 has n + 1 elements: which ones do they need?",
        "On level 4 nothing may be subtracted. Cut x into blocks of w samples: how does any window lie across two "
        "neighbouring blocks?",
        "A window is the tail of one block and the head of the next. Both are cumulative sums inside a block.",
    ],
    explanation="""\
With cumulative sums that start at 0, the sum of a window is one subtraction, whatever its length:

>>> x, w = np.array([1.0, 2.0, 6.0, 4.0]), 2
>>> c = np.concatenate([[0.0], np.cumsum(x)])
>>> (c[w:] - c[:-w]) / w
array([1.5, 4. , 5. ])

That is O(n). `np.convolve(x, np.ones(w), "valid")` and the mean of `sliding_window_view` do n w additions:
fine for small w. Convolution swaps its arguments where w > n, so check w yourself.

The weakness is that `c` never forgets. Each element carries the rounding of all sums before it. One outlier
of 1e17, and from there on neighbouring floats are 16 apart; one NaN, and the rest is NaN.

>>> c = np.cumsum([0.0, 1e17, 1.0, 2.0, 3.0])
>>> (c[2:] - c[:-2]) / 2
array([5.e+16, 0.e+00, 0.e+00])

The cure is not to subtract. Cut `x` into blocks of w samples. Every window is the tail of one block and the
head of the next, and both come from cumulative sums inside blocks: two passes, O(n), and no sample outside
the window takes part. This is the trick of van Herk and of Gil and Werman for moving maxima, where nothing
can be subtracted.

Doubling does it as well: a sum of 2k neighbours is two sums of k, and w is put together from its binary
digits. That is O(n log w), and about as quick.

Kahan summation or subtracting the mean reduces drift; neither stops a NaN.
""",
    points=[
        "A cumulative sum with a leading 0 gives every window by one subtraction: O(n).",
        "There are n - w + 1 full windows; w < 1 and w > n are errors that slices do not report.",
        "convolve and sliding windows are right, but O(n w).",
        "Cumulative sums drift: errors follow the whole sum, and a NaN or inf never leaves.",
        "Tails and heads of blocks of w samples give each window by one addition, with nothing subtracted.",
        "Sums of float32 need dtype=np.float64 from the start.",
    ],
    follow_ups={
        "How do you average over time instead of ticks?": "With np.searchsorted for the start of each window, then "
        "cumulative sums of values and counts.",
        "What about a stream?": "Keep a ring buffer of w samples and their sum; compute the sum afresh now and then.",
        "And an exponential average?": "y[i] = (1 - a) y[i - 1] + a x[i] is a recurrence: scipy.signal.lfilter runs it "
        "in C.",
        "How would you skip NaN?": "Average np.where(isnan, 0, x) and the counts of numbers, and divide.",
    },
    related=["sliding-windows", "rolling-statistics", "cumulative-sums", "convolution", "float-precision"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.cumsum.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.convolve.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.sliding_window_view.html",
    ],
)
