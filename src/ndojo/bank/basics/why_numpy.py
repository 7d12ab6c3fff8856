"""Sum of squares: why NumPy is fast."""

import sys
import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    allocates_nothing,
    arrays,
    case,
    drill,
    faster_than,
    needs,
    no_python_loop,
    predict,
    trap,
    works,
)


def sum_of_squares(x):
    """Return the sum of the squares of all elements, computed in float64.

    For a recording, this is the energy of the signal. The function replaces this loop, which is right but slow::

        total = 0.0
        for sample in x:
            total += float(sample) * float(sample)

    Parameters
    ----------
    x : ndarray, shape (n,), float64, float32, int64, int16 or uint8
        The samples, ``n >= 0``. May be strided, reversed or read-only. Integers may have any value of their dtype.
        Floats may be NaN or infinite.

    Returns
    -------
    float
        Squares and sum are computed in float64 for every dtype of `x`, so nothing wraps around and float32 values are
        not rounded again. The result is 0.0 if n is 0, NaN if an element is NaN, and infinity if the sum exceeds the
        range of float64.

    Examples
    --------
    >>> sum_of_squares(np.array([3.0, 4.0]))
    25.0
    >>> sum_of_squares(np.array([200, 200], dtype=np.uint8))
    80000.0
    """
    samples = np.asarray(x, dtype=np.float64)
    return float(np.dot(samples, samples))


@works(fails="vectorized")
def by_loop(x):
    """The loop: one Python object and several calls per sample."""
    total = 0.0
    for sample in x:
        total += float(sample) * float(sample)
    return total


@works()
def by_einsum(x):
    """Multiplies and adds in one pass. It converts integers in small buffers, without a float64 copy of the input."""
    return float(np.einsum("i,i->", x, x, dtype=np.float64))


@works()
def by_vdot(x):
    """The method syntax and another name for the same BLAS routine."""
    return np.vdot(*[x.astype(np.float64, copy=False)] * 2).item()


@works(fails="memory")
def squares_then_sums(x):
    """One ufunc for the squares, one for the sum, and a temporary array as large as x between them."""
    with np.errstate(over="ignore"):
        return float(np.square(x, dtype=np.float64).sum())


@trap(
    "np.dot multiplies and adds in the dtype of x: uint8 silently wraps around modulo 256, int16 "
    "modulo 65536. Convert first."
)
def dot_of_narrow(x):
    return float(np.dot(x, x))


@trap(
    "sum(dtype=...) sets only the dtype of the sum. The squares are computed before: 200 * 200 in uint8 "
    "is 64. Convert before you multiply."
)
def sums_wide(x):
    with np.errstate(all="ignore"):
        return float(np.sum(x * x, dtype=np.float64))


@trap(
    "int64 only moves the limit: the square of a value above 3.04e9 does not fit and wraps around. "
    "float64 can represent it."
)
def in_int64(x):
    if x.dtype.kind in "iu":
        x = x.astype(np.int64)
    samples = x.astype(np.int64 if x.dtype.kind == "i" else np.float64)
    return float(np.dot(samples, samples))


@trap(
    "np.linalg.norm of float32 computes in float32: about seven digits, and squares above 3.4e38 "
    "overflow. Convert first."
)
def norm_squared(x):
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(x) ** 2)


@trap("The square of the sum is not the sum of the squares: square each element first.")
def square_of_sum(x):
    with np.errstate(all="ignore"):
        return float(np.sum(x, dtype=np.float64) ** 2)


@trap("Python's sum starts with the int 0, and a sum of ints is an int. Convert the result to float.", verdict="WT")
def python_ints(x):
    return sum(sample * sample for sample in x.tolist())


@trap(
    "Python's float ** raises OverflowError if the result is out of range, while * and NumPy return infinity.",
    verdict="RE",
)
def python_power(x):
    total = 0.0
    for sample in x:
        total += float(sample) ** 2
    return total


@trap(
    "With keepdims=True the sum is an array of shape (1,). Omit keepdims, or extract the number with .item().",
    verdict="WT",
)
def keeps_an_axis(x):
    with np.errstate(all="ignore"):
        return np.sum(np.square(x, dtype=np.float64), keepdims=True)


