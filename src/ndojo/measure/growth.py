"""`grows`: the slope of time over size on a log-log scale."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from ndojo.calls.client import Stopped
from ndojo.checks.finding import CLOSE, FAILED, PASSED, Finding
from ndojo.checks.requirements import Failure
from ndojo.measure.clock import Stepper, processors
from ndojo.measure.inputs import Pool, bytes_in, wrong
from ndojo.measure.messages import milliseconds, wrong_when_measured
from ndojo.question.requirements import Grows

SMALLEST = 64
LARGEST = 1 << 21
MOST_BYTES = 4 << 20
LONG_SECONDS = 25e-3
"""A call this long is long compared with the overhead that does not grow with the input."""

CALLS = 3
STEPS = 4
ALLOWED_SECONDS = 0.4
CONFIRMATIONS = 2

FAILS_ABOVE = (1.35, 0.25)
"""An exponent fails above 1.35 times the required power plus 0.25, which is 1.6 for power 1.

Caches and a factor of log n can increase the measured exponent by a third.
"""

NEAR = 0.2
"""An exponent within this distance of the limit is close."""


@dataclass(frozen=True)
class Slope:
    """The measured sizes, the seconds of one call at each size, and the resulting exponent."""

    sizes: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def exponent(self) -> float:
        """The median slope between any two of the largest sizes. One jump at a cache boundary barely affects it."""
        points = list(zip(self.sizes, self.seconds, strict=True))[-STEPS:]
        return median(
            math.log(later / earlier) / math.log(larger / smaller)
            for (smaller, earlier), (larger, later) in combinations(points, 2)
        )


class _Stop(Exception):
    def __init__(self, wrong: Failure | None, stopped: Stopped | None) -> None:
        super().__init__(wrong or stopped)
        self.wrong, self.stopped = wrong, stopped


def check_growth(
    requirement: Grows, answer: Callable[[], Stepper], reference: Callable[[], Stepper], pool: Pool
) -> Finding:
    """Return the finding for `grows`. A process that runs the reference measures the time of a window without calls."""
    with reference() as trusted:
        overhead = 0.0 if trusted.start() else trusted.overhead()
    try:
        slope = _slope(answer, pool, overhead)
        for _ in range(CONFIRMATIONS):
            if _beyond(slope, requirement) <= 0:
                break
            # A failure must be confirmed in another process.
            slope = min(slope, _slope(answer, pool, overhead), key=lambda one: one.exponent)
    except _Stop as problem:
        return wrong_when_measured(requirement.name, "TL", problem.wrong, problem.stopped)
    return _finding(requirement, slope)


def _beyond(slope: Slope, requirement: Grows) -> float:
    return slope.exponent - (FAILS_ABOVE[0] * requirement.power + FAILS_ABOVE[1])


def _slope(answer: Callable[[], Stepper], pool: Pool, overhead: float) -> Slope:
    """Measure the slope in a new process."""
    with answer() as player:
        if stopped := player.start():
            raise _Stop(None, stopped)
        player.pin(processors()[0])
        return slope_of(player, pool, overhead)


def _finding(requirement: Grows, slope: Slope) -> Finding:
    beyond = _beyond(slope, requirement)
    outcome = FAILED if beyond > 0 else CLOSE if beyond > -NEAR else PASSED
    first, last = slope.sizes[-min(STEPS, len(slope.sizes))], slope.sizes[-1]
    message = (
        f"Time grows like n to the power {slope.exponent:.2f}; at most {requirement.power:g} is allowed. "
        f"From n = {first:,} to n = {last:,}, the time per call increases from "
        f"{milliseconds(slope.seconds[slope.sizes.index(first)])} to {milliseconds(slope.seconds[-1])}."
    )
    if outcome == CLOSE:
        message += " This is close enough: caches make time grow slightly faster than the work."
    advice = "Find work that is repeated for each element but could be done once." if outcome == FAILED else None
    figures = {"exponent": slope.exponent, "power": requirement.power}
    code = requirement.code if outcome == FAILED else "AC"
    return Finding(0, requirement.name, outcome, code, message, advice=advice, figures=figures)


def slope_of(player: Stepper, pool: Pool, overhead: float) -> Slope:
    """Time calls at growing sizes until they are long enough, and return the slope."""
    deadline = time.perf_counter() + ALLOWED_SECONDS
    sizes: list[int] = []
    seconds: list[float] = []
    n = SMALLEST
    _seconds_at(player, pool, n)
    while n <= LARGEST:
        taken, nbytes = _seconds_at(player, pool, n)
        taken = max(taken - overhead, 1e-6)
        sizes.append(n)
        seconds.append(taken)
        enough = taken > LONG_SECONDS or nbytes > MOST_BYTES or time.perf_counter() > deadline
        if enough and len(sizes) >= STEPS:
            break
        # While calls are short, take larger steps: only the last sizes count.
        n *= 2 if _near_end(taken, nbytes) else 4
    return Slope(tuple(sizes), tuple(seconds))


def _near_end(seconds: float, nbytes: int) -> bool:
    return seconds > LONG_SECONDS / 800 or nbytes > MOST_BYTES / 16


def _seconds_at(player: Stepper, pool: Pool, n: int) -> tuple[float, int]:
    """Return the median time of a call at one size, and the bytes of its inputs."""
    times: Sequence[float] = []
    for _ in range(CALLS):
        case = pool.draw(n)
        window = player.step([case.packed])
        if window.stopped:
            raise _Stop(None, window.stopped)
        if found := wrong(case, window.outcomes[0]):
            raise _Stop(found, None)
        times = [*times, window.seconds]
    return median(times), bytes_in(case)
