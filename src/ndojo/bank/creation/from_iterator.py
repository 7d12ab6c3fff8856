"""Collect values from an iterator into an array."""

import itertools
import operator

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    case,
    integers,
    iterators,
    no_python_loop,
    peak_memory,
    raises,
    trap,
    works,
)
from ndojo.question.values import Expression


def collect(it, n):
    """Return the next `n` values of an iterator as a float64 array, or fewer if the iterator ends earlier.

    The iterator is a stream of sensor readings that another reader continues to use afterwards.

    Parameters
    ----------
    it : iterator
        Yields one value at a time: floats (including NaN and infinities), ints whose absolute value is at most 2**53,
        or bools. It may be endless. Take exactly the values that you return and no more. Requesting a value takes time,
        so do not request another one after `n` values.
    n : int
        The maximum number of values, ``n >= 0``. It may be far larger than what the iterator yields, or than what fits
        in memory.

    Returns
    -------
    ndarray, shape (k,), float64
        The values in order. k is `n`, or less if the iterator ends earlier.

    Raises
    ------
    ValueError
        If `n` is negative. In this case no value is taken.

    Examples
    --------
    >>> stream = iter([20.5, 21, True, 19.75])
    >>> collect(stream, 3)
    array([20.5, 21. ,  1. ])
    >>> collect(stream, 3)
    array([19.75])
    """
    return np.fromiter(itertools.islice(it, n), np.float64)


@works(fails="memory")
def through_a_list(it, n):
    """A list of Python objects first, then an array."""
    if n < 0:
        raise ValueError("n must not be negative")
    return np.array(list(itertools.islice(it, n)), dtype=np.float64)


@works(fails="vectorized")
def with_next(it, n):
    """Requests one value after another."""
    if n < 0:
        raise ValueError("n must not be negative")
    readings = []
    while len(readings) < n:
        try:
            readings.append(next(it))
        except StopIteration:
            break
    return np.array(readings, dtype=np.float64)


