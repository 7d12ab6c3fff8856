"""Distance between floats in units in the last place."""

import math

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    made,
    no_python_loop,
    one_of,
    peak_memory,
    predict,
    right_on,
    trap,
    works,
)


def ulp_distance(a, b):
    """Return how many floating-point steps apart the elements of two arrays are.

    This compares the results of two machines. One step leads from a float to the adjacent float, as `numpy.nextafter`
    does. All floats of a dtype, from -inf to inf, form one such sequence, in which 0.0 and -0.0 are the same position.

    Parameters
    ----------
    a, b : ndarray, shape (n,), both float64 or both float32
        ``n >= 0``. May be strided, reversed or read-only, may contain NaN, infinities and subnormal numbers, and may be
        the same array. The byte order is native on level 1. On level 2 and above, both may also have the other byte
        order.

    Returns
    -------
    ndarray, shape (n,), uint64
        The number of steps from ``a[i]`` to ``b[i]`` in their dtype, never negative. inf is one step beyond the largest
        finite number. If one or both numbers are NaN, the value is 2**64 - 1.

    Examples
    --------
    >>> ulp_distance(np.array([1.0, 0.0, 0.0]), np.array([np.nextafter(1.0, 2.0), -0.0, np.nan]))
    array([                   1,                    0, 18446744073709551615],
          dtype=uint64)
    >>> ulp_distance(np.array([1.0], dtype=np.float32), np.array([2.0], dtype=np.float32))
    array([8388608], dtype=uint64)
    """
    distance, other = _places(a), _places(b)
    below = distance < other
    distance -= other
    np.negative(distance, out=distance, where=below)
    steps = distance.view(np.uint64)
    steps[np.isnan(a) | np.isnan(b)] = 2**64 - 1
    return steps


def _places(x):
    """Signed positions, with 0 for 0.0: below the sign bit, the bits of a float count the steps away from zero."""
    places = x.view(x.dtype.str.replace("f", "i")).astype(np.int64)
    lowest = -(2 ** (8 * x.itemsize - 1))
    np.subtract(lowest, places, out=places, where=places < 0)
    return places


@works(fails="memory")
def by_extremes(a, b):
    """The larger position minus the smaller one, in uint64."""
    places = []
    for x in (a, b):
        bits = x.astype(x.dtype.newbyteorder("="), copy=False).view(f"i{x.itemsize}").astype(np.int64)
        places.append(np.where(bits < 0, -(2 ** (8 * x.itemsize - 1)) - bits, bits))
    steps = np.maximum(*places).astype(np.uint64) - np.minimum(*places).astype(np.uint64)
    return np.where(np.isnan(a) | np.isnan(b), np.uint64(2**64 - 1), steps)


@works(fails="memory")
def magnitudes(a, b):
    """Steps from zero without the sign bit: add them for different signs, subtract them for equal signs."""
    away = [np.abs(x).astype(f"f{x.itemsize}").view(f"u{x.itemsize}").astype(np.uint64) for x in (a, b)]
    one_side = np.signbit(a) == np.signbit(b)
    steps = np.where(one_side, np.maximum(*away) - np.minimum(*away), away[0] + away[1])
    steps[np.isnan(a)] = np.iinfo(np.uint64).max
    steps[np.isnan(b)] = np.iinfo(np.uint64).max
    return steps


@works(fails="other byte order")
def reads_int64(a, b):
    """Assumes native byte order."""
    p, q = (x.view({8: np.int64, 4: np.int32}[x.itemsize]).astype(np.int64) for x in (a, b))
    p[p < 0] = -(2 ** (8 * a.itemsize - 1)) - p[p < 0]
    q[q < 0] = -(2 ** (8 * b.itemsize - 1)) - q[q < 0]
    steps = np.where(p < q, q.view(np.uint64) - p.view(np.uint64), p.view(np.uint64) - q.view(np.uint64))
    steps[np.isnan(a) | np.isnan(b)] = 2**64 - 1
    return steps


