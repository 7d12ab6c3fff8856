"""Coordinates of the largest element with argmax."""

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
    """Return the coordinates of the largest element, ignoring NaN.

    `x` may be a map of heights, a volume of a scan, or a table of scores. NaN marks unknown values.

    Parameters
    ----------
    x : ndarray, one to four axes, float64 or int32
        May be empty, strided, reversed, read-only or in Fortran order, and may contain NaN and inf. On level 2 and
        above it may also contain -inf, which is a known number, smaller than all others, unlike NaN.

    Returns
    -------
    tuple of int
        One index per axis, ``0 <= index < length``. NaN is never the largest element. If several elements are equally
        large, the first one in C order of the indices (the last index changes fastest) counts, regardless of the memory
        layout.

    Raises
    ------
    ValueError
        If `x` is empty or contains only NaN.

    Examples
    --------
    >>> argmax_nd(np.array([[3.0, np.nan, 8.0], [8.0, 2.0, 1.0]]))
    (0, 2)
    """
    top = np.fmax.reduce(x, axis=None)
    if np.isnan(top):
        raise ValueError("all elements are NaN")
    first = np.argmax(x == top)
    return tuple(int(i) for i in np.unravel_index(first, x.shape))


@works(fails="minus infinity")
def by_nanargmax(x):
    """The NumPy function for this task. It treats NaN as -inf."""
    return np.unravel_index(np.nanargmax(x), x.shape)


@works(fails="memory")
def fills_the_gaps(x):
    """Replaces NaN by -inf, and checks whether the result is such an element."""
    gaps = np.isnan(x)
    if gaps.all():
        raise ValueError("x is empty or all elements are NaN")
    place = np.where(gaps, -np.inf, x).argmax()
    if gaps.flat[place]:
        place = gaps.argmin()
    return np.unravel_index(place, x.shape)


@works()
def by_argwhere(x):
    """Finds all positions of the largest element and takes the first."""
    places = np.argwhere(x == np.fmax.reduce(x, axis=None))
    if len(places) == 0:
        raise ValueError("all elements are NaN")
    return tuple(places[0].tolist())


@works(fails="fast")
def one_by_one(x):
    """Looks at each element in C order."""
    best = None
    for place in np.ndindex(x.shape):
        value = x[place]
        if value == value and (best is None or value > x[best]):
            best = place
    if best is None:
        raise ValueError("x is empty or all elements are NaN")
    return best


@trap(
    "argmax treats NaN as the largest element. Skip NaN with nanargmax, or compare with the maximum "
    "from fmax or nanmax."
)
def nan_wins(x):
    return np.unravel_index(x.argmax(), x.shape)


@trap("Without an axis, argmax returns an index into the flattened array. unravel_index converts it to "
      "coordinates.",
      verdict="WT")  # fmt: skip
def flat_number(x):
    return int(np.nanargmax(x))


@trap("ravel('K') follows the memory order, so its index means another position in C order.")
def memory_order(x):
    return np.unravel_index(np.nanargmax(x.ravel(order="K")), x.shape)


@trap("If elements are equal, the first one counts. Searching backward or comparing with >= finds the last one.")
def last_of_equals(x):
    if np.isnan(x).all():
        raise ValueError("all elements are NaN")
    return tuple(np.argwhere(x == np.nanmax(x))[-1].tolist())


@trap("np.nan_to_num replaces NaN by 0, which is larger than any negative number.")
def zero_for_nan(x):
    if np.isnan(x).all():
        raise ValueError("all elements are NaN")
    return np.unravel_index(np.nan_to_num(x, posinf=np.inf).argmax(), x.shape)


@trap("The best row and the best column, found separately, need not meet at the maximum if it occurs twice.")
def axis_by_axis(x):
    if np.isnan(x).all():
        raise ValueError("all elements are NaN")
    y = np.where(np.isnan(x), -np.inf, x)
    others = [tuple(k for k in range(x.ndim) if k != axis) for axis in range(x.ndim)]
    return tuple(int(y.max(axis=other).argmax()) for other in others)


@trap("If all elements are NaN, no largest element exists. Replacing every NaN by -inf hides that.")
def never_refuses(x):
    y = np.where(np.isnan(x), -np.inf, x)
    return np.unravel_index(y.argmax(), x.shape)


