"""Drills: predictions to type. Each answer is judged immediately and saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ndojo.practice.catalog import Filters, questions
from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.questions import load, nearest, rooms
from ndojo.question import loading
from ndojo.question.loading import Card
from ndojo.store import DrillAnswer, Store, StoreError
from ndojo.study.drills import Past, Template

if TYPE_CHECKING:
    from ndojo.question.records import Question

REMEMBERED = 500  # number of earlier answers that affect the choice of the next drill


@dataclass(frozen=True)
class DrillQuestion:
    """One variant of a drill, with its answer.

    Parameters
    ----------
    question, question_version : str
        Slug and version of the question.
    drill : str
        Name of the template.
    variant : str
        Id of the variant.
    topics : tuple of str
    asks : str
        The prompt.
    code : str
        The code. Its last line is the expression to predict.
    answer : str
        The right answer, as Python writes it.
    why : str
        The reason, in one sentence.
    hardness : float
        Between 0 and 1.
    again : bool
        Whether the same variant was missed on an earlier day.
    """

    question: str
    question_version: str
    drill: str
    variant: str
    topics: tuple[str, ...]
    asks: str
    code: str
    answer: str
    why: str
    hardness: float
    again: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the drill for JSON."""
        return {
            "question": self.question,
            "drill": self.drill,
            "asks": self.asks,
            "code": self.code,
            "answer": self.answer,
            "why": self.why,
            "hardness": self.hardness,
            "topics": list(self.topics),
        }


@dataclass(frozen=True)
class DrillJudged:
    """The result of one typed answer.

    `skipped` is whether nothing was typed. `trouble` says why the answer was not saved, if so.
    """

    correct: bool
    skipped: bool
    trouble: str = ""


@dataclass(frozen=True)
class DrillSummary:
    """The summary of a session of drills.

    `topics` contains, for each topic: the right answers and all answers of this session, the same two numbers for all
    remembered answers, and the current hardness. `missed` contains the templates that will come back.
    """

    answered: int
    correct: int
    best_streak: int
    topics: tuple[tuple[str, tuple[int, int], tuple[int, int], float], ...]
    missed: tuple[Template, ...]


# -------------------------------------------------------------------------------------------------------- which drills


@as_practice_errors()
def drill_cards(what: str = "", companies: Sequence[str] = (), topics: Sequence[str] = ()) -> list[Card]:
    """Return the cards of the matching questions that have drills.

    Parameters
    ----------
    what : str
        A room or the slug of a question. Empty for all.
    companies, topics : sequence of str
        As in `Filters`.
    """
    room = [what] if what in rooms() else []
    rows = questions(Filters(rooms=room, companies=companies, topics=topics)).rows
    cards = [row.card for row in rows if room or what in ("", row.slug)]
    if what and not room and not cards:
        _refuse_unless_known(what)
    found = [card for card in cards if card["drills"]]
    if not found:
        raise PracticeError(
            "None of these questions has drills. `ndojo list --kind predict` lists the questions with drills."
        )
    return found


def _refuse_unless_known(what: str) -> None:
    known = [row.slug for row in questions().rows]
    if what not in known:
        near = nearest(what, [*rooms(), *known])
        advice = f"Did you mean {near}?" if near else "`ndojo list` shows all questions."
        raise PracticeError(f"No room or question is named {what!r}. {advice}", "question")


def _templates(cards: Sequence[Card]) -> list[Template]:
    return [Template(card["slug"], name, tuple(card["topics"])) for card in cards for name in card["drills"]]


# ---------------------------------------------------------------------------------------------------------------- pose


