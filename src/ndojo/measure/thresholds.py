"""Checks that a question's speed thresholds differ clearly from the speed of each known answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from ndojo.checks.finding import Finding
from ndojo.measure.measurer import Measurer
from ndojo.measure.messages import percent
from ndojo.question.answer_source import answer_source
from ndojo.question.records import Question
from ndojo.question.requirements import FasterThan, Level

GAP = 1.5
"""A threshold must differ from the speed of every known answer by this factor or more."""

AGAIN = 2
LONG_SECONDS = 1.0


@dataclass(frozen=True)
class ThresholdMargin:
    """How far one known answer is from one threshold.

    Parameters
    ----------
    level, answer : str
        The names of the level and of the known answer.
    share : float
        The answer's time divided by the allowed time.
    limit_share : float or None
        The share of the hardware limit that the answer reaches. None if the question does not state the bytes and
        operations that an answer needs, or the hardware limits are unknown.
    seconds : float
        How long one measurement took.
    """

    level: str
    answer: str
    share: float
    limit_share: float | None
    seconds: float

    @property
    def too_near(self) -> bool:
        """Whether the verdict could differ on another machine or on another day."""
        return 1 / GAP < self.share < GAP

    def text(self) -> str:
        """Return the margin as a sentence."""
        reaches = f", {percent(self.limit_share)} of the hardware limit" if self.limit_share else ""
        return f"{self.level}: {self.answer} takes {self.share:.2f} times the allowed time{reaches}"


def threshold_margins(measurer: Measurer) -> Iterator[ThresholdMargin]:
    """Yield the margin of every known answer at every speed threshold, except answers that are wrong."""
    question = measurer.question
    for level, requirement in question.requirements():
        if isinstance(requirement, FasterThan):
            for name, source in _known(question):
                found = _margin(measurer, level, requirement, name, source)
                if found is not None:
                    yield found


def _known(question: Question) -> Iterator[tuple[str, bytes]]:
    yield "the reference", answer_source(question).encode()
    for works in question.works:
        of = works.of or question.entry_points[0].name
        yield works.name, answer_source(question, {of: works.function}).encode()


def _margin(
    measurer: Measurer, level: Level, requirement: FasterThan, name: str, source: bytes
) -> ThresholdMargin | None:
    """Measure one answer at one threshold. If it seems too near, measure it again and use the median."""
    started = time.perf_counter()
    findings = [measurer.finding(requirement, source)]
    seconds = time.perf_counter() - started
    found = _margin_from(level, name, findings, seconds)
    if found is None or not found.too_near:
        return found
    findings += [measurer.finding(requirement, source) for _ in range(AGAIN)]
    return _margin_from(level, name, findings, seconds)


def _margin_from(level: Level, name: str, findings: list[Finding], seconds: float) -> ThresholdMargin | None:
    figures = [finding.figures for finding in findings if finding.figures]
    if not figures:
        return None
    share = median(one["bar"] / one["speed_up"] for one in figures)
    return ThresholdMargin(level.name, name, share, figures[0].get("share"), seconds)
