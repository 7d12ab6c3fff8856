"""Draw a face of a die."""

import numpy as np

from ndojo.question import Entry, Level, Question, arrays, distribution, generators, matches, only_generator, trap


def pick(x, rng):
    """Return one element of `x`, each with the same probability.

    Parameters
    ----------
    x : ndarray, shape (n,), int64, n >= 1
    rng : numpy.random.Generator

    Returns
    -------
    int64

    Examples
    --------
    >>> int(pick(np.array([7]), np.random.default_rng(0)))
    7
    """
    return x[rng.integers(x.size)]


def one_of_them(result, expected, x, rng):
    return None if result in x else f"{result} is not an element of x."


def many(pick, rng, n):
    return np.array([pick(np.arange(4), rng) for _ in range(n)])


@trap("The last element can be drawn too: integers(n - 1) leaves it out.")
def never_last(x, rng):
    return x[rng.integers(max(x.size - 1, 1))] + 1000


QUESTION = Question(
    difficulty="easy",
    topics=["Random"],
    companies=[],
    asked=["T1"],
    entry_points=[
        Entry(
            pick,
            {"x": arrays("n", dtype="int64"), "rng": generators()},
            dims={"n": (1, 20)},
            result=matches(check=one_of_them),
        )
    ],
    levels=[
        Level(
            "right",
            "",
            only_generator("rng"),
            distribution(
                "Every element is equally likely.", many, cells=lambda draws: draws, chances=(0.25,) * 4, n=4000
            ),
        )
    ],
    explanation="integers.",
    points=["Generators."],
    hints=["integers"],
)
