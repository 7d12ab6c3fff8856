"""Cast float pixels to uint8 safely."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    no_python_loop,
    no_warnings,
    peak_memory,
    predict,
    trap,
    works,
)


def to_uint8(img):
    """Convert float pixels to uint8: round to the nearest integer, and limit the values to 0 to 255.

    Filters compute in floats and leave values between the steps and outside the range. A file stores one byte per
    pixel.

    Parameters
    ----------
    img : ndarray, any shape with one or more axes, float64 or float32
        Brightness values on the scale from 0 to 255, which must not be rescaled. May be empty, strided, reversed or
        read-only, and may contain NaN and infinities.

    Returns
    -------
    ndarray, same shape as `img`, uint8
        Each value rounded to the nearest integer, with halves rounded to even, as `numpy.rint` rounds. Values below 0,
        including -inf, become 0. Values above 255, including inf, become 255. NaN, a dead pixel, becomes 0.

    Examples
    --------
    >>> to_uint8(np.array([[0.5, 1.5, 99.9], [-3.0, 300.0, np.nan]]))
    array([[  0,   2, 100],
           [  0, 255,   0]], dtype=uint8)
    """
    levels = np.fmax(img, 0)
    np.fmin(levels, 255, out=levels)
    np.rint(levels, out=levels)
    return levels.astype(np.uint8)


@works(fails="memory")
def step_by_step(img):
    """One new array per step: replace NaN, round, clip, cast."""
    known = np.where(np.isnan(img), 0, img)
    return np.clip(np.round(known), 0, 255).astype(np.uint8)


@works()
def into_bytes(img):
    """Lets a ufunc cast into the bytes itself, in small buffers."""
    levels = np.clip(img, 0, 255)
    np.copyto(levels, 0, where=np.isnan(levels))
    pixels = np.empty(img.shape, dtype=np.uint8)
    np.rint(levels, out=pixels, casting="unsafe")
    return pixels


@works(fails="no warnings")
def mends_afterwards(img):
    """Casts NaN to a platform-dependent value, and then overwrites it."""
    pixels = np.clip(np.rint(img), 0, 255).astype(np.uint8)
    pixels[np.isnan(img)] = 0
    return pixels


@works(fails="vectorized")
def pixel_by_pixel(img):
    """Python's round also rounds halves to even."""
    pixels = np.zeros(img.shape, dtype=np.uint8)
    for place in np.ndindex(img.shape):
        value = float(img[place])
        if value == value:
            pixels[place] = round(min(max(value, 0.0), 255.0))
    return pixels


# -------------------------------------------------------------------------------------------------------------- traps


@trap("astype truncates: 99.9 becomes 99. Round first.")
def truncates(img):
    return np.clip(np.nan_to_num(img), 0, 255).astype(np.uint8)


@trap("floor(x + 0.5) rounds every half up: 0.5 becomes 1. np.rint rounds halves to even.")
def rounds_half_up(img):
    return np.floor(np.clip(np.nan_to_num(img), 0, 255) + 0.5).clip(0, 255).astype(np.uint8)


@trap("Integers wrap around in uint8: 256 becomes 0 and -1 becomes 255. Clip while the values are still floats.")
def wraps(img):
    known = np.where(np.isfinite(img), img, 0)
    return np.rint(known).astype(np.int64).astype(np.uint8)


@trap("Every comparison with NaN is False, so np.where(img < 255, img, 255) turns NaN into 255.")
def white_nan(img):
    return np.rint(np.where(img < 255, np.maximum(img, 0), 255)).astype(np.uint8)


@trap("isfinite is also False for infinities, but inf must become 255. np.isnan finds only NaN.")
def black_infinity(img):
    known = np.where(np.isfinite(img), img, 0)
    return np.rint(np.clip(known, 0, 255)).astype(np.uint8)


@trap("The values are already on the scale from 0 to 255: rescaling them changes every pixel.")
def stretches(img):
    known = np.clip(np.nan_to_num(img), 0, 255)
    low, high = known.min(initial=255), known.max(initial=0)
    return np.rint((known - low) * (255 / max(high - low, 1))).clip(0, 255).astype(np.uint8)


@trap("Clipping and rounding keep the float dtype, but the result must be uint8.", verdict="WT")
def stays_float(img):
    return np.rint(np.clip(np.nan_to_num(img), 0, 255))


