"""Which new questions fit before an interview, and how many minutes per day would be enough."""

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
    """Which new questions fit before the interview.

    Parameters
    ----------
    days : int
        Days until the interview.
    fits, misses : tuple of str
        New questions that the plan contains before the interview, and those that it does not contain.
    waiting : int
        Due reviews that would not fit on the day before the interview.
    enough_minutes : int
        Smallest multiple of five minutes per day that fits all new questions, or 0 if none does. Also 0 if all
        questions fit already.
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
    """Return what fits before the interview, or None if no date is set or the date has passed."""
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
    """Return the questions that get all their minutes in the plans."""
    owed = {
        one.question: minutes_for(one, Practice(one.question, one.main), True, pace, MOST_MINUTES) for one in subjects
    }
    for task in (task for planned in plans for task in planned.tasks if task.what == "new"):
        owed[task.practice.question] -= task.minutes
    return {question for question, minutes in owed.items() if minutes <= 0}


def _enough(
    day: date, days: int, cards: Mapping[Practice, Card], subjects: Sequence[Subject], goals: Goals, pace: float
) -> int:
    """Return the smallest minutes per day that fit all questions, found by bisection, or 0 if the maximum does not."""

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
