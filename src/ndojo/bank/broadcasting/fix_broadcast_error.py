"""Repair a broadcasting error."""

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
    """Bring counts of different size to one scale: subtract their mean, divide by their standard deviation.

    A city counts bicycles: each row of `X` is a day, each column a bridge. ``standardize(X)`` compares the days of each
    bridge, ``standardize(X, axis=1)`` the bridges of each day. The code below is in use for axis 0; for axis 1 it stops
    with an error, and sometimes it does not even do that. Repair it.

    Parameters
    ----------
    X : ndarray, shape (n, m), int64
        Counts, and differences of counts, from -1000 to 1000; n and m are 1 at least. May be strided, reversed or
        read-only. From level 2 on, one to four axes, of length 1 at least. On levels 3 and 4 float64, finite and within
        the same bounds, or int64.
    axis : int
        The axis along which mean and deviation are taken; negative ones count from the last.

    Returns
    -------
    ndarray, shape of `X`, float64
        A new array: each element minus the mean of its line, divided by the standard deviation of that line, whose
        variance is the mean of the squared distances from the mean. A line runs along `axis`, all other indices
        fixed: a column for axis 0 of a matrix. A line of equal values becomes zeros. Errors up to 1e-6 pass.

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
    # The mean of equal floats may be rounded, and their deviation then not quite 0.
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
    """Moves the axis to the front, where what a reduction leaves lines up by itself; writes through that view."""
    spread = np.moveaxis(X, axis, 0).std(axis=0)
    Z = np.array(X, dtype=float)
    V = np.moveaxis(Z, axis, 0)
    V -= V.mean(axis=0)
    V /= np.where(np.ptp(X, axis=axis) == 0, 1, spread)
    return Z


@works(fails="floats")
def a_little_more(X, axis=0):
    """Adds next to nothing to every deviation, so that none is 0; a rounded mean can be off by more than that."""
    spread = np.expand_dims(X.std(axis=axis), axis)
    Z = X - np.expand_dims(X.mean(axis=axis), axis)
    Z /= spread + 1e-9
    return Z


@works(fails="memory")
def by_formula(X, axis=0):
    """The definition, an array for each step."""
    Z = X - X.mean(axis=axis, keepdims=True)
    variance = (Z**2).mean(axis=axis, keepdims=True)
    even = X.max(axis=axis, keepdims=True) == X.min(axis=axis, keepdims=True)
    return np.where(even, 0.0, Z / np.sqrt(np.where(even, 1, variance)))


@works(fails="floats")
def exactly_zero(X, axis=0):
    """Tests the deviation itself: with whole numbers it is exactly 0 for equal ones."""
    mean, spread = X.mean(axis=axis, keepdims=True), X.std(axis=axis, keepdims=True)
    spread[spread == 0] = 1
    return (X - mean) / spread


@works(fails="floats")
def below_a_bound(X, axis=0):
    """Takes a tiny deviation for none: right for whole numbers, but floats may really lie that close."""
    mean, spread = X.mean(axis=axis, keepdims=True), X.std(axis=axis, keepdims=True)
    return (X - mean) / np.where(np.isclose(spread, 0), 1, spread)


@works(fails="any axes")
def by_turning_over(X, axis=0):
    """Lays the matrix on its side for axis 1, and back afterwards."""
    turned = X.T if axis in (1, -1) else X
    if axis not in (0, 1, -1, -2):
        raise np.exceptions.AxisError(axis, X.ndim)
    spread = turned.std(axis=0)
    Z = (turned - turned.mean(axis=0)) / np.where(spread == 0, 1, spread)
    return Z.T if axis in (1, -1) else Z


@works(fails="any axes")
def line_by_line(X, axis=0):
    """A loop over columns or rows."""
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
    "Without keepdims=True the mean over axis 1 has shape (n,), and lines up with the columns: an error, or with one "
    "column an (n, n) result, or with n columns wrong numbers.",
    verdict="WT",
)
def drops_the_axis(X, axis=0):
    mean, spread = X.mean(axis=axis), X.std(axis=axis)
    return (X - mean) / np.where(spread == 0, 1, spread)


@trap(
    "[:, None] makes a column of the means, which is right for axis 1 only: over axis 0 they must stay a row. "
    "keepdims=True leaves the axis wherever it was.",
    verdict="WT",
)
def always_a_column(X, axis=0):
    mean, spread = X.mean(axis=axis)[:, None], X.std(axis=axis)[:, None]
    return (X - mean) / np.where(spread == 0, 1, spread)


@trap("Dividing 0 by 0 gives NaN: a line of equal values has deviation 0, so divide it by something else.")
def divides_by_zero(X, axis=0):
    with np.errstate(all="ignore"):
        return (X - X.mean(axis=axis, keepdims=True)) / X.std(axis=axis, keepdims=True)


@trap("The mean of all of X is one number; each line has its own: pass the axis.")
def one_mean_for_all(X, axis=0):
    X.sum(axis=axis)
    spread = X.std()
    return (X - X.mean()) / (spread if spread else 1)


@trap("The axis is the caller's choice; this is always the first.")
def always_the_first(X, axis=0):
    X.sum(axis=axis)
    spread = X.std(axis=0, keepdims=True)
    return (X - X.mean(axis=0, keepdims=True)) / np.where(spread == 0, 1, spread)


@trap("ddof=1 divides by n - 1, as for a sample; asked is the mean of the squares, which std takes by default.")
def as_of_a_sample(X, axis=0):
    with np.errstate(all="ignore"):
        spread = X.std(axis=axis, keepdims=True, ddof=1)
    return (X - X.mean(axis=axis, keepdims=True)) / np.where(spread == 0, 1, spread)


@trap(
    "X -= mean would have to put floats into integers: NumPy refuses. Subtract into a new array.", verdict="RE"
)  # fmt: skip
def into_the_counts(X, axis=0):
    X = X.copy()
    X -= X.mean(axis=axis, keepdims=True)
    spread = X.std(axis=axis, keepdims=True)
    return X / np.where(spread == 0, 1, spread)


@trap("A transposed matrix broadcasts as wished, but so the result comes out: turn it back.", verdict="WT")
def stays_turned(X, axis=0):
    X.sum(axis=axis)
    turned = X.T if axis in (1, -1) else X
    spread = turned.std(axis=0)
    return (turned - turned.mean(axis=0)) / np.where(spread == 0, 1, spread)


@trap("The variance is the square of the deviation: take its root before dividing.")
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
    meets = f"({n},) meets the {m} column{'s' * (m > 1)}"
    fate = "they are equal in number." if n == m else "one column is stretched." if m == 1 else "they do not fit."
    forms = [
        ("X - X.mean(axis=0)", f"The means of the columns have shape ({m},), which meets the columns."),
        ("X - X.mean(axis=1)", f"The means of the rows have no second axis: {meets}; {fate}"),
        ("X - X.mean(axis=1, keepdims=True)", f"With keepdims the means have shape ({n}, 1), which is stretched."),
        ("X - X.mean()", "One number fits any shape."),
        ("X - X.mean(axis=1)[:, None]", f"The new axis makes a column of the means: ({n}, 1)."),
        ("X - X.mean(axis=0, keepdims=True)", f"With keepdims the means have shape (1, {m}), which is stretched."),
        ("X.T - X.mean(axis=1)", f"Transposed, X has {n} columns, and there are {n} means."),
        ("(X.T - X.mean(axis=1)).T", f"Transposed, X has {n} columns for the {n} means; then it is turned back."),
        ("X - X.mean(axis=1)[None]", f"The new axis is in front, where it changes nothing: {meets}; {fate}"),
        ("X - X.mean(axis=(0, 1), keepdims=True)", "Both axes are left with length 1: (1, 1)."),
    ]
    text, why = forms[int(rng.integers(round(2 * hardness), 4 + round(6 * hardness)))]
    return predict(f"X = np.ones(({n}, {m}))\n({text}).shape", why=why)


@drill("What is the shape, or which error is raised?")
def columns_against_rows(rng, hardness):
    n, m = (int(k) for k in rng.choice(np.arange(2, 9), 2, replace=False))
    head = f"wanted = np.ones({n})\nfound = np.ones(({n}, 1))"
    forms = [
        ("found - found", "Equal shapes fit."),
        ("wanted - found", f"({n},) against ({n}, 1): each is stretched along the other, without an error."),
        ("wanted - found[:, 0]", f"Index 0 takes the axis away: both have shape ({n},)."),
        ("wanted - found.squeeze()", f"squeeze takes the axis of length 1 away: both have shape ({n},)."),
        ("wanted[:, None] - found", f"Both have shape ({n}, 1)."),
        ("wanted - found.T", f"({n},) against (1, {n}): the row fits, and the result keeps both axes."),
        ("wanted - found.ravel()", f"ravel makes one axis of it: both have shape ({n},)."),
        (f"wanted - np.ones(({m}, 1))", f"({n},) against ({m}, 1): a table of all pairs."),
        (f"wanted - np.ones(({n}, {m}))", f"{n} meets the last axis, {m}, and neither is 1."),
        ("(wanted - found).sum(axis=0)", f"The difference is a table of ({n}, {n}), not a column."),
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
            f"The means of the rows stand as a row, so column {j} loses that of row {j}, {rows[j]}.",
        ),
        ("X - X.mean(axis=1)[:, None]", f"The means of the rows stand as a column: {here} - {rows[i]}."),
        ("X - X.mean(axis=0)[:, None]", f"The means of the columns stand as a column, so row {i} loses {columns[i]}."),
        ("(X.T - X.mean(axis=1)).T", f"Turned, row {i} is a column and loses its own mean, {rows[i]}."),
        ("(X.T - X.mean(axis=0)).T", f"Turned, row {i} is a column and loses the mean of column {i}, {columns[i]}."),
    ]
    text, why = forms[int(rng.integers(round(2 * hardness), 3 + round(4 * hardness)))]
    return predict(f"{head}\nfloat(({text})[{i}, {j}])", why=why)


@drill("What is the shape of x afterwards, or which error is raised?")
def written_in_place(rng, hardness):
    n, m = (int(k) for k in rng.choice(np.arange(2, 8), 2, replace=False))
    forms = [
        (f"x = np.zeros(({n}, {m}))\nx += np.ones({m})", "The row is stretched to x's shape, and x keeps it."),
        (f"x = np.zeros({m})\nx = x + np.ones(({n}, 1))", "x is a name for a new array, of the common shape."),
        (f"x = np.zeros({m})\nx += np.ones(({n}, {m}))", "The sum has more axes than x, and x cannot grow."),
        (f"x = np.zeros(({n}, {m}))\nx += np.ones(({n}, 1))", "The column is stretched to x's shape, and x keeps it."),
        (f"x = np.zeros(({n}, 1))\nx += np.ones(({n}, {m}))", "x itself is never stretched: it cannot grow."),
        (f"x = np.zeros(({n}, {m}))\nx += np.ones({n})", f"{n} meets the last axis, {m}, and neither is 1."),
        (f"x = np.zeros(({n}, {m}))\nx[:] = np.arange({m})", "Assigning to a slice broadcasts into it."),
        (f"x = np.zeros(({n}, {m}))\nx[:, 0] = np.ones(({n}, 1))",
         "x[:, 0] has one axis, and of a value's axes in front only those of length 1 are dropped."),
        (f"x = np.zeros({m})\nx += np.ones((1, {m}))", f"The sum has shape (1, {m}), with more axes than x."),
        (f"x = np.zeros({m})\nx[:] = np.ones((1, {m}))", "Assigning drops axes of length 1 in front."),
    ]  # fmt: skip
    text, why = forms[int(rng.integers(round(3 * hardness), 4 + round(6 * hardness)))]
    return predict(f"{text}\nx.shape", why=why)


def show_blow_up():
    n = 2000
    wanted, found = np.zeros(n), np.zeros((n, 1))
    print(f"{wanted.shape} and {found.shape}: one number a row each, {wanted.nbytes:,} bytes")
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
            "Now X may have one to four axes: hours of days on bridges.",
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
            "Now with floats: lines of equal values must be zeros, though their mean is rounded.",
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
            "A year of counts: never more than one array of the size of X at a time, the result included.",
            peak_memory(days, outputs=1.25),
            peak_memory(hours, outputs=1.25),
        ),
    ],
    hints=[
        "Print X.shape and X.mean(axis=1).shape below each other, lined up at the right. Which lengths meet?",
        "A reduction takes its axis away. Which of its arguments leaves it, with length 1?",
        "What does a matrix with one column become, and why is there no error? And a square one?",
        "How large is the deviation of equal floats? What do their maximum and minimum tell?",
    ],
    explanation="""\
