"""Sums along the anti-diagonals."""

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
    """Add up a picture along its anti-diagonals, as a scanner sees it from the corner.

    An anti-diagonal holds the pixels whose row and column add up to the same number.

    Parameters
    ----------
    A : ndarray, shape (n, m), float64, int64 or int16
        The picture, square or not; ``n >= 1`` and ``m >= 1``. May be strided, reversed, broadcast or read-only. Floats
        may be NaN or infinite, which concerns their own anti-diagonal alone. Every sum of integers fits into int64.

    Returns
    -------
    ndarray, shape (n + m - 1,), float64 for float64, int64 for integers
        Entry d is the sum of all ``A[i, j]`` with ``i + j == d``, exact for integers.

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
    # Read in rows that are one shorter, each row starts one place further left: columns are anti-diagonals.
    return sheared.reshape(n * (n + m))[:-n].reshape(n, n + m - 1).sum(axis=0)


# ------------------------------------------------------------------------------------------------------- right answers


@works(fails="vectorized")
def by_loop(A):
    """Adds every pixel to the sum of its row and column."""
    n, m = A.shape
    sums = [0] * (n + m - 1)
    for i, row in enumerate(A.tolist()):
        for j, pixel in enumerate(row):
            sums[i + j] += pixel
    return np.array(sums, dtype=np.result_type(A.dtype, np.int64))


@works(fails="vectorized")
def by_traces(A):
    """The anti-diagonals of a picture are the diagonals of its mirror image."""
    mirrored = A[::-1]
    return np.array([mirrored.trace(k) for k in range(1 - A.shape[0], A.shape[1])])


@works(fails="fast")
def by_index(A):
    """An unbuffered addition at i + j."""
    n, m = A.shape
    sums = np.zeros(n + m - 1, dtype=np.result_type(A.dtype, np.int64))
    np.add.at(sums, np.add.outer(np.arange(n), np.arange(m)), A)
    return sums


@works()
def by_shorter_axis(A):
    """A loop over the shorter axis: whole lines are added to shifted slices of the sums."""
    if A.shape[0] > A.shape[1]:
        A = A.T
    sums = np.zeros(sum(A.shape) - 1, dtype=np.result_type(A.dtype, np.int64))
    for i, row in enumerate(A):
        sums[i : i + row.size] += row
    return sums


@works(fails="fast")
def by_wide_shear(A):
    """The shear without minding which side is longer: n * (n + m) places."""
    n, m = A.shape
    sheared = np.pad(A, ((0, 0), (0, n))).ravel()[: n * (n + m - 1)]
    return sheared.reshape(n, n + m - 1).sum(axis=0)


# --------------------------------------------------------------------------------------------------------------- traps


@trap("trace and diagonal follow j - i: mirror the rows, A[::-1], to make anti-diagonals of diagonals.")
def main_diagonals(A):
    return np.array([A.trace(k) for k in range(1 - A.shape[0], A.shape[1])])


@trap("Mirroring the columns gives the same sums, from the last to the first: offsets then run downwards.")
def the_other_way_round(A):
    mirrored = np.fliplr(A)
    return np.array([mirrored.trace(k) for k in range(1 - A.shape[0], A.shape[1])])


@trap("A picture of n by m has n + m - 1 anti-diagonals; 2n - 1 is right for square ones only.", verdict="WT")
def only_square(A):
    n = A.shape[0]
    return np.array([A[::-1].trace(k) for k in range(1 - n, n)])


@trap("sums[i + j] += A reads and writes each index once: repeated indices keep one pixel. np.add.at adds all.")
def buffered_index(A):
    n, m = A.shape
    sums = np.zeros(n + m - 1, dtype=np.result_type(A.dtype, np.int64))
    sums[np.add.outer(np.arange(n), np.arange(m))] += A
    return sums


@trap(
    "np.bincount adds its weights in float64: integers change their dtype, and lose digits beyond 2**53.", verdict="WT"
)
def by_bincount(A):
    n, m = A.shape
    return np.bincount(np.add.outer(np.arange(n), np.arange(m)).ravel(), weights=A.ravel())


@trap("0 * NaN is NaN: a mask that is multiplied lets NaN into every sum. Use where=, or pick the pixels.")
def multiplies_masks(A):
    n, m = A.shape
    lines = np.add.outer(np.arange(n), np.arange(m))
    return np.array([(A * (lines == d)).sum() for d in range(n + m - 1)])


@trap("Sums in int16 wrap around beyond 32767: np.sum widens, an array of A.dtype does not.", verdict="WT")
def keeps_dtype(A):
    n, m = A.shape
    sums = np.zeros(n + m - 1, dtype=A.dtype)
    for i in range(n):
        sums[i : i + m] += A[i]
    return sums


# ------------------------------------------------------------------------------------------------------------ question


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

    print(f"{A.shape[0]} by {A.shape[1]} pixels, {sum(A.shape) - 1:,} anti-diagonals")
    print(f"pixel by pixel         {milliseconds(lambda: by_loop(A)):8.2f} ms")
    print(f"np.add.at              {milliseconds(lambda: by_index(A)):8.2f} ms")
    print(f"one trace a diagonal   {milliseconds(lambda: by_traces(A)):8.2f} ms")
    print(f"one slice a row        {milliseconds(lambda: by_shorter_axis(A)):8.2f} ms")
    print(f"sheared by a reshape   {milliseconds(lambda: antidiagonal_sums(A)):8.2f} ms")


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
            result=matches(scale=lambda A: np.abs(A).sum()),
        )
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized",
            "A strip of n rows and 30 columns: without a loop in Python over its rows or anti-diagonals.",
            no_python_loop(strip),
        ),
        Level(
            "fast",
            "At least 8 times faster than one trace per anti-diagonal, for 2,000 rows and 30 columns.",
            faster_than(by_traces, 8, strip, needs=needs(bytes=lambda A: A.nbytes, operations=lambda A: A.size)),
        ),
        Level(
            "memory",
            "A strip of 100,000 by 10 takes 8 MB: use at most twice that, for both a tall and a wide picture.",
            peak_memory(long_strip, inputs=2),
            peak_memory(lambda rng: {"A": long_strip(rng)["A"].T}, inputs=2),
        ),
    ],
    hints=[
        "np.trace and np.diagonal follow j - i. What does A[::-1] do to i?",
        "How many anti-diagonals has a picture of 2 by 3? Write their sums down in order.",
        "All sums in a single call: shift row i by i places to the right, and add up the columns.",
        "Rows of n + m places, read again as rows of n + m - 1: where does each row start now?",
    ],
    spoken=(
        "np.trace with an offset sums one diagonal, where j minus i is constant. If I reverse the rows first, "
        "diagonals become anti-diagonals, n + m - 1 in total. That is one call per anti-diagonal. To "
        "avoid the loop I pad each row with n zeros and read the same memory as rows that are one element shorter. "
        "Every row then starts one column further right, so column sums are the answer. If A has more rows "
        "than columns, I transpose it first, so that the memory stays proportional to the input."
    ),
    explanation="""\
