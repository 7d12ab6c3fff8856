"""Why NumPy is fast: the energy of a signal."""

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
    """Sum up the squares of all samples of a recording: the signal's energy.

    It replaces this loop, which is right and slow::

        total = 0.0
        for sample in x:
            total += float(sample) * float(sample)

    Parameters
    ----------
    x : ndarray, shape (n,), float64, float32, int64, int16 or uint8
        The samples. May be empty, strided, reversed or read-only. Integers may be as large as their dtype allows,
        floats may be NaN or infinite.

    Returns
    -------
    float
        Squared and summed in float64, whatever the dtype of `x`: nothing wraps round, and float32 is not rounded again.
        0.0 without samples, NaN if a sample is NaN, and infinity where the sum is beyond float64.

    Examples
    --------
    >>> sum_of_squares(np.array([3.0, 4.0]))
    25.0
    >>> sum_of_squares(np.array([200, 200], dtype=np.uint8))
    80000.0
    """
    samples = np.asarray(x, dtype=np.float64)
    return float(np.dot(samples, samples))


@works(fails="vectorised")
def by_loop(x):
    """The loop itself: an object and a few calls for every sample."""
    total = 0.0
    for sample in x:
        total += float(sample) * float(sample)
    return total


@works()
def by_einsum(x):
    """Multiplies and adds in one pass; converts an integer signal piece by piece, without a float64 copy of it."""
    return float(np.einsum("i,i->", x, x, dtype=np.float64))


@works()
def by_vdot(x):
    """Method syntax and another name of the same BLAS routine."""
    return np.vdot(*[x.astype(np.float64, copy=False)] * 2).item()


@works(fails="lean")
def squares_then_sums(x):
    """One ufunc for the squares, one for the sum, and an array as large as x between them."""
    with np.errstate(over="ignore"):
        return float(np.square(x, dtype=np.float64).sum())


@trap("np.dot multiplies and adds in the dtype of x: uint8 wraps round modulo 256, int16 modulo 65536, without a word.")
def dot_of_narrow(x):
    return float(np.dot(x, x))


@trap(
    "sum(dtype=...) chooses the type that is added in, and by then the squares are made: 200 * 200 in uint8 is 64. "
    "Convert before you multiply."
)
def sums_wide(x):
    with np.errstate(all="ignore"):
        return float(np.sum(x * x, dtype=np.float64))


@trap(
    "int64 only moves the limit: the square of a sample beyond 3.04e9 does not fit and wraps round. float64 holds it."
)
def in_int64(x):
    if x.dtype.kind in "iu":
        x = x.astype(np.int64)
    samples = x.astype(np.int64 if x.dtype.kind == "i" else np.float64)
    return float(np.dot(samples, samples))


@trap("np.linalg.norm of float32 works in float32: seven digits, and squares overflow beyond 1.8e19. Convert it first.")
def norm_squared(x):
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(x) ** 2)


@trap("The square of the sum is not the sum of the squares: square each sample first.")
def square_of_sum(x):
    with np.errstate(all="ignore"):
        return float(np.sum(x, dtype=np.float64) ** 2)


@trap("Python's sum starts from the int 0, and ints stay ints: convert the result to float.", verdict="WT")
def python_ints(x):
    return sum(sample * sample for sample in x.tolist())


@trap(
    "Python's float ** raises OverflowError where the square is beyond float64; * and NumPy give infinity.",
    verdict="RE",
)
def python_power(x):
    total = 0.0
    for sample in x:
        total += float(sample) ** 2
    return total


@trap(
    "With keepdims=True the sum is an array of shape (1,): leave it out, or take the one number with .item().",
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
        (x + f"int(x[0]) + {b}", "int() makes a Python int, which never wraps round."),
        (x + f"int((x.astype('int64') + {b})[0])", "int64 has room enough for this sum."),
        (y + "int((x * x)[0])", f"The product stays {dtype}: {c} * {c} {wrapped}."),
    ]
    hard = [
        (x + f"int((x + {b})[0])", f"NEP 50: a Python int adapts to the array, so this is {a} + {b} {wrapped}."),
        (x + f"int((x + {2**bits})[0])", f"NEP 50: {2**bits} would have to become {dtype}, and does not fit."),
        (x + "int(np.sum(np.repeat(x, 2)))", "sum adds integers narrower than 64 bits in 64 bits."),
        (y + "int(np.dot(x, x))", f"dot multiplies and adds in {dtype}: {c} * {c} {wrapped}."),
        (y + "int(np.sum(x ** 2))", f"The square is made in {dtype}, {c} * {c} {wrapped}; sum widens later."),
        (y + "int(np.sum(x * x, dtype=np.float64))", f"dtype= is for the sum; x * x is {c} * {c} {wrapped}."),
        (x + "float(np.mean(np.repeat(x, 2)))", "mean adds integers in float64."),
        (y + "float(np.square(x, dtype=np.float64)[0])", "With dtype= the ufunc converts before it squares."),
    ]
    kinds = easy if hardness < 0.3 else hard if hardness > 0.6 else easy + hard
    code, why = kinds[int(rng.integers(len(kinds)))]
    return predict(code, why=why)


