"""The hardware limits: how fast this machine moves bytes and multiplies, and which share an answer reaches."""

from __future__ import annotations

import contextlib
import json
import math
import os
import platform
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ndojo.calls.pack import pack_case
from ndojo.measure.canary import Canary
from ndojo.measure.clock import Stepper
from ndojo.measure.internal_question import internal_question
from ndojo.question.entries import Entry
from ndojo.question.records import Question
from ndojo.question.requirements import Needs
from ndojo.question.sources.scalars import integers
from ndojo.sandbox import Sandbox

BLOCKS = (256 << 10, 4 << 20, 64 << 20)
"""Working sets in bytes: one that fits in the L2 cache, one that fits in the L3 cache, and one that fits in neither."""

ORDER = 384
ROUNDS = 3
MOVED_BYTES = 64 << 20
LOOKS = 5

SOURCE = b"""
import numpy as np


def move(n, times):
    source, target = np.ones(n), np.empty(n)
    for _ in range(times):
        np.copyto(target, source)
    return float(target[-1])


def multiply(n, times):
    source, target = np.ones((n, n)), np.empty((n, n))
    for _ in range(times):
        np.matmul(source, source, out=target)
    return float(target[0, 0])
"""


@dataclass(frozen=True)
class Limits:
    """The peak performance of one processor of this machine.

    Parameters
    ----------
    machine : str
        The machine that was measured; see `machine_id`.
    bytes_per_second : tuple of (int, float)
        The size of a working set in bytes, and the bytes read and written per second within it.
    operations_per_second : float
        Additions and multiplications per second in a matrix product.
    quiet : tuple of (int, float)
        The canary's ratios on the quiet machine, by working set.
    """

    machine: str
    bytes_per_second: tuple[tuple[int, float], ...]
    operations_per_second: float
    quiet: tuple[tuple[int, float], ...]

    def bandwidth(self, nbytes: float) -> float:
        """Return the bytes per second for a working set of `nbytes` bytes."""
        return next((rate for size, rate in self.bytes_per_second if size >= nbytes), self.bytes_per_second[-1][1])

    def least_seconds(self, nbytes: float, operations: float) -> float:
        """Return the shortest possible time, by the roofline model of Williams et al. (CACM 52(4), 2009)."""
        return max(nbytes / self.bandwidth(nbytes), operations / self.operations_per_second)

    def share(self, nbytes: float, operations: float, seconds: float) -> float:
        """Return the share of the hardware limit that an answer reaches in `seconds`; 1.0 is the limit itself."""
        return self.least_seconds(nbytes, operations) / seconds if seconds > 0 else math.nan


def needed(needs: Needs, inputs: Mapping[str, Any]) -> tuple[float, float]:
    """Return the number of bytes moved and operations that these inputs require."""
    nbytes, operations = (float(count(**inputs)) if count else 0.0 for count in (needs.bytes, needs.operations))
    return nbytes, operations


def machine_id() -> str:
    """Return what a measurement depends on: the processor, cores, operating system, Python and NumPy."""
    parts = [_processor(), f"{os.cpu_count()} cores", f"{platform.system()} {platform.release()}"]
    return ", ".join([*parts, f"Python {platform.python_version()}", f"NumPy {np.__version__}"])


def _processor() -> str:
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
        if names:
            return names[0]
    return platform.processor() or platform.machine()


def limits_of(sandbox: Sandbox, path: Path | None = None) -> Limits:
    """Return the hardware limits: those saved in `path` if they are from this machine, otherwise newly measured ones.

    Parameters
    ----------
    sandbox : Sandbox
        Runs the measurement in a sandbox process, as it runs answers.
    path : Path, optional
        A JSON file in the user's cache folder. New measurements are saved there.
    """
    kept = _read(path) if path else None
    if kept is not None and kept.machine == machine_id():
        return kept
    limits = measure_limits(sandbox)
    if path:
        # If the limits cannot be saved, they are measured again next time.
        with contextlib.suppress(OSError):
            keep_limits(path, limits)
    return limits


def measure_limits(sandbox: Sandbox) -> Limits:
    """Measure the hardware limits of this machine in less than a second."""
    canary = Canary()
    with Stepper(sandbox, limits_question(), SOURCE) as player:
        if stopped := player.start():
            raise RuntimeError(f"The hardware limits could not be measured: {stopped.message}")
        rates = tuple((block, _moved(player, block)) for block in BLOCKS)
        operations = 2 * ORDER**3 / _best(player, "multiply", ORDER, 2)
    for _ in range(LOOKS):
        canary.look_everywhere()
    return Limits(machine_id(), rates, operations, tuple(canary.quiet.items()))


def _moved(player: Stepper, block: int) -> float:
    """Return the bytes per second of a copy. Source and target together have `block` bytes."""
    return block / _best(player, "move", block // 16, max(MOVED_BYTES // block, 2))


def _best(player: Stepper, name: str, n: int, times: int) -> float:
    """Return the shortest time of one repetition. Subtracting two runs cancels the work before the repetitions."""
    found = []
    for _ in range(ROUNDS):
        few, many = (player.step([pack_case(name, (n, count), {})]).seconds for count in (times, 3 * times))
        found.append((many - few) / (2 * times))
    return max(min(one for one in found if one > 0), 1e-9)


def move(n, times):  # type: ignore[no-untyped-def]
    """Copy n numbers `times` times."""


def multiply(n, times):  # type: ignore[no-untyped-def]
    """Multiply two n-by-n matrices `times` times."""


def limits_question() -> Question:
    """Return the question whose answers measure the machine."""
    sources = {"n": integers(1, 1 << 24), "times": integers(1, 1000)}
    return internal_question("limits", __file__, [Entry(move, sources), Entry(multiply, sources)], seconds=10.0)


def _read(path: Path) -> Limits | None:
    """Return the saved limits, or None if the file is missing or invalid."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        rates = tuple((int(size), float(rate)) for size, rate in record["bytes_per_second"])
        operations = float(record["operations_per_second"])
        quiet = tuple((int(size), float(ratio)) for size, ratio in record["quiet"])
        return Limits(str(record["machine"]), rates, operations, quiet) if rates else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_limits(path: Path, limits: Limits) -> None:
    """Save the limits in a file. A reader never sees an incomplete file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with open(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(limits), file, indent=1)
    os.replace(name, path)
