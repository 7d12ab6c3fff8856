"""Run-length encoding and decoding with np.repeat."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    arrays,
    case,
    faster_than,
    needs,
    no_python_loop,
    raises,
    trap,
    works,
)


def rle_decode(values, counts):
    """Decode a run-length code: repeat each value as often as its count says.

    Parameters
    ----------
    values : ndarray, shape (k,), float64 or int16
        The value of each run, ``k >= 0``. May contain NaN.
    counts : ndarray, shape (k,), int64
        The length of each run. A run of length 0 is omitted.

    Returns
    -------
    ndarray, shape (sum of counts,), same dtype as `values`

    Raises
    ------
    ValueError
        If a count is negative.

    Examples
    --------
    >>> rle_decode(np.array([7.0, 1.5]), np.array([3, 2]))
    array([7. , 7. , 7. , 1.5, 1.5])
    """
    return np.repeat(values, counts)


def rle_encode(x):
    """Encode an array as runs: maximal stretches of equal adjacent elements.

    Adjacent NaNs belong to the same run. 0.0 and -0.0 are equal.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or int16
        The samples of a sensor log, ``n >= 0``. May contain NaN.

    Returns
    -------
    values : ndarray, shape (k,), same dtype as `x`
        The first element of each run.
    counts : ndarray, shape (k,), int64
        The length of each run, ``counts >= 1``.

    Examples
    --------
    >>> rle_encode(np.array([7, 7, 7, 2, 7], dtype=np.int16))
    (array([7, 2, 7], dtype=int16), array([3, 1, 1]))
    """
    nan = np.isnan(x)
    new = np.full(x.size + 1, True)
    new[1:-1] = (x[1:] != x[:-1]) & ~(nan[1:] & nan[:-1])
    edges = np.flatnonzero(new)
    return x[edges[:-1]], np.diff(edges)


@works(of="rle_encode")
def by_edges(x):
    """Handles the empty input separately."""
    if x.size == 0:
        return x.copy(), np.zeros(0, dtype=np.int64)
    same = (x[1:] == x[:-1]) | ((x[1:] != x[1:]) & (x[:-1] != x[:-1]))
    starts = np.concatenate([[0], np.flatnonzero(~same) + 1])
    return x[starts], np.diff(np.append(starts, x.size))


@works(fails="vectorized", of="rle_encode")
def by_loop(x):
    """Loops over the samples in Python."""
    values, counts = [], []
    for item in x:
        if values and (item == values[-1] or (item != item and values[-1] != values[-1])):
            counts[-1] += 1
        else:
            values.append(item)
            counts.append(1)
    return np.array(values, dtype=x.dtype), np.array(counts, dtype=np.int64)


@trap(
    "NaN differs from itself, so `x[1:] != x[:-1]` splits a run of NaNs into runs of length 1.",
    verdict="WT",
    of="rle_encode",
)
def splits_nan(x):
    if x.size == 0:
        return x.copy(), np.zeros(0, dtype=np.int64)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.flatnonzero(x[1:] != x[:-1]) + 1])
    return x[starts], np.diff(starts, append=x.size)


@trap(
    "np.unique counts equal values at any position. A run contains only adjacent elements.",
    verdict="WT",
    of="rle_encode",
)
def counts_values(x):
    values, counts = np.unique(x, return_counts=True)
    return values, counts


@trap(
    "The last run ends at the end of the array. Without n as the last edge, its length is missing.",
    verdict="WT",
    of="rle_encode",
)
def loses_last(x):
    new = (x[1:] != x[:-1]) & ~((x[1:] != x[1:]) & (x[:-1] != x[:-1]))
    starts = np.concatenate([np.zeros(min(x.size, 1), dtype=np.int64), np.flatnonzero(new) + 1])
    return x[starts[:-1]], np.diff(starts)


@trap("An empty array has no first element: x[0] raises IndexError.", verdict="RE", of="rle_encode")
def needs_a_first(x):
    first = x[0]
    new = (x[1:] != x[:-1]) & ~((x[1:] != x[1:]) & (x[:-1] != x[:-1]))
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.flatnonzero(new) + 1])
    values = x[starts]
    values[0] = first
    return values, np.diff(starts, append=x.size)


@trap(
    "Differences of narrow integers wrap around, and a tolerance joins values that differ slightly. "
    "Compare with != instead.",
    verdict="WT",
    of="rle_encode",
)
def by_difference(x):
    if x.size == 0:
        return x.copy(), np.zeros(0, dtype=np.int64)
    with np.errstate(invalid="ignore"):
        jump = np.abs(np.diff(x)) > (1e-9 if x.dtype.kind == "f" else 0)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.flatnonzero(jump) + 1])
    return x[starts], np.diff(starts, append=x.size)


@trap("np.tile repeats the whole array. np.repeat repeats each element by its own count.", of="rle_decode")
def tiles(values, counts):
    if (counts < 0).any():
        raise ValueError("counts must not be negative")
    return np.resize(values, counts.sum()) if values.size else values.copy()


@trap(
    "A list of lists loses the dtype: an empty or integer input is decoded as float64.", verdict="WT", of="rle_decode"
)
def by_lists(values, counts):
    if (counts < 0).any():
        raise ValueError("counts must not be negative")
    return np.array([float(v) for v, n in zip(values, counts, strict=True) for _ in range(n)])


def round_trip(rle_encode, rle_decode, x):
    values, counts = rle_encode(x)
    return rle_decode(values, counts)


def log(rng, n=1_000_000):
    return np.repeat(rng.standard_normal(n // 10), 10)


QUESTION = Question(
    kinds=["code"],
    difficulty="easy",
    topics=["Array Manipulation", "Array Creation"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T39"],
    entry_points=[
        Entry(
            rle_decode,
            {
                "values": arrays("k", dtype=("float64", "int16"), holds=("nan", "inf")),
                "counts": arrays("k", dtype="int64", low=0, high=5),
            },
            dims={"k": (0, 12)},
            cases=[
                raises(ValueError, values=np.array([1.0, 2.0]), counts=np.array([2, -1])),
                case(values=np.array([3, 4], dtype=np.int16), counts=np.array([0, 0])),
            ],
        ),
        Entry(
            rle_encode,
            {
                "x": arrays(
                    "n",
                    dtype=("float64", "int16"),
                    holds=("nan", "nan runs", "all nan", "inf", "negative zero", "extremes"),
                )
            },
            cases=[
                case(x=np.array([np.nan, np.nan, 1.0, 1.0, np.nan])),
                case(x=np.array([0.0, -0.0, 0.0, 1.0])),
                case(x=np.array([-32768, 32767, -32768], dtype=np.int16)),
                case(x=np.array([1.0, 1.0 + 1e-12])),
                case(x=np.array([np.inf, np.inf, -np.inf, -np.inf, 2.0])),
                case(x=np.array([2, 2, 1, 2], dtype=np.int16)),
            ],
        ),
    ],
    scenarios=[
        Scenario(round_trip, {"x": arrays("n", dtype=("float64", "int16"), holds=("nan", "nan runs"))}),
    ],
    levels=[
        Level("right"),
        Level("vectorized", "Uses no Python loop over the samples.", no_python_loop(lambda rng, n: {"x": log(rng, n)})),
        Level(
            "fast",
            "At least 4 times faster than the Python loop over the samples.",
            faster_than(
                by_loop,
                4,
                lambda rng: {"x": log(rng, 20_000)},
                needs=needs(bytes=lambda x: x.nbytes, operations=lambda x: x.size),
            ),
        ),
    ],
    hints=[
        "A run starts at the first element, and at each element that differs from the one before it.",
        "Lengths follow from the starts: how far is each start from the next one, and the last start from n?",
        "x != x is True exactly for NaN. When do two adjacent elements that differ still belong to the same run?",
    ],
    spoken="""\
