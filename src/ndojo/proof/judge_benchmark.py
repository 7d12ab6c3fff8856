"""Measures how fast the judge is on this machine: all figures in one run, as percentiles and ratios."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ndojo.calls.call import run_case
from ndojo.calls.client import AnswerRunner, briefing
from ndojo.calls.pack import pack_case
from ndojo.calls.worker import warm
from ndojo.judge.judge import Judge
from ndojo.measure.internal_question import internal_question
from ndojo.question import loading
from ndojo.question.answer_source import answer_source
from ndojo.question.entries import Entry
from ndojo.question.records import Question
from ndojo.question.sources.arrays import arrays
from ndojo.sandbox import Sandbox

Say = Callable[[str], None]
Figures = dict[str, Any]

TRIVIAL = b"import numpy as np\n\n\ndef add_one(x):\n    return x + 1\n"
PLAIN = "import numpy as np\nx = np.arange(4.0)\nassert (x + 1).sum() == 10\n"

SAVING_SECONDS, REFILL_SECONDS = 0.002, 0.012
"""Shorter than saving an answer takes (3 to 20 ms measured), and enough time to start new spare processes."""


def add_one(x):  # type: ignore[no-untyped-def]
    """Add one."""
    return x + 1


def _trivial_question() -> Question:
    return internal_question("add-one", __file__, [Entry(add_one, {"x": arrays("n")})])


def percentiles(seconds: Sequence[float], *wanted: int) -> Figures:
    """Return percentiles in milliseconds, and the number of measurements."""
    figures = {f"p{p}": round(float(np.percentile(seconds, p)) * 1e3, 4) for p in wanted}
    return {**figures, "n": len(seconds)}


@contextmanager
def _stopwatch(times: list[float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    times.append(time.perf_counter() - started)


def run_benchmark(quick: bool = False, progress: Say | None = None) -> Figures:
    """Measure every figure of the judge.

    Parameters
    ----------
    quick : bool
        Fewer rounds, for a rough estimate.
    progress : callable, optional
        Called with a short description of what is being measured.

    Returns
    -------
    dict
        The times are dictionaries with p50, p99 and n:

        - ``hot_ms``: a trivial answer through the whole sandbox. A spare process was woken when the answer arrived, as
          `ndojo check` does before it saves the answer.
        - ``unroused_ms``: the same without waking a spare process first.
        - ``in_process_ms``: the same code without a sandbox.
        - ``plain_python_ms``: a new interpreter that imports NumPy.
        - ``bubblewrap_ms``: the same inside bubblewrap, if it is installed.

        ``ratio_to_plain`` is the p50 of ``plain_python_ms`` divided by the p50 of ``hot_ms``. ``level1_ms`` and
        ``level1_cpu_ms`` are times of the bank's references, and ``prepare_cpu_ms`` is the time to draw their cases.
        ``shrink_ms`` is the time to judge a trap, shrink its failing case and explain it. These four have p50, p95 and
        n. The others are ``over_in_process_ms``, ``answers_per_second_per_core``, ``spare_private_mb``, ``isolation``
        and ``machine``.
    """
    say = progress or (lambda text: None)
    figures: Figures = {"machine": _machine()}
    with Sandbox(spares=3) as sandbox:
        figures["isolation"] = sandbox.isolation.tier
        say("verdicts from a warm sandbox and new interpreters")
        figures |= _hot(sandbox, 100 if quick else 1000, 5 if quick else 25)
        figures["spare_private_mb"] = round(sandbox.spare_private_bytes() / 2**20, 2)
        say("references and traps of the bank")
        figures |= _bank(sandbox, 1 if quick else 5)
    say("answers per second per core")
    figures["answers_per_second_per_core"] = _throughput(1.0 if quick else 4.0)
    return figures


def _machine() -> Figures:
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def _hot_verdict(sandbox: Sandbox, question: Question, brief: bytes, case: bytes, expected: bytes) -> float:
    """Return the seconds from the answer's arrival to its verdict."""
    started = time.perf_counter()
    with AnswerRunner(sandbox, question, TRIVIAL, brief) as player:
        assert player.sit([case])[1].outcomes == [expected]
        return time.perf_counter() - started


