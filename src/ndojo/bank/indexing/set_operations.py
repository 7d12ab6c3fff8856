"""Set operations on arrays of ids."""

import numpy as np

from ndojo.question import Entry, Level, Question, arrays, case, faster_than, needs, peak_memory, trap, works


def jaccard(a, b):
    """Return the Jaccard similarity of two sets of ids: the size of the intersection divided by the size of the union.

    `a` and `b` list the songs that two listeners played, in any order and with repetitions. Each song counts once per
    listener.

    Parameters
    ----------
    a : ndarray, shape (n,), int64
    b : ndarray, shape (m,), int64
        Ids, any int64 values, with repetitions. ``n >= 0`` and ``m >= 0``. May be strided or read-only.

    Returns
    -------
    float
        Between 0.0 for sets without a common id and 1.0 for equal sets. Two empty sets are equal: 1.0.

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
    """Return the ids that occur in exactly one of `a` and `b`, in ascending order.

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
    """The number of different values in a sorted array: one, if it is not empty, plus one per step up."""
    return np.count_nonzero(ordered[1:] != ordered[:-1]) + (ordered.size > 0)


# -------------------------------------------------------------------------------------------------------- right answers


@works(of="jaccard")
def by_unique(a, b):
    """After removing repetitions, the two sizes and the size of the intersection are enough."""
    a, b = np.unique(a), np.unique(b)
    common = np.intersect1d(a, b, assume_unique=True).size
    union = a.size + b.size - common
    return common / union if union else 1.0


@works(of="jaccard")
def by_search(a, b):
    """Looks up each distinct id of a in the sorted b."""
    a, b = np.unique(a), np.unique(b)
    places = np.searchsorted(b, a)
    common = np.count_nonzero(b[places[places < b.size]] == a[places < b.size])
    union = a.size + b.size - common
    return common / union if union else 1.0


@works(fails="memory", of="jaccard")
def python_sets(a, b):
    """Hash tables of Python ints: linear time, but about a hundred bytes per id."""
    a, b = set(a.tolist()), set(b.tolist())
    return len(a & b) / len(a | b) if a or b else 1.0


@works(fails="fast", of="jaccard")
def every_pair(a, b):
    """Compares every id with every other id."""
    a, b = np.unique(a), np.unique(b)
    common = np.count_nonzero((a[:, np.newaxis] == b).any(axis=1))
    union = a.size + b.size - common
    return common / union if union else 1.0


@works(of="symmetric_difference")
def by_counts(a, b):
    """In the two lists without repetitions, an id that occurs once in total belongs to only one of them."""
    ids, counts = np.unique(np.concatenate([np.unique(a), np.unique(b)]), return_counts=True)
    return ids[counts == 1]


@works(of="symmetric_difference")
def by_neighbours(a, b):
    """After sorting both together, an id that occurs in only one list differs from both neighbors."""
    ids = np.concatenate([np.unique(a), np.unique(b)])
    ids.sort()
    differs = np.concatenate([[True], ids[1:] != ids[:-1], [True]])[: ids.size + 1]
    return ids[differs[1:] & differs[:-1]] if ids.size else ids


@works(of="symmetric_difference")
def with_sets(a, b):
    """Python sets, sorted afterwards."""
    return np.array(sorted(set(a.tolist()) ^ set(b.tolist())), dtype=np.int64)


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "np.isin returns one bool per element, including repetitions. Apply np.unique to both arrays first.", of="jaccard"
)
def counts_repetitions(a, b):
    common = np.count_nonzero(np.isin(a, b))
    union = a.size + b.size - common
    return common / union if union else 1.0


@trap("assume_unique=True is a promise: with repetitions, an id next to its own copy looks like a common id.",
      of="jaccard")  # fmt: skip
def false_promise(a, b):
    common = np.intersect1d(a, b, assume_unique=True).size
    union = np.union1d(a, b).size
    return common / union if union else 1.0


@trap("Two empty sets have an empty union, and 0 / 0 raises ZeroDivisionError. They are equal, so the "
      "result is 1.0.",
      verdict="RE", of="jaccard")  # fmt: skip
def divides_by_nothing(a, b):
    return np.intersect1d(a, b).size / np.union1d(a, b).size


@trap("Two empty sets are equal, so their similarity is 1.0, not 0.0.", of="jaccard")
def nothing_alike(a, b):
    return np.intersect1d(a, b).size / max(np.union1d(a, b).size, 1)


@trap("Common ids belong to both sets but count once in the union: |a| + |b| counts them twice.", of="jaccard")
def counts_them_twice(a, b):
    total = np.unique(a).size + np.unique(b).size
    return np.intersect1d(a, b).size / total if total else 1.0


@trap("a.sort() sorts the caller's array in place; np.sort(a) returns a sorted copy.", verdict="IM", of="jaccard")
def sorts_in_place(a, b):
    a.sort()
    b.sort()
    common = np.intersect1d(a, b).size
    union = np.union1d(a, b).size
    return common / union if union else 1.0


