"""A reproducible set of questions, a fair clock, and a debrief that lists what was missing."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from ndojo.study.mock import Done, Item, TimedEvent, best_of, debrief, draw, state_of
from ndojo.study.readiness import Asked

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPICS = ("Memory", "Memory", "Memory", "Linear Algebra", "Signals")
BANK = [
    Asked(
        f"q{n}",
        ("code", "explain") if n % 5 == 0 else ("code",),
        "memory",
        (TOPICS[n % 5],),
        ("Acme",) if n < 20 else (),
        (),
        3,
    )
    for n in range(40)
] + [Asked("why", ("explain",), "basics", ("Memory",), ("Acme",), (), 0)]
DIFFICULTIES = {one.question: ("easy", "medium", "hard")[n % 3] for n, one in enumerate(BANK)}


def drawn(minutes=45, seed=1, company="Acme"):
    return draw(BANK, DIFFICULTIES, company, minutes, seed)


def test_seed_draws_the_same_set_again():
    assert drawn() == drawn()
    assert len({tuple(item.question for item in drawn(seed=seed)) for seed in range(20)}) > 10


@pytest.mark.parametrize("minutes", [10, 15, 30, 45, 60, 120])
def test_set_fills_the_time_and_not_more(minutes):
    for seed in range(20):
        items = drawn(minutes, seed)
        spent = sum(item.minutes for item in items)
        assert minutes - 10 < spent <= minutes
        assert len({item.question for item in items}) == len(items)


def test_questions_escalate_and_one_is_explained_last():
    """A question with only the kind explain is preferred for the last position."""
    items = drawn()
    order = [("easy", "medium", "hard").index(item.difficulty) for item in items[:-1]]
    assert order == sorted(order)
    assert (items[-1].question, items[-1].kind) == ("why", "explain")
    assert {item.kind for item in items[:-1]} == {"code"}


def test_set_follows_the_company_s_topics():
    """Topics that are asked more often are drawn more often, and no topic fills the whole set."""
    topics = Counter(item.topics[0] for seed in range(200) for item in drawn(seed=seed)[:-1])
    assert topics["Memory"] > topics["Linear Algebra"] > 50 and topics["Signals"] > 50


def test_other_questions_on_the_same_topics_fill_what_is_missing():
    """They are marked as not reported."""
    bank = [one for one in BANK if one.question in ("q0", "q20", "q21", "q22", "q23")]
    items = draw(bank, DIFFICULTIES, "Acme", 60, 1)
    assert {item.question for item in items if item.reported} == {"q0"}
    assert {item.question for item in items if not item.reported} <= {"q20", "q21", "q22"}  # q23 has another topic


def test_nothing_fits_into_a_moment():
    assert drawn(5) == ()


def test_item_comes_back_as_it_was_kept():
    (item, *_) = drawn()
    assert Item.from_dict(item.to_dict()) == item


# --------------------------------------------------------------------------------------------------------------- clock


def stood(*events, items=2):
    """Return the state of a mock interview after events, each (item, what, seconds)."""
    return state_of([TimedEvent(item, what, NOW + timedelta(seconds=at)) for item, what, at in events], items, NOW)


def test_time_goes_to_the_question_that_is_worked_on():
    told = stood((0, "begun", 0), (0, "alive", 30), (0, "answered", 50), (1, "begun", 60), (1, "alive", 90))
    assert told.seconds == (60, 30) and told.item == 1 and told.state == "running"


def test_pause_takes_no_time():
    told = stood((0, "begun", 0), (0, "paused", 40), (0, "resumed", 4000), (0, "alive", 4010))
    assert told.spent == 50 and told.state == "running"
    assert stood((0, "begun", 0), (0, "paused", 40)).state == "paused"


def test_crash_takes_no_time():
    """The time after the last sign of activity does not count."""
    told = stood((0, "begun", 0), (0, "alive", 20), (0, "resumed", 9000), (0, "alive", 9010))
    assert told.spent == 30


def test_clock_that_is_set_gives_and_takes_nothing():
    """If the clock is set back, nothing counts twice. If it is set ahead, at most one minute counts."""
    assert stood((0, "begun", 0), (0, "alive", 20), (0, "alive", -3600), (0, "alive", -3590)).spent == 30
    assert stood((0, "begun", 0), (0, "alive", 20), (0, "alive", 90_000)).spent == 80


def test_end_is_the_end():
    told = stood((0, "begun", 0), (1, "begun", 30), (1, "ended", 50))
    assert told.state == "ended" and told.seconds == (30, 20)


# ------------------------------------------------------------------------------------------------------------- debrief

LEVELS = [("right", ""), ("no copy", "Now without a copy."), ("lean", "Now in no memory.")]


def verdict(passed, code, *failed):
    findings = [{"requirement": "correct", "outcome": "passed"}] * (passed > 0)
    findings += [{"requirement": name, "outcome": "failed"} for name in failed]
    return {"verdict": code, "passed_levels": passed, "findings": findings}


def item(question="q0", kind="code", topics=("Memory",)):
    return Item(question, kind, 15, "medium", topics)


def test_debrief_says_what_was_missing():
    done = [
        Done(
            item(),
            "A view",
            LEVELS,
            [verdict(0, "WA", "correct"), verdict(1, "VW", "view of x")],
            (),
            (),
            "",
            600,
            True,
        ),
        Done(item("why", "explain", ("Basics",)), "Why", (), (), ("a", "b", "c"), ("b",), "b", 120, True),
        Done(item("q2"), "Late", LEVELS),
    ]
    said = debrief(done)
    first, spoken, late = said.results
    assert (first.passed, first.total, first.answers, first.minutes, first.verdict) == (1, 3, 2, 10, "VW")
    assert first.missing == ("no copy: Now without a copy.", "lean: Now in no memory.")
    assert spoken.missing == ("a", "c") and not late.reached
    assert said.score == pytest.approx((1 / 3 + 1 / 3 + 0) / 3) and said.minutes == 12
    assert said.requirements == (("view of x", 0, 1), ("correct", 1, 1))
    assert said.topics == (("Memory", pytest.approx(1 / 6), 2), ("Basics", pytest.approx(1 / 3), 1))
    whys = [why for _, _, why in said.next]
    assert whys == ["You did not reach this question.", "Next level: no copy.", "You missed 2 of 3 points."]


def test_perfect_interview_leaves_nothing_to_practice():
    said = debrief([Done(item(), "A view", LEVELS, [verdict(3, "AC")], reached=True)])
    assert said.score == 1.0 and said.next == () and said.results[0].missing == ()


def test_best_answer_counts_the_newest_of_equals():
    one, other = verdict(1, "VW"), verdict(1, "TL")
    assert best_of([one, other, verdict(0, "WA")]) is other and best_of([]) is None
