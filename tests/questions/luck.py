"""Count all readings."""

from ndojo.question import Entry, Level, Question, arrays, trap


def count(x, y):
    """Count the readings of two sensors.

    Parameters
    ----------
    x : ndarray, shape (n,), float64
    y : ndarray, shape (m,), float64

    Returns
    -------
    int

    Examples
    --------
    >>> count(np.zeros(2), np.zeros(3))
    5
    """
    return x.size + y.size


@trap("Two long recordings count as two.")
def at_most_one_is_long(x, y):
    return x.size + y.size - (x.size > 3 and y.size > 4)


@trap("Both count.")
def counts_one(x, y):
    return x.size


QUESTION = Question(
    difficulty="easy",
    topics=["Counting"],
    companies=[],
    asked=["T1"],
    entry_points=[Entry(count, {"x": arrays("n"), "y": arrays("m")})],
    levels=[Level("right")],
    explanation="`x.size` is the number of elements.",
    points=["size counts elements."],
    hints=["Which attribute holds the number of elements?"],
)
