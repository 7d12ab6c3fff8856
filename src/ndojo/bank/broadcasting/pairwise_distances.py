"""Distances between all pairs of points."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    faster_than,
    matches,
    needs,
    no_warnings,
    peak_memory,
    raises,
    right_on,
    trap,
    works,
)


def pairwise_distances(A, B):
    """Get the Euclidean distance from every row of `A` to every row of `B`.

    Each row is a point, such as the descriptor of an image or the position of a sensor.

    Parameters
    ----------
    A : ndarray, shape (n, d), float64 or uint8
    B : ndarray, shape (m, d), float64 or uint8
        n and m may be 0, d is at least 1; the dtypes may differ. All values are finite, with absolute values
        up to 1000 on levels 1 to 3. `A` and `B` may be strided, reversed, read-only, or one and the same
        array.

    Returns
    -------
    ndarray, shape (n, m), float64
        Element (i, j) is the distance from ``A[i]`` to ``B[j]``, never NaN and never negative.

        Errors up to 1e-6 S pass on levels 1 to 3, where S is the largest distance of a row of `A` or `B` from
        the origin. Equal rows need not get exactly 0, so ``|a|**2 + |b|**2 - 2 * a @ b`` is accurate enough.
        On level 4 the coordinates lie near 1e8, the points at most a few hundred apart, and errors up to 1e-6
        max(D, 1) pass, where D is the largest distance in the result.

    Raises
    ------
    ValueError
        If the rows of `A` and `B` differ in length, also where one of the lengths is 1.

    Examples
    --------
    >>> A = np.array([[0.0, 0.0], [3.0, 4.0]])
    >>> B = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
    >>> pairwise_distances(A, B)
    array([[0., 3., 4.],
           [5., 4., 3.]])
    """
    if A.shape[1] != B.shape[1]:
        raise ValueError(f"rows of A have {A.shape[1]} values, rows of B {B.shape[1]}")
    centre = A.sum(axis=0) / max(len(A), 1)
    A, B = A - centre, B - centre
    D = A @ B.T
    D *= -2
    D += np.vecdot(A, A)[:, np.newaxis]
    D += np.vecdot(B, B)
    np.maximum(D, 0, out=D)
    np.sqrt(D, out=D)
    return D


@works()
def by_einsum(A, B):
    """One formula, written into two arrays; any point near the others serves as the origin."""
    if A.shape[1:] != B.shape[1:]:
        raise ValueError("rows differ in length")
    A, B = np.asarray(A, dtype=float), np.asarray(B, dtype=float)
    if 0 in (len(A), len(B)):
        return np.empty((len(A), len(B)))
    origin = B[0].copy()
    P, Q = A - origin, B - origin
    squared = np.einsum("ij,ij->i", P, P)[:, None] + np.einsum("ij,ij->i", Q, Q)
    squared -= (2 * P) @ Q.T
    return np.sqrt(np.clip(squared, 0, None))


@works(fails="far from the origin")
def expanded(A, B):
    """The usual formula, with the squares taken where the points lie."""
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    A, B = A.astype(np.float64), B.astype(np.float64)
    squared = (A**2).sum(axis=1, keepdims=True) + (B**2).sum(axis=1) - 2 * (A @ B.T)
    return np.sqrt(np.maximum(squared, 0))


@works(fails="near BLAS")
def row_by_row(A, B):
    """One row of the result at a time: exact, and never more than (m, d) beside the result."""
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    A, B = A.astype(np.float64), B.astype(np.float64)
    D = np.empty((len(A), len(B)))
    for i, a in enumerate(A):
        D[i] = np.sqrt(((B - a) ** 2).sum(axis=1))
    return D


@works(fails="memory")
def all_differences(A, B):
    """Every difference of every pair at once."""
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    return np.linalg.norm(A.astype(np.float64)[:, np.newaxis] - B, axis=-1)


@trap(
    "uint8 cannot go below 0 or above 255: 3 - 5 is 254, and squares wrap too. Convert to float64 before you subtract."
)
def wraps_around(A, B):
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    return np.sqrt(((A[:, np.newaxis] - B) ** 2).sum(axis=-1)).astype(np.float64)


@trap(
    "|a|**2 + |b|**2 - 2 a·b of equal points can come out just below 0 by rounding, and its root is NaN: clip at 0 "
    "before the root."
)
def root_of_a_negative(A, B):
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    A, B = A.astype(np.float64), B.astype(np.float64)
    squared = (A**2).sum(axis=1)[:, np.newaxis] + (B**2).sum(axis=1) - 2 * A @ B.T
    with np.errstate(invalid="ignore"):
        return np.sqrt(squared)


@trap("The sum of squares is the squared distance: the root is still to be taken.")
def squared_distances(A, B):
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    return ((A.astype(np.float64)[:, np.newaxis] - B) ** 2).sum(axis=-1)


@trap(
    "The new axis decides whose points run along the rows: in A[:, None] - B those of A, in A - B[:, None] those of B.",
    verdict="WT",
)
def transposed(A, B):
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    return np.linalg.norm(A.astype(np.float64) - B[:, np.newaxis], axis=-1)


@trap(
    "A[:, None] - B has the axes (n, m, d): sum over the last one, the coordinates; axis 1 are the points of B.",
    verdict="WT",
)
def sums_over_points(A, B):
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    return np.sqrt(((A.astype(np.float64)[:, np.newaxis] - B) ** 2).sum(axis=1))


@trap("Broadcasting stretches a length of 1: points with one coordinate pass for points with d equal ones. Compare "
      "the row lengths yourself.")  # fmt: skip
def stretches_one_column(A, B):
    return np.sqrt(((A.astype(np.float64)[:, np.newaxis] - B) ** 2).sum(axis=-1))


@trap("The distance is the root of the sum of squares; the sum of absolute differences is the Manhattan distance.")
def manhattan(A, B):
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    return np.abs(A.astype(np.float64)[:, np.newaxis] - B).sum(axis=-1)


# `matches` allows errors of 16 eps sqrt(size) times the scale: with this factor at least 1e-6 of what it multiplies.
SLACK = 3e8


def from_origin(A, B):
    return SLACK * max(np.linalg.norm(X.astype(np.float64), axis=1).max(initial=0) for X in (A, B))


def from_each_other(A, B):
    return SLACK * max(np.linalg.norm(A[:, np.newaxis] - B, axis=-1).max(initial=0), 1)


def descriptors(rng):
    return {"A": rng.standard_normal((400, 128)), "B": rng.standard_normal((400, 128))}


LEAST = needs(bytes=lambda A, B: A.nbytes + B.nbytes + 8 * len(A) * len(B), operations=lambda A, B: 2 * len(A) * B.size)

GRID = np.random.default_rng(5).integers(-999_999, 999_999, (40, 24)) / 1000


def far(rows):
    return arrays(rows, "d", low=1e8, high=1e8 + 100)


QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Broadcasting", "Linear Algebra"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T84", "X1", "google-3"],
    entry_points=[
        Entry(
            pairwise_distances,
            {
                "A": arrays("n", "d", dtype=("float64", "uint8")),
                "B": arrays("m", "d", dtype=("float64", "uint8")),
            },
            dims={"n": (0, 40), "m": (0, 40), "d": (1, 24)},
            cases=[
                case(A=np.array([[3]], dtype=np.uint8), B=np.array([[5]], dtype=np.uint8)),
                case(A=np.array([[20]], dtype=np.uint8), B=np.array([[0]], dtype=np.uint8)),
                case(A=np.array([[0.0, 0.0], [3.0, 4.0]]), B=np.array([[6.0, 8.0]])),
                case(A=np.array([[6.3, 5.4]]), B=np.array([[6.3, 5.4]])),
                case(A=np.array([[0.9, 0.9, 7.8]]), B=np.array([[0.9, 0.9, 7.8]])),
                case(A=GRID, B=GRID),
                case(A=GRID[:7, :17].copy(), B=GRID[3:, :17].copy()),
                raises(ValueError, A=np.zeros((2, 3)), B=np.zeros((2, 1))),
                raises(ValueError, A=np.zeros((2, 1)), B=np.zeros((2, 3))),
                raises(ValueError, A=np.zeros((2, 3)), B=np.zeros((2, 2))),
            ],
            result=matches(scale=from_origin),
        )
    ],
    levels=[
        Level("right"),
        Level(
            "memory",
            "Now without a temporary of shape (n, m, d): a few arrays of the result's size must do.",
            peak_memory(descriptors, inputs=3, outputs=4),
        ),
        Level(
            "near BLAS",
            "400 points against 400, in a few times the time of the matrix product, and without a warning.",
            faster_than(row_by_row, 4, descriptors, needs=LEAST),
            no_warnings(),
        ),
        Level(
            "far from the origin",
            "Surveyors measure in millimetres: coordinates near 1e8, distances of some tens. Keep the speed.",
            right_on(
                Entry(
                    pairwise_distances,
                    {"A": far("n"), "B": far("m")},
                    dims={"n": (0, 40), "m": (0, 40), "d": (1, 24)},
                    cases=[
                        case(A=np.array([[1e8, 1e8]]), B=np.array([[1e8 + 3, 1e8 + 4]])),
                        case(A=np.array([[1e8 + 31.25]]), B=np.array([[1e8 + 31.5]])),
                        case(A=GRID[:9, :3] / 25 + 1e8 + 50, B=GRID[-6:, :3] / 25 + 1e8 + 50),
                    ],
                    result=matches(scale=from_each_other),
                )
            ),
        ),
    ],
    hints=[
        "Which shapes must A and B be given with np.newaxis, so that their difference holds every pair?",
        "That difference has n m d elements. Write |a - b|**2 out: which part needs both a and b, and which NumPy "
        "operation computes that part for all pairs at once?",
        "What can rounding do to a sum that should be exactly 0, and what does the square root make of that?",
        "Distances do not change when all points are moved by the same vector. Where would the squares be small?",
    ],
    explanation="""\
