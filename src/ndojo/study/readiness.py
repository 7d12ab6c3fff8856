"""How ready a learner is: the chance of passing each asked question today, and what of it is known at all.

A question's chance is the chance of recalling it, as FSRS has it, times the part of its levels that were passed
unaided in the last sittings. It is given from two rated sittings on different days on, and a group's from three such
questions that are at least a third of the group. Before that, only what is missing is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from ndojo.study.evidence import Practice
from ndojo.study.rating import Review, word_of
from ndojo.study.schedule import Card, recall

DAYS_NEEDED, QUESTIONS_NEEDED, SHARE_NEEDED = 2, 3, 1 / 3
WEIGHTS = (0.5, 0.3, 0.2)  # of the last sitting, the one before, the one before that
WEAKEST = 3


@dataclass(frozen=True)
class Asked:
    """A question as interviewers ask it, with what it belongs to."""

    question: str
    kinds: tuple[str, ...]
    room: str
    topics: tuple[str, ...]
    companies: tuple[str, ...]
    asked: tuple[str, ...]
    levels: int


@dataclass(frozen=True)
class Chance:
    """How one question stands.

    Parameters
    ----------
    question : str
    sittings : int
        That were rated, on any of its kinds.
    chance : float or None
        Of passing it today; None where too little is known.
    recall, level : float or None
        What the chance is made of: of recalling it, and of passing its levels where it is recalled.
    why : str
        What is missing, or what holds the chance down.
    """

    question: str
    sittings: int
    chance: float | None
    recall: float | None
    level: float | None
    why: str


@dataclass(frozen=True)
class Group:
    """How a company's, a room's or a topic's questions stand.

    `covered` of `total` questions have their own chance, `begun` were sat at all. `chance` is the mean of those
    chances: how many of ten covered questions would be passed today, over ten; None where too little is known.
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
    """How each question stands on a day, by slug."""
    by_question: dict[str, list[Review]] = {}
    for review in reviews:
        by_question.setdefault(review.practice.question, []).append(review)
    return {one.question: _chance(one, cards, by_question.get(one.question, []), day, zone) for one in asked}


def _chance(
    one: Asked, cards: Mapping[Practice, Card], reviews: Sequence[Review], day: date, zone: tzinfo | None
) -> Chance:
    """The chance of the kind that is asked: its code where it has one, else what it has."""
    own = _of_main_kind(one, reviews)
    days = {review.sitting.ended_at.astimezone(zone).date() for review in own}
    if len(days) < DAYS_NEEDED:
        missing = "not begun" if not reviews else "another day is still needed"
        return Chance(one.question, len(reviews), None, None, None, missing)
    kept = recall(cards[own[-1].practice], day)
    level = _level(own)
    return Chance(one.question, len(reviews), kept * level, kept, level, _what_holds_down(own, kept, level))


def _of_main_kind(one: Asked, reviews: Sequence[Review]) -> list[Review]:
    kind = next((kind for kind in ("code", "explain") if kind in one.kinds), "predict")
    return [review for review in reviews if review.practice.kind == kind]


def _level(reviews: Sequence[Review]) -> float:
    """The part of the levels that was had unaided, weighted toward the last sittings."""
    newest = [_unaided(review) for review in reversed(reviews[-len(WEIGHTS) :])]
    weights = WEIGHTS[: len(newest)]
    return sum(map(lambda weight, part: weight * part, weights, newest)) / sum(weights)


def _unaided(review: Review) -> float:
    """Nothing where the rating is again: an interviewer shows no solution; a hint each costs a quarter."""
    if review.rated.rating == "again":
        return 0.0
    return review.sitting.share * max(1.0 - 0.25 * review.sitting.hints, 0.25)


def _what_holds_down(reviews: Sequence[Review], kept: float, level: float) -> str:
    last = reviews[-1].sitting
    if kept < level and kept < 0.9:
        return "not practiced recently"
    if level > 0.99:
        return "nothing"
    if last.solution or last.hints:
        return "it took help the last time"
    if last.codes and last.codes[-1] != "AC":
        return f"the last verdict was: {word_of(last.codes[-1])}"
    if last.share < 1:
        return f"{last.passed} of {last.total} the last time"
    return "earlier sittings went less well"


def groups(asked: Sequence[Asked], known: Mapping[str, Chance]) -> list[Group]:
    """Every company, room and topic, in that order, each by name."""
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
    """How a set of questions stands together."""
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
