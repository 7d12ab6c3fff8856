"""Statistics of measured ratios: the median over processes, its error, and whether it is certainly above an edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, stdev

import numpy as np

SPREADS = (0.15, 0.09, 0.06)
"""The minimum standard deviation of the log ratio between processes that run the same code: for one, two, or more.

Memory addresses and the allocator's state differ between processes, and sometimes other programs disturb a process
during its whole lifetime.
"""

CERTAIN = 3.3
"""A ratio is certain if it differs from the edge by this many standard errors: 1 in 1,000 is wrong."""


@dataclass(frozen=True)
class Ratio:
    """A ratio of two times with its 95% confidence interval."""

    value: float
    low: float
    high: float
    error: float
    children: int
    rounds: int

    def clear_of(self, edge: float, certain: float = CERTAIN) -> bool:
        """Return whether the ratio is certainly above or certainly below `edge`."""
        return abs(math.log(self.value / edge)) > certain * self.error


def child_ratio(times: Sequence[float], other_times: Sequence[float]) -> float:
    """Return the ratio of one pair of processes: the lower quartile of one's times divided by that of the other's.

    Disturbances make a window longer, never shorter, so low quantiles vary less. The minimum would depend on a single
    window.
    """
    return float(np.quantile(times, 0.25) / np.quantile(other_times, 0.25))


def ratio_of(children: Sequence[float], rounds: int) -> Ratio:
    """Return the ratio over several pairs of processes.

    Parameters
    ----------
    children : sequence of float
        The ratio of each pair. All are positive, and the sequence is not empty.
    rounds : int
        Number of rounds.
    """
    logs = [math.log(one) for one in children]
    least = SPREADS[min(len(logs), len(SPREADS)) - 1]
    spread = max(stdev(logs) if len(logs) > 1 else 0.0, least)
    # The standard error of a median is 1.25 times that of a mean.
    error = (1.25 if len(logs) > 2 else 1.0) * spread / math.sqrt(len(logs))
    middle = median(logs)
    low, high = math.exp(middle - 2 * error), math.exp(middle + 2 * error)
    return Ratio(math.exp(middle), low, high, error, len(logs), rounds)


def wilson(wrong: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Return Wilson's confidence interval of a share (J. Am. Stat. Assoc. 22, 1927)."""
    if not n:
        return 0.0, 1.0
    share = wrong / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)
