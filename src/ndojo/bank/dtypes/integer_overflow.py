"""Saturating addition of integer arrays."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    no_python_loop,
    peak_memory,
    predict,
    trap,
    works,
)


def saturating_add(a, b):
    """Return the sum of two integer arrays, limited to the range of their dtype instead of wrapping around.

    An audio mixer needs this: a loud passage must not become a click, as it would with NumPy's own ``a + b``.

    Parameters
    ----------
    a, b : ndarray, shape (n,), both with the same integer dtype
        The dtype is int8, int16, int32, int64, uint8, uint16, uint32 or uint64. ``n >= 0``. May be strided, reversed or
        read-only, and may be the same array.

    Returns
    -------
    ndarray, shape (n,), same dtype as `a`
        The exact sum if the dtype can represent it, otherwise the largest or smallest value of the dtype, the one
        nearer to the sum.

    Examples
    --------
    >>> saturating_add(np.array([100, -100, 5], dtype=np.int8), np.array([100, -100, -7], dtype=np.int8))
    array([ 127, -128,   -2], dtype=int8)
    >>> saturating_add(np.array([250, 3], dtype=np.uint8), np.array([10, 4], dtype=np.uint8))
    array([255,   7], dtype=uint8)
    """
    limits = np.iinfo(a.dtype)
    least = np.minimum(a, 0)
    np.subtract(limits.min, least, out=least)
    most = np.maximum(a, 0)
    np.subtract(limits.max, most, out=most)
    # The clipped b is written to `most`, and the sum is written to the clipped b.
    np.clip(b, least, most, out=most)
    most += a
    return most


@works()
def by_masks(a, b):
    """Adds with wraparound, then fixes the elements whose sum is on the wrong side of a."""
    total = a + b
    total[(b > 0) & (total < a)] = np.iinfo(a.dtype).max
    total[(b < 0) & (total > a)] = np.iinfo(a.dtype).min
    return total


@works(fails="memory")
def by_signs(a, b):
    """Signed: both operands have one sign and the sum the other. Unsigned: the carry shows it."""
    limits = np.iinfo(a.dtype)
    total = a + b
    if a.dtype.kind == "u":
        return np.where(total < a, a.dtype.type(limits.max), total)
    wrapped = ((a ^ total) & (b ^ total)) < 0
    limit = np.where(a < 0, a.dtype.type(limits.min), a.dtype.type(limits.max))
    return np.where(wrapped, limit, total)


@works(fails="memory")
def by_objects(a, b):
    """Python integers never overflow, but each takes about 30 bytes."""
    limits = np.iinfo(a.dtype)
    return np.clip(a.astype(object) + b.astype(object), limits.min, limits.max).astype(a.dtype)


@works(fails="vectorized")
def by_loop(a, b):
    """One element at a time in Python."""
    limits = np.iinfo(a.dtype)
    sums = [min(max(int(x) + int(y), limits.min), limits.max) for x, y in zip(a, b, strict=True)]
    return np.array(sums, dtype=a.dtype)


@trap("Clipping comes too late: a + b has already wrapped around, and a wrapped value is inside the range.")
def clips_the_sum(a, b):
    limits = np.iinfo(a.dtype)
    return np.clip(a + b, limits.min, limits.max)


@trap("No integer dtype is wider than 64 bits, so for int64 and uint64 the sum still wraps around.")
def widens_to_int64(a, b):
    limits = np.iinfo(a.dtype)
    total = a.astype(np.int64) + b.astype(np.int64)
    return np.clip(total, limits.min, min(limits.max, np.iinfo(np.int64).max)).astype(a.dtype)


@trap("float64 has 53 bits: integers above 2**53 are rounded, so 64-bit sums lose their last digits.")
def goes_through_float(a, b):
    limits = np.iinfo(a.dtype)
    total = a.astype(np.float64) + b.astype(np.float64)
    with np.errstate(invalid="ignore"):
        inside = total.astype(a.dtype)
    return np.where(
        total >= limits.max,
        a.dtype.type(limits.max),
        np.where(total <= limits.min, a.dtype.type(limits.min), inside),
    )


@trap("The result must have the dtype of the inputs: cast the wide sum back.", verdict="WT")
def stays_wide(a, b):
    limits = np.iinfo(a.dtype)
    wide = np.dtype(f"i{min(2 * a.itemsize, 8)}")
    total = a.astype(wide) + b.astype(wide)
    return np.clip(total, limits.min, min(limits.max, np.iinfo(wide).max))


@trap("max - a overflows if a is negative, and min - a overflows if a is positive. Test the sign first.")
def overflows_in_the_test(a, b):
    limits = np.iinfo(a.dtype)
    low, high = a.dtype.type(limits.min), a.dtype.type(limits.max)
    with np.errstate(over="ignore"):
        return np.where(b > high - a, high, np.where(b < low - a, low, a + b))


@trap(
    "A sum below a means overflow only for unsigned dtypes. For signed dtypes, a negative b also gives a sum below a."
)
def compares_as_unsigned(a, b):
    total = a + b
    return np.where(total < a, a.dtype.type(np.iinfo(a.dtype).max), total)


@trap("Two negative numbers overflow below the range: their sum becomes the smallest value, not the largest.")
def always_at_the_top(a, b):
    total = a + b
    wrapped = ((b > 0) & (total < a)) | ((b < 0) & (total > a))
    return np.where(wrapped, a.dtype.type(np.iinfo(a.dtype).max), total)


# ------------------------------------------------------------------------------------------------------------ drills


def wrapped(value, dtype):
    """What `value` becomes in `dtype`, and a sentence about it."""
    limits = np.iinfo(dtype)
    size = limits.max - limits.min + 1
    got = (value - limits.min) % size + limits.min
    name = np.dtype(dtype).name
    if got == value:
        return f"{value} fits in {name}, {limits.min} to {limits.max}."
    sign = "less" if got < value else "more"
    times = abs(value - got) // size
    step = f"{size}" if times == 1 else f"{times} times {size}"
    return f"{value} is outside {name}, {limits.min} to {limits.max}: it wraps around to {got}, {step} {sign}."


@drill("What is the value?")
def arithmetic(rng, hardness):
    dtype = str(rng.choice(["int8", "uint8"] if hardness < 0.6 else ["int8", "uint8", "int16", "uint16"]))
    limits = np.iinfo(dtype)
    sign = "+-"[int(rng.random() < hardness * 0.6)]
    if hardness > 0.7 and rng.random() < 0.5:
        sign = "*"
    top = limits.max if sign != "*" else limits.max // 4
    x = int(rng.integers(top // 2, top, endpoint=True))
    y = int(rng.integers(2, 6) if sign == "*" else rng.integers(top // 4, top, endpoint=True))
    if sign == "-":
        x, y = (-x if dtype[0] == "i" else x // 2), y
    exact = {"+": x + y, "-": x - y, "*": x * y}[sign]
    return predict(
        f"""
        x = np.array([{x}], dtype=np.{dtype})
        y = np.array([{y}], dtype=np.{dtype})
        (x {sign} y)[0]
        """,
        why=wrapped(exact, dtype),
    )


@drill("What is the value, or which error is raised?")
def python_integers(rng, hardness):
    dtype = str(rng.choice(["int8", "uint8"]))
    limits = np.iinfo(dtype)
    inside = rng.random() < 0.4
    k = int(rng.integers(20, 100) if inside else rng.integers(limits.max + 1, limits.max + 200))
    refused = f"A Python int adapts to the array's dtype (NumPy 2), and {k} does not fit in {dtype}: OverflowError."
    x = int(rng.integers(1, 50))
    total = wrapped(x + k, dtype)
    sign, other = str(rng.choice(["<", ">", "=="])), k * int(rng.choice([1, 1, -1]))
    forms = [
        (f"(np.array([{x}], dtype=np.{dtype}) + {k})[0]", total if inside else refused),
        (
            f"np.array([{k}], dtype=np.{dtype})[0]",
            f"{k} fits." if inside else f"{k} does not fit: NumPy 1 wrapped it around, NumPy 2 raises OverflowError.",
        ),
        (f"np.array([{k}]).astype(np.{dtype})[0]", f"astype casts without a range check: {wrapped(k, dtype)}"),
        (
            f"(np.array([{x}], dtype=np.{dtype}) {sign} {other})[0]",
            "Comparisons with a Python int are exact, even if it does not fit in the dtype.",
        ),
        (
            f"np.{dtype}({k})",
            f"{k} fits."
            if inside
            else f"Since NumPy 2, {dtype} rejects {k} with OverflowError instead of wrapping it around.",
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(3 * hardness)))]
    return predict(code, why=why)


@drill("What is the dtype of this?")
def dtypes(rng, hardness):
    one, other = (str(name) for name in rng.choice(["int8", "uint8", "int16", "uint16", "int32", "uint32"], 2))
    k = int(rng.integers(1, 100))
    wide = np.result_type(one, other)
    same = f"Both are {one}: nothing is widened, regardless of the values." if one == other else ""
    forms = [
        (f"(np.ones(3, dtype=np.{one}) + {k}).dtype", f"A Python int adapts to the array's dtype, {one} (NumPy 2)."),
        (
            f"(np.ones(3, dtype=np.{one}) + np.ones(3, dtype=np.{other})).dtype",
            same or f"{wide} is the smallest dtype that can represent every {one} and every {other}.",
        ),
        (
            f"(np.ones(3, dtype=np.{one}) * np.int64({k})).dtype",
            "In NumPy 2, np.int64 counts as its dtype, even for a scalar. Its value does not matter.",
        ),
        (
            f"(np.ones(3, dtype=np.uint64) + np.full(3, {k}, dtype=np.{one})).dtype",
            "Of two unsigned dtypes, the larger one is the result."
            if one[0] == "u"
            else "No integer dtype can represent all of uint64 and negative numbers, so NumPy uses float64.",
        ),
        (
            f"np.ones({k}, dtype=np.{one}).sum().dtype",
            "sum widens a narrow dtype to the default integer of the same signedness, 64 bits on 64-bit platforms.",
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(3 * hardness)))]
    return predict(code, why=why)


@drill("What is the value?")
def reductions(rng, hardness):
    x, y = (int(k) for k in rng.integers(60, 127, 2))
    products = x * x + y * y
    stays = "keeps int8 throughout"
    forms = [
        ("x.sum()", f"sum adds in the default integer: {x} + {y} = {x + y}."),
        ("(x + x)[0]", f"Adding arrays keeps int8: {wrapped(2 * x, 'int8')}"),
        ("x.sum(dtype=np.int8)", f"With dtype=np.int8, the sum is computed in int8: {wrapped(x + y, 'int8')}"),
        ("x.cumsum()[1]", f"cumsum uses the default integer, like sum: {x + y}."),
        ("x.prod()", f"prod multiplies in the default integer: {x * y}."),
        ("x @ x", f"A matrix product {stays}: {wrapped(products, 'int8')}"),
        ("np.add(x, x, dtype=np.int16)[1]", f"With dtype=np.int16 the inputs are cast first: {2 * y}."),
    ]
    code, why = forms[int(rng.integers(3 + round(4 * hardness)))]
    return predict(f"x = np.array([{x}, {y}], dtype=np.int8)\n{code}", why=why)


@drill("What is the value?")
def edges(rng, hardness):
    dtype = str(rng.choice(["int8", "int16"]))
    low = np.iinfo(dtype).min
    v = low if rng.random() < 0.3 + 0.4 * hardness else -int(rng.integers(1, 120))
    a, b = (int(k) for k in rng.integers(1, 200, 2))
    minus = f"{-v} fits in {dtype}." if v != low else f"{dtype} ends at {-low - 1}: {-v} wraps around to {low}."
    doubled = f"A shift by 1 doubles: {wrapped(2 * a, 'uint8')}"
    shrunk = f"In uint8, {b} - {a}: {wrapped(b - a, 'uint8')}"
    forms = [
        (f"np.abs(np.array([{v}], dtype=np.{dtype}))[0]", minus),
        (f"(-np.array([{v}], dtype=np.{dtype}))[0]", minus),
        (f"np.diff(np.array([{a}, {b}], dtype=np.uint8))[0]", shrunk),
        (f"(-np.array([{a}], dtype=np.uint8))[0]", wrapped(-a, "uint8")),
        (f"(~np.array([{a}], dtype=np.uint8))[0]", f"All eight bits are inverted: 255 - {a}."),
        (f"(np.array([{a}], dtype=np.uint8) << 1)[0]", doubled),
    ]
    code, why = forms[int(rng.integers(3 + round(3 * hardness)))]
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------ inputs

DTYPES = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")


def extremes(dtype):
    """Cases of one dtype: one pair each at the upper and the lower end, then every pair of edge values."""
    limits = np.iinfo(dtype)
    edges = [limits.min, limits.min + 1, limits.max // 2, limits.max - 1, limits.max, 0, 1]
    if limits.min:
        edges += [-1, limits.min // 2]
    a, b = (pair.ravel() for pair in np.meshgrid(np.array(edges, dtype=dtype), np.array(edges, dtype=dtype)))
    ends = [(limits.max, 1), (limits.min, -1 if limits.min else 1), (limits.max - 1, 1)]
    pairs = [case(a=np.array([x], dtype=dtype), b=np.array([y], dtype=dtype)) for x, y in ends]
    return [*pairs, case(a=a, b=b)]


def tracks(rng, n=600_000):
    a, b = rng.integers(-(2**15), 2**15, (2, n), dtype=np.int16)
    return {"a": a, "b": b}


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="medium",
    topics=["Data Types"],
    companies=["Meta"],
    asked=["meta-7"],
    entry_points=[
        Entry(
            saturating_add,
            {
                "a": arrays("n", dtype=DTYPES, low=-(2**63), high=2**64 - 1),
                "b": arrays("n", dtype=DTYPES, low=-(2**63), high=2**64 - 1),
            },
            where=lambda a, b: a.dtype == b.dtype,
            cases=[one for dtype in DTYPES for one in extremes(dtype)],
        )
    ],
    levels=[
        Level("right"),
        Level("vectorized", "Uses no Python loop over the elements.", no_python_loop(tracks)),
        Level(
            "memory",
            "For int16, uses less than three arrays of the size of the result at a time, including the result.",
            # by_masks takes 2.5, or 2 if NumPy reuses temporary arrays, which it does not do on Python 3.14.
            peak_memory(tracks, outputs=2.75),
        ),
    ],
    hints=[
        "You can prevent an overflow or detect it afterwards. Which differences can you compute that never overflow?",
        "If a is positive, how much may b add at most? If a is negative, how much may it subtract at most?",
        "np.clip accepts arrays as limits.",
    ],
    spoken="""\
