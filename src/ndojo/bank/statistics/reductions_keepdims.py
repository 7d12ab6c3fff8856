"""Softmax along any axis with keepdims."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    axis_of,
    case,
    no_python_loop,
    no_warnings,
    peak_memory,
    raises,
    trap,
    works,
)


def softmax(X, axis):
    """Return the softmax of `X` along one axis: ``exp(x)`` divided by the sum of ``exp(x)`` along the axis.

    Softmax turns scores into weights, for example for the classes of an image or in an attention head. A score of -inf
    marks an element that must get no weight.

    Parameters
    ----------
    X : ndarray, any shape with one to four axes, float64 or float32
        Each score is finite with an absolute value below 1e14, or -inf, or NaN, but never +inf. May be empty, strided,
        reversed or read-only.
    axis : int
        The axis along which the weights add up to 1. Negative axes count from the last.

    Returns
    -------
    ndarray, same shape and dtype as `X`
        A new array. A *line* of `X` runs along `axis` with all other indices fixed: for the last axis of a matrix, it
        is a row. Large scores must not overflow: the scores 1000 and 1000 get the weights 0.5 and 0.5. If all scores of
        a line are -inf, its weights are 0. If a line contains NaN, the whole line becomes NaN; other lines are
        unaffected. If `X` is empty, so is the result.

    Raises
    ------
    numpy.exceptions.AxisError
        If `X` has no such axis.

    Examples
    --------
    >>> softmax(np.array([[0.0, 0.0, -np.inf], [1000.0, 1000.0, 0.0]]), axis=1)
    array([[0.5, 0.5, 0. ],
           [0.5, 0.5, 0. ]])
    >>> softmax(np.array([[-np.inf, 3.0]]), axis=0)
    array([[0., 1.]])
    """
    top = X.max(axis=axis, keepdims=True, initial=np.finfo(X.dtype).min)
    Y = X - top
    np.exp(Y, out=Y)
    total = Y.sum(axis=axis, keepdims=True)
    np.divide(Y, total, out=Y, where=total != 0)
    return Y


@works()
def along_the_last(X, axis):
    """Moves the axis to the end, where one new axis makes the reduced results broadcast."""
    Y = X.copy()
    V = np.moveaxis(Y, axis, -1)
    top = V.max(axis=-1, initial=-np.inf)
    V -= np.where(np.isneginf(top), 0, top)[..., np.newaxis]
    np.exp(V, out=V)
    total = V.sum(axis=-1)
    V /= np.where(total == 0, 1, total)[..., np.newaxis]
    return Y


@works(fails="memory")
def one_line_each(X, axis):
    """The textbook form: a new array for each step."""
    top = np.max(X, axis=axis, keepdims=True, initial=-np.inf)
    E = np.exp(X - np.where(np.isneginf(top), 0, top))
    total = E.sum(axis=axis, keepdims=True)
    return E / np.where(total == 0, 1, total)


@works(fails="no warnings")
def masks_afterwards(X, axis):
    """Allows -inf - (-inf) and replaces the result by zeros."""
    dead = np.isneginf(X).all(axis=axis, keepdims=True)
    E = np.exp(X - X.max(axis=axis, keepdims=True, initial=-np.inf))
    return np.where(dead, 0, E / E.sum(axis=axis, keepdims=True)).astype(X.dtype)


@works(fails="vectorized")
def line_by_line(X, axis):
    """One line at a time."""
    Y = np.array(X)
    V = np.moveaxis(Y, axis, -1)
    for place in np.ndindex(V.shape[:-1]):
        line = V[place]
        if line.size == 0 or np.isneginf(line).all():
            line[:] = 0
            continue
        line[:] = np.exp(line - line.max())
        line /= line.sum()
    return Y


@trap(
    "exp overflows above 709 in float64 and above 88 in float32, and inf / inf is NaN. Subtract the "
    "largest score first."
)
def overflows(X, axis):
    with np.errstate(all="ignore"):
        E = np.exp(X)
        total = E.sum(axis=axis, keepdims=True)
        dead = np.isneginf(X).all(axis=axis, keepdims=True)
        return E / np.where(dead, 1, total)


@trap("If all scores of a line are -inf, so is its maximum, and -inf - (-inf) is NaN. Subtract a finite "
      "number there, and do not divide by the sum 0.")  # fmt: skip
def nan_where_all_is_masked(X, axis):
    with np.errstate(all="ignore"):
        E = np.exp(X - X.max(axis=axis, keepdims=True, initial=-np.inf))
        return E / E.sum(axis=axis, keepdims=True)


@trap(
    "Without keepdims=True the reduced axis is removed, and the result is aligned with the last axes of "
    "X: an error, or the wrong lines.",
    verdict="RE",
)
def drops_the_axis(X, axis):
    top = X.max(axis=axis, initial=np.finfo(X.dtype).min)
    E = np.exp(X - top)
    total = E.sum(axis=axis)
    return E / np.where(total == 0, 1, total)


@trap(
    "With one maximum for all of X, lines with much smaller scores become exp(-1000) = 0. Each line "
    "needs its own maximum."
)
def one_maximum(X, axis):
    with np.errstate(all="ignore"):
        E = np.exp(X - X.max(initial=np.finfo(X.dtype).min))
        total = E.sum(axis=axis, keepdims=True)
        dead = np.isneginf(X).all(axis=axis, keepdims=True)
        return E / np.where(dead, 1, total)


@trap("A sum without axis adds all of X, so only all weights together add up to 1. Sum along the axis.")
def sums_everything(X, axis):
    E = np.exp(X - X.max(axis=axis, keepdims=True, initial=np.finfo(X.dtype).min))
    total = E.sum()
    return E / (total if total != 0 else 1)


@trap("The caller chooses the axis, but this always uses the last one.")
def always_the_last(X, axis):
    X.sum(axis=axis)
    E = np.exp(X - X.max(axis=-1, keepdims=True, initial=np.finfo(X.dtype).min))
    total = E.sum(axis=-1, keepdims=True)
    return E / np.where(total == 0, 1, total)


@trap("The maximum of no elements raises ValueError unless it gets `initial`, and X may be empty.", verdict="RE")
def no_initial(X, axis):
    top = np.maximum(X.max(axis=axis, keepdims=True), np.finfo(X.dtype).min)
    E = np.exp(X - top)
    total = E.sum(axis=axis, keepdims=True)
    return E / np.where(total == 0, 1, total)


@trap("Adding a small number to the sum is unnecessary, because the largest score gives exp(0) = 1. It "
      "makes every weight too small.")  # fmt: skip
def adds_epsilon(X, axis):
    E = np.exp(X - X.max(axis=axis, keepdims=True, initial=np.finfo(X.dtype).min))
    return E / (E.sum(axis=axis, keepdims=True) + X.dtype.type(1e-6))


@trap("In-place operations on X change the caller's array. Subtract into a new array.", verdict="IM")
def writes_into_scores(X, axis):
    X -= X.max(axis=axis, keepdims=True, initial=np.finfo(X.dtype).min)
    np.exp(X, out=X)
    total = X.sum(axis=axis, keepdims=True)
    X /= np.where(total == 0, 1, total)
    return X


def scores(rng, n=1000):
    return {"X": rng.standard_normal((n, 1000)), "axis": 1}


QUESTION = Question(
    kinds=["code"],
    difficulty="hard",
    topics=["Optimization"],
    companies=["Google", "Amazon"],
    asked=["T117"],
    entry_points=[
        Entry(
            softmax,
            {
                "X": arrays(
                    ...,
                    "n",
                    dtype=("float64", "float32"),
                    low=-1000,
                    high=1000,
                    holds=("huge", "negative zero", "nan", "all nan", "-inf", "all -inf"),
                ),
                "axis": axis_of("X", outside=True),
            },
            dims={"n": (0, 12)},
            cases=[
                case(X=np.array([0.0, 1.0, 3.0]), axis=0),
                case(X=np.array([1000.0, 1000.0]), axis=-1),
                case(X=np.array([-1000.0, -1000.0]), axis=0),
                case(X=np.array([[0.0, 0.0], [1000.0, 1001.0]]), axis=1),
                case(X=np.array([[0.0, 1.0], [2.0, 4.0]]), axis=0),
                case(X=np.array([[-np.inf, -np.inf], [0.0, -np.inf]]), axis=-1),
                case(X=np.array([[-np.inf, np.nan, 0.0], [1.0, 2.0, 3.0]], dtype=np.float32), axis=1),
                case(X=np.zeros((2, 0)), axis=1),
                case(X=np.zeros((0, 2)), axis=-1),
                raises(np.exceptions.AxisError, X=np.zeros((2, 3)), axis=2),
                raises(np.exceptions.AxisError, X=np.zeros((2, 3)), axis=-3),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("no warnings", "Shows no warning, regardless of the scores.", no_warnings()),
        Level(
            "vectorized",
            "Uses no Python loop over the lines.",
            no_python_loop(lambda rng, n: {"X": rng.standard_normal((n, 8)), "axis": 1}),
        ),
        Level(
            "memory",
            "Allocates one array of the size of X, the result. All other arrays have the reduced size.",
            peak_memory(scores, outputs=1.25),
        ),
    ],
    hints=[
        "Softmax does not change if the same number is subtracted from all scores of a line. Which "
        "number keeps every exp from overflowing?",
        "Which shape must the maxima have, so that they can be subtracted along any axis? A reduction "
        "has an argument for this.",
        "What are the maximum and the sum of a line of -inf, and of a line without elements? See "
        "`initial` of max and `where` of divide.",
        "Most ufuncs accept out=. Which of your arrays is no longer needed when the next one is created?",
    ],
    spoken="""\
