"""Fraction of zeros with np.count_nonzero."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    allocates_nothing,
    arrays,
    axis_of,
    case,
    drill,
    faster_than,
    needs,
    no_warnings,
    peak_memory,
    predict,
    raises,
    trap,
    works,
)


def sparsity(x, axis=None):
    """Return the fraction of elements that are zero, over the whole array or along one axis.

    In a pruned layer of a neural network, many weights are 0. Their fraction is the sparsity of the layer.

    Parameters
    ----------
    x : ndarray, one or more axes, float64, int16 or bool
        Weights. 0.0, -0.0 and False are zero. All other values are not zero, including tiny numbers and NaN. May be
        empty, strided, reversed or read-only.
    axis : int, optional
        The axis to count along; negative axes count from the last. None, the default, counts all elements.

    Returns
    -------
    float or ndarray of float64
        The number of zeros divided by the number of elements. With an axis, the result is an array with the shape of
        `x` without that axis, or a float if no axis is left. The value is NaN if no elements are counted, as along an
        axis of length 0.

    Raises
    ------
    numpy.exceptions.AxisError
        If `x` has no such axis.

    Examples
    --------
    >>> x = np.array([[0.0, 2.0], [0.0, -0.0], [np.nan, 1.0], [3.0, 5.0]])
    >>> float(sparsity(x))
    0.375
    >>> sparsity(x, axis=0)
    array([0.5 , 0.25])
    """
    filled = np.count_nonzero(x, axis=axis)
    n = x.size if axis is None else x.shape[axis]
    with np.errstate(invalid="ignore"):
        return np.divide(n - filled, n)


@works(fails="no warnings")
def mean_of_bools(x, axis=None):
    """True counts as 1, so the mean of a comparison is a fraction. The mean of no elements shows a warning."""
    return np.mean(x == 0, axis=axis)


@works(fails="memory")
def sum_of_bools(x, axis=None):
    """The same with an explicit division that avoids 0 / 0."""
    zeros = np.asarray((x == 0).sum(axis=axis))
    n = x.size if axis is None else x.shape[axis]
    return np.divide(zeros, n, out=np.full(zeros.shape, np.nan), where=n > 0)[()]


@works(fails="fast")
def one_by_one(x, axis=None):
    """Counts each line in Python."""
    lines = x.reshape(1, -1) if axis is None else np.moveaxis(x, axis, -1)
    shares = np.full(lines.shape[:-1], np.nan)
    for place in np.ndindex(shares.shape):
        line = lines[place].tolist()
        if line:
            shares[place] = sum(weight == 0 for weight in line) / len(line)
    return shares[0] if axis is None else shares[()]


@trap("count_nonzero counts the elements that are not zero. The number of zeros is n minus that.")
def density(x, axis=None):
    filled = np.count_nonzero(x, axis=axis)
    n = np.float64(x.size if axis is None else x.shape[axis])
    with np.errstate(invalid="ignore"):
        return filled / n


@trap("Along an axis, each line has x.shape[axis] elements, not x.size.")
def divides_by_all(x, axis=None):
    with np.errstate(invalid="ignore"):
        return np.sum(x == 0, axis=axis) / np.float64(x.size)


@trap('Every comparison with NaN is False, so "neither above nor below 0" includes NaN. Use x == 0.')
def nan_is_zero(x, axis=None):
    zeros = np.sum(~((x > 0) | (x < 0)), axis=axis)
    n = np.float64(x.size if axis is None else x.shape[axis])
    with np.errstate(invalid="ignore"):
        return zeros / n


@trap("isclose treats 1e-12 as zero, but only exact zeros count. Comparing floats with == is right here.")
def nearly_zero(x, axis=None):
    zeros = np.isclose(x, 0).sum(axis=axis)
    n = np.float64(x.size if axis is None else x.shape[axis])
    with np.errstate(invalid="ignore"):
        return zeros / n


@trap("Negative numbers are not zero: compare with != 0, not > 0.")
def positive_only(x, axis=None):
    some = np.sum((x > 0) | (x != x), axis=axis)
    n = np.float64(x.size if axis is None else x.shape[axis])
    with np.errstate(invalid="ignore"):
        return (n - some) / n


@trap(
    "np.nonzero returns a tuple with one index array per axis, so its length is x.ndim. Use np.count_nonzero to count."
)
def length_of_nonzero(x, axis=None):
    if axis is not None:
        return sparsity(x, axis)
    with np.errstate(invalid="ignore", divide="ignore"):
        return 1 - len(np.nonzero(x)) / np.float64(x.size)


@trap("Python raises ZeroDivisionError for 0 / 0. Here the result must be NaN, which NumPy's division returns.",
      verdict="RE")  # fmt: skip
def divides_in_python(x, axis=None):
    if axis is None:
        return 1 - int(np.count_nonzero(x)) / x.size
    return sparsity(x, axis)


@trap("The fraction of zeros among no elements is not 0 but undefined: NaN.")
def nothing_is_dense(x, axis=None):
    zeros = np.sum(x == 0, axis=axis)
    return zeros / max(x.size if axis is None else x.shape[axis], 1)


# ------------------------------------------------------------------------------------------------------------ drills


def some(rng, n):
    """n small ints, about half of them 0."""
    return [int(k) if rng.random() < 0.55 else 0 for k in rng.integers(-9, 10, n)]


@drill("What is the value?")
def counts(rng, hardness):
    x = some(rng, 6)
    k = int(rng.integers(1, 5))
    mixed = [str(v) for v in x]
    mixed[int(rng.integers(0, 3))], mixed[int(rng.integers(3, 6))] = "-0.0", "np.nan"
    forms = [
        (f"x = np.array({x})\nint(np.count_nonzero(x))", "Everything except 0 counts, including negative numbers."),
        (
            f"x = np.array({x})\nint(np.count_nonzero(x > {k}))",
            f"True counts, so this is the number of elements greater than {k}.",
        ),
        (f"x = np.array({x})\nint((x == 0).sum())", "The sum of booleans is the number of True: the zeros here."),
        (
            f"x = np.array([{', '.join(mixed)}])\nint(np.count_nonzero(x))",
            "-0.0 equals 0 and does not count; NaN does.",
        ),
        (
            f"x = np.array({x})\nint(np.count_nonzero(x) + np.count_nonzero(x == 0))",
            "Each element is either zero or not.",
        ),
        (
            f"x = np.array([{', '.join(mixed)}])\nint(np.count_nonzero((x > 0) | (x < 0)))",
            "Both comparisons are False for NaN and for zeros of either sign.",
        ),
        (
            f"x = np.array([{', '.join(mixed)}])\nint(np.count_nonzero(np.nan_to_num(x)))",
            "nan_to_num replaced NaN by 0, so only the other nonzero numbers count.",
        ),
        (
            f"x = np.array([{', '.join(mixed)}])\nint(np.count_nonzero(x != x))",
            "Only NaN differs from itself, and x contains one.",
        ),
    ]
    code, why = forms[int(rng.integers(round(3 * hardness), 3 + round(5 * hardness)))]
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def along_axes(rng, hardness):
    x = [some(rng, 3), some(rng, 3)]
    h, w = (int(k) for k in rng.integers(2, 6, 2))
    rows = f"x = np.array({x})\n"
    forms = [
        (f"{rows}np.count_nonzero(x, axis=0).tolist()", "axis=0 is reduced: one count per column."),
        (f"{rows}np.count_nonzero(x, axis=1).tolist()", "axis=1 is reduced: one count per row."),
        (f"{rows}np.count_nonzero(x, axis=-1).tolist()", "The last axis is reduced: one count per row."),
        (f"{rows}np.count_nonzero(x, axis=1, keepdims=True).shape", "The reduced axis is kept with length 1."),
        (f"{rows}int(np.count_nonzero(x, axis=(0, 1)))", "Both axes are reduced: one count for all elements."),
        (f"np.count_nonzero(np.zeros(({h}, 0)), axis=1).tolist()", f"Each of the {h} rows is empty and counts 0."),
        (f"np.count_nonzero(np.ones((0, {w})), axis=0).tolist()", f"Each of the {w} columns is empty and counts 0."),
        (
            f"np.count_nonzero(np.ones((0, {w})), axis=1).shape",
            "The result has one count per row, and the array has no rows.",
        ),
        (f"{rows}np.count_nonzero(x, axis=2)", "A 2-D array has only axes 0 and 1: AxisError."),
    ]
    code, why = forms[int(rng.integers(round(3 * hardness), 4 + round(5 * hardness)))]
    return predict(code, why=why)


@drill("What is the value?")
def nonzero_and_friends(rng, hardness):
    x = [*some(rng, 5), int(rng.integers(1, 9))]
    rows = [x[:3], x[3:]]
    flat, deep = f"x = np.array({x})\n", f"x = np.array({rows})\n"
    n = sum(v != 0 for v in x)
    forms = [
        (f"{flat}np.flatnonzero(x).tolist()", "These are the indices of the nonzero elements."),
        (
            f"{flat}np.nonzero(x)[0].tolist()",
            "For one axis, the tuple contains one array: the indices of the nonzero elements.",
        ),
        (
            f"{deep}len(np.nonzero(x))",
            "The tuple contains one array per axis, regardless of the number of nonzero elements.",
        ),
        (
            f"{deep}np.argwhere(x).shape",
            f"The result has one row for each of the {n} nonzero elements, and one column per axis.",
        ),
        (f"{deep}np.flatnonzero(x).tolist()", "These are the indices in the flattened array, row by row."),
        (f"{deep}np.nonzero(x)[0].tolist()", "These are the row indices of the nonzero elements in C order."),
        (f"{deep}np.nonzero(x)[1].tolist()", "These are the column indices of the nonzero elements in C order."),
        (f"{deep}x[np.nonzero(x)].tolist()", "These are the nonzero elements in C order."),
        (f"{deep}np.argwhere(x)[-1].tolist()", "These are the coordinates of the last nonzero element."),
    ]
    code, why = forms[int(rng.integers(round(3 * hardness), 4 + round(5 * hardness)))]
    return predict(code, why=why)


@drill("What is the value?")
def other_dtypes(rng, hardness):
    k, tiny = int(rng.integers(1, 9)), int(rng.integers(60, 300))
    words = [["", "a", "0"], ["0", " ", ""], ["", "", "no"], ["False", "", "x"]][int(rng.integers(4))]
    bools = [bool(b) for b in rng.integers(0, 2, 5)]
    forms = [
        (f"int(np.count_nonzero(np.array({bools})))", "True counts, False does not."),
        (f"int(np.count_nonzero(np.array([{k}, 0, 0], dtype=bool)))", f"As a bool, {k} is True and 0 is False."),
        (f"int(np.count_nonzero(np.array([0.0, 1e-{tiny}, {k}])))", "A tiny number is not 0."),
        (
            f"int(np.count_nonzero(np.array({words})))",
            "Strings count unless they are empty, regardless of their content.",
        ),
        (f"int(np.count_nonzero(np.array([0.{k}, -0.{k}, 2.{k}]).astype(int)))", "The cast to int truncates 0.x to 0."),
        (f"int(np.count_nonzero(np.array([0, {k}j, 0j])))", "A complex number is zero if both parts are zero."),
        (
            f"int(np.count_nonzero(np.array([None, 0, '{k}'], dtype=object)))",
            "For objects, Python's truth value decides.",
        ),
        (
            f"int(np.count_nonzero(np.array([256, {k}, 512]).astype(np.uint8)))",
            f"256 and 512 wrap around to 0 in uint8, and {k} stays.",
        ),
        (
            f"int(np.count_nonzero(np.array([1e-{tiny}, 0, {k}], dtype=np.float32)))",
            f"The smallest positive float32 is about 1e-45, so 1e-{tiny} becomes 0.",
        ),
    ]
    code, why = forms[int(rng.integers(round(4 * hardness), 4 + round(5 * hardness)))]
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------ inputs


def layer(rng, rows=200, columns=250, **rest):
    x = rng.standard_normal((rows, columns))
    x[rng.random(x.shape) < 0.7] = 0
    return {"x": x, **rest}


QUESTION = Question(
    kinds=["code", "predict"],
    difficulty="easy",
    topics=["Basics"],
    companies=["Google", "Amazon"],
    asked=["T96"],
    entry_points=[
        Entry(
            sparsity,
            {
                "x": arrays(
                    ...,
                    "n",
                    dtype=("float64", "int16", "bool"),
                    low=-3,
                    high=3,
                    holds=("nan", "all nan", "negative zero", "tiny", "subnormal", "inf"),
                ),
                "axis": axis_of("x", none=True, outside=True),
            },
            dims={"n": (0, 12)},
            cases=[
                case(x=np.array([0.0, -0.0, np.nan, 1e-300, 2.0])),
                case(x=np.array([[0, 1, 0], [0, 0, -2]], dtype=np.int16), axis=1),
                case(x=np.array([[0, 1, 0], [0, 0, -2]], dtype=np.int16), axis=0),
                case(x=np.array([[True, False], [False, False]])),
                case(x=np.array([0.0, 1e-12]), axis=0),
                case(x=np.array([np.nan, 0.0])),
                case(x=np.zeros((0, 3)), axis=0),
                case(x=np.zeros((0, 3)), axis=1),
                case(x=np.zeros(0)),
                raises(np.exceptions.AxisError, x=np.zeros((2, 3)), axis=2),
                raises(np.exceptions.AxisError, x=np.zeros(3), axis=-2),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("no warnings", "Shows no warning, even if no elements are counted.", no_warnings()),
        Level(
            "fast",
            "At least 10 times faster than counting in Python.",
            faster_than(
                one_by_one,
                10,
                lambda rng: layer(rng, axis=1),
                needs=needs(bytes=lambda x, axis: x.nbytes, operations=lambda x, axis: x.size),
            ),
        ),
        Level(
            "memory",
            "Over all elements, allocates no array, not even of booleans. Along an axis, allocates only booleans.",
            allocates_nothing(lambda rng: layer(rng, 500, 1000)),
            peak_memory(lambda rng: layer(rng, 500, 1000, axis=0), inputs=0.125, extra=192 << 10),
        ),
    ],
    hints=[
        "Which NumPy function counts nonzero elements, also along an axis?",
        "How many elements does each line along an axis have?",
        "What is 0 / 0 in Python and for NumPy scalars, and which setting suppresses NumPy's warning?",
        "x == 0 is an array as large as x. Which function counts without creating it?",
    ],
    spoken="""\