def _busy_wait(seconds: float) -> None:
    """Keep this processor busy for `seconds`."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def _in_process(case: bytes, expected: bytes) -> None:
    scope: dict[str, Any] = {}
    exec(compile(TRIVIAL, "<answer>", "exec"), scope)
    assert run_case(scope, case, "") == expected


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _hot(sandbox: Sandbox, rounds: int, fresh: int) -> Figures:
    """Time a warm sandbox, in-process runs and new interpreters in turns, so a busy machine slows all of them."""
    question, case = _trivial_question(), pack_case("add_one", (np.arange(4.0),), {})
    expected, brief = run_case({"add_one": add_one}, case, ""), briefing(question)
    warm()
    hot: list[float] = []
    inside: list[float] = []
    unprepared: list[float] = []
    plain: list[float] = []
    wrapped: list[float] = []
    bubblewrap = _bubblewrap()
    for place in range(rounds):
        with _stopwatch(inside):
            _in_process(case, expected)
        sandbox.wake()
        _busy_wait(SAVING_SECONDS)
        hot.append(_hot_verdict(sandbox, question, brief, case, expected))
        # A learner does not wait for new spare processes, so their start is not timed.
        time.sleep(REFILL_SECONDS)
        if place % 4 == 0:
            unprepared.append(_hot_verdict(sandbox, question, brief, case, expected))
            time.sleep(REFILL_SECONDS)
        if place % max(rounds // fresh, 1) == 0:
            with _stopwatch(plain):
                _run([sys.executable, "-c", PLAIN])
            if bubblewrap:
                with _stopwatch(wrapped):
                    _run([*bubblewrap, sys.executable, "-c", PLAIN])
            time.sleep(0.05)
    figures = {
        "hot_ms": percentiles(hot, 50, 99),
        "unroused_ms": percentiles(unprepared, 50, 99),
        "in_process_ms": percentiles(inside, 50, 99),
        "plain_python_ms": percentiles(plain, 50, 99),
    }
    if wrapped:
        figures["bubblewrap_ms"] = percentiles(wrapped, 50, 99)
    figures["over_in_process_ms"] = round(figures["hot_ms"]["p50"] - figures["in_process_ms"]["p50"], 4)
    figures["ratio_to_plain"] = round(figures["plain_python_ms"]["p50"] / figures["hot_ms"]["p50"], 1)
    return figures


def _bubblewrap() -> list[str]:
    found = shutil.which("bwrap")
    return [found, "--ro-bind", "/", "/", "--unshare-all", "--die-with-parent"] if found else []


def _bank(sandbox: Sandbox, rounds: int) -> Figures:
    """Time the reference and traps of every question: wall time, and CPU time of judge and sandbox process together."""
    right: list[float] = []
    cpu: list[float] = []
    prepared: list[float] = []
    wrong: list[float] = []
    for slug in loading.paths():
        question = loading.load(slug)
        if not question.entry_points:
            continue
        with Judge(question, sandbox) as judge:
            _time_reference(judge, rounds, right, cpu, prepared)
            _time_traps(judge, wrong)
    return {
        "level1_ms": percentiles(right, 50, 95),
        "level1_cpu_ms": percentiles(cpu, 50, 95),
        "prepare_cpu_ms": percentiles(prepared, 50, 95),
        "shrink_ms": percentiles(wrong, 50, 95),
    }


def _time_reference(judge: Judge, rounds: int, wall: list[float], cpu: list[float], prepared: list[float]) -> None:
    source = answer_source(judge.question).encode()
    judge.counts_cpu = True
    judge.prepare()
    for _ in range(rounds + 1):
        before = time.process_time()
        judge.prepare()
        drawn = time.process_time() - before
        time.sleep(0.02)
        before = time.process_time()
        verdict = judge.judge(source, levels=1)
        used = time.process_time() - before
        if verdict.passed_levels != 1:
            raise RuntimeError(f"{judge.question.slug}: the reference does not pass; run `ndojo verify`.")
        wall.append(verdict.seconds)
        cpu.append(used + judge.child_cpu_seconds)
        prepared.append(drawn)
    # Ignore the first verdict on a question: it also reads the file and creates the curated cases.
    for times in (wall, cpu, prepared):
        del times[-rounds - 1]


def _time_traps(judge: Judge, wall: list[float]) -> None:
    question = judge.question
    for trap in question.traps:
        of = trap.of or question.entry_points[0].name
        source = answer_source(question, {of: trap.function}).encode()
        judge.prepare()
        time.sleep(0.02)
        wall.append(judge.judge(source, levels=1).seconds)


def _throughput(seconds: float) -> float:
    """Return trivial answers judged per second if everything, including the sandbox, runs on one core."""
    question, case = _trivial_question(), pack_case("add_one", (np.arange(4.0),), {})
    expected, brief = run_case({"add_one": add_one}, case, ""), briefing(question)
    with _one_core(), Sandbox(spares=2) as sandbox:
        for _ in range(20):
            _hot_verdict(sandbox, question, brief, case, expected)
        done, started = 0, time.perf_counter()
        while time.perf_counter() - started < seconds:
            _hot_verdict(sandbox, question, brief, case, expected)
            done += 1
        return round(done / (time.perf_counter() - started), 1)


@contextmanager
def _one_core() -> Iterator[None]:
    """Run everything that is started in this context on one core, if the system allows it."""
    if sys.platform != "linux":
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
