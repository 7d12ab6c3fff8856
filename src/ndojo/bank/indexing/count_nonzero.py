"""Measure how sparse an array is."""

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
    """Say which share of the weights is zero.

    A layer of a neural network was pruned: many weights were set to 0. Their share is wanted for the layer, or for each
    line along one axis, such as the columns.

    Parameters
    ----------
    x : ndarray, one or more axes, float64, int16 or bool
        Weights. 0.0, -0.0 and False are zero; whatever else is not, however small, and NaN is not zero either. May be
        empty, strided, reversed or read-only.
    axis : int, optional
        The axis to count along; negative ones count from the last. None, the default, counts all elements.

    Returns
    -------
    float or ndarray of float64
        The number of zeros divided by the number of elements. With an axis an array of the shape of `x` without that
        axis; where no axis is left, a float. NaN where there is nothing to count, as along an axis of length 0.

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
    """True counts as 1, so the mean of a comparison is a share. The mean of nothing warns."""
    return np.mean(x == 0, axis=axis)


@works(fails="memory")
def sum_of_bools(x, axis=None):
    """The same by hand, without dividing by 0."""
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


@trap("count_nonzero counts what is there; the zeros are the rest, n minus that.")
def density(x, axis=None):
    filled = np.count_nonzero(x, axis=axis)
    n = np.float64(x.size if axis is None else x.shape[axis])
    with np.errstate(invalid="ignore"):
        return filled / n


@trap("Along an axis each line has x.shape[axis] elements, not x.size.")
def divides_by_all(x, axis=None):
    with np.errstate(invalid="ignore"):
        return np.sum(x == 0, axis=axis) / np.float64(x.size)


@trap("Every comparison with NaN is False, so what is 'neither above nor below 0' contains NaN: ask x == 0.")
def nan_is_zero(x, axis=None):
    zeros = np.sum(~((x > 0) | (x < 0)), axis=axis)
    n = np.float64(x.size if axis is None else x.shape[axis])
    with np.errstate(invalid="ignore"):
        return zeros / n


@trap("isclose calls 1e-12 zero. A weight is pruned where it is exactly 0: floats may be compared with == for that.")
def nearly_zero(x, axis=None):
    zeros = np.isclose(x, 0).sum(axis=axis)
    n = np.float64(x.size if axis is None else x.shape[axis])
    with np.errstate(invalid="ignore"):
        return zeros / n


@trap("Negative weights are not zero: compare with != 0, not > 0.")
def positive_only(x, axis=None):
    some = np.sum((x > 0) | (x != x), axis=axis)
    n = np.float64(x.size if axis is None else x.shape[axis])
    with np.errstate(invalid="ignore"):
        return (n - some) / n


@trap("np.nonzero gives a tuple of index arrays, one an axis: its length is x.ndim. np.count_nonzero counts.")
def length_of_nonzero(x, axis=None):
    if axis is not None:
        return sparsity(x, axis)
    with np.errstate(invalid="ignore", divide="ignore"):
        return 1 - len(np.nonzero(x)) / np.float64(x.size)


@trap("Python raises ZeroDivisionError for 0 / 0. Nothing to count is NaN here, which NumPy's division gives.",
      verdict="RE")  # fmt: skip
def divides_in_python(x, axis=None):
    if axis is None:
        return 1 - int(np.count_nonzero(x)) / x.size
    return sparsity(x, axis)


@trap("The share of zeros among no elements is not 0 but unknown: NaN.")
def nothing_is_dense(x, axis=None):
    zeros = np.sum(x == 0, axis=axis)
    return zeros / max(x.size if axis is None else x.shape[axis], 1)


# ------------------------------------------------------------------------------------------------------------ drills


def some(rng, n):
    """n small ints, of which about half are 0."""
    return [int(k) if rng.random() < 0.55 else 0 for k in rng.integers(-9, 10, n)]


@drill("What is the value?")
def counts(rng, hardness):
    x = some(rng, 6)
    k = int(rng.integers(1, 5))
    mixed = [str(v) for v in x]
    mixed[int(rng.integers(0, 3))], mixed[int(rng.integers(3, 6))] = "-0.0", "np.nan"
    forms = [
        (f"x = np.array({x})\nint(np.count_nonzero(x))", "Everything but 0 counts, negative numbers too."),
        (f"x = np.array({x})\nint(np.count_nonzero(x > {k}))", f"True counts, so this is how many are above {k}."),
        (f"x = np.array({x})\nint((x == 0).sum())", "The sum of bools counts the True: here the zeros."),
        (
            f"x = np.array([{', '.join(mixed)}])\nint(np.count_nonzero(x))",
            "-0.0 equals 0 and does not count; NaN does.",
        ),
        (
            f"x = np.array({x})\nint(np.count_nonzero(x) + np.count_nonzero(x == 0))",
            "Each element is one or the other.",
        ),
        (
            f"x = np.array([{', '.join(mixed)}])\nint(np.count_nonzero((x > 0) | (x < 0)))",
            "Neither comparison holds for NaN, nor for zeros of either sign.",
        ),
        (
            f"x = np.array([{', '.join(mixed)}])\nint(np.count_nonzero(np.nan_to_num(x)))",
            "nan_to_num has put 0 in place of NaN, so only numbers other than 0 are left.",
        ),
        (
            f"x = np.array([{', '.join(mixed)}])\nint(np.count_nonzero(x != x))",
            "NaN alone differs from itself, and there is one.",
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
        (f"{rows}np.count_nonzero(x, axis=0).tolist()", "axis=0 goes away: one count a column."),
        (f"{rows}np.count_nonzero(x, axis=1).tolist()", "axis=1 goes away: one count a row."),
        (f"{rows}np.count_nonzero(x, axis=-1).tolist()", "The last axis goes away: one count a row."),
        (f"{rows}np.count_nonzero(x, axis=1, keepdims=True).shape", "The counted axis stays, with length 1."),
        (f"{rows}int(np.count_nonzero(x, axis=(0, 1)))", "Both axes at once: one count for all."),
        (f"np.count_nonzero(np.zeros(({h}, 0)), axis=1).tolist()", f"Each of {h} rows is empty and counts 0."),
        (f"np.count_nonzero(np.ones((0, {w})), axis=0).tolist()", f"Each of {w} columns is empty and counts 0."),
        (f"np.count_nonzero(np.ones((0, {w})), axis=1).shape", "One count a row, and there are no rows."),
        (f"{rows}np.count_nonzero(x, axis=2)", "A 2-D array has axes 0 and 1 only."),
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
        (f"{flat}np.flatnonzero(x).tolist()", "The places of what is not 0."),
        (f"{flat}np.nonzero(x)[0].tolist()", "For one axis the tuple holds one array: the places of what is not 0."),
        (f"{deep}len(np.nonzero(x))", "The tuple holds one array an axis, however many elements are not 0."),
        (f"{deep}np.argwhere(x).shape", f"One row for each of {n} elements that are not 0, one column an axis."),
        (f"{deep}np.flatnonzero(x).tolist()", "The places in the flattened array, row after row."),
        (f"{deep}np.nonzero(x)[0].tolist()", "The row of each element that is not 0, in reading order."),
        (f"{deep}np.nonzero(x)[1].tolist()", "The column of each element that is not 0, in reading order."),
        (f"{deep}x[np.nonzero(x)].tolist()", "The elements themselves that are not 0, in reading order."),
        (f"{deep}np.argwhere(x)[-1].tolist()", "The coordinates of the last element that is not 0."),
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
        (f"int(np.count_nonzero(np.array([{k}, 0, 0], dtype=bool)))", f"As a bool {k} is True and 0 is False."),
        (f"int(np.count_nonzero(np.array([0.0, 1e-{tiny}, {k}])))", "However small, it is not 0."),
        (f"int(np.count_nonzero(np.array({words})))", "Texts count unless they are empty, whatever they say."),
        (f"int(np.count_nonzero(np.array([0.{k}, -0.{k}, 2.{k}]).astype(int)))", "The cast to int cuts 0.x off to 0."),
        (f"int(np.count_nonzero(np.array([0, {k}j, 0j])))", "A complex number is zero where both parts are."),
        (f"int(np.count_nonzero(np.array([None, 0, '{k}'], dtype=object)))", "For objects Python's own truth counts."),
        (
            f"int(np.count_nonzero(np.array([256, {k}, 512]).astype(np.uint8)))",
            f"256 and 512 wrap round to 0 in uint8, and {k} stays.",
        ),
        (
            f"int(np.count_nonzero(np.array([1e-{tiny}, 0, {k}], dtype=np.float32)))",
            f"The smallest float32 is about 1e-45, so 1e-{tiny} becomes 0.",
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
        Level("no warnings", "No warning may escape, also where there is nothing to count.", no_warnings()),
        Level(
            "fast",
            "At least ten times as fast as counting in Python.",
            faster_than(
                one_by_one,
                10,
                lambda rng: layer(rng, axis=1),
                needs=needs(bytes=lambda x, axis: x.nbytes, operations=lambda x, axis: x.size),
            ),
        ),
        Level(
            "memory",
            "Over all elements no array at all, not even of bools; along an axis only bools.",
            allocates_nothing(lambda rng: layer(rng, 500, 1000)),
            peak_memory(lambda rng: layer(rng, 500, 1000, axis=0), inputs=0.125, extra=192 << 10),
        ),
    ],
    hints=[
        "Which NumPy function counts what is not zero, and can do so along an axis?",
        "How many elements does each line along an axis have?",
        "What is 0 / 0 in Python, for NumPy's numbers, and which setting keeps NumPy quiet about it?",
        "x == 0 is an array as large as x. Who counts without making it?",
    ],
    explanation="""\
