"""`no_python_loop`: executed Python instructions at growing sizes, and nanoseconds per element."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from ndojo.calls.instruments import LINES, STEPS, WATCHED
from ndojo.checks.finding import FAILED, PASSED, Finding
from ndojo.checks.suite import SuiteCase
from ndojo.measure.clock import Stepper, processors
from ndojo.measure.inputs import Pool, wrong
from ndojo.measure.messages import wrong_when_measured
from ndojo.question.requirements import NoPythonLoop

SIZES = (64, 128, 256)

FEWEST_STEPS = 96
"""A loop adds at least this many instructions from the smallest to the largest size: half of one per element."""

GROWTH = 1.25
"""The second doubling of the size must add at least this many times as many instructions as the first.

If each doubling adds the same number, as when a loop repeatedly halves the input, it is not a loop over the elements.
"""

TIMED_SIZES = (512, 4096)
TIMED_ROUNDS = 5
SLOW_SECONDS = 12e-9
SLOWER = 6.0
"""Limits in seconds per element, and relative to the reference. Exceeding both reveals a C loop over Python objects."""

SLOW_NEEDED, CLEARED_NEEDED = 3, 2
"""An answer fails if three measurements find it slow before two measurements clear it."""

_POSSIBLE_ITERATION = re.compile(
    r"(?<![\w.])(sum|map|list|tuple|set|sorted|min|max|any|all|zip|reduce|filter|dict|Counter|accumulate|deque|next)\s*\("
    r"|\.(tolist|item|vectorize|frompyfunc|fromiter|apply_along_axis|reduce|accumulate|__iter__)\b"
    r"|\b(vectorize|frompyfunc|fromiter|settrace|setprofile|monitoring|_getframe|getattr|eval|exec|gc|ctypes|iter)\b"
)


@dataclass(frozen=True)
class Grown:
    """The instruction counts at `SIZES`, and whether they reveal a loop."""

    counts: tuple[int, ...]

    @property
    def exponent(self) -> float:
        """The exponent of growth: 0 for no loop, 1 for a loop over the elements, 2 for a nested loop."""
        first, second = (later - earlier for earlier, later in zip(self.counts, self.counts[1:], strict=False))
        if second <= 0:
            return 0.0
        return max(math.log2(second / first), 0.0) if first > 0 else math.inf

    @property
    def loops(self) -> bool:
        """Whether the counts grow as they do in a loop over the data."""
        first, second = (later - earlier for earlier, later in zip(self.counts, self.counts[1:], strict=False))
        return first + second >= FEWEST_STEPS and second >= GROWTH * first


def check_no_python_loop(
    requirement: NoPythonLoop,
    player: Stepper,
    reference: Callable[[], Stepper],
    pool: Pool,
    lines: Sequence[str],
) -> Finding:
    """Return the finding for `no_python_loop`."""
    if stopped := player.start():
        return wrong_when_measured(requirement.name, "TL", None, stopped)
    return _LoopCheck(requirement, player, reference, pool, lines).finding()


class _LoopCheck:
    def __init__(
        self,
        requirement: NoPythonLoop,
        player: Stepper,
        reference: Callable[[], Stepper],
        pool: Pool,
        lines: Sequence[str],
    ) -> None:
        self.requirement, self.player, self.reference, self.pool, self.lines = (
            requirement, player, reference, pool, lines,
        )  # fmt: skip

    def finding(self) -> Finding:
        cases = [self.pool.draw(n) for n in (SIZES[0], *SIZES)]
        window = self.player.step([case.packed for case in cases], STEPS)
        if window.stopped:
            return wrong_when_measured(self.requirement.name, "TL", None, window.stopped)
        for case, got in zip(cases, window.outcomes, strict=True):
            if found := wrong(case, got):
                return wrong_when_measured(self.requirement.name, "TL", found, None)
        grown = grown_of(window.told)
        if grown is None:
            return self._failed("The answer interferes with the count of its Python instructions.", None, code="NA")
        if grown.loops:
            return self._loops(grown, cases[-1])
        return self._iterates_in_builtin(cases) or self._slow() or self._passed(grown)

    def _loops(self, grown: Grown, case: SuiteCase) -> Finding:
        message = f"The answer runs a Python loop over the data: {_counted(grown)}."
        return self._failed(message, grown, self._busiest(case))

    def _busiest(self, case: SuiteCase) -> str | None:
        """Return the line of the answer that ran most often."""
        window = self.player.step([case.packed], LINES)
        told = window.told if isinstance(window.told, list) else []
        hits = [one for one in told if isinstance(one, list) and len(one) == 3 and 0 < one[0] <= len(self.lines)]
        if not hits:
            return None
        line, often, _ = max(hits, key=lambda one: one[1])
        return f"line {line} runs {often:,} times at n = {SIZES[-1]}:\n    {self.lines[line - 1].strip()}"

    def _iterates_in_builtin(self, cases: Sequence[SuiteCase]) -> Finding | None:
        """Count again with inputs whose iteration runs Python code, so that `sum(x)` and `map(f, x)` become visible."""
        grown = grown_of(self.player.step([case.packed for case in cases], WATCHED).told)
        if grown is None or not grown.loops:
            return None
        with self.reference() as trusted:
            if trusted.start():
                return None
            usual = grown_of(trusted.step([case.packed for case in cases], WATCHED).told)
        if usual is None or usual.loops:
            return None
        return self._failed(
            "The answer iterates over the data element by element, inside a builtin such as `sum`, `map`, `list` or "
            f"`max`. With an instrumented array: {_counted(grown)}.",
            grown,
        )

    def _slow(self) -> Finding | None:
        """If the source could loop over Python objects in C, compare its time per element with the reference's."""
        if not any(map(_POSSIBLE_ITERATION.search, self.lines)):
            return None
        with self.reference() as trusted:
            if trusted.start():
                return None
            for child in (self.player, trusted):
                child.pin(processors()[0])
            rates = self._slow_rates(trusted)
        if not rates:
            return None
        ours, theirs = min(rates)
        message = (
            f"Each additional element takes {ours * 1e9:.0f} ns, {ours / max(theirs, 1e-10):.0f} times as long as with "
            "whole-array operations: the answer iterates over the data as Python objects."
        )
        return self._failed(message, None)

    def _slow_rates(self, trusted: Stepper) -> list[tuple[float, float]]:
        """Return the rates of the measurements that found the answer slow. Empty if other measurements cleared it.

        Other programs can make an answer look slow or fast, so a single measurement never decides.
        """
        slow: list[tuple[float, float]] = []
        cleared = 0
        while len(slow) < SLOW_NEEDED:
            rates = self._rates(trusted)
            if rates is None:
                return []
            if rates[0] >= max(SLOW_SECONDS, SLOWER * rates[1]):
                slow.append(rates)
                continue
            cleared += 1
            if cleared == CLEARED_NEEDED:
                return []
        return slow

    def _rates(self, trusted: Stepper) -> tuple[float, float] | None:
        """Return the seconds per additional element, for the answer and for the reference."""
        small, large = ([self.pool.draw(n) for _ in range(1 + TIMED_ROUNDS)] for n in TIMED_SIZES)
        if large[0].size <= small[0].size:
            return None
        times: dict[tuple[bool, bool], list[float]] = {}
        for pair in zip(small, large, strict=True):
            for player in (self.player, trusted):
                for case in pair:
                    window = player.step([case.packed])
                    if window.stopped:
                        return None
                    times.setdefault((player is trusted, case is pair[1]), []).append(window.seconds)
        elements = large[0].size - small[0].size
        ours, theirs = (
            (median(times[who, True][1:]) - median(times[who, False][1:])) / elements for who in (False, True)
        )
        return ours, max(theirs, 0.0)

    def _passed(self, grown: Grown) -> Finding:
        message = f"The answer runs no Python loop over the data: {_counted(grown)}."
        return Finding(0, self.requirement.name, PASSED, "AC", message, figures=_figures(grown))

    def _failed(self, message: str, grown: Grown | None, trace: str | None = None, code: str = "") -> Finding:
        figures = _figures(grown) if grown else None
        advice = "Use whole-array operations: ufuncs, reductions, indexing, broadcasting."
        name, code = self.requirement.name, code or self.requirement.code
        return Finding(0, name, FAILED, code, message, trace=trace, advice=advice, figures=figures)


def grown_of(told: Any) -> Grown | None:
    """Return the counts of a batch without its warm-up call, or None if the answer interfered with them."""
    if not isinstance(told, list) or len(told) != 1 + len(SIZES):
        return None
    if not all(type(count) is int and count >= 0 for count in told):
        return None
    return Grown(tuple(told[1:]))


def _counted(grown: Grown) -> str:
    counts = ", ".join(f"{count:,}" for count in grown.counts)
    return f"{counts} Python instructions at n = {', '.join(map(str, SIZES))} (exponent {grown.exponent:.2f})"


def _figures(grown: Grown) -> dict[str, float]:
    counts = {f"steps_{n}": float(count) for n, count in zip(SIZES, grown.counts, strict=True)}
    exponent = grown.exponent if math.isfinite(grown.exponent) else 99.0
    return counts | {"exponent": exponent}