@works(fails="vectorized")
def with_integers(a, b):
    """One float at a time, with Python integers."""

    def place(x):
        bits = int.from_bytes(x.astype(x.dtype.newbyteorder("<")).tobytes(), "little")
        sign = 1 << (8 * x.itemsize - 1)
        return sign - bits if bits & sign else bits

    steps = [2**64 - 1 if x != x or y != y else abs(place(x) - place(y)) for x, y in zip(a, b, strict=True)]
    return np.array(steps, dtype=np.uint64)


# -------------------------------------------------------------------------------------------------------------- traps


@trap(
    "A float stores sign and magnitude, an integer two's complement. For negative floats the order is "
    "reversed, and -0.0 reads as the lowest integer."
)
def bits_as_they_are(a, b):
    p, q = (x.view(f"i{x.itemsize}").astype(np.int64) for x in (a, b))
    steps = np.where(p < q, q.view(np.uint64) - p.view(np.uint64), p.view(np.uint64) - q.view(np.uint64))
    steps[np.isnan(a) | np.isnan(b)] = 2**64 - 1
    return steps


@trap("astype converts the values: 1.5 becomes 1. To read the same bytes with another dtype, use x.view(dtype).")
def converts(a, b):
    with np.errstate(all="ignore"):
        p, q = a.astype(np.int64), b.astype(np.int64)
    steps = np.where(p < q, q.view(np.uint64) - p.view(np.uint64), p.view(np.uint64) - q.view(np.uint64))
    steps[np.isnan(a) | np.isnan(b)] = 2**64 - 1
    return steps


@trap(
    "The spacing doubles at every power of two, so dividing a difference by one spacing is wrong across a power of two."
)
def by_spacing(a, b):
    with np.errstate(all="ignore"):
        steps = np.rint(np.abs(a.astype(np.float64) - b) / np.spacing(np.abs(a)))
        steps = np.where(np.isfinite(steps) & (steps < 2.0**63), steps, 0).astype(np.uint64)
    steps[np.isnan(a) | np.isnan(b)] = 2**64 - 1
    return steps


@trap("Inverting all bits except the sign gives -0.0 the position -1 instead of 0. Subtract from the lowest integer.")
def two_zeros(a, b):
    p, q = (x.view(f"i{x.itemsize}").astype(np.int64) for x in (a, b))
    p, q = (x ^ ((x >> 63) & (2 ** (8 * a.itemsize - 1) - 1)) for x in (p, q))
    steps = np.where(p < q, q.view(np.uint64) - p.view(np.uint64), p.view(np.uint64) - q.view(np.uint64))
    steps[np.isnan(a) | np.isnan(b)] = 2**64 - 1
    return steps


@trap("The whole sequence has more than 2**63 steps, so np.abs(p - q) wraps around in int64.")
def wraps(a, b):
    steps = np.abs(_places(a) - _places(b)).astype(np.uint64)
    steps[np.isnan(a) | np.isnan(b)] = 2**64 - 1
    return steps


@trap("The bits of NaN are beyond those of inf and look like a valid position. Mask NaN with isnan.")
def measures_nan(a, b):
    p, q = _places(a), _places(b)
    return np.where(p < q, q.view(np.uint64) - p.view(np.uint64), p.view(np.uint64) - q.view(np.uint64))


@trap(
    "A float32 has four bytes: view(np.int64) reads two of them as one number, or raises. Use an integer "
    "of the same size.",
    verdict="WT",
)
def always_eight_bytes(a, b):
    a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
    odd = a.nbytes % 8
    if odd:
        a, b = np.append(a, a[-1:]), np.append(b, b[-1:])
    p, q = (np.where(x.view(np.int64) < 0, -(2**63) - x.view(np.int64), x.view(np.int64)) for x in (a, b))
    steps = np.where(p < q, q.view(np.uint64) - p.view(np.uint64), p.view(np.uint64) - q.view(np.uint64))
    if a.dtype == np.float64:
        steps[np.isnan(a) | np.isnan(b)] = 2**64 - 1
    return steps


