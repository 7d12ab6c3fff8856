"""Readiness: the chance of passing each question today, by company, room and topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ndojo.practice.errors import PracticeError
from ndojo.practice.plan import study_state
from ndojo.practice.questions import nearest
from ndojo.study import readiness as model
from ndojo.study.readiness import Asked, Chance, Group

GROUPS = ("company", "room", "topic")


@dataclass(frozen=True)
class Readiness:
    """The learner's readiness on a day, by company, room, topic and question."""

    day: date
    groups: tuple[Group, ...]
    questions: tuple[tuple[Asked, Chance], ...]
    notes: tuple[str, ...]
    trouble: str

    def to_dict(self) -> dict[str, Any]:
        """Return the values for JSON. Unknown values are null."""
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
    """Return the learner's readiness, for all questions or for one company, room or topic.

    Parameters
    ----------
    now : datetime
        In the learner's time zone.
    company, room, topic : str, optional
        Give one of them or none.
    """
    wanted = [(by, name) for by, name in zip(GROUPS, (company, room, topic), strict=True) if name]
    if len(wanted) > 1:
        raise PracticeError("Give only one of company, room and topic.")
    known = study_state(now)
    asked = [asked_of(card) for card in known.questions.values()]
    chances = model.chances(asked, known.cards, known.reviews, known.day, now.tzinfo)
    groups = model.groups(asked, chances)
    if wanted:
        groups = [_named(*wanted[0], groups)]
        asked = [one for one in asked if _is_in(one, groups[0])]
    questions = tuple((one, chances[one.question]) for one in asked)
    return Readiness(known.day, tuple(groups), questions, known.notes, known.trouble)


def asked_of(card: dict[str, Any]) -> Asked:
    """Return the facts about a question that readiness and mock interviews use."""
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
    advice = f"Did you mean {own[near].name}?" if near else f"Known: {', '.join(one.name for one in own.values())}."
    raise PracticeError(f"No question has the {by} {name!r}. {advice}")


def _is_in(one: Asked, group: Group) -> bool:
    return group.name in {"company": one.companies, "room": (one.room,), "topic": one.topics}[group.by]
