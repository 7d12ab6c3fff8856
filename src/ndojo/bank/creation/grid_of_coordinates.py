"""Distance from every grid index to a point."""

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
    """Return the Euclidean distance from every index of an array to one point.

    In a scan, each index is a voxel: the voxel with index ``(i, j, ...)`` has exactly these coordinates.

    Parameters
    ----------
    shape : tuple of int
        The lengths of the axes, for any number of axes: ``()`` means a single voxel without axes. Lengths may be 0.
    point : ndarray, shape (len(shape),), float64
        The coordinates of the point, one per axis. It may be between voxels or outside the grid. Finite coordinates are
        less than 1e6 in absolute value. A point may contain NaN or infinities, but not both. It may be strided or
        read-only.

    Returns
    -------
    ndarray, shape `shape`, float64
        The distance of each voxel: the square root of the sum of squared differences. For shape ``()`` this is a 0-d
        array with the value 0.0. If a coordinate is NaN, every distance is NaN; if one is infinite, every distance is
        infinite.

    Raises
    ------
    ValueError
        If `point` does not have exactly one coordinate per axis.

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
    """Sparse grids, one per axis, that broadcast in the sum."""
    if len(shape) != len(point):
        raise ValueError("point needs one coordinate per axis")
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=True):
        total += (grid - coordinate) ** 2
    np.sqrt(total, out=total)
    return total


@works(fails="memory")
def full_grids(shape, point):
    """meshgrid as it is usually called: every grid at full size."""
    if len(shape) != len(point):
        raise ValueError("point needs one coordinate per axis")
    grids = np.meshgrid(*(np.arange(n) for n in shape), indexing="ij")
    total = np.zeros(shape)
    for grid, coordinate in zip(grids, point, strict=True):
        total += (grid - coordinate) ** 2
    return np.sqrt(total, out=total)


@works(fails="fast")
def norm_of_stack(shape, point):
    """Stacks the coordinates of each voxel, and takes the norm along that axis."""
    if len(shape) != len(point):
        raise ValueError("point needs one coordinate per axis")
    if not shape:
        return np.zeros(())
    places = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1)
    return np.linalg.norm(places - point, axis=-1)


@works(fails="vectorized")
def voxel_by_voxel(shape, point):
    """One voxel at a time in Python."""
    if len(shape) != len(point):
        raise ValueError("point needs one coordinate per axis")
    out = np.empty(shape)
    for place in np.ndindex(*shape):
        out[place] = sum((k - float(c)) ** 2 for k, c in zip(place, point, strict=True)) ** 0.5
    return out


@trap(
    'By default, meshgrid swaps its first two axes: indexing="xy" is for plots. Pass indexing="ij" for array indices.',
    verdict="WT",
)
def axes_swapped(shape, point):
    if len(shape) != len(point):
        raise ValueError("point needs one coordinate per axis")
    total = np.zeros(())
    for grid, coordinate in zip(np.meshgrid(*map(np.arange, shape)), point, strict=True):
        total = total + (grid - coordinate) ** 2
    return np.asarray(np.sqrt(total))


@trap("zip stops at the shorter input: pass strict=True, or compare the lengths.")
def forgives_lengths(shape, point):
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=False):
        total += (grid - coordinate) ** 2
    return np.sqrt(total, out=total)


@trap("Without the square root, these are squared distances.")
def never_takes_the_root(shape, point):
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=True):
        total += (grid - coordinate) ** 2
    return total


@trap("The sum of absolute differences is the Manhattan distance. The Euclidean distance needs squares and a root.")
def around_corners(shape, point):
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=True):
        total += np.abs(grid - coordinate)
    return total


@trap("The point may be between voxels. Rounding it or storing it as int moves it.")
def rounds_the_point(shape, point):
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=True):
        total += (grid - np.trunc(coordinate)) ** 2
    return np.sqrt(total, out=total)


@trap("The grid may have any number of axes, but three names work only for three axes.", verdict="RE")
def three_axes(shape, point):
    if len(shape) != len(point):
        raise ValueError("point needs one coordinate per axis")
    i, j, k = np.ogrid[: shape[0], : shape[1], : shape[2]]
    return np.sqrt((i - point[0]) ** 2 + (j - point[1]) ** 2 + (k - point[2]) ** 2)


@trap(
    "A ufunc of a 0-d array returns a NumPy scalar. For shape (), write into `out`, or call np.asarray.", verdict="WT"
)
def number_for_no_axes(shape, point):
    total = np.zeros(shape)
    for grid, coordinate in zip(np.indices(shape, sparse=True), point, strict=True):
        total += (grid - coordinate) ** 2
    return np.sqrt(total)


@trap("The coordinates of a voxel are its indices, which start at 0. Do not add one half.")
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
            "A Python loop over the axes is fine, but not one over the voxels.",
            no_python_loop(lambda rng, n: {"shape": (n, 9), "point": rng.uniform(0, 9, 2)}),
        ),
        Level(
            "fast",
            "At least 2 times faster than the norm of stacked coordinates.",
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
            "Apart from the result, allocates no array as large as the result.",
            peak_memory(large_volume, outputs=1.1),
        ),
    ],
    hints=[
        "How many different values does the first coordinate have over all voxels? How large must its grid be?",
        "Look at the shapes of np.indices((2, 3)) and of np.indices((2, 3), sparse=True).",
        "A sum with one term per axis can be built axis by axis. Which ufunc method adds every element "
        "to every other one?",
        "Where does np.sqrt(x) put its result, and where does np.sqrt(x, out=x)?",
    ],
    spoken="""\
