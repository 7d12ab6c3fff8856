"""Log entries inside any window."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
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
    """Mark the log entries that fall into any of the maintenance windows.

    Window j is half-open: it holds the times t with ``lo[j] <= t < hi[j]``, and none where ``lo[j] >= hi[j]``.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or int64
        Times in seconds, in any order. May be empty.
    lo, hi : ndarray, shape (k,), dtype of `x`
        Start and end of each window. Windows come in any order, and may overlap or be equal; there may be none.

    All three may be strided, reversed or read-only; floats may be NaN or infinite. NaN lies in no window, and a window
    of which an end is NaN holds nothing.

    Returns
    -------
    ndarray, shape (n,), bool
        True where an entry lies in at least one window.

    Examples
    --------
    >>> in_any_interval(np.array([0.0, 1.0, 2.0, 5.0]), np.array([1.0, 4.0]), np.array([2.0, 9.0]))
    array([False,  True, False,  True])
    """
    real = lo < hi
    opened = np.searchsorted(np.sort(lo[real]), x, side="right")
    closed = np.searchsorted(np.sort(hi[real]), x, side="right")
    return opened > closed


@works(fails="many windows")
def window_by_window(x, lo, hi):
    """A mask for each window, and-ed from two comparisons and or-ed into the result."""
    inside = np.zeros(x.shape, dtype=bool)
    for start, end in zip(lo, hi, strict=True):
        inside |= (start <= x) & (x < end)
    return inside


@works(fails="memory")
def by_broadcasting(x, lo, hi):
    """Every entry against every window."""
    t = x[:, np.newaxis]
    return np.any((lo <= t) & (t < hi), axis=1)


@works(fails="vectorized")
def entry_by_entry(x, lo, hi):
    """Python's own chained comparison, which is fine for single numbers."""
    return np.array([any(a <= t < b for a, b in zip(lo, hi, strict=True)) for t in x], dtype=bool)


@works()
def by_merged_edges(x, lo, hi):
    """Merges overlapping windows; between an odd and an even edge lies a window."""
    real = lo < hi
    order = np.argsort(lo[real])
    start, end = lo[real][order], np.maximum.accumulate(hi[real][order])
    gap = start[1:] > end[:-1]
    edges = np.stack([start[np.append(True, gap)[: start.size]], end[np.append(gap, True)[: start.size]]], axis=1)
    return np.searchsorted(edges.ravel(), x, side="right") % 2 == 1


# --------------------------------------------------------------------------------------------------------------- traps


@trap("`and`, and so a chain a <= x < b, asks an array for one truth value, which is an error: write (a <= x) & (x < "
      "b).", verdict="RE")  # fmt: skip
def chains(x, lo, hi):
    inside = np.zeros(x.shape, dtype=bool)
    for start, end in zip(lo, hi, strict=True):
        inside |= start <= x < end
    return inside


@trap("& binds more tightly than <: without parentheses this is (mask & x) < end. Put each comparison in parentheses.",
      verdict="RE")  # fmt: skip
def without_parentheses(x, lo, hi):
    inside = np.zeros(x.shape, dtype=bool)
    for start, end in zip(lo, hi, strict=True):
        inside |= (start <= x) & x < end
    return inside


@trap("Every comparison with NaN is False, so `not outside` is not `inside`: negated, NaN lies in every window.")
def not_outside(x, lo, hi):
    t = x[:, np.newaxis]
    return np.any(~((t < lo) | (t >= hi)), axis=1)


@trap("A window is half-open: the end itself does not belong to it.")
def closed_windows(x, lo, hi):
    t = x[:, np.newaxis]
    return np.any((lo <= t) & (t <= hi) & (lo < hi), axis=1)


@trap("The start belongs to the window: lo <= t, not lo < t.")
def open_windows(x, lo, hi):
    t = x[:, np.newaxis]
    return np.any((lo < t) & (t < hi), axis=1)


@trap("One window is enough: any over the windows, not all.")
def in_every_window(x, lo, hi):
    t = x[:, np.newaxis]
    return np.all((lo <= t) & (t < hi), axis=1)


@trap("^ is exclusive: an entry inside two windows at the same time is switched on and off again. Or is |.")
def exclusive_or(x, lo, hi):
    inside = np.zeros(x.shape, dtype=bool)
    for start, end in zip(lo, hi, strict=True):
        inside ^= (start <= x) & (x < end)
    return inside


