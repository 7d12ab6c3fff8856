"""Split an array into its four quadrants."""

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
    """Return the four quadrants of a 2-D array with even lengths.

    A quadtree splits a map into quadrants recursively.

    Parameters
    ----------
    x : ndarray, shape (h, w), int16 or float32
        ``h >= 1`` and ``w >= 1``. May be strided, reversed or read-only, and floats may be NaN. On level 3, further
        axes may follow the first two: shape (h, w, ...).

    Returns
    -------
    top_left, top_right, bottom_left, bottom_right : ndarray, shape (h / 2, w / 2), same dtype as `x`
        A tuple of four arrays in this order. The top half contains the first rows, and the left half contains the
        first columns. From level 2 on, each array is a view of `x`. On level 3, the shape is (h / 2, w / 2, ...).

    Raises
    ------
    ValueError
        If h or w is odd.

    Examples
    --------
    >>> x = np.array([[1, 2], [3, 4]], dtype=np.int16)
    >>> quadrants(x)[1]
    array([[2]], dtype=int16)
    >>> [int(quadrant[0, 0]) for quadrant in quadrants(x)]
    [1, 2, 3, 4]
    """
    h, w = x.shape[:2]
    if h % 2 or w % 2:
        raise ValueError(f"shape {x.shape} cannot be split into equal quadrants")
    top, bottom = x[: h // 2], x[h // 2 :]
    return top[:, : w // 2], top[:, w // 2 :], bottom[:, : w // 2], bottom[:, w // 2 :]


@works()
def by_splits(x):
    """Splits the rows with vsplit and the columns with hsplit. Both raise ValueError for an odd length."""
    return tuple(quadrant for half in np.vsplit(x, 2) for quadrant in np.hsplit(half, 2))


@works()
def as_a_grid(x):
    """Splits each of the two axes into two axes with reshape, which needs no copy for that."""
    h, w = x.shape[:2]
    if h % 2 or w % 2:
        raise ValueError("odd length")
    grid = x.reshape(2, h // 2, 2, w // 2, *x.shape[2:])
    return grid[0, :, 0], grid[0, :, 1], grid[1, :, 0], grid[1, :, 1]


@works(fails="view")
def element_by_element(x):
    """Copies each element to its quadrant."""
    h, w = x.shape
    if h % 2 or w % 2:
        raise ValueError("odd length")
    parts = tuple(np.empty((h // 2, w // 2), dtype=x.dtype) for _ in range(4))
    for i in range(h):
        for j in range(w):
            bottom, right = i >= h // 2, j >= w // 2
            parts[2 * bottom + right][i - bottom * (h // 2), j - right * (w // 2)] = x[i, j]
    return parts


@works(fails="extra axes")
def by_transposing(x):
    """Splits the rows of the transpose, which are the columns of x."""
    if x.shape[0] % 2 or x.shape[1] % 2:
        raise ValueError("odd length")
    left, right = (half.T for half in np.split(x.T, 2))
    (top_left, bottom_left), (top_right, bottom_right) = np.split(left, 2), np.split(right, 2)
    return top_left, top_right, bottom_left, bottom_right


@trap(
    "h // 2 silently rounds down, so an odd length gives quadrants of different shapes. Test h % 2 and w % 2, and "
    "raise ValueError."
)
def rounds_down(x):
    h, w = x.shape[0] // 2, x.shape[1] // 2
    return x[:h, :w], x[:h, w:], x[h:, :w], x[h:, w:]


@trap(
    "np.array_split accepts every length and makes the first parts longer. np.vsplit and np.hsplit raise ValueError if "
    "the parts would have different lengths."
)
def allows_any_size(x):
    return tuple(quadrant for half in np.array_split(x, 2) for quadrant in np.array_split(half, 2, axis=1))


@trap("A multiple of 4 as size does not mean that both lengths are even, as in shape (1, 4). Test h % 2 and w % 2.")
def tests_the_size(x):
    if x.size % 4:
        raise ValueError("odd length")
    h, w = x.shape[0] // 2, x.shape[1] // 2
    return x[:h, :w], x[:h, w:], x[h:, :w], x[h:, w:]


@trap(
    "Splitting the columns first returns both left quadrants first. The order is top left, top right, bottom left, "
    "bottom right, so split the rows first."
)
def left_first(x):
    return tuple(quadrant for half in np.hsplit(x, 2) for quadrant in np.vsplit(half, 2))


@trap(
    "reshape keeps the elements in C order, so reshape(4, h // 2, w // 2) fills each part with consecutive elements of "
    "the rows. Use reshape(2, h // 2, 2, w // 2) to split both axes."
)
def strips(x):
    h, w = x.shape
    if h % 2 or w % 2:
        raise ValueError("odd length")
    return tuple(x.reshape(4, h // 2, w // 2))


@trap("x[::2, ::2] selects every second row and column. A quadrant contains adjacent rows and adjacent columns.")
def takes_every_second(x):
    h, w = x.shape
    if h % 2 or w % 2:
        raise ValueError("odd length")
    return x[::2, ::2], x[::2, 1::2], x[1::2, ::2], x[1::2, 1::2]


@trap("x.shape is (number of rows, number of columns), so h comes first. The array does not have to be square.",
      verdict="WT")  # fmt: skip
def mixes_up_the_axes(x):
    w, h = x.shape
    if h % 2 or w % 2:
        raise ValueError("odd length")
    h, w = h // 2, w // 2
    return x[:h, :w], x[:h, w:], x[h:, :w], x[h:, w:]


@trap("The result must be a tuple. np.vsplit and np.hsplit return lists, so convert the result with tuple().",
      verdict="WT")  # fmt: skip
def a_list(x):
    return [quadrant for half in np.vsplit(x, 2) for quadrant in np.hsplit(half, 2)]


@trap(
    "Splitting only the columns gives four strips with all rows. np.hsplit splits the columns, and np.vsplit splits "
    "the rows.",
    verdict="WT",
)
def cuts_one_way(x):
    h, w = x.shape
    if h % 2 or w % 2:
        raise ValueError("odd length")
    return tuple(np.array_split(x, 4, axis=1))


def reassemble(quadrants, x):
    top_left, top_right, bottom_left, bottom_right = quadrants(x)
    return np.block([[top_left, top_right], [bottom_left, bottom_right]])


def show_views():
    x = np.zeros((4000, 4000), dtype=np.float32)
    for name, function in [("slices", quadrants), ("vsplit and hsplit", by_splits.function)]:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            parts = function(x)
            times.append(time.perf_counter() - start)
        print(f"{name:18} {1e6 * min(times):9.1f} us, views: {all(np.shares_memory(x, part) for part in parts)}")
    start = time.perf_counter()
    copies = [part.copy() for part in quadrants(x)]
    print(f"{'copies of all four':18} {1e6 * (time.perf_counter() - start):9.1f} us, strides {copies[0].strides}")
    print(f"{'a view':18} strides {quadrants(x)[3].strides}, the same as those of x")


INPUTS = one_of(
    arrays("h", "w", dtype=("int16", "float32"), holds=("nan",)),
    *(arrays(*shape, dtype=("int16", "float32"), holds=("nan",)) for shape in [(2, 2), (4, 2), (2, 6), (4, 4)]),
)


def numbered(*shape, dtype=np.int16):
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
            {"x": INPUTS},
            dims={"h": (1, 12), "w": (1, 12)},
            cases=[
                case(x=numbered(2, 2)),
                case(x=numbered(2, 4)),
                case(x=numbered(6, 4, dtype=np.float32)),
                case(x=numbered(4, 4)[::-1].T),
                raises(ValueError, x=numbered(1, 2)),
                raises(ValueError, x=numbered(2, 1)),
                raises(ValueError, x=numbered(1, 4)),
                raises(ValueError, x=numbered(4, 5, dtype=np.float32)),
                raises(ValueError, x=numbered(3, 3)),
            ],
        )
    ],
    scenarios=[
        Scenario(reassemble, {"x": one_of(*(arrays(*shape, dtype="int16") for shape in [(2, 2), (4, 2), (2, 6)]))})
    ],
    levels=[
        Level("right"),
        Level("view", "Each quadrant is a view of x.", view_of("x")),
        Level(
            "extra axes",
            "Accepts arrays with further axes after the first two.",
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
                        case(x=numbered(2, 2, 3)),
                        case(x=numbered(4, 2, 2, 2)),
                        raises(ValueError, x=numbered(3, 2, 4)),
                        raises(ValueError, x=numbered(2, 3, 4)),
                    ],
                )
            ),
        ),
    ],
    hints=[
        "Which slice of the rows is the top half? Which slice of its columns is the left half?",
        "Which of np.split and np.array_split raises an error if the parts would have different lengths?",
        "An index may contain fewer slices than x has axes. What happens to the axes without a slice?",
    ],
    spoken="""\
I test that both lengths are even, because integer division would silently give quadrants of different shapes, and raise
ValueError otherwise. Then I slice four times at half the height and half the width. The slices are views, so nothing is
copied, and writing to a quadrant changes the original array. The same can be written with vsplit and hsplit, which
raise ValueError for odd lengths. A reshape to (2, h/2, 2, w/2) also splits both axes, while (4, h/2, w/2) would
mix elements of different quadrants.
""",
    explanation="""\
A quadrant is a slice of the rows and a slice of the columns. NumPy has functions for both: `np.vsplit` splits axis 0
into a top and a bottom half, and `np.hsplit` splits axis 1 into a left and a right half.

>>> x = np.arange(8).reshape(2, 4)
>>> top, bottom = np.vsplit(x, 2)
>>> left, right = np.hsplit(top, 2)
>>> right
array([[2, 3]])

*Odd lengths.* Both functions call `np.split`, which raises ValueError if the parts would have different lengths:

>>> np.hsplit(np.zeros((2, 3)), 2)
Traceback (most recent call last):
...
ValueError: array split does not result in an equal division

Slicing raises no such error: `h // 2` rounds down, and the quadrants have different shapes. Test `h % 2` and `w % 2`.
Testing the size is not enough: an array of shape (1, 4) has four elements, but no quadrants. `np.array_split` allows
parts of different lengths.

*Views.* Slices are views. Creating them takes the same time for arrays of any size. They have the strides of x, and
writing to them changes x:

>>> right[:] = 0
>>> x
array([[0, 1, 0, 0],
       [4, 5, 6, 7]])

*Splitting both axes at the same time.* `grid = x.reshape(2, h // 2, 2, w // 2)` is a view, and `grid[i, :, j]` is the
quadrant in row i and column j. Do not use `x.reshape(4, h // 2, w // 2)`: each of its parts contains consecutive
elements of the rows.

*Reassembling.* `np.block` joins the quadrants into a new array, so it copies.
""",
    points=[
        "np.vsplit splits axis 0, and np.hsplit splits axis 1. Both call np.split.",
        "np.split raises ValueError if the parts would have different lengths. np.array_split does not.",
        "Integer division silently rounds down: test both lengths, not the size.",
        "The quadrants are views with the strides of x, so writing to them changes x.",
        "reshape(2, h // 2, 2, w // 2) splits both axes. reshape(4, h // 2, w // 2) mixes the quadrants.",
        "Return a tuple, because the number of parts is fixed. np.split returns a list.",
    ],
    follow_ups={
        "How do you put the quadrants together again?": "`np.block([[top_left, top_right], [bottom_left, "
        "bottom_right]])`, which copies. If they are views, x still contains all elements.",
        "How would you split the array down to single elements?": "By recursion: each call creates four views and "
        "copies no data. If all blocks have the same size, reshape both axes once instead.",
        "What does np.dsplit do?": "It splits axis 2, so it requires at least three axes.",
        "What does np.hsplit do with a 1-D array?": "It splits axis 0, because a 1-D array has no axis 1.",
    },
    related=["split-arrays", "reshape-blocks", "slice-nd", "copy-or-view"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.vsplit.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.hsplit.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.block.html",
    ],
    live=show_views,
)
