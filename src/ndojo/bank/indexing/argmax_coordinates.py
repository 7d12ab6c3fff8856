"""Coordinates of the summit."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    faster_than,
    needs,
    peak_memory,
    raises,
    right_on,
    trap,
    works,
)


def argmax_nd(x):
    """Find the coordinates of the largest element.

    `x` may be a map of heights, a volume of a scan, or a table of scores over several settings. NaN marks what is not
    known.

    Parameters
    ----------
    x : ndarray, one to four axes, float64 or int32
        May be strided, reversed, read-only or in Fortran order, and may hold NaN and inf. From level 2 on also -inf,
        which is a number: smaller than all others, but unlike NaN it is known.

    Returns
    -------
    tuple of int
        One index an axis, from 0. NaN is never the largest. Of several that are equally large the first counts, as one
        reads with the last index running fastest, whatever the order in memory.

    Raises
    ------
    ValueError
        If `x` is empty or holds nothing but NaN.

    Examples
    --------
    >>> argmax_nd(np.array([[3.0, np.nan, 8.0], [8.0, 2.0, 1.0]]))
    (0, 2)
    """
    top = np.fmax.reduce(x, axis=None)
    if np.isnan(top):
        raise ValueError("nothing but NaN")
    first = np.argmax(x == top)
    return tuple(int(i) for i in np.unravel_index(first, x.shape))


@works(fails="minus infinity")
def by_nanargmax(x):
    """The function that NumPy has for this. It takes NaN for -inf."""
    return np.unravel_index(np.nanargmax(x), x.shape)


@works(fails="memory")
def fills_the_gaps(x):
    """Puts -inf in place of NaN, and looks whether it has found such a gap."""
    gaps = np.isnan(x)
    if gaps.all():
        raise ValueError("nothing but NaN, or nothing at all")
    place = np.where(gaps, -np.inf, x).argmax()
    if gaps.flat[place]:
        place = gaps.argmin()
    return np.unravel_index(place, x.shape)


@works()
def by_argwhere(x):
    """All places of the largest element, of which the first is taken."""
    places = np.argwhere(x == np.fmax.reduce(x, axis=None))
    if len(places) == 0:
        raise ValueError("nothing but NaN")
    return tuple(places[0].tolist())


@works(fails="fast")
def one_by_one(x):
    """Looks at each element in reading order."""
    best = None
    for place in np.ndindex(x.shape):
        value = x[place]
        if value == value and (best is None or value > x[best]):
            best = place
    if best is None:
        raise ValueError("nothing but NaN, or nothing at all")
    return best


@trap("argmax takes NaN for the largest of all: skip it, with nanargmax or with the maximum from fmax or nanmax.")
def nan_wins(x):
    return np.unravel_index(x.argmax(), x.shape)


@trap("Without an axis argmax counts along the flattened array; unravel_index turns that number into coordinates.",
      verdict="WT")  # fmt: skip
def flat_number(x):
    return int(np.nanargmax(x))


@trap("ravel('K') follows memory, and the number it leads to means another place in reading order.")
def memory_order(x):
    return np.unravel_index(np.nanargmax(x.ravel(order="K")), x.shape)


@trap("Of equally large elements the first counts; the last comes from searching backwards or comparing with >=.")
def last_of_equals(x):
    if np.isnan(x).all():
        raise ValueError("nothing but NaN")
    return tuple(np.argwhere(x == np.nanmax(x))[-1].tolist())


@trap("np.nan_to_num puts 0 in place of NaN, and 0 is larger than anything negative.")
def zero_for_nan(x):
    if np.isnan(x).all():
        raise ValueError("nothing but NaN")
    return np.unravel_index(np.nan_to_num(x, posinf=np.inf).argmax(), x.shape)


@trap("The best row and the best column, each on its own, need not meet at the maximum where it occurs twice.")
def axis_by_axis(x):
    if np.isnan(x).all():
        raise ValueError("nothing but NaN")
    y = np.where(np.isnan(x), -np.inf, x)
    others = [tuple(k for k in range(x.ndim) if k != axis) for axis in range(x.ndim)]
    return tuple(int(y.max(axis=other).argmax()) for other in others)


@trap("Where nothing is known there is no largest element: -inf in place of every NaN hides that.")
def never_refuses(x):
    y = np.where(np.isnan(x), -np.inf, x)
    return np.unravel_index(y.argmax(), x.shape)


@trap("np.where gives arrays with every place of the maximum, one array an axis; asked for is one place.", verdict="WT")
def all_places(x):
    if np.isnan(x).all():
        raise ValueError("nothing but NaN")
    return np.where(x == np.nanmax(x))


# ------------------------------------------------------------------------------------------------------------ inputs


def heights(rng, rows=40):
    x = rng.standard_normal((rows, 200))
    x[rng.random(x.shape) < 0.02] = np.nan
    return {"x": x}


def by_columns(rng):
    return {"x": np.asfortranarray(heights(rng, 1000)["x"])}


QUESTION = Question(
    kinds=["code"],
    difficulty="easy",
    topics=["Statistics"],
    companies=["Most Tech Companies"],
    asked=["T24"],
    entry_points=[
        Entry(
            argmax_nd,
            {"x": arrays(..., "n", dtype=("float64", "int32"), holds=("nan", "nan runs", "all nan", "inf"))},
            dims={"n": (0, 12)},
            cases=[
                case(x=np.array([[3.0, np.nan, 8.0], [8.0, 2.0, 1.0]])),
                case(x=np.array([np.nan, -3.0, -2.0])),
                case(x=np.array([[1, 5], [5, 1]], dtype=np.int32)),
                case(x=np.array([[1, 5], [5, 1]], dtype=np.int32).T),
                case(x=np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 0.0]]).T),
                case(x=np.array([1.0, 1.0 + 2**-40])),
                case(x=np.zeros((2, 2, 2))),
                *(case(x=np.array([-1.0, np.nan, 2.0, 1.0][:n])) for n in (3, 4)),
                *(case(x=np.array([[1.0, np.nan, *range(n)]] * 2)) for n in range(12)),
                raises(ValueError, x=np.array([np.nan, np.nan])),
                raises(ValueError, x=np.zeros((2, 0))),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "minus infinity",
            "Some elements are -inf: the logarithm of 0, say. They are known, and NaN is not.",
            right_on(
                Entry(
                    argmax_nd,
                    {"x": arrays(..., "n", holds=("nan", "nan runs", "-inf", "all -inf"))},
                    dims={"n": (0, 12)},
                    cases=[
                        case(x=np.array([np.nan, -np.inf])),
                        case(x=np.array([[np.nan, np.nan], [np.nan, -np.inf]])),
                        case(x=np.array([-np.inf, np.nan, -1e308])),
                    ],
                )
            ),
        ),
        Level(
            "fast",
            "At least ten times as fast as a loop over the elements.",
            faster_than(
                one_by_one,
                10,
                heights,
                needs=needs(bytes=lambda x: x.nbytes, operations=lambda x: x.size),
            ),
        ),
        Level(
            "memory",
            "The map fills most of the memory, column by column: allow bools of its size, and no numbers.",
            peak_memory(by_columns, inputs=0.4),
        ),
    ],
    hints=[
        "argmax without an axis gives one number. Which function turns it into coordinates, and which shape does it "
        "need?",
        "How does argmax treat NaN? Which functions leave it out?",
        "np.nanargmax puts -inf in place of NaN. When does that go wrong?",
        "If you know the maximum itself, where is x equal to it, and what is the argmax of bools?",
    ],
    explanation="""\
