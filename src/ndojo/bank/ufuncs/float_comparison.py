"""Implement np.isclose from scratch."""

import math

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    by_hardness,
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
    """Return a mask of the elements of `a` that are close to `b`, without using np.isclose or np.allclose.

    Each element of `a` is a measured value, and the corresponding element of `b` is its certified value.

    - Finite values are close if ``abs(a - b) <= atol + rtol * abs(b)``, computed in float64.
    - Infinities of the same sign are close. An infinity is not close to any other value.
    - NaN is not close to any value, including NaN.

    Parameters
    ----------
    a : ndarray, at least one axis, float64, float32, int32 or uint8
        Measured values. May be empty, strided, reversed or read-only, and may contain NaN and infinities.
    b : ndarray, at least one axis, float64, float32, int32 or uint8
        Certified values, as for `a`. The shapes of `a` and `b` broadcast, and their dtypes may differ.
    rtol : float
        Relative tolerance, a factor of ``abs(b)``. ``rtol <= 1`` if it is finite.
    atol : float
        Absolute tolerance. ``atol <= 10`` if it is finite.

    Returns
    -------
    ndarray, shape ``np.broadcast_shapes(a.shape, b.shape)``, bool
        True for each pair of elements that are close.

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
        raise ValueError(f"rtol and atol must be finite and not negative, got {rtol} and {atol}")
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
    """Converts both arrays to float64 first, then applies the formula to the finite pairs."""
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
    """Uses one expression, which shows a warning for inf - inf."""
    if not (math.isfinite(rtol) and math.isfinite(atol) and rtol >= 0 and atol >= 0):
        raise ValueError("tolerances must be finite and not negative")
    within = np.abs(np.subtract(a, b, dtype=float)) <= atol + rtol * np.abs(b, dtype=float)
    return within & np.isfinite(b) | (a == b)


@works(fails="vectorized")
def pair_by_pair(a, b, rtol, atol):
    """Compares one pair of Python floats at a time."""
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    pairs = np.broadcast(a, b)
    close = np.zeros(pairs.shape, dtype=bool)
    for position, (one, other) in enumerate(pairs):
        x, y = float(one), float(other)
        close.flat[position] = x == y or (math.isfinite(y) and abs(x - y) <= atol + rtol * abs(y))
    return close


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "The relative tolerance is a factor of |b|, the certified value. A factor of |a| allows a different "
    "distance: use atol + rtol * |b|."
)
def relative_to_a(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (np.abs(a - b) <= atol + rtol * np.abs(a)) & np.isfinite(a) | (a == b)


@trap(
    "This is the rule of math.isclose, which uses the larger of |a| and |b| and the larger of the two tolerances. "
    "NumPy uses |b| and adds the tolerances: atol + rtol * |b|."
)
def as_in_math(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        allowed = np.maximum(rtol * np.maximum(np.abs(a), np.abs(b)), atol)
        return (np.abs(a - b) <= allowed) & np.isfinite(a) & np.isfinite(b) | (a == b)


@trap(
    "If `b` is infinite and rtol > 0, the tolerance atol + rtol * |b| is infinite, so it allows any distance. Require "
    "np.isfinite(b) in addition to the formula."
)
def allows_infinite_distance(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (np.abs(a - b) <= atol + rtol * np.abs(b)) | (a == b)


@trap(
    "Infinities of the same sign are close, but inf - inf is NaN, so the formula cannot detect this. Combine it "
    "with `a == b` by the operator |."
)
def separates_equal_infinities(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (np.abs(a - b) <= atol + rtol * np.abs(b)) & np.isfinite(b)


@trap(
    "The difference must be computed in float64. A smaller dtype can change the result: in uint8, 3 - 5 wraps around "
    "to 254. Convert before subtracting, for example with np.subtract(a, b, dtype=np.float64)."
)
def subtracts_in_own_dtype(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    with np.errstate(all="ignore"):
        allowed = atol + rtol * np.abs(b.astype(np.float64))
        return (np.abs(a - b).astype(np.float64) <= allowed) & np.isfinite(b) | (a == b)


@trap(
    "If `a` is less than `b`, a - b is negative and below any tolerance, even if `a` is far away. Compare the absolute "
    "value of the difference."
)
def without_abs(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (a - b <= atol + rtol * np.abs(b)) & np.isfinite(a) & np.isfinite(b) | (a == b)


@trap(
    "For a negative `b`, rtol * b is negative and makes the tolerance smaller instead of larger. Use the absolute "
    "value: rtol * |b|."
)
def sign_of_b(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (np.abs(a - b) <= atol + rtol * b) & np.isfinite(b) | (a == b)


@trap("A difference that is equal to the tolerance counts as close, so compare with <= instead of <.")
def strictly_less(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (np.abs(a - b) < atol + rtol * np.abs(b)) & np.isfinite(b) | (a == b)


@trap(
    "NaN is not close to any value. A comparison such as |a - b| > tolerance is False for NaN, so its negation is "
    "True. Test |a - b| <= tolerance, which is False for NaN."
)
def not_too_far(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        far = (np.abs(a - b) > atol + rtol * np.abs(b)) | (np.isinf(a) | np.isinf(b)) & (a != b)
        return ~far


@trap(
    "The result must have one bool per pair, with the broadcast shape. A single bool for all pairs is what np.allclose "
    "returns: do not reduce the mask with all.",
    verdict="WT",
)
def single_result(a, b, rtol, atol):
    if not (0 <= rtol < np.inf and 0 <= atol < np.inf):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return bool(((np.abs(a - b) <= atol + rtol * np.abs(b)) & np.isfinite(b) | (a == b)).all())


@trap(
    "A tolerance of NaN must raise ValueError. NaN < 0 is False, so testing for negative numbers does not detect it: "
    "test `not 0 <= rtol < np.inf`, and the same for atol."
)
def lets_nan_tolerances_through(a, b, rtol, atol):
    if rtol < 0 or atol < 0 or np.inf in (rtol, atol):
        raise ValueError("tolerances must be finite and not negative")
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        return (np.abs(a - b) <= atol + rtol * np.abs(b)) & np.isfinite(b) | (a == b)


# -------------------------------------------------------------------------------------------------------------- drills


@drill("True or False?")
def tolerances(rng, hardness):
    b = int(rng.choice([10, 20, 50, 100, 200]))
    percent = int(rng.choice([10, 20, 30]))
    allowed = b * percent / 100
    gap = allowed + int(rng.choice([-1, 1])) * (0.5 if hardness > 0.5 else 0.75 * allowed)
    a = b + gap if rng.random() < 0.5 else b - gap
    r = percent / 100
    forms = [
        (a, b, f"rtol={r}, atol=0", allowed, f"|a - b| = {gap:g}, and {r} * |b| = {allowed:g}."),
        (a, b, f"rtol=0, atol={allowed:g}", allowed, f"|a - b| = {gap:g}, and atol allows {allowed:g} for every b."),
        (-a, -b, f"rtol={r}, atol=0", allowed, f"|a - b| = {gap:g}, and {r} * |b| = {allowed:g}."),
        (b, a, f"rtol={r}, atol=0", r * a, f"b is the second argument, {a:g}. |a - b| = {gap:g}, and {r} * |b| = "
         f"{r * a:g}."),
        (a, b, f"rtol={r}, atol={allowed:g}", 2 * allowed, f"|a - b| = {gap:g}. The two tolerances add up to "
         f"{2 * allowed:g}."),
    ]  # fmt: skip
    one, other, options, bound, why = by_hardness(rng, forms, hardness)
    if math.isclose(abs(one - other), bound):
        other += bound
        why = f"|a - b| = {abs(one - other):g}, and atol allows {bound / 4:g}."
        options = f"rtol=0, atol={bound / 4:g}"
    return predict(f"np.isclose({one:g}, {other:g}, {options})", why=why)


@drill("True or False?")
def defaults(rng, hardness):
    k = int(rng.integers(2, 10))
    small, smaller = int(rng.integers(4, 8)), int(rng.integers(10, 14))
    code, why = by_hardness(rng, [
        (f"np.isclose({k}, {k}.1)", f"The default rtol is 1e-5, and 1e-5 * {k}.1 is less than 0.1."),
        (f"np.isclose({k}, {k} + 1e-9)", "The default tolerances, rtol=1e-5 and atol=1e-8, both allow more than 1e-9."),
        ("0.1 + 0.2 == 0.3", "0.1, 0.2 and 0.3 are all rounded, and the sum differs from 0.3 in the last bit."),
        ("np.isclose(0.1 + 0.2, 0.3)", "They differ by 6e-17, far less than the default rtol=1e-5 allows."),
        (f"np.isclose({k}e{small}, {k}e{small} + 1)", f"rtol = 1e-5 allows {k * 10 ** (small - 5):g} for {k}e{small}, "
         "and the difference is 1."),
        (f"np.isclose({k}e-{small}, 0)", f"For b = 0 only atol = 1e-8 counts, and {k}e-{small} is "
         f"{'not greater' if k * 10.0**-small <= 1e-8 else 'greater'}."),
        (f"np.isclose({k}e-{smaller}, {k + 1}e-{smaller})", "The default atol = 1e-8 is greater than the difference."),
        (f"np.isclose({k}e-{smaller}, {k + 1}e-{smaller}, atol=0)", "With atol=0, only the relative error counts."),
        (f"np.isclose(0.0, {k}e-{smaller + 10}, atol=0)", "The difference is 100% of b, and rtol allows only 0.001%."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def special_values(rng, hardness):
    k = int(rng.integers(2, 99))
    code, why = by_hardness(rng, [
        ("np.isclose(np.nan, np.nan)", "NaN is not close to any value, unless equal_nan=True."),
        (f"np.allclose([{k}.0, np.nan], [{k}.0, np.nan])", "The pair of two NaN is not close."),
        (f"np.allclose([{k}.0, np.nan], [{k}.0, np.nan], equal_nan=True)", "equal_nan=True treats two NaN as close."),
        ("np.isclose(np.inf, np.inf)", "Infinities of the same sign are equal, and therefore close."),
        ("np.isclose(np.inf, -np.inf)", "Infinities of different signs are not close."),
        (f"np.isclose({k}e300, np.inf)", "No finite number is close to infinity."),
        ("np.isclose(0.0, -0.0, rtol=0, atol=0)", "0.0 == -0.0, so they are close even without a tolerance."),
        (f"np.allclose([], [{k}])", "Shapes (0,) and (1,) broadcast to (0,), and all of an empty array is True."),
        (f"np.allclose([], [{k}, {k}])", "Shapes (0,) and (2,) do not broadcast."),
        (f"np.array_equal([], [{k}])", "array_equal compares the shapes first and does not broadcast."),
        (f"np.allclose({k}, [{k}, {k}])", "The scalar broadcasts, and every pair is close."),
        (f"np.array_equal([{k}], [{k}.0])", "The dtypes differ, but the values are equal."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("True or False?")
def steps_between_floats(rng, hardness):
    e = int(rng.integers(53, 60))
    k = int(rng.integers(2, 9))
    code, why = by_hardness(rng, [
        ("1.0 + np.finfo(np.float64).eps > 1.0", "eps is the difference between 1.0 and the next larger float64."),
        ("1.0 + np.finfo(np.float64).eps / 4 > 1.0", "A quarter of the spacing at 1.0 is lost in rounding."),
        (f"np.spacing({2.0**k}) == 2 ** {k} * np.finfo(np.float64).eps", f"The spacing grows with the number: "
         f"at 2**{k} it is 2**{k} times the spacing at 1.0, which is eps."),
        (f"2.0 ** {e} + 1 == 2.0 ** {e}", "From 2**54 on, the spacing is 4 or more, so the 1 is lost in rounding."
         if e > 53 else "2**53 + 1 is halfway between two float64 values and rounds to the even one, 2**53."),
        (f"np.float32(0.{k}1) == np.float64(0.{k}1)", "Rounding to 24 bits and to 53 bits gives different numbers."),
        (f"np.float32({k}.5) == np.float64({k}.5)", "Both dtypes represent this number exactly."),
        (f"np.nextafter({k}.0, np.inf) - {k}.0 == np.spacing({k}.0)", "spacing is the distance to the next float."),
        (f"np.isclose(2.0 ** {e}, 2.0 ** {e} + 1, rtol=0, atol=0)", "Adding 1 is lost in rounding: both are equal."),
        (f"np.isclose(2 ** {e}, 2 ** {e} + 1, rtol=0, atol=0)", "isclose converts b to float64, which rounds it to "
         f"2**{e}."),
        (f"np.array(2 ** {e}) == np.array(2 ** {e} + 1)", "int64 values are compared exactly."),
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
        Level("vectorized", "Uses no Python loop over the pairs of elements.", no_python_loop(series)),
        Level("no warnings", "Shows no warning, regardless of the values.", no_warnings()),
        Level(
            "memory",
            "For two float64 arrays of 1 MB each, allocates at most 1.35 times their total size, including the result.",
            peak_memory(series, inputs=1.35),
        ),
    ],
    hints=[
        "The formula is one line of code. For which inputs does it overflow, wrap around or give NaN?",
        "What are inf - inf, 0 * inf and inf <= inf? Which simple comparison finds the infinities that are close?",
        "Most ufuncs with two inputs have a dtype= parameter: it converts the inputs in small blocks.",
        "For the last level: which steps can write to an array that you have already allocated, with out= or *=?",
    ],
    spoken="""\
