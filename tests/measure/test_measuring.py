"""Each measured requirement, on answers of every quality, in a real sandbox."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ndojo.calls.pack import pack_case
from ndojo.checks.finding import Finding
from ndojo.judge.judge import Judge
from ndojo.measure import memory
from ndojo.measure.calibration import calibrate
from ndojo.measure.clock import Stepper, processors
from ndojo.measure.thresholds import ThresholdMargin
from ndojo.proof.stability import KINDS, question_of, run_stability, source_of, table
from ndojo.question import Level, Question
from ndojo.question.requirements import allocates_nothing, grows, no_python_loop, peak_memory

SIZED = no_python_loop(lambda rng, n: {"x": rng.standard_normal(n)})
LARGE = 200_000
ARRAY = 8 * LARGE


def large(rng: Any) -> dict[str, Any]:
    return {"x": rng.standard_normal(LARGE)}


# --------------------------------------------------------------------------------------------------------------- speed


def test_speed_tells_ratio_interval_and_bar(bench: Any, question: Any) -> None:
    """A vectorized answer passes, and the finding has the figures."""
    finding = bench.of(question.levels[1].requirements[0], "return x / 2")
    assert finding.outcome == "passed"
    figures = finding.figures
    assert figures["low"] < figures["speed_up"] < figures["high"] and figures["bar"] == 4
    assert "4 times is required" in finding.message and "95% confidence" in finding.message


def test_a_loop_is_too_slow(bench: Any, question: Any) -> None:
    finding = bench.of(question.levels[1].requirements[0], "return np.array([one / 2 for one in x])")
    assert (finding.outcome, finding.code) == ("failed", "TL")
    assert finding.advice and "a call may take" in finding.advice


def test_a_wrong_result_is_found_while_timing(bench: Any, question: Any) -> None:
    """Every timed output is checked."""
    finding = bench.of(question.levels[1].requirements[0], "return x / 2 if x.size < 1000 else x")
    assert (finding.outcome, finding.code) == ("failed", "WA")


def test_a_changed_input_is_found_while_timing(bench: Any, question: Any) -> None:
    body = "x /= 2\nreturn x.copy()"
    assert bench.of(question.levels[1].requirements[0], body).outcome == "failed"


def test_an_exception_while_timing_is_told(bench: Any, question: Any) -> None:
    finding = bench.of(question.levels[1].requirements[0], "raise ValueError('too large')")
    assert finding.code == "RE" and "too large" in finding.message


def test_an_endless_call_is_too_slow(bench: Any, question: Any) -> None:
    finding = bench.of(question.levels[1].requirements[0], "while True:\n    pass")
    assert (finding.outcome, finding.code) == ("failed", "TL")


# -------------------------------------------------------------------------------------------------------------- memory


def test_peak_is_told_in_multiples(bench: Any) -> None:
    """The answer holds two arrays at the same time, but the limit is one and a half."""
    finding = bench.of(peak_memory(large, outputs=1.5), "y = np.sin(x)\ny = x + 0\nz = y / 2\nreturn z")
    assert (finding.outcome, finding.code) == ("failed", "ML")
    assert finding.figures["output_bytes"] == ARRAY
    assert 2 * ARRAY <= finding.figures["peak_bytes"] < 2.1 * ARRAY
    assert "2.00 times the input or 2.00 times the result" in finding.message
    assert "allocates the most memory" in finding.trace


def test_the_line_that_allocated_most_is_named(bench: Any) -> None:
    finding = bench.of(peak_memory(large, outputs=1.5), "y = x + 0\nz = np.outer(x[:2000], x[:2000])\nreturn y / 2")
    assert finding.trace.startswith("line 6 allocates the most memory, 30.5 MiB")
    assert "np.outer" in finding.trace


def test_peak_is_the_same_in_every_run(bench: Any) -> None:
    peaks = {bench.of(peak_memory(large, outputs=3), "y = x + 0\nreturn y / 2").figures["peak_bytes"] for _ in range(5)}
    assert len(peaks) == 1


def test_scales_are_tried_on_a_known_array(sandbox: Any) -> None:
    """NumPy reports to `tracemalloc`, and the judge may be able to read how much a process's memory grows."""
    scales = calibrate(sandbox)
    assert scales.traced
    assert scales.outside or sandbox.isolation.tier == "plain"


