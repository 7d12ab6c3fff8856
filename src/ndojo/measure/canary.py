"""The canary compares a fixed memory copy with a fixed computation to detect that the machine is busy."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

BLOCKS = (256 << 10, 1 << 20, 8 << 20)
"""Working sets in bytes: within the L2 cache, about as large as it, and larger.

How much other programs slow a task down depends on the size of its working set.
"""

MOVED_BYTES = 8 << 20
OFF = 2.0
"""If the ratio exceeds the quiet ratio by more than this factor, the machine is busy."""

LOOKS = 3


@dataclass
class Canary:
    """Detects a busy machine: memory has become slower relative to arithmetic.

    CPU time is unaffected by other programs that wait for the same processor, but it increases if they use the same
    memory.

    Parameters
    ----------
    quiet : dict of int to float
        The lowest ratio of copying time to computing time seen on this machine, by working set. `look` updates it.
    """

    quiet: dict[int, float] = field(default_factory=dict)

    @classmethod
    def knowing(cls, quiet: Mapping[int, float]) -> Canary:
        """Return a canary with known ratios of the quiet machine."""
        return cls(dict(quiet))

    def look(self, nbytes: int) -> float:
        """Return the current ratio for a working set of `nbytes` bytes, and remember the lowest ratio seen."""
        block = _block(nbytes)
        arrays = np.ones(block // 16), np.zeros(block // 16)
        looks = [_once(*arrays) for _ in range(LOOKS)]
        # Take the two minimums separately: one slow computation paired with one fast copy would give a ratio that is
        # too low, and it would be remembered as the ratio of a quiet machine.
        now = min(moving for moving, _ in looks) / min(computing for _, computing in looks)
        self.quiet[block] = min(self.quiet.get(block, now), now)
        return now

    def look_everywhere(self) -> None:
        """Update the quiet ratio of every working set."""
        for block in BLOCKS:
            self.look(block)

    def busy(self, nbytes: int) -> bool:
        """Return whether memory is clearly slower than on the quiet machine, for a working set of `nbytes` bytes."""
        now = self.look(nbytes)
        return now > OFF * self.quiet[_block(nbytes)]


def _block(nbytes: int) -> int:
    return next((block for block in BLOCKS if block >= nbytes), BLOCKS[-1])


def _once(source: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """Return the CPU seconds of copying `MOVED_BYTES` bytes and of computing some sines."""
    angles = np.linspace(0.0, 1.0, 2048)
    start = time.thread_time()
    for _ in range(MOVED_BYTES // (2 * source.nbytes)):
        np.copyto(target, source)
    middle = time.thread_time()
    for _ in range(40):
        np.sin(angles)
    return middle - start, max(time.thread_time() - middle, 1e-9)
