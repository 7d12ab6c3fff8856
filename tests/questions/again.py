"""A counter that starts at a given number."""

import numpy as np

from ndojo.question import Entry, Level, Question, Scenario, arrays, integers, right_on, trap


def make_counter(start):
    """Return a function that returns `start`, `start` + 1, … for each element of an array.

    Parameters
    ----------
    start : int

    Returns
    -------
    callable
        From an ndarray of n elements to an ndarray of shape (n,), int64.

    Examples
    --------
    >>> make_counter(3)(np.zeros(2))
    array([3, 4])
    """
    return lambda x: np.arange(start, start + x.size)


def counted(make_counter, start, x):
    return make_counter(start)(x)


def counted_far(make_counter, start, x):
    return make_counter(start)(x)


@trap("Counting starts at `start`, not behind it.")
def one_late(start):
    return lambda x: np.arange(start + 1, start + 1 + x.size)


QUESTION = Question(
    difficulty="easy",
    topics=["Functions"],
    companies=[],
    asked=["T1"],
    entry_points=[Entry(make_counter, {"start": integers(0, 0)})],
    scenarios=[Scenario(counted, {"start": integers(0, 5), "x": arrays("n")})],
    levels=[
        Level("right"),
        Level(
            "far", "From anywhere.", right_on(Scenario(counted_far, {"start": integers(-1000, 1000), "x": arrays("n")}))
        ),
    ],
    explanation="A function that remembers.",
    points=["Closures remember."],
    hints=["Return a function."],
)
