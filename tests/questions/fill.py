"""Fill a given array."""

import numpy as np

from ndojo.question import Entry, Level, Question, arrays, integers, trap


def fill(x, *, out, start=1):
    """Write the running total of `x`, from `start` on, into `out`.

    Parameters
    ----------
    x : ndarray, shape (n,), int64
    out : ndarray, shape (n,), int64
        Written.
    start : int, optional

    Examples
    --------
    >>> out = np.zeros(3, dtype=np.int64)
    >>> fill(np.array([1, 2, 3]), out=out)
    >>> out
    array([2, 4, 7])
    """
    np.cumsum(x, out=out)
    out += start


@trap("An assignment to the name leaves the array as it was.")
def rebinds(x, *, out, start=1):
    out = np.cumsum(x) + start
    del out


QUESTION = Question(
    difficulty="easy",
    topics=["In place"],
    companies=[],
    asked=["T1"],
    entry_points=[
        Entry(
            fill,
            {
                "x": arrays("n", dtype="int64"),
                "out": arrays("n", dtype="int64", layouts=("C", "step", "reversed")),
                "start": integers(0, 5),
            },
            in_place=("out",),
        )
    ],
    levels=[Level("right")],
    explanation="out=.",
    points=["Names are not arrays."],
    hints=["out="],
)
