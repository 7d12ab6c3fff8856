"""The envelope of many sweeps."""

import time
import warnings

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
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
    """Give the lowest and the highest value that an oscilloscope saw at each point of its screen.

    Each row is one sweep across the screen. A sample that got lost is NaN, and counts only if no sweep has a value
    at that point: then the result is NaN there.

    Parameters
    ----------
    stack : ndarray, shape (k, n), float64 or float32
        k sweeps of n points, in volts; infinite where the input was overdriven. May be empty (no sweeps, no points),
        strided, reversed or read-only. On level 3 each sweep may have any shape: `stack` then has shape (k, ...).

    Returns
    -------
    lo, hi : ndarray, shape (n,), dtype of `stack`
        As a tuple. Without any sweep, k = 0, both hold nothing but NaN. 0.0 and -0.0 count as equal.

    Examples
    --------
    >>> envelope(np.array([[1.0, np.nan, np.nan], [0.5, 2.0, np.nan]]))
    (array([0.5, 2. , nan]), array([ 1.,  2., nan]))
    """
    return np.fmin.reduce(stack, initial=np.nan), np.fmax.reduce(stack, initial=np.nan)


@works(fails="vectorized")
def sweep_by_sweep(stack):
    """One sweep after the other, from an envelope of NaN."""
    lo = np.full(stack.shape[1:], np.nan, dtype=stack.dtype)
    hi = lo.copy()
    for sweep in stack:
        np.fmin(lo, sweep, out=lo)
        np.fmax(hi, sweep, out=hi)
    return lo, hi


@works(fails="vectorized")
def point_by_point(stack):
    """Drops the NaNs of one point at a time."""
    lo = np.full(stack.shape[1:], np.nan, dtype=stack.dtype)
    hi = lo.copy()
    for i, samples in enumerate(stack.reshape(len(stack), -1).T if stack.size else ()):
        seen = samples[~np.isnan(samples)]
        if seen.size:
            lo.flat[i], hi.flat[i] = seen.min(), seen.max()
    return lo, hi


@works(fails="no warnings")
def with_nanmin(stack):
    """nanmin and nanmax warn of points without a value, and refuse to work without a sweep."""
    if not len(stack):
        return (np.full(stack.shape[1:], np.nan, dtype=stack.dtype),) * 2
    return np.nanmin(stack, axis=0), np.nanmax(stack, axis=0)


@works(fails="memory")
def filled(stack):
    """Puts in what cannot win, and NaN back where nothing was seen."""
    lost = np.isnan(stack)
    lo = np.where(lost, np.inf, stack).min(axis=0, initial=np.inf)
    hi = np.where(lost, -np.inf, stack).max(axis=0, initial=-np.inf)
    unseen = lost.all(axis=0)
    lo[unseen] = hi[unseen] = np.nan
    return lo.astype(stack.dtype), hi.astype(stack.dtype)


# --------------------------------------------------------------------------------------------------------------- traps


@trap("min and max pass NaN on: one lost sample spoils its point. fmin and fmax prefer a number to NaN.")
def one_nan_spoils(stack):
    if not len(stack):
        return (np.full(stack.shape[1:], np.nan, dtype=stack.dtype),) * 2
    return stack.min(axis=0), stack.max(axis=0)


@trap("Infinity put in for NaN comes out again where every sample is lost: set those points back to NaN.")
def infinity_stays(stack):
    lost = np.isnan(stack)
    lo = np.where(lost, np.inf, stack).min(axis=0, initial=np.inf)
    hi = np.where(lost, -np.inf, stack).max(axis=0, initial=-np.inf)
    return lo.astype(stack.dtype), hi.astype(stack.dtype)


@trap("0 is a value like any other: put in for NaN it wins if all others are above or below.")
def nought_for_nan(stack):
    if not len(stack):
        return (np.full(stack.shape[1:], np.nan, dtype=stack.dtype),) * 2
    known = np.where(np.isnan(stack), stack.dtype.type(0), stack)
    return known.min(axis=0), known.max(axis=0)


@trap("`new < old` is False where old is NaN: an envelope that starts from the first sweep never leaves its NaNs.")
def nan_of_the_first_sweep_stays(stack):
    if not len(stack):
        return (np.full(stack.shape[1:], np.nan, dtype=stack.dtype),) * 2
    lo, hi = stack[0].copy(), stack[0].copy()
    for sweep in stack[1:]:
        lo = np.where(sweep < lo, sweep, lo)
        hi = np.where(sweep > hi, sweep, hi)
    return lo, hi