@trap("np.setdiff1d(a, b) contains the ids of a that are not in b. The other direction is missing.", verdict="WT",
      of="symmetric_difference")  # fmt: skip
def one_side(a, b):
    return np.setdiff1d(a, b)


@trap("Each difference is sorted, but their concatenation is not. Sort again.", of="symmetric_difference")
def one_then_the_other(a, b):
    return np.concatenate([np.setdiff1d(a, b), np.setdiff1d(b, a)])


@trap("An id that repeats within one list also occurs more than once. Remove repetitions from each list "
      "before counting.",
      verdict="WT", of="symmetric_difference")  # fmt: skip
def occurs_once(a, b):
    ids, counts = np.unique(np.concatenate([a, b]), return_counts=True)
    return ids[counts == 1]


@trap("np.array of an empty list has dtype float64. Pass the dtype.", verdict="WT", of="symmetric_difference")
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
            "jaccard is at least 2 times faster than comparing every pair, for thousands of ids.",
            faster_than(
                every_pair,
                2,
                lambda rng: listeners(rng, 6000),
                needs=needs(bytes=lambda a, b: a.nbytes + b.nbytes, operations=lambda a, b: a.size + b.size),
            ),
        ),
        Level(
            "memory",
            "jaccard allocates at most nine times the memory of the inputs. Python sets need more.",
            peak_memory(listeners, inputs=9),
        ),
    ],
    hints=[
        "What do you know about a sorted list that you don't know about an unsorted one? Where are equal ids?",
        "The union is the sum of both sizes minus what was counted twice: |a or b| = |a| + |b| - |a and b|.",
        "NumPy has np.unique, np.intersect1d, np.union1d, np.setdiff1d, np.setxor1d and np.isin. Which "
        "of them remove repetitions themselves?",
        "How many different values does a sorted array contain? You can count them without creating an array of them.",
    ],
    spoken="""\
NumPy's set functions sort: `np.unique`, `intersect1d`, `union1d`, `setdiff1d` and `setxor1d` remove repetitions and
return sorted arrays, while `np.isin` gives one bool per element. For the Jaccard similarity I count the unique ids in
a, in b and in both concatenated; the intersection is the sum of the two sizes minus the union. After sorting, equal
ids are adjacent, so that is O(n log n). I define two empty sets as equal, which avoids dividing zero by zero.
""",
    explanation="""\
NumPy has no set type. Its set functions sort their inputs and return sorted arrays.

>>> a, b = np.array([7, 3, 7, 9]), np.array([9, 7, 1])
>>> np.intersect1d(a, b), np.union1d(a, b)
(array([7, 9]), array([1, 3, 7, 9]))
>>> np.setdiff1d(a, b), np.setxor1d(a, b)
(array([3]), array([1, 3]))

All four remove repetitions. `np.isin(a, b)` does not: it returns one bool per element of a, in order.

>>> np.isin(a, b)
array([ True, False,  True,  True])

*The idea:* after sorting, equal ids are adjacent, so comparing neighbors finds them in one pass. That takes O(n log n);
comparing every pair takes O(n m) time and memory. Counting the steps up in each sorted list and in both together gives
all sizes, and the intersection is |a| + |b| - |a or b|.

`assume_unique=True` skips np.unique. It is a promise; if it is broken, the result is silently wrong.

*Python sets* take O(n), but store objects: 65 to 100 bytes per id, compared with 8 in an array, and union and
intersection are new sets.

*Names.* `np.in1d` was deprecated in NumPy 2.0 and later removed; use np.isin. Since NumPy 2.3, np.unique may find the
values with a hash table (and `sorted=False` skips the sort), which is not always faster.

*Floats.* NaN differs from itself. np.unique treats all NaNs as one value, but `np.isin(np.nan, [np.nan])` is False.
Values that differ only by rounding are different.
""",
    points=[
        "unique, intersect1d, union1d, setdiff1d and setxor1d remove repetitions and return sorted arrays.",
        "isin returns one bool per element and keeps order and repetitions.",
        "Sorting makes equal ids adjacent: O(n log n), compared with O(n m) for all pairs.",
        "|a or b| = |a| + |b| - |a and b|, so two counts give the third.",
        "assume_unique=True is a promise that is not checked.",
        "If both sets are empty, decide what 0 / 0 means; here equal sets give 1.0.",
        "np.in1d was removed: use np.isin.",
    ],
    follow_ups={
        "How would you do this for thousands of listeners?": "With a 0/1 matrix M of listeners and songs: M @ M.T "
        "counts the common songs of all pairs. For very large "
        "sets, estimate with MinHash.",
        "How do you keep the order of first occurrence?": "`_, first = np.unique(a, return_index=True); "
        "a[np.sort(first)]`.",
        "How do you test many ids against one sorted list?": "np.searchsorted gives the position. Compare the id "
        "there, and handle positions past the end.",
    },
    related=["value-counts", "find-runs", "counting-sort", "as-of-join"],
    links=[
        "https://numpy.org/doc/stable/reference/routines.set.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.setxor1d.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.isin.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.unique.html",
    ],
)
