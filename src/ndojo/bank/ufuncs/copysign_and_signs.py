"""Headings between -180 and 180 degrees."""

import math

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
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
    """Turn angles by whole turns until they lie in [-180, 180) degrees.

    A drone adds up its turns for hours, and its compass wants headings: 190 degrees to the right are 170 to the left.
    -180 belongs to the interval, 180 does not.

    Parameters
    ----------
    x : ndarray, shape (n,), float64 or float32
        Angles in degrees, whole hundredths from -1000 to 1000, or NaN or an infinity. May be empty, strided, reversed
        or read-only. From level 2 on any float of either dtype.

    Returns
    -------
    ndarray, shape (n,), dtype of `x`
        A new array; NaN for NaN and for infinities. On level 1 rounding errors such as those of ``x + 180`` do no harm,
        and 0.0 and -0.0 count as equal. From level 2 on the result is exact: the very float that lies a whole number of
        turns from `x`, and a result of zero has the sign of `x`.

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
    """The line that everybody writes."""
    with np.errstate(invalid="ignore"):
        return (x + 180) % 360 - 180


@works(fails="exact")
def turns_taken_off(x):
    """Counts whole turns, and takes them off."""
    with np.errstate(invalid="ignore"):
        return x - 360 * np.floor((x + 180) / 360)


@works(fails="memory")
def by_nearest_turn(x):
    """C's remainder by hand: the sign is put back by copysign, and 180 itself becomes -180."""
    with np.errstate(invalid="ignore"):
        size = np.fmod(np.abs(x), 360)
    y = np.copysign(np.where(size > 180, size - 360, size), x)
    y = np.where(size > 180, np.where(x < 0, 360 - size, size - 360), y)
    return np.where(y == 180, -y, y)


@works(fails="vectorized")
def one_by_one(x):
    """math.remainder is exact and rounds to the nearest turn."""
    y = np.empty_like(x)
    for i, angle in enumerate(x):
        rest = math.remainder(angle, 360) if math.isfinite(angle) else math.nan
        y[i] = -180 if rest == 180 else rest
    return y


# --------------------------------------------------------------------------------------------------------------- traps


@trap("fmod keeps the sign of its first argument: for a negative one it gives a negative rest. % takes the sign of the "
      "second, here +.")  # fmt: skip
def shifted_fmod(x):
    with np.errstate(invalid="ignore"):
        return np.fmod(x + 180, 360) - 180


@trap("x % 360 lies in [0, 360). For [-180, 180) shift before and after.")
def from_nought(x):
    with np.errstate(invalid="ignore"):
        return x % 360


@trap("Half-open at the top: 180 becomes -180. With both signs turned, (x - 180) % -360 + 180, the interval is "
      "(-180, 180].")  # fmt: skip
def open_at_the_bottom(x):
    with np.errstate(invalid="ignore"):
        return (x - 180) % -360 + 180


@trap("atan2(sin, cos) lies in [-180, 180] and takes the sign of a rounding error at half a turn: 180 stays 180.")
def through_sine_and_cosine(x):
    with np.errstate(invalid="ignore"):
        radians = np.deg2rad(x)
        return np.rad2deg(np.arctan2(np.sin(radians), np.cos(radians)))


@trap("One turn is not always enough: 540 lies more than a turn away from the interval.")
def one_turn_only(x):
    y = np.where(np.isinf(x), x.dtype.type(np.nan), x)
    y[x >= 180] -= 360
    y[x < -180] += 360
    return y


@trap("clip stops at the limits; angles wrap around.")
def clipped(x):
    return np.clip(np.where(np.isinf(x), x.dtype.type(np.nan), x), -180, 180)


@trap("Period and shift are in the units of x: these are degrees, not radians.")
def in_radians(x):
    with np.errstate(invalid="ignore"):
        return ((x + np.pi) % (2 * np.pi) - np.pi).astype(x.dtype)


@trap("An array of 360s is float64, and so makes the result; a Python number leaves float32 as it is.", verdict="WT")
def widened(x):
    with np.errstate(invalid="ignore"):
        return (x + np.full(x.shape, 180.0)) % 360 - 180


@trap("+= and %= write into the caller's angles.", verdict="IM")
def in_place(x):
    x += 180
    with np.errstate(invalid="ignore"):
        x %= 360
    x -= 180
    return x


# -------------------------------------------------------------------------------------------------------------- drills