@trap("From the first start to the last end there may be gaps: each window counts separately.")
def one_large_window(x, lo, hi):
    real = lo < hi
    if not real.any():
        return np.zeros(x.shape, dtype=bool)
    return (x >= lo[real].min()) & (x < hi[real].max())


@trap("A sum counts windows; the mask is bool: any, or sum > 0.", verdict="WT")
def counts_windows(x, lo, hi):
    t = x[:, np.newaxis]
    return ((lo <= t) & (t < hi)).sum(axis=1)


@trap("A window that ends before it starts would take one off the count of open ones: leave such windows out first.")
def counts_empty_windows(x, lo, hi):
    opened = np.searchsorted(np.sort(lo), x, side="right")
    closed = np.searchsorted(np.sort(hi), x, side="right")
    return opened > closed


@trap("float64 holds every whole number up to 2**53 only, and rounds beyond: compare int64 times as they are.")
def as_floats(x, lo, hi):
    t = x.astype(np.float64)[:, np.newaxis]
    return np.any((lo.astype(np.float64) <= t) & (t < hi.astype(np.float64)), axis=1)


# -------------------------------------------------------------------------------------------------------------- drills


def chosen(rng, forms, hardness):
    """One of `forms`, which go from easy to hard."""
    width = max(3, len(forms) // 2)
    first = round((len(forms) - width) * hardness)
    return forms[first + int(rng.integers(width))]


@drill("What is the value, or which error is raised?")
def precedence(rng, hardness):
    x = rng.integers(0, 10, 3).tolist()
    a, b = sorted(int(k) for k in rng.choice(10, 2, replace=False))
    kind = "int64" if hardness > 0.4 and rng.random() < 0.5 else "float64"
    bits = "int64 has & too: no error, but bits where a mask was meant"
    floats = "float64 has no &"
    code, why = chosen(rng, [
        (f"((x > {a}) & (x < {b})).tolist()", "Both comparisons give masks, and & combines them."),
        (f"((x < {a}) | (x > {b})).tolist()", "True where either comparison is."),
        (f"(~(x > {a})).tolist()", "~ turns a mask over."),
        (f"(x > {a} and x < {b})", "`and` needs one truth value, and an array of three has none."),
        (f"({a} < x < {b})", f"A chain means ({a} < x) and (x < {b}), and `and` needs one truth value."),
        (f"x > {a} & x < {b}", f"{a} & x comes first: {floats}." if kind == "float64" else
         f"{a} & x comes first; then a chain of two comparisons, whose `and` needs one truth value."),
        (f"((x > {a}) & x < {b}).tolist()", f"& comes before <: {floats if kind == 'float64' else bits}."),
        (f"((x > {a}) ^ (x < {b})).tolist()", "True where exactly one of them is."),
        (f"(not x > {a})", "`not` needs one truth value as well; ~ works by element."),
        (f"(-(x > {a})).tolist()", "NumPy refuses the minus sign for bool: use ~."),
    ], hardness)  # fmt: skip
    return predict(f"x = np.array({x}, dtype={kind!r})\n{code}", why=why)


@drill("What is the value?")
def nan_compared(rng, hardness):
    k = int(rng.integers(1, 9))
    places = ["np.nan", str(k), str(-k)]
    rng.shuffle(places)
    negated = "NaN < 0 is False, so the negation is True: NaN gets in"
    code, why = chosen(rng, [
        ("(x == x).tolist()", "NaN equals nothing, not even itself."),
        ("(x > 0).tolist()", "Every ordering comparison with NaN is False."),
        ("(x != x).tolist()", "!= is the one comparison that is True for NaN."),
        ("(~(x < 0)).tolist()", f"{negated}."),
        ("((x <= 0) | (x > 0)).tolist()", "NaN is neither: even this `always` is False."),
        (f"(x == {k}).any()", "One element is equal, and NaN does no harm to any."),
        ("(x == np.nan).any()", "Nothing equals NaN; np.isnan finds it."),
        ("np.array_equal(x, x)", "It compares with ==, so an array with NaN differs from itself."),
        ("np.array_equal(x, x, equal_nan=True)", "equal_nan=True counts NaN in the same place as equal."),
        ("(np.maximum(x, 0) >= 0).tolist()", "maximum passes NaN on, and NaN >= 0 is False."),
        ("np.isin(np.nan, x)", "isin compares with ==, so NaN is never found."),
    ], hardness)  # fmt: skip
    return predict(f"x = np.array([{', '.join(places)}])\n{code}", why=why)


@drill("What is the value, or which error is raised?")
def bits_or_logic(rng, hardness):
    a, b = (int(k) for k in rng.choice(np.arange(1, 16), 2, replace=False))
    flag = bool(rng.random() < 0.5)
    code, why = chosen(rng, [
        (f"(np.array({flag}) & np.array(True)).tolist()", "For bool, & is logical and."),
        (f"np.logical_and({a}, {b})", "Both are not 0, so both count as true."),
        (f"np.bitwise_and({a}, {b})", f"Bit by bit: {a:04b} & {b:04b} = {a & b:04b}."),
        (f"np.logical_or({a}, 0)", f"{a} is not 0, so it counts as true."),
        (f"(np.array([{a}]) & np.array([{b}])).tolist()", f"For integers & works bit by bit: {a:04b} & {b:04b}."),
        (f"(~np.array([{a}])).tolist()", f"For integers ~ turns all bits over: -{a} - 1."),
        (f"np.logical_not([{a}, 0]).tolist()", "logical_not asks: is it 0?"),
        (f"(np.array([True]) + np.array([{flag}])).tolist()", "For two bools, + is logical or."),
        (f"(np.array([True]) - np.array([{flag}])).tolist()", "NumPy refuses to subtract bools: use ^."),
        (f"(np.array([{a}]) ^ np.array([{b}])).tolist()", f"Exclusive or, bit by bit: {a:04b} ^ {b:04b}."),
        (f"np.logical_xor({a}, {b})", "Both count as true, so exactly one does not hold."),
        (f"np.bitwise_and({a}.0, {b}.0)", "bitwise_and does not accept floats."),
        (f"np.bitwise_count(np.uint8({a})).item()", f"The ones in {a:04b}; bitwise_count is new in NumPy 2."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def truth_of_arrays(rng, hardness):
    a, b = (int(k) for k in rng.integers(0, 3, 2))
    n = int(rng.integers(2, 5))
    one = "One element: its truth is the array's"
    code, why = chosen(rng, [
        (f"np.any([{a}, {b}, 0])", "any asks whether something is not 0."),
        (f"np.all([{a}, {b}, 1])", "all asks whether nothing is 0."),
        (f"bool(np.array([{a}, {b}]))", "An array of two has no single truth value: ask any or all."),
        (f"bool(np.array([[{a}]]))", f"{one}."),
        (f"np.all(np.zeros((0, {n})))", "An empty array contains no 0."),
        (f"np.any(np.zeros((0, {n})))", "An empty array contains no true element."),
        (f"np.all(np.ones(({n}, 0)), axis=1).tolist()", "all of an empty row is True, for each row."),
        (f"np.any([[{a}, 0], [0, {b}]], axis=0).tolist()", "axis=0 goes down the columns."),
        (f"np.array({a}) == np.array([{a}, {b}]) if np.array([{a}, {b}]) else 0", "`if` needs one truth value, too."),
        (f"(np.array([{a}, {b}]) == [{a}, {b}, 0])", "Lengths 2 and 3 do not broadcast; NumPy once gave False here."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the shape, or which error is raised?")
def shapes(rng, hardness):
    n, k = (int(k) for k in rng.choice(np.arange(2, 9), 2, replace=False))
    code, why = chosen(rng, [
        ("(x > 0).shape", "Element by element: the shape stays."),
        ("(x[:, np.newaxis] < lo).shape", "A column against a row: every entry with every window."),
        ("(x[:, np.newaxis] < lo).any(axis=1).shape", "any folds the windows away; one answer an entry is left."),
        ("(x[:, np.newaxis] < lo).any(axis=0).shape", "axis 0 holds the entries: one answer a window is left."),
        ("(x < lo[:, np.newaxis]).shape", "Now the windows run down and the entries across."),
        ("(x[:, np.newaxis] < lo).any().shape", "Without an axis any gives a single answer."),
        ("(x[:, np.newaxis] < lo).any(axis=1, keepdims=True).shape", "keepdims leaves the folded axis with length 1."),
        ("(x < lo).shape", "These lengths do not broadcast: the comparison raises."),
    ], hardness)  # fmt: skip
    return predict(f"x = np.ones({n})\nlo = np.zeros({k})\n{code}", why=why)


def entries(rng, n=100_000, k=100):
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
            "No loop in Python over the entries; one over a handful of windows is fine.",
            no_python_loop(lambda rng, n: entries(rng, n, 4)),
        ),
        Level(
            "memory",
            "Uses at most 4 times the memory of the inputs, for 100,000 entries and 100 windows.",
            peak_memory(entries, inputs=4),
        ),
        Level(
            "many windows",
            "At least 2.5 times faster than one pass over all 4,000 entries per window, for 1,000 windows.",
            faster_than(
                window_by_window,
                2.5,
                lambda rng: entries(rng, 4000, 1000),
                needs=needs(bytes=lambda x, lo, hi: x.nbytes + lo.nbytes + hi.nbytes + x.size),
            ),
        ),
    ],
    hints=[
        "For one window: which two comparisons, and which operator combines two arrays of bool by element?",
        "Which comparisons are True for NaN? Say what is inside, not what is outside.",
        "How many windows have started by time t, and how many of those are over? Sorted starts and ends tell both.",
    ],
    spoken=(
        "For each window I compare with the start and the end and combine the two masks with &, in parentheses, "
        "because & binds tighter than the comparisons. Over all windows I combine with |, or with np.any on a "
        "broadcast array. Python's `and` and `or` fail on arrays, because they need one truth value. With many "
        "windows it is faster to drop the empty ones, sort the starts and ends, and count with searchsorted: an "
        "entry is inside if more windows have started than ended."
    ),
    explanation="""\
A comparison gives a mask, and masks combine by element with `&`, `|`, `^` and `~`. `and`, `or`, `not` and chains such
as `a <= x < b` ask for one truth value, which an array of several elements refuses:

>>> x = np.array([1.0, 5.0, np.nan])
>>> 0 <= x < 5
Traceback (most recent call last):
...
ValueError: The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()
>>> (0 <= x) & (x < 5)
array([ True, False, False])

The parentheses are needed: `&` binds more tightly than `<`. Floats without them raise TypeError; integers may go wrong
silently, as `&` works on their bits.

Every comparison with NaN is False, only `!=` is True. So negating is not harmless:

>>> ~((x < 0) | (x >= 5))
array([ True, False,  True])

`np.logical_and` asks whether its inputs are not 0; `&` on bool does the same. `^` is "exactly one".

With k windows you can choose: `x[:, None]` against all windows needs n k bytes; a loop over windows with `|=` needs
n bytes and O(n k) time. Counting needs O((n + k) log k): t lies in a window exactly when more windows have started than
ended.

>>> lo, hi = np.array([1, 4]), np.array([2, 9])
>>> t = np.array([0, 1, 2, 5])
>>> np.searchsorted(lo, t, side="right") > np.searchsorted(hi, t, side="right")
array([False,  True, False,  True])
""",
    points=[
        "Comparisons give bool arrays; &, |, ^ and ~ combine them by element.",
        "and, or, not, if and chained comparisons need one truth value: ValueError for more than one element.",
        "& binds more tightly than comparisons, so each comparison needs parentheses.",
        "NaN: all comparisons are False but !=, and so a negated test lets NaN in.",
        "On integers & and ~ work bit by bit; logical_and asks for non-zero.",
        "Broadcasting all pairs costs n k; sorted starts and ends with searchsorted cost O((n + k) log k).",
    ],
    follow_ups={
        "How do you combine a whole list of masks?": "np.logical_or.reduce(masks), or np.any(masks, axis=0).",
        "Does & stop early, as `and` does?": "No: both masks are computed in full. To guard one test by another, use "
        "where= of a ufunc, or index with the first mask.",
        "How do you check that any entry is inside without the whole mask?": "NumPy cannot stop a comparison early; "
        "work in blocks and stop after the first that has one.",
    },
    related=["filter-rows", "conditional-where", "count-nonzero", "none-vs-nan", "packed-bits"],
    links=[
        "https://numpy.org/doc/stable/reference/routines.logic.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.logical_and.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.greater.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.searchsorted.html",
    ],
    equivalent={
        "in_any_interval: `lo < hi` -> `lo <= hi` in `real = lo < hi`": "A window that ends where it starts is counted "
        "among the started and among the ended alike.",
    },
)
