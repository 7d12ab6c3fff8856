"""`ndojo check`: exit status, JSON, saved data, and failures."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import time

import pytest

RIGHT = "def every_other(x):\n    return x[::2]\n"
COPIES = "import numpy as np\n\n\ndef every_other(x):\n    return x[np.arange(0, x.size, 2)]\n"
WRONG = "def every_other(x):\n    return x[1::2]\n"
NOISY = "for line in range(40):\n    print('line', line)\n\n\ndef every_other(x):\n    return x[::2]\n"
MUTATES = "def every_other(x):\n    if x.flags.writeable:\n        x[:1] = 0\n    return x[::2]\n"
RAISES = "def helper(x):\n    return x[10**6]\n\n\ndef every_other(x):\n    return helper(x)\n"
SLEEPS = "import time\n\ntime.sleep(1)\n\n\ndef every_other(x):\n    return x[::2]\n"
ENDLESS = "def every_other(x):\n    while True:\n        pass\n"


def kept(tmp_path, query):
    """Return rows of the store."""
    with sqlite3.connect(tmp_path / "data" / "ndojo.sqlite3") as connection:
        return connection.execute(query).fetchall()


def has_answers(tmp_path):
    """Return whether an answer is saved already. Its table may not exist yet."""
    try:
        return (tmp_path / "data" / "ndojo.sqlite3").exists() and bool(kept(tmp_path, "SELECT * FROM answers"))
    except sqlite3.OperationalError:
        return False


@pytest.mark.parametrize(
    ("name", "source", "status"),
    [
        ("right", RIGHT, 0),
        ("copies", COPIES, 0),
        ("wrong", WRONG, 1),
        ("noisy", NOISY, 0),
        ("raises", RAISES, 1),
        ("syntax", "def every_other(x:\n", 1),
        ("other_name", "def every_second(x):\n    return x[::2]\n", 1),
    ],
)
def test_verdict_reads_well(run, golden, answer, name, source, status):
    """The output equals a saved screen, with the cases of one seed."""
    done = run("check", str(answer(source)), "--seed", "1", "--no-store")
    assert (done.returncode, done.stderr) == (status, "")
    golden(done.stdout, f"check_{name}.txt")


@pytest.mark.parametrize(("name", "source"), [("right", RIGHT), ("wrong", WRONG)])
def test_verdict_json_is_the_verdict(run, golden, answer, name, source):
    """The output is one JSON object, as the store saves it, and nothing else."""
    done = run("check", str(answer(source)), "--json", "--seed", "1")
    verdict = json.loads(done.stdout)
    verdict["seconds"], verdict["isolation"], verdict["cases"] = 0.0, {}, 0
    golden(json.dumps(verdict, indent=2) + "\n", f"verdict_{name}.json")


def test_question_is_told_by_the_name_or_by_hand(run, answer):
    """A file with another name needs --question. A slug means its file in this folder."""
    mine = answer(RIGHT, "mine.py")
    assert run("check", str(mine)).returncode == 2
    assert run("check", str(mine), "--question", "every-other").returncode == 0
    answer(RIGHT)
    assert run("check", "every-other").returncode == 0


def test_first_level_alone_can_be_judged(run, answer):
    """An answer that fails level 2 is accepted at level 1."""
    done = run("check", str(answer(COPIES)), "--levels", "1", "--json")
    verdict = json.loads(done.stdout)
    assert (verdict["verdict"], verdict["levels"]) == ("AC", ["right"])


@pytest.mark.parametrize("tier", ["plain"])
def test_weak_tier_is_said_loudly(run, answer, tier):
    """The option and NDOJO_TIER both select a weaker tier."""
    said = run("check", str(answer(RIGHT)), "--tier", tier).stdout
    assert "NOT ISOLATED" in said and "Judge only your own code" in " ".join(said.split())
    assert "NOT ISOLATED" in run("check", str(answer(RIGHT)), NDOJO_TIER=tier).stdout


def test_unknown_tier_is_misuse(run, answer):
    assert run("check", str(answer(RIGHT)), "--tier", "iron").returncode == 2


def test_mutated_input_is_shown(run, answer):
    done = run("check", str(answer(MUTATES)), "--json")
    verdict = json.loads(done.stdout)
    assert done.returncode == 1 and verdict["verdict"] in ("IM", "WA")


# ------------------------------------------------------------------------------------------------------------ trouble


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "every_other.py is empty"),
        (b"\0\1\2", "is a binary file"),
        (b"# \xff\xfe\n", "is not UTF-8 (line 1)"),
        (b"#" * 300_000, "has 300,000 bytes"),
    ],
)
def test_file_that_is_no_answer_is_refused(run, folder, tmp_path, content, said):
    """The message names the file. The exit status is 2, and nothing is saved."""
    (folder / "every_other.py").write_bytes(content)
    done = run("check", "every_other.py")
    assert done.returncode == 2 and said in done.stderr
    assert not (tmp_path / "data").exists()


def test_missing_file_and_folder_are_refused(run, folder):
    assert "The file tally.py does not exist" in run("check", "tally.py").stderr
    (folder / "tally.py").mkdir()
    done = run("check", "tally.py")
    assert done.returncode == 2 and "cannot be read" in done.stderr


def test_question_without_code_is_refused(run, answer):
    done = run("check", str(answer(RIGHT)), "--question", "say-it")
    assert done.returncode == 2 and "has no code to judge" in done.stderr


@pytest.mark.parametrize("damaged", [True, False])
def test_store_that_cannot_be_written_loses_nothing(run, answer, tmp_path, damaged):
    """The message says what to do, the file is unchanged, and --no-store still judges."""
    mine, data = answer(RIGHT), tmp_path / "data"
    if damaged:
        data.mkdir()
        (data / "ndojo.sqlite3").write_bytes(b"nonsense" * 1000)
    else:
        data.write_text("a file where the folder should be")
    done = run("check", str(mine))
    assert done.returncode == 2 and "--no-store" in done.stderr and "Traceback" not in done.stderr
    assert mine.read_text() == RIGHT
    assert run("check", str(mine), "--no-store").returncode == 0
    assert ("Your status is unknown." in run("list").stderr) == damaged
    assert run("hint", "every-other").returncode == 0
    assert run("start", "tally").returncode == 0


def test_answer_is_kept_with_its_verdict(run, answer, tmp_path):
    """The store has the judged bytes and their verdict."""
    run("check", str(answer(WRONG)))
    ((source, code),) = kept(
        tmp_path, "SELECT source, code FROM answers JOIN verdicts ON answers.id = verdicts.answer_id"
    )
    assert (source, code) == (WRONG.encode(), "WT")


def test_no_store_keeps_nothing(run, answer, tmp_path):
    run("check", str(answer(WRONG)), "--no-store")
    assert not (tmp_path / "data").exists()


def test_killed_judging_is_made_up_for(command, environment, folder, run, answer, tmp_path):
    """A killed judge leaves an answer without a verdict. The next check judges it and says so."""
    mine = answer(SLEEPS)
    process = subprocess.Popen([*command, "check", str(mine)], env=environment, cwd=folder, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 20
    while not has_answers(tmp_path):
        assert time.monotonic() < until
        time.sleep(0.05)
    process.kill()
    process.wait()
    done = run("check", str(answer(RIGHT)))
    assert done.returncode == 0
    assert "Answer 1 (every-other) was saved without a verdict. It is judged now: accepted." in done.stderr
    assert "Answer 1" not in run("check", str(mine)).stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_leaves_no_process(command, environment, folder, answer, tmp_path, processes_below, are_gone, ending):
    """Ctrl+C leaves no process and no traceback, and exits with 130. The answer stays saved."""
    process = subprocess.Popen(
        [*command, "check", str(answer(ENDLESS))], env=environment, cwd=folder, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 20
    # When the zygote and its spares exist, the answer may be running.
    while len(below := processes_below(process.pid)) < 3:
        assert time.monotonic() < until
        time.sleep(0.02)
    process.send_signal(ending)
    _, said = process.communicate(timeout=20)
    assert are_gone(below | {process.pid})
    assert "Traceback" not in said
    if ending == signal.SIGINT:
        assert process.returncode == 130


def test_ctrl_c_on_a_terminal_leaves_no_process(terminal, answer, processes_below, are_gone):
    answer(ENDLESS)
    with terminal("check", "every_other.py") as seat:
        seat.see("Checking every_other.py")
        time.sleep(0.7)
        below = processes_below(seat.pid)
        seat.press("\x03")
        assert seat.rest() == 130
        assert below and are_gone(below)
        assert "Traceback" not in seat.shown


def test_profile_is_of_a_right_answer_that_is_measured(run, answer):
    """If no level is measured or the answer is wrong, a message says so, and the verdict is unchanged."""
    done = run("check", str(answer(RIGHT)), "--profile")
    assert done.returncode == 0 and "no level measures speed or memory" in done.stderr
    done = run("check", str(answer(WRONG)), "--profile")
    assert done.returncode == 1 and "Only an answer that passes level 1 can be profiled." in done.stderr


def test_unchanged_answer_is_told_its_verdict_again(run, answer):
    """The output says when it was judged. --fresh judges it again."""
    mine = str(answer(RIGHT))
    assert "The answer is unchanged" not in run("check", mine).stdout
    again = run("check", mine)
    assert again.returncode == 0 and "The answer is unchanged" in again.stdout and "--fresh" in again.stdout
    assert "The answer is unchanged" not in run("check", mine, "--fresh").stdout
