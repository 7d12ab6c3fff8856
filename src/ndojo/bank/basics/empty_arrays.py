"""The mean of what may be nothing."""

import warnings

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    axis_of,
    case,
    choice,
    drill,
    matches,
    no_warnings,
    peak_memory,
    predict,
    raises,
    right_on,
    trap,
    works,
)


def safe_mean(x, axis=None):
    """Average rainfall over one axis, or over everything, where there may be no readings at all.

    Parameters
    ----------
    x : ndarray, any shape, float64, float32, int32 or uint8
        Readings. May be 0-d or have axes of length 0, may be strided or read-only. Floats may be NaN or infinite.
    axis : int or None
        The axis to average along, negative ones from the last; None averages all readings. From level 3 on also a
        tuple of axes, all of them averaged together; the empty tuple averages over none and so leaves every reading
        as it is.

    Returns
    -------
    float, or ndarray of float64
        The mean, computed in float64 whatever the dtype of `x`: an array of the shape that is left without the averaged
        axes, or a float (Python's or NumPy's, not a 0-d array) where no axis is left. A mean of no readings is NaN.
        NaN among the readings makes their mean NaN, and so do both infinities together.

    Raises
    ------
    numpy.exceptions.AxisError
        If `x` has no such axis. For a 0-d array, `axis` is None.

    Examples
    --------
    >>> safe_mean(np.zeros((0, 3)), axis=0)
    array([nan, nan, nan])
    >>> safe_mean(np.zeros((0, 3)), axis=1).shape
    (0,)
    >>> float(safe_mean(np.array([2, 3], dtype=np.uint8)))
    2.5
    """
    with np.errstate(invalid="ignore"):
        total = np.sum(x, axis=axis, dtype=np.float64)
        return total / (x.size / max(total.size, 1))


