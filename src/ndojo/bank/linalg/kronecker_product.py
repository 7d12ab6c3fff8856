"""Kronecker product by broadcasting."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    no_python_loop,
    peak_memory,
    trap,
    without,
    works,
)


def kron(A, B):
    """Return the Kronecker product: each element of `A` becomes a block, that element times the whole of `B`.

    A display driver uses it to repeat a pattern `B` on a grid of weights `A`. Write it without ``np.kron``.

    Along every axis, element ``i`` of `A` and element ``j`` of `B` give element ``i * (length of B) + j``. If one array
    has fewer axes, axes of length 1 are added in front: a `B` of shape (4,) counts as (1, 4).

    Parameters
    ----------
    A, B : ndarray, one to three axes each, float64, int32 or complex128
        The weights and the pattern. Their dtypes and numbers of axes may differ, and lengths may be 0. Both may be
        strided, reversed or read-only.

    Returns
    -------
    ndarray, with as many axes as the array with more axes
        Along each axis, its length is the product of the two lengths. Its dtype is that of ``A * B``: int32 for two
        int32 arrays, float64 for int32 and float64, complex128 if one of them is complex.

    Examples
    --------
    >>> kron(np.array([1, 10]), np.array([1, 2, 3]))
    array([ 1,  2,  3, 10, 20, 30])
    >>> kron(np.eye(2), np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[1., 2., 0., 0.],
           [3., 4., 0., 0.],
           [0., 0., 1., 2.],
           [0., 0., 3., 4.]])
    >>> kron(np.ones((2, 3)), np.ones(4)).shape
    (2, 12)
    """
    ndim = max(A.ndim, B.ndim)
    a = A.reshape((1,) * (ndim - A.ndim) + A.shape)
    b = B.reshape((1,) * (ndim - B.ndim) + B.shape)
    pairs = np.stack([a.shape, b.shape], axis=1)
    a = np.expand_dims(a, tuple(range(1, 2 * ndim, 2)))
    b = np.expand_dims(b, tuple(range(0, 2 * ndim, 2)))
    blocks = np.empty(pairs.ravel(), np.result_type(A, B))
    np.multiply(a, b, out=blocks)
    return blocks.reshape(pairs.prod(axis=1))


def padded(A, B):
    ndim = max(A.ndim, B.ndim)
    return A.reshape((1,) * (ndim - A.ndim) + A.shape), B.reshape((1,) * (ndim - B.ndim) + B.shape)


@works(fails="vectorized")
def block_by_block(A, B):
    """Assigns one block per element of A."""
    a, b = padded(A, B)
    out = np.empty(np.multiply(a.shape, b.shape), dtype=np.result_type(A, B))
    for index in np.ndindex(a.shape):
        out[tuple(slice(i * n, (i + 1) * n) for i, n in zip(index, b.shape, strict=True))] = a[index] * b
    return out


@works(fails="one allocation")
def repeat_and_tile(A, B):
    """Repeats A and tiles B to the full size first."""
    a, b = padded(A, B)
    tiled = np.tile(b, a.shape)
    for axis, length in enumerate(b.shape):
        a = np.repeat(a, length, axis=axis)
    return a * tiled


@works()
def by_einsum(A, B):
    """Names the axes; the output of einsum is the only array."""
    a, b = padded(A, B)
    ours, theirs = "abc"[: a.ndim], "xyz"[: b.ndim]
    mixed = "".join(one + other for one, other in zip(ours, theirs, strict=True))
    return np.einsum(f"{ours},{theirs}->{mixed}", a, b, order="C").reshape(np.multiply(a.shape, b.shape))


@trap("The Kronecker product does not commute: A gives the grid, and B the block in each cell.")
def swapped(A, B):
    a, b = padded(B, A)
    out = np.empty(np.multiply(a.shape, b.shape), dtype=np.result_type(A, B))
    for index in np.ndindex(a.shape):
        out[tuple(slice(i * n, (i + 1) * n) for i, n in zip(index, b.shape, strict=True))] = a[index] * b
    return out


@trap(
    "An outer product has all axes of A before those of B. Move each axis of B behind the matching axis "
    "of A (a transpose) before you reshape."
)
def reshapes_outer(A, B):
    a, b = padded(A, B)
    return np.multiply.outer(a, b).reshape(np.multiply(a.shape, b.shape))


@trap("Axes of length 1 are added in front, as in broadcasting: (3,) counts as (1, 3), not as (3, 1).", verdict="WT")
def pads_behind(A, B):
    ndim = max(A.ndim, B.ndim)
    a = A.reshape(A.shape + (1,) * (ndim - A.ndim))
    b = B.reshape(B.shape + (1,) * (ndim - B.ndim))
    a = a.reshape([n for length in a.shape for n in (length, 1)])
    b = b.reshape([n for length in b.shape for n in (1, length)])
    product = a * b
    return product.reshape([product.shape[i] * product.shape[i + 1] for i in range(0, 2 * ndim, 2)])


@trap("The product is defined for any number of axes, not only for matrices.", verdict="RE")
def matrices_only(A, B):
    m, n = A.shape
    p, q = B.shape
    return (A[:, None, :, None] * B[None, :, None, :]).reshape(m * p, n * q)


@trap("np.zeros uses float64 by default. Use the dtype of the product, np.result_type(A, B).", verdict="WT")
def always_float(A, B):
    a, b = padded(A, B)
    out = np.zeros(np.multiply(a.shape, b.shape))
    for index in np.ndindex(a.shape):
        place = tuple(slice(i * n, (i + 1) * n) for i, n in zip(index, b.shape, strict=True))
        out[place] = (a[index] * b).real
    return out


def tall(rng, n):
    return {"A": rng.standard_normal((n, 3)), "B": rng.standard_normal((2, 2))}


def fortran(rng):
    A, B = rng.standard_normal((2, 40, 40))
    return {"A": np.asfortranarray(A), "B": np.asfortranarray(B)}


QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Linear Algebra"],
    companies=["Google", "Amazon"],
    asked=["T80"],
    entry_points=[
        Entry(
            kron,
            {
                "A": arrays(..., "p", dtype=("float64", "int32", "complex128"), max_ndim=3),
                "B": arrays(..., "q", dtype=("float64", "int32", "complex128"), max_ndim=3),
            },
            dims={"p": (1, 8), "q": (1, 8)},
            where=lambda A, B: A.size > 0 and B.size > 0,
            cases=[
                case(A=np.array([1.0, 2.0]), B=np.array([3.0, 5.0])),
                case(A=np.array([[1.0, 2.0], [3.0, 4.0]]), B=np.array([[1.0, 10.0], [100.0, 1000.0]])),
                case(A=np.array([1.0, 2.0]), B=np.array([[1.0], [10.0]])),
                case(A=np.array([[1, 2]], dtype=np.int32), B=np.array([3, 4], dtype=np.int32)),
                case(A=np.arange(8.0).reshape(2, 2, 2), B=np.array([1.0, 10.0])),
            ],
        )
    ],
    levels=[
        Level("right", "", without("np.kron")),
        Level("vectorized", "Uses no Python loop over elements or blocks.", no_python_loop(tall)),
        Level(
            "one allocation",
            "Allocates at most 1.25 times the size of the result, including the result, even if A and B "
            "are in Fortran order.",
            peak_memory(fortran, outputs=1.25),
        ),
    ],
    hints=[
        "First write the result for two matrices with four indices: out[i, k, j, l] = A[i, j] * B[k, l].",
        "Broadcasting creates these four axes: where must A have length 1, and where B?",
        "A reshape can merge two adjacent axes without a copy if the memory is in C order. What "
        "determines the memory order of a * b?",
    ],
    spoken="""\
