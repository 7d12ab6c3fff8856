"""Drills at the keyboard: shown, typed, judged and explained, without failures in between."""

from __future__ import annotations

import json
import re
import signal
import time

import pytest

from ndojo.cli.highlight import highlighted
from ndojo.cli.screen import Screen

# Wait this long before a signal. If it arrived just before the wait for keys, Python would handle it at the next key.
BLINK = 0.3
SEED = ("--seed", "4")


def plain_run(run, *arguments, stdin="", status=0, **more):
    """Return what a command prints without a terminal, after a successful exit."""
    done = run(*arguments, stdin=stdin, **more)
    assert done.returncode == status, done.stdout + done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if len(line) > 80] == []
    return done.stdout


def drills(run, *arguments):
    done = run("drill", "--json", *arguments)
    assert done.returncode == 0 and done.stderr == ""
    return json.loads(done.stdout)


def test_drills_of_a_seed_are_one_document(run):
    """The output is deterministic for any store. It contains the seed if none was given."""
    said = drills(run, *SEED, "--count", "6")
    assert said["seed"] == 4 and len(said["drills"]) == 6
    assert set(said["drills"][0]) == {"question", "drill", "asks", "code", "answer", "why", "hardness", "topics"}
    plain_run(run, "drill", *SEED, "--count", "2", stdin="yes\nyes\n")
    assert drills(run, *SEED, "--count", "6") == said
    unseeded = drills(run)
    assert len(unseeded["drills"]) == 10
    assert drills(run, "--seed", str(unseeded["seed"])) == unseeded


def test_drill_is_answered_at_the_keyboard(run, golden):
    """Right, wrong, skipped, a typing slip, help and the summary. The answers equal those of --json."""
    answers = [one["answer"] for one in drills(run, *SEED)["drills"]]
    typed = [answers[0], "h", "nothing", "(3,", "", "q"]
    golden(plain_run(run, "drill", *SEED, stdin="\n".join(typed) + "\n"), "drill.txt")


def test_drill_ends_after_so_many(run):
    said = plain_run(run, "drill", "every-other", "--count", "3", stdin="x\ny\nz\n")
    assert len(re.findall(r"hardness \d+/10", said)) == 3 and "3 drills, " in said


def test_drill_without_an_answer_says_goodbye(run):
    assert "You answered no drills" in plain_run(run, "drill", stdin="")


def test_missed_are_told_and_streaks_counted(run):
    answers = [one["answer"] for one in drills(run, *SEED)["drills"]]
    said = plain_run(run, "drill", *SEED, "--count", "3", stdin="\n".join([answers[0], answers[1], ""]) + "\n")
    assert "2 in a row" in said and "best streak 2" in said and "come back: 1 (every-other)." in said


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["every-othr"], "Did you mean every-other?"),
        (["tally"], "has drills"),
        (["--company", "Akme"], "Did you mean Acme?"),
        (["--topic", "Memry"], "Did you mean Memory?"),
        (["--count", "0"], "0 is not in the range"),
    ],
)
def test_drill_refuses_what_there_is_not(run, arguments, advice):
    done = run("drill", *arguments)
    assert done.returncode == 2 and advice in done.stderr + done.stdout


def test_drill_on_a_store_that_is_damaged_goes_on(run, tmp_path):
    """After each answer, a message says that it was not saved."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ndojo.sqlite3").write_bytes(b"nonsense" * 1000)
    done = run("drill", "--count", "1", stdin="1\n")
    assert done.returncode == 0 and "is not saved" in done.stderr and "1 drill," in done.stdout


def test_bad_bytes_are_asked_again(command, environment, folder):
    """Input that is not UTF-8 is not an answer, and does not stop the drill."""
    import subprocess

    done = subprocess.run(
        [*command, "drill", "--count", "1"], env=environment, cwd=folder, input=b"\xff\xfe\n", capture_output=True
    )
    assert done.returncode == 0 and b"cannot read this answer" in done.stdout and done.stderr == b""


def test_drill_on_a_terminal_is_colored(terminal):
    """Code is highlighted, and the answer can be edited while it is typed."""
    with terminal("drill", *SEED) as seat:
        seat.see("> ")
        seat.press("nonsense\x7f\x7f\x7f\n")
        seat.see("the answer is")
        seat.see("> ")
        seat.press("q\n")
        assert seat.rest() == 0
        assert "\x1b[36m" in seat.shown or "\x1b[1m" in seat.shown


@pytest.mark.parametrize("more", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_drill_without_color_writes_none(terminal, more):
    with terminal("drill", *SEED, **more) as seat:
        seat.see("> ")
        seat.press("1\n")
        seat.press("q\n")
        assert seat.rest() == 0
        assert "\x1b" not in seat.shown


@pytest.mark.parametrize(("keys", "status"), [("\x03", 130), ("\x04", 0), ("q\n", 0), ("quit\n", 0)])
def test_drill_ends_kindly(terminal, keys, status):
    """Ctrl+C, Ctrl+D and q show the summary. Ctrl+C keeps its own exit status."""
    with terminal("drill", *SEED) as seat:
        seat.see("> ")
        seat.press("wrong\n")
        seat.see("the answer is")
        seat.see("> ")
        time.sleep(BLINK)
        seat.press(keys)
        seat.see("1 drill, 0 right")
        assert seat.rest() == status
        assert "Traceback" not in seat.shown


def test_interrupt_before_the_first_answer_is_kind_too(terminal):
    with terminal("drill") as seat:
        seat.see("> ")
        time.sleep(BLINK)
        seat.press("\x03")
        seat.see("You answered no drills")
        assert seat.rest() == 130


def test_answer_is_kept_at_once(terminal, run):
    """Killing the process after an answer does not lose it."""
    import os

    with terminal("drill", *SEED) as seat:
        seat.see("> ")
        seat.press("wrong\n")
        seat.see("the answer is")
        seat.see("> ")
        os.kill(seat.pid, signal.SIGKILL)
        time.sleep(0.1)
    kept = json.loads(run("export", "-").stdout)["drill_answers"]
    assert [one["typed"] for one in kept] == ["wrong"]


def test_highlighting_changes_no_letter():
    """Text that is not Python stays unchanged."""
    screen = Screen(color=True)
    code = 'x = np.zeros((3, 4), dtype="int8")  # why\nlen(x) if True else """a\nb"""'
    painted = "\n".join(highlighted(screen, code))
    assert "\x1b[36m3" in painted and "\x1b[32m" in painted and "\x1b[35mif" in painted and "\x1b[34mlen" in painted
    import re

    assert re.sub(r"\x1b\[\d+m", "", painted) == code
    assert highlighted(screen, "x = (") == ["x = ("]
    assert highlighted(Screen(), code) == code.splitlines()
