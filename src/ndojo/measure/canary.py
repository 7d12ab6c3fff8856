"""A fixed stream against a fixed computation: where their ratio is off, something else wears the machine out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

BLOCKS = (256 << 10, 1 << 20, 8 << 20)
"""Working sets in bytes: in the second cache, at its brim, and beyond it. What hogs do depends on where one works."""

MOVED_BYTES = 8 << 20
OFF = 2.0
"""A ratio so many times the quiet one means that the machine is busy."""

LOOKS = 3


@dataclass
class Canary:
    """Tells a busy machine by how much slower memory has become compared to arithmetic.

    Processor time does not notice that other programs wait for the same processor, but it does notice that they use
    the same memory.

    Parameters
    ----------
    quiet : dict of int to float
        For each working set the least ratio seen on this machine; grows while it looks.
    """

    quiet: dict[int, float] = field(default_factory=dict)

    @classmethod
    def knowing(cls, quiet: Mapping[int, float]) -> Canary:
        """One that knows already what is quiet."""
        return cls(dict(quiet))

    def look(self, nbytes: int) -> float:
        """The ratio now, of the best of a few looks, for work on so many bytes; remembers the least of all."""
        block = _block(nbytes)
        arrays = np.ones(block // 16), np.zeros(block // 16)
        looks = [_once(*arrays) for _ in range(LOOKS)]
        # Each separately: one slow computation next to one quick move would be kept as a quiet machine by mistake.
        now = min(moving for moving, _ in looks) / min(computing for _, computing in looks)
        self.quiet[block] = min(self.quiet.get(block, now), now)
        return now

    def look_everywhere(self) -> None:
        """Learn what is quiet, for every working set."""
        for block in BLOCKS:
            self.look(block)

    def busy(self, nbytes: int) -> bool:
        """Whether memory is plainly slower than it was, for work on so many bytes."""
        now = self.look(nbytes)
        return now > OFF * self.quiet[_block(nbytes)]


def _block(nbytes: int) -> int:
    return next((block for block in BLOCKS if block >= nbytes), BLOCKS[-1])


def _once(source: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """Seconds of moving some megabytes within the arrays, and of some sines."""
    angles = np.linspace(0.0, 1.0, 2048)
    start = time.thread_time()
    for _ in range(MOVED_BYTES // (2 * source.nbytes)):
        np.copyto(target, source)
    middle = time.thread_time()
    for _ in range(40):
        np.sin(angles)
    return middle - start, max(time.thread_time() - middle, 1e-9)
