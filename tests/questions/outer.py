"""The table of products, by hand."""

from ndojo.question import Entry, Level, Question, arrays, trap, without


def table(x, y):
    """Return every product of an element of `x` and an element of `y`.

    Parameters
    ----------
    x : ndarray, shape (n,), float64
    y : ndarray, shape (n,), float64

    Returns
    -------
    ndarray, shape (n, n), float64

    Examples
    --------
    >>> table(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    array([[3., 4.],
           [6., 8.]])
    """
    return x[:, None] * y


@trap("Rows follow the first argument.")
def turned(x, y):
    return y[:, None] * x


QUESTION = Question(
    difficulty="easy",
    topics=["Broadcasting"],
    companies=[],
    asked=["T1"],
    entry_points=[Entry(table, {"x": arrays("n"), "y": arrays("n")})],
    levels=[Level("right", "", without("np.outer", "np.multiply.outer"))],
    explanation="Broadcasting.",
    points=["None adds an axis."],
    hints=["None"],
)
