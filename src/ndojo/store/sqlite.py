"""The learner's store in one SQLite file.

The file is long because it contains all queries of the store, one method per query.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, get_args

from ndojo.store.errors import StoreError, as_store_errors
from ndojo.store.place import store_path
from ndojo.store.records import Answer, Attempt, DrillAnswer, Event, Mock, MockEvent, Status, StatusWord, What
from ndojo.store.schema import bring_up_to_date, transaction

if TYPE_CHECKING:
    from ndojo.store.copies import Everything, ImportCounts, Row

WAIT_SECONDS = 5.0  # how long to wait for another process that has locked the store

ANSWER = """
    SELECT a.id, a.question, a.question_version, a.source, a.file_name, a.levels, a.submitted_at,
           v.record, v.judge_version, v.judged_at
    FROM answers a LEFT JOIN verdicts v ON v.answer_id = a.id
"""

# An internal error is a fault of ndojo, so it does not count as an attempt.
STATUSES = """
    SELECT question, sum(attempt), max(passed), max(mastered), max(at)
    FROM (
        SELECT a.question,
               v.code IS NOT 'IE' AS attempt,
               coalesce(v.passed_levels, 0) AS passed,
               coalesce(a.levels IS NULL AND v.passed_levels >= max(v.total_levels, 1), 0) AS mastered,
               a.submitted_at AS at
        FROM answers a LEFT JOIN verdicts v ON v.answer_id = a.id
        UNION ALL
        SELECT question, 0, 0, 0, at FROM events
    )
    GROUP BY question
"""

# Neither an unchanged starter nor an internal error is an attempt.
ATTEMPTS = """
    SELECT a.question, a.submitted_at, v.code, v.passed_levels, v.total_levels, a.levels IS NOT NULL
    FROM answers a JOIN verdicts v ON v.answer_id = a.id
    WHERE v.code != 'IE' AND NOT (v.code = 'RE' AND instr(a.source, CAST('your answer goes here' AS BLOB)))
    ORDER BY a.id
