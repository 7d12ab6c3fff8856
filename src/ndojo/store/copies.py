"""Export all rows of a store as plain lists, and import them.

Rows never change, so an import only adds the missing ones. Rows are compared by content and not by id, because ids
differ between stores. Rows with equal content are counted. So importing the same file twice adds nothing.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

Kind = Literal["text", "json", "truth"]
Row = dict[str, Any]
Everything = dict[str, list[Row]]
Ids = dict[tuple[str, int], int]
"""Map from a table and an id in the file to the id in this store."""


@dataclass(frozen=True)
class Table:
    """How one table of the store is exported.

    Parameters
    ----------
    name : str
    columns : tuple of str
        All columns except `id`.
    kinds : mapping of str to {"text", "json", "truth"}
        Columns that contain text as bytes, JSON as text, or a bool as an integer.
    numbered : bool
        Whether rows of another table refer to its `id`. The id is then exported, and mapped on import.
    of : tuple of (str, str)
        The column that refers to another table, and that table.
    once : bool
        Whether at most one row may refer to each row of the other table. The first one stays.
    """

    name: str
    columns: tuple[str, ...]
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    numbered: bool = False
    of: tuple[str, str] | None = None
    once: bool = False


TABLES = (
    Table(
        "answers",
        ("question", "question_version", "source", "file_name", "submitted_at", "levels"),
        {"source": "text"},
        numbered=True,
    ),
    Table(
        "verdicts",
        ("answer_id", "code", "passed_levels", "total_levels", "seconds", "judge_version", "judged_at", "record"),
        {"record": "json"},
        of=("answer_id", "answers"),
        once=True,
    ),
    Table("events", ("question", "what", "at", "detail"), {"detail": "json"}),
    Table(
        "drill_answers",
        ("question", "question_version", "drill", "variant", "hardness", "asks", "code", "why", "expected", "typed",
         "correct", "seconds", "at"),
        {"correct": "truth"},
    ),
    Table("settings", ("name", "value", "at"), {"value": "json"}),
    Table("mocks", ("company", "minutes", "seed", "items", "begun_at"), {"items": "json"}, numbered=True),
    Table("mock_events", ("mock", "item", "what", "at", "detail"), {"detail": "json"}, of=("mock", "mocks")),
    Table("drafts", ("subject", "kept", "added", "at"), {"added": "text"}),
)  # fmt: skip
DRAFT_OF_A_MOCK = re.compile(r"(?<=^mock )\d+\b")


class DanglingReferenceError(ValueError):
    """A row refers to a missing row, or two rows have the same id."""


@dataclass(frozen=True)
class ImportCounts:
    """The number of added rows and of already existing rows, by table."""

    added: dict[str, int]
    here: dict[str, int]


def export_document(connection: sqlite3.Connection) -> Everything:
    """Return every row of every table as JSON values, in the order in which they were saved."""
    return {table.name: _exported(connection, table) for table in TABLES}


def _exported(connection: sqlite3.Connection, table: Table) -> list[Row]:
    columns = (*(("id",) if table.numbered else ()), *table.columns)
    rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table.name} ORDER BY rowid")
    return [{name: _plain(table, name, value) for name, value in zip(columns, row, strict=True)} for row in rows]


def _plain(table: Table, column: str, value: Any) -> Any:
    """Return a column's value as a JSON value."""
    kind = table.kinds.get(column)
    if value is None or kind is None:
        return value
    if kind == "text":
        return value.decode("utf-8", "surrogatepass")
    # JSON has no NaN, but Python's json module reads and writes it.
    return bool(value) if kind == "truth" else json.loads(value, parse_constant=lambda name: None)


def _kept(table: Table, column: str, value: Any) -> Any:
    """Return a JSON value as the store saves it."""
    kind = table.kinds.get(column)
    if kind == "text":
        return value.encode("utf-8", "surrogatepass")
    if kind == "json":
        return None if value is None and column == "detail" else json.dumps(value)
    return int(value) if kind == "truth" else value


def import_document(connection: sqlite3.Connection, document: Mapping[str, Sequence[Row]]) -> ImportCounts:
    """Add the missing rows. The caller opens the transaction.

    Raises
    ------
    DanglingReferenceError
        If the rows do not fit together.
    """
    ids: Ids = {}
    added = {
        table.name: _merge(connection, table, _to_add(connection, table, document.get(table.name, ()), ids), ids)
        for table in TABLES
    }
    return ImportCounts(added, {name: len(document.get(name, ())) - number for name, number in added.items()})