I use `np.count_nonzero`, which counts in one pass without a temporary array, and subtract from the number of
elements: `x.size` for the whole array, or `x.shape[axis]` along an axis. An alternative is the mean of `x == 0`,
since True counts as one, but the comparison allocates one byte per element. Negative zero counts as zero; NaN and
tiny numbers do not. If nothing is counted, the result is NaN, so I divide with NumPy inside `errstate`, because
Python would raise ZeroDivisionError.
""",
    explanation="""\
`np.count_nonzero` counts the nonzero elements in one pass and without a temporary array. The number of zeros is the
rest.

>>> x = np.array([[0.0, 2.0, np.nan], [0.0, -0.0, 1.0]])
>>> int(np.count_nonzero(x))
3
>>> 1 - np.count_nonzero(x, axis=0) / x.shape[0]
array([1. , 0.5, 0. ])

Zero means equal to zero: -0.0 is zero, NaN and 1e-300 are not. False, an empty string and 0j count as zero too.

*Counting conditions.* `np.count_nonzero(x > 1)` is a faster `np.sum(x > 1)`, because counting booleans needs no
conversion to integers. The mean of booleans is a fraction: `np.mean(x == 0)`. Each comparison creates an array of one
byte per element. (Along an axis, count_nonzero also creates such an array and sums it.)

