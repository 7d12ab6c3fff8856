"""An export is one file with everything. Importing it adds what is missing, or changes nothing if it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ndojo import practice
from ndojo.judge.verdict import Verdict
from ndojo.store import Store

VERDICT = Verdict("softmax", "AC", 1, ("right",), (), "", 0.1).to_dict()


def kept(now: datetime, source: str = "x") -> None:
    """Save an answer with its verdict."""
    with Store.open() as store:
        store.keep_verdict(store.keep_answer("softmax", "1", source, "a.py", None, now), VERDICT, "0.1", now)


def exported(now: datetime) -> bytes:
    return practice.export.to_json(practice.export.export_document(now)).encode()


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Switch to another machine, which means another data folder."""
    return lambda name="other": monkeypatch.setenv("NDOJO_DATA", str(tmp_path / name))


def test_export_and_import_bring_everything_along(now: datetime, tmp_path: Path, elsewhere: Any) -> None:
    kept(now)
    counts = practice.export.export(tmp_path / "mine.json", now)
    assert counts["answers"] == counts["verdicts"] == 1
    elsewhere()
    taken = practice.export.import_text(practice.export.read_export(tmp_path / "mine.json"), "mine.json")
    assert taken.is_new and taken.added["answers"] == 1 and not any(taken.here.values())
    again = practice.export.import_text(practice.export.read_export(tmp_path / "mine.json"), "mine.json")
    assert not again.is_new and again.here["verdicts"] == 1
    (answer,) = (
        practice.history.answers("softmax") if "softmax" in practice.questions.slugs() else practice.history.answers()
    )
    assert answer.source == "x" and answer.verdict == VERDICT and answer.submitted_at == now


def test_export_is_one_row_a_line(now: datetime) -> None:
    """Exports can be compared line by line, and a large one can be read."""
    kept(now)
    lines = exported(now).decode().splitlines()
    assert sum(line.startswith('  {"id": 1, "question": "softmax"') for line in lines) == 1
    assert json.loads("\n".join(lines))["format"] == "ndojo export"


