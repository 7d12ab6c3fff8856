"""`ndojo mock` on a terminal: questions, follow-ups, a pause, a crash, the debrief."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

TALLY = (
    "import numpy as np\n\n\ndef tally(votes):\n    if ((votes < 0) | (votes > 3)).any():\n"
    '        raise ValueError("unknown")\n    return np.bincount(votes, minlength=4)\n'
)
COPIES = "import numpy as np\n\n\ndef every_other(x):\n    return x[np.arange(0, x.size, 2)]\n"
RIGHT = "def every_other(x):\n    return x[::2]\n"


def made(folder: Path, name: str) -> Path:
    """Return the answer file of the newest mock interview."""
    return sorted(folder.glob("mock-*"))[-1] / name


def test_interview_from_the_first_question_to_the_debrief(terminal, folder, run, golden):
    """A code question and its follow-up, a question to explain, and then the list of what was missing."""
    with terminal("mock", "--company", "acme", "--minutes", "20", "--seed", "1", NO_COLOR="1") as seat:
        seat.see("Mock interview 1: Acme, 20 minutes, seed 1")
        seat.see("Question 1 of 2: Every other sample")
        seat.see("Each save is stored and judged.")
        made(folder, "every_other.py").write_text(COPIES)
        seat.see("1 of 1 level passed")
        seat.see("Follow-up, no copy: Now without copying a sample")
        made(folder, "every_other.py").write_text(RIGHT)
        seat.see("You passed every level.")
        seat.press("n")
        seat.see("Question 2 of 2: Say what an array is")
        seat.see("ends the text.")
        seat.press("Memory and strides.\n.\n")
        seat.see("Which of these points did you make?")
        seat.press("ynnyn")
        said = seat.see("ndojo mock --list")
        assert seat.rest() == 0
    assert "Debrief of mock interview 1: Acme" in said and "70% of levels and points" in said
    assert "2 of 2 levels" in said and "2 of 5 points" in said and "- A dtype." in said
    assert "Memory and strides." in said and "ndojo explain say-it" in said
    assert all(len(line) <= 80 for line in said.splitlines())
    record = json.loads(run("mock", "--show", "1", "--json").stdout)
    assert record["state"] == "ended" and [one["passed"] for one in record["questions"]] == [2, 2]
    golden(run("mock", "--show", "1").stdout, "debrief.txt")
    (kept,) = json.loads(run("mock", "--list", "--json").stdout)
    assert kept["score"] == 0.7
    listed = run("mock", "--list").stdout
    assert "70%" in listed and all(len(line) <= 80 for line in listed.splitlines())


def test_crash_loses_neither_text_nor_time(terminal, folder, run):
    """After a kill in the middle of a sentence, --resume continues after the last key."""
    with terminal("mock", "--company", "acme", "--minutes", "20", "--seed", "1", NO_COLOR="1") as seat:
        seat.see("Each save is stored and judged.")
        seat.press("n")
        seat.see("ends the text.")
        seat.press("Memory and str")
        seat.see("and str")
        os.kill(seat.pid, signal.SIGKILL)
        seat.rest()
    with terminal("mock", "--resume", NO_COLOR="1") as seat:
        seat.see("Mock interview 1: Acme")
        seat.see("19:")
        seat.see("Question 2 of 2")
        seat.see("Memory and str")
        seat.press("ides.\n.\n")
        seat.press("nnnnn")
        seat.see("Memory and strides.")
        seat.see("ndojo mock --list")
        assert seat.rest() == 0


def test_pause_and_interrupt_keep_it(terminal, folder, run):
    with terminal("mock", "--minutes", "20", "--seed", "1", NO_COLOR="1") as seat:
        seat.see("Each save is stored and judged.")
        seat.press("p")
        seat.see("Paused. ndojo mock --resume continues with")
        assert seat.rest() == 0
    with terminal("mock", "--resume", NO_COLOR="1") as seat:
        seat.see("Each save is stored and judged.")
        seat.press("\x03")
        seat.see("Paused")
        # If the signal arrives during an import, Python dies from the signal itself. A shell reports 130 in both cases.
        assert seat.rest() in (130, -signal.SIGINT)
    assert json.loads(run("mock", "--list", "--json").stdout)[0]["state"] == "paused"


def test_second_ndojo_leaves_a_running_interview_alone(terminal, folder):
    with terminal("mock", "--minutes", "20", "--seed", "1", NO_COLOR="1") as seat:
        seat.see("Each save is stored and judged.")
        with terminal("mock", "--resume", NO_COLOR="1") as other:
            other.see("is running in another ndojo")
            assert other.rest() == 2
        seat.press("e")
        seat.see("Debrief")
        assert seat.rest() == 0


def test_clock_is_shown_where_it_can_be(terminal, folder):
    """The clock is in a line that is overwritten. Without color, it is not shown."""
    with terminal("mock", "--minutes", "20", "--seed", "1") as seat:
        seat.see(" left   question 1 of 2   n next question")
        seat.press("e")
        assert seat.rest() == 0


def test_there_is_nothing_to_resume(terminal):
    with terminal("mock", "--resume", NO_COLOR="1") as seat:
        seat.see("You have no unfinished mock interview")
        assert seat.rest() == 2
