"""Add to the marked elements, without a copy."""

import tracemalloc

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    faster_than,
    floats,
    integers,
    needs,
    one_of,
    peak_memory,
    right_on,
    trap,
    works,
)


def add_where(x, mask, value):
    """Add a value to the elements of `x` that `mask` marks; all others keep theirs.

    A telescope's camera has pixels that read too low, all by the same amount. Its frames are large and lie in a buffer
    that other code reads as well, so they are corrected where they are.

    Parameters
    ----------
    x : ndarray, any shape, float64, float32 or int16
        The frame; it is changed. Always writeable, and may be empty, 0-d, strided, reversed or unaligned, and hold NaN
        and infinities. On level 2 float64, shape (n, m).
    mask : ndarray, shape of `x`, bool
        True where the value is to be added. May be strided or read-only. On level 2 also one bool a column, shape
        (m,), or one a row, shape (n, 1).
    value : int or float
        An int, or for a float frame any float: also NaN or an infinity, which then must not show where `mask` is
        False. int16 sums always fit. On level 2 also an array of shape (m,), float64: one value a column.

    Returns
    -------
    None
        The result is in `x`.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0])
    >>> add_where(x, np.array([True, False, True]), 0.5)
    >>> x
    array([1.5, 2. , 3.5])
    """
    np.add(x, value, out=x, where=mask)


@works(fails="broadcasting")
def by_fancy_index(x, mask, value):
    """The usual line: takes the marked elements out, adds, puts them back."""
    x[mask] += value


@works(fails="memory")
def adds_zeros(x, mask, value):
    """Adds everywhere, zero where nothing is to change."""
    x += np.where(mask, value, 0)


@works(fails="memory")
def copies_over(x, mask, value):
    """Adds everywhere into a new array, and copies back what was marked."""
    np.copyto(x, x + value, where=mask)


@works()
def row_by_row(x, mask, value):
    """Temporary arrays again, but of one row at a time."""
    mask, value = np.broadcast_to(mask, x.shape), np.broadcast_to(value, x.shape)
    for row, chosen, term in zip(np.atleast_2d(x), np.atleast_2d(mask), np.atleast_2d(value), strict=True):
        np.add(row, term, out=row, where=chosen, casting="same_kind")


@works(fails="fast")
def one_by_one(x, mask, value):
    """A loop over the elements."""
    mask, value = np.broadcast_to(mask, x.shape), np.broadcast_to(value, x.shape)
    for place in np.ndindex(x.shape):
        if mask[place]:
            x[place] += value[place]


@trap("y = x[mask] is a copy, so y += value leaves x alone. x[mask] += value writes it back as well.")
def adds_to_the_copy(x, mask, value):
    y = x[mask]
    y += value


@trap("The result belongs into x itself, and a function that works in place returns None.", verdict="WT")
def returns_it(x, mask, value):
    return np.where(mask, x + value, x).astype(x.dtype)


@trap("False times infinity or NaN is NaN: multiplying by the mask does not leave unmarked elements out.")
def multiplies(x, mask, value):
    with np.errstate(invalid="ignore"):
        x += (mask * value).astype(x.dtype)


@trap("putmask, place and x[mask] = ... set what they are given; the old value has to be added.")
def sets(x, mask, value):
    np.putmask(x, mask, value)


@trap("np.place hands out the values in order, from the first; np.putmask and where= take the one at the same place.")
def places_in_order(x, mask, value):
    np.place(x, mask, x + value)


@trap("ravel copies where x is not contiguous, and what is written into that copy is lost.")
def through_ravel(x, mask, value):
    x.ravel()[mask.ravel()] += value


@trap("where= leaves in `out` what was there. Only with out=x are these the elements of x.")
def into_zeros(x, mask, value):
    x[...] = np.add(x, value, out=np.zeros_like(x), where=mask, casting="same_kind")


# ------------------------------------------------------------------------------------------------------- measurements


def show_bytes():
    rng = np.random.default_rng(0)
    x, mask = np.zeros(1_000_000), rng.random(1_000_000) < 0.3
    print(f"x holds {x.nbytes:>9,} bytes, {mask.mean():.0%} of it marked; at its highest this allocates")
    for name, act in [
        ("x[mask] += 1", lambda: by_fancy_index(x, mask, 1)),
        ("x += np.where(mask, 1, 0)", lambda: adds_zeros(x, mask, 1)),
        ("np.copyto(x, x + 1, where=mask)", lambda: copies_over(x, mask, 1)),
        ("np.add(x, 1, out=x, where=mask)", lambda: add_where(x, mask, 1)),
    ]:
        tracemalloc.start()
        act()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"    {name:32} {peak:>10,} bytes")


def frame(rng, n=500):
    return {"x": rng.standard_normal((n, 1000)), "mask": rng.random((n, 1000)) < 0.3, "value": 0.25}