Integer arrays wrap around silently, and clipping afterwards is too late because the wrapped value is already inside
the range. Widening works up to 32 bits but doubles memory, and nothing is wider than 64 bits. So I clip b to the room
that a leaves: at most `max - a` if a is positive, at least `min - a` if a is negative, using maximum and
minimum with zero so these differences cannot overflow. Then the addition is safe for every signed and unsigned dtype.
""",
    explanation="""\
Integer arrays wrap around without a warning: NumPy does not check the elements, and `np.errstate(over="raise")` changes
nothing. (A scalar operation such as `np.int8(100) + np.int8(100)` wraps around too, but with a RuntimeWarning.)

>>> np.array([100], np.int8) + np.array([100], np.int8)
array([-56], dtype=int8)

Clipping the sum is too late. Widening works up to 32 bits and is often the fastest way for narrow dtypes, at twice the
memory. For 64 bits no wider integer dtype exists, and float64 is exact only up to 2**53.

*Prevent the overflow:* limit b to the room that a leaves. For a positive a that is `max - a` above, and for a negative
a `min - a` below. With `np.maximum(a, 0)` and `np.minimum(a, 0)` neither difference can overflow, for signed and
unsigned dtypes:

>>> a, b = np.array([100, -100, 5], np.int8), np.array([100, -100, -7], np.int8)
>>> least, most = -128 - np.minimum(a, 0), 127 - np.maximum(a, 0)
>>> a + np.clip(b, least, most)
array([ 127, -128,   -2], dtype=int8)

