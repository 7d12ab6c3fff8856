"""Evaluate a function on a grid with broadcasting."""

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
    """Evaluate a function of two variables at every point of a grid, with one row per y and one column per x.

    This is the layout that contour plots expect, for example for the height of a landscape.

    Parameters
    ----------
    f : callable
        ``f(x, y)`` accepts numbers, or two arrays whose shapes broadcast, and works element by element. It may ignore
        an argument: the result may have the shape of one argument alone, be an argument itself, or be a plain number.
        It changes neither argument, and returns the same dtype for every shape.
    xs : ndarray, shape (n,), float64
        The x coordinates in any order, ``n >= 1``.
    ys : ndarray, shape (m,), float64
        The y coordinates in any order, ``m >= 1``. Both `xs` and `ys` may be strided, reversed or read-only, may
        contain NaN, and may be the same array.

    Returns
    -------
    ndarray, shape (m, n), with the dtype that `f` returns
        Element (i, j) is ``f(xs[j], ys[i])``. On level 4 it must not share memory with `xs` or `ys`.

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
    """A sparse meshgrid, which copies xs and ys, so that the result shares no memory with them."""
    X, Y = np.meshgrid(xs, ys, sparse=True)
    z = np.asarray(f(X, Y))
    return z if z.shape == (ys.size, xs.size) else np.broadcast_to(z, (ys.size, xs.size)).copy()


@works(fails="no shared memory")
def as_it_comes(f, xs, ys):
    """Broadcasts the result of f. If f returns its argument, the result is a view of it."""
    return np.broadcast_to(f(xs, ys[:, None]), (ys.size, xs.size))


@works(fails="open grid")
def always_copies(f, xs, ys):
    """Copies every result once more."""
    z = np.asarray(f(xs[None], ys[:, None]))
    out = np.empty((len(ys), len(xs)), dtype=z.dtype)
    out[...] = z
    return out


@works(fails="open grid")
def by_full_meshgrid(f, xs, ys):
    """Two coordinate arrays, each as large as the result."""
    X, Y = np.meshgrid(xs, ys)
    z = np.asarray(f(X, Y))
    return z if z.shape == X.shape else np.full(X.shape, z)


@works(fails="vectorized")
def latitude_by_latitude(f, xs, ys):
    """One call per row."""
    return np.stack([np.broadcast_to(f(xs, y), xs.shape) for y in ys])


@works(fails="vectorized")
def point_by_point(f, xs, ys):
    """One call per point."""
    return np.array([[f(x, y) for x in xs] for y in ys])


@trap(
    'indexing="ij" puts x along axis 0, as for matrices. This layout has one row per y, which is '
    'meshgrid\'s default "xy".',
    verdict="WT",
)
def matrix_indexing(f, xs, ys):
    X, Y = np.meshgrid(xs, ys, indexing="ij")
    return np.array(np.broadcast_to(f(X, Y), X.shape))


@trap("f(xs, ys) pairs the elements one to one. For all pairs, give one of the arrays a new axis.", verdict="WT")
def pair_by_pair(f, xs, ys):
    n = min(xs.size, ys.size)
    return np.array(np.broadcast_to(f(xs[:n], ys[:n]), (n,)))


@trap(
    "If f ignores an argument, it returns a row, a column or a number on a sparse grid. Broadcast that "
    "to the shape of the grid.",
    verdict="WT",
)
def trusts_the_shape(f, xs, ys):
    return np.asarray(f(xs[None, :], ys[:, None]))


@trap("The arguments are x, then y. meshgrid returns X, which changes along a row, before Y.")
def swaps_arguments(f, xs, ys):
    X, Y = np.meshgrid(xs, ys)
    return np.array(np.broadcast_to(f(Y, X), X.shape))


@trap("np.empty gives float64, but f may return bools or integers. Use the dtype of its result.", verdict="WT")
def always_floats(f, xs, ys):
    out = np.empty((ys.size, xs.size))
    out[...] = f(xs[None, :], ys[:, None])
    return out


@trap(
    "In C order the last axis changes fastest, so xs must be tiled and ys repeated. The other way "
    "around, the points are in the wrong order."
)
def repeats_and_tiles(f, xs, ys):
    z = f(np.repeat(xs, ys.size), np.tile(ys, xs.size))
    return np.array(np.broadcast_to(z, xs.size * ys.size)).reshape(ys.size, xs.size)


@trap("Row 0 belongs to ys[0]. The plotting code decides which way up it is drawn.")
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
            "Uses no Python loop over points or rows: call f once.",
            no_python_loop(lambda rng, n: grid(rng, n, 20)),
            no_python_loop(lambda rng, n: grid(rng, 20, n)),
        ),
        Level(
            "open grid",
            "For a million points, allocates only what f returns: no coordinate arrays and no second copy.",
            peak_memory(grid, outputs=1, extra=256 << 10),
        ),
        Level(
            "no shared memory",
            "The result never shares memory with xs or ys, even if f returns its argument.",
            own_memory(),
        ),
    ],
    hints=[
        "Which shapes must x and y have, so that broadcasting pairs every x with every y, and y varies along the rows?",
        "What does lambda x, y: x return on such a grid? And lambda x, y: 3.0?",
        "broadcast_to stretches without copying. When must you copy afterwards, and when is that unnecessary?",
        "If ys has one element, the result of f may have the right shape and still be a view of xs.",
    ],
    spoken="""\
