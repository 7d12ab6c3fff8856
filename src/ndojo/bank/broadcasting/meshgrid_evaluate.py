"""Evaluate a function on a grid."""

import tracemalloc

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    callables,
    case,
    no_python_loop,
    own_memory,
    peak_memory,
    trap,
    works,
)
from ndojo.question.values import Expression


def evaluate(f, xs, ys):
    """Evaluate a function of two variables at every point of a grid, laid out as a contour plot wants it.

    Parameters
    ----------
    f : callable
        The height of a landscape: ``f(x, y)`` takes numbers, or two arrays whose shapes broadcast, and works element by
        element. It need not use both: what it returns may have the shape of one argument alone, be an argument itself,
        or be a plain number. It changes neither argument, and returns the same dtype for every shape.
    xs : ndarray, shape (n,), float64
        Longitudes, from west to east or in any other order; n is 1 at least.
    ys : ndarray, shape (m,), float64
        Latitudes; m is 1 at least. Both may be strided, reversed or read-only, may hold NaN, and may be the same array.

    Returns
    -------
    ndarray, shape (m, n), of the dtype that `f` returns
        Element (i, j) is ``f(xs[j], ys[i])``: a row for each latitude, a column for each longitude. On level 4 it has
        memory of its own.

    Examples
    --------
    >>> evaluate(lambda x, y: 10 * y + x, np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0]))
    array([[41., 42., 43.],
           [51., 52., 53.]])
    >>> evaluate(lambda x, y: x > 1, np.array([0.0, 2.0]), np.array([7.0, 8.0, 9.0]))
    array([[False,  True],
           [False,  True],
           [False,  True]])
    """
    shape = (ys.size, xs.size)
    z = np.asarray(f(xs[np.newaxis, :], ys[:, np.newaxis]))
    if z.shape != shape or np.may_share_memory(z, xs) or np.may_share_memory(z, ys):
        return np.array(np.broadcast_to(z, shape))
    return z


@works()
def by_sparse_meshgrid(f, xs, ys):
    """meshgrid makes the open grid, too, and copies xs and ys, so that nothing leans on them."""
    X, Y = np.meshgrid(xs, ys, sparse=True)
    z = np.asarray(f(X, Y))
    return z if z.shape == (ys.size, xs.size) else np.broadcast_to(z, (ys.size, xs.size)).copy()


@works(fails="no shared memory")
def as_it_comes(f, xs, ys):
    """Stretches whatever comes; a function that returns its argument gives a view of it."""
    return np.broadcast_to(f(xs, ys[:, None]), (ys.size, xs.size))


@works(fails="open grid")
def always_copies(f, xs, ys):
    """Writes every result out once more."""
    z = np.asarray(f(xs[None], ys[:, None]))
    out = np.empty((len(ys), len(xs)), dtype=z.dtype)
    out[...] = z
    return out


@works(fails="open grid")
def by_full_meshgrid(f, xs, ys):
    """Two tables of coordinates, each as large as the result."""
    X, Y = np.meshgrid(xs, ys)
    z = np.asarray(f(X, Y))
    return z if z.shape == X.shape else np.full(X.shape, z)


@works(fails="vectorized")
def latitude_by_latitude(f, xs, ys):
    """A call for each row."""
    return np.stack([np.broadcast_to(f(xs, y), xs.shape) for y in ys])


@works(fails="vectorized")
def point_by_point(f, xs, ys):
    """A call for each point."""
    return np.array([[f(x, y) for x in xs] for y in ys])


@trap(
    'indexing="ij" puts x along axis 0, as in matrices and maths; a plot wants a row for each y, which is meshgrid\'s '
    'own "xy".',
    verdict="WT",
)
def matrix_indexing(f, xs, ys):
    X, Y = np.meshgrid(xs, ys, indexing="ij")
    return np.array(np.broadcast_to(f(X, Y), X.shape))


@trap(
    "f(xs, ys) goes through both side by side, pair by pair; for all pairs give one of them a new axis.", verdict="WT"
)
def pair_by_pair(f, xs, ys):
    n = min(xs.size, ys.size)
    return np.array(np.broadcast_to(f(xs[:n], ys[:n]), (n,)))


@trap(
    "A function that uses one argument, or none, gives one row, one column or a number on an open grid: broadcast that "
    "to the grid's shape.",
    verdict="WT",
)
def trusts_the_shape(f, xs, ys):
    return np.asarray(f(xs[None, :], ys[:, None]))


@trap("The arguments are x, then y; meshgrid gives X, which changes along a row, before Y.")
def swaps_arguments(f, xs, ys):
    X, Y = np.meshgrid(xs, ys)
    return np.array(np.broadcast_to(f(Y, X), X.shape))


@trap("np.empty makes floats: a function that returns bools or integers has a dtype of its own.", verdict="WT")
def always_floats(f, xs, ys):
    out = np.empty((ys.size, xs.size))
    out[...] = f(xs[None, :], ys[:, None])
    return out


@trap(
    "In C order the last axis moves fastest, so xs must be tiled and ys repeated: with repeat and tile the other way "
    "round the points stand in another order."
)
def repeats_and_tiles(f, xs, ys):
    z = f(np.repeat(xs, ys.size), np.tile(ys, xs.size))
    return np.array(np.broadcast_to(z, xs.size * ys.size)).reshape(ys.size, xs.size)


@trap("Row 0 belongs to ys[0]. Which way up the plot is drawn is the plot's affair.")
def north_up(f, xs, ys):
    X, Y = np.meshgrid(xs, ys)
    return np.array(np.broadcast_to(f(X, Y), X.shape)[::-1])


