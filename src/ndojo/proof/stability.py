"""Measures whether the same answer always gets the same verdict.

Answers of known slowness are judged many times, with nothing else running and while other programs run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ndojo.checks.finding import FAILED, UNCHECKED
from ndojo.checks.suite import ReferenceRunner
from ndojo.measure.hardware_limits import machine_id
from ndojo.measure.internal_question import internal_question
from ndojo.measure.measurer import Measurer
from ndojo.measure.messages import size
from ndojo.measure.statistics import wilson
from ndojo.question.entries import Entry
from ndojo.question.records import Question
from ndojo.question.requirements import FasterThan, Level, faster_than, peak_memory
from ndojo.question.sources.arrays import arrays
from ndojo.sandbox import Sandbox

Say = Callable[[str], None]
Figures = dict[str, Any]

TIMES = 4
NAIVE_UNITS = 20
BAR_UNITS = NAIVE_UNITS // TIMES
RATIOS = (0.8, 1.0, 1.5, 2.0)
DISTURBANCES = ("quiet", "cpu", "memory")
PEAK_ROUNDS = 20
HOG_SECONDS = 900


def naive(x: np.ndarray) -> np.ndarray:
    """Represent the naive answer. `KnownWork` writes the source that is run."""
    return x


@dataclass(frozen=True)
class Kind:
    """A kind of work: the expression that does one unit, and the size of its input."""

    expression: str
    n: int


_CHAIN = "((((x + 1.0) * 2.0 - x) * 0.5 + x) * 3.0 - x) * 0.25 + x"

KINDS = {
    "arithmetic": Kind("np.sqrt(np.sin(x) ** 2 + np.cos(x) ** 2) + x", 4000),
    "cache": Kind(f"({_CHAIN}) * ({_CHAIN})", 24_000),
    "memory": Kind(_CHAIN, 80_000),
    "python": Kind("np.array([one + 1.0 for one in x])", 1000),
}
"""One unit of each takes long compared with the first access to a new input, which costs every answer the same."""


def source_of(kind: Kind, units: float) -> bytes:
    """Return an answer that does this many units of work. It does a fraction of a unit on a part of the input."""
    whole, part = int(units), units - int(units)
    rest = f"    _unit(x[: {round(part * kind.n)}])\n" if part else ""
    return (
        f"import numpy as np\n\n\ndef _unit(x):\n    return {kind.expression}\n\n\n"
        f"def unit(x):\n{rest}    for _ in range({whole}):\n        y = _unit(x)\n    return y\n"
    ).encode()


def question_of(kind: Kind) -> Question:
    """Return a question whose naive answer does `NAIVE_UNITS` units of work and whose threshold is `BAR_UNITS`."""

    def at(rng: np.random.Generator) -> dict[str, np.ndarray]:
        return {"x": rng.standard_normal(kind.n)}

    scope: dict[str, Any] = {"np": np}
    exec(f"def unit(x):\n    return {kind.expression}", scope)
    levels = [Level("right"), Level("fast", "", faster_than(naive, TIMES, at))]
    return internal_question("stability", __file__, [Entry(scope["unit"], {"x": arrays("n")})], levels)


class KnownWork(Measurer):
    """Measures answers relative to a naive answer that does a known amount of work."""

    kind: Kind

    def reference_source(self) -> bytes:
        return source_of(self.kind, 1)

    def naive_source(self, entry: str, naive: Any) -> bytes:
        return source_of(self.kind, NAIVE_UNITS)


@dataclass
class Row:
    """One answer under one disturbance: its outcomes and how long they took."""

    kind: str
    disturbance: str
    ratio: float
    outcomes: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        """How many verdicts are wrong: failed if `ratio <= 1`, or passed if it is larger."""
        failed = self.outcomes.count(FAILED)
        return failed if self.ratio <= 1 else len(self.outcomes) - failed - self.untold

    @property
    def untold(self) -> int:
        """How many verdicts could not tell because the machine was busy."""
        return self.outcomes.count(UNCHECKED)

    def to_dict(self) -> Figures:
        n = len(self.outcomes)
        low, high = wilson(self.wrong, n)
        p50, p95 = (float(np.percentile(self.seconds, p)) for p in (50, 95)) if n else (0.0, 0.0)
        return {
            "kind": self.kind,
            "disturbance": self.disturbance,
            "ratio": self.ratio,
            "n": n,
            "wrong": self.wrong,
            "wrong_low": round(low, 4),
            "wrong_high": round(high, 4),
            "could_not_tell": self.untold,
            "p50_ms": round(1e3 * p50, 1),
            "p95_ms": round(1e3 * p95, 1),
        }


def run_stability(
    sandbox: Sandbox,
    *,
    rounds: int = 100,
    ratios: Sequence[float] = RATIOS,
    kinds: Sequence[str] = tuple(KINDS),
    disturbances: Sequence[str] = DISTURBANCES,
    say: Say | None = None,
) -> Figures:
    """Judge answers of known slowness many times.

    Parameters
    ----------
    sandbox : Sandbox
    rounds : int
        Number of verdicts on each answer under each disturbance.
    ratios : sequence of float
        Times of the answers, in multiples of the allowed time.
    kinds : sequence of str
        Names from `KINDS`.
    disturbances : sequence of str
        Names from `DISTURBANCES`. For ``"cpu"`` and ``"memory"``, one process per processor uses that resource.
    say : callable, optional
        Called with a description of each step.

    Returns
    -------
    dict
        The keys are:

        - ``machine``: the machine's name.
        - ``rows``: for each answer and disturbance, kind, disturbance, ratio, n, wrong, Wilson's 95% interval of the
          wrong share, could_not_tell, and p50_ms and p95_ms of one speed level.
        - ``wrong`` and ``n`` over the rows with a ratio of at most 1 or at least 1.5, and their interval.
        - ``quiet_p50_ms`` and ``quiet_p95_ms``: times of one speed level without disturbance.
        - ``peak_bytes``: the different peaks in 20 runs of one answer.
    """
    tell = say or (lambda text: None)
    rows = [Row(kind, how, ratio) for how in disturbances for kind in kinds for ratio in ratios]
    with _Bench(sandbox, kinds) as bench:
        for how in disturbances:
            tell(f"{how}: {rounds} verdicts on each of {len(kinds) * len(ratios)} answers")
            with hogs(how):
                bench.judge([row for row in rows if row.disturbance == how], rounds)
        tell("peak memory")
        peaks = bench.peaks()
    return _summary(rows) | {"peak_bytes": peaks}


def _summary(rows: Sequence[Row]) -> Figures:
    promised = [row for row in rows if row.ratio <= 1 or row.ratio >= 1.5]
    wrong, n = sum(row.wrong for row in promised), sum(len(row.outcomes) for row in promised)
    low, high = wilson(wrong, n)
    seconds = [one for row in rows for one in row.seconds if row.disturbance == "quiet"]
    quiet = {f"quiet_p{p}_ms": round(1e3 * float(np.percentile(seconds, p)), 1) for p in (50, 95)} if seconds else {}
    return {
        "machine": machine_id(),
        "rows": [row.to_dict() for row in rows],
        "wrong": wrong,
        "n": n,
        "wrong_low": round(low, 5),
        "wrong_high": round(high, 5),
        **quiet,
    }


class _Bench:
    """One question per kind of work, with its measurer. A context manager."""

    def __init__(self, sandbox: Sandbox, kinds: Sequence[str]) -> None:
        self._stages = {name: ReferenceRunner(question_of(KINDS[name])) for name in kinds}
        self._measurers = {name: KnownWork(stage.question, sandbox, stage) for name, stage in self._stages.items()}
        for name, measurer in self._measurers.items():
            measurer.kind = KINDS[name]
            # The canary measures the quiet machine before other programs disturb it.
            measurer.canary.look_everywhere()

    def __enter__(self) -> _Bench:
        return self

    def __exit__(self, *_: object) -> None:
        for stage in self._stages.values():
            stage.close()

    def judge(self, rows: Sequence[Row], rounds: int) -> None:
        """Add `rounds` verdicts to each row, in turns."""
        for _ in range(rounds):
            for row in rows:
                measurer = self._measurers[row.kind]
                requirement = measurer.question.levels[1].requirements[0]
                assert isinstance(requirement, FasterThan)
                source = source_of(measurer.kind, row.ratio * BAR_UNITS)
                started = time.perf_counter()
                row.outcomes.append(measurer.finding(requirement, source).outcome)
                row.seconds.append(time.perf_counter() - started)

    def peaks(self) -> list[int]:
        """Return the different peaks over several runs of one answer."""
        measurer = next(iter(self._measurers.values()))
        requirement = peak_memory(lambda rng: {"x": rng.standard_normal(200_000)}, outputs=3)
        source = source_of(measurer.kind, 2)
        found = [measurer.finding(requirement, source).figures for _ in range(PEAK_ROUNDS)]
        return sorted({int(figures["peak_bytes"]) for figures in found if figures})


_HOGS = {
    "cpu": "while os.getppid() == parent and time.time() < end:\n    sum(range(100_000))",
    "memory": (
        "import numpy as np\na = np.ones(8_000_000)\nb = np.ones(8_000_000)\n"
        "while os.getppid() == parent and time.time() < end:\n    np.copyto(a, b)\n    np.copyto(b, a)"
    ),
}


@contextmanager
def hogs(how: str) -> Iterator[None]:
    """Run one process per processor that keeps the CPU or the memory busy. Run none for ``"quiet"``."""
    processes = []
    if how in _HOGS:
        start = f"import os, time\nparent, end = {os.getpid()}, time.time() + {HOG_SECONDS}\n"
        command = [sys.executable, "-c", start + _HOGS[how]]
        processes = [subprocess.Popen(command) for _ in range(os.cpu_count() or 1)]
        time.sleep(0.5)
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def table(figures: Figures) -> list[str]:
    """Return the figures as lines of a Markdown table."""
    names = (
        "work",
        "disturbed by",
        "times the threshold",
        "verdicts",
        "wrong",
        "95% interval",
        "could not tell",
        "p50 ms",
    )
    head = [f"| {' | '.join((*names, 'p95 ms'))} |", "|" + " --- |" * (len(names) + 1)]
    rows = [
        f"| {row['kind']} | {row['disturbance']} | {row['ratio']:g} | {row['n']} | {row['wrong']} "
        f"| {row['wrong_low']:.1%} to {row['wrong_high']:.1%} | {row['could_not_tell']} | {row['p50_ms']:g} "
        f"| {row['p95_ms']:g} |"
        for row in figures["rows"]
    ]
    whole = (
        f"Wrong verdicts up to 1.0 and from 1.5 times the threshold: {figures['wrong']} of {figures['n']} "
        f"({figures['wrong_low']:.2%} to {figures['wrong_high']:.2%}). Machine: {figures['machine']}."
    )
    return [*head, *rows, "", whole, *_costs(figures)]


def _costs(figures: Figures) -> list[str]:
    """Return the time of a speed level without disturbance, and how much the memory peaks differ."""
    peaks = figures["peak_bytes"]
    differ = f"between {size(min(peaks))} and {size(max(peaks))}" if len(peaks) > 1 else "the same"
    lines = [f"Peak memory in {PEAK_ROUNDS} runs: {differ if peaks else 'not reported by this system'}."]
    if "quiet_p50_ms" in figures:
        quiet = f"{figures['quiet_p50_ms']:g} ms (p50) and {figures['quiet_p95_ms']:g} ms (p95)"
        lines.insert(0, f"With nothing else running, a speed level takes {quiet}.")
    return lines
