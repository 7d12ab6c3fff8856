"""What can go wrong with a store, each said in a sentence with what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StoreError(Exception):
    """The store could not do what was asked; the message says why and what to do."""


FULL = "The disk is full: nothing more can be written to {path}. Free some space and do it again. {safe}"
CLOSED = "{path} cannot be opened and written. Make its folder writable, or name another in NDOJO_DATA. {safe}"
DAMAGED = (
    "{path} is damaged, or is not a store of ndojo. ndojo leaves it as it is. Move {name} and every file "
    "next to it whose name starts with {name} into another folder; ndojo then begins a new store. Delete none "
    "of them: `sqlite3 {name} .recover` can often read the answers, and a file that ends in .backup is a "
    "whole copy from before an upgrade."
)
LOCKED = "Another program has held {path} for more than {seconds:g} s. Close it, then do it again. {safe}"
BROKEN_DISK = (
    "The disk failed while {path} was in use ({problem}). See whether it has space and is well, "
    "then do it again. {safe}"
)
REFUSED = "The store {path} could not do that: {problem}."
SAFE = "What was kept before is safe."

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
    """Turn every error of SQLite and of the file system into a `StoreError`."""
    try:
        yield
    except sqlite3.Error as problem:
        # The low byte is the kind; what stands above it is detail.
        kind = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        sentence = SENTENCES.get(kind, REFUSED)
        message = sentence.format(path=path, name=path.name, seconds=wait_seconds, problem=problem, safe=SAFE)
        raise StoreError(message) from problem
    except OSError as problem:
        raise StoreError(sentence_for(problem).format(path=path, problem=problem, safe=SAFE)) from problem


def sentence_for(problem: OSError) -> str:
    """The sentence for an error of the file system: making the folder, listing it, naming the backup."""
    return FULL if problem.errno in (errno.ENOSPC, errno.EDQUOT) else CLOSED
