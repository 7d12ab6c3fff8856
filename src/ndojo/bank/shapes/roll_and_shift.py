"""Conway's Game of Life with shifted arrays."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    choice,
    faster_than,
    needs,
    peak_memory,
    right_on,
    trap,
    works,
)


def life_step(board, wrap=True):
    """Compute the next generation of Conway's Game of Life on a 2-D boolean array.

    Each cell has eight neighbors, including the four diagonal ones. A living cell with two or three living neighbors
    stays alive. A dead cell with exactly three living neighbors becomes alive. Every other cell is dead in the next
    generation.

    Parameters
    ----------
    board : ndarray, shape (n, m), bool
        True if a cell is alive. ``n >= 0`` and ``m >= 0``. May be strided, reversed, broadcast or read-only.
    wrap : bool
        If True, the board wraps around along both axes: the row above row 0 is row n - 1, the column to the left of
        column 0 is column m - 1, and so on. All eight directions count, even if several of them lead to the same cell.
        For example, if n is 1, the cells above and below a cell are the cell itself. If False, all cells outside the
        board are dead. On level 1, `wrap` is always True.

    Returns
    -------
    ndarray, shape (n, m), bool
        The next generation. `board` must not change.

    Examples
    --------
    >>> blinker = np.zeros((5, 5), dtype=bool)
    >>> blinker[1:4, 2] = True
    >>> life_step(blinker).astype(int)
    array([[0, 0, 0, 0, 0],
           [0, 0, 0, 0, 0],
           [0, 1, 1, 1, 0],
           [0, 0, 0, 0, 0],
           [0, 0, 0, 0, 0]])
    """
    n, m = board.shape
    cells = np.zeros((n + 2, m + 2), dtype=np.uint8)
    cells[1:-1, 1:-1] = board
    if wrap and board.size:
        cells[0], cells[-1] = cells[-2], cells[1]
        cells[:, 0], cells[:, -1] = cells[:, -2], cells[:, 1]
    # Add up three rows, then three columns. The flattened rows have m + 2 elements each, so sums that cross from one
    # row to the next fall into the last two columns, which are cut off below.
    column_sums = (cells[:-2] + cells[1:-1] + cells[2:]).reshape(n * (m + 2))
    alive = cells[1:-1].reshape(n * (m + 2))
    count = column_sums[:-2] + column_sums[1:-1] + column_sums[2:] - alive[1:-1]
    following = np.zeros((n, m + 2), dtype=bool)
    np.equal(count | alive[1:-1], 3, out=following.reshape(n * (m + 2))[:-2])
    return following[:, :m]


# ------------------------------------------------------------------------------------------------------- right answers


@works(fails="open edges")
def by_eight_rolls(board, wrap=True):
    """Rolls the board in all eight directions and counts in uint8."""
    cells = board.astype(np.uint8)
    count = np.zeros_like(cells)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            if down or right:
                count += np.roll(cells, (down, right), axis=(0, 1))
    return (count == 3) | (board & (count == 2))


@works(fails="memory")
def by_rolls(board, wrap=True):
    """Rolls the board in all eight directions and counts in int64. Pads the board first if wrap is False."""
    cells = board if wrap else np.pad(board, 1)
    around = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right]
    count = sum(np.roll(cells, shift, axis=(0, 1)).astype(int) for shift in around)
    following = (count == 3) | (cells & (count == 2))
    return following if wrap else following[1:-1, 1:-1]


@works()
def by_slices(board, wrap=True):
    """Adds nine slices of a padded board."""
    n, m = board.shape
    cells = np.pad(board, 1, mode="wrap" if wrap and board.size else "constant").astype(np.uint8)
    count = np.zeros((n, m), dtype=np.uint8)
    for down in range(3):
        for right in range(3):
            count += cells[down : down + n, right : right + m]
    return (count == 3) | (board & (count == 4))


@works(fails="vectorized")
def by_loop(board, wrap=True):
    """Counts the neighbors of one cell at a time."""
    n, m = board.shape
    rows = board.tolist()
    following = np.zeros((n, m), dtype=bool)
    for i in range(n):
        for j in range(m):
            count = -rows[i][j]
            for r in (i - 1, i, i + 1):
                for c in (j - 1, j, j + 1):
                    if wrap or (0 <= r < n and 0 <= c < m):
                        count += rows[r % n][c % m]
            following[i, j] = count == 3 or (rows[i][j] and count == 2)
    return following


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "If wrap is True, row n - 1 is above row 0, but padding with zeros makes all cells outside the board dead. "
    "Use np.roll, or pad with the opposite edges."
)
def dead_edges(board, wrap=True):
    cells = np.pad(board, 1).astype(int)
    n, m = board.shape
    count = sum(cells[i : i + n, j : j + m] for i in range(3) for j in range(3)) - board
    return (count == 3) | (board & (count == 2))


@trap("The shift (0, 0) counts each cell as its own neighbor. Skip it, or subtract the board from the sum.")
def counts_itself(board, wrap=True):
    count = sum(np.roll(board, (i, j), axis=(0, 1)).astype(int) for i in (-1, 0, 1) for j in (-1, 0, 1))
    return (count == 3) | (board & (count == 2))


@trap(
    "`+` of two bool arrays is a logical or and returns bool, so the count never exceeds 1. Convert the board "
    "to uint8 first."
)
def adds_bools(board, wrap=True):
    count = np.zeros_like(board)
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            if i or j:
                count = count + np.roll(board, (i, j), axis=(0, 1))
    return (count == 3) | (board & (count == 2))


@trap(
    "The result must be bool, but np.where(condition, 1, 0) and sums of counts return integers. Return the "
    "condition itself.",
    verdict="WT",
)
def becomes_int(board, wrap=True):
    count = sum(np.roll(board, (i, j), axis=(0, 1)).astype(int) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j)
    return np.where((count == 3) | (board & (count == 2)), 1, 0)


@trap(
    "Without axis, np.roll shifts the flattened array, so elements that leave a row on the right enter the next "
    "row. Pass axis=(0, 1)."
)
def rolls_flat(board, wrap=True):
    m = board.shape[1]
    shifts = [i * m + j for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
    count = np.zeros(board.shape, dtype=int)
    for shift in shifts:
        count += np.roll(board, shift)
    return (count == 3) | (board & (count == 2))


@trap(
    "Shifting along one axis at a time gives only four neighbors. The four diagonal ones need a shift along "
    "both axes: np.roll(board, (1, 1), axis=(0, 1))."
)
def four_neighbors(board, wrap=True):
    count = sum(np.roll(board, shift, axis=axis).astype(int) for shift in (-1, 1) for axis in (0, 1))
    return (count == 3) | (board & (count == 2))


@trap(
    "All cells change at the same time. If you assign to the board while counting, later cells count neighbors "
    "of the next generation. Write the result into a new array."
)
def one_after_another(board, wrap=True):
    n, m = board.shape
    board = board.copy()
    for i in range(n):
        for j in range(m):
            count = sum(int(board[r % n, c % m]) for r in (i - 1, i, i + 1) for c in (j - 1, j, j + 1)) - board[i, j]
            board[i, j] = count == 3 or (board[i, j] and count == 2)
    return board


@trap(
    "Assigning to board[...] changes the caller's array, because NumPy arrays are passed without a copy. Return a "
    "new array.",
    verdict="IM",
)
def writes_into_board(board, wrap=True):
    count = sum(np.roll(board, (i, j), axis=(0, 1)).astype(int) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j)
    board[...] = (count == 3) | (board & (count == 2))
    return board


# ------------------------------------------------------------------------------------------------------------ question


def random_board(rng, side):
    return {"board": rng.random((side, side)) < 0.3}


def show_generations():
    board = np.random.default_rng(1).random((1000, 1000)) < 0.3

    def milliseconds(act, repeat=3):
        best = float("inf")
        for _ in range(repeat):
            start = time.perf_counter()
            act()
            best = min(best, 1e3 * (time.perf_counter() - start))
        return best

    print(f"a board of shape {board.shape} with {board.nbytes:,} bytes")
    print(f"8 rolls, int64           {milliseconds(lambda: by_rolls(board)):8.2f} ms")
    print(f"8 rolls, uint8           {milliseconds(lambda: by_eight_rolls(board)):8.2f} ms")
    print(f"9 slices, uint8          {milliseconds(lambda: by_slices(board)):8.2f} ms")
    print(f"3 rows, then 3 columns   {milliseconds(lambda: life_step(board)):8.2f} ms")


COUNTING = needs(bytes=lambda board: 2 * board.nbytes, operations=lambda board: 4 * board.size)
BOARD = arrays("n", "m", dtype="bool")
DIMS = {"n": (0, 9), "m": (0, 9)}
GLIDER = np.array([[0, 1, 0, 0], [0, 0, 1, 0], [1, 1, 1, 0], [0, 0, 0, 0]], dtype=bool)

QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Array Manipulation"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T61"],
    entry_points=[
        Entry(
            life_step,
            {"board": BOARD, "wrap": choice(True)},
            dims=DIMS,
            cases=[
                case(board=GLIDER),
                case(board=np.roll(GLIDER, 2, axis=(0, 1))),
                case(board=np.ones((1, 1), dtype=bool)),
                case(board=np.ones((1, 3), dtype=bool)),
                case(board=np.array([[True, False], [False, False]])),
                case(board=np.array([[True], [False], [True], [False]])),
                case(board=np.zeros((0, 3), dtype=bool)),
                case(board=np.zeros((3, 0), dtype=bool)),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "open edges",
            "Also supports wrap=False: all cells outside the board are dead.",
            right_on(
                Entry(
                    life_step,
                    {"board": BOARD, "wrap": choice(False, True)},
                    dims=DIMS,
                    cases=[case(board=np.ones((2, 2), dtype=bool), wrap=False), case(board=GLIDER, wrap=False)],
                )
            ),
        ),
        Level(
            "vectorized",
            "At least 6 times faster than a Python loop over the cells, for a board of shape (48, 48).",
            faster_than(by_loop, 6, lambda rng: random_board(rng, 48), needs=COUNTING),
        ),
        Level(
            "memory",
            "At least 2 times faster than summing eight np.roll calls in int64 for a board of shape (500, 500). Uses "
            "at most 8 times the memory of the board, including the result.",
            faster_than(by_rolls, 2, lambda rng: random_board(rng, 500), needs=COUNTING),
            peak_memory(lambda rng: random_board(rng, 1500), inputs=8),
        ),
    ],
    hints=[
        "How many living neighbors does each cell have? Shift the whole board, so that each cell aligns with one "
        "neighbor.",
        "np.roll wraps around at the edges; pass axis. What is the sum of two bool arrays?",
        "Level 2: for open edges, add slices of a padded board. Which values must the padding have?",
        "Level 4: which dtype is large enough to count to 9? Can you reuse the sum of three rows for three columns?",
    ],
    spoken="""\