`np.diagonal(A, k)` is a view of the elements with j - i = k, and `trace` adds them up. Mirror the rows, and diagonals
become anti-diagonals; offsets from 1 - n to m - 1 give the n + m - 1 sums in order:

>>> A = np.array([[1, 2, 3], [4, 5, 6]])
>>> [int(A[::-1].trace(k)) for k in range(-1, 3)]
[1, 6, 8, 6]

That is O(nm), but one call per anti-diagonal. Loop over rows instead: row i belongs into places i to i + m - 1 of the
result, so `sums[i:i + m] += A[i]` needs one call per row; pick the shorter axis.

Without any loop, shear: pad each row with n zeros and read the memory again in rows that are one place shorter. New row
i starts i places before old row i, so the pixels of row i stand i places further right, and columns are what we want.

>>> n, m = A.shape
>>> np.pad(A, ((0, 0), (0, n))).ravel()[:-n].reshape(n, n + m - 1)
array([[1, 2, 3, 0],
       [0, 4, 5, 6]])

That takes n (n + m) places, so transpose first if n is the larger: the sums are the same.

`np.bincount(i + j, weights=A.ravel())` is short and quick too, in float64 only. `np.add.at` keeps the dtype;
`sums[i + j] += A` would keep one element an index. `diagonal` returns a read-only view, and `np.fill_diagonal`
writes.
""",
    points=[
        "diagonal and trace follow j - i: mirror rows for anti-diagonals.",
        "n + m - 1 of them; the order depends on which axis is mirrored.",
        "One call per row on shifted slices, over the shorter axis.",
        "Shear: pad rows, reshape to rows one shorter, sum columns; O(nm) if the shorter axis is padded.",
        "bincount works in float64; add.at keeps the dtype; fancy += drops duplicates.",
        "np.sum widens narrow integers; NaN must not pass through a multiplied mask.",
    ],
    follow_ups={
        "How do you write to a diagonal?": "np.fill_diagonal(A, v), or A[np.arange(n), np.arange(n)] = v: diagonal "
        "itself is read-only.",
        "And a view that can be written?": "A.ravel()[: m * m : m + 1] steps along the diagonal of a C-contiguous A "
        "with m columns; for a square one np.einsum('ii->i', A) does, however it lies.",
        "What is np.diag?": "For 2-D it takes the diagonal out, for 1-D it builds a matrix with that diagonal.",
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
        "`if A.shape[0] > A.shape[1]:`": "A square picture and its transpose have the same sums.",
        "antidiagonal_sums: `n + m` -> `n - m` in `return sheared.reshape(n * (n + m))[:-n].reshape(n, n + m - 1)"
        ".sum(axis=0)`": "n <= m, and reshape works any negative length out, as it does -1.",
    },
)
