"""The distance of every voxel from a point."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    faster_than,
    integers,
    needs,
    no_python_loop,
    peak_memory,
    raises,
    trap,
    tuples,
    works,
)


def distance_to(shape, point):
    """Measure the distance from every voxel of a scan to one point, in voxels.

    The voxel with index ``(i, j, ...)`` lies at exactly those coordinates.

    Parameters
    ----------
    shape : tuple of int
        The lengths of the scan's axes, of any number: a line, an image, a volume, a volume over time, or ``()`` for a
        single voxel without axes. Lengths may be 0.
    point : ndarray, shape (len(shape),), float64
        The point's coordinates, one an axis; it need not lie on a voxel, nor inside. Below 1e6 in absolute value; some
        may be NaN or some infinite, but not both in one point. May be strided or read-only.

    Returns
    -------
    ndarray, shape `shape`, float64
        The Euclidean distance of each voxel: the square root of the sum of squared differences. For the shape ``()``
        a 0-d array that holds 0.0. A NaN among the coordinates makes every distance NaN, an infinite one makes them
        infinite.

    Raises
    ------
    ValueError
        If `point` has not one coordinate for each axis.

    Examples
    --------
    >>> distance_to((2, 3), np.array([0.0, 2.0])).round(2)
    array([[2.  , 1.  , 0.  ],
           [2.24, 1.41, 1.  ]])
    """
    squares = np.zeros(())
    for n, coordinate in zip(shape, point, strict=True):
        squares = np.add.outer(squares, (np.arange(n) - coordinate) ** 2)
    return np.sqrt(squares, out=squares)


@works()
def sparse_grids(shape, point):
    """Open grids, one an axis, that broadcast into the sum."""
    if len(shape) != len(point):
        raise ValueError("one coordinate an axis")
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=True):
        total += (grid - coordinate) ** 2
    np.sqrt(total, out=total)
    return total


@works(fails="memory")
def full_grids(shape, point):
    """meshgrid as most people call it: every grid in full."""
    if len(shape) != len(point):
        raise ValueError("one coordinate an axis")
    grids = np.meshgrid(*(np.arange(n) for n in shape), indexing="ij")
    total = np.zeros(shape)
    for grid, coordinate in zip(grids, point, strict=True):
        total += (grid - coordinate) ** 2
    return np.sqrt(total, out=total)


@works(fails="fast")
def norm_of_stack(shape, point):
    """The coordinates of each voxel side by side, and the norm along that axis."""
    if len(shape) != len(point):
        raise ValueError("one coordinate an axis")
    if not shape:
        return np.zeros(())
    places = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1)
    return np.linalg.norm(places - point, axis=-1)


@works(fails="vectorized")
def voxel_by_voxel(shape, point):
    """Each voxel on its own."""
    if len(shape) != len(point):
        raise ValueError("one coordinate an axis")
    out = np.empty(shape)
    for place in np.ndindex(*shape):
        out[place] = sum((k - float(c)) ** 2 for k, c in zip(place, point, strict=True)) ** 0.5
    return out


@trap(
    'meshgrid makes its first two axes the other way round unless told indexing="ij": (x, y) as on a plot, not (row, '
    "column).",
    verdict="WT",
)
def axes_swapped(shape, point):
    if len(shape) != len(point):
        raise ValueError("one coordinate an axis")
    total = np.zeros(())
    for grid, coordinate in zip(np.meshgrid(*map(np.arange, shape)), point, strict=True):
        total = total + (grid - coordinate) ** 2
    return np.asarray(np.sqrt(total))


@trap("zip stops at the shorter of the two: pass strict=True, or compare the lengths.")
def forgives_lengths(shape, point):
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=False):
        total += (grid - coordinate) ** 2
    return np.sqrt(total, out=total)


@trap("Without the square root these are squared distances.")
def never_takes_the_root(shape, point):
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=True):
        total += (grid - coordinate) ** 2
    return total


@trap("Adding up differences along the axes measures the way around the corners, not the straight line.")
def around_corners(shape, point):
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=True):
        total += np.abs(grid - coordinate)
    return total


@trap("The point need not lie on a voxel: rounding it, or storing it as int, moves it.")
def rounds_the_point(shape, point):
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=True):
        total += (grid - np.trunc(coordinate)) ** 2
    return np.sqrt(total, out=total)


@trap("A scan may have any number of axes: three names fit three axes only.", verdict="RE")
def three_axes(shape, point):
    if len(shape) != len(point):
        raise ValueError("one coordinate an axis")
    i, j, k = np.ogrid[: shape[0], : shape[1], : shape[2]]
    return np.sqrt((i - point[0]) ** 2 + (j - point[1]) ** 2 + (k - point[2]) ** 2)


@trap(
    "A ufunc of a 0-d array returns a NumPy number: for the shape () write into out, or call np.asarray.", verdict="WT"
)
def number_for_no_axes(shape, point):
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=True):
        total += (grid - coordinate) ** 2
    return np.sqrt(total)


@trap("Voxels lie at their indices, which count from 0; there is no half to add.")
def from_the_middle(shape, point):
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=True):
        total += (grid + 0.5 - coordinate) ** 2
    return np.sqrt(total, out=total)


def show_grids():
    shape = (60, 80, 100)
    full = np.indices(shape)
    sparse = np.indices(shape, sparse=True)
    print(f"a volume of shape {shape} takes {np.zeros(shape).nbytes:>10,} bytes as float64")
    print(f"full index grids take               {full.nbytes:>10,} bytes")
    print(f"sparse ones take                    {sum(grid.nbytes for grid in sparse):>10,} bytes")
    print(f"shapes of the sparse ones: {', '.join(str(grid.shape) for grid in sparse)}")


def volume(rng):
    return {"shape": (40, 40, 40), "point": rng.uniform(-20, 60, 3)}


def large_volume(rng):
    return {"shape": (100, 80, 60), "point": rng.uniform(0, 60, 3)}


QUESTION = Question(
    kinds=["code"],
    difficulty="hard",
    topics=["Plotting", "Geometry", "Advanced Indexing"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T41", "T67"],
    entry_points=[
        Entry(
            distance_to,
            {
                "shape": tuples(integers(0, 5), 0, 4),
                "point": arrays("len(shape)", low=-10, high=10, holds=("nan", "inf", "-inf")),
            },
            where=lambda shape, point: not (np.isnan(point).any() and np.isinf(point).any()),
            cases=[
                case(shape=(), point=np.zeros(0)),
                case(shape=(3,), point=np.array([1.0])),
                case(shape=(1,), point=np.array([2.0])),
                case(shape=(1,), point=np.array([0.5])),
                case(shape=(2, 2), point=np.array([0.0, 3.0])),
                case(shape=(1, 1), point=np.array([3.0, 4.0])),
                case(shape=(2, 3), point=np.array([0.25, -1.5])),
                case(shape=(2, 0, 3), point=np.array([1.0, 2.0, 3.0])),
                case(shape=(2, 3, 2), point=np.array([999_999.0, 0.0, -3.0])),
                case(shape=(2, 2), point=np.array([np.nan, 1.0])),
                case(shape=(2, 2), point=np.array([0.0, -np.inf])),
                raises(ValueError, shape=(2,), point=np.zeros(0)),
                raises(ValueError, shape=(2, 3), point=np.zeros(1)),
                raises(ValueError, shape=(2,), point=np.zeros(2)),
                raises(ValueError, shape=(), point=np.zeros(1)),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized",
            "A loop over the axes is fine, one over the voxels is not.",
            no_python_loop(lambda rng, n: {"shape": (n, 9), "point": rng.uniform(0, 9, 2)}),
        ),
        Level(
            "fast",
            "The norm of stacked coordinates is the usual answer. Be twice as fast.",
            faster_than(
                norm_of_stack,
                2,
                volume,
                needs=needs(
                    bytes=lambda shape, point: 8 * np.prod(shape), operations=lambda shape, point: 2 * np.prod(shape)
                ),
            ),
        ),
        Level(
            "memory",
            "A scan fills half of the memory: nothing as large as the result may exist beside it.",
            peak_memory(large_volume, outputs=1.1),
        ),
    ],
    hints=[
        "How many different values has the first coordinate over all voxels? How large must its grid be?",
        "Look at the shapes of np.indices((2, 3)) and of np.indices((2, 3), sparse=True).",
        "A sum of one term an axis can grow axis by axis: which ufunc method adds everything to everything?",
        "Where does np.sqrt(x) put its result, and where does np.sqrt(x, out=x)?",
    ],
    explanation="""\
