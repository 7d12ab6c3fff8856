"""`peak_memory`: newly allocated bytes, traced inside, held against what the judge sees from outside."""

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
"""Seen from outside, so much more than what was traced is taken for the allocator's and the libraries' own."""

LOOKS = 3
"""What rises outside now and then holds what nobody asked for: the median of so many children condemns."""

ROUNDED = 256 << 10
"""What is seen from outside is told in steps of so many bytes."""


@dataclass(frozen=True)
class Used:
    """What one call allocated at its highest.

    Parameters
    ----------
    peak_bytes : int
        What counts.
    outside : bool
        Whether that was seen from outside, where the tracing inside had missed it.
    """

    peak_bytes: int
    outside: bool


def peak_of(window: Window, scales: Calibration) -> Used | None:
    """What the last call of a batch allocated; None where nothing tells.

    The traced peak is the same to the byte in every run, but it is the child's own word and misses workspaces of
    LAPACK and FFT. What rises outside decides where the two disagree.
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
    """The traced peak, where what was told has the form of one."""
    if isinstance(told, list) and len(told) == 2 and all(type(one) is int for one in told) and told[0] >= 0:
        return int(told[0])
    return None


def check_peak_memory(
    requirement: PeakMemory, player: Stepper, pool: Pool, lines: Sequence[str], scales: Calibration
) -> Finding:
    """The finding on `peak_memory`.

    Parameters
    ----------
    requirement : PeakMemory
    player : Stepper
        A child of the answer that was never timed.
    pool : Pool
    lines : sequence of str
        The answer's, to show the one that allocated most.
    scales : Scales
        Which readings are right on this machine.
    """
    cases = pool.cases(0, WARM_UPS + 1)
    inputs, outputs = bytes_in(cases[-1]), result_bytes(cases[-1])
    budget = int(requirement.inputs * inputs + requirement.outputs * outputs + requirement.extra)
    looks: list[Used] = []
    wanted = 1
    while len(looks) < wanted:
        look = _look(requirement, player, cases, scales)
        if isinstance(look, Finding):
            return look
        looks.append(look)
        if look.outside and look.peak_bytes > budget:
            wanted = LOOKS
    used = sorted(looks, key=lambda look: look.peak_bytes)[len(looks) // 2]
    finding = _finding(requirement, used, budget, inputs, outputs)
    if finding.outcome != FAILED:
        return finding
    return replace(finding, trace=worst_line(player.step([case.packed for case in cases], PEAKS), lines))


def _look(requirement: PeakMemory, player: Stepper, cases: Sequence[SuiteCase], scales: Calibration) -> Used | Finding:
    """What a fresh child allocated in the last of the cases, or the finding that says why it is not known."""
    if stopped := player.start():
        return wrong_when_measured(requirement.name, "ML", None, stopped)
    window = player.step([case.packed for case in cases], MEMORY)
    if window.stopped:
        return wrong_when_measured(requirement.name, "ML", None, window.stopped)
    if found := wrong(cases[-1], window.outcomes[-1]):
        return wrong_when_measured(requirement.name, "ML", found, None)
    unknown = "This system does not say how much memory a call takes."
    return peak_of(window, scales) or Finding(0, requirement.name, UNCHECKED, "", unknown)


def _finding(requirement: PeakMemory, used: Used, budget: int, inputs: int, outputs: int) -> Finding:
    peak = used.peak_bytes
    message = f"Allocates {size(peak)} at its highest{_multiples(peak, inputs, outputs)}; {size(budget)} are allowed"
    message += f", {_terms(requirement)}."
    if used.outside:
        message += " That is the process seen from outside: a library's workspace counts, too."
    figures = {"peak_bytes": peak, "budget_bytes": budget, "input_bytes": inputs, "output_bytes": outputs}
    failed = peak > budget
    advice = (
        "Ask of each array that it makes whether it must be: a view, `out=`, an in-place operator saves one."
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
    return " and ".join([*told, f"{size(requirement.extra)} of small change"]) if told else "for small change"


def result_bytes(case: SuiteCase) -> int:
    """How many bytes the reference's result holds in memory of its own: a view holds none."""
    outcome = case.outcome
    if outcome.raised or outcome.unread:
        return 0
    memory = prepare_call(case.packed, None).memory
    return held_bytes(plain(outcome.value, memory))


def worst_line(window: Window, lines: Sequence[str]) -> str | None:
    """The answer's line that held most while it ran, as text; None where it is not known."""
    peaks = [one for one in window.told or [] if _is_peak(one, len(lines))] if isinstance(window.told, list) else []
    if not peaks:
        return None
    line, peak = max(peaks, key=lambda one: one[1])
    return f"line {line} allocates most, {size(peak)}:\n    {lines[line - 1].strip()}"


def _is_peak(told: Any, n: int) -> bool:
    well_formed = isinstance(told, list) and len(told) == 2 and all(type(one) in (int, float) for one in told)
    return well_formed and 0 < told[0] <= n
