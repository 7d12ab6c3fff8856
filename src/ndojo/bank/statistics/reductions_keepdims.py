"""Softmax along any axis."""

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
    """Turn scores into weights: ``exp(x)``, divided by the sum of ``exp(x)`` along one axis.

    `X` holds scores, such as those of the classes of an image or of the words that an attention head may look
    at. A score of -inf marks what must get no weight.

    Parameters
    ----------
    X : ndarray, any shape of one to four axes, float64 or float32
        Each score is finite and below 1e14 in absolute value, or -inf, or NaN; never +inf. May be empty,
        strided, reversed or read-only.
    axis : int
        The axis along which the weights add up to 1; negative ones count from the last.

    Returns
    -------
    ndarray, shape and dtype of `X`
        A new array. A *line* of `X` is what one step through the other axes leaves: a row for the last axis
        of a matrix. Large scores must not overflow: scores of 1000 and 1000 weigh 0.5 each. A line that holds
        nothing but -inf weighs 0 everywhere; a line that holds a NaN becomes all NaN; other lines do not
        notice. Where X has no elements, neither has the result.

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
    """Moves the axis to the end, where one new axis brings the reduced ones back."""
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
    """As it is written on the board: a new array for each step."""
    top = np.max(X, axis=axis, keepdims=True, initial=-np.inf)
    E = np.exp(X - np.where(np.isneginf(top), 0, top))
    total = E.sum(axis=axis, keepdims=True)
    return E / np.where(total == 0, 1, total)


@works(fails="no warnings")
def masks_afterwards(X, axis):
    """Lets -inf - (-inf) happen and puts zeros there."""
    dead = np.isneginf(X).all(axis=axis, keepdims=True)
    E = np.exp(X - X.max(axis=axis, keepdims=True, initial=-np.inf))
    return np.where(dead, 0, E / E.sum(axis=axis, keepdims=True)).astype(X.dtype)


@works(fails="vectorized")
def line_by_line(X, axis):
    """Each line on its own."""
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


@trap("exp overflows beyond 709 in float64 and 88 in float32, and inf / inf is NaN: subtract the largest score first.")
def overflows(X, axis):
    with np.errstate(all="ignore"):
        E = np.exp(X)
        total = E.sum(axis=axis, keepdims=True)
        dead = np.isneginf(X).all(axis=axis, keepdims=True)
        return E / np.where(dead, 1, total)


@trap("A line of -inf alone has -inf as its maximum, and -inf - (-inf) is NaN: subtract something finite there, and "
      "do not divide by the sum 0.")  # fmt: skip
def nan_where_all_is_masked(X, axis):
    with np.errstate(all="ignore"):
        E = np.exp(X - X.max(axis=axis, keepdims=True, initial=-np.inf))
        return E / E.sum(axis=axis, keepdims=True)


@trap(
    "Without keepdims=True the reduced axis is gone, and what is left lines up with the last axes of X: an error, "
    "or the wrong lines.",
    verdict="RE",
)
def drops_the_axis(X, axis):
    top = X.max(axis=axis, initial=np.finfo(X.dtype).min)
    E = np.exp(X - top)
    total = E.sum(axis=axis)
    return E / np.where(total == 0, 1, total)


@trap("One maximum for all of X leaves lines with much smaller scores at exp(-1000) = 0: each line needs its own.")
def one_maximum(X, axis):
    with np.errstate(all="ignore"):
        E = np.exp(X - X.max(initial=np.finfo(X.dtype).min))
        total = E.sum(axis=axis, keepdims=True)
        dead = np.isneginf(X).all(axis=axis, keepdims=True)
        return E / np.where(dead, 1, total)


@trap("A sum without axis adds up all of X, so only all weights together make 1: sum along the axis.")
def sums_everything(X, axis):
    E = np.exp(X - X.max(axis=axis, keepdims=True, initial=np.finfo(X.dtype).min))
    total = E.sum()
    return E / (total if total != 0 else 1)


@trap("The axis is the caller's choice; this is always the last one.")
def always_the_last(X, axis):
    X.sum(axis=axis)
    E = np.exp(X - X.max(axis=-1, keepdims=True, initial=np.finfo(X.dtype).min))
    total = E.sum(axis=-1, keepdims=True)
    return E / np.where(total == 0, 1, total)


@trap("The maximum of no elements raises ValueError unless it gets an initial value; X may be empty.", verdict="RE")
def no_initial(X, axis):
    top = np.maximum(X.max(axis=axis, keepdims=True), np.finfo(X.dtype).min)
    E = np.exp(X - top)
    total = E.sum(axis=axis, keepdims=True)
    return E / np.where(total == 0, 1, total)


@trap("A small number added to the sum is not needed, as the largest score alone gives exp(0) = 1, and it makes every "
      "weight too small.")  # fmt: skip
def adds_epsilon(X, axis):
    E = np.exp(X - X.max(axis=axis, keepdims=True, initial=np.finfo(X.dtype).min))
    return E / (E.sum(axis=axis, keepdims=True) + X.dtype.type(1e-6))


@trap("In-place operations on X write into the caller's scores: subtract into a new array.", verdict="IM")
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
        Level("no warnings", "No warning may escape, whatever the scores are.", no_warnings()),
        Level(
            "vectorized",
            "No loop in Python over the lines.",
            no_python_loop(lambda rng, n: {"X": rng.standard_normal((n, 8)), "axis": 1}),
        ),
        Level(
            "memory",
            "One array of the size of X must do: the result. Beside it, only arrays of the reduced size.",
            peak_memory(scores, outputs=1.25),
        ),
    ],
    hints=[
        "Softmax does not change when the same number is subtracted from all scores of a line. Which number makes "
        "every exp harmless?",
        "Which shape must the maxima have to be subtracted along any axis? A reduction can leave it that way.",
        "What are the maximum and the sum of a line of -inf alone, and of a line without elements? See `initial` of "
        "max and `where` of divide.",
        "Most ufuncs take out=. Which of your arrays is no longer needed when the next one is made?",
    ],
    explanation="""\
