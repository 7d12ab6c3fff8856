"""The first half."""

from ndojo.question import Entry, Level, Question, arrays, trap, view_of


def head(x):
    """Return the first half of `x` as a view.

    Parameters
    ----------
    x : ndarray, shape (n,), float64

    Returns
    -------
    ndarray, shape (n // 2,), a view of `x`

    Examples
    --------
    >>> head(np.arange(4.0))
    array([0., 1.])
    """
    return x[: x.size // 2]


@trap("Half of n is n // 2, not n // 2 + 1.", verdict="WT")
def one_more(x):
    return x[: x.size // 2 + 1]


QUESTION = Question(
    difficulty="easy",
    topics=["Views"],
    companies=[],
    asked=["T1"],
    entry_points=[Entry(head, {"x": arrays("n")})],
    levels=[Level("right"), Level("no copy", "Without copying.", view_of("x"))],
    explanation="A slice.",
    points=["Slices are views."],
    hints=["Slice."],
)
