"""Accurate mean of a float32 array."""

import math
import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    faster_than,
    matches,
    needs,
    no_warnings,
    peak_memory,
    predict,
    trap,
    works,
)


def accurate_mean(x32):
    """Return the mean of a float32 array, computed to the precision of float64.

    A barometer's log is stored in float32, which is precise enough for the sensor. The mean of millions of readings
    needs more than the seven digits of float32 arithmetic.

    Parameters
    ----------
    x32 : ndarray, shape (n,), float32
        Pressure readings, ``n >= 0``. May be strided, reversed or read-only. May contain NaN, infinities and all other
        float32 values.

    Returns
    -------
    float
        A Python float or np.float64: the mean of the readings, as if computed entirely in float64. The error may be a
        few float64 roundings, relative to the mean of the absolute values. The result is NaN if a reading is NaN, if
        inf and -inf both occur, or if n is 0.

    Examples
    --------
    >>> accurate_mean(np.array([16777216.0, 1.0, 1.0], dtype=np.float32))
    5592406.0
    >>> accurate_mean(np.array([], dtype=np.float32))
    nan
    """
    if x32.size == 0:
        return math.nan
    with np.errstate(invalid="ignore"):
        return float(x32.mean(dtype=np.float64))


@works(fails="memory")
def casts_first(x32):
    """Clear, but for a moment it uses three times the memory of the input."""
    if x32.size == 0:
        return math.nan
    with np.errstate(invalid="ignore"):
        return x32.astype(np.float64).mean()


@works()
def block_by_block(x32):
    """Converts one block at a time, which stays in the cache."""
    total, step = 0.0, 8192
    with np.errstate(invalid="ignore"):
        for start in range(0, x32.size, step):
            total += np.add.reduce(x32[start : start + step], dtype=np.float64)
    return total / x32.size if x32.size else math.nan


@works(fails="no warnings")
def warns(x32):
    """Shows the warning "Mean of empty slice" for empty input."""
    return x32.mean(dtype=np.float64)


@works(fails="fast")
def by_fsum(x32):
    """Python's exact sum: one float object per reading."""
    if x32.size == 0 or np.isnan(x32).any() or (np.isposinf(x32).any() and np.isneginf(x32).any()):
        return math.nan
    return math.fsum(x32) / x32.size


# -------------------------------------------------------------------------------------------------------------- traps


@trap("mean of float32 adds in float32 and rounds at every step. Pass dtype=np.float64 to add in float64.")
def adds_in_float32(x32):
    return float(x32.mean()) if x32.size else math.nan


@trap("A running sum in float32 loses everything smaller than its last digit: above 2**24, adding 1.0 changes nothing.")
def running_sum(x32):
    if x32.size == 0:
        return math.nan
    with np.errstate(all="ignore"):
        return float(np.cumsum(x32)[-1]) / x32.size


@trap("Subtracting the first reading makes the numbers smaller, but each difference is also rounded to seven digits.")
def shifts_in_float32(x32):
    if x32.size == 0:
        return math.nan
    with np.errstate(all="ignore"):
        return float(x32[0]) + float((x32 - x32[0]).mean())


@trap("float64(sum) / n converts the sum after it was rounded. The lost digits do not come back.")
def widens_the_sum(x32):
    if x32.size == 0:
        return math.nan
    with np.errstate(all="ignore"):
        return float(np.float64(x32.sum()) / x32.size)


@trap("The mean of zero readings is NaN. 0.0 would look like a measurement.")
def zero_for_empty(x32):
    with np.errstate(invalid="ignore"):
        return float(x32.sum(dtype=np.float64) / max(x32.size, 1))


@trap("nanmean ignores NaN, so a broken sensor looks healthy. Here a NaN must make the result NaN.")
def skips_nan(x32):
    good = x32[~np.isnan(x32)]
    with np.errstate(invalid="ignore"):
        return float(good.mean(dtype=np.float64)) if good.size else math.nan


