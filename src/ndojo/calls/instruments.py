"""What measuring does inside the sandbox: play a batch in step with the judge, who reads the clock at each step.

The driver stores all inputs, says so and waits; makes the calls, says so and waits; then describes the result of
them. The judge's clock therefore holds the calls alone. What is counted here, instructions and traced bytes, is
advice: the answer lives in the same process.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, Protocol

import numpy as np

from ndojo.calls.call import ANSWER_FILE, PreparedCall, call, describe, prepare_call, recording_warnings
from ndojo.calls.wire.writer import Writer

TIMED, MEMORY, PEAKS, STEPS, WATCHED, LINES = b"t", b"m", b"p", b"o", b"w", b"l"
MODES = (TIMED, MEMORY, PEAKS, STEPS, WATCHED, LINES)

# Taken before any answer could replace them.
_settrace, _gettrace = sys.settrace, sys.gettrace
_stop, _traced, _reset = tracemalloc.stop, tracemalloc.get_traced_memory, tracemalloc.reset_peak
_now = time.perf_counter

Functions = Mapping[str, Callable[..., Any]]
Result = tuple[Any, BaseException | None]


class Channel(Protocol):
    """The socket to the judge."""

    def receive(self) -> bytearray: ...
    def send(self, *buffers: bytes) -> None: ...


class Watch(Protocol):
    """Makes the calls of a batch while it counts something; `told` is what it counted."""

    def calls(self, functions: Functions, plays: list[PreparedCall]) -> list[Result]: ...
    def told(self) -> Any: ...


def run_in_step(functions: Functions, mode: bytes, nonce: bytes, cases: list[bytes], channel: Channel) -> bytes:
    """Play a batch in step; returns what the watch counted, as bytes for the judge, with the outcomes in front."""
    watch = _WATCHES[mode]()
    out = Writer(opaque=True)
    with recording_warnings() as warned:
        plays = [prepare_call(case, f"step-{index}") for index, case in enumerate(cases)]
        _wait(channel, nonce)
        results = watch.calls(functions, plays)
        _wait(channel, nonce)
        out.write(watch.told())
        for play, (returned, raised) in zip(plays, results, strict=True):
            out.blob(describe(play, returned, raised, warned))
    return out.done()


def _wait(channel: Channel, nonce: bytes) -> None:
    """Say that a step is done, and wait until the judge has read the clock."""
    channel.send(b"S", nonce)
    channel.receive()


class NoInstrument:
    """Makes the calls and watches nothing: what is timed."""

    def calls(self, functions: Functions, plays: list[PreparedCall]) -> list[Result]:
        return [call(functions, play) for play in plays]

    def told(self) -> Any:
        return None


class _Allocator(ctypes.Structure):
    """CPython's `PyMemAllocatorEx`: a context and four functions, which are handed on untouched."""

    _fields_ = [(name, ctypes.c_void_p) for name in ("context", "malloc", "calloc", "realloc", "free")]


_RAW_DOMAIN = 0


def _tracing(
    start: Callable[[int], None] = tracemalloc.start,
    get: Callable[..., Any] = ctypes.pythonapi.PyMem_GetAllocator,
    put: Callable[..., Any] = ctypes.pythonapi.PyMem_SetAllocator,
) -> Callable[[], None]:
    """What starts to trace Python's objects and NumPy's arrays, each of them once.

    NumPy reports its arrays itself. From 2.5 on they lie in CPython's raw memory, which `tracemalloc` follows too:
    while an array is reallocated it would count twice, as `np.fromiter` and `np.loadtxt` do. So raw memory is left out.
    """
    raw = _Allocator()

    def begin() -> None:
        get(_RAW_DOMAIN, ctypes.byref(raw))
        start(1)
        put(_RAW_DOMAIN, ctypes.byref(raw))

    return begin


_start = _tracing()


class TracedMemory:
    """Traces what the last call of a batch allocates; the calls before it warm up."""

    def __init__(self) -> None:
        self._peak = 0
        self._result = 0
        _give_back()

    def calls(self, functions: Functions, plays: list[PreparedCall]) -> list[Result]:
        _start()
        before = _traced()[0]
        results: list[Result] = [(None, None)] * (len(plays) - 1)
        for play in plays[:-1]:
            # Its result is not used: a reference kept would count as memory in use.
            call(functions, play)
        gc.collect()
        kept = _traced()[0]
        # What an earlier call left behind serves the later ones: beyond NumPy's small caches it counts as theirs.
        base = kept if kept - before <= _CACHES else before
        _reset()
        results.append(call(functions, plays[-1]))
        now, peak = _traced()
        self._peak, self._result = peak - base, now - base
        _stop()
        return results

    def told(self) -> Any:
        return [self._peak, self._result]


_CACHES = 32 << 10


def _give_back() -> None:
    """Return free memory to the system, so that what a call needs shows from outside."""
    gc.collect()
    with contextlib.suppress(Exception):
        ctypes.CDLL(None).malloc_trim(0)


