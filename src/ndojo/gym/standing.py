"""How ready the learner is, and what was done so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ndojo.gym.bank import nearest
from ndojo.gym.planning import Study, study
from ndojo.gym.problems import GymError
from ndojo.study import readiness as reckoning
from ndojo.study.rating import RATINGS
from ndojo.study.readiness import Asked, Chance, Group

WEEKS_OF_TREND, WEEK_NEEDS = 8, 5
WENT_WELL = ("good", "easy")
GROUPS = ("company", "room", "topic")


@dataclass(frozen=True)
class Readiness:
    """How ready the learner is on a day: by company, room and topic, and each question of those that were asked for."""

    day: date
    groups: tuple[Group, ...]
    questions: tuple[tuple[Asked, Chance], ...]
    notes: tuple[str, ...]
    trouble: str

    def to_dict(self) -> dict[str, Any]:
        """The figures for JSON; what is not known is null."""
        return {
            "day": self.day.isoformat(),
            "groups": [vars(one) | {"weakest": [vars(weak) for weak in one.weakest]} for one in self.groups],
            "questions": [
                {"asked": list(asked.asked), "companies": list(asked.companies), "room": asked.room,
                 "topics": list(asked.topics), **vars(chance)}
                for asked, chance in self.questions
            ],
            "notes": list(self.notes),
            "trouble": self.trouble,
        }  # fmt: skip


def readiness(
    now: datetime, *, company: str | None = None, room: str | None = None, topic: str | None = None
) -> Readiness:
    """How ready the learner is; of a company, a room or a topic alone where one is named.

    Parameters
    ----------
    now : datetime
        In the learner's own zone.
    company, room, topic : str, optional
        At most one of them.
    """
    wanted = [(by, name) for by, name in zip(GROUPS, (company, room, topic), strict=True) if name]
    if len(wanted) > 1:
        raise GymError("Name a company, a room or a topic, not several.")
    known = study(now)
    asked = [asked_of(card) for card in known.questions.values()]
    chances = reckoning.chances(asked, known.cards, known.reviews, known.day, now.tzinfo)
    groups = reckoning.groups(asked, chances)
    if wanted:
        groups = [_named(*wanted[0], groups)]
        asked = [one for one in asked if _is_in(one, groups[0])]
    questions = tuple((one, chances[one.question]) for one in asked)
    return Readiness(known.day, tuple(groups), questions, known.notes, known.trouble)


def asked_of(card: dict[str, Any]) -> Asked:
    """A question's card as readiness and mock interviews see it."""
    kinds = tuple(kind for kind in card["kinds"] if kind != "predict" or card["drills"]) or ("explain",)
    return Asked(
        question=card["slug"],
        kinds=kinds,
        room=card["room"],
        topics=tuple(card["topics"]),
        companies=tuple(card["companies"]),
        asked=tuple(card["asked"]),
        levels=len(card["levels"]),
    )


def _named(by: str, name: str, groups: Sequence[Group]) -> Group:
    own = {group.name.lower(): group for group in groups if group.by == by}
    if name.lower() in own:
        return own[name.lower()]
    near = nearest(name.lower(), list(own))
    advice = f"Did you mean {own[near].name}?" if near else f"There are {', '.join(one.name for one in own.values())}."
    raise GymError(f"No question has the {by} {name!r}. {advice}")


def _is_in(one: Asked, group: Group) -> bool:
    return group.name in {"company": one.companies, "room": (one.room,), "topic": one.topics}[group.by]


# --------------------------------------------------------------------------------------------------------------- stats


@dataclass(frozen=True)
class TopicHeat:
    """A topic, and each of its questions with how it stands."""

    name: str
    chances: tuple[Chance, ...]


@dataclass(frozen=True)
class Trend:
    """A week: sittings that were rated, and the part of them that went well; None where they were too few."""

    begins: date
    sittings: int
    well: float | None


@dataclass(frozen=True)
class Stats:
    """What was done so far.

    Parameters
    ----------
    day : date
    sittings, questions, days : int
        Rated sittings, questions met, days on which there was a sitting.
    cards, due : int
        Practices that are scheduled, and those of them that are due.
    pace : float
        How long the learner takes, as a multiple of what is usual.
    ratings : dict
        How often each was given.
    calendar : dict
        Sittings of each day that had one.
    trend : tuple of Trend
        The last weeks, the newest last.
    topics : tuple of TopicHeat
        Those with most questions first.
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
        """The figures for JSON."""
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
    """What was done so far, on the learner's own days."""
    known = study(now)
    days = Counter(review.sitting.ended_at.astimezone(now.tzinfo).date() for review in known.reviews)
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


def _trend(known: Study) -> list[Trend]:
    monday = known.day - timedelta(days=known.day.weekday())
    weeks: dict[date, list[bool]] = {monday - timedelta(weeks=back): [] for back in reversed(range(WEEKS_OF_TREND))}
    for review in known.reviews:
        day = review.sitting.ended_at.astimezone(known.now.tzinfo).date()
        own = weeks.get(day - timedelta(days=day.weekday()))
        if own is not None:
            own.append(review.rated.rating in WENT_WELL)
    return [
        Trend(week, len(own), sum(own) / len(own) if len(own) >= WEEK_NEEDS else None) for week, own in weeks.items()
    ]


def _heat(known: Study) -> list[TopicHeat]:
    asked = [asked_of(card) for card in known.questions.values()]
    chances = reckoning.chances(asked, known.cards, known.reviews, known.day, known.now.tzinfo)
    topics: dict[str, list[Chance]] = {}
    for one in asked:
        for topic in dict.fromkeys(one.topics):
            topics.setdefault(topic, []).append(chances[one.question])
    return sorted(
        (TopicHeat(name, tuple(own)) for name, own in topics.items()),
        key=lambda topic: (-len(topic.chances), topic.name),
    )
