"""The trace of a product that is never formed."""

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
    """Get the trace of the matrix product ``A @ B``.

    Such traces turn up in Gaussian likelihoods, in Kalman filters, and as the inner product of two matrices.
    Only the diagonal of the product counts.

    Parameters
    ----------
    A : ndarray, shape (n, m), float64, float32 or int16
    B : ndarray, shape (m, n), float64, float32 or int16
        n and m may be 0, and the dtypes may differ. Values are at most 300 in absolute value, or NaN. May be
        strided, reversed, read-only, or the same array twice.

    Returns
    -------
    float
        A Python float or np.float64, computed in float64 whatever the dtypes; 0.0 where n or m is 0. Rounding
        is measured by the sum of all ``|A[i, j] * B[j, i]|``: errors up to 1e-14 of it pass. NaN anywhere in
        `A` or `B` makes it NaN.

    Raises
    ------
    ValueError
        If the shape of `B` is not the shape of `A` turned round, also where a length is 1.

    Examples
    --------
    >>> trace_ab(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [7.0, 8.0]]))
    69.0
    >>> trace_ab(np.array([[300, 200]], dtype=np.int16), np.array([[300], [1]], dtype=np.int16))
    90200.0
    """
    if B.shape != A.shape[::-1]:
        raise ValueError(f"A has shape {A.shape}, so B must have {A.shape[::-1]}, not {B.shape}")
    return float(np.vecdot(A, B.T, dtype=np.float64).sum())


@works()
def by_einsum(A, B):
    """The sum over both indices, as it stands in the book."""
    if A.shape != B.T.shape:
        raise ValueError("shapes do not match")
    return float(np.einsum("ij,ji->", A, B, dtype=np.float64))


@works()
def loop_over_rows(A, B):
    """Row i of A with column i of B: as many calls as the diagonal has elements."""
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    total = 0.0
    for i in range(len(A)):
        total += float(A[i].astype(np.float64) @ B[:, i].astype(np.float64))
    return total


@works(fails="memory")
def multiplied(A, B):
    """Elementwise with the transpose, then summed: right and quick, with n m products in memory."""
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return np.multiply(A, B.T, dtype=np.float64).sum()


@works(fails="fast")
def whole_product(A, B):
    """Computes n n elements to use n."""
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return float(np.trace(A.astype(np.float64) @ B.astype(np.float64)))


@trap("int16 times int16 stays int16 and wraps beyond 32767: a wider sum comes too late. Multiply in float64.")
def wraps_around(A, B):
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    kept = [X if X.dtype == np.int16 else X.astype(np.float64) for X in (A, B)]
    return float((kept[0] * kept[1].T).sum(dtype=np.float64))


@trap("float32 keeps about seven digits: products and sums must be computed in float64, not only returned as such.")
def single_precision(A, B):
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return float(np.einsum("ij,ji->", A.astype(np.float32), B.astype(np.float32)))


@trap("The trace is linear, not multiplicative: tr(A B) is no product of tr(A) and tr(B).")
def product_of_traces(A, B):
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return float(np.trace(A.astype(np.float64)) * np.trace(B.astype(np.float64)))


@trap("(A @ B)[i, i] needs the whole row i of A and column i of B, not only the two diagonals.")
def product_of_diagonals(A, B):
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return float(np.diagonal(A).astype(np.float64) @ np.diagonal(B))


@trap("reshape re-reads the elements in their order and does not swap axes: A[i, j] meets B[j, i] in A * B.T.")
def reshaped(A, B):
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return float(np.einsum("ij,ij->", A, B.reshape(A.shape), dtype=np.float64))


@trap("The sum over all elements of A @ B is another number: the trace takes those with equal indices, 'ij,ji->'.")
def sums_the_product(A, B):
    if A.shape != B.shape[::-1]:
        raise ValueError("shapes do not match")
    return float((A.astype(np.float64) @ B.astype(np.float64)).sum())


@trap("einsum and * both stretch a length of 1, so shapes that do not fit can pass unnoticed: compare them first.")
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
            "In O(n m), without forming A @ B: matrices of 700 by 700.",
            faster_than(whole_product, 2.5, squares, needs=LEAST),
        ),
        Level("memory", "And without a temporary as large as A.", peak_memory(squares)),
    ],
    hints=[
        "Write (A @ B)[i, i] as a sum. Which elements of A and B does it use?",
        "Over all i and j, each A[i, j] is used once. Which element of B does it meet?",
        "Which NumPy function multiplies and sums in one pass, given the indices of both operands?",
    ],
    explanation="""\
Write the indices down and the product disappears:

    tr(A B) = sum over i of (A B)[i, i] = sum over i and j of A[i, j] B[j, i]

Every element of `A` meets one element of `B`, so n m multiplications are enough. `A @ B` needs n² m, and n²
numbers of memory, to throw all but n of them away.

>>> A, B = np.arange(6.0).reshape(2, 3), np.ones((3, 2))
>>> float(np.trace(A @ B)), float((A * B.T).sum()), float(np.einsum("ij,ji->", A, B))
(15.0, 15.0, 15.0)

`(A * B.T).sum()` is O(n m) and keeps n m products for a moment. `einsum` multiplies and adds in one pass and
keeps none; `np.vecdot(A, B.T).sum()` (NumPy 2.0) keeps n.

Two details. Narrow integers wrap in the product, before any sum; `dtype=np.float64` makes both steps wide.
And a length of 1 is stretched by `*` and by `einsum`, so wrong shapes can pass:

>>> float(np.einsum("ij,ji->", np.ones((2, 3)), np.ones((1, 2))))
6.0

The same formula shows that tr(A B) = tr(B A), though the two products may differ in size. Of a stack of
matrices, `np.trace` takes the first two axes, `np.linalg.trace` (NumPy 2.0) the last two.
""",
    points=[
        "tr(A B) is the sum of A[i, j] B[j, i]: A * B.T, summed.",
        "That is O(n m); forming A @ B is O(n² m) in time and n² in memory.",
        "einsum('ij,ji->') or vecdot multiply and add without a temporary of A's size.",
        "Narrow integers wrap in the products: set the dtype of the multiplication, not only of the sum.",
        "Broadcasting and einsum stretch a length of 1, so the shapes need a check.",
        "tr(A B) = tr(B A), but it is not tr(A) tr(B).",
    ],
    follow_ups={
        "How do you get the whole diagonal of A @ B?": "np.einsum('ij,ji->i', A, B), or np.vecdot(A, B.T).",
        "And tr(A B C)?": "Form one product, the cheapest of A @ B, B @ C and C @ A, and use this formula for it "
        "and the third factor.",
        "How do you get it for stacks of matrices?": "np.einsum('...ij,...ji->...', A, B).",
        "What is tr(A.T @ A)?": "The sum of all squares of A, the square of its Frobenius norm.",
    },
    related=["einsum-contractions", "matrix-multiply", "diagonals", "integer-overflow", "vector-norms"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.trace.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.einsum.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.vecdot.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.trace.html",
    ],
)
