"""Sum the anti-diagonals of an array."""

import time

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
    no_python_loop,
    peak_memory,
    trap,
    works,
)


def antidiagonal_sums(A):
    """Return the sum of each anti-diagonal of a 2-D array.

    Anti-diagonal d contains all elements ``A[i, j]`` with ``i + j == d``. If `A` is the outer product of the
    coefficients of two polynomials, the sums are the coefficients of their product.

    Parameters
    ----------
    A : ndarray, shape (n, m), float64, int64 or int16
        ``n >= 1`` and ``m >= 1``. May be strided, reversed, broadcast or read-only. Floats may be NaN or infinite.
        Every sum of integers fits into int64.

    Returns
    -------
    ndarray, shape (n + m - 1,), float64 if `A` is float64, otherwise int64
        Element d is the sum of all ``A[i, j]`` with ``i + j == d``. Sums of integers are exact. NaN and infinities
        affect only the sums of the anti-diagonals that contain them.

    Examples
    --------
    >>> antidiagonal_sums(np.array([[1, 2, 3], [4, 5, 6]]))
    array([1, 6, 8, 6])
    """
    if A.shape[0] > A.shape[1]:
        A = A.T
    n, m = A.shape
    sheared = np.zeros((n, n + m), dtype=A.dtype)
    sheared[:, :m] = A
    # With rows that are one element shorter, row i moves i columns to the right. Columns are now anti-diagonals.
    return sheared.reshape(n * (n + m))[:-n].reshape(n, n + m - 1).sum(axis=0)


# ------------------------------------------------------------------------------------------------------- right answers


@works(fails="vectorized")
def by_loop(A):
    """Adds each element to the sum at index i + j."""
    n, m = A.shape
    sums = [0] * (n + m - 1)
    for i, row in enumerate(A.tolist()):
        for j, value in enumerate(row):
            sums[i + j] += value
    return np.array(sums, dtype=np.result_type(A.dtype, np.int64))


@works(fails="vectorized")
def by_traces(A):
    """Reverses the rows, which turns anti-diagonals into diagonals, and calls trace once per diagonal."""
    mirrored = A[::-1]
    return np.array([mirrored.trace(k) for k in range(1 - A.shape[0], A.shape[1])])


@works(fails="fast")
def by_index(A):
    """Adds all elements at the indices i + j with np.add.at."""
    n, m = A.shape
    sums = np.zeros(n + m - 1, dtype=np.result_type(A.dtype, np.int64))
    np.add.at(sums, np.add.outer(np.arange(n), np.arange(m)), A)
    return sums


@works()
def by_shorter_axis(A):
    """Loops over the shorter axis and adds each row or column to a shifted slice of the sums."""
    if A.shape[0] > A.shape[1]:
        A = A.T
    sums = np.zeros(sum(A.shape) - 1, dtype=np.result_type(A.dtype, np.int64))
    for i, row in enumerate(A):
        sums[i : i + row.size] += row
    return sums


@works(fails="fast")
def by_wide_shear(A):
    """Pads the rows without transposing a tall array first, which takes n * (n + m) elements."""
    n, m = A.shape
    sheared = np.pad(A, ((0, 0), (0, n))).ravel()[: n * (n + m - 1)]
    return sheared.reshape(n, n + m - 1).sum(axis=0)


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "These are sums along diagonals with constant j - i, which is what np.trace and np.diagonal use. Reverse the rows "
    "first: the diagonals of A[::-1] are the anti-diagonals of A."
)
def main_diagonals(A):
    return np.array([A.trace(k) for k in range(1 - A.shape[0], A.shape[1])])


@trap(
    "The sums are in reverse order: element d must belong to i + j == d. Offset k of np.fliplr(A) is anti-diagonal "
    "m - 1 - k, so use decreasing offsets, or reverse the rows instead of the columns."
)
def the_other_way_round(A):
    mirrored = np.fliplr(A)
    return np.array([mirrored.trace(k) for k in range(1 - A.shape[0], A.shape[1])])


@trap("An array of shape (n, m) has n + m - 1 anti-diagonals. The count 2n - 1 is correct only if n == m.",
      verdict="WT")  # fmt: skip
def only_square(A):
    n = A.shape[0]
    return np.array([A[::-1].trace(k) for k in range(1 - n, n)])


@trap(
    "sums[index] += A does not accumulate if an index occurs more than once: only one of its elements is added. "
    "np.add.at(sums, index, A) adds all of them."
)
def buffered_index(A):
    n, m = A.shape
    sums = np.zeros(n + m - 1, dtype=np.result_type(A.dtype, np.int64))
    sums[np.add.outer(np.arange(n), np.arange(m))] += A
    return sums