QUESTION = Question(
    kinds=["code", "explain"],
    difficulty="hard",
    topics=["Memory"],
    companies=["Google", "Amazon"],
    asked=["T120", "amazon-4"],
    entry_points=[
        Entry(
            add_where,
            {
                "x": arrays(
                    ...,
                    dtype=("float64", "float32", "int16"),
                    holds=("nan", "inf", "negative zero"),
                    layouts=("C", "F", "step", "reversed", "unaligned"),
                ),
                "mask": arrays(..., dtype="bool"),
                "value": one_of(floats(-100, 100, np.inf, -np.inf, np.nan), integers(-100, 100)),
            },
            where=lambda x, mask, value: mask.shape == x.shape and (x.dtype.kind == "f" or type(value) is int),
            in_place=["x"],
            cases=[
                case(x=np.array([1.0, 2.0, 3.0]), mask=np.array([True, False, True]), value=0.5),
                case(x=np.array([1.0, 2.0]), mask=np.array([False, True]), value=np.inf),
                case(x=np.array([1, 2, 3], dtype=np.int16), mask=np.array([True, True, False]), value=-7),
                case(x=np.arange(6.0).reshape(2, 3).T, mask=np.eye(3, 2, dtype=bool), value=1),
                case(x=np.array(2.0), mask=np.array(True), value=1.5),
                case(x=np.array(2.0), mask=np.array(False), value=1.5),
                case(x=np.zeros((0, 3)), mask=np.zeros((0, 3), dtype=bool), value=1.0),
            ],
        )
    ],
    levels=[
        Level("right", "As the prompt says: `x` is written to, `mask` stays as it is."),
        Level(
            "broadcasting",
            "Some cameras lose whole rows or columns: the mask may have one bool each, and each column its own value.",
            right_on(
                Entry(
                    add_where,
                    {
                        "x": arrays("n", "m", holds=("nan",), layouts=("C", "F", "step", "reversed", "unaligned")),
                        "mask": one_of(
                            arrays("m", dtype="bool"), arrays("n", 1, dtype="bool"), arrays("n", "m", dtype="bool")
                        ),
                        "value": one_of(floats(-100, 100, np.inf), arrays("m")),
                    },
                    dims={"n": (0, 8), "m": (0, 8)},
                    in_place=["x"],
                )
            ),
        ),
        Level(
            "fast",
            "At least ten times as fast as a loop over the elements.",
            faster_than(
                one_by_one,
                10,
                lambda rng: frame(rng, 10),
                needs=needs(
                    bytes=lambda x, mask, value: x.nbytes + mask.nbytes,
                    operations=lambda x, mask, value: mask.sum(),
                ),
            ),
        ),
        Level(
            "memory",
            "The frame fills most of the memory: no temporary array of its size, not even a mask.",
            peak_memory(frame, extra=160 << 10),
        ),
    ],
    hints=[
        "x[mask] += value reads x[mask], adds, and writes x[mask]. How large is what it reads?",
        "Which function adds, and can write its result into an array that is there already?",
        "Besides out=, ufuncs take an argument that says for which elements to compute at all. It broadcasts, too.",
    ],
    explanation="""\
A mask selects elements at irregular places, which no strides can describe: boolean indexing always copies.
`x[mask] += value` works in place because Python reads `x[mask]` (a copy), adds, and then assigns `x[mask] = ...`. The
name `y = x[mask]` would keep the copy alone, and `y += value` never reaches x.

To save that copy, let the ufunc look at the mask. Ufuncs take `out=`, where the result goes, and `where=`, which
elements to compute:

>>> x = np.array([1.0, 2.0, 3.0])
>>> _ = np.add(x, 0.5, out=x, where=[True, False, True])
>>> x
array([1.5, 2. , 3.5])

What `where` leaves out keeps what `out` held. Without `out` that is uninitialised memory: garbage, of which NumPy
warns from 2.4 on. The mask broadcasts as the operands do, so one bool a column costs nothing either:

>>> x = np.zeros((2, 3))
>>> _ = np.add(x, [1, 2, 3], out=x, where=[True, False, True])
>>> x
array([[1., 0., 3.],
       [1., 0., 3.]])

Multiplying by the mask is no substitute: it makes an array of full size, and False times infinity is NaN.

Reductions take `where=` as well: `x.sum(where=mask)` adds up without taking `x[mask]` out. To set instead of add:
`np.copyto(x, value, where=mask)` or `np.putmask`. Where a temporary cannot be avoided, work in blocks, so that it is
small.
""",
    points=[
        "Boolean (and fancy) indexing copies, as no strides describe an irregular choice; slices are views.",
        "x[mask] += value does change x: Python gets a copy, adds, and sets it back. y = x[mask]; y += value does not.",
        "np.add(x, value, out=x, where=mask) computes at the marked places only and needs no temporary array.",
        "where= without out= leaves uninitialised memory at the places left out.",
        "where= broadcasts, as do the operands.",
        "Multiplying by the mask makes a full temporary and turns inf and NaN into NaN where the mask is False.",
        "Reductions take where= too; np.copyto and np.putmask set values without a copy.",
        "ravel or reshape may copy, and what is written into the copy is lost.",
    ],
    follow_ups={
        "How do you average the marked elements without taking them out?": "x.mean(where=mask).",
        "Is where= faster than x[mask] += value?": "Usually a little. Where half of the elements are marked at random, "
        "both jump about, and x += np.where(mask, value, 0) may be quicker, at full memory.",
        "And if indices repeat?": "x[i] += v counts a repeated index once; np.add.at(x, i, v) adds each time.",
    },
    related=["copy-or-view", "zero-allocation", "filter-rows", "replace-values", "broadcast-without-allocation"],
    links=[
        "https://numpy.org/doc/stable/reference/ufuncs.html",
        "https://numpy.org/doc/stable/user/basics.indexing.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.copyto.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.putmask.html",
    ],
    live=show_bytes,
)
