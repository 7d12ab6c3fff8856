"""Exponential moving average without allocating arrays."""

import itertools
import time
import tracemalloc

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    allocates_nothing,
    arrays,
    case,
    faster_than,
    floats,
    matches,
    needs,
    trap,
    works,
)


def ema_into(out, x, alpha, work):
    """Write the exponential moving average of `x` to `out` without allocating arrays.

    The first value is ``x[0]``. Each later one is ``alpha`` times its element of `x` plus ``1 - alpha`` times the value
    before it. A trading system runs this on every batch of ticks, so the caller provides all memory.

    Parameters
    ----------
    out : ndarray, shape (n,), float64, contiguous
        Receives the values. Its previous contents, which may include NaN, must not matter. It may be `x` itself.
    x : ndarray, shape (n,), float64
        The ticks, ``n >= 0``. Finite or NaN: from a NaN on, all values are NaN. May be strided, reversed or read-only,
        and must stay unchanged unless it is `out`.
    alpha : float
        The weight of a new element, ``0 < alpha <= 1``.
    work : ndarray, shape (n,), float64, contiguous
        Scratch memory that overlaps neither `out` nor `x`. Its previous contents must not matter. Afterwards all of its
        elements must be 0.0, because the next caller gets it.

    Returns
    -------
    None

    Examples
    --------
    >>> out, work = np.empty(3), np.empty(3)
    >>> ema_into(out, np.array([8.0, 4.0, 4.0]), 0.5, work)
    >>> out, work
    (array([8., 6., 5.]), array([0., 0., 0.]))
    """
    keep = 1.0 - alpha
    np.multiply(x[1:], alpha, out=out[1:])
    out[:1] = x[:1]
    # Each value is a weighted sum of the last `reach` elements. Adding the value from `reach` before doubles that.
    reach = 1
    while reach < x.size:
        earlier, later = work[:-reach], out[reach:]
        np.multiply(out[:-reach], keep, out=earlier)
        np.add(later, earlier, out=later)
        keep *= keep
        reach *= 2
    work.fill(0.0)


@works(fails="no allocation")
def with_temporaries(out, x, alpha, work):
    """The same doubling, with a new array for each product."""
    values = alpha * x
    values[:1] = x[:1]
    keep, reach = 1 - alpha, 1
    while reach < x.size:
        values[reach:] += keep * values[:-reach]
        keep, reach = keep**2, 2 * reach
    out[:] = values
    work[:] = 0


@works(fails="no allocation")
def accumulated(out, x, alpha, work):
    """Python's accumulate, on a list of floats."""
    out[:] = list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value))
    work[:] = 0


@works(fails="fast")
def tick_by_tick(out, x, alpha, work):
    """Allocates only one number at a time, but is slow."""
    if x.size:
        value = x[0]
        for i in range(x.size):
            value = alpha * x[i] + (1 - alpha) * value if i else value
            out[i] = value
    work.fill(0)


# -------------------------------------------------------------------------------------------------------------- traps


@trap("out = ... rebinds the name and leaves the caller's array unchanged. Write to out[...] or use out=.")
def rebinds_out(out, x, alpha, work):
    out = np.array(list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value)))
    work.fill(0.0 * out.size)


@trap("The first value is x[0] itself. Starting from 0 takes only alpha times it.")
def starts_from_zero(out, x, alpha, work):
    value = 0.0
    for i in range(x.size):
        value = alpha * x[i] + (1 - alpha) * value
        out[i] = value
    work.fill(0.0)


@trap("alpha is the weight of the new element, and 1 - alpha that of the previous value.")
def weights_swapped(out, x, alpha, work):
    out[:] = list(itertools.accumulate(x.tolist(), lambda value, tick: (1 - alpha) * tick + alpha * value))
    work.fill(0.0)


@trap(
    "If the inputs and output of a ufunc overlap, it uses the inputs as they were before the call. "
    "out[1:] += keep * out[:-1] sees the old neighbors, so it is not a recurrence."
)
def one_step_back(out, x, alpha, work):
    out[:1], out[1:] = x[:1].copy(), alpha * x[1:]
    np.multiply(out[:-1], 1 - alpha, out=work[1:])
    out[1:] += work[1:]
    work.fill(0.0)


@trap("The previous contents of out may be NaN, so they must be overwritten, not used.")
def builds_on_out(out, x, alpha, work):
    values = list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value))
    out *= 0.0
    out += values
    work.fill(0.0)


@trap("work must contain zeros afterwards, because the next caller gets it.")
def leaves_work_behind(out, x, alpha, work):
    work[:] = list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value))
    out[:] = work