`np.count_nonzero` counts what is not zero, in one pass and without a temporary array; the zeros are the rest.

>>> x = np.array([[0.0, 2.0, np.nan], [0.0, -0.0, 1.0]])
>>> int(np.count_nonzero(x))
3
>>> 1 - np.count_nonzero(x, axis=0) / x.shape[0]
array([1. , 0.5, 0. ])

Zero means equal to zero: -0.0 is, NaN and 1e-300 are not. False, an empty text and 0j count as zero too.

For conditions it counts True: `np.count_nonzero(x > 1)` is the quicker `np.sum(x > 1)`, as counting bools needs no
conversion to int64. And the mean of bools is a share: `np.mean(x == 0)`. Each comparison makes an array of one byte an
element. (Along an axis count_nonzero makes such an array as well, and sums it.)

The traps are in what one divides by: along an axis a line has `x.shape[axis]` elements, not `x.size`. Where that is 0,
Python raises ZeroDivisionError, NumPy's numbers give NaN and a RuntimeWarning, which np.errstate silences:

>>> with np.errstate(invalid="ignore"):
...     bool(np.isnan(np.float64(0) / 0))
True

In NumPy 2.0 count_nonzero without an axis still returned a Python int, so `np.count_nonzero(x) / x.size` raised for an
empty x; newer releases return np.int64. `np.divide` gives NaN for both.

`np.nonzero(x)` is something else: a tuple of index arrays, one an axis; its length is x.ndim.
""",
    points=[
        "np.count_nonzero counts in one pass; without an axis it makes no temporary array.",
        "Zeros are n minus the count, and n is x.size or x.shape[axis].",
        "-0.0 is zero; NaN, infinities and tiny numbers are not.",
        "True counts as 1: count_nonzero, sum or mean of a condition count or give a share.",
        "0 / 0 raises in Python and gives NaN with a warning in NumPy: decide what empty means.",
        "np.nonzero returns indices, a tuple of one array an axis.",
    ],
    follow_ups={
        "How do you count NaNs?": "np.count_nonzero(np.isnan(x)), or np.count_nonzero(x != x).",
        "When is a sparse format worth it?": "If values and indices take less than the dense array: CSR of float64 "
        "with 32-bit indices from a third of zeros on. It saves time only far beyond that.",
        "How do you drop columns that are all zero?": "x[:, x.any(axis=0)], or np.count_nonzero(x, axis=0) > 0.",
    },
    related=["extract-where", "value-counts", "sparse-dot", "sparse-matmul", "nan-safe-statistics"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.count_nonzero.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.nonzero.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.errstate.html",
    ],
)