I interleave the axes: with four indices, out[i, k, j, l] is A[i, j] times B[k, l], so I give A and B axes of length 1
in alternating places and multiply by broadcasting. Then a reshape merges i with k and j with l, which is a view if
the memory is in C order. The array with fewer axes gets leading ones, and the dtype follows promotion. For
Fortran-ordered inputs I pass `order="C"`, so that the reshape doesn't copy. Usually it's better not to form the product
at all.
""",
    explanation="""\
Think in pairs of axes. For matrices, `out[i, k, j, l] = A[i, j] * B[k, l]` contains every product once. The Kronecker
product is this array with (i, k) merged into one axis and (j, l) into the other.

>>> A = np.array([[1, 2], [3, 4]])
>>> B = np.array([[0, 1], [1, 0]])
>>> four = A[:, None, :, None] * B[None, :, None, :]
>>> four.shape
(2, 2, 2, 2)
>>> four.reshape(4, 4)
array([[0, 1, 0, 2],
       [1, 0, 2, 0],
       [0, 3, 0, 4],
       [3, 0, 4, 0]])

Broadcasting multiplies without stretching either input, and merging adjacent axes of a C-contiguous array is a view, so
the result is the only allocation. An outer product contains the same numbers in another order, (i, j, k, l): it needs a
transpose first, after which reshape must copy.

*Memory order.* `a * b` chooses the memory order of its inputs (`order="K"`). For two Fortran-ordered arrays the four
axes have another order in memory, and reshape copies. Pass your own array as `out=`, or use `np.multiply(a, b,
order="C")`.

*More axes* work the same way: axes of A at even positions, axes of B at odd positions, and the array with fewer axes
gets leading ones.

The result has A.size * B.size elements, so it is often best not to form it:

>>> x = np.array([1, 2, 3, 4])
>>> np.array_equal(four.reshape(4, 4) @ x, (A @ x.reshape(2, 2) @ B.T).ravel())
True
""",
    points=[
        "Each element a of A becomes a block a * B; A and B do not commute.",
        "Interleave the axes, (i, k, j, l), by inserting axes of length 1, and multiply by broadcasting.",
        "Merging adjacent axes of a C-contiguous array is a view; an outer product needs a transpose and a copy.",
        "The dtype follows promotion of both inputs; the array with fewer axes gets leading axes of length 1.",
        "a * b keeps the memory order of its inputs: out= or order='C' avoids a copy for Fortran-ordered inputs.",
        "The result has A.size * B.size elements: use the factors instead if possible.",
    ],
    follow_ups={
        "How do you compute (A kron B) @ x without forming the product?": "For A of shape (m, n) and B of shape (p, "
        "q): `(A @ x.reshape(n, q) @ "
        "B.T).ravel()`. It costs O(mnq + mpq) "
        "instead of O(mnpq), and never needs mp x "
        "nq elements.",
        "What are the inverse and the eigenvalues of A kron B?": "The inverse is inv(A) kron inv(B), and the "
        "eigenvalues are all products of an eigenvalue of "
        "A with one of B.",
        "Where is it used in practice?": "For gates on several qubits, two-dimensional finite "
        "differences (kron(I, D) + kron(D, I)) and separable "
        "covariance matrices.",
        "What if A is an identity matrix?": "The result is block diagonal and mostly zeros: keep it as a stack "
        "of blocks or in a sparse format.",
    },
    related=["tile-and-repeat", "einsum-contractions", "tensordot", "trace-of-product"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.kron.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.expand_dims.html",
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
    ],
    equivalent={
        "kron: `np.empty` -> `np.ones` in `blocks = np.empty(pairs.ravel(), np.result_type(A, B))`": "Overwritten.",
    },
)