Two floats are close if the absolute difference is at most atol plus rtol times the absolute value of b. The rule is
asymmetric, because b is the reference value. Near zero, rtol allows almost nothing, so atol must fit the scale of the
data. Infinities need care: inf minus inf is NaN, and an infinite b makes the tolerance infinite. So I require that b is
finite, and treat pairs with a == b as close. NaN then stays False, as it should. I subtract in float64, because small
integer types wrap around, and I write the intermediate steps in place to save memory.
""",
    explanation="""\
Most decimal fractions are rounded when they are stored, and each operation can round again. So `==` is too strict for
computed floats:

>>> 0.1 + 0.2 == 0.3, bool(np.isclose(0.1 + 0.2, 0.3))
(False, True)

`np.isclose(a, b, rtol=1e-5, atol=1e-8)` tests `abs(a - b) <= atol + rtol * abs(b)`. This has three consequences:

- The rule is asymmetric, because `b` is the reference value:

>>> bool(np.isclose(10, 11, rtol=0.095, atol=0)), bool(np.isclose(11, 10, rtol=0.095, atol=0))
(True, False)

- If `b` is 0, only `atol` counts. Numbers far below the default `atol=1e-8` are all close. Set `atol` to fit the scale
  of your data:

>>> bool(np.isclose(1e-9, 2e-9)), bool(np.isclose(1e-9, 2e-9, atol=0))
(True, False)

