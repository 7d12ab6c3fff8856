"""Add in place where a mask is True."""

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
    """Add a value in place to the elements of `x` for which `mask` is True.

    The frames of a camera are large, and other code reads them from the same buffer. Pixels that read too low are
    therefore corrected in place.

    Parameters
    ----------
    x : ndarray, any shape, float64, float32 or int16
        The frame, which is changed. It is always writeable. It may be empty, 0-d, strided, reversed or unaligned, and
        may contain NaN and infinities. On level 2, its dtype is float64 and its shape (n, m).
    mask : ndarray, same shape as `x`, bool
        True for the elements to change. May be strided or read-only. On level 2, it may also have one boolean per
        column, shape (m,), or one per row, shape (n, 1).
    value : int or float
        An int, or any float if `x` has a float dtype. NaN and infinities must not affect elements for which `mask` is
        False. int16 sums always fit. On level 2, `value` may also be an array of shape (m,), float64: one value per
        column.

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
    """The usual line: copies the marked elements, adds, and assigns them."""
    x[mask] += value


@works(fails="memory")
def adds_zeros(x, mask, value):
    """Adds to every element, zero if nothing should change."""
    x += np.where(mask, value, 0)


@works(fails="memory")
def copies_over(x, mask, value):
    """Adds to every element in a new array, and copies the marked ones back."""
    np.copyto(x, x + value, where=mask)


@works()
def row_by_row(x, mask, value):
    """Temporary arrays again, but only one row at a time."""
    mask, value = np.broadcast_to(mask, x.shape), np.broadcast_to(value, x.shape)
    for row, chosen, term in zip(np.atleast_2d(x), np.atleast_2d(mask), np.atleast_2d(value), strict=True):
        np.add(row, term, out=row, where=chosen, casting="same_kind")


@works(fails="fast")
def one_by_one(x, mask, value):
    """A Python loop over the elements."""
    mask, value = np.broadcast_to(mask, x.shape), np.broadcast_to(value, x.shape)
    for place in np.ndindex(x.shape):
        if mask[place]:
            x[place] += value[place]


@trap(
    "`x` is unchanged after the call. Usually y = x[mask] is a copy, so y += value never reaches x. "
    "`x[mask] += value` writes it back."
)
def adds_to_the_copy(x, mask, value):
    y = x[mask]
    y += value


@trap("The result belongs in `x`, and a function that works in place returns None.", verdict="WT")
def returns_it(x, mask, value):
    return np.where(mask, x + value, x).astype(x.dtype)


@trap("False times infinity or NaN is NaN, so multiplying by the mask also changes elements for which it is False.")
def multiplies(x, mask, value):
    with np.errstate(invalid="ignore"):
        x += (mask * value).astype(x.dtype)


@trap("putmask, place and x[mask] = ... assign the value. Here it must be added to the old one.")
def sets(x, mask, value):
    np.putmask(x, mask, value)


@trap(
    "np.place assigns its values in order, starting with the first. np.putmask and where= use the "
    "value at the same position."
)
def places_in_order(x, mask, value):
    np.place(x, mask, x + value)


@trap("ravel copies if x is not contiguous, and writing to that copy does not change x.")
def through_ravel(x, mask, value):
    x.ravel()[mask.ravel()] += value


@trap("where= leaves skipped elements of the output as they were. Only with out=x are these the elements of x.")
def into_zeros(x, mask, value):
    x[...] = np.add(x, value, out=np.zeros_like(x), where=mask, casting="same_kind")


# ------------------------------------------------------------------------------------------------------- measurements


def show_bytes():
    rng = np.random.default_rng(0)
    x, mask = np.zeros(1_000_000), rng.random(1_000_000) < 0.3
    print(f"x has {x.nbytes:>9,} bytes, {mask.mean():.0%} of it marked; peak allocations:")
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
            "mask may have one boolean per row or per column, and value one element per column.",
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
            "At least 10 times faster than a Python loop over the elements.",
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
            "Allocates no temporary array of the size of x, not even a mask.",
            peak_memory(frame, extra=160 << 10),
        ),
    ],
    hints=[
        "x[mask] += value reads x[mask], adds, and assigns x[mask]. How large is the array that it reads?",
        "Which function adds, and can write its result into an existing array?",
        "In addition to out=, ufuncs have an argument that says which elements to compute. It also broadcasts.",
    ],
    spoken="""\
Boolean indexing on the right-hand side always copies, so `y = x[mask]; y += value` never changes x. `x[mask] +=
value` does work in place, because Python reads a copy, adds, and assigns it back, but it allocates that copy. To
avoid it I call `np.add(x, value, out=x, where=mask)`, which computes only the elements whose mask is True and needs no
temporary array; the mask can even broadcast. Without `out`, the skipped elements would be uninitialized.
""",
    explanation="""\
A mask selects elements at irregular positions, which strides cannot describe, so boolean indexing always copies.
`x[mask] += value` still works in place, because Python reads `x[mask]` (a copy), adds, and then assigns `x[mask] =
...`. After `y = x[mask]`, only the name of the copy exists, and `y += value` never reaches x.

To avoid the copy, pass the mask to the ufunc. Ufuncs accept `out=`, the array for the result, and `where=`, the
elements to compute:

>>> x = np.array([1.0, 2.0, 3.0])
>>> _ = np.add(x, 0.5, out=x, where=[True, False, True])
>>> x
array([1.5, 2. , 3.5])

Elements that `where` skips keep the contents of `out`. Without `out` they are uninitialized, which NumPy warns about
since 2.4. The mask broadcasts like the operands, so one boolean per column needs no larger mask:

>>> x = np.zeros((2, 3))
>>> _ = np.add(x, [1, 2, 3], out=x, where=[True, False, True])
>>> x
array([[1., 0., 3.],
       [1., 0., 3.]])

*Multiplying by the mask* is not equivalent: it creates an array of full size, and False times infinity is NaN.

*Reductions* accept `where=` too: `x.sum(where=mask)` needs no copy of `x[mask]`. To assign instead of adding, use
`np.copyto(x, value, where=mask)` or `np.putmask`. If a temporary array cannot be avoided, work in blocks to keep it
small.
""",
    points=[
        "Boolean and fancy indexing copy, because strides cannot describe an irregular selection; slices are views.",
        "x[mask] += value changes x: Python gets a copy, adds, and assigns it. y = x[mask]; y += value does not.",
        "np.add(x, value, out=x, where=mask) computes only the marked elements and needs no temporary array.",
        "where= without out= leaves the skipped elements uninitialized.",
        "where= broadcasts, like the operands.",
        "Multiplying by the mask creates a full temporary array and turns inf and NaN into NaN where the "
        "mask is False.",
        "Reductions accept where= too; np.copyto and np.putmask assign values without a copy.",
        "ravel or reshape may copy, and writing to the copy does not change x.",
    ],
    follow_ups={
        "How do you average the marked elements without copying them?": "x.mean(where=mask).",
        "Is where= faster than x[mask] += value?": "Usually a little. If half of the elements are marked at "
        "random, both access memory irregularly, and x += "
        "np.where(mask, value, 0) may be faster, at the cost of a "
        "full temporary array.",
        "What happens if indices repeat?": "x[i] += v counts a repeated index once; np.add.at(x, i, v) adds every "
        "time.",
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
