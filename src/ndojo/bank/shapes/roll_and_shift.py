"""One generation of Life."""

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
    """Play one generation of Conway's Game of Life.

    Each cell has eight neighbors, diagonal ones too. A living cell with two or three living neighbors lives on, a
    dead one with exactly three comes to life, every other cell is dead in the next generation.

    Parameters
    ----------
    board : ndarray, shape (n, m), bool
        True where a cell lives. n and m may be 0, 1 or 2; may be strided, reversed, broadcast or read-only.
    wrap : bool
        True: the board is a torus, so that above row 0 lies row n - 1, left of column 0 column m - 1, and so on. A
        neighbor that is met in several directions counts as often: in a single row, a cell is also the neighbor
        above and below itself. False, from level 2 on: beyond the edges all is dead. On level 1 always True.

    Returns
    -------
    ndarray, shape (n, m), bool
        The next generation. `board` itself stays as it is.

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
    # Above, here and below; then left, here and right. A row's end meets the next row's start in the rim only.
    three = (cells[:-2] + cells[1:-1] + cells[2:]).reshape(n * (m + 2))
    alive = cells[1:-1].reshape(n * (m + 2))
    count = three[:-2] + three[1:-1] + three[2:] - alive[1:-1]
    following = np.zeros((n, m + 2), dtype=bool)
    np.equal(count | alive[1:-1], 3, out=following.reshape(n * (m + 2))[:-2])
    return following[:, :m]


# ------------------------------------------------------------------------------------------------------- right answers


@works(fails="open edges")
def by_eight_rolls(board, wrap=True):
    """Rolls the board into all eight directions and counts in uint8."""
    cells = board.astype(np.uint8)
    count = np.zeros_like(cells)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            if down or right:
                count += np.roll(cells, (down, right), axis=(0, 1))
    return (count == 3) | (board & (count == 2))


@works(fails="memory")
def by_rolls(board, wrap=True):
    """Rolls a framed board, counting in int64; the frame is dead if the edges are open."""
    cells = board if wrap else np.pad(board, 1)
    around = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right]
    count = sum(np.roll(cells, shift, axis=(0, 1)).astype(int) for shift in around)
    following = (count == 3) | (cells & (count == 2))
    return following if wrap else following[1:-1, 1:-1]


@works()
def by_slices(board, wrap=True):
    """Adds nine slices of a framed board."""
    n, m = board.shape
    cells = np.pad(board, 1, mode="wrap" if wrap and board.size else "constant").astype(np.uint8)
    count = np.zeros((n, m), dtype=np.uint8)
    for down in range(3):
        for right in range(3):
            count += cells[down : down + n, right : right + m]
    return (count == 3) | (board & (count == 4))


@works(fails="vectorized")
def by_loop(board, wrap=True):
    """Asks every cell for its neighbors."""
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


@trap("On a torus the edges meet: neighbors of row 0 are in row n - 1 too. Zeros around the board are open edges.")
def dead_edges(board, wrap=True):
    cells = np.pad(board, 1).astype(int)
    n, m = board.shape
    count = sum(cells[i : i + n, j : j + m] for i in range(3) for j in range(3)) - board
    return (count == 3) | (board & (count == 2))


@trap("A cell is not its own neighbor: leave the shift (0, 0) out, or take the cell off the sum.")
def counts_itself(board, wrap=True):
    count = sum(np.roll(board, (i, j), axis=(0, 1)).astype(int) for i in (-1, 0, 1) for j in (-1, 0, 1))
    return (count == 3) | (board & (count == 2))


@trap("+ of two bool arrays is a logical or, and stays bool: the count never gets past 1. Convert to uint8 first.")
def adds_bools(board, wrap=True):
    count = np.zeros_like(board)
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            if i or j:
                count = count + np.roll(board, (i, j), axis=(0, 1))
    return (count == 3) | (board & (count == 2))


@trap("The next board is bool as well: np.where with 1 and 0, or a sum, makes int64 of it.", verdict="WT")
def becomes_int(board, wrap=True):
    count = sum(np.roll(board, (i, j), axis=(0, 1)).astype(int) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j)
    return np.where((count == 3) | (board & (count == 2)), 1, 0)


@trap("np.roll without axis flattens first: what leaves a row on the right comes back in the next row.")
def rolls_flat(board, wrap=True):
    m = board.shape[1]
    shifts = [i * m + j for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
    count = np.zeros(board.shape, dtype=int)
    for shift in shifts:
        count += np.roll(board, shift)
    return (count == 3) | (board & (count == 2))


@trap("Every cell has eight neighbors: the four diagonal ones are rolled along both axes.")
def four_neighbors(board, wrap=True):
    count = sum(np.roll(board, shift, axis=axis).astype(int) for shift in (-1, 1) for axis in (0, 1))
    return (count == 3) | (board & (count == 2))


@trap("All cells change at the same time: writing into the board while it is still counted mixes two generations.")
def one_after_another(board, wrap=True):
    n, m = board.shape
    board = board.copy()
    for i in range(n):
        for j in range(m):
            count = sum(int(board[r % n, c % m]) for r in (i - 1, i, i + 1) for c in (j - 1, j, j + 1)) - board[i, j]
            board[i, j] = count == 3 or (board[i, j] and count == 2)
    return board


@trap(
    "The argument is the caller's: count from it, and write the next generation into a new array.",
    verdict="IM",
)
def writes_into_board(board, wrap=True):
    count = sum(np.roll(board, (i, j), axis=(0, 1)).astype(int) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j)
    board[...] = (count == 3) | (board & (count == 2))
    return board


# ------------------------------------------------------------------------------------------------------------ question


def soup(rng, side):
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

    print(f"a board of {board.shape}, {board.nbytes:,} bytes")
    print(f"eight rolls, int64       {milliseconds(lambda: by_rolls(board)):8.2f} ms")
    print(f"eight rolls, uint8       {milliseconds(lambda: by_eight_rolls(board)):8.2f} ms")
    print(f"nine slices, uint8       {milliseconds(lambda: by_slices(board)):8.2f} ms")
    print(f"rows, then columns       {milliseconds(lambda: life_step(board)):8.2f} ms")


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
            "Now without wrapping around: with wrap=False all is dead beyond the edges.",
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
            "Without a loop over the cells: a sixth of its time on a board of 48 by 48.",
            faster_than(by_loop, 6, lambda rng: soup(rng, 48), needs=COUNTING),
        ),
        Level(
            "memory",
            "Large boards: half the time of eight rolls in int64, and at most eight boards' bytes at a time.",
            faster_than(by_rolls, 2, lambda rng: soup(rng, 500), needs=COUNTING),
            peak_memory(lambda rng: soup(rng, 1500), inputs=8),
        ),
    ],
    hints=[
        "How many living neighbors has each cell? Shifting the whole board brings one neighbor onto every cell.",
        "np.roll shifts round the edge; give it an axis. What is the sum of two bool arrays?",
        "For open edges add slices of a board with a rim around it, and let the rim decide what lies beyond.",
        "Which dtype is enough to count to nine? And can a sum of three rows serve all three columns?",
    ],
    spoken=(
        "For each cell I need the number of live neighbors. With wrap-around, I sum eight np.roll calls. It is faster "
        "to pad the board by one cell on each side and add shifted slices, first three rows and then three columns, "
        "in a small integer dtype. For open edges the border is zeros. A cell lives in the next generation if it has "
        "three neighbors, or two and is alive now. I write into a new array, because all cells change at the same "
        "time."
    ),
    explanation="""\