Each squared difference depends on one axis only, so I don't need full coordinate grids. I compute one short array per
axis, `(np.arange(n) - p) ** 2`, and let broadcasting add them, for example with `np.add.outer` or sparse index grids.
Only the last sum is as large as the result, and I take the square root in place with `out`. Full grids from
`np.indices` or `np.meshgrid` would cost one array of the full size per axis. With meshgrid I'd also pass
`indexing="ij"`.
""",
    explanation="""\
A coordinate grid stores the index of every element. `np.indices(shape)` returns all of them at full size, one array of
`shape` per axis. With `sparse=True`, each array has a single long axis, and they broadcast to the same result:

>>> [grid.shape for grid in np.indices((2, 3), sparse=True)]
[(2, 1), (1, 3)]

`np.ogrid[:2, :3]` gives the same with slice syntax, and `np.mgrid` gives the full grids. `np.meshgrid` takes your own
coordinates. Its default `indexing="xy"` swaps the first two axes, as needed for plots. For arrays pass `indexing="ij"`,
and `sparse=True` to save memory.

>>> np.meshgrid(np.arange(2), np.arange(3))[0].shape
(3, 2)

*Why no full grid is needed.* The squared distance is a sum with one term per axis, and each term varies only along its
axis. So compute the terms on short arrays and let broadcasting add them. `np.add.outer` does this axis by axis: only
the last sum is as large as the result. The square root goes into the same memory with `out=`, which also keeps a 0-d
result an array.

>>> np.sqrt(np.add.outer([9.0, 0.0], [0.0, 16.0]))
array([[3., 5.],
       [0., 4.]])

Full grids cost one array per axis, plus one for each difference and each square. For a volume that is more than six
times the size of the result, and memory traffic dominates the time.
""",
    points=[
        "indices and mgrid give full grids; indices(sparse=True) and ogrid give sparse grids that broadcast.",
        'meshgrid swaps the first two axes unless indexing="ij".',
        "A sum in which each term depends on one coordinate needs no full grid: use broadcasting or outer.",
        "To support any number of axes, loop over axes, never over elements.",
        "out= reuses the memory of the sum, and keeps a 0-d array an array.",
        "zip(strict=True) rejects a point with the wrong number of coordinates.",
    ],
    follow_ups={
        "How do you mark all voxels within a radius r?": "Compare the squared distances with r * r; the square root "
        "is not needed.",
        "What changes if voxels measure 1 by 1 by 3 mm?": "Multiply each axis's difference by its spacing before "
        "squaring it.",
        "How do you get the distance to the nearest of many points?": "Use np.minimum to combine one point after "
        "another into one array, or SciPy's k-d tree "
        "or distance transform.",
    },
    related=["meshgrid-evaluate", "broadcast-without-allocation", "pairwise-distances", "create-arrays"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.indices.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.meshgrid.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ufunc.outer.html",
    ],
    live=show_grids,
)