@drill("What is the value, or which error is raised?")
def wraps_round(rng, hardness):
    dtype, bits = [("uint8", 8), ("int8", 8), ("int16", 16), ("uint16", 16)][
        int(rng.integers(0, 2 + round(2 * hardness)))
    ]
    high = 2 ** (bits - (dtype[0] == "i")) - 1
    a, b = int(rng.integers(high - 20, high + 1)), int(rng.integers(2, 12))
    c = int(rng.integers(16, 30) if bits == 8 else rng.integers(257, 330))
    x = f"x = np.array([{a}], dtype={dtype!r})\n"
    y = f"x = np.array([{c}], dtype={dtype!r})\n"
    wrapped = f"modulo 2**{bits}" + (f", from {-high - 1} to {high}" if dtype[0] == "i" else "")
    easy = [
        (x + f"int((x + np.array([{b}], dtype={dtype!r}))[0])", f"The sum stays {dtype}: {a} + {b} {wrapped}."),
        (x + "int((x + x)[0])", f"The sum stays {dtype}: {a} + {a} {wrapped}."),
        (x + f"int(x[0]) + {b}", "int() gives a Python int, which never wraps around."),
        (x + f"int((x.astype('int64') + {b})[0])", "int64 has enough room for this sum."),
        (y + "int((x * x)[0])", f"The product stays {dtype}: {c} * {c} {wrapped}."),
    ]
    hard = [
        (x + f"int((x + {b})[0])", f"NEP 50: a Python int adapts to the array, so this is {a} + {b} {wrapped}."),
        (
            x + f"int((x + {2**bits})[0])",
            f"NEP 50: {2**bits} would have to be converted to {dtype}, and it does not fit: OverflowError.",
        ),
        (
            x + "int(np.sum(np.repeat(x, 2)))",
            "sum of a narrow integer dtype is computed in the default integer, which has room for this sum.",
        ),
        (y + "int(np.dot(x, x))", f"dot multiplies and adds in {dtype}: {c} * {c} {wrapped}."),
        (
            y + "int(np.sum(x ** 2))",
            f"The square is computed in {dtype}: {c} * {c} {wrapped}. Only the sum uses a wider dtype.",
        ),
        (
            y + "int(np.sum(x * x, dtype=np.float64))",
            f"dtype= applies to the sum. x * x is computed before, in {dtype}: {c} * {c} {wrapped}.",
        ),
        (x + "float(np.mean(np.repeat(x, 2)))", "mean of integers is computed in float64."),
        (y + "float(np.square(x, dtype=np.float64)[0])", "With dtype= the ufunc converts its input before it squares."),
    ]
    kinds = easy if hardness < 0.3 else hard if hardness > 0.6 else easy + hard
    code, why = kinds[int(rng.integers(len(kinds)))]
    return predict(code, why=why)


