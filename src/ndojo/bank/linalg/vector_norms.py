"""Normalize rows to norm 1."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    choice,
    no_python_loop,
    no_warnings,
    peak_memory,
    trap,
    works,
)


def normalize_rows(X, ord=2):
    """Divide every row of `X` by its norm, so that each row has norm 1.

    Each row is the embedding of one document. Afterwards the dot product of two rows is their cosine similarity.

    Parameters
    ----------
    X : ndarray, shape (m, n), float64, float32 or int32
        ``m >= 1`` and ``n >= 1``. Any finite value of the dtype, including the largest and subnormal values, and NaN,
        but no infinities. May be strided, reversed or read-only.
    ord : {1, 2, np.inf}
        The norm: the sum of the absolute values, the square root of the sum of the squares, or the largest absolute
        value.

    Returns
    -------
    ndarray, shape (m, n), float32 if `X` is float32, otherwise float64
        A new array. A row of zeros stays zero. If a row contains NaN, the whole row becomes NaN. Every other row has
        norm 1 within rounding, even if the norm of the original row, or a square in its computation, exceeds the range
        of the dtype.

    Examples
    --------
    >>> normalize_rows(np.array([[3, 4], [0, 0]], dtype=np.int32))
    array([[0.6, 0.8],
           [0. , 0. ]])
    >>> normalize_rows(np.array([[1.0, 3.0]]), ord=1)
    array([[0.25, 0.75]])
    >>> normalize_rows(np.array([[3e200, 4e200]]))
    array([[0.6, 0.8]])
    """
    Y = X.astype(np.result_type(X, np.float32))
    largest = np.maximum(Y.max(axis=1, keepdims=True), -Y.min(axis=1, keepdims=True))
    np.divide(Y, largest, out=Y, where=largest != 0)
    if ord == 2:
        norm = np.vecdot(Y, Y)[:, np.newaxis]
        np.sqrt(norm, out=norm)
    else:
        norm = np.linalg.norm(Y, ord, axis=1, keepdims=True)
    np.divide(Y, norm, out=Y, where=norm != 0)
    return Y


def floating(X):
    return X.astype(np.float64) if X.dtype == np.int32 else X


@works(fails="memory")
def by_formula(X, ord=2):
    """Computes each norm explicitly, after dividing by the largest value."""
    Y = floating(X)
    scale = np.abs(Y).max(axis=1, keepdims=True)
    scale[scale == 0] = 1
    Y = Y / scale
    size = np.abs(Y)
    norm = {1: size.sum(axis=1), 2: np.sqrt((size**2).sum(axis=1)), np.inf: size.max(axis=1)}[ord][:, None]
    norm[norm == 0] = 1
    return Y / norm


@works(fails="no warnings")
def masks_afterwards(X, ord=2):
    """Allows 0 / 0 and replaces the result by zeros."""
    Y = floating(X)
    zero = (Y == 0).all(axis=1)
    Y = Y / np.abs(Y).max(axis=1, keepdims=True)
    Y = Y / np.linalg.norm(Y, ord, axis=1, keepdims=True)
    Y[zero] = 0
    return Y


@works(fails="vectorized")
def row_by_row(X, ord=2):
    """One row at a time."""
    Y = np.array(X, dtype=np.float32 if X.dtype == np.float32 else np.float64)
    for row in Y:
        largest = np.abs(row).max()
        if largest != 0:
            row /= largest
            row /= np.linalg.norm(row, ord)
    return Y


@works()
def in_place(X, ord=2):
    """Fills one array in two passes and lets ufuncs skip the rows of zeros."""
    Y = X.astype(np.float32 if X.dtype == np.float32 else np.float64, order="C")
    for size in (np.inf, ord):
        if size == 1:
            norm = np.linalg.norm(Y, 1, axis=1)
        elif size == 2:
            norm = np.sqrt(np.einsum("ij,ij->i", Y, Y))
        else:
            norm = np.maximum(Y.max(axis=1), -Y.min(axis=1))
        np.divide(Y, norm[:, None], out=Y, where=norm[:, None] != 0)
    return Y


@trap("A row of zeros has norm 0, and 0 / 0 is NaN. Divide such rows by 1, or skip them with where=.")
def divides_by_zero(X, ord=2):
    Y = floating(X)
    with np.errstate(all="ignore"):
        Y = Y / np.abs(Y).max(axis=1, keepdims=True)
        return Y / np.linalg.norm(Y, ord, axis=1, keepdims=True)


@trap(
    "Squares overflow long before the values do: 1e200 squared is inf, 1e-200 squared is 0. Divide each "
    "row by its largest absolute value first, then compute the norm."
)
def overflows(X, ord=2):
    Y = floating(X)
    with np.errstate(all="ignore"):
        norm = np.linalg.norm(Y, ord, axis=1, keepdims=True)
        return (Y / np.where(norm == 0, 1, norm)).astype(Y.dtype)


@trap("A small number added to the norm changes every row: rows of tiny values get a norm far below 1.")
def adds_epsilon(X, ord=2):
    Y = floating(X)
    with np.errstate(all="ignore"):
        return Y / (np.linalg.norm(Y, ord, axis=1, keepdims=True) + Y.dtype.type(1e-8))


@trap(
    "Without keepdims=True the norms have shape (m,), which broadcasts along the columns: an error, or a "
    "wrong result for a square X."
)
def drops_the_axis(X, ord=2):
    Y = floating(X)
    largest = np.abs(Y).max(axis=1, keepdims=True)
    Y = Y / np.where(largest == 0, 1, largest)
    norm = np.linalg.norm(Y, ord, axis=1)
    return Y / np.where(norm == 0, 1, norm)


@trap("`axis` is the axis that is reduced: axis=1 gives one norm per row, axis=0 one per column.", verdict="WA")
def of_columns(X, ord=2):
    Y = floating(X)
    largest = np.abs(Y).max(axis=0, keepdims=True)
    Y = Y / np.where(largest == 0, 1, largest)
    norm = np.linalg.norm(Y, ord, axis=0, keepdims=True)
    return Y / np.where(norm == 0, 1, norm)


@trap("Without axis, norm treats X as one matrix: ord=2 is its largest singular value, ord=1 its largest column sum.")
def of_the_matrix(X, ord=2):
    Y = floating(X)
    with np.errstate(all="ignore"):
        try:
            norm = np.linalg.norm(Y, ord)
        except np.linalg.LinAlgError:
            norm = Y.dtype.type(np.nan)
        return (Y / np.where(norm == 0, 1, norm)).astype(Y.dtype)


@trap("In-place division keeps the dtype: an integer array cannot store the quotients, and the caller's "
      "X changes.",
      verdict="RE")  # fmt: skip
def divides_in_place(X, ord=2):
    largest = np.abs(X).max(axis=1, keepdims=True)
    X /= np.where(largest == 0, 1, largest)
    norm = np.linalg.norm(X, ord, axis=1, keepdims=True)
    X /= np.where(norm == 0, 1, norm)
    return X


def embeddings(rng, n=20_000):
    return {"X": rng.standard_normal((n, 64))}


QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Linear Algebra"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T58", "amazon-10"],
    entry_points=[
        Entry(
            normalize_rows,
            {
                "X": arrays(
                    "m",
                    "n",
                    dtype=("float64", "float32", "int32"),
                    holds=("extremes", "huge", "tiny", "subnormal", "negative zero", "nan", "all nan"),
                ),
                "ord": choice(2, 1, np.inf),
            },
            dims={"m": (1, 20), "n": (1, 20)},
            cases=[
                case(X=np.array([[0.0]])),
                case(X=np.array([[0.0, 0.0], [3.0, 4.0]]), ord=1),
                case(X=np.array([[3.0, 4.0], [5.0, 12.0]])),
                case(X=np.array([[1e200, 1e200]])),
                case(X=np.array([[1e-200, 1e-200]])),
                case(X=np.array([[1.5e308, 1.5e308, -1.5e308]]), ord=1),
                case(X=np.array([[5e-324, 0.0]])),
                case(X=np.array([[3e30, -4e30], [3e-30, 4e-30]], dtype=np.float32)),
                case(X=np.array([[-(2**31), 0], [-(2**31), 2**31 - 1]], dtype=np.int32)),
                case(X=np.array([[-(2**31), 1]], dtype=np.int32), ord=np.inf),
                case(X=np.array([[np.nan, 1.0], [0.0, 2.0]])),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("no warnings", "Shows no warning, regardless of the values.", no_warnings()),
        Level("vectorized", "Uses no Python loop over the rows.", no_python_loop(embeddings)),
        Level(
            "memory",
            "For ord=2, allocates at most 1.25 times the size of the result, including the result.",
            peak_memory(embeddings, outputs=1.25),
        ),
    ],
    hints=[
        "Which shape must the norms have, so that dividing X by them broadcasts along the rows?",
        "Which rows have norm 0, and what can you divide them by so that they stay zero?",
        "How large can the norm of a row be after dividing the row by its largest absolute value?",
    ],
    spoken="""\
