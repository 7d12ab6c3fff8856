"""Create a banded matrix of ones."""

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
    """Return a square matrix with ones in a band around the diagonal and zeros elsewhere.

    A forecast uses it as a mask: row i marks the days that day i may look at, which are day i, `lower` days before it
    and `upper` days after it.

    Parameters
    ----------
    n : int
        The number of rows and columns, ``n >= 0``.
    lower, upper : int
        The number of diagonals below and above the main diagonal. Both may be larger than n.

    Returns
    -------
    ndarray, shape (n, n), float64
        Element (i, j) is 1.0 if ``-lower <= j - i <= upper``, and 0.0 otherwise. The result may have any memory layout
        and may be read-only.

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
    return sliding_window_view(line, n)[
        -2::-1
    ]  # each row shows the line, starting one element earlier than the row above


@works(fails="at scale")
def writes_it_out(n, lower, upper):
    """The same windows over one line, copied into a separate matrix."""
    if min(n, lower, upper) < 0:
        raise ValueError("n, lower and upper must not be negative")
    line = np.concatenate([np.zeros(max(n - lower, 0)), np.ones(min(n, lower) + upper + 1), np.zeros(n)])
    out = np.empty((n, n))
    out[...] = sliding_window_view(line, n)[1 : n + 1][::-1]
    return out


@works(fails="memory")
def by_difference(n, lower, upper):
    """Compares the distance of each element from the diagonal."""
    if min(n, lower, upper) < 0:
        raise ValueError("n, lower and upper must not be negative")
    day = np.arange(n)
    ahead = day - day[:, np.newaxis]
    return ((ahead >= -lower) & (ahead <= upper)).astype(np.float64)


@works(fails="memory")
def by_triangles(n, lower, upper):
    """Takes everything up to the upper edge, minus everything below the lower edge."""
    if min(n, lower, upper) < 0:
        raise ValueError("n, lower and upper must not be negative")
    return np.tri(n, n, upper) - np.tri(n, n, -lower - 1)


@works(fails="vectorized")
def day_by_day(n, lower, upper):
    """Assigns a slice of ones for each row."""
    if min(n, lower, upper) < 0:
        raise ValueError("n, lower and upper must not be negative")
    out = np.zeros((n, n))
    for i in range(n):
        out[i, max(i - lower, 0) : i + upper + 1] = 1.0
    return out


@trap("A slice that starts below 0 counts from the end. Limit the start to 0 with max.")
def starts_below_zero(n, lower, upper):
    if min(n, lower, upper) < 0:
        raise ValueError("n, lower and upper must not be negative")
    out = np.zeros((n, n))
    for i in range(n):
        out[i, i - lower : i + upper + 1] = 1.0
    return out


@trap("Both edges belong to the band, but a slice excludes its stop: add 1.")
def ends_too_soon(n, lower, upper):
    if min(n, lower, upper) < 0:
        raise ValueError("n, lower and upper must not be negative")
    out = np.zeros((n, n))
    for i in range(n):
        out[i, max(i - lower, 0) : i + upper] = 1.0
    return out


@trap("Element (i, j) is row i, column j. `upper` diagonals are to the right of the main diagonal, where j > i.")
def transposed(n, lower, upper):
    if min(n, lower, upper) < 0:
        raise ValueError("n, lower and upper must not be negative")
    return np.tri(n, n, lower) - np.tri(n, n, -upper - 1)


@trap("A comparison gives bools: convert them to float64.", verdict="WT")
def stays_bool(n, lower, upper):
    if min(n, lower, upper) < 0:
        raise ValueError("n, lower and upper must not be negative")
    day = np.arange(n)
    ahead = day - day[:, None]
    return (ahead >= -lower) & (ahead <= upper)


@trap("`np.eye(n, k=k)` sets one diagonal. A band needs all diagonals from -lower to upper.")
def edges_only(n, lower, upper):
    if min(n, lower, upper) < 0:
        raise ValueError("n, lower and upper must not be negative")
    return np.maximum(np.eye(n), np.maximum(np.eye(n, k=-lower), np.eye(n, k=upper)))


@trap("`np.empty` does not initialize its memory, so the elements outside the band must be set to 0.")
def leaves_rubbish(n, lower, upper):
    if min(n, lower, upper) < 0:
        raise ValueError("n, lower and upper must not be negative")
    out = np.full((n, n), -7.25)
    for i in range(n):
        out[i, max(i - lower, 0) : i + upper + 1] = 1.0
    return out


@trap("`np.tri` accepts a negative k and shifts the diagonal. Negative arguments must raise ValueError.")
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
            (f"np.zeros({a})", "One number is the length of a single axis."),
            (f"np.zeros(({a}, {b}))", "A tuple gives one length per axis."),
            (f"np.eye({a})", "One number gives a square matrix."),
            (f"np.eye({a}, {b})", f"{a} rows and {b} columns: eye accepts both, unlike identity."),
            (f"np.full(({b}, {a}), 0.5)", "The shape comes first, then the value."),
            (f"np.arange({a}, {a + b})", f"The stop is excluded: {b} numbers starting at {a}."),
            (f"np.linspace(0, {a}, {b})", f"The third argument is the number of elements: {b}."),
            (f"np.ones([{a}, {b}])", "A list of lengths works like a tuple."),
        ],
        [
            (f"np.zeros({a}, {b})", "The second argument is the dtype, and a number is not a dtype: TypeError."),
            (f"np.diag(np.arange({a}))", "A 1-D input gives a square matrix with the input on its diagonal."),
            (
                f"np.diag(np.arange({a}), k={b})",
                f"A diagonal shifted {b} to the right needs {b} more rows and columns.",
            ),
            (f"np.diag(np.zeros(({a}, {b})))", "A 2-D input gives its diagonal, which is as long as the shorter axis."),
            (f"np.identity({a}, {b})", "identity is square, and its second argument is the dtype: TypeError."),
            (f"np.arange({a}, {a + b}, 0.5)", f"{b} / 0.5 numbers, because the stop is excluded."),
            (f"np.zeros(({a}, {b}))[np.newaxis]", "newaxis inserts an axis of length 1 at the front."),
            (f"np.full(({a}, {b}), np.arange({b}))", "full broadcasts its value to the shape."),
            (
                f"np.full(({b}, {b + 1}), np.arange({b}))",
                f"A row of {b} cannot be broadcast to rows of {b + 1}: ValueError.",
            ),
            (f"np.indices(({a}, {b}))", "The result has one index grid for each of the two axes."),
            (f"np.tri({a}, {b})", f"The result has {a} rows and {b} columns."),
            (f"np.ones(-{a})", "A negative length raises ValueError."),
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
            (f"np.zeros({a})", "The default dtype of zeros is float64."),
            (f"np.ones(({a}, {b}))", "The default dtype of ones is float64."),
            (f"np.full({a}, {b})", "full uses the dtype of its value: a Python int gives the default integer."),
            (f"np.full({a}, {b}.5)", "full uses the dtype of its value: a Python float gives float64."),
            (f"np.arange({a})", "Integer arguments give the default integer."),
            (f"np.eye({a})", "The default dtype of eye is float64."),
            (f"np.linspace(0, {a}, {b})", "linspace returns floats, even for integer arguments."),
            (f"np.zeros({a}, dtype={dtype!r})", "This is the dtype that was requested."),
        ],
        [
            (f"np.zeros_like([{a}, {b}])", "zeros_like uses the dtype of its template: a list of ints "
                                           "gives the default integer."),
            (f"np.full_like(np.zeros({a}, dtype={dtype!r}), 1)", "full_like uses the dtype of its template, not "
                                                                 "that of 1."),
            (f"np.arange({a}.0)", "A float among the arguments gives float64."),
            (f"np.arange({a}, dtype='float32')", "This is the dtype that was requested."),
            (f"np.full({a}, True)", "full uses the dtype of its value: bool."),
            (f"np.linspace(0, {a}, {b}, dtype=int)", "int means the default integer: int64 on 64-bit platforms, "
                                                     "since NumPy 2 on Windows too."),
            (f"np.ones_like(np.zeros({a}) > {b})", "The template is an array of bools."),
            (f"np.diag(np.zeros({a}, dtype={dtype!r}))", "diag keeps the dtype."),
            (f"np.eye({a}, dtype='float32') * {b}.5", "A Python float adapts to float32 (NEP 50)."),
            (f"np.eye({a}, dtype='int16') * {b}.5", "A Python float and an integer array give float64."),
            (f"np.zeros({a}, dtype=int) + np.ones({a})", "An integer and a float64 array give float64."),
            (f"np.tri({a}, dtype={dtype!r})", "This is the dtype that was requested."),
            (f"np.fromfunction(lambda i, j: i + j, ({a}, {b}))", "fromfunction passes indices as float64."),
            (f"np.indices(({a}, {b}))", "Indices use the default integer."),
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
            (f"np.arange({a}, {a + b})", "From the start up to the stop, which is excluded."),
            (f"np.full({b}, {a})", f"{b} times {a}."),
            (f"np.arange(0, {b * 3}, 3)", "Every third number; the stop is excluded."),
            (f"np.linspace(0, {2 * b}, 3)", "Three numbers including both ends, with the middle halfway."),
            ("np.eye(2)", "1 on the diagonal, 0 elsewhere."),
            (f"np.arange({b}, 0, -1)", "Counts down from the start, without 0."),
            (f"np.repeat([{a}, {a + 1}], 2)", "repeat repeats each element."),
            (f"np.tile([{a}, {a + 1}], 2)", "tile repeats the whole array."),
        ],
        [
            (f"np.eye(2, 3, k={k})", f"k={k} shifts the diagonal {k} to the right."),
            (f"np.eye(3, 2, k=-{k})", f"k=-{k} shifts the diagonal {k} down."),
            ("np.tri(3, 3, -1, dtype=int)", "k=-1 means strictly below the diagonal."),
            (f"np.linspace(0, {4 * a}, 4, endpoint=False)", f"Four steps of {a}, and the end is excluded."),
            (
                f"np.full_like(np.arange({b}), {a}.7)",
                f"The template has an integer dtype, so {a}.7 is truncated to {a}.",
            ),
            (f"np.arange({a}, {a + 1}, 0.25)", "Steps of 0.25 are exact in binary, and the stop is excluded."),
            (f"np.linspace({a}, {a}, {b})", f"Start and stop are both {a}, so the range is empty."),
            (
                f"np.diag([{a}, {b}], k=1)[0]",
                "This is the first row of a matrix whose diagonal is shifted one to the right.",
            ),
            (f"np.diag([[{a}, 0], [0, {b}]])", "For a matrix, diag returns its diagonal."),
            (f"np.zeros({b}, dtype=str)", "The zero value of a string dtype is the empty string."),
            (f"np.empty({b}, dtype=object)", "An object array starts with None, even with empty."),
            (
                f"np.logspace(0, {b}, {b + 1}, base=2)",
                "logspace returns powers of the base: the arguments are exponents.",
            ),
            (f"np.arange({a + b}, {a})", "The start is beyond the stop, so the range is empty."),
            (
                f"np.fromfunction(lambda i: i * {a}, ({b},))",
                "The function is called once, with all indices as float arrays.",
            ),
            (f"np.triu(np.full((2, 2), {a}), 1)", "k=1 means strictly above the diagonal."),
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
            (f"float(np.eye({n}).sum())", f"The diagonal has {n} ones."),
            (f"float(np.ones(({n}, {a})).sum())", f"{n} * {a} ones."),
            (f"int(np.full({n}, {a}).sum())", f"{n} times {a}."),
            (f"float(np.tri({n}).sum())", f"1 + 2 + ... + {n} ones on and below the diagonal."),
            (f"int(np.arange({n + 1}).sum())", f"0 + 1 + ... + {n}."),
            (f"np.zeros(({n}, {a})).nbytes", f"{n} * {a} elements of 8 bytes."),
            (f"np.zeros(({n}, {a}), dtype='float32').nbytes", f"{n} * {a} elements of 4 bytes."),
        ],
        [
            (f"float(np.eye({n}, k={k}).sum())", f"The diagonal with offset {k} has {n} - {k} elements."),
            (f"float(np.triu(np.ones(({n}, {n})), {k}).sum())", f"Diagonals with offset {k} and above: {above} ones."),
            (f"float(np.tri({n}, {n}, -{k}).sum())", f"Diagonals with offset -{k} and below: {above} ones."),
            (f"float((np.tri({n}, {n}, {k}) - np.tri({n}, {n}, {k - 1})).sum())",
             f"The two triangles differ in the diagonal with offset {k}, which has {n} - {k} elements."),
            (f"int(np.count_nonzero(np.diag(np.arange({n}))))", f"The diagonal contains 0 to {n - 1}, and 0 is not "
                                                                "counted."),
            (f"np.broadcast_to(1.0, ({n}, {a})).strides[0]", "All elements are the same number in memory, so every "
                                                             "stride is 0."),
            (f"float(np.linspace(0, 1, {n})[-1])", "linspace includes its end exactly."),
            (f"np.zeros(({n}, {a}))[:, 0].strides[0]", f"The next row is {a} elements of 8 bytes away."),
            (f"np.arange(0, 1, 1 / {2 ** (n % 3 + 1)}).size", "A power of two divides exactly, and the stop is "
                                                              "excluded."),
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
    print(f"shape {mask.shape}, strides {mask.strides}, as a full matrix {mask.nbytes:,} bytes")
    print(f"the line in memory: {base.nbytes:,} bytes")
    print(f"ones per row: first {int(mask[0].sum())}, middle {int(mask[n // 2].sum())}, last {int(mask[-1].sum())}")


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
            "Uses no Python loop over rows or diagonals.",
            no_python_loop(lambda rng, n: {"n": n, "lower": n // 3, "upper": n // 4}),
        ),
        Level(
            "memory",
            "For n = 1000, allocates one float64 matrix and nothing else of that size.",
            peak_memory(lambda rng: {"n": 1000, "lower": 300, "upper": 200}, outputs=1.05),
        ),
        Level(
            "at scale",
            "For n = 1500, allocates less than 100 KB, although the full matrix has 18 MB: each diagonal "
            "repeats one number.",
            peak_memory(lambda rng: {"n": 1500, "lower": 30, "upper": 7}, extra=100_000),
        ),
    ],
    hints=[
        "Which values of j - i belong to the band? np.arange gives all i and all j.",
        "np.tri(n, n, k) contains ones up to the diagonal k. Which two of them differ exactly in the band?",
        "How does row i + 1 differ from row i? Write the longest line that contains every row.",
        "Rows that are shifted parts of one line are sliding windows over it, in reverse order.",
    ],
    spoken="""\
