"""Readiness and statistics from a real store claim nothing that is unknown."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ndojo import practice
from ndojo.store import Store

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NDOJO_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def sit(slug: str, days_ago: float, passed: int = 9) -> None:
    """Save one answer `days_ago` days ago."""
    levels = next(row.card["levels"] for row in practice.catalog.questions().rows if row.slug == slug)
    at, passed = NOW - timedelta(days=days_ago), min(passed, len(levels))
    code = "AC" if passed == len(levels) else "TL" if passed else "WA"
    verdict = {"verdict": code, "passed_levels": passed, "levels": levels, "seconds": 0.1}
    with Store.open() as store:
        store.keep_verdict(store.keep_answer(slug, "1", "x", "a.py", None, at), verdict, "0.1", at)


def test_empty_store_claims_nothing(data: Path) -> None:
    """Each of the three documents is complete."""
    readiness, stats, plan = (
        practice.readiness.readiness(NOW),
        practice.statistics.stats(NOW),
        practice.forecast.plan(NOW),
    )
    assert all(one.chance is None for one in readiness.groups) and readiness.groups
    assert stats.sittings == 0 and all(week.well is None for week in stats.trend)
    for document in (readiness.to_dict(), stats.to_dict(), plan.to_dict()):
        assert json.loads(json.dumps(document)) == document
    assert not data.exists()


def test_two_days_cover_a_question() -> None:
    """Practice on two days gives a question's probability. The room's probability is the mean of its questions'."""
    slugs = [row.slug for row in practice.catalog.questions(practice.catalog.Filters(rooms=["creation"])).rows]
    for slug in slugs:
        sit(slug, 9)
        assert all(chance.chance is None for _, chance in practice.readiness.readiness(NOW, room="creation").questions)
    sit("run-length", 2)
    (seen,) = [
        one for one, chance in practice.readiness.readiness(NOW, room="creation").questions if chance.chance is not None
    ]
    assert seen.question == "run-length" and seen.asked
    for slug in slugs:
        sit(slug, 2)
    found = practice.readiness.readiness(NOW, room="creation")
    chances = [chance.chance for _, chance in found.questions if chance.chance is not None]
    assert len(chances) == len(slugs) and min(chances) > 0.8
    assert found.groups[0].chance == pytest.approx(sum(chances) / len(chances))
    assert practice.readiness.readiness(NOW, company="google").groups[0].chance is None


def test_weakest_are_named_with_what_holds_them_down() -> None:
    for slug, passed in (("matrix-inverse", 1), ("vector-norms", 9), ("trace-of-product", 0), ("kronecker-product", 9)):
        sit(slug, 9, passed)
        sit(slug, 2, passed)
    (group,) = practice.readiness.readiness(NOW, room="linalg").groups
    assert [one.question for one in group.weakest][:2] == ["trace-of-product", "matrix-inverse"]
    assert group.weakest[0].why == "last verdict: wrong answer"
    assert group.chance is not None and 0.4 < group.chance < 0.8


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"company": "gogle"}, "Did you mean Google?"),
        ({"room": "cellar"}, "Known: basics"),
        ({"company": "Google", "room": "linalg"}, "Give only one"),
    ],
)
def test_what_there_is_not_is_refused(wanted: dict[str, str], said: str) -> None:
    with pytest.raises(practice.errors.PracticeError, match=said.replace("?", r"\?")):
        practice.readiness.readiness(NOW, **wanted)


def test_figures_count_sessions_on_the_learner_s_days() -> None:
    for days_ago in (20, 13, 12, 11, 10, 9.9, 1):
        sit("run-length", days_ago)
    sit("matrix-inverse", 1, 0)
    stats = practice.statistics.stats(NOW)
    assert (stats.sittings, stats.questions, stats.cards) == (7, 2, 2)  # the two on one day and hour are one session
    assert sum(stats.calendar.values()) == 7 and stats.calendar[NOW.date() - timedelta(days=1)] == 2
    assert stats.ratings == {"again": 1, "hard": 0, "good": 0, "easy": 6}
    assert len(stats.trend) == 8 and all((week.well is None) == (week.sittings < 5) for week in stats.trend)
    assert {topic.name for topic in stats.topics} == set(practice.catalog.values("topics"))