"""

DRILL_COLUMNS = (
    "question", "question_version", "drill", "variant", "hardness", "asks", "code", "why", "expected", "typed",
    "correct", "seconds", "at",
)  # fmt: skip


class Store:
    """The data of one learner.

    Open it with `Store.open` as a context manager. Opening takes about a millisecond. A store can be used only in the
    thread that opened it, but any number of threads and processes can open the same file.

    Raises
    ------
    StoreError
        From every method, if the file or the disk does not allow the operation.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, wait_seconds: float) -> None:
        self._connection = connection
        self.path = path
        self._wait_seconds = wait_seconds

    @classmethod
    def open(cls, path: Path | None = None, *, create: bool = True, wait_seconds: float = WAIT_SECONDS) -> Self:
        """Open a store, and create its folder and tables if they are missing.

        Parameters
        ----------
        path : Path, optional
            The store's file. Default: `store_path()`.
        create : bool
            If False and no store exists, write nothing to the disk and return an empty read-only store.
        wait_seconds : float
            How long to wait for another process that has locked the store.
        """
        path = store_path() if path is None else path
        with as_store_errors(path, wait_seconds):
            missing = not create and not path.exists()
            connection = connect_nowhere() if missing else connect(path, wait_seconds)
        return cls(connection, path, wait_seconds)

    def close(self) -> None:
        """Close the file. Everything is on the disk already."""
        with as_store_errors(self.path, self._wait_seconds):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def keep_answer(
        self,
        question: str,
        question_version: str,
        source: str,
        file_name: str,
        levels: int | None,
        now: datetime,
    ) -> int:
        """Save a new answer and return its id. It is on the disk when this returns, so judge it afterward.

        Parameters
        ----------
        question : str
            Slug of the question.
        question_version : str
            Current version of the question.
        source : str
            The answer's source code.
        file_name : str
            Name of the answer file.
        levels : int or None
            Judge only up to this level, which never masters the question. None for every level.
        now : datetime
            With a time zone.
        """
        cursor = self._write(
            "INSERT INTO answers (question, question_version, source, file_name, levels, submitted_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (question, question_version, to_bytes(source), file_name, levels, to_text(now)),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def keep_verdict(self, answer_id: int, verdict: Mapping[str, Any], judge_version: str, now: datetime) -> bool:
        """Save the verdict of an answer. Return False if the answer already has one, which then stays.

        Parameters
        ----------
        answer_id : int
            The id that `keep_answer` returned.
        verdict : mapping
            The record of the verdict, saved completely as JSON. Its `verdict` (the code, such as ``"AC"``),
            `passed_levels`, `levels` (the names of the judged levels) and `seconds` also have their own columns.
        judge_version : str
            Version of the judge.
        now : datetime
            With a time zone.
        """
        if not self._rows("SELECT 1 FROM answers WHERE id = ?", (answer_id,)):
            raise StoreError(f"{self.path} has no answer {answer_id}, so its verdict cannot be saved.")
        cursor = self._write(
            "INSERT INTO verdicts (answer_id, code, passed_levels, total_levels, seconds, judge_version,"
            " judged_at, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (answer_id) DO NOTHING",
            (
                answer_id, verdict["verdict"], verdict["passed_levels"], len(verdict["levels"]),
                verdict["seconds"], judge_version, to_text(now), json.dumps(dict(verdict)),
            ),
        )  # fmt: skip
        return cursor.rowcount == 1

    def verdict_of(self, answer_id: int) -> dict[str, Any] | None:
        """Return the saved verdict of an answer, or None if it is not judged yet."""
        answer = self.answer(answer_id)
        return answer.verdict if answer else None

    def answer(self, answer_id: int) -> Answer | None:
        """Return the answer with an id, or None if it does not exist."""
        return first(self._answers("WHERE a.id = ?", (answer_id,)))

    def answers(self, question: str | None = None, limit: int | None = None) -> list[Answer]:
        """Return at most `limit` answers to one question or to all, with their verdicts, newest first."""
        where, slugs = ("", ()) if question is None else ("WHERE a.question = ? ", (question,))
        most = -1 if limit is None else limit
        return self._answers(where + "ORDER BY a.submitted_at DESC, a.id DESC LIMIT ?", (*slugs, most))

    def latest_answer(self, question: str) -> Answer | None:
        """Return the newest answer to a question, or None if it has none."""
        return first(self.answers(question, limit=1))

    def unjudged(self) -> list[Answer]:
        """Return saved answers without a verdict, oldest first. A crash or a kill leaves such answers."""
        return self._answers("WHERE v.answer_id IS NULL ORDER BY a.id")

    def record(self, question: str, what: What, now: datetime, detail: Any = None) -> None:
        """Save that the learner started a question, took a hint, saw the solution, explained it or rated it.

        Parameters
        ----------
        question : str
            Slug of the question.
        what : {"started", "hint", "solution", "explained", "rated"}
        now : datetime
            With a time zone.
        detail : optional
            Any JSON value, such as the ticked points.
        """
        if what not in get_args(What):
            raise ValueError(f"{what!r} is not an event. Use one of {', '.join(get_args(What))}.")
        self._write(
            "INSERT INTO events (question, what, at, detail) VALUES (?, ?, ?, ?)",
            (question, what, to_text(now), None if detail is None else json.dumps(detail)),
        )

    def events(self, question: str | None = None) -> list[Event]:
        """Return the events of one question or of all, oldest first."""
        where, slugs = ("", ()) if question is None else ("WHERE question = ? ", (question,))
        rows = self._rows(f"SELECT question, what, at, detail FROM events {where}ORDER BY id", slugs)
        return [Event(slug, what, to_time(at), from_json(detail)) for slug, what, at, detail in rows]

    def attempts(self) -> list[Attempt]:
        """Return the result of every judged answer that counts, oldest first."""
        return [
            Attempt(question, to_time(at), code, passed, judged, bool(limited))
            for question, at, code, passed, judged, limited in self._rows(ATTEMPTS)
        ]

    def drill_marks(self) -> list[tuple[str, datetime, bool]]:
        """Return the question, the time and whether the answer is right, for every drill answer, oldest first."""
        rows = self._rows("SELECT question, at, correct FROM drill_answers ORDER BY id")
        return [(question, to_time(at), bool(correct)) for question, at, correct in rows]

    def choose(self, name: str, value: Any, now: datetime) -> None:
        """Save a setting. Earlier values stay in the store but have no effect."""
        self._write("INSERT INTO settings (name, value, at) VALUES (?, ?, ?)", (name, json.dumps(value), to_text(now)))

    def chosen(self, name: str) -> Any:
        """Return the newest value of a setting, or None if it was never set."""
        rows = self._rows("SELECT value FROM settings WHERE name = ? ORDER BY id DESC LIMIT 1", (name,))
        return json.loads(rows[0][0]) if rows else None

    def keep_draft(self, subject: str, kept: int, added: str, now: datetime) -> None:
        """Save one version of a text that is being written.

        Parameters
        ----------
        subject : str
            Name of the text.
        kept : int
            Number of characters at the start that are the same as in the previous version.
        added : str
            The text after these characters.
        now : datetime
            With a time zone.
        """
        self._write(
            "INSERT INTO drafts (subject, kept, added, at) VALUES (?, ?, ?, ?)",
            (subject, kept, to_bytes(added), to_text(now)),
        )

    def drafts(self, subject: str) -> list[tuple[datetime, str]]:
        """Return every saved version of a text, oldest first: the time and the whole text."""
        versions, text = [], ""
        rows = self._rows("SELECT kept, added, at FROM drafts WHERE subject = ? ORDER BY id", (subject,))
        for kept, added, at in rows:
            text = text[:kept] + from_bytes(added)
            versions.append((to_time(at), text))
        return versions

    def keep_mock(self, company: str, minutes: int, seed: int, items: Any, now: datetime) -> int:
        """Save a new mock interview and return its id."""
        cursor = self._write(
            "INSERT INTO mocks (company, minutes, seed, items, begun_at) VALUES (?, ?, ?, ?, ?)",
            (company, minutes, seed, json.dumps(items), to_text(now)),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def mocks(self) -> list[Mock]:
        """Return every mock interview, oldest first."""
        rows = self._rows("SELECT id, company, minutes, seed, items, begun_at FROM mocks ORDER BY id")
        return [
            Mock(id, company, minutes, seed, json.loads(items), to_time(at))
            for id, company, minutes, seed, items, at in rows
        ]

    def record_mock(self, mock: int, item: int, what: str, now: datetime, detail: Any = None) -> None:
        """Save an event of a mock interview, on one of its questions."""
        self._write(
            "INSERT INTO mock_events (mock, item, what, at, detail) VALUES (?, ?, ?, ?, ?)",
            (mock, item, what, to_text(now), None if detail is None else json.dumps(detail)),
        )

    def mock_events(self, mock: int) -> list[MockEvent]:
        """Return the events of a mock interview in the order in which they were saved."""
        rows = self._rows("SELECT item, what, at, detail FROM mock_events WHERE mock = ? ORDER BY id", (mock,))
        return [MockEvent(item, what, to_time(at), from_json(detail)) for item, what, at, detail in rows]

    def hints_taken(self, question: str) -> int:
        """Return the number of hints that were taken on a question."""
        return self._count(question, "hint")

    def solution_seen(self, question: str) -> bool:
        """Return whether the learner has ever viewed the solution."""
        return self._count(question, "solution") > 0

    def statuses(self) -> dict[str, Status]:
        """Return the status of each question by slug. A question without any event has no entry; use `Status()`."""
        return {
            question: Status(status_word(attempts, passed, bool(mastered)), passed, attempts, to_time(at))
            for question, attempts, passed, mastered, at in self._rows(STATUSES)
        }

    def keep_drill(self, answer: DrillAnswer) -> None:
        """Save an answer to a drill."""
        values = (*(getattr(answer, column) for column in DRILL_COLUMNS[:-1]), to_text(answer.at))
        marks = ", ".join("?" * len(values))
        self._write(f"INSERT INTO drill_answers ({', '.join(DRILL_COLUMNS)}) VALUES ({marks})", values)

    def drills(self, limit: int | None = None) -> list[DrillAnswer]:
        """Return all drill answers, or only the `limit` newest, oldest first."""
        sql = f"SELECT {', '.join(DRILL_COLUMNS)} FROM drill_answers ORDER BY id DESC LIMIT ?"
        rows = self._rows(sql, (-1 if limit is None else limit,))
        return [to_drill(row) for row in reversed(rows)]

    def drilled_within_a_day(self, now: datetime) -> set[str]:
        """Return the variants that were answered within the last day.

        The result is complete even if the clock was changed. It includes answers with a future time, and every answer
        saved after an answer of the last day, regardless of its time.
        """
        sql = (
            "SELECT variant FROM drill_answers WHERE at > ?"
            " OR id >= (SELECT min(id) FROM drill_answers WHERE at > ? AND at <= ?)"
        )
        latest, earliest = to_text(now), to_text(now - timedelta(days=1))
        return {variant for (variant,) in self._rows(sql, (latest, earliest, latest))}

    def everything(self) -> Everything:
        """Return every row of every table as JSON values. This is a snapshot, even if another process writes."""
        # Imported here, because every command imports the store but only an export needs this.
        from ndojo.store.copies import export_document

        with as_store_errors(self.path, self._wait_seconds):
            self._connection.execute("BEGIN")
            try:
                return export_document(self._connection)
            finally:
                self._connection.rollback()

    def take_in(self, document: Mapping[str, Sequence[Row]]) -> ImportCounts:
        """Add all missing rows of an export in one transaction.

        Parameters
        ----------
        document : mapping of str to sequence of dict
            The result of `everything`. A missing table counts as empty.

        Raises
        ------
        DanglingReferenceError
            If a row refers to a row that is not in the document, or if an id is duplicated.
        """
        from ndojo.store.copies import import_document

        with as_store_errors(self.path, self._wait_seconds), transaction(self._connection):
            return import_document(self._connection, document)

    def _count(self, question: str, what: What) -> int:
        rows = self._rows("SELECT count(*) FROM events WHERE question = ? AND what = ?", (question, what))
        return int(rows[0][0])

    def _answers(self, where: str, parameters: tuple[object, ...] = ()) -> list[Answer]:
        return [to_answer(row) for row in self._rows(ANSWER + where, parameters)]

    def _rows(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        # Fetched here, because a damaged page is detected only when a row on it is read.
        with as_store_errors(self.path, self._wait_seconds):
            return self._connection.execute(sql, parameters).fetchall()

    def _write(self, sql: str, parameters: tuple[object, ...]) -> sqlite3.Cursor:
        """Run one INSERT as a separate transaction."""
        with as_store_errors(self.path, self._wait_seconds):
            return self._connection.execute(sql, parameters)


def connect(path: Path, wait_seconds: float) -> sqlite3.Connection:
    """Connect to a store's file, and create or upgrade it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # With isolation_level None, each statement commits immediately. Transactions are explicit, see schema.py.
    connection = sqlite3.connect(path, timeout=wait_seconds, isolation_level=None)
    try:
        bring_up_to_date(connection, path)
        configure(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_nowhere() -> sqlite3.Connection:
    """Connect to an empty read-only store without a file."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    bring_up_to_date(connection, Path(":memory:"))
    connection.execute("PRAGMA query_only = ON")
    return connection


def configure(connection: sqlite3.Connection) -> None:
    """Set the SQLite options of a connection."""
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    if journal != "wal":
        # Allows readers during a write. Network folders do not support it, and are equally safe without it.
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a commit survives a power failure
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # otherwise REPLACE deletes rows without their trigger


def status_word(attempts: int, passed_levels: int, mastered: bool) -> StatusWord:
    """Return the status of a question that has at least one event or answer."""
    if mastered:
        return "mastered"
    if passed_levels:
        return "passed"
    return "tried" if attempts else "started"


def to_answer(row: tuple[Any, ...]) -> Answer:
    """Return an answer from a row of the query `ANSWER`."""
    (
        id,
        question,
        question_version,
        source,
        file_name,
        levels,
        submitted_at,
        record,
        judge_version,
        judged_at,
    ) = row
    return Answer(
        id=id,
        question=question,
        question_version=question_version,
        source=from_bytes(source),
        file_name=file_name,
        levels=levels,
        submitted_at=to_time(submitted_at),
        verdict=from_json(record),
        judge_version=judge_version,
        judged_at=None if judged_at is None else to_time(judged_at),
    )


def to_drill(row: tuple[Any, ...]) -> DrillAnswer:
    """Return a drill answer from a row of `DRILL_COLUMNS`."""
    facts = dict(zip(DRILL_COLUMNS, row, strict=True))
    return DrillAnswer(**facts | {"correct": bool(facts["correct"]), "at": to_time(facts["at"])})


def to_bytes(source: str) -> bytes:
    """Encode a string, including one with lone surrogates."""
    return source.encode("utf-8", "surrogatepass")


def from_bytes(source: bytes) -> str:
    """Decode the result of `to_bytes`."""
    return source.decode("utf-8", "surrogatepass")


def to_text(moment: datetime) -> str:
    """Format a time in UTC with a fixed length, so that strings sort by time."""
    if moment.tzinfo is None:
        raise ValueError(f"The time {moment} has no time zone. Use datetime.now(UTC).")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def to_time(text: str) -> datetime:
    """Parse the result of `to_text`."""
    return datetime.fromisoformat(text)


def from_json(text: str | None) -> Any:
    """Parse a JSON column. Return None for null."""
    return None if text is None else json.loads(text)


def first(answers: list[Answer]) -> Answer | None:
    """Return the first answer, or None if the list is empty."""
    return answers[0] if answers else None