@trap("A sweep with one lost sample still knows its other points: leave out samples, not sweeps.")
def drops_whole_sweeps(stack):
    whole = stack[~np.isnan(stack).any(axis=1)]
    return np.fmin.reduce(whole, axis=0, initial=np.nan), np.fmax.reduce(whole, axis=0, initial=np.nan)


@trap("The sweeps lie along axis 0: fold that one, and one value for each point is left.", verdict="WT")
def folds_the_points(stack):
    return np.fmin.reduce(stack, axis=1, initial=np.nan), np.fmax.reduce(stack, axis=1, initial=np.nan)


@trap("Without sweeps, no value remains to fold: nanmin and fmin.reduce raise ValueError, unless initial=nan is given.",
      verdict="RE")  # fmt: skip
def needs_a_sweep(stack):
    return np.fmin.reduce(stack, axis=0), np.fmax.reduce(stack, axis=0)


@trap("The lowest comes first.")
def swapped(stack):
    return np.fmax.reduce(stack, axis=0, initial=np.nan), np.fmin.reduce(stack, axis=0, initial=np.nan)


@trap("An initial of 0 takes part: the envelope would always hold 0. NaN is what fmin and fmax pass over.")
def starts_from_nought(stack):
    return np.fmin.reduce(stack, axis=0, initial=0), np.fmax.reduce(stack, axis=0, initial=0)


@trap("np.full(n, np.nan) is float64, and so becomes the result: say dtype=stack.dtype.", verdict="WT")
def widened(stack):
    lo = np.full(stack.shape[1:], np.nan)
    hi = lo.copy()
    for sweep in stack:
        lo, hi = np.fmin(lo, sweep), np.fmax(hi, sweep)
    return lo, hi


# -------------------------------------------------------------------------------------------------------------- drills