@drill("What is the dtype of this array or number?")
def dtype_of_result(rng, hardness):
    narrow = str(rng.choice(["int8", "int16", "uint8"]))
    n = int(rng.integers(3, 9))
    easy = [
        (f"np.zeros({n}, dtype={narrow!r}) * np.zeros({n}, dtype={narrow!r})", "Equal dtypes stay what they are."),
        (f"np.zeros({n}, dtype={narrow!r}) / {n}", "True division of integers gives float64."),
        (f"np.array([1] * {n})", "Python ints become int64, on every platform since NumPy 2."),
        (f"np.array([1, 2.5] * {n})", "One float makes all of them float64: an array has a single dtype."),
        (f"np.zeros({n})", "zeros makes float64 unless told otherwise."),
        (f"np.array([True, False] * {n})", "Python bools become NumPy's bool, of one byte each."),
        (f"np.array([1, True] * {n})", "Among ints, a bool becomes an int."),
    ]
    hard = [
        (f"np.zeros({n}, dtype={narrow!r}) + 1", f"NEP 50: a Python int adapts to the array, so it stays {narrow}."),
        (f"np.zeros({n}, dtype='float32') * 2.0", "NEP 50: a Python float adapts to the array, so it stays float32."),
        (f"np.zeros({n}, dtype='float32') * np.float64(2)", "NEP 50: NumPy's own float64 number counts like an array."),
        (f"np.zeros({n}, dtype={narrow!r}) + 0.5", "A Python float among integers makes float64."),
        (f"np.zeros({n}, dtype='int32') + np.zeros({n}, dtype='float32')", "float32 cannot hold every int32: float64."),
        (f"np.zeros({n}, dtype='int16') + np.zeros({n}, dtype='float32')", "float32 holds every int16."),
        (f"np.dot(np.zeros({n}, dtype={narrow!r}), np.zeros({n}, dtype={narrow!r}))", f"dot adds in {narrow}."),
        (f"np.square(np.zeros({n}, dtype={narrow!r}))", f"The square of {narrow} is {narrow}, whether it fits or not."),
        (f"np.mean(np.zeros({n}, dtype={narrow!r}))", "mean of integers is computed in float64."),
        (f"np.mean(np.zeros({n}, dtype='float32'))", "mean of float32 stays float32."),
        (f"np.zeros({n}, dtype='int64') + np.zeros({n}, dtype='uint64')", "No integer dtype holds both: float64."),
        (f"np.zeros({n}, dtype='int8') + np.zeros({n}, dtype='uint8')", "int16 is the smallest that holds both."),
    ]
    kinds = easy if hardness < 0.3 else hard if hardness > 0.6 else easy + hard
    asked, why = kinds[int(rng.integers(len(kinds)))]
    return predict(f"({asked}).dtype", why=why)