@trap("0 times NaN is NaN, so work *= 0 does not clear it. Assign 0, or use fill.")
def multiplies_by_zero(out, x, alpha, work):
    out[:] = list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value))
    work *= 0.0


@trap("The result is in out, and the function must return None.", verdict="WT")
def returns_out(out, x, alpha, work):
    out[:] = list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value))
    work.fill(0.0)
    return out


@trap("x belongs to the caller: x *= alpha changes it, and raises if it is read-only.", verdict="IM")
def scales_the_ticks(out, x, alpha, work):
    values = list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value))
    if x.flags.writeable:
        x *= alpha
    out[:] = values
    work.fill(0.0)


@trap("If out is x, writing to out also changes x. After alpha * x is in out, x[0] is no longer the first element.")
def forgets_aliasing(out, x, alpha, work):
    np.multiply(x, alpha, out=out)
    out[:1] = x[:1]
    keep, reach = 1 - alpha, 1
    while reach < x.size:
        out[reach:] += keep * out[:-reach]
        keep, reach = keep**2, 2 * reach
    work.fill(0.0)


@trap(
    "A weight that has become 0 still propagates NaN, because 0 * NaN is NaN. If alpha is close to 1, a "
    "loop that stops at a negligible weight loses the NaN."
)
def stops_early(out, x, alpha, work):
    out[:1], out[1:] = x[:1].copy(), alpha * x[1:]
    keep, reach = 1 - alpha, 1
    while reach < x.size and keep > 1e-300:
        out[reach:] += keep * out[:-reach]
        keep, reach = keep**2, 2 * reach
    work.fill(0.0)


def in_place(ema_into, x, alpha):
    both = np.array(x)
    ema_into(both, both, alpha, np.full(x.size, np.nan))
    return both


def show_allocations():
    x = np.random.default_rng(0).standard_normal(100_000)
    out, work = np.empty_like(x), np.empty_like(x)
    print(f"{x.size:,} ticks, {x.nbytes:,} bytes               peak bytes     ms")
    for name, act in [
        ("a new array for each step", with_temporaries.function),
        ("with out= and scratch memory", ema_into),
        ("one element at a time", tick_by_tick.function),
    ]:
        act(out, x, 0.1, work)
        start = time.perf_counter()
        act(out, x, 0.1, work)
        seconds = time.perf_counter() - start
        tracemalloc.start()
        act(out, x[:20_000], 0.1, work[:20_000]) if act is tick_by_tick.function else act(out, x, 0.1, work)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{name:34} {peak:>12,} {1e3 * seconds:8.2f}")


# ------------------------------------------------------------------------------------------------------------- inputs


def batch(rng, n=8000):
    return {"out": np.empty(n), "x": rng.standard_normal(n), "alpha": 0.05, "work": np.empty(n)}


def size_of_ticks(x, **_):
    known = np.abs(x[np.isfinite(x)])
    return float(known.max(initial=0.0))


def ticks(*x, alpha=0.5):
    return case(out=np.full(len(x), np.nan), x=np.array(x), alpha=alpha, work=np.full(len(x), np.nan))


TICKS = arrays("n", holds=("nan", "negative zero", "huge", "tiny"))
LENT = arrays("n", holds=("nan", "all nan"), layouts=("C",))

