"""The plan and the goals from a real store, also with a wrong clock and with two processes of ndojo."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ndojo import practice
from ndojo.practice.plan import study_state
from ndojo.store import Store
from ndojo.study.evidence import Practice

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SLUG = "run-length"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate data folder for the test."""
    folder = tmp_path / "data"
    monkeypatch.setenv("NDOJO_DATA", str(folder))
    return folder


def sit(slug: str, at: datetime, code: str = "AC", passed: int | None = None, minutes: int = 8) -> None:
    """Save a practice session: a start, and one answer with its verdict."""
    levels = next(
        card["levels"] for card in (row.card for row in practice.catalog.questions().rows) if card["slug"] == slug
    )
    verdict = {
        "verdict": code, "passed_levels": len(levels) if passed is None else passed, "levels": levels, "seconds": 0.1,
    }  # fmt: skip
    with Store.open() as store:
        store.record(slug, "started", at)
        answer = store.keep_answer(slug, "1", "x", "a.py", None, at + timedelta(minutes=minutes))
        store.keep_verdict(answer, verdict, "0.1", at + timedelta(minutes=minutes))


def test_newcomer_has_a_plan_and_no_store(data: Path) -> None:
    """The plan has one new question and a drill. Reading it creates no store."""
    today = practice.plan.today(NOW)
    assert [step.what for step in today.steps] == ["new", "drill"] and today.minutes <= today.limit
    assert practice.forecast.plan(NOW).weeks and not data.exists()


def test_answer_makes_a_card_that_comes_back() -> None:
    """Today it is done. On the day it is due, it is a review."""
    sit(SLUG, NOW)
    card = study_state(NOW + timedelta(hours=1)).cards[Practice(SLUG, "code")]
    assert card.rated.rating == "easy" and card.due > NOW.date()
    today = practice.plan.today(NOW + timedelta(hours=1))
    assert today.minutes_done > 0 and SLUG not in [step.slug for step in today.steps if step.what == "review"]
    due = practice.plan.today(datetime.combine(card.due, NOW.time(), UTC))
    assert (due.steps[0].what, due.steps[0].slug, due.steps[0].why) == ("review", SLUG, "due today, last time easy")


def test_question_that_was_begun_is_gone_on_with(tmp_path: Path) -> None:
    practice.answer_files.start("sliding-windows", tmp_path, NOW)
    first = practice.plan.today(NOW).steps[0]
    assert (first.slug, first.why) == ("sliding-windows", "you started it")


def test_starter_that_was_judged_is_no_attempt(tmp_path: Path) -> None:
    """`ndojo watch` judges the starter before the learner changes it."""
    path = practice.answer_files.start(SLUG, tmp_path, NOW).path
    assert practice.session.check(path, now=NOW).verdict.verdict == "RE"
    assert study_state(NOW).reviews == []


def test_explanations_drills_and_help_count() -> None:
    """Each kind has its own card."""
    from dataclasses import fields

    from ndojo.store import DrillAnswer

    assert practice.reviews.save_explanation("why-numpy", "It is memory.", [1, 2, 3, 99], NOW) == ""
    known = {"question": "why-numpy", "at": NOW, "correct": True, "hardness": 0.1, "seconds": 2.0}
    answer = DrillAnswer(**{field.name: known.get(field.name, "x") for field in fields(DrillAnswer)})
    with Store.open() as store:
        store.keep_drill(answer)
        store.record("run-length", "solution", NOW)
    rated = {practice: card.rated.rating for practice, card in study_state(NOW).cards.items()}
    assert rated == {
        Practice("why-numpy", "explain"): "hard",
        Practice("why-numpy", "predict"): "good",
        Practice("run-length", "code"): "again",
    }


# --------------------------------------------------------------------------------------------------------------- goals


def test_goals_are_kept_one_by_one() -> None:
    """Setting one goal does not change the others."""
    practice.forecast.set_goals(NOW, minutes_a_day=30)
    practice.forecast.set_goals(NOW, interview="2026-04-01", company="gOOgle")
    today = practice.plan.today(NOW)
    assert (today.limit, str(today.interview), today.company) == (30, "2026-04-01", "Google")
    practice.forecast.set_goals(NOW, interview="none", company="any")
    today = practice.plan.today(NOW)
    assert (today.limit, today.interview, today.company) == (30, None, "")