@drill("What is the dtype of this array or number?")
def dtype_of_result(rng, hardness):
    narrow = str(rng.choice(["int8", "int16", "uint8"]))
    n = int(rng.integers(3, 9))
    easy = [
        (
            f"np.zeros({n}, dtype={narrow!r}) * np.zeros({n}, dtype={narrow!r})",
            "Operands with the same dtype give that dtype.",
        ),
        (f"np.zeros({n}, dtype={narrow!r}) / {n}", "True division of integers gives float64."),
        (f"np.array([1] * {n})", "Python ints become NumPy's default integer, int64 on 64-bit platforms."),
        (f"np.array([1, 2.5] * {n})", "One float makes all elements float64: an array has a single dtype."),
        (f"np.zeros({n})", "zeros uses float64 by default."),
        (f"np.array([True, False] * {n})", "Python bools become NumPy's bool with one byte each."),
        (f"np.array([1, True] * {n})", "Among ints, a bool becomes an int."),
    ]
    hard = [
        (f"np.zeros({n}, dtype={narrow!r}) + 1", f"NEP 50: a Python int adapts to the array, so it stays {narrow}."),
        (f"np.zeros({n}, dtype='float32') * 2.0", "NEP 50: a Python float adapts to the array, so it stays float32."),
        (
            f"np.zeros({n}, dtype='float32') * np.float64(2)",
            "NEP 50: a NumPy scalar has a dtype and is promoted like an array.",
        ),
        (f"np.zeros({n}, dtype={narrow!r}) + 0.5", "A Python float and an integer array give float64."),
        (
            f"np.zeros({n}, dtype='int32') + np.zeros({n}, dtype='float32')",
            "float32 cannot represent every int32, so both are promoted to float64.",
        ),
        (f"np.zeros({n}, dtype='int16') + np.zeros({n}, dtype='float32')", "float32 can represent every int16."),
        (
            f"np.dot(np.zeros({n}, dtype={narrow!r}), np.zeros({n}, dtype={narrow!r}))",
            f"dot computes in the dtype of its operands, {narrow}.",
        ),
        (f"np.square(np.zeros({n}, dtype={narrow!r}))", f"The square of {narrow} is {narrow}, whether it fits or not."),
        (f"np.mean(np.zeros({n}, dtype={narrow!r}))", "mean of integers is computed in float64."),
        (f"np.mean(np.zeros({n}, dtype='float32'))", "mean of float32 is float32."),
        (
            f"np.zeros({n}, dtype='int64') + np.zeros({n}, dtype='uint64')",
            "No integer dtype can represent both ranges, so they are promoted to float64.",
        ),
        (
            f"np.zeros({n}, dtype='int8') + np.zeros({n}, dtype='uint8')",
            "int16 is the smallest dtype that can represent both ranges.",
        ),
    ]
    kinds = easy if hardness < 0.3 else hard if hardness > 0.6 else easy + hard
    asked, why = kinds[int(rng.integers(len(kinds)))]
    return predict(f"({asked}).dtype", why=why)


@drill("What is the value, or which error is raised?")
def list_or_array(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(1, 9, 3))
    k = int(rng.integers(2, 4))
    asked, why = [
        (f"[{a}, {b}] * {k}", "Multiplying a list by k repeats it k times."),
        (f"(np.array([{a}, {b}]) * {k}).tolist()", "An array times k multiplies every element."),
        (f"[{a}, {b}] + [{c}]", "+ concatenates lists."),
        (
            f"(np.array([{a}, {b}]) + np.array([{c}])).tolist()",
            "Arrays are added element by element, and the single element is broadcast.",
        ),
        (
            f"(np.array([{a}, {b}]) + [{c}, {k}]).tolist()",
            "One array is enough: the list is converted to an array, then added.",
        ),
        (f"([{a}, {b}, {c}] == [{a}, {b}, {k}])", "Lists are compared as a whole, and the result is one bool."),
        (
            f"(np.array([{a}, {b}, {c}]) == np.array([{a}, {b}, {k}])).tolist()",
            "Arrays are compared element by element.",
        ),
        (f"[{a}, {b}] ** 2", "A list does not support powers: TypeError."),
        (f"(np.array([{a}, {b}]) ** 2).tolist()", "Every element is squared."),
        (
            f"np.array([[{a}, {b}], [{c}]]).shape",
            "All rows must have the same length: since NumPy 1.24, ragged lists raise ValueError.",
        ),
        (
            f"bool(np.array([{a}, {b}]) > {c})",
            "An array with several elements has no single truth value: ValueError. Use any() or all().",
        ),
        (f"len(np.zeros(({k}, {a})))", "len is the length of the first axis, not the number of elements."),
        (
            f"(np.array([{a}, {b}]) + np.array([{a}, {b}, {c}])).tolist()",
            "Lengths 2 and 3 cannot be broadcast: ValueError.",
        ),
        (f"sum([[{a}], [{b}]], [])", "Python's sum concatenates lists with +."),
        (f"sum(np.array([[{a}, {b}], [{c}, {k}]])).tolist()", "Python's sum adds the rows of an array."),
        (f"np.sum([[{a}, {b}], [{c}, {k}]]).item()", "Without an axis, np.sum adds all elements."),
        (f"np.array([{a}, '{b}']).tolist()", "One string makes all elements strings: an array has a single dtype."),
    ][int(rng.integers(round(5 * hardness), 9 + round(8 * hardness)))]
    return predict(asked, why=why)


