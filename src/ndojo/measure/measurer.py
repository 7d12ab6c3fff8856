"""The entry point of this package: `Measurer` takes a requirement and an answer, and returns a finding."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

from ndojo.calls.client import briefing
from ndojo.checks.finding import Finding
from ndojo.checks.suite import ReferenceRunner
from ndojo.measure.calibration import Calibration, calibrate
from ndojo.measure.canary import Canary
from ndojo.measure.clock import Stepper
from ndojo.measure.growth import check_growth
from ndojo.measure.hardware_limits import Limits, needed
from ndojo.measure.inputs import Pool
from ndojo.measure.memory import check_peak_memory
from ndojo.measure.python_loops import check_no_python_loop
from ndojo.measure.speed import Timing, check_speed, naive_of, with_shares
from ndojo.question.answer_source import answer_source
from ndojo.question.records import Question
from ndojo.question.requirements import FasterThan, Grows, Needs, NoPythonLoop, PeakMemory, Requirement
from ndojo.sandbox import Sandbox

REFERENCE_CALLS = 7


@dataclass
class Measurer:
    """Measures answers to one question.

    Parameters
    ----------
    question : Question
    sandbox : Sandbox
    stage : ReferenceRunner
        Runs the reference, which gives the expected results of the measured inputs.
    find_limits : callable, optional
        Returns the hardware limits of this machine. It is called at most once, and only if a level requires speed. The
        verdict then includes the share of the limit that the answer reaches.
    """

    question: Question
    sandbox: Sandbox
    stage: ReferenceRunner
    find_limits: Callable[[], Limits] | None = None

    @cached_property
    def limits(self) -> Limits | None:
        """The hardware limits of this machine, or None without `find_limits`."""
        return self.find_limits() if self.find_limits else None

    @cached_property
    def canary(self) -> Canary:
        """Detects whether other programs keep this machine busy."""
        return Canary.knowing(dict(self.limits.quiet)) if self.limits else Canary()

    @cached_property
    def scales(self) -> Calibration:
        """Which memory readings are correct on this machine."""
        return calibrate(self.sandbox)

    @cached_property
    def _briefing(self) -> bytes:
        return briefing(self.question)

    def player(self, source: bytes) -> Stepper:
        """Return a separate sandbox process for an answer. `Stepper.start` loads the answer."""
        return Stepper(self.sandbox, self.question, source, self._briefing)

    def finding(self, requirement: Requirement, source: bytes) -> Finding:
        """Return the finding for one requirement. The caller sets its level."""
        if isinstance(requirement, FasterThan):
            return self._faster(requirement, source)
        assert isinstance(requirement, (NoPythonLoop, Grows, PeakMemory))
        pool, lines = Pool(self.stage, requirement.at), re.split(r"\r\n?|\n", source.decode("utf-8-sig"))
        answer, reference = self._maker(source), self._maker(self.reference_source())
        if isinstance(requirement, Grows):
            return check_growth(requirement, answer, reference, pool)
        with answer() as player:
            if isinstance(requirement, PeakMemory):
                return check_peak_memory(requirement, player, pool, lines, self.scales)
            return check_no_python_loop(requirement, player, reference, pool, lines)

    def _maker(self, source: bytes) -> Callable[[], Stepper]:
        return lambda: self.player(source)

    def _faster(self, requirement: FasterThan, source: bytes) -> Finding:
        entry, naive = naive_of(self.question, requirement)
        pool = Pool(self.stage, requirement.at, entry)
        other = self.naive_source(pool.entry.name, naive)
        finding = check_speed(requirement, Timing(self._maker(source), self._maker(other), self.canary), pool)
        return self._with_shares(finding, requirement.needs, pool)

    def _with_shares(self, finding: Finding, needs: Needs | None, pool: Pool) -> Finding:
        if self.limits is None or needs is None or not finding.figures:
            return finding
        least = self.limits.least_seconds(*needed(needs, pool.case(0).inputs))
        return with_shares(finding, least, self.reference_seconds(pool))

    def reference_seconds(self, pool: Pool) -> float:
        """Return the median CPU time of one call of the reference after two warm-up calls, or 0.0 if it fails."""
        with self.player(self.reference_source()) as player:
            cases = [] if player.start() else pool.cases(0, 2 + REFERENCE_CALLS)
            windows = [player.step([case.packed]) for case in cases]
        return median(window.seconds for window in windows[2:]) if windows else 0.0

    def reference_source(self) -> bytes:
        """Return the reference as an answer file."""
        return answer_source(self.question).encode()

    def naive_source(self, entry: str, naive: Any) -> bytes:
        """Return the naive answer as an answer file."""
        return answer_source(self.question, {entry: naive}).encode()
