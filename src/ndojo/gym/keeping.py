"""What the store keeps: answers with their verdicts, and what the learner did besides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ndojo import __version__
from ndojo.gym.bank import check_known
from ndojo.gym.problems import GymError, explained
from ndojo.store import Answer, Store, StoreError

if TYPE_CHECKING:
    from ndojo.judge.verdict import Verdict
    from ndojo.question.records import Question


def keep_answer(question: Question, source: bytes, name: str, levels: int | None, now: datetime) -> int:
    """Keep an answer, which is judged after; its number."""
    try:
        with Store.open() as store:
            return store.keep_answer(question.slug, question.version, source.decode(), name, levels, now)
    except StoreError as problem:
        kept = f"{name} itself is untouched; `ndojo check --no-store {name}` judges it without keeping it."
        raise GymError(f"{problem} {kept}", "store") from problem


def keep_verdict(answer_id: int, verdict: Verdict, now: datetime) -> str:
    """Keep a verdict; why that was not possible, where it was not. The answer is safe either way."""
    try:
        with Store.open() as store:
            store.keep_verdict(answer_id, verdict.to_dict(), __version__, now + timedelta(seconds=verdict.seconds))
    except StoreError as problem:
        return f"The answer is kept, its verdict is not: it will be judged again. {problem}"
    return ""


def note(slug: str, what: Any, now: datetime, detail: Any = None, times: int = 1) -> str:
    """Record an event; returns why that was not possible, where it was not."""
    try:
        with Store.open() as store:
            for _ in range(times):
                store.record(slug, what, now, detail)
    except StoreError as problem:
        return str(problem)
    return ""


@explained()
def history(slug: str | None = None, limit: int | None = None) -> list[Answer]:
    """Answers that were kept, newest first, each with its verdict."""
    if slug is not None:
        check_known(slug)
    with Store.open(create=False) as store:
        return store.answers(slug, limit)


@explained()
def answer(number: int) -> Answer:
    """One answer that was kept, by its number."""
    with Store.open(create=False) as store:
        found = store.answer(number)
    if found is None:
        raise GymError(f"No answer has the number {number}. `ndojo history` lists those that were kept.")
    return found


def verdict_of(record: Mapping[str, Any]) -> Verdict:
    """The verdict that was kept as a record."""
    from ndojo.judge.verdict import Verdict

    return Verdict.from_dict(dict(record))