@drill("What is the value, or which error is raised?")
def list_or_array(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(1, 9, 3))
    k = int(rng.integers(2, 4))
    asked, why = [
        (f"[{a}, {b}] * {k}", "A list times k is the list repeated."),
        (f"(np.array([{a}, {b}]) * {k}).tolist()", "An array times k multiplies every element."),
        (f"[{a}, {b}] + [{c}]", "Lists are joined by +."),
        (f"(np.array([{a}, {b}]) + np.array([{c}])).tolist()", "Arrays are added: the one element is broadcast."),
        (f"(np.array([{a}, {b}]) + [{c}, {k}]).tolist()", "One array is enough: the list is converted, then added."),
        (f"([{a}, {b}, {c}] == [{a}, {b}, {k}])", "Lists compare as wholes, to one bool."),
        (f"(np.array([{a}, {b}, {c}]) == np.array([{a}, {b}, {k}])).tolist()", "Arrays compare element by element."),
        (f"[{a}, {b}] ** 2", "A list knows no power."),
        (f"(np.array([{a}, {b}]) ** 2).tolist()", "Every element is squared."),
        (f"np.array([[{a}, {b}], [{c}]]).shape", "Rows must have one length: ragged nesting is an error since 1.24."),
        (f"bool(np.array([{a}, {b}]) > {c})", "An array of several elements has no single truth: use any() or all()."),
        (f"len(np.zeros(({k}, {a})))", "len counts the first axis, not all elements."),
        (f"(np.array([{a}, {b}]) + np.array([{a}, {b}, {c}])).tolist()", "Lengths 2 and 3 cannot be broadcast."),
        (f"sum([[{a}], [{b}]], [])", "Python's sum joins lists with +."),
        (f"sum(np.array([[{a}, {b}], [{c}, {k}]])).tolist()", "Python's sum adds the rows of an array."),
        (f"np.sum([[{a}, {b}], [{c}, {k}]]).item()", "np.sum adds all elements unless given an axis."),
        (f"np.array([{a}, '{b}']).tolist()", "One text makes all of them texts: an array has a single dtype."),
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
        (f"np.zeros({n}, dtype={dtype!r}).nbytes", f"{n} elements of {each} each, and no object around any."),
        (f"np.zeros(({rows}, {columns}), dtype={dtype!r}).nbytes", f"{rows} * {columns} elements of {each}."),
        (f"np.dtype({dtype!r}).itemsize", f"An element of {dtype} takes {each}."),
        (f"(np.zeros({n}, dtype={dtype!r}) > 0).nbytes", "A bool takes one byte, not one bit."),
        (f"np.zeros({n}, dtype={dtype!r})[::{step}].nbytes", f"The view has {-(-n // step)} elements of {each}."),
        (f"np.zeros({n}, dtype={dtype!r})[::{step}].strides[0]", f"{step} elements of {each} lie between two."),
        (f"np.zeros(({rows}, {columns}), dtype={dtype!r}).strides[0]", f"A row of {columns} elements of {each}."),
        (f"np.broadcast_to(np.zeros({columns}, dtype={dtype!r}), ({rows}, {columns})).nbytes",
         "nbytes is elements times item size, though these rows are one row in memory."),
        (f"np.array([None] * {n}).nbytes", "An object array holds pointers of 8 bytes; the objects come on top."),
        (f"np.array(['{'ab' * step}'] * {n}).nbytes", f"Each text takes {2 * step} characters of 4 bytes."),
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
    report("array, element by element", lambda: by_loop(x))
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
        Level("vectorised", "Without a loop in Python over the samples.", no_python_loop(signal)),
        Level(
            "fast",
            "At least ten times as fast as the loop.",
            faster_than(by_loop, 10, signal, needs=LEAST),
        ),
        Level(
            "lean",
            "A million float64 samples are there already: sum their squares without another array.",
            allocates_nothing(long_signal),
        ),
    ],
    hints=[
        "What is np.array([200], dtype=np.uint8) ** 2? In which dtype is a product computed, and in which a sum?",
        "Convert first, and only where the dtype is not float64 already.",
        "Squaring and summing is a product of x with itself: which function multiplies and adds in one go?",
    ],
    explanation="""\
A list holds pointers to Python objects that lie anywhere and may be of any type. For every element the interpreter
fetches the object, looks its type up, finds the multiplication,
makes a new object for the result and counts references.

An array is one block of equal machine numbers with a dtype, a shape and strides. The type is looked at once a call,
not once an element; then a compiled loop runs over the block. Neighbours share cache lines, and the compiler's SIMD
instructions take several at once. `dot` goes to BLAS, tuned for each processor.

The price is fixed width: results stay in the dtype, and integers wrap round in silence.

>>> x = np.array([200, 200], dtype=np.uint8)
>>> x * x
array([64, 64], dtype=uint8)
>>> np.dot(x, x), np.sum(x * x, dtype=np.float64)
(np.uint8(128), np.float64(128.0))

So convert before you multiply. `asarray` copies only where it has to:

>>> samples = np.asarray(x, dtype=np.float64)
>>> float(np.dot(samples, samples))
80000.0

Since NumPy 2 a Python number adapts to the array's dtype (NEP 50): `x + 1` stays uint8, `x + 256` raises
OverflowError.

NumPy does not win everywhere. A call costs about a microsecond, so three numbers are quicker in a list; a Python loop
over an array is slower than one over a list, since each element is wrapped in a new object; object arrays
are lists in disguise; and each step of `np.square(x).sum()` walks through memory once more.
""",
    points=[
        "An array is one contiguous or strided block of numbers of one dtype; a list holds pointers to objects.",
        "The type is looked up once a call, not once an element; the loop runs in compiled code.",
        "Neighbours in memory suit the cache and SIMD; dot and matmul use BLAS.",
        "No object an element: 8 bytes for a float64, about 32 in a list.",
        "Fixed width: integers wrap round silently, and a product keeps the narrow dtype.",
        "NumPy 2 (NEP 50): Python numbers adapt to the array's dtype instead of widening it by their value.",
        "Small arrays, element by element loops and object dtype are slower than lists.",
        "Temporaries cost memory traffic: one dot instead of square and sum.",
    ],
    follow_ups={
        "Is np.vectorize a way to speed?": "No: it calls the Python function for every element.",
        "Does NumPy use several cores?": "BLAS may, for matmul and dot; a ufunc runs on one core.",
        "How exact is the sum?": "np.sum adds in pairs, so its error grows with log n only; math.fsum rounds once.",
    },
    related=["list-vs-array", "integer-overflow", "vectorize-a-loop", "simd-and-dtypes"],
    links=[
        "https://numpy.org/doc/stable/user/whatisnumpy.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.dot.html",
        "https://numpy.org/doc/stable/user/basics.types.html#overflow-errors",
    ],
    live=show_race,
)