*Or detect it:* for b > 0, the sum has wrapped around exactly if it is less than a.

*Python integers.* Since NumPy 2 (NEP 50), a Python int adapts to the array's dtype, regardless of its value: `x + 1`
stays uint8. A value that does not fit raises OverflowError, while NumPy 1 widened the dtype or wrapped around.

>>> np.array([1], np.uint8) + 300
Traceback (most recent call last):
...
OverflowError: Python integer 300 out of bounds for uint8

Sums are safer: `sum`, `prod` and `cumsum` of narrow integers use the default integer, 64 bits on 64-bit platforms. `@`
keeps the dtype.
""",
    points=[
        "Integer arrays wrap around silently; errstate does not detect it.",
        "Clipping after the sum is too late: limit b to the room that a leaves, or compare the sum with a.",
        "max - a and min - a may overflow: compute them from max(a, 0) and min(a, 0).",
        "Widening costs memory and ends at 64 bits; float64 is exact only up to 2**53.",
        "NumPy 2: a Python int adapts to the array's dtype, and one that does not fit raises OverflowError.",
        "sum, prod and cumsum widen to the default integer; + and @ keep the dtype.",
        "np.iinfo gives the limits of a dtype; out= avoids temporary arrays.",
    ],
    follow_ups={
        "How would you only detect an overflow?": "Compare: `((b > 0) & (total < a)) | ((b < 0) & (total > "
        "a))`, for signed and unsigned dtypes alike.",
        "What does abs return for the smallest int8?": "128 does not fit, so np.abs gives -128. Widen first, or "
        "view the result as unsigned: np.abs(x).view(np.uint8) "
        "contains 128.",
        "How do you subtract two uint8 images?": "Cast one of them to int16 first. For the absolute "
        "difference alone, np.maximum(a, b) - np.minimum(a, b) never "
        "wraps around.",
        "Which dtype does an accumulator need?": "One whose maximum exceeds n times the largest value: pass "
        "it as dtype= to sum, or use float64 up to 2**53.",
    },
    related=["safe-cast", "float32-vs-float64", "memory-footprint", "clip-values"],
    links=[
        "https://numpy.org/doc/stable/user/basics.types.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.iinfo.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.clip.html",
        "https://numpy.org/doc/stable/numpy_2_0_migration_guide.html",
    ],
)
