"""Judge answers in a session with a warm sandbox."""

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
    """A verdict with related facts to show.

    `answer_id` is None if the answer was not saved. `trouble` says why the verdict was not saved, if so.
    `judged_before` is the time of the earlier verdict if the answer is unchanged, otherwise None.
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
        """Whether level 1 is passed."""
        return self.verdict.passed_levels > 0


@dataclass(frozen=True)
class Recovered:
    """An answer that was saved without a verdict and is judged now."""

    answer: Answer
    verdict: Verdict


class Session:
    """A context manager with a sandbox and judges that stay warm between answers.

    The constructor returns immediately, and the sandbox starts in the background.

    Parameters
    ----------
    tier : str, optional
        One of `TIERS`. Default: the strongest that works on this machine.
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
        """End all judges and sandboxes."""
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
        """Judge an answer file. The answer is saved in the store before it is judged.

        Parameters
        ----------
        path : Path
        slug : str, optional
            The question. Default: the question that the file is named after.
        levels : int, optional
            Judge only this number of levels.
        keep : bool
            Whether to save the answer and the verdict.
        seed : int, optional
            Seed of the random cases. Default: a random seed.
        fresh : bool
            Judge the answer even if the same judge on this machine already gave a verdict on the unchanged answer.
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
        """Judge the source code of an answer. The answer is saved in the store before it is judged.

        Parameters
        ----------
        slug : str
        source : bytes
            UTF-8.
        name : str
            File name of the answer.
        levels, keep, seed, fresh, now
            As in `check`.
        """
        _check_text(source, name)
        judge = self._judge(slug)
        question = judge.question
        judge.sandbox.wake()  # it gets ready while the answer is saved
        answer_id = keep_answer(question, source, name, levels, now) if keep else None
        known = verdict_key_of(question, source, levels, self._tier)
        same, last = kept_verdict(slug, source, known) if keep else (None, {})
        if same is None or fresh or seed is not None:
            same, verdict = None, with_last_shares(self._verdict(slug, source, levels, seed), last)
        else:
            verdict = verdict_of(same.verdict or {})
        trouble = "" if answer_id is None else keep_verdict(answer_id, verdict, known, now)
        seen = same.judged_at if same else None
        return Checked(verdict, question.title, levels_of(question), None, answer_id, trouble, seen)

    @as_practice_errors()
    def judge(self, slug: str, source: str, *, levels: int | None = None, seed: int | None = None) -> Checked:
        """Judge the source code of an answer without saving it."""
        question = self._judge(slug).question
        verdict = self._verdict(slug, source.encode(), levels, seed)
        return Checked(verdict, question.title, levels_of(question), None, None)

    @as_practice_errors()
    def profile(self, slug: str, source: bytes) -> Profile:
        """Measure the time of each line of an answer, and its share of the hardware limit."""
        from ndojo.measure.line_profile import NothingToProfile, profile

        question = load(slug)
        sandbox = self.sandbox(tuple(question.allows))
        try:
            return profile(question, source, sandbox, find_limits(sandbox))
        except NothingToProfile as problem:
            raise PracticeError(str(problem), "question") from problem

    def prepare(self, slug: str) -> None:
        """Draw the cases of the next verdict on a question in advance."""
        with contextlib.suppress(Exception):  # an error appears again when the answer is judged
            self._judge(slug).prepare()

    def tier(self) -> tuple[str, str]:
        """Return the sandbox's tier and its description."""
        with as_practice_errors():
            isolation = self._sandboxes[()].isolation
            return isolation.tier, isolation.note

    def recover(self, now: datetime) -> Iterator[Recovered]:
        """Judge each saved answer that has no verdict, for example after a crash."""
        with as_practice_errors(), Store.open(create=False) as store:
            waiting = store.unjudged()
        for answer in waiting:
            # If an answer cannot be judged now, because its question is missing or has an error, it keeps waiting.
            with contextlib.suppress(PracticeError), as_practice_errors():
                source = answer.source.encode("utf-8", "replace")
                verdict = self._verdict(answer.question, source, answer.levels, None)
                known = verdict_key_of(load(answer.question), source, answer.levels, self._tier)
                if not keep_verdict(answer.id, verdict, known, now):
                    yield Recovered(answer, verdict)

    def sandbox(self, allows: tuple[str, ...]) -> Sandbox:
        """Return the sandbox in which answers may also use some packages."""
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
        """Return the judge's verdict, or an internal error as a verdict if the judge fails."""
        try:
            return self._judge(slug).judge(source, levels=levels, seed=seed)
        except Exception as problem:
            if subject_of(problem) or isinstance(problem, PracticeError):
                raise
            return _internal_error(slug, problem)


def with_last_shares(verdict: Verdict, last: Mapping[str, float]) -> Verdict:
    """Add to each share of the hardware limit the share that the learner's last answer reached."""
    if not last:
        return verdict
    from ndojo.measure.speed import with_last

    return replace(verdict, findings=tuple(with_last(one, last.get(one.requirement)) for one in verdict.findings))


def check(path: Path, slug: str | None = None, *, tier: str | None = None, now: datetime, **options: Any) -> Checked:
    """Judge one answer file; see `Session.check`."""
    with Session(tier) as session:
        return session.check(path, slug, now=now, **options)


def _check_text(source: bytes, name: str) -> None:
    """Raise an error if the content cannot be Python source code."""
    from ndojo.judge.answer_file import AnswerError, check_source

    try:
        check_source(source)
    except AnswerError as problem:
        raise PracticeError(f"{name} {problem}", "answer") from problem


def _internal_error(slug: str, problem: Exception) -> Verdict:
    """Return the verdict for an internal error of the judge."""
    import traceback

    from ndojo.checks.finding import UNCHECKED, Finding
    from ndojo.judge.verdict import conclude

    message = f"ndojo has an internal error: {type(problem).__name__}: {problem}. This does not count against you."
    advice = f"Please report the lines above, with your answer and ndojo {__version__}."
    trace = "".join(traceback.format_exception(problem))
    finding = Finding(1, "correct", UNCHECKED, "IE", message, trace=trace, advice=advice)
    levels = tuple(name for name, _ in levels_of(load(slug)))
    return conclude(slug, levels, [finding], output="", seconds=0.0)