I subtract each line's maximum before exp, which does not change the weights but prevents overflow, then divide by the
sum. Both reductions use `keepdims=True`, so they broadcast back along any axis; without it, a square array gives a
wrong result silently. Two special cases need care: a line of only -inf, and an empty line. I give max an `initial`
value and divide with `where`, so such lines become zero. To save memory, exp and divide write into the same array
with `out`.
""",
    explanation="""\
A reduction removes its axis. `keepdims=True` keeps it in place with length 1, so the result broadcasts against the
original array for every axis:

>>> X = np.array([[0.0, 0.0], [1000.0, 1001.0]])
>>> X.max(axis=1).shape, X.max(axis=1, keepdims=True).shape
((2,), (2, 1))

Without it, shape (rows,) is aligned with the columns: an error or, for a square `X`, a wrong result.

*Overflow.* `exp` overflows above 709. Subtracting the maximum of a line cancels in the quotient, makes all scores zero
or negative, and makes one term of the sum exactly 1, so no epsilon is needed.

>>> E = np.exp(X - X.max(axis=1, keepdims=True))
>>> (E / E.sum(axis=1, keepdims=True)).round(3)
array([[0.5  , 0.5  ],
       [0.269, 0.731]])

*A line of -inf* is the special case: its maximum is -inf, and -inf - (-inf) is NaN. Pass the lowest finite number to
`max` as `initial`. This also handles lines without elements, for which `max` would raise. The sum is then 0, and
`np.divide(Y, total, out=Y, where=total != 0)` leaves those lines at 0. Without `out`, the elements that `where` skips
are uninitialized.

