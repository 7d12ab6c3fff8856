"""Ufunc methods: running maximum and outer product."""

import time
from itertools import accumulate

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    by_hardness,
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
    """Return the running maximum: the largest element so far, for each element of `x`.

    The elements are the water levels of a river, in order of time.

    Parameters
    ----------
    x : ndarray, shape (n,), float64, float32 or int32
        Water levels in centimeters, which may be negative. May be empty, strided, reversed or read-only, and may
        contain NaN and infinities. From level 3 on, the shape is (..., n), with one or more axes: compute a separate
        running maximum along the last axis.

    Returns
    -------
    ndarray, same shape and dtype as `x`
        A new array. Element i is the largest of ``x[0], ..., x[i]``. From the first NaN on, every element is NaN. 0.0
        and -0.0 count as equal.

    Examples
    --------
    >>> running_max(np.array([120, 95, 140, 140, 130], dtype=np.int32))
    array([120, 120, 140, 140, 140], dtype=int32)
    >>> running_max(np.array([-3.0, np.nan, 5.0]))
    array([-3., nan, nan])
    """
    return np.maximum.accumulate(x, axis=-1)


def multiplication_table(n):
    """Return the multiplication table of the numbers 1 to `n`.

    Parameters
    ----------
    n : int
        ``n <= 1000``. The table is empty if n is 0.

    Returns
    -------
    ndarray, shape (n, n), int64
        The element in row i and column j is ``(i + 1) * (j + 1)``.

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
    """Loops over the last axis."""
    y = x.copy()
    for i in range(1, y.shape[-1]):
        y[..., i] = np.maximum(y[..., i - 1], y[..., i])
    return y


@works(of="running_max", fails="vectorized")
def by_itertools(x):
    """Uses itertools.accumulate with np.maximum, which propagates NaN."""
    return np.array(list(accumulate(x, np.maximum)), dtype=x.dtype)


@works(of="running_max")
def by_doubling(x):
    """Doubles the window in each pass, so log2(n) passes cover all elements."""
    y, step = x.copy(), 1
    while step < y.shape[-1]:
        y[..., step:] = np.maximum(y[..., step:], y[..., :-step])
        step *= 2
    return y


@works(of="multiplication_table")
def by_broadcasting(n):
    """Multiplies a column by a row with broadcasting."""
    if n < 0:
        raise ValueError("n must not be negative")
    row = np.arange(1, n + 1, dtype=np.int64)
    return row[:, np.newaxis] * row


@works(of="multiplication_table", fails="memory")
def by_running_sums(n):
    """Adds up copies of the first row: row i is i times row 1."""
    if n < 0:
        raise ValueError("n must not be negative")
    rows = np.ones((n, n), dtype=np.int64) * np.arange(1, n + 1)
    return np.add.accumulate(rows, axis=0)


@works(of="multiplication_table", fails="vectorized")
def by_lists(n):
    """Builds a list of lists."""
    if n < 0:
        raise ValueError("n must not be negative")
    rows = [[i * j for j in range(1, n + 1)] for i in range(1, n + 1)]
    return np.array(rows, dtype=np.int64).reshape(n, n)


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "reduce returns only the final result. accumulate returns every intermediate result.",
    verdict="WT",
    of="running_max",
)
def only_the_last(x):
    return np.maximum.reduce(x, initial=x[0]) if x.size else x.copy()


@trap(
    "np.fmax ignores NaN, but the result must be NaN from the first NaN on. np.maximum propagates it.", of="running_max"
)
def ignores_nan(x):
    return np.fmax.accumulate(x)


@trap(
    "`>=` is False if either value is NaN, so `best if best >= v else v` takes the NaN and drops it one step later. "
    "np.maximum propagates NaN.",
    of="running_max",
)
def loses_nan_again(x):
    y = x.copy()
    for i in range(1, x.size):
        y[i] = y[i - 1] if y[i - 1] >= x[i] else x[i]
    return y


@trap("A maximum that starts at 0 is wrong if the first elements are negative. Start with x[0].", of="running_max")
def starts_at_zero(x):
    y = np.maximum.accumulate(np.concatenate([np.zeros(1, dtype=x.dtype), x]))
    return y[1:]


@trap(
    "The maximum of neighboring elements covers only two elements. The running maximum covers all elements from the "
    "first on.",
    of="running_max",
)
def covers_two_elements(x):
    return np.concatenate([x[:1], np.maximum(x[1:], x[:-1])])


@trap("x[:i] does not include x[i], but the maximum of element i does. Use x[: i + 1].", of="running_max")
def excludes_the_element(x):
    return np.array([x[: max(i, 1)].max() for i in range(x.size)], dtype=x.dtype)


@trap(
    "The result must have the dtype of x. np.array of Python floats creates float64: pass dtype=x.dtype.",
    verdict="WT",
    of="running_max",
)
def forgets_the_dtype(x):
    return np.array([float(x[: i + 1].max()) for i in range(x.size)])


@trap("The caller's array must stay unchanged, but out=x writes into it. Omit out.", verdict="IM", of="running_max")
def writes_into_x(x):
    return np.maximum.accumulate(x, out=x)


@trap("np.arange(n) contains 0 to n - 1. The table needs np.arange(1, n + 1).", of="multiplication_table")
def from_zero(n):
    if n < 0:
        raise ValueError("n must not be negative")
    factors = np.arange(n, dtype=np.int64)
    return np.multiply.outer(factors, factors)


@trap(
    "np.multiply(f, f) multiplies elements with the same index, which gives the squares. np.multiply.outer multiplies "
    "all pairs.",
    verdict="WT",
    of="multiplication_table",
)
def squares(n):
    if n < 0:
        raise ValueError("n must not be negative")
    factors = np.arange(1, n + 1, dtype=np.int64)
    return np.multiply(factors, factors)


@trap(
    "The table must have dtype int64, but np.linspace and np.arange with a float step give float64. Use integers.",
    verdict="WT",
    of="multiplication_table",
)
def as_floats(n):
    factors = np.linspace(1.0, n, n)
    return np.outer(factors, factors)


@trap(
    "np.arange(1, n + 1) is empty if n is negative and raises no error. Test n and raise ValueError.",
    of="multiplication_table",
)
def empty_for_negative(n):
    factors = np.arange(1, n + 1, dtype=np.int64)
    return np.multiply.outer(factors, factors)


@trap(
    "Narrow integers wrap around silently. The largest int8 is 127, so 12 * 12 gives -112. Compute in int64.",
    of="multiplication_table",
)
def too_narrow(n):
    if n < 0:
        raise ValueError("n must not be negative")
    factors = np.arange(1, n + 1).astype(np.int8)
    return np.multiply.outer(factors, factors).astype(np.int64)


# -------------------------------------------------------------------------------------------------------------- drills


@drill("What is the value?")
def folding(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(2, 10, 3))
    x = f"[{a}, {b}, {c}]"
    code, why = by_hardness(
        rng,
        [
            (f"np.add.reduce({x})", f"add.reduce computes the sum {a} + {b} + {c}."),
            (f"np.multiply.reduce({x})", f"multiply.reduce computes the product {a} * {b} * {c}."),
            (f"np.maximum.accumulate({x}).tolist()", "maximum.accumulate gives the largest element so far."),
            (
                f"np.multiply.accumulate({x}).tolist()",
                "multiply.accumulate gives the running products, as np.cumprod does.",
            ),
            (f"np.subtract.reduce({x})", f"reduce works from the left: ({a} - {b}) - {c}."),
            (
                f"np.subtract.accumulate({x}).tolist()",
                f"accumulate gives the intermediate results {a}, {a} - {b} and ({a} - {b}) - {c}.",
            ),
            (f"np.add.reduce({x}, initial={a})", f"initial is added too: {a} + {a} + {b} + {c}."),
            (f"np.add.reduce({x}, where=[True, False, True])", f"where excludes {b}: {a} + {c}."),
            (f"np.bitwise_xor.reduce([{a}, {b}, {a}])", f"In {a} ^ {b} ^ {a}, the two {a} cancel out."),
            (f"np.logical_and.reduce({x})", "No element is 0, so all are true. np.all gives the same."),
            (f"np.power.reduce([2, {b}, 2])", f"reduce works from the left: (2 ** {b}) ** 2, not 2 ** ({b} ** 2)."),
            (
                f"np.maximum.reduce({x}, initial={max(a, b, c) + 1})",
                "initial takes part in the reduction, and it is larger than all elements.",
            ),
        ],
        hardness,
    )
    return predict(code, why=why)


@drill("What is the shape?")
def shapes(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(2, 7, 3))
    code, why = by_hardness(
        rng,
        [
            (
                f"np.add.outer(np.ones({a}), np.ones({b})).shape",
                "outer combines every element of the first array with every element of the second.",
            ),
            (f"np.add.reduce(np.ones(({a}, {b}))).shape", "reduce of a ufunc works along axis 0 by default."),
            (f"np.ones(({a}, {b})).sum().shape", "sum reduces all axes by default, unlike add.reduce."),
            (f"np.add.accumulate(np.ones(({a}, {b}))).shape", "accumulate keeps the shape."),
            (
                f"np.add.reduce(np.ones(({a}, {b})), axis=None).shape",
                "axis=None reduces all axes, so the result is a scalar.",
            ),
            (
                f"np.add.outer(np.ones(({a}, {b})), np.ones({c})).shape",
                "The result of outer has the shape of the first array followed by the shape of the second.",
            ),
            (f"np.add.reduce(np.ones(({a}, {b}, {c})), axis=(0, 2)).shape", "The two reduced axes disappear."),
            (
                f"np.add.reduce(np.ones(({a}, {b})), axis=1, keepdims=True).shape",
                "keepdims=True keeps the reduced axis with length 1.",
            ),
            (
                f"np.outer(np.ones(({a}, {b})), np.ones({c})).shape",
                "np.outer flattens its arguments first, unlike np.multiply.outer.",
            ),
            (
                f"np.add.reduceat(np.ones(({a + 2}, {b})), [0, 1, 2]).shape",
                "reduceat gives one row per index, along axis 0.",
            ),
        ],
        hardness,
    )
    return predict(code, why=why)


@drill("What does x contain afterwards?")
def repeated_indices(rng, hardness):
    places = rng.integers(0, 3, 2 + round(3 * hardness)).tolist()
    value = int(rng.integers(2, 9))
    one, other = places[0], (places[0] + 1) % 3
    places += [one, other]
    code, why = by_hardness(
        rng,
        [
            (f"x[{[one, other]}] += {value}", "No index is repeated, so += adds to each element once."),
            (
                f"x[{places}] += {value}",
                "x[i] += v means x[i] = x[i] + v. All elements are read first, so a repeated index counts once.",
            ),
            (f"np.add.at(x, {places}, {value})", "add.at is unbuffered, so a repeated index counts every time."),
            (f"np.subtract.at(x, {places}, 1)", "subtract.at is unbuffered, so a repeated index counts every time."),
            (
                f"np.maximum.at(x, {places}, {list(range(len(places)))})",
                "maximum.at keeps the largest of the old value and all values for an index.",
            ),
            (
                f"np.multiply.at(x, {places}, 2)",
                "multiply.at is unbuffered, so an element is doubled once per occurrence of its index.",
            ),
            (
                f"x[{places}] = {list(range(len(places)))}",
                "If an index is repeated in an assignment, the last value stays.",
            ),
        ],
        hardness,
    )
    return predict(f"x = np.array([1, 1, 1])\n{code}\nx.tolist()", why=why)


@drill("What is the value, or which error is raised?")
def slices_at(rng, hardness):
    n = int(rng.integers(5, 8))
    i, j = sorted(rng.choice(np.arange(1, n), 2, replace=False).tolist())
    last = f"the last index takes all elements to the end, x[{j}:]"
    code, why = by_hardness(
        rng,
        [
            (f"np.add.reduceat(x, [0, {j}]).tolist()", f"The first sum is of x[0:{j}], and {last}."),
            (f"np.add.reduceat(x, [0, {i}, {j}]).tolist()", f"Each slice ends before the next index, and {last}."),
            (
                f"np.maximum.reduceat(x, [{i}, {j}]).tolist()",
                f"reduceat gives the maxima of x[{i}:{j}] and x[{j}:], and it ignores x[:{i}].",
            ),
            (
                f"np.add.reduceat(x, [{j}, {i}]).tolist()",
                f"The next index is not greater than {j}, so the first "
                f"result is x[{j}] itself. The second is the sum of x[{i}:].",
            ),
            (
                f"np.add.reduceat(x, [{i}, {i}]).tolist()",
                f"The next index is not greater than {i}, so the first result is x[{i}] itself, not 0.",
            ),
            (f"np.add.reduceat(x, [0, {n}])", f"Every index must be less than {n}, so reduceat raises IndexError."),
        ],
        hardness,
    )
    return predict(f"x = np.arange({n})\n{code}", why=why)


@drill("What is the value, or which error is raised?")
def facts(rng, hardness):
    k, m = (int(k) for k in rng.integers(2, 5, 2))
    code, why = by_hardness(
        rng,
        [
            ("np.add.nin", "np.add has two inputs."),
            (
                f"np.add.reduce(np.zeros(({k}, 0)), axis=1).tolist()",
                "The sum of no elements is the identity of add, 0.",
            ),
            (
                f"np.multiply.reduce(np.zeros((0, {k}))).tolist()",
                "The product of no elements is the identity of multiply, 1.",
            ),
            ("np.divmod.nout", "np.divmod has two outputs, the quotient and the remainder."),
            (
                f"np.maximum.reduce(np.zeros((0, {k})))",
                "maximum has no identity, so reduce raises ValueError for an axis of length 0.",
            ),
            (
                f"np.maximum.reduce(np.zeros((0, {k})), initial=-{m}).tolist()",
                "Each reduction has no elements, so it returns initial.",
            ),
            ("np.minimum.identity is None", "minimum has no identity: no number is the largest for every dtype."),
            (f"np.negative.reduce([{k}, {m}])", "reduce requires a ufunc with two inputs, and negative has one."),
            (f"np.divmod.reduce([{k}, {m}])", "reduce requires a ufunc with one output, and divmod has two."),
            (
                f"np.subtract.reduce(np.ones(({k}, {m})), axis=None)",
                "Reducing several axes requires an operation whose order does not matter, and the order matters for "
                "subtract.",
            ),
            (f"np.logical_and.reduce(np.zeros((0, {k}))).tolist()", "The identity of logical_and is True."),
            (
                "np.matmul.signature is None",
                "matmul is a generalized ufunc, whose signature names its core dimensions.",
            ),
        ],
        hardness,
    )
    return predict(code, why=why)


@drill("What is the dtype, or which error is raised?")
def dtypes(rng, hardness):
    narrow, root = [("int8", "float16"), ("int16", "float32"), ("int32", "float64")][int(rng.integers(3))]
    unsigned = str(rng.choice(["uint8", "uint16", "uint32"]))
    x, u = f"np.ones(3, dtype={narrow!r})", f"np.ones(3, dtype={unsigned!r})"
    code, why = by_hardness(
        rng,
        [
            (f"np.add({x}, {x}).dtype", f"add has a loop for {narrow} that returns {narrow}."),
            (f"np.greater({x}, 0).dtype", "Comparisons return bool."),
            (f"np.divide({x}, {x}).dtype", "True division of integers gives float64."),
            (
                f"np.add.reduce({x}).dtype",
                "add.reduce converts narrower signed integers to the default integer, int64 on 64-bit platforms.",
            ),
            (
                f"np.add.reduce({u}).dtype",
                "add.reduce converts narrower unsigned integers to the default unsigned integer, uint64 on 64-bit "
                "platforms.",
            ),
            (
                f"np.maximum.reduce({x}).dtype",
                "maximum.reduce keeps the dtype, because the result is one of the elements.",
            ),
            (
                f"np.add({x}, {x}, dtype='float64').dtype",
                "dtype= selects the loop, and the inputs are cast to its dtype.",
            ),
            (
                f"np.multiply.accumulate({u}).dtype",
                "accumulate of add and multiply converts narrow integers, as reduce does.",
            ),
            (
                f"np.maximum.accumulate({x}).dtype",
                "Only add and multiply convert narrow integers. maximum keeps the dtype.",
            ),
            (f"np.sqrt({x}, dtype=int).dtype", "sqrt has no integer loop, so NumPy raises TypeError."),
            (f"np.sqrt({x}).dtype", f"sqrt uses its first loop to which {narrow} can be cast safely: {root}."),
        ],
        hardness,
    )
    return predict(code, why=why)


def show_methods():
    rng = np.random.default_rng(0)
    x, places = rng.standard_normal(200_000), rng.integers(0, 1000, 200_000)

    def milliseconds(function):
        times = []
        for _ in range(5):
            start = time.perf_counter()
            function()
            times.append(1e3 * (time.perf_counter() - start))
        return min(times)

    counts, buffered = np.zeros(1000), np.zeros(1000)
    np.add.at(counts, places, 1.0)
    buffered[places] += 1
    print("200,000 indices, 1,000 of them different")
    print(
        f"np.add.at counts            {counts.sum():>9,.0f} indices in "
        f"{milliseconds(lambda: np.add.at(counts, places, 1.0)):7.2f} ms"
    )
    print(f"x[indices] += 1 counts      {buffered.sum():>9,.0f} indices")
    print(
        "np.bincount                                "
        f"{milliseconds(lambda: np.bincount(places, minlength=1000)):14.2f} ms"
    )
    print(f"np.maximum.accumulate                      {milliseconds(lambda: np.maximum.accumulate(x)):14.2f} ms")
    print(f"itertools.accumulate(x, max)               {milliseconds(lambda: list(accumulate(x, max))):14.2f} ms")


def water_levels(rng, n=10_000):
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
            "Uses no Python loop, neither over the elements nor over the rows of the table.",
            no_python_loop(water_levels),
            no_python_loop(lambda rng, n: {"n": min(n, 1000)}),
        ),
        Level(
            "stacks",
            "running_max accepts arrays with one or more axes, and works along the last axis.",
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
            "At least 30 times faster than itertools.accumulate, for 10,000 elements.",
            faster_than(
                by_itertools,
                30,
                water_levels,
                needs=needs(bytes=lambda x: 2 * x.nbytes, operations=lambda x: x.size),
            ),
        ),
        Level(
            "memory",
            "For n = 1000, uses at most 1.25 times the memory of the table (8 MB), including the table.",
            peak_memory(lambda rng: {"n": 1000}, outputs=1.25),
        ),
    ],
    hints=[
        "A running sum keeps the intermediate results of np.add. Which ufunc do you need for a running maximum?",
        "np.maximum and np.multiply are objects with methods. Look at the methods in dir(np.maximum).",
        "reduce returns one value, accumulate all intermediate results, and outer all pairs. Which axis do reduce and "
        "accumulate use by default?",
    ],
    spoken="""\
