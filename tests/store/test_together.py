"""Killed processes and concurrent processes lose no data."""

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from ndojo.store import Store

START = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from ndojo.store import Store

now = datetime.now(UTC)
verdict = {"verdict": "AC", "passed_levels": 1, "levels": ["Right"], "seconds": 0.1, "by": os.getpid()}

def keep():
    return store.keep_answer("softmax", "1", "x", "a.py", None, now)

store = Store.open(Path(sys.argv[1]))
"""
SUBMIT_AND_HANG = START + "print(keep(), flush=True); sys.stdin.read()"
SUBMIT_FOR_EVER = START + "while True: print(keep(), flush=True)"
SUBMIT_FIFTY = START + "for _ in range(50): print(keep())"
JUDGE = START + "for answer in store.unjudged(): print(store.keep_verdict(answer.id, verdict, '0.1', now))"


def start(code: str, path: Path) -> subprocess.Popen[str]:
    """Start a separate Python process that runs `code`."""
    command = [sys.executable, "-c", code, str(path)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def printed(processes: list[subprocess.Popen[str]]) -> list[str]:
    """Return every line that the processes print. All of them must exit successfully."""
    lines = [line for process in processes for line in process.communicate(timeout=60)[0].splitlines()]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return lines


def test_answer_survives_a_kill_before_its_verdict(path: Path, now: datetime) -> None:
    """An acknowledged answer is judged at the next start."""
    with start(SUBMIT_AND_HANG, path) as process:
        assert process.stdout is not None
        answer_id = int(process.stdout.readline())
        process.kill()
    with Store.open(path) as store:
        (left,) = store.unjudged()
        assert (left.id, left.source) == (answer_id, "x")
        verdict = {"verdict": "AC", "passed_levels": 1, "levels": ["Right"], "seconds": 0.1}
        assert store.keep_verdict(left.id, verdict, "0.1", now)
        assert store.unjudged() == []


@pytest.mark.parametrize("acknowledged", [1, 10, 60])
def test_every_acknowledged_answer_survives_a_kill(path: Path, acknowledged: int) -> None:
    """After a kill during writing, the store has each answer whose id was printed."""
    with start(SUBMIT_FOR_EVER, path) as process:
        assert process.stdout is not None
        ids = {int(process.stdout.readline()) for _ in range(acknowledged)}
        os.kill(process.pid, signal.SIGKILL)
    with Store.open(path) as store:
        kept = {answer.id for answer in store.answers()}
        assert store._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert ids <= kept


def test_processes_that_make_the_store_together_all_write_to_it(path: Path) -> None:
    """Six processes open a store that does not exist yet. 300 answers get 300 ids."""
    ids = printed([start(SUBMIT_FIFTY, path) for _ in range(6)])
    assert sorted(map(int, ids)) == list(range(1, 301))
    with Store.open(path) as store:
        assert len(store.answers()) == 300


def test_of_many_judges_the_first_wins(path: Path, now: datetime) -> None:
    """Four processes judge the same answers. Each answer gets exactly one saved verdict."""
    with Store.open(path) as store:
        for _ in range(20):
            store.keep_answer("softmax", "1", "x", "a.py", None, now)
    told = printed([start(JUDGE, path) for _ in range(4)])
    assert told.count("True") == 20
    with Store.open(path) as store:
        assert store.unjudged() == []