@trap("For n = 0, dividing Python floats raises ZeroDivisionError. Handle the empty input separately.", verdict="RE")
def divides_by_zero(x32):
    with np.errstate(invalid="ignore"):
        return float(x32.sum(dtype=np.float64)) / x32.size


# ------------------------------------------------------------------------------------------------------------- drills


@drill("What is the value?")
def whole_numbers(rng, hardness):
    power = int(rng.integers(20, 24 + round(3 * hardness)))
    step = int(rng.integers(1, 5))
    dtype = "float64" if rng.random() < 0.15 else "float32"
    exact = 2**power + step
    kept = int(np.dtype(dtype).type(exact))
    why = f"{dtype} represents every integer up to 2**{24 if dtype == 'float32' else 53}"
    why += f", and {exact} is one of them." if exact <= 2 ** (24 if dtype == "float32" else 53) else ""
    if dtype == "float32" and exact > 2**24:
        gap = int(np.spacing(np.float32(2**power)))
        why += f"; from 2**{power} on it represents every {gap}th integer, "
        why += (
            f"and {exact} is one of them."
            if kept == exact
            else f"so {exact} becomes {kept}, because halves round to even."
        )
        why = why.replace("every 2th", "every second").replace("every 4th", "every fourth").replace("8th", "eighth")
    return predict(f"int(np.{dtype}(2**{power}) + np.{dtype}({step}))", why=why)


@drill("What is the dtype of this?")
def promotion(rng, hardness):
    k = int(rng.integers(2, 9))
    n = int(rng.integers(2, 6))
    forms = [
        (
            f"(np.ones({n}, dtype=np.float32) * {k}.5).dtype",
            "A Python float adapts to the dtype of the array: float32.",
        ),
        (
            f"(np.ones({n}, dtype=np.float32) + np.ones({n})).dtype",
            "np.ones gives float64, which is wider than float32.",
        ),
        (f"np.ones({n}, dtype=np.float32).mean().dtype", "mean of float32 computes and returns float32."),
        (f"np.ones({n}, dtype=np.int32).mean().dtype", "mean of integers is computed in float64."),
        (
            f"(np.ones({n}, dtype=np.float32) * np.float64({k})).dtype",
            "np.float64 is not a Python float: since NumPy 2 a NumPy scalar is promoted like an array of its dtype.",
        ),
        (f"(np.float32({k}) + {k}.0).dtype", "Since NumPy 2 a Python float adapts to a NumPy scalar too: float32."),
        (
            f"(np.ones({n}, dtype=np.float32) * np.ones({n}, dtype=np.int32)).dtype",
            "float32 cannot represent every int32, but float64 can.",
        ),
        (
            f"(np.ones({n}, dtype=np.float32) * np.ones({n}, dtype=np.int16)).dtype",
            "float32 can represent every int16, so it is wide enough.",
        ),
        (
            f"(np.ones({n}, dtype=np.float32) * np.linspace(0, 1, {n})).dtype",
            "linspace gives float64, which is the wider dtype.",
        ),
        (f"np.ones({n}, dtype=np.float16).sum().dtype", "sum of floats keeps the dtype, even a narrow one."),
        (f"(np.ones({n}, dtype=np.float32) * {k}j).dtype", "A Python complex number keeps the precision: complex64."),
    ]
    code, why = forms[int(rng.integers(round(3 * hardness), 5 + round(6 * hardness)))]
    return predict(code, why=why)


