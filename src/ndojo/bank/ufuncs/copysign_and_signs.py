"""Wrap angles with a floating-point remainder."""

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
    matches,
    no_python_loop,
    no_warnings,
    peak_memory,
    predict,
    right_on,
    trap,
    works,
)


def wrap_angle(x):
    """Wrap angles in degrees into the half-open interval [-180, 180).

    Each result differs from the angle by a whole number of turns of 360 degrees. The interval contains -180 but not
    180, so 180 becomes -180.

    A drone adds up its turns for hours, but its compass needs headings: 190 degrees to the right is 170 to the left.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or float32
        Angles in degrees, ``n >= 0``. May contain NaN and infinities. On level 1, finite angles are between -1000 and
        1000 and rounded to two decimals. On level 2 and above, any float of the dtype is allowed. `x` may be strided,
        reversed or read-only.

    Returns
    -------
    ndarray, shape (n,), same dtype as `x`
        A new array, which contains NaN for NaN and for infinities. On level 1, small rounding errors such as those of
        ``x + 180`` are allowed, and 0.0 and -0.0 count as equal. On level 2 and above, the result is exact: it is the
        float that differs from `x` by exactly a whole number of turns, and a result of zero has the sign of `x`.

    Examples
    --------
    >>> wrap_angle(np.array([190.0, -181.5, 720.25, 180.0, -180.0]))
    array([-170.  ,  178.5 ,    0.25, -180.  , -180.  ])
    """
    with np.errstate(invalid="ignore"):
        y = np.fmod(x, 360)
    np.subtract(y, 360, out=y, where=y >= 180)
    np.add(y, 360, out=y, where=y < -180)
    return y


@works(fails="exact")
def shifted_remainder(x):
    """Uses the short formula, which rounds when it adds 180."""
    with np.errstate(invalid="ignore"):
        return (x + 180) % 360 - 180


@works(fails="exact")
def subtracts_floor_turns(x):
    """Counts the whole turns with floor and subtracts them."""
    with np.errstate(invalid="ignore"):
        return x - 360 * np.floor((x + 180) / 360)


@works(fails="memory")
def by_nearest_turn(x):
    """Subtracts the nearest whole turn, restores the sign with copysign, and replaces 180 by -180."""
    with np.errstate(invalid="ignore"):
        size = np.fmod(np.abs(x), 360)
    y = np.copysign(np.where(size > 180, size - 360, size), x)
    y = np.where(size > 180, np.where(x < 0, 360 - size, size - 360), y)
    return np.where(y == 180, -y, y)


@works(fails="vectorized")
def angle_by_angle(x):
    """Calls math.remainder for each angle, which subtracts the nearest whole turn exactly."""
    y = np.empty_like(x)
    for i, angle in enumerate(x):
        rest = math.remainder(angle, 360) if math.isfinite(angle) else math.nan
        y[i] = -180 if rest == 180 else rest
    return y


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "np.fmod takes the sign of its first argument, so the remainder of a negative number is not positive. Use % or "
    "np.remainder, which take the sign of the divisor, here 360."
)
def shifted_fmod(x):
    with np.errstate(invalid="ignore"):
        return np.fmod(x + 180, 360) - 180


@trap(
    "x % 360 is in [0, 360), but the interval must be [-180, 180). Add 180 before the remainder and subtract 180 after "
    "it."
)
def from_0_to_360(x):
    with np.errstate(invalid="ignore"):
        return x % 360


@trap(
    "The interval [-180, 180) contains -180 but not 180. Here 180 stays 180, and -180 becomes 180. Use "
    "(x + 180) % 360 - 180, which maps 180 to -180."
)
def excludes_minus_180(x):
    with np.errstate(invalid="ignore"):
        return (x - 180) % -360 + 180


@trap(
    "np.arctan2 returns angles in [-pi, pi], and the sign at half a turn depends on the rounded sine. So 180 stays 180 "
    "instead of becoming -180. Use a remainder instead of sine and cosine."
)
def through_sine_and_cosine(x):
    with np.errstate(invalid="ignore"):
        radians = np.deg2rad(x)
        return np.rad2deg(np.arctan2(np.sin(radians), np.cos(radians)))


