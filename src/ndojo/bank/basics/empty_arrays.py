"""The mean of arrays that may be empty."""

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
    """Return the mean over one axis, or over all elements, of an array that may be empty.

    The readings are rainfall measurements, and a dry region or a broken gauge leaves axes of length 0.

    Parameters
    ----------
    x : ndarray, any shape, float64, float32, int32 or uint8
        Readings. May be 0-d or have axes of length 0, and may be strided or read-only. Floats may be NaN or infinite.
    axis : int or None
        The axis to average over; negative axes count from the last. None averages over all elements. On level 3 and
        above `axis` may also be a tuple of axes, which are averaged over together. The empty tuple averages over no
        axis, so every element stays as it is.

    Returns
    -------
    float, or ndarray of float64
        The mean, computed in float64 for every dtype of `x`. The shape is that of `x` without the averaged axes. If no
        axis is left, the result is a float (Python's or NumPy's, not a 0-d array). The mean of zero elements is NaN. If
        the elements contain NaN, or both inf and -inf, their mean is NaN.

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
    """np.mean already returns NaN for empty input. Only its warning has to be suppressed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.mean(x, axis=axis, dtype=np.float64)


@works(fails="no warnings")
def floating_point_errors_only(x, axis=None):
    """errstate silences the division, but "Mean of empty slice" is an ordinary Python warning."""
    with np.errstate(all="ignore"):
        return np.mean(x, axis=axis, dtype=np.float64)


@works(fails="axes")
def line_by_line(x, axis=None):
    """Averages one line after another in Python floats."""
    if axis is None:
        x, axis = x.reshape(-1), 0
    lines = np.moveaxis(x, axis, -1)
    means = np.full(lines.shape[:-1], np.nan)
    for place in np.ndindex(means.shape):
        readings = lines[place].tolist()
        if readings:
            means[place] = sum(readings) / len(readings)
    return means if means.ndim else float(means)


@works(fails="memory")
def converts_first(x, axis=None):
    """Converts all elements to float64 before it adds them."""
    readings = x.astype(np.float64)
    with np.errstate(invalid="ignore"):
        total = readings.sum(axis=axis)
        ones = np.ones(x.shape, dtype=bool).sum(axis=axis)
        return np.float64(total) / np.float64(ones) if np.ndim(total) == 0 else total / ones


@trap(
    "`len(x)` is the length of the first axis: shape (3, 0) has length 3 but no elements, and a 0-d "
    "array has no length. Use `x.size`.",
    verdict="RE",
)
def asks_len(x, axis=None):
    if len(x) == 0 and axis is None:
        return np.nan
    with np.errstate(all="ignore"):
        return np.sum(x, axis=axis, dtype=np.float64) / (x.size if axis is None else x.shape[axis])


@trap(
    "`if x` tests the value of a single element and raises for several, so it does not test emptiness. "
    "Use `x.size == 0`.",
    verdict="RE",
)
def asks_truth(x, axis=None):
    if axis is None and not x:
        return np.nan
    with np.errstate(all="ignore"):
        total = np.sum(x, axis=axis, dtype=np.float64)
        return total / (x.size / max(total.size, 1))


@trap(
    "`x.any()` is False if all elements are zero, so it does not test emptiness. Use `x.size == 0`.",
)
def dry_is_empty(x, axis=None):
    if axis is None and not x.any():
        return np.nan
    with np.errstate(all="ignore"):
        total = np.sum(x, axis=axis, dtype=np.float64)
        return total / (x.size / max(total.size, 1))


@trap(
    "An empty array still has a shape: the mean of shape (0, 3) along axis 0 has three values, all of them NaN.",
    verdict="WT",
)
def one_nan_for_all(x, axis=None):
    np.sum(x, axis=axis)
    return np.nan if x.size == 0 else np.mean(x, axis=axis, dtype=np.float64)