@works()
def warnings_caught(x, axis=None):
    """np.mean knows NaN for nothing already; only its warning is in the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.mean(x, axis=axis, dtype=np.float64)


@works(fails="quiet")
def floating_point_errors_only(x, axis=None):
    """errstate silences the division, but "Mean of empty slice" is an ordinary Python warning."""
    with np.errstate(all="ignore"):
        return np.mean(x, axis=axis, dtype=np.float64)


@works(fails="axes")
def line_by_line(x, axis=None):
    """Every line that is averaged, one after another, in plain Python floats."""
    if axis is None:
        x, axis = x.reshape(-1), 0
    lines = np.moveaxis(x, axis, -1)
    means = np.full(lines.shape[:-1], np.nan)
    for place in np.ndindex(means.shape):
        readings = lines[place].tolist()
        if readings:
            means[place] = sum(readings) / len(readings)
    return means if means.ndim else float(means)


@works(fails="lean")
def converts_first(x, axis=None):
    """Makes float64 of all readings before adding them."""
    readings = x.astype(np.float64)
    with np.errstate(invalid="ignore"):
        total = readings.sum(axis=axis)
        ones = np.ones(x.shape, dtype=bool).sum(axis=axis)
        return np.float64(total) / np.float64(ones) if np.ndim(total) == 0 else total / ones


@trap(
    "len(x) is the length of the first axis: (3, 0) holds nothing and has length 3, and a 0-d array has no length at "
    "all. Ask x.size.",
    verdict="RE",
)
def asks_len(x, axis=None):
    if len(x) == 0 and axis is None:
        return np.nan
    with np.errstate(all="ignore"):
        return np.sum(x, axis=axis, dtype=np.float64) / (x.size if axis is None else x.shape[axis])


@trap(
    "The truth of an array is that of its one element, and an error for several: `if x` asks nothing about emptiness. "
    "x.size does.",
    verdict="RE",
)
def asks_truth(x, axis=None):
    if axis is None and not x:
        return np.nan
    with np.errstate(all="ignore"):
        total = np.sum(x, axis=axis, dtype=np.float64)
        return total / (x.size / max(total.size, 1))


@trap(
    "x.any() asks for an element that is not zero; a dry month is no empty one. Ask x.size.",
)
def dry_is_empty(x, axis=None):
    if axis is None and not x.any():
        return np.nan
    with np.errstate(all="ignore"):
        total = np.sum(x, axis=axis, dtype=np.float64)
        return total / (x.size / max(total.size, 1))


@trap(
    "Without elements there may still be a shape: along axis 0, (0, 3) leaves three means, all of them NaN.",
    verdict="WT",
)
def one_nan_for_all(x, axis=None):
    np.sum(x, axis=axis)
    return np.nan if x.size == 0 else np.mean(x, axis=axis, dtype=np.float64)


@trap("No readings is not no rain: the mean of nothing is NaN, not 0.")
def zero_for_nothing(x, axis=None):
    with np.errstate(invalid="ignore"):
        total = np.sum(x, axis=axis, dtype=np.float64)
        return total / max(x.size // max(total.size, 1), 1)


@trap("nanmean leaves NaN out; here a NaN among the readings must show in their mean.")
def leaves_nan_out(x, axis=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.nanmean(x, axis=axis, dtype=np.float64)


@trap("0 is false: `if axis` takes axis 0 for no axis at all. Ask `axis is None`.")
def axis_zero_is_false(x, axis=None):
    with np.errstate(all="ignore"):
        return np.sum(x, axis=axis, dtype=np.float64) / np.float64(x.shape[axis] if axis else x.size)


@trap("np.mean of float32 adds and answers in float32: pass dtype=np.float64.", verdict="WT")
def stays_float32(x, axis=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.mean(x, axis=axis)


# -------------------------------------------------------------------------------------------------------------- drills


def _pick(rng, hardness, easy, hard):
    kinds = easy if hardness < 0.4 else hard if hardness > 0.7 else easy + hard
    return kinds[int(rng.integers(len(kinds)))]


@drill("What is the value, or which error is raised?")
def how_many(rng, hardness):
    a, b = (int(k) for k in rng.integers(2, 9, 2))
    asked, why = _pick(
        rng,
        hardness,
        [
            (f"np.zeros(({a}, 0)).size", f"size is the number of elements: {a} * 0."),
            (f"len(np.zeros(({a}, 0)))", f"len is the length of the first axis, {a}, though there is no element."),
            (f"len(np.zeros((0, {b})))", "len is the length of the first axis, which is 0."),
            (f"np.zeros(({a}, {b})).size", f"size is the number of elements: {a} * {b}."),
            (f"np.zeros(({a}, 0)).ndim", "ndim counts axes, and one of length 0 is an axis too."),
            (f"np.zeros({a}).size == 0", f"There are {a} elements, though all are 0."),
            (f"np.array([{a}, {b}]).size", "Two elements."),
            (f"np.zeros(({a}, 0)).nbytes", "No element takes no bytes."),
        ],
        [
            (f"len(np.array({a}))", "A 0-d array has no first axis, so len is a TypeError."),
            (f"np.array({a}).size", "The product of no lengths is 1: a 0-d array holds one element."),
            (f"np.zeros(({a}, {b}, 0)).size", "One axis of length 0 is enough for no elements."),
            ("np.array([[]]).size", "The shape is (1, 0): one row without elements."),
            (f"len(np.array([[]] * {a}))", f"The shape is ({a}, 0): {a} rows without elements."),
            ("np.array([None]).size", "None is an element like any other object."),
            (f"np.zeros({a})[{a + b}:].size", "A slice beyond the end is empty and no error."),
            (f"np.arange({a + b}, {a}).size", "A range that starts at its end or beyond holds nothing."),
            (f"np.zeros(({a}, 0)).any()", "any of nothing is False."),
            (f"np.zeros(({a}, 0)).all()", "all of nothing is True: no element is false."),
        ],
    )
    return predict(asked, why=why)


@drill("Is this True, False, or which error is raised?")
def truth_of_arrays(rng, hardness):
    a, b = (int(k) for k in rng.integers(1, 30, 2))
    asked, why = _pick(
        rng,
        hardness,
        [
            (f"bool(np.array([{a}]))", "An array of one element has the truth of that element."),
            ("bool(np.array([0]))", "One element has its own truth, and 0 is false: this is not about emptiness."),
            (f"bool(np.array([{a}, {b}]))", "Several elements have no one truth: ValueError."),
            (f"bool(np.zeros({a + 1}))", "Several elements have no one truth, even if all are zero: ValueError."),
            (f"bool([{a}, {b}])", "A list is true unless it is empty."),
            ("bool([])", "An empty list is false."),
            (f"bool(np.array([{a}, {b}]).size)", "size is 2, so there are elements."),
            ("bool([0])", "A list with an element is true, whatever the element."),
        ],
        [
            ("bool(np.zeros((1, 1)))", "One element in any shape has its own truth, and 0.0 is false."),
            (f"bool(np.array({a}))", f"A 0-d array has the truth of its one element, {a}."),
            (f"np.array_equal([], [{a}])", "Shapes (0,) and (1,) differ, so the arrays do."),
            (f"bool(np.allclose([], [{a}]))", "(0,) broadcasts with (1,) to no elements, and all of nothing is True."),
            (
                f"bool((np.zeros(0) == np.zeros({a + 1})).all())",
                f"(0,) and ({a + 1},) cannot be broadcast: ValueError.",
            ),
            (f"bool(np.all(np.zeros((0, {a})) > {b}))", "all of nothing is True."),
            (f"bool(np.any(np.ones((0, {a})) > -{b}))", "any of nothing is False."),
            (f"np.array([{a}, {b}]) and True", "`and` asks for the truth of two elements: ValueError."),
            (
                f"np.zeros((0, {a})).shape == np.zeros((0, {a + 1})).shape",
                "Empty arrays, too, have shapes that differ.",
            ),
            (f"np.array_equal(np.zeros((0, {a})), np.zeros(0))", "Both are empty, but the shapes differ."),
        ],
    )
    return predict(asked, why=why)


@drill("What is the value, or which error is raised?")
def reductions_of_nothing(rng, hardness):
    a, b = (int(k) for k in rng.integers(2, 5, 2))
    c = int(rng.integers(5, 50))
    asked, why = _pick(
        rng,
        hardness,
        [
            (f"float(np.zeros((0, {a})).sum())", "The sum of nothing is 0, which changes no other sum."),
            (f"float(np.zeros(({a}, 0)).prod())", "The product of nothing is 1, which changes no other product."),
            (f"float(np.zeros((0, {a})).mean())", "0 / 0: the mean of nothing is NaN, with a RuntimeWarning."),
            (f"float(np.zeros((0, {a})).max())", "There is no largest of nothing: ValueError."),
            (f"float(np.zeros((0, {a})).min())", "There is no smallest of nothing: ValueError."),
            (f"np.zeros((0, {a})).sum(axis=0).tolist()", f"{a} columns without elements, and each adds up to 0."),
            (f"np.zeros(({a}, 0)).sum(axis=0).tolist()", "Without columns there is nothing to add up: no sums."),
        ],
        [
            (f"float(np.zeros((0, {a})).max(initial={c}))", f"initial={c} is where the search starts, and ends."),
            (f"np.zeros((0, {a})).max(axis=1).tolist()", "No rows, so no maximum is asked for: an empty result."),
            (f"np.zeros((0, {a})).max(axis=0).tolist()", f"{a} columns without elements have no maximum: ValueError."),
            (f"np.zeros((0, {a})).min(axis=0, initial={c}).tolist()", f"initial={c} stands in for each column."),
            (f"int(np.zeros(({a}, 0)).argmax())", "There is no place of the largest of nothing: ValueError."),
            (f"(np.zeros(({a}, 0)) @ np.zeros((0, {b}))).tolist()", "Each element is a sum of no products: 0."),
            (f"float(np.nansum(np.full({c}, np.nan)))", "nansum of NaN alone is the sum of nothing: 0."),
            (f"float(np.full({c}, np.nan)[:0].sum())", "The slice leaves nothing, and its sum is 0."),
            (f"np.zeros((0, {a})).mean(axis=1).tolist()", "Without rows there are no means."),
            (f"float(np.ones({a})[{a}:].std())", "Without elements the standard deviation is NaN."),
        ],
    )
    return predict(asked, why=why)


@drill("What is the shape of this array, or which error is raised?")
def shape_of_nothing(rng, hardness):
    a, b = (int(k) for k in rng.integers(2, 9, 2))
    asked, why = _pick(
        rng,
        hardness,
        [
            (f"np.zeros(({a}, 0)).T", "A transpose turns the shape round."),
            ("np.array([])", "One axis of length 0."),
            (f"np.zeros((0, {a})).sum(axis=0)", f"Axis 0 is gone, and {a} columns are left."),
            (f"np.zeros((0, {a})).sum(axis=1)", "Axis 1 is gone, and no rows are left."),
            (f"np.zeros({a})[{a}:]", "A slice from the end on is empty."),
            (f"np.zeros(({a}, {b}))[:0]", "No rows, and the columns stay."),
            (f"np.zeros({a})[np.zeros({a}, dtype=bool)]", "The mask picks nothing."),
        ],
        [
            (f"np.zeros((0, {a})) + np.zeros({a})", f"Lengths {a} agree, and a missing axis stretches, to 0 rows too."),
            (f"np.zeros((0, {a})) + np.zeros((1, {a}))", "Length 1 stretches to 0."),
            (f"np.zeros((0, {a})) + np.zeros((2, {a}))", "Only length 1 stretches: 0 and 2 do not fit."),
            (f"np.zeros(({a}, {b}))[np.zeros(({a}, {b}), dtype=bool)]", "A mask of two axes picks into one axis."),
            (f"np.zeros((0, {a})).reshape(-1, {a})", f"0 elements in rows of {a}: -1 becomes 0."),
            (f"np.zeros((0, {a})).reshape(0, -1)", "0 times anything is 0: -1 cannot be told, a ValueError."),
            (f"np.concatenate([np.zeros((0, {a})), np.ones(({b}, {a}))])", f"0 rows and {b} rows."),
            (f"np.concatenate([np.zeros(0), np.ones(({b}, {a}))])", "One axis and two axes cannot be joined."),
            ("np.concatenate([])", "Without arrays even the number of axes is unknown: ValueError."),
            (f"np.stack([np.zeros(0)] * {a})", f"{a} rows without elements."),
            (f"np.diff(np.zeros({min(a, 2) - 1}))", "One element has no neighbour: no differences."),
            (f"np.array([[]] * {a})", f"{a} rows without elements."),
        ],
    )
    return predict(f"({asked}).shape", why=why)


# ------------------------------------------------------------------------------------------------------------ question


def magnitude(x, axis=None):
    """Rounding errors are measured by the readings: a mean may cancel."""
    finite = x[np.isfinite(x)]
    return float(np.abs(finite.astype(np.float64)).max(initial=0.0))


READINGS = arrays(
    ...,
    dtype=("float64", "float32", "int32", "uint8"),
    holds=("nan", "all nan", "inf", "both inf"),
    max_ndim=3,
)


def radar(rng):
    return {"x": rng.integers(0, 256, (2000, 1000), dtype=np.uint8), "axis": 0}


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="easy",
    topics=["Basics"],
    companies=["Google", "Amazon"],
    asked=["T52"],
    entry_points=[
        Entry(
            safe_mean,
            {"x": READINGS, "axis": axis_of("x", none=True, outside=True)},
            where=lambda x, axis=None: x.ndim > 0 or axis is None,
            cases=[
                case(x=np.zeros(0)),
                case(x=np.zeros(3)),
                case(x=np.array([2.0, 4.0])),
                case(x=np.zeros((0, 3)), axis=0),
                case(x=np.zeros((0, 3)), axis=1),
                case(x=np.zeros((3, 0)), axis=None),
                case(x=np.array([[1.0, 2.0], [3.0, 6.0]]), axis=0),
                case(x=np.array([1.0, np.nan])),
                case(x=np.array(4, dtype=np.int32)),
                case(x=np.array([np.inf, -np.inf])),
                case(x=np.array([0.1, 0.2], dtype=np.float32)),
                case(x=np.array([2**31 - 1, 2**31 - 1], dtype=np.int32)),
                raises(np.exceptions.AxisError, x=np.zeros((2, 3)), axis=2),
            ],
            result=matches(scale=magnitude),
        )
    ],
    levels=[
        Level("right"),
        Level("quiet", "No RuntimeWarning may escape, whatever is empty or infinite.", no_warnings()),
        Level(
            "axes",
            "Now axis may be a tuple, as NumPy's own reductions take it.",
            right_on(
                Entry(
                    safe_mean,
                    {"x": READINGS, "axis": choice((0, 1), (), (1,), (-1, 0), (0,), (0, 2), (0, 1, 2))},
                    where=lambda x, axis: (
                        x.ndim > max((max(k, -k - 1) for k in axis), default=-1)
                        and len({k % x.ndim for k in axis}) == len(axis)
                    ),
                    cases=[
                        case(x=np.zeros((2, 0, 3)), axis=(0, 1)),
                        case(x=np.arange(6.0).reshape(2, 3), axis=(0, 1)),
                        case(x=np.arange(6.0).reshape(2, 3), axis=()),
                        case(x=np.zeros((2, 0)), axis=()),
                        case(x=np.arange(24.0).reshape(2, 3, 4), axis=(0, -1)),
                    ],
                    result=matches(scale=magnitude),
                )
            ),
        ),
        Level(
            "lean",
            "Two million radar readings of one byte each: no float64 copy of them.",
            peak_memory(radar, inputs=0.2),
        ),
    ],
    hints=[
        "Which of size, len and truth tells that there is no element? Try all three on np.zeros((3, 0)), np.array(0).",
        "What are the sum and the number of readings where there are none? What is 0.0 / 0 in NumPy?",
        "np.errstate silences floating-point errors. Does np.mean warn in another way, too?",
        "How many readings went into each mean follows from two sizes: that of x and that of the sums.",
    ],
    explanation="""\
