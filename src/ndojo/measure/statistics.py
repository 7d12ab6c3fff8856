"""How sure a ratio is: the median over children of what each shows, and when it is clear of an edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, stdev

import numpy as np

SPREADS = (0.15, 0.09, 0.06)
"""Least spread, in log units, of what children that run the same code show: for one child, two, or more.

Placement and allocator differ from process to process; now and then one is disturbed from its start to its end.
"""

CERTAIN = 3.3
"""So many standard errors from an edge make a ratio clear of it: one in a thousand is wrong."""


@dataclass(frozen=True)
class Ratio:
    """A ratio of two times with the interval that holds it in 19 of 20 measurements."""

    value: float
    low: float
    high: float
    error: float
    children: int
    rounds: int

    def clear_of(self, edge: float, certain: float = CERTAIN) -> bool:
        """Whether it lies on one side of `edge` for sure."""
        return abs(math.log(self.value / edge)) > certain * self.error


def child_ratio(times: Sequence[float], other_times: Sequence[float]) -> float:
    """The ratio that one pair of children shows: lower quartile over lower quartile of their windows.

    What disturbs makes a window longer, never shorter, so the lower part of the times is the steadier one; the least
    of all rests on a single window.
    """
    return float(np.quantile(times, 0.25) / np.quantile(other_times, 0.25))


def ratio_of(children: Sequence[float], rounds: int) -> Ratio:
    """The ratio that several children show.

    Parameters
    ----------
    children : sequence of float
        What each of them showed, positive; at least one.
    rounds : int
        Number of rounds.
    """
    logs = [math.log(one) for one in children]
    least = SPREADS[min(len(logs), len(SPREADS)) - 1]
    spread = max(stdev(logs) if len(logs) > 1 else 0.0, least)
    # A median varies 1.25 times as much as a mean.
    error = (1.25 if len(logs) > 2 else 1.0) * spread / math.sqrt(len(logs))
    middle = median(logs)
    low, high = math.exp(middle - 2 * error), math.exp(middle + 2 * error)
    return Ratio(math.exp(middle), low, high, error, len(logs), rounds)


def wilson(wrong: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The interval that holds the true share, after Wilson (J. Am. Stat. Assoc. 22, 1927)."""
    if not n:
        return 0.0, 1.0
    share = wrong / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)
