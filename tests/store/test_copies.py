"""All data of a store can be copied into another store once, and no existing data is lost."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ndojo.judge.verdict import Verdict
from ndojo.store import DrillAnswer, Store, copies
from ndojo.store.copies import TABLES, DanglingReferenceError

Make = Callable[[str], Store]
VERDICT: dict[str, Any] = Verdict("softmax", "AC", 2, ("right", "lean"), (), "printed", 0.125).to_dict()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Return a function that creates the stores of several machines by name."""
    opened: list[Store] = []

    def one(name: str) -> Store:
        opened.append(Store.open(tmp_path / name / "ndojo.sqlite3"))
        return opened[-1]

    yield one
    for store in opened:
        store.close()


def fill(store: Store, now: datetime, mark: str = "x") -> None:
    """Save some of every kind of data."""
    judged = store.keep_answer("softmax", "1", f"{mark} = 1\n", "softmax.py", None, now)
    store.keep_verdict(judged, VERDICT, "0.1", now)
    store.keep_answer("softmax", "1", "\ud800\0", "softmax.py", 1, now)
    for _ in range(3):
        store.record("softmax", "hint", now)
    store.record("softmax", "rated", now, {"rating": 3, "at": [1.5, None]})
    store.keep_drill(DrillAnswer("softmax", "1", "d", mark, 0.5, "What?", "1", "One.", "1", "", False, 1.5, now))
    store.choose("goals", {"minutes": 30}, now)
    mock = store.keep_mock("Acme", 45, 7, [{"question": "softmax"}], now)
    store.record_mock(mock, 0, "begun", now)
    store.keep_draft(f"mock {mock} item 0", 0, f"{mark} =", now)
    store.keep_draft(f"mock {mock} item 0", 3, " 1", now + timedelta(seconds=1))


def plain(store: Store) -> dict[str, list[str]]:
    """Return everything except ids, which differ between stores."""
    rows = store.everything()
    return {
        name: sorted(
            json.dumps({k: v for k, v in row.items() if k not in ("id", "answer_id", "mock", "subject")}) for row in own
        )
        for name, own in rows.items()
    }


def test_every_table_and_column_is_copied(path: Path, store: Store) -> None:
    """A migration that adds one must be added to the export here."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        found = {
            name: {column[1] for column in connection.execute(f"PRAGMA table_info({name})")} - {"id"}
            for (name,) in tables
        }
    assert found == {table.name: set(table.columns) for table in TABLES}


def test_copy_of_an_empty_store_is_empty(path: Path) -> None:
    """Copying does not create the store."""
    with Store.open(path, create=False) as store:
        assert set(store.everything()) == {table.name for table in TABLES}
        assert not any(store.everything().values())
    assert not path.exists()


def test_copy_is_whole_in_another_store(make: Make, now: datetime) -> None:
    """The rows and their relations survive a round trip through JSON."""
    here, there = make("here"), make("there")
    there.keep_answer("other", "1", "y", "other.py", None, now)  # so that every id differs
    there.keep_mock("Other", 30, 1, [], now)
    fill(here, now)
    taken = there.take_in(json.loads(json.dumps(here.everything())))
    assert taken.added == {name: len(rows) for name, rows in here.everything().items()} and not any(taken.here.values())
    kept = there.latest_answer("softmax")
    assert kept is not None and kept.source == "\ud800\0" and kept.verdict is None
    (judged,) = [one for one in there.answers("softmax") if one.verdict]
    assert judged.verdict == VERDICT and judged.source == "x = 1\n" and judged.judged_at == now
    assert there.hints_taken("softmax") == 3 and there.drills() == here.drills()
    mock = there.mocks()[-1]
    assert mock.company == "Acme" and len(there.mock_events(mock.id)) == 1
    assert [text for _, text in there.drafts(f"mock {mock.id} item 0")] == ["x =", "x = 1"]


def test_the_same_copy_twice_adds_nothing(make: Make, now: datetime) -> None:
    """The target may be another store or the store itself."""
    here, there = make("here"), make("there")
    fill(here, now)
    copy = here.everything()
    for store in (there, there, here):
        taken = store.take_in(copy)
    assert not any(taken.added.values()) and taken.here == {name: len(rows) for name, rows in copy.items()}
    assert plain(there) == plain(here)


def test_stores_that_went_separate_ways_become_one(make: Make, now: datetime) -> None:
    """In either direction, nothing from either store is lost."""
    one, other, third = make("one"), make("other"), make("third")
    fill(one, now)
    other.take_in(one.everything())
    fill(one, now + timedelta(hours=1), "a")
    fill(other, now + timedelta(hours=2), "b")
    copies = [one.everything(), other.everything()]
    for store in (one, other, third):
        for copy in copies:
            store.take_in(copy)
    for name in ("answers", "verdicts", "events", "drill_answers", "mocks", "mock_events", "drafts"):
        assert plain(one)[name] == plain(other)[name] == plain(third)[name], name
    assert len(one.answers()) == 6


def test_verdict_comes_to_an_answer_that_had_none(make: Make, now: datetime) -> None:
    """An existing verdict is never replaced."""
    here, there = make("here"), make("there")
    number = here.keep_answer("softmax", "1", "x", "a.py", None, now)
    there.take_in(here.everything())
    here.keep_verdict(number, VERDICT, "0.1", now)
    assert there.take_in(here.everything()).added["verdicts"] == 1
    other = {"verdicts": [row | {"code": "WA"} for row in here.everything()["verdicts"]]}
    there.take_in(here.everything() | other)
    kept = there.latest_answer("softmax")
    assert kept is not None and kept.verdict == VERDICT


def test_answers_stand_in_the_order_of_their_times(make: Make, now: datetime) -> None:
    """The order does not change if another machine's answers are imported later."""
    here, there = make("here"), make("there")
    for store, hours in ((here, (1, 3)), (there, (2, 4))):
        for hour in hours:
            store.keep_answer("softmax", "1", str(hour), "a.py", None, now + timedelta(hours=hour))
    here.take_in(there.everything())
    assert [one.source for one in here.answers()] == ["4", "3", "2", "1"]


