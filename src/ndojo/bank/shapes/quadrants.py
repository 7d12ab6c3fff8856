"""Quarter a map."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    arrays,
    case,
    one_of,
    raises,
    right_on,
    trap,
    view_of,
    works,
)


def quadrants(x):
    """Cut the map of a game into its four quarters, as a quadtree does on the way to smaller ones.

    Parameters
    ----------
    x : ndarray, shape (h, w), int16 or float32
        Height of the ground; row 0 lies in the north, column 0 in the west. ``h >= 1``, ``w >= 1``. May be
        strided, reversed or read-only. On level 3 each place may hold more than a height: shape (h, w, ...).

    Returns
    -------
    northwest, northeast, southwest, southeast : ndarray, shape (h / 2, w / 2), dtype of `x`
        A tuple of four, in this order. On level 2 each is a view of `x`. On level 3 of shape (h / 2, w / 2, ...).

    Raises
    ------
    ValueError
        If h or w is odd.

    Examples
    --------
    >>> x = np.array([[1, 2], [3, 4]], dtype=np.int16)
    >>> quadrants(x)[1]
    array([[2]], dtype=int16)
    >>> [int(quarter[0, 0]) for quarter in quadrants(x)]
    [1, 2, 3, 4]
    """
    h, w = x.shape[:2]
    if h % 2 or w % 2:
        raise ValueError(f"a map of {h} by {w} has no equal quarters")
    north, south = x[: h // 2], x[h // 2 :]
    return north[:, : w // 2], north[:, w // 2 :], south[:, : w // 2], south[:, w // 2 :]


@works()
def by_splits(x):
    """vsplit makes north and south, hsplit west and east; both raise ValueError for an odd length."""
    return tuple(quarter for half in np.vsplit(x, 2) for quarter in np.hsplit(half, 2))


@works()
def as_a_grid(x):
    """Splits both axes in two by reshape, which never copies, and takes the four pairs of halves."""
    h, w = x.shape[:2]
    if h % 2 or w % 2:
        raise ValueError("odd")
    grid = x.reshape(2, h // 2, 2, w // 2, *x.shape[2:])
    return grid[0, :, 0], grid[0, :, 1], grid[1, :, 0], grid[1, :, 1]


@works(fails="view")
def place_by_place(x):
    """Copies every place to its quarter."""
    h, w = x.shape
    if h % 2 or w % 2:
        raise ValueError("odd")
    quarters = tuple(np.empty((h // 2, w // 2), dtype=x.dtype) for _ in range(4))
    for i in range(h):
        for j in range(w):
            south, east = i >= h // 2, j >= w // 2
            quarters[2 * south + east][i - south * (h // 2), j - east * (w // 2)] = x[i, j]
    return quarters


@works(fails="a richer map")
def by_transposing(x):
    """A transpose turns columns into rows, so that cutting rows does for both."""
    if x.shape[0] % 2 or x.shape[1] % 2:
        raise ValueError("odd")
    west, east = (half.T for half in np.split(x.T, 2))
    (northwest, southwest), (northeast, southeast) = np.split(west, 2), np.split(east, 2)
    return northwest, northeast, southwest, southeast


@trap("h // 2 rounds down silently: with an odd h the quarters differ, so test h % 2 and raise ValueError.")
def rounds_down(x):
    h, w = x.shape[0] // 2, x.shape[1] // 2
    return x[:h, :w], x[:h, w:], x[h:, :w], x[h:, w:]


@trap("array_split cuts anything, the longer part first; vsplit and hsplit raise where the parts would differ.")
def allows_any_size(x):
    return tuple(quarter for half in np.array_split(x, 2) for quarter in np.array_split(half, 2, axis=1))


@trap("That four divides the number of places is not enough: 1 by 4 has no quarters. Test both lengths.")
def tests_the_size(x):
    if x.size % 4:
        raise ValueError("no quarters")
    h, w = x.shape[0] // 2, x.shape[1] // 2
    return x[:h, :w], x[:h, w:], x[h:, :w], x[h:, w:]


@trap("Cutting columns first gives both western quarters first; the order wanted goes row by row.")
def west_first(x):
    return tuple(quarter for half in np.hsplit(x, 2) for quarter in np.vsplit(half, 2))


@trap("reshape reads on row by row, so a quarter of the memory is a strip of whole rows, not a corner.")
def strips(x):
    h, w = x.shape
    if h % 2 or w % 2:
        raise ValueError("odd")
    return tuple(x.reshape(4, h // 2, w // 2))


@trap("x[::2, ::2] takes every other place and thins the map out; a quarter is made of neighbors.")
def thins_out(x):
    h, w = x.shape
    if h % 2 or w % 2:
        raise ValueError("odd")
    return x[::2, ::2], x[::2, 1::2], x[1::2, ::2], x[1::2, 1::2]


@trap("Axis 0 counts rows, so its length is h: a map need not be square.", verdict="WT")
def mixes_up_the_axes(x):
    w, h = x.shape
    if h % 2 or w % 2:
        raise ValueError("odd")
    h, w = h // 2, w // 2
    return x[:h, :w], x[:h, w:], x[h:, :w], x[h:, w:]


@trap("vsplit and hsplit return lists; what is wanted is a tuple.", verdict="WT")
def a_list(x):
    return [quarter for half in np.vsplit(x, 2) for quarter in np.hsplit(half, 2)]


@trap("hsplit of hsplit cuts columns twice, into four strips: rows are cut by vsplit.", verdict="WT")
def cuts_one_way(x):
    h, w = x.shape
    if h % 2 or w % 2:
        raise ValueError("odd")
    return tuple(np.array_split(x, 4, axis=1))


def put_together(quadrants, x):
    northwest, northeast, southwest, southeast = quadrants(x)
    return np.block([[northwest, northeast], [southwest, southeast]])


def show_views():
    x = np.zeros((4000, 4000), dtype=np.float32)
    for name, function in [("slices", quadrants), ("vsplit and hsplit", by_splits.function)]:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            quarters = function(x)
            times.append(time.perf_counter() - start)
        print(f"{name:18} {1e6 * min(times):9.1f} us, views: {all(np.shares_memory(x, q) for q in quarters)}")
    start = time.perf_counter()
    copies = [quarter.copy() for quarter in quadrants(x)]
    print(f"{'and a copy of each':18} {1e6 * (time.perf_counter() - start):9.1f} us, strides {copies[0].strides}")
    print(f"{'a quarter itself':18} strides {quadrants(x)[3].strides}: still those of the whole map")


MAPS = one_of(
    arrays("h", "w", dtype=("int16", "float32"), holds=("nan",)),
    *(arrays(*shape, dtype=("int16", "float32"), holds=("nan",)) for shape in [(2, 2), (4, 2), (2, 6), (4, 4)]),
)


def ground(*shape, dtype=np.int16):
    return np.arange(np.prod(shape), dtype=dtype).reshape(shape)


QUESTION = Question(
    kinds=["code"],
    difficulty="easy",
    topics=["Array Manipulation"],
    companies=["Google", "Amazon"],
    asked=["T88"],
    entry_points=[
        Entry(
            quadrants,
            {"x": MAPS},
            dims={"h": (1, 12), "w": (1, 12)},
            cases=[
                case(x=ground(2, 2)),
                case(x=ground(2, 4)),
                case(x=ground(6, 4, dtype=np.float32)),
                case(x=ground(4, 4)[::-1].T),
                raises(ValueError, x=ground(1, 2)),
                raises(ValueError, x=ground(2, 1)),
                raises(ValueError, x=ground(1, 4)),
                raises(ValueError, x=ground(4, 5, dtype=np.float32)),
                raises(ValueError, x=ground(3, 3)),
            ],
        )
    ],
    scenarios=[
        Scenario(put_together, {"x": one_of(*(arrays(*shape, dtype="int16") for shape in [(2, 2), (4, 2), (2, 6)]))})
    ],
    levels=[
        Level("right"),
        Level("view", "What is built in a quarter must stand on the map: now each is a view of x.", view_of("x")),
        Level(
            "a richer map",
            "Now each place may hold several numbers, or a table of them: axes may follow the first two.",
            right_on(
                Entry(
                    quadrants,
                    {
                        "x": one_of(
                            *(arrays(*shape, dtype=("int16", "float32")) for shape in [(2, 4, "c"), (4, 2, "c", "d")])
                        )
                    },
                    dims={"c": (1, 4), "d": (1, 3)},
                    cases=[
                        case(x=ground(2, 2, 3)),
                        case(x=ground(4, 2, 2, 2)),
                        raises(ValueError, x=ground(3, 2, 4)),
                        raises(ValueError, x=ground(2, 3, 4)),
                    ],
                )
            ),
        ),
    ],
    hints=[
        "Which slice of the rows is the north? Which slice of its columns is the west?",
        "Which of split and array_split raises where the parts would differ?",
        "Do slices name all axes? What happens to the axes that they do not name?",
    ],
    spoken=(
        "I take half the height and half the width and slice four times, which gives four views without copying "
        "anything. With an odd length, integer division would silently give quarters of different sizes, so I test "
        "both lengths and raise ValueError. The same can be written with vsplit and hsplit, or as a reshape to (2, "
        "h/2, 2, w/2) followed by a transpose. Because the quarters are views, writing to them changes the original "
        "map."
    ),
    explanation="""\
