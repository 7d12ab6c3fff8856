"""The inverse by Gauss-Jordan elimination."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    case,
    faster_than,
    made,
    matches,
    needs,
    no_python_loop,
    raises,
    right_on,
    trap,
    without,
    works,
)
from ndojo.question.sources.arrays import plainer_arrays


def inverse(A):
    """Invert a matrix by Gauss-Jordan elimination with partial pivoting.

    A camera is calibrated by a matrix that takes points from the scene to the sensor; its inverse takes them
    back.

    Write it from scratch: of ``np.linalg``, use the exception only. Put the identity next to `A`, and turn `A`
    into the identity by row operations; they turn the identity into the inverse. For column k take as pivot
    the entry of largest absolute value in row k or below.

    Parameters
    ----------
    A : ndarray, shape (n, n), float64 or int64
        n >= 1, all values finite. It is either plainly singular (a row or a column of zeros, or all rows
        multiples of one row of powers of two) or far from singular: its condition number is below 1000. Its
        scale may be anything from 1e-100 to 1e100, so smallness says nothing. May be strided, reversed or in
        Fortran order. On level 2 also a stack, shape (..., n, n), which may be empty.

    Returns
    -------
    ndarray, shape of `A`, float64
        The inverse; of a stack, the inverse of each matrix.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `A`, or one matrix of a stack, is singular, or if `A` has fewer than two axes, or its last two differ in
        length.

    Examples
    --------
    >>> inverse(np.array([[0, 2], [1, 4]]))
    array([[-2. ,  1. ],
           [ 0.5,  0. ]])
    >>> inverse(np.array([[1.0, 2.0], [2.0, 4.0]]))
    Traceback (most recent call last):
    ...
    numpy.linalg.LinAlgError: A is singular
    """
    if A.ndim < 2 or A.shape[-1] != A.shape[-2]:
        raise np.linalg.LinAlgError(f"A must be square, but its shape is {A.shape}")
    n = A.shape[-1]
    stack = A.reshape(-1, n, n)
    M = np.concatenate([stack, np.broadcast_to(np.eye(n), stack.shape)], axis=2)
    each = np.arange(len(M))
    for k in range(n):
        p = k + np.abs(M[:, k:, k]).argmax(axis=1)
        chosen = M[each, p]
        pivot = chosen[:, k, np.newaxis]
        if not pivot.all():
            raise np.linalg.LinAlgError("A is singular")
        M[each, p] = M[:, k]
        M -= M[:, :, k, np.newaxis] * (chosen / pivot)[:, np.newaxis]
        M[:, k] = chosen / pivot
    return M[:, :, n:].reshape(A.shape)


def square(A):
    if A.ndim > 2:
        raise NotImplementedError("one matrix at a time")
    if A.ndim < 2 or A.shape[0] != A.shape[1]:
        raise np.linalg.LinAlgError("not a square matrix")
    return len(A)


def eliminated(A):
    n = square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        p = k + np.abs(M[k:, k]).argmax()
        if M[p, k] == 0:
            raise np.linalg.LinAlgError("singular")
        M[[k, p]] = M[[p, k]]
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@works(fails="stacked")
def row_by_row(A):
    """One matrix only, with loops over its rows."""
    n = square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        p = max(range(k, n), key=lambda i: abs(M[i, k]))
        if M[p, k] == 0:
            raise np.linalg.LinAlgError("singular")
        M[[k, p]] = M[[p, k]]
        M[k] /= M[k, k]
        for i in range(n):
            if i != k:
                M[i] -= M[i, k] * M[k]
    return M[:, n:].copy()


@works(fails="stacked")
def one_by_one(A):
    """A loop over the matrices of the stack, each row operation on whole rows."""
    if A.ndim < 2 or A.shape[-1] != A.shape[-2]:
        raise np.linalg.LinAlgError("not square")
    matrices = A.reshape(-1, *A.shape[-2:])
    return np.array([eliminated(matrix) for matrix in matrices], dtype=float).reshape(A.shape)


@works()
def two_arrays(A):
    """Keeps A and the growing inverse apart, swaps by permuted indices, and divides at the very end."""
    if A.ndim < 2 or A.shape[-1] != A.shape[-2]:
        raise np.linalg.LinAlgError("not square")
    n = A.shape[-1]
    left = np.array(A, dtype=np.float64).reshape(-1, n, n)
    right = np.zeros_like(left) + np.identity(n)
    for k in range(n):
        order = np.tile(np.arange(n), (len(left), 1))
        best = k + np.argmax(np.abs(left[:, k:, k]), axis=1)
        order[:, k] = best
        np.put_along_axis(order, best[:, None], k, axis=1)
        left = np.take_along_axis(left, order[:, :, None], axis=1)
        right = np.take_along_axis(right, order[:, :, None], axis=1)
        if (left[:, k, k] == 0).any():
            raise np.linalg.LinAlgError("singular")
        factor = left[:, :, k] / left[:, k, k][:, None]
        factor[:, k] = 0
        right = right - np.einsum("mi,mj->mij", factor, right[:, k])
        left = left - np.einsum("mi,mj->mij", factor, left[:, k])
    return (right / np.einsum("mii->mi", left)[:, :, None]).reshape(A.shape)


@trap("A zero on the diagonal says nothing about the matrix: swap in a row from below before you divide.", verdict="RE")
def never_swaps(A):
    n = square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        if M[k, k] == 0:
            raise np.linalg.LinAlgError("singular")
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap("A tiny pivot is as bad as a zero: dividing by it drowns the other rows. Take the largest entry every time.")
def swaps_at_zero_only(A):
    n = square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        usable = np.flatnonzero(M[k:, k])
        if not usable.size:
            raise np.linalg.LinAlgError("singular")
        M[[k, k + usable[0]]] = M[[k + usable[0], k]]
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap("Large means large in absolute value: argmax alone passes over -5 for 0.", verdict="RE")
def forgets_the_sign(A):
    n = square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        p = k + M[k:, k].argmax()
        if M[p, k] == 0:
            raise np.linalg.LinAlgError("singular")
        M[[k, p]] = M[[p, k]]
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap("Rows above k have had their turn as pivot: search from row k on, and add k to what argmax returns.")
def searches_all_rows(A):
    n = square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        p = np.abs(M[:, k]).argmax()
        if M[p, k] == 0:
            raise np.linalg.LinAlgError("singular")
        M[[k, p]] = M[[p, k]]
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap(
    "Rows of an array are views: M[k], M[p] = M[p], M[k] writes one row twice. Swap with M[[k, p]] = M[[p, "
    "k]], which copies first.",
    verdict="RE",
)
def swaps_views(A):
    n = square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        p = k + np.abs(M[k:, k]).argmax()
        if M[p, k] == 0:
            raise np.linalg.LinAlgError("singular")
        M[k], M[p] = M[p], M[k]
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap(
    "Small is not singular: 1e-20 times the identity has an inverse. Only a column with no pivot but 0 is "
    "singular; any threshold must grow and shrink with the matrix.",
    verdict="RE",
)
def fixed_threshold(A):
    n = square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        p = k + np.abs(M[k:, k]).argmax()
        if abs(M[p, k]) < 1e-12:
            raise np.linalg.LinAlgError("singular")
        M[[k, p]] = M[[p, k]]
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap("NumPy divides by zero with a warning only, and hands out inf and NaN: test the pivot and raise LinAlgError.")
def never_raises(A):
    n = square(A)
    M = np.hstack([A, np.eye(n)])
    with np.errstate(all="ignore"):
        for k in range(n):
            p = k + np.abs(M[k:, k]).argmax()
            M[[k, p]] = M[[p, k]]
            M[k] /= M[k, k]
            factor = M[:, k].copy()
            factor[k] = 0
            M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap(
    "np.asarray copies only to change the dtype: for a float64 A the elimination runs in the caller's own array.",
    verdict="IM",
)
def eliminates_in_a(A):
    n = square(A)
    M, R = np.asarray(A, dtype=np.float64), np.eye(n)
    for k in range(n):
        p = k + np.abs(M[k:, k]).argmax()
        if M[p, k] == 0:
            raise np.linalg.LinAlgError("singular")
        M[[k, p]], R[[k, p]] = M[[p, k]], R[[p, k]]
        factor = M[:, k] / M[k, k]
        factor[k] = 0
        R -= np.outer(factor, R[k])
        M -= np.outer(factor, M[k])
        R[k] /= M[k, k]
        M[k] /= M[k, k]
    return R


# ------------------------------------------------------------------------------------------------------------ inputs


def far_from_singular(A):
    return bool(np.isfinite(A).all() and A.any()) and np.linalg.cond(A / np.abs(A).max()) < 1000


def plainly_singular(A):
    """A row or column of zeros, or all rows a power of two times one row of powers of two."""
    nonzero = A != 0
    if not (nonzero.any(axis=0).all() and nonzero.any(axis=1).all()):
        return True
    powers = nonzero.all() and (np.frexp(np.abs(A))[0] == 0.5).all()
    return bool(len(A) > 1 and powers and (A * A[0, 0] == np.outer(A[:, 0], A[0])).all())


def allowed(A):
    return bool(
        A.ndim == 2
        and A.shape[0] == A.shape[1] > 0
        and np.isfinite(A).all()
        and (plainly_singular(A) or far_from_singular(A))
    )


def allowed_stack(A):
    return bool(A.ndim > 2 and A.shape[-1] == A.shape[-2] > 0) and all(
        allowed(matrix) for matrix in A.reshape(-1, *A.shape[-2:])
    )


def smaller(A):
    """Fewer matrices, fewer rows and columns, then plainer elements."""
    if A.ndim > 2 and len(A) > 1:
        yield A[:1].copy()
        yield A[1:].copy()
    if A.shape[-1] > 1:
        yield A[..., 1:, 1:].copy()
        yield A[..., :-1, :-1].copy()
    yield from plainer_arrays(A)


def regular(rng, n):
    """A matrix with a condition number below 100, entries with one digit."""
    while True:
        A = np.round(rng.uniform(-5, 5, (n, n)), 1)
        if A.all() and np.linalg.cond(A) < 100:
            return A


def matrix(rng, kind, given):
    n = given["n"]
    A = regular(rng, n)
    if kind == "whole numbers":
        A = np.round(A * 2)
        A = (A if far_from_singular(A) else np.eye(n)).astype(np.int64)
    elif kind == "zeros on the diagonal":
        A = np.roll(np.diag(rng.permutation(n) + 1.0), 1, axis=0)
    elif kind == "tiny pivot":
        A = np.roll(np.eye(n), 1, axis=0) + 1.0 * np.eye(n) * (n == 1)
        A[0, 0] = 1e-20 if n > 1 else 2.0
        A[-1, 0] = 1.0
    elif kind == "negative":
        A = np.roll(np.diag(-(rng.permutation(n) + 1.0)), 1, axis=0)
    elif kind == "permutation":
        A = np.eye(n)[rng.permutation(n)]
    elif kind == "tiny":
        A = A * 1e-100
    elif kind == "giant":
        A = A * 1e100
    elif kind == "row of zeros":
        A[rng.integers(n)] = 0
    elif kind == "column of zeros":
        A[:, rng.integers(n)] = 0
    elif kind == "all rows alike":
        A = np.outer(2.0 ** rng.integers(-2, 3, n), 2.0 ** rng.integers(-2, 3, n)) * (n > 1)
    elif kind == "Fortran order":
        A = np.asfortranarray(A)
    elif kind == "reversed":
        A = A[::-1, ::-1]
    elif kind == "step":
        A = np.repeat(A, 2, axis=1)[:, ::2]
    return A


KINDS = (
    "ordinary", "whole numbers", "zeros on the diagonal", "tiny pivot", "negative", "permutation", "tiny", "giant",
    "row of zeros", "column of zeros", "all rows alike", "Fortran order", "reversed", "step",
)  # fmt: skip
KINDS_OF_STACKS = (*[kind for kind in KINDS if kind not in ("tiny", "giant")], "mixed", "one singular", "empty", "4-d")


def stack(rng, kind, given):
    n, m = given["n"], given["m"]
    if kind == "mixed":
        return np.array([matrix(rng, one, given) for one in rng.choice(KINDS[:6], m)], dtype=np.float64)
    if kind == "one singular":
        A = np.array([matrix(rng, "ordinary", given) for _ in range(m)])
        A[rng.integers(m)] = matrix(rng, "row of zeros", given)
        return A
    if kind == "empty":
        return np.zeros((0, n, n))
    if kind == "4-d":
        return np.array([[regular(rng, n) for _ in range(m)] for _ in range(2)])
    return np.array([matrix(rng, kind, given) for _ in range(m)])


def rounding(A):
    """The magnitude that rounding errors are measured by: the inverse's, times the condition number."""
    A = A.astype(np.float64)
    try:
        return float(np.max(np.linalg.cond(A)[..., None, None] * np.abs(np.linalg.inv(A)), initial=0.0))
    except np.linalg.LinAlgError:
        return 0.0