@trap("The mean of zero elements is NaN, not 0: no measurement is not the same as no rain.")
def zero_for_nothing(x, axis=None):
    with np.errstate(invalid="ignore"):
        total = np.sum(x, axis=axis, dtype=np.float64)
        return total / max(x.size // max(total.size, 1), 1)


@trap("`np.nanmean` ignores NaN. Here a NaN among the elements must make their mean NaN.")
def leaves_nan_out(x, axis=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.nanmean(x, axis=axis, dtype=np.float64)


@trap("0 is false, so `if axis` treats axis 0 like None. Test `axis is None`.")
def axis_zero_is_false(x, axis=None):
    with np.errstate(all="ignore"):
        return np.sum(x, axis=axis, dtype=np.float64) / np.float64(x.shape[axis] if axis else x.size)


@trap("`np.mean` of float32 adds and returns float32. Pass dtype=np.float64.", verdict="WT")
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
            (
                f"len(np.zeros(({a}, 0)))",
                f"len is the length of the first axis, {a}, even though the array has no elements.",
            ),
            (f"len(np.zeros((0, {b})))", "len is the length of the first axis, which is 0."),
            (f"np.zeros(({a}, {b})).size", f"size is the number of elements: {a} * {b}."),
            (f"np.zeros(({a}, 0)).ndim", "ndim counts the axes, including axes of length 0."),
            (f"np.zeros({a}).size == 0", f"size counts elements regardless of their value, so zeros count: {a}."),
            (f"np.array([{a}, {b}]).size", "The array has two elements."),
            (f"np.zeros(({a}, 0)).nbytes", "No elements need 0 bytes."),
        ],
        [
            (f"len(np.array({a}))", "A 0-d array has no first axis, so len raises TypeError."),
            (f"np.array({a}).size", "A 0-d array has one element: the product of an empty shape is 1."),
            (f"np.zeros(({a}, {b}, 0)).size", "One axis of length 0 is enough to make the array empty."),
            ("np.array([[]]).size", "The shape is (1, 0): one row without elements."),
            (f"len(np.array([[]] * {a}))", f"The shape is ({a}, 0): {a} rows without elements."),
            ("np.array([None]).size", "None is an element like any other object."),
            (f"np.zeros({a})[{a + b}:].size", "A slice beyond the end is empty and raises no error."),
            (f"np.arange({a + b}, {a}).size", "A range whose start is at or beyond its end has no elements."),
            (f"np.zeros(({a}, 0)).any()", "any of an empty array is False: no element is True."),
            (f"np.zeros(({a}, 0)).all()", "all of an empty array is True: no element is False."),
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
            (f"bool(np.array([{a}]))", "The truth value of a one-element array is that of its element."),
            (
                "bool(np.array([0]))",
                "The truth value of a one-element array is that of its element, and "
                "0 is false. It says nothing about emptiness.",
            ),
            (f"bool(np.array([{a}, {b}]))", "An array with several elements has no single truth value: ValueError."),
            (
                f"bool(np.zeros({a + 1}))",
                "An array with several elements has no single truth value, even if all are zero: ValueError.",
            ),
            (f"bool([{a}, {b}])", "A list is true if it is not empty."),
            ("bool([])", "An empty list is false."),
            (f"bool(np.array([{a}, {b}]).size)", "size is 2, so the array is not empty."),
            ("bool([0])", "A list with one item is true, regardless of the item."),
        ],
        [
            (
                "bool(np.zeros((1, 1)))",
                "A one-element array of any shape has the truth value of its element, and 0.0 is false.",
            ),
            (f"bool(np.array({a}))", f"A 0-d array has the truth value of its element, {a}."),
            (f"np.array_equal([], [{a}])", "Shapes (0,) and (1,) differ, so the arrays are not equal."),
            (f"bool(np.allclose([], [{a}]))", "(0,) and (1,) broadcast to (0,), and all of an empty array is True."),
            (
                f"bool((np.zeros(0) == np.zeros({a + 1})).all())",
                f"(0,) and ({a + 1},) cannot be broadcast: ValueError.",
            ),
            (f"bool(np.all(np.zeros((0, {a})) > {b}))", "all of an empty array is True."),
            (f"bool(np.any(np.ones((0, {a})) > -{b}))", "any of an empty array is False."),
            (
                f"np.array([{a}, {b}]) and True",
                "`and` needs the truth value of an array with two elements: ValueError.",
            ),
            (
                f"np.zeros((0, {a})).shape == np.zeros((0, {a + 1})).shape",
                "Empty arrays are equal only if their shapes are equal.",
            ),
            (f"np.array_equal(np.zeros((0, {a})), np.zeros(0))", "Both are empty, but their shapes differ."),
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
            (f"float(np.zeros((0, {a})).sum())", "The sum of no elements is 0, the neutral element of addition."),
            (
                f"float(np.zeros(({a}, 0)).prod())",
                "The product of no elements is 1, the neutral element of multiplication.",
            ),
            (f"float(np.zeros((0, {a})).mean())", "0 / 0: the mean of no elements is NaN, with a RuntimeWarning."),
            (
                f"float(np.zeros((0, {a})).max())",
                "Without elements there cannot be a maximum: ValueError, because max has no neutral element.",
            ),
            (
                f"float(np.zeros((0, {a})).min())",
                "No elements have no minimum: ValueError, because min has no neutral element.",
            ),
            (
                f"np.zeros((0, {a})).sum(axis=0).tolist()",
                f"Each of the {a} columns has no elements, and the sum of no elements is 0.",
            ),
            (
                f"np.zeros(({a}, 0)).sum(axis=0).tolist()",
                "Axis 0 is reduced and no columns are left, so the result is empty.",
            ),
        ],
        [
            (f"float(np.zeros((0, {a})).max(initial={c}))", f"initial={c} is the result if the array has no elements."),
            (
                f"np.zeros((0, {a})).max(axis=1).tolist()",
                "No rows are left, so no maximum has to be computed: the result is empty.",
            ),
            (
                f"np.zeros((0, {a})).max(axis=0).tolist()",
                f"Each of the {a} columns has no elements, so its maximum is undefined: ValueError.",
            ),
            (
                f"np.zeros((0, {a})).min(axis=0, initial={c}).tolist()",
                f"Each column has no elements, so initial={c} is its result.",
            ),
            (f"int(np.zeros(({a}, 0)).argmax())", "argmax of no elements has no index to return: ValueError."),
            (f"(np.zeros(({a}, 0)) @ np.zeros((0, {b}))).tolist()", "Each element is a sum of zero products: 0."),
            (f"float(np.nansum(np.full({c}, np.nan)))", "nansum ignores NaN, and the sum of no elements is 0."),
            (f"float(np.full({c}, np.nan)[:0].sum())", "The slice is empty, and the sum of no elements is 0."),
            (f"np.zeros((0, {a})).mean(axis=1).tolist()", "No rows are left, so the result has no means."),
            (f"float(np.ones({a})[{a}:].std())", "The standard deviation of no elements is NaN."),
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
            (f"np.zeros(({a}, 0)).T", "A transpose reverses the shape."),
            ("np.array([])", "The array has one axis, and its length is 0."),
            (f"np.zeros((0, {a})).sum(axis=0)", f"Axis 0 is removed, and {a} columns are left."),
            (f"np.zeros((0, {a})).sum(axis=1)", "Axis 1 is removed, and no rows are left."),
            (f"np.zeros({a})[{a}:]", "A slice that starts at the end is empty."),
            (f"np.zeros(({a}, {b}))[:0]", "No rows are selected, and the columns stay."),
            (f"np.zeros({a})[np.zeros({a}, dtype=bool)]", "The mask selects no element."),
        ],
        [
            (
                f"np.zeros((0, {a})) + np.zeros({a})",
                f"The lengths {a} agree, and the missing axis is stretched, here to 0 rows.",
            ),
            (f"np.zeros((0, {a})) + np.zeros((1, {a}))", "Length 1 is stretched to 0."),
            (f"np.zeros((0, {a})) + np.zeros((2, {a}))", "Only length 1 can be stretched: 0 and 2 are incompatible."),
            (
                f"np.zeros(({a}, {b}))[np.zeros(({a}, {b}), dtype=bool)]",
                "A mask with two axes selects elements and returns a 1-D array.",
            ),
            (f"np.zeros((0, {a})).reshape(-1, {a})", f"0 elements in rows of {a}: -1 becomes 0."),
            (f"np.zeros((0, {a})).reshape(0, -1)", "0 times any length is 0, so -1 cannot be inferred: ValueError."),
            (f"np.concatenate([np.zeros((0, {a})), np.ones(({b}, {a}))])", f"The parts have 0 and {b} rows."),
            (
                f"np.concatenate([np.zeros(0), np.ones(({b}, {a}))])",
                "Arrays with one and two axes cannot be concatenated: ValueError.",
            ),
            ("np.concatenate([])", "Without arrays, even the number of axes is unknown: ValueError."),
            (f"np.stack([np.zeros(0)] * {a})", f"The result has {a} rows without elements."),
            (f"np.diff(np.zeros({min(a, 2) - 1}))", "One element has no neighbor, so it has no differences."),
            (f"np.array([[]] * {a})", f"The result has {a} rows without elements."),
        ],
    )
    return predict(f"({asked}).shape", why=why)