def _to_add(connection: sqlite3.Connection, table: Table, rows: Iterable[Row], ids: Ids) -> list[Row]:
    """Return the rows of a file that this store does not have, and add the ids of the others to `ids`."""
    theirs = [_with_our_numbers(table, row, ids) for row in rows]
    ours = _exported(connection, table)
    if table.name == "settings":
        return _newer(ours, theirs)
    if table.name == "drafts":
        return _continued(ours, theirs)
    held: dict[str, list[int]] = {}
    for row in ours:
        held.setdefault(_identity(row), []).append(row.get("id", 0))
    missing = []
    for row in theirs:
        same = held.get(_identity(row))
        if not same:
            missing.append(row)
        elif table.numbered:
            _number(table, row, same.pop(0), ids)
        else:
            same.pop()
    if table.of and table.once:
        return _first_each(table.of[0], ours, missing)
    return missing


def _first_each(column: str, ours: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
    """Return the first row for each reference that has no row in this store."""
    firsts: dict[Any, Row] = {}
    for row in rows:
        firsts.setdefault(row[column], row)
    taken = {row[column] for row in ours}
    return [row for subject, row in firsts.items() if subject not in taken]


def _with_our_numbers(table: Table, row: Row, ids: Ids) -> Row:
    """Return a row with its references replaced by the ids of this store."""
    if table.of:
        column, other = table.of
        if (other, row[column]) not in ids:
            raise DanglingReferenceError(
                f"a row of {table.name} refers to row {row[column]} of {other}, which is missing"
            )
        return row | {column: ids[other, row[column]]}
    if table.name == "drafts":
        subject = DRAFT_OF_A_MOCK.sub(lambda found: str(ids.get(("mocks", int(found[0])), found[0])), row["subject"])
        return row | {"subject": subject}
    return row


def _number(table: Table, row: Row, ours: int, ids: Ids) -> None:
    if (table.name, row["id"]) in ids:
        raise DanglingReferenceError(f"two rows of {table.name} have the id {row['id']}")
    ids[table.name, row["id"]] = ours


def _identity(row: Row) -> str:
    """Return the content of a row without its id, to compare it with other rows."""
    return json.dumps({name: value for name, value in row.items() if name != "id"}, sort_keys=True)


def _merge(connection: sqlite3.Connection, table: Table, rows: Iterable[Row], ids: Ids) -> int:
    """Insert rows and return their number."""
    marks = ", ".join("?" * len(table.columns))
    insert = f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({marks})"
    number = 0
    for row in rows:
        number += 1
        cursor = connection.execute(insert, [_kept(table, column, row[column]) for column in table.columns])
        if table.numbered and cursor.lastrowid is not None:
            _number(table, row, cursor.lastrowid, ids)
    return number


def _newer(ours: Sequence[Row], theirs: Sequence[Row]) -> list[Row]:
    """Return the settings that are newer than ours of the same name, because the last saved one counts."""
    newest: dict[str, str] = {}
    for row in ours:
        newest[row["name"]] = max(row["at"], newest.get(row["name"], ""))
    return [row for row in theirs if row["at"] > newest.get(row["name"], "")]


def _continued(ours: Sequence[Row], theirs: Sequence[Row]) -> list[Row]:
    """Return the versions that continue our drafts.

    Each version builds on the previous one. A draft that differs from ours in an earlier version is therefore added
    under a separate subject, which depends only on its content.
    """
    mine, other = _by_subject(ours), _by_subject(theirs)
    rows: list[Row] = []
    for subject, versions in other.items():
        held = mine.get(subject, [])
        same = _shared(held, versions)
        if same < min(len(held), len(versions)):
            mark = sha256(_identity(versions[same]).encode()).hexdigest()[:8]
            renamed = [row | {"subject": f"{subject}, copy {mark}"} for row in versions]
            held = mine.get(renamed[0]["subject"], [])
            versions, same = renamed, _shared(held, renamed)
        rows += versions[same:] if same == len(held) else []
    return rows


def _shared(one: Sequence[Row], other: Sequence[Row]) -> int:
    """Return the number of equal versions at the start of two drafts."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _by_subject(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["subject"], []).append(row)
    return found
