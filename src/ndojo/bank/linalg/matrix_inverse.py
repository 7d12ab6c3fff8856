"""Invert matrices by Gauss-Jordan elimination."""

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
    """Compute the inverse of a square matrix by Gauss-Jordan elimination with partial pivoting.

    For example, a calibration matrix maps points of a scene to pixels, and its inverse maps pixels back to points.

    Do not use any function of ``np.linalg``; only its exception ``LinAlgError`` is allowed. Append the identity matrix
    to `A` and apply row operations until the left half is the identity. The right half is then the inverse. In column
    k, choose the element with the largest absolute value in row k or below as the pivot.

    Parameters
    ----------
    A : ndarray, shape (n, n), float64 or int64
        ``n >= 1``. All values are finite. `A` is either exactly singular in a way that rounding does not hide, or its
        condition number is below 1000. For example, a row or a column of a singular `A` is zero, or all its rows are
        multiples of one row of powers of two. The values may be as small as 1e-100 or as large as 1e100, so small
        values do not mean that `A` is singular. May be strided, reversed or in Fortran order. On level 2 and above,
        `A` can also be a stack of matrices with shape (..., n, n), and the stack may be empty.

    Returns
    -------
    ndarray, same shape as `A`, float64
        The inverse. For a stack, the inverse of each matrix. `A` must not change.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `A`, or any matrix of a stack, is singular. If `A` has fewer than two dimensions. If its last two axes have
        different lengths.

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


def check_square(A):
    if A.ndim > 2:
        raise NotImplementedError("A must be a single matrix")
    if A.ndim < 2 or A.shape[0] != A.shape[1]:
        raise np.linalg.LinAlgError("A must be a square matrix")
    return len(A)


def invert_single(A):
    n = check_square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        p = k + np.abs(M[k:, k]).argmax()
        if M[p, k] == 0:
            raise np.linalg.LinAlgError("A is singular")
        M[[k, p]] = M[[p, k]]
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@works(fails="stacked")
def row_by_row(A):
    """Inverts a single matrix with Python loops over its rows."""
    n = check_square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        p = max(range(k, n), key=lambda i: abs(M[i, k]))
        if M[p, k] == 0:
            raise np.linalg.LinAlgError("A is singular")
        M[[k, p]] = M[[p, k]]
        M[k] /= M[k, k]
        for i in range(n):
            if i != k:
                M[i] -= M[i, k] * M[k]
    return M[:, n:].copy()


@works(fails="stacked")
def one_by_one(A):
    """Inverts the matrices of a stack in a Python loop, with vectorized row operations on each."""
    if A.ndim < 2 or A.shape[-1] != A.shape[-2]:
        raise np.linalg.LinAlgError("A must be square")
    matrices = A.reshape(-1, *A.shape[-2:])
    return np.array([invert_single(matrix) for matrix in matrices], dtype=float).reshape(A.shape)


@works()
def two_arrays(A):
    """Stores both halves in separate arrays, swaps rows with np.take_along_axis, and divides by the pivots last."""
    if A.ndim < 2 or A.shape[-1] != A.shape[-2]:
        raise np.linalg.LinAlgError("A must be square")
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
            raise np.linalg.LinAlgError("A is singular")
        factor = left[:, :, k] / left[:, k, k][:, None]
        factor[:, k] = 0
        right = right - np.einsum("mi,mj->mij", factor, right[:, k])
        left = left - np.einsum("mi,mj->mij", factor, left[:, k])
    return (right / np.einsum("mii->mi", left)[:, :, None]).reshape(A.shape)


@trap(
    "A zero on the diagonal does not mean that the matrix is singular: [[0, 1], [1, 0]] is its own inverse. "
    "Before you divide by the pivot, swap in a row from below whose element in this column is not zero.",
    verdict="RE",
)
def never_swaps(A):
    n = check_square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        if M[k, k] == 0:
            raise np.linalg.LinAlgError("A is singular")
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap(
    "Swapping only when the pivot is zero is not enough. Dividing by a tiny pivot gives huge multiples, and "
    "subtracting them rounds away the digits of the other rows. Always choose the element with the largest "
    "absolute value.",
)
def swaps_at_zero_only(A):
    n = check_square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        usable = np.flatnonzero(M[k:, k])
        if not usable.size:
            raise np.linalg.LinAlgError("A is singular")
        M[[k, k + usable[0]]] = M[[k + usable[0], k]]
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap(
    "`argmax` returns the largest value, not the largest absolute value, so it prefers 0 to -5. Search in "
    "`np.abs(M[k:, k])`.",
    verdict="RE",
)
def forgets_the_sign(A):
    n = check_square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        p = k + M[k:, k].argmax()
        if M[p, k] == 0:
            raise np.linalg.LinAlgError("A is singular")
        M[[k, p]] = M[[p, k]]
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap(
    "Rows above k have already been pivot rows, and swapping one of them down destroys the columns that are "
    "finished. Search from row k on, and add k to the index that `argmax` returns for the slice.",
)
def searches_all_rows(A):
    n = check_square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        p = np.abs(M[:, k]).argmax()
        if M[p, k] == 0:
            raise np.linalg.LinAlgError("A is singular")
        M[[k, p]] = M[[p, k]]
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap(
    "`M[k]` and `M[p]` are views, so `M[k], M[p] = M[p], M[k]` overwrites row k before it is copied to row p, and "
    "both rows become equal. Use `M[[k, p]] = M[[p, k]]`: fancy indexing copies both rows first.",
    verdict="RE",
)
def swaps_views(A):
    n = check_square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        p = k + np.abs(M[k:, k]).argmax()
        if M[p, k] == 0:
            raise np.linalg.LinAlgError("A is singular")
        M[k], M[p] = M[p], M[k]
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap(
    "A small pivot does not mean that the matrix is singular: 1e-20 times the identity matrix has an inverse. "
    "Raise the error only if the largest candidate is exactly 0, or use a threshold that is proportional to the "
    "values of the matrix.",
    verdict="RE",
)
def fixed_threshold(A):
    n = check_square(A)
    M = np.hstack([A, np.eye(n)])
    for k in range(n):
        p = k + np.abs(M[k:, k]).argmax()
        if abs(M[p, k]) < 1e-12:
            raise np.linalg.LinAlgError("A is singular")
        M[[k, p]] = M[[p, k]]
        M[k] /= M[k, k]
        factor = M[:, k].copy()
        factor[k] = 0
        M -= np.outer(factor, M[k])
    return M[:, n:].copy()


@trap(
    "By default, division of float arrays by zero raises no exception in NumPy. It only emits a RuntimeWarning and "
    "returns inf or NaN. Test whether the pivot is 0, and raise `LinAlgError` yourself.",
)
def never_raises(A):
    n = check_square(A)
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
    "In-place operations on `A`, or on an array that shares its memory, change the array of the caller. "
    "`np.asarray(A, dtype=np.float64)` returns a float64 array itself, without copying it. Use `np.array` or "
    "`astype`, which copy by default.",
    verdict="IM",
)
def eliminates_in_a(A):
    n = check_square(A)
    M, R = np.asarray(A, dtype=np.float64), np.eye(n)
    for k in range(n):
        p = k + np.abs(M[k:, k]).argmax()
        if M[p, k] == 0:
            raise np.linalg.LinAlgError("A is singular")
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
    """Whether A has a row or column of zeros, or all rows are multiples of one row of powers of two."""
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
    """Yield simpler inputs: fewer matrices, then fewer rows and columns, then simpler values."""
    if A.ndim > 2 and len(A) > 1:
        yield A[:1].copy()
        yield A[1:].copy()
    if A.shape[-1] > 1:
        yield A[..., 1:, 1:].copy()
        yield A[..., :-1, :-1].copy()
    yield from plainer_arrays(A)


def regular(rng, n):
    """Return a matrix with a condition number below 100, its elements rounded to one decimal."""
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
    """Return the scale of the tolerance: the condition number times the largest absolute value of the inverse."""
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
            "Also accepts a stack of shape (..., n, n), without a Python loop over the matrices; a loop over the "
            "columns is allowed.",
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
            "At least 4 times faster than a Python loop over the matrices, for a stack of 80 matrices of shape (4, 4).",
            faster_than(one_by_one, 4, many, needs=LEAST),
        ),
    ],
    hints=[
        "Store A and the identity matrix side by side in one array of shape (n, 2n). Which row operations turn "
        "the left half into the identity matrix?",
        "In step k, find the pivot row and swap it into row k. Which multiple of row k do you subtract from each other "
        "row, and how does an outer product do this for all rows together?",
        "In a stack, each matrix has its own pivot row. What does `M[np.arange(m), p]` select if M has shape "
        "(m, n, 2n) and p has shape (m,)?",
    ],
    spoken="""\
