"""Problems with a store, each with a message that says what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StoreError(Exception):
    """An operation of the store failed. The message says why and what to do."""


FULL = "The disk is full, so {path} cannot be written. Free some space and try again. {safe}"
CLOSED = "{path} cannot be opened for writing. Make its folder writable, or set NDOJO_DATA to another folder. {safe}"
DAMAGED = (
    "{path} is damaged or is not an ndojo store. ndojo did not change it. Move {name} and all files next to it "
    "whose names start with {name} to another folder. ndojo then creates a new store. Do not delete the files: "
    "`sqlite3 {name} .recover` can often read the answers, and a file that ends in .backup is a full copy from "
    "before an upgrade."
)
LOCKED = "Another program has locked {path} for more than {seconds:g} s. Close it and try again. {safe}"
BROKEN_DISK = (
    "The disk failed while {path} was in use ({problem}). Check its health and free space, then try again. {safe}"
)
REFUSED = "An operation on the store {path} failed: {problem}."
SAFE = "Everything saved before is safe."

SENTENCES = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: CLOSED,
    sqlite3.SQLITE_CANTOPEN: CLOSED,
    sqlite3.SQLITE_PERM: CLOSED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_IOERR: BROKEN_DISK,
}


@contextmanager
def as_store_errors(path: Path, wait_seconds: float) -> Iterator[None]:
    """Convert every error of SQLite and of the file system to a `StoreError`."""
    try:
        yield
    except sqlite3.Error as problem:
        # The low byte is the primary error code. The other bytes are details.
        kind = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        sentence = SENTENCES.get(kind, REFUSED)
        message = sentence.format(path=path, name=path.name, seconds=wait_seconds, problem=problem, safe=SAFE)
        raise StoreError(message) from problem
    except OSError as problem:
        raise StoreError(sentence_for(problem).format(path=path, problem=problem, safe=SAFE)) from problem


def sentence_for(problem: OSError) -> str:
    """Return the message for an error of the file system, such as when the folder is created."""
    return FULL if problem.errno in (errno.ENOSPC, errno.EDQUOT) else CLOSED