@trap(
    "The sums of integers must be int64. np.bincount with weights adds in float64, which is exact only up to 2**53. "
    "np.add.at keeps the dtype of the sums.",
    verdict="WT",
)
def by_bincount(A):
    n, m = A.shape
    return np.bincount(np.add.outer(np.arange(n), np.arange(m)).ravel(), weights=A.ravel())


@trap(
    "NaN must affect only the sum of the anti-diagonal that contains it. 0 * NaN is NaN, so multiplying by a mask does "
    "not exclude it. Index with the mask, or use sum(where=mask)."
)
def multiplies_masks(A):
    n, m = A.shape
    index = np.add.outer(np.arange(n), np.arange(m))
    return np.array([(A * (index == d)).sum() for d in range(n + m - 1)])


@trap(
    "Sums of int16 must be int64. An int16 array cannot store values above 32767, so larger sums wrap around.",
    verdict="WT",
)
def keeps_dtype(A):
    n, m = A.shape
    sums = np.zeros(n + m - 1, dtype=A.dtype)
    for i in range(n):
        sums[i : i + m] += A[i]
    return sums


# ------------------------------------------------------------------------------------------------------------ question


def total_size(A):
    """The sum of the absolute values of all finite elements."""
    return np.abs(A).sum(where=np.isfinite(A))


def strip(rng, n=2000):
    return {"A": rng.standard_normal((n, 30))}


def long_strip(rng):
    return {"A": rng.standard_normal((100_000, 10))}


def show_times():
    A = np.random.default_rng(1).standard_normal((600, 800))

    def milliseconds(act):
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            act()
            best = min(best, 1e3 * (time.perf_counter() - start))
        return best

    print(f"shape {A.shape}, {sum(A.shape) - 1:,} anti-diagonals")
    print(f"loop over the elements       {milliseconds(lambda: by_loop(A)):8.2f} ms")
    print(f"np.add.at                    {milliseconds(lambda: by_index(A)):8.2f} ms")
    print(f"one trace per anti-diagonal  {milliseconds(lambda: by_traces(A)):8.2f} ms")
    print(f"one slice per row            {milliseconds(lambda: by_shorter_axis(A)):8.2f} ms")
    print(f"padded rows and reshape      {milliseconds(lambda: antidiagonal_sums(A)):8.2f} ms")


