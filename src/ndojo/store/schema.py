"""Upgrade a store's tables with numbered SQL files."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ndojo.store.errors import StoreError

FOLDER = Path(__file__).with_name("migrations")
APPLICATION_ID = int.from_bytes(b"ndjo", "big")  # migration 0001 writes it into the file's header


def bring_up_to_date(connection: sqlite3.Connection, path: Path, folder: Path = FOLDER) -> None:
    """Apply the missing migrations. Before the first one, make a backup copy.

    Raises
    ------
    StoreError
        If another program or a newer ndojo wrote the file.
    """
    refuse_foreign(connection, path)
    steps = sorted(folder.glob("[0-9]*.sql"))
    newest, found = number_of(steps[-1]), version_of(connection)
    if found > newest:
        raise StoreError(
            f"{path} was written by a newer ndojo: its tables have version {found}, and this ndojo supports "
            f"{newest}. Upgrade ndojo, or set NDOJO_DATA to another folder. Nothing was changed."
        )
    if found < newest:
        migrate(connection, path, steps)


def refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    """Raise an error if another program wrote the SQLite file."""
    # The order matters: another process may be creating the store now, and it commits tables and id together.
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if tables and mark != APPLICATION_ID:
        raise StoreError(
            f"{path} is an SQLite file of another program. Move it, or set NDOJO_DATA to another folder. "
            "Nothing was changed."
        )


def migrate(connection: sqlite3.Connection, path: Path, steps: Iterable[Path]) -> None:
    """Apply `steps` in order, each in a separate transaction."""
    # A new store has nothing to copy, including one that another process is creating now.
    backed_up = version_of(connection) == 0
    for step in steps:
        with transaction(connection):
            # Read again under the lock, because another process may have applied the step first.
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
    """Copy the store to a file next to it, named after the version of its tables, and return the path."""
    copy = path.with_name(f"{path.name}.v{version}.backup")
    partial = copy.with_name(f"{copy.name}.partial")
    partial.unlink(missing_ok=True)
    # A second connection, because the first is inside its transaction.
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    # Replacing an older copy of the same version loses nothing, because rows are never changed or deleted.
    os.replace(partial, copy)
    return copy


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a block in a transaction that takes the write lock at the start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def version_of(connection: sqlite3.Connection) -> int:
    """Return the number of the last applied migration, or 0 for an empty file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def number_of(step: Path) -> int:
    """Return the number at the start of a migration's file name."""
    return int(step.name.split("_")[0])


def statements(sql: str) -> Iterator[str]:
    """Yield the statements of a script. `executescript` would commit the current transaction."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise ValueError(f"A migration ends in the middle of a statement: {pending.strip()[:60]!r}.")
