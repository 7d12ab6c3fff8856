"""Minimum and maximum that ignore NaN."""

import time
import warnings

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
    needs,
    no_python_loop,
    no_warnings,
    peak_memory,
    predict,
    right_on,
    trap,
    works,
)


def envelope(stack):
    """Return the minimum and maximum of each column, ignoring NaN.

    Each row is one sweep of an oscilloscope over the same signal. A lost sample is NaN. The result is the envelope of
    the sweeps.

    Parameters
    ----------
    stack : ndarray, shape (k, n), float64 or float32
        k sweeps of n points, in volts, with ``k >= 0`` and ``n >= 0``. Infinities are ordinary values. May be strided,
        reversed or read-only. From level 3 on, `stack` may have more than two axes: its shape is (k, ...).

    Returns
    -------
    lo, hi : ndarray, shape (n,), same dtype as `stack`
        A tuple of the minima and the maxima. From level 3 on, both have shape ``stack.shape[1:]``. If a column contains
        no value other than NaN, its result is NaN. This includes k = 0. 0.0 and -0.0 count as equal.

    Examples
    --------
    >>> envelope(np.array([[1.0, np.nan, np.nan], [0.5, 2.0, np.nan]]))
    (array([0.5, 2. , nan]), array([ 1.,  2., nan]))
    """
    return np.fmin.reduce(stack, initial=np.nan), np.fmax.reduce(stack, initial=np.nan)


@works(fails="vectorized")
def sweep_by_sweep(stack):
    """Combines one sweep at a time with arrays that start as NaN."""
    lo = np.full(stack.shape[1:], np.nan, dtype=stack.dtype)
    hi = lo.copy()
    for sweep in stack:
        np.fmin(lo, sweep, out=lo)
        np.fmax(hi, sweep, out=hi)
    return lo, hi


@works(fails="vectorized")
def point_by_point(stack):
    """Removes the NaNs of one column at a time."""
    lo = np.full(stack.shape[1:], np.nan, dtype=stack.dtype)
    hi = lo.copy()
    for i, samples in enumerate(stack.reshape(len(stack), -1).T if stack.size else ()):
        valid = samples[~np.isnan(samples)]
        if valid.size:
            lo.flat[i], hi.flat[i] = valid.min(), valid.max()
    return lo, hi


@works(fails="no warnings")
def with_nanmin(stack):
    """nanmin and nanmax warn about all-NaN columns and raise ValueError for k = 0."""
    if not len(stack):
        return (np.full(stack.shape[1:], np.nan, dtype=stack.dtype),) * 2
    return np.nanmin(stack, axis=0), np.nanmax(stack, axis=0)


@works(fails="memory")
def filled(stack):
    """Replaces NaN by infinity, and restores NaN in columns that contain nothing else."""
    is_nan = np.isnan(stack)
    lo = np.where(is_nan, np.inf, stack).min(axis=0, initial=np.inf)
    hi = np.where(is_nan, -np.inf, stack).max(axis=0, initial=-np.inf)
    all_nan = is_nan.all(axis=0)
    lo[all_nan] = hi[all_nan] = np.nan
    return lo.astype(stack.dtype), hi.astype(stack.dtype)


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "min and max propagate NaN, so a single NaN makes the result of its column NaN. np.fmin and np.fmax return the "
    "other value if one is NaN."
)
def propagates_nan(stack):
    if not len(stack):
        return (np.full(stack.shape[1:], np.nan, dtype=stack.dtype),) * 2
    return stack.min(axis=0), stack.max(axis=0)


@trap(
    "If NaN is replaced by infinity, an all-NaN column returns infinity. Set those results to NaN, or use np.fmin and "
    "np.fmax, which need no replacement."
)
def infinity_stays(stack):
    is_nan = np.isnan(stack)
    lo = np.where(is_nan, np.inf, stack).min(axis=0, initial=np.inf)
    hi = np.where(is_nan, -np.inf, stack).max(axis=0, initial=-np.inf)
    return lo.astype(stack.dtype), hi.astype(stack.dtype)


@trap(
    "0 is an ordinary value. If it replaces NaN, it becomes the minimum of a column of positive numbers, or the "
    "maximum of a column of negative ones. Ignore NaN instead: np.fmin, np.fmax."
)
def zero_for_nan(stack):
    if not len(stack):
        return (np.full(stack.shape[1:], np.nan, dtype=stack.dtype),) * 2
    known = np.where(np.isnan(stack), stack.dtype.type(0), stack)
    return known.min(axis=0), known.max(axis=0)


