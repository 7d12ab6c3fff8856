"""A chessboard to calibrate a camera."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    case,
    faster_than,
    integers,
    needs,
    no_python_loop,
    peak_memory,
    raises,
    trap,
    works,
)


def checkerboard(n, cell):
    """Draw the board that a camera is calibrated with: n by n fields, each of cell by cell pixels.

    The field in the top left corner is 0. Fields that share an edge differ.

    Parameters
    ----------
    n : int
        Fields along each side; may be 0, may be odd.
    cell : int
        Pixels along each side of a field, at least 1.

    Returns
    -------
    ndarray, shape (n * cell, n * cell), int8
        0 and 1.

    Raises
    ------
    ValueError
        If `n` is negative or `cell` is below 1.

    Examples
    --------
    >>> checkerboard(3, 2)
    array([[0, 0, 1, 1, 0, 0],
           [0, 0, 1, 1, 0, 0],
           [1, 1, 0, 0, 1, 1],
           [1, 1, 0, 0, 1, 1],
           [0, 0, 1, 1, 0, 0],
           [0, 0, 1, 1, 0, 0]], dtype=int8)
    """
    if n < 0 or cell < 1:
        raise ValueError(f"n must not be negative and cell at least 1, got {n} and {cell}")
    line = np.repeat(np.arange(n + 1) % 2, cell).astype(np.int8)
    board = np.empty((n, cell, n * cell), dtype=np.int8)
    board[::2] = line[:-cell]
    board[1::2] = line[cell:]
    return board.reshape(n * cell, n * cell)


@works()
def row_against_column(n, cell):
    """A pixel is 1 where exactly one of its row and its column lies in an odd field."""
    if n < 0 or cell < 1:
        raise ValueError("out of range")
    line = np.tile(np.array([0, 1], dtype=np.int8), n // 2 + 1)[:n].repeat(cell)
    return line[:, np.newaxis] ^ line


@works(fails="memory")
def tiles_of_four_fields(n, cell):
    """The tile that repeats holds two by two fields; what is too much for an odd n is cut off."""
    if n < 0 or cell < 1:
        raise ValueError("out of range")
    tile = np.array([[0, 1], [1, 0]], dtype=np.int8).repeat(cell, axis=0).repeat(cell, axis=1)
    whole = -(-n // 2)
    return np.tile(tile, (whole, whole))[: n * cell, : n * cell].copy()


@works(fails="memory")
def by_field_numbers(n, cell):
    """The field's row and column for each pixel, in int64."""
    if n < 0 or cell < 1:
        raise ValueError("out of range")
    field = np.arange(n * cell) // cell
    return ((field[:, np.newaxis] + field) % 2).astype(np.int8)


@works(fails="memory")
def by_kron(n, cell):
    """Every field times a block of ones."""
    if n < 0 or cell < 1:
        raise ValueError("out of range")
    fields = np.indices((n, n)).sum(axis=0) % 2
    return np.kron(fields, np.ones((cell, cell), dtype=np.int64)).astype(np.int8)


