"""Compare two lists of ids as sets."""

import numpy as np

from ndojo.question import Entry, Level, Question, arrays, case, faster_than, needs, peak_memory, trap, works


def jaccard(a, b):
    """Say how alike two sets are: how many ids they share, out of all that occur in either.

    `a` and `b` list the songs that two listeners have played, in any order and as often as they were played. Each song
    counts once for each listener.

    Parameters
    ----------
    a : ndarray, shape (n,), int64
    b : ndarray, shape (m,), int64
        Ids, any int64, with repetitions. Either may be empty, strided or read-only.

    Returns
    -------
    float
        From 0.0 for sets without a common id to 1.0 for equal sets. Two empty sets are equal: 1.0.

    Examples
    --------
    >>> float(jaccard(np.array([7, 3, 7, 9]), np.array([9, 7, 1])))
    0.5
    """
    first, second = np.sort(a), np.sort(b)
    either = np.concatenate([first, second])
    either.sort()
    in_either = distinct(either)
    in_both = distinct(first) + distinct(second) - in_either
    return in_both / in_either if in_either else 1.0


def symmetric_difference(a, b):
    """List the ids that occur in one of `a` and `b`, and not in the other.

    Parameters
    ----------
    a : ndarray, shape (n,), int64
    b : ndarray, shape (m,), int64
        As for `jaccard`.

    Returns
    -------
    ndarray, shape (k,), int64
        Each id once, in ascending order.

    Examples
    --------
    >>> symmetric_difference(np.array([7, 3, 7, 9, 3]), np.array([9, 7, 1]))
    array([1, 3])
    """
    return np.setxor1d(a, b)


def distinct(ordered):
    """How many different values a sorted array holds: one, if any, and one more at each step up."""
    return np.count_nonzero(ordered[1:] != ordered[:-1]) + (ordered.size > 0)


# -------------------------------------------------------------------------------------------------------- right answers


@works(of="jaccard")
def by_unique(a, b):
    """Without repetitions the two sizes and that of the intersection are enough."""
    a, b = np.unique(a), np.unique(b)
    common = np.intersect1d(a, b, assume_unique=True).size
    union = a.size + b.size - common
    return common / union if union else 1.0


@works(of="jaccard")
def by_search(a, b):
    """Looks each different id of a up in the sorted b."""
    a, b = np.unique(a), np.unique(b)
    places = np.searchsorted(b, a)
    common = np.count_nonzero(b[places[places < b.size]] == a[places < b.size])
    union = a.size + b.size - common
    return common / union if union else 1.0


@works(fails="memory", of="jaccard")
def python_sets(a, b):
    """Hash tables of Python ints: linear time, some hundred bytes an id."""
    a, b = set(a.tolist()), set(b.tolist())
    return len(a & b) / len(a | b) if a or b else 1.0


@works(fails="fast", of="jaccard")
def every_pair(a, b):
    """Compares each id with each."""
    a, b = np.unique(a), np.unique(b)
    common = np.count_nonzero((a[:, np.newaxis] == b).any(axis=1))
    union = a.size + b.size - common
    return common / union if union else 1.0


@works(of="symmetric_difference")
def by_counts(a, b):
    """Of two lists without repetitions, what occurs once lies in one of them."""
    ids, counts = np.unique(np.concatenate([np.unique(a), np.unique(b)]), return_counts=True)
    return ids[counts == 1]


@works(of="symmetric_difference")
def by_neighbours(a, b):
    """Sorted together, an id of one list differs from both its neighbours."""
    ids = np.concatenate([np.unique(a), np.unique(b)])
    ids.sort()
    differs = np.concatenate([[True], ids[1:] != ids[:-1], [True]])[: ids.size + 1]
    return ids[differs[1:] & differs[:-1]] if ids.size else ids


@works(of="symmetric_difference")
def with_sets(a, b):
    """Python's sets, sorted afterwards."""
    return np.array(sorted(set(a.tolist()) ^ set(b.tolist())), dtype=np.int64)


