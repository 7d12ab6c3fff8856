"""Pairwise Euclidean distances between two point sets."""

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
    """Return the Euclidean distance from every row of `A` to every row of `B`.

    Each row is a point, such as the descriptor of an image or the position of a sensor.

    Parameters
    ----------
    A : ndarray, shape (n, d), float64 or uint8
    B : ndarray, shape (m, d), float64 or uint8
        ``n >= 0``, ``m >= 0`` and ``d >= 1``. The dtypes may differ. All values are finite. On levels 1 to 3 they are
        between -1000 and 1000 inclusive. `A` and `B` may be strided, reversed, read-only, or the same array.

    Returns
    -------
    ndarray, shape (n, m), float64
        Element (i, j) is the distance from ``A[i]`` to ``B[j]``, never NaN and never negative.

        On levels 1 to 3, errors up to 1e-6 S pass, where S is the largest distance of a row of `A` or `B` from the
        origin. Equal rows need not give exactly 0, so ``|a|**2 + |b|**2 - 2 * a @ b`` is accurate enough. On level 4
        the coordinates are near 1e8, the points are a few hundred apart or less, and errors up to 1e-6 max(D, 1) pass,
        where D is the largest distance in the result.

    Raises
    ------
    ValueError
        If the rows of `A` and `B` differ in length. This includes rows of length 1, which must not broadcast.

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
    """The expanded square, written into two arrays. Any point near the others serves as the origin."""
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
    """The usual formula, with the squares computed at the original coordinates."""
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    A, B = A.astype(np.float64), B.astype(np.float64)
    squared = (A**2).sum(axis=1, keepdims=True) + (B**2).sum(axis=1) - 2 * (A @ B.T)
    return np.sqrt(np.maximum(squared, 0))


@works(fails="near BLAS")
def row_by_row(A, B):
    """One row of the result at a time: accurate, and only (m, d) in addition to the result."""
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    A, B = A.astype(np.float64), B.astype(np.float64)
    D = np.empty((len(A), len(B)))
    for i, a in enumerate(A):
        D[i] = np.sqrt(((B - a) ** 2).sum(axis=1))
    return D


@works(fails="memory")
def all_differences(A, B):
    """All differences of all pairs at the same time."""
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    return np.linalg.norm(A.astype(np.float64)[:, np.newaxis] - B, axis=-1)


@trap(
    "uint8 cannot represent values below 0 or above 255: 3 - 5 is 254, and squares wrap around too. "
    "Convert to float64 before you subtract."
)
def wraps_around(A, B):
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    return np.sqrt(((A[:, np.newaxis] - B) ** 2).sum(axis=-1)).astype(np.float64)


@trap(
    "|a|**2 + |b|**2 - 2 a·b of equal points can be slightly negative after rounding, and its root is "
    "NaN. Clip at 0 before the root."
)
def root_of_a_negative(A, B):
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    A, B = A.astype(np.float64), B.astype(np.float64)
    squared = (A**2).sum(axis=1)[:, np.newaxis] + (B**2).sum(axis=1) - 2 * A @ B.T
    with np.errstate(invalid="ignore"):
        return np.sqrt(squared)


@trap("The sum of squares is the squared distance: take the square root.")
def squared_distances(A, B):
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    return ((A.astype(np.float64)[:, np.newaxis] - B) ** 2).sum(axis=-1)


@trap(
    "The new axis decides whose points run along the rows: those of A in `A[:, None] - B`, those of B in "
    "`A - B[:, None]`.",
    verdict="WT",
)
def transposed(A, B):
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    return np.linalg.norm(A.astype(np.float64) - B[:, np.newaxis], axis=-1)


@trap(
    "`A[:, None] - B` has shape (n, m, d). Sum over the last axis, the coordinates; axis 1 contains the points of B.",
    verdict="WT",
)
def sums_over_points(A, B):
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    return np.sqrt(((A.astype(np.float64)[:, np.newaxis] - B) ** 2).sum(axis=1))


@trap("Broadcasting stretches a length of 1, so points with one coordinate are accepted. Compare the row "
      "lengths yourself.")  # fmt: skip
def stretches_one_column(A, B):
    return np.sqrt(((A.astype(np.float64)[:, np.newaxis] - B) ** 2).sum(axis=-1))


@trap("The distance is the root of the sum of squares. The sum of absolute differences is the Manhattan distance.")
def manhattan(A, B):
    if A.shape[1] != B.shape[1]:
        raise ValueError("rows differ in length")
    return np.abs(A.astype(np.float64)[:, np.newaxis] - B).sum(axis=-1)


# `matches` allows errors of 16 eps sqrt(size) times the scale, so this factor gives 1e-6 or more of what it multiplies.
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
            "Allocates no temporary array of shape (n, m, d), only a few arrays of the size of the result.",
            peak_memory(descriptors, inputs=3, outputs=4),
        ),
        Level(
            "near BLAS",
            "At least 4 times faster than one row at a time, for 400 points in each set, and without a warning.",
            faster_than(row_by_row, 4, descriptors, needs=LEAST),
            no_warnings(),
        ),
        Level(
            "far from the origin",
            "The coordinates are near 1e8 and the distances below a few hundred. Keep the speed.",
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
        "Which shapes must A and B have, with np.newaxis, so that their difference contains every pair?",
        "That difference has n * m * d elements. Expand |a - b|**2: which term needs both a and b, and "
        "which operation computes it for all pairs in one call?",
        "What can rounding do to a sum that should be exactly 0, and what does the square root return for it?",
        "Distances do not change if all points are shifted by the same vector. Where would the squares be small?",
    ],
    spoken="""\
