"""The rating follows the evidence and states its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ndojo.study.evidence import Practice, PracticeSession
from ndojo.study.rating import PACE_NEEDS, pace, rate, reviews

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NONE = {"needed": 0, "passed": 0}


def session(kind="code", **facts):
    """Return a session in which the first answer passed all three levels. `facts` override this."""
    usual = {"attempts": 1, "passed": 3, "total": 3, "needed": 1, "codes": ("AC",)}
    return PracticeSession(Practice("softmax", kind), NOW, NOW, **usual | facts)


@pytest.mark.parametrize(
    ("facts", "rating", "reason"),
    [
        ({}, "easy", "Every level passed without a wrong answer or a hint."),
        ({"codes": ("AC", "AC", "AC")}, "easy", "Every level passed"),  # a mock interview judges one level at a time
        ({"codes": ("WA", "AC"), "needed": 2}, "good", "3 of 3 levels passed after 2 answers."),
        ({"codes": ("AC",), "hints": 1}, "good", "after 1 answer, with a hint."),
        ({"codes": ("VW",), "passed": 2}, "good", "2 of 3 levels passed after 1 answer."),
        ({"hints": 2}, "hard", "Level 1 passed with 2 hints."),
        ({"codes": ("WA", "WA", "WT", "AC"), "needed": 4}, "hard", "Level 1 passed after 4 answers."),
        ({"codes": ("IM", "AC"), "needed": 2}, "hard", "An answer changed its inputs"),
        ({"codes": ("VW",), "passed": 1}, "hard", "1 of 3 levels passed. Last verdict: wrong view or copy."),
        ({"solution": True}, "again", "You saw the solution before one of your answers passed."),
        (NONE | {"codes": ("WA", "WT")}, "again", "No level passed after 2 answers. Last verdict: wrong shape"),
        (NONE | {"codes": (), "solution": True}, "again", "You saw the solution and wrote no answer."),
    ],
)  # fmt: skip
def test_rating_of_code(facts, rating, reason):
    rated = rate(session(**facts))
    assert rated.rating == rating and reason in rated.reason and rated.reason[-1] == "."


@pytest.mark.parametrize(
    ("kind", "passed", "total", "rating"),
    [
        ("explain", 6, 6, "easy"), ("explain", 4, 6, "good"), ("explain", 2, 6, "hard"), ("explain", 1, 6, "again"),
        ("predict", 5, 5, "easy"), ("predict", 2, 2, "good"), ("predict", 1, 2, "hard"), ("predict", 0, 1, "again"),
    ],
)  # fmt: skip
def test_rating_by_share(kind, passed, total, rating):
    """Two predictions are too few for "easy"."""
    assert rate(session(kind, passed=passed, total=total)).rating == rating


def test_learner_s_own_rating_holds():
    """The reason still states the evidence."""
    rated = rate(session(corrected="again"))
    assert rated.corrected and rated.rating == "again" and "the evidence says easy" in rated.reason
    assert not rate(session(corrected="perfect")).corrected


def test_time_counts_against_the_learner_s_own_pace():
    """Twice the usual time is hard. If the pace is unknown, time has no effect."""
    slow = session(seconds=41 * 60)
    assert rate(slow, 20).rating == "hard" and "41 minutes" in rate(slow, 20).reason
    assert rate(slow).rating == "easy"
    assert rate(session(seconds=15 * 60), 20).reason.endswith("in 15 min.")


def test_pace_needs_enough_sessions():
    """Pace is a multiple of the usual time, so hard questions do not make a learner seem slow."""
    timed = [session(seconds=10 * 60)._replace(began_at=NOW + timedelta(days=n)) for n in range(PACE_NEEDS)]
    difficulties = {"softmax": "medium"}
    assert pace(timed[1:], difficulties) is None
    assert pace(timed, difficulties) == 0.5
    last = session(seconds=25 * 60)  # less than twice the usual 20 minutes, more than twice this learner's 10
    assert [one.rated.rating for one in reviews([*timed, last], difficulties)][-1] == "hard"
    assert [one.rated.rating for one in reviews([last], difficulties)] == ["easy"]


def test_session_with_nothing_to_rate_is_no_review():
    assert reviews([session(attempts=0, needed=0, codes=(), passed=0)], {}) == []
