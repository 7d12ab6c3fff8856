"""The judge takes an answer and returns a verdict."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ndojo.calls.client import AnswerRunner, briefing
from ndojo.checks.finding import Finding
from ndojo.checks.suite import Suite, SuiteMaker
from ndojo.judge.advice import advised
from ndojo.judge.verdict import Verdict, conclude
from ndojo.question.errors import QuestionError
from ndojo.question.records import Question
from ndojo.question.requirements import (
    Requirement,
)
from ndojo.sandbox import Sandbox

if TYPE_CHECKING:
    from ndojo.measure.hardware_limits import Limits
    from ndojo.measure.measurer import Measurer
from ndojo.judge.answer_file import check_source
from ndojo.judge.answer_run import AnswerRun


class Judge:
    """Judges answers to one question in a sandbox that belongs to the caller.

    Parameters
    ----------
    question : Question
    sandbox : Sandbox
    find_limits : callable, optional
        Returns the hardware limits of this machine; see `ndojo.measure.hardware_limits.limits_of`.

    Notes
    -----
    `prepare` draws the suite of the next verdict in advance, while no answer is waiting.
    """

    def __init__(self, question: Question, sandbox: Sandbox, find_limits: Callable[[], Limits] | None = None) -> None:
        if not question.entry_points:
            raise QuestionError(f"{question.slug} has no code to judge: its kind is {' and '.join(question.kinds)}.")
        self.question = question
        self.sandbox = sandbox
        self._find_limits = find_limits
        self._maker = SuiteMaker(question)
        self._briefing = briefing(question)
        self._next: Suite | None = None
        self.counts_cpu = False
        self.child_cpu_seconds = 0.0

    @cached_property
    def measurer(self) -> Measurer:
        """Measures speed and memory. Created and imported only if a level needs it."""
        from ndojo.measure.measurer import Measurer

        return Measurer(self.question, self.sandbox, self._maker.stage, self._find_limits)

    def _measured(self, requirement: Requirement, source: bytes) -> Finding:
        return self.measurer.finding(requirement, source)

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._maker.close()

    def prepare(self, seed: int | None = None, *, curated: bool = False) -> None:
        """Draw the cases of the next verdict.

        Parameters
        ----------
        seed : int, optional
            Seed of the random cases. New entropy if not given.
        curated : bool
            Draw only the curated cases, without random ones.
        """
        chosen = int.from_bytes(os.urandom(8), "little") if seed is None else seed
        self._next = self._maker.draw(chosen, curated=curated)

    def judge(
        self, source: bytes, *, levels: int | None = None, seed: int | None = None, explain: bool = True
    ) -> Verdict:
        """Judge an answer.

        Parameters
        ----------
        source : bytes
            The answer file.
        levels : int, optional
            Judge only the first `levels` levels.
        seed : int, optional
            Seed of the random cases. New entropy if not given.
        explain : bool
            Whether to shrink a failing case and look for its misconception.

        Raises
        ------
        AnswerError
            If `source` is not Python source code.
        """
        check_source(source)
        started = time.perf_counter()
        if self._next is None or seed is not None:
            self.prepare(seed)
        suite, self._next = self._next, None
        assert suite is not None
        with AnswerRunner(self.sandbox, self.question, source, self._briefing, counts_cpu=self.counts_cpu) as player:
            run = AnswerRun(suite, player, source, self._measured, levels, explain)
            findings = [advised(finding) for finding in run.run()]
            seconds = time.perf_counter() - started
        self.child_cpu_seconds = player.cpu_seconds
        return conclude(
            self.question.slug,
            tuple(level.name for level in run.levels),
            findings,
            output=run.output,
            seconds=round(seconds, 6),
            isolation=self.sandbox.isolation.to_dict(),
            cases=len(suite.all_cases),
        )


def judge(question: Question, source: bytes, sandbox: Sandbox, **options: Any) -> Verdict:
    """Judge one answer. See `Judge.judge`."""
    with Judge(question, sandbox) as one:
        return one.judge(source, **options)
