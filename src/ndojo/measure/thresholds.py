"""Where a question's bars lie: in the gaps between its known answers, or too near to one of them."""

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
"""A bar lies at least so many times away from any known answer."""

AGAIN = 2
LONG_SECONDS = 1.0


@dataclass(frozen=True)
class ThresholdMargin:
    """One known answer before one bar.

    Parameters
    ----------
    level, answer : str
        The level's name, and the reference's or right answer's.
    share : float
        Its time in multiples of what the bar allows.
    limit_share : float or None
        The share of the hardware limit that it reaches, where the question states what must be done.
    seconds : float
        How long the measuring took.
    """

    level: str
    answer: str
    share: float
    limit_share: float | None
    seconds: float

    @property
    def too_near(self) -> bool:
        """Whether another machine, or another day, could change its verdict."""
        return 1 / GAP < self.share < GAP

    def text(self) -> str:
        """The same in words."""
        reaches = f", {percent(self.limit_share)} of the hardware limit" if self.limit_share else ""
        return f"{self.level}: {self.answer} takes {self.share:.2f} of the time that the bar allows{reaches}"


def threshold_margins(measurer: Measurer) -> Iterator[ThresholdMargin]:
    """Every known answer before every bar of speed; answers that are wrong on the inputs are left out."""
    question = measurer.question
    for level, requirement in question.requirements():
        if isinstance(requirement, FasterThan):
            for name, source in _known(question):
                found = _place(measurer, level, requirement, name, source)
                if found is not None:
                    yield found


def _known(question: Question) -> Iterator[tuple[str, bytes]]:
    yield "the reference", answer_source(question).encode()
    for works in question.works:
        of = works.of or question.entry_points[0].name
        yield works.name, answer_source(question, {of: works.function}).encode()


def _place(
    measurer: Measurer, level: Level, requirement: FasterThan, name: str, source: bytes
) -> ThresholdMargin | None:
    """One answer before one bar; measured again where it seems too near."""
    started = time.perf_counter()
    findings = [measurer.finding(requirement, source)]
    seconds = time.perf_counter() - started
    found = _placed(level, name, findings, seconds)
    if found is None or not found.too_near:
        return found
    findings += [measurer.finding(requirement, source) for _ in range(AGAIN)]
    return _placed(level, name, findings, seconds)


def _placed(level: Level, name: str, findings: list[Finding], seconds: float) -> ThresholdMargin | None:
    figures = [finding.figures for finding in findings if finding.figures]
    if not figures:
        return None
    share = median(one["bar"] / one["speed_up"] for one in figures)
    return ThresholdMargin(level.name, name, share, figures[0].get("share"), seconds)
