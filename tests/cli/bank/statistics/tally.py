"""Tally the votes."""

import numpy as np

from ndojo.question import Entry, Level, Question, arrays, raises, trap


def tally(votes):
    """Count the votes for each candidate, from 0 to 3.

    Parameters
    ----------
    votes : ndarray, shape (n,), int64
        The candidate that each voter named, 0 to 3. May be empty.

    Returns
    -------
    ndarray, shape (4,), int64

    Raises
    ------
    ValueError
        If a vote is out of range.

    Examples
    --------
    >>> tally(np.array([0, 3, 3]))
    array([1, 0, 0, 2])
    """
    if ((votes < 0) | (votes > 3)).any():
        raise ValueError("a vote is out of range")
    return np.bincount(votes, minlength=4)


@trap("np.bincount stops at the largest vote that it meets; minlength says their number.", verdict="WT")
def too_short(votes):
    if ((votes < 0) | (votes > 3)).any():
        raise ValueError("a vote is out of range")
    return np.bincount(votes)


QUESTION = Question(
    kinds=["code"],
    difficulty="easy",
    topics=["Counting"],
    companies=[],
    asked=["T2"],
    entry_points=[
        Entry(
            tally,
            {"votes": arrays("n", dtype="int64", low=0, high=3)},
            cases=[raises(ValueError, votes=np.array([4])), raises(ValueError, votes=np.array([-1]))],
        )
    ],
    levels=[Level("right")],
    spoken=(
        "I count the votes with np.bincount, which takes non-negative integers and counts how often each "
        "occurs. It stops at the largest vote, so I pass minlength to get one count per candidate. Before "
        "that I check that every vote is between 0 and 3, and raise ValueError if one is not. The cost is "
        "linear in the number of votes."
    ),
    explanation="np.bincount counts.",
    points=["np.bincount counts small integers in one pass."],
    links=["https://numpy.org/doc/stable/reference/generated/numpy.bincount.html"],
)