@trap("out=img writes into the caller's array, and raises if it is read-only.", verdict="IM")
def clips_in_place(img):
    if img.flags.writeable:
        np.clip(np.nan_to_num(img, copy=False), 0, 255, out=img)
        return np.rint(img).astype(np.uint8)
    return np.rint(np.clip(np.nan_to_num(img), 0, 255)).astype(np.uint8)


# ------------------------------------------------------------------------------------------------------------- drills


def cut(value):
    return f"astype truncates toward zero: {value} becomes {int(value)}."


def nearest(value):
    half = abs(value) % 1 == 0.5
    way = (
        "is halfway between two integers and is rounded to the even one"
        if half
        else "is rounded to the nearest integer"
    )
    return f"{value} {way}, {float(round(value))}."


@drill("What is the value?")
def rounding(rng, hardness):
    half = int(rng.integers(0, 9)) + 0.5 if rng.random() < 0.5 else round(float(rng.uniform(0, 9)), 1)
    half += 0.3 * (half % 1 == 0)
    value = -half if rng.random() < hardness / 2 else half
    sign = "away from zero" if value < 0 else "towards zero"
    forms = [
        (f"np.rint(np.array([{value}]))[0]", nearest(value)),
        (f"np.array([{value}]).astype(np.int64)[0]", cut(value)),
        (f"np.floor(np.array([{value}]))[0]", f"floor rounds down, which is {sign} for {value}."),
        (f"np.round(np.array([{value}]))[0]", nearest(value)),
        (f"int(np.floor(np.array([{value}]) + 0.5)[0])", f"{value} + 0.5 is {value + 0.5}, and floor rounds down."),
        (
            f"np.rint(np.array([{value}])).astype(np.int8)[0]",
            nearest(value) + " The cast then only removes the decimal point.",
        ),
        (f"np.trunc(np.array([{value}]))[0]", f"trunc removes the fraction of {value} and returns a float."),
    ]
    code, why = forms[int(rng.integers(3 + round(4 * hardness)))]
    return predict(code, why=why)


@drill("What is the value?")
def wrapping(rng, hardness):
    k = int(rng.integers(-300, 600))
    low, high = int(rng.integers(0, 60)), int(rng.integers(180, 256))
    byte = int(rng.integers(128, 256)) if rng.random() < 0.3 + 0.6 * hardness else int(rng.integers(0, 128))
    wrapped = f"{k} modulo 256 is {k % 256}." if not 0 <= k < 256 else f"{k} fits in a byte."
    signed = f"int8 ends at 127: {byte} becomes {byte - 256}." if byte > 127 else f"{byte} fits in int8."
    forms = [
        (f"np.array([{k}]).astype(np.uint8)[0]", wrapped),
        (f"np.clip(np.array([{k}]), {low}, {high})[0]", f"clip keeps values between {low} and {high}."),
        (f"np.array([{byte}], dtype=np.uint8).astype(np.int8)[0]", signed),
        (f"np.clip(np.array([{k}]).astype(np.uint8), 0, 255)[0]", f"Clipping comes too late: {wrapped}"),
        (f"np.array([{k}]).astype(np.uint8).astype(np.int64)[0]", f"The information is already lost: {wrapped}"),
        (f"np.array([{byte}], dtype=np.uint8).view(np.int8)[0]", f"The same byte, read as int8: {signed}"),
    ]
    code, why = forms[int(rng.integers(2 + round(4 * hardness)))]
    return predict(code, why=why)


@drill("Does this print True or False?")
def casting_rules(rng, hardness):
    names = ["uint8", "int8", "int16", "int32", "int64", "float32", "float64", "bool"]
    one, other = (str(name) for name in rng.choice(names, 2, replace=False))
    rule = str(rng.choice(["safe"] if hardness < 0.35 else ["safe", "same_kind", "unsafe"]))
    holds = f"{other} can represent every value of {one}"
    if not np.can_cast(one, other):
        holds = f"{other} cannot represent every value of {one}"
    if one == "int64" and other.startswith("float"):
        holds = "float64 counts as wide enough for every integer dtype, although it rounds integers above 2**53"
        holds += "" if other == "float64" else "; float32 does not"
    why = {
        "safe": f"A safe cast keeps every value: {holds}.",
        "same_kind": "same_kind allows casts within a kind, and casts from bool to integer, from integer "
        "to float, and so on.",
        "unsafe": "unsafe allows every cast.",
    }[rule]
    return predict(f"np.can_cast(np.{one}, np.{other}, casting={rule!r})".replace("np.bool,", "np.bool_,"), why=why)


