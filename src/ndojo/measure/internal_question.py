"""Questions that ndojo uses internally to measure the machine and the judge."""

from __future__ import annotations

from collections.abc import Sequence

from ndojo.question.entries import Entry
from ndojo.question.records import Question
from ndojo.question.requirements import Level


def internal_question(
    slug: str,
    path: str,
    entry_points: Sequence[Entry],
    levels: Sequence[Level] = (Level("right"),),
    seconds: float = Question.seconds,
) -> Question:
    """Return a question without prose. Learners never see it.

    Parameters
    ----------
    slug : str
    path : str
        The file that defines its functions.
    entry_points : sequence of Entry
    levels : sequence of Level
    seconds : float
        Time limit for a batch of cases.
    """
    return Question(
        levels=levels,
        difficulty="easy",
        topics=[],
        companies=[],
        asked=[],
        explanation="",
        points=[],
        entry_points=entry_points,
        slug=slug,
        path=path,
        seconds=seconds,
    )