# --------------------------------------------------------------------------------------------------------------- traps


@trap("np.isin answers for each element, repetitions included: take np.unique of both first.", of="jaccard")
def counts_repetitions(a, b):
    common = np.count_nonzero(np.isin(a, b))
    union = a.size + b.size - common
    return common / union if union else 1.0


@trap("assume_unique=True is a promise: with repetitions an id beside its own copy looks like a common one.",
      of="jaccard")  # fmt: skip
def false_promise(a, b):
    common = np.intersect1d(a, b, assume_unique=True).size
    union = np.union1d(a, b).size
    return common / union if union else 1.0


@trap("Two empty sets have an empty union, and 0 / 0 raises ZeroDivisionError: they are equal, so 1.0.",
      verdict="RE", of="jaccard")  # fmt: skip
def divides_by_nothing(a, b):
    return np.intersect1d(a, b).size / np.union1d(a, b).size


@trap("Two empty sets are equal, so as alike as can be: 1.0, not 0.0.", of="jaccard")
def nothing_alike(a, b):
    return np.intersect1d(a, b).size / max(np.union1d(a, b).size, 1)


@trap("Common ids are in both sets, but count once in the union: |a| + |b| alone counts them twice.", of="jaccard")
def counts_them_twice(a, b):
    total = np.unique(a).size + np.unique(b).size
    return np.intersect1d(a, b).size / total if total else 1.0


@trap("a.sort() sorts the caller's list; np.sort(a) gives a sorted copy.", verdict="IM", of="jaccard")
def sorts_in_place(a, b):
    a.sort()
    b.sort()
    common = np.intersect1d(a, b).size
    union = np.union1d(a, b).size
    return common / union if union else 1.0


@trap("np.setdiff1d(a, b) is what a has and b has not: the other side is missing.", verdict="WT",
      of="symmetric_difference")  # fmt: skip
def one_side(a, b):
    return np.setdiff1d(a, b)


@trap("Each difference is sorted, the two one after the other are not: sort once more.", of="symmetric_difference")
def one_then_the_other(a, b):
    return np.concatenate([np.setdiff1d(a, b), np.setdiff1d(b, a)])


@trap("An id that repeats within one list occurs more than once, too: make each list unique before counting.",
      verdict="WT", of="symmetric_difference")  # fmt: skip
def occurs_once(a, b):
    ids, counts = np.unique(np.concatenate([a, b]), return_counts=True)
    return ids[counts == 1]


@trap("np.array of an empty list is float64: give the dtype.", verdict="WT", of="symmetric_difference")
def forgets_the_dtype(a, b):
    return np.array(sorted(set(a.tolist()) ^ set(b.tolist())))


# ------------------------------------------------------------------------------------------------------------ inputs