A ufunc is an object with compiled loops for several dtypes, and binary ufuncs have methods. `reduce` combines all
values along an axis, and `accumulate` also keeps the intermediate results. `outer` combines all pairs, `reduceat`
reduces slices, and `at` applies the operation once for every index, even if an index is repeated. So the running
maximum is `np.maximum.accumulate(x, axis=-1)`, and the multiplication table is `np.multiply.outer(f, f)` of the numbers
1 to n. An empty reduction returns the identity of the ufunc, or raises ValueError if it has none.
""",
    explanation="""\
A ufunc is an object that contains compiled inner loops, one for each supported combination of dtypes. A call does this:

1. broadcasts the inputs,
2. chooses a loop to which all inputs can be cast safely,
3. copies an input to a small buffer if it must be cast or aligned, 8192 elements at a time,
4. steps through memory by strides and calls the loop on long runs of elements,
5. writes to `out` if given, at the positions where `where` is True.

`np.add.types` lists the loops: `'dd->d'` adds two doubles. Array classes of other libraries, such as Dask, handle ufunc
calls through `__array_ufunc__`.

*Methods.* Ufuncs with two inputs and one output have methods:

>>> x = np.array([3, 1, 4, 1])
>>> np.maximum.reduce(x), np.maximum.accumulate(x)
(np.int64(4), array([3, 3, 4, 4]))
>>> np.multiply.outer([1, 2], [1, 2, 3])
array([[1, 2, 3],
       [2, 4, 6]])
