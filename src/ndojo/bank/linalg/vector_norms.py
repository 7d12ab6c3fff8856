"""Rows scaled to length one."""

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
    """Divide every row by its norm, so that each has norm 1.

    Each row of `X` is the embedding of one document. After this, the dot product of two rows is their cosine
    similarity.

    Parameters
    ----------
    X : ndarray, shape (m, n), float64, float32 or int32
        m >= 1 rows of n >= 1 values: any finite number that the dtype holds, the largest and the subnormal
        ones too, and NaN, but no infinities. May be strided, reversed or read-only.
    ord : {1, 2, np.inf}
        Which norm: the sum of the absolute values, the square root of the sum of the squares, or the largest
        absolute value.

    Returns
    -------
    ndarray, shape (m, n), float32 for float32, else float64
        A new array. A row of zeros stays zero; a row that holds a NaN becomes all NaN. Every other row has
        norm 1 within rounding, also where the norm of the row itself, or a square on the way to it, is beyond
        what the dtype can hold.

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
    """Writes each norm out, after dividing by the largest value."""
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
    """Lets 0 / 0 happen and puts zeros there."""
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


@trap("A row of zeros has norm 0, and 0 / 0 is NaN: divide such rows by 1, or leave them out with where=.")
def divides_by_zero(X, ord=2):
    Y = floating(X)
    with np.errstate(all="ignore"):
        Y = Y / np.abs(Y).max(axis=1, keepdims=True)
        return Y / np.linalg.norm(Y, ord, axis=1, keepdims=True)


@trap(
    "Squares overflow long before the values do: 1e200 squared is inf, 1e-200 squared is 0. Divide each row "
    "by its largest absolute value first, then take the norm."
)
def overflows(X, ord=2):
    Y = floating(X)
    with np.errstate(all="ignore"):
        norm = np.linalg.norm(Y, ord, axis=1, keepdims=True)
        return (Y / np.where(norm == 0, 1, norm)).astype(Y.dtype)


@trap("A small number added to the norm changes every row: rows of tiny values come out far shorter than 1.")
def adds_epsilon(X, ord=2):
    Y = floating(X)
    with np.errstate(all="ignore"):
        return Y / (np.linalg.norm(Y, ord, axis=1, keepdims=True) + Y.dtype.type(1e-8))


@trap(
    "Without keepdims=True the norms have shape (m,), which broadcasts along columns: an error, or a wrong "
    "result for a square X."
)
def drops_the_axis(X, ord=2):
    Y = floating(X)
    largest = np.abs(Y).max(axis=1, keepdims=True)
    Y = Y / np.where(largest == 0, 1, largest)
    norm = np.linalg.norm(Y, ord, axis=1)
    return Y / np.where(norm == 0, 1, norm)


@trap("axis names what is summed away: a norm for each row is axis=1, axis=0 gives one for each column.", verdict="WA")
def of_columns(X, ord=2):
    Y = floating(X)
    largest = np.abs(Y).max(axis=0, keepdims=True)
    Y = Y / np.where(largest == 0, 1, largest)
    norm = np.linalg.norm(Y, ord, axis=0, keepdims=True)
    return Y / np.where(norm == 0, 1, norm)


@trap("Without axis, norm takes X as one matrix: ord=2 is its largest singular value, ord=1 its largest column sum.")
def of_the_matrix(X, ord=2):
    Y = floating(X)
    with np.errstate(all="ignore"):
        try:
            norm = np.linalg.norm(Y, ord)
        except np.linalg.LinAlgError:
            norm = Y.dtype.type(np.nan)
        return (Y / np.where(norm == 0, 1, norm)).astype(Y.dtype)


@trap("Dividing in place keeps the dtype: an integer array cannot hold the quotients, and the caller's X "
"changes.",
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
        Level("no warnings", "No warning may escape, whatever the rows hold.", no_warnings()),
        Level("vectorized", "No loop in Python over the rows.", no_python_loop(embeddings)),
        Level(
            "memory",
            "For ord=2, one large array must do: the result itself.",
            peak_memory(embeddings, outputs=1.25),
        ),
    ],
    hints=[
        "Which shape must the norms have, so that dividing X by them broadcasts along the rows?",
        "Which rows have norm 0, and what may they be divided by so that they stay as they are?",
        "How large can a row's norm be after you have divided the row by its largest absolute value?",
    ],
    explanation="""\
One norm a row is `axis=1`, and `keepdims=True` keeps that axis with length 1, so that (m, n) / (m, 1) divides
each row by its own number. Without it the norms have shape (m,) and line up with the columns; for a square
`X` nothing complains.

>>> X = np.array([[3.0, 4.0], [0.0, 0.0]])
>>> norm = np.linalg.norm(X, axis=1, keepdims=True)
>>> norm.shape
(2, 1)
>>> X / np.where(norm == 0, 1, norm)
array([[0.6, 0.8],
       [0. , 0. ]])

`np.where` gives rows of zeros the divisor 1. A small epsilon in the denominator is no substitute: it changes
every row, the tiny ones beyond recognition.

`np.linalg.norm` does not scale. Squares overflow above about 1e154 and vanish below about 1e-162, though the
values are fine:

>>> float(np.linalg.norm([3e-200, 4e-200]))
0.0

So divide each row by its largest absolute value first. Then all values lie in [-1, 1], one of them at an end,
and the norm lies between 1 and n.

Always say the axis. Without it, `np.linalg.norm(X, 2)` of a matrix is its largest singular value. NumPy 2.0
has `np.linalg.vector_norm` and `matrix_norm`, which say which one they mean.

To save memory: a whole array of squares is a second `X`. `np.vecdot(Y, Y)` (NumPy 2.0) or `einsum` sums them
without storing them, and `/=` writes into an array of your own.
""",
    points=[
        "axis=1 gives one norm a row; keepdims=True keeps the shape (m, 1) that broadcasts along rows.",
        "A row of zeros is divided by 1, not by 0 and not by an epsilon that changes all rows.",
        "Squares overflow and underflow: divide by the largest absolute value of the row first.",
        "Without axis, norm(X, 2) is a matrix norm: the largest singular value.",
        "Integers become float64 before anything else: abs of the smallest int32 overflows, and /= cannot "
        "hold quotients.",
        "np.vecdot or einsum sums squares without a second array.",
    ],
    follow_ups={
        "How do you get all cosine similarities?": "Normalise the rows of both and multiply: A @ B.T.",
        "Which norm is right for probabilities?": "ord=1: rows of weights that add up to 1.",
        "What does np.linalg.norm(X) do without ord and axis?": "It takes the 2-norm of all elements in any "
        "number of dimensions: for a matrix the Frobenius norm.",
        "How would you do it for columns, or for the last axis of a stack?": "With axis=0, or axis=-1: the "
        "rest stays, thanks to keepdims.",
    },
    equivalent={"normalize_rows: `2` -> `3` in `if ord == 2:`": "np.linalg.norm knows ord 2 as well."},
    related=["reductions-keepdims", "pairwise-distances", "float-precision", "stable-linear-algebra"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.norm.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.vector_norm.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.vecdot.html",
    ],
)