@drill("Does this print True or False?")
def tenths(rng, hardness):
    value = round(float(rng.choice([0.1, 0.2, 0.3, 0.5, 0.7, 0.25, 0.9, 0.75, 0.6, 0.375, 1.1, 2.5])), 3)
    exact = float(np.float32(value)) == value
    kept = (
        f"{value} is a sum of few powers of two, which float32 represents exactly."
        if exact
        else f"{value} is rounded differently to 24 bits and to 53 bits."
    )
    forms = [
        (f"bool(np.float32({value}) == np.float64({value}))", kept),
        (f"float(np.float32({value})) == {value}", kept),
        (
            f"bool(np.float32({value}) == {value})",
            "Since NumPy 2 the Python float is converted to float32 before the comparison.",
        ),
        (
            f"bool((np.array([{value}], dtype=np.float32) == np.array([{value}]))[0])",
            f"Two arrays are compared in float64: {kept}",
        ),
        (
            f"bool((np.array([{value}], dtype=np.float32) == {value})[0])",
            "A Python float is converted to the dtype of the array before the comparison.",
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(3 * hardness)))]
    return predict(code, why=why)


@drill("How many bytes?")
def bytes_taken(rng, hardness):
    rows, columns = int(rng.integers(2, 30)) * 10, int(rng.integers(1, 10)) * 10
    dtype, size = [("float32", 4), ("float64", 8), ("float16", 2), ("complex64", 8)][int(rng.integers(4))]
    n = rows * columns
    forms = [
        (f"np.zeros(({rows}, {columns}), dtype=np.{dtype}).nbytes", f"{n} elements of {size} bytes."),
        (f"np.zeros(({rows}, {columns})).nbytes", f"zeros gives float64: {n} elements of 8 bytes."),
        (f"np.zeros({n}, dtype=np.{dtype})[::10].nbytes", f"A view counts its own {n // 10} elements of {size} bytes."),
        (
            f"(np.zeros({n}, dtype=np.float32) * np.zeros({n})).nbytes",
            f"float32 times float64 is float64: {n} elements of 8 bytes.",
        ),
        (
            f"(np.zeros({n}, dtype=np.float32) * 0.5).nbytes",
            f"A Python float does not change float32: {n} elements of 4 bytes.",
        ),
        (f"np.zeros({n}, dtype=np.float32).astype(np.float64).nbytes", f"{n} elements of 8 bytes, in a new array."),
    ]
    code, why = forms[int(rng.integers(2 + round(4 * hardness)))]
    return predict(code, why=why)


@drill("Does this print True or False?")
def limits(rng, hardness):
    power, k = int(rng.integers(36, 40)), int(rng.integers(2, 30))
    near32, near64 = int(rng.integers(5, 11)), int(rng.integers(13, 19))
    tiny, half = int(rng.integers(42, 50)), int(rng.integers(500, 800)) * 100
    product = f"{k}e{power}"
    moves, stays = "the sum changes", "the sum stays 1"
    forms = [
        (
            f"bool(np.isinf(np.float32(1e{power}) * np.float32({k})))",
            f"The largest float32 is about 3.4e38: {product} is "
            + ("larger, so it becomes inf." if k * 10.0**power > 3.4028235e38 else "not larger."),
        ),
        (
            f"bool(np.float32(1) + np.float32(1e-{near32}) > 1)",
            f"Half of float32's eps is 6e-08: 1e-{near32} is "
            + (f"larger than that, so {moves}." if near32 < 8 else f"smaller than that, so {stays}."),
        ),
        (
            f"bool(np.float64(1) + np.float64(1e-{near64}) > 1)",
            f"Half of float64's eps is 1.1e-16: 1e-{near64} is "
            + (f"larger than that, so {moves}." if near64 < 16 else f"smaller than that, so {stays}."),
        ),
        (
            f"bool(np.isinf(np.float16({half})))",
            f"The largest float16 is 65504: {half} is "
            f"{'larger, so it becomes inf' if half >= 65520 else 'not larger'}.",
        ),
        (
            f"float(np.spacing(np.float32(2**{k}))) == 2.0**{k - 23}",
            f"Between 2**{k} and 2**{k + 1}, float32 has 2**23 equal steps, so each is 2**{k - 23}.",
        ),
        (
            f"float(np.spacing(np.float64(2**{k}))) == 2.0**{k - 23}",
            f"Between 2**{k} and 2**{k + 1}, float64 has 2**52 equal steps, so each is 2**{k - 52}.",
        ),
        (
            f"bool(np.float32(1e-{tiny}) > 0)",
            f"Half of the smallest positive float32 is 7e-46: 1e-{tiny} "
            + ("is larger than that." if tiny < 46 else "is smaller than that, so it becomes 0."),
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(5 * hardness)))]
    return predict(code, why=why)


