"""Build a boolean mask from intervals."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    by_hardness,
    case,
    drill,
    faster_than,
    needs,
    no_python_loop,
    peak_memory,
    predict,
    trap,
    works,
)


def in_any_interval(x, lo, hi):
    """Return a boolean mask that is True where `x` is in at least one interval.

    The values in `x` are the times of log entries, and each interval is a maintenance window.

    Interval j is half-open: it contains t if ``lo[j] <= t < hi[j]``. If ``lo[j] >= hi[j]``, it is empty.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or int64
        Times in seconds, in any order, ``n >= 0``.
    lo, hi : ndarray, shape (k,), same dtype as `x`
        Start and end of each interval, ``k >= 0``. The intervals are in any order, and may overlap or be equal.

    All three arrays may be strided, reversed or read-only. Floats may be NaN or infinite. NaN in `x` is in no interval,
    and an interval whose start or end is NaN is empty.

    Returns
    -------
    ndarray, shape (n,), bool
        True for each value that is in at least one interval. If k is 0, all elements are False.

    Examples
    --------
    >>> in_any_interval(np.array([0.0, 1.0, 2.0, 5.0]), np.array([1.0, 4.0]), np.array([2.0, 9.0]))
    array([False,  True, False,  True])
    """
    nonempty = lo < hi
    started = np.searchsorted(np.sort(lo[nonempty]), x, side="right")
    ended = np.searchsorted(np.sort(hi[nonempty]), x, side="right")
    return started > ended


@works(fails="many windows")
def interval_by_interval(x, lo, hi):
    """Combines the mask of each interval into the result with `|=`."""
    inside = np.zeros(x.shape, dtype=bool)
    for start, end in zip(lo, hi, strict=True):
        inside |= (start <= x) & (x < end)
    return inside


@works(fails="memory")
def by_broadcasting(x, lo, hi):
    """Compares every value with every interval."""
    t = x[:, np.newaxis]
    return np.any((lo <= t) & (t < hi), axis=1)


@works(fails="vectorized")
def value_by_value(x, lo, hi):
    """Uses a chained comparison, which works for single numbers."""
    return np.array([any(a <= t < b for a, b in zip(lo, hi, strict=True)) for t in x], dtype=bool)


@works()
def by_merged_edges(x, lo, hi):
    """Merges overlapping intervals. A value is inside if the number of edges up to it is odd."""
    nonempty = lo < hi
    order = np.argsort(lo[nonempty])
    start, end = lo[nonempty][order], np.maximum.accumulate(hi[nonempty][order])
    gap = start[1:] > end[:-1]
    edges = np.stack([start[np.append(True, gap)[: start.size]], end[np.append(gap, True)[: start.size]]], axis=1)
    return np.searchsorted(edges.ravel(), x, side="right") % 2 == 1


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "A chained comparison a <= x < b uses `and`, which requires a single truth value. An array of several elements has "
    "none, so NumPy raises ValueError. Write (a <= x) & (x < b).",
    verdict="RE",
)
def chains(x, lo, hi):
    inside = np.zeros(x.shape, dtype=bool)
    for start, end in zip(lo, hi, strict=True):
        inside |= start <= x < end
    return inside


@trap(
    "& has higher precedence than <, so mask & x < end means (mask & x) < end, and float arrays do not support &. Put "
    "each comparison in parentheses.",
    verdict="RE",
)
def without_parentheses(x, lo, hi):
    inside = np.zeros(x.shape, dtype=bool)
    for start, end in zip(lo, hi, strict=True):
        inside |= (start <= x) & x < end
    return inside


@trap(
    "`x < lo` and `x >= hi` are False if an operand is NaN, so after a negation NaN counts as inside. Test what is "
    "inside instead: (lo <= x) & (x < hi)."
)
def not_outside(x, lo, hi):
    t = x[:, np.newaxis]
    return np.any(~((t < lo) | (t >= hi)), axis=1)


@trap(
    "The intervals are half-open, so hi[j] itself is not in interval j: test x < hi. If you count ends with "
    "np.searchsorted, use side='right', so that an end equal to x counts."
)
def closed_intervals(x, lo, hi):
    t = x[:, np.newaxis]
    return np.any((lo <= t) & (t <= hi) & (lo < hi), axis=1)


@trap(
    "The start lo[j] belongs to interval j: test lo <= x. If you count starts with np.searchsorted, use side='right', "
    "so that a start equal to x counts."
)
def open_intervals(x, lo, hi):
    t = x[:, np.newaxis]
    return np.any((lo < t) & (t < hi), axis=1)


@trap(
    "A value in one interval is enough. np.all requires it to be in every interval: combine the intervals with np.any."
)
def in_every_interval(x, lo, hi):
    t = x[:, np.newaxis]
    return np.all((lo <= t) & (t < hi), axis=1)


@trap(
    "A value in an even number of overlapping intervals must be True as well. Exclusive or, ^, makes it False: combine "
    "the masks with |."
)
def exclusive_or(x, lo, hi):
    inside = np.zeros(x.shape, dtype=bool)
    for start, end in zip(lo, hi, strict=True):
        inside ^= (start <= x) & (x < end)
    return inside


@trap(
    "The intervals may have gaps between them. The smallest start and the largest end ignore the gaps: test each "
    "interval separately."
)
def one_large_interval(x, lo, hi):
    nonempty = lo < hi
    if not nonempty.any():
        return np.zeros(x.shape, dtype=bool)
    return (x >= lo[nonempty].min()) & (x < hi[nonempty].max())


@trap(
    "The sum of the masks counts the intervals of each value and has an integer dtype. Use np.any, or test sum > 0, to "
    "get dtype bool.",
    verdict="WT",
)
def counts_intervals(x, lo, hi):
    t = x[:, np.newaxis]
    return ((lo <= t) & (t < hi)).sum(axis=1)


@trap(
    "Intervals with lo > hi or with a NaN bound are empty, but if their starts and ends are counted, the counts are "
    "wrong. Keep only the intervals with lo < hi before you count."
)
def counts_empty_intervals(x, lo, hi):
    started = np.searchsorted(np.sort(lo), x, side="right")
    ended = np.searchsorted(np.sort(hi), x, side="right")
    return started > ended


@trap(
    "float64 represents all integers up to 2**53, but rounds many larger ones, so different times become equal. "
    "Compare int64 values without converting them."
)
def as_floats(x, lo, hi):
    t = x.astype(np.float64)[:, np.newaxis]
    return np.any((lo.astype(np.float64) <= t) & (t < hi.astype(np.float64)), axis=1)


# -------------------------------------------------------------------------------------------------------------- drills


@drill("What is the value, or which error is raised?")
def precedence(rng, hardness):
    x = rng.integers(0, 10, 3).tolist()
    a, b = sorted(int(k) for k in rng.choice(10, 2, replace=False))
    kind = "int64" if hardness > 0.4 and rng.random() < 0.5 else "float64"
    bits = "int64 supports &, so no error is raised, but & combines the bits of the mask and x"
    floats = "float64 does not support &"
    code, why = by_hardness(rng, [
        (f"((x > {a}) & (x < {b})).tolist()", "Each comparison gives a mask, and & is True where both masks are."),
        (f"((x < {a}) | (x > {b})).tolist()", "| is True where at least one of the comparisons is True."),
        (f"(~(x > {a})).tolist()", "~ inverts each element of a mask."),
        (f"(x > {a} and x < {b})", "`and` requires a single truth value, and an array of three elements has none."),
        (f"({a} < x < {b})", f"A chain means ({a} < x) and (x < {b}), and `and` requires a single truth value."),
        (f"x > {a} & x < {b}", f"{a} & x is evaluated first: {floats}." if kind == "float64" else
         f"{a} & x is evaluated first. The chain of two comparisons that remains requires a single truth value."),
        (f"((x > {a}) & x < {b}).tolist()", f"& comes before <: {floats if kind == 'float64' else bits}."),
        (f"((x > {a}) ^ (x < {b})).tolist()", "^ is True where exactly one of the comparisons is True."),
        (f"(not x > {a})", "`not` requires a single truth value as well. ~ works element by element."),
        (f"(-(x > {a})).tolist()", "NumPy does not support the unary minus for bool arrays: use ~."),
    ], hardness)  # fmt: skip
    return predict(f"x = np.array({x}, dtype={kind!r})\n{code}", why=why)


@drill("What is the value?")
def nan_compared(rng, hardness):
    k = int(rng.integers(1, 9))
    places = ["np.nan", str(k), str(-k)]
    rng.shuffle(places)
    negated = "NaN < 0 is False, so its negation is True"
    code, why = by_hardness(rng, [
        ("(x == x).tolist()", "NaN is not equal to anything, including itself."),
        ("(x > 0).tolist()", "Every ordering comparison with NaN is False."),
        ("(x != x).tolist()", "!= is the only comparison that is True for NaN."),
        ("(~(x < 0)).tolist()", f"{negated}."),
        ("((x <= 0) | (x > 0)).tolist()", "Both comparisons are False for NaN."),
        (f"(x == {k}).any()", "One element is equal, and the comparison with NaN is only False."),
        ("(x == np.nan).any()", "No value is equal to NaN. np.isnan finds NaN."),
        ("np.array_equal(x, x)", "array_equal compares with ==, so an array that contains NaN differs from itself."),
        ("np.array_equal(x, x, equal_nan=True)", "equal_nan=True treats NaN at the same position as equal."),
        ("(np.maximum(x, 0) >= 0).tolist()", "np.maximum returns NaN if one input is NaN, and NaN >= 0 is False."),
        ("np.isin(np.nan, x)", "NaN is not equal to any element, so isin does not find it."),
    ], hardness)  # fmt: skip
    return predict(f"x = np.array([{', '.join(places)}])\n{code}", why=why)


@drill("What is the value, or which error is raised?")
def bits_or_logic(rng, hardness):
    a, b = (int(k) for k in rng.choice(np.arange(1, 16), 2, replace=False))
    flag = bool(rng.random() < 0.5)
    code, why = by_hardness(rng, [
        (f"(np.array({flag}) & np.array(True)).tolist()", "For bool arrays, & is logical and."),
        (f"np.logical_and({a}, {b})", "Both numbers are nonzero, so both count as True."),
        (f"np.bitwise_and({a}, {b})", f"& works bit by bit: {a:04b} & {b:04b} = {a & b:04b}."),
        (f"np.logical_or({a}, 0)", f"{a} is nonzero, so it counts as True."),
        (f"(np.array([{a}]) & np.array([{b}])).tolist()", f"For integers, & works bit by bit: {a:04b} & {b:04b}."),
        (f"(~np.array([{a}])).tolist()", f"For integers, ~ inverts all bits, which gives -{a} - 1."),
        (f"np.logical_not([{a}, 0]).tolist()", "logical_not is True exactly for zero."),
        (f"(np.array([True]) + np.array([{flag}])).tolist()", "For two bool arrays, + is logical or."),
        (f"(np.array([True]) - np.array([{flag}])).tolist()", "NumPy does not subtract bool arrays: use ^."),
        (f"(np.array([{a}]) ^ np.array([{b}])).tolist()", f"^ is exclusive or, bit by bit: {a:04b} ^ {b:04b}."),
        (f"np.logical_xor({a}, {b})", "Both numbers count as True, and exclusive or requires exactly one."),
        (f"np.bitwise_and({a}.0, {b}.0)", "bitwise_and does not support floats."),
        (f"np.bitwise_count(np.uint8({a})).item()", f"The number of ones in {a:04b}. NumPy 2.0 added bitwise_count."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def truth_of_arrays(rng, hardness):
    a, b = (int(k) for k in rng.integers(0, 3, 2))
    n = int(rng.integers(2, 5))
    code, why = by_hardness(rng, [
        (f"np.any([{a}, {b}, 0])", "np.any is True if at least one element is nonzero."),
        (f"np.all([{a}, {b}, 1])", "np.all is True if no element is zero."),
        (f"bool(np.array([{a}, {b}]))", "An array of two elements has no single truth value: use any or all."),
        (f"bool(np.array([[{a}]]))", "An array with a single element has the truth value of this element."),
        (f"np.all(np.zeros((0, {n})))", "An empty array contains no zero, so all is True."),
        (f"np.any(np.zeros((0, {n})))", "An empty array contains no nonzero element, so any is False."),
        (f"np.all(np.ones(({n}, 0)), axis=1).tolist()", "Each row is empty, and all of an empty row is True."),
        (f"np.any([[{a}, 0], [0, {b}]], axis=0).tolist()", "axis=0 combines the rows: one result per column."),
        (f"np.array({a}) == np.array([{a}, {b}]) if np.array([{a}, {b}]) else 0", "`if` requires one truth value."),
        (f"(np.array([{a}, {b}]) == [{a}, {b}, 0])", "Shapes (2,) and (3,) do not broadcast, so == raises an error."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the shape, or which error is raised?")
def shapes(rng, hardness):
    n, k = (int(k) for k in rng.choice(np.arange(2, 9), 2, replace=False))
    code, why = by_hardness(rng, [
        ("(x > 0).shape", "The comparison works element by element, so the shape stays the same."),
        ("(x[:, np.newaxis] < lo).shape", "(n, 1) and (k,) broadcast to (n, k): each x is compared with each lo."),
        ("(x[:, np.newaxis] < lo).any(axis=1).shape", "axis=1 has one position per lo. Reducing it leaves one per x."),
        ("(x[:, np.newaxis] < lo).any(axis=0).shape", "axis=0 has one position per x. Reducing it leaves one per lo."),
        ("(x < lo[:, np.newaxis]).shape", "(n,) and (k, 1) broadcast to (k, n): one row per lo, one column per x."),
        ("(x[:, np.newaxis] < lo).any().shape", "Without axis, any reduces all axes and returns a scalar."),
        ("(x[:, np.newaxis] < lo).any(axis=1, keepdims=True).shape", "keepdims=True keeps the reduced axis: length 1."),
        ("(x < lo).shape", "The lengths of x and lo differ, and neither is 1, so they do not broadcast."),
    ], hardness)  # fmt: skip
    return predict(f"x = np.ones({n})\nlo = np.zeros({k})\n{code}", why=why)


def log_times(rng, n=100_000, k=100):
    lo = rng.uniform(0, 1e6, k)
    return {"x": rng.uniform(0, 1e6, n), "lo": lo, "hi": lo + rng.uniform(0, 1e3, k)}


INF, NAN = np.inf, np.nan
TIMES = {"dtype": ("float64", "int64"), "low": -9, "high": 9, "holds": ("nan", "both inf", "extremes", "negative zero")}

QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="easy",
    topics=["Boolean Operations", "Logic"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T18", "T63", "amazon-3"],
    entry_points=[
        Entry(
            in_any_interval,
            {"x": arrays("n", **TIMES), "lo": arrays("k", **TIMES), "hi": arrays("k", **TIMES)},
            dims={"k": (0, 6)},
            where=lambda x, lo, hi: x.dtype == lo.dtype == hi.dtype,
            cases=[
                case(x=np.array([1.0, 2.0]), lo=np.array([1.0]), hi=np.array([2.0])),
                case(x=np.array([1, 2, 3]), lo=np.array([1]), hi=np.array([3])),
                case(x=np.array([5.0]), lo=np.array([1.0, 4.0]), hi=np.array([2.0, 9.0])),
                case(x=np.array([3.0]), lo=np.array([1.0, 4.0]), hi=np.array([2.0, 9.0])),
                case(x=np.array([3.0]), lo=np.array([1.0, 2.0]), hi=np.array([5.0, 4.0])),
                case(x=np.array([3.0]), lo=np.array([1.0, 9.0]), hi=np.array([5.0, 2.0])),
                case(x=np.array([3.0]), lo=np.array([3.0]), hi=np.array([3.0])),
                case(x=np.array([NAN]), lo=np.array([-INF]), hi=np.array([INF])),
                case(x=np.array([-INF, INF]), lo=np.array([-INF]), hi=np.array([INF])),
                case(x=np.array([1.0]), lo=np.array([NAN, 0.0]), hi=np.array([5.0, NAN])),
                case(x=np.array([2.0]), lo=np.array([0.0, 1.0]), hi=np.array([NAN, 3.0])),
                case(x=np.array([1.0, 2.0, NAN]), lo=np.zeros(0), hi=np.zeros(0)),
                case(x=np.array([2**53]), lo=np.array([0]), hi=np.array([2**53 + 1])),
                case(x=np.arange(8), lo=np.array([1, 2, 6]), hi=np.array([3, 4, 7])),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized",
            "Uses no Python loop over the values in `x`. A loop over a few intervals is allowed.",
            no_python_loop(lambda rng, n: log_times(rng, n, 4)),
        ),
        Level(
            "memory",
            "Allocates at most 4 times the size of the inputs, including the result, for n = 100,000 and k = 100.",
            peak_memory(log_times, inputs=4),
        ),
        Level(
            "many windows",
            "At least 2.5 times faster than a loop over the intervals, for n = 4,000 and k = 1,000.",
            faster_than(
                interval_by_interval,
                2.5,
                lambda rng: log_times(rng, 4000, 1000),
                needs=needs(bytes=lambda x, lo, hi: x.nbytes + lo.nbytes + hi.nbytes + x.size),
            ),
        ),
    ],
    hints=[
        "Which two comparisons test a single interval, and which operator combines two boolean arrays element by "
        "element?",
        "Which comparisons are True for NaN? Test whether a value is inside, instead of negating a test for outside.",
        "For the last level: how many intervals have started at or before time t, and how many of those have ended? "
        "Which function counts this in sorted arrays?",
    ],
    spoken="""\
