"""Fix a broadcasting error with keepdims."""

import tracemalloc

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    axis_of,
    case,
    drill,
    matches,
    peak_memory,
    predict,
    raises,
    right_on,
    trap,
    works,
)


def standardize(X, axis=0):
    """Standardize each line of `X` along `axis`: subtract its mean and divide by its standard deviation.

    A city counts bicycles: each row of `X` is a day and each column a bridge. The code below works for axis 0. For axis
    1 it raises an error, or silently returns wrong numbers. Fix it.

    Parameters
    ----------
    X : ndarray, shape (n, m), int64
        Counts and differences of counts between -1000 and 1000 inclusive, ``n >= 1`` and ``m >= 1``. May be strided,
        reversed or read-only. On level 2 and above, `X` has one to four axes, each of length 1 or more. On levels 3 and
        4, `X` is int64, or float64 with finite values in the same range.
    axis : int
        The axis along which the mean and the standard deviation are computed. Negative axes count from the last.

    Returns
    -------
    ndarray, same shape as `X`, float64
        A new array: each element minus the mean of its line, divided by the standard deviation of that line. The
        variance is the mean of the squared distances from the mean. A line runs along `axis` with all other indices
        fixed: for axis 0 of a matrix, it is a column. A line of equal values becomes zeros. The result is computed in
        float64; errors up to 1e-6 pass.

    Raises
    ------
    numpy.exceptions.AxisError
        If `X` has no such axis.

    Examples
    --------
    >>> X = np.array([[10, 500], [20, 500], [30, 500]])
    >>> standardize(X).round(3)
    array([[-1.225,  0.   ],
           [ 0.   ,  0.   ],
           [ 1.225,  0.   ]])
    >>> standardize(X, axis=1)
    array([[-1.,  1.],
           [-1.,  1.],
           [-1.,  1.]])
    """
    # The mean of equal floats may be rounded, so their deviation may not be exactly 0.
    largest = X.max(axis=axis, keepdims=True)
    even = largest == X.min(axis=axis, keepdims=True)
    spread = X.std(axis=axis, keepdims=True)
    spread[even] = np.inf
    Z = X - np.where(even, largest, X.mean(axis=axis, keepdims=True))
    Z /= spread
    return Z


def in_use(X, axis=0):
    mean = X.mean(axis=axis)
    spread = X.std(axis=axis)
    return (X - mean) / spread


@works()
def with_the_axis_last(X, axis=0):
    """Moves the axis to the front, where the means broadcast without keepdims, and writes through that view."""
    spread = np.moveaxis(X, axis, 0).std(axis=0)
    Z = np.array(X, dtype=float)
    V = np.moveaxis(Z, axis, 0)
    V -= V.mean(axis=0)
    V /= np.where(np.ptp(X, axis=axis) == 0, 1, spread)
    return Z


@works(fails="floats")
def a_little_more(X, axis=0):
    """Adds a tiny number to every deviation, so that none is 0. A rounded mean can be off by more than that."""
    spread = np.expand_dims(X.std(axis=axis), axis)
    Z = X - np.expand_dims(X.mean(axis=axis), axis)
    Z /= spread + 1e-9
    return Z


@works(fails="memory")
def by_formula(X, axis=0):
    """The definition, with one array per step."""
    Z = X - X.mean(axis=axis, keepdims=True)
    variance = (Z**2).mean(axis=axis, keepdims=True)
    even = X.max(axis=axis, keepdims=True) == X.min(axis=axis, keepdims=True)
    return np.where(even, 0.0, Z / np.sqrt(np.where(even, 1, variance)))


@works(fails="floats")
def exactly_zero(X, axis=0):
    """Tests the deviation: for integers it is exactly 0 if all values are equal."""
    mean, spread = X.mean(axis=axis, keepdims=True), X.std(axis=axis, keepdims=True)
    spread[spread == 0] = 1
    return (X - mean) / spread


@works(fails="floats")
def below_a_bound(X, axis=0):
    """Treats a tiny deviation as zero: right for integers, but floats may really be that close."""
    mean, spread = X.mean(axis=axis, keepdims=True), X.std(axis=axis, keepdims=True)
    return (X - mean) / np.where(np.isclose(spread, 0), 1, spread)


@works(fails="any axes")
def by_turning_over(X, axis=0):
    """Transposes the matrix for axis 1, and transposes the result back."""
    turned = X.T if axis in (1, -1) else X
    if axis not in (0, 1, -1, -2):
        raise np.exceptions.AxisError(axis, X.ndim)
    spread = turned.std(axis=0)
    Z = (turned - turned.mean(axis=0)) / np.where(spread == 0, 1, spread)
    return Z.T if axis in (1, -1) else Z