@drill("How many bytes?")
def bytes_of_data(rng, hardness):
    n = int(rng.integers(3, 30)) * 10
    dtype = str(rng.choice(["int8", "int16", "float32", "float64", "complex128", "bool"]))
    size = np.dtype(dtype).itemsize
    each = f"{size} byte{'s' * (size > 1)}"
    rows, columns = int(rng.integers(2, 9)), int(rng.integers(2, 9))
    step = int(rng.integers(2, 5))
    asked, why = [
        (f"np.zeros({n}, dtype={dtype!r}).nbytes", f"{n} elements of {each} each, without per-element objects."),
        (f"np.zeros(({rows}, {columns}), dtype={dtype!r}).nbytes", f"{rows} * {columns} elements of {each}."),
        (f"np.dtype({dtype!r}).itemsize", f"One element of {dtype} takes {each}."),
        (f"(np.zeros({n}, dtype={dtype!r}) > 0).nbytes", "A bool takes one byte, not one bit."),
        (f"np.zeros({n}, dtype={dtype!r})[::{step}].nbytes", f"The view has {-(-n // step)} elements of {each}."),
        (f"np.zeros({n}, dtype={dtype!r})[::{step}].strides[0]", f"The next element of the view is {step} elements "
                                                                 f"of {each} away."),
        (f"np.zeros(({rows}, {columns}), dtype={dtype!r}).strides[0]", f"The next row is {columns} elements of "
                                                                       f"{each} away."),
        (f"np.broadcast_to(np.zeros({columns}, dtype={dtype!r}), ({rows}, {columns})).nbytes",
         "nbytes is the number of elements times the item size, {rows} * {columns} * {size}, even though "
         "all rows are the same memory."),
        (f"np.array([None] * {n}).nbytes", "An object array stores {n} pointers, of 8 bytes on a 64-bit "
                                           "platform. The objects themselves are not counted."),
        (f"np.array(['{'ab' * step}'] * {n}).nbytes", f"{n} strings of {2 * step} characters with 4 bytes per "
                                                      "character."),
    ][int(rng.integers(round(3 * hardness), 4 + round(6 * hardness)))]  # fmt: skip
    return predict(asked, why=why)


def show_race():
    rng = np.random.default_rng(1)
    x = rng.standard_normal(200_000)
    numbers = x.tolist()
    small, short = x[:3].copy(), numbers[:3]

    def report(text, act, repeat=1):
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            for _ in range(repeat):
                act()
            best = min(best, (time.perf_counter() - start) / repeat)
        print(f"{text:34} {1e6 * best:10,.1f} us")

    print(f"sum of the squares of {len(numbers):,} numbers")
    report("list, sum(v * v for v in numbers)", lambda: sum(v * v for v in numbers))
    report("array, one element at a time", lambda: by_loop(x))
    report("array, np.square(x).sum()", lambda: np.square(x).sum(), 20)
    report("array, np.dot(x, x)", lambda: np.dot(x, x), 20)
    print("and of 3 numbers")
    report("list", lambda: sum(v * v for v in short), 2000)
    report("array, np.square(x).sum()", lambda: np.square(small).sum(), 2000)
    listed = sys.getsizeof(numbers) + len(numbers) * sys.getsizeof(1.0)
    print(f"memory: list {listed / 1e6:.1f} MB, array {x.nbytes / 1e6:.1f} MB")


def signal(rng, n=100_000):
    return {"x": rng.integers(-30_000, 30_000, n).astype(np.int16)}


LEAST = needs(bytes=lambda x: x.nbytes, operations=lambda x: 2 * x.size)


def long_signal(rng):
    return {"x": rng.standard_normal(1_000_000)}