@trap(
    "`new < old` is False if old is NaN, so a NaN in the first row is never replaced. np.fmin and np.fmax replace it."
)
def nan_of_the_first_sweep_stays(stack):
    if not len(stack):
        return (np.full(stack.shape[1:], np.nan, dtype=stack.dtype),) * 2
    lo, hi = stack[0].copy(), stack[0].copy()
    for sweep in stack[1:]:
        lo = np.where(sweep < lo, sweep, lo)
        hi = np.where(sweep > hi, sweep, hi)
    return lo, hi


@trap(
    "A row that contains one NaN still has valid values in its other columns. Ignore single elements, not whole rows."
)
def drops_whole_sweeps(stack):
    complete = stack[~np.isnan(stack).any(axis=1)]
    return np.fmin.reduce(complete, axis=0, initial=np.nan), np.fmax.reduce(complete, axis=0, initial=np.nan)


@trap("axis=1 gives one value per row. To get one value per column, reduce along axis=0.", verdict="WT")
def reduces_rows(stack):
    return np.fmin.reduce(stack, axis=1, initial=np.nan), np.fmax.reduce(stack, axis=1, initial=np.nan)


@trap(
    "np.fmin.reduce and np.nanmin raise ValueError for an axis of length 0. Pass initial=np.nan to np.fmin.reduce and "
    "np.fmax.reduce.",
    verdict="RE",
)
def needs_a_sweep(stack):
    return np.fmin.reduce(stack, axis=0), np.fmax.reduce(stack, axis=0)


@trap("The minima come first and the maxima second.")
def swapped(stack):
    return np.fmax.reduce(stack, axis=0, initial=np.nan), np.fmin.reduce(stack, axis=0, initial=np.nan)


@trap(
    "An initial value of 0 takes part in the reduction, so no minimum is greater than 0 and no maximum is less than 0. "
    "Use initial=np.nan, which np.fmin and np.fmax ignore."
)
def starts_from_zero(stack):
    return np.fmin.reduce(stack, axis=0, initial=0), np.fmax.reduce(stack, axis=0, initial=0)


@trap(
    "The result must have the dtype of stack. np.full(n, np.nan) creates float64 by default: pass dtype=stack.dtype.",
    verdict="WT",
)
def always_float64(stack):
    lo = np.full(stack.shape[1:], np.nan)
    hi = lo.copy()
    for sweep in stack:
        lo, hi = np.fmin(lo, sweep), np.fmax(hi, sweep)
    return lo, hi


# -------------------------------------------------------------------------------------------------------------- drills


@drill("What is the value?")
def one_pair(rng, hardness):
    k, m = (int(k) for k in rng.integers(1, 30, 2))
    code, why = by_hardness(
        rng,
        [
            (f"np.maximum({k}, np.nan)", "maximum propagates NaN."),
            (f"np.fmax({k}, np.nan)", "fmax returns the other value if one is NaN."),
            (f"np.minimum(np.nan, {k})", "minimum propagates NaN, whether it is the first or the second argument."),
            (
                f"np.fmin(np.nan, {k})",
                "fmin returns the other value if one is NaN, whether that is the first or the second argument.",
            ),
            (
                f"np.fmin([{k}.0, np.nan], [np.nan, {m}.0]).tolist()",
                "In each pair one value is NaN, so fmin returns the other.",
            ),
            ("np.fmax(np.nan, np.nan)", "fmax returns NaN only if both values are NaN."),
            ("np.fmax(-np.inf, np.nan)", "-inf is not NaN, so fmax returns it."),
            ("np.minimum(-np.inf, np.nan)", "minimum propagates NaN, even if the other value is -inf."),
            (
                f"max({k}.0, np.nan)",
                f"Python's max keeps the first value unless a later one is greater, and NaN > {k}.0 is False.",
            ),
            (
                f"max(np.nan, {k}.0)",
                f"Python's max keeps the first value unless a later one is greater, and {k}.0 > NaN is False.",
            ),
            (f"np.clip(np.nan, 0, {k})", "clip propagates NaN, as maximum and minimum do."),
            (f"np.fmin(np.fmax(np.nan, 0), {k}).item()", f"fmax replaces NaN by 0, and 0 is less than {k}."),
        ],
        hardness,
    )
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def whole_arrays(rng, hardness):
    a, b = (int(k) for k in rng.choice(np.arange(1, 20), 2, replace=False))
    values = [f"{a}.0", f"{b}.0", "np.nan"]
    rng.shuffle(values)
    place = values.index("np.nan")
    low, high = min(a, b), max(a, b)
    code, why = by_hardness(
        rng,
        [
            ("x.max()", "max propagates NaN."),
            ("np.nanmax(x)", "nanmax ignores NaN."),
            ("np.fmin.reduce(x)", f"fmin ignores NaN, and {low} is the smallest number."),
            ("np.minimum.reduce(x)", "minimum.reduce is the same as min: it propagates NaN."),
            ("x.argmax()", f"argmax returns the index of the first NaN, which is {place}."),
            (
                "np.nanargmin(x)",
                f"nanargmin returns the index of {low}. The index counts all elements of x, including NaN.",
            ),
            ("np.sort(x)[-1]", "sort puts NaN last."),
            (
                "np.fmax.accumulate(x).tolist()",
                "Each result is the largest number so far. It is NaN only until the first number.",
            ),
            ("np.maximum.accumulate(x).tolist()", "maximum propagates NaN, so every result from the NaN on is NaN."),
            ("np.fmax.reduce(x[np.isnan(x)])", "The selected array contains only NaN, so the result is NaN."),
            ("np.fmax.reduce(x[:0])", "fmax has no identity, so reduce raises ValueError for an empty array."),
            ("np.fmax.reduce(x[:0], initial=np.nan)", "The array is empty, so initial is the only value."),
            (
                "np.nanargmax(x[np.isnan(x)])",
                "nanargmax raises ValueError if all values are NaN, while nanmax only warns.",
            ),
            ("np.nanmax(x[np.isnan(x)])", "nanmax returns NaN and shows a RuntimeWarning if all values are NaN."),
            (f"np.ptp(x) == {high - low}", "ptp is max - min, which is NaN here, and NaN is not equal to anything."),
        ],
        hardness,
    )
    return predict(f"x = np.array([{', '.join(values)}])\n{code}", why=why)