I compute one norm per row with `np.linalg.norm(X, axis=1, keepdims=True)`; keepdims gives shape (m, 1), which
broadcasts back along the rows. Rows of zeros I divide by 1 using `np.where`, instead of adding an epsilon, which
would change every row. Squares can overflow or underflow even if the values are fine, so I first divide each row by
its largest absolute value. Without the axis argument, norm of a 2-D array is a matrix norm, which is a different
thing.
""",
    explanation="""\
One norm per row needs `axis=1`. `keepdims=True` keeps that axis with length 1, so that (m, n) / (m, 1) divides each row
by its own norm. Without it the norms have shape (m,) and are aligned with the columns, which raises no error for a
square `X`.

>>> X = np.array([[3.0, 4.0], [0.0, 0.0]])
>>> norm = np.linalg.norm(X, axis=1, keepdims=True)
>>> norm.shape
(2, 1)
>>> X / np.where(norm == 0, 1, norm)
array([[0.6, 0.8],
       [0. , 0. ]])

`np.where` gives rows of zeros the divisor 1. A small epsilon in the denominator is not equivalent: it changes every
row, and rows of tiny values most.

*Overflow.* `np.linalg.norm` does not scale. Squares overflow above about 1e154 and become 0 below about 1e-162,
although the values are fine:

