"""The learner's store in one SQLite file.

The file is long because all SQL of the store is in it, one method per question that ndojo asks.
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

WAIT_SECONDS = 5.0  # how long another process may hold the store before we give up

ANSWER = """
    SELECT a.id, a.question, a.question_version, a.source, a.file_name, a.levels, a.submitted_at,
           v.record, v.judge_version, v.judged_at
    FROM answers a LEFT JOIN verdicts v ON v.answer_id = a.id
"""

# An internal error is ours, so it counts neither as an attempt nor against the learner.
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

# A starter that was judged before a word was written is no attempt, and neither is an error of ours.
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
    """What one learner has done, kept for good.

    Made with `Store.open`, and closed by `with`. It belongs to the thread that opened it; opening one takes
    about a millisecond, and any number of threads and processes may have one on the same file.

    Raises
    ------
    StoreError
        From every method, where the file or the disk does not allow what was asked.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, wait_seconds: float) -> None:
        self._connection = connection
        self.path = path
        self._wait_seconds = wait_seconds

    @classmethod
    def open(cls, path: Path | None = None, *, create: bool = True, wait_seconds: float = WAIT_SECONDS) -> Self:
        """A store that is ready for use, with its folder and tables made where they are missing.

        Parameters
        ----------
        path : Path, optional
            The store's file; without it, `store_path()`.
        create : bool
            False leaves the disk alone if no store exists yet: what comes back is then empty and refuses
            to be written.
        wait_seconds : float
            How long to wait for another process that holds the store.
        """
        path = store_path() if path is None else path
        with as_store_errors(path, wait_seconds):
            missing = not create and not path.exists()
            connection = connect_nowhere() if missing else connect(path, wait_seconds)
        return cls(connection, path, wait_seconds)

    def close(self) -> None:
        """Let go of the file; everything was on the disk already."""
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
        """The id of a new answer, which is on the disk when this returns: judge it after.

        Parameters
        ----------
        question : str
            The question's slug.
        question_version : str
            The version that the question has now.
        source : str
            The answer's text.
        file_name : str
            Where it was read from.
        levels : int or None
            Judge up to this level only, which never masters the question; None for every level.
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
        """Whether the verdict was kept: False where the answer had one already, which stays.

        Parameters
        ----------
        answer_id : int
            What `keep_answer` returned.
        verdict : mapping
            The verdict as the judge writes it, kept whole as JSON. Its `verdict` (the code, as ``"AC"``),
            `passed_levels`, `levels` (the names of those judged) and `seconds` have their own columns.
        judge_version : str
            The judge that gave it.
        now : datetime
            With a time zone.
        """
        if not self._rows("SELECT 1 FROM answers WHERE id = ?", (answer_id,)):
            raise StoreError(f"{self.path} has no answer {answer_id}, so no verdict on it can be kept.")
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
        """The verdict that was kept for an answer; None before it is judged."""
        answer = self.answer(answer_id)
        return answer.verdict if answer else None

    def answer(self, answer_id: int) -> Answer | None:
        """The answer with that id; None if none exists."""
        return first(self._answers("WHERE a.id = ?", (answer_id,)))

    def answers(self, question: str | None = None, limit: int | None = None) -> list[Answer]:
        """Answers with their verdicts, newest first: to one question or to all, at most `limit` of them."""
        where, slugs = ("", ()) if question is None else ("WHERE a.question = ? ", (question,))
        most = -1 if limit is None else limit
        return self._answers(where + "ORDER BY a.submitted_at DESC, a.id DESC LIMIT ?", (*slugs, most))

    def latest_answer(self, question: str) -> Answer | None:
        """The newest answer to a question; None if none exists."""
        return first(self.answers(question, limit=1))

    def unjudged(self) -> list[Answer]:
        """Answers that were kept but never judged, oldest first: a crash or a kill came between."""
        return self._answers("WHERE v.answer_id IS NULL ORDER BY a.id")

    def record(self, question: str, what: What, now: datetime, detail: Any = None) -> None:
        """Note that the learner started a question, took a hint, saw the solution, explained it or rated it.

        Parameters
        ----------
        question : str
            The question's slug.
        what : {"started", "hint", "solution", "explained", "rated"}
            One event for each time.
        now : datetime
            With a time zone.
        detail : optional
            Anything that JSON can hold, such as the points that were ticked.
        """
        if what not in get_args(What):
            raise ValueError(f"{what!r} is no event; use one of {', '.join(get_args(What))}")
        self._write(
            "INSERT INTO events (question, what, at, detail) VALUES (?, ?, ?, ?)",
            (question, what, to_text(now), None if detail is None else json.dumps(detail)),
        )

    def events(self, question: str | None = None) -> list[Event]:
        """What was recorded on a question or on all, oldest first."""
        where, slugs = ("", ()) if question is None else ("WHERE question = ? ", (question,))
        rows = self._rows(f"SELECT question, what, at, detail FROM events {where}ORDER BY id", slugs)
        return [Event(slug, what, to_time(at), from_json(detail)) for slug, what, at, detail in rows]

    def attempts(self) -> list[Attempt]:
        """The result of every answer that was judged and counts, oldest first."""
        return [
            Attempt(question, to_time(at), code, passed, judged, bool(limited))
            for question, at, code, passed, judged, limited in self._rows(ATTEMPTS)
        ]

    def drill_marks(self) -> list[tuple[str, datetime, bool]]:
        """Of every answer to a drill: the question, when, and whether it was right; oldest first."""
        rows = self._rows("SELECT question, at, correct FROM drill_answers ORDER BY id")
        return [(question, to_time(at), bool(correct)) for question, at, correct in rows]

    def choose(self, name: str, value: Any, now: datetime) -> None:
        """Keep what the learner chose under a name; what was chosen before stays in the store and counts no more."""
        self._write("INSERT INTO settings (name, value, at) VALUES (?, ?, ?)", (name, json.dumps(value), to_text(now)))

    def chosen(self, name: str) -> Any:
        """What was chosen last under a name; None where nothing was."""
        rows = self._rows("SELECT value FROM settings WHERE name = ? ORDER BY id DESC LIMIT 1", (name,))
        return json.loads(rows[0][0]) if rows else None

    def keep_draft(self, subject: str, kept: int, added: str, now: datetime) -> None:
        """Keep one version of what is being written.

        Parameters
        ----------
        subject : str
            What it is a version of.
        kept : int
            So many characters of the version before stay.
        added : str
            What follows them.
        now : datetime
            With a time zone.
        """
        self._write(
            "INSERT INTO drafts (subject, kept, added, at) VALUES (?, ?, ?, ?)",
            (subject, kept, to_bytes(added), to_text(now)),
        )

    def drafts(self, subject: str) -> list[tuple[datetime, str]]:
        """Every version that was kept, oldest first: when, and the whole text."""
        versions, text = [], ""
        rows = self._rows("SELECT kept, added, at FROM drafts WHERE subject = ? ORDER BY id", (subject,))
        for kept, added, at in rows:
            text = text[:kept] + from_bytes(added)
            versions.append((to_time(at), text))
        return versions

    def keep_mock(self, company: str, minutes: int, seed: int, items: Any, now: datetime) -> int:
        """The id of a new mock interview."""
        cursor = self._write(
            "INSERT INTO mocks (company, minutes, seed, items, begun_at) VALUES (?, ?, ?, ?, ?)",
            (company, minutes, seed, json.dumps(items), to_text(now)),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def mocks(self) -> list[Mock]:
        """Every mock interview, oldest first."""
        rows = self._rows("SELECT id, company, minutes, seed, items, begun_at FROM mocks ORDER BY id")
        return [
            Mock(id, company, minutes, seed, json.loads(items), to_time(at))
            for id, company, minutes, seed, items, at in rows
        ]

    def record_mock(self, mock: int, item: int, what: str, now: datetime, detail: Any = None) -> None:
        """Note what happened in a mock interview, on one of its questions."""
        self._write(
            "INSERT INTO mock_events (mock, item, what, at, detail) VALUES (?, ?, ?, ?, ?)",
            (mock, item, what, to_text(now), None if detail is None else json.dumps(detail)),
        )

    def mock_events(self, mock: int) -> list[MockEvent]:
        """What happened in a mock interview, in the order in which it was kept."""
        rows = self._rows("SELECT item, what, at, detail FROM mock_events WHERE mock = ? ORDER BY id", (mock,))
        return [MockEvent(item, what, to_time(at), from_json(detail)) for item, what, at, detail in rows]

    def hints_taken(self, question: str) -> int:
        """How many hints were recorded on a question."""
        return self._count(question, "hint")

    def solution_seen(self, question: str) -> bool:
        """Whether the learner has ever looked at the solution."""
        return self._count(question, "solution") > 0

    def statuses(self) -> dict[str, Status]:
        """How far each question has come, by slug; one that was never touched is missing, as `Status()`."""
        return {
            question: Status(status_word(attempts, passed, bool(mastered)), passed, attempts, to_time(at))
            for question, attempts, passed, mastered, at in self._rows(STATUSES)
        }

    def keep_drill(self, answer: DrillAnswer) -> None:
        """Keep an answer to a drill."""
        values = (*(getattr(answer, column) for column in DRILL_COLUMNS[:-1]), to_text(answer.at))
        marks = ", ".join("?" * len(values))
        self._write(f"INSERT INTO drill_answers ({', '.join(DRILL_COLUMNS)}) VALUES ({marks})", values)

    def drills(self, limit: int | None = None) -> list[DrillAnswer]:
        """Answers to drills, oldest first: all, or the newest so many."""
        sql = f"SELECT {', '.join(DRILL_COLUMNS)} FROM drill_answers ORDER BY id DESC LIMIT ?"
        rows = self._rows(sql, (-1 if limit is None else limit,))
        return [to_drill(row) for row in reversed(rows)]

    def drilled_within_a_day(self, now: datetime) -> set[str]:
        """The variants that were answered within a day.

        A clock that was set back does not hide any: what was kept after an answer of the last day is newer than it,
        regardless of its time, and what seems to lie in the future was kept by a clock that ran ahead.
        """
        sql = (
            "SELECT variant FROM drill_answers WHERE at > ?"
            " OR id >= (SELECT min(id) FROM drill_answers WHERE at > ? AND at <= ?)"
        )
        latest, earliest = to_text(now), to_text(now - timedelta(days=1))
        return {variant for (variant,) in self._rows(sql, (latest, earliest, latest))}

    def everything(self) -> Everything:
        """Every row of every table, as JSON can hold them: one moment's state, even during writes."""
        # Only an export needs it, and every command imports the store.
        from ndojo.store.copies import export_document

        with as_store_errors(self.path, self._wait_seconds):
            self._connection.execute("BEGIN")
            try:
                return export_document(self._connection)
            finally:
                self._connection.rollback()

    def take_in(self, document: Mapping[str, Sequence[Row]]) -> ImportCounts:
        """Add all that a copy holds and this store lacks, or nothing: one transaction.

        Parameters
        ----------
        document : mapping of str to sequence of dict
            As `everything` gives it; tables that are left out are empty.

        Raises
        ------
        LooseEndError
            Where a row refers to one that is not in the document.
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
        # Fetched here, because a damaged page may show only at the row that lies on it.
        with as_store_errors(self.path, self._wait_seconds):
            return self._connection.execute(sql, parameters).fetchall()

    def _write(self, sql: str, parameters: tuple[object, ...]) -> sqlite3.Cursor:
        """Run one INSERT, which is a separate transaction."""
        with as_store_errors(self.path, self._wait_seconds):
            return self._connection.execute(sql, parameters)


def connect(path: Path, wait_seconds: float) -> sqlite3.Connection:
    """A connection to a store's file, which is made or brought up to date."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # isolation_level None: a statement commits by itself, and the transactions are written out in schema.py.
    connection = sqlite3.connect(path, timeout=wait_seconds, isolation_level=None)
    try:
        bring_up_to_date(connection, path)
        settle(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_nowhere() -> sqlite3.Connection:
    """A connection to an empty store that has no file and cannot be written."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    bring_up_to_date(connection, Path(":memory:"))
    connection.execute("PRAGMA query_only = ON")
    return connection


def settle(connection: sqlite3.Connection) -> None:
    """Say how the file is to be kept."""
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    if journal != "wal":
        # Readers and a writer at the same time. A network folder cannot have it and stays as safe without.
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # on the disk when it returns, even if the power fails
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # else REPLACE deletes a row without its trigger


def status_word(attempts: int, passed_levels: int, mastered: bool) -> StatusWord:
    """The word for how far a question has come, once something was done on it."""
    if mastered:
        return "mastered"
    if passed_levels:
        return "passed"
    return "tried" if attempts else "started"


def to_answer(row: tuple[Any, ...]) -> Answer:
    """An answer from a row of the query `ANSWER`."""
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
    """An answer to a drill from a row of `DRILL_COLUMNS`."""
    facts = dict(zip(DRILL_COLUMNS, row, strict=True))
    return DrillAnswer(**facts | {"correct": bool(facts["correct"]), "at": to_time(facts["at"])})


def to_bytes(source: str) -> bytes:
    """An answer's text as bytes; works for any content."""
    return source.encode("utf-8", "surrogatepass")


def from_bytes(source: bytes) -> str:
    """The text that `to_bytes` wrote."""
    return source.decode("utf-8", "surrogatepass")


def to_text(moment: datetime) -> str:
    """A time as text in UTC, always of one length, so that text sorts as time does."""
    if moment.tzinfo is None:
        raise ValueError(f"the time {moment} has no time zone; use datetime.now(UTC)")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def to_time(text: str) -> datetime:
    """The time that `to_text` wrote."""
    return datetime.fromisoformat(text)


def from_json(text: str | None) -> Any:
    """What a column of JSON holds; None for null."""
    return None if text is None else json.loads(text)


def first(answers: list[Answer]) -> Answer | None:
    """The first, if one exists."""
    return answers[0] if answers else None
