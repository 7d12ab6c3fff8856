"""Output of `ndojo plan`, `rate`, `stats` and `readiness`, with an empty store and after some practice."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date, timedelta

import pytest

RIGHT = "def every_other(x):\n    return x[::2]\n"
WRONG = "def every_other(x):\n    return x[1::2]\n"


def shown(run, *arguments, status=0, **more):
    """Return what a command prints after a successful exit. Check that every line fits."""
    done = run(*arguments, **more)
    assert done.returncode == status, done.stdout + done.stderr
    wide = [line for line in done.stdout.splitlines() if len(line) > 80 and "--json" not in arguments]
    assert wide == [] and "\x1b" not in done.stdout
    return done.stdout


def undated(text):
    """Return a screen without its dates."""
    months = "January|February|March|April|May|June|July|August|September|October|November|December"
    text = re.sub(rf"\b\d{{1,2}} (?:{months}) \d{{4}}\b", "DATE", text)
    return re.sub(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", "WEEKDAY", text)


@pytest.mark.parametrize("name", ["plan", "stats", "readiness", "mock"])
def test_json_is_one_document_on_an_empty_store(run, name, tmp_path):
    """Reading creates no store."""
    arguments = ["--list"] if name == "mock" else []
    assert json.loads(shown(run, name, *arguments, "--json")) is not None
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", ["plan", "stats", "readiness"])
def test_screen_of_an_empty_store(run, golden, name):
    said = undated(shown(run, name))
    if name == "plan":
        said = re.sub(r"(?m)^(    )DATE +", r"\1DATE  ", said)
        said = said.replace(re.search(r"    week from +", said)[0], "    week from  ")
    golden(said, f"{name}.txt")


def test_stats_and_readiness_after_some_practice(run, answer):
    """The output has counts, but no probability before a second day of practice."""
    run("check", str(answer(WRONG)))
    run("check", str(answer(RIGHT)))
    stats = shown(run, "stats")
    assert "1 session on 1 question, on 1 day; 1 card, 0 due." in stats and "Ratings: 0 again, 0 hard, 1 good" in stats
    assert "too few for a trend" in stats and "Memory    ░" in stats
    assert stats.count("░") == 2 + 2 + 1  # two topics, two legends, one day
    document = json.loads(shown(run, "stats", "--json"))
    assert document["sittings"] == 1 and document["calendar"] == {date.today().isoformat(): 1}
    readiness = shown(run, "readiness", "--topic", "memory")
    assert "practice on another day is needed" in readiness and "%" not in readiness


def test_plan_is_fitted_to_an_interview(run):
    """Saved settings apply to later plans."""
    day = date.today() + timedelta(days=5)
    said = shown(run, "plan", "--interview", day.isoformat(), "--minutes-a-day", "15", "--company", "acme")
    assert "in 5 days" in said and "Interview at Acme" in said and "of 15 minutes" in said
    assert re.search(r"\d of 3 new questions fit|All 3 new questions fit", " ".join(said.split()))
    document = json.loads(shown(run, "plan", "--json"))
    assert (document["limit"], document["interview"], document["company"]) == (15, day.isoformat(), "Acme")
    assert set(document["fit"]) == {"days", "fits", "misses", "waiting", "enough_minutes"}
    assert "You have not set an interview date" in shown(run, "plan", "--interview", "none")


def test_what_will_not_fit_is_said(run):
    tomorrow = date.today() + timedelta(days=1)
    said = " ".join(shown(run, "plan", "--interview", tomorrow.isoformat(), "--minutes-a-day", "20").split())
    assert "fit before it at 20 minutes per day" in said and "will not: every-other" in said
    assert re.search(r"\d+ minutes per day would fit them all: ndojo plan --minutes-a-day \d+", said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan", "--interview", "2020-01-01"], "2020-01-01 has passed"),
        (["plan", "--interview", "soon"], "is not a date"),
        (["plan", "--minutes-a-day", "3"], "between 15 and 600"),
        (["plan", "--company", "Akme"], "Did you mean Acme?"),
        (["readiness", "--company", "Akme"], "Did you mean Acme?"),
        (["readiness", "--room", "memory", "--topic", "Memory"], "Give only one"),
        (["rate", "every-other", "good"], "You have not practiced every-other yet"),
        (["rate", "evry-other"], "Did you mean every-other?"),
        (["rate", "every-other", "perfect"], "perfect"),
        (["mock"], "requires a terminal"),
        (["mock", "--show", "7"], "No mock interview has the number 7"),
    ],
)
def test_misuse_is_said_and_changes_nothing(run, arguments, said, tmp_path):
    done = run(*arguments)
    assert done.returncode == 2 and said in done.stderr and done.stdout == ""
    assert not (tmp_path / "data").exists()


def test_rating_is_shown_and_corrected(run, answer):
    assert "You have not practiced every-other yet" in shown(run, "rate", "every-other")
    run("check", str(answer(RIGHT)))
    said = " ".join(shown(run, "rate", "every-other").split())
    assert "code, rated easy: Every level passed without a wrong answer or a hint." in said and "Due again in" in said
    corrected = " ".join(shown(run, "rate", "every-other", "again").split())
    assert "rated again: You chose it; the evidence says easy." in corrected and "Due again tomorrow" in corrected
    (record,) = json.loads(shown(run, "rate", "every-other", "--json"))
    assert (record["rating"], record["in_days"]) == ("again", 1)


def test_plan_of_today_shrinks_as_it_is_carried_out(run, answer):
    before = json.loads(shown(run, "review", "--json"))
    assert [step["what"] for step in before] == ["new"]
    run("check", str(answer(RIGHT)))
    assert json.loads(shown(run, "review", "--json")) == []
    said = shown(run)
    assert "done" in said and "You can always use `ndojo drill` and `ndojo mock`" in " ".join(said.split())


def test_everything_can_be_shown_in_ascii(run, answer):
    run("check", str(answer(RIGHT)))
    for name in ("plan", "stats", "readiness"):
        assert shown(run, name, PYTHONIOENCODING="ascii").isascii()


def test_plan_imports_no_numpy(environment, folder):
    """The home screen does not import it either. Both must start fast."""
    code = (
        "import sys; from ndojo.cli import main; main(['plan']); main([]); main(['stats'])\n"
        "print({'numpy', 'ndojo.judge.judge', 'ndojo.question.records'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=folder, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "set()"
