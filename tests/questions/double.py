"""Twice as much."""

import numpy as np

from ndojo.question import Entry, Level, Question, arrays, case, no_warnings, own_memory, raises, trap


def double(x, offset=0):
    """Return twice every element, plus `offset`.

    Parameters
    ----------
    x : ndarray, shape (..., n), float64 or int32
    offset : int, optional

    Returns
    -------
    ndarray, shape and dtype of `x`, with separate memory

    Raises
    ------
    ValueError
        If `offset` is negative.

    Examples
    --------
    >>> double(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    if offset < 0:
        raise ValueError("offset must not be negative")
    return x * x.dtype.type(2) + x.dtype.type(offset)


@trap("Writing to the argument changes what the caller holds.", verdict="IM")
def in_place(x, offset=0):
    if offset < 0:
        raise ValueError("offset must not be negative")
    x *= 2
    x += x.dtype.type(offset)
    return x.copy()


@trap("Twice is not squared: they agree on 0 and 2 alone.")
def squares(x, offset=0):
    if offset < 0:
        raise ValueError("offset must not be negative")
    return x * x + x.dtype.type(offset)


@trap("A Python float turns integers into floats.", verdict="WT")
def always_float(x, offset=0):
    if offset < 0:
        raise ValueError("offset must not be negative")
    return x * 2.0 + offset


@trap("Nothing is refused unless it is checked.")
def never_refuses(x, offset=0):
    return x * x.dtype.type(2) + x.dtype.type(offset)


@trap("An array may be empty: it has no first element.", verdict="RE")
def needs_a_first(x, offset=0):
    if offset < 0:
        raise ValueError("offset must not be negative")
    x.flat[0]
    return x * x.dtype.type(2) + x.dtype.type(offset)


def integer(low, high):
    from ndojo.question import integers

    return integers(low, high)


QUESTION = Question(
    difficulty="easy",
    topics=["Arithmetic"],
    companies=[],
    asked=["T1"],
    entry_points=[
        Entry(
            double,
            {
                "x": arrays(..., "n", dtype=("float64", "int32"), holds=("nan", "inf"), max_ndim=2),
                "offset": integer(0, 3),
            },
            cases=[
                raises(ValueError, x=np.ones(2), offset=-1),
                case(x=np.array([3.0, np.nan, -1.0])),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("apart", "The result shares no memory with `x`.", own_memory()),
        Level("quiet", "Without a warning.", no_warnings()),
    ],
    explanation="Two times x.",
    points=["Types of scalars decide the dtype."],
    hints=["Multiply."],
    links=["https://numpy.org/doc/stable/reference/generated/numpy.multiply.html"],
)