# ------------------------------------------------------------------------------------------------------------ question


def magnitude(x, axis=None):
    """Rounding errors are relative to the readings, because the values in a mean may cancel."""
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
        Level("no warnings", "Shows no RuntimeWarning, even if the input is empty or infinite.", no_warnings()),
        Level(
            "axes",
            "`axis` may be a tuple of axes, as in NumPy's own reductions.",
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
            "memory",
            "For two million elements of one byte each, make no float64 copy of the input.",
            peak_memory(radar, inputs=0.2),
        ),
    ],
    hints=[
        "Which of `x.size`, `len(x)` and `bool(x)` tells you that the array is empty? Try all three on "
        "np.zeros((3, 0)) and np.array(0).",
        "What are the sum and the number of zero elements? What is 0.0 / 0 in NumPy?",
        "np.errstate silences floating-point errors. Which other kind of warning does np.mean use?",
        "You can compute how many elements went into each mean from two sizes: that of x and that of the "
        "array of sums.",
    ],
    spoken="""\
I test for an empty array with `x.size == 0`, because `len` only looks at the first axis and `if x` looks at the value
of a single element. Reductions of an empty array follow their neutral element: sum is 0, prod is 1, any is False, all
is True, while max and min raise unless they get `initial`. The mean is 0 divided by 0, so it is NaN, and `np.mean`
also shows a warning. I divide the sum by the count myself inside `np.errstate`.
""",
    explanation="""\
An array is empty if `x.size == 0`. Nothing else tests this: `len(x)` is the length of the first axis only, and the
truth value of an array is that of its single element.

>>> x = np.zeros((3, 0))
>>> x.size, len(x), x.shape
(0, 3, (3, 0))
>>> bool(np.array([0]))
False

`if x:` raises ValueError if the array has several elements. For an empty array it was False with a DeprecationWarning
before NumPy 2.2; since then it raises ValueError too.

*Reductions.* Empty arrays have a shape and a dtype, and reductions follow them. A reduction with a neutral element
returns it: sum 0, prod 1, any False, all True. `max`, `min` and `argmax` raise ValueError, unless the result is empty
too, or `max` and `min` get `initial`.

>>> np.zeros((0, 3)).sum(axis=0), np.zeros((0, 3)).max(axis=1)
(array([0., 0., 0.]), array([], dtype=float64))

*Mean.* A mean is the sum divided by the count, and 0.0 / 0 is NaN. `np.mean` returns that with two warnings: the
floating-point warning, which `np.errstate` silences, and "Mean of empty slice" from Python's `warnings` module, which
it does not. If you divide yourself inside `errstate(invalid="ignore")`, only the first kind occurs.

The count for any axis or tuple of axes is `x.size // max(total.size, 1)`, where `total` is the array of sums. `max`
avoids a division by zero if the result has no elements.
""",
    points=[
        "`x.size == 0` tests for an empty array. `len(x)` only looks at the first axis and fails for 0-d arrays.",
        "`if x` tests the value of a single element. For several elements, and since NumPy 2.2 for none, "
        "it raises ValueError.",
        "Empty arrays have a shape and a dtype: shape (0, 3) reduces along axis 0 to three values and "
        "along axis 1 to none.",
        "Without elements, sum is 0, prod is 1, any is False and all is True. max, min and argmax raise, "
        "unless max or min gets `initial`.",
        "The mean of no elements is NaN. np.mean also uses the `warnings` module, which errstate does not silence.",
        "`if axis` treats axis 0 like None; test `axis is None`.",
    ],
    follow_ups={
        "Why is `all` of an empty array True?": "True is the neutral element of `and`. Combining the results of "
        "two parts must give the result of the whole.",
        "Why not suppress the warning with `warnings.catch_warnings`?": "It changes the state of the whole process, "
        "so it is not thread-safe, unless Python "
        "3.14 or later is configured to keep that "
        "state per thread.",
        "Where do empty arrays come from in practice?": "From masks that select nothing, slices beyond the end, and "
        "files without rows.",
    },
    related=["reductions-keepdims", "nan-safe-statistics", "summary-statistics", "slice-nd"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.size.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.mean.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.errstate.html",
    ],
)