@works(fails="vectorized")
def doubles_its_room(it, n):
    """Fills an array that grows as needed, which is what np.fromiter does internally."""
    if n < 0:
        raise ValueError("n must not be negative")
    room, k = np.empty(16), 0
    for reading in itertools.islice(it, n):
        if k == room.size:
            room = np.concatenate([room, np.empty(k // 2)])
        room[k] = reading
        k += 1
    return room[:k].copy()


@trap(
    "np.array does not consume an iterator: it returns a 0-d array that contains the iterator object. Use np.fromiter.",
    verdict="RE",
)
def iterator_as_object(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    return np.array(it, dtype=np.float64)[:n]


@trap(
    "With count=n, np.fromiter raises ValueError if the iterator ends earlier. itertools.islice limits "
    "the number without requiring it.",
    verdict="RE",
)
def counts_on_n(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    return np.fromiter(it, np.float64, count=n)


@trap("enumerate with break takes one value more than it keeps. islice stops without requesting another one.")
def takes_one_more(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    readings = []
    for k, reading in enumerate(it):
        if k >= n:
            break
        readings.append(reading)
    return np.array(readings, dtype=np.float64)


@trap("Without a dtype, the dtype depends on the values: ints give an integer array, bools a bool array.", verdict="WT")
def takes_their_dtype(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    readings = list(itertools.islice(it, n))
    return np.array(readings) if readings else np.zeros(0)


@trap(
    "n is a limit, so allocating n elements may need too much memory: 10**12 float64 values take 8 TB. "
    "Let the array grow.",
    verdict="MLE",
)
def room_for_all(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    room, k = np.empty(n), 0
    for k, reading in enumerate(itertools.islice(it, n), 1):
        room[k - 1] = reading
    return room[:k]


@trap("An array of length n that is only partly filled returns values that were never read.", verdict="WT")
def pads_the_rest(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    readings = list(itertools.islice(it, n))
    return np.array(readings + [0.0] * min(n - len(readings), 1000), dtype=np.float64)


@trap("range treats a negative length as zero. Check for a negative n yourself, or let islice raise ValueError.")
def takes_negative_for_none(it, n):
    return np.fromiter(itertools.islice(it, max(n, 0)), np.float64)


@trap("takewhile stops at a value, but 0 and NaN are valid values too.")
def stops_at_zero(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    return np.fromiter(itertools.takewhile(operator.truth, itertools.islice(it, n)), np.float64)


def one_after_another(collect, it, first, second):
    """The values, and what is left for the next reader."""
    early, late = collect(it, first), collect(it, second)
    return {"first": early, "second": late, "left": list(itertools.islice(it, 2))}


def show_growth():
    import tracemalloc

    n = 500_000
    for text, act in (
        ("np.fromiter", lambda it: np.fromiter(it, np.float64)),
        ("np.fromiter with count", lambda it: np.fromiter(it, np.float64, count=n)),
        ("np.array(list(...))", lambda it: np.array(list(it), dtype=np.float64)),
    ):
        stream = (0.5 * k for k in range(n))
        tracemalloc.start()
        result = act(stream)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{text:24} peak {peak / 1e6:5.1f} MB for a result of {result.nbytes / 1e6:.1f} MB")


STREAMS = iterators(
    "itertools.count()",
    "iter([1.5, 2, True])",
    "iter([])",
    "iter([0.0, math.nan, -math.inf])",
    "iter([7])",
    "(0.5 * k for k in range(4))",
    "itertools.cycle([3, 0.25])",
    "map(math.sqrt, itertools.count())",
    "iter([2**53, -3])",
    "iter([False, True])",
)

QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Array Creation"],
    companies=["Google", "Amazon"],
    asked=["T91"],
    entry_points=[
        Entry(
            collect,
            {"it": STREAMS, "n": integers(0, 8)},
            cases=[
                case(it=Expression("iter([7])"), n=2),
                case(it=Expression("iter([5, 6])"), n=2),
                case(it=Expression("iter([0, 6])"), n=1),
                case(it=Expression("iter([0.5])"), n=10**12),
                case(it=Expression("iter([0.5, 2.5])"), n=3),
                raises(ValueError, it=Expression("itertools.count()"), n=-1),
                raises(ValueError, it=Expression("iter([])"), n=-3),
            ],
        )
    ],
    scenarios=[
        Scenario(
            one_after_another,
            {"it": STREAMS, "first": integers(0, 4), "second": integers(0, 4)},
            cases=[
                case(it=Expression("itertools.count()"), first=1, second=1),
                case(it=Expression("iter([1.5, 2, 3])"), first=2, second=2),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized",
            "Uses no Python loop or comprehension over the values.",
            no_python_loop(lambda rng, n: {"it": Expression("itertools.count()"), "n": n}),
        ),
        Level(
            "memory",
            "For half a million values, creates no list of Python objects.",
            peak_memory(
                lambda rng: {"it": Expression("(0.5 * k for k in itertools.count())"), "n": 500_000}, outputs=2
            ),
        ),
    ],
    hints=[
        "What is np.array(iter([1.0, 2.0])), and how many bytes does a list of a million floats take?",
        "np.fromiter fills an array from an iterator. When does it stop, and what does `count` do if the "
        "iterator yields too few values?",
        "A value that was taken cannot be put back. Which standard library function limits an iterator "
        "without requesting one value too many?",
    ],
    spoken="""\
`np.array` on an iterator gives a 0-d object array, so I use `np.fromiter` with a dtype, which converts one item at a
time and grows its buffer, without a list of Python objects in between. To take at most n values I wrap the iterator
in `itertools.islice`. It never requests an extra item, so another reader can continue, and it accepts a shorter
stream. I don't use `count=n`, because it is a promise: with too few items it raises, and those items are lost.
""",
    explanation="""\
`np.array` must know length and nesting before it starts, so it needs a sequence. An iterator provides neither, and
becomes a 0-d array of dtype object:

>>> np.array(iter([1.0, 2.0])).shape
()

`np.fromiter` takes one item at a time, converts it to the given dtype, and enlarges its buffer by half whenever it is
full. It never builds a list: a float64 takes 8 bytes, a float in a list about 32. (Under NumPy 2.5, `tracemalloc`
reports a peak that is too high by the size of the result, because memory being reallocated is briefly counted twice.)

>>> np.fromiter((k * k for k in range(4)), dtype=np.float64)
array([0., 1., 4., 9.])

*`count` or `islice`?* `count=n` allocates once and stops after n items, but it is a promise: a shorter iterator raises
ValueError, and the items are lost. `itertools.islice` is a limit. It requests n items and no more, so another reader
can continue. A loop with `enumerate` and `break` has already taken one item too many. `islice` also rejects a negative
n before it takes anything.

>>> stream = iter([1, 2, 3])
>>> np.fromiter(itertools.islice(stream, 2), np.float64), next(stream)
(array([1., 2.]), 3)

Each item is still a Python object for a moment. If the numbers come from a file, a buffer or a formula, `np.loadtxt`,
`np.frombuffer` or `np.arange` are much faster. `fromiter` accepts structured dtypes (from tuples), and since NumPy 1.23
also dtypes with subarrays and objects.
""",
    points=[
        "np.array of an iterator is a 0-d object array; np.fromiter consumes the iterator.",
        "fromiter needs a dtype and returns a one-dimensional array.",
        "No list is needed: the buffer grows by half each time.",
        "count=n allocates once, and raises if fewer items come.",
        "islice takes at most n items and never requests one more.",
        "n may be a limit far beyond the actual number of items, so do not allocate n elements in advance.",
    ],
    follow_ups={
        "How do you read a stream in blocks?": "Call collect(stream, 4096) until it returns fewer than 4096 "
        "values, and process each block as an array.",
        "When is np.array(list(it)) faster?": "Rarely. It can compete for short streams, and for items "
        "that are sequences themselves.",
        "How do you fill two columns?": "With a structured dtype: `np.fromiter(zip(times, values), dtype='f8,f8')`.",
    },
    related=["growing-arrays", "parse-binary-packet", "read-csv", "memmap-out-of-core"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.fromiter.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.array.html",
    ],
    live=show_growth,
)
