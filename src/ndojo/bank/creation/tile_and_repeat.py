"""Checkerboard with np.tile and np.repeat."""

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
    """Return a checkerboard of n by n fields, each of cell by cell pixels.

    Such boards are used to calibrate cameras. The field in the top left corner is 0, and fields that share an edge
    differ.

    Parameters
    ----------
    n : int
        The number of fields along each side, ``n >= 0``. It may be odd.
    cell : int
        The number of pixels along each side of a field, ``cell >= 1``.

    Returns
    -------
    ndarray, shape (n * cell, n * cell), int8
        The values 0 and 1.

    Raises
    ------
    ValueError
        If ``n < 0`` or ``cell < 1``.

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
        raise ValueError(f"n must be >= 0 and cell must be >= 1, got {n} and {cell}")
    line = np.repeat(np.arange(n + 1) % 2, cell).astype(np.int8)
    board = np.empty((n, cell, n * cell), dtype=np.int8)
    board[::2] = line[:-cell]
    board[1::2] = line[cell:]
    return board.reshape(n * cell, n * cell)


@works()
def row_against_column(n, cell):
    """A pixel is 1 if exactly one of its row and its column belongs to an odd field."""
    if n < 0 or cell < 1:
        raise ValueError("n or cell is out of range")
    line = np.tile(np.array([0, 1], dtype=np.int8), n // 2 + 1)[:n].repeat(cell)
    return line[:, np.newaxis] ^ line


@works(fails="memory")
def tiles_of_four_fields(n, cell):
    """Repeats a tile of two by two fields, and cuts off the excess if n is odd."""
    if n < 0 or cell < 1:
        raise ValueError("n or cell is out of range")
    tile = np.array([[0, 1], [1, 0]], dtype=np.int8).repeat(cell, axis=0).repeat(cell, axis=1)
    whole = -(-n // 2)
    return np.tile(tile, (whole, whole))[: n * cell, : n * cell].copy()


@works(fails="memory")
def by_field_numbers(n, cell):
    """Computes the field's row and column for each pixel, in the default integer."""
    if n < 0 or cell < 1:
        raise ValueError("n or cell is out of range")
    field = np.arange(n * cell) // cell
    return ((field[:, np.newaxis] + field) % 2).astype(np.int8)


@works(fails="memory")
def by_kron(n, cell):
    """Multiplies each field by a block of ones."""
    if n < 0 or cell < 1:
        raise ValueError("n or cell is out of range")
    fields = np.indices((n, n)).sum(axis=0) % 2
    return np.kron(fields, np.ones((cell, cell), dtype=np.int64)).astype(np.int8)


