"""Bring a store's tables up to date, one numbered file of SQL after another."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ndojo.store.errors import StoreError

FOLDER = Path(__file__).with_name("migrations")
APPLICATION_ID = int.from_bytes(b"ndjo", "big")  # migration 0001 writes it into the file's header


def bring_up_to_date(connection: sqlite3.Connection, path: Path, folder: Path = FOLDER) -> None:
    """Apply every migration that the store lacks; make a backup copy before the first.

    Raises
    ------
    StoreError
        Where the file belongs to another program, or a newer ndojo has written it.
    """
    refuse_foreign(connection, path)
    steps = sorted(folder.glob("[0-9]*.sql"))
    newest, found = number_of(steps[-1]), version_of(connection)
    if found > newest:
        raise StoreError(
            f"{path} was written by a newer ndojo: its tables have version {found}, and this one knows "
            f"{newest}. Upgrade ndojo, or name another folder in NDOJO_DATA. Nothing was changed."
        )
    if found < newest:
        migrate(connection, path, steps)


def refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse an SQLite file that some other program made."""
    # In this order: a process that is making the store now commits the tables and the mark together.
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if tables and mark != APPLICATION_ID:
        raise StoreError(
            f"{path} is an SQLite file of another program. Move it, or name another folder in NDOJO_DATA. "
            "Nothing was changed."
        )


def migrate(connection: sqlite3.Connection, path: Path, steps: Iterable[Path]) -> None:
    """Apply `steps` in order, each in a separate transaction."""
    # A store that is being made, here or by another process at this moment, has nothing to copy yet.
    backed_up = version_of(connection) == 0
    for step in steps:
        with transaction(connection):
            # Asked again under the lock: another process may have been first.
            found = version_of(connection)
            if found >= number_of(step):
                continue
            if not backed_up:
                back_up(path, found)
                backed_up = True
            for statement in statements(step.read_text(encoding="utf-8")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number_of(step)}")


def back_up(path: Path, version: int) -> Path:
    """A whole copy of the store next to it, named after the version of its tables."""
    copy = path.with_name(f"{path.name}.v{version}.backup")
    partial = copy.with_name(f"{copy.name}.partial")
    partial.unlink(missing_ok=True)
    # A second connection, because the first is inside its transaction.
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    # An older copy of the same version holds nothing that this one lacks: rows are only ever added.
    os.replace(partial, copy)
    return copy


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Keep all of a block or none of it, with the write lock from the start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def version_of(connection: sqlite3.Connection) -> int:
    """The number of the last migration that the store has had; 0 for an empty file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def number_of(step: Path) -> int:
    """The number that a migration's file name starts with."""
    return int(step.name.split("_")[0])


def statements(sql: str) -> Iterator[str]:
    """Each statement of a script; `executescript` would commit the transaction it runs in."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise ValueError(f"a migration ends within a statement: {pending.strip()[:60]!r}")