def test_export_never_replaces_a_file_by_itself(now: datetime, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text("precious")
    with pytest.raises(practice.errors.PracticeError, match="was not changed"):
        practice.export.export(path, now)
    assert path.read_text() == "precious"
    practice.export.export(path, now, force=True)
    assert json.loads(path.read_text())["version"] == 1
    assert [one.name for one in tmp_path.iterdir()] == ["mine.json"]


def test_export_that_cannot_be_written_says_so(now: datetime, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(practice.errors.PracticeError, match="cannot be written"):
        practice.export.export(tmp_path / "file" / "mine.json", now)


def _of(**changes: Any) -> bytes:
    head = {"format": "ndojo export", "version": 1, "ndojo": "9.9", "exported_at": "2026-03-01T12:00:00+00:00"}
    return json.dumps(head | changes).encode()


DAMAGED = {
    "empty": b"",
    "cut": b'{"format": "ndojo export", "version": 1, "answers": [{"id"',
    "binary": b"\x89PNG\r\n\x1a\n\xff\xfe",
    "text": b"import numpy as np",
    "other json": b"[1, 2, 3]",
    "other object": b'{"cells": []}',
    "deep": b"[" * 100_000,
    "no version": b'{"format": "ndojo export"}',
    "wrong type": _of(answers={"a": 1}),
    "wrong row": _of(answers=[{"id": 1}]),
    "loose verdict": _of(verdicts=[{"answer_id": 7, "code": "AC", "passed_levels": 1, "total_levels": 1, "seconds": 1,
                                    "judge_version": "1", "judged_at": "2026-03-01T12:00:00Z", "record": VERDICT}]),
    "way out": _of(events=[{"question": "../../x", "what": "hint", "at": "2026-03-01T12:00:00Z", "detail": None}]),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_file_changes_nothing(now: datetime, name: str) -> None:
    """For any damage, a message says what is wrong, and the store is unchanged."""
    kept(now)
    before = exported(now)
    with pytest.raises(practice.errors.PracticeError, match="Nothing was changed") as told:
        practice.export.import_text(DAMAGED[name], f"{name}.json")
    assert str(told.value).startswith(f"{name}.json ") and len(str(told.value)) < 300
    assert exported(now) == before


@pytest.mark.parametrize("place", range(0, 1000, 97))
def test_file_that_is_cut_anywhere_changes_nothing(now: datetime, place: int, elsewhere: Any) -> None:
    kept(now)
    content = exported(now)
    elsewhere()
    with pytest.raises(practice.errors.PracticeError, match="Nothing was changed"):
        practice.export.import_text(content[: place % (len(content) - 3)], "cut.json")
    assert not practice.history.answers()


@pytest.mark.parametrize("depth", [100, 900, 2_000])
def test_deep_value_is_taken_in_or_refused(now: datetime, depth: int) -> None:
    """It never causes a partial import or a traceback."""
    setting = {"name": "goals", "value": "DEEP", "at": "2026-03-01T12:00:00Z"}
    content = _of(settings=[setting]).replace(b'"DEEP"', b"[" * depth + b"]" * depth)
    try:
        assert practice.export.import_text(content, "deep.json").added["settings"] == 1
    except practice.errors.PracticeError as problem:
        assert "Nothing was changed" in str(problem)
        assert not json.loads(exported(now))["settings"]


def test_newer_file_is_refused(now: datetime) -> None:
    """The installed version of ndojo might understand only half of it."""
    with pytest.raises(
        practice.errors.PracticeError,
        match=r"newer ndojo: its format has version 2, and this ndojo supports 1\. Upgrade ndojo",
    ):
        practice.export.import_text(_of(version=2, answers="in another form"), "new.json")


def test_older_file_may_lack_tables(now: datetime) -> None:
    """Tables from a later version are empty. A byte order mark is accepted."""
    assert not practice.export.import_text(b"\xef\xbb\xbf" + _of(), "old.json").is_new


def test_time_in_another_zone_is_the_same_time(now: datetime, elsewhere: Any) -> None:
    """Another program may have written it. It equals the same moment in UTC."""
    kept(now)
    content = exported(now).replace(b"2026-03-01T12:00:00.000000+00:00", b"2026-03-01T13:00:00+01:00")
    assert b"+01:00" in content and not practice.export.import_text(content, "zone.json").is_new


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(practice.errors.PracticeError, match="cannot be read"):
        practice.export.read_export(tmp_path / "none.json")


def test_import_that_is_killed_changes_nothing(now: datetime, tmp_path: Path, elsewhere: Any) -> None:
    """The import may be killed at any point. A second import adds everything."""
    for number in range(5):
        kept(now + timedelta(minutes=number), f"x = {number}")
    practice.export.export(tmp_path / "mine.json", now)
    elsewhere()
    kept(now - timedelta(days=1), "here before")
    code = (
        "import os, sys; from pathlib import Path; from ndojo import practice; from ndojo.store import copies\n"
        "merge, tables = copies._merge, iter(range(int(sys.argv[2])))\n"
        "def dying(*arguments):\n"
        "    if next(tables, None) is None: os.kill(os.getpid(), 9)\n"
        "    return merge(*arguments)\n"
        "copies._merge = dying\n"
        "practice.export.import_text(Path(sys.argv[1]).read_bytes(), 'mine.json')"
    )
    for tables in range(3):
        command = [sys.executable, "-c", code, str(tmp_path / "mine.json"), str(tables)]
        assert subprocess.run(command, env=dict(os.environ)).returncode == -9
        assert [one.source for one in practice.history.answers()] == ["here before"]
    assert (
        practice.export.import_text(practice.export.read_export(tmp_path / "mine.json"), "mine.json").added["answers"]
        == 5
    )


def test_two_imports_at_once_add_everything_once(now: datetime, tmp_path: Path, elsewhere: Any) -> None:
    """One waits for the other, and then finds that nothing is missing."""
    for number in range(30):
        kept(now + timedelta(minutes=number), f"x = {number}")
    practice.export.export(tmp_path / "mine.json", now)
    elsewhere()
    code = (
        "import sys; from pathlib import Path; from ndojo import practice\n"
        "print(practice.export.import_text(Path(sys.argv[1]).read_bytes(), 'mine.json').added['answers'])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "mine.json")]
    processes = [subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = sorted(int(process.communicate(timeout=60)[0]) for process in processes)
    assert told == [0, 0, 30] and len(practice.history.answers()) == 30
