"""The chi-square test for random results."""

from __future__ import annotations

import math

import numpy as np

from ndojo.checks.finding import PASSED, Finding, failed_finding
from ndojo.question.requirements import Distribution


def chi_square_finding(requirement: Distribution, counts: np.ndarray) -> Finding:
    """Return the finding that says whether counts fit the probabilities, by Pearson's chi-square test.

    The test rejects 1 in 1,000,000,000 correct answers.
    """
    draws = int(counts.sum())
    if counts.size != len(requirement.chances):
        return failed_finding(
            "WA", f"{requirement.claim} Some draws are outside the possible values.", name=requirement.name
        )
    expected = draws * np.array(requirement.chances)
    if expected.min() < 1:
        return failed_finding(
            "WA", f"{requirement.claim} {draws:,} draws are too few to test this.", name=requirement.name
        )
    statistic = float(((counts - expected) ** 2 / expected).sum())
    if chi_square_tail(statistic, counts.size - 1) < 1e-9:
        worst = int(np.abs(counts - expected).argmax())
        came, due = f"{counts[worst]:,}", f"{expected[worst]:,.0f}"
        message = f"{requirement.claim} In {draws:,} draws, value number {worst} occurred {came} times, expected {due}."
        return failed_finding("WA", message, name=requirement.name)
    return Finding(0, requirement.name, PASSED, "AC", f"{requirement.claim} Confirmed over {draws:,} draws.")


def chi_square_tail(statistic: float, freedom: int) -> float:
    """Return the probability of a larger chi-square value, by Wilson and Hilferty's approximation (PNAS 17, 1931)."""
    spread = 2 / (9 * freedom)
    z = ((statistic / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread)
    return 0.5 * math.erfc(z / math.sqrt(2))