def test_one_array_fits_a_budget_of_one(bench: Any) -> None:
    assert bench.of(peak_memory(large, outputs=1), "return x / 2").outcome == "passed"


def test_array_that_is_reallocated_counts_once(bench: Any) -> None:
    """NumPy 2.5 uses memory that `tracemalloc` already traces, in addition to NumPy's own report."""
    body = "y = np.fromiter((one for one in x), np.float64)\ny /= 2\nreturn y"
    finding = bench.of(peak_memory(large, outputs=3), body)
    assert ARRAY <= finding.figures["peak_bytes"] < 1.6 * ARRAY


def test_one_freak_look_from_outside_condemns_nobody(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The median of three processes decides. If the first reading is within the budget, one is enough."""
    looks: list[int] = []

    def peak_of(window: Any, scales: Any) -> memory.Used:
        looks.append(risen := (9, 1, 1, 9, 9, 1, 1)[len(looks)] * ARRAY)
        return memory.Used(risen, True)

    monkeypatch.setattr(memory, "peak_of", peak_of)
    outcomes = [bench.of(peak_memory(large, outputs=2), "return x / 2").outcome for _ in range(3)]
    assert outcomes == ["passed", "failed", "passed"]
    assert len(looks) == 7


def test_workspace_of_linear_algebra_counts(bench: Any) -> None:
    """LAPACK's internal copies are not traced, but the outside reading includes them."""
    body = "np.linalg.svd(x[:160_000].reshape(400, 400))\nnp.linalg.eig(x[:160_000].reshape(400, 400))\nreturn x / 2"
    finding = bench.of(peak_memory(large, outputs=30), body)
    assert finding.figures["peak_bytes"] > ARRAY


def test_allocating_nothing_means_nothing(adder: Any) -> None:
    """A reduction allocates nothing, but a temporary array does."""
    nothing = allocates_nothing(large)
    assert adder.of(nothing, "return float(x.sum())", "one_number").outcome == "passed"
    assert adder.of(nothing, "return float((x + 0).sum())", "one_number").code == "ML"


def test_same_measurement_fails_once(question: Question, sandbox: Any) -> None:
    """The answer exceeds two budgets for different inputs. The second finding would only repeat the first."""
    twice = Level("lean", "", peak_memory(large, outputs=0.5), peak_memory(large, outputs=0.4))
    with Judge(replace(question, levels=[Level("right"), twice]), sandbox) as judge:
        verdict = judge.judge(b"def halves(x):\n    return x / 2\n")
    assert [finding.code for finding in verdict.findings if finding.level == 2] == ["ML"]


def test_clock_does_not_stand_still(sandbox: Any, question: Question) -> None:
    """A reply can arrive before the kernel counts the call's time, so the judge reads the clock until it advances."""
    case = pack_case("halves", (np.ones(3000),), {})
    with Stepper(sandbox, question, b"def halves(x):\n    return sum(x)\n") as player:
        assert player.start() is None
        player.pin(processors()[0])
        still = [player.step([case]).seconds <= 0 for _ in range(400)]
    assert not any(still)


# --------------------------------------------------------------------------------------------------------------- loops


@pytest.mark.parametrize(
    "body",
    [
        "return np.array([one / 2 for one in x])",
        "y = x.copy()\nfor i in range(len(y)):\n    y[i] /= 2\nreturn y",
        "return np.fromiter((one / 2 for one in x), float, len(x))",
        "return np.vectorize(lambda one: one / 2)(x)",
        "return np.array(list(map(lambda one: one / 2, x)))",
        "return np.apply_along_axis(lambda row: row / 2, 1, x[:, None]).ravel()",
    ],
)
def test_a_python_loop_is_counted(bench: Any, body: str) -> None:
    finding = bench.of(SIZED, body)
    assert (finding.outcome, finding.code) == ("failed", "TL")
    assert "exponent 1.00" in finding.message


@pytest.mark.parametrize(
    "body",
    [
        "return float(sum(x))",
        "return float(sum(map(float, x)))",
        "return float(np.sum(sorted(x)))",
        "return sum(x * 1)",
    ],
)
def test_a_walk_inside_a_builtin_is_made_to_show(adder: Any, body: str) -> None:
    """`sum(x)` executes few Python instructions, but it iterates over the data."""
    finding = adder.of(SIZED, body, "one_number")
    assert (finding.outcome, finding.code) == ("failed", "TL"), finding.message


def test_a_walk_over_a_converted_array_is_caught_by_time(adder: Any) -> None:
    # Use positive numbers: if the sum were near zero, another summation order could give a wrong result.
    sized = no_python_loop(lambda rng, n: {"x": rng.random(n)})
    finding = adder.of(sized, "return float(sum(np.asarray(x)))", "one_number")
    assert finding.code == "TL" and "ns" in finding.message


@pytest.mark.parametrize(
    "body",
    [
        "return x / 2",
        "return np.where(x > 0, x / 2, x / 2)",
        "order = np.argsort(x)\ny = np.empty_like(x)\ny[order] = x[order] / 2\nreturn y",
        "y = x.copy()\nfor start in range(10):\n    y[start::10] /= 2\nreturn y",
        "y = x.copy()\nn = 1\nwhile n < x.size:\n    y[n // 2 if n > 1 else 0 : n] += 0\n    n *= 2\nreturn y / 2",
        "return np.convolve(x, [0.5])",
    ],
)
def test_vectorised_answers_have_no_loop(bench: Any, body: str) -> None:
    """A number of steps that is constant or logarithmic in n is not a loop over the data."""
    assert bench.of(SIZED, body).outcome == "passed"


def test_quadratic_loops_have_exponent_two(bench: Any) -> None:
    finding = bench.of(SIZED, "for a in x:\n    for b in x:\n        pass\nreturn x / 2")
    assert 1.9 < finding.figures["exponent"] < 2.1
    assert "runs 65," in finding.trace or "runs 66," in finding.trace


# -------------------------------------------------------------------------------------------------------------- growth


def test_linear_growth_passes(bench: Any) -> None:
    finding = bench.of(grows(1, lambda rng, n: {"x": rng.standard_normal(n)}), "return x / 2")
    assert finding.holds, finding.message


def test_quadratic_growth_is_accused(bench: Any) -> None:
    body = "return np.minimum.reduce(np.abs(x[:, None] - x), axis=1) + x / 2"
    finding = bench.of(grows(1, lambda rng, n: {"x": rng.standard_normal(n)}), body)
    assert (finding.outcome, finding.code) == ("failed", "TL"), finding.message
    assert finding.figures["exponent"] > 1.6


def test_quadratic_growth_is_fine_where_it_is_asked(bench: Any) -> None:
    body = "return np.minimum.reduce(np.abs(x[:, None] - x), axis=1) + x / 2"
    assert bench.of(grows(2, lambda rng, n: {"x": rng.standard_normal(n)}), body).holds


# ----------------------------------------------------------------------------------------------- known amounts of work


@pytest.mark.parametrize(("share", "near"), [(0.5, False), (0.7, True), (1.0, True), (1.4, True), (1.6, False)])
def test_a_bar_keeps_away_from_known_answers(share: float, near: bool) -> None:
    assert ThresholdMargin("fast", "the reference", share, None, 0.1).too_near is near


def test_answers_of_known_work_compute_the_same() -> None:
    """The answers of the stability benchmark differ only in their amount of work."""
    import numpy as np

    for kind in KINDS.values():
        scope: dict[str, Any] = {}
        exec(source_of(kind, 2.5), scope)
        x = np.linspace(0.0, 1.0, kind.n)
        assert np.array_equal(scope["unit"](x), question_of(kind).entry_points[0].reference(x))


def test_a_finding_with_figures_survives_json(bench: Any, question: Any) -> None:
    finding = bench.of(question.levels[1].requirements[0], "return x / 2")
    assert Finding(**finding.to_dict()) == finding


def test_stability_bench_runs(sandbox: Any) -> None:
    """With one verdict on each of two answers, the table has a row for each, and the peak memory is one number."""
    figures = run_stability(sandbox, rounds=1, ratios=(0.2, 8.0), kinds=("arithmetic",), disturbances=("quiet",))
    assert [row["ratio"] for row in figures["rows"]] == [0.2, 8.0]
    assert figures["wrong"] == 0 and figures["n"] == 2
    assert len(figures["peak_bytes"]) == 1
    *_, costs, peaks = table(figures)
    assert f"{figures['quiet_p50_ms']:g} ms (p50)" in costs
    assert peaks == "Peak memory in 20 runs: the same."
