"""A probability is given only if enough is known, and it lists its parts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ndojo.study.evidence import Practice, PracticeSession
from ndojo.study.rating import Review, rate
from ndojo.study.readiness import Asked, Chance, chances, group, groups
from ndojo.study.schedule import replay

DAY = date(2026, 3, 20)
SOFTMAX = Asked("softmax", ("code", "explain"), "statistics", ("Numerics",), ("Acme",), ("T1",), 4)


def sat(days_ago, passed=4, question="softmax", kind="code", **facts):
    """Return a session `days_ago` days ago with one answer."""
    at = datetime(2026, 3, 20, 12, tzinfo=UTC) - timedelta(days=days_ago)
    code = {"codes": ("AC" if passed == 4 else "TL",), "needed": int(passed > 0)} if kind == "code" else {}
    return PracticeSession(Practice(question, kind), at, at, 1, passed, 4, **code | facts)


def stands(*sessions, day=DAY, asked=SOFTMAX):
    """Return the state of the question after these sessions."""
    log = [Review(one, rate(one)) for one in sessions]
    return chances([asked], replay(log, UTC), log, day, UTC)[asked.question]


@pytest.mark.parametrize("sessions", [(), (sat(3),), (sat(3), sat(3)), (sat(9), sat(2, kind="explain"))])
def test_no_figure_before_two_days_of_the_kind_that_is_asked(sessions):
    one = stands(*sessions)
    assert one.chance is one.recall is one.level is None
    assert one.why == ("practice on another day is needed" if sessions else "not started")


def test_chance_is_recall_times_levels():
    one = stands(sat(9), sat(2))
    assert one.level == 1.0 and one.chance == one.recall and one.chance > 0.9 and one.why == "nothing"
    half = stands(sat(9, passed=2), sat(2, passed=2))
    assert half.level == 0.5 and half.chance == pytest.approx(half.recall * 0.5)
    assert half.why == "last verdict: too slow"


def test_last_session_weighs_most():
    """The weights are one half, three tenths and two tenths. Older sessions have no weight."""
    assert stands(sat(9, 0), sat(6, 0), sat(3, 0), sat(1)).level == pytest.approx(0.5)
    assert stands(sat(9), sat(6, 0), sat(3, 0), sat(1, 0)).level == 0.0


def test_help_is_not_passing():
    """A viewed solution counts as zero, and each hint costs a quarter."""
    assert stands(sat(9), sat(1, solution=True)).level == pytest.approx(0.3 / 0.8)
    hinted = stands(sat(9), sat(1, hints=1))
    assert hinted.level == pytest.approx((0.5 * 0.75 + 0.3) / 0.8) and hinted.why == "you used help last time"


def test_chance_falls_with_time():
    later = stands(sat(9), sat(2), day=DAY + timedelta(days=200))
    assert later.chance < 0.85 and later.why == "not practiced recently"


def test_question_without_code_is_judged_by_its_words():
    spoken = Asked("why", ("explain", "predict"), "basics", (), (), (), 0)
    one = stands(sat(9, 3, "why", "explain"), sat(1, 4, "why", "explain"), asked=spoken)
    assert one.level == pytest.approx((0.5 * 1 + 0.3 * 0.75) / 0.8)


# -------------------------------------------------------------------------------------------------------------- groups


def chance(figure, name="q"):
    return Chance(name, 0 if figure is None else 3, figure, figure, 1.0, "")


@pytest.mark.parametrize(
    ("known", "total", "missing"),
    [(0, 5, 3), (2, 5, 1), (3, 5, 0), (3, 12, 1), (4, 12, 0), (1, 1, 0), (1, 2, 1), (2, 2, 0)],
)
def test_group_has_a_figure_from_three_and_a_third_on(known, total, missing):
    """A group with fewer than three questions needs all of them."""
    told = group("topic", "Numerics", [chance(0.5)] * known + [chance(None)] * (total - known))
    assert (told.chance is None) == (missing > 0)
    assert (told.covered, told.total, told.missing) == (known, total, missing)


def test_group_names_its_weakest_three():
    told = group("room", "memory", [chance(figure, f"q{figure}") for figure in (0.9, 0.2, None, 0.5, 0.7)])
    assert [one.question for one in told.weakest] == ["q0.2", "q0.5", "q0.7"]
    assert told.chance == pytest.approx((0.9 + 0.2 + 0.5 + 0.7) / 4) and told.begun == 4


def test_every_company_room_and_topic_is_a_group():
    other = Asked("mean", ("code",), "statistics", ("Numerics", "Axes"), (), (), 1)
    told = groups([SOFTMAX, other], {"softmax": chance(0.5, "softmax"), "mean": chance(None, "mean")})
    names = [(one.by, one.name, one.total) for one in told]
    assert names == [("company", "Acme", 1), ("room", "statistics", 2), ("topic", "Axes", 1), ("topic", "Numerics", 2)]