def listeners(rng, n=100_000):
    a = rng.integers(0, 10**9, n)
    b = np.concatenate([rng.choice(a, n // 2), rng.integers(0, 10**9, n - n // 2)])
    return {"a": a, "b": rng.permutation(b)}


IDS = {
    "a": arrays("n", dtype="int64", low=0, high=9, holds="extremes"),
    "b": arrays("m", dtype="int64", low=0, high=9, holds="extremes"),
}

CASES = [
    case(a=np.array([7, 3, 7, 9, 3]), b=np.array([9, 7, 1])),
    case(a=np.array([1, 1]), b=np.array([2])),
    case(a=np.array([1, 1]), b=np.array([1])),
    case(a=np.array([3, 1]), b=np.array([2])),
    case(a=np.array([2, 1]), b=np.array([1, 2, 2])),
    case(a=np.zeros(0, dtype=np.int64), b=np.array([4, 4])),
    case(a=np.zeros(0, dtype=np.int64), b=np.zeros(0, dtype=np.int64)),
    case(a=np.array([2**62, -(2**63)]), b=np.array([2**62 + 1, 2**63 - 1])),
]

QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Set Operations"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T66"],
    entry_points=[
        Entry(jaccard, IDS, dims={"n": (0, 20), "m": (0, 20)}, cases=CASES),
        Entry(symmetric_difference, IDS, dims={"n": (0, 20), "m": (0, 20)}, cases=CASES),
    ],
    levels=[
        Level("right"),
        Level(
            "fast",
            "Thousands of ids: jaccard in half the time of comparing every pair, or less.",
            faster_than(
                every_pair,
                2,
                lambda rng: listeners(rng, 6000),
                needs=needs(bytes=lambda a, b: a.nbytes + b.nbytes, operations=lambda a, b: a.size + b.size),
            ),
        ),
        Level(
            "memory",
            "Long lists: jaccard allocates at most nine times what they take. Python's sets need more.",
            peak_memory(listeners, inputs=9),
        ),
    ],
    hints=[
        "What do you know of a sorted list that you do not of an unsorted one? Where do equal ids lie?",
        "The union is what both have, minus what was counted twice: |a or b| = |a| + |b| - |a and b|.",
        "NumPy has np.unique, np.intersect1d, np.union1d, np.setdiff1d, np.setxor1d and np.isin. Which of them cares "
        "for repetitions by itself?",
        "How many different values does a sorted array hold? You need not make an array of them to know.",
    ],
    explanation="""\
NumPy has no set type; its set functions work on sorted arrays, or give them.

>>> a, b = np.array([7, 3, 7, 9]), np.array([9, 7, 1])
>>> np.intersect1d(a, b), np.union1d(a, b)
(array([7, 9]), array([1, 3, 7, 9]))
>>> np.setdiff1d(a, b), np.setxor1d(a, b)
(array([3]), array([1, 3]))

All four drop repetitions and sort. `np.isin(a, b)` does not: one bool for each element of a, in its order.

>>> np.isin(a, b)
array([ True, False,  True,  True])

Beneath lies one idea: after sorting, equal ids are neighbours, so a comparison of neighbours finds them in one pass.
That is O(n log n); comparing every pair is O(n m) in time and memory. Counting steps up in the sorted lists, apart
and joined, gives all three sizes, and the intersection is |a| + |b| - |a or b|.

`assume_unique=True` skips np.unique: a promise, with silent nonsense if it is broken.

Python's sets are O(n), but hold objects: some 70 bytes an id, against 8, and union and intersection are sets again.

Names: `np.in1d` was deprecated in NumPy 2.0 and is gone since; use np.isin. From 2.3 on np.unique may find the values
with a hash table (and `sorted=False` skips the sort), which is not always quicker.

Floats: NaN differs from itself. np.unique merges NaNs into one, but `np.isin(np.nan, [np.nan])` is False, and values
that differ by rounding are two.
""",
    points=[
        "unique, intersect1d, union1d, setdiff1d and setxor1d drop repetitions and return sorted arrays.",
        "isin answers per element and keeps order and repetitions.",
        "Sorting makes equal ids neighbours: O(n log n), against O(n m) for all pairs.",
        "|a or b| = |a| + |b| - |a and b|, so two counts give the third.",
        "assume_unique=True is a promise that nobody checks.",
        "Both empty: decide what 0 / 0 means; here equal sets give 1.0.",
        "np.in1d is gone: np.isin.",
    ],
    follow_ups={
        "And for thousands of listeners?": "A 0/1 matrix M of listeners and songs: M @ M.T counts common songs of all "
        "pairs; for very large sets estimate with MinHash.",
        "How do you keep the order of first occurrence?": "_, first = np.unique(a, return_index=True); "
        "a[np.sort(first)].",
        "How do you test many ids against one sorted list?": "np.searchsorted gives the place; compare the id there, "
        "minding the end.",
    },
    related=["value-counts", "find-runs", "counting-sort", "as-of-join"],
    links=[
        "https://numpy.org/doc/stable/reference/routines.set.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.setxor1d.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.isin.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.unique.html",
    ],
)