@trap(
    "Subtracting or adding 360 once is not always enough: 900 - 360 is still outside the interval. Use a remainder, "
    "which removes all whole turns."
)
def one_turn_only(x):
    y = np.where(np.isinf(x), x.dtype.type(np.nan), x)
    y[x >= 180] -= 360
    y[x < -180] += 360
    return y


@trap(
    "np.clip replaces all values outside the limits by the nearest limit, but angles must wrap around. Use a remainder "
    "to subtract whole turns."
)
def clipped(x):
    return np.clip(np.where(np.isinf(x), x.dtype.type(np.nan), x), -180, 180)


@trap("The angles are in degrees, so the shift is 180 and the period is 360. np.pi and 2 * np.pi are for radians.")
def in_radians(x):
    with np.errstate(invalid="ignore"):
        return ((x + np.pi) % (2 * np.pi) - np.pi).astype(x.dtype)


@trap(
    "The result has dtype float64 for a float32 input. A float64 array or np.float64 scalar in the expression promotes "
    "float32 to float64, while a Python number such as 180 does not.",
    verdict="WT",
)
def returns_float64(x):
    with np.errstate(invalid="ignore"):
        return (x + np.full(x.shape, 180.0)) % 360 - 180


@trap(
    "In-place operations such as += and %=, or out=x, change the caller's array. Compute a new array first.",
    verdict="IM",
)
def in_place(x):
    x += 180
    with np.errstate(invalid="ignore"):
        x %= 360
    x -= 180
    return x


# -------------------------------------------------------------------------------------------------------------- drills


