"""Export all data of the learner to one file, and import it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ndojo import __version__
from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.json_schema import complaints
from ndojo.store import Store
from ndojo.store.copies import ImportCounts

FORMAT, VERSION = "ndojo export", 1
SCHEMA = Path(__file__).with_name("export.schema.json")
UNTOUCHED = "Nothing was changed."


@as_practice_errors()
def export_document(now: datetime) -> dict[str, Any]:
    """Return all data of the learner's store as JSON values, in the format of `export.schema.json`.

    Parameters
    ----------
    now : datetime
        With a time zone.
    """
    with Store.open(create=False) as store:
        rows = store.everything()
    head = {"format": FORMAT, "version": VERSION, "ndojo": __version__, "exported_at": now.astimezone(UTC).isoformat()}
    return head | rows


def to_json(document: Mapping[str, Any]) -> str:
    """Return an export as text with one row per line, so that two exports can be compared."""
    parts = [f"{json.dumps(name)}: {_rows(value)}" for name, value in document.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _rows(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value)
    return "[\n  " + ",\n  ".join(json.dumps(row) for row in value) + "\n]"


def export(path: Path, now: datetime, *, force: bool = False) -> dict[str, int]:
    """Write all data to one file, and return the number of rows by table.

    Parameters
    ----------
    path : Path
    now : datetime
        With a time zone.
    force : bool
        Replace the file if it exists.
    """
    document = export_document(now)
    write_file(path, to_json(document).encode(), force=force)
    return {name: len(rows) for name, rows in document.items() if isinstance(rows, list)}


def write_file(path: Path, content: bytes, *, force: bool = False) -> None:
    """Write a file completely or not at all. Replace an existing file only if `force` is true."""
    if path.exists() and not force:
        raise PracticeError(f"{path} already exists and was not changed. Choose another name, or use --force.")
    partial = path.with_name(f"{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as problem:
        with suppress(OSError):
            partial.unlink()
        raise PracticeError(f"{path} cannot be written: {problem.strerror}. Choose another location.") from problem


# -------------------------------------------------------------------------------------------------------------- import


@dataclass(frozen=True)
class Import:
    """The number of rows that an import added, and of those that already existed, by table."""

    added: Mapping[str, int]
    here: Mapping[str, int]

    @property
    def is_new(self) -> bool:
        """Whether anything was added."""
        return any(self.added.values())


def read_export(path: Path) -> bytes:
    """Return the content of a file to import."""
    try:
        return path.read_bytes()
    except OSError as problem:
        advice = "Name a file that `ndojo export` wrote."
        raise PracticeError(f"{path} cannot be read: {problem.strerror}. {advice}") from problem


@as_practice_errors()
def import_text(content: bytes, name: str) -> Import:
    """Add the data of an export to the learner's store.

    Existing data is never changed or deleted, and importing the same file again adds nothing. A damaged file, or a file
    of a newer ndojo, is rejected and changes nothing.

    Parameters
    ----------
    content : bytes
        Content of the file.
    name : str
        Name of the file in messages.
    """
    document = _checked(_parsed(content, name), name)
    with Store.open() as store:
        try:
            taken: ImportCounts = store.take_in(document)
        except (ValueError, RecursionError) as problem:
            raise PracticeError(f"{name} is damaged: {problem}. {UNTOUCHED}") from problem
    return Import(taken.added, taken.here)


def _parsed(content: bytes, name: str) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, RecursionError) as problem:
        raise PracticeError(f"{name} is not an export of ndojo: it is not JSON. {UNTOUCHED}") from problem
    except ValueError as problem:
        raise PracticeError(f"{name} is damaged or is not an export of ndojo: {problem}. {UNTOUCHED}") from problem


def _checked(document: Any, name: str) -> dict[str, Any]:
    """Validate an export, and return its tables with all times in UTC."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise PracticeError(f"{name} is JSON, but not an export of ndojo. {UNTOUCHED}")
    version = document.get("version")
    if isinstance(version, int) and version > VERSION:
        raise PracticeError(
            f"{name} was written by a newer ndojo: its format has version {version}, and this ndojo supports "
            f"{VERSION}. Upgrade ndojo, then import it. {UNTOUCHED}"
        )
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    if wrong := next(complaints(document, schema), None):
        raise PracticeError(f"{name} is damaged: {wrong}. {UNTOUCHED}")
    return {table: [_in_utc(row) for row in rows] for table, rows in document.items() if isinstance(rows, list)}


def _in_utc(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its times in the format of the store."""
    times = {
        name: datetime.fromisoformat(value).astimezone(UTC).isoformat(timespec="microseconds")
        for name, value in row.items()
        if name == "at" or name.endswith("_at")
    }
    return row | times