@works(fails="vectorized")
def pixel_by_pixel(n, cell):
    """Two nested Python loops."""
    if n < 0 or cell < 1:
        raise ValueError("n or cell is out of range")
    board = np.zeros((n * cell, n * cell), dtype=np.int8)
    for i in range(n * cell):
        for j in range(n * cell):
            board[i, j] = (i // cell + j // cell) % 2
    return board


@trap(
    "An odd n is not a whole number of tiles of two fields. Create one more tile and cut off the excess.", verdict="WT"
)
def even_only(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("n or cell is out of range")
    tile = np.array([[0, 1], [1, 0]], dtype=np.int8).repeat(cell, axis=0).repeat(cell, axis=1)
    return np.tile(tile, (n // 2, n // 2))


@trap("np.tile repeats the whole array, so each field is one pixel in size. np.repeat enlarges each element.")
def tile_for_repeat(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("n or cell is out of range")
    fields = (np.indices((n, n)).sum(axis=0) % 2).astype(np.int8)
    return np.tile(fields, (cell, cell))


@trap("np.repeat without axis flattens its input first. Repeat along axis 0, then along axis 1.", verdict="WT")
def repeat_flattens(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("n or cell is out of range")
    fields = (np.indices((n, n)).sum(axis=0) % 2).astype(np.int8)
    return fields.repeat(cell).repeat(cell)


@trap("Lists and arange give the default integer, 8 bytes per pixel on most platforms. Ask for int8.", verdict="WT")
def stays_wide(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("n or cell is out of range")
    field = np.arange(n * cell) // cell
    return (field[:, None] + field) % 2


@trap("int8 ends at 127, so numbering more fields than that overflows. Take the numbers modulo 2 first.",
      verdict="RE")  # fmt: skip
def numbers_in_int8(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("n or cell is out of range")
    fields = np.array(list(range(n)), dtype=np.int8) % 2
    line = fields.repeat(cell)
    return line[:, None] ^ line


@trap("The field in the top left corner must be 0. This board starts with 1.")
def starts_with_one(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("n or cell is out of range")
    field = np.arange(n * cell) // cell
    return ((field[:, None] + field + 1) % 2).astype(np.int8)


@trap(
    "If all rows start with the same value, the result has stripes. Every second row of fields starts "
    "with the other value."
)
def stripes(n, cell):
    if n < 0 or cell < 1:
        raise ValueError("n or cell is out of range")
    field = np.arange(n * cell) // cell % 2
    return np.tile(field.astype(np.int8), (n * cell, 1))


@trap("An empty slice or a repetition of 0 times raises no error. `cell < 1` must raise ValueError.")
def cell_of_nothing(n, cell):
    if n < 0:
        raise ValueError("n must not be negative")
    field = np.arange(n * cell) // max(cell, 1)
    return ((field[:, None] + field) % 2).astype(np.int8)


def show_ways():
    fields = np.array([[0, 1], [1, 0]])
    print("np.tile(fields, (1, 2)): the whole array, repeated along axis 1")
    print(np.tile(fields, (1, 2)))
    print("np.repeat(fields, 2, axis=1): each element, repeated along axis 1")
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
        Level("vectorized", "Uses no Python loop.", no_python_loop(lambda rng, n: {"n": n, "cell": 3})),
        Level(
            "memory",
            "Apart from the result, allocates nothing as large as the board.",
            peak_memory(lambda rng: {"n": 201, "cell": 7}, outputs=1.1),
        ),
        Level(
            "fast",
            "At least 5 times faster than numbering the fields for every pixel.",
            faster_than(
                by_field_numbers,
                5,
                calibration_board,
                needs=needs(bytes=lambda n, cell: (n * cell) ** 2),
            ),
        ),
    ],
    hints=[
        "What do np.tile([0, 1], 2) and np.repeat([0, 1], 2) return?",
        "How many different rows of pixels does the board have?",
        "Which dtype has np.arange(n) % 2? Where can you convert it to int8 before anything large is created?",
        "An array of shape (n, cell, n * cell) contains the pixel rows of each row of fields. How do you "
        "turn it into the board?",
    ],
    spoken="""\
`np.tile` repeats the whole array and `np.repeat` repeats each element, so the textbook solution tiles a 2 by 2
pattern and repeats it along both axes, with a cut for odd n. A better view is that the board has only two different
rows of pixels. I build one line of n plus 1 fields as int8 and broadcast it into every second row of fields, so the
board is written once. I keep int8 from the start, because int64 index grids cost eight times the memory traffic.
""",
    explanation="""\
`np.tile` repeats the whole array, and `np.repeat` repeats each element.

>>> np.tile([0, 1], 2), np.repeat([0, 1], 2)
(array([0, 1, 0, 1]), array([0, 0, 1, 1]))

With several axes, `tile` takes one count per axis, and `repeat` needs `axis`. Without it, `repeat` flattens its input.

>>> np.repeat(np.eye(2, dtype=np.int8), 2, axis=1)
array([[1, 1, 0, 0],
       [0, 0, 1, 1]], dtype=int8)

*The textbook solution* repeats a 2 by 2 pattern along both axes and tiles the result. For odd n it needs one more tile
and a cut.

*A better solution* looks at what repeats: the board has only two different rows of pixels. One line of n + 1 fields
contains both, starting at its first and at its second field. Assigning them to every second row of fields broadcasts
them, so the board is written once. Alternatively, `line[:, None] ^ line` is 1 if exactly one of the two pixels is 1.

*The dtype decides the cost.* `np.arange` uses the default integer, so dividing and adding index grids moves 8 bytes per
pixel several times, and integer division is slow. Take the numbers modulo 2 and convert them to int8 while they are a
single line. Not earlier: int8 ends at 127. A Python int that does not fit raises OverflowError in NumPy 2; NumPy 1
wrapped around.

Often no copy is needed at all: `np.broadcast_to` repeats with a stride of 0.
""",
    points=[
        "tile repeats the whole array; repeat repeats each element.",
        "repeat flattens unless it gets an axis. It also accepts one count per element.",
        "An odd number of fields needs a cut, or a pattern that does not come in pairs.",
        "The board has only two different rows, so broadcast them instead of computing each pixel.",
        "Keep the dtype small from the start: int64 index grids cost eight times the memory and traffic.",
        "int8 overflows above 127, so take the numbers modulo 2 before you convert.",
    ],
    follow_ups={
        "How do you repeat without copying?": "np.broadcast_to repeats along a new axis with stride 0. "
        "Merging that axis with another by reshape copies.",
        "How do you enlarge an image by a factor of 3?": "`img.repeat(3, axis=0).repeat(3, axis=1)`.",
        "What does np.resize do?": "It repeats the flattened data until the shape is full. The method "
        "ndarray.resize, deprecated in NumPy 2.5, fills with 0 instead.",
    },
    related=["run-length", "kronecker-product", "broadcast-shapes", "create-arrays"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.tile.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.repeat.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.broadcast_to.html",
    ],
    equivalent={
        "checkerboard: `np.repeat(np.arange(n + 1) % 2, cell).astype(np.int8)` -> `np.repeat(np.arange(n + 1) % 2, "
        "cell)` in `line = np.repeat(np.arange(n + 1) % 2, cell).astype(np.int8)`": "Only slower: the assignment "
        "casts.",
        "checkerboard: `np.empty` -> `np.ones` "
        "in `board = np.empty((n, cell, n * cell), dtype=np.int8)`": "Every pixel is assigned later.",
        "checkerboard: `::2` -> `:` in `board[::2] = line[:-cell]`": "Only slower: the next line overwrites the "
        "other rows.",
        "checkerboard: `2` -> `1` in `board[::2] = line[:-cell]`": "Only slower: the next line overwrites the other "
        "rows.",
        "checkerboard: `0` -> `-1` in `if n < 0 or cell < 1:`": "np.empty also rejects a length of -1.",
    },
    live=show_ways,
)