class DrillSession:
    """A session of drills that get harder as answers are right.

    Missed drills come back, and no variant comes twice within a day, including earlier sessions.

    Parameters
    ----------
    cards : sequence of Card
        The questions whose drills are used; see `drill_cards`.
    seed : int, optional
        Seed of the random choices. Default: a random seed.
    remembers : bool
        Whether earlier answers in the store have an effect. If False, the drills depend only on the seed and on the
        answers in this session.
    """

    def __init__(self, cards: Sequence[Card], seed: int | None = None, *, remembers: bool = True) -> None:
        import numpy as np

        self._cards = {card["slug"]: card for card in cards}
        self._topics = {card["slug"]: tuple(card["topics"]) for card in loading.index()}
        self._rng = np.random.default_rng(seed)
        self._remembers = remembers
        self._posed: set[str] = set()
        self._own: list[Past] = []
        self._unkept: list[Past] = []
        self._questions: dict[str, Question] = {}

    @property
    def templates(self) -> list[Template]:
        """The drills to choose from."""
        return _templates(list(self._cards.values()))

    @as_practice_errors()
    def pose(self, now: datetime) -> DrillQuestion | None:
        """Return the next drill, or None if no drill has a new variant today.

        Parameters
        ----------
        now : datetime
            With a time zone.
        """
        from ndojo.study.drills import choose

        kept, today = self._looked_back(now)
        past = [*self._past(kept), *self._unkept]
        left = self.templates
        while left:
            template = choose(left, past, self._rng)
            posed = self._again(template, kept, today) or self._fresh(template, past, today)
            if posed is not None:
                self._posed.add(posed.variant)
                return posed
            left.remove(template)
        return None

    @as_practice_errors()
    def answer(self, posed: DrillQuestion, typed: str, seconds: float, now: datetime) -> DrillJudged:
        """Judge a typed answer to a drill of this session, and save it; see `judge_drill`."""
        judged = judge_drill(posed, typed, seconds, now)
        self.note(posed, judged.correct, is_kept=self._remembers and not judged.trouble)
        return judged

    def note(self, posed: DrillQuestion, correct: bool, *, is_kept: bool = False) -> None:
        """Count an answer in this session. `is_kept` is whether the store also has it."""
        one = Past(Template(posed.question, posed.drill, posed.topics), posed.variant, correct)
        self._own.append(one)
        if not is_kept:
            self._unkept.append(one)

    @property
    def streak(self) -> int:
        """The number of right answers since the last miss."""
        from ndojo.study.drills import streak

        return streak(self._own)

    def summary(self, now: datetime) -> DrillSummary:
        """Return the summary of this session."""
        from ndojo.study.drills import best_streak, by_topic, level, missed

        past = [*self._past(self._looked_back(now)[0]), *self._unkept]
        ever, here = by_topic(past), set(self.templates)
        return DrillSummary(
            answered=len(self._own),
            correct=sum(one.right for one in self._own),
            best_streak=best_streak(self._own),
            topics=tuple(
                (topic, counts, ever.get(topic, counts), level(topic, past))
                for topic, counts in by_topic(self._own).items()
            ),
            missed=tuple(template for template in missed(past) if template in here),
        )

    def _looked_back(self, now: datetime) -> tuple[list[DrillAnswer], set[str]]:
        """Return the earlier answers, and the variants to exclude: those of the last day and of this session."""
        if not self._remembers:
            return [], self._posed
        try:
            with Store.open(create=False) as store:
                return store.drills(REMEMBERED), store.drilled_within_a_day(now) | self._posed
        except StoreError:
            # A store that cannot be read cannot be written either, and each answer reports this.
            return [], self._posed

    def _past(self, kept: Sequence[DrillAnswer]) -> list[Past]:
        return [Past(self._template_of(one), one.variant, one.correct) for one in kept]

    def _template_of(self, one: DrillAnswer) -> Template:
        return Template(one.question, one.drill, self._topics.get(one.question, ()))

    def _again(self, template: Template, kept: Sequence[DrillAnswer], today: set[str]) -> DrillQuestion | None:
        """Return a variant that was missed on an earlier day, if the question has not changed since then."""
        last = {one.variant: one for one in kept if (one.question, one.drill) == (template.question, template.drill)}
        for variant, one in last.items():
            if (
                not one.correct
                and variant not in today
                and self._question(one.question).version == one.question_version
            ):
                return DrillQuestion(
                    one.question, one.question_version, one.drill, variant, template.topics, one.asks, one.code,
                    one.expected, one.why, one.hardness, again=True,
                )  # fmt: skip
        return None

    def _fresh(self, template: Template, past: Sequence[Past], today: set[str]) -> DrillQuestion | None:
        """Return a new variant of a template, or None if it has no more."""
        from ndojo.question.truth import truth
        from ndojo.study.drills import draw, hardness_of, variant_of

        question = self._question(template.question)
        drill = next((one for one in question.drills if one.name == template.drill), None)
        drawn = drill and draw(drill, hardness_of(template, past), today, self._rng)
        if not drill or not drawn:
            return None
        prediction, hardness = drawn
        return DrillQuestion(
            question.slug, question.version, drill.name, variant_of(prediction), template.topics,
            prediction.asks or drill.asks, prediction.code, truth(prediction), prediction.why, hardness,
        )  # fmt: skip

    def _question(self, slug: str) -> Question:
        if slug not in self._questions:
            self._questions[slug] = load(slug)
        return self._questions[slug]


@as_practice_errors()
def search(cards: Sequence[Card], seed: int, count: int, now: datetime) -> list[DrillQuestion]:
    """Return up to `count` drills that depend only on the seed, as if every answer were right."""
    session = DrillSession(cards, seed, remembers=False)
    found: list[DrillQuestion] = []
    while len(found) < count and (posed := session.pose(now)):
        session.note(posed, True)
        found.append(posed)
    return found


# --------------------------------------------------------------------------------------------------------------- judge


def is_answer(typed: str, posed: DrillQuestion) -> bool:
    """Return whether the typed text is a possible answer, right or wrong. If not, ask again."""
    from ndojo.study.typed import agrees, is_readable

    return not typed.strip() or agrees(typed, posed.answer) or is_readable(typed) or not is_readable(posed.answer)


@as_practice_errors()
def judge_drill(posed: DrillQuestion, typed: str, seconds: float, now: datetime) -> DrillJudged:
    """Judge a typed answer to a drill, and save it.

    Parameters
    ----------
    posed : DrillQuestion
    typed : str
        Any text. It is never run. Empty if the drill is skipped, which counts as missed.
    seconds : float
        Time that the learner took.
    now : datetime
        With a time zone.
    """
    from ndojo.study.typed import LONGEST, agrees

    # Bytes that the terminal could not decode are lone surrogates, which cannot be saved.
    typed = typed.strip()[: LONGEST + 1].encode("utf-8", "replace").decode()
    correct = agrees(typed, posed.answer)
    kept = DrillAnswer(
        question=posed.question, question_version=posed.question_version, drill=posed.drill, variant=posed.variant,
        hardness=posed.hardness, asks=posed.asks, code=posed.code, why=posed.why, expected=posed.answer,
        typed=typed, correct=correct, seconds=round(seconds, 3), at=now,
    )  # fmt: skip
    trouble = ""
    try:
        with Store.open() as store:
            store.keep_drill(kept)
    except StoreError as problem:
        trouble = str(problem)
    return DrillJudged(correct, not typed, trouble)
