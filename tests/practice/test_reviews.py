"""Following the plan never overwrites a line that the learner wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ndojo import practice
from ndojo.store import Store

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SLUG = "run-length"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NDOJO_DATA", str(tmp_path / "data"))


def test_review_gets_a_fresh_file_beside_the_old_one(tmp_path: Path) -> None:
    """On the same day, the same file is used again."""
    mine = tmp_path / "run_length.py"
    mine.write_text("mine")
    fresh = practice.reviews.write_review_file(SLUG, tmp_path, NOW)
    assert fresh.path.parent.name == "review-2026-03-01" and not fresh.begun_before
    assert mine.read_text() == "mine" and "your answer goes here" in fresh.path.read_text()
    fresh.path.write_text("begun")
    again = practice.reviews.write_review_file(SLUG, tmp_path, NOW + timedelta(hours=1))
    assert again.begun_before and again.path.read_text() == "begun"
    assert practice.reviews.write_review_file(SLUG, tmp_path, NOW + timedelta(days=1)).path != fresh.path


def test_new_question_that_was_begun_is_gone_on_with(tmp_path: Path) -> None:
    (tmp_path / "run_length.py").write_text("mine")
    assert practice.reviews.write_new_file(SLUG, tmp_path, NOW).begun_before
    assert (tmp_path / "run_length.py").read_text() == "mine"


def test_explanation_is_kept_with_its_points() -> None:
    spoken = practice.reviews.to_explain("why-numpy")
    assert len(spoken.points) >= 3 and spoken.model
    assert practice.reviews.save_explanation("why-numpy", "Raw memory.", [3, 1, 1, 99], NOW) == ""
    with Store.open() as store:
        (event,) = store.events("why-numpy")
    assert event.detail == {"text": "Raw memory.", "ticked": [1, 3], "points": len(spoken.points)}


def test_rating_is_told_and_corrected() -> None:
    """A correction changes the due date, and the last one counts."""
    points = len(practice.reviews.to_explain("why-numpy").points)
    practice.reviews.save_explanation("why-numpy", "All.", range(1, points + 1), NOW)
    (grade,) = practice.reviews.grades("why-numpy", NOW)
    assert (grade.kind, grade.rating) == ("explain", "easy") and grade.in_days > 1
    again = practice.reviews.rate("why-numpy", "again", NOW)
    assert again.rating == "again" and again.in_days == 1 and "the evidence says easy" in again.reason
    assert practice.reviews.rate("why-numpy", "good", NOW + timedelta(minutes=1)).rating == "good"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((SLUG, "perfect"), "The ratings are again, hard, good, easy"),
        ((SLUG, "good"), "You have not practiced run-length yet"),
        (("run-lenth", "good"), "Did you mean run-length"),
    ],
)
def test_rating_that_cannot_be_is_refused(arguments: tuple[str, str], said: str) -> None:
    with pytest.raises(practice.errors.PracticeError, match=said):
        practice.reviews.rate(*arguments, NOW)


def test_rating_of_several_kinds_asks_which() -> None:
    practice.reviews.save_explanation("why-numpy", "x", [1], NOW)
    with Store.open() as store:
        store.record("why-numpy", "solution", NOW)
    with pytest.raises(practice.errors.PracticeError, match="Add --kind"):
        practice.reviews.rate("why-numpy", "good", NOW)
    assert practice.reviews.rate("why-numpy", "good", NOW, "code").kind == "code"


def test_text_is_kept_key_by_key() -> None:
    """Each key adds a row of a few bytes. The whole text can be restored, including after deletions."""
    before = ""
    for text in ("M", "Me", "Men", "Me", "Mem", "Mem\nö"):
        practice.reviews.keep_draft("explain x", before, text, NOW)
        before = text
    assert practice.reviews.last_draft("explain x") == "Mem\nö" and practice.reviews.last_draft("explain y") == ""
    with Store.open() as store:
        assert [text for _, text in store.drafts("explain x")] == ["M", "Me", "Men", "Me", "Mem", "Mem\nö"]
