"""The judge's side of the sandbox: sends an answer and cases to a child, and accepts any reply safely."""

from __future__ import annotations

import marshal
import os
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from ndojo.calls.outcome import Raised, read_raised
from ndojo.calls.wire.reader import Reader
from ndojo.calls.wire.values import WireError
from ndojo.calls.worker import FLUSHED_SINGLY
from ndojo.question.answer_source import scenario_sources
from ndojo.question.records import Question
from ndojo.sandbox import Child, ChildGone, ChildTimeout, FrameTooBig, Sandbox

LOAD_SECONDS = 5.0
MAX_BATCH_BYTES = 128 << 20
"""The largest total size of the results of one batch."""

BATCH_TIME_LIMITS = 5
"""How many times the limit of one call all calls of a batch may take together."""

SOCKET_BUFFER_BYTES = 100_000
"""How many bytes a socket accepts before the child reads any."""


@dataclass(frozen=True)
class LoadResult:
    """The result of loading an answer.

    Parameters
    ----------
    syntax : (kind, message, line, column) or None
        The syntax error, if the source has one.
    names : frozenset of str
        The names in the source, collected before it ran. Empty if the question forbids no functions.
    raised : Raised or None
        The exception that running the file raised.
    wrong : dict of str to str
        What is wrong with each wrong entry point: ``"missing"``, ``"not callable"`` or ``"signature f(a, b)"``.
    output : str
        What the file printed while it was loaded.
    stopped : Stopped or None
        Why loading did not finish.
    """

    syntax: tuple[str, str, int, int] | None = None
    names: frozenset[str] = frozenset()
    raised: Raised | None = None
    wrong: dict[str, str] = field(default_factory=dict)
    output: str = ""
    stopped: Stopped | None = None