def many(rng, n=80):
    return {"A": rng.uniform(-1, 1, (n, 4, 4)) + 3 * np.eye(4)[rng.permutation(4)]}


RESULT = matches(scale=rounding)
LEAST = needs(bytes=lambda A: 2 * A.nbytes, operations=lambda A: 2 * A.size * A.shape[-1])

QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Linear Algebra"],
    companies=["Google", "Amazon", "Meta", "Microsoft"],
    asked=["T30", "microsoft-2"],
    entry_points=[
        Entry(
            inverse,
            {"A": made(matrix, *KINDS, valid=allowed, plainer=smaller)},
            dims={"n": (1, 8)},
            cases=[
                case(A=np.array([[4.0]])),
                case(A=np.array([[0.0, 1.0], [1.0, 0.0]])),
                case(A=np.array([[1e-20, 1.0], [1.0, 1.0]])),
                case(A=np.array([[0.0, 1.0], [-5.0, 1.0]])),
                case(A=np.array([[2, 1], [1, 1]])),
                case(A=np.array([[3e-30, 0.0], [0.0, 1e-30]])),
                case(A=np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 4.0], [1.0, 0.0, 0.0]])),
                case(A=np.array([[5.0, 1.0, 0.0], [1.0, 1.0, 2.0], [0.0, 1.0, 1.0]])),
                raises(np.linalg.LinAlgError, A=np.array([[0.0]])),
                raises(np.linalg.LinAlgError, A=np.array([[1.0, 2.0], [2.0, 4.0]])),
                raises(np.linalg.LinAlgError, A=np.array([[1, 2, 4], [2, 4, 8], [0, 1, 1]])),
                raises(np.linalg.LinAlgError, A=np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])),
                raises(np.linalg.LinAlgError, A=np.array([1.0, 2.0])),
            ],
            result=RESULT,
        )
    ],
    levels=[
        Level(
            "right",
            "",
            without(
                "np.linalg.inv",
                "np.linalg.pinv",
                "np.linalg.solve",
                "np.linalg.lstsq",
                "np.linalg.tensorinv",
                "np.linalg.tensorsolve",
                "np.linalg.matrix_power",
                "np.linalg.cholesky",
                "np.linalg.qr",
                "np.linalg.svd",
                "np.linalg.eig",
                "np.linalg.eigh",
                "np.linalg.det",
                "np.linalg.slogdet",
            ),
        ),
        Level(
            "stacked",
            "Now a stack of matrices in a single call, shape (..., n, n): a loop over the columns is fine, one over "
            "the matrices is not.",
            right_on(
                Entry(
                    inverse,
                    {"A": made(stack, *KINDS_OF_STACKS, valid=allowed_stack, plainer=smaller)},
                    dims={"n": (1, 5), "m": (1, 6)},
                    cases=[
                        case(A=np.array([[[0.0, 1.0], [1.0, 0.0]], [[2.0, 0.0], [0.0, 4.0]]])),
                        raises(np.linalg.LinAlgError, A=np.array([[[1.0]], [[0.0]]])),
                        raises(np.linalg.LinAlgError, A=np.ones((2, 3, 2))),
                    ],
                    result=RESULT,
                )
            ),
            no_python_loop(many),
        ),
        Level(
            "fast",
            "A stack of small matrices in a quarter of the time that a loop over them takes.",
            faster_than(one_by_one, 4, many, needs=LEAST),
        ),
    ],
    hints=[
        "Work on one array of shape (n, 2n): A on the left, the identity on the right. Which row operations "
        "make the left half the identity?",
        "In step k: find the pivot from row k on, swap, divide the pivot row by the pivot, subtract its "
        "multiples from all other rows, all together by an outer product.",
        "For a stack every matrix has a different pivot row: M[np.arange(m), p] takes row p[i] of matrix i.",
    ],
    spoken=(
        "I write the identity next to A and apply Gauss-Jordan elimination to both halves. In each column I pick the "
        "row with the largest absolute value as the pivot, swap it up, divide the row by the pivot, and subtract "
        "multiples of it from all the other rows. When the left half is the identity, the right half is the inverse. "
        "I raise an error for a pivot of zero, but rounding can hide singularity, so I would check the condition "
        "number too. It costs O(n cubed). In practice I would call solve, which factorizes once and is faster and "
        "more accurate."
    ),
    explanation="""\
Row operations on A and on the identity next to it: once the left half is the identity, the right half is the
inverse. Step k makes column k a unit column:

1. Pivot: the entry of largest absolute value in row k or below. Zero means singular.
2. Swap that row up. Rows are views, so copy: `M[[k, p]] = M[[p, k]]`.
3. Divide it by the pivot.
4. Subtract its multiples from all other rows, as one outer product.

Pivoting is not only about zeros. A tiny pivot makes huge multiples, which swallow the other rows:

>>> 1.0 - 1e20 * 1.0 == -1e20
True

The cost is O(n³), and n steps in Python, each on whole arrays. For a stack, give every operation a leading
axis; each matrix picks its own row by `M[np.arange(m), p]`. `np.linalg.inv` takes stacks too.

Rounding hides singularity: it turns most zero pivots into something like 1e-17, and may turn a tiny pivot
into 0. So the code may return a meaningless inverse without an error. The size of the elements and the
determinant depend on scale. The condition number does not, so it is the number to check:

>>> A = np.array([[1.0, 2.0], [3.0, 4.0]]) * 1e-200
>>> float(np.linalg.det(A)), bool(np.linalg.cond(A) < 20)
(-0.0, True)

In practice one seldom inverts. `np.linalg.solve(A, b)` needs a third of the work and is more accurate; for
many right-hand sides pass them as columns.
""",
    points=[
        "Gauss-Jordan: the row operations that turn A into the identity turn the identity into the inverse.",
        "Partial pivoting takes the largest absolute value from row k on, against tiny pivots as well as zeros.",
        "Rows are views: swap with a fancy index, which copies.",
        "Each step is one outer product: n steps in Python, O(n^3) in all.",
        "Check for a pivot of 0; a fixed threshold or the determinant depends on the scale.",
        "For a stack, a leading axis and M[np.arange(m), p] give each matrix its own pivot.",
        "To solve A x = b use solve, not the inverse.",
    ],
    follow_ups={
        "Why is solve(A, b) better than inv(A) @ b?": "It factorizes once and substitutes, about a third of "
        "the operations, and its residual is small even if A is badly conditioned.",
        "When is the explicit inverse wanted?": "When its entries matter, as variances in a covariance of "
        "estimates, or for tiny fixed matrices such as 3 x 3 rotations.",
        "How do you notice a useless inverse?": "By the condition number: about log10(cond) digits are lost, "
        "so at 1e16 none is left in float64.",
        "What if A is symmetric and positive definite?": "Cholesky needs half the work of LU, no pivoting, "
        "and fails where A is not positive definite.",
    },
    equivalent={
        "inverse: `1` -> `2` in `n = A.shape[-1]`": "Both last axes have the same length there.",
        "inverse: `1` -> `2` in `stack = A.reshape(-1, n, n)`": "reshape finds the length for any negative number.",
    },
    related=["solve-linear-system", "determinant", "stable-linear-algebra", "least-squares"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.inv.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.solve.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.LinAlgError.html",
    ],
)
