"""The output of each command, compared with reviewed screens."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from ndojo.cli import main

RIGHT = "def every_other(x):\n    return x[::2]\n"
COPIES = "import numpy as np\n\n\ndef every_other(x):\n    return x[np.arange(0, x.size, 2)]\n"
WRONG = "def every_other(x):\n    return x[1::2]\n"
CARD = {
    "slug", "room", "title", "difficulty", "kinds", "topics", "companies", "asked", "levels", "entry_points", "drills",
}  # fmt: skip


def shown(run, *arguments, status=0, **more):
    """Return what a command prints after a successful exit."""
    done = run(*arguments, **more)
    assert done.returncode == status, done.stdout + done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    # Paths and links are never wrapped. All other lines fit.
    assert [line for line in done.stdout.splitlines() if len(line) > 80 and not re.search(r"\S{40}", line)] == []
    return done.stdout


# ----------------------------------------------------------------------------------------------------------- commands


@pytest.mark.parametrize("arguments", [("--help",), ("check", "--help"), ("-h",)])
def test_help_names_every_command(run, golden, arguments):
    golden(shown(run, *arguments), f"{'_'.join(arguments).replace('-', '')}.txt")


def test_version_is_told(run):
    assert re.fullmatch(r"ndojo \d+\.\d+\.\d+\n", shown(run, "--version"))


def test_home_says_where_one_stands_and_what_is_next(run, golden):
    """A new user gets an easy question. `ndojo` and `ndojo home` are the same."""
    golden(shown(run), "home.txt")
    assert shown(run, "home") == shown(run)


def test_home_leads_back_to_what_was_begun(run, golden, answer):
    run("start", "every-other")
    said = shown(run)
    assert "every-other" in said and "You last worked on it today." in said and "ndojo watch every-other" in said
    run("check", str(answer(RIGHT)))
    golden(shown(run), "home_later.txt")


def test_list_shows_all_with_status(run, golden, answer):
    run("start", "every-other")
    run("check", str(answer(COPIES)))
    golden(shown(run, "list"), "list.txt")


def test_list_json_is_the_cards(run):
    """Other tools rely on these keys."""
    cards = json.loads(shown(run, "list", "--json"))
    assert [card["slug"] for card in cards] == ["say-it", "tally", "every-other"]
    assert all(set(card) == CARD for card in cards)


@pytest.mark.parametrize(
    ("filters", "slugs"),
    [
        (["--room", "memory"], ["every-other"]),
        (["--room", "memory", "--room", "basics"], ["say-it", "every-other"]),
        (["--topic", "counting"], ["tally"]),
        (["--company", "acme"], ["say-it", "every-other"]),
        (["--company", "Acme", "--difficulty", "easy"], ["say-it"]),
        (["--difficulty", "medium"], ["every-other"]),
        (["--kind", "explain"], ["say-it", "every-other"]),
        (["--asked", "t2"], ["tally"]),
        (["--status", "new"], ["say-it", "tally", "every-other"]),
        (["--status", "mastered"], []),
        (["Acme", "sample"], ["every-other"]),
        (["nothing", "like", "it"], []),
    ],
)
def test_list_filters(run, filters, slugs):
    """A question must match one value of every filter. Words are searched in all fields."""
    assert [card["slug"] for card in json.loads(shown(run, "list", "--json", *filters))] == slugs


@pytest.mark.parametrize(
    ("filters", "advice"),
    [
        (["--topic", "Countin"], "Did you mean Counting?"),
        (["--company", "Akme"], "Did you mean Acme?"),
        (["--room", "memori"], "Did you mean memory?"),
        (["--asked", "T999"], "Known: T1, T2, T3."),
    ],
)
def test_list_refuses_what_there_is_not(run, filters, advice):
    """A misspelled filter is a usage error, not an empty list."""
    done = run("list", *filters)
    assert done.returncode == 2 and advice in done.stderr


def test_list_says_when_filters_leave_nothing(run):
    assert "No question matches all" in shown(run, "list", "--room", "memory", "--difficulty", "easy")


def test_show_is_the_whole_prompt(run, golden):
    golden(shown(run, "show", "every-other"), "show.txt")
    assert "ndojo explain say-it" in shown(run, "show", "say-it")


def test_start_lays_the_file_out(run, golden, folder):
    golden(shown(run, "start", "every-other"), "start.txt")
    golden((folder / "every_other.py").read_text(), "every_other.py.txt")


def test_start_never_overwrites_by_itself(run, folder, answer):
    """--force starts again, and every copy is kept with its own number."""
    mine = answer(RIGHT)
    done = run("start", "every-other")
    assert done.returncode == 2 and "was not changed" in done.stderr and mine.read_text() == RIGHT
    assert "every_other.py.1.bak" in shown(run, "start", "every-other", "--force")
    assert (folder / "every_other.py.1.bak").read_text() == RIGHT
    answer(WRONG)
    shown(run, "start", "every-other", "--force")
    assert (folder / "every_other.py.2.bak").read_text() == WRONG
    shown(run, "start", "every-other", "--force")
    assert len(list(folder.iterdir())) == 3  # an unchanged starter needs no copy


def test_start_takes_another_folder(run, folder):
    shown(run, "start", "tally", "--dir", "deep/er")
    assert (folder / "deep" / "er" / "tally.py").is_file()


def test_start_refuses_what_has_no_code(run):
    done = run("start", "say-it")
    assert done.returncode == 2 and "it is for explain" in done.stderr


def test_hints_come_one_by_one(run, golden):
    """Each call shows the next hint. After the last, all are shown again and none is counted twice."""
    golden("".join(shown(run, "hint", "every-other") for _ in range(3)), "hints.txt")
    assert shown(run, "hint", "every-other", "--all") == shown(run, "hint", "every-other")


def test_all_hints_are_given_at_once(run):
    assert shown(run, "hint", "every-other", "--all").count("Hint ") == 2
    assert shown(run, "hint", "tally") == "This question has no hints.\n"


def test_solution_is_shown_when_asked_for_twice(run, golden, answer):
    """Before a question is passed, --yes is required. Afterward it is not."""
    done = run("solution", "every-other")
    assert done.returncode == 2 and "--yes" in done.stderr
    assert run("solution", "tally", "--yes").returncode == 0
    run("check", str(answer(RIGHT)))
    golden(shown(run, "solution", "every-other"), "solution.txt")


def test_solution_asks_on_a_terminal(terminal):
    """The answer "no" shows nothing and exits with 1."""
    with terminal("solution", "tally") as seat:
        seat.see("[y/N]")
        seat.press("n\n")
        assert seat.rest() == 1
    with terminal("solution", "tally") as seat:
        seat.see("[y/N]")
        seat.press("y\n")
        seat.see("np.bincount")
        assert seat.rest() == 0


def test_explain_tells_all(run, golden):
    """The live measurement comes last, and can be omitted."""
    golden(shown(run, "explain", "every-other"), "explain.txt")
    assert "shares memory: True" not in shown(run, "explain", "every-other", "--no-live")


def test_history_keeps_every_answer(run, golden, answer):
    """The newest answer is first, each with its verdict. The source of each can be shown again."""
    assert "No saved answers yet." in shown(run, "history")
    for source in (WRONG, COPIES, RIGHT):
        run("check", str(answer(source)))
    golden(shown(run, "history"), "history.txt")
    assert shown(run, "history", "--show", "1") == WRONG
    assert shown(run, "history", "every-other", "--limit", "1").count("every-other") == 1
    assert "No saved answers" in shown(run, "history", "tally")
    assert run("history", "--show", "99").returncode == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script_is_printed(run, shell):
    assert "_NDOJO_COMPLETE" in run("completion", shell).stdout


@pytest.mark.parametrize(
    ("words", "found"),
    [("ndojo sho", "show"), ("ndojo show ev", "every-other"), ("ndojo check --question ta", "tally")],
)
def test_tab_completes_commands_and_slugs(run, words, found):
    """Completion uses bash's environment variables."""
    asked = {"_NDOJO_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    assert found in run(**asked).stdout


def test_doctor_tries_every_layer(run):
    """The text also has Python, NumPy, the data folder and the store. The JSON has only the layers."""
    said = shown(run, "doctor")
    assert all(word in said for word in ("Python", "NumPy", "data", "store", "sandbox    tier", "seccomp"))
    layers = json.loads(run("doctor", "--json").stdout)
    assert {"layer", "works", "evidence", "needed_for"} == set(layers[0])


def test_doctor_finds_a_damaged_store(run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ndojo.sqlite3").write_bytes(b"nonsense" * 1000)
    assert "is damaged" in " ".join(shown(run, "doctor", status=1).split())


def test_bench_draws_its_figures(monkeypatch, capsys, golden, tmp_path):
    """The output is a table, or the figures with --json. Progress is on the error stream."""
    spread = {"p50": 1.25, "p99": 4.5, "n": 100}
    figures = {
        "machine": {"system": "Linux", "cores": 2}, "isolation": "full", "hot_ms": spread, "plain_python_ms": spread,
        "level1_ms": {"p50": 20.0, "p95": 35.5, "n": 10}, "ratio_to_plain": 133.5, "spare_private_mb": 3.12,
    }  # fmt: skip

    def measure(quick, progress):
        assert quick
        progress("hot verdicts")
        return figures

    monkeypatch.setattr("ndojo.proof.judge_benchmark.run_benchmark", measure)
    monkeypatch.setenv("NDOJO_DATA", str(tmp_path))
    assert main(["bench", "--quick"]) == 0
    told = capsys.readouterr()
    golden(told.out, "bench.txt")
    assert told.err == "Measuring hot verdicts ...\nMeasuring the hardware limits ...\n"
    assert main(["bench", "--quick", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    limits = record.pop("limits")
    assert record == figures
    assert json.loads((tmp_path / "machine.json").read_text()) == limits


def test_bench_stability_prints_its_table(monkeypatch, capsys):
    """It runs the given number of rounds. `--rounds` without `stability` is a usage error."""
    row = {
        "kind": "cache", "disturbance": "quiet", "ratio": 1.0, "n": 3, "wrong": 0, "wrong_low": 0.0,
        "wrong_high": 0.56, "could_not_tell": 0, "p50_ms": 150.0, "p95_ms": 300.0,
    }  # fmt: skip

    def stability(sandbox, rounds, say):
        say(f"quiet: {rounds} verdicts")
        return {
            "machine": "a toaster", "rows": [row], "wrong": 0, "n": 3, "wrong_low": 0.0, "wrong_high": 0.56,
            "quiet_p50_ms": 150.0, "quiet_p95_ms": 300.0, "peak_bytes": [1_600_000],
        }  # fmt: skip

    monkeypatch.setattr("ndojo.proof.stability.run_stability", stability)
    assert main(["bench", "stability", "--rounds", "3"]) == 0
    told = capsys.readouterr()
    assert "| cache | quiet | 1 | 3 | 0 | 0.0% to 56.0% | 0 | 150 | 300 |" in told.out
    assert "With nothing else running, a speed level takes 150 ms (p50) and 300 ms (p95).\n" in told.out
    assert told.out.endswith("Peak memory in 20 runs: the same.\n")
    assert told.err == "Judging, quiet: 3 verdicts ...\n"
    assert main(["bench", "--rounds", "3"]) == 2


# -------------------------------------------------------------------------------------------------------- authoring


def test_verify_proves_a_question(run, golden):
    golden(shown(run, "verify", "every-other"), "verify.txt")


def test_verify_says_what_to_add(run, golden):
    """A question with one trap does not pass, and the exit status says so."""
    golden(shown(run, "verify", "tally", "--no-mutation", status=1), "verify_not.txt")
    (proof,) = json.loads(shown(run, "verify", "tally", "--no-mutation", "--json", status=1))
    assert proof["holds"] is False and proof["problems"][0]["advice"]


def test_verify_takes_a_path_and_reports_a_file_that_does_not_load(run, folder):
    (folder / "memory").mkdir()
    broken = folder / "memory" / "broken.py"
    broken.write_text("import numpy as np\n1 / 0\n")
    assert "ZeroDivisionError" in shown(run, "verify", str(broken), status=1)
    assert run("verify", "no/such.py").returncode == 2
    assert "Did you mean tally?" in run("verify", "taly").stderr


def test_new_question_verifies(run, folder):
    """The template is a question that passes."""
    made = shown(run, "new", "ufuncs/clip-above", "--dir", "bank")
    assert "ndojo verify" in made
    assert "1 of 1 questions hold" in shown(run, "verify", "bank/ufuncs/clip_above.py")
    done = run("new", "ufuncs/clip-above", "--dir", "bank")
    assert done.returncode == 2 and "already exists" in done.stderr


@pytest.mark.parametrize(
    ("place", "advice"),
    [
        ("memori/new-one", "Did you mean memory?"),
        ("memory/New_One", "is not a slug"),
        ("memory", "is not a slug"),
        ("memory/every-other", "The question every-other already exists"),
        ("memory/new-one", "Choose a folder for the new question with --dir"),
    ],
)
def test_new_refuses_a_wrong_place(run, place, advice):
    """Outside a checkout, a new question cannot be added to the bank."""
    done = run("new", place)
    assert done.returncode == 2 and advice in " ".join(done.stderr.split())


# ------------------------------------------------------------------------------------------------------------ misuse


@pytest.mark.parametrize("name", ["show", "start", "hint", "solution", "explain", "history"])
def test_unknown_slug_suggests_near_ones(run, name):
    done = run(name, "evry-other", *(["--yes"] if name == "solution" else []))
    assert done.returncode == 2 and "Did you mean every-other?" in done.stderr and done.stdout == ""


def test_unknown_command_suggests_a_near_one(run):
    done = run("chek")
    assert done.returncode == 2 and "Did you mean check?" in done.stderr


def test_reader_may_stop_reading(run, command, environment, folder):
    """`ndojo list | head` ends without a traceback."""
    import subprocess

    script = f"{shlex.join(map(str, command))} list | true"
    done = subprocess.run(["bash", "-c", script], env=environment, cwd=folder, capture_output=True, text=True)
    assert done.stderr == ""


# ------------------------------------------------------------------------------------------------- color and symbols


def test_terminal_gets_color_and_a_link(terminal):
    with terminal("start", "every-other") as seat:
        assert seat.rest() == 0
        assert "\x1b[32m" in seat.shown and "\x1b]8;;file:///" in seat.shown


@pytest.mark.parametrize(
    ("arguments", "more"),
    [
        (["list"], {"NO_COLOR": "1"}),
        (["list"], {"TERM": "dumb"}),
        (["list", "--no-color"], {}),
        (["--no-color", "list"], {}),
        (["start", "tally", "--no-color"], {}),
    ],
)
def test_color_can_be_had_without(terminal, arguments, more):
    """NO_COLOR, TERM=dumb, and --no-color before or after the command turn color off."""
    with terminal(*arguments, **more) as seat:
        assert seat.rest() == 0
        assert "\x1b" not in seat.shown


def test_signs_fall_back_to_ascii(run, answer):
    """If the output supports only ASCII, every mark still has its word."""
    said = shown(run, "check", str(answer(WRONG)), status=1, PYTHONIOENCODING="ascii")
    assert said.isascii() and "x wrong shape or dtype (WT)" in said and "?" not in said.replace("Stuck?", "")
    assert shown(run, PYTHONIOENCODING="ascii").isascii()


def test_narrow_terminal_wraps(terminal):
    with terminal("explain", "every-other", columns=50, NO_COLOR="1") as seat:
        assert seat.rest() == 0
        assert all(len(line) <= 50 for line in seat.shown.splitlines() if "https://" not in line)