@dataclass(frozen=True)
class Stopped:
    """Why a child stopped responding: the verdict's code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True)
class BatchResult:
    """The result of a batch: the outcomes as bytes, in order, why they end early (or None), and what was printed."""

    outcomes: list[bytes]
    stopped: Stopped | None
    output: str = ""


class AnswerRunner:
    """Runs one answer in the sandbox. A context manager. If a child ends, the next call starts a new one.

    Parameters
    ----------
    sandbox : Sandbox
    question : Question
    source : bytes
    brief : bytes, optional
        The result of `briefing`, if the caller already has it.
    counts_cpu : bool
        Whether `cpu_seconds` counts the CPU time of the answer's processes. Only benchmarks use it, because it is slow.
    """

    def __init__(
        self, sandbox: Sandbox, question: Question, source: bytes, brief: bytes = b"", *, counts_cpu: bool = False
    ) -> None:
        self._sandbox = sandbox
        self._question = question
        brief = brief or briefing(question)
        self._request = (struct.pack("<II", len(brief), len(source)), brief, source)
        self._all_seconds = BATCH_TIME_LIMITS * question.seconds
        self._child: Child | None = None
        self._loaded = False
        self._counts_cpu = counts_cpu
        self._cpu_before = 0.0
        self.cpu_seconds = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._child is not None:
            if self._counts_cpu:
                # CPU time before that was used for preparing the child.
                self.cpu_seconds += max(cpu_of(self._child.pid) - self._cpu_before, 0.0)
            self._child.release()
        self._child, self._loaded = None, False

    def sit(self, cases: Sequence[bytes]) -> tuple[LoadResult, BatchResult]:
        """Load the answer and run cases. If both fit into the socket's buffer, they are sent in a single message."""
        if sum(map(len, cases)) > SOCKET_BUFFER_BYTES:
            loaded = self.load()
            return loaded, self.play(cases) if self._loaded else BatchResult([], None)
        nonce, batch = _batch(cases, careful=False)
        loaded = self.load(batch)
        if not self._loaded:
            return loaded, BatchResult([], None)
        return loaded, self._careful_rest(cases, self._gather(cases, nonce))

    def load(self, ahead: Sequence[bytes] = ()) -> LoadResult:
        """Load the answer in a new child. `ahead` is a batch that is sent together with it."""
        self.close()
        self._child = self._sandbox.child()
        self._cpu_before = cpu_of(self._child.pid) if self._counts_cpu else 0.0
        try:
            self._child.send(b"L", *self._request, *ahead)
            loaded = self._read_loaded(self._child)
        except (ChildGone, ChildTimeout, FrameTooBig, WireError) as problem:
            loaded = LoadResult(stopped=why_stopped(problem, LOAD_SECONDS, "The file was not loaded"))
            self.close()
        self._loaded = loaded.raised is None and loaded.syntax is None and not loaded.wrong and not loaded.stopped
        return loaded

    def _read_loaded(self, child: Child) -> LoadResult:
        names: frozenset[str] = frozenset()
        if self._question.forbidden:
            names = frozenset(map(str, _expect(child.receive(LOAD_SECONDS), b"P").read()))
        report = _expect(child.receive(LOAD_SECONDS), b"L")
        syntax = report.read()
        if syntax is not None:
            return LoadResult(syntax=_checked_syntax(syntax), names=names)
        if report.read() is not True:
            return LoadResult(names=names, raised=read_raised(report), output=report.text())
        wrong = _checked_wrong(report.read(), self._question)
        return LoadResult(names=names, wrong=wrong, output=report.text())

    def play(self, cases: Sequence[bytes], *, careful: bool = False) -> BatchResult:
        """Run cases. If the child stops in the middle, run the rest one at a time to find the case that stopped it."""
        played = self._ask(cases, careful=careful)
        return played if careful else self._careful_rest(cases, played)

    def _careful_rest(self, cases: Sequence[bytes], played: BatchResult) -> BatchResult:
        done = len(played.outcomes)
        if played.stopped is None or done == len(cases):
            return played
        # The first outcomes arrive one at a time, so the next case is the one that took too long.
        if played.stopped.code == "TLE" and done < FLUSHED_SINGLY:
            return played
        rest = self._ask(cases[done:], careful=True)
        return BatchResult([*played.outcomes, *rest.outcomes], rest.stopped, played.output or rest.output)

    def _ask(self, cases: Sequence[bytes], *, careful: bool) -> BatchResult:
        if self._child is None or not self._loaded:
            loaded = self.load()
            if not self._loaded:
                twice = "The file could be loaded once, but loading it a second time failed."
                return BatchResult([], loaded.stopped or Stopped("RE", twice))
        assert self._child is not None
        nonce, batch = _batch(cases, careful)
        try:
            self._child.send(*batch)
        except (ChildGone, ChildTimeout) as problem:
            self.close()
            return BatchResult([], why_stopped(problem, self._question.seconds))
        return self._gather(cases, nonce)

    def _gather(self, cases: Sequence[bytes], nonce: bytes) -> BatchResult:
        """Receive the outcomes of a batch that has been sent."""
        assert self._child is not None
        outcomes: list[bytes] = []
        try:
            output = self._receive(self._child, cases, nonce, outcomes)
        except (ChildGone, ChildTimeout, FrameTooBig, WireError) as problem:
            self.close()
            return BatchResult(outcomes, why_stopped(problem, self._question.seconds))
        return BatchResult(outcomes, None, output)

    def _receive(self, child: Child, cases: Sequence[bytes], nonce: bytes, outcomes: list[bytes]) -> str:
        room, deadline = MAX_BATCH_BYTES, time.monotonic() + self._all_seconds
        while True:
            frame = child.receive(min(self._question.seconds, max(deadline - time.monotonic(), 0.0)))
            room -= len(frame)
            if room < 0:
                raise FrameTooBig("the results of the batch are too large")
            source = Reader(frame)
            kind = source.take(1)
            if kind not in (b"C", b"D") or source.take(16) != nonce:
                raise WireError("unexpected message")
            start, n = struct.unpack("<II", source.take(8))
            if start != len(outcomes) or start + n > len(cases):
                raise WireError("outcomes are out of order")
            outcomes.extend(source.blob() for _ in range(n))
            if kind == b"D":
                if len(outcomes) != len(cases):
                    raise WireError("outcomes are missing")
                return source.blob().decode("utf-8", "replace")