def show_cost():
    x64 = np.random.default_rng(0).standard_normal(4_000_000) + 1000
    x32 = x64.astype(np.float32)
    exact = math.fsum(x32) / x32.size

    def milliseconds(act):
        best = math.inf
        for _ in range(5):
            start = time.perf_counter()
            act()
            best = min(best, time.perf_counter() - start)
        return 1e3 * best

    print("4,000,000 readings            bytes    x * x        mean   error of the mean")
    for name, x, options in [
        ("float64", x64, {}),
        ("float32", x32, {}),
        ("float32, summed in float64", x32, {"dtype": np.float64}),
    ]:
        error = abs(float(x.mean(**options)) - (exact if x is x32 else math.fsum(x) / x.size))
        times = f"{milliseconds(lambda x=x: x * x):6.1f} ms {milliseconds(lambda x=x, o=options: x.mean(**o)):8.1f} ms"
        print(f"{name:26} {x.nbytes:>11,} {times} {error:14.1e}")
    print(f"a running sum in float32 has an error of {abs(float(np.cumsum(x32)[-1]) / x32.size - exact):.1e}")


# ------------------------------------------------------------------------------------------------------------- inputs


def day(rng, n=100_000):
    return {"x32": (1013 + rng.standard_normal(n)).astype(np.float32)}


def spread(x32):
    return float(np.abs(x32[np.isfinite(x32)]).mean(dtype=np.float64)) if np.isfinite(x32).any() else 0.0