*Memory.* `X - top` creates the one array that is needed, and `exp` and `divide` work inside it with `out=Y`. The
textbook form `E / E.sum(...)` creates a second one.

An axis that does not exist raises `np.exceptions.AxisError`, which is both a ValueError and an IndexError. NumPy 2
removed the name `np.AxisError`.
""",
    points=[
        "keepdims=True keeps the reduced axis with length 1, so that the result broadcasts back along any axis.",
        "Without it, a square array gives a wrong result and no error.",
        "Subtract each line's own maximum before exp: the weights stay the same and nothing overflows.",
        "Lines of -inf, and lines without elements, need care: initial= for max, where= for the division.",
        "out= lets exp and divide work in one array; the reduced arrays are small.",
        "where= needs out=, because skipped elements are otherwise uninitialized.",
    ],
    follow_ups={
        "How do you compute log-softmax?": "`X - top - log(sum(exp(X - top)))`. Never take the logarithm of "
        "the softmax, which may be 0.",
        "How do you compute it along several axes together?": "max and sum accept a tuple of axes, and keepdims "
        "keeps all of them.",
        "Why may float32 sums be less accurate along axis 0?": "NumPy uses pairwise summation only along the axis "
        "that is contiguous in memory; along other axes it "
        "adds one element after another. dtype=np.float64 in "
        "sum helps.",
    },
    related=["vector-norms", "fix-broadcast-error", "nan-safe-statistics", "zero-allocation", "broadcast-shapes"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.sum.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.max.html",
        "https://numpy.org/doc/stable/reference/ufuncs.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.exceptions.AxisError.html",
    ],
)
