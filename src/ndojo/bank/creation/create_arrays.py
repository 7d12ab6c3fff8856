"""A band of ones."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ndojo.question import (
    Entry,
    Level,
    Question,
    case,
    drill,
    integers,
    no_python_loop,
    peak_memory,
    predict,
    raises,
    trap,
    works,
)


def banded(n, lower, upper):
    """Say which days a forecast may look at: row i holds 1.0 for each day that day i may see, and 0.0 elsewhere.

    Day i sees itself, `lower` days before it and `upper` days after it, as far as there are such days.

    Parameters
    ----------
    n : int
        The number of days; may be 0.
    lower, upper : int
        How many days back and ahead may be seen; may be larger than n.

    Returns
    -------
    ndarray, shape (n, n), float64
        Element (i, j) is 1.0 where ``-lower <= j - i <= upper``, else 0.0. Its layout in memory is up to you, and it
        may be read-only.

    Raises
    ------
    ValueError
        If `n`, `lower` or `upper` is negative.

    Examples
    --------
    >>> banded(4, 1, 2)
    array([[1., 1., 1., 0.],
           [1., 1., 1., 1.],
           [0., 1., 1., 1.],
           [0., 0., 1., 1.]])
    """
    if min(n, lower, upper) < 0:
        raise ValueError(f"n, lower and upper must not be negative, got {n}, {lower}, {upper}")
    line = np.zeros(2 * n)
    line[max(n - 1 - lower, 0) : n + upper] = 1
    return sliding_window_view(line, n)[-2::-1]  # each row shows the line from one place earlier on


@works(fails="at scale")
def writes_it_out(n, lower, upper):
    """The same windows over one line, copied into a matrix of their own."""
    if min(n, lower, upper) < 0:
        raise ValueError("no negative numbers")
    line = np.concatenate([np.zeros(max(n - lower, 0)), np.ones(min(n, lower) + upper + 1), np.zeros(n)])
    out = np.empty((n, n))
    out[...] = sliding_window_view(line, n)[1 : n + 1][::-1]
    return out


@works(fails="memory")
def by_difference(n, lower, upper):
    """Asks each place for its distance from the diagonal."""
    if min(n, lower, upper) < 0:
        raise ValueError("no negative numbers")
    day = np.arange(n)
    ahead = day - day[:, np.newaxis]
    return ((ahead >= -lower) & (ahead <= upper)).astype(np.float64)


@works(fails="memory")
def by_triangles(n, lower, upper):
    """What lies up to the upper edge, without what lies below the lower one."""
    if min(n, lower, upper) < 0:
        raise ValueError("no negative numbers")
    return np.tri(n, n, upper) - np.tri(n, n, -lower - 1)


@works(fails="vectorized")
def day_by_day(n, lower, upper):
    """A slice of ones for each day."""
    if min(n, lower, upper) < 0:
        raise ValueError("no negative numbers")
    out = np.zeros((n, n))
    for i in range(n):
        out[i, max(i - lower, 0) : i + upper + 1] = 1.0
    return out


@trap("A slice that starts below 0 counts from the end: cut the start off at 0 with max.")
def starts_below_zero(n, lower, upper):
    if min(n, lower, upper) < 0:
        raise ValueError("no negative numbers")
    out = np.zeros((n, n))
    for i in range(n):
        out[i, i - lower : i + upper + 1] = 1.0
    return out


@trap("Both edges belong to the band, and a slice ends before its stop: add 1.")
def ends_too_soon(n, lower, upper):
    if min(n, lower, upper) < 0:
        raise ValueError("no negative numbers")
    out = np.zeros((n, n))
    for i in range(n):
        out[i, max(i - lower, 0) : i + upper] = 1.0
    return out


@trap("The row is the day that looks, the column the day that is seen: days ahead lie to the right of the diagonal.")
def transposed(n, lower, upper):
    if min(n, lower, upper) < 0:
        raise ValueError("no negative numbers")
    return np.tri(n, n, lower) - np.tri(n, n, -upper - 1)


@trap("A comparison gives bools: turn them into float64.", verdict="WT")
def stays_bool(n, lower, upper):
    if min(n, lower, upper) < 0:
        raise ValueError("no negative numbers")
    day = np.arange(n)
    ahead = day - day[:, None]
    return (ahead >= -lower) & (ahead <= upper)


@trap("np.eye(n, k=k) sets one diagonal: a band needs all those from -lower to upper.")
def edges_only(n, lower, upper):
    if min(n, lower, upper) < 0:
        raise ValueError("no negative numbers")
    return np.maximum(np.eye(n), np.maximum(np.eye(n, k=-lower), np.eye(n, k=upper)))


@trap("np.empty does not clear its memory: what lies outside the band must be set to 0.")
def leaves_rubbish(n, lower, upper):
    if min(n, lower, upper) < 0:
        raise ValueError("no negative numbers")
    out = np.full((n, n), -7.25)
    for i in range(n):
        out[i, max(i - lower, 0) : i + upper + 1] = 1.0
    return out


@trap("np.tri with a negative k just moves the diagonal; negative numbers must be refused.")
def refuses_nothing(n, lower, upper):
    return np.tri(max(n, 0), max(n, 0), upper) - np.tri(max(n, 0), max(n, 0), -lower - 1)


# -------------------------------------------------------------------------------------------------------------- drills


def _pick(rng, hardness, easy, hard):
    kinds = easy if hardness < 0.4 else hard if hardness > 0.7 else easy + hard
    return kinds[int(rng.integers(len(kinds)))]


@drill("What is the shape of this array, or which error is raised?")
def shape_of_new(rng, hardness):
    a, b = (int(k) for k in rng.integers(2, 9, 2))
    asked, why = _pick(
        rng,
        hardness,
        [
            (f"np.zeros({a})", "One number is the length of one axis."),
            (f"np.zeros(({a}, {b}))", "A tuple gives one length an axis."),
            (f"np.eye({a})", "One number makes a square."),
            (f"np.eye({a}, {b})", f"{a} rows and {b} columns: eye takes both, unlike identity."),
            (f"np.full(({b}, {a}), 0.5)", "The shape comes first, then the value."),
            (f"np.arange({a}, {a + b})", f"The stop is left out: {b} numbers from {a} on."),
            (f"np.linspace(0, {a}, {b})", f"The third argument is how many: {b}."),
            (f"np.ones([{a}, {b}])", "A list of lengths does as well as a tuple."),
        ],
        [
            (f"np.zeros({a}, {b})", "The second argument is the dtype, and a number is none: TypeError."),
            (f"np.diag(np.arange({a}))", "One axis in: a square with it on the diagonal."),
            (f"np.diag(np.arange({a}), k={b})", f"The diagonal {b} to the right needs {b} more rows and columns."),
            (f"np.diag(np.zeros(({a}, {b})))", "Two axes in: the diagonal comes out, as long as the shorter side."),
            (f"np.identity({a}, {b})", "identity is square, its second argument is the dtype: TypeError."),
            (f"np.arange({a}, {a + b}, 0.5)", f"{b} / 0.5 numbers, the stop left out."),
            (f"np.zeros(({a}, {b}))[np.newaxis]", "newaxis puts an axis of length 1 in front."),
            (f"np.full(({a}, {b}), np.arange({b}))", "full broadcasts its value into the shape."),
            (f"np.full(({b}, {b + 1}), np.arange({b}))", f"A row of {b} does not fit rows of {b + 1}: ValueError."),
            (f"np.indices(({a}, {b}))", "One grid of indices for each of the two axes."),
            (f"np.tri({a}, {b})", f"{a} rows and {b} columns."),
            (f"np.ones(-{a})", "A length below 0 is a ValueError."),
            (f"np.zeros({a}.0)", "A length must be an integer: TypeError."),
        ],
    )
    return predict(f"({asked}).shape", why=why)


@drill("What is the dtype of this array?")
def dtype_of_new(rng, hardness):
    a, b = (int(k) for k in rng.integers(2, 9, 2))
    dtype = str(rng.choice(["int16", "uint8", "float32", "complex64", "bool"]))
    asked, why = _pick(
        rng,
        hardness,
        [
            (f"np.zeros({a})", "zeros makes float64 unless told otherwise."),
            (f"np.ones(({a}, {b}))", "ones makes float64 unless told otherwise."),
            (f"np.full({a}, {b})", "full takes the dtype of its value: a Python int, so int64."),
            (f"np.full({a}, {b}.5)", "full takes the dtype of its value: a Python float, so float64."),
            (f"np.arange({a})", "Ints in, int64 out."),
            (f"np.eye({a})", "eye makes float64 unless told otherwise."),
            (f"np.linspace(0, {a}, {b})", "linspace makes floats, even of ints."),
            (f"np.zeros({a}, dtype={dtype!r})", "As asked for."),
        ],
        [
            (f"np.zeros_like([{a}, {b}])", "zeros_like takes the dtype of its model: a list of ints, so int64."),
            (f"np.full_like(np.zeros({a}, dtype={dtype!r}), 1)", "full_like takes the dtype of its model, not of 1."),
            (f"np.arange({a}.0)", "A float among the arguments makes float64."),
            (f"np.arange({a}, dtype='float32')", "As asked for."),
            (f"np.full({a}, True)", "full takes the dtype of its value: bool."),
            (f"np.linspace(0, {a}, {b}, dtype=int)", "As asked for; int is int64, on Windows too since NumPy 2."),
            (f"np.ones_like(np.zeros({a}) > {b})", "The model is an array of bools."),
            (f"np.diag(np.zeros({a}, dtype={dtype!r}))", "diag keeps the dtype."),
            (f"np.eye({a}, dtype='float32') * {b}.5", "A Python float adapts to float32 (NEP 50)."),
            (f"np.eye({a}, dtype='int16') * {b}.5", "A Python float among integers makes float64."),
            (f"np.zeros({a}, dtype=int) + np.ones({a})", "int64 and float64 make float64."),
            (f"np.tri({a}, dtype={dtype!r})", "As asked for."),
            (f"np.fromfunction(lambda i, j: i + j, ({a}, {b}))", "fromfunction hands out indices as float64."),
            (f"np.indices(({a}, {b}))", "Indices are int64 unless told otherwise."),
        ],
    )  # fmt: skip
    return predict(f"str(({asked}).dtype)", why=why)


@drill("What are the values, or which error is raised?")
def values_of_new(rng, hardness):
    a, b, k = int(rng.integers(1, 9)), int(rng.integers(2, 5)), int(rng.integers(1, 3))
    asked, why = _pick(
        rng,
        hardness,
        [
            (f"np.arange({a}, {a + b})", "From the start up to, and without, the stop."),
            (f"np.full({b}, {a})", f"{b} times {a}."),
            (f"np.arange(0, {b * 3}, 3)", "Every third number, without the stop."),
            (f"np.linspace(0, {2 * b}, 3)", "Three numbers, both ends included, the middle at half."),
            ("np.eye(2)", "1 on the diagonal, 0 elsewhere."),
            (f"np.arange({b}, 0, -1)", "Down from the start, without 0."),
            (f"np.repeat([{a}, {a + 1}], 2)", "repeat repeats each element in place."),
            (f"np.tile([{a}, {a + 1}], 2)", "tile repeats the whole."),
        ],
        [
            (f"np.eye(2, 3, k={k})", f"k={k} moves the diagonal {k} to the right."),
            (f"np.eye(3, 2, k=-{k})", f"k=-{k} moves the diagonal {k} down."),
            ("np.tri(3, 3, -1, dtype=int)", "k=-1: strictly below the diagonal."),
            (f"np.linspace(0, {4 * a}, 4, endpoint=False)", f"Four steps of {a}, and the end is left out."),
            (f"np.full_like(np.arange({b}), {a}.7)", f"The model holds ints, so {a}.7 is cut off to {a}."),
            (f"np.arange({a}, {a + 1}, 0.25)", "Steps of a quarter, exact in binary, without the stop."),
            (f"np.linspace({a}, {a}, {b})", f"From {a} to {a}: no way to go."),
            (f"np.diag([{a}, {b}], k=1)[0]", "The first row of a diagonal that lies one to the right."),
            (f"np.diag([[{a}, 0], [0, {b}]])", "Of a matrix, diag takes the diagonal."),
            (f"np.zeros({b}, dtype=str)", "The zero of texts is the empty one."),
            (f"np.empty({b}, dtype=object)", "An object array starts with None, even from empty."),
            (f"np.logspace(0, {b}, {b + 1}, base=2)", "Powers of the base: the arguments are exponents."),
            (f"np.arange({a + b}, {a})", "The start lies beyond the stop: nothing."),
            (f"np.fromfunction(lambda i: i * {a}, ({b},))", "The function gets all indices at once, as floats."),
            (f"np.triu(np.full((2, 2), {a}), 1)", "k=1: strictly above the diagonal."),
        ],
    )
    return predict(f"({asked}).tolist()", why=why)


@drill("What is the value, or which error is raised?")
def sums_of_new(rng, hardness):
    n, a = int(rng.integers(3, 9)), int(rng.integers(2, 9))
    k = int(rng.integers(1, n - 1))
    above = sum(n - i for i in range(k, n))
    asked, why = _pick(
        rng,
        hardness,
        [
            (f"float(np.eye({n}).sum())", f"{n} ones on the diagonal."),
            (f"float(np.ones(({n}, {a})).sum())", f"{n} * {a} ones."),
            (f"int(np.full({n}, {a}).sum())", f"{n} times {a}."),
            (f"float(np.tri({n}).sum())", f"1 + 2 + ... + {n} ones on and below the diagonal."),
            (f"int(np.arange({n + 1}).sum())", f"0 + 1 + ... + {n}."),
            (f"np.zeros(({n}, {a})).nbytes", f"{n} * {a} elements of 8 bytes."),
            (f"np.zeros(({n}, {a}), dtype='float32').nbytes", f"{n} * {a} elements of 4 bytes."),
        ],
        [
            (f"float(np.eye({n}, k={k}).sum())", f"The diagonal {k} away has {n} - {k} places."),
            (f"float(np.triu(np.ones(({n}, {n})), {k}).sum())", f"Diagonals {k} and beyond: {above} ones."),
            (f"float(np.tri({n}, {n}, -{k}).sum())", f"Diagonals -{k} and below: {above} ones."),
            (f"float((np.tri({n}, {n}, {k}) - np.tri({n}, {n}, {k - 1})).sum())",
             f"Two triangles that differ in diagonal {k}, which has {n} - {k} places."),
            (f"int(np.count_nonzero(np.diag(np.arange({n}))))", f"0 to {n - 1} on the diagonal, and 0 is zero."),
            (f"np.broadcast_to(1.0, ({n}, {a})).strides[0]", "One number for all: every stride is 0."),
            (f"float(np.linspace(0, 1, {n})[-1])", "linspace includes its end, exactly."),
            (f"np.zeros(({n}, {a}))[:, 0].strides[0]", f"From row to row it is {a} elements of 8 bytes."),
            (f"np.arange(0, 1, 1 / {2 ** (n % 3 + 1)}).size", "A power of two divides exactly; the stop is left out."),
            (f"np.eye({n}, dtype=bool).nbytes", f"{n} * {n} bools of one byte."),
        ],
    )  # fmt: skip
    return predict(asked, why=why)


# ------------------------------------------------------------------------------------------------------------ question


def show_bytes():
    n, lower, upper = 2000, 30, 7
    mask = banded(n, lower, upper)
    base = mask
    while base.base is not None:
        base = base.base
    print(f"shape {mask.shape}, strides {mask.strides}, as a matrix {mask.nbytes:,} bytes")
    print(f"the line under it: {base.nbytes:,} bytes")
    print(f"ones by day: first {int(mask[0].sum())}, middle {int(mask[n // 2].sum())}, last {int(mask[-1].sum())}")


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="easy",
    topics=["Array Creation"],
    companies=["Most Tech Companies"],
    asked=["T3"],
    entry_points=[
        Entry(
            banded,
            {
                "n": integers(0, 12),
                "lower": integers(0, "n + 2"),
                "upper": integers(0, "n + 2"),
            },
            cases=[
                case(n=0, lower=0, upper=0),
                case(n=0, lower=2, upper=1),
                case(n=1, lower=0, upper=0),
                case(n=2, lower=1, upper=0),
                case(n=3, lower=0, upper=1),
                case(n=3, lower=1, upper=0),
                case(n=4, lower=1, upper=2),
                case(n=4, lower=2, upper=2),
                case(n=3, lower=50, upper=50),
                raises(ValueError, n=-1, lower=0, upper=0),
                raises(ValueError, n=3, lower=-1, upper=1),
                raises(ValueError, n=3, lower=1, upper=-1),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized",
            "Without a loop in Python over days or diagonals.",
            no_python_loop(lambda rng, n: {"n": n, "lower": n // 3, "upper": n // 4}),
        ),
        Level(
            "memory",
            "A thousand days: one float64 matrix, and nothing else of that size.",
            peak_memory(lambda rng: {"n": 1000, "lower": 300, "upper": 200}, outputs=1.05),
        ),
        Level(
            "at scale",
            "Along a diagonal all elements are the same. 18 MB need not be written for 1,500 days: stay below 100 KB.",
            peak_memory(lambda rng: {"n": 1500, "lower": 30, "upper": 7}, extra=100_000),
        ),
    ],
    hints=[
        "Which values of j - i lie in the band? np.arange gives all i and all j.",
        "np.tri(n, n, k) holds ones up to the diagonal k. Which two of them differ by the band?",
        "How does row i + 1 differ from row i? Write the longest line that contains every row.",
        "Rows that are shifted pieces of one line are windows over it, in reverse order.",
    ],
    explanation="""\
