"""The profile of an answer: time and memory of each line, and the share of the hardware limit that it reaches."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from ndojo.calls.instruments import LINES, PEAKS
from ndojo.checks.suite import ReferenceRunner
from ndojo.measure.clock import Stepper
from ndojo.measure.hardware_limits import Limits, needed
from ndojo.measure.inputs import Pool
from ndojo.measure.measurer import Measurer
from ndojo.measure.messages import milliseconds, size
from ndojo.measure.roofline import Point, roofline
from ndojo.measure.speed import naive_of
from ndojo.question.records import Question
from ndojo.question.requirements import MEASURED, FasterThan, Needs, PeakMemory, Requirement
from ndojo.sandbox import Sandbox

CALLS = 5
PROFILED_SIZE = 4096


class NothingToProfile(ValueError):
    """The question or the answer cannot be profiled. The message says why."""


@dataclass(frozen=True)
class LineCost:
    """One line of an answer: its number and text, number of runs, total seconds, and peak bytes that it allocated."""

    number: int
    text: str
    runs: int
    seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class Profile:
    """The profile of one call.

    Parameters
    ----------
    seconds : float
        CPU time of one call, read from outside.
    lines : tuple of LineCost
        The lines as the sandbox process reports them. They are only advice, and tracing makes the code slower.
    roof : tuple of str
        The roofline as text. Empty if the question does not state the bytes and operations that an answer needs.
    """

    seconds: float
    lines: tuple[LineCost, ...]
    roof: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as a dict."""
        return asdict(self)

    def text(self) -> list[str]:
        """Return the profile as lines of text."""
        whole = sum(line.seconds for line in self.lines) or 1.0
        rows = [
            f"{line.seconds / whole:>5.0%} {milliseconds(line.seconds):>9} {line.runs:>9,} {size(line.peak_bytes):>10}"
            f"  {line.number:>4} {line.text}"
            for line in self.lines
        ]
        head = f"{'time':>5} {'':>9} {'runs':>9} {'holds':>10}  line"
        roof = ["", *self.roof] if self.roof else []
        return [f"One call takes {milliseconds(self.seconds)}.", "", head, *rows, *roof]


def profile(question: Question, source: bytes, sandbox: Sandbox, limits: Limits | None = None) -> Profile:
    """Profile an answer on inputs of the question's speed level, or of another measured level.

    Raises
    ------
    NothingToProfile
        If no level is measured, or the answer does not run.
    """
    requirement = _requirement(question)
    with ReferenceRunner(question) as stage:
        measurer = Measurer(question, sandbox, stage)
        return _Profiler(measurer, requirement, source).profile(limits)


def _requirement(question: Question) -> Requirement:
    """Return the requirement with the most suitable inputs: a speed requirement, if one exists."""
    measured = [one for _, one in question.requirements() if isinstance(one, MEASURED)]
    if not measured:
        raise NothingToProfile(
            f"{question.slug}: no level measures speed or memory, so the question has no large inputs."
        )
    return min(measured, key=lambda one: (not isinstance(one, FasterThan), not isinstance(one, PeakMemory)))


class _Profiler:
    def __init__(self, measurer: Measurer, requirement: Requirement, source: bytes) -> None:
        self.measurer, self.requirement, self.source = measurer, requirement, source
        pool = Pool(measurer.stage, requirement.at)  # type: ignore[attr-defined]
        sized = () if isinstance(requirement, (FasterThan, PeakMemory)) else (PROFILED_SIZE,)
        self.cases = [pool.draw(*sized) for _ in range(1 + CALLS)]

    def profile(self, limits: Limits | None) -> Profile:
        with self.measurer.player(self.source) as player:
            seconds = self._seconds(player)
            lines = self._lines(player)
        return Profile(seconds, lines, tuple(self._roof(limits, seconds)))

    def _seconds(self, player: Stepper) -> float:
        """Return the median CPU time of a call."""
        stopped = player.start()
        windows = [] if stopped else [player.step([case.packed]) for case in self.cases]
        stopped = stopped or next((window.stopped for window in windows if window.stopped), None)
        if stopped:
            raise NothingToProfile(stopped.message)
        return median(window.seconds for window in windows[1:])

    def _lines(self, player: Stepper) -> tuple[LineCost, ...]:
        packed = [case.packed for case in self.cases[:2]]
        times, peaks = (_by_line(player.step(packed, mode).told) for mode in (LINES, PEAKS))
        texts = re.split(r"\r\n?|\n", self.source.decode("utf-8-sig"))
        known = [number for number in sorted(times) if 0 < number <= len(texts)]
        return tuple(
            LineCost(
                number,
                texts[number - 1].rstrip(),
                int(times[number][0]),
                times[number][-1] / 1e6,
                int(peaks.get(number, [0])[0]),
            )
            for number in known
        )

    def _roof(self, limits: Limits | None, seconds: float) -> list[str]:
        """Return the roofline with the answer, the reference and the naive answer."""
        requirement = self.requirement
        if limits is None or not isinstance(requirement, FasterThan) or requirement.needs is None:
            return []
        entry, naive = naive_of(self.measurer.question, requirement)
        entry = entry or self.cases[0].entry.name
        others = {
            ("R", "the reference"): self.measurer.reference_source(),
            ("N", "the naive answer"): self.measurer.naive_source(entry, naive),
        }
        points = [_point("A", "your answer", requirement.needs, self.cases[0].inputs, seconds)]
        for (letter, name), source in others.items():
            with self.measurer.player(source) as player:
                points.append(_point(letter, name, requirement.needs, self.cases[0].inputs, self._seconds(player)))
        # Points drawn later cover earlier ones. The answer is drawn last, so its letter is always visible.
        return roofline(limits, points[::-1])


def _point(letter: str, name: str, needs: Needs, inputs: Mapping[str, Any], seconds: float) -> Point:
    return Point(letter, name, *needed(needs, inputs), seconds)


def _by_line(told: Any) -> dict[int, Sequence[float]]:
    """Return an instrument's figures by line number. Rows in an unexpected form are ignored."""
    rows = told if isinstance(told, list) else []
    return {
        row[0]: row[1:]
        for row in rows
        if isinstance(row, list) and len(row) in (2, 3) and all(type(one) in (int, float) for one in row)
    }