def show_grids():
    xs, ys = np.linspace(0, 1, 2000), np.linspace(0, 1, 1000)
    print(f"xs and ys: {xs.nbytes + ys.nbytes:,} bytes, the result: {8 * xs.size * ys.size:,}")
    for name in ("np.meshgrid(xs, ys)", "np.meshgrid(xs, ys, sparse=True)", "(xs[None, :], ys[:, None])"):
        tracemalloc.start()
        X, Y = eval(name, {"np": np, "xs": xs, "ys": ys})
        grid = tracemalloc.get_traced_memory()[0]
        np.multiply(X, Y)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{name:34} {X.shape} and {Y.shape}: grid {grid:>11,} bytes, with x * y {peak:>11,}")


FUNCTIONS = callables(
    "lambda x, y: x - 2 * y",
    "np.hypot",
    "lambda x, y: np.where(x > y, x, -1.0)",
    "lambda x, y: x",
    "lambda x, y: y",
    "lambda x, y: 2 * x",
    "lambda x, y: y > 1",
    "lambda x, y: x > y",
    "lambda x, y: 3.0",
)


def grid(rng, n=1000, m=1000):
    return {"f": Expression("np.multiply"), "xs": rng.standard_normal(n), "ys": rng.standard_normal(m)}


QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Plotting", "Geometry"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T41"],
    entry_points=[
        Entry(
            evaluate,
            {"f": FUNCTIONS, "xs": arrays("n", holds=("nan",)), "ys": arrays("m", holds=("nan",))},
            dims={"n": (1, 12), "m": (1, 12)},
            cases=[
                case(f=Expression("lambda x, y: x - 2 * y"), xs=np.array([1.0, 2.0, 3.0]), ys=np.array([4.0, 5.0])),
                case(f=Expression("lambda x, y: x - 2 * y"), xs=np.array([1.0, 2.0]), ys=np.array([4.0, 5.0])),
                case(f=Expression("lambda x, y: x"), xs=np.array([1.0, 2.0]), ys=np.array([4.0])),
                case(f=Expression("lambda x, y: y"), xs=np.array([1.0]), ys=np.array([4.0, 5.0])),
                case(f=Expression("lambda x, y: 3.0"), xs=np.array([1.0]), ys=np.array([4.0, 5.0])),
                case(f=Expression("lambda x, y: 3"), xs=np.array([1.0, 2.0]), ys=np.array([4.0])),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized",
            "No loop in Python over points or rows: call f once.",
            no_python_loop(lambda rng, n: grid(rng, n, 20)),
            no_python_loop(lambda rng, n: grid(rng, 20, n)),
        ),
        Level(
            "open grid",
            "A million points: allocate what f returns, and no table of coordinates or second copy.",
            peak_memory(grid, outputs=1, extra=256 << 10),
        ),
        Level(
            "no shared memory",
            "Some functions return their argument: the result must never share memory with xs or ys.",
            own_memory(),
        ),
    ],
    hints=[
        "Which shapes must x and y have, so that broadcasting pairs every x with every y, and y goes down the rows?",
        "What does lambda x, y: x return on such a grid? And lambda x, y: 3.0?",
        "broadcast_to stretches without copying. When must you copy afterwards, and when would that be waste?",
        "With a single latitude, what f returns may have the right shape and still be a view of xs.",
    ],
    explanation="""\
All pairs of two axes are broadcasting: x as a row, y as a column, and every ufunc in `f` does the rest.

>>> xs, ys = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0])
>>> xs[None, :] + 10 * ys[:, None]
array([[41., 42., 43.],
       [51., 52., 53.]])

`np.meshgrid` writes the coordinates out instead, as two tables of the result's size. With `sparse=True` it gives the
open grid, just the row and the column:

>>> [g.shape for g in np.meshgrid(xs, ys)], [g.shape for g in np.meshgrid(xs, ys, sparse=True)]
([(2, 3), (2, 3)], [(1, 3), (2, 1)])

By default meshgrid indexes "xy", for plots: shape (len(ys), len(xs)). "ij" is the order of matrices, as in `np.ogrid`,
`np.mgrid`, `np.ix_` and `np.indices`: shape (len(xs), len(ys)). Mixing them up transposes the picture, and on a square
grid nothing complains.

>>> np.meshgrid(xs, ys, indexing="ij")[0].shape
(3, 2)

On an open grid `f` may return less than the grid: `lambda x, y: x` gives a row, a constant a number. So broadcast to
the full shape. That gives a read-only view, perhaps of `xs` itself, so copy then, and only then.

`np.vectorize` makes no such function fast: it is a loop in Python, for functions that take numbers only.
""",
    points=[
        "x as a row, y as a column: broadcasting pairs them all.",
        "A full meshgrid allocates two tables as large as the result; sparse=True or new axes allocate almost nothing.",
        '"xy", the default, gives (len(ys), len(xs)); "ij" gives (len(xs), len(ys)), as ogrid and mgrid do.',
        "On an open grid a function of one variable returns one row or column: broadcast the result.",
        "broadcast_to is a read-only view, perhaps of an input: copy where the result must stand alone.",
        "np.vectorize is a loop in Python.",
    ],
    follow_ups={
        "And in three dimensions?": 'np.meshgrid(xs, ys, zs, sparse=True); "xy" swaps the first two axes only, so "ij" '
        "is easier to keep in mind.",
        "What are np.ogrid and np.mgrid?": "Grids by slices: np.ogrid[0:1:5j, 0:1:3j] is open, np.mgrid full. A step "
        "of 5j means five points, ends included.",
        "How do you list the points as (n m, 2)?": "np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2).",
    },
    related=["grid-of-coordinates", "broadcast-shapes", "broadcast-without-allocation", "frompyfunc-vs-vectorize"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.meshgrid.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ogrid.html",
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
    ],
    live=show_grids,
)
