"""The judge's clock: the CPU time of a sandbox process, read from outside while the process waits between steps."""

from __future__ import annotations

import contextlib
import os
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ndojo.calls.client import AnswerRunner, Stopped, cpu_of, why_stopped
from ndojo.calls.instruments import TIMED
from ndojo.calls.wire.reader import Reader
from ndojo.calls.wire.values import WireError
from ndojo.sandbox import Child, ChildGone, ChildTimeout, FrameTooBig

EMPTY_ROUNDS = 5

LATE_READS = 50
LATE_SECONDS = 1e-4
"""How often the clock is read again if it has not advanced during a call, and the pause between two reads."""


@dataclass(frozen=True)
class Window:
    """What the judge measured while a sandbox process ran one batch step by step.

    Parameters
    ----------
    seconds : float
        CPU time of the calls alone, in all threads.
    around : float
        CPU time that the process used outside the calls since the previous batch: storing inputs, describing
        outcomes, and any other work.
    outcomes : tuple of bytes
        The described outcomes, in order.
    told : object
        What the instrument inside the sandbox counted. The answer could change it, so it is only advice.
    risen : int or None
        By how many bytes the peak resident memory of the process grew during the calls. None if the operating system
        does not report it.
    blind : int
        How many bytes the calls could have used without increasing `risen`.
    stopped : Stopped or None
        Why the process stopped responding.
    """

    seconds: float
    around: float
    outcomes: tuple[bytes, ...] = ()
    told: Any = None
    risen: int | None = None
    blind: int = 0
    stopped: Stopped | None = None


class Stepper(AnswerRunner):
    """Runs one answer step by step in a separate sandbox process. A context manager, like `AnswerRunner`."""

    _mark = 0.0
    _read_clock: Callable[[], float]

    def start(self) -> Stopped | None:
        """Load the answer. Return None, or why it could not be loaded."""
        loaded = self.load()
        if not self._loaded:
            return loaded.stopped or Stopped("RE", "Loading the answer a second time failed.")
        assert self._child is not None
        self._child.unhurried()
        self._read_clock = clock_of(self._child.pid)
        self._mark = self._read_clock()
        return None

    def pin(self, processor: int) -> None:
        """Keep the process on one processor, if the system allows it: two processors can differ in speed by half."""
        if self._child is not None and hasattr(os, "sched_setaffinity"):
            with contextlib.suppress(OSError):
                os.sched_setaffinity(self._child.pid, {processor})

    def step(self, cases: Sequence[bytes], mode: bytes = TIMED, seconds: float | None = None) -> Window:
        """Run one batch step by step.

        Parameters
        ----------
        cases : sequence of bytes
        mode : bytes
            What is counted inside the sandbox: one of `ndojo.calls.instruments.MODES`.
        seconds : float, optional
            Time limit of the calls, in wall-clock time. The question's time limit if not given.
        """
        if self._child is None:
            return Window(0.0, 0.0, stopped=Stopped("RE", "The answer's process has ended."))
        limit = seconds or self._question.seconds
        before = self._read_clock()
        try:
            return self._steps(self._child, cases, mode, limit)
        except (ChildGone, ChildTimeout, FrameTooBig, WireError) as problem:
            used = max(self._read_clock() - before, 0.0)
            self.close()
            return Window(used, 0.0, stopped=why_stopped(problem, limit))

    def _steps(self, child: Child, cases: Sequence[bytes], mode: bytes, limit: float) -> Window:
        nonce = os.urandom(16)
        blobs = [part for case in cases for part in (struct.pack("<I", len(case)), case)]
        child.send(b"R", nonce, mode, struct.pack("<I", len(cases)), *blobs)
        _expect(child.receive(limit), b"S", nonce)
        memory = Resident(child.pid) if mode != TIMED else None
        start = self._read_clock()
        child.send(b"G")
        _expect(child.receive(limit), b"S", nonce)
        end = self._read_clock_after(start)
        risen, blind = memory.risen() if memory else (None, 0)
        child.send(b"G")
        told, outcomes = _described(_expect(child.receive(limit), b"D", nonce), len(cases))
        mark, self._mark = self._mark, self._read_clock()
        around = max(self._mark - mark - (end - start), 0.0)
        return Window(end - start, around, outcomes, told, risen, blind)

    def _read_clock_after(self, start: float) -> float:
        """Read the clock until it has moved: the kernel may add the child's time after the reply arrives."""
        for _ in range(LATE_READS):
            now = self._read_clock()
            if now > start:
                return now
            time.sleep(LATE_SECONDS)
        return self._read_clock()

    def overhead(self) -> float:
        """Return the CPU seconds of a window without calls. The process must be trusted."""
        return min(self.step([]).seconds for _ in range(EMPTY_ROUNDS))


def processors() -> list[int]:
    """Return the numbers of the processors that the judge may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]


def clock_of(pid: int) -> Callable[[], float]:
    """Return a clock that reads the CPU time of a process, or the wall clock if the system reports no CPU time."""
    return (lambda: cpu_of(pid)) if cpu_of(pid) > 0 else time.perf_counter


def _expect(frame: bytearray, kind: bytes, nonce: bytes) -> Reader:
    source = Reader(frame)
    if source.take(1) != kind or source.take(16) != nonce:
        raise WireError("an unexpected message")
    return source


def _described(source: Reader, n: int) -> tuple[Any, tuple[bytes, ...]]:
    told = source.read()
    outcomes = tuple(source.blob() for _ in range(n))
    if source.at != len(source.data):
        raise WireError("outcomes with bytes left over")
    return told, outcomes


class Resident:
    """Measures from outside how much the resident memory of a process grows."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        # Reset the recorded peak if the judge may: later growth is then measured exactly.
        with contextlib.suppress(OSError), open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
        self._now, self._high = _resident_bytes(pid)

    def risen(self) -> tuple[int | None, int]:
        """Return by how many bytes the peak grew, and how many bytes an earlier peak could have hidden."""
        _, high = _resident_bytes(self._pid)
        if not high or not self._now:
            return None, 0
        return (high - self._now if high > self._high else 0), self._high - self._now


def _resident_bytes(pid: int) -> tuple[int, int]:
    """Return the current and the peak resident bytes. Both are zero if the system does not report them."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            fields = dict(line.split(":", 1) for line in file if line.startswith(("VmRSS", "VmHWM")))
        return int(fields["VmRSS"].split()[0]) * 1024, int(fields["VmHWM"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return 0, 0