I need the number of living neighbors of each cell. If the board wraps around, I can add eight arrays from `np.roll`,
each shifted along both axes. For open edges I pad the board with zeros and add slices, which are views. Before adding I
convert to uint8, because `+` of two bool arrays is a logical or. It is faster to add three rows first and then three
columns of that sum. A cell is alive in the next generation if it has three living neighbors, or two and is alive now. I
write into a new array, because all cells change at the same time.
""",
    explanation="""\
Instead of looping over the cells, shift the whole board once per direction and add the shifted boards. `np.roll` wraps
around along the given axes. Without `axis`, it shifts the flattened array:

>>> np.roll([1, 2, 3, 4], 1)
array([4, 1, 2, 3])
>>> np.roll([[1, 2], [3, 4]], 1).tolist(), np.roll([[1, 2], [3, 4]], 1, axis=1).tolist()
([[4, 1], [2, 3]], [[2, 1], [4, 3]])

A tuple of shifts moves the array along several axes, as the diagonal neighbors require:

>>> board = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], dtype=np.uint8)
>>> np.roll(board, (1, 1), axis=(0, 1))
array([[0, 0, 0],
       [0, 0, 0],
       [0, 0, 1]], dtype=uint8)

*Open edges.* `np.roll` always wraps around. To shift without wrapping, pad the board by one cell on each side and add
slices of the padded board. Zeros give open edges, and copies of the opposite edges give a board that wraps around.
Slices are views, whereas each call of `np.roll` copies the board:

