"""Help on a question: hints, the solution and the explanation."""

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
    """The hints to show, numbered from 1, and their total. `trouble` says why they were not recorded, if so."""

    title: str
    shown: tuple[tuple[int, str], ...]
    total: int
    trouble: str


@as_practice_errors()
def hint(slug: str, now: datetime, *, everything: bool = False) -> Hints:
    """Return the next hint, or all hints if the last one was already taken or `everything` is true."""
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
    """The reference as one file, and other correct answers: name, first failed level (or empty), source code."""

    title: str
    source: str
    others: tuple[tuple[str, str, str], ...]
    trouble: str


def is_solved(slug: str) -> bool:
    """Return whether the learner has passed a question or seen its solution."""
    load(slug)
    with contextlib.suppress(StoreError), Store.open(create=False) as store:
        return store.solution_seen(slug) or store.statuses().get(slug, Status()).status in DONE
    return False


@as_practice_errors()
def solution(slug: str, now: datetime) -> Solution:
    """Return a question's reference and other correct answers, and record that they were seen."""
    question = load(slug)
    if not question.entry_points:
        raise PracticeError(f"{slug} is not a code question, so it has no solution. See `ndojo explain {slug}`.")
    original = ReferenceSource(question.path)
    others = tuple((works.name, works.fails, original.function(works.name)) for works in question.works)
    source = original.complete(answer_source(question))
    return Solution(question.title, source, others, record_event(slug, "solution", now))


@dataclass(frozen=True)
class Explanation:
    """The explanation of a question.

    Parameters
    ----------
    title : str
    spoken : str
        The answer for an interview, in 30 seconds.
    text : str
        The explanation as Markdown.
    points : tuple of str
        What an interviewer listens for.
    follow_ups : tuple of (str, str)
        What an interviewer asks next, with a short answer.
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
    """Return the explanation of a question."""
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
    """Run the live measurement of a question and return its output, or an empty string if it has none."""
    import io

    question, said = load(slug), io.StringIO()
    if question.live is None:
        return ""
    try:
        with contextlib.redirect_stdout(said):
            question.live()
    except Exception as problem:
        return f"{said.getvalue()}The measurement failed: {type(problem).__name__}: {problem}"
    return said.getvalue()
