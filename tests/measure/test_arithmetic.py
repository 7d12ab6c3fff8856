"""The arithmetic of measuring: intervals, limits, rooflines, profiles and keys. No answer is timed here."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ndojo.judge.verdict_key import judge_version, verdict_key
from ndojo.measure.canary import LOOKS, Canary
from ndojo.measure.hardware_limits import Limits, limits_of, machine_id, needed
from ndojo.measure.line_profile import NothingToProfile, profile
from ndojo.measure.roofline import Point, roofline
from ndojo.measure.statistics import child_ratio, ratio_of, wilson
from ndojo.proof.stability import Row, hogs, table
from ndojo.question import Level, faster_than, needs

LIMITS = Limits("a machine", ((1 << 18, 80e9), (1 << 22, 40e9), (1 << 26, 10e9)), 40e9, ((1 << 18, 0.2),))


def test_one_disturbed_child_changes_little() -> None:
    """The ratio is the median over the processes."""
    ratio = ratio_of([1.0, 1.1, 5.0], 9)
    assert ratio.value == pytest.approx(1.1)
    assert ratio.low < 1.1 < ratio.high and (ratio.children, ratio.rounds) == (3, 9)


def test_disturbed_windows_change_little() -> None:
    """Half of the windows may take twice as long."""
    assert child_ratio([1, 2, 1, 2, 1, 2], [4, 8, 4, 8, 8, 4]) == pytest.approx(0.25)


def test_more_children_make_a_ratio_surer() -> None:
    one, five = (ratio_of([0.9] * n, 3 * n) for n in (1, 5))
    assert five.error < one.error
    assert five.clear_of(1.25) and not one.clear_of(1.25)


def test_wilson_interval() -> None:
    """The textbook values for 0 and 5 of 100."""
    assert wilson(0, 100) == pytest.approx((0.0, 0.0370), abs=1e-4)
    assert wilson(5, 100) == pytest.approx((0.0215, 0.1118), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_small_working_set_has_a_faster_memory() -> None:
    assert LIMITS.bandwidth(1000) == 80e9
    assert LIMITS.bandwidth(1 << 20) == 40e9
    assert LIMITS.bandwidth(1 << 30) == 10e9


def test_share_of_the_limit_is_set_by_the_nearer_wall() -> None:
    assert LIMITS.share(1 << 30, 0, (1 << 30) / 5e9) == pytest.approx(0.5)
    assert LIMITS.share(8, 40e9, 4.0) == pytest.approx(0.25)


def test_needs_are_counted_from_the_inputs() -> None:
    counts = needs(bytes=lambda x: 2 * x.nbytes, operations=lambda x: x.size)
    assert needed(counts, {"x": np.ones(10)}) == (160.0, 10.0)
    assert needed(needs(bytes=lambda x: x.nbytes), {"x": np.ones(10)}) == (80.0, 0.0)


def test_limits_are_measured_once_and_kept(sandbox: Any, tmp_path: Path) -> None:
    path = tmp_path / "cache" / "limits.json"
    first = limits_of(sandbox, path)
    assert first.machine == machine_id() and first.operations_per_second > 1e8
    assert all(rate > 1e8 for _, rate in first.bytes_per_second)
    assert limits_of(sandbox, path) == first
    assert [entry.name for entry in path.parent.iterdir()] == ["limits.json"]


def test_limits_of_another_machine_or_broken_ones_are_not_believed(sandbox: Any, tmp_path: Path) -> None:
    path = tmp_path / "limits.json"
    path.write_text("{broken")
    kept = limits_of(sandbox, path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"machine": "another"}))
    assert limits_of(sandbox, path).machine == kept.machine


def test_roofline_draws_roof_and_answers() -> None:
    """The plot shows the memory slope, the arithmetic ceiling, and a letter for each answer with its share."""
    points = [Point("A", "your answer", 1 << 20, 1 << 18, 1e-4), Point("N", "the naive answer", 1 << 20, 1 << 18, 1e-2)]
    lines = roofline(LIMITS, points)
    assert lines[-2:] == [
        "A  your answer: 26% of this machine's peak memory bandwidth",
        "N  the naive answer: 0.26% of this machine's peak memory bandwidth",
    ]
    drawing = "\n".join(lines[:-2])
    assert all(sign in drawing for sign in "/-AN")
    assert max(map(len, lines)) <= 80


def test_a_question_without_arithmetic_gets_shares_alone() -> None:
    assert len(roofline(LIMITS, [Point("A", "your answer", 1 << 20, 0, 1e-4)])) == 1


def test_profile_tells_lines_bytes_and_roof(sandbox: Any, question: Any) -> None:
    """The profile has each line that ran, with its number of runs and its bytes."""
    naive, at = question.levels[1].requirements[0].naive, question.levels[1].requirements[0].at
    counts = needs(bytes=lambda x: 2 * x.nbytes, operations=lambda x: x.size)
    asked = replace(question, levels=[Level("right"), Level("fast", "", faster_than(naive, 4, at, needs=counts))])
    body = "    y = x.copy()\n    for _ in range(3):\n        y = y / 1\n    return y / 2\n"
    source = f"import numpy as np\n\n\ndef halves(x):\n{body}".encode()
    told = profile(asked, source, sandbox, LIMITS)
    runs = {line.number: line.runs for line in told.lines}
    assert (runs[5], runs[6], runs[7], runs[8]) == (1, 4, 3, 1)
    peaks = {line.number: line.peak_bytes for line in told.lines}
    assert peaks[5] >= 160_000 and peaks[6] < 1000
    text = told.text()
    assert text[0].startswith("One call takes ") and any("y = y / 1" in line for line in text)
    assert any(line.startswith("A  your answer") for line in text)


def test_a_question_that_measures_nothing_has_no_profile(sandbox: Any, question: Any) -> None:
    with pytest.raises(NothingToProfile, match="no level measures"):
        profile(replace(question, levels=[Level("right")]), b"x = 1", sandbox)


def test_an_answer_that_does_not_run_has_no_profile(sandbox: Any, question: Any) -> None:
    with pytest.raises(NothingToProfile):
        profile(question, b"def halves(x):\n    import time\n    time.sleep(60)\n", sandbox)


def test_key_changes_with_all_that_a_verdict_depends_on(question: Any) -> None:
    """Answer, question, levels, isolation, judge and machine change the key."""
    base = {"levels": None, "isolation": "full", "judge": "1", "machine": "m"}
    keys = {verdict_key(question, b"a", **base), verdict_key(question, b"b", **base)}
    keys.add(verdict_key(replace(question, version="2"), b"a", **base))
    keys.add(verdict_key(replace(question, slug="other"), b"a", **base))
    for name, other in (("levels", 1), ("isolation", "plain"), ("judge", "2"), ("machine", "n")):
        keys.add(verdict_key(question, b"a", **base | {name: other}))
    assert len(keys) == 8
    assert verdict_key(question, b"a") == verdict_key(question, b"a")
    assert judge_version().startswith("0.") or judge_version()[0].isdigit()


def test_rows_count_what_is_wrong() -> None:
    """A failure at 1.0 times the threshold is wrong, and so is a pass at 1.5 times. A busy machine is neither."""
    at_bar = Row("cache", "quiet", 1.0, ["passed", "failed", "close", "could not check"], [0.1] * 4)
    over = Row("cache", "quiet", 1.5, ["passed", "failed", "close", "could not check"], [0.1] * 4)
    assert (at_bar.wrong, over.wrong, over.untold) == (1, 2, 1)
    figures = {
        "rows": [at_bar.to_dict()], "wrong": 1, "n": 4, "wrong_low": 0.0, "wrong_high": 0.5, "machine": "m",
        "peak_bytes": [1 << 20, 2 << 20],
    }  # fmt: skip
    assert table(figures)[2].startswith("| cache | quiet | 1 | 4 | 1 | ")
    assert table(figures)[-1] == "Peak memory in 20 runs: between 1 MiB and 2 MiB."


def test_hogs_are_stopped() -> None:
    """No process that the benchmark starts outlives it."""
    import subprocess
    from unittest import mock

    started = []
    popen = subprocess.Popen

    def noted(*args: Any, **options: Any) -> Any:
        started.append(popen(*args, **options))
        return started[-1]

    with mock.patch("subprocess.Popen", noted), hogs("cpu"):
        assert started and all(process.poll() is None for process in started)
    assert all(process.poll() is not None for process in started)


def test_one_slow_computation_is_no_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """If a ratio that never occurred were remembered, the machine would always seem busy."""
    seconds = iter([(1.0, 1.0), (1.0, 4.0), (3.0, 1.0), *[(1.5, 1.0)] * LOOKS, *[(2.5, 1.0)] * LOOKS])
    monkeypatch.setattr("ndojo.measure.canary._once", lambda *_: next(seconds))
    canary = Canary()
    assert canary.look(1000) == 1
    assert not canary.busy(1000) and canary.busy(1000)