Broadcasting states the task in a line: `A[:, None]` has shape (n, 1, d), `B` has (m, d), so their difference
has (n, m, d).

>>> A, B = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[3.0, 0.0]])
>>> (A[:, np.newaxis] - B).shape
(2, 1, 2)
>>> np.linalg.norm(A[:, np.newaxis] - B, axis=-1)
array([[3.],
       [4.]])

It reads well and keeps d numbers for every pair: with n = m = 10,000 and d = 128 that is 102 GB. Writing the
square out leaves one term that needs both points, and that term is a matrix product:

    |a - b|² = |a|² + |b|² - 2 a·b

`A @ B.T` goes to BLAS, which works in blocks that fit the cache; the two sums of squares broadcast along rows
and columns.

The price is cancellation. For close points far from the origin large numbers are subtracted. The error of the
square is about eps (|a|² + |b|²), so a distance of 0 may come out as 1e-8 |a|, or as the root of a negative
number. Clip at 0 before the root, and move the origin into the cloud first: subtracting one vector from all
points changes no distance and makes the squares small.

>>> a, b = np.array([1e8, 1e8]), np.array([1e8 + 3, 1e8 + 4])
>>> float((a * a).sum() + (b * b).sum() - 2 * (a * b).sum())
24.0
>>> b = b - a
>>> float((b * b).sum())
25.0

