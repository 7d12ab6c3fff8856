"""Find the stretches where a condition holds."""

from itertools import groupby

import numpy as np

from ndojo.question import Entry, Level, Question, arrays, case, faster_than, needs, peak_memory, trap, works


def runs_of_true(mask):
    """Say where each run of True begins and ends.

    A market feed is checked tick by tick; `mask` says at which ticks the spread was too wide. A run is a stretch of
    neighbouring True values, as long as it goes: before it comes False or the start of the array, after it False or
    the end.

    Parameters
    ----------
    mask : ndarray, shape (n,), bool
        May be empty, strided, reversed or read-only.

    Returns
    -------
    ndarray, shape (k, 2), int64
        One row a run, in their order: the index of its first tick, and the index one behind its last, so that
        ``mask[start:stop]`` is the run. Where nothing is True the shape is (0, 2).

    Examples
    --------
    >>> runs_of_true(np.array([True, False, True, True, True, False, True]))
    array([[0, 1],
           [2, 5],
           [6, 7]])
    """
    padded = np.zeros(mask.size + 2, dtype=bool)
    padded[1:-1] = mask
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return edges.reshape(-1, 2)


@works()
def by_diff(mask):
    """np.diff of bools is True where neighbours differ, and pads by itself."""
    return np.flatnonzero(np.diff(mask, prepend=False, append=False)).reshape(-1, 2)


@works()
def by_cases(mask):
    """No padding: inner edges, and the two ends apart."""
    if mask.size == 0:
        return np.empty((0, 2), dtype=np.int64)
    inner = np.flatnonzero(mask[1:] ^ mask[:-1]) + 1
    ends = [0] * bool(mask[0]), [mask.size] * bool(mask[-1])
    return np.concatenate([ends[0], inner, ends[1]]).astype(np.int64).reshape(-1, 2)


@works(fails="memory")
def ups_and_downs(mask):
    """The textbook way: +1 where a run begins, -1 where it ends, in numbers of 8 bytes."""
    steps = np.diff(mask.astype(np.int64), prepend=0, append=0)
    return np.column_stack([np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)])


@works(fails="fast")
def one_by_one(mask):
    """Walks along and remembers where the run has begun."""
    runs, start = [], None
    for place, value in enumerate(mask.tolist()):
        if value and start is None:
            start = place
        elif not value and start is not None:
            runs.append((start, place))
            start = None
    if start is not None:
        runs.append((start, mask.size))
    return np.array(runs, dtype=np.int64).reshape(-1, 2)


@works(fails="fast")
def by_groups(mask):
    """itertools.groupby knows runs too."""
    runs, place = [], 0
    for value, group in groupby(mask.tolist()):
        n = sum(1 for _ in group)
        if value:
            runs.append((place, place + n))
        place += n
    return np.array(runs, dtype=np.int64).reshape(-1, 2)


@trap("A run that touches the start or the end has no edge inside the array: pad with False on both sides.",
      verdict="WT")  # fmt: skip
def inner_edges(mask):
    steps = np.diff(mask.astype(np.int64))
    starts, stops = np.flatnonzero(steps == 1) + 1, np.flatnonzero(steps == -1) + 1
    return np.column_stack([starts, stops])


@trap("stop is one behind the last tick, as in a slice: mask[start:stop].")
def last_included(mask):
    steps = np.diff(mask.astype(np.int64), prepend=0, append=0)
    return np.column_stack([np.flatnonzero(steps == 1), np.flatnonzero(steps == -1) - 1])


@trap("np.diff of bools is 'differ', not minus: it is True at both kinds of edge, and never -1.", verdict="RE")
def minus_of_bools(mask):
    steps = np.diff(mask, prepend=False, append=False)
    return np.column_stack([np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)])


@trap("Element i of np.diff stands between i and i + 1: without padding in front a run begins one later.")
def one_early(mask):
    steps = np.diff(np.concatenate([mask.astype(np.int64), [0]]))
    starts = np.flatnonzero(steps == 1)
    if mask.size and mask[0]:
        starts = np.concatenate([[0], starts])
    return np.column_stack([starts, np.flatnonzero(steps == -1) + 1])


@trap("Where nothing is True the list is empty, and np.array([]) has shape (0,) and dtype float64: reshape(-1, 2), and "
      "give the dtype.", verdict="WT")  # fmt: skip
def loses_the_shape(mask):
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False)).tolist()
    return np.array(list(zip(edges[::2], edges[1::2], strict=True)))


@trap("The second number is where the run stops, not how long it is.")
def start_and_length(mask):
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False)).reshape(-1, 2)
    return np.column_stack([edges[:, 0], edges[:, 1] - edges[:, 0]])