I put the identity matrix to the right of A and apply Gauss-Jordan elimination to both halves. In each column I choose
the element with the largest absolute value as the pivot and swap its row up. I divide that row by the pivot and
subtract multiples of it from all other rows. When the left half is the identity, the right half is the inverse. If
the pivot is zero, I raise an error. Rounding can hide a singular matrix, so I would also check the condition number.
It costs O(n cubed). To solve a system I would call `np.linalg.solve`, which is faster and more accurate.
""",
    explanation="""\
Gauss-Jordan elimination starts with `A` on the left and the identity matrix on the right of one array. Row operations
that turn the left half into the identity turn the right half into the inverse. Step k finishes column k:

1. Choose the pivot: the element with the largest absolute value in row k or below. If it is 0, the matrix is singular.
2. Swap the row of the pivot with row k.
3. Divide row k by the pivot.
4. Subtract a multiple of row k from every other row, so that the rest of column k becomes 0.

These are the four steps for the first column of a 2 x 2 matrix:

>>> M = np.hstack([np.array([[0.0, 2.0], [1.0, 4.0]]), np.eye(2)])
>>> p = int(np.abs(M[:, 0]).argmax())
>>> M[[0, p]] = M[[p, 0]]
>>> M[0] /= M[0, 0]
>>> M[1:] -= np.outer(M[1:, 0], M[0])
>>> M
array([[1., 4., 0., 1.],
       [0., 2., 1., 0.]])