@drill("What is the value?")
def along_an_axis(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(1, 20, 3))
    code, why = by_hardness(
        rng,
        [
            (
                "np.fmax.reduce(x).tolist()",
                "reduce works along axis 0 by default, so it gives one value per column and ignores the NaN.",
            ),
            (
                "x.max(axis=0).tolist()",
                "axis=0 gives one value per column, and the column that contains NaN gives NaN.",
            ),
            ("np.fmin.reduce(x, axis=1).tolist()", "axis=1 gives one value per row, and fmin ignores the NaN."),
            ("x.min(axis=1).tolist()", "axis=1 gives one value per row, and the row that contains NaN gives NaN."),
            ("np.nanmin(x)", "Without axis, nanmin returns the smallest of the three numbers."),
            ("np.fmax.reduce(x, axis=None)", "axis=None reduces all axes, and fmax ignores the NaN."),
            (
                "np.fmax(x[0], x[1]).tolist()",
                "fmax works element by element and returns the other value if one is NaN.",
            ),
            ("np.fmin(x, 0).tolist()", "All numbers in x are positive, and fmin returns 0 for NaN as well."),
            (
                "np.fmax.reduce(x, axis=0, where=x < 0, initial=-1.0).tolist()",
                "The mask selects no element, so only initial is left.",
            ),
            ("np.isnan(x).all(axis=0).tolist()", "No column contains only NaN."),
        ],
        hardness,
    )
    return predict(f"x = np.array([[{a}.0, np.nan], [{b}.0, {c}.0]])\n{code}", why=why)


@drill("What is the dtype, or which error is raised?")
def dtypes(rng, hardness):
    one, other = (str(name) for name in rng.choice(["int8", "uint8", "int16", "float32", "float64"], 2))
    wide = np.result_type(one, other)
    x, y = f"np.ones(2, dtype={one!r})", f"np.ones(2, dtype={other!r})"
    small = str(rng.choice(["int8", "int16", "int32"]))
    code, why = by_hardness(
        rng,
        [
            (f"np.maximum({x}, {y}).dtype", f"maximum promotes {one} and {other} to {wide}."),
            (f"np.fmax({x}, {y}).dtype", f"fmax promotes {one} and {other} to {wide}, as maximum does."),
            (f"np.fmin({x}, 0).dtype", "A Python int adapts to the dtype of the array."),
            (f"np.fmax.reduce({x}).dtype", "fmax.reduce keeps the dtype, because the result is one of the elements."),
            (
                f"np.fmin(np.ones(2, dtype={small!r}), np.nan).dtype",
                "np.nan is a Python float, and an integer array with a Python float gives float64.",
            ),
            (
                "np.fmin(np.ones(2, dtype='float32'), np.nan).dtype",
                "A Python float adapts to the dtype of a float array.",
            ),
            (
                "np.fmin(np.ones(2, dtype='float32'), np.float64(np.nan)).dtype",
                "In dtype promotion, np.float64(np.nan) counts as float64 and not as a Python float.",
            ),
            (
                f"np.fmax.reduce(np.ones(2, dtype={small!r}), initial=np.nan).dtype",
                f"initial is converted to {small}, which cannot represent NaN.",
            ),
            (
                "np.maximum(np.ones(2, dtype=bool), np.zeros(2, dtype=bool)).dtype",
                "For two bool arrays, maximum is a logical or, and the result is bool.",
            ),
            (
                "np.fmax(np.ones(2), 1j).dtype",
                "float64 with a Python complex gives complex128. Complex numbers are compared by real part first.",
            ),
        ],
        hardness,
    )
    return predict(code, why=why)