def cpu_of(pid: int) -> float:
    """Return the CPU time that a process has used, in seconds, or 0.0 if the system does not report it."""
    if sys.platform != "linux":
        return 0.0
    try:
        # The kernel's number for the CPU clock of another process, as clock_getcpuclockid(3) computes it.
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _batch(cases: Sequence[bytes], careful: bool) -> tuple[bytes, list[bytes]]:
    """Return the nonce and the message of a batch. A reply that was sent before the batch cannot contain the nonce."""
    nonce = os.urandom(16)
    blobs = [part for case in cases for part in (struct.pack("<I", len(case)), case)]
    return nonce, [b"R", nonce, b"!" if careful else b".", struct.pack("<I", len(cases)), *blobs]


def briefing(question: Question) -> bytes:
    """Return what the sandbox needs of a question: entry points, forbidden functions, and sources of scenarios.

    The format is `marshal`, which is five times faster to read than the wire format. This is safe because the judge
    writes it and only the child reads it.
    """
    return marshal.dumps(
        {
            "forbidden": list(question.forbidden),
            "entry_points": {entry.name: _call_shape(entry.parameters) for entry in question.entry_points},
            "scenarios": scenario_sources(question),
        }
    )


def _call_shape(parameters: Any) -> tuple[int, list[str]]:
    """Return how the judge calls a function: the number of positional arguments, and the names of keyword arguments."""
    kinds = [parameter.kind for parameter in parameters.values()]
    keywords = [name for name, parameter in parameters.items() if parameter.kind is parameter.KEYWORD_ONLY]
    positional = sum(kind in (0, 1) for kind in kinds)
    return positional, keywords


def _expect(frame: bytearray, kind: bytes) -> Reader:
    source = Reader(frame)
    if source.take(1) != kind:
        raise WireError("message of an unexpected kind")
    return source


def _checked_syntax(syntax: Any) -> tuple[str, str, int, int]:
    if not isinstance(syntax, list) or list(map(type, syntax)) != [str, str, int, int]:
        raise WireError("malformed syntax error")
    return syntax[0], syntax[1], syntax[2], syntax[3]


def _checked_wrong(wrong: Any, question: Question) -> dict[str, str]:
    names = {entry.name for entry in question.entry_points}
    if not isinstance(wrong, dict) or wrong.keys() != names or {type(what) for what in wrong.values()} != {str}:
        raise WireError("malformed report on entry points")
    return {name: what for name, what in wrong.items() if what}


def why_stopped(problem: Exception, seconds: float, loading: str = "") -> Stopped:
    """Return why a child stopped responding."""
    if isinstance(problem, ChildTimeout) and loading:
        return Stopped(
            "TLE", f"{loading} within {seconds:g} seconds, so it was stopped. Does it contain an endless loop?"
        )
    if isinstance(problem, ChildTimeout):
        limits = f"{seconds:g} seconds, or all calls together took more than {BATCH_TIME_LIMITS * seconds:g} seconds"
        return Stopped("TLE", f"A call took more than {limits}. Look for an endless loop, or for very slow code.")
    if isinstance(problem, FrameTooBig):
        return Stopped("MLE", "The answer returned more data than the judge accepts.")
    if isinstance(problem, ChildGone):
        return _ended(problem)
    return Stopped("NA", f"The answer interfered with the judge ({problem}).")


def _ended(problem: ChildGone) -> Stopped:
    exit_status = problem.ending
    if exit_status.cause == "memory":
        return Stopped("MLE", f"The process {exit_status.reason}.")
    if exit_status.cause == "cpu":
        return Stopped("TLE", f"The process {exit_status.reason}.")
    if exit_status.cause == "filter":
        return Stopped("NA", f"The process {exit_status.reason}. It made a system call that no answer needs.")
    return Stopped("RE", f"The process {exit_status.reason} before it returned a result.")