An array is empty if `x.size == 0`. Nothing else says it: `len(x)` is the length of the first axis alone, and the truth
of an array is that of its one element.

>>> x = np.zeros((3, 0))
>>> x.size, len(x), x.shape
(0, 3, (3, 0))
>>> bool(np.array([0]))
False

`if x:` raises ValueError for several elements. For none it used to be False with a DeprecationWarning; since NumPy 2.2
that is a ValueError, too.

Empty arrays keep shape and dtype, and reductions follow: whatever has a neutral element gives it (sum 0, product 1,
any False, all True), and `max`, `min` and `argmax` raise unless there is nothing to answer or, for max and min, an
`initial`.

>>> np.zeros((0, 3)).sum(axis=0), np.zeros((0, 3)).max(axis=1)
(array([0., 0., 0.]), array([], dtype=float64))

A mean is sum by count, and 0.0 / 0 is NaN. `np.mean` gives that with two warnings: the floating-point one, which
`np.errstate` silences, and "Mean of empty slice" from Python's `warnings`, which it does not. Dividing yourself, inside
`errstate(invalid="ignore")`, leaves only the first kind. `x.size / max(total.size, 1)` is the count for any axis or
tuple of axes; the max is there for no sums at all, where Python would divide 0 by 0.
""",
    points=[
        "x.size == 0 is the test; len is the first axis only and fails for 0-d arrays.",
        "`if x` is about the one element's value; for several, and since 2.2 for none, it raises.",
        "Empty arrays have shape and dtype: (0, 3) reduces along axis 0 to three values, along axis 1 to none.",
        "sum 0, prod 1, any False, all True; max, min and argmax of nothing raise, unless max and min get initial.",
        "The mean of nothing is NaN; np.mean warns through warnings, which errstate does not silence.",
        "`if axis` confuses axis 0 with None.",
    ],
    follow_ups={
        "Why is all of nothing True?": "True is the neutral element of `and`: joining parts must give the same as the "
        "whole.",
        "Why not catch the warning?": "warnings.catch_warnings changes the state of the whole process, so it is not "
        "safe with threads, unless Python 3.14 or later is told to keep that state apart.",
        "Where do empty arrays come from?": "Masks that pick nothing, slices beyond the end, files without rows.",
    },
    related=["reductions-keepdims", "nan-safe-statistics", "summary-statistics", "slice-nd"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.size.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.mean.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.errstate.html",
    ],
)