@works(fails="any axes")
def line_by_line(X, axis=0):
    """A Python loop over columns or rows."""
    Z = np.zeros(X.shape)
    if not -2 <= axis < 2:
        raise np.exceptions.AxisError(axis, X.ndim)
    for i in range(X.shape[1 - axis % 2]):
        line = X[:, i] if axis % 2 == 0 else X[i]
        if line.min() < line.max():
            target = Z[:, i] if axis % 2 == 0 else Z[i]
            target[:] = (line - line.mean()) / line.std()
    return Z


@trap(
    "Without keepdims=True, the mean over axis 1 has shape (n,) and is aligned with the columns. That "
    "raises an error, or gives an (n, n) result for one column, or wrong numbers if m equals n.",
    verdict="WT",
)
def drops_the_axis(X, axis=0):
    mean, spread = X.mean(axis=axis), X.std(axis=axis)
    return (X - mean) / np.where(spread == 0, 1, spread)


@trap(
    "`[:, None]` turns the means into a column, which is right only for axis 1. keepdims=True keeps the "
    "reduced axis in its place for any axis.",
    verdict="WT",
)
def always_a_column(X, axis=0):
    mean, spread = X.mean(axis=axis)[:, None], X.std(axis=axis)[:, None]
    return (X - mean) / np.where(spread == 0, 1, spread)


@trap("0 / 0 is NaN: a line of equal values has standard deviation 0, so divide it by another number.")
def divides_by_zero(X, axis=0):
    with np.errstate(all="ignore"):
        return (X - X.mean(axis=axis, keepdims=True)) / X.std(axis=axis, keepdims=True)


@trap("The mean over all of X is one number, but each line has its own mean: pass the axis.")
def one_mean_for_all(X, axis=0):
    X.sum(axis=axis)
    spread = X.std()
    return (X - X.mean()) / (spread if spread else 1)


@trap("The caller chooses the axis, but this always uses the first one.")
def always_the_first(X, axis=0):
    X.sum(axis=axis)
    spread = X.std(axis=0, keepdims=True)
    return (X - X.mean(axis=0, keepdims=True)) / np.where(spread == 0, 1, spread)


@trap("ddof=1 divides by n - 1, as for a sample. The variance here is the mean of the squares, the default of std.")
def as_of_a_sample(X, axis=0):
    with np.errstate(all="ignore"):
        spread = X.std(axis=axis, keepdims=True, ddof=1)
    return (X - X.mean(axis=axis, keepdims=True)) / np.where(spread == 0, 1, spread)


@trap(
    "`X -= mean` would have to store floats in an integer array, which NumPy refuses. Subtract into a "
    "new array.", verdict="RE"
)  # fmt: skip
def into_the_counts(X, axis=0):
    X = X.copy()
    X -= X.mean(axis=axis, keepdims=True)
    spread = X.std(axis=axis, keepdims=True)
    return X / np.where(spread == 0, 1, spread)


@trap("A transposed matrix broadcasts as needed, but the result is transposed too: transpose it back.", verdict="WT")
def stays_turned(X, axis=0):
    X.sum(axis=axis)
    turned = X.T if axis in (1, -1) else X
    spread = turned.std(axis=0)
    return (turned - turned.mean(axis=0)) / np.where(spread == 0, 1, spread)


@trap("The variance is the square of the standard deviation: take its square root before dividing.")
def divides_by_the_variance(X, axis=0):
    variance = X.var(axis=axis, keepdims=True)
    return (X - X.mean(axis=axis, keepdims=True)) / np.where(variance == 0, 1, variance)


