"""The plan of the next weeks, what will not fit before the interview, and the learner's goals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ndojo.practice.catalog import values
from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.plan import Today, study_state, today_of
from ndojo.practice.questions import nearest
from ndojo.store import Store
from ndojo.study import fitting, schedule
from ndojo.study.fitting import Fit
from ndojo.study.schedule import LEAST_MINUTES, MOST_MINUTES, Day

WEEKS_AHEAD = 4
FARTHEST = timedelta(days=730)


@dataclass(frozen=True)
class Week:
    """A week of the plan: its first day, reviews, new questions, minutes, and the minutes of the longest day."""

    begins: date
    days: int
    reviews: int
    new: int
    minutes: int
    longest: int


@dataclass(frozen=True)
class Plan:
    """Today's plan, the next weeks if every plan is completed and every review goes well, and what will not fit."""

    today: Today
    weeks: tuple[Week, ...]
    fit: Fit | None

    def to_dict(self) -> dict[str, Any]:
        """Return the plan for JSON."""
        today = {
            name: value for name, value in self.today._asdict().items() if name not in ("day", "interview", "steps")
        }
        return {
            "day": self.today.day.isoformat(),
            **today,
            "notes": list(self.today.notes),
            "interview": self.today.interview.isoformat() if self.today.interview else None,
            "steps": [step._asdict() for step in self.today.steps],
            "weeks": [vars(week) | {"begins": week.begins.isoformat()} for week in self.weeks],
            "fit": None if self.fit is None else vars(self.fit),
        }


def plan(now: datetime) -> Plan:
    """Return today's plan, the next weeks, and what will not fit before the interview."""
    known = study_state(now)
    goals = known.goals
    coming = goals.interview is not None and goals.interview >= known.day
    days = min((goals.interview - known.day).days, 7 * 53) if goals.interview and coming else 7 * WEEKS_AHEAD
    ahead = list(
        schedule.forecast(known.day, days, known.cards, known.subjects, goals, known.pace, known.spent)
    )  # fmt: skip
    fit = fitting.fit(known.day, known.cards, known.subjects, goals, known.pace, known.spent)
    return Plan(today_of(known), tuple(_weeks(ahead)), fit)


def _weeks(days: Sequence[Day]) -> Iterable[Week]:
    for first in range(0, len(days), 7):
        week = days[first : first + 7]
        tasks = [task for day in week for task in day.tasks]
        yield Week(
            begins=week[0].day,
            days=len(week),
            reviews=sum(task.what in ("review", "first") for task in tasks),
            new=sum(task.what == "new" for task in tasks),
            minutes=sum(day.minutes for day in week),
            longest=max(day.minutes for day in week),
        )


# --------------------------------------------------------------------------------------------------------------- goals


@as_practice_errors()
def set_goals(
    now: datetime, *, minutes_a_day: int | None = None, interview: str | None = None, company: str | None = None
) -> None:
    """Save the learner's goals. Goals that are not given do not change.

    Parameters
    ----------
    now : datetime
        In the learner's time zone.
    minutes_a_day : int, optional
    interview : str, optional
        A date such as 2026-12-01, a number of days such as 30, or ``"none"``.
    company : str, optional
        A company that questions are reported from, or ``"any"``.
    """
    chosen: dict[str, Any] = {}
    if minutes_a_day is not None:
        chosen["minutes_a_day"] = _minutes(minutes_a_day)
    if interview is not None:
        chosen["interview"] = _interview(interview, now.date())
    if company is not None:
        chosen["company"] = "" if company.lower() == "any" else company_named(company)
    with Store.open() as store:
        for name, value in chosen.items():
            store.choose(name, value, now)


def _minutes(minutes: int) -> int:
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise PracticeError(f"Plan between {LEAST_MINUTES} and {MOST_MINUTES} minutes per day, not {minutes}.")
    return minutes


def _interview(text: str, today: date) -> str | None:
    if text.lower() == "none":
        return None
    try:
        day = today + timedelta(days=int(text)) if text.isdecimal() and len(text) < 4 else date.fromisoformat(text)
    except ValueError as problem:
        example = today + timedelta(days=30)
        raise PracticeError(
            f"{text!r} is not a date. Write a date such as {example}, or a number of days such as 30."
        ) from problem
    if day < today:
        raise PracticeError(f"{day} has passed: today is {today}. Give a date in the future. Nothing was changed.")
    if day > today + FARTHEST:
        raise PracticeError(f"{day} is more than two years away. Give an earlier date. Nothing was changed.")
    return day.isoformat()


def company_named(text: str) -> str:
    """Return a company's name as the bank writes it."""
    known = values("companies")
    for company in known:
        if company.lower() == text.lower():
            return company
    near = nearest(text.lower(), [company.lower() for company in known])
    meant = next((company for company in known if company.lower() == near), "")
    advice = f"Did you mean {meant}?" if meant else f"Known: {', '.join(known)}."
    raise PracticeError(f"No question is reported from {text!r}. {advice}")