def chosen(rng, forms, hardness):
    """One of `forms`, which go from easy to hard."""
    width = max(3, len(forms) // 2)
    first = round((len(forms) - width) * hardness)
    return forms[first + int(rng.integers(width))]


@drill("What is the value?")
def remainders(rng, hardness):
    m = int(rng.integers(3, 8))
    k = int(rng.integers(1, 4)) * m + int(rng.integers(1, m))
    rest = k % m
    code, why = chosen(rng, [
        (f"np.remainder({k}, {m})", f"{k} is {k // m} times {m} and {rest}."),
        (f"np.remainder({-k}, {m})", f"% takes the sign of the divisor: {-k} lies {m - rest} above {-k - m + rest}."),
        (f"np.fmod({-k}, {m})", "fmod takes the sign of the first argument, as % does in C."),
        (f"np.fmod({k}, {-m})", "fmod takes the sign of the first argument, as % does in C."),
        (f"np.remainder({k}, {-m})", f"% takes the sign of the second argument: {rest} - {m}."),
        (f"np.floor_divide({-k}, {m})", "Floor goes down, not toward zero."),
        (f"np.trunc({-k} / {m})", "trunc goes toward zero."),
        (f"np.divmod({-k}, {m})", f"The quotient is rounded down, so the rest is not negative: {-k} = "
         f"{-k // m} * {m} + {-k % m}."),
        (f"np.modf(-{k}.5)", "Both parts keep the sign of the number."),
        (f"np.remainder(-1e-20, {m}.0)", f"{m} - 1e-20 is rounded to {m}.0: a remainder may reach its divisor."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("True or False?")
def signs_of_zero(rng, hardness):
    k = int(rng.integers(2, 10))
    code, why = chosen(rng, [
        ("np.float64(-0.0) == np.float64(0.0)", "The two zeros are equal."),
        ("np.signbit(-0.0)", "signbit looks at the bit, which -0.0 has set."),
        ("np.float64(-0.0) < 0", "-0.0 equals 0, so it is not less."),
        (f"np.signbit(np.array([0.0]) * -{k}).item()", "The signs multiply: 0.0 times a negative number is -0.0."),
        (f"np.signbit(np.array([0]) * -{k}).item()", "Integers have one zero."),
        ("np.signbit(np.abs(-0.0))", "abs clears the sign bit."),
        (f"np.signbit(np.round(-0.{k % 5}))", "-0.x rounds to -0.0: the sign stays." if k % 5 else "-0.0 stays -0.0."),
        (f"np.signbit(np.array([-0.0]) + {k % 2}.0 - {k % 2}.0).item()", "-0.0 + 0.0 is 0.0." if k % 2 == 0 else
         "1.0 - 1.0 is 0.0: the sign is lost on the way."),
        (f"np.signbit(np.fmod(-{k * 10}.0, {k}.0))", "fmod keeps the sign of its first argument, on zero too."),
        (f"np.signbit(np.remainder(-{k * 10}.0, {k}.0))", "remainder has the sign of the divisor, on zero too."),
        ("np.signbit(np.sqrt(-0.0))", "The root of -0.0 is -0.0, by IEEE 754."),
        (f"np.float64({k}) / np.float64(-0.0) > 0", f"{k} / -0.0 is -inf."),
        ("np.signbit(np.sign(-0.0))", "sign gives 0.0 for either zero."),
        (f"np.signbit(np.ceil(-0.{k}))", "ceil goes up to zero and keeps the sign: -0.0."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the value?")
def copied_signs(rng, hardness):
    a, b = (int(k) for k in rng.integers(1, 20, 2))
    code, why = chosen(rng, [
        (f"np.copysign({a}.0, -{b}.0)", f"The size of {a} with the sign of -{b}."),
        (f"np.copysign(-{a}.0, {b}.0)", f"The size of {a} with the sign of {b}."),
        (f"np.sign([-{a}.0, 0.0, {b}.0]).tolist()", "-1, 0 or 1, as floats."),
        (f"np.copysign({a}, -{b})", "copysign is for floats: integers are converted."),
        (f"np.copysign({a}.0, [{b}.0, -0.0, 0.0]).tolist()", "-0.0 has a sign to copy, and so has 0.0."),
        (f"np.copysign({a}.0, -np.inf)", "An infinity has a sign as any number has."),
        (f"np.copysign({a}.0, np.copysign(np.nan, -1.0))", "NaN has a sign bit, too, and it is copied."),
        (f"np.sign(np.copysign(np.nan, -{b}.0)) < 0", "sign of NaN is NaN for either sign bit, and compares as False."),
        (f"np.signbit([-{a}, {b}]).tolist()", "signbit says True for negative numbers."),
        (f"np.heaviside(0.0, 0.{b % 10})", "At zero the second argument decides."),
        (f"np.sign({a}j)", "Since NumPy 2 the sign of a complex number is z / |z|; NumPy 1 gave the sign "
         "of the real part."),
        (f"np.abs(-{a}) * np.sign(-{b})", "The same as copysign, but for zeros and NaN."),
        (f"np.abs({a}.0) * np.sign(-0.0)", "sign(-0.0) is 0, so size times sign loses the size: copysign does not."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the dtype, or which error is raised?")
def dtypes(rng, hardness):
    name, root = [("int8", "float16"), ("uint8", "float16"), ("int16", "float32"), ("int32", "float64")][
        int(rng.integers(4))
    ]
    x = f"np.ones(2, dtype={name!r})"
    f = str(rng.choice(["float16", "float32", "float64"]))
    code, why = chosen(rng, [
        (f"np.sign({x}).dtype", "sign keeps the dtype."),
        (f"np.signbit(np.ones(2, dtype={f!r})).dtype", "signbit says yes or no."),
        (f"np.abs({x}).dtype", "abs keeps the dtype."),
        (f"np.fabs({x}).dtype", f"fabs is for floats: {root} is the first of its dtypes that holds every {name}."),
        (f"np.copysign({x}, -1).dtype", f"copysign is for floats: {root} is the first that holds every {name}."),
        (f"np.fmod({x}, np.float32(2)).dtype", f"{name} with float32 promotes to {np.result_type(name, 'float32')}."),
        (f"np.abs(np.ones(2, dtype='complex64') * {int(rng.integers(2, 9))}).dtype", "Its size is real."),
        ("np.fabs(np.ones(2, dtype='complex128')).dtype", "fabs knows real numbers only; abs takes complex ones."),
        (f"np.copysign(np.ones(2, dtype={f!r}), 1j).dtype", "A complex number has no single sign bit."),
        (f"(np.ones(2, dtype={f!r}) % 360).dtype", f"A Python number takes the array's dtype, {f}."),
        (f"(np.ones(2, dtype={f!r}) % np.float64(360)).dtype", f"np.float64 counts as any float64 does: "
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
            "Now for any float, and exactly: tiny angles, huge ones, neighbors of 180, and the sign of zero.",
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
        Level("no warnings", "No warning may escape.", no_warnings()),
        Level("vectorized", "No loop in Python over the angles.", no_python_loop(angles)),
        Level(
            "memory",
            "1 MB of angles: the result is the only array of floats; masks are allowed in addition.",
            peak_memory(angles, outputs=1.5),
        ),
    ],
    hints=[
        "A remainder brings everything into an interval of one turn. Which one, and how do you move it to [-180, 180)?",
        "What does x + 180 do to an x of 1e-20? Which operation takes off whole turns without any rounding?",
        "np.fmod is exact and keeps the sign of x. What lies outside [-180, 180) after it is off by one turn.",
        "Ufuncs take out= and where=.",
    ],
    spoken=(
        "I shift by 180, take the remainder modulo 360, and shift back. np.mod and np.remainder give the sign of the "
        "divisor, so the result is never negative; np.fmod gives the sign of the dividend, as C does. Adding 180 can "
        "round a small angle, so for exact results I use fmod first, which is exact, and then correct values outside "
        "the interval. Signed zero needs np.copysign or np.signbit, because -0.0 == 0.0 and np.sign returns 0."
    ),
    explanation="""\
Python's `%`, `np.remainder` and `np.mod` round the quotient down, so the rest has the sign of the divisor. `np.fmod`
cuts the quotient off, as C does, so the rest has the sign of x:

>>> np.remainder(-190.0, 360), np.fmod(-190.0, 360)
(np.float64(170.0), np.float64(-190.0))

Hence `(x + 180) % 360 - 180`, which is right up to rounding. But the shift rounds: tiny angles vanish, and just below
-180 even the interval breaks, because 360 minus very little is 360.

>>> x = np.nextafter(-180.0, -np.inf)
>>> float((x + 180) % 360 - 180)
180.0

`fmod` is exact: the rest is always a float. So is the one turn that may be left to correct, because subtracting
floats within a factor of two of each other does not round.

Zeros have a sign. They compare equal, but `np.signbit` tells them apart, and 1 / -0.0 is -inf. `np.sign(x)` is -1, 0,
1 or NaN, so it loses the sign of zero; `np.copysign(size, x)` takes the bit itself, also from -0.0 and NaN.

>>> np.copysign(5.0, [-0.0, 0.0, -np.inf]), np.sign(-0.0)
(array([-5.,  5., -5.]), np.float64(0.0))

Both `signbit` and `copysign` are for floats: integers have one zero and are converted. In NumPy 2 `np.sign` of a
complex number is z / |z|.
""",
    points=[
        "% and np.remainder take the sign of the divisor, np.fmod that of the first argument.",
        "(x + 180) % 360 - 180 wraps into a half-open interval, up to rounding.",
        "The shift loses tiny angles and can return 180 itself; fmod and one corrective turn are exact.",
        "0.0 == -0.0, but signbit and copysign see the bit; it arises by multiplying, rounding and fmod.",
        "np.sign gives 0 for both zeros and NaN for NaN; np.copysign always copies a sign.",
        "fmod of an infinity is NaN, with a warning unless errstate silences it.",
    ],
    follow_ups={
        "How do you undo the jumps of wrapped angles?": "np.unwrap(x, period=360) adds whole turns where neighbors "
        "are more than half a turn apart.",
        "How do you average headings?": "As vectors: the angle of the mean of (cos, sin), by np.arctan2. The "
        "mean of 179 and -179 is 180, not 0.",
        "What is the difference between two headings?": "wrap_angle(a - b).",
        "Why not radians?": "2 pi is no float: the remainder by a rounded 2 pi drifts by 2.4e-16 a turn.",
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
        "wrap_angle: `180` -> `179` in `np.subtract(y, 360, out=y, where=y >= 180)`": "Between 179 and 180 a turn is "
        "taken off and put back, both without rounding.",
    },
)