@drill("What is the value?")
def remainders(rng, hardness):
    m = int(rng.integers(3, 8))
    k = int(rng.integers(1, 4)) * m + int(rng.integers(1, m))
    rest = k % m
    code, why = by_hardness(rng, [
        (f"np.remainder({k}, {m})", f"{k} = {k // m} * {m} + {rest}."),
        (f"np.remainder({-k}, {m})", f"remainder takes the sign of the divisor: {-k} = {-k // m} * {m} + {-k % m}."),
        (f"np.fmod({-k}, {m})", "fmod takes the sign of the first argument, as % does in C."),
        (f"np.fmod({k}, {-m})", "fmod takes the sign of the first argument, as % does in C."),
        (f"np.remainder({k}, {-m})", f"remainder takes the sign of the divisor: {rest} - {m}."),
        (f"np.floor_divide({-k}, {m})", "floor_divide rounds down, not toward zero."),
        (f"np.trunc({-k} / {m})", "trunc rounds toward zero."),
        (f"np.divmod({-k}, {m})", f"The quotient is rounded down, so the remainder is not negative: {-k} = "
         f"{-k // m} * {m} + {-k % m}."),
        (f"np.modf(-{k}.5)", "modf returns the fraction and the whole part, both with the sign of the number."),
        (f"np.remainder(-1e-20, {m}.0)", f"{m} - 1e-20 rounds to {m}.0, so a remainder can equal its divisor."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("True or False?")
def signs_of_zero(rng, hardness):
    k = int(rng.integers(2, 10))
    code, why = by_hardness(rng, [
        ("np.float64(-0.0) == np.float64(0.0)", "The two zeros compare as equal."),
        ("np.signbit(-0.0)", "signbit returns the sign bit, which is set for -0.0."),
        ("np.float64(-0.0) < 0", "-0.0 is equal to 0, so it is not less than 0."),
        (f"np.signbit(np.array([0.0]) * -{k}).item()", "The product of 0.0 and a negative number is -0.0."),
        (f"np.signbit(np.array([0]) * -{k}).item()", "Integers have only one zero."),
        ("np.signbit(np.abs(-0.0))", "abs clears the sign bit."),
        (f"np.signbit(np.round(-0.{k % 5}))", "The number rounds to zero and keeps its sign: -0.0."),
        (f"np.signbit(np.array([-0.0]) + {k % 2}.0 - {k % 2}.0).item()", "-0.0 + 0.0 is 0.0." if k % 2 == 0 else
         "-0.0 + 1.0 is 1.0, and 1.0 - 1.0 is 0.0: the sign is lost."),
        (f"np.signbit(np.fmod(-{k * 10}.0, {k}.0))", "fmod takes the sign of its first argument, even for zero."),
        (f"np.signbit(np.remainder(-{k * 10}.0, {k}.0))", "remainder takes the sign of the divisor, even for zero."),
        ("np.signbit(np.sqrt(-0.0))", "IEEE 754 defines the square root of -0.0 as -0.0."),
        (f"np.float64({k}) / np.float64(-0.0) > 0", f"{k} / -0.0 is -inf."),
        ("np.signbit(np.sign(-0.0))", "sign returns 0.0 for both zeros."),
        (f"np.signbit(np.ceil(-0.{k}))", "ceil rounds up to zero and keeps the sign: -0.0."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the value?")
def copied_signs(rng, hardness):
    a, b = (int(k) for k in rng.integers(1, 20, 2))
    code, why = by_hardness(rng, [
        (f"np.copysign({a}.0, -{b}.0)", f"The absolute value of {a}.0 with the sign of -{b}.0."),
        (f"np.copysign(-{a}.0, {b}.0)", f"The absolute value of -{a}.0 with the sign of {b}.0."),
        (f"np.sign([-{a}.0, 0.0, {b}.0]).tolist()", "sign returns -1, 0 or 1 with the dtype of the input, here float."),
        (f"np.copysign({a}, -{b})", "copysign converts integers to floats."),
        (f"np.copysign({a}.0, [{b}.0, -0.0, 0.0]).tolist()", "copysign copies the sign bit of zero as well."),
        (f"np.copysign({a}.0, -np.inf)", "Infinities have a sign as other floats do."),
        (f"np.copysign({a}.0, np.copysign(np.nan, -1.0))", "NaN has a sign bit as well, and copysign copies it."),
        (f"np.sign(np.copysign(np.nan, -{b}.0)) < 0", "sign returns NaN for NaN, and NaN < 0 is False."),
        (f"np.signbit([-{a}, {b}]).tolist()", "signbit is True for negative numbers."),
        (f"np.heaviside(0.0, 0.{b % 10})", "If the first argument is zero, heaviside returns the second argument."),
        (f"np.sign({a}j)", "Since NumPy 2.0, the sign of a nonzero complex number z is z / |z|."),
        (f"np.abs(-{a}) * np.sign(-{b})", "abs(x) * sign(y) equals copysign(x, y), except for zeros and NaN."),
        (f"np.abs({a}.0) * np.sign(-0.0)", "sign(-0.0) is 0.0, so the product is 0.0. copysign would return "
         f"-{a}.0."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the dtype, or which error is raised?")
def dtypes(rng, hardness):
    name, root = [("int8", "float16"), ("uint8", "float16"), ("int16", "float32"), ("int32", "float64")][
        int(rng.integers(4))
    ]
    x = f"np.ones(2, dtype={name!r})"
    f = str(rng.choice(["float16", "float32", "float64"]))
    code, why = by_hardness(rng, [
        (f"np.sign({x}).dtype", "sign keeps the dtype."),
        (f"np.signbit(np.ones(2, dtype={f!r})).dtype", "signbit returns bool."),
        (f"np.abs({x}).dtype", "abs keeps the dtype of real numbers."),
        (f"np.fabs({x}).dtype", f"fabs converts integers to floats. {root} is the smallest that holds every {name}."),
        (f"np.copysign({x}, -1).dtype", f"copysign converts integers to floats. {root} holds every {name}."),
        (f"np.fmod({x}, np.float32(2)).dtype", f"{name} and float32 promote to {np.result_type(name, 'float32')}."),
        (f"np.abs(np.ones(2, dtype='complex64') * {int(rng.integers(2, 9))}).dtype", "The absolute value is real "
         "and has the precision of the real part."),
        ("np.fabs(np.ones(2, dtype='complex128')).dtype", "fabs does not support complex numbers. abs does."),
        (f"np.copysign(np.ones(2, dtype={f!r}), 1j).dtype", "copysign does not support complex numbers."),
        (f"(np.ones(2, dtype={f!r}) % 360).dtype", f"A Python number does not change the dtype of the array: {f}."),
        (f"(np.ones(2, dtype={f!r}) % np.float64(360)).dtype", f"np.float64 takes part in promotion as an array does: "
         f"{np.result_type(f, 'float64')}."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


# -------------------------------------------------------------------------------------------------------------- inputs

ODD = [
    179.5,
    180.0,
    -180.0,
    540.0,
    -540.0,
    360.0,
    -360.0,
    0.0,
    -0.0,
    190.25,
    -190.25,
    719.5,
    -719.5,
    900.0,
    -900.0,
    90.0,
]
EDGES = [np.nextafter(180, 0), np.nextafter(-180, -999), np.nextafter(540, 999), 1e-20, -1e-20, 5e-324, 1e16, -1e16]
EDGES += [1e300, -1e300, -0.0, -360.0, 720.0, -720.0, 359.99999999999994, -359.99999999999994, np.nan, np.inf]
SINGLE = [np.nextafter(np.float32(180), np.float32(0)), -1e-9, 1e30, -180.00002, -720.0, 0.1, 3e7]


def angles(rng, n=130_000):
    return {"x": rng.uniform(-1000, 1000, n)}


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="medium",
    topics=["Math"],
    companies=["Google", "Amazon"],
    asked=["T97"],
    entry_points=[
        Entry(
            wrap_angle,
            {
                "x": arrays(
                    "n", dtype=("float64", "float32"), low=-1000, high=1000, holds=("nan", "all nan", "both inf")
                )
            },
            cases=[case(x=np.array([angle])) for angle in ODD]
            + [
                case(x=np.array(ODD)),
                case(x=np.array(ODD, dtype=np.float32)),
                case(x=np.array([1.5, 400.0], dtype=np.float32)),
                case(x=np.array([np.inf, -np.inf, np.nan])),
            ],
            result=matches(scale=lambda x: 1000),
        )
    ],
    levels=[
        Level("right"),
        Level(
            "exact",
            "Accepts any float and is exact, for example for 1e-20, 1e300, the floats next to 180, and signed zeros.",
            right_on(
                Entry(
                    wrap_angle,
                    {
                        "x": arrays(
                            "n",
                            dtype=("float64", "float32"),
                            low=-1e5,
                            high=1e5,
                            holds=("nan", "both inf", "negative zero", "tiny", "subnormal", "extremes"),
                        )
                    },
                    cases=[case(x=np.array([angle])) for angle in EDGES]
                    + [case(x=np.array([angle], dtype=np.float32)) for angle in SINGLE],
                    result=matches(rtol=0, atol=0, signed_zeros=True),
                )
            ),
        ),
        Level("no warnings", "Shows no warning, regardless of the values.", no_warnings()),
        Level("vectorized", "Uses no Python loop over the angles.", no_python_loop(angles)),
        Level(
            "memory",
            "For 1 MB of angles, allocates at most 1.5 times the size of the result, including the result.",
            peak_memory(angles, outputs=1.5),
        ),
    ],
    hints=[
        "A remainder maps every angle to an interval of one turn. Which interval does x % 360 give, and how do you "
        "shift it to [-180, 180)?",
        "What is x + 180 for x = 1e-20? Which ufunc removes whole turns from x without any rounding?",
        "np.fmod(x, 360) is exact and has the sign of x. Which values must still be corrected by one turn?",
        "For the last level, ufuncs can write to an existing array with out=, and to selected elements with where=.",
    ],
    spoken="""\
I would start with `(x + 180) % 360 - 180`. In Python and NumPy, `%` takes the sign of the divisor, so the remainder is
not negative. `np.fmod` takes the sign of the first argument, as C does. The formula is correct up to rounding, but
adding 180 loses very small angles. If the result must be exact, I use `np.fmod(x, 360)`, which never rounds, and then
subtract or add 360 if a value is outside the interval. This also keeps the sign of zero. That sign does not show in
comparisons, because 0.0 equals -0.0, so I test it with `np.signbit`.
""",
    explanation="""\
A remainder removes whole turns. NumPy has two kinds, which differ in the sign of the result. Python's `%`,
`np.remainder` and `np.mod` round the quotient down, so the remainder has the sign of the divisor. `np.fmod` rounds the
quotient toward zero, as `%` and `fmod` in C do, so the remainder has the sign of the first argument:

>>> float(np.remainder(-190.0, 360)), float(np.fmod(-190.0, 360))
(170.0, -190.0)

*The short formula.* Without rounding, `x % 360` is in [0, 360), so `(x + 180) % 360 - 180` is in [-180, 180). But the
shift can round:

>>> float((1e-20 + 180) % 360 - 180)
0.0

For an angle just below -180, `x + 180` is a very small negative number. Its remainder rounds to 360, and the result is
180, which is outside the interval:

>>> x = np.nextafter(-180.0, -np.inf)
>>> float((x + 180) % 360 - 180)
180.0

*The exact method.* `np.fmod` never rounds, because its exact result is always a float. `np.fmod(x, 360)` is between
-360 and 360, so at most one turn is left to subtract or add. This step is exact as well: if two positive floats differ
by at most a factor of 2, their difference is a float. With `out=` and `where=`, the corrections write to the result and
need only masks in addition.

*Signed zeros.* 0.0 and -0.0 compare as equal, but they have different sign bits: with NumPy floats, 1 / 0.0 is inf and
1 / -0.0 is -inf. `np.signbit` returns the sign bit. `np.copysign(x, y)` combines the absolute value of `x` with the
sign bit of `y`, even if `y` is -0.0 or NaN. `np.sign` returns -1, 0, 1 or NaN, so it does not distinguish the zeros:

>>> np.copysign(5.0, [-0.0, 0.0, -np.inf])
array([-5.,  5., -5.])
>>> float(np.sign(-0.0)), bool(np.signbit(-0.0))
(0.0, True)

`np.signbit` and `np.copysign` convert integers to floats. Integers have only one zero. Since NumPy 2.0, `np.sign` of a
nonzero complex number z is z / |z|.

*Which one?* Use the short formula if small rounding errors are acceptable. Use `np.fmod` if the result must be exact or
always inside the interval. `np.fmod` of an infinity is NaN, with a RuntimeWarning, unless `np.errstate` suppresses it.
""",
    points=[
        "% and np.remainder take the sign of the divisor, np.fmod takes the sign of the first argument.",
        "(x + 180) % 360 - 180 wraps into the half-open interval [-180, 180), up to rounding.",
        "The shift loses tiny angles and can even return 180. np.fmod and one correction by 360 are exact.",
        "0.0 == -0.0, but np.signbit and np.copysign use the sign bit.",
        "np.sign returns 0 for both zeros and NaN for NaN; np.copysign always copies the sign bit.",
        "np.fmod of an infinity is NaN and shows a warning, unless np.errstate suppresses it.",
    ],
    follow_ups={
        "How do you remove the jumps from a series of wrapped angles?": "np.unwrap(x, period=360) adds whole turns if "
        "neighbors differ by more than half a turn.",
        "How do you average headings?": "Average the cosines and the sines, and apply np.arctan2 to the two means. The "
        "mean direction of 179 and -179 is 180, not 0.",
        "How do you compute the signed difference between two headings?": "With wrap_angle(a - b).",
        "Is the remainder exact for radians?": "No. 2 * np.pi is a rounded number, with an error of about 2.4e-16 per "
        "turn, so the result differs more with each turn that is removed.",
    },
    related=["float-precision", "clip-values", "float-comparison", "complex-numbers"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.copysign.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fmod.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.remainder.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.signbit.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.sign.html",
    ],
    equivalent={
        "wrap_angle: `180` -> `179` in `np.subtract(y, 360, out=y, where=y >= 180)`": "Between 179 and 180, a turn "
        "is subtracted and added again, both without rounding.",
    },
)