@trap("Values up to 2**64 - 1 need uint64: int64 ends at 2**63 - 1.", verdict="WT")
def signed_result(a, b):
    p, q = _places(a), _places(b)
    steps = np.where(p < q, q.view(np.uint64) - p.view(np.uint64), p.view(np.uint64) - q.view(np.uint64))
    steps[np.isnan(a) | np.isnan(b)] = 2**64 - 1
    return steps.view(np.int64)


# ------------------------------------------------------------------------------------------------------------- drills

_SIZES = {"int8": 1, "uint8": 1, "int16": 2, "float16": 2, "int32": 4, "float32": 4, "float64": 8, "complex128": 16}


@drill("What is the shape, or which error is raised?")
def shapes(rng, hardness):
    one, other = (str(name) for name in rng.choice(list(_SIZES), 2, replace=False))
    rows, columns = int(rng.integers(2, 5)), int(rng.integers(2, 5)) * int(rng.choice([1, 2, 4]))
    have, want = columns * _SIZES[one], _SIZES[other]
    per_row = f"{columns} elements of {_SIZES[one]} bytes are {have} bytes per row".replace(" 1 bytes", " 1 byte")
    if hardness > 0.5 and rng.random() < hardness / 2:
        same = _SIZES[one] == want
        return predict(
            f"np.zeros(({rows}, {columns}), dtype=np.{one}).T.view(np.{other}).shape",
            why="If the item size is the same, no axis changes, regardless of the strides."
            if same
            else "Another item size needs a contiguous last axis, but the last axis of the transpose has "
            f"{rows} elements that are {have} bytes apart: ValueError.",
        )
    if hardness > 0.3 and rng.random() < 0.5:
        return predict(
            f"np.zeros({columns}, dtype=np.{one}).view(np.{other}).shape",
            why=f"{per_row.replace(' in a row', '')}, " + _shared(have, want),
        )
    return predict(
        f"np.zeros(({rows}, {columns}), dtype=np.{one}).view(np.{other}).shape",
        why=f"The last axis is reinterpreted: {per_row}, " + _shared(have, want),
    )


def _shared(have, want):
    return (
        f"which is not a multiple of {want}: ValueError."
        if have % want
        else f"or {have // want} elements of {want}.".replace(" 1 items", " 1 item")
    )