def show_times():
    rng = np.random.default_rng(0)
    stack = rng.standard_normal((2000, 500))
    stack[rng.random(stack.shape) < 0.05] = np.nan
    ways = {
        "np.maximum.reduce": lambda: np.maximum.reduce(stack, axis=0),
        "np.fmax.reduce": lambda: np.fmax.reduce(stack, axis=0),
        "np.nanmax": lambda: np.nanmax(stack, axis=0),
        "np.where, then max": lambda: np.where(np.isnan(stack), -np.inf, stack).max(axis=0),
    }
    print("2000 rows, 500 columns, 5% NaN")
    for name, way in ways.items():
        times = []
        for _ in range(5):
            start = time.perf_counter()
            result = way()
            times.append(1e3 * (time.perf_counter() - start))
        print(f"{name:20} {min(times):7.2f} ms, {np.isnan(result).sum():3} results are NaN")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        np.fmax.reduce([np.nan, np.nan])
        print(f"only NaN: np.fmax.reduce shows {len(caught)} warnings,", end=" ")
        np.nanmax([np.nan, np.nan])
        print(f"np.nanmax shows {len(caught)}: {caught[-1].message}")


def sweeps(rng, k=200, n=300):
    stack = rng.standard_normal((k, n))
    stack[rng.random(stack.shape) < 0.1] = np.nan
    return {"stack": stack}


SPECIAL = ("nan", "nan runs", "all nan", "both inf", "negative zero")
NAN, INF = np.nan, np.inf

QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="medium",
    topics=["Math"],
    companies=["Google", "Amazon"],
    asked=["T98"],
    entry_points=[
        Entry(
            envelope,
            {"stack": arrays("k", "n", dtype=("float64", "float32"), holds=SPECIAL)},
            dims={"k": (0, 8), "n": (0, 8)},
            cases=[
                case(stack=np.array([[1.0, 2.0]])),
                case(stack=np.array([[3.0], [4.0]])),
                case(stack=np.array([[-3.0], [-4.0]])),
                case(stack=np.array([[NAN], [4.0]])),
                case(stack=np.array([[3.0], [NAN]])),
                case(stack=np.array([[NAN, 1.0], [NAN, 2.0]])),
                case(stack=np.array([[1.0, NAN], [2.0, 3.0]])),
                case(stack=np.array([[INF, NAN], [NAN, -INF]])),
                case(stack=np.zeros((0, 3))),
                case(stack=np.zeros((3, 0), dtype=np.float32)),
                case(stack=np.zeros((0, 2), dtype=np.float32)),
                case(stack=np.array([[5.0, NAN, -1.0], [NAN, NAN, -2.0]], dtype=np.float32)),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("no warnings", "Shows no warning, even if a column contains only NaN.", no_warnings()),
        Level(
            "any sweep",
            "Accepts arrays with more than two axes, and reduces only axis 0.",
            right_on(
                Entry(
                    envelope,
                    {"stack": arrays(..., "n", dtype=("float64", "float32"), holds=SPECIAL)},
                    dims={"n": (1, 5)},
                    where=lambda stack: stack.ndim > 1,
                )
            ),
        ),
        Level(
            "vectorized",
            "Uses no Python loop, neither over the rows nor over the columns.",
            no_python_loop(lambda rng, n: sweeps(rng, n, 30)),
            no_python_loop(lambda rng, n: sweeps(rng, 30, n)),
        ),
        Level(
            "memory",
            "For 16 MB of input, allocates at most twice the size of the two results, including the results.",
            peak_memory(lambda rng: sweeps(rng, 2000, 1000), outputs=2),
        ),
        Level(
            "fast",
            "At least 2.5 times faster than a loop over the columns, for 200 rows and 300 columns.",
            faster_than(
                point_by_point,
                2.5,
                sweeps,
                needs=needs(bytes=lambda stack: stack.nbytes, operations=lambda stack: 2 * stack.size),
            ),
        ),
    ],
    hints=[
        "NumPy has two pairs of ufuncs that return the larger or the smaller of two values. How does each treat NaN?",
        "The method `reduce` of such a ufunc combines all values along an axis. Which axis should disappear?",
        "If k is 0, `reduce` needs an initial value. Which value does your ufunc ignore in favor of any number, and "
        "return if the axis is empty?",
    ],
    spoken="""\
`np.maximum` and `np.minimum` propagate NaN. `np.fmax` and `np.fmin` ignore it: they return NaN only if both values are
NaN. To get the minimum and maximum of each column without NaN, I call `np.fmin.reduce` and `np.fmax.reduce` along axis
0. They need no temporary array and show no warning. `np.nanmin` and `np.nanmax` give the same values but warn about
columns that contain only NaN. For an empty axis, reduce raises ValueError unless I pass `initial=np.nan`, which these
ufuncs ignore.
""",
    explanation="""\
NumPy has two pairs of ufuncs for the larger and the smaller of two values. They differ only for NaN: `maximum` and
`minimum` propagate it, while `fmax` and `fmin` return the other value if one is NaN:

>>> np.maximum([1.0, np.nan], [np.nan, np.nan]), np.fmax([1.0, np.nan], [np.nan, np.nan])
(array([nan, nan]), array([ 1., nan]))

Use `maximum` if NaN is an error that should stay visible, and `fmax` if NaN means "no sample".

*Reductions.* The method `reduce` of a ufunc combines all values along an axis, axis 0 by default. `np.max` computes
`maximum.reduce`; the version that ignores NaN is `fmax.reduce`. Neither ufunc has an identity, so reducing an axis of
length 0 raises ValueError. For `fmax` and `fmin`, you can pass NaN as the initial value, because they ignore it:

>>> np.fmax.reduce(np.zeros((0, 2)), axis=0, initial=np.nan)
array([nan, nan])

*`np.nanmax`* uses the same reduction for plain arrays. Then it looks for NaN in the result and warns about an "All-NaN
slice". It raises ValueError for an empty axis. `np.nanargmax` raises ValueError for an all-NaN slice, because it has no
index to return.

*Replacing NaN by -inf* before `max` needs a copy of the array, and an all-NaN column returns -inf. Replacing it by 0 is
wrong, because 0 may be the largest or smallest value.

*Python's `max`* depends on the order, because `<` and `>` are False for NaN:

>>> max(1.0, float("nan")), max(float("nan"), 1.0)
(1.0, nan)

*Other functions.* `np.clip` propagates NaN. If the array contains NaN, `np.argmax` and `np.argmin` return the index of
the first NaN. `np.sort` puts NaN last.
""",
    points=[
        "maximum and minimum propagate NaN. fmax and fmin ignore it, and return NaN only if both values are NaN.",
        "np.fmax.reduce ignores NaN along an axis without a copy and without a warning.",
        "With initial=np.nan, an empty axis gives NaN instead of ValueError.",
        "np.nanmax gives the same values but warns about all-NaN slices, and np.nanargmax raises ValueError.",
        "Replacing NaN by infinity copies the array, and all-NaN columns need extra code.",
        "Python's max depends on the position of NaN, because `<` and `>` are False for NaN.",
    ],
    follow_ups={
        "How do these ufuncs treat datetime64?": "NaT takes the role of NaN: fmax ignores it, and maximum propagates "
        "it.",
        "How do you get the running maximum?": "`np.fmax.accumulate(stack, axis=0)`. It is NaN until the first number "
        "of each column.",
        "How do you count the valid values of each column?": "`np.count_nonzero(~np.isnan(stack), axis=0)`.",
        "How do you compute the range, maximum minus minimum?": "`np.ptp(x)`, but it propagates NaN. NumPy 2.0 "
        "removed the method `x.ptp()`. To ignore NaN, subtract `np.fmin.reduce(x)` from `np.fmax.reduce(x)`.",
    },
    related=["nan-safe-statistics", "ufunc-methods", "clip-values", "none-vs-nan"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.fmax.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fmin.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.nanmax.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ufunc.reduce.html",
    ],
    live=show_times,
)
