"""Saved data is read back, and gives the status of each question."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ndojo.judge.verdict import Verdict
from ndojo.store import Answer, Status, StatusWord, Store, StoreError, data_folder, store_path


def verdict(code: str, passed: int, levels: tuple[str, ...] = ("Right", "No copy", "Lean")) -> dict[str, Any]:
    """Return a verdict as the judge writes it."""
    return Verdict("softmax", code, passed, levels, (), "printed", 0.125).to_dict()


def answer(store: Store, now: datetime, code: str | None = None, passed: int = 0, **changes: Any) -> int:
    """Save an answer to `softmax`, and a verdict if a code is given."""
    fields: dict[str, Any] = {
        "question": "softmax",
        "question_version": "1",
        "source": "x",
        "file_name": "a.py",
        "levels": None,
    }
    fields |= changes
    answer_id = store.keep_answer(**fields, now=now)
    if code:
        names = ("Right", "No copy", "Lean")[: fields["levels"]]
        assert store.keep_verdict(answer_id, verdict(code, passed, names), "0.1", now)
    return answer_id


def test_answer_comes_back_as_it_was_submitted(store: Store, now: datetime) -> None:
    """Every field of an answer is saved."""
    answer_id = store.keep_answer("softmax", "2", "x = 1\n", "/tmp/softmax.py", 2, now)
    assert store.answers() == [Answer(answer_id, "softmax", "2", "x = 1\n", "/tmp/softmax.py", 2, now)]


@settings(max_examples=50)
@given(source=st.text(st.characters(exclude_categories=())))
def test_any_text_is_kept_as_it_is(source: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """NUL, lone surrogates and all kinds of line endings survive."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    with Store.open(tmp_path_factory.getbasetemp() / "any-text.sqlite3") as store:
        kept = store.answer(store.keep_answer("softmax", "1", source, "a.py", None, now))
    assert kept is not None
    assert kept.source == source


def test_verdict_comes_back_whole(store: Store, now: datetime) -> None:
    """The record is saved in addition to the columns derived from it."""
    answer_id = answer(store, now, "WA", 1)
    assert store.verdict_of(answer_id) == verdict("WA", 1)
    kept = store.latest_answer("softmax")
    assert kept is not None
    assert (kept.verdict, kept.judge_version, kept.judged_at) == (verdict("WA", 1), "0.1", now)


def test_first_verdict_wins(store: Store, now: datetime) -> None:
    """A second verdict on an answer is not saved, and the return value says so."""
    answer_id = answer(store, now, "WA", 1)
    assert store.keep_verdict(answer_id, verdict("AC", 3), "0.2", now) is False
    assert store.verdict_of(answer_id) == verdict("WA", 1)


def test_verdict_without_an_answer_is_refused(store: Store, now: datetime) -> None:
    """A verdict must belong to an answer in this store."""
    with pytest.raises(StoreError, match="no answer 7"):
        store.keep_verdict(7, verdict("AC", 3), "0.1", now)


def test_answer_that_is_not_there_has_no_verdict(store: Store) -> None:
    assert store.verdict_of(7) is None
    assert store.latest_answer("softmax") is None


def test_unjudged_answers_come_oldest_first(store: Store, now: datetime) -> None:
    """After a crash, unjudged answers are judged in the order in which they were submitted."""
    first = answer(store, now)
    answer(store, now, "AC", 3)
    last = answer(store, now, question="moving-average")
    assert [kept.id for kept in store.unjudged()] == [first, last]


def test_answers_come_newest_first_and_no_more_than_asked(store: Store, now: datetime) -> None:
    ids = [answer(store, now, question=slug) for slug in ("softmax", "moving-average", "softmax", "softmax")]
    assert [kept.id for kept in store.answers()] == ids[::-1]
    assert [kept.id for kept in store.answers("softmax", limit=2)] == [ids[3], ids[2]]
    assert store.answers("no-such-question") == []


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([None], ("tried", 0, 1)),
        ([("WA", 0)], ("tried", 0, 1)),
        ([("WA", 1)], ("passed", 1, 1)),
        ([("AC", 3)], ("mastered", 3, 1)),
        ([("AC", 2)], ("passed", 2, 1)),
        ([("AC", 3), ("WA", 0)], ("mastered", 3, 2)),
        ([("WA", 2), ("RE", 0), None], ("passed", 2, 3)),
    ],
)
def test_status_follows_the_best_answer(
    store: Store, now: datetime, verdicts: list[tuple[str, int] | None], expected: tuple[StatusWord, int, int]
) -> None:
    """A later, worse answer does not lower the status."""
    for one in verdicts:
        answer(store, now, *(one or ()))
    status, passed_levels, attempts = expected
    assert store.statuses() == {"softmax": Status(status, passed_levels, attempts, now)}


def test_first_level_alone_is_passed_not_mastered(store: Store, now: datetime) -> None:
    """An answer accepted only up to a requested level is not mastered."""
    answer(store, now, "AC", 1, levels=1)
    assert store.statuses()["softmax"].status == "passed"