To encode, I find where adjacent elements differ with `x[1:] != x[:-1]`; those positions plus index 0 are the starts
of the runs, and the lengths are the differences between starts, closed by n. NaN needs care because it differs from
itself, so two adjacent NaNs must count as equal. An empty array has no runs. To decode, I call `np.repeat(values,
counts)`, which keeps the dtype, skips zero counts and raises for negative ones. Both directions take linear time
without a Python loop.
""",
    explanation="""\
Encoding means finding edges. Compare each element with its neighbor: a run starts at index 0 and at each element that
differs from its neighbor, unless the array is empty.

>>> x = np.array([7, 7, 7, 2, 7])
>>> starts = np.r_[0, np.flatnonzero(x[1:] != x[:-1]) + 1]
>>> starts
array([0, 3, 4])

The lengths are the differences between starts, with n as the last edge. The `append` argument of `np.diff` saves a
concatenation.

>>> np.diff(starts, append=x.size)
array([3, 1, 1])

*NaN.* It differs from itself, so `!=` alone sees an edge inside a run of NaNs. Two neighbors are both NaN exactly if
both differ from themselves.

*Decoding* is `np.repeat` with one count per element. It keeps the dtype, skips runs of length 0, handles an empty code,
and raises ValueError for a negative count. `np.tile` is different: it repeats the whole array.

>>> np.repeat([1, 2], [3, 1]), np.tile([1, 2], 2)
(array([1, 1, 1, 2]), array([1, 2, 1, 2]))

Everything takes O(n) time in a few passes, without a Python loop. The encoding saves memory if runs are long: k values
and k counts instead of n samples.
""",
    points=[
        "A run starts at index 0 and at each element that differs from the one before it.",
        "The lengths are the differences between starts, closed by n.",
        "NaN differs from itself, so runs of NaN need a separate test.",
        "The empty array has no runs, and x[0] must not be accessed.",
        "np.repeat takes one count per element; np.tile repeats the whole array.",
        "Comparing is safer than subtracting: differences of narrow integers wrap around, and inf - inf is NaN.",
    ],
    follow_ups={
        "How do you find the longest run?": "Use counts.argmax() on the encoding. Its start is "
        "starts[counts.argmax()].",
        "How do you look up element i without decoding?": "`values[np.searchsorted(np.cumsum(counts), i, "
        "side='right')]`.",
    },
    related=["find-runs", "tile-and-repeat", "value-counts"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.repeat.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.flatnonzero.html",
    ],
)
