"""Answers to drills are saved, and the drills of the last day are known even if the clock was changed."""

from datetime import datetime, timedelta

import pytest

from ndojo.store import DrillAnswer, Store, StoreError

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def drilled(store: Store, variant: str, at: datetime, correct: bool = True) -> DrillAnswer:
    """Save an answer to a variant."""
    one = DrillAnswer(
        "softmax", "1", "shape_of_it", variant, 0.25, "What is the shape?", "np.ones(3).shape", "One axis.", "(3,)",
        "3,", correct, 2.5, at,
    )  # fmt: skip
    store.keep_drill(one)
    return one


def test_answer_to_a_drill_comes_back_as_it_was(store: Store, now: datetime) -> None:
    """Every field is read back, the newest last, and at most the requested number."""
    kept = [drilled(store, str(number), now, number % 2 == 0) for number in range(4)]
    assert store.drills() == kept
    assert store.drills(2) == kept[2:]


def test_answer_to_a_drill_is_never_changed(store: Store, now: datetime) -> None:
    drilled(store, "a", now)
    for sql in ("UPDATE drill_answers SET correct = 0", "DELETE FROM drill_answers"):
        with pytest.raises(StoreError, match="never"):
            store._write(sql, ())


def test_variants_of_the_last_day_are_known(store: Store, now: datetime) -> None:
    drilled(store, "old", now - DAY - HOUR)
    drilled(store, "new", now - DAY + HOUR)
    drilled(store, "newest", now)
    assert store.drilled_within_a_day(now) == {"new", "newest"}
    assert store.drilled_within_a_day(now + DAY) == set()


def test_clock_that_is_set_back_hides_nothing(store: Store, now: datetime) -> None:
    """Earlier answers now have future times, and still count as this day's."""
    drilled(store, "before", now)
    assert store.drilled_within_a_day(now - 5 * DAY) == {"before"}
    drilled(store, "after", now - 5 * DAY)
    assert store.drilled_within_a_day(now - 5 * DAY + HOUR) == {"before", "after"}


def test_answer_that_a_wrong_clock_dated_is_of_its_day(store: Store, now: datetime) -> None:
    """An answer saved after one of the last day is newer, even if its time is years ago."""
    drilled(store, "this morning", now - 3 * HOUR)
    drilled(store, "by a clock set back", now - 400 * DAY)
    assert store.drilled_within_a_day(now) == {"this morning", "by a clock set back"}


def test_answer_from_the_future_blocks_only_itself(store: Store, now: datetime) -> None:
    """Answers saved after it count by their own times."""
    drilled(store, "by a clock that ran ahead", now + 900 * DAY)
    drilled(store, "long ago", now - 30 * DAY)
    assert store.drilled_within_a_day(now) == {"by a clock that ran ahead"}


def test_empty_store_has_no_drills(path: object, now: datetime) -> None:
    with Store.open(path, create=False) as store:  # type: ignore[arg-type]
        assert store.drills() == [] and store.drilled_within_a_day(now) == set()
