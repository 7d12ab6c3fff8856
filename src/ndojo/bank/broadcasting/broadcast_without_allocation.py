"""Add a column and a row into a table that is there."""

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
    """Write the sum of every `a` with every `b` into a table that exists already.

    A navigation system keeps a large table of travel times: to reach motorway entrance i takes `a[i]` minutes, to go on
    from there to town j takes `b[j]`. Traffic changes many times a second, so the table is allocated once and written
    anew each time.

    Parameters
    ----------
    out : ndarray, shape (n, m), float64
        The table, to be written: element (i, j) becomes ``a[i] + b[j]``, whatever it holds before, be it NaN. It is
        writeable, and may be strided, reversed or in Fortran order. n and m may be 0.
    a : ndarray, shape (n,), float64
    b : ndarray, shape (m,), float64
        May be strided, reversed or read-only, may hold NaN and infinities, and may be the same array. On levels 1 to 3
        neither shares memory with `out`. On level 4 they may be parts of it, such as its first column and row: then
        every element gets the sum of the values that `a` and `b` have before the call.

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
    # Where an operand overlaps out, np.add works on a copy of out: a copy of the operands is smaller.
    np.add(a.copy()[:, np.newaxis], b.copy(), out=out)


@works(fails="overlap")
def straight_in(out, a, b):
    """Right even for overlap, but NumPy sees to that by a copy of the whole table."""
    np.add(a[:, np.newaxis], b, out=out)


@works(fails="overlap")
def by_outer(out, a, b):
    """The method of the ufunc for just this."""
    np.add.outer(a, b, out=out)


@works()
def turned_over(out, a, b):
    """The transpose of the table is a view of it, and so a place to write to. Copies a and b only if it must."""
    if np.may_share_memory(out, a) or np.may_share_memory(out, b):
        a, b = a.copy(), b.copy()
    np.add(b[:, None], a, out=out.T)


@works(fails="overlap")
def two_passes(out, a, b):
    """Lays the rows down first, then adds the column in place."""
    out[:] = b
    out += a.reshape(-1, 1)


@works(fails="no allocation")
def copies_in(out, a, b):
    """Makes the whole sum and copies it."""
    out[...] = a[:, None] + b


@works(fails="no allocation")
def by_mesh(out, a, b):
    """Writes both operands out as tables, too."""
    rows, columns = np.meshgrid(a, b, indexing="ij")
    np.add(rows, columns, out=out)


@works(fails="vectorized")
def row_by_row(out, a, b):
    """A call for each row; it allocates least of all, and takes longest where rows are short."""
    for i in range(a.size):
        np.add(a[i], b, out=out[i])


@trap("`out = ...` only binds a name anew: the caller's table stays as it was. Write with out=, or to out[...].")
def binds_a_name(out, a, b):
    out = a[:, None] + b  # noqa: F841


@trap(
    "All rows of a stretched b are one memory, and as_strided lets you write there: each sum lands in b. That is why "
    "broadcast_to is read-only: it is for reading, and results need out."
)
def writes_to_one_row(out, a, b):
    table = as_strided(b, out.shape, (0, *b.strides))
    table += a[:, None]
    out[...] = table


@trap(
    "The new axis goes to a. b[:, None] + a is the table on its side, and reshape does not turn it back, as .T would."
)
def turns_the_table(out, a, b):
    out[...] = (b[:, None] + a).reshape(out.shape)


@trap("The table still holds the times of before: += adds to them. The first pass must assign.")
def adds_to_the_old(out, a, b):
    out += a[:, None]
    out += b


@trap("0 times NaN is NaN, and so is 0 times infinity: what the table holds before survives. Assign to clear it.")
def clears_by_multiplying(out, a, b):
    with np.errstate(all="ignore"):
        out *= 0
        out += a[:, None]
        out += b


@trap("ravel copies a table that is not contiguous, and then the copy is written: index out itself.")
def writes_to_a_copy(out, a, b):
    out.ravel()[:] = np.add.outer(a, b).ravel()


@trap("Assigning to a.shape turns the caller's own array into a column: a[:, None] is a new view.", verdict="IM")
def turns_the_argument(out, a, b):
    a.shape = (a.size, 1)
    np.add(a, b, out=out)


@trap("The prompt wants None: what is asked for is in the table.", verdict="WT")
def returns_it(out, a, b):
    return np.add(a[:, None], b, out=out)


def show_allocations():
    n = 2000
    rng = np.random.default_rng(0)
    out, a, b = np.zeros((n, n)), rng.random(n), rng.random(n)
    print(f"the table takes {out.nbytes:,} bytes, a and b {a.nbytes:,} each")
    stretched = np.broadcast_to(b, out.shape)
    print(f"np.broadcast_to(b, out.shape): strides {stretched.strides}, writeable {stretched.flags.writeable}")
    for name, function in [
        ("out[...] = a[:, None] + b", copies_in.function),
        ("np.add(a[:, None], b, out=out)", straight_in.function),
        ("a call for each row", row_by_row.function),
    ]:
        tracemalloc.start()
        function(out, a, b)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{name:32} allocated {peak:>11,} bytes at its highest")
    print("and where a and b are the table's own first column and row:")
    for name, function in [
        ("np.add(a[:, None], b, out=out)", straight_in.function),
        ("a and b copied before", outer_add_into),
    ]:
        tracemalloc.start()
        function(out, out[:, 0], out[0])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{name:32} allocated {peak:>11,} bytes at its highest")
    print(f"ufuncs may take buffers of {np.getbufsize()} elements, whatever the size of the table")


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
    """A table whose own column and row are to be added."""
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
            "No loop in Python over entrances or towns.",
            no_python_loop(lambda rng, n: table(rng, n, 20)),
            no_python_loop(lambda rng, n: table(rng, 20, n)),
        ),
        Level(
            "no allocation",
            "A table of eight megabytes, of any layout: allocate no other of its size. NumPy's own buffers, of fixed "
            "size, are free.",
            peak_memory(table, extra=256 << 10),
            peak_memory(part_of_a_table, extra=256 << 10),
            peak_memory(fortran_table, extra=256 << 10),
        ),
        Level(
            "overlap",
            "Now a and b may be parts of the table itself, such as its first column and its first row. Still "
            "allocate no other.",
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
        "Which shape must a have, so that broadcasting makes a row of the table of each of its elements?",
        "`out = ...`, `out[...] = ...` and `f(..., out=out)` differ. What does each of them write, and where?",
        "In `out[...] = a[:, None] + b`, when does the sum exist, and where?",
        "For overlap: when is each element of a and b read for the last time, and is it still what it was? And what "
        "might NumPy copy to keep it so?",
    ],
    explanation="""\