@drill("What is the value?")
def byte_order(rng, hardness):
    a, b = (int(k) for k in rng.integers(1, 120, 2))
    value = a + 256 * b
    small = "In '<' the lowest byte comes first"
    great = "In '>' the highest byte comes first"
    forms = [
        (f"np.array([{value}], dtype='<u2').view('u1').tolist()", f"{small}: {value} = {a} + 256 * {b}."),
        (f"np.array([{value}], dtype='>u2').view('u1').tolist()", f"{great}: {value} = {b} * 256 + {a}."),
        (f"int(np.array([{a}, {b}], dtype='u1').view('<u2')[0])", f"{small}: {a} + 256 * {b}."),
        (f"int(np.array([{a}, {b}], dtype='u1').view('>u2')[0])", f"{great}: 256 * {a} + {b}."),
        (f"int(np.array([{a}], dtype='<u2').view('>u2')[0])", f"The same two bytes in the other order: {a} * 256."),
        (f"int(np.array([{a}], dtype='<u2').astype('>u2')[0])", "astype keeps the value and swaps the bytes."),
        (f"int(np.array([{a}], dtype='<u2').byteswap()[0])", f"byteswap swaps the bytes and keeps the dtype: {a}*256."),
        (
            f"x = np.array([{value}], dtype='<u2')\nint(x.byteswap().view(x.dtype.newbyteorder())[0])",
            "Both the bytes and the dtype's byte order were swapped, so the value stays.",
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(6 * hardness)))]
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def view_or_astype(rng, hardness):
    k, n = int(rng.integers(2, 100)), int(rng.integers(3, 9))
    forms = [
        (f"int(np.array([{k}.75]).astype(np.int64)[0])", "astype converts the value and truncates the fraction."),
        (
            f"float(np.array([{k}.0]).view(np.int64).view(np.float64)[0])",
            "After two views the bytes are the same as before.",
        ),
        (f"x = np.zeros({n})\ny = x.view(np.int64)\nnp.shares_memory(x, y)", "A view shares the memory."),
        (f"x = np.zeros({n})\ny = x.astype(np.int64)\nnp.shares_memory(x, y)", "astype copies."),
        (f"x = np.zeros({n})\nx.view(np.uint8)[:] = 0\nfloat(x[0]) + {k}", "Eight zero bytes are 0.0."),
        (
            f"x = np.zeros({n}, dtype=np.int16)\nx.view(np.uint8)[:] = 1\nint(x[0]) + {k}",
            f"Two bytes with value 1 are 1 + 256 in either byte order, plus {k}.",
        ),
        (f"int(np.array([True, False, True]).view(np.uint8).sum()) + {k}", "True is stored as the byte 1."),
        (f"int(np.array([-{k}], dtype=np.int8).view(np.uint8)[0])", f"Two's complement: 256 - {k}."),
        (
            f"x = np.zeros({n}, dtype=object)\nx.view(np.int64).size",
            "Pointers to objects must not be reinterpreted: TypeError.",
        ),
        (
            f"int(np.array([{k}], dtype='datetime64[D]').view(np.int64)[0])",
            f"A datetime64[D] is an int64 that counts days since 1970-01-01: {k}.",
        ),
    ]
    start = round(3 * hardness)
    code, why = forms[int(rng.integers(start, 5 + round(5 * hardness)))]
    return predict(code, why=why)


@drill("What is the value?")
def bits_of_floats(rng, hardness):
    power, k = int(rng.integers(-3, 8)), int(rng.integers(1, 200))
    value = float(2.0**power)
    x, y = (float(rng.choice([-1, 1])) * int(number) for number in rng.choice(np.arange(1, 40), 2, replace=False))
    order = "Positive floats have the same order as their bits."
    if x < 0 and y < 0:
        order = "Negative floats have the reverse order of their bits, because the magnitude grows."
    elif x * y < 0:
        order = "The sign bit is the highest bit, so a negative float reads as a negative integer."
    compared = f"bool(np.array([{x}]).view(np.int64)[0] < np.array([{y}]).view(np.int64)[0])"
    forms = [
        (compared, order),
        (
            f"int(np.array([{value}], dtype=np.float32).view(np.int32)[0] >> 23) - 127",
            f"Above 23 fraction bits is the exponent plus 127, and {value} is 2**{power}.",
        ),
        (
            f"int(np.nextafter(np.float64({k}), np.inf).view(np.int64) - np.float64({k}).view(np.int64))",
            "Adjacent positive floats are adjacent integers.",
        ),
        (
            f"int(np.array([{value}]).view(np.int64)[0] >> 52) - 1023",
            f"Above 52 fraction bits is the exponent plus 1023, and {value} is 2**{power}.",
        ),
        (compared.replace("int64", "uint64"), order.replace("a negative integer", "a very large unsigned integer")),
        (f"bool(np.array([-0.0]).view(np.uint64)[0] == 2**{k % 2 + 62})", "-0.0 is the sign bit alone: 2**63."),
        (
            f"bool(np.array([{k}], dtype=np.int64).view(np.float64)[0] > 1)",
            f"The integer {k} reads as a tiny subnormal number, {k} steps above 0.0.",
        ),
        (
            f"int(np.array([{2 * value}]).view(np.int64)[0] - np.array([{value}]).view(np.int64)[0]) == 2**52",
            "Doubling adds 1 to the exponent, which is above 52 bits.",
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(6 * hardness)))]
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------- inputs


