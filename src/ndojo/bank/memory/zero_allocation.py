"""A running average that allocates nothing."""

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
    """Smooth a batch of ticks exponentially, into memory that the caller has set aside.

    The first value is the first tick. Each later one is ``alpha`` times its tick plus ``1 - alpha`` times the value
    before it.

    Parameters
    ----------
    out : ndarray, shape (n,), float64, contiguous
        Receives the values. Whatever it holds before, NaN perhaps, means nothing. It may be `x` itself.
    x : ndarray, shape (n,), float64
        Ticks; n may be 0. Finite or NaN: from a NaN on, all values are NaN. May be strided, reversed or read-only, and
        is not changed, unless it is `out`.
    alpha : float
        The weight of a new tick, above 0 and at most 1.
    work : ndarray, shape (n,), float64, contiguous
        Scratch memory that shares nothing with the others. It may be used at will, and whatever it holds before means
        nothing; afterwards it must hold 0.0 everywhere, as it goes to the next caller.

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
    # Each value sums up the last `reach` ticks; adding the value from `reach` before doubles that.
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
    """The same doubling with a new array for each product."""
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
    """Python's own scan, over a list of floats."""
    out[:] = list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value))
    work[:] = 0


@works(fails="fast")
def tick_by_tick(out, x, alpha, work):
    """Allocates only a number at a time, and takes its time."""
    if x.size:
        value = x[0]
        for i in range(x.size):
            value = alpha * x[i] + (1 - alpha) * value if i else value
            out[i] = value
    work.fill(0)


# -------------------------------------------------------------------------------------------------------------- traps


@trap("out = ... binds a new array to the name and leaves the caller's as it was: write into out[...] or with out=.")
def rebinds_out(out, x, alpha, work):
    out = np.array(list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value)))
    work.fill(0.0 * out.size)


@trap("The first value is the first tick, as it is: starting from 0 takes only alpha of it.")
def starts_from_zero(out, x, alpha, work):
    value = 0.0
    for i in range(x.size):
        value = alpha * x[i] + (1 - alpha) * value
        out[i] = value
    work.fill(0.0)


@trap("alpha weighs the new tick, 1 - alpha what was before.")
def weights_swapped(out, x, alpha, work):
    out[:] = list(itertools.accumulate(x.tolist(), lambda value, tick: (1 - alpha) * tick + alpha * value))
    work.fill(0.0)


@trap(
    "A ufunc whose inputs overlap its output works on what they held before the call: out[1:] += keep * out[:-1] sees "
    "the old neighbours, once, and is no recurrence."
)
def one_step_back(out, x, alpha, work):
    out[:1], out[1:] = x[:1].copy(), alpha * x[1:]
    np.multiply(out[:-1], 1 - alpha, out=work[1:])
    out[1:] += work[1:]
    work.fill(0.0)


@trap("out comes uninitialised: whatever it holds, NaN perhaps, must be overwritten, not built upon.")
def builds_on_out(out, x, alpha, work):
    values = list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value))
    out *= 0.0
    out += values
    work.fill(0.0)


@trap("work is to hold zeros afterwards: the next caller gets it.")
def leaves_work_behind(out, x, alpha, work):
    work[:] = list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value))
    out[:] = work


@trap("Zeros times NaN are NaN: work *= 0 does not clear it. Assign, or fill.")
def multiplies_by_zero(out, x, alpha, work):
    out[:] = list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value))
    work *= 0.0


@trap("The result is in out; the function itself returns None.", verdict="WT")
def returns_out(out, x, alpha, work):
    out[:] = list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value))
    work.fill(0.0)
    return out


@trap("x belongs to the caller: x *= alpha changes it, and a read-only one raises.", verdict="IM")
def scales_the_ticks(out, x, alpha, work):
    values = list(itertools.accumulate(x.tolist(), lambda value, tick: alpha * tick + (1 - alpha) * value))
    if x.flags.writeable:
        x *= alpha
    out[:] = values
    work.fill(0.0)


