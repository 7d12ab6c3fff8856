"""Measurements inside the sandbox: runs a batch in steps, and the judge reads its clock between the steps.

The worker stores all inputs, reports this and waits. Then it makes the calls, reports this and waits. Finally it
describes the outcomes. The judge's clock therefore measures only the calls. The counts of this module, such as
instructions and traced bytes, are only advice, because the answer runs in the same process.
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

# Saved before an answer can replace them.
_settrace, _gettrace = sys.settrace, sys.gettrace
_stop, _traced, _reset = tracemalloc.stop, tracemalloc.get_traced_memory, tracemalloc.reset_peak
_now = time.perf_counter

Functions = Mapping[str, Callable[..., Any]]
Result = tuple[Any, BaseException | None]


class Channel(Protocol):
    """The socket to the judge."""

    def receive(self) -> bytearray: ...
    def send(self, *buffers: bytes) -> None: ...


class Instrument(Protocol):
    """Makes the calls of a batch and counts something meanwhile. `counted` returns the counts."""

    def calls(self, functions: Functions, prepared_calls: list[PreparedCall]) -> list[Result]: ...
    def counted(self) -> Any: ...


def run_in_step(functions: Functions, mode: bytes, nonce: bytes, cases: list[bytes], channel: Channel) -> bytes:
    """Run a batch in steps. Return the counts of the instrument, followed by the outcomes, as bytes for the judge."""
    instrument = _INSTRUMENTS[mode]()
    out = Writer(opaque=True)
    with recording_warnings() as warned:
        prepared_calls = [prepare_call(case, f"step-{index}") for index, case in enumerate(cases)]
        _wait(channel, nonce)
        results = instrument.calls(functions, prepared_calls)
        _wait(channel, nonce)
        out.write(instrument.counted())
        for prepared, (returned, raised) in zip(prepared_calls, results, strict=True):
            out.blob(describe(prepared, returned, raised, warned))
    return out.done()


def _wait(channel: Channel, nonce: bytes) -> None:
    """Report that a step is done, and wait until the judge has read its clock."""
    channel.send(b"S", nonce)
    channel.receive()


class NoInstrument:
    """Makes the calls without counting anything, so that they can be timed."""

    def calls(self, functions: Functions, prepared_calls: list[PreparedCall]) -> list[Result]:
        return [call(functions, prepared) for prepared in prepared_calls]

    def counted(self) -> Any:
        return None


class _Allocator(ctypes.Structure):
    """CPython's `PyMemAllocatorEx`: a context and four functions, which are passed on unchanged."""

    _fields_ = [(name, ctypes.c_void_p) for name in ("context", "malloc", "calloc", "realloc", "free")]


_RAW_DOMAIN = 0


def _tracing(
    start: Callable[[int], None] = tracemalloc.start,
    get: Callable[..., Any] = ctypes.pythonapi.PyMem_GetAllocator,
    put: Callable[..., Any] = ctypes.pythonapi.PyMem_SetAllocator,
) -> Callable[[], None]:
    """Return a function that starts to trace Python's objects and NumPy's arrays, and counts each of them once.

    NumPy reports its arrays itself. From NumPy 2.5 on, they are in CPython's raw memory, which `tracemalloc` traces
    too. An array that is reallocated, as in `np.fromiter` and `np.loadtxt`, would then count twice. Raw memory is
    therefore not traced.
    """
    raw = _Allocator()

    def begin() -> None:
        get(_RAW_DOMAIN, ctypes.byref(raw))
        start(1)
        put(_RAW_DOMAIN, ctypes.byref(raw))

    return begin


_start = _tracing()


class TracedMemory:
    """Traces what the last call of a batch allocates. The calls before it are a warm-up."""

    def __init__(self) -> None:
        self._peak = 0
        self._result = 0
        _return_free_memory()

    def calls(self, functions: Functions, prepared_calls: list[PreparedCall]) -> list[Result]:
        _start()
        before = _traced()[0]
        results: list[Result] = [(None, None)] * (len(prepared_calls) - 1)
        for prepared in prepared_calls[:-1]:
            # The result is dropped, because a reference to it would count as memory in use.
            call(functions, prepared)
        gc.collect()
        kept = _traced()[0]
        # Memory that an earlier call keeps may serve later calls, so it counts, except for NumPy's small caches.
        base = kept if kept - before <= _CACHES else before
        _reset()
        results.append(call(functions, prepared_calls[-1]))
        now, peak = _traced()
        self._peak, self._result = peak - base, now - base
        _stop()
        return results

    def counted(self) -> Any:
        return [self._peak, self._result]


_CACHES = 32 << 10


def _return_free_memory() -> None:
    """Return free memory to the system, so that the memory of a call is visible from outside."""
    gc.collect()
    with contextlib.suppress(Exception):
        ctypes.CDLL(None).malloc_trim(0)


class _LineInstrument:
    """Attributes time or memory to the lines of the answer."""

    def __init__(self) -> None:
        self.line = 0
        self.lines: dict[int, list[float]] = {}

    def calls(self, functions: Functions, prepared_calls: list[PreparedCall]) -> list[Result]:
        for prepared in prepared_calls[:-1]:
            call(functions, prepared)
        self.begin()
        _settrace(self._enter)
        try:
            result = call(functions, prepared_calls[-1])
        finally:
            _settrace(None)
        self.note()
        self.end()
        return [(None, None)] * (len(prepared_calls) - 1) + [result]

    def counted(self) -> Any:
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


class PeakByLine(_LineInstrument):
    """Measures for each line the peak of the traced bytes above those at the start of the line."""

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


class TimeByLine(_LineInstrument):
    """Measures for each line how often it ran and how many microseconds it took in total."""

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

    def calls(self, functions: Functions, prepared_calls: list[PreparedCall]) -> list[Result]:
        run = _counted_by_monitoring if hasattr(sys, "monitoring") else _counted_by_tracing
        results = []
        for prepared in prepared_calls:
            result, count = run(lambda prepared=prepared: call(functions, self.with_arguments(prepared)))  # type: ignore[misc]
            self.counts.append(count)
            results.append(result)
        return results

    def with_arguments(self, prepared: PreparedCall) -> PreparedCall:
        return prepared

    def counted(self) -> Any:
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
    # An answer that removed the tracer may have hidden its work.
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
    """An array whose iteration runs in Python, so that the instruction count includes loops in `sum(x)` or `map(f, x)`.

    Views of it and results of ufuncs have this type too.
    """

    def __iter__(self) -> Any:
        for index in range(len(self)):
            yield self[index]

    def tolist(self) -> Any:
        # Iterating over two levels in Python is enough to be counted.
        return [item if isinstance(item, np.generic) else item.tolist() for item in self]


class WatchedSteps(Steps):
    """Counts instructions while every array argument is replaced by one whose iteration runs in Python."""

    def with_arguments(self, prepared: PreparedCall) -> PreparedCall:
        prepared.args = tuple(map(_slow, prepared.args))
        prepared.kwargs = {name: _slow(value) for name, value in prepared.kwargs.items()}
        return prepared


def _slow(value: Any) -> Any:
    return value.view(_Slow) if type(value) is np.ndarray and value.dtype != object else value


_INSTRUMENTS: dict[bytes, Callable[[], Instrument]] = {
    TIMED: NoInstrument,
    MEMORY: TracedMemory,
    PEAKS: PeakByLine,
    STEPS: Steps,
    WATCHED: WatchedSteps,
    LINES: TimeByLine,
}