def test_level_that_could_not_be_checked_is_not_mastered(store: Store, now: datetime) -> None:
    """The answer is accepted because nothing failed. The question is mastered when an answer passes every level."""
    answer(store, now, "AC", 2)
    assert store.statuses()["softmax"].status == "passed"
    answer(store, now, "AC", 3)
    assert store.statuses()["softmax"].status == "mastered"


def test_no_level_of_none_is_not_mastered(store: Store, now: datetime) -> None:
    """Zero passed levels of zero do not count as every level."""
    answer_id = answer(store, now)
    store.keep_verdict(answer_id, verdict("IE", 0, ()), "0.1", now)
    assert store.statuses()["softmax"].status == "started"


def test_internal_error_is_no_attempt(store: Store, now: datetime) -> None:
    """An internal error never counts against the learner."""
    answer(store, now, "IE")
    assert store.statuses()["softmax"] == Status("started", 0, 0, now)


def test_question_that_was_only_opened_is_started(store: Store, now: datetime) -> None:
    store.record("softmax", "started", now)
    assert store.statuses() == {"softmax": Status("started", 0, 0, now)}
    assert Status().status == "new"


def test_last_time_is_that_of_the_last_event_or_answer(store: Store, now: datetime) -> None:
    """Times in different zones are compared as moments."""
    answer(store, now)
    later = now + timedelta(minutes=5)
    store.record("softmax", "hint", later.astimezone(timezone(-timedelta(hours=9))))
    store.record("softmax", "hint", now)
    assert store.statuses()["softmax"].last_at == later


def test_hints_and_solution_are_remembered(store: Store, now: datetime) -> None:
    assert (store.hints_taken("softmax"), store.solution_seen("softmax")) == (0, False)
    store.record("softmax", "hint", now)
    store.record("softmax", "hint", now, {"number": 2})
    store.record("softmax", "solution", now)
    assert (store.hints_taken("softmax"), store.solution_seen("softmax")) == (2, True)
    assert (store.hints_taken("other"), store.solution_seen("other")) == (0, False)
    assert [(event.what, event.detail) for event in store.events("softmax")] == [
        ("hint", None),
        ("hint", {"number": 2}),
        ("solution", None),
    ]


def test_unknown_event_is_refused(store: Store, now: datetime) -> None:
    """A misspelled word would stay in the store forever."""
    with pytest.raises(ValueError, match=r"'hints' is not an event\. Use one of started"):
        store.record("softmax", "hints", now)  # type: ignore[arg-type]


def test_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        store.record("softmax", "hint", datetime(2026, 3, 1))


def test_store_is_there_after_it_is_closed(path: Path, now: datetime) -> None:
    """The next process reads what one process saved. Only the store's file remains."""
    with Store.open(path) as store:
        answer(store, now, "AC", 3)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    with Store.open(path) as store:
        assert store.statuses()["softmax"].status == "mastered"


def test_store_is_kept_as_it_should_be(store: Store) -> None:
    """A commit is on the disk when it returns, and readers do not block a writer."""
    settings = ("journal_mode", "synchronous", "foreign_keys")
    assert [store._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in settings] == ["wal", 2, 1]


def test_asking_makes_no_store(path: Path, now: datetime) -> None:
    """Without `create`, nothing is written. The store reads as empty and cannot be changed."""
    with Store.open(path, create=False) as store:
        assert store.statuses() == {}
        assert store.unjudged() == store.answers() == []
        with pytest.raises(StoreError):
            answer(store, now)
    assert not path.parent.exists()


def test_asking_reads_the_store_that_is_there(path: Path, now: datetime) -> None:
    with Store.open(path) as store:
        answer(store, now)
    with Store.open(path, create=False) as store:
        assert store.statuses()["softmax"].attempts == 1


def test_folder_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NDOJO_DATA", str(tmp_path / "here"))
    assert store_path() == tmp_path / "here" / "ndojo.sqlite3"
    with Store.open() as store:
        assert store.path == store_path()
    assert store_path().exists()


def test_folder_is_the_users_own_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NDOJO_DATA", "")
    assert data_folder().name == "ndojo"
    assert data_folder().is_absolute()


@pytest.mark.parametrize("table", ["answers", "verdicts", "events"])
@pytest.mark.parametrize(
    "change", ["DELETE FROM {0}", "UPDATE {0} SET rowid = 9", "REPLACE INTO {0} SELECT * FROM {0}"]
)
def test_rows_are_never_changed_or_deleted(store: Store, now: datetime, table: str, change: str) -> None:
    """The database itself refuses changes from any code."""
    answer(store, now, "AC", 3)
    store.record("softmax", "hint", now)
    before = "\n".join(store._connection.iterdump())
    with pytest.raises(StoreError, match="never"):
        store._write(change.format(table), ())
    assert "\n".join(store._connection.iterdump()) == before