def neighbours(rng, variant, given):
    """The numbers of `a`, a few steps away, or on the other side of zero."""
    a = given["a"]
    b = a.copy() if variant != "other side" else -a
    for _ in range(int(rng.integers(1, 4))):
        with np.errstate(all="ignore"):
            b = np.nextafter(b, a.dtype.type(math.inf if variant == "up" else -math.inf)).astype(a.dtype)
    return b


def is_like(b):
    return isinstance(b, np.ndarray) and b.ndim == 1 and b.dtype.kind == "f"


SPECIAL = ("nan", "inf", "-inf", "negative zero", "extremes")
NATIVE, SWAPPED = (("float64", "float32"), tuple(np.dtype(f).newbyteorder().str for f in ("f8", "f4")))


def inputs(dtypes, special):
    a = arrays("n", dtype=dtypes, holds=special)
    return {"a": a, "b": one_of(made(neighbours, "up", "down", "other side", valid=is_like), a)}


def alike(a, b):
    return a.dtype == b.dtype and a.shape == b.shape


def results(rng, n=150_000):
    a = rng.standard_normal(n)
    return {"a": a, "b": a * (1 + 1e-15 * rng.standard_normal(n))}


QUESTION = Question(
    kinds=["code", "predict"],
    difficulty="hard",
    topics=["Data Types", "Memory", "Numerics"],
    companies=["Microsoft"],
    asked=["microsoft-3"],
    entry_points=[
        Entry(
            ulp_distance,
            inputs(NATIVE, (*SPECIAL, "subnormal", "tiny", "huge")),
            where=alike,
            cases=[
                case(a=np.array([1.0]), b=np.array([np.nextafter(1.0, 2.0)])),
                case(a=np.array([0.0]), b=np.array([-0.0])),
                case(a=np.array([5e-324]), b=np.array([-5e-324])),
                case(a=np.array([-1.0]), b=np.array([np.nextafter(-1.0, 0.0)])),
                case(a=np.array([1.0, 4.0]), b=np.array([2.0, 3.0])),
                case(a=np.array([-1.0]), b=np.array([1.0])),
                case(a=np.array([-np.inf]), b=np.array([np.inf])),
                case(a=np.array([np.finfo(float).max]), b=np.array([np.inf])),
                case(a=np.array([np.nan, 1.0]), b=np.array([np.nan, np.nan])),
                case(a=np.array([-1.5], dtype=np.float32), b=np.array([1.5], dtype=np.float32)),
                case(a=np.array([1.0, 2.0], dtype=np.float32), b=np.array([1.0, 3.0], dtype=np.float32)),
                case(a=np.array([-0.0], dtype=np.float32), b=np.array([1e-45], dtype=np.float32)),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "other byte order",
            "Accepts the other byte order, such as '>f8' or '>f4' on most machines.",
            right_on(
                Entry(
                    ulp_distance,
                    inputs(SWAPPED, SPECIAL),
                    where=alike,
                    cases=[
                        case(a=np.array([1.0], dtype=SWAPPED[0]), b=np.array([2.0], dtype=SWAPPED[0])),
                        case(a=np.array([-1.0], dtype=SWAPPED[1]), b=np.array([1.5], dtype=SWAPPED[1])),
                    ],
                )
            ),
        ),
        Level("vectorized", "Uses no Python loop over the numbers.", no_python_loop(results)),
        Level(
            "memory",
            "In addition to the result, uses at most one more array of its size at a time, and a few masks.",
            peak_memory(results, outputs=2.5),
        ),
    ],
    hints=[
        "Read the eight bytes of 1.0 and of the adjacent float as int64: x.view(np.int64). How far apart are they?",
        "What about -1.0 and its neighbors, and 0.0 and -0.0? The sign of a float is a separate bit.",
        "Convert the integer to a signed position: from which number must you subtract it if it is "
        "negative, so that -0.0 gets position 0?",
        "Two positions may be almost 2**64 apart. Their int64 difference wraps around, but read as "
        "uint64 it is right if you know which one is larger.",
    ],
    spoken="""\
I view the floats as integers of the same size, because positive floats are ordered like their bits, and adjacent
floats are adjacent integers. For negative floats the order is reversed, so I subtract their bits from the lowest
integer, which also puts minus zero on zero. The distance is the larger position minus the smaller one, viewed as
uint64 because it can exceed int64. NaN needs a mask. A view copies nothing, while astype would convert the values.
""",
    explanation="""\
`x.view(dtype)` reads the same bytes with another dtype: nothing is copied, and a write appears in both arrays.
`x.astype(dtype)` converts the values into new memory.

>>> x = np.array([1.0, -1.0])
>>> x.astype(np.int64), [hex(bits) for bits in x.view(np.uint64).tolist()]
(array([ 1, -1]), ['0x3ff0000000000000', '0xbff0000000000000'])

*Layout.* With the same item size, any strides work. Otherwise the last axis must be contiguous (since NumPy 1.23, only
that one), its number of bytes must be a multiple of the new item size, and its length changes.

>>> np.zeros((3, 4), dtype=np.float32).view(np.float64).shape
(3, 2)

*Order of floats.* A float consists of sign, exponent and fraction, in this order, so positive floats are ordered like
their bits: neighbors differ by 1, even across powers of two. For negative floats the bits count away from zero, while
integers use two's complement. Subtracting from the lowest integer reverses that, and puts -0.0 (the sign bit alone) at
0:

>>> bits = np.array([-0.0, -5e-324, 5e-324]).view(np.int64)
>>> np.where(bits < 0, -(2**63) - bits, bits)
array([ 0, -1,  1])

*Overflow.* The difference of two positions needs unsigned 64 bits. int64 subtraction wraps around modulo 2**64, so
viewed as uint64 it is exact if the larger position comes first.

*Byte order.* A view ignores byte order: view '>f8' as '>i8', then `astype(np.int64)` swaps the bytes. NumPy 2 removed
the method `x.newbyteorder()`: write `x.view(x.dtype.newbyteorder())`.
""",
    points=[
        "view reads the same bytes with another dtype and copies nothing; astype converts values.",
        "With the same item size, any layout works. Otherwise the last axis must be contiguous and "
        "divide evenly, and its length changes.",
        "Writing to the view changes the original.",
        "Positive floats are ordered like their bits; negative ones in reverse, and -0.0 is 2**63.",
        "Differences of positions need uint64; unsigned wraparound makes them exact.",
        "Byte order is part of the dtype: keep it in the view, convert with astype.",
        "NaN has no position: mask it.",
    ],
    follow_ups={
        "When is a distance in steps better than a tolerance?": "If magnitudes vary widely, because it is a relative "
        "tolerance. Near 0 it is far too strict, so add an absolute "
        "tolerance.",
        "How does np.testing use it?": "assert_array_max_ulp counts such steps; "
        "assert_array_almost_equal_nulp allows a multiple of np.spacing "
        "instead.",
        "How do you sort floats with an integer radix sort?": "Sort by these positions: they have the same order as "
        "the floats.",
        "Can you view an object array with another dtype?": "No, that raises TypeError, because it would expose "
        "pointers.",
    },
    related=["float-comparison", "float-precision", "parse-binary-packet", "packed-bits", "complex-numbers"],
    equivalent={
        "ulp_distance: `distance < other` -> `distance <= other` in `below = distance < other`": "Negating 0 gives 0.",
    },
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.view.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.nextafter.html",
        "https://numpy.org/doc/stable/user/byteswapping.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.dtype.newbyteorder.html",
    ],
)