For one interval I compare with the start and the end and combine the two masks with `&`. Each comparison needs
parentheses, because `&` has higher precedence. Python's `and` raises ValueError, because an array of several elements
has no single truth value. For a few intervals I combine the masks with `|=` in a loop, or use broadcasting and
`np.any`. For many intervals I remove the empty ones, sort the starts and the ends, and count both with
`np.searchsorted`. A value is inside if more intervals have started than ended. Every comparison with NaN except `!=` is
False, so I never negate a test for outside.
""",
    explanation="""\
A comparison of arrays returns a boolean array, called a mask. The operators `&`, `|`, `^` and `~` combine masks element
by element. Python's `and`, `or` and `not` require a single truth value instead, and a chained comparison such as
`0 <= x < 5` means `0 <= x and x < 5`. An array of several elements has no single truth value:

>>> x = np.array([1.0, 5.0, np.nan])
>>> 0 <= x < 5
Traceback (most recent call last):
...
ValueError: The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()
>>> (0 <= x) & (x < 5)
array([ True, False, False])

*Parentheses.* `&` has higher precedence than `<`. Therefore `(0 <= x) & x < 5` means `((0 <= x) & x) < 5`, which raises
TypeError if `x` has floats. If `x` has integers, `&` works bit by bit, and the result can be wrong without an error.