def chosen(rng, forms, hardness):
    """One of `forms`, which go from easy to hard."""
    width = max(3, len(forms) // 2)
    first = round((len(forms) - width) * hardness)
    return forms[first + int(rng.integers(width))]


@drill("What is the value?")
def one_pair(rng, hardness):
    k, m = (int(k) for k in rng.integers(1, 30, 2))
    code, why = chosen(rng, [
        (f"np.maximum({k}, np.nan)", "maximum passes NaN on."),
        (f"np.fmax({k}, np.nan)", "fmax prefers a number to NaN."),
        (f"np.minimum(np.nan, {k})", "minimum passes NaN on, from either side."),
        (f"np.fmin(np.nan, {k})", "fmin prefers a number to NaN, on either side."),
        (f"np.fmin([{k}.0, np.nan], [np.nan, {m}.0]).tolist()", "At each place the one that is a number."),
        ("np.fmax(np.nan, np.nan)", "If both are NaN, the result is NaN."),
        ("np.fmax(-np.inf, np.nan)", "-inf is no NaN, so it is preferred to NaN."),
        ("np.minimum(-np.inf, np.nan)", "minimum passes NaN on: nothing is below it, not even -inf."),
        (f"max({k}.0, np.nan)", f"Python keeps the first unless the next is greater, and NaN > {k}.0 is False."),
        (f"max(np.nan, {k}.0)", f"Python keeps the first unless the next is greater, and {k}.0 > NaN is False."),
        (f"np.clip(np.nan, 0, {k})", "clip takes maximum and minimum, so NaN stays NaN."),
        (f"np.fmin(np.fmax(np.nan, 0), {k}).item()", "fmax has replaced NaN by 0 before fmin comes."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def whole_arrays(rng, hardness):
    a, b = (int(k) for k in rng.choice(np.arange(1, 20), 2, replace=False))
    values = [f"{a}.0", f"{b}.0", "np.nan"]
    rng.shuffle(values)
    place = values.index("np.nan")
    low, high = min(a, b), max(a, b)
    code, why = chosen(rng, [
        ("x.max()", "max passes NaN on."),
        ("np.nanmax(x)", "nanmax leaves NaN out."),
        ("np.fmin.reduce(x)", f"fmin prefers numbers: {low} is the lowest of them."),
        ("np.minimum.reduce(x)", "minimum.reduce is min: NaN passes on."),
        ("x.argmax()", f"NaN counts as the largest, so its index is found: {place}."),
        ("np.nanargmin(x)", f"The index of {low} in x itself, NaN included in the count."),
        ("np.sort(x)[-1]", "NaN sorts to the end."),
        ("np.fmax.accumulate(x).tolist()", "The largest number so far; NaN stands only until the first number comes."),
        ("np.maximum.accumulate(x).tolist()", "From the NaN on, all are NaN."),
        ("np.fmax.reduce(x[np.isnan(x)])", "Nothing but NaN: NaN."),
        ("np.fmax.reduce(x[:0])", "fmax has no identity: nothing cannot be folded."),
        ("np.fmax.reduce(x[:0], initial=np.nan)", "initial is the only value."),
        ("np.nanargmax(x[np.isnan(x)])", "An all-NaN array has no index to return: ValueError, while nanmax only "
                                         "warns."),
        ("np.nanmax(x[np.isnan(x)])", "NaN, with a RuntimeWarning."),
        (f"np.ptp(x) == {high - low}", "ptp is max - min, so it is NaN, which equals nothing."),
    ], hardness)  # fmt: skip
    return predict(f"x = np.array([{', '.join(values)}])\n{code}", why=why)


@drill("What is the value?")
def along_an_axis(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(1, 20, 3))
    code, why = chosen(rng, [
        ("np.fmax.reduce(x).tolist()", "Axis 0 is folded: down the columns, past the NaN."),
        ("x.max(axis=0).tolist()", "Down the columns; the one with NaN gives NaN."),
        ("np.fmin.reduce(x, axis=1).tolist()", "Along the rows, past the NaN."),
        ("x.min(axis=1).tolist()", "Along the rows; the one with NaN gives NaN."),
        ("np.nanmin(x)", "The lowest of the three numbers."),
        ("np.fmax.reduce(x, axis=None)", "axis=None folds all; the NaN is passed over."),
        ("np.fmax(x[0], x[1]).tolist()", "Element by element; a number is preferred to NaN."),
        ("np.fmin(x, 0).tolist()", "0 is below every number, and preferred to NaN."),
        ("np.fmax.reduce(x, axis=0, where=x < 0, initial=-1.0).tolist()", "where lets nothing in: initial is left."),
        ("np.isnan(x).all(axis=0).tolist()", "No column is lost altogether."),
    ], hardness)  # fmt: skip
    return predict(f"x = np.array([[{a}.0, np.nan], [{b}.0, {c}.0]])\n{code}", why=why)


@drill("What is the dtype, or which error is raised?")
def dtypes(rng, hardness):
    one, other = (str(name) for name in rng.choice(["int8", "uint8", "int16", "float32", "float64"], 2))
    wide = np.result_type(one, other)
    x, y = f"np.ones(2, dtype={one!r})", f"np.ones(2, dtype={other!r})"
    small = str(rng.choice(["int8", "int16", "int32"]))
    code, why = chosen(rng, [
        (f"np.maximum({x}, {y}).dtype", f"{wide} holds every {one} and every {other}."),
        (f"np.fmax({x}, {y}).dtype", f"fmax promotes as maximum does, to {wide}."),
        (f"np.fmin({x}, 0).dtype", "A Python int takes the array's dtype."),
        (f"np.fmax.reduce({x}).dtype", "A largest element needs nothing wider."),
        (f"np.fmin(np.ones(2, dtype={small!r}), np.nan).dtype", "NaN is a Python float here, and integers with one "
         "become float64."),
        ("np.fmin(np.ones(2, dtype='float32'), np.nan).dtype", "A Python float takes a float array's dtype."),
        ("np.fmin(np.ones(2, dtype='float32'), np.float64(np.nan)).dtype", "np.float64 counts like any float64."),
        (f"np.fmax.reduce(np.ones(2, dtype={small!r}), initial=np.nan).dtype", f"initial is converted to {small}, "
         "which has no NaN."),
        ("np.maximum(np.ones(2, dtype=bool), np.zeros(2, dtype=bool)).dtype", "For bool, maximum is or."),
        ("np.fmax(np.ones(2), 1j).dtype", "Complex numbers are compared by real part, then imaginary part."),
    ], hardness)  # fmt: skip
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
    print("2000 sweeps of 500 points, 5 % lost")
    for name, way in ways.items():
        times = []
        for _ in range(5):
            start = time.perf_counter()
            result = way()
            times.append(1e3 * (time.perf_counter() - start))
        print(f"{name:20} {min(times):7.2f} ms, NaN at {np.isnan(result).sum():3} points")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        np.fmax.reduce([np.nan, np.nan])
        print(f"nothing but NaN: fmax.reduce gives {len(caught)} warnings,", end=" ")
        np.nanmax([np.nan, np.nan])
        print(f"nanmax {len(caught)}: {caught[-1].message}")


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
        Level("no warnings", "No warning may escape, not even of points without a value.", no_warnings()),
        Level(
            "any sweep",
            "Now sweeps may be images or volumes: only axis 0 counts the sweeps.",
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
            "No loop in Python: neither over sweeps nor over points.",
            no_python_loop(lambda rng, n: sweeps(rng, n, 30)),
            no_python_loop(lambda rng, n: sweeps(rng, 30, n)),
        ),
        Level(
            "memory",
            "16 MB of sweeps, and no array in addition to the results.",
            peak_memory(lambda rng: sweeps(rng, 2000, 1000), outputs=2),
        ),
        Level(
            "fast",
            "A third of the time that it takes point by point.",
            faster_than(
                point_by_point,
                3,
                sweeps,
                needs=needs(bytes=lambda stack: stack.nbytes, operations=lambda stack: 2 * stack.size),
            ),
        ),
    ],
    hints=[
        "NumPy has two pairs of functions for the larger and smaller of two: how do they differ about NaN?",
        "A ufunc of two inputs folds a whole axis with its method reduce. Which axis holds the sweeps?",
        "Without a sweep, nothing can be folded, unless you give an initial value. Which value can never win "
        "against a number, and is the right answer if nothing else comes?",
    ],
    spoken=(
        "np.maximum and np.minimum propagate NaN; np.fmax and np.fmin prefer the number and return NaN only if both "
        "arguments are NaN. So the envelope of sweeps with lost samples is np.fmin.reduce and np.fmax.reduce along "
        "the first axis. np.nanmin and np.nanmax give the same values but warn about slices that are all NaN. Without "
        "any sweep, reduce raises ValueError unless I pass initial=np.nan, which never wins against a number."
    ),
    explanation="""\
Two pairs of ufuncs, and they differ about NaN only: `maximum` and `minimum` pass it on, `fmax` and `fmin` prefer a
number.

>>> np.maximum([1.0, np.nan], [np.nan, np.nan]), np.fmax([1.0, np.nan], [np.nan, np.nan])
(array([nan, nan]), array([ 1., nan]))

Passing on is the safe default: an error shows. Use fmax where NaN means "no sample".

As ufuncs they fold an axis with `reduce`, the first unless told otherwise. `np.max` is `maximum.reduce`, so its
NaN cousin is `fmax.reduce`. Neither has an identity, so empty input raises ValueError; but NaN is one for
fmax, as every number wins against it:

>>> np.fmax.reduce(np.zeros((0, 2)), axis=0, initial=np.nan)
array([nan, nan])

`np.nanmax` uses the same reduction for plain arrays, then looks for NaN in the result and warns of an "All-NaN
slice". It raises for empty input, and `nanargmax` raises for all-NaN slices.

Filling in -inf copies the array, and leaves -inf where all is lost. A filled-in 0 is a value that may win.

Python's own `max` depends on the order, because every comparison with NaN is False:

>>> max(1.0, float("nan")), max(float("nan"), 1.0)
(1.0, nan)

`np.clip` passes NaN on, as it is maximum and minimum. `argmax` finds the first NaN, and sorting puts NaN last.
""",
    points=[
        "maximum and minimum pass NaN on; fmax and fmin prefer a number, and give NaN only if both are NaN.",
        "fmax.reduce folds an axis past the NaNs, without a copy.",
        "initial=nan makes the empty case NaN instead of a ValueError.",
        "nanmax does the same and warns of all-NaN slices; nanargmax raises.",
        "Filling in infinities copies, and all-NaN points must be set back.",
        "Python's max and `new > old` depend on where the NaN stands.",
    ],
    follow_ups={
        "And for datetime64?": "fmax prefers a date to NaT, and maximum passes NaT on.",
        "How do you get the running envelope?": "np.fmax.accumulate(stack, axis=0).",
        "How do you know how many samples each point has?": "np.count_nonzero(~np.isnan(stack), axis=0).",
        "Does ndarray have ptp?": "No longer: NumPy 2 removed the method, np.ptp(x) stays; and it passes NaN on.",
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