`zeros`, `ones`, `empty` and `full` take the shape first, as one tuple: `np.zeros(3, 4)` takes 4 for a dtype and raises
TypeError. All but `full` make float64 unless told otherwise; `full` takes its value's dtype. `empty` clears nothing.
The `_like` functions take shape and dtype from a model: `np.full_like([1, 2], 2.7)` holds 2s.

`arange` counts by steps, `linspace` by number. With a step of 0.1 the length of `arange` hangs on rounding; there
`linspace` is the better choice.

>>> np.linspace(0, 1, 5), np.arange(3)
(array([0.  , 0.25, 0.5 , 0.75, 1.  ]), array([0, 1, 2]))

`eye(n, m, k)` sets one diagonal, `tri` everything up to one, so a band is a difference of two:

>>> np.tri(3, 3, 1) - np.tri(3, 3, -2)
array([[1., 1., 0.],
       [1., 1., 1.],
       [0., 1., 1.]])

or a comparison of `j - i`, by broadcasting a row of indices against a column. Both make further matrices on the way.

Each row is the one above, moved one to the right, so all are windows over one line of 2n numbers. Stride tricks
show it as a matrix, read-only, in O(n) memory; `.copy()` writes it out in one pass.
""",
    points=[
        "The shape is one argument, a tuple; the second is the dtype.",
        "Float64 is the default of zeros, ones, empty and eye; full takes the dtype of its value.",
        "empty is not zeros: its memory holds anything.",
        "arange leaves the stop out and counts steps; linspace includes it and counts numbers.",
        "eye sets one diagonal; tri, tril and triu make triangles, and a band is a difference of two.",
        "Comparing indices by broadcasting builds any pattern without a loop.",
        "A matrix that is constant along its diagonals needs one line of memory.",
    ],
    follow_ups={
        "Why is np.zeros quicker than np.ones?": "The system hands out cleared pages; memory is touched at its first "
        "use.",
        "How do you mask scores with this band?": "np.where(mask, scores, -np.inf), then softmax.",
        "How would you store a band of 5 in a matrix of a million rows?": "Five diagonals, shape (5, n), or a sparse "
        "format.",
    },
    related=["diagonals", "sliding-windows", "grid-of-coordinates", "tile-and-repeat"],
    links=[
        "https://numpy.org/doc/stable/reference/routines.array-creation.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.tri.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.sliding_window_view.html",
    ],
    live=show_bytes,
)