I'd compare indices by broadcasting: `j - i` between minus lower and upper, then convert to float64. Or I'd take the
difference of two triangles from `np.tri`. Both allocate temporary matrices. Since the matrix is constant along each
diagonal, every row is a window over one line of ones and zeros, so a sliding window view shows the whole matrix with
only O(n) memory. For creation functions I remember that the shape is one tuple, the default is float64, and empty is
not initialized.
""",
    explanation="""\
`zeros`, `ones`, `empty` and `full` take the shape as their first argument, a single tuple: `np.zeros(3, 4)` treats 4 as
the dtype and raises TypeError. The default dtype is float64, except for `full`, which uses the dtype of its value.
`empty` does not initialize its memory. The `_like` functions take shape and dtype from a template: `np.full_like([1,
2], 2.7)` contains 2s.

`arange` takes a step, `linspace` takes a number of elements. With a step of 0.1 the length of `arange` depends on
rounding, so use `linspace` there.

>>> np.linspace(0, 1, 5), np.arange(3)
(array([0.  , 0.25, 0.5 , 0.75, 1.  ]), array([0, 1, 2]))

*Building a band.* `eye(n, m, k)` sets one diagonal and `tri` sets everything up to one, so a band is the difference of
two triangles:

>>> np.tri(3, 3, 1) - np.tri(3, 3, -2)
array([[1., 1., 0.],
       [1., 1., 1.],
       [0., 1., 1.]])

