"""Judging answers: a session that stays warm, and the result of an answer."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ndojo import __version__
from ndojo.practice.answer_files import question_of, read_answer
from ndojo.practice.errors import PracticeError, as_practice_errors, subject_of
from ndojo.practice.hardware_limits import find_limits
from ndojo.practice.history import keep_answer, keep_verdict, kept_verdict, verdict_key_of, verdict_of
from ndojo.practice.questions import levels_of, load
from ndojo.store import Answer, Store

if TYPE_CHECKING:
    from ndojo.judge.judge import Judge
    from ndojo.judge.verdict import Verdict
    from ndojo.measure.line_profile import Profile
    from ndojo.sandbox import Sandbox


TIERS = ("full", "container", "partial", "plain")


@dataclass(frozen=True)
class Checked:
    """A verdict, with what a face shows around it.

    `answer_id` is None where the answer was not kept; `trouble` says why the verdict was not, where it was not;
    `judged_before` is when, where the answer was unchanged and its verdict known.
    """

    verdict: Verdict
    title: str
    levels: tuple[tuple[str, str], ...]
    path: Path | None
    answer_id: int | None
    trouble: str = ""
    judged_before: datetime | None = None

    @property
    def passed(self) -> bool:
        """Whether the first level or more is passed."""
        return self.verdict.passed_levels > 0


@dataclass(frozen=True)
class Recovered:
    """An answer that was kept and never judged until now."""

    answer: Answer
    verdict: Verdict


class Session:
    """A sandbox and judges that stay warm from one answer to the next. A context manager.

    Making one returns immediately, while the sandbox starts at the same time.

    Parameters
    ----------
    tier : str, optional
        One of `TIERS`; without it, the strongest that works on this machine.
    """

    @as_practice_errors()
    def __init__(self, tier: str | None = None) -> None:
        from ndojo.sandbox import Sandbox

        self._tier = tier
        self._sandboxes: dict[tuple[str, ...], Sandbox] = {(): Sandbox(tier)}
        self._judges: dict[str, Judge] = {}

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox and everything in it."""
        for judge in self._judges.values():
            judge.close()
        for sandbox in self._sandboxes.values():
            sandbox.close()

    @as_practice_errors()
    def check(
        self,
        path: Path,
        slug: str | None = None,
        *,
        levels: int | None = None,
        keep: bool = True,
        seed: int | None = None,
        fresh: bool = False,
        now: datetime,
    ) -> Checked:
        """The verdict on an answer file, which is kept in the store before it is judged.

        Parameters
        ----------
        path : Path
        slug : str, optional
            The question; without it, the file's name says it.
        levels : int, optional
            Judge only so many levels.
        keep : bool
            Whether answer and verdict are kept.
        seed : int, optional
            Of the random cases; from fresh entropy unless given.
        fresh : bool
            Judge also what is unchanged since its last verdict, by the same judge on this machine.
        now : datetime
            With a time zone.
        """
        slug = slug or question_of(path)
        source = read_answer(path)
        checked = self.submit(slug, source, path.name, levels=levels, keep=keep, seed=seed, fresh=fresh, now=now)
        return replace(checked, path=path)

    @as_practice_errors()
    def submit(
        self,
        slug: str,
        source: bytes,
        name: str,
        *,
        levels: int | None = None,
        keep: bool = True,
        seed: int | None = None,
        fresh: bool = False,
        now: datetime,
    ) -> Checked:
        """The verdict on an answer's text, which is kept in the store before it is judged.

        Parameters
        ----------
        slug : str
        source : bytes
            UTF-8.
        name : str
            Where it comes from, as a file's name.
        levels, keep, seed, fresh, now
            As in `check`.
        """
        _check_text(source, name)
        judge = self._judge(slug)
        question = judge.question
        judge.sandbox.rouse()  # it gets ready while the answer goes to the disk
        answer_id = keep_answer(question, source, name, levels, now) if keep else None
        known = verdict_key_of(question, source, levels, self._tier)
        same, last = kept_verdict(slug, source, known) if keep else (None, {})
        if same is None or fresh or seed is not None:
            same, verdict = None, beside_last(self._verdict(slug, source, levels, seed), last)
        else:
            verdict = verdict_of(same.verdict or {})
        trouble = "" if answer_id is None else keep_verdict(answer_id, verdict, known, now)
        seen = same.judged_at if same else None
        return Checked(verdict, question.title, levels_of(question), None, answer_id, trouble, seen)

    @as_practice_errors()
    def judge(self, slug: str, source: str, *, levels: int | None = None, seed: int | None = None) -> Checked:
        """The verdict on an answer's text, which is not kept."""
        question = self._judge(slug).question
        verdict = self._verdict(slug, source.encode(), levels, seed)
        return Checked(verdict, question.title, levels_of(question), None, None)

    @as_practice_errors()
    def profile(self, slug: str, source: bytes) -> Profile:
        """Where the time of an answer goes, line by line, and how near it comes to what this machine can do."""
        from ndojo.measure.line_profile import NothingToProfile, profile

        question = load(slug)
        sandbox = self.sandbox(tuple(question.allows))
        try:
            return profile(question, source, sandbox, find_limits(sandbox))
        except NothingToProfile as problem:
            raise PracticeError(str(problem), "question") from problem

    def prepare(self, slug: str) -> None:
        """Draw the cases of the next verdict on a question, while no caller waits."""
        with contextlib.suppress(Exception):  # any error shows when the answer is judged
            self._judge(slug).prepare()

    def tier(self) -> tuple[str, str]:
        """The sandbox's tier, and a sentence on what it means."""
        with as_practice_errors():
            isolation = self._sandboxes[()].isolation
            return isolation.tier, isolation.note

    def recover(self, now: datetime) -> Iterator[Recovered]:
        """Judge each answer that was kept and never judged: a crash came between."""
        with as_practice_errors(), Store.open(create=False) as store:
            waiting = store.unjudged()
        for answer in waiting:
            # One that cannot be judged now, because its question is gone or has a mistake, waits on.
            with contextlib.suppress(PracticeError), as_practice_errors():
                source = answer.source.encode("utf-8", "replace")
                verdict = self._verdict(answer.question, source, answer.levels, None)
                known = verdict_key_of(load(answer.question), source, answer.levels, self._tier)
                if not keep_verdict(answer.id, verdict, known, now):
                    yield Recovered(answer, verdict)

    def sandbox(self, allows: tuple[str, ...]) -> Sandbox:
        """The sandbox whose answers may use these packages too."""
        if allows not in self._sandboxes:
            from ndojo.sandbox import Sandbox

            self._sandboxes[allows] = Sandbox(self._tier, allows=allows)
        return self._sandboxes[allows]

    def _judge(self, slug: str) -> Judge:
        if slug not in self._judges:
            from ndojo.judge.judge import Judge

            question = load(slug)
            sandbox = self.sandbox(tuple(question.allows))
            self._judges[slug] = Judge(question, sandbox, partial(find_limits, sandbox))
        return self._judges[slug]

    def _verdict(self, slug: str, source: bytes, levels: int | None, seed: int | None) -> Verdict:
        """The judge's verdict, or, where the judge itself breaks, one that says so."""
        try:
            return self._judge(slug).judge(source, levels=levels, seed=seed)
        except Exception as problem:
            if subject_of(problem) or isinstance(problem, PracticeError):
                raise
            return _internal_error(slug, problem)


