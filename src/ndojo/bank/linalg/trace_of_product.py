"""Trace of a matrix product without the product."""

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
    peak_memory,
    raises,
    trap,
    works,
)


def trace_ab(A, B):
    """Return the trace of the matrix product ``A @ B`` without computing the product.

    Such traces occur in Gaussian likelihoods, in Kalman filters, and as the inner product of two matrices.

    Parameters
    ----------
    A : ndarray, shape (n, m), float64, float32 or int16
    B : ndarray, shape (m, n), float64, float32 or int16
        ``n >= 0`` and ``m >= 0``. The dtypes may differ. Values are between -300 and 300 inclusive, or NaN. May be
        strided, reversed, read-only, or the same array.

    Returns
    -------
    float
        A Python float or np.float64, computed in float64 for all dtypes; 0.0 if n or m is 0. Errors up to 1e-14 times
        the sum of all ``|A[i, j] * B[j, i]|`` pass. If `A` or `B` contains NaN, the result is NaN.

    Raises
    ------
    ValueError
        If ``B.shape != A.shape[::-1]``. Axes of length 1 must not broadcast.

    Examples
    --------
    >>> trace_ab(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [7.0, 8.0]]))
    69.0
    >>> trace_ab(np.array([[300, 200]], dtype=np.int16), np.array([[300], [1]], dtype=np.int16))
    90200.0
    """
    if B.shape != A.shape[::-1]:
        raise ValueError(f"A has shape {A.shape}, so B must have shape {A.shape[::-1]}, not {B.shape}")
    return float(np.vecdot(A, B.T, dtype=np.float64).sum())


@works()
def by_einsum(A, B):
    """The sum over both indices, exactly as in the formula."""
    if A.shape != B.T.shape:
        raise ValueError("shapes do not match")
    return float(np.einsum("ij,ji->", A, B, dtype=np.float64))


@works()
def loop_over_rows(A, B):
    """Row i of A times column i of B: one call per diagonal element."""
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    total = 0.0
    for i in range(len(A)):
        total += float(A[i].astype(np.float64) @ B[:, i].astype(np.float64))
    return total


@works(fails="memory")
def multiplied(A, B):
    """Multiplies with the transpose, then sums: right and fast, with n * m products in memory."""
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return np.multiply(A, B.T, dtype=np.float64).sum()


@works(fails="fast")
def whole_product(A, B):
    """Computes n * n elements to use n of them."""
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return float(np.trace(A.astype(np.float64) @ B.astype(np.float64)))


@trap("int16 times int16 is int16 and wraps around above 32767, so a wider sum comes too late. Multiply in float64.")
def wraps_around(A, B):
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    kept = [X if X.dtype == np.int16 else X.astype(np.float64) for X in (A, B)]
    return float((kept[0] * kept[1].T).sum(dtype=np.float64))


@trap("float32 keeps about seven digits: products and sums must be computed in float64, not only converted at the end.")
def single_precision(A, B):
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return float(np.einsum("ij,ji->", A.astype(np.float32), B.astype(np.float32)))


@trap("The trace is linear, not multiplicative: tr(A B) is not tr(A) tr(B).")
def product_of_traces(A, B):
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return float(np.trace(A.astype(np.float64)) * np.trace(B.astype(np.float64)))


@trap("(A @ B)[i, i] needs the whole row i of A and column i of B, not only the two diagonals.")
def product_of_diagonals(A, B):
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return float(np.diagonal(A).astype(np.float64) @ np.diagonal(B))


@trap("reshape keeps the reading order and does not swap axes. A * B.T pairs A[i, j] with B[j, i].")
def reshaped(A, B):
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return float(np.einsum("ij,ij->", A, B.reshape(A.shape), dtype=np.float64))


@trap("The sum over all elements of A @ B is another number. The trace sums those with equal indices: 'ij,ji->'.")
def sums_the_product(A, B):
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return float((A.astype(np.float64) @ B.astype(np.float64)).sum())


@trap("einsum and * both stretch a length of 1, so wrong shapes may be accepted. Compare the shapes first.")
def stretches(A, B):
    return float(np.einsum("ij,ji->", A, B, dtype=np.float64))


def size_of_terms(A, B):
    return 8 * np.einsum("ij,ji->", np.abs(A.astype(np.float64)), np.abs(B.astype(np.float64)))


def squares(rng, n=700):
    return {"A": rng.standard_normal((n, n)), "B": rng.standard_normal((n, n))}


LEAST = needs(bytes=lambda A, B: A.nbytes + B.nbytes, operations=lambda A, B: 2 * A.size)

DTYPES = ("float64", "float32", "int16")