A grid of coordinates answers "which i, which j?" for every element. `np.indices(shape)` gives all of them in full, one
array of `shape` an axis. `sparse=True` gives arrays with a single long axis that broadcast to the same:

>>> [grid.shape for grid in np.indices((2, 3), sparse=True)]
[(2, 1), (1, 3)]

`np.ogrid[:2, :3]` writes the same with slices, `np.mgrid` the full ones. `np.meshgrid` takes your own coordinates; its
default `indexing="xy"` swaps the first two axes, as plots want it. For arrays pass `indexing="ij"`, and `sparse=True`
saves memory.

>>> np.meshgrid(np.arange(2), np.arange(3))[0].shape
(3, 2)

The squared distance is a sum of one term an axis, and each term varies along its axis alone. So compute the terms on
the short axes and let broadcasting add them. `np.add.outer` does so axis by axis: only the last addition is as large
as the result. The root goes into the same memory with `out=`, which also keeps the 0-d result an array.

>>> np.sqrt(np.add.outer([9.0, 0.0], [0.0, 16.0]))
array([[3., 5.],
       [0., 4.]])

Full grids cost one array an axis, plus one for each difference and each square: here six times the result and more, and
time goes into memory traffic.
""",
    points=[
        "indices, mgrid: full grids; indices(sparse=True), ogrid: open ones that broadcast.",
        'meshgrid swaps the first two axes unless indexing="ij".',
        "A sum of terms, each of one coordinate, needs no full grid: broadcast or outer.",
        "Any number of axes: loop over axes, never over elements.",
        "out= reuses the memory of the sum, and keeps a 0-d array an array.",
        "zip(strict=True) refuses a point with the wrong number of coordinates.",
    ],
    follow_ups={
        "How do you mark all voxels within r?": "Compare the squares with r * r; the root is not needed.",
        "Voxels are 1 by 1 by 3 mm: what changes?": "Each axis' difference is multiplied by its spacing before it is "
        "squared.",
        "And the distance to the nearest of many points?": "np.minimum into one array, point after point, or "
        "SciPy's k-d tree or distance transform.",
    },
    related=["meshgrid-evaluate", "broadcast-without-allocation", "pairwise-distances", "create-arrays"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.indices.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.meshgrid.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ufunc.outer.html",
    ],
    live=show_grids,
)