I make x a row and y a column with `xs[None, :]` and `ys[:, None]`, call f once, and broadcasting evaluates all pairs.
A full meshgrid would allocate two coordinate arrays as large as the result; `sparse=True` gives the same row and
column. If f ignores an argument, it returns a smaller shape, so I broadcast the result to the full grid. That is a
read-only view, maybe of an input, so I copy in that case. With meshgrid, the default `xy` indexing has one row per y.
""",
    explanation="""\
Broadcasting evaluates all pairs: x as a row, y as a column, and the ufuncs inside `f` do the rest.

>>> xs, ys = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0])
>>> xs[None, :] + 10 * ys[:, None]
array([[41., 42., 43.],
       [51., 52., 53.]])

`np.meshgrid` creates the coordinates explicitly, as two arrays of the size of the result. With `sparse=True` it returns
only the row and the column:

>>> [g.shape for g in np.meshgrid(xs, ys)], [g.shape for g in np.meshgrid(xs, ys, sparse=True)]
([(2, 3), (2, 3)], [(1, 3), (2, 1)])

*Indexing.* By default meshgrid uses "xy", for plots: shape (len(ys), len(xs)). "ij" is matrix order, as in `np.ogrid`,
`np.mgrid`, `np.ix_` and `np.indices`: shape (len(xs), len(ys)). If you mix them up, the picture is transposed, and a
square grid raises no error.

>>> np.meshgrid(xs, ys, indexing="ij")[0].shape
(3, 2)

*Functions that ignore an argument.* On a sparse grid `f` may return less than the grid: `lambda x, y: x` returns a row,
and a constant returns a number. So broadcast the result to the full shape. That gives a read-only view, possibly of
`xs` itself, so copy in this case, and only then.

`np.vectorize` does not make a function fast: it is a Python loop, for functions that accept only numbers.
""",
    points=[
        "With x as a row and y as a column, broadcasting evaluates all pairs.",
        "A full meshgrid allocates two arrays as large as the result; sparse=True or new axes allocate almost nothing.",
        '"xy", the default, gives shape (len(ys), len(xs)); "ij" gives (len(xs), len(ys)), like ogrid and mgrid.',
        "On a sparse grid, a function of one variable returns one row or column: broadcast the result.",
        "broadcast_to returns a read-only view, possibly of an input: copy if the result must be independent.",
        "np.vectorize is a Python loop.",
    ],
    follow_ups={
        "How does it work in three dimensions?": '`np.meshgrid(xs, ys, zs, sparse=True)`. "xy" swaps only the first '
        'two axes, so "ij" is easier to remember.',
        "What are np.ogrid and np.mgrid?": "Grids with slice syntax: np.ogrid[0:1:5j, 0:1:3j] is sparse, "
        "np.mgrid is full. A step of 5j means five points including "
        "both ends.",
        "How do you list the points as an array of shape (n * m, 2)?": "`np.stack(np.meshgrid(xs, ys), "
        "axis=-1).reshape(-1, 2)`.",
    },
    related=["grid-of-coordinates", "broadcast-shapes", "broadcast-without-allocation", "frompyfunc-vs-vectorize"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.meshgrid.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ogrid.html",
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
    ],
    live=show_grids,
)