`x.argmax()` counts along the flattened array in C order, last index fastest, however the array lies in memory.
`np.unravel_index` turns that number into coordinates:

>>> x = np.array([[3.0, 1.0, 8.0], [8.0, 2.0, 1.0]])
>>> int(x.argmax()), int(x.T.argmax())
(2, 1)
>>> [int(i) for i in np.unravel_index(x.argmax(), x.shape)]
[0, 2]

Of equal elements the first wins. To get all of them, compare: `np.argwhere(x == x.max())`.

NaN spreads: `max` gives NaN, and `argmax` the place of the first NaN. `np.nanmax` and `np.nanargmax` leave NaN out. The
latter puts -inf in its place, so it fails where only NaN and -inf occur, as its documentation warns:

>>> int(np.nanargmax(np.array([np.nan, -np.inf])))
0

`np.fmax` prefers numbers to NaN, so `np.fmax.reduce` is a maximum that skips them, without a copy. `x == top` is then
False for every NaN, and the argmax of bools is the first True. This needs one byte an element; nanargmax copies x.

>>> y = np.array([np.nan, -np.inf])
>>> int(np.argmax(y == np.fmax.reduce(y)))
1

Nothing but NaN, or nothing at all, has no maximum: nanargmax raises ValueError, while nanmax of NaNs warns and gives
NaN.

With an axis, `x.argmax(axis=1)` gives one index a row; `np.take_along_axis(x, x.argmax(axis=1)[:, None], axis=1)`
fetches the values.
""",
    points=[
        "argmax without an axis counts in C order of the indices; np.unravel_index gives the coordinates.",
        "The order in memory plays no part; ravel('K') would bring it in.",
        "The first of equals wins; np.argwhere(x == x.max()) finds all.",
        "argmax and max are caught by NaN; nanargmax, nanmax and fmax skip it.",
        "nanargmax works with -inf in place of NaN, so it is not to be trusted where only those two occur.",
        "Empty or all NaN: there is no maximum, and nanargmax raises ValueError.",
        "Row and column of the maximum have to be found together, not each on its own.",
    ],
    follow_ups={
        "And the k largest?": "np.argpartition(x, -k, axis=None)[-k:], then np.unravel_index, which takes arrays.",
        "How do you get minimum and maximum together?": "Two passes, x.min() and x.max(); NumPy has no single one.",
        "What does argmax do for bools?": "It finds the first True, and stops there; 0 if there is none.",
    },
    related=["flat-index", "top-k", "nan-safe-statistics", "fmax-fmin", "summary-statistics"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.argmax.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.nanargmax.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.unravel_index.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fmax.html",
    ],
)