@trap(
    "np.where returns all positions of the maximum, one array per axis. The result must be a single position.",
    verdict="WT",
)
def all_places(x):
    if np.isnan(x).all():
        raise ValueError("all elements are NaN")
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
            "Elements may be -inf, for example logarithms of 0. They are known values, unlike NaN.",
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
            "At least 10 times faster than a Python loop over the elements.",
            faster_than(
                one_by_one,
                10,
                heights,
                needs=needs(bytes=lambda x: x.nbytes, operations=lambda x: x.size),
            ),
        ),
        Level(
            "memory",
            "For an array in Fortran order, allocates only booleans of its size, no numbers.",
            peak_memory(by_columns, inputs=0.4),
        ),
    ],
    hints=[
        "argmax without an axis returns one number. Which function converts it to coordinates, and which "
        "shape does it need?",
        "How does argmax treat NaN? Which functions ignore it?",
        "np.nanargmax replaces NaN by -inf. When does that go wrong?",
        "If you know the maximum, where is x equal to it, and what is the argmax of a boolean array?",
    ],
    spoken="""\
`x.argmax()` returns an index into the flattened array in C order, and `np.unravel_index` converts it to coordinates.
NaN is the trap: argmax treats it as the largest element, so I use `nanargmax`. That function replaces NaN by minus
infinity, so it is wrong if only NaN and minus infinity occur. A robust way is to compute the maximum with
`np.fmax.reduce`, which ignores NaN, and take the argmax of `x == top`, which finds the first True. An empty or
all-NaN array raises ValueError.
""",
    explanation="""\
`x.argmax()` returns an index into the flattened array in C order (the last index changes fastest), regardless of the
memory layout. `np.unravel_index` converts it to coordinates:

>>> x = np.array([[3.0, 1.0, 8.0], [8.0, 2.0, 1.0]])
>>> int(x.argmax()), int(x.T.argmax())
(2, 1)
>>> [int(i) for i in np.unravel_index(x.argmax(), x.shape)]
[0, 2]

If elements are equal, the first one counts. To get all of them, compare: `np.argwhere(x == x.max())`.

*NaN propagates:* `max` returns NaN, and `argmax` returns the position of the first NaN. `np.nanmax` and `np.nanargmax`
ignore NaN. `nanargmax` replaces it by -inf, so it fails if only NaN and -inf occur, as its documentation warns:

>>> int(np.nanargmax(np.array([np.nan, -np.inf])))
0

*A robust way.* `np.fmax` returns the number if the other operand is NaN, so `np.fmax.reduce` is a maximum that ignores
NaN, without a copy. `x == top` is False for every NaN, and the argmax of a boolean array is the first True. This needs
one byte per element, while nanargmax copies x.

>>> y = np.array([np.nan, -np.inf])
>>> int(np.argmax(y == np.fmax.reduce(y)))
1

An empty array, or one that contains only NaN, has no maximum: nanargmax raises ValueError, while nanmax of NaNs shows a
warning and returns NaN.

With an axis, `x.argmax(axis=1)` returns one index per row, and `np.take_along_axis(x, x.argmax(axis=1)[:, None],
axis=1)` gets the values.
""",
    points=[
        "argmax without an axis counts in C order of the indices; np.unravel_index gives the coordinates.",
        "The memory order does not matter; ravel('K') would make it matter.",
        "The first of equal elements counts; np.argwhere(x == x.max()) finds all.",
        "argmax and max return NaN or its position; nanargmax, nanmax and fmax ignore NaN.",
        "nanargmax replaces NaN by -inf, so its result is wrong if only these two occur.",
        "An empty or all-NaN array has no maximum, and nanargmax raises ValueError.",
        "The row and the column of the maximum must be found together, not separately.",
    ],
    follow_ups={
        "How do you get the k largest elements?": "`np.argpartition(x, -k, axis=None)[-k:]`, then np.unravel_index, "
        "which accepts arrays.",
        "How do you get minimum and maximum together?": "With two passes, x.min() and x.max(). NumPy has no function "
        "for both.",
        "What does argmax do for booleans?": "It finds the first True and stops there. The result is 0 if "
        "no element is True.",
    },
    related=["flat-index", "top-k", "nan-safe-statistics", "fmax-fmin", "summary-statistics"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.argmax.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.nanargmax.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.unravel_index.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fmax.html",
    ],
)