def beside_last(verdict: Verdict, last: Mapping[str, float]) -> Verdict:
    """The verdict, which says next to each share of the hardware limit what the learner's last answer reached."""
    if not last:
        return verdict
    from ndojo.measure.speed import with_last

    return replace(verdict, findings=tuple(with_last(one, last.get(one.requirement)) for one in verdict.findings))


def check(path: Path, slug: str | None = None, *, tier: str | None = None, now: datetime, **options: Any) -> Checked:
    """The verdict on one answer file; see `Session.check`."""
    with Session(tier) as session:
        return session.check(path, slug, now=now, **options)


def _check_text(source: bytes, name: str) -> None:
    """Refuse what is no Python text."""
    from ndojo.judge.answer_file import AnswerError, check_source

    try:
        check_source(source)
    except AnswerError as problem:
        raise PracticeError(f"{name} {problem}", "answer") from problem


def _internal_error(slug: str, problem: Exception) -> Verdict:
    """The verdict where the judge broke: our mistake, never the learner's."""
    import traceback

    from ndojo.checks.finding import UNCHECKED, Finding
    from ndojo.judge.verdict import conclude

    message = f"ndojo itself broke: {type(problem).__name__}: {problem}. This does not count against you."
    advice = f"Please report the lines above, with the answer and ndojo {__version__}."
    trace = "".join(traceback.format_exception(problem))
    finding = Finding(1, "correct", UNCHECKED, "IE", message, trace=trace, advice=advice)
    levels = tuple(name for name, _ in levels_of(load(slug)))
    return conclude(slug, levels, [finding], output="", seconds=0.0)