*NaN.* Every comparison with NaN is False, except `!=`, which is True. So the negation of "outside" is not the same as
"inside":

>>> ~((x < 0) | (x >= 5))
array([ True, False,  True])

*Bits or truth values?* `np.logical_and` treats every nonzero element as True. For bool arrays `&` gives the same
result, but for integers it works on the bits:

>>> np.logical_and([4], [2]), np.array([4]) & np.array([2])
(array([ True]), array([0]))

*Many intervals.* For n values and k intervals, choose between three methods:

- Broadcasting compares `x[:, np.newaxis]` with all intervals. It is the shortest code, but each mask has n * k bytes.
- A loop over the intervals with `inside |= ...` needs only masks of n bytes. It is good if k is small, because the time
  grows with n * k.
- Counting takes time proportional to (n + k) log k. A value is inside exactly if more intervals have started than
  ended. Remove empty intervals first: if lo > hi, the end would be counted before the start.

>>> lo, hi = np.array([1, 4]), np.array([2, 9])
>>> t = np.array([0, 1, 2, 5])
>>> started = np.searchsorted(np.sort(lo), t, side="right")
>>> ended = np.searchsorted(np.sort(hi), t, side="right")
>>> started > ended
array([False,  True, False,  True])

`side="right"` counts the elements that are less than or equal to `t`. Each count needs an array of n integers.
""",
    points=[
        "Comparisons return bool arrays, and &, |, ^ and ~ combine them element by element.",
        "and, or, not, if and chained comparisons raise ValueError for arrays with more than one element.",
        "& has higher precedence than comparisons, so each comparison needs parentheses.",
        "All comparisons with NaN except != are False, so a negated test is True for NaN.",
        "For integers & and ~ work bit by bit; np.logical_and treats nonzero as True.",
        "Broadcasting costs n * k bytes; sorting and np.searchsorted take time proportional to (n + k) log k.",
    ],
    follow_ups={
        "How do you combine a whole list of masks?": "With np.logical_or.reduce(masks) or np.any(masks, axis=0).",
        "Does & skip the second operand, as `and` does?": "No, both masks are computed completely. To skip elements "
        "for which a first test is False, index with its mask, or use the ufunc parameters where= and out=.",
        "How do you test whether any value is inside, without computing the whole mask?": "Process `x` in blocks "
        "and stop after the first block with a match. NumPy's comparisons always process the whole array.",
    },
    related=["filter-rows", "conditional-where", "count-nonzero", "none-vs-nan", "packed-bits"],
    links=[
        "https://numpy.org/doc/stable/reference/routines.logic.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.logical_and.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.greater.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.searchsorted.html",
    ],
    equivalent={
        "in_any_interval: `lo < hi` -> `lo <= hi` in `nonempty = lo < hi`": "An interval with "
        "lo == hi is counted as started and as ended for the same values, so it has no effect.",
    },
)
