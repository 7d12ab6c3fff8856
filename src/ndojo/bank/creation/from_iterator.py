"""A few readings of an endless stream."""

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
    """Take the next `n` readings of a sensor, or as many as there still are.

    Parameters
    ----------
    it : iterator
        Gives one reading at a time: floats (NaN and infinities among them), ints of at most 2**53 in absolute value,
        or bools. It may be endless. Another reader goes on with it afterwards, so take no reading more than you return;
        and asking it for one costs time, so do not ask again after `n`.
    n : int
        The most readings to take. It may be far larger than what the iterator gives, or than what fits into memory.

    Returns
    -------
    ndarray, shape (k,), float64
        The readings in order; k is `n`, or less where the iterator ends before.

    Raises
    ------
    ValueError
        If `n` is negative. Nothing is taken then.

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
    """A list of objects first, then an array."""
    if n < 0:
        raise ValueError("n must not be negative")
    return np.array(list(itertools.islice(it, n)), dtype=np.float64)


@works(fails="vectorized")
def with_next(it, n):
    """Asks for one reading after another."""
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
    """Into an array that is made larger as needed: what np.fromiter does inside."""
    if n < 0:
        raise ValueError("n must not be negative")
    room, k = np.empty(16), 0
    for reading in itertools.islice(it, n):
        if k == room.size:
            room = np.concatenate([room, np.empty(k // 2)])
        room[k] = reading
        k += 1
    return room[:k].copy()


@trap("np.array does not walk through an iterator: it makes a 0-d array that holds the iterator itself.", verdict="RE")
def iterator_as_object(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    return np.array(it, dtype=np.float64)[:n]


@trap(
    "With count=n, np.fromiter raises ValueError where the iterator ends before. islice sets a limit and is content "
    "with less.",
    verdict="RE",
)
def counts_on_n(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    return np.fromiter(it, np.float64, count=n)


@trap("enumerate and break take one reading more than they keep; islice stops without asking again.")
def takes_one_more(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    readings = []
    for k, reading in enumerate(it):
        if k >= n:
            break
        readings.append(reading)
    return np.array(readings, dtype=np.float64)


@trap("Without a dtype the array takes that of its readings: ints give int64, bools bool.", verdict="WT")
def takes_their_dtype(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    readings = list(itertools.islice(it, n))
    return np.array(readings) if readings else np.zeros(0)


@trap(
    "Room for n is too much where n is a limit and no promise: 10**12 float64 are 8 TB. Let the array grow.",
    verdict="MLE",
)
def room_for_all(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    room, k = np.empty(n), 0
    for k, reading in enumerate(itertools.islice(it, n), 1):
        room[k - 1] = reading
    return room[:k]


@trap("An array of n that is not filled to its end returns readings that never came.", verdict="WT")
def pads_the_rest(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    readings = list(itertools.islice(it, n))
    return np.array(readings + [0.0] * min(n - len(readings), 1000), dtype=np.float64)


@trap("range knows no negative length and simply ends: refuse a negative n yourself, or let islice do it.")
def takes_negative_for_none(it, n):
    return np.fromiter(itertools.islice(it, max(n, 0)), np.float64)


@trap("takewhile and the like stop by value: 0 and NaN are readings, too.")
def stops_at_zero(it, n):
    if n < 0:
        raise ValueError("n must not be negative")
    return np.fromiter(itertools.takewhile(operator.truth, itertools.islice(it, n)), np.float64)


def one_after_another(collect, it, first, second):
    """What the readings are, and what is left for the next reader."""
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
            "Without a loop or comprehension of your own.",
            no_python_loop(lambda rng, n: {"it": Expression("itertools.count()"), "n": n}),
        ),
        Level(
            "memory",
            "Half a million readings: no list of Python objects in between.",
            peak_memory(
                lambda rng: {"it": Expression("(0.5 * k for k in itertools.count())"), "n": 500_000}, outputs=2
            ),
        ),
    ],
    hints=[
        "What is np.array(iter([1.0, 2.0])), and how many bytes does a list of a million floats take?",
        "np.fromiter fills an array from an iterator. When does it stop, and what does count do if too few come?",
        "A reading that was taken cannot be put back: what in the standard library cuts an iterator off in time?",
    ],
    explanation="""\
`np.array` needs to know length and nesting before it starts, so it takes sequences. An iterator tells neither, and
becomes a 0-d array of dtype object:

>>> np.array(iter([1.0, 2.0])).shape
()

`np.fromiter` takes items one by one, converts each to the dtype that it must be given, and lets its memory grow by half
whenever it is full. There is never a list: one float64 takes 8 bytes, a float in a list 32. (Under NumPy 2.5
`tracemalloc` shows a peak too high by the result: for a moment it counts what is reallocated twice.)

>>> np.fromiter((k * k for k in range(4)), dtype=np.float64)
array([0., 1., 4., 9.])

`count=n` allocates once and stops after n, but it is a promise: a shorter iterator raises ValueError, and the items are
lost. `itertools.islice` is a limit. It asks n times and no more, so another reader can go on; a loop with `enumerate`
and `break` has already taken an item too many. `islice` also refuses a negative n before it takes anything.

>>> stream = iter([1, 2, 3])
>>> np.fromiter(itertools.islice(stream, 2), np.float64), next(stream)
(array([1., 2.]), 3)

Items are still made one by one in Python. Where numbers come from a file, a buffer or a formula, `np.loadtxt`,
`np.frombuffer` or `np.arange` are much quicker. `fromiter` takes structured dtypes, from tuples, and since 1.23
dtypes with subarrays and objects.
""",
    points=[
        "np.array of an iterator is a 0-d object array; np.fromiter consumes it.",
        "fromiter needs a dtype and makes one-dimensional arrays.",
        "No list in between: memory grows in steps of half.",
        "count=n allocates once, and raises where fewer items come.",
        "islice takes at most n items and never asks for one more.",
        "n may be a limit far beyond what comes: do not allocate for it.",
    ],
    follow_ups={
        "How do you read a stream in blocks?": "Call collect(stream, 4096) until it returns fewer; each block is "
        "worked on as an array.",
        "When is np.array(list(it)) quicker?": "About never; it can compete for short streams, and for items that are "
        "sequences themselves.",
        "How do you fill two columns?": "A structured dtype: np.fromiter(zip(times, values), dtype='f8,f8').",
    },
    related=["growing-arrays", "parse-binary-packet", "read-csv", "memmap-out-of-core"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.fromiter.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.array.html",
    ],
    live=show_growth,
)
