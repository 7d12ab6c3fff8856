"""Actions are grouped into practice sessions, even if the clock was changed."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from ndojo.study.evidence import Act, Practice, collect_evidence, whole

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CODE = Practice("softmax", "code")


def act(what, minutes, practice=CODE, **facts):
    """Return an action, `minutes` minutes after noon."""
    return Act(practice, what, NOW + timedelta(minutes=minutes), **facts)


def answered(minutes, passed, code="WA", total=3):
    return act("answered", minutes, code=code, passed=passed, total=total)


def one(*acts, now=NOW + timedelta(days=9)):
    """Return the only session that the actions form."""
    (session,) = collect_evidence(acts, now).sessions
    return session


def test_session_contains_its_facts():
    """It has the answers up to the first that passes, the hints before it, and the time from the start."""
    session = one(
        act("started", 0), answered(5, 0), act("hint", 6), answered(9, 1, "VW"), act("hint", 10), answered(12, 3, "AC")
    )
    assert (session.attempts, session.needed, session.passed, session.total) == (3, 2, 3, 3)
    assert (session.hints, session.solution, session.seconds) == (1, False, 540)
    assert session.codes == ("WA", "VW", "AC") and session.share == 1.0 and session.counts


def test_time_is_known_only_from_a_start():
    assert one(act("hint", 0), answered(5, 1)).seconds is None


def test_long_break_ends_a_session():
    """Three hours without an action end a session."""
    assert [
        session.attempts
        for session in collect_evidence(
            [answered(0, 0), answered(170, 0), answered(400, 1)], NOW + timedelta(days=1)
        ).sessions
    ] == [2, 1]


def test_question_that_was_only_opened_is_nothing_to_rate():
    assert not one(act("started", 0), act("hint", 1)).counts
    assert one(act("solution", 0)).counts


def test_correction_stays_with_what_it_corrects():
    """A correction may be late. Actions after it form a separate session."""
    acts = [answered(0, 0), act("rated", 60 * 24 * 3, rating="hard"), answered(60 * 24 * 3 + 5, 1)]
    first, second = collect_evidence(acts, NOW + timedelta(days=9)).sessions
    assert (first.corrected, second.corrected) == ("hard", "")
    assert first.ended_at == NOW and second.began_at > NOW


def test_predictions_add_up_and_explanations_do_not():
    drills = [act("drilled", n, Practice("softmax", "predict"), passed=n % 2, total=1) for n in range(5)]
    said = [act("explained", n, Practice("softmax", "explain"), passed=n, total=4) for n in (1, 3)]
    predicted, explained = sorted(
        collect_evidence(drills + said, NOW + timedelta(days=1)).sessions,
        key=lambda one: one.practice.kind,
        reverse=True,
    )
    assert (predicted.passed, predicted.total) == (2, 5)
    assert (explained.passed, explained.total) == (3, 4)


def test_order_in_which_acts_are_kept_does_not_matter():
    """An import, or two processes of ndojo, may save the actions in any order."""
    acts = [act("started", 0), answered(5, 0), answered(9, 2), act("rated", 11, rating="good")]
    mixed = acts[:]
    random.Random(1).shuffle(mixed)
    assert collect_evidence(mixed, NOW + timedelta(days=1)) == collect_evidence(acts, NOW + timedelta(days=1))


def test_clock_set_back_a_little_counts_as_now():
    """Times less than a day in the future count as now."""
    told = collect_evidence([answered(180, 1)], NOW)
    assert told.sessions[0].ended_at == NOW and told.ahead == timedelta(hours=3) and told.set_aside == 0


def test_clock_that_was_far_ahead_holds_nothing_up():
    """Actions further in the future are ignored until their day."""
    far = Act(CODE, "answered", NOW + timedelta(days=400), "AC", 3, 3)
    told = collect_evidence([answered(-60, 0), far], NOW)
    assert len(told.sessions) == 1 and told.set_aside == 1 and told.ahead == timedelta(days=400)
    assert len(collect_evidence([answered(-60, 0), far], NOW + timedelta(days=401)).sessions) == 2


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (("AC", 3, 3, False, 3), (3, 3)),
        (("AC", 2, 3, False, 3), (3, 3)),  # a level that could not be measured does not count against the learner
        (("AC", 1, 1, True, 3), (1, 3)),
        (("VW", 1, 3, False, 3), (1, 3)),
        (("AC", 0, 3, False, 3), (0, 3)),
        (("AC", 4, 4, False, 3), (4, 4)),  # the question had more levels earlier
    ],
)
def test_levels_that_count(verdict, expected):
    assert whole(*verdict) == expected