QUESTION = Question(
    kinds=["code"],
    difficulty="easy",
    topics=["Linear Algebra"],
    companies=["Google", "Amazon"],
    asked=["T57"],
    entry_points=[
        Entry(
            trace_ab,
            {
                "A": arrays("n", "m", dtype=DTYPES, low=-300, high=300, holds="nan"),
                "B": arrays("m", "n", dtype=DTYPES, low=-300, high=300, holds="nan"),
            },
            dims={"n": (0, 12), "m": (0, 12)},
            cases=[
                case(A=np.array([[1.0, 2.0], [3.0, 4.0]]), B=np.array([[5.0, 6.0], [7.0, 9.0]])),
                case(A=np.array([[1.0, 2.0, 3.0]]), B=np.array([[4.0], [5.0], [6.0]])),
                case(A=np.array([[300]], dtype=np.int16), B=np.array([[300]], dtype=np.int16)),
                case(A=np.array([[0.1]], dtype=np.float32), B=np.array([[0.1]], dtype=np.float32)),
                raises(ValueError, A=np.ones((2, 3)), B=np.ones((1, 2))),
                raises(ValueError, A=np.ones((2, 3)), B=np.ones((3, 1))),
                raises(ValueError, A=np.ones((2, 3)), B=np.ones((2, 3))),
                raises(ValueError, A=np.ones((2, 3)), B=np.ones((3, 4))),
                raises(ValueError, A=np.ones((1, 1)), B=np.ones((4, 4))),
            ],
            result=matches(scale=size_of_terms),
        )
    ],
    levels=[
        Level("right"),
        Level(
            "fast",
            "Takes O(n m) time: 2.5 times faster than forming A @ B, for matrices of 700 by 700.",
            faster_than(whole_product, 2.5, squares, needs=LEAST),
        ),
        Level("memory", "Allocates no temporary array as large as A.", peak_memory(squares)),
    ],
    hints=[
        "Write (A @ B)[i, i] as a sum. Which elements of A and B does it use?",
        "Over all i and j, each A[i, j] is used once. With which element of B is it multiplied?",
        "Which NumPy function multiplies and sums in one pass, given the indices of both operands?",
    ],
    spoken="""\
Only the diagonal of A @ B matters, and the trace is the sum over i and j of A[i, j] times B[j, i]. So I don't form
the product: `np.einsum('ij,ji->', A, B)` multiplies and adds in one pass, which is O(n m) instead of O(n² m) and
needs no temporary array. `(A * B.T).sum()` is the same with a temporary. I set the dtype to float64 so int16 products
don't wrap around, and check the shapes, because a length of 1 would broadcast.
""",
    explanation="""\
Write down the indices, and the product is no longer needed:

    tr(A B) = sum over i of (A B)[i, i] = sum over i and j of A[i, j] B[j, i]

Every element of `A` is multiplied by one element of `B`, so n * m multiplications are enough. `A @ B` needs n² m
multiplications and n² numbers of memory, of which only n are used.

>>> A, B = np.arange(6.0).reshape(2, 3), np.ones((3, 2))
>>> float(np.trace(A @ B)), float((A * B.T).sum()), float(np.einsum("ij,ji->", A, B))
(15.0, 15.0, 15.0)

`(A * B.T).sum()` takes O(n m) time and stores n * m products temporarily. `einsum` multiplies and adds in one pass and
stores none. `np.vecdot(A, B.T).sum()` (NumPy 2.0) stores n.

*Two details.* Narrow integers wrap around in the products, before any sum; `dtype=np.float64` makes both steps wide.
And `*` and `einsum` stretch a length of 1, so wrong shapes may be accepted:

>>> float(np.einsum("ij,ji->", np.ones((2, 3)), np.ones((1, 2))))
6.0

The formula also shows that tr(A B) = tr(B A), although the two products may differ in size. For a stack of matrices,
`np.trace` uses the first two axes, `np.linalg.trace` (NumPy 2.0) the last two.
""",
    points=[
        "tr(A B) is the sum of A[i, j] B[j, i]: the sum of A * B.T.",
        "This takes O(n m); forming A @ B takes O(n² m) time and n² memory.",
        "einsum('ij,ji->') or vecdot multiplies and adds without a temporary array of A's size.",
        "Narrow integers wrap around in the products: set the dtype of the multiplication, not only of the sum.",
        "Broadcasting and einsum stretch a length of 1, so the shapes need a check.",
        "tr(A B) = tr(B A), but it is not tr(A) tr(B).",
    ],
    follow_ups={
        "How do you get the whole diagonal of A @ B?": "`np.einsum('ij,ji->i', A, B)`, or `np.vecdot(A, B.T)`.",
        "How do you compute tr(A B C)?": "Form one product, the cheapest of A @ B, B @ C and C @ A, and use this "
        "formula for it and the third matrix.",
        "How do you compute it for stacks of matrices?": "`np.einsum('...ij,...ji->...', A, B)`.",
        "What is tr(A.T @ A)?": "The sum of the squares of all elements of A, which is the square of its "
        "Frobenius norm.",
    },
    related=["einsum-contractions", "matrix-multiply", "diagonals", "integer-overflow", "vector-norms"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.trace.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.einsum.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.vecdot.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.trace.html",
    ],
)
