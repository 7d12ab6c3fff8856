"""Verdicts that are hard to produce, printed from their records."""

from __future__ import annotations

import pytest

from ndojo.cli.screen import Screen
from ndojo.cli.verdict import verdict_lines
from ndojo.judge.advice import TRY_NEXT

LEVELS = [("right", ""), ("lean", "Within twice the input's bytes."), ("fast", "Ten times as fast as a loop.")]
PASSED = {"level": 1, "requirement": "correct", "outcome": "passed", "code": "AC", "message": "Right on 9 cases."}


def record(code, word, passed, findings, **more):
    facts = {"question": "sums", "verdict": code, "word": word, "passed_levels": passed}
    facts |= {"levels": [name for name, _ in LEVELS], "findings": findings, "output": "", "seconds": 0.0123}
    return facts | {"isolation": {"tier": "full", "note": ""}, "cases": 9} | more


def finding(level, outcome, code, message, **more):
    return {"level": level, "requirement": "peak memory", "outcome": outcome, "code": code, "message": message} | more


RECORDS = {
    "unmeasured": record("AC", "accepted", 1, [PASSED, finding(2, "could not check", "", "Not measured yet.")]),
    "could_not_tell": record(
        "AC", "accepted", 1,
        [PASSED, finding(2, "could not check", "", "The machine was too busy to tell: 8 to 12 times as fast.")],
    ),
    "measured": record(
        "ML", "over memory budget", 2,
        [
            PASSED,
            finding(2, "close", "AC", "9.9 times as fast, 10 asked.", figures={"ratio": 9.9}),
            finding(
                3, "failed", "ML", "Peak allocation is 24 MiB, 3.00 times the input; the limit is 16 MiB.",
                advice=TRY_NEXT["ML"],
            ),
        ],
    ),
    "internal": record(
        "IE", "internal error", 0,
        [finding(1, "could not check", "IE", "ndojo itself broke: 'x'.", trace="line 1\nline 2", advice="Report it.")],
        isolation={}, cases=0,
    ),
    "plain": record(
        "AC", "accepted", 1, [PASSED], levels=["right"],
        isolation={"tier": "plain", "note": "Judge only your own code."},
    ),
    "wide": record(
        "WA", "wrong answer", 0,
        [
            finding(
                1, "failed", "WA", "Three differ.", advice=TRY_NEXT["WA"],
                expected="array([1.25, 2.5])" * 3, got="array([0.0, 2.5])" * 3,
            )
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RECORDS)
def test_verdict_is_drawn(golden, name):
    golden("\n".join(verdict_lines(Screen(), RECORDS[name], LEVELS, "Sums")) + "\n", f"drawn_{name}.txt")


def test_color_changes_no_word():
    """Color never replaces words."""
    import re

    plain = verdict_lines(Screen(), RECORDS["measured"], LEVELS, "Sums")
    drawn = verdict_lines(Screen(color=True), RECORDS["measured"], LEVELS, "Sums")
    assert [re.sub(r"\x1b\[\d*m", "", line) for line in drawn] == plain
    assert set(re.findall(r"\x1b\[(\d+)m", "".join(drawn))) <= {"0", "1", "31", "32", "33"}


def test_not_measured_is_no_failure():
    """Neither the mark nor the word says that it failed."""
    said = "\n".join(verdict_lines(Screen(), RECORDS["unmeasured"], LEVELS))
    assert "~ 2 lean" in said and "✗" not in said and "failed" not in said