@works(fails="vectorized")
def pixel_by_pixel(n, cell):
    """A loop within a loop."""
    if n < 0 or cell < 1:
        raise ValueError("out of range")
    board = np.zeros((n * cell, n * cell), dtype=np.int8)
    for i in range(n * cell):
        for j in range(n * cell):
            board[i, j] = (i // cell + j // cell) % 2
    return board


@trap("An odd n is no whole number of tiles of two fields: make one more and cut it off.", verdict="WT")
def even_only(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("out of range")
    tile = np.array([[0, 1], [1, 0]], dtype=np.int8).repeat(cell, axis=0).repeat(cell, axis=1)
    return np.tile(tile, (n // 2, n // 2))


@trap("np.tile repeats the whole, so every field is one pixel large; np.repeat makes each element larger.")
def tile_for_repeat(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("out of range")
    fields = (np.indices((n, n)).sum(axis=0) % 2).astype(np.int8)
    return np.tile(fields, (cell, cell))


@trap("np.repeat without axis flattens first: repeat along axis 0 and then along axis 1.", verdict="WT")
def repeat_flattens(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("out of range")
    fields = (np.indices((n, n)).sum(axis=0) % 2).astype(np.int8)
    return fields.repeat(cell).repeat(cell)


@trap("Lists and arange make int64, eight bytes a pixel: ask for int8.", verdict="WT")
def stays_wide(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("out of range")
    field = np.arange(n * cell) // cell
    return (field[:, None] + field) % 2


@trap("int8 ends at 127: a board of more fields than that overflows while they are numbered. Take them modulo 2 first.",
      verdict="RE")  # fmt: skip
def numbers_in_int8(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("out of range")
    fields = np.array(list(range(n)), dtype=np.int8) % 2
    line = fields.repeat(cell)
    return line[:, None] ^ line


@trap("The field in the top left corner is 0, and this board starts with 1.")
def starts_with_one(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("out of range")
    field = np.arange(n * cell) // cell
    return ((field[:, None] + field + 1) % 2).astype(np.int8)


@trap("Rows that all begin alike make stripes: every second row of fields starts with the other colour.")
def stripes(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("out of range")
    field = np.arange(n * cell) // cell % 2
    return np.tile(field.astype(np.int8), (n * cell, 1))


@trap("An empty slice and a repetition of 0 times are no errors: a cell below 1 must be refused.")
def cell_of_nothing(n, cell):
    if n < 0:
        raise ValueError("n must not be negative")
    field = np.arange(n * cell) // max(cell, 1)
    return ((field[:, None] + field) % 2).astype(np.int8)


def show_ways():
    fields = np.array([[0, 1], [1, 0]])
    print("np.tile(fields, (1, 2)): the whole, side by side")
    print(np.tile(fields, (1, 2)))
    print("np.repeat(fields, 2, axis=1): each element, in place")
    print(np.repeat(fields, 2, axis=1))
    for dtype in ("int8", "int64", "float64"):
        print(f"a board of 1,000 by 1,000 pixels as {dtype:7} takes {np.dtype(dtype).itemsize} MB")


def calibration_board(rng):
    return {"n": 70 + int(rng.integers(0, 5)), "cell": 9}


QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Array Manipulation"],
    companies=["Google", "Amazon"],
    asked=["T62"],
    entry_points=[
        Entry(
            checkerboard,
            {"n": integers(0, 9), "cell": integers(1, 5)},
            cases=[
                case(n=0, cell=1),
                case(n=1, cell=1),
                case(n=2, cell=1),
                case(n=1, cell=2),
                case(n=2, cell=2),
                case(n=3, cell=1),
                case(n=3, cell=2),
                case(n=130, cell=1),
                case(n=129, cell=2),
                case(n=1, cell=130),
                raises(ValueError, n=-1, cell=1),
                raises(ValueError, n=2, cell=0),
                raises(ValueError, n=2, cell=-1),
                raises(ValueError, n=0, cell=0),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("vectorized", "Without a loop in Python.", no_python_loop(lambda rng, n: {"n": n, "cell": 3})),
        Level(
            "memory",
            "A pixel is one byte, also on the way: nothing as large as the board beside it.",
            peak_memory(lambda rng: {"n": 201, "cell": 7}, outputs=1.1),
        ),
        Level(
            "fast",
            "Numbering the fields for every pixel is the usual answer. Be five times as fast.",
            faster_than(
                by_field_numbers,
                5,
                calibration_board,
                needs=needs(bytes=lambda n, cell: (n * cell) ** 2),
            ),
        ),
    ],
    hints=[
        "What do np.tile([0, 1], 2) and np.repeat([0, 1], 2) give?",
        "How many different rows of pixels has the board?",
        "Which dtype has np.arange(n) % 2? Where can it become int8 before anything large is made?",
        "An array of shape (n, cell, n * cell) holds the rows of each row of fields together; reshape makes a board.",
    ],
    explanation="""\
`np.tile` lays copies of the whole side by side, `np.repeat` makes several of each element in place.

>>> np.tile([0, 1], 2), np.repeat([0, 1], 2)
(array([0, 1, 0, 1]), array([0, 0, 1, 1]))

With more axes, `tile` takes a count for each, and `repeat` needs `axis`: without it, it flattens.

>>> np.repeat(np.eye(2, dtype=np.int8), 2, axis=1)
array([[1, 1, 0, 0],
       [0, 0, 1, 1]], dtype=int8)

The textbook board repeats a 2 by 2 pattern along both axes and tiles that, with one tile more and a cut for an odd n.
Better is to see what is repeated: the board has two different rows of pixels. One line of n + 1 fields
contains both, from its start and from its second field on. Assigning them to every second row of fields broadcasts
each into place, so the board is written once.

Or compare rows with columns: `line[:, None] ^ line` is 1 where exactly one of the two is.

The dtype decides the cost. `np.arange` counts in int64: dividing and adding index grids moves eight bytes a pixel,
several times, and integer division is slow. Take numbers modulo 2 and make them int8 while they are one line. Not
earlier: int8 ends at 127, and Python ints that do not fit raise OverflowError in NumPy 2, where NumPy 1 wrapped round.

Often no copy is needed: `np.broadcast_to` repeats with a stride of 0.
""",
    points=[
        "tile repeats the whole array, repeat each element.",
        "repeat flattens unless it gets an axis; it also takes a count for each element.",
        "An odd number of fields needs a cut, or a pattern that does not come in pairs.",
        "The board has two different rows only: broadcast them instead of computing each pixel.",
        "Keep the dtype small from the start; int64 index grids cost eight times the memory and traffic.",
        "int8 overflows above 127: reduce before you narrow.",
    ],
    follow_ups={
        "How do you repeat without copying?": "np.broadcast_to repeats along a new axis, at stride 0; joining that "
        "axis with another by reshape copies.",
        "How do you enlarge an image by 3?": "img.repeat(3, axis=0).repeat(3, axis=1).",
        "What does np.resize do?": "Repeats the flattened data until the shape is full. The method ndarray.resize, "
        "deprecated in NumPy 2.5, fills with 0.",
    },
    related=["run-length", "kronecker-product", "broadcast-shapes", "create-arrays"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.tile.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.repeat.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.broadcast_to.html",
    ],
    equivalent={
        "checkerboard: `np.repeat(np.arange(n + 1) % 2, cell).astype(np.int8)` -> `np.repeat(np.arange(n + 1) % 2, "
        "cell)` in `line = np.repeat(np.arange(n + 1) % 2, cell).astype(np.int8)`": "Only slower: assigning casts.",
        "checkerboard: `np.empty` -> `np.ones` "
        "in `board = np.empty((n, cell, n * cell), dtype=np.int8)`": "Every pixel is assigned.",
        "checkerboard: `::2` -> `:` in `board[::2] = line[:-cell]`": "Slower: the next line overwrites the others.",
        "checkerboard: `2` -> `1` in `board[::2] = line[:-cell]`": "Slower: the next line overwrites the others.",
        "checkerboard: `0` -> `-1` in `if n < 0 or cell < 1:`": "np.empty refuses a length of -1, too.",
    },
    live=show_ways,
)