class _LineWatch:
    """Attributes something that grows to the answer's lines."""

    def __init__(self) -> None:
        self.line = 0
        self.lines: dict[int, list[float]] = {}

    def calls(self, functions: Functions, plays: list[PreparedCall]) -> list[Result]:
        for play in plays[:-1]:
            call(functions, play)
        self.begin()
        _settrace(self._enter)
        try:
            result = call(functions, plays[-1])
        finally:
            _settrace(None)
        self.note()
        self.end()
        return [(None, None)] * (len(plays) - 1) + [result]

    def told(self) -> Any:
        return [[line, *figures] for line, figures in sorted(self.lines.items()) if line]

    def _enter(self, frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename != ANSWER_FILE:
            return None
        self._step(frame.f_lineno)
        return self._inside

    def _inside(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event == "return":
            back = frame.f_back
            self._step(back.f_lineno if back is not None and back.f_code.co_filename == ANSWER_FILE else 0)
        elif event == "line":
            self._step(frame.f_lineno)
        return self._inside

    def _step(self, line: int) -> None:
        self.note()
        self.line = line

    def begin(self) -> None: ...
    def note(self) -> None: ...
    def end(self) -> None: ...


class PeakByLine(_LineWatch):
    """For each line, the most bytes that it held beyond what was held when it began."""

    def begin(self) -> None:
        _start()
        self._before = _traced()[0]

    def note(self) -> None:
        now, peak = _traced()
        figures = self.lines.setdefault(self.line, [0])
        figures[0] = max(figures[0], peak - self._before)
        self._before = now
        _reset()

    def end(self) -> None:
        _stop()


class TimeByLine(_LineWatch):
    """For each line, how often it ran and how many microseconds it took in all."""

    def begin(self) -> None:
        self._before = _now()

    def note(self) -> None:
        now = _now()
        figures = self.lines.setdefault(self.line, [0, 0.0])
        figures[0] += 1
        figures[1] += 1e6 * (now - self._before)
        self._before = _now()


class Steps:
    """Counts the Python instructions that each call executes, in any module."""

    def __init__(self) -> None:
        self.counts: list[int] = []

    def calls(self, functions: Functions, plays: list[PreparedCall]) -> list[Result]:
        counted = _counted_by_monitoring if hasattr(sys, "monitoring") else _counted_by_tracing
        results = []
        for play in plays:
            result, count = counted(lambda play=play: call(functions, self.handed(play)))  # type: ignore[misc]
            self.counts.append(count)
            results.append(result)
        return results

    def handed(self, play: PreparedCall) -> PreparedCall:
        return play

    def told(self) -> Any:
        return self.counts


def _counted_by_tracing(act: Callable[[], Result]) -> tuple[Result, int]:
    count = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        if event == "call":
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        elif event == "opcode":
            count += 1
        return trace

    _settrace(trace)
    try:
        result = act()
        left = _gettrace()
    finally:
        _settrace(None)
    # Who takes the tracer away has something to hide from it.
    return result, count if left is trace else -1


def _counted_by_monitoring(act: Callable[[], Result]) -> tuple[Result, int]:
    monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
    tool, count = 4, 0

    def note(code: Any, offset: int) -> None:
        nonlocal count
        count += 1

    monitoring.use_tool_id(tool, "ndojo")
    monitoring.register_callback(tool, monitoring.events.INSTRUCTION, note)
    monitoring.set_events(tool, monitoring.events.INSTRUCTION)
    try:
        result = act()
        left = monitoring.get_events(tool) if monitoring.get_tool(tool) == "ndojo" else 0
    finally:
        with contextlib.suppress(ValueError):
            monitoring.set_events(tool, 0)
            monitoring.free_tool_id(tool)
    return result, count if left == monitoring.events.INSTRUCTION else -1


class _Slow(np.ndarray):
    """An array that is walked through in Python, so that the instruction count sees who walks: `sum(x)`, `map(f, x)`.

    Views of it and results of ufuncs are of this kind too.
    """

    def __iter__(self) -> Any:
        for index in range(len(self)):
            yield self[index]

    def tolist(self) -> Any:
        # Two levels are enough to show: deeper ones are walked through as a whole.
        return [item if isinstance(item, np.generic) else item.tolist() for item in self]


class WatchedSteps(Steps):
    """Counts with every array argument replaced by one that is walked through in Python."""

    def handed(self, play: PreparedCall) -> PreparedCall:
        play.args = tuple(map(_slow, play.args))
        play.kwargs = {name: _slow(value) for name, value in play.kwargs.items()}
        return play


def _slow(value: Any) -> Any:
    return value.view(_Slow) if type(value) is np.ndarray and value.dtype != object else value


_WATCHES: dict[bytes, Callable[[], Watch]] = {
    TIMED: NoInstrument,
    MEMORY: TracedMemory,
    PEAKS: PeakByLine,
    STEPS: Steps,
    WATCHED: WatchedSteps,
    LINES: TimeByLine,
}