@drill("What is the value, or which error is raised?")
def special_values(rng, hardness):
    k = int(rng.integers(2, 200))
    part = round(float(rng.uniform(0.1, 0.9)), 1)
    both = round(k + part, 1)
    forms = [
        (f"np.array([{part}, 0.0]).astype(bool).tolist()", "Only zero is False; the fraction is not truncated first."),
        (f"np.array([np.nan, {k}]).astype(bool).tolist()", "NaN is not zero, so it becomes True."),
        (f"np.array(['{k}', '{part}']).astype(float).tolist()", "astype parses strings, as float does."),
        (f"np.array(['{both}']).astype(int).tolist()", "int accepts no decimal point, neither in NumPy nor in "
                                                       "Python: ValueError."),
        (f"np.array([{both}]).astype('U2').tolist()", "U2 keeps two characters and silently truncates the rest."),
        (f"np.fmax(np.array([np.nan, -{k}.0]), 0).tolist()", "fmax returns the other operand if one is NaN."),
        (f"np.maximum(np.array([np.nan, -{k}.0]), 0).tolist()", "maximum returns NaN if either operand is NaN."),
        (f"np.clip(np.array([np.inf, {k + 300}.0]), 0, 255).tolist()", "Everything above 255, including inf, "
                                                                       "becomes 255."),
        (f"np.array([{both}]).astype(np.int16, casting='safe').tolist()", "An integer cannot represent fractions, "
                                                                          "so casting='safe' raises TypeError."),
        (f"np.nan_to_num(np.array([np.nan, {k}.0]), nan={part}).tolist()", "nan= sets the value that replaces NaN."),
        (f"bool(np.isnan(np.clip(np.array([np.nan]), 0, {k})[0]))", "clip keeps NaN."),
    ]  # fmt: skip
    start = round(3 * hardness)
    code, why = forms[int(rng.integers(start, 5 + round(6 * hardness)))]
    return predict(code, why=why)


@drill("What is the dtype of this?")
def dtypes(rng, hardness):
    dtype = str(rng.choice(["uint8", "int16", "float32", "float64"]))
    real = dtype[0] == "f"
    divided = f"Division of {dtype} stays {dtype}." if real else "True division of integer arrays gives float64."
    mixed = np.result_type(dtype, np.float32)
    forms = [
        (f"np.ones(3, dtype=np.{dtype}).astype(np.float32).dtype", "astype returns the dtype that is requested."),
        (f"(np.ones(3, dtype=np.{dtype}) / np.ones(3, dtype=np.{dtype})).dtype", divided),
        (
            f"(np.ones(3, dtype=np.{dtype}) * 0.5).dtype",
            f"A Python float adapts to {dtype} (NumPy 2)."
            if real
            else "An integer array with a Python float gives float64.",
        ),
        (f"np.clip(np.ones(3, dtype=np.{dtype}), 0, 1).dtype", "Python ints as limits adapt to the array's dtype."),
        (
            f"(np.ones(3, dtype=np.{dtype}) * np.float32(0.5)).dtype",
            f"np.float32 counts as its dtype: the smallest dtype that can represent both is {mixed}.",
        ),
        (
            f"np.where([True, False], np.ones(2, dtype=np.{dtype}), 0).dtype",
            "A Python int adapts to the array's dtype.",
        ),
        (
            f"np.rint(np.ones(3, dtype=np.{dtype})).dtype",
            f"rint keeps {dtype}." if real else "rint of an integer array returns a float.",
        ),
    ]
    usable = forms[: 3 + round(4 * hardness)]
    code, why = usable[int(rng.integers(len(usable)))]
    if code.startswith("np.rint") and not real:
        code, why = forms[5]
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------- inputs


