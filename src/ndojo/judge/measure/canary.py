"""A fixed stream against a fixed computation: where their ratio is off, something else wears the machine out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

STREAM_BYTES = 4 << 20
OFF = 1.5
"""A ratio so many times the quiet one means that the machine is busy."""

LOOKS = 3


@dataclass
class Canary:
    """Tells a busy machine by how much slower memory has become beside arithmetic.

    Processor time does not notice that other programs wait for the same processor, but it does notice that they use
    the same memory.

    Parameters
    ----------
    quiet : float
        The least ratio seen on this machine; infinite where it has not been looked at yet.
    """

    quiet: float = float("inf")
    _room: list[np.ndarray] = field(default_factory=list, repr=False)

    def look(self) -> float:
        """The ratio now, the least of a few; remembers the least of all."""
        now = min(self._once() for _ in range(LOOKS))
        self.quiet = min(self.quiet, now)
        return now

    def busy(self) -> bool:
        """Whether memory is plainly slower than it was."""
        return self.look() > OFF * self.quiet

    def _once(self) -> float:
        if not self._room:
            self._room = [np.ones(STREAM_BYTES // 8) for _ in range(2)] + [np.linspace(0.0, 1.0, 2048)]
            self._once()
        source, target, small = self._room
        start = time.thread_time()
        np.copyto(target, source)
        middle = time.thread_time()
        for _ in range(40):
            np.sin(small)
        return (middle - start) / max(time.thread_time() - middle, 1e-9)
