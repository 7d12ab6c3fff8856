"""Saved answers with their verdicts, and other events."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ndojo import __version__
from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.questions import check_known
from ndojo.store import Answer, Store, StoreError

if TYPE_CHECKING:
    from ndojo.judge.verdict import Verdict
    from ndojo.question.records import Question


def keep_answer(question: Question, source: bytes, name: str, levels: int | None, now: datetime) -> int:
    """Save an answer before it is judged, and return its id."""
    try:
        with Store.open() as store:
            return store.keep_answer(question.slug, question.version, source.decode(), name, levels, now)
    except StoreError as problem:
        kept = f"{name} was not changed. `ndojo check --no-store {name}` judges it without saving it."
        raise PracticeError(f"{problem} {kept}", "store") from problem


def verdict_key_of(question: Question, source: bytes, levels: int | None, tier: str | None) -> str:
    """Return a key of a verdict, from the version of ndojo, the answer, the question, the judge and the machine."""
    from ndojo.judge.verdict_key import verdict_key

    return f"{__version__} {verdict_key(question, source, levels=levels, isolation=tier or '')}"


def kept_verdict(slug: str, source: bytes, name: str) -> tuple[Answer | None, dict[str, float]]:
    """Return an earlier verdict on the same answer, and the measured shares of an earlier different answer.

    Parameters
    ----------
    slug : str
    source : bytes
    name : str
        The result of `verdict_key_of`.

    Returns
    -------
    same : Answer or None
        The newest answer whose verdict has this key.
    shares : dict of str to float
        By requirement, the share of the hardware limit that the newest other answer reached.
    """
    with contextlib.suppress(StoreError), Store.open(create=False) as store:
        answers = [one for one in store.answers(slug, LOOKED_BACK) if one.verdict]
        same = next((one for one in answers if one.judge_version == name and _is_sound(one.verdict)), None)
        others = (shares_of(one.verdict) for one in answers if one.source.encode("utf-8", "replace") != source)
        return same, next((shares for shares in others if shares), {})
    return None, {}


LOOKED_BACK = 50


def _is_sound(record: Mapping[str, Any] | None) -> bool:
    """Return whether every requirement of a verdict could be checked."""
    findings = record["findings"] if record else []
    return bool(findings) and all(finding["outcome"] != "could not check" for finding in findings)


def shares_of(record: Mapping[str, Any] | None) -> dict[str, float]:
    """Return the share of the hardware limit that an answer reached, by requirement."""
    findings = record["findings"] if record else []
    figures = {finding["requirement"]: finding.get("figures") or {} for finding in findings}
    return {name: own["share"] for name, own in figures.items() if "share" in own}


def keep_verdict(answer_id: int, verdict: Verdict, name: str, now: datetime) -> str:
    """Save a verdict. Return why this was not possible, or an empty string. The answer is saved in both cases."""
    try:
        with Store.open() as store:
            store.keep_verdict(answer_id, verdict.to_dict(), name, now + timedelta(seconds=verdict.seconds))
    except StoreError as problem:
        return f"The answer is saved, but its verdict is not. The answer will be judged again. {problem}"
    return ""


def record_event(slug: str, what: Any, now: datetime, detail: Any = None, times: int = 1) -> str:
    """Record an event. Return why this was not possible, or an empty string."""
    try:
        with Store.open() as store:
            for _ in range(times):
                store.record(slug, what, now, detail)
    except StoreError as problem:
        return str(problem)
    return ""


@as_practice_errors()
def answers(slug: str | None = None, limit: int | None = None) -> list[Answer]:
    """Return saved answers with their verdicts, newest first."""
    if slug is not None:
        check_known(slug)
    with Store.open(create=False) as store:
        return store.answers(slug, limit)


@as_practice_errors()
def answer(number: int) -> Answer:
    """Return a saved answer by its number."""
    with Store.open(create=False) as store:
        found = store.answer(number)
    if found is None:
        raise PracticeError(f"No answer has the number {number}. `ndojo history` lists the saved answers.")
    return found


def verdict_of(record: Mapping[str, Any]) -> Verdict:
    """Return the verdict from its saved record."""
    from ndojo.judge.verdict import Verdict

    return Verdict.from_dict(dict(record))
