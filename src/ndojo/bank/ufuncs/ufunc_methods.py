"""Ufuncs and their methods."""

import time
from itertools import accumulate

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    faster_than,
    integers,
    needs,
    no_python_loop,
    peak_memory,
    predict,
    raises,
    right_on,
    trap,
    works,
)


def running_max(x):
    """Give the highest level so far, for every reading of a river gauge.

    Parameters
    ----------
    x : ndarray, shape (n,), float64, float32 or int32
        Levels in centimeters, in order of time; below the gauge's zero they are negative. May be empty, strided,
        reversed or read-only, and may hold NaN and infinities. From level 3 on shape (..., n), with any number of axes
        from one up: each line along the last axis is a separate gauge.

    Returns
    -------
    ndarray, shape and dtype of `x`
        A new array: element i is the largest of ``x[0], ..., x[i]``. From the first NaN on, every element is NaN. 0.0
        and -0.0 are equal, so either may stand for both.

    Examples
    --------
    >>> running_max(np.array([120, 95, 140, 140, 130], dtype=np.int32))
    array([120, 120, 140, 140, 140], dtype=int32)
    >>> running_max(np.array([-3.0, np.nan, 5.0]))
    array([-3., nan, nan])
    """
    return np.maximum.accumulate(x, axis=-1)


def multiplication_table(n):
    """Give the multiplication table of the numbers 1 to `n`.

    Parameters
    ----------
    n : int
        Up to 1000. For 0 the table is empty.

    Returns
    -------
    ndarray, shape (n, n), int64
        Row i, column j holds ``(i + 1) * (j + 1)``.

    Raises
    ------
    ValueError
        If `n` is negative.

    Examples
    --------
    >>> multiplication_table(3)
    array([[1, 2, 3],
           [2, 4, 6],
           [3, 6, 9]])
    """
    if n < 0:
        raise ValueError(f"n must not be negative, got {n}")
    factors = np.arange(1, n + 1)
    return np.multiply.outer(factors, factors)


@works(of="running_max", fails="vectorized")
def by_loop(x):
    """Along the last axis, one reading after the other."""
    y = x.copy()
    for i in range(1, y.shape[-1]):
        y[..., i] = np.maximum(y[..., i - 1], y[..., i])
    return y


@works(of="running_max", fails="vectorized")
def by_itertools(x):
    """Python's own accumulate, with NumPy's maximum for the NaNs."""
    return np.array(list(accumulate(x, np.maximum)), dtype=x.dtype)


@works(of="running_max")
def by_doubling(x):
    """After k rounds each element knows the 2**k before it: log2(n) passes."""
    y, step = x.copy(), 1
    while step < y.shape[-1]:
        y[..., step:] = np.maximum(y[..., step:], y[..., :-step])
        step *= 2
    return y


@works(of="multiplication_table")
def by_broadcasting(n):
    """A column times a row."""
    if n < 0:
        raise ValueError("n must not be negative")
    row = np.arange(1, n + 1, dtype=np.int64)
    return row[:, np.newaxis] * row


@works(of="multiplication_table", fails="memory")
def by_running_sums(n):
    """Row i is i times row 1, so the rows are running sums of one row."""
    if n < 0:
        raise ValueError("n must not be negative")
    rows = np.ones((n, n), dtype=np.int64) * np.arange(1, n + 1)
    return np.add.accumulate(rows, axis=0)


@works(of="multiplication_table", fails="vectorized")
def by_lists(n):
    """Rows of rows."""
    if n < 0:
        raise ValueError("n must not be negative")
    rows = [[i * j for j in range(1, n + 1)] for i in range(1, n + 1)]
    return np.array(rows, dtype=np.int64).reshape(n, n)


# --------------------------------------------------------------------------------------------------------------- traps


@trap("reduce keeps the last result alone; accumulate keeps every step on the way.", verdict="WT", of="running_max")
def only_the_last(x):
    return np.maximum.reduce(x, initial=x[0]) if x.size else x.copy()