- Infinities need extra tests. inf - inf is NaN, so the formula is False for equal infinities, and `a == b` adds them.
  If `b` is infinite and `rtol > 0`, the tolerance is infinite, so `np.isfinite(b)` is required.

NaN is not close to any value. With `equal_nan=True`, `np.isclose` treats two NaN as close.

*Integers.* The difference of small integer types wraps around:

>>> a, b = np.array([3], dtype=np.uint8), np.array([5], dtype=np.uint8)
>>> a - b, np.subtract(a, b, dtype=np.float64)
(array([254], dtype=uint8), array([-2.]))

With `dtype=np.float64`, the ufunc converts its inputs before it subtracts. It converts them in small blocks, so it does
not need a converted copy of the whole array.

*Memory.* The formula in one line allocates a new array for almost every step. Two float64 arrays, the distance and the
tolerance, are enough if all other steps write to them with `out=`, `*=` or `+=`.

*Alternatives*

- `np.allclose` is `np.isclose(...).all()` with a Python bool as the result. It broadcasts, and all of an empty array is
  True, so compare the shapes if they could differ:

>>> np.allclose([], [5.0])
True

- `np.testing.assert_allclose` is better in tests. It reports where the values differ, and it fails if the shapes
  differ, unless one argument is a scalar. Its defaults are `rtol=1e-7` and `atol=0`, and it treats two NaN as equal.