QUESTION = Question(
    kinds=["code"],
    difficulty="easy",
    topics=["Linear Algebra"],
    companies=["Google", "Amazon"],
    asked=["T70"],
    entry_points=[
        Entry(
            antidiagonal_sums,
            {
                "A": arrays(
                    "n",
                    "m",
                    dtype=("float64", "int64", "int16"),
                    low=-(2**57),
                    high=2**57,
                    holds=("nan", "inf", "-inf"),
                )
            },
            dims={"n": (1, 12), "m": (1, 12)},
            cases=[
                case(A=np.array([[1, 2], [3, 4]])),
                case(A=np.array([[1.0, 2.0, 3.0]])),
                case(A=np.array([[1.0], [2.0], [3.0]])),
                case(A=np.array([[1.0, 2.0], [3.0, np.nan]])),
                case(A=np.array([[1.0, np.inf], [-np.inf, 2.0]])),
                case(A=np.array([[0, 30000], [30000, 0]], dtype=np.int16)),
                case(A=np.array([[0, 2**53], [1, 0]])),
            ],
            result=matches(scale=total_size),
        )
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized",
            "Uses no Python loop over the rows or the anti-diagonals, for n rows and 30 columns.",
            no_python_loop(strip),
        ),
        Level(
            "fast",
            "At least 8 times faster than one call of trace per anti-diagonal, for 2,000 rows and 30 columns.",
            faster_than(by_traces, 8, strip, needs=needs(bytes=lambda A: A.nbytes, operations=lambda A: A.size)),
        ),
        Level(
            "memory",
            "Uses at most twice the memory of A, including the result, if A is float64 and has shape (100000, 10) or "
            "(10, 100000).",
            peak_memory(long_strip, inputs=2),
            peak_memory(lambda rng: {"A": long_strip(rng)["A"].T}, inputs=2),
        ),
    ],
    hints=[
        "np.trace and np.diagonal use diagonals with constant j - i. How does A[::-1] change the row index i?",
        "How many anti-diagonals does an array of shape (2, 3) have? Write down their sums in order.",
        "Can you sum all anti-diagonals with one call of sum? In which column must each element be?",
        "Pad every row with zeros to n + m elements, then read the same memory as rows of n + m - 1 elements. Where "
        "does each row start now? Which of the two axes should be the rows?",
    ],
    spoken="""\
np.trace with an offset sums one diagonal, where j minus i is constant. If I reverse the rows first, the
anti-diagonals become diagonals, n + m - 1 in total. That takes one call per anti-diagonal. To avoid the loop, I
pad each row with n zeros and reshape the same memory to rows that are one element shorter. Each row then starts one
column further to the right than the row before, so the column sums are the answer. If A has more rows than columns, I
transpose it first, so that the memory stays proportional to the input.
""",
    explanation="""\
`np.diagonal(A, k)` returns a view of the elements with j - i == k, and `A.trace(k)` adds them up. Reversing the rows
turns anti-diagonals into diagonals. The offsets from 1 - n to m - 1 give all n + m - 1 sums in order:

>>> A = np.array([[1, 2, 3], [4, 5, 6]])
>>> [int(A[::-1].trace(k)) for k in range(-1, 3)]
[1, 6, 8, 6]

This takes n * m additions, but one Python call per anti-diagonal.

*One call per row.* Row i contributes to the elements i to i + m - 1 of the result: `sums[i : i + m] += A[i]`. The
transpose has the same anti-diagonal sums, so loop over the shorter axis.

*No loop.* Pad each row with n zeros, then read the same memory as rows that are one element shorter. The first row
stays in place. Every other row starts one column further to the right than the row before it, so each column contains
one anti-diagonal:

>>> n, m = A.shape
>>> np.pad(A, ((0, 0), (0, n))).ravel()[:-n].reshape(n, n + m - 1)
array([[1, 2, 3, 0],
       [0, 4, 5, 6]])

The slice `[:-n]` drops the last n zeros, so that the number of elements fits. The padded array has n * (n + m)
elements. If n is larger than m, transpose first; then the padded array is at most twice as large as A.

*By index.* `np.bincount(index, weights=A.ravel())` with the flattened array of i + j is short and fast, but it adds in
float64, which is exact for integers only up to 2**53. `np.add.at(sums, index, A)` keeps the dtype of `sums`. Do not use
`sums[index] += A`: if an index occurs several times, only one of its elements is added.

*Dtypes.* `sum` and `trace` widen int16 to the default integer, which is int64 on 64-bit platforms. A result array
that you allocate yourself needs dtype int64.

*Writing.* `np.diagonal` returns a read-only view. `np.fill_diagonal` writes to the main diagonal.
""",
    points=[
        "np.diagonal and np.trace use constant j - i: reverse the rows to get anti-diagonals.",
        "An array of shape (n, m) has n + m - 1 anti-diagonals. Reversing the columns gives them in reverse order.",
        "A loop over the shorter axis with shifted slices needs few calls.",
        "Pad the rows, reshape to rows that are one shorter, and sum the columns. Pad along the shorter axis.",
        "np.bincount adds in float64, np.add.at keeps the dtype, and sums[index] += A ignores repeated indices.",
        "np.sum widens narrow integers. A mask that is multiplied does not remove NaN.",
    ],
    follow_ups={
        "How do you write to a diagonal?": "`np.fill_diagonal(A, v)`, or `A[np.arange(n), np.arange(n)] = v` for a "
        "square array. The result of np.diagonal is read-only.",
        "How do you get a writable view of the main diagonal?": "`np.einsum('ii->i', A)` for a square array in any "
        "memory layout. For a C-contiguous array with m columns, `A.ravel()[: m * m : m + 1]`.",
        "What does np.diag do?": "For a 2-D array it returns a diagonal. For a 1-D array it builds a matrix with that "
        "diagonal.",
    },
    related=["trace-of-product", "reshape-blocks", "sliding-windows", "quadrants"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.diagonal.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.trace.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ufunc.at.html",
    ],
    live=show_times,
    equivalent={
        "antidiagonal_sums: `A.shape[0] > A.shape[1]` -> `A.shape[0] >= A.shape[1]` in "
        "`if A.shape[0] > A.shape[1]:`": "A square array and its transpose have the same sums.",
        "antidiagonal_sums: `n + m` -> `n - m` in `return sheared.reshape(n * (n + m))[:-n].reshape(n, n + m - 1)"
        ".sum(axis=0)`": "n <= m, so the length is negative. reshape accepts any negative length as it accepts -1.",
    },
)
