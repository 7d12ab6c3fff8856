"""Calibration: tests on an array of known size whether this machine's memory readings are correct."""

from __future__ import annotations

from dataclasses import dataclass

from ndojo.calls.instruments import MEMORY
from ndojo.calls.pack import pack_case
from ndojo.measure.clock import Stepper
from ndojo.measure.hardware_limits import limits_question
from ndojo.sandbox import Sandbox

ARRAY_BYTES = 8 << 20
OFF_SHARE = 0.15

SOURCE = f"""
import numpy as np


def move(n, times):
    return float(np.ones({ARRAY_BYTES // 8})[0])


def multiply(n, times):
    return 0.0
""".encode()


@dataclass(frozen=True)
class Calibration:
    """Which memory readings are correct on this machine.

    Parameters
    ----------
    traced : bool
        Whether NumPy reports its arrays to `tracemalloc`.
    outside : bool
        Whether the resident memory of a sandbox process, read from outside, grows by the size of a new array.
    """

    traced: bool
    outside: bool


def calibrate(sandbox: Sandbox) -> Calibration:
    """Allocate an array of known size in a trusted sandbox process and compare both memory readings with that size."""
    with Stepper(sandbox, limits_question(), SOURCE) as player:
        if stopped := player.start():
            raise RuntimeError(f"Memory could not be calibrated: {stopped.message}")
        case = pack_case("move", (1, 1), {})
        window = player.step([case], MEMORY)
    traced = window.told[0] if isinstance(window.told, list) else 0
    return Calibration(_right(traced), _right(window.risen or 0))


def _right(nbytes: int) -> bool:
    return abs(nbytes - ARRAY_BYTES) < OFF_SHARE * ARRAY_BYTES