@drill("What is the shape, or which error is raised?")
def subtracting_means(rng, hardness):
    n, m = (int(k) for k in rng.choice(np.arange(2, 8), 2, replace=False))
    if hardness > 0.5 and rng.random() < 0.4:
        m = n
    elif hardness > 0.5 and rng.random() < 0.3:
        m = 1
    meets = f"({n},) is aligned with the {m} column{'s' * (m > 1)}"
    fate = (
        "the lengths are equal, so it is accepted without an error."
        if n == m
        else "one column is stretched."
        if m == 1
        else ("the lengths differ and neither is 1, so they cannot be broadcast: ValueError.")
    )
    forms = [
        ("X - X.mean(axis=0)", f"The column means have shape ({m},), which is aligned with the columns."),
        ("X - X.mean(axis=1)", f"The row means have no second axis: {meets}; {fate}"),
        ("X - X.mean(axis=1, keepdims=True)", f"With keepdims, the means have shape ({n}, 1), which is stretched."),
        ("X - X.mean()", "A single number broadcasts to any shape."),
        ("X - X.mean(axis=1)[:, None]", f"The new axis turns the means into a column: ({n}, 1)."),
        ("X - X.mean(axis=0, keepdims=True)", f"With keepdims, the means have shape (1, {m}), which is stretched."),
        ("X.T - X.mean(axis=1)", f"The transpose of X has {n} columns, and {n} means are available."),
        (
            "(X.T - X.mean(axis=1)).T",
            f"The transpose of X has {n} columns for the {n} means, and the result is transposed back.",
        ),
        ("X - X.mean(axis=1)[None]", f"The new axis is at the front, where it changes nothing: {meets}; {fate}"),
        ("X - X.mean(axis=(0, 1), keepdims=True)", "Both axes are kept with length 1: (1, 1)."),
    ]
    text, why = forms[int(rng.integers(round(2 * hardness), 4 + round(6 * hardness)))]
    return predict(f"X = np.ones(({n}, {m}))\n({text}).shape", why=why)


@drill("What is the shape, or which error is raised?")
def columns_against_rows(rng, hardness):
    n, m = (int(k) for k in rng.choice(np.arange(2, 9), 2, replace=False))
    head = f"wanted = np.ones({n})\nfound = np.ones(({n}, 1))"
    forms = [
        ("found - found", "Equal shapes are compatible."),
        ("wanted - found", f"({n},) and ({n}, 1) are stretched along each other, without an error."),
        ("wanted - found[:, 0]", f"Index 0 removes the axis: both have shape ({n},)."),
        ("wanted - found.squeeze()", f"squeeze removes the axis of length 1: both have shape ({n},)."),
        ("wanted[:, None] - found", f"Both have shape ({n}, 1)."),
        ("wanted - found.T", f"({n},) and (1, {n}): the row fits, and the result keeps both axes."),
        ("wanted - found.ravel()", f"ravel flattens it to one axis: both have shape ({n},)."),
        (f"wanted - np.ones(({m}, 1))", f"({n},) and ({m}, 1) give a table of all pairs."),
        (f"wanted - np.ones(({n}, {m}))", f"{n} is aligned with the last axis, {m}, and neither is 1: ValueError."),
        ("(wanted - found).sum(axis=0)", f"The difference is a table of shape ({n}, {n}), not a column."),
    ]
    text, why = forms[int(rng.integers(round(3 * hardness), 4 + round(6 * hardness)))]
    if text.startswith("("):
        return predict(f"{head}\n{text}.shape", why=why)
    return predict(f"{head}\n({text}).shape", why=why)


@drill("What is the value?")
def wrong_but_no_error(rng, hardness):
    a, b, c, d = (2 * int(k) for k in rng.choice(np.arange(1, 12), 4, replace=False))
    i, j = (int(k) for k in rng.integers(0, 2, 2))
    table = [[a, b], [c, d]]
    rows, columns = [(a + b) / 2, (c + d) / 2], [(a + c) / 2, (b + d) / 2]
    here = table[i][j]
    head = f"X = np.array([[{a}, {b}], [{c}, {d}]])"
    forms = [
        ("X - X.mean(axis=0)", f"The mean of column {j} is {columns[j]}: {here} - {columns[j]}."),
        ("X - X.mean(axis=1, keepdims=True)", f"The mean of row {i} is {rows[i]}: {here} - {rows[i]}."),
        (
            "X - X.mean(axis=1)",
            f"The row means are used as a row, so column {j} loses the mean of row {j}, {rows[j]}.",
        ),
        ("X - X.mean(axis=1)[:, None]", f"The row means are used as a column: {here} - {rows[i]}."),
        ("X - X.mean(axis=0)[:, None]", f"The column means are used as a column, so row {i} loses {columns[i]}."),
        ("(X.T - X.mean(axis=1)).T", f"In the transpose, row {i} is a column and loses its own mean, {rows[i]}."),
        (
            "(X.T - X.mean(axis=0)).T",
            f"In the transpose, row {i} is a column and loses the mean of column {i}, {columns[i]}.",
        ),
    ]
    text, why = forms[int(rng.integers(round(2 * hardness), 3 + round(4 * hardness)))]
    return predict(f"{head}\nfloat(({text})[{i}, {j}])", why=why)


