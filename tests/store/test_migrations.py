"""A store of any earlier version is upgraded with all its data."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ndojo.store import Store, StoreError
from ndojo.store.errors import as_store_errors
from ndojo.store.schema import FOLDER, bring_up_to_date, number_of, statements, version_of

STEPS = sorted(FOLDER.glob("*.sql"))
ROWS = Path(__file__).with_name("rows")
ADD_NOTES = "ALTER TABLE answers ADD COLUMN note TEXT;\nCREATE TABLE notes (\n  id INTEGER PRIMARY KEY\n);\n"


def folder_with(tmp_path: Path, steps: list[Path], **more: str) -> Path:
    """Return a folder of migrations: copies of `steps`, and files with the names and contents in `more`."""
    folder = tmp_path / "migrations"
    folder.mkdir(exist_ok=True)
    for step in steps:
        shutil.copy(step, folder)
    for name, sql in more.items():
        (folder / f"{name.strip('_')}.sql").write_text(sql)
    return folder


def update(path: Path, folder: Path) -> None:
    """Upgrade a store with the migrations in a folder."""
    path.parent.mkdir(exist_ok=True)
    with as_store_errors(path, 5), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        bring_up_to_date(connection, path, folder)


def store_of_version(number: int, path: Path, tmp_path: Path) -> None:
    """Return a store as ndojo of that version left it, with its rows."""
    update(path, folder_with(tmp_path, STEPS[:number]))
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((ROWS / f"{number:04}.sql").read_text())


def test_migrations_are_numbered_without_gaps() -> None:
    assert [number_of(step) for step in STEPS] == list(range(1, len(STEPS) + 1))


@pytest.mark.parametrize("number", range(1, len(STEPS) + 1))
def test_rows_of_every_version_are_read(number: int, path: Path, tmp_path: Path) -> None:
    """Add `rows/NNNN.sql` with each migration. This test opens such a store with the current ndojo."""
    store_of_version(number, path, tmp_path)
    with Store.open(path) as store:
        newest, oldest = store.answers("softmax")
        assert (oldest.source, newest.source, newest.levels) == ("x = 1", "x = 2", 1)
        assert oldest.submitted_at == datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
        assert oldest.verdict == {"verdict": "AC", "passed_levels": 3}
        assert [answer.id for answer in store.unjudged()] == [2]
        assert store.hints_taken("softmax") == 1
        assert store.statuses()["softmax"].status == "mastered"


def test_backup_is_made_before_a_store_is_migrated(path: Path, tmp_path: Path) -> None:
    """The copy is the whole store, and the older ndojo can open it."""
    store_of_version(1, path, tmp_path)
    update(path, folder_with(tmp_path, STEPS[:1], _0002_notes=ADD_NOTES))
    with closing(sqlite3.connect(path)) as connection:
        assert version_of(connection) == 2
        assert connection.execute("SELECT count(*), count(note) FROM answers").fetchone() == (2, 0)
    backup = path.with_name("ndojo.sqlite3.v1.backup")
    with closing(sqlite3.connect(backup)) as connection:
        assert version_of(connection) == 1
        assert connection.execute("SELECT count(*) FROM answers").fetchone() == (2,)
    assert not list(path.parent.glob("*.partial"))


def test_new_store_needs_no_backup(path: Path) -> None:
    Store.open(path).close()
    assert not list(path.parent.glob("*.backup"))


def test_migration_that_fails_changes_nothing(path: Path, tmp_path: Path) -> None:
    """The tables and rows are the same as before the migration."""
    store_of_version(1, path, tmp_path)
    broken = ADD_NOTES + "INSERT INTO no_such_table VALUES (1);\n"
    with pytest.raises(StoreError, match="no_such_table"):
        update(path, folder_with(tmp_path, STEPS[:1], _0002_broken=broken))
    with closing(sqlite3.connect(path)) as connection:
        assert version_of(connection) == 1
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'notes'").fetchone() == (0,)
        assert len(connection.execute("SELECT * FROM answers").fetchone()) == 7


def test_statement_is_not_split_within_a_trigger() -> None:
    """A trigger's body contains semicolons."""
    sql = "CREATE TRIGGER a BEFORE DELETE ON b\nBEGIN\n  SELECT 1;\n  SELECT 2;\nEND;\nSELECT 3;\n"
    assert [statement.split()[0] for statement in statements(sql)] == ["CREATE", "SELECT"]


def test_statement_without_an_end_is_refused() -> None:
    with pytest.raises(ValueError, match="ends in the middle of a statement"):
        list(statements("SELECT 1;\nSELECT 2\n"))


def test_store_of_version_0_1_0_opens_unchanged(path: Path) -> None:
    """The first release wrote this file. Its answers, verdicts and old requirement names stay the same."""
    path.parent.mkdir()
    shutil.copy(Path(__file__).with_name("written_by_0.1.0.sqlite3"), path)
    with closing(sqlite3.connect(path)) as connection:
        before = list(connection.iterdump())
    with Store.open(path) as store:
        (windows,) = store.answers("sliding-windows")
        (softmax,) = store.answers("softmax")
        assert windows.source == "x = 1" and windows.verdict is not None and softmax.verdict is not None
        assert windows.verdict["findings"][0]["requirement"] == "memory of its own"
        assert windows.verdict["levels"] == ["right", "own memory"]
        assert softmax.verdict["verdict"] == "AC" and store.statuses()["softmax"].status == "mastered"
        assert store.hints_taken("softmax") == 1
    with closing(sqlite3.connect(path)) as connection:
        assert list(connection.iterdump()) == before