Small integers need a word: uint8 wraps in differences and in squares, so convert first.
""",
    points=[
        "A[:, None] - B pairs every row with every row: shape (n, m, d).",
        "That temporary is d times the result; a loop over rows, or the expanded square, avoids it.",
        "|a|² + |b|² - 2 a·b turns the work into one matrix product, which BLAS does near peak speed.",
        "Rounding can make the squared distance of close points negative: clip at 0 before the root.",
        "The expansion cancels where points are far from the origin; subtracting a common centre cures it.",
        "uint8 and other narrow integers wrap: convert to float64 before any arithmetic.",
        "The lengths of the rows must be compared by hand, because broadcasting stretches a length of 1.",
    ],
    follow_ups={
        "How do you find the nearest point without the roots?": "The root keeps the order: argmin of the squares, and "
        "|a|² may be left out as well, because it is the same along a row.",
        "What if n m does not fit into memory?": "Take A in blocks of rows; each block is still a matrix product.",
        "And when only near neighbours matter?": "A k-d tree, as in scipy.spatial.cKDTree, as long as d is small.",
        "What does scipy.spatial.distance.cdist do?": "It loops in C over pairs and subtracts first: accurate, "
        "without a temporary, but slower than BLAS where d is large.",
    },
    related=["broadcast-shapes", "broadcast-without-allocation", "float-precision", "matrix-multiply", "vector-norms"],
    links=[
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
        "https://numpy.org/doc/stable/reference/constants.html#numpy.newaxis",
        "https://numpy.org/doc/stable/reference/generated/numpy.vecdot.html",
    ],
)
