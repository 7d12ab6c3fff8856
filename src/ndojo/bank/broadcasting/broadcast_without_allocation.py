"""Outer sum into an existing array with out=."""

import tracemalloc

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    no_python_loop,
    peak_memory,
    right_on,
    trap,
    works,
)


def outer_add_into(out, a, b):
    """Write the outer sum of `a` and `b` into the existing array `out`.

    A navigation system keeps a large table of travel times: reaching motorway entrance i takes `a[i]` minutes, and
    going on from there to town j takes `b[j]`. Traffic changes often, so the table is allocated once and overwritten
    each time.

    Parameters
    ----------
    out : ndarray, shape (n, m), float64
        The array to write: element (i, j) becomes ``a[i] + b[j]``, regardless of its previous contents, including NaN.
        It is writeable, and may be strided, reversed or in Fortran order. ``n >= 0`` and ``m >= 0``.
    a : ndarray, shape (n,), float64
    b : ndarray, shape (m,), float64
        `a` and `b` may be strided, reversed or read-only, may contain NaN and infinities, and may be the same array. On
        levels 1 to 3 neither shares memory with `out`. On level 4 they may be parts of `out`, such as its first column
        and first row. Every element then gets the sum of the values that `a` and `b` had before the call.

    Returns
    -------
    None

    Examples
    --------
    >>> times = np.zeros((2, 3))
    >>> outer_add_into(times, np.array([10.0, 20.0]), np.array([1.0, 2.0, 3.0]))
    >>> times
    array([[11., 12., 13.],
           [21., 22., 23.]])
    """
    # If an operand overlaps out, np.add copies out. Copying the operands is cheaper.
    np.add(a.copy()[:, np.newaxis], b.copy(), out=out)


@works(fails="overlap")
def straight_in(out, a, b):
    """Right even if the arrays overlap, but NumPy then copies the whole of out."""
    np.add(a[:, np.newaxis], b, out=out)


@works(fails="overlap")
def by_outer(out, a, b):
    """The ufunc method for exactly this operation."""
    np.add.outer(a, b, out=out)


@works()
def turned_over(out, a, b):
    """Writes to the transpose of out, which is a view. Copies a and b only if necessary."""
    if np.may_share_memory(out, a) or np.may_share_memory(out, b):
        a, b = a.copy(), b.copy()
    np.add(b[:, None], a, out=out.T)


@works(fails="overlap")
def two_passes(out, a, b):
    """Assigns the row to every row first, then adds the column in place."""
    out[:] = b
    out += a.reshape(-1, 1)


@works(fails="no allocation")
def copies_in(out, a, b):
    """Computes the whole sum and copies it."""
    out[...] = a[:, None] + b


@works(fails="no allocation")
def by_mesh(out, a, b):
    """Also creates both operands at full size."""
    rows, columns = np.meshgrid(a, b, indexing="ij")
    np.add(rows, columns, out=out)


@works(fails="vectorized")
def row_by_row(out, a, b):
    """One call per row: it allocates least, but it is slowest for short rows."""
    for i in range(a.size):
        np.add(a[i], b, out=out[i])


@trap(
    "`out = ...` only rebinds the name, so the caller's array stays unchanged. Use the out= argument, "
    "or assign to out[...]."
)
def binds_a_name(out, a, b):
    out = a[:, None] + b  # noqa: F841


@trap(
    "All rows of a broadcast b share the same memory. as_strided makes that memory writeable, so each "
    "sum is written into b. Use broadcast_to for reading only."
)
def writes_to_one_row(out, a, b):
    table = as_strided(b, out.shape, (0, *b.strides))
    table += a[:, None]
    out[...] = table


@trap("The new axis belongs to a. `b[:, None] + a` is the transposed table, and reshape does not transpose it back.")
def turns_the_table(out, a, b):
    out[...] = (b[:, None] + a).reshape(out.shape)


@trap("out still contains the previous values, and += adds to them. The first step must assign.")
def adds_to_the_old(out, a, b):
    out += a[:, None]
    out += b


@trap("0 times NaN is NaN, and 0 times infinity is NaN too, so the previous contents survive. Assign to clear them.")
def clears_by_multiplying(out, a, b):
    with np.errstate(all="ignore"):
        out *= 0
        out += a[:, None]
        out += b


@trap("ravel copies an array that is not contiguous, and the result is written to the copy. Index out itself.")
def writes_to_a_copy(out, a, b):
    out.ravel()[:] = np.add.outer(a, b).ravel()