*The divisor.* Along an axis, a line has `x.shape[axis]` elements, not `x.size`. If that is 0, Python raises
ZeroDivisionError, while NumPy scalars give NaN and a RuntimeWarning, which np.errstate suppresses:

>>> with np.errstate(invalid="ignore"):
...     bool(np.isnan(np.float64(0) / 0))
True

In NumPy 2.0, count_nonzero without an axis returned a Python int, so `np.count_nonzero(x) / x.size` raised for an empty
x. Newer releases return a NumPy integer. `np.divide` gives NaN for both.

`np.nonzero(x)` is different: it returns a tuple of index arrays, one per axis, so its length is x.ndim.
""",
    points=[
        "np.count_nonzero counts in one pass; without an axis it creates no temporary array.",
        "The number of zeros is n minus the count, where n is x.size or x.shape[axis].",
        "-0.0 is zero; NaN, infinities and tiny numbers are not.",
        "True counts as 1: count_nonzero, sum or mean of a condition give a count or a fraction.",
        "0 / 0 raises in Python and gives NaN with a warning in NumPy: decide what an empty input means.",
        "np.nonzero returns indices, as a tuple of one array per axis.",
    ],
    follow_ups={
        "How do you count NaNs?": "`np.count_nonzero(np.isnan(x))`, or `np.count_nonzero(x != x)`.",
        "When does a sparse format pay off?": "If values and indices take less memory than the dense "
        "array: CSR of float64 with 32-bit indices from one third of "
        "zeros on. It saves time only if far more elements are zero.",
        "How do you drop columns that are all zero?": "`x[:, x.any(axis=0)]`, or use np.count_nonzero(x, axis=0) > "
        "0 as the mask.",
    },
    related=["extract-where", "value-counts", "sparse-dot", "sparse-matmul", "nan-safe-statistics"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.count_nonzero.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.nonzero.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.errstate.html",
    ],
)