Instead of asking each cell for its neighbors, shift the whole board once a direction and add up. `np.roll` shifts
round the edge, along the axes that it is given; without `axis` it rolls the flattened array.

>>> np.roll([1, 2, 3, 4], 1)
array([4, 1, 2, 3])
>>> np.roll([[1, 2], [3, 4]], 1).tolist(), np.roll([[1, 2], [3, 4]], 1, axis=1).tolist()
([[4, 1], [2, 3]], [[2, 1], [4, 3]])

It has no mode without wrapping. There a slice does it: put a rim around the board, zeros for open edges, the opposite
edge for a torus, and read the nine neighbors as slices. Slices are views, while every roll copies the board.

Count in a dtype that can count. `+` of bools is a logical or; Python's `sum` of int64 boards works, and moves eight
times the memory that uint8 would.

>>> np.array([True]) + np.array([True])
array([ True])

The sum over a 3 by 3 block is a sum over rows, then over columns: four additions in place of eight. And the rule
needs one comparison: with c living neighbors, `c | alive` is 3 exactly for c = 3, and for c = 2 where the cell lives.

>>> [(c, alive) for c in range(9) for alive in (0, 1) if c | alive == 3]
[(2, 1), (3, 0), (3, 1)]

The result is a new array: code that writes into the board while counting mixes two generations.
""",
    points=[
        "Shift whole boards and add: no loop over cells.",
        "np.roll wraps around, wants an axis, and copies.",
        "Without wrapping: slices of a padded board, or fill what came round.",
        "+ of bools is a logical or; count in uint8, not in int64.",
        "A cell is not its own neighbor; the result is bool and a new array.",
        "The block sum separates into rows and columns: four additions instead of eight.",
        "Boards of one or two rows meet the same neighbor several times.",
    ],
    follow_ups={
        "How do you shift a series by one without wrapping?": "Allocate, then out[1:] = x[:-1] and out[0] = fill; NaN "
        "as the fill needs a float dtype.",
        "How would you play a large, mostly empty board?": "Keep the living cells as a set of coordinates, or split "
        "the board in tiles and skip the quiet ones.",
        "Could one operation compute 64 cells?": "Yes: pack rows into uint64 words and add with bitwise logic, as a "
        "hardware adder does.",
    },
    related=["pad-manually", "sliding-windows", "conv2d-strides", "packed-bits"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.roll.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.pad.html",
    ],
    live=show_generations,
    equivalent={
        "life_step: `np.zeros` -> `np.ones` in `following = np.zeros((n, m + 2), dtype=bool)`": "Only the last two "
        "places of the rim keep what they were made with, and the rim is cut off."
    },
)
