"""Close enough, from scratch."""

import math

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    floats,
    no_python_loop,
    no_warnings,
    peak_memory,
    predict,
    raises,
    trap,
    without,
    works,
)


def is_close(a, b, rtol, atol):
    """Say for each measured value whether it agrees with its certified one, without np.isclose or np.allclose.

    Finite a and b are close where ``abs(a - b) <= atol + rtol * abs(b)``, all of it computed in float64. Equal
    infinities are close; an infinity is close to nothing else. NaN is close to nothing, not even to NaN.

    Parameters
    ----------
    a : ndarray, at least one axis, float64, float32, int32 or uint8
        Measured values. May be empty, strided, reversed or read-only, and may hold NaN and infinities.
    b : ndarray, as `a`
        Certified values; its shape and that of `a` broadcast. The dtypes may differ.
    rtol, atol : float
        Tolerances: one relative to the certified value, up to 1; one absolute, up to 10.

    Returns
    -------
    ndarray, the broadcast shape, bool

    Raises
    ------
    ValueError
        If `rtol` or `atol` is negative, infinite or NaN.

    Examples
    --------
    >>> is_close(np.array([90.0, 100.0, 111.0]), np.array([100.0]), 0.1, 0.0)
    array([ True,  True, False])
    >>> is_close(np.array([[3, 255]], dtype=np.uint8), np.array([[5], [0]], dtype=np.uint8), 0.0, 2.0)
    array([[ True, False],
           [False, False]])
    """
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError(f"tolerances must be finite and not negative, got {rtol} and {atol}")
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.subtract(a, b, dtype=np.float64)
        np.abs(distance, out=distance)
        allowed = np.abs(b, dtype=np.float64)
        allowed *= rtol
        allowed += atol
        close = distance <= allowed
    close &= np.isfinite(b)
    close |= a == b
    return close


@works(fails="memory")
def with_copies(a, b, rtol, atol):
    """Everything in float64 first, then the formula as it stands."""
    if min(rtol, atol) < 0 or not np.isfinite([rtol, atol]).all():
        raise ValueError("tolerances must be finite and not negative")
    x, y = np.broadcast_arrays(a.astype(np.float64), b.astype(np.float64))
    close = x == y
    both = np.isfinite(x) & np.isfinite(y) & ~close
    with np.errstate(over="ignore"):
        close[both] = np.abs(x[both] - y[both]) <= atol + rtol * np.abs(y[both])
    return close


@works(fails="no warnings")
def in_one_line(a, b, rtol, atol):
    """Lets inf - inf happen, with a warning."""
    if not (math.isfinite(rtol) and math.isfinite(atol) and rtol >= 0 and atol >= 0):
        raise ValueError("tolerances must be finite and not negative")
    within = np.abs(np.subtract(a, b, dtype=float)) <= atol + rtol * np.abs(b, dtype=float)
    return within & np.isfinite(b) | (a == b)


@works(fails="vectorized")
def pair_by_pair(a, b, rtol, atol):
    """Python floats, one pair at a time."""
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    pairs = np.broadcast(a, b)
    close = np.zeros(pairs.shape, dtype=bool)
    for place, (one, other) in enumerate(pairs):
        x, y = float(one), float(other)
        close.flat[place] = x == y or (math.isfinite(y) and abs(x - y) <= atol + rtol * abs(y))
    return close


# --------------------------------------------------------------------------------------------------------------- traps