@trap("fmax passes NaN over; maximum lets it through, and from then on it stays.", of="running_max")
def passes_nan_over(x):
    return np.fmax.accumulate(x)


@trap("No comparison with NaN is True: `best if best >= v else v` takes the NaN and loses it one step later.",
      of="running_max")  # fmt: skip
def loses_nan_again(x):
    y = x.copy()
    for i in range(1, x.size):
        y[i] = y[i - 1] if y[i - 1] >= x[i] else x[i]
    return y


@trap("A record that starts at 0 hides levels below zero: start from the first reading.", of="running_max")
def starts_at_zero(x):
    y = np.maximum.accumulate(np.concatenate([np.zeros(1, dtype=x.dtype), x]))
    return y[1:]


@trap("maximum of neighbors looks back one step; the record looks back to the beginning.", of="running_max")
def looks_back_one_step(x):
    return np.concatenate([x[:1], np.maximum(x[1:], x[:-1])])


@trap("x[:i] ends before i: the i-th reading belongs to its own record.", of="running_max")
def one_behind(x):
    return np.array([x[: max(i, 1)].max() for i in range(x.size)], dtype=x.dtype)


@trap("An array built from a list of Python floats is float64: say dtype=x.dtype.", verdict="WT", of="running_max")
def forgets_the_dtype(x):
    return np.array([float(x[: i + 1].max()) for i in range(x.size)])


@trap("out=x writes into the caller's readings.", verdict="IM", of="running_max")
def writes_into_readings(x):
    return np.maximum.accumulate(x, out=x)


@trap("np.arange(n) starts at 0 and stops before n; the table needs 1 to n.", of="multiplication_table")
def starts_with_nought(n):
    if n < 0:
        raise ValueError("n must not be negative")
    factors = np.arange(n, dtype=np.int64)
    return np.multiply.outer(factors, factors)


@trap(
    "multiply pairs elements of equal index: that gives the squares. outer pairs every element with every other.",
    verdict="WT",
    of="multiplication_table",
)
def squares(n):
    if n < 0:
        raise ValueError("n must not be negative")
    factors = np.arange(1, n + 1, dtype=np.int64)
    return np.multiply(factors, factors)


@trap("A step of 1.0, like np.linspace, makes a float64 table: whole numbers stay whole in int64.", verdict="WT",
      of="multiplication_table")  # fmt: skip
def as_floats(n):
    factors = np.linspace(1.0, n, n)
    return np.outer(factors, factors)


@trap("np.arange(1, n + 1) of a negative n is empty, without an error: raise it yourself.", of="multiplication_table")
def empty_for_negative(n):
    factors = np.arange(1, n + 1, dtype=np.int64)
    return np.multiply.outer(factors, factors)


@trap("int8 ends at 127 and wraps around silently, as do other narrow integers: 12 * 12 is -112 there.",
      of="multiplication_table")  # fmt: skip
def too_narrow(n):
    if n < 0:
        raise ValueError("n must not be negative")
    factors = np.arange(1, n + 1).astype(np.int8)
    return np.multiply.outer(factors, factors).astype(np.int64)


# -------------------------------------------------------------------------------------------------------------- drills


