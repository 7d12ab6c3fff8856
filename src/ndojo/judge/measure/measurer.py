"""The door to measuring: a requirement and an answer go in, a finding comes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ndojo.judge.measure.canary import Canary
from ndojo.judge.measure.clock import Stepper
from ndojo.judge.measure.growth import growth
from ndojo.judge.measure.inputs import Pool
from ndojo.judge.measure.loops import loopless
from ndojo.judge.measure.memory import lean
from ndojo.judge.measure.speed import Timing, faster, naive_of
from ndojo.judge.player import briefing
from ndojo.judge.sandbox import Sandbox
from ndojo.judge.suite import Stage
from ndojo.judge.verdict import Finding
from ndojo.question.records import Question
from ndojo.question.requirements import FasterThan, Grows, NoPythonLoop, PeakMemory, Requirement

MEASURED = (FasterThan, NoPythonLoop, Grows, PeakMemory)
"""The requirements that are measured."""


@dataclass
class Measurer:
    """Measures answers to one question.

    Parameters
    ----------
    question : Question
    sandbox : Sandbox
    stage : Stage
        Where the reference says what must come of the inputs that are measured.
    canary : Canary
        Keeps what this machine is like when it is quiet.
    """

    question: Question
    sandbox: Sandbox
    stage: Stage
    canary: Canary = field(default_factory=Canary)

    @cached_property
    def _briefing(self) -> bytes:
        return briefing(self.question)

    def player(self, source: bytes) -> Stepper:
        """A child of its own for an answer; its answer is loaded by `start`."""
        return Stepper(self.sandbox, self.question, source, self._briefing)

    def finding(self, requirement: Requirement, source: bytes) -> Finding:
        """The finding on one requirement; its level is for the caller to fill in."""
        if isinstance(requirement, FasterThan):
            return self._faster(requirement, source)
        assert isinstance(requirement, (NoPythonLoop, Grows, PeakMemory))
        pool, lines = Pool(self.stage, requirement.at), re.split(r"\r\n?|\n", source.decode("utf-8-sig"))
        with self.player(source) as player:
            if isinstance(requirement, PeakMemory):
                return lean(requirement, player, pool, lines)
            if isinstance(requirement, NoPythonLoop):
                reference = self._maker(self.question.reference_source().encode())
                return loopless(requirement, player, reference, pool, lines)
            return growth(requirement, player, pool)

    def _maker(self, source: bytes) -> Callable[[], Stepper]:
        return lambda: self.player(source)

    def _faster(self, requirement: FasterThan, source: bytes) -> Finding:
        entry, naive = naive_of(self.question, requirement)
        pool = Pool(self.stage, requirement.at, entry)
        other = self.naive_source(pool.entry.name, naive)
        return faster(requirement, Timing(self._maker(source), self._maker(other), self.canary), pool)

    def naive_source(self, entry: str, naive: Any) -> bytes:
        """The naive answer as an answer file."""
        return self.question.reference_source({entry: naive}).encode()