>>> float(np.linalg.norm([3e-200, 4e-200]))
0.0

So divide each row by its largest absolute value first. Then all values are between -1 and 1, one of them is at an end,
and the norm is between 1 and n.

*Always pass the axis.* Without it, `np.linalg.norm(X, 2)` of a matrix is its largest singular value. NumPy 2.0 added
`np.linalg.vector_norm` and `matrix_norm`, whose names say which one they compute.

*Memory.* An array of squares is a second `X`. `np.vecdot(Y, Y)` (NumPy 2.0) or `einsum` sums the squares without
storing them, and `/=` writes to your own array.
""",
    points=[
        "axis=1 gives one norm per row; keepdims=True keeps the shape (m, 1) that broadcasts along the rows.",
        "Divide a row of zeros by 1, not by 0, and not by an epsilon that changes all rows.",
        "Squares overflow and underflow: divide by the largest absolute value of the row first.",
        "Without axis, norm(X, 2) is a matrix norm: the largest singular value.",
        "Convert integers to float64 first: abs of the smallest int32 overflows, and /= cannot store quotients.",
        "np.vecdot or einsum sums squares without a second array.",
    ],
    follow_ups={
        "How do you get all cosine similarities?": "Normalize the rows of both arrays and multiply: `A @ B.T`.",
        "Which norm is right for probabilities?": "ord=1: rows of weights that add up to 1.",
        "What does np.linalg.norm(X) return without ord and axis?": "The 2-norm of all elements, for any number of "
        "dimensions. For a matrix this is the Frobenius "
        "norm.",
        "How would you do it for columns, or for the last axis of a stack?": "With axis=0 or axis=-1. The rest "
        "stays the same, because of keepdims.",
    },
    equivalent={"normalize_rows: `2` -> `3` in `if ord == 2:`": "np.linalg.norm supports ord=2 as well."},
    related=["reductions-keepdims", "pairwise-distances", "float-precision", "stable-linear-algebra"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.norm.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.vector_norm.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.vecdot.html",
    ],
)