def chosen(rng, forms, hardness):
    """One of `forms`, which go from easy to hard."""
    width = max(3, len(forms) // 2)
    first = round((len(forms) - width) * hardness)
    return forms[first + int(rng.integers(width))]


@drill("What is the value?")
def folding(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(2, 10, 3))
    x = f"[{a}, {b}, {c}]"
    code, why = chosen(rng, [
        (f"np.add.reduce({x})", f"reduce puts + between the elements: {a} + {b} + {c}."),
        (f"np.multiply.reduce({x})", f"reduce puts * between the elements: {a} * {b} * {c}."),
        (f"np.maximum.accumulate({x}).tolist()", "Each element is the largest up to there."),
        (f"np.multiply.accumulate({x}).tolist()", "Running products: the same as np.cumprod."),
        (f"np.subtract.reduce({x})", f"From the left: ({a} - {b}) - {c}."),
        (f"np.subtract.accumulate({x}).tolist()", f"The steps of ({a} - {b}) - {c}, with the first element alone."),
        (f"np.add.reduce({x}, initial={a})", f"initial goes first: {a} + {a} + {b} + {c}."),
        (f"np.add.reduce({x}, where=[True, False, True])", f"where leaves {b} out: {a} + {c}."),
        (f"np.bitwise_xor.reduce([{a}, {b}, {a}])", f"{a} ^ {b} ^ {a}: what comes twice cancels out."),
        (f"np.logical_and.reduce({x})", "None of them is 0, so all are true: the same as np.all."),
        (f"np.power.reduce([2, {b}, 2])", f"From the left: (2 ** {b}) ** 2, not 2 ** ({b} ** 2)."),
        (f"np.maximum.reduce({x}, initial={max(a, b, c) + 1})", "initial takes part as if it were an element."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the shape?")
def shapes(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(2, 7, 3))
    code, why = chosen(rng, [
        (f"np.add.outer(np.ones({a}), np.ones({b})).shape", "Every element of one with every element of the other."),
        (f"np.add.reduce(np.ones(({a}, {b}))).shape", "A ufunc's reduce works along axis 0 unless told otherwise."),
        (f"np.ones(({a}, {b})).sum().shape", "sum, unlike add.reduce, takes all axes unless told otherwise."),
        (f"np.add.accumulate(np.ones(({a}, {b}))).shape", "accumulate keeps the shape; it works along axis 0."),
        (f"np.add.reduce(np.ones(({a}, {b})), axis=None).shape", "axis=None folds all axes: a scalar."),
        (f"np.add.outer(np.ones(({a}, {b})), np.ones({c})).shape", "The shapes of both, one after the other."),
        (f"np.add.reduce(np.ones(({a}, {b}, {c})), axis=(0, 2)).shape", "Both axes are folded and vanish."),
        (f"np.add.reduce(np.ones(({a}, {b})), axis=1, keepdims=True).shape", "The folded axis stays, with length 1."),
        (f"np.outer(np.ones(({a}, {b})), np.ones({c})).shape", "np.outer flattens first; multiply.outer does not."),
        (f"np.add.reduceat(np.ones(({a + 2}, {b})), [0, 1, 2]).shape", "One row for each index, along axis 0."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What does x hold afterwards?")
def repeated_indices(rng, hardness):
    places = rng.integers(0, 3, 2 + round(3 * hardness)).tolist()
    value = int(rng.integers(2, 9))
    one, other = places[0], (places[0] + 1) % 3
    places += [one, other]
    code, why = chosen(rng, [
        (f"x[{[one, other]}] += {value}", "Each place is named once, so += serves."),
        (f"x[{places}] += {value}", "x[i] = x[i] + v: all are read first, so a place named twice grows once."),
        (f"np.add.at(x, {places}, {value})", "at is unbuffered: a place grows as often as it is named."),
        (f"np.subtract.at(x, {places}, 1)", "at takes 1 away as often as a place is named."),
        (f"np.maximum.at(x, {places}, {list(range(len(places)))})", "A place ends with the largest value sent there."),
        (f"np.multiply.at(x, {places}, 2)", "Doubled as often as the place is named."),
        (f"x[{places}] = {list(range(len(places)))}", "Of several values for one place the last one stays."),
    ], hardness)  # fmt: skip
    return predict(f"x = np.array([1, 1, 1])\n{code}\nx.tolist()", why=why)


@drill("What is the value, or which error is raised?")
def slices_at(rng, hardness):
    n = int(rng.integers(5, 8))
    i, j = sorted(rng.choice(np.arange(1, n), 2, replace=False).tolist())
    last = f"the last index's slice runs to the end, x[{j}:]"
    code, why = chosen(rng, [
        (f"np.add.reduceat(x, [0, {j}]).tolist()", f"The sums of x[0:{j}] and, as {last}."),
        (f"np.add.reduceat(x, [0, {i}, {j}]).tolist()", f"Each index opens a slice that the next closes; {last}."),
        (f"np.maximum.reduceat(x, [{i}, {j}]).tolist()", f"The maxima of x[{i}:{j}] and x[{j}:]; x[:{i}] is left out."),
        (f"np.add.reduceat(x, [{j}, {i}]).tolist()", f"No slice from {j} up to {i}: x[{j}] itself; then x[{i}:]."),
        (f"np.add.reduceat(x, [{i}, {i}]).tolist()", f"An index that does not rise gives x[{i}] itself, not 0."),
        (f"np.add.reduceat(x, [0, {n}])", f"Indices lie below {n}: an empty slice at the end is an IndexError."),
    ], hardness)  # fmt: skip
    return predict(f"x = np.arange({n})\n{code}", why=why)


@drill("What is the value, or which error is raised?")
def facts(rng, hardness):
    k, m = (int(k) for k in rng.integers(2, 5, 2))
    code, why = chosen(rng, [
        ("np.add.nin", "add takes two inputs."),
        (f"np.add.reduce(np.zeros(({k}, 0)), axis=1).tolist()", "A sum of nothing is add's identity, 0."),
        (f"np.multiply.reduce(np.zeros((0, {k}))).tolist()", "A product of nothing is multiply's identity, 1."),
        ("np.divmod.nout", "divmod gives quotient and remainder."),
        (f"np.maximum.reduce(np.zeros((0, {k})))", "maximum has no identity: no elements, no result."),
        (f"np.maximum.reduce(np.zeros((0, {k})), initial=-{m}).tolist()", "initial serves as the identity."),
        ("np.minimum.identity is None", "No number is above every number of every dtype."),
        (f"np.negative.reduce([{k}, {m}])", "reduce folds two into one, and negative takes one input."),
        (f"np.divmod.reduce([{k}, {m}])", "reduce needs one output to go on with, and divmod has two."),
        (f"np.subtract.reduce(np.ones(({k}, {m})), axis=None)", "Several axes together need an order that does not "
         "matter, and subtraction has none."),
        (f"np.logical_and.reduce(np.zeros((0, {k}))).tolist()", "All of nothing is true: logical_and's identity."),
        ("np.matmul.signature is None", "matmul is a generalized ufunc: its signature names core dimensions."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the dtype, or which error is raised?")
def dtypes(rng, hardness):
    narrow, root = [("int8", "float16"), ("int16", "float32"), ("int32", "float64")][int(rng.integers(3))]
    unsigned = str(rng.choice(["uint8", "uint16", "uint32"]))
    x, u = f"np.ones(3, dtype={narrow!r})", f"np.ones(3, dtype={unsigned!r})"
    code, why = chosen(rng, [
        (f"np.add({x}, {x}).dtype", f"add has a loop for {narrow}, and NumPy uses it."),
        (f"np.greater({x}, 0).dtype", "Comparisons have loops that give bool."),
        (f"np.divide({x}, {x}).dtype", "divide has no loop for integers: they are cast to float64."),
        (f"np.add.reduce({x}).dtype", "add.reduce widens narrow integers to 64 bits, as sum does."),
        (f"np.add.reduce({u}).dtype", "Unsigned stays unsigned, widened to 64 bits."),
        (f"np.maximum.reduce({x}).dtype", "A maximum cannot overflow, so nothing is widened."),
        (f"np.add({x}, {x}, dtype='float64').dtype", "dtype= chooses the loop, and the inputs are cast to it."),
        (f"np.multiply.accumulate({u}).dtype", "accumulate of add and multiply widens, as reduce does."),
        (f"np.maximum.accumulate({x}).dtype", "Only add and multiply widen: a maximum fits where its inputs do."),
        (f"np.sqrt({x}, dtype=int).dtype", "sqrt has no loop for integers, so none fits the wish."),
        (f"np.sqrt({x}).dtype", f"{root} is the first of sqrt's loops that {narrow} can be cast to safely."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


def show_methods():
    rng = np.random.default_rng(0)
    x, places = rng.standard_normal(200_000), rng.integers(0, 1000, 200_000)

    def milliseconds(act):
        times = []
        for _ in range(5):
            start = time.perf_counter()
            act()
            times.append(1e3 * (time.perf_counter() - start))
        return min(times)

    counts, short = np.zeros(1000), np.zeros(1000)
    np.add.at(counts, places, 1.0)
    short[places] += 1
    print("200,000 places, of which 1,000 are different")
    print(f"np.add.at counts            {counts.sum():>9,.0f} of them in "
          f"{milliseconds(lambda: np.add.at(counts, places, 1.0)):7.2f} ms")  # fmt: skip
    print(f"x[places] += 1 counts       {short.sum():>9,.0f} of them")
    print("np.bincount                                "
          f"{milliseconds(lambda: np.bincount(places, minlength=1000)):14.2f} ms")  # fmt: skip
    print(f"np.maximum.accumulate                      {milliseconds(lambda: np.maximum.accumulate(x)):14.2f} ms")
    print(f"itertools.accumulate(x, max)               {milliseconds(lambda: list(accumulate(x, max))):14.2f} ms")


def level(rng, n=10_000):
    return {"x": rng.standard_normal(n)}


QUESTION = Question(
    kinds=["predict", "explain", "code"],
    difficulty="medium",
    topics=["ufuncs", "Vectorization"],
    companies=["Google", "Amazon", "OpenAI", "Meta"],
    asked=["T6", "meta-8"],
    entry_points=[
        Entry(
            running_max,
            {
                "x": arrays(
                    "n",
                    dtype=("float64", "float32", "int32"),
                    holds=("nan", "nan runs", "all nan", "both inf", "extremes"),
                )
            },
            cases=[
                case(x=np.array([2.0, 1.0])),
                case(x=np.array([np.nan, 1.0])),
                case(x=np.array([1.0, np.nan, 3.0])),
                case(x=np.array([3.0, 1.0, 2.0])),
                case(x=np.array([-2.0, -1.0, -3.0])),
            ],
        ),
        Entry(
            multiplication_table,
            {"n": integers(0, 60, outside=True)},
            cases=[case(n=0), case(n=1), case(n=2), case(n=12), case(n=300), raises(ValueError, n=-1)],
            where=lambda n: n <= 1000,
        ),
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized",
            "No loop in Python: neither over the readings nor over the rows.",
            no_python_loop(level),
            no_python_loop(lambda rng, n: {"n": min(n, 1000)}),
        ),
        Level(
            "stacks",
            "Now many gauges in a single call: running_max goes along the last axis, for any axes before it.",
            right_on(
                Entry(
                    running_max,
                    {"x": arrays(..., "n", dtype=("float64", "int32"), holds=("nan", "inf"))},
                    dims={"n": (0, 12)},
                )
            ),
        ),
        Level(
            "fast",
            "Now as fast as compiled code: a thirtieth of the time of a loop in Python.",
            faster_than(
                by_itertools,
                30,
                level,
                needs=needs(bytes=lambda x: 2 * x.nbytes, operations=lambda x: x.size),
            ),
        ),
        Level(
            "memory",
            "The table is the only large array: 8 MB for n = 1000.",
            peak_memory(lambda rng: {"n": 1000}, outputs=1.25),
        ),
    ],
    hints=[
        "A running sum is np.add with its steps kept. Which other two-input functions have steps worth keeping?",
        "np.maximum and np.multiply are objects with methods. Print dir(np.maximum).",
        "reduce, accumulate, outer: one value, all steps on the way, all pairs. Along which axis do they go?",
    ],
    spoken=(
        "Every binary ufunc has methods. reduce folds an axis, accumulate keeps the intermediate results, outer "
        "combines every pair, reduceat folds slices, and at applies the operation unbuffered at indices that may "
        "repeat. A running maximum is np.maximum.accumulate, and a multiplication table is np.multiply.outer. For "
        "add, narrow integers are widened by reduce and accumulate; multiply.outer keeps the dtype, so int8 wraps "
        "around. reduce of an empty array returns the identity, or raises ValueError if the ufunc has none."
    ),
    explanation="""\
A ufunc is an object: a table of compiled inner loops, one for each combination of dtypes. A call

1. broadcasts the inputs,
2. picks the first loop that all inputs can be cast to safely,
3. steps through memory by strides and runs that loop on long stretches; inputs that must be cast or aligned pass
   through a small buffer (8192 elements),
4. writes into `out`, if given, where `where` is true.

`np.add.types` lists the loops: `'dd->d'` takes two doubles. Arrays of other libraries, such as Dask's,
step in through `__array_ufunc__`.

Ufuncs with two inputs and one output also have methods:

>>> x = np.array([3, 1, 4, 1])
>>> np.maximum.reduce(x), np.maximum.accumulate(x)
(np.int64(4), array([3, 3, 4, 4]))
>>> np.multiply.outer([1, 2], [1, 2, 3])
array([[1, 2, 3],
       [2, 4, 6]])
>>> np.add.reduceat(x, [0, 2])
array([4, 5])

`sum`, `prod`, `max`, `all` and `cumsum` are these, with other defaults: `np.add.reduce` folds axis 0, `np.sum` all
axes. An empty reduction gives the ufunc's `identity`; maximum has none and raises ValueError unless `initial` is given.

`x[i] += 1` reads everything before it writes, so a repeated index counts once. `at` is unbuffered:

>>> a, b = np.zeros(2, int), np.zeros(2, int)
>>> a[[0, 0]] += 1
>>> np.add.at(b, [0, 0], 1)
>>> a, b
(array([1, 0]), array([2, 0]))

`at` was slow before NumPy 1.25; `bincount` is still a good choice for counts.
""",
    points=[
        "A ufunc is an object that holds compiled inner loops, one for each combination of dtypes.",
        "A call broadcasts, picks a loop by dtype, and walks memory by strides; casting goes through a small buffer.",
        "All take out=, where=, dtype= and casting=; out= saves a temporary.",
        "reduce folds an axis, accumulate keeps every step, outer pairs all with all.",
        "reduceat folds slices; an index that does not rise gives the single element.",
        "at is unbuffered: repeated indices count each time, unlike x[i] += 1.",
        "An empty reduction gives the identity; maximum and minimum have none and need initial=.",
        "np.add.reduce folds axis 0 by default, np.sum all axes.",
    ],
    follow_ups={
        "What is a generalized ufunc?": "One whose loop works on whole core dimensions: np.matmul has the signature "
        "(n?,k),(k,m?)->(n?,m?), and the axes before broadcast.",
        "Is np.vectorize a ufunc?": "No: it is a Python class that calls your function for each element. "
        "np.frompyfunc makes a true ufunc, with methods, of object dtype.",
        "Why does integer 1 / 2 give a float?": "divide has no integer loop, so the float64 loop is taken; "
        "floor_divide has integer loops.",
        "How do you find where each record was set?": "x == running_max(x) marks records and ties; "
        "np.maximum.accumulate(np.where(mark, np.arange(n), 0)) carries the last such index on.",
    },
    related=["custom-ufunc", "frompyfunc-vs-vectorize", "cumulative-sums", "fmax-fmin", "broadcast-shapes"],
    links=[
        "https://numpy.org/doc/stable/reference/ufuncs.html",
        "https://numpy.org/doc/stable/user/basics.ufuncs.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ufunc.accumulate.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ufunc.at.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ufunc.reduceat.html",
    ],
    live=show_methods,
)
