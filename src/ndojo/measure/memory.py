"""`peak_memory`: newly allocated bytes, traced inside the sandbox and compared with the reading from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ndojo.calls.call import prepare_call
from ndojo.calls.instruments import MEMORY, PEAKS
from ndojo.checks.decode import plain
from ndojo.checks.finding import FAILED, PASSED, UNCHECKED, Finding
from ndojo.checks.suite import SuiteCase
from ndojo.measure.calibration import Calibration
from ndojo.measure.clock import Stepper, Window
from ndojo.measure.inputs import Pool, bytes_in, held_bytes, wrong
from ndojo.measure.messages import size, wrong_when_measured
from ndojo.question.requirements import PeakMemory

WARM_UPS = 1

UNSEEN_BYTES = 2 << 20
UNSEEN_SHARE = 0.25
"""If the outside reading exceeds the traced one by less than this, the difference is allocator and library overhead."""

PROCESSES = 3
"""The outside reading sometimes contains unrelated memory, so the median of this many processes decides."""

ROUNDED = 256 << 10
"""The resolution of the outside reading, in bytes."""


@dataclass(frozen=True)
class Used:
    """The peak allocation of one call.

    Parameters
    ----------
    peak_bytes : int
        The bytes that count.
    outside : bool
        Whether they were measured from outside, because tracing inside the sandbox missed some or is unavailable.
    """

    peak_bytes: int
    outside: bool


def peak_of(window: Window, scales: Calibration) -> Used | None:
    """Return the peak allocation of the last call of a batch, or None if it is unknown.

    The traced peak is identical in every run, but the sandbox process reports it itself and misses the workspaces of
    LAPACK and FFT. If the two readings disagree, the outside one decides.
    """
    traced = _traced(window.told) if scales.traced else None
    if window.risen is None or not scales.outside:
        return None if traced is None else Used(traced, False)
    seen = window.risen // ROUNDED * ROUNDED
    if traced is None:
        return Used(seen, True)
    unseen = seen - traced > UNSEEN_BYTES + UNSEEN_SHARE * traced
    return Used(seen, True) if unseen else Used(traced, False)


def _traced(told: Any) -> int | None:
    """Return the traced peak, or None if the report has the wrong form."""
    if isinstance(told, list) and len(told) == 2 and all(type(one) is int for one in told) and told[0] >= 0:
        return int(told[0])
    return None


def check_peak_memory(
    requirement: PeakMemory, player: Stepper, pool: Pool, lines: Sequence[str], scales: Calibration
) -> Finding:
    """Return the finding for `peak_memory`.

    Parameters
    ----------
    requirement : PeakMemory
    player : Stepper
        A sandbox process with the answer in which nothing was timed.
    pool : Pool
    lines : sequence of str
        The answer's lines. The finding shows the line that allocates the most.
    scales : Calibration
        Which readings can be trusted on this machine.
    """
    cases = pool.cases(0, WARM_UPS + 1)
    inputs, outputs = bytes_in(cases[-1]), result_bytes(cases[-1])
    budget = int(requirement.inputs * inputs + requirement.outputs * outputs + requirement.extra)
    readings: list[Used] = []
    wanted = 1
    while len(readings) < wanted:
        reading = _measure_once(requirement, player, cases, scales)
        if isinstance(reading, Finding):
            return reading
        readings.append(reading)
        if reading.outside and reading.peak_bytes > budget:
            wanted = PROCESSES
    used = sorted(readings, key=lambda reading: reading.peak_bytes)[len(readings) // 2]
    finding = _finding(requirement, used, budget, inputs, outputs)
    if finding.outcome != FAILED:
        return finding
    return replace(finding, trace=worst_line(player.step([case.packed for case in cases], PEAKS), lines))


def _measure_once(
    requirement: PeakMemory, player: Stepper, cases: Sequence[SuiteCase], scales: Calibration
) -> Used | Finding:
    """Return what the process allocated in the last case, or a finding that says why this is unknown."""
    if stopped := player.start():
        return wrong_when_measured(requirement.name, "ML", None, stopped)
    window = player.step([case.packed for case in cases], MEMORY)
    if window.stopped:
        return wrong_when_measured(requirement.name, "ML", None, window.stopped)
    if found := wrong(cases[-1], window.outcomes[-1]):
        return wrong_when_measured(requirement.name, "ML", found, None)
    unknown = "This system does not report how much memory a call uses."
    return peak_of(window, scales) or Finding(0, requirement.name, UNCHECKED, "", unknown)


def _finding(requirement: PeakMemory, used: Used, budget: int, inputs: int, outputs: int) -> Finding:
    peak = used.peak_bytes
    message = f"Peak allocation is {size(peak)}{_multiples(peak, inputs, outputs)}; the limit is {size(budget)}"
    message += f", {_terms(requirement)}."
    if used.outside:
        message += " The peak was measured from outside the process, so it includes the workspaces of libraries."
    figures = {"peak_bytes": peak, "budget_bytes": budget, "input_bytes": inputs, "output_bytes": outputs}
    failed = peak > budget
    advice = (
        "For each array that the answer creates, check whether a view, `out=` or an in-place operator avoids it."
        if failed
        else None
    )
    outcome, code = (FAILED, requirement.code) if failed else (PASSED, "AC")
    told = advice if failed else None
    return Finding(0, requirement.name, outcome, code, message, advice=told, figures=dict(figures))


def _multiples(peak: int, inputs: int, outputs: int) -> str:
    parts = [f"{peak / held:.2f} times the {name}" for held, name in ((inputs, "input"), (outputs, "result")) if held]
    return f", {' or '.join(parts)}" if parts and peak >= 4096 else ""


def _terms(requirement: PeakMemory) -> str:
    parts = [(requirement.inputs, "the input"), (requirement.outputs, "the result")]
    told = [f"{times:g} times {name}" for times, name in parts if times]
    return " and ".join([*told, f"{size(requirement.extra)} for small objects"]) if told else "for small objects"


def result_bytes(case: SuiteCase) -> int:
    """Return how many bytes the reference allocates for its result. A view allocates none."""
    outcome = case.outcome
    if outcome.raised or outcome.unread:
        return 0
    memory = prepare_call(case.packed, None).memory
    return held_bytes(plain(outcome.value, memory))


def worst_line(window: Window, lines: Sequence[str]) -> str | None:
    """Return the line of the answer that allocated the most, as text, or None if it is unknown."""
    peaks = [one for one in window.told or [] if _is_peak(one, len(lines))] if isinstance(window.told, list) else []
    if not peaks:
        return None
    line, peak = max(peaks, key=lambda one: one[1])
    return f"line {line} allocates the most memory, {size(peak)}:\n    {lines[line - 1].strip()}"


def _is_peak(told: Any, n: int) -> bool:
    well_formed = isinstance(told, list) and len(told) == 2 and all(type(one) in (int, float) for one in told)
    return well_formed and 0 < told[0] <= n
