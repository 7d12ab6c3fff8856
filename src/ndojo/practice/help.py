"""What helps with a question: hints, the solution, the explanation."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime

from ndojo.practice.catalog import DONE
from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.history import record_event
from ndojo.practice.questions import load
from ndojo.practice.reference_source import ReferenceSource
from ndojo.question.answer_source import answer_source
from ndojo.store import Status, Store, StoreError


@dataclass(frozen=True)
class Hints:
    """The hints to show, each with its number from 1; the total; and why no note was kept, if none was."""

    title: str
    shown: tuple[tuple[int, str], ...]
    total: int
    trouble: str


@as_practice_errors()
def hint(slug: str, now: datetime, *, everything: bool = False) -> Hints:
    """The next hint; all of them once the last was given, or where `everything` is wanted."""
    question = load(slug)
    taken, trouble = _hints_taken(slug)
    total = len(question.hints)
    numbered = tuple(enumerate(question.hints, 1))
    fresh = total - taken if everything else min(1, total - taken)
    shown = numbered if everything or taken >= total else numbered[taken : taken + 1]
    if fresh > 0 and not trouble:
        trouble = record_event(slug, "hint", now, times=fresh)
    return Hints(question.title, shown, total, trouble)


def _hints_taken(slug: str) -> tuple[int, str]:
    try:
        with Store.open(create=False) as store:
            return store.hints_taken(slug), ""
    except StoreError as problem:
        return 0, str(problem)


@dataclass(frozen=True)
class Solution:
    """The reference as one file, and other right answers: name, first level that each fails or nothing, source."""

    title: str
    source: str
    others: tuple[tuple[str, str, str], ...]
    trouble: str


def is_solved(slug: str) -> bool:
    """Whether the learner has passed a question or seen its solution, and so may see it without being asked."""
    load(slug)
    with contextlib.suppress(StoreError), Store.open(create=False) as store:
        return store.solution_seen(slug) or store.statuses().get(slug, Status()).status in DONE
    return False


@as_practice_errors()
def solution(slug: str, now: datetime) -> Solution:
    """A question's reference and its other right answers; that they were seen is noted."""
    question = load(slug)
    if not question.entry_points:
        raise PracticeError(f"{slug} is not a code question, so it has no solution. See `ndojo explain {slug}`.")
    original = ReferenceSource(question.path)
    others = tuple((works.name, works.fails, original.function(works.name)) for works in question.works)
    source = original.complete(answer_source(question))
    return Solution(question.title, source, others, record_event(slug, "solution", now))


@dataclass(frozen=True)
class Explanation:
    """Everything about a question.

    Parameters
    ----------
    title : str
    spoken : str
        What one would say in an interview, in 30 seconds.
    text : str
        The explanation, Markdown.
    points : tuple of str
        What an interviewer listens for.
    follow_ups : tuple of (str, str)
        What an interviewer asks next, each with a short answer.
    links, related : tuple of str
    has_live : bool
        Whether the question has a measurement to run on this machine.
    """

    title: str
    spoken: str
    text: str
    points: tuple[str, ...]
    follow_ups: tuple[tuple[str, str], ...]
    links: tuple[str, ...]
    related: tuple[str, ...]
    has_live: bool


@as_practice_errors()
def explanation(slug: str) -> Explanation:
    """The explanation of a question, with its spoken answer."""
    question = load(slug)
    return Explanation(
        title=question.title,
        spoken=question.spoken,
        text=question.explanation,
        points=tuple(question.points),
        follow_ups=tuple(question.follow_ups.items()),
        links=tuple(question.links),
        related=tuple(question.related),
        has_live=question.live is not None,
    )


def live(slug: str) -> str:
    """What a question shows of its point when it is run here and now; empty where it shows nothing."""
    import io

    question, said = load(slug), io.StringIO()
    if question.live is None:
        return ""
    try:
        with contextlib.redirect_stdout(said):
            question.live()
    except Exception as problem:
        return f"{said.getvalue()}It could not be shown: {type(problem).__name__}: {problem}"
    return said.getvalue()