The outer product updates all rows in a single call. The swap uses fancy indexing because it copies both rows first;
`M[0]` and `M[p]` are views, so a tuple swap would overwrite one row before it is read.

*Why the largest element?* A tiny pivot gives huge multiples. Subtracting them rounds away the values of the other rows:

>>> 1.0 - 1e20 * 1.0 == -1e20
True

*Cost.* The algorithm takes O(n³) operations, in n Python steps that each work on whole arrays.

*Stacks.* For a stack of m matrices, `M` has shape (m, n, 2n) and every operation works on all matrices together. Each
matrix selects its own pivot row with `M[np.arange(m), p]`. `np.linalg.inv` also accepts stacks.

*Singular matrices.* Rounding can hide that a matrix is singular: a pivot that should be 0 may become about 1e-17. The
code then returns a meaningless inverse without an error. Neither the size of the values nor the determinant helps,
because both depend on the scale of the matrix. The condition number does not:

>>> A = np.array([[1.0, 2.0], [3.0, 4.0]]) * 1e-200
>>> float(np.linalg.det(A)), bool(np.linalg.cond(A) < 20)
(-0.0, True)

*Alternatives.* To solve `A @ x = b`, use `np.linalg.solve(A, b)`. For a large matrix it needs about a third of the
operations of an inverse and is usually more accurate. It accepts several right-hand sides as columns of `b`. Use
`np.linalg.inv` if you need the elements of the inverse, and `np.linalg.pinv` if `A` is singular or not square.
""",
    points=[
        "The row operations that turn A into the identity matrix turn the identity matrix into the inverse.",
        "Partial pivoting chooses the largest absolute value from row k on; it avoids tiny pivots as well as zeros.",
        "Rows are views, so swap them with fancy indexing, which copies.",
        "Each step subtracts one outer product: n steps in Python, O(n^3) operations in total.",
        "Test for a pivot of exactly 0, because the size of the pivots depends on the scale of the matrix.",
        "In a stack, M[np.arange(m), p] selects a different pivot row for each matrix.",
        "To solve A x = b, use np.linalg.solve instead of the inverse.",
    ],
    follow_ups={
        "Why is solve(A, b) better than inv(A) @ b?": "It computes one LU factorization and substitutes, which takes "
        "about a third of the operations for a large matrix. Its residual is usually small even if A is "
        "ill-conditioned.",
        "When do you need the explicit inverse?": "If you need its elements, for example the variances on the diagonal "
        "of a covariance matrix, or if you apply one small fixed matrix to many vectors.",
        "How do you detect an unreliable inverse?": "Compute the condition number. About log10(cond) decimal "
        "digits are lost, so with a condition number of 1e16 no correct digit is left in float64.",
        "What changes if A is symmetric and positive definite?": "Use a Cholesky factorization. It takes about "
        "half the operations of LU and needs no pivoting. np.linalg.cholesky raises LinAlgError if A is not positive "
        "definite.",
    },
    equivalent={
        "inverse: `1` -> `2` in `n = A.shape[-1]`": "The last two axes have the same length at this point.",
        "inverse: `1` -> `2` in `stack = A.reshape(-1, n, n)`": "reshape infers the length for any negative number.",
    },
    related=["solve-linear-system", "determinant", "stable-linear-algebra", "least-squares"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.inv.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.solve.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.LinAlgError.html",
    ],
)
