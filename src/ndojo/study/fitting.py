"""What of the new questions fits before an interview, and how many minutes a day would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ndojo.study.evidence import Practice
from ndojo.study.schedule import (
    MOST_MINUTES,
    NOTHING,
    Card,
    Day,
    Goals,
    Spent,
    Subject,
    forecast,
    minutes_for,
    unmet_subjects,
)


@dataclass(frozen=True)
class Fit:
    """What of the new questions fits before the interview.

    Parameters
    ----------
    days : int
        Until the interview.
    fits, misses : tuple of str
        Questions that the plan meets before it, and those that it does not.
    waiting : int
        Reviews that would be due on the eve and find no room.
    enough_minutes : int
        The least minutes a day, in steps of five, that would meet them all; 0 where none would.
    """

    days: int
    fits: tuple[str, ...]
    misses: tuple[str, ...]
    waiting: int
    enough_minutes: int


def fit(
    day: date, cards: Mapping[Practice, Card], subjects: Sequence[Subject], goals: Goals, pace: float = 1.0,
    spent: Spent = NOTHING,
) -> Fit | None:  # fmt: skip
    """What fits before the interview; None where no date is set, or it has passed."""
    if goals.interview is None or goals.interview < day:
        return None
    days = (goals.interview - day).days
    unmet = [one.question for one in unmet_subjects(cards, subjects, goals)]
    plans = list(forecast(day, days, cards, subjects, goals, pace, spent))
    met = _met(plans, subjects, pace)
    fits = tuple(question for question in unmet if question in met)
    misses = tuple(question for question in unmet if question not in met)
    enough = _enough(day, days, cards, subjects, goals, pace) if misses and days else 0
    return Fit(days, fits, misses, plans[-1].waiting if plans else 0, enough)


def _met(plans: Iterable[Day], subjects: Sequence[Subject], pace: float) -> set[str]:
    """The new questions that plans give all the minutes that they take."""
    owed = {
        one.question: minutes_for(one, Practice(one.question, one.main), True, pace, MOST_MINUTES) for one in subjects
    }
    for task in (task for planned in plans for task in planned.tasks if task.what == "new"):
        owed[task.practice.question] -= task.minutes
    return {question for question, minutes in owed.items() if minutes <= 0}


def _enough(
    day: date, days: int, cards: Mapping[Practice, Card], subjects: Sequence[Subject], goals: Goals, pace: float
) -> int:
    """The least minutes a day that meet every question, found by halving; 0 if even the most minutes do not."""

    def meets(minutes: int) -> bool:
        plans = forecast(day, days, cards, subjects, goals._replace(minutes_a_day=minutes), pace)
        return len(_met(plans, subjects, pace)) >= wanted

    wanted = len(unmet_subjects(cards, subjects, goals))
    low, high = goals.minutes_a_day // 5, MOST_MINUTES // 5
    if not meets(high * 5):
        return 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if meets(middle * 5) else (middle, high)
    return high * 5