def test_only_the_first_of_two_verdicts_is_taken(make: Make, now: datetime) -> None:
    """The same is true if they are saved one after the other."""
    here, there = make("here"), make("there")
    fill(here, now)
    copy = here.everything()
    copy["verdicts"].append(copy["verdicts"][0] | {"code": "WA"})
    assert there.take_in(copy).added["verdicts"] == 1
    assert there.everything()["verdicts"][0]["code"] == "AC"


def test_newest_setting_counts_wherever_it_was_chosen(make: Make, now: datetime) -> None:
    here, there = make("here"), make("there")
    here.choose("goals", "old", now)
    there.choose("goals", "new", now + timedelta(hours=1))
    there.take_in(here.everything())
    here.take_in(there.everything())
    assert here.chosen("goals") == there.chosen("goals") == "new"


def test_drafts_that_part_are_kept_as_two(make: Make, now: datetime) -> None:
    """Each version builds on the previous one, so the two drafts must not be mixed."""
    here, there = make("here"), make("there")
    here.keep_draft("essay", 0, "ab", now)
    there.take_in(here.everything())
    here.keep_draft("essay", 2, "c", now + timedelta(seconds=1))
    there.keep_draft("essay", 1, "z", now + timedelta(seconds=2))
    for _ in range(2):
        there.take_in(here.everything())
    subjects = {row["subject"] for row in there.everything()["drafts"]}
    (copy,) = subjects - {"essay"}
    assert [text for _, text in there.drafts("essay")] == ["ab", "az"]
    assert [text for _, text in there.drafts(copy)] == ["ab", "abc"]


@pytest.mark.parametrize(
    "change",
    [
        lambda copy: copy["answers"].clear(),
        lambda copy: copy["answers"].append(copy["answers"][0] | {"source": "another"}),
        lambda copy: copy["mock_events"].append(copy["mock_events"][0] | {"mock": 99}),
        lambda copy: copy["events"].append({"question": "softmax"}),
        lambda copy: copy["drill_answers"].append(copy["drill_answers"][0] | {"typed": "\ud800"}),
    ],
)
def test_copy_that_does_not_hold_together_changes_nothing(make: Make, now: datetime, change: Any) -> None:
    """For a mistake at any position, the import adds everything or nothing."""
    here, there = make("here"), make("there")
    fill(here, now)
    fill(there, now + timedelta(days=1))
    before, copy = there.everything(), here.everything()
    change(copy)
    with pytest.raises((DanglingReferenceError, KeyError, ValueError)):
        there.take_in(copy)
    assert there.everything() == before


def test_copy_is_of_one_moment(make: Make, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy contains all or none of the data that another process saves at the same time."""
    here = make("here")
    fill(here, now)
    exported = copies._exported

    def interrupted(connection: sqlite3.Connection, table: copies.Table) -> list[copies.Row]:
        if table.name == "verdicts":
            with Store.open(here.path) as writer:
                writer.keep_verdict(writer.keep_answer("late", "1", "x", "a.py", None, now), VERDICT, "0.1", now)
        return exported(connection, table)

    with monkeypatch.context() as patch:
        patch.setattr(copies, "_exported", interrupted)
        copy = here.everything()
    assert {row["answer_id"] for row in copy["verdicts"]} <= {row["id"] for row in copy["answers"]}
    assert here.answers("late")