@trap(
    "Assigning to a.shape turns the caller's array into a column. `a[:, None]` is a new view and changes nothing.",
    verdict="IM",
)
def turns_the_argument(out, a, b):
    a.shape = (a.size, 1)
    np.add(a, b, out=out)


@trap("The function must return None: the result is in out.", verdict="WT")
def returns_it(out, a, b):
    return np.add(a[:, None], b, out=out)


def show_allocations():
    n = 2000
    rng = np.random.default_rng(0)
    out, a, b = np.zeros((n, n)), rng.random(n), rng.random(n)
    print(f"out takes {out.nbytes:,} bytes, a and b {a.nbytes:,} each")
    stretched = np.broadcast_to(b, out.shape)
    print(f"np.broadcast_to(b, out.shape): strides {stretched.strides}, writeable {stretched.flags.writeable}")
    for name, function in [
        ("out[...] = a[:, None] + b", copies_in.function),
        ("np.add(a[:, None], b, out=out)", straight_in.function),
        ("one call per row", row_by_row.function),
    ]:
        tracemalloc.start()
        function(out, a, b)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{name:32} peak allocation {peak:>11,} bytes")
    print("if a and b are the first column and row of out:")
    for name, function in [
        ("np.add(a[:, None], b, out=out)", straight_in.function),
        ("a and b copied first", outer_add_into),
    ]:
        tracemalloc.start()
        function(out, out[:, 0], out[0])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{name:32} peak allocation {peak:>11,} bytes")
    print(f"ufuncs may use buffers of {np.getbufsize()} elements, regardless of the size of out")


def table(rng, n=1000, m=1000):
    return {"out": np.zeros((n, m)), "a": rng.standard_normal(n), "b": rng.standard_normal(m)}


def part_of_a_table(rng):
    return table(rng) | {"out": np.zeros((1000, 2000))[:, ::2]}


def fortran_table(rng):
    return table(rng) | {"out": np.zeros((1000, 1000), order="F")}


def own_edges(rng):
    out = rng.standard_normal((1000, 1000))
    return {"out": out, "a": out[:, 0], "b": out[0]}


def edges(n, m, rows=slice(None), columns=slice(None)):
    """An array whose own first column and row are to be added."""
    times = (np.arange(float(n * m)) ** 2).reshape(n, m).copy()
    return case(out=times, a=times[rows, 0], b=times[0, columns])


INPUTS = {
    "out": arrays("n", "m", holds=("nan", "inf"), layouts=("C", "F", "step", "reversed")),
    "a": arrays("n", holds=("nan", "inf", "-inf")),
    "b": arrays("m", holds=("nan", "inf", "-inf")),
}