- `math.isclose` compares two Python floats. It is symmetric, because it uses the larger of the two absolute values.
""",
    points=[
        "Rounding makes == too strict for computed floats.",
        "|a - b| <= atol + rtol * |b|: the tolerances add up, and the rule is asymmetric because b is the reference.",
        "Near 0 only atol counts, and its default 1e-8 is wrong for data on a small scale.",
        "Equal infinities are close; an infinity is not close to anything else. NaN is close only with equal_nan=True.",
        "np.allclose broadcasts and is True for empty arrays: compare the shapes first.",
        "Convert integers before subtracting, because small integer types wrap around.",
    ],
    follow_ups={
        "How do you choose rtol?": "By the error of the computation: for a chain of float64 operations a few hundred "
        "times eps, and for float32 about 1e-4. If in doubt, measure it against a more accurate computation.",
        "How do you compare in units in the last place?": "With np.testing.assert_array_max_ulp(a, b, maxulp=k), or "
        "with |a - b| <= k * np.spacing(np.abs(b)).",
        "When is == right for floats?": "If no rounding occurs: special marker values, copied values, and whole "
        "numbers up to 2**53.",
        "How do you find values among many that are equal within a tolerance?": "Sort them and compare the gaps "
        "between neighbors with the tolerance. Closeness is not transitive, so chains of close values need a rule.",
    },
    related=["float-precision", "float32-vs-float64", "none-vs-nan", "money-rounding"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.isclose.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.allclose.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.spacing.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_allclose.html",
    ],
)