@trap("The tolerance is relative to b, the certified value: exchanging a and b may change the answer.")
def relative_to_a(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (np.abs(a - b) <= atol + rtol * np.abs(a)) & np.isfinite(a) | (a == b)


@trap("math.isclose takes the larger of two magnitudes and the larger of two tolerances; NumPy's rule takes |b| and "
      "adds.")  # fmt: skip
def as_in_math(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        allowed = np.maximum(rtol * np.maximum(np.abs(a), np.abs(b)), atol)
        return (np.abs(a - b) <= allowed) & np.isfinite(a) & np.isfinite(b) | (a == b)


@trap("atol + rtol * |b| of an infinite b is infinite, and inf <= inf: without isfinite(b) every number is close to "
      "infinity.")  # fmt: skip
def infinity_takes_all(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (np.abs(a - b) <= atol + rtol * np.abs(b)) | (a == b)


@trap("inf - inf is NaN, so the formula says that equal infinities differ: ask a == b as well.")
def equal_infinities_differ(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (np.abs(a - b) <= atol + rtol * np.abs(b)) & np.isfinite(b)


@trap("uint8 wraps around: 3 - 5 is 254 there. Subtract in float64.")
def wraps_round(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    with np.errstate(all="ignore"):
        allowed = atol + rtol * np.abs(b.astype(np.float64))
        return (np.abs(a - b).astype(np.float64) <= allowed) & np.isfinite(b) | (a == b)


@trap("Differences have a sign: without abs every value far below b passes.")
def without_abs(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (a - b <= atol + rtol * np.abs(b)) & np.isfinite(a) & np.isfinite(b) | (a == b)


@trap("For a negative b, rtol * b is negative and nothing is within it: take |b|.")
def sign_of_b(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (np.abs(a - b) <= atol + rtol * b) & np.isfinite(b) | (a == b)


@trap("The bound belongs to it: <=, so that a difference of exactly the tolerance is close.")
def strictly_less(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (np.abs(a - b) < atol + rtol * np.abs(b)) & np.isfinite(b) | (a == b)


@trap("Comparisons with NaN are all False, so `not too far` holds for NaN: ask what is near, not what is far.")
def not_too_far(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        far = (np.abs(a - b) > atol + rtol * np.abs(b)) | (np.isinf(a) | np.isinf(b)) & (a != b)
        return ~far


@trap("One answer for all is np.allclose; here every pair gets its own.", verdict="WT")
def all_at_once(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return bool(((np.abs(a - b) <= atol + rtol * np.abs(b)) & np.isfinite(b) | (a == b)).all())


@trap("NaN < 0 is False, so `rtol < 0` lets a tolerance of NaN through: ask 0 <= rtol < inf and negate that.")
def lets_nan_tolerances_in(a, b, rtol, atol):
    if rtol < 0 or atol < 0 or np.inf in (rtol, atol):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (np.abs(a - b) <= atol + rtol * np.abs(b)) & np.isfinite(b) | (a == b)


# -------------------------------------------------------------------------------------------------------------- drills


def chosen(rng, forms, hardness):
    """One of `forms`, which go from easy to hard."""
    width = max(3, len(forms) // 2)
    first = round((len(forms) - width) * hardness)
    return forms[first + int(rng.integers(width))]


@drill("True or False?")
def tolerances(rng, hardness):
    b = int(rng.choice([10, 20, 50, 100, 200]))
    percent = int(rng.choice([10, 20, 30]))
    allowed = b * percent / 100
    off = allowed + int(rng.choice([-1, 1])) * (0.5 if hardness > 0.5 else 0.75 * allowed)
    a = b + off if rng.random() < 0.5 else b - off
    r = percent / 100
    forms = [
        (a, b, f"rtol={r}, atol=0", allowed, f"|a - b| = {off:g}, and {r} of |b| = {b} is {allowed:g}."),
        (a, b, f"rtol=0, atol={allowed:g}", allowed, f"|a - b| = {off:g}, and atol allows {allowed:g} for any b."),
        (-a, -b, f"rtol={r}, atol=0", allowed, f"|a - b| = {off:g}, and {r} of |b| = {b} is {allowed:g}."),
        (b, a, f"rtol={r}, atol=0", r * a, f"b, the second, is {a:g} now: {r} of it is {r * a:g}; |a - b| = {off:g}."),
        (a, b, f"rtol={r}, atol={allowed:g}", 2 * allowed, f"The two tolerances add up to {2 * allowed:g}; |a - b| = "
         f"{off:g}."),
    ]  # fmt: skip
    one, other, words, bound, why = chosen(rng, forms, hardness)
    if math.isclose(abs(one - other), bound):
        other += bound
        why = f"|a - b| = {abs(one - other):g}, far from what is allowed."
        words = f"rtol=0, atol={bound / 4:g}"
    return predict(f"np.isclose({one:g}, {other:g}, {words})", why=why)


@drill("True or False?")
def defaults(rng, hardness):
    k = int(rng.integers(2, 10))
    small, smaller = int(rng.integers(4, 8)), int(rng.integers(10, 14))
    code, why = chosen(rng, [
        (f"np.isclose({k}, {k}.1)", f"By default rtol is 1e-5: of {k}.1 that is less than 0.0001."),
        (f"np.isclose({k}, {k} + 1e-9)", "By default rtol is 1e-5, so this is well within."),
        ("0.1 + 0.2 == 0.3", "0.1, 0.2 and 0.3 are all rounded, and the sum ends up one step away."),
        ("np.isclose(0.1 + 0.2, 0.3)", "They differ by 6e-17, far less than rtol = 1e-5 allows."),
        (f"np.isclose({k}e{small}, {k}e{small} + 1)", f"rtol = 1e-5 of {k}e{small} is {k * 10 ** (small - 5):g}."),
        (f"np.isclose({k}e-{small}, 0)", f"At 0 only atol = 1e-8 is left, and {k}e-{small} is "
         f"{'within it' if k * 10.0**-small <= 1e-8 else 'more'}."),
        (f"np.isclose({k}e-{smaller}, {k + 1}e-{smaller})", "atol = 1e-8 swallows numbers that small: set atol=0."),
        (f"np.isclose({k}e-{smaller}, {k + 1}e-{smaller}, atol=0)", "Without atol only the relative error counts."),
        (f"np.isclose(0.0, {k}e-{smaller + 10}, atol=0)", "Relative to b the difference is 100 %: only atol accepts "
         "numbers near 0."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def special_values(rng, hardness):
    k = int(rng.integers(2, 99))
    code, why = chosen(rng, [
        ("np.isclose(np.nan, np.nan)", "NaN is close to nothing, unless equal_nan=True."),
        (f"np.allclose([{k}.0, np.nan], [{k}.0, np.nan])", "One pair is not close: NaN with NaN."),
        (f"np.allclose([{k}.0, np.nan], [{k}.0, np.nan], equal_nan=True)", "equal_nan=True lets NaN match NaN."),
        ("np.isclose(np.inf, np.inf)", "Infinities of one sign are equal, and so close."),
        ("np.isclose(np.inf, -np.inf)", "Infinities of different signs are not equal."),
        (f"np.isclose({k}e300, np.inf)", "No finite number is close to infinity."),
        ("np.isclose(0.0, -0.0, rtol=0, atol=0)", "0.0 == -0.0, so the difference is 0."),
        (f"np.allclose([], [{k}])", "Nothing broadcasts with one element, and all of nothing is True."),
        (f"np.allclose([], [{k}, {k}])", "Lengths 0 and 2 do not broadcast."),
        (f"np.array_equal([], [{k}])", "array_equal compares shapes first and does not broadcast."),
        (f"np.allclose({k}, [{k}, {k}])", "A number broadcasts against a whole array."),
        (f"np.array_equal([{k}], [{k}.0])", "The dtypes differ, the values do not."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("True or False?")
def steps_between_floats(rng, hardness):
    e = int(rng.integers(53, 60))
    k = int(rng.integers(2, 9))
    code, why = chosen(rng, [
        ("1.0 + np.finfo(np.float64).eps > 1.0", "eps is the step from 1.0 to the next float64."),
        ("1.0 + np.finfo(np.float64).eps / 4 > 1.0", "Less than half a step is rounded away."),
        (f"np.spacing({2.0**k}) == 2 ** {k} * np.finfo(np.float64).eps", f"Steps grow with the number: at 2**{k} they "
         f"are 2**{k} times as large."),
        (f"2.0 ** {e} + 1 == 2.0 ** {e}", "Beyond 2**53 the steps are larger than 1."
         if e > 53 else "2**53 + 1 lies halfway between two float64 and is rounded to the even one, 2**53."),
        (f"np.float32(0.{k}1) == np.float64(0.{k}1)", "Rounded to 24 bits and to 53 bits, these are two numbers."),
        (f"np.float32({k}.5) == np.float64({k}.5)", "Halves are exact in both."),
        (f"np.nextafter({k}.0, np.inf) - {k}.0 == np.spacing({k}.0)", "spacing is the step to the next float."),
        (f"np.isclose(2.0 ** {e}, 2.0 ** {e} + 1, rtol=0, atol=0)", "The 1 is lost in rounding: both are one number."),
        (f"np.isclose(2 ** {e}, 2 ** {e} + 1, rtol=0, atol=0)", "isclose turns the integer b into a float64, which "
         "rounds the 1 away."),
        (f"np.array(2 ** {e}) == np.array(2 ** {e} + 1)", "int64 is compared exactly."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


def series(rng, n=130_000):
    b = rng.standard_normal(n)
    return {"a": b + 1e-6 * rng.standard_normal(n), "b": b, "rtol": 1e-6, "atol": 1e-9}


KINDS = {"dtype": ("float64", "float32", "int32", "uint8"), "low": -9, "high": 255}
KINDS["holds"] = ("nan", "inf", "-inf", "both inf", "negative zero", "huge")
INF, NAN = np.inf, np.nan
LARGEST = float(np.finfo(np.float64).max)


def pair(a, b, rtol=0.0, atol=0.0):
    return case(a=np.array([a]), b=np.array([b]), rtol=rtol, atol=atol)


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="medium",
    topics=["Logic", "Precision", "Testing"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T64", "T65"],
    entry_points=[
        Entry(
            is_close,
            {
                "a": arrays(..., "n", max_ndim=3, **KINDS),
                "b": arrays(..., "n", max_ndim=3, **KINDS),
                "rtol": floats(0, 1, 0.25, 1e-5),
                "atol": floats(0, 10, 2.0, 1e-8),
            },
            dims={"n": (0, 9)},
            where=lambda a, b, rtol, atol: np.broadcast(a, b).ndim > 0,
            cases=[
                pair(5.0, 5.0),
                pair(3.0, 4.0, rtol=0.25),
                pair(4.0, 3.0, rtol=0.25),
                pair(5.0, 4.0, rtol=0.25),
                pair(1.0, 4.0, rtol=0.5, atol=1.0),
                pair(-3.0, -4.0, rtol=0.25),
                pair(-9.0, 4.0, atol=1.0),
                pair(3.0, 5.0, atol=2.0),
                pair(INF, INF),
                pair(INF, -INF, rtol=0.5),
                pair(7.0, INF, rtol=0.5),
                pair(INF, 7.0, rtol=0.5),
                pair(NAN, NAN),
                pair(NAN, 1.0, atol=2.0),
                pair(1.0, NAN, atol=2.0),
                pair(LARGEST, -LARGEST, rtol=0.5),
                case(a=np.array([3], dtype=np.uint8), b=np.array([5], dtype=np.uint8), rtol=0.0, atol=2.0),
                case(
                    a=np.array([2**31 - 1], dtype=np.int32), b=np.array([-(2**31)], dtype=np.int32), rtol=0.0, atol=2.0
                ),
                case(a=np.array([-1], dtype=np.float32), b=np.array([2**24], dtype=np.float32), rtol=1.0, atol=0.0),
                case(a=np.array([2.0]), b=np.array([[2.0, 3.0], [4.0, 2.0]]), rtol=0.0, atol=1.0),
                case(a=np.zeros((3, 1)), b=np.zeros((1, 2)), rtol=0.0, atol=0.0),
                case(a=np.zeros(0), b=np.array([5.0]), rtol=0.0, atol=0.0),
                raises(ValueError, a=np.array([1.0]), b=np.array([1.0]), rtol=-1.0, atol=0.0),
                raises(ValueError, a=np.array([1.0]), b=np.array([1.0]), rtol=0.0, atol=-1.0),
                raises(ValueError, a=np.array([1.0]), b=np.array([1.0]), rtol=NAN, atol=0.0),
                raises(ValueError, a=np.array([1.0]), b=np.array([1.0]), rtol=0.0, atol=NAN),
                raises(ValueError, a=np.array([1.0]), b=np.array([1.0]), rtol=INF, atol=0.0),
                raises(ValueError, a=np.array([1.0]), b=np.array([1.0]), rtol=0.0, atol=INF),
            ],
        )
    ],
    levels=[
        Level("right", "", without("np.isclose", "np.allclose")),
        Level("vectorized", "No loop in Python over the pairs.", no_python_loop(series)),
        Level("no warnings", "Shows no warning, for any values.", no_warnings()),
        Level(
            "memory",
            "For two float64 arrays of 1 MB each: at most two temporaries of that size, in addition to masks.",
            peak_memory(series, inputs=1.35),
        ),
    ],
    hints=[
        "The formula is one line. Which inputs make it overflow, wrap around, or give NaN?",
        "What do inf - inf, 0 * inf and inf <= inf give? Which test decides every pair of equal values beforehand?",
        "Ufuncs take dtype=: the inputs are cast before they are subtracted, without a copy of the whole array.",
        "Arrays that you have made are yours: go on inside them with out= or *=.",
    ],
    spoken=(
        "Two floats are close if the absolute difference is at most atol plus rtol times the absolute value of b. So "
        "the test is not symmetric: b is the reference. NaN equals nothing, and equal infinities must be handled "
        "first, because inf minus inf is NaN. I convert integers to float64 before subtracting, because unsigned "
        "types wrap around. The relative tolerance is meaningless near zero, which is why atol exists and must fit "
        "the scale of the data."
    ),
    explanation="""\
Decimal fractions are rounded, and so is each operation, so `==` on computed floats asks too much:

>>> 0.1 + 0.2 == 0.3, bool(np.isclose(0.1 + 0.2, 0.3))
(False, True)

`np.isclose(a, b, rtol=1e-5, atol=1e-8)` asks `|a - b| <= atol + rtol * |b|`. Three things follow:

- It is asymmetric: b is the reference.

>>> bool(np.isclose(10, 11, rtol=0.095, atol=0)), bool(np.isclose(11, 10, rtol=0.095, atol=0))
(True, False)

- At b = 0 only atol counts. For small numbers its default hides everything, so set it to the scale of your data:

>>> bool(np.isclose(1e-9, 2e-9)), bool(np.isclose(1e-9, 2e-9, atol=0))
(True, False)

- Infinity and NaN need care. inf - inf is NaN, and an infinite b allows any distance; so `isfinite(b)` guards the
  formula and `a == b` handles equal infinities. NaN is close to nothing unless `equal_nan=True`.

Narrow integers wrap around in a - b; `np.subtract(a, b, dtype=np.float64)` casts first, chunk by chunk.

`np.allclose` is `all(isclose(...))`, with two surprises: it broadcasts, and all of nothing is True.

>>> np.allclose([], [5.0])
True

In tests prefer `np.testing.assert_allclose`, which checks shapes and shows where values differ; its defaults are
rtol=1e-7 and atol=0. `math.isclose` is symmetric: it takes the larger magnitude.
""",
    points=[
        "Rounding makes == too strict for computed floats.",
        "|a - b| <= atol + rtol * |b|: the tolerances add, and b is the reference, so it is asymmetric.",
        "Near 0 only atol accepts; its default of 1e-8 is wrong for small scales.",
        "Equal infinities are close, everything else with an infinity is not; NaN is close only with equal_nan=True.",
        "allclose broadcasts and is True for empty input: compare shapes first.",
        "Integers must be converted before subtracting, or narrow ones wrap around.",
    ],
    follow_ups={
        "How do you choose rtol?": "From the error of the computation: a few hundred eps for a chain of "
        "float64 operations, 1e-4 or so for float32, measured against a slower exact answer if in doubt.",
        "How do you compare in units in the last place?": "np.testing.assert_array_max_ulp, or |a - b| <= k * "
        "np.spacing(|b|).",
        "When is == on floats right?": "Where nothing was computed: sentinels, values that were copied, whole numbers "
        "below 2**53.",
        "How do you find equal values among many up to a tolerance?": "Sort and look at neighbors' gaps; closeness "
        "is not transitive, so groups need a separate rule.",
    },
    related=["float-precision", "float32-vs-float64", "none-vs-nan", "money-rounding"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.isclose.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.allclose.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.spacing.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_allclose.html",
    ],
)