@drill("What is the shape of x afterwards, or which error is raised?")
def written_in_place(rng, hardness):
    n, m = (int(k) for k in rng.choice(np.arange(2, 8), 2, replace=False))
    forms = [
        (f"x = np.zeros(({n}, {m}))\nx += np.ones({m})", "The row is stretched to the shape of x, and x keeps its "
                                                         "shape."),
        (f"x = np.zeros({m})\nx = x + np.ones(({n}, 1))", "x becomes the name of a new array with the common shape."),
        (f"x = np.zeros({m})\nx += np.ones(({n}, {m}))", "The sum has more axes than x, and x cannot grow: "
                                                         "ValueError."),
        (f"x = np.zeros(({n}, {m}))\nx += np.ones(({n}, 1))", "The column is stretched to the shape of x, and x "
                                                              "keeps its shape."),
        (f"x = np.zeros(({n}, 1))\nx += np.ones(({n}, {m}))", "x itself is never stretched and cannot grow: "
                                                              "ValueError."),
        (f"x = np.zeros(({n}, {m}))\nx += np.ones({n})", f"{n} is aligned with the last axis, {m}, and neither is 1: "
                                                         "ValueError."),
        (f"x = np.zeros(({n}, {m}))\nx[:] = np.arange({m})", "Assigning to a slice broadcasts the value."),
        (f"x = np.zeros(({n}, {m}))\nx[:, 0] = np.ones(({n}, 1))",
         "x[:, 0] has one axis, and only leading axes of length 1 of the value are dropped: ValueError."),
        (f"x = np.zeros({m})\nx += np.ones((1, {m}))", f"The sum has shape (1, {m}), which has more axes than x: "
                                                       "ValueError."),
        (f"x = np.zeros({m})\nx[:] = np.ones((1, {m}))", "An assignment drops leading axes of length 1."),
    ]  # fmt: skip
    text, why = forms[int(rng.integers(round(3 * hardness), 4 + round(6 * hardness)))]
    return predict(f"{text}\nx.shape", why=why)


def show_blow_up():
    n = 2000
    wanted, found = np.zeros(n), np.zeros((n, 1))
    print(f"{wanted.shape} and {found.shape}: one number per row each, {wanted.nbytes:,} bytes")
    for text in ("wanted - found", "wanted - found[:, 0]"):
        tracemalloc.start()
        result = eval(text, {"wanted": wanted, "found": found})
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{text:22} has shape {result.shape!s:12} and took {peak:>12,} bytes, without an error")


CLOSE = matches(rtol=0, atol=1e-6)
COUNTS = {"low": -1000, "high": 1000}


def days(rng):
    return {"X": rng.integers(0, 1000, (500, 500)), "axis": 1}