Broadcasting lines shapes up at the right; where two lengths differ and neither is 1, it raises:

>>> X = np.array([[1.0, 3.0, 8.0], [4.0, 4.0, 4.0]])
>>> X - X.mean(axis=1)
Traceback (most recent call last):
...
ValueError: operands could not be broadcast together with shapes (2,3) (2,)

The mean over axis 1 has lost that axis, so its 2 meets the 3 columns. `keepdims=True` leaves the axis with length 1,
for any axis and any number of them. `mean[:, None]` does so too, for axis 1 alone.

>>> X.mean(axis=1, keepdims=True).shape
(2, 1)

The error is the kind case. A square X takes each row's mean from the wrong elements and says nothing, and with one
column the result grows:

>>> y = np.array([[1.0], [2.0]])
>>> (y - y.mean(axis=1)).shape
(2, 2)

So test with lengths that all differ, and assert the shape of what comes out.

A line of equal values has deviation 0, and 0 / 0 is NaN. Comparing the deviation with 0 is not safe for floats, since
their mean is rounded, and a bound like 1e-9 flattens lines whose values really lie that close; compare maximum and
minimum.

>>> bool(np.full(3, 0.1).std() == 0)
False

For memory, write `Z = X - mean` and then `Z /= spread`. In place works on the new float array, never on the caller's
integers. Since NumPy 2.0 `std` accepts the mean that is known: `X.std(axis=1, keepdims=True, mean=mean)`.
""",
    points=[
        "Shapes are lined up at the right; lengths must be equal, or one of them 1.",
        "A reduction removes its axis; keepdims=True leaves it with length 1, so that it broadcasts back.",
        "A square matrix gives wrong numbers, and one column an (n, n) result, both without an error.",
        "Read the two shapes in the message, lined up at the right, and find the axis that is missing.",
        "Equal values: deviation 0, and for floats not even exactly 0.",
        "In-place operators write into the left array: it never grows, and integers take no floats.",
    ],
    follow_ups={
        "How do you find such a bug where nothing raises?": "Print shapes, test with lengths that all differ, and "
        "assert the result's shape.",
        "Why not X.T and back?": "It works for two axes; keepdims, or moveaxis, works for any number.",
        "What would scikit-learn's StandardScaler do with equal values?": "The same: it divides by 1.",
    },
    related=["broadcast-shapes", "reductions-keepdims", "expand-and-squeeze", "broadcast-without-allocation"],
    links=[
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.mean.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.std.html",
    ],
    live=show_blow_up,
)