A quarter is a slice of rows and a slice of columns. NumPy has names for both cuts: `vsplit` cuts axis 0, which gives an
upper and a lower half, and `hsplit` cuts axis 1, which gives a left and a right half.

>>> x = np.arange(8).reshape(2, 4)
>>> north, south = np.vsplit(x, 2)
>>> west, east = np.hsplit(north, 2)
>>> east
array([[2, 3]])

Both are `np.split` with an axis, and like it they raise ValueError where the parts would differ:

>>> np.hsplit(np.zeros((2, 3)), 2)
Traceback (most recent call last):
...
ValueError: array split does not result in an equal division

Plain slices do not: `h // 2` rounds down and the quarters come out unequal, so test `h % 2` and `w % 2`. The size alone
does not tell: 1 by 4 has four places and no quarters.

Slices are views. They cost the same for any size, keep the strides of the whole map, and what is written to one shows
on the map:

>>> east[:] = 0
>>> x
array([[0, 1, 0, 0],
       [4, 5, 6, 7]])

Splitting both axes together is a reshape to (2, h / 2, 2, w / 2), also a view: quarter (i, j) is `grid[i, :, j]`. A
reshape to (4, h / 2, w / 2) is something else, strips of rows.

`np.block` puts quarters together again, and copies. `hsplit` of a 1-D array cuts axis 0, as that has no other.
""",
    points=[
        "vsplit cuts axis 0, hsplit axis 1; both are split with an axis.",
        "split raises ValueError for parts that differ, array_split does not.",
        "Slices round down silently: test both lengths, not the size.",
        "The quarters are views with the map's strides, so writing to them writes to the map.",
        "reshape(4, h / 2, w / 2) gives strips; reshape(2, h / 2, 2, w / 2) gives the grid.",
        "A tuple, as the number of parts is fixed; split returns a list.",
    ],
    follow_ups={
        "How do you put the quarters together?": "np.block([[nw, ne], [sw, se]]), which copies. If they are views, the "
        "map is there already.",
        "How would you quarter a map down to single places?": "Recursion on views costs one view per quarter. For all "
        "blocks of one size, reshape both axes once.",
        "What does dsplit do?": "It cuts axis 2, and needs at least three axes.",
    },
    related=["split-arrays", "reshape-blocks", "slice-nd", "copy-or-view"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.vsplit.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.hsplit.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.block.html",
    ],
    live=show_views,
)