@trap("The first and the last True enclose all runs, and what lies between them.", verdict="WT")
def first_to_last(mask):
    places = np.flatnonzero(mask)
    return np.array([[places[0], places[-1] + 1]] if places.size else [], dtype=np.int64).reshape(-1, 2)


# ------------------------------------------------------------------------------------------------------------ inputs


def feed(rng, n=50_000):
    lengths = rng.integers(1, 60, n // 10)
    return {"mask": np.repeat(np.arange(lengths.size) % 2 == 0, lengths)[:n]}


QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Time Series"],
    companies=["Google", "Amazon", "HFT Firms"],
    asked=["T43"],
    entry_points=[
        Entry(
            runs_of_true,
            {"mask": arrays("n", dtype="bool")},
            cases=[
                case(mask=np.array([], dtype=bool)),
                case(mask=np.array([True])),
                case(mask=np.array([False])),
                case(mask=np.array([True, True])),
                case(mask=np.array([False, True])),
                case(mask=np.array([True, False])),
                case(mask=np.array([False, True, False])),
                case(mask=np.array([True, False, True])),
                case(mask=np.array([False, True, True, False, False, True, False])),
                case(mask=np.arange(12) % 3 > 0),
                case(mask=np.arange(12) % 4 < 2),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "fast",
            "At least five times as fast as walking along the ticks.",
            faster_than(
                one_by_one,
                5,
                feed,
                needs=needs(bytes=lambda mask: mask.nbytes, operations=lambda mask: mask.size),
            ),
        ),
        Level(
            "memory",
            "A day has a hundred million ticks: a few bools for each tick are fine, numbers are not.",
            peak_memory(lambda rng: feed(rng, 1_500_000), inputs=3.2, outputs=1.2),
        ),
    ],
    hints=[
        "A run begins where False is followed by True. Which operation compares all neighbours at once?",
        "Which neighbour does the very first tick have, and the very last? What if you gave them one?",
        "Edges come in turns: begin, end, begin, end. How do you lay them out two a row?",
    ],
    explanation="""\
A run shows at its edges: where neighbours differ, a run begins or ends. Two False values, one on either side, give the
first and the last tick a neighbour too; then edges come in pairs.

>>> mask = np.array([True, False, True, True, True])
>>> padded = np.concatenate([[False], mask, [False]])
>>> edges = np.flatnonzero(padded[1:] != padded[:-1])
>>> edges
array([0, 1, 2, 5])
>>> edges.reshape(-1, 2)
array([[0, 1],
       [2, 5]])

Element i of the comparison stands between padded[i] and padded[i + 1]. The padding in front shifts that by one, so the
edges are the indices wanted: start, and one behind the last, as a slice takes them. `reshape(-1, 2)` also turns no
edges into shape (0, 2).

`np.diff` subtracts neighbours, x[1:] - x[:-1], and takes `prepend` and `append`. For bools it is not minus (which
raises TypeError) but `!=`, so both kinds of edge are True:

>>> np.diff(mask, prepend=False, append=False)
array([ True,  True,  True, False, False,  True])

As integers the steps are +1 and -1, at 8 bytes a tick instead of 1. Beware of unsigned ones: 0 - 1 is 255 in uint8.

Everything is one pass, O(n). Lengths are a difference again: `runs[:, 1] - runs[:, 0]`.
""",
    points=[
        "Runs begin and end where neighbours differ.",
        "Padding with False on both sides covers runs at the ends, all True, none True and empty.",
        "Element i of diff lies between i and i + 1; padding in front makes it the start index.",
        "Half-open pairs [start, stop) fit slices, and lengths are stop - start.",
        "np.diff of bools is !=; bools cannot be subtracted; unsigned integers wrap round.",
        "reshape(-1, 2) pairs the edges and keeps (0, 2) where there are none.",
    ],
    follow_ups={
        "How do you keep runs of at least five ticks?": "runs[runs[:, 1] - runs[:, 0] >= 5].",
        "How do you close gaps shorter than three ticks?": "A gap is runs[1:, 0] - runs[:-1, 1]; keep the edges on "
        "either side of the long ones only.",
        "And the longest run so far, at every tick?": "Place minus the place of the last False, from "
        "np.maximum.accumulate, gives the current length; accumulate the maximum of that again.",
    },
    related=["run-length", "discrete-difference", "count-nonzero", "roll-and-shift"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.diff.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.flatnonzero.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.reshape.html",
    ],
    equivalent={
        "runs_of_true: `1` -> `2` in `return edges.reshape(-1, 2)`": "any negative length stands for the unknown one",
    },
)