>>> np.add.reduceat(x, [0, 2])
array([4, 5])

`sum`, `prod`, `max`, `all` and `cumsum` use these methods with other defaults: `np.add.reduce` reduces axis 0, and
`np.sum` reduces all axes. An empty reduction returns the `identity` of the ufunc. `maximum` has none and raises
ValueError unless you pass `initial`.

*Repeated indices.* `x[i] += 1` reads all elements before it writes, so a repeated index counts once. `at` is unbuffered
and counts every index:

>>> a, b = np.zeros(2, int), np.zeros(2, int)
>>> a[[0, 0]] += 1
>>> np.add.at(b, [0, 0], 1)
>>> a, b
(array([1, 0]), array([2, 0]))

`at` was slow before NumPy 1.25. For counts, `np.bincount` is still a good choice.
""",
    points=[
        "A ufunc is an object that contains compiled inner loops, one for each supported combination of dtypes.",
        "A call broadcasts, chooses a loop by dtype and steps through memory by strides. Casting uses a small buffer.",
        "Elementwise ufuncs accept out=, where=, dtype= and casting=. out= avoids allocating a result.",
        "reduce combines an axis, accumulate keeps every intermediate result, and outer combines all pairs.",
        "reduceat reduces slices. If the next index is not greater, the result is the single element.",
        "at is unbuffered: a repeated index counts every time, unlike in x[i] += 1.",
        "An empty reduction returns the identity. maximum and minimum have none and need initial=.",
        "np.add.reduce reduces axis 0 by default, and np.sum reduces all axes.",
    ],
    follow_ups={
        "What is a generalized ufunc?": "A ufunc whose loop works on subarrays instead of scalars. np.matmul has the "
        "signature (n?,k),(k,m?)->(n?,m?) for these core dimensions, and all axes before them broadcast.",
        "Is np.vectorize a ufunc?": "No. It is a Python class that calls your function once per element. "
        "np.frompyfunc creates a real ufunc with methods, which returns objects.",
        "Why does integer 1 / 2 give a float?": "`/` is np.divide, which computes the true quotient in a float dtype. "
        "`//` is np.floor_divide, which has integer loops.",
        "How do you get the index of each running maximum?": "If x contains no NaN, `mark = x == running_max(x)` "
        "marks the maxima, including ties. `np.maximum.accumulate(np.where(mark, np.arange(n), 0))` gives the last "
        "marked index.",
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
