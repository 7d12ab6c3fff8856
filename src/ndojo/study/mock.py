"""Mock interviews: the choice of questions, the clock and the debrief."""

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
    """One question of a mock interview, with the kind in which it is asked."""

    question: str
    kind: str
    minutes: int
    difficulty: str
    topics: tuple[str, ...]
    reported: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return the item as a JSON object, as the store saves it."""
        return vars(self) | {"topics": list(self.topics)}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Item:
        """Return the item from the result of `to_dict`."""
        return cls(**{**record, "topics": tuple(record["topics"])})


def draw(
    bank: Sequence[Asked], difficulties: Mapping[str, str], company: str, minutes: int, seed: int
) -> tuple[Item, ...]:
    """Return questions that fill the time, drawn by how often their topics are reported.

    Code questions come first, easier ones before harder ones, as in an interview. A question to explain comes last, if
    one exists. If the company's questions do not fill the time, others on the same topics are added.

    Parameters
    ----------
    bank : sequence of Asked
    difficulties : mapping of str to str
        Difficulty by slug.
    company : str
        Empty for any company.
    minutes, seed : int
        The same bank, company, minutes and seed give the same questions.
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
    """Draw items from a pool until the time is filled. A topic that was drawn gets a lower weight."""
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
    """Return how often a question's topics are reported, with less weight for topics that were drawn already."""
    return sum(wanted[topic] / (1 + 3 * drawn[topic]) for topic in one.topics) / max(len(one.topics), 1)


def _spoken(
    own: Sequence[Asked], bank: Sequence[Asked], wanted: Counter[str], difficulties: Mapping[str, str],
    chance: random.Random,
) -> Item | None:  # fmt: skip
    """Draw a question to explain, preferably one of the company and one without code."""
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
    """An event in a mock interview. `item` is the position of its question."""

    item: int
    what: str
    at: datetime
    detail: Any = None


@dataclass(frozen=True)
class MockState:
    """The progress of a mock interview.

    Parameters
    ----------
    seconds : tuple of float
        Time spent on each question so far.
    item : int
        Position of the current question.
    state : {"running", "paused", "ended"}
    last_at : datetime
        Time of the last event.
    """

    seconds: tuple[float, ...]
    item: int
    state: str
    last_at: datetime

    @property
    def spent(self) -> float:
        return sum(self.seconds)


def state_of(events: Sequence[TimedEvent], items: int, begun_at: datetime) -> MockState:
    """Return the progress of a mock interview after some events.

    Only the time between two events counts, and at most one minute of it. So pauses, crashes and a clock that was
    changed have almost no effect on the remaining time.
    """
    seconds, item, state, last = [0.0] * items, 0, "running", begun_at
    for one in events:
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
        Name and requirement of each level.
    verdicts : sequence of mapping
        The records of its verdicts, oldest first.
    points, ticked : sequence of str
        All points of the explanation, and those that the learner ticked.
    text : str
        The learner's explanation.
    seconds : float
        Time spent on the question.
    reached : bool
        Whether the learner started the question.
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
    """The debrief of one question."""

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
    results : tuple of QuestionResult
        The result of each question.
    requirements : tuple of (str, int, int)
        Each requirement, how often it held, and how often it was checked.
    topics : tuple of (str, float, int)
        Each topic, the mean share of levels or points passed, and the number of its questions.
    score : float
        Mean share of levels or points passed. Each question has the same weight.
    minutes : float
        Total time.
    next : tuple of (str, str, str)
        What to practice next: question, kind and reason.
    """

    results: tuple[QuestionResult, ...]
    requirements: tuple[tuple[str, int, int], ...]
    topics: tuple[tuple[str, float, int], ...]
    score: float
    minutes: float
    next: tuple[tuple[str, str, str], ...] = field(default=())


def debrief(done: Sequence[Done]) -> Debrief:
    """Return the result of a mock interview."""
    results = tuple(_result(one) for one in done)
    weakest = (one for one in sorted(results, key=_weakness) if one.share < 1)
    return Debrief(
        results=results,
        requirements=tuple(_requirements(done)),
        topics=tuple(_topics(done, results)),
        score=sum(one.share for one in results) / len(results) if results else 0.0,
        minutes=sum(one.minutes for one in results),
        next=tuple((one.question, one.kind, _why(one)) for one in weakest)[:3],
    )


def best_of(verdicts: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the newest verdict with the most passed levels, or None without verdicts."""
    best: Mapping[str, Any] | None = None
    for record in verdicts:
        if best is None or record["passed_levels"] >= best["passed_levels"]:
            best = record
    return best


def _result(one: Done) -> QuestionResult:
    best = best_of(one.verdicts)
    code = one.item.kind == "code"
    passed = (best["passed_levels"] if best else 0) if code else len(one.ticked)
    total = len(one.levels) if code else len(one.points)
    asks = [f"{name}: {asks or 'correct on every allowed input'}" for name, asks in one.levels[passed:]]
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
    """Return each requirement that was checked on the best answers, most failures first."""
    held, asked = Counter[str](), Counter[str]()
    for one in done:
        best = best_of(one.verdicts)
        for finding in (best or {}).get("findings", ()):
            if finding["outcome"] != "could not check":
                asked[finding["requirement"]] += 1
                held[finding["requirement"]] += finding["outcome"] != "failed"
    return sorted(((name, held[name], asked[name]) for name in asked), key=lambda row: (row[1] - row[2], row[0]))


def _topics(done: Sequence[Done], results: Sequence[QuestionResult]) -> list[tuple[str, float, int]]:
    shares: dict[str, list[float]] = {}
    for one, result in zip(done, results, strict=True):
        for topic in one.item.topics:
            shares.setdefault(topic, []).append(result.share)
    return sorted(((topic, sum(own) / len(own), len(own)) for topic, own in shares.items()), key=lambda row: row[1:])


def _weakness(one: QuestionResult) -> tuple[float, bool]:
    return one.share, not one.reached


def _why(one: QuestionResult) -> str:
    if not one.reached:
        return "You did not reach this question."
    if one.kind == "explain":
        return f"You missed {len(one.missing)} of {one.total} points."
    if not one.passed:
        return "You have not passed level 1." if one.answers else "You submitted no answer."
    return f"Next level: {one.missing[0].split(':')[0]}."
