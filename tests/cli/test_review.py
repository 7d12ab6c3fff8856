"""`ndojo review` on a terminal: the plan, one step after another."""

from __future__ import annotations

import json

RIGHT = "def every_other(x):\n    return x[::2]\n"
TALLY = (
    "import numpy as np\n\n\ndef tally(votes):\n    if ((votes < 0) | (votes > 3)).any():\n"
    '        raise ValueError("unknown")\n    return np.bincount(votes, minlength=4)\n'
)


def explained(run, days=0):
    """Make a store in which the code of every-other was practiced `days` days ago, so explaining it is next."""
    code = (
        "import sys; from datetime import UTC, datetime, timedelta; from ndojo.store import Store\n"
        f"at = datetime.now(UTC) - timedelta(days={days})\n"
        "with Store.open() as store:\n"
        "    one = store.keep_answer('every-other', '1', 'x', 'a.py', None, at)\n"
        "    record = {'verdict': 'AC', 'passed_levels': 2, 'levels': ['right', 'no copy'], 'seconds': 0.1}\n"
        "    store.keep_verdict(one, record, '0.1', at)\n"
    )
    return code


def test_review_goes_through_the_plan(terminal, folder, run):
    """A new question is created, judged when it is saved, and rated. The rating can be corrected."""
    with terminal("review", NO_COLOR="1") as seat:
        seat.see("1 of 1  tally, Tally the votes")
        seat.see("Each save is judged.")
        (folder / "tally.py").write_text(TALLY)
        seat.see("accepted (AC)")
        seat.press("n")
        seat.see("rated easy")
        seat.see("e easy")
        seat.press("h")
        seat.see("You chose it; the evidence says")
        seat.see("Everything is saved.")
        assert seat.rest() == 0
    (record,) = json.loads(run("rate", "tally", "--json").stdout)
    assert record["rating"] == "hard"


def test_review_can_be_stopped_at_once(terminal, folder):
    with terminal("review", NO_COLOR="1") as seat:
        seat.see("Each save is judged.")
        seat.press("h")
        seat.see("This question has no hints.")
        seat.press("q")
        seat.see("Everything is saved.")
        assert seat.rest() == 0
    assert "your answer goes here" in (folder / "tally.py").read_text()


def test_review_of_code_leaves_earlier_answers_alone(terminal, folder, environment, run):
    """The answer is written in a separate folder for the day."""
    import subprocess
    import sys

    subprocess.run([sys.executable, "-c", explained(run, days=400)], env=environment, check=True)
    mine = folder / "every_other.py"
    mine.write_text(RIGHT)
    with terminal("review", NO_COLOR="1") as seat:
        seat.see("review, code")
        seat.see("Answer in review-")
        seat.press("q")
        assert seat.rest() == 0
    (fresh,) = folder.glob("review-*/every_other.py")
    assert mine.read_text() == RIGHT and "your answer goes here" in fresh.read_text()


def test_explaining_is_written_ticked_and_rated(terminal, environment, run):
    """Every key is saved. The model answer is shown after the points are ticked."""
    import subprocess
    import sys

    subprocess.run([sys.executable, "-c", explained(run, days=1)], env=environment, check=True)
    with terminal("review", NO_COLOR="1") as seat:
        seat.see("every-other, Every other sample")
        seat.see("first, explain")
        seat.see("ends the text.")
        seat.press("A slice is a viww\x7f\x7few.\nIt copies nothing, and the stride is twice that of x, ")
        seat.press("which is all that changes here, really.\n.\n")
        seat.see("Which of these points did you make?")
        seat.press("yynnn")
        seat.see("Explanation")
        seat.see("explain, rated hard: You ticked 2 of 5 points.")
        seat.see("e easy")
        seat.press("\n")
        seat.see("q stop")
        seat.press("q")
        assert seat.rest() == 0
    code = (
        "from ndojo.store import Store\n"
        "with Store.open() as store:\n"
        "    (event,) = store.events('every-other')\n"
        "    print(event.detail['text'])\n"
        "    print(sum(len(store.drafts(f'explain every-other {event.at.astimezone():%Y-%m-%d}')) for _ in '1'))\n"
    )
    told = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    *text, versions = told.stdout.splitlines()
    assert text[0] == "A slice is a view." and all(len(line) <= 78 for line in text) and len(text) == 3
    assert int(versions) >= 1


def test_review_away_from_a_terminal_lists_the_plan(run):
    """Nothing is created, and the command does not ask for input."""
    done = run("review")
    assert done.returncode == 0 and "tally" in done.stdout and "In a terminal" in done.stdout