QUESTION = Question(
    kinds=["code"],
    difficulty="hard",
    topics=["Memory", "Performance"],
    companies=["HFT Firms"],
    asked=["hft-4"],
    entry_points=[
        Entry(
            ema_into,
            {"out": LENT, "x": TICKS, "alpha": floats(0.001, 1.0), "work": LENT},
            in_place=["out", "work"],
            result=matches(scale=size_of_ticks),
            cases=[
                ticks(8.0, 4.0, 4.0),
                ticks(3.0),
                ticks(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, alpha=0.25),
                ticks(1.0, 2.0, np.nan, 4.0, 5.0),
                ticks(5.0, 6.0, 7.0, alpha=1.0),
                ticks(np.nan, 6.0, 7.0, alpha=1.0),
            ],
        )
    ],
    scenarios=[
        Scenario(
            in_place,
            {"x": TICKS, "alpha": floats(0.001, 1.0)},
            result=matches(scale=size_of_ticks),
            cases=[case(x=np.array([8.0, 4.0]), alpha=0.5)],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "no allocation",
            "For 130,000 elements, allocates no array.",
            allocates_nothing(lambda rng: batch(rng, 130_000)),
        ),
        Level(
            "fast",
            "At least 10 times faster than a Python loop over the elements, for 8,000 elements.",
            faster_than(
                tick_by_tick,
                10,
                batch,
                needs=needs(
                    bytes=lambda out, x, alpha, work: 2 * x.nbytes,
                    operations=lambda out, x, alpha, work: 3 * x.size,
                ),
            ),
        ),
    ],
    hints=[
        "Which of your expressions create an array? alpha * x does, x[1:] does not. What does out= change?",
        "A Python loop allocates no array and passes level 2. For level 3, write each value as a sum "
        "over its last elements, with powers of 1 - alpha.",
        "If every value is a weighted sum of its last 4 elements, what must you add to make it the last "
        "8? The value from 4 before, times which power?",
        "The product must not be written to memory that is still to be read. That is what work is for.",
    ],
    spoken="""\
Every arithmetic expression allocates its result, so in a hot path I preallocate and pass `out` to each ufunc. An
exponential average is a recurrence, which no single ufunc can compute, but it can be doubled: if each value covers
the last r elements, adding the value from r before, times (1 - alpha) to the power r, covers 2r. That takes log2(n)
vectorized steps, with the product written to scratch memory so nothing overlaps. I'd verify with tracemalloc that
nothing is allocated.
""",
    explanation="""\
Every `a * b` allocates memory: small blocks come from a cache, large ones from the operating system, which must zero
each page when it is first touched. In a hot path this costs time and makes the time vary. So allocate once at the
start, and then write:

>>> x, out = np.arange(3.0), np.empty(3)
>>> np.multiply(x, 0.5, out=out) is out
True

*What accepts out=:* ufuncs, reductions, `np.matmul`, `np.clip` and `cumsum`. `np.take` does too, but it allocates a
buffer for `out` unless `mode` is "clip" or "wrap". `x += y` and `out[:] = ...` write in place, but the right-hand side
of `=` is computed into a temporary array first. A slice allocates only its header of about 100 bytes.

*Hidden allocations:* fancy and boolean indexing, `astype`, `reshape` of an array that is not contiguous, casting,
`np.where`, `np.concatenate`.

*The recurrence.* An exponential average is a recurrence, and a single ufunc call cannot compute one: if input and
output overlap, NumPy behaves as if the input had been copied first, and copies it if necessary. But the recurrence can
be doubled. If y contains the weighted sum of the last r elements, then

    y[i] + (1 - alpha)**r * y[i - r]

is the weighted sum of the last 2 r. log2(n) steps of two ufuncs are enough: O(n log n), and many times faster than a
loop. The product is written to the scratch array, so that nothing overlaps.

Measure with `tracemalloc`, to which NumPy reports its allocations. In expressions such as `a * b + c`, NumPy reuses
temporary arrays of 256 KiB or more on some platforms; do not rely on it.
""",
    points=[
        "Arithmetic allocates its result; large blocks come from the operating system and cost page faults.",
        "Preallocate once, then use out=, in-place operators, and out[...] = for existing results.",
        "out[:] = a * b still creates a temporary array; np.multiply(a, b, out=out) does not.",
        "Views cost only a header; fancy indexing, astype, casting and concatenate copy.",
        "Overlapping input and output is safe since NumPy 1.13, at the cost of a hidden copy if needed.",
        "A linear recurrence can be doubled: log2(n) vectorized steps.",
        "Previous contents of preallocated buffers must not matter; document which arrays may overlap.",
        "tracemalloc shows NumPy's allocations.",
    ],
    follow_ups={
        "What else allocates in the hot path?": "Python itself: floats, tuples, the headers of views. They "
        "come from free lists. gc.disable() or gc.freeze() avoids "
        "pauses of the garbage collector.",
        "How would you make it O(n)?": "Work in blocks of a few hundred elements: double within a block, "
        "then carry one number over. Or compile the loop with Numba.",
        "Why not divide a cumulative sum by powers of 1 - alpha?": "The powers underflow after a few thousand "
        "elements, and the quotients overflow.",
        "How do you keep the state between batches?": "Pass in the last value, and give it the weight 1 - alpha in "
        "the first one.",
    },
    related=["linear-recurrence", "growing-arrays", "broadcast-without-allocation", "copy-or-view", "moving-average"],
    equivalent={
        "ema_into: `reach < x.size` -> `reach <= x.size` in `while reach < x.size:`": "One more step adds nothing.",
    },
    links=[
        "https://numpy.org/doc/stable/reference/ufuncs.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.multiply.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.fill.html",
        "https://numpy.org/doc/stable/user/quickstart.html",
    ],
    live=show_allocations,
)