QUESTION = Question(
    kinds=["predict", "explain", "code"],
    difficulty="medium",
    topics=["Data Types", "Performance"],
    companies=["Amazon"],
    asked=["amazon-9"],
    entry_points=[
        Entry(
            accurate_mean,
            {
                "x32": arrays(
                    "n",
                    dtype="float32",
                    low=900,
                    high=1100,
                    holds=("nan", "all nan", "inf", "-inf", "both inf", "extremes", "huge", "tiny", "negative zero"),
                )
            },
            cases=[
                case(x32=np.array([16777216, 1, 1], dtype=np.float32)),
                case(x32=np.array([1013.2, 1013.4, 1013.7], dtype=np.float32)),
                case(x32=np.array([1e9, 3, -1e9, 5], dtype=np.float32)),
                case(x32=np.full(3, 3e38, dtype=np.float32)),
                case(x32=np.array([np.nan, 4, 8], dtype=np.float32)),
                case(x32=np.full(5000, 1013.1, dtype=np.float32)),
                case(x32=np.arange(9999, dtype=np.float32)),
            ],
            result=matches(scale=spread),
        )
    ],
    levels=[
        Level("right"),
        Level("no warnings", "Shows no warning, neither for empty input nor for infinities.", no_warnings()),
        Level(
            "fast",
            "At least 15 times faster than math.fsum, for 100,000 readings.",
            faster_than(by_fsum, 15, day, needs=needs(bytes=lambda x32: x32.nbytes, operations=lambda x32: x32.size)),
        ),
        Level(
            "memory",
            "For 4 MB of float32, creates no float64 copy of the input.",
            peak_memory(lambda rng: day(rng, 1_000_000), extra=1 << 18),
        ),
    ],
    hints=[
        "What is np.float32(16777216) + np.float32(1)?",
        "The readings are exact; the sum loses the digits. In which dtype is it computed?",
        "sum and mean accept a dtype. What do they return for an empty array, and for inf and -inf together?",
        "astype of the whole input creates a copy of twice its size. A reduction with dtype= converts "
        "one buffer at a time.",
    ],
    spoken="""\
float32 has about seven digits and float64 about sixteen, and float32 halves memory and bandwidth, so it can be up to
twice as fast when memory is the limit. The digits are lost in accumulation rather than in storage, because each
addition rounds to the size of the running sum. So I keep the data in float32 and pass `dtype=np.float64` to mean or
sum, which converts a small buffer at a time instead of copying the whole array with astype.
""",
    explanation="""\
float32 has 24 significant bits, about 7 digits, and a maximum near 3.4e38. float64 has 53 bits, about 16 digits, and a
maximum near 1.8e308.

>>> np.finfo(np.float32).eps, np.finfo(np.float64).eps
(np.float32(1.1920929e-07), np.float64(2.220446049250313e-16))

**Speed.** float32 halves the bytes, so twice as many elements fit in a cache line and in a SIMD register. Code that
waits for memory, or runs in BLAS, gains up to a factor of two; many GPUs gain far more. Chains of Python calls gain
nothing.

**Precision.** Storage is rarely the problem. Accumulation is: every addition rounds to the size of the running sum.

>>> x = np.array([16777216, 1, 1], dtype=np.float32)
>>> float(np.cumsum(x)[-1]), float(x.sum(dtype=np.float64))
(16777216.0, 16777218.0)

Along contiguous memory, NumPy's `sum` uses pairwise summation, so its error grows like log n instead of n. It still
rounds to float32 and may overflow. So store float32 and add in float64: `x.mean(dtype=np.float64)` converts a small
buffer at a time, while `x.astype(np.float64)` creates a copy of twice the size.

**Mixing.** A float64 array makes every result float64. A Python float does not, but since NumPy 2 a float64 scalar
does. In NumPy 2, `np.float32(3) + 3.0` also stays float32; in NumPy 1 it was float64.

>>> (x * 0.5).dtype, (x * np.float64(0.5)).dtype
(dtype('float32'), dtype('float64'))
""",
    points=[
        "float32: 24 bits, about 7 digits, up to 3.4e38. float64: 53 bits, about 16 digits, up to 1.8e308.",
        "float32 halves memory and bandwidth, and doubles the elements in a SIMD register: up to twice as fast.",
        "The gain appears if memory or arithmetic is the limit, not if Python calls are.",
        "Sums lose digits, storage rarely does: store float32, add with dtype=np.float64.",
        "NumPy's sum is pairwise along contiguous memory; cumsum is not.",
        "float32 represents integers exactly only up to 2**24.",
        "A float64 array, or since NumPy 2 a float64 scalar, makes the result float64; a Python float does not.",
        "dtype= in a reduction converts buffer by buffer, while astype copies everything.",
    ],
    follow_ups={
        "When is float32 precise enough?": "For inputs that are noisy themselves: images, audio, sensors, "
        "network weights. Not for money, time stamps, coordinates in meters "
        "over the globe, or differences of large sums.",
        "Why is mean(axis=0) of a float32 matrix less accurate?": "Along an axis that is not contiguous, NumPy adds "
        "one row after another instead of pairwise.",
        "What about float16 and bfloat16?": "float16 has 11 significant bits and a maximum of 65504. Most CPUs "
        "compute it through float32, so in NumPy it mainly saves memory, while "
        "GPUs compute with it directly. bfloat16 has the range of float32 with "
        "8 bits of precision; NumPy has no such dtype, but the package "
        "ml_dtypes adds it.",
        "Which one is faster for ten elements?": "Neither: the call costs more than the arithmetic.",
    },
    related=["float-precision", "simd-and-dtypes", "memory-footprint", "integer-overflow"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.mean.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.sum.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.finfo.html",
        "https://numpy.org/doc/stable/user/basics.types.html",
    ],
    live=show_cost,
)