QUESTION = Question(
    kinds=["predict", "explain", "code"],
    difficulty="easy",
    topics=["Basics", "Performance"],
    companies=["Google", "Amazon", "Meta", "Netflix"],
    asked=["T1"],
    entry_points=[
        Entry(
            sum_of_squares,
            {
                "x": arrays(
                    "n",
                    dtype=("float64", "int16", "uint8", "int64", "float32"),
                    holds=("extremes", "nan", "inf", "-inf"),
                )
            },
            cases=[
                case(x=np.array([200, 200], dtype=np.uint8)),
                case(x=np.array([-32768, 32767], dtype=np.int16)),
                case(x=np.array([4_000_000_000, 1])),
                case(x=np.array([-(2**63), 2**63 - 1])),
                case(x=np.array([1.1, 2.3, 1e20], dtype=np.float32)),
                case(x=np.array([0.1, 0.2, 0.3], dtype=np.float32)),
                case(x=np.array([1e200, 1.0])),
                case(x=np.array([3.0, -4.0])),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("vectorized", "Uses no Python loop over the elements.", no_python_loop(signal)),
        Level(
            "fast",
            "At least 10 times faster than the loop.",
            faster_than(by_loop, 10, signal, needs=LEAST),
        ),
        Level(
            "memory",
            "For a million float64 elements, allocates no other array.",
            allocates_nothing(long_signal),
        ),
    ],
    hints=[
        "What is np.array([200], dtype=np.uint8) ** 2? In which dtype is a product computed, and in which a sum?",
        "Convert first, but avoid a copy if the dtype is already float64.",
        "The sum of squares is the product of a vector with itself. Which function multiplies and adds in one call?",
    ],
    spoken="""\
NumPy is fast because an array is one block of memory with a single dtype, so the type is checked once per call and a
compiled loop runs over adjacent numbers, using the cache and SIMD instructions well. A list stores pointers to Python
objects, and the interpreter checks and allocates an object for every element. The price is fixed-width types, so I
convert to float64 before squaring to avoid wraparound. For the sum of squares I use `np.dot`, which calls BLAS and
needs no temporary array.
""",
    explanation="""\
A list stores pointers to Python objects, which may be anywhere in memory and of any type. For every element the
interpreter loads the object, looks up its type, finds the multiplication, creates a new object for the result and
counts references.

An array is one block of numbers of one type, with a dtype, a shape and strides. The type is checked once per call, not
once per element, and then a compiled loop runs over the block. Adjacent numbers share cache lines, and NumPy's loops
use SIMD instructions that are chosen for the processor at run time. `dot` calls BLAS, which is tuned for each
processor.

*The price is fixed width.* Results keep the dtype, and integers silently wrap around:

>>> x = np.array([200, 200], dtype=np.uint8)
>>> x * x
array([64, 64], dtype=uint8)
>>> np.dot(x, x), np.sum(x * x, dtype=np.float64)
(np.uint8(128), np.float64(128.0))

So convert before you multiply. `asarray` copies only if it has to:

>>> samples = np.asarray(x, dtype=np.float64)
>>> float(np.dot(samples, samples))
80000.0

Since NumPy 2, a Python number adapts to the array's dtype (NEP 50): `x + 1` stays uint8, and `x + 256` raises
OverflowError.

*NumPy is not always faster.* A call costs about a microsecond, so a list is faster for three numbers. A Python loop
over an array is slower than one over a list, because each element becomes a new object. Object arrays are as slow as
lists. Each step of `np.square(x).sum()` reads or writes the whole array once more.
""",
    points=[
        "An array is one block of numbers of one dtype, contiguous or strided. A list stores pointers to objects.",
        "The type is checked once per call, not once per element, and the loop runs in compiled code.",
        "Adjacent elements use the cache and SIMD well; dot and matmul use BLAS.",
        "No object per element: a float64 takes 8 bytes, a float in a list about 32.",
        "Fixed width: integers silently wrap around, and a product keeps the narrow dtype.",
        "NumPy 2 (NEP 50): Python numbers adapt to the array's dtype, regardless of their value.",
        "Small arrays, loops over single elements and object dtype are no faster than lists, often slower.",
        "Temporary arrays cost memory traffic: one dot is cheaper than a square and a sum.",
    ],
    follow_ups={
        "Does np.vectorize make code fast?": "No. It calls the Python function once per element.",
        "Does NumPy use several cores?": "BLAS may, for matmul and dot. A ufunc runs on one core.",
        "How accurate is the sum?": "Along the contiguous axis, np.sum uses pairwise summation, so its "
        "error grows only with log n. Along other axes it adds one after "
        "another. math.fsum rounds only once.",
    },
    related=["list-vs-array", "integer-overflow", "vectorize-a-loop", "simd-and-dtypes"],
    links=[
        "https://numpy.org/doc/stable/user/whatisnumpy.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.dot.html",
        "https://numpy.org/doc/stable/user/basics.types.html#overflow-errors",
    ],
    live=show_race,
)