Alternatively, broadcast a row of indices against a column and compare `j - i`. Both ways allocate temporary matrices.

*Less memory.* Each row is the row above, shifted one to the right, so all rows are windows over one line of about 2n
numbers. A sliding window view shows them as a read-only matrix with O(n) memory; `.copy()` creates the full matrix in
one pass.
""",
    points=[
        "The shape is one argument, a tuple. The second argument is the dtype.",
        "float64 is the default of zeros, ones, empty and eye; full uses the dtype of its value.",
        "empty is not zeros: its memory may contain anything.",
        "arange takes a step and excludes the stop; linspace takes a number of elements and includes the stop.",
        "eye sets one diagonal. tri, tril and triu give triangles, and a band is the difference of two.",
        "Comparing indices with broadcasting builds any pattern without a loop.",
        "A matrix that is constant along its diagonals needs only one line of memory.",
    ],
    follow_ups={
        "Why is np.zeros faster than np.ones?": "The operating system provides zeroed pages, which are only "
        "allocated when first touched. The advantage is gone once "
        "you write to the array.",
        "How do you mask scores with this band?": "`np.where(mask, scores, -np.inf)`, followed by softmax.",
        "How would you store a band of 5 diagonals of a matrix with a million rows?": "As five diagonals in an "
        "array of shape (5, n), or in "
        "a sparse format.",
    },
    related=["diagonals", "sliding-windows", "grid-of-coordinates", "tile-and-repeat"],
    links=[
        "https://numpy.org/doc/stable/reference/routines.array-creation.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.tri.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.sliding_window_view.html",
    ],
    live=show_bytes,
)