@trap("Where out is x, writing out changes x as well: after alpha * x is in out, x[0] is no longer the first tick.")
def forgets_aliasing(out, x, alpha, work):
    np.multiply(x, alpha, out=out)
    out[:1] = x[:1]
    keep, reach = 1 - alpha, 1
    while reach < x.size:
        out[reach:] += keep * out[:-reach]
        keep, reach = keep**2, 2 * reach
    work.fill(0.0)


@trap(
    "A weight that has shrunk to nothing still hands NaN on, as 0 * NaN is NaN: where alpha is 1 or close to it, a "
    "loop that stops at a negligible weight loses it."
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
        ("tick by tick", tick_by_tick.function),
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
            "This runs on every batch: 130,000 ticks, and not one new array.",
            allocates_nothing(lambda rng: batch(rng, 130_000)),
        ),
        Level(
            "fast",
            "And fast: eight thousand ticks at ten times the speed of a loop over them.",
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
        "Which of your expressions make an array? alpha * x does, x[1:] does not. What does out= change?",
        "A loop in Python allocates no array, and passes level 2. For level 3 write a value as a sum over its last "
        "ticks, with powers of 1 - alpha.",
        "If every value sums up its last 4 ticks, what must be added to make it the last 8? The value from 4 before, "
        "times which power?",
        "The product may not be written where it is still read: that is what work is for.",
    ],
    explanation="""\
Every `a * b` asks for memory: small blocks from a cache, large ones from the operating system, which hands out pages
that must be zeroed at the first touch. In a hot path that costs time and, worse, makes it vary. So allocate at the
start, and then write:

>>> x, out = np.arange(3.0), np.empty(3)
>>> np.multiply(x, 0.5, out=out) is out
True

Ufuncs, reductions, `np.take`, `np.matmul`, `np.clip` and `cumsum` take `out=`; `x += y` and `out[:] = ...` write in
place, but the right-hand side of `=` is evaluated first, into a temporary. Slices cost a header of some 100 bytes.
Hidden allocations: fancy and boolean indexing, `astype`, `reshape` of what is not contiguous, casting, `np.where`,
`np.concatenate`.

An exponential average is a recurrence, and no single ufunc call is one: where input and output overlap, NumPy acts as
if the input had been copied first, and if need be does copy it, which allocates. But it can be doubled. If y holds the
weighted sum of the last r ticks, then

    y[i] + (1 - alpha)**r * y[i - r]

holds that of the last 2 r. log2(n) steps of two ufuncs do it, in O(n log n) and many times as fast as a loop. The
product goes into the scratch array, so that nothing overlaps.

Measure with `tracemalloc`, to which NumPy reports. NumPy reuses temporaries of 256 KiB and more in chains such as
`a * b + c` on some platforms; do not count on it.
""",
    points=[
        "Arithmetic allocates its result; large blocks come from the system and cost page faults.",
        "Preallocate once, then use out=, in-place operators and out[...] = for what is already computed.",
        "out[:] = a * b still makes a temporary; np.multiply(a, b, out=out) does not.",
        "Views cost a header only; fancy indexing, astype, casting and concatenate copy.",
        "Overlap of input and output is safe since NumPy 1.13, at the price of a hidden copy where needed.",
        "A linear recurrence can be doubled: log2(n) vectorised steps.",
        "Contents of lent buffers mean nothing; say who may alias whom.",
        "tracemalloc shows NumPy's allocations.",
    ],
    follow_ups={
        "What else allocates in the hot path?": "Python: floats, tuples, views' headers. They come from free lists; "
        "gc.disable() or gc.freeze() avoids pauses of the collector.",
        "How would you make it O(n)?": "Work in blocks of some hundred ticks: double within a block, then carry one "
        "number over. Or compile the loop with Numba.",
        "Why not divide a cumulative sum by powers of 1 - alpha?": "The powers underflow after some thousand ticks, "
        "and the quotients overflow.",
        "How do you keep states between batches?": "Pass the last value in, and give it the weight 1 - alpha in the "
        "first one.",
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