def hours(rng):
    return {"X": rng.uniform(0, 1000, (100, 24, 100)), "axis": 1}


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="easy",
    topics=["Debugging", "Broadcasting"],
    companies=["Google", "Amazon", "Meta", "Microsoft"],
    asked=["T12", "microsoft-7"],
    entry_points=[
        Entry(
            standardize,
            {"X": arrays("n", "m", dtype="int64", **COUNTS), "axis": axis_of("X", outside=True)},
            dims={"n": (1, 12), "m": (1, 12)},
            starter=in_use,
            result=CLOSE,
            cases=[
                case(X=np.array([[1, 3], [5, 9]]), axis=1),
                case(X=np.array([[1, 3], [5, 9]])),
                case(X=np.array([[4], [7]]), axis=1),
                case(X=np.array([[1, 2, 6], [5, 5, 5]]), axis=1),
                case(X=np.array([[1, 2, 6], [5, 5, 5]]), axis=0),
                case(X=np.array([[1, 2, 6], [5, 7, 5]]), axis=-2),
                raises(np.exceptions.AxisError, X=np.array([[1, 2]]), axis=2),
                raises(np.exceptions.AxisError, X=np.array([[1, 2]]), axis=-3),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "any axes",
            "X may have one to four axes, for example hours of days on bridges.",
            right_on(
                Entry(
                    standardize,
                    {"X": arrays(..., "m", dtype="int64", **COUNTS), "axis": axis_of("X", outside=True)},
                    dims={"m": (1, 5)},
                    where=lambda X, axis: X.size > 0,
                    result=CLOSE,
                    cases=[
                        case(X=np.arange(8).reshape(2, 2, 2) ** 2, axis=1),
                        case(X=np.arange(8).reshape(2, 2, 2) ** 2, axis=-3),
                        case(X=np.array([3, 1, 2])),
                    ],
                )
            ),
        ),
        Level(
            "floats",
            "X may be float64: lines of equal values must become zeros, even though their mean is rounded.",
            right_on(
                Entry(
                    standardize,
                    {"X": arrays("n", "m", dtype=("float64", "int64"), **COUNTS), "axis": axis_of("X")},
                    dims={"n": (1, 12), "m": (1, 12)},
                    result=CLOSE,
                    cases=[
                        case(X=np.full((3, 2), 0.1), axis=0),
                        case(X=np.full((3, 1), -711.01), axis=0),
                        case(X=np.array([[0.0, 1e-12]]), axis=1),
                        case(X=np.array([[0.1, 0.1, 0.1], [0.1, 0.2, 0.3]]), axis=1),
                    ],
                )
            ),
        ),
        Level(
            "memory",
            "For a year of counts, never allocates more than one array of the size of X at a time, "
            "including the result.",
            peak_memory(days, outputs=1.25),
            peak_memory(hours, outputs=1.25),
        ),
    ],
    hints=[
        "Print X.shape and X.mean(axis=1).shape below each other, aligned at the right. Which lengths are paired?",
        "A reduction removes its axis. Which argument keeps it with length 1?",
        "What is the result for a matrix with one column, and why is no error raised? What about a square matrix?",
        "How large is the standard deviation of equal floats? What do their maximum and minimum tell you?",
    ],
    spoken="""\
Broadcasting aligns shapes at the right, and a mean over axis 1 loses that axis, so its shape (n,) is paired with the
columns. The fix is `keepdims=True`, which keeps the reduced axis with length 1, so the result broadcasts back for any
axis. The error is the harmless case: a square matrix gives wrong numbers, and a single column gives an n by n result,
both silently. Lines of equal values have standard deviation 0, so I compare their maximum and minimum instead of
testing a rounded deviation.
""",
    explanation="""\
Broadcasting aligns shapes at the right. If two lengths differ and neither is 1, it raises:

>>> X = np.array([[1.0, 3.0, 8.0], [4.0, 4.0, 4.0]])
>>> X - X.mean(axis=1)
Traceback (most recent call last):
...
ValueError: operands could not be broadcast together with shapes (2,3) (2,)

The mean over axis 1 has lost that axis, so its length 2 is paired with the 3 columns. `keepdims=True` keeps the axis
with length 1, for any axis and any number of axes. `mean[:, None]` does the same, but only for axis 1.

>>> X.mean(axis=1, keepdims=True).shape
(2, 1)

*The error is the harmless case.* If X is square, each row silently gets the wrong means. If X has one column, the
result silently grows:

>>> y = np.array([[1.0], [2.0]])
>>> (y - y.mean(axis=1)).shape
(2, 2)

So test with lengths that all differ, and assert the shape of the result.

*Equal values.* Their standard deviation is 0, and 0 / 0 is NaN. For floats, comparing the deviation with 0 is not safe,
because the mean is rounded. A threshold like 1e-9 flattens lines whose values really are that close. Compare maximum
and minimum.

>>> bool(np.full(3, 0.1).std() == 0)
False

*Memory.* Write `Z = X - mean` and then `Z /= spread`. The in-place operator works on the new float array, never on the
caller's integers. Since NumPy 2.0, `std` accepts a known mean: `X.std(axis=1, keepdims=True, mean=mean)`.
""",
    points=[
        "Shapes are aligned at the right; lengths must be equal, or one of them must be 1.",
        "A reduction removes its axis; keepdims=True keeps it with length 1, so that the result broadcasts back.",
        "A square matrix gives wrong numbers, and one column gives an (n, n) result, both without an error.",
        "Read the two shapes in the error message, aligned at the right, and find the missing axis.",
        "Equal values have standard deviation 0, and for floats not even exactly 0.",
        "In-place operators write to the left array: it never grows, and an integer array accepts no floats.",
    ],
    follow_ups={
        "How do you find such a bug if nothing raises?": "Print shapes, test with lengths that all differ, and assert "
        "the shape of the result.",
        "Why not transpose X and transpose the result back?": "That works for two axes. keepdims or moveaxis works "
        "for any number of axes.",
        "What does scikit-learn's StandardScaler do with equal values?": "The same: it divides by 1.",
    },
    related=["broadcast-shapes", "reductions-keepdims", "expand-and-squeeze", "broadcast-without-allocation"],
    links=[
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.mean.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.std.html",
    ],
    live=show_blow_up,
)