Broadcasting never copies an operand. A stretched axis has stride 0: the same element is read again and again.

>>> b = np.array([1.0, 2.0, 3.0])
>>> stretched = np.broadcast_to(b, (2, 3))
>>> stretched.strides, np.shares_memory(stretched, b), stretched.flags.writeable
((0, 8), True, False)

It is read-only because one write would show in every row. So it is a cheap operand and never a place for results.

What costs is the result. `a[:, None] + b` allocates n m elements, and `out[...] =` copies them afterwards. Every ufunc
takes `out=` and writes there straight away, in any layout:

>>> out = np.empty((2, 3))
>>> np.add(np.array([10.0, 20.0])[:, None], b, out=out) is out
True
>>> out
array([[11., 12., 13.],
       [21., 22., 23.]])

The result's shape must fit `out`, which is never stretched itself. Longer formulas use `out` for intermediate results,
too: `np.multiply(a[:, None], s, out=out)`, then `out += b`.

Where an operand overlaps with `out`, a ufunc behaves as if it had read everything first. Unless each
element is written just where it was read, as in `out += 1`, it works on a copy of `out` for that: a whole second table,
where copies of `a` and `b` would have done. So make those before. Several steps give no such guarantee.

Zero allocation means no array of the result's size: ufuncs may take buffers of fixed size, 8192 elements an operand,
see `np.getbufsize`.

Best is not to need the table: its row sums are `m * a + b.sum()`, its minimum `a.min() + b.min()`.
""",
    points=[
        "Broadcast operands are views with stride 0: no memory, however large the shape.",
        "broadcast_to is read-only, since many elements share one address.",
        "The result is what is allocated; out= writes it into memory that exists.",
        "`out = ...` binds a name; `out[...] = a[:, None] + b` makes a temporary and copies it.",
        "out may have any layout, but must have the full shape: it is never stretched.",
        "Where out overlaps an operand, a ufunc stays right by copying out; two passes go wrong.",
        "Buffers of fixed size remain: check with tracemalloc, not by belief.",
        "A reduction over the table often needs no table at all.",
    ],
    follow_ups={
        "And with float32 out and float64 operands?": "out= casts under same_kind: float32 is allowed, int is not. It "
        "goes through a buffer of fixed size.",
        "How do you add only some elements?": "where=mask, together with out=: the others keep what is in out.",
        "When does a loop over blocks of rows win?": "When several steps follow: a block that fits the cache is read "
        "from there, not from memory.",
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
