"""Mock interviews: what is drawn, how much time has gone, and the debrief."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ndojo.study.readiness import Asked

if TYPE_CHECKING:
    import random

CODE_MINUTES = {"easy": 10, "medium": 15, "hard": 20}
EXPLAIN_MINUTES = 5
LEAST_MINUTES, MOST_MINUTES = 10, 180
DIFFICULTIES = ("easy", "medium", "hard")

STOPS = ("paused", "ended")
LONGEST_STEP = timedelta(seconds=60)


@dataclass(frozen=True)
class Item:
    """One question of a mock interview, in the kind in which it is asked."""

    question: str
    kind: str
    minutes: int
    difficulty: str
    topics: tuple[str, ...]
    reported: bool = True

    def to_dict(self) -> dict[str, Any]:
        """The item as the store keeps it."""
        return vars(self) | {"topics": list(self.topics)}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Item:
        """The item that `to_dict` wrote."""
        return cls(**{**record, "topics": tuple(record["topics"])})


def draw(
    bank: Sequence[Asked], difficulties: Mapping[str, str], company: str, minutes: int, seed: int
) -> tuple[Item, ...]:
    """A set of questions that fills the time, by the topics and difficulties that are reported.

    Coding questions come first, the easier before the harder, as interviewers escalate; one to explain comes last,
    if one exists. Where a company's own questions do not fill the time, others on the same topics do.

    Parameters
    ----------
    bank : sequence of Asked
    difficulties : mapping of str to str
        By slug.
    company : str
        Empty for any.
    minutes, seed : int
        The same bank and seed draw the same set.
    """
    import random

    chance = random.Random(seed)
    own = [one for one in bank if not company or company in one.companies]
    wanted = Counter(topic for one in own for topic in one.topics)
    left, items = minutes, list[Item]()
    spoken = _spoken(own, bank, wanted, difficulties, chance) if minutes >= 2 * EXPLAIN_MINUTES else None
    if spoken:
        left -= spoken.minutes
    for pool, reported in ((own, True), ([one for one in bank if one not in own], False)):
        taken = {item.question for item in items} | ({spoken.question} if spoken else set())
        coded = [one for one in pool if "code" in one.kinds and one.question not in taken]
        for item in _filled(coded, wanted, difficulties, left, reported, chance, items):
            items.append(item)
            left -= item.minutes
    items.sort(key=lambda item: DIFFICULTIES.index(item.difficulty))
    return (*items, *([spoken] if spoken else []))


def _filled(
    pool: list[Asked], wanted: Counter[str], difficulties: Mapping[str, str], left: int, reported: bool,
    chance: random.Random, before: Sequence[Item],
) -> list[Item]:  # fmt: skip
    """Items from a pool until the time is filled; a topic that was drawn counts less the next time."""
    drawn = Counter(topic for item in before for topic in item.topics)
    items: list[Item] = []
    while True:
        fitting = [
            one for one in pool if CODE_MINUTES[difficulties[one.question]] <= left and _weight(one, wanted, drawn)
        ]
        if not fitting:
            return items
        (one,) = chance.choices(fitting, [_weight(one, wanted, drawn) for one in fitting])
        pool = [other for other in pool if other is not one]
        item = _item(one, "code", CODE_MINUTES[difficulties[one.question]], difficulties, reported)
        items.append(item)
        left -= item.minutes
        drawn.update(one.topics)


def _weight(one: Asked, wanted: Counter[str], drawn: Counter[str]) -> float:
    """How often a question's topics are reported, less for those that were drawn already."""
    return sum(wanted[topic] / (1 + 3 * drawn[topic]) for topic in one.topics) / max(len(one.topics), 1)


def _spoken(
    own: Sequence[Asked], bank: Sequence[Asked], wanted: Counter[str], difficulties: Mapping[str, str],
    chance: random.Random,
) -> Item | None:  # fmt: skip
    """A question to explain: the company's own, else one on its topics; one without code if one exists."""
    for pool, reported in ((own, True), (bank, False)):
        fitting = [one for one in pool if "explain" in one.kinds and _weight(one, wanted, Counter())]
        fitting = [one for one in fitting if "code" not in one.kinds] or fitting
        if fitting:
            (one,) = chance.choices(fitting, [_weight(one, wanted, Counter()) for one in fitting])
            return _item(one, "explain", EXPLAIN_MINUTES, difficulties, reported)
    return None


def _item(one: Asked, kind: str, minutes: int, difficulties: Mapping[str, str], reported: bool) -> Item:
    return Item(one.question, kind, minutes, difficulties[one.question], one.topics, reported)


# --------------------------------------------------------------------------------------------------------------- timer


@dataclass(frozen=True)
class TimedEvent:
    """Something that happened in a mock interview, on its question `item`."""

    item: int
    what: str
    at: datetime
    detail: Any = None


@dataclass(frozen=True)
class MockState:
    """Where a mock interview stands.

    Parameters
    ----------
    seconds : tuple of float
        Spent on each question so far.
    item : int
        The question that is worked on.
    state : {"running", "paused", "ended"}
    last_at : datetime
        The last sign of life.
    """

    seconds: tuple[float, ...]
    item: int
    state: str
    last_at: datetime

    @property
    def spent(self) -> float:
        return sum(self.seconds)