QUESTION = Question(
    kinds=["code", "explain"],
    difficulty="hard",
    topics=["Performance", "Broadcasting"],
    companies=["Google", "Amazon"],
    asked=["T106"],
    entry_points=[
        Entry(
            outer_add_into,
            INPUTS,
            dims={"n": (0, 12), "m": (0, 12)},
            in_place=["out"],
            cases=[
                case(out=np.zeros((2, 3)), a=np.array([10.0, 20.0]), b=np.array([1.0, 2.0, 3.0])),
                case(out=np.full((2, 2), 7.0), a=np.array([10.0, 20.0]), b=np.array([1.0, 2.0])),
                case(out=np.array([[np.nan, np.inf]]), a=np.array([10.0]), b=np.array([1.0, 2.0])),
                case(out=np.ones((3, 2), order="F"), a=np.array([1.0, 2.0, 4.0]), b=np.array([8.0, 16.0])),
                case(out=np.ones((2, 4))[:, ::2], a=np.array([1.0, 2.0]), b=np.array([8.0, 16.0])),
                case(out=np.zeros((1, 3)), a=np.array([np.inf]), b=np.array([1.0, np.nan, -np.inf])),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized",
            "Uses no Python loop over rows or columns.",
            no_python_loop(lambda rng, n: table(rng, n, 20)),
            no_python_loop(lambda rng, n: table(rng, 20, n)),
        ),
        Level(
            "no allocation",
            "For an 8 MB table in any layout, allocates no array of that size. NumPy's own buffers of "
            "fixed size are allowed.",
            peak_memory(table, extra=256 << 10),
            peak_memory(part_of_a_table, extra=256 << 10),
            peak_memory(fortran_table, extra=256 << 10),
        ),
        Level(
            "overlap",
            "a and b may be parts of out, such as its first column and first row. Still allocates no "
            "array of the size of out.",
            right_on(
                Entry(
                    outer_add_into,
                    INPUTS,
                    dims={"n": (0, 5), "m": (0, 5)},
                    in_place=["out"],
                    cases=[edges(2, 2), edges(2, 3), edges(3, 2), edges(3, 3, slice(None, None, -1))],
                )
            ),
            peak_memory(own_edges, extra=256 << 10),
        ),
    ],
    hints=[
        "Which shape must a have, so that broadcasting turns each of its elements into a row of the table?",
        "`out = ...`, `out[...] = ...` and `f(..., out=out)` differ. What does each of them write, and where?",
        "In `out[...] = a[:, None] + b`, when does the sum exist, and in which memory?",
        "If the arrays overlap, when is each element of a and b read for the last time? Is it still "
        "unchanged then? What might NumPy copy to guarantee that?",
    ],
    spoken="""\
Broadcasting itself copies nothing, because a stretched axis just has stride 0; what costs memory is the result. So I
pass the result array with `out`, as in `np.add(a[:, None], b, out=out)`, instead of assigning the sum to a slice,
which creates a temporary array first. If a or b overlap with out, NumPy stays correct by copying the whole output, so
I copy the two small operands first. I'd confirm the memory with tracemalloc rather than assume it.
""",
    explanation="""\
Broadcasting never copies an operand. A stretched axis has stride 0: the same element is read again and again.

>>> b = np.array([1.0, 2.0, 3.0])
>>> stretched = np.broadcast_to(b, (2, 3))
>>> stretched.strides, np.shares_memory(stretched, b), stretched.flags.writeable
((0, 8), True, False)

It is read-only because a single write would appear in every row. So it is a cheap operand, but never a place for
results.

*The result is what costs memory.* `a[:, None] + b` allocates n * m elements, and `out[...] =` copies them afterwards.
Every ufunc accepts `out=` and writes there directly, in any layout:

>>> out = np.empty((2, 3))
>>> np.add(np.array([10.0, 20.0])[:, None], b, out=out) is out
True
>>> out
array([[11., 12., 13.],
       [21., 22., 23.]])

`out` must have the full shape of the result, because it is never stretched. Longer formulas can use `out` for
intermediate results too: `np.multiply(a[:, None], s, out=out)`, then `out += b`.

*Overlap.* If an operand overlaps with `out`, a ufunc behaves as if it had read everything first. Unless each element is
written exactly where it was read, as in `out += 1`, it works on a copy of `out`. That is a second table, where copies
of `a` and `b` would be enough, so make those first. Several steps in a row give no such guarantee.

"No allocation" means no array of the size of the result: ufuncs may use buffers of fixed size, 8192 elements per
operand (see `np.getbufsize`).

It is best not to need the table: its row sums are `m * a + b.sum()`, and its minimum is `a.min() + b.min()`.
""",
    points=[
        "Broadcast operands are views with stride 0: they need no memory, regardless of the shape.",
        "broadcast_to is read-only, because many elements share one address.",
        "The result is what is allocated; out= writes it into existing memory.",
        "`out = ...` rebinds a name; `out[...] = a[:, None] + b` creates a temporary array and copies it.",
        "out may have any layout, but it must have the full shape: it is never stretched.",
        "If out overlaps an operand, a ufunc stays correct by copying out. Two separate steps go wrong.",
        "Buffers of fixed size remain: measure with tracemalloc instead of guessing.",
        "A reduction over the table often needs no table at all.",
    ],
    follow_ups={
        "What happens with float32 out and float64 operands?": 'out= casts with the rule "same_kind": float32 is '
        "allowed, an integer dtype is not. The cast uses a "
        "buffer of fixed size.",
        "How do you add only some of the elements?": "Use where=mask together with out=. The other elements keep "
        "what is in out.",
        "When is a loop over blocks of rows faster?": "If several steps follow: a block that fits in the cache is "
        "read from there instead of from memory.",
    },
    related=["broadcast-shapes", "zero-allocation", "pairwise-distances", "cache-blocking", "ufunc-methods"],
    links=[
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.broadcast_to.html",
        "https://numpy.org/doc/stable/reference/ufuncs.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.getbufsize.html",
    ],
    live=show_allocations,
)