>>> padded = np.pad(board, 1)
>>> sum(padded[i : i + 3, j : j + 3] for i in range(3) for j in range(3)) - board
array([[1, 1, 1],
       [1, 0, 1],
       [1, 1, 1]], dtype=uint8)

*Which dtype?* The sum of two bool arrays is a logical or, so it cannot count. Convert the board first; uint8 is enough
for counts up to 9. An int64 array takes eight times the memory of a uint8 array.

>>> np.array([True]) + np.array([True])
array([ True])

*Fewer additions.* The sum over a 3-by-3 block is a sum over three rows, followed by a sum over three columns of the
result. That takes four additions of arrays instead of eight. Then subtract the board, because a cell is not its own
neighbor.

*One comparison.* If `count` is the number of living neighbors, the new cell is `(count | alive) == 3`. The bitwise or
is 3 if `count` is 3, or if `count` is 2 and the cell is alive:

>>> [(count, alive) for count in range(9) for alive in (0, 1) if count | alive == 3]
[(2, 1), (3, 0), (3, 1)]

*When to use which?* `np.roll` is the shortest code if the board wraps around and speed does not matter. Slices of a
padded board support both kinds of edges, and they allow you to add rows before columns, which is faster. In all cases,
write the result into a new array. If you assign to the board while counting, later cells count neighbors of the next
generation.
""",
    points=[
        "Shift the whole board and add, instead of looping over the cells.",
        "np.roll wraps around and copies; without axis it shifts the flattened array.",
        "To shift without wrapping, use slices of a padded board.",
        "`+` of two bool arrays is a logical or, so convert to uint8, which is smaller than int64.",
        "A cell is not its own neighbor. The result is a new bool array.",
        "The sum over a block separates into rows and columns: four additions instead of eight.",
        "If the board wraps around and has one or two rows, several directions lead to the same cell.",
    ],
    follow_ups={
        "How do you shift a 1-D array by one without wrapping?": "Allocate the result, then assign "
        "`out[1:] = x[:-1]` and `out[0] = fill`. If the fill value is NaN, the result needs a floating-point dtype.",
        "How would you handle a large board with few living cells?": "Store only the coordinates of the living "
        "cells, or split the board into tiles and skip the tiles that cannot change.",
        "Can you process 64 cells with one operation?": "Yes. Pack the cells into uint64 words and compute the "
        "counts with bitwise operations.",
    },
    related=["pad-manually", "sliding-windows", "conv2d-strides", "packed-bits"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.roll.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.pad.html",
    ],
    live=show_generations,
    equivalent={
        "life_step: `np.zeros` -> `np.ones` in `following = np.zeros((n, m + 2), dtype=bool)`": "Only the last "
        "two elements of the padding keep their initial values, and the padding is cut off."
    },
)