A reduction removes its axis, and `keepdims=True` leaves it in place with length 1. The result then broadcasts
against the array it came from, for every axis:

>>> X = np.array([[0.0, 0.0], [1000.0, 1001.0]])
>>> X.max(axis=1).shape, X.max(axis=1, keepdims=True).shape
((2,), (2, 1))

Without it, the shape (rows,) lines up with the columns: an error, or, for a square `X`, a wrong result.

`exp` overflows beyond 709. Subtracting a line's maximum cancels out in the quotient, puts all scores at 0 or
below, and makes one term of the sum exactly 1, so no epsilon is needed.

>>> E = np.exp(X - X.max(axis=1, keepdims=True))
>>> (E / E.sum(axis=1, keepdims=True)).round(3)
array([[0.5  , 0.5  ],
       [0.269, 0.731]])

A line of -inf alone is the corner: its maximum is -inf, and -inf - (-inf) is NaN. Give `max` the lowest
finite number as `initial`; that also serves lines without elements, for which `max` would raise. The sum is
then 0, and `np.divide(Y, total, out=Y, where=total != 0)` leaves those lines at 0. Without `out`, what
`where` skips is uninitialised.

For memory: `X - top` makes the one array that is needed, and `exp` and `divide` work inside it with `out=Y`.
The textbook line `E / E.sum(...)` makes a second one.

An axis that does not exist raises `np.exceptions.AxisError`, which is both a ValueError and an IndexError;
the name `np.AxisError` is gone from NumPy 2.
""",
    points=[
        "keepdims=True leaves the reduced axis with length 1, so that the result broadcasts back along any axis.",
        "Without it, a square array gives a wrong result and no error.",
        "Subtract each line's own maximum before exp: the weights are the same and nothing overflows.",
        "Lines of -inf alone, and lines without elements, need care: initial= for max, where= for the division.",
        "out= lets exp and divide work in one array; the reduced arrays are small.",
        "where= needs out=: elements left out are otherwise uninitialised.",
    ],
    follow_ups={
        "How do you get log-softmax?": "X - top - log(sum(exp(X - top))): never the logarithm of the softmax, "
        "which may be 0.",
        "And along several axes at once?": "max and sum take a tuple of axes, and keepdims keeps them all.",
        "Why may float32 sums be less exact along axis 0?": "NumPy sums pairwise only along the axis that is fast "
        "in memory; along others it adds one after another. dtype=np.float64 in sum helps.",
    },
    related=["vector-norms", "fix-broadcast-error", "nan-safe-statistics", "zero-allocation", "broadcast-shapes"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.sum.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.max.html",
        "https://numpy.org/doc/stable/reference/ufuncs.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.exceptions.AxisError.html",
    ],
)