def state_of(happenings: Sequence[TimedEvent], items: int, begun_at: datetime) -> MockState:
    """Where a mock interview stands, after what happened.

    Only time between two signs of life counts, at most one minute: neither a crash, nor a pause, nor a clock that was
    set takes time from the learner or gives any.
    """
    seconds, item, state, last = [0.0] * items, 0, "running", begun_at
    for one in happenings:
        if state == "running":
            step = min(max(one.at - last, timedelta()), LONGEST_STEP)
            seconds[item] += 0.0 if one.what == "resumed" else step.total_seconds()
        state = one.what if one.what in STOPS else "running"
        item, last = min(one.item, items - 1), one.at
    return MockState(tuple(seconds), item, state, last)


# ------------------------------------------------------------------------------------------------------------- debrief


@dataclass(frozen=True)
class Done:
    """The result of one question.

    Parameters
    ----------
    item : Item
    title : str
    levels : sequence of (str, str)
        Name and what it asks, of each.
    verdicts : sequence of mapping
        The records of its answers, oldest first.
    points, ticked : sequence of str
        What was to be said, and what the learner ticked.
    text : str
        What was written to explain.
    seconds : float
    reached : bool
        Whether it was begun at all.
    """

    item: Item
    title: str
    levels: Sequence[tuple[str, str]] = ()
    verdicts: Sequence[Mapping[str, Any]] = ()
    points: Sequence[str] = ()
    ticked: Sequence[str] = ()
    text: str = ""
    seconds: float = 0.0
    reached: bool = False


@dataclass(frozen=True)
class QuestionResult:
    """What the debrief says of one question."""

    question: str
    title: str
    kind: str
    difficulty: str
    passed: int
    total: int
    answers: int
    minutes: float
    planned: int
    reached: bool
    verdict: str
    missing: tuple[str, ...]
    text: str = ""

    @property
    def share(self) -> float:
        return self.passed / self.total if self.total else 0.0


@dataclass(frozen=True)
class Debrief:
    """The result of a mock interview.

    Parameters
    ----------
    told : tuple of QuestionResult
        Each question.
    requirements : tuple of (str, int, int)
        Each requirement, how often it held, and how often it was asked.
    topics : tuple of (str, float, int)
        Each topic, the mean part of its questions that was had, and how many they were.
    score : float
        The part of all levels and points that was had, each question counting alike.
    minutes : float
    next : tuple of (str, str, str)
        Question, kind and why: what to practice next.
    """

    told: tuple[QuestionResult, ...]
    requirements: tuple[tuple[str, int, int], ...]
    topics: tuple[tuple[str, float, int], ...]
    score: float
    minutes: float
    next: tuple[tuple[str, str, str], ...] = field(default=())


def debrief(done: Sequence[Done]) -> Debrief:
    """The result of a mock interview."""
    told = tuple(_told(one) for one in done)
    return Debrief(
        told=told,
        requirements=tuple(_requirements(done)),
        topics=tuple(_topics(done, told)),
        score=sum(one.share for one in told) / len(told) if told else 0.0,
        minutes=sum(one.minutes for one in told),
        next=tuple((one.question, one.kind, _why(one)) for one in sorted(told, key=_weakness) if one.share < 1)[:3],
    )


def best_of(verdicts: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The verdict that came furthest, the newest of those; None if none exists."""
    best: Mapping[str, Any] | None = None
    for record in verdicts:
        if best is None or record["passed_levels"] >= best["passed_levels"]:
            best = record
    return best


def _told(one: Done) -> QuestionResult:
    best = best_of(one.verdicts)
    code = one.item.kind == "code"
    passed = (best["passed_levels"] if best else 0) if code else len(one.ticked)
    total = len(one.levels) if code else len(one.points)
    asks = [f"{name}: {asks or 'what the prompt says, on every input'}" for name, asks in one.levels[passed:]]
    return QuestionResult(
        question=one.item.question,
        title=one.title,
        kind=one.item.kind,
        difficulty=one.item.difficulty,
        passed=passed,
        total=total,
        answers=len(one.verdicts),
        minutes=one.seconds / 60,
        planned=one.item.minutes,
        reached=one.reached,
        verdict=one.verdicts[-1]["verdict"] if one.verdicts else "",
        missing=tuple(asks) if code else tuple(point for point in one.points if point not in one.ticked),
        text=one.text,
    )


def _requirements(done: Sequence[Done]) -> list[tuple[str, int, int]]:
    """Each requirement that the best answers were compared with, those that failed most often first."""
    held, asked = Counter[str](), Counter[str]()
    for one in done:
        best = best_of(one.verdicts)
        for finding in (best or {}).get("findings", ()):
            if finding["outcome"] != "could not check":
                asked[finding["requirement"]] += 1
                held[finding["requirement"]] += finding["outcome"] != "failed"
    return sorted(((name, held[name], asked[name]) for name in asked), key=lambda row: (row[1] - row[2], row[0]))


def _topics(done: Sequence[Done], told: Sequence[QuestionResult]) -> list[tuple[str, float, int]]:
    shares: dict[str, list[float]] = {}
    for one, says in zip(done, told, strict=True):
        for topic in one.item.topics:
            shares.setdefault(topic, []).append(says.share)
    return sorted(((topic, sum(own) / len(own), len(own)) for topic, own in shares.items()), key=lambda row: row[1:])


def _weakness(one: QuestionResult) -> tuple[float, bool]:
    return one.share, not one.reached


def _why(one: QuestionResult) -> str:
    if not one.reached:
        return "You did not come to it."
    if one.kind == "explain":
        return f"{len(one.missing)} of {one.total} points were not said."
    if not one.passed:
        return "Level 1 is not passed yet." if one.answers else "Nothing was judged."
    return f"Next level: {one.missing[0].split(':')[0]}."