def photo(rng, n=2000):
    return {"img": rng.uniform(-50, 305, (n, 100))}


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="easy",
    topics=["Data Types"],
    companies=["Most Tech Companies"],
    asked=["T49"],
    entry_points=[
        Entry(
            to_uint8,
            {
                "img": arrays(
                    ...,
                    "n",
                    dtype=("float64", "float32"),
                    low=-40,
                    high=300,
                    holds=("nan", "all nan", "inf", "-inf", "huge", "negative zero"),
                )
            },
            dims={"n": (0, 12)},
            cases=[
                case(img=np.array([0.5, 1.5, 2.5, 254.5, -0.5, 255.5])),
                case(img=np.array([99.9])),
                case(img=np.array([256.0, -1.0])),
                case(img=np.array([np.inf])),
                case(img=np.array([np.nan])),
                case(img=np.array([255.4, 254.6, 0.4, -0.6], dtype=np.float32)),
                case(img=np.array([[10.0, 20.0], [30.0, 40.0]])),
                case(img=np.array([1e10, -1e10, 4294967297.0])),
                case(img=np.array([0.2, 0.7, 1.0])),
                case(img=np.array([0.5000000001, 1.4999999999])),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("no warnings", "Shows no warning, regardless of the values.", no_warnings()),
        Level("vectorized", "Uses no Python loop over the pixels.", no_python_loop(photo)),
        Level(
            "memory",
            "In addition to the bytes, uses at most one array of the size of img at a time, and a mask.",
            peak_memory(photo, inputs=1.15, outputs=1),
        ),
    ],
    hints=[
        "What does astype return for 99.9, for 300.0 and for NaN? Only the first result is the same on every machine.",
        "Make every value representable as a byte first: which step handles NaN, which the ends of the "
        "range, which the halves?",
        "np.maximum returns NaN if either operand is NaN; np.fmax returns the other operand.",
        "Most ufuncs accept out=: the first step creates a new array, and the next ones can work inside it.",
    ],
    spoken="""\
`astype` from float to integer truncates and, for NaN or out-of-range values, the result is undefined, while integer
to integer casts wrap around silently. So I fix the values while they are still floats: clip to 0 and 255, replace
NaN, and round with `np.rint`, which rounds halves to even. `np.fmax(img, 0)` handles negatives and NaN in one step,
because fmax ignores NaN. Then I cast to uint8. With `out` the steps share a single float array.
""",
    explanation="""\
`astype` copies and casts element by element, and by default it never refuses (`casting="unsafe"`). From float to
integer it truncates. A value that does not fit is undefined in C, and therefore in NumPy: NaN, infinities and 300.0
give a platform-dependent value, usually with a RuntimeWarning. From integer to integer it wraps around silently:

>>> np.array([99.9, -1.5]).astype(np.int8), np.array([256, -1]).astype(np.uint8)
(array([99, -1], dtype=int8), array([  0, 255], dtype=uint8))

So make every value representable while it is a float. `np.fmax(img, 0)` raises negatives to 0 and, because fmax ignores
NaN, replaces NaN too. `np.fmin` limits the upper end. `np.rint` rounds halves to even, which avoids a bias in means.

>>> np.rint([0.5, 1.5, 2.5]), np.floor(np.array([0.5, 1.5, 2.5]) + 0.5)
(array([0., 2., 2.]), array([1., 2., 3.]))

`out=` lets the later steps work in the array of the first step: one float array plus the bytes.

*To detect a lossy cast*, use `casting="safe"`, which raises TypeError, or `np.can_cast`, which compares dtypes. Since
NumPy 2 it accepts no Python numbers, and `np.uint8(300)` raises OverflowError instead of wrapping around. `astype`
still wraps around.

>>> np.can_cast(np.int16, np.float32), np.can_cast(np.int64, np.int32), np.can_cast(np.float64, np.uint8)
(True, False, False)

`astype(dtype, copy=False)` copies only if the dtype must change.
""",
    points=[
        "astype copies, casts element by element, and by default allows every cast.",
        "Float to integer truncates toward zero: round first, with np.rint (halves to even).",
        "NaN, infinities and values out of range have no defined integer: replace them while they are floats.",
        "Integer to integer wraps around silently, so clip before the cast, not after it.",
        "np.clip and np.maximum keep NaN; np.fmax and np.fmin ignore it.",
        "casting='safe' or np.can_cast refuses casts that may lose values.",
        "out= keeps the intermediate steps in one array.",
    ],
    follow_ups={
        "How do you check that a cast lost nothing?": "Cast, cast back and compare: `(x.astype(t).astype(x.dtype) "
        "== x).all()`, after handling NaN and infinities.",
        "How do you convert back to floats between 0 and 1?": "`pixels / np.float32(255)`: uint8 and float32 give "
        "float32. With a Python float it would be float64.",
        "How do you hide the banding that rounding leaves?": "Add noise of half a step before rounding, which is "
        "called dithering.",
    },
    related=["integer-overflow", "clip-values", "none-vs-nan", "clean-signal"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.astype.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.rint.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fmax.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.can_cast.html",
    ],
)
