"""How sure a ratio is: the median over children of the medians over rounds, and when it is clear of an edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, stdev

CHILD_SPREAD = 0.08
"""Least spread, in log units, between processes that run the same code: placement and allocator differ."""

LONE_CHILD_SPREAD = 0.25
"""Where there is one child only: now and then one is disturbed from its start to its end."""

ROUND_SPREAD = 0.04
"""Least spread between rounds in one process."""

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


def ratio_of(children: Sequence[Sequence[float]]) -> Ratio:
    """The ratio that rounds in several children show.

    Parameters
    ----------
    children : sequence of sequence of float
        For each child the ratios of its rounds, all positive; at least one round in all.
    """
    logs = [[math.log(one) for one in rounds] for rounds in children if rounds]
    medians = [median(rounds) for rounds in logs]
    n = sum(map(len, logs))
    between = max(stdev(medians) if len(medians) > 1 else LONE_CHILD_SPREAD, CHILD_SPREAD)
    # A median varies 1.25 times as much as a mean.
    loss = 1.25 if len(medians) > 2 else 1.0
    error = math.hypot(loss * between / math.sqrt(len(medians)), 1.25 * _within(logs, medians) / math.sqrt(n))
    middle = median(medians)
    return Ratio(math.exp(middle), math.exp(middle - 2 * error), math.exp(middle + 2 * error), error, len(medians), n)


def _within(logs: Sequence[Sequence[float]], medians: Sequence[float]) -> float:
    """Spread of the rounds round their child's median, by the median of absolute deviations."""
    off = [abs(one - middle) for rounds, middle in zip(logs, medians, strict=True) for one in rounds]
    # With two rounds a child every deviation is half of what it should be.
    return max(1.4826 * median(off) * math.sqrt(len(off) / max(len(off) - len(logs), 1)), ROUND_SPREAD)


def wilson(wrong: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The interval that holds the true share, after Wilson (J. Am. Stat. Assoc. 22, 1927)."""
    if not n:
        return 0.0, 1.0
    share = wrong / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)
