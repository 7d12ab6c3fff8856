"""`ndojo watch`, with a terminal and without."""

from __future__ import annotations

import signal
import subprocess
import termios

import pytest

RIGHT = "def every_other(x):\n    return x[::2]\n"
WRONG = "def every_other(x):\n    return x[1::2]\n"
KEYS = "n next   h hint   l list   c check all   r reset   q quit"


def test_watch_judges_on_every_save_and_obeys_its_keys(terminal, answer, folder, processes_below, are_gone):
    """One session: save, hint, list, check all, reset twice, next, quit. Then the terminal is restored."""
    mine = answer(WRONG)
    with terminal("watch", "every_other.py") as seat:
        assert "wrong shape or dtype (WT)" in seat.see(KEYS)
        answer(RIGHT)
        assert "accepted (AC): 2 of 2 levels passed" in seat.see(KEYS)
        seat.press("h")
        assert "Hint 1 of 2" in seat.see("third number.")
        seat.press("\x1b")  # Escape and arrow keys do nothing
        seat.press("\x1b[A")
        seat.press("l")
        seat.see("tally")
        seat.see("not passed yet")
        seat.press("c")
        seat.see("2 of 2 levels passed  every_other.py")
        seat.press("r")
        seat.see("Press r again")
        assert mine.read_text() == RIGHT
        seat.press("r")
        seat.see("every_other.py.1.bak")
        assert "your answer goes here" in mine.read_text()
        seat.press("n")
        assert "Tally the votes" in seat.see(KEYS)
        assert (folder / "tally.py").is_file()
        assert not seat.modes() & termios.ICANON
        below = processes_below(seat.pid)
        seat.press("q")
        assert seat.rest() == 0
        assert below and are_gone(below)


def test_another_key_takes_the_reset_back(terminal, answer):
    mine = answer(RIGHT)
    with terminal("watch") as seat:  # the file that was saved last
        seat.see(KEYS)
        seat.press("r")
        seat.see("Press r again")
        seat.press("h")
        seat.see("Hint 1")
        seat.press("r")
        seat.see("Press r again")
        assert mine.read_text() == RIGHT
        seat.press("q")
        assert seat.rest() == 0


def test_ctrl_c_gives_the_terminal_back(terminal, answer, processes_below, are_gone):
    answer(RIGHT)
    with terminal("watch", "every-other", "--no-store") as seat:
        seat.see(KEYS)
        below = processes_below(seat.pid)
        seat.press("\x03")
        assert seat.rest() == 130
        assert below and are_gone(below)
        assert "Traceback" not in seat.shown


def test_watch_works_without_a_terminal(command, environment, folder, answer, processes_below, are_gone):
    """It judges on each save until it is stopped."""
    answer(WRONG, "mine.py")
    process = subprocess.Popen(
        [*command, "watch", "mine.py", "--question", "every-other", "--tier", "plain"], env=environment, cwd=folder,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if "wrong shape or dtype" in line:
            break
    answer(RIGHT, "mine.py")
    for line in process.stdout:
        if "accepted (AC)" in line:
            break
    below = processes_below(process.pid)
    process.send_signal(signal.SIGTERM)
    rest, said = process.communicate(timeout=20)
    assert process.returncode == 130 and "Traceback" not in said
    assert are_gone(below)
    assert "\x1b" not in rest


@pytest.mark.parametrize(
    ("arguments", "said"), [([], "no answer file"), (["tally"], "The file tally.py does not exist")]
)
def test_watch_needs_a_file(run, arguments, said):
    done = run("watch", *arguments)
    assert done.returncode == 2 and said in done.stderr
