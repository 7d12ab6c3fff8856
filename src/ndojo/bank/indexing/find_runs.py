"""Start and stop of each run of True."""

from itertools import groupby

import numpy as np

from ndojo.question import Entry, Level, Question, arrays, case, faster_than, needs, peak_memory, trap, works


def runs_of_true(mask):
    """Return the start and stop index of each run of True values.

    A market feed is checked tick by tick, and `mask` marks the ticks with a problem. A run is a maximal stretch of
    adjacent True values: before it is False or the start of the array, after it is False or the end.

    Parameters
    ----------
    mask : ndarray, shape (n,), bool
        ``n >= 0``. May be strided, reversed or read-only.

    Returns
    -------
    ndarray, shape (k, 2), int64
        One row per run, in order: the index of its first element, and the index one past its last element, so that
        ``mask[start:stop]`` is the run. The shape is (0, 2) if no element is True.

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
    """np.diff of booleans is True if neighbors differ, and it can pad by itself."""
    return np.flatnonzero(np.diff(mask, prepend=False, append=False)).reshape(-1, 2)


@works()
def by_cases(mask):
    """No padding: inner edges, and the two ends handled separately."""
    if mask.size == 0:
        return np.empty((0, 2), dtype=np.int64)
    inner = np.flatnonzero(mask[1:] ^ mask[:-1]) + 1
    ends = [0] * bool(mask[0]), [mask.size] * bool(mask[-1])
    return np.concatenate([ends[0], inner, ends[1]]).astype(np.int64).reshape(-1, 2)


@works(fails="memory")
def ups_and_downs(mask):
    """The textbook way: +1 at a start and -1 at a stop, in integers of 8 bytes."""
    steps = np.diff(mask.astype(np.int64), prepend=0, append=0)
    return np.column_stack([np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)])


@works(fails="fast")
def one_by_one(mask):
    """Loops over the elements and remembers where the run started."""
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
    """itertools.groupby also groups runs."""
    runs, place = [], 0
    for value, group in groupby(mask.tolist()):
        n = sum(1 for _ in group)
        if value:
            runs.append((place, place + n))
        place += n
    return np.array(runs, dtype=np.int64).reshape(-1, 2)


@trap("A run that touches the start or the end has no edge inside the array. Pad with False on both sides.",
      verdict="WT")  # fmt: skip
def inner_edges(mask):
    steps = np.diff(mask.astype(np.int64))
    starts, stops = np.flatnonzero(steps == 1) + 1, np.flatnonzero(steps == -1) + 1
    return np.column_stack([starts, stops])


@trap("stop is one past the last element, as in a slice: mask[start:stop].")
def last_included(mask):
    steps = np.diff(mask.astype(np.int64), prepend=0, append=0)
    return np.column_stack([np.flatnonzero(steps == 1), np.flatnonzero(steps == -1) - 1])


@trap('np.diff of booleans means "differ", not minus: it is True at starts and stops, and never -1.', verdict="RE")
def minus_of_bools(mask):
    steps = np.diff(mask, prepend=False, append=False)
    return np.column_stack([np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)])


@trap("Element i of np.diff compares i and i + 1. Without padding in front, each run starts one too early.")
def one_early(mask):
    steps = np.diff(np.concatenate([mask.astype(np.int64), [0]]))
    starts = np.flatnonzero(steps == 1)
    if mask.size and mask[0]:
        starts = np.concatenate([[0], starts])
    return np.column_stack([starts, np.flatnonzero(steps == -1) + 1])


@trap("If no element is True, np.array([]) has shape (0,) and dtype float64. Use reshape(-1, 2), and "
      "pass the dtype.", verdict="WT")  # fmt: skip
def loses_the_shape(mask):
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False)).tolist()
    return np.array(list(zip(edges[::2], edges[1::2], strict=True)))


@trap("The second number is the index where the run stops, not its length.")
def start_and_length(mask):
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False)).reshape(-1, 2)
    return np.column_stack([edges[:, 0], edges[:, 1] - edges[:, 0]])


@trap("The first and the last True enclose all runs together, including the gaps between them.", verdict="WT")
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
            "At least 5 times faster than a Python loop over the elements.",
            faster_than(
                one_by_one,
                5,
                feed,
                needs=needs(bytes=lambda mask: mask.nbytes, operations=lambda mask: mask.size),
            ),
        ),
        Level(
            "memory",
            "Allocates a few booleans per element, but no integers per element.",
            peak_memory(lambda rng: feed(rng, 1_500_000), inputs=3.2, outputs=1.2),
        ),
    ],
    hints=[
        "A run starts if False is followed by True. Which operation compares all adjacent elements?",
        "Which neighbor does the first element have, and the last one? What if you added one on each side?",
        "Edges alternate: start, stop, start, stop. How do you arrange them in rows of two?",
    ],
    spoken="""\
A run starts or stops where adjacent values differ. I pad the mask with False on both sides, so runs at the ends
get edges too, compare neighbors with `!=`, and take `np.flatnonzero`. The edges alternate between start and stop, so
`reshape(-1, 2)` gives one row per run, and it also gives shape (0, 2) if no element is True. The pairs are half-open
like slices, so lengths are stop minus start. It is one linear pass with booleans only.
""",
    explanation="""\
A run starts or stops at an edge, a position where adjacent values differ. Adding False on both sides gives the first
and the last element a neighbor too. Then edges come in pairs.

>>> mask = np.array([True, False, True, True, True])
>>> padded = np.concatenate([[False], mask, [False]])
>>> edges = np.flatnonzero(padded[1:] != padded[:-1])
>>> edges
array([0, 1, 2, 5])
>>> edges.reshape(-1, 2)
array([[0, 1],
       [2, 5]])

Element i of the comparison compares padded[i] and padded[i + 1]. The padding in front shifts that by one, so the edges
are the required indices: the start, and one past the last element, as a slice needs them. If no edge exists,
`reshape(-1, 2)` returns shape (0, 2).

*np.diff* subtracts neighbors, x[1:] - x[:-1], and accepts `prepend` and `append`. For booleans it uses `!=` instead of
minus (which raises TypeError), so it is True at both kinds of edges:

>>> np.diff(mask, prepend=False, append=False)
array([ True,  True,  True, False, False,  True])

As integers the steps are +1 and -1, at 8 bytes per element instead of 1. Don't use unsigned integers: 0 - 1 is 255 in
uint8.

Everything is one pass, O(n). Lengths are another difference: `runs[:, 1] - runs[:, 0]`.
""",
    points=[
        "Runs start and stop where adjacent values differ.",
        "Padding with False on both sides handles runs at the ends, all True, all False, and empty input.",
        "Element i of diff compares i and i + 1; padding in front makes it the start index.",
        "Half-open pairs [start, stop) work as slices, and lengths are stop - start.",
        "np.diff of booleans is !=; booleans cannot be subtracted; unsigned integers wrap around.",
        "reshape(-1, 2) pairs the edges, and returns (0, 2) if no run exists.",
    ],
    follow_ups={
        "How do you keep only runs of five or more ticks?": "`runs[runs[:, 1] - runs[:, 0] >= 5]`.",
        "How do you close gaps shorter than three ticks?": "A gap is runs[1:, 0] - runs[:-1, 1]. Keep only the "
        "edges of the long gaps.",
        "How do you get the length of the longest run so far at every tick?": "The index minus the index of the "
        "last False, from "
        "np.maximum.accumulate, is the "
        "current length. Accumulate the "
        "maximum of that.",
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