The direct way is `A[:, None] - B`, but its temporary array has n times m times d elements. I expand the square
instead: |a|² plus |b|² minus 2 a·b, where the last term for all pairs is one matrix product that BLAS does near peak
speed. Rounding can make small squares negative, so I clip at zero before the root. For points far from the origin the
terms cancel, so I subtract a common center first. And I convert uint8 to float64 before any arithmetic.
""",
    explanation="""\
With broadcasting the task is a single line: `A[:, None]` has shape (n, 1, d) and `B` has shape (m, d), so their
difference has shape (n, m, d).

>>> A, B = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[3.0, 0.0]])
>>> (A[:, np.newaxis] - B).shape
(2, 1, 2)
>>> np.linalg.norm(A[:, np.newaxis] - B, axis=-1)
array([[3.],
       [4.]])

It is easy to read, but it stores d numbers for every pair: for n = m = 10,000 and d = 128 that is 102 GB. Expanding the
square leaves one term that needs both points, and that term is a matrix product:

    |a - b|² = |a|² + |b|² - 2 a·b

`A @ B.T` calls BLAS, which works in blocks that fit in the cache. The two sums of squares broadcast along rows and
columns.

*The price is cancellation.* For close points far from the origin, large numbers are subtracted. The error of the square
is about eps (|a|² + |b|²), so a distance of 0 may become 1e-8 |a|, or the root of a negative number. Clip at 0 before
the root, and shift the origin into the point set first: subtracting one vector from all points changes no distance and
makes the squares small.

>>> a, b = np.array([1e8, 1e8]), np.array([1e8 + 3, 1e8 + 4])
>>> float((a * a).sum() + (b * b).sum() - 2 * (a * b).sum())
24.0
>>> b = b - a
>>> float((b * b).sum())
25.0

*Small integers:* uint8 wraps around in differences and in squares, so convert first.
""",
    points=[
        "A[:, None] - B pairs every row with every row: shape (n, m, d).",
        "That temporary array is d times the result; a loop over rows, or the expanded square, avoids it.",
        "|a|² + |b|² - 2 a·b turns the work into one matrix product, which BLAS computes near peak speed.",
        "Rounding can make the squared distance of close points negative: clip at 0 before the root.",
        "The expansion cancels if points are far from the origin; subtracting a common center fixes it.",
        "uint8 and other narrow integers wrap around: convert to float64 before any arithmetic.",
        "The lengths of the rows must be compared explicitly, because broadcasting stretches a length of 1.",
    ],
    follow_ups={
        "How do you find the nearest point without computing roots?": "The root keeps the order, so use argmin of "
        "the squares. |a|² can be omitted as well, "
        "because it is constant along a row.",
        "What do you do if n * m elements do not fit in memory?": "Process A in blocks of rows; each block is still "
        "a matrix product.",
        "What do you do if only near neighbors matter?": "Use a k-d tree, such as scipy.spatial.cKDTree, as long as d "
        "is small.",
        "What does scipy.spatial.distance.cdist do?": "It loops over pairs in C and subtracts first: accurate and "
        "without a temporary array, but slower than BLAS if d is "
        "large.",
    },
    related=["broadcast-shapes", "broadcast-without-allocation", "float-precision", "matrix-multiply", "vector-norms"],
    links=[
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
        "https://numpy.org/doc/stable/reference/constants.html#numpy.newaxis",
        "https://numpy.org/doc/stable/reference/generated/numpy.vecdot.html",
    ],
)