@pytest.mark.parametrize(
    ("goals", "said"),
    [
        ({"interview": "2026-02-28"}, "2026-02-28 has passed: today is 2026-03-01"),
        (
            {"interview": "1 December"},
            "is not a date. Write a date such as 2026-03-31, or a number of days such as 30.",
        ),
        ({"interview": "2036-03-01"}, "more than two years away"),
        ({"minutes_a_day": 5}, "between 15 and 600 minutes"),
        ({"company": "Gogle"}, "Did you mean Google?"),
        ({"company": "Nowhere at all"}, "Known: Amazon"),
        ({"minutes_a_day": 30, "interview": "2020-01-01"}, "Nothing was changed"),
    ],
)
def test_goal_that_cannot_be_is_refused_and_nothing_is_kept(goals: dict[str, object], said: str, data: Path) -> None:
    with pytest.raises(practice.errors.PracticeError, match=said.replace("?", r"\?")):
        practice.forecast.set_goals(NOW, **goals)  # type: ignore[arg-type]
    assert not data.exists()


def test_interview_that_is_over_is_said_and_holds_nothing_up() -> None:
    practice.forecast.set_goals(NOW, interview="2026-03-05")
    later = practice.plan.today(NOW + timedelta(days=9))
    assert later.steps and "Your interview on 5 March 2026 is over." in later.notes[0]
    assert practice.forecast.plan(NOW + timedelta(days=9)).fit is None


def test_plan_says_what_will_not_fit() -> None:
    practice.forecast.set_goals(NOW, interview="3", minutes_a_day=20)
    plan = practice.forecast.plan(NOW)
    assert plan.fit is not None and len(plan.fit.misses) > 5 and plan.fit.days == 3
    assert all(week.longest <= 20 for week in plan.weeks) and sum(week.days for week in plan.weeks) == 3
    json.dumps(plan.to_dict())


# --------------------------------------------------------------------------------------------------------------- clock


def test_clock_set_back_by_hours_is_said_and_nothing_is_lost() -> None:
    sit(SLUG, NOW)
    before = practice.plan.today(NOW - timedelta(hours=3))
    assert "The clock is 3 hours behind" in before.notes[0] and "Nothing is lost" in before.notes[0]
    assert Practice(SLUG, "code") in study_state(NOW - timedelta(hours=3)).cards


def test_clock_that_was_a_year_ahead_loses_no_card() -> None:
    """Sessions with a future date wait until that date. Cards that were due stay due."""
    sit(SLUG, NOW - timedelta(days=30), "WA", 0)
    sit(SLUG, NOW + timedelta(days=365))
    today = practice.plan.today(NOW)
    assert today.steps[0].slug == SLUG and today.steps[0].what == "review"
    assert "2 entries of your log have dates in the future" in today.notes[0]
    assert study_state(NOW + timedelta(days=366)).cards[Practice(SLUG, "code")].times == 2


def test_days_are_those_of_the_learner_s_zone() -> None:
    """Late in the evening in Honolulu, it is tomorrow in Greenwich."""
    honolulu = timezone(timedelta(hours=-10))
    evening = datetime(2026, 3, 1, 22, tzinfo=honolulu)
    sit(SLUG, evening)
    assert study_state(evening + timedelta(minutes=9)).cards[Practice(SLUG, "code")].last.day == 1


TOGETHER = """
import sys
from datetime import UTC, datetime, timedelta
from ndojo import practice
now = datetime(2026, 3, 1, 12, tzinfo=UTC)
for number in range(10):
    practice.reviews.save_explanation("why-numpy", "x", [1, 2, 3], now + timedelta(days=number))
    practice.forecast.set_goals(now, minutes_a_day=20 + number)
    practice.plan.today(now)
"""


def test_two_at_once_on_one_store_lose_nothing() -> None:
    """Every explanation of both processes is in the log, and the plan is one that either would make."""
    both = [subprocess.Popen([sys.executable, "-c", TOGETHER]) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    with Store.open() as store:
        assert len(store.events("why-numpy")) == 20
    assert (
        practice.plan.today(NOW).limit == 29
        and study_state(NOW + timedelta(days=20)).cards[Practice("why-numpy", "explain")].times == 10
    )


def test_damaged_store_still_plans_as_for_a_newcomer(data: Path) -> None:
    data.mkdir()
    (data / "ndojo.sqlite3").write_bytes(b"nonsense" * 1000)
    today = practice.plan.today(NOW)
    assert today.steps and "damaged" in today.trouble
