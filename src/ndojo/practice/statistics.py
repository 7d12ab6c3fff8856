"""Statistics of the learner's activity, by day, week and topic."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ndojo.practice.plan import StudyState, study_state
from ndojo.practice.readiness import asked_of
from ndojo.study import readiness as model
from ndojo.study.rating import RATINGS
from ndojo.study.readiness import Chance

WEEKS_OF_TREND, WEEK_NEEDS = 8, 5
WENT_WELL = ("good", "easy")


@dataclass(frozen=True)
class TopicHeat:
    """A topic with the chance of each of its questions."""

    name: str
    chances: tuple[Chance, ...]


@dataclass(frozen=True)
class Trend:
    """One week: the number of rated sessions, and the share rated good or easy, or None if too few were rated."""

    begins: date
    sittings: int
    well: float | None


@dataclass(frozen=True)
class Stats:
    """Statistics of the learner's activity.

    Parameters
    ----------
    day : date
    sittings, questions, days : int
        Number of rated sessions, of practiced questions, and of days with a session.
    cards, due : int
        Number of cards, and of due cards.
    pace : float
        The learner's time relative to the usual time.
    ratings : dict
        Number of sessions by rating.
    calendar : dict
        Number of sessions by day, without days that have none.
    trend : tuple of Trend
        The last weeks, newest last.
    topics : tuple of TopicHeat
        Topics with the most questions first.
    """

    day: date
    sittings: int
    questions: int
    days: int
    cards: int
    due: int
    pace: float
    ratings: dict[str, int]
    calendar: dict[date, int]
    trend: tuple[Trend, ...]
    topics: tuple[TopicHeat, ...]
    notes: tuple[str, ...]
    trouble: str

    def to_dict(self) -> dict[str, Any]:
        """Return the values for JSON."""
        return {
            **vars(self),
            "day": self.day.isoformat(),
            "calendar": {day.isoformat(): number for day, number in self.calendar.items()},
            "trend": [vars(week) | {"begins": week.begins.isoformat()} for week in self.trend],
            "topics": [
                {"name": topic.name, "questions": [vars(one) for one in topic.chances]} for topic in self.topics
            ],
            "notes": list(self.notes),
        }


def stats(now: datetime) -> Stats:
    """Return the statistics, with days in the time zone of `now`."""
    known = study_state(now)
    days = Counter(review.session.ended_at.astimezone(now.tzinfo).date() for review in known.reviews)
    ratings = Counter(review.rated.rating for review in known.reviews)
    return Stats(
        day=known.day,
        sittings=len(known.reviews),
        questions=len({practice.question for practice in known.cards}),
        days=len(days),
        cards=len(known.cards),
        due=sum(card.due <= known.day for card in known.cards.values()),
        pace=known.pace,
        ratings={word: ratings[word] for word in RATINGS},
        calendar=dict(sorted(days.items())),
        trend=tuple(_trend(known)),
        topics=tuple(_heat(known)),
        notes=known.notes,
        trouble=known.trouble,
    )


def _trend(known: StudyState) -> list[Trend]:
    monday = known.day - timedelta(days=known.day.weekday())
    weeks: dict[date, list[bool]] = {monday - timedelta(weeks=back): [] for back in reversed(range(WEEKS_OF_TREND))}
    for review in known.reviews:
        day = review.session.ended_at.astimezone(known.now.tzinfo).date()
        own = weeks.get(day - timedelta(days=day.weekday()))
        if own is not None:
            own.append(review.rated.rating in WENT_WELL)
    return [
        Trend(week, len(own), sum(own) / len(own) if len(own) >= WEEK_NEEDS else None) for week, own in weeks.items()
    ]


def _heat(known: StudyState) -> list[TopicHeat]:
    asked = [asked_of(card) for card in known.questions.values()]
    chances = model.chances(asked, known.cards, known.reviews, known.day, known.now.tzinfo)
    topics: dict[str, list[Chance]] = {}
    for one in asked:
        for topic in dict.fromkeys(one.topics):
            topics.setdefault(topic, []).append(chances[one.question])
    return sorted(
        (TopicHeat(name, tuple(own)) for name, own in topics.items()),
        key=lambda topic: (-len(topic.chances), topic.name),
    )
