"""Readiness: the chance of passing each question today, if enough is known to estimate it.

A question's chance is the chance of recalling it, from FSRS, times the share of its levels that were passed without
help in the last sessions. It requires rated sessions on two different days. A group's chance requires three such
questions, and at least a third of the group. Until then, only what is missing is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from ndojo.study.evidence import Practice
from ndojo.study.rating import Review, word_of
from ndojo.study.schedule import Card, recall

DAYS_NEEDED, QUESTIONS_NEEDED, SHARE_NEEDED = 2, 3, 1 / 3
WEIGHTS = (0.5, 0.3, 0.2)  # of the last three sessions, newest first
WEAKEST = 3
NOT_RECENT = "not practiced recently"


@dataclass(frozen=True)
class Asked:
    """A question with its kinds and the groups that it belongs to."""

    question: str
    kinds: tuple[str, ...]
    room: str
    topics: tuple[str, ...]
    companies: tuple[str, ...]
    asked: tuple[str, ...]
    levels: int


@dataclass(frozen=True)
class Chance:
    """The chance of passing one question today.

    Parameters
    ----------
    question : str
    sittings : int
        Number of rated sessions on any of its kinds.
    chance : float or None
        Chance of passing it today, or None if too little is known.
    recall, level : float or None
        The factors of the chance: the chance of recalling it, and the share of its levels passed without help.
    why : str
        What is missing, or the main reason why the chance is not higher.
    """

    question: str
    sittings: int
    chance: float | None
    recall: float | None
    level: float | None
    why: str


@dataclass(frozen=True)
class Group:
    """The questions of a company, a room or a topic, with their mean chance.

    `begun` of `total` questions have a rated session, and `covered` of them have a chance. `chance` is the mean of
    these chances, or None if too few questions are covered. `missing` is the number of questions to cover until then.
    """

    by: str
    name: str
    total: int
    begun: int
    covered: int
    chance: float | None
    missing: int
    weakest: tuple[Chance, ...]


def chances(
    asked: Sequence[Asked], cards: Mapping[Practice, Card], reviews: Iterable[Review], day: date, zone: tzinfo | None
) -> dict[str, Chance]:
    """Return the chance of each question on a day, by slug."""
    by_question: dict[str, list[Review]] = {}
    for review in reviews:
        by_question.setdefault(review.practice.question, []).append(review)
    return {one.question: _chance(one, cards, by_question.get(one.question, []), day, zone) for one in asked}


def _chance(
    one: Asked, cards: Mapping[Practice, Card], reviews: Sequence[Review], day: date, zone: tzinfo | None
) -> Chance:
    """Return the chance of a question in its main kind."""
    own = _of_main_kind(one, reviews)
    days = {review.session.ended_at.astimezone(zone).date() for review in own}
    if len(days) < DAYS_NEEDED:
        missing = "not started" if not reviews else "practice on another day is needed"
        return Chance(one.question, len(reviews), None, None, None, missing)
    kept = recall(cards[own[-1].practice], day)
    level = _level(own)
    return Chance(one.question, len(reviews), kept * level, kept, level, _what_holds_down(own, kept, level))


def _of_main_kind(one: Asked, reviews: Sequence[Review]) -> list[Review]:
    kind = next((kind for kind in ("code", "explain") if kind in one.kinds), "predict")
    return [review for review in reviews if review.practice.kind == kind]


def _level(reviews: Sequence[Review]) -> float:
    """Return the share of levels passed without help, as a weighted mean of the last sessions."""
    newest = [_unaided(review) for review in reversed(reviews[-len(WEIGHTS) :])]
    weights = WEIGHTS[: len(newest)]
    return sum(map(lambda weight, part: weight * part, weights, newest)) / sum(weights)


def _unaided(review: Review) -> float:
    """Return zero if the rating is "again". Otherwise each hint reduces the share by a quarter, but not below it."""
    if review.rated.rating == "again":
        return 0.0
    return review.session.share * max(1.0 - 0.25 * review.session.hints, 0.25)


def _what_holds_down(reviews: Sequence[Review], kept: float, level: float) -> str:
    last = reviews[-1].session
    if kept < level and kept < 0.9:
        return NOT_RECENT
    if level > 0.99:
        return "nothing"
    if last.solution or last.hints:
        return "you used help last time"
    if last.codes and last.codes[-1] != "AC":
        return f"last verdict: {word_of(last.codes[-1])}"
    if last.share < 1:
        return f"{last.passed} of {last.total} last time"
    return "earlier sessions went less well"


def groups(asked: Sequence[Asked], known: Mapping[str, Chance]) -> list[Group]:
    """Return the companies, rooms and topics, in that order, each sorted by name."""
    members: dict[tuple[str, str], list[Chance]] = {}
    for one in asked:
        own = known[one.question]
        for by, names in (("company", one.companies), ("room", (one.room,)), ("topic", one.topics)):
            for name in dict.fromkeys(names):
                members.setdefault((by, name), []).append(own)
    order = {"company": 0, "room": 1, "topic": 2}
    keys = sorted(members, key=lambda key: (order[key[0]], key[1].lower()))
    return [group(by, name, members[by, name]) for by, name in keys]


def group(by: str, name: str, chances: Sequence[Chance]) -> Group:
    """Return a group from the chances of its questions."""
    covered = sorted((one for one in chances if one.chance is not None), key=lambda one: (one.chance, one.question))
    needed = max(min(QUESTIONS_NEEDED, len(chances)), _third(len(chances)))
    figures = [one.chance for one in covered if one.chance is not None]
    return Group(
        by=by,
        name=name,
        total=len(chances),
        begun=sum(one.sittings > 0 for one in chances),
        covered=len(covered),
        chance=sum(figures) / len(figures) if len(covered) >= needed else None,
        missing=max(needed - len(covered), 0),
        weakest=tuple(covered[:WEAKEST]),
    )


def _third(total: int) -> int:
    return -(-total // round(1 / SHARE_NEEDED))
