"""The judge's side of the wall: hand an answer to a child, have it play cases, survive any reply."""

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
"""What the results of one batch may take together."""

CALLS_AT_WORST = 5
"""A batch of many calls may take as long as so many that each take all of the time limit."""

SOCKET_BUFFER_BYTES = 100_000
"""Bytes that a socket takes before any read."""


@dataclass(frozen=True)
class LoadResult:
    """The result of loading an answer.

    Parameters
    ----------
    syntax : (kind, message, line, column) or None
        The syntax error that kept it from running.
    names : frozenset of str
        Every name in the source, collected before any of it ran.
    raised : Raised or None
        What running the file raised.
    wrong : dict of str to str
        What is wrong with an entry point: ``"missing"``, ``"not callable"``, ``"signature f(a, b)"``.
    output : str
        What loading printed.
    stopped : Stopped or None
        Why loading came to no end.
    """

    syntax: tuple[str, str, int, int] | None = None
    names: frozenset[str] = frozenset()
    raised: Raised | None = None
    wrong: dict[str, str] = field(default_factory=dict)
    output: str = ""
    stopped: Stopped | None = None


@dataclass(frozen=True)
class Stopped:
    """A child that gave no answer any more: the verdict's code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True)
class BatchResult:
    """The result of a batch: the described outcomes, in order; why they end early, where they do; what was printed."""

    outcomes: list[bytes]
    stopped: Stopped | None
    output: str = ""


class AnswerRunner:
    """One answer in the sandbox. A context manager; a child that dies is replaced when next needed.

    Parameters
    ----------
    sandbox : Sandbox
    question : Question
    source : bytes
    brief : bytes, optional
        What `briefing` made of the question, where it is at hand.
    counts_cpu : bool
        Whether `cpu_seconds` is to tell what the answer's processes used: for benchmarks, as asking takes its time.
    """

    def __init__(
        self, sandbox: Sandbox, question: Question, source: bytes, brief: bytes = b"", *, counts_cpu: bool = False
    ) -> None:
        self._sandbox = sandbox
        self._question = question
        brief = brief or briefing(question)
        self._request = (struct.pack("<II", len(brief), len(source)), brief, source)
        self._all_seconds = CALLS_AT_WORST * question.seconds
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
                # What the child used before it was handed over went into making it ready.
                self.cpu_seconds += max(cpu_of(self._child.pid) - self._cpu_before, 0.0)
            self._child.release()
        self._child, self._loaded = None, False

    def sit(self, cases: Sequence[bytes]) -> tuple[LoadResult, BatchResult]:
        """Load the answer and play cases: in one go, where both fit the line together."""
        if sum(map(len, cases)) > SOCKET_BUFFER_BYTES:
            loaded = self.load()
            return loaded, self.play(cases) if self._loaded else BatchResult([], None)
        nonce, batch = _batch(cases, careful=False)
        loaded = self.load(batch)
        if not self._loaded:
            return loaded, BatchResult([], None)
        return loaded, self._careful_rest(cases, self._gather(cases, nonce))

    def load(self, ahead: Sequence[bytes] = ()) -> LoadResult:
        """Have the answer parsed and run, in a separate child; `ahead` is a batch sent with it."""
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
        """Play cases. If a child stops in the middle, play the rest one at a time to find the case."""
        played = self._ask(cases, careful=careful)
        return played if careful else self._careful_rest(cases, played)

    def _careful_rest(self, cases: Sequence[bytes], played: BatchResult) -> BatchResult:
        done = len(played.outcomes)
        if played.stopped is None or done == len(cases):
            return played
        # The first outcomes come one at a time, so the case that took too long is the next.
        if played.stopped.code == "TLE" and done < FLUSHED_SINGLY:
            return played
        rest = self._ask(cases[done:], careful=True)
        return BatchResult([*played.outcomes, *rest.outcomes], rest.stopped, played.output or rest.output)

    def _ask(self, cases: Sequence[bytes], *, careful: bool) -> BatchResult:
        if self._child is None or not self._loaded:
            loaded = self.load()
            if not self._loaded:
                return BatchResult([], loaded.stopped or Stopped("RE", "Running the file a second time failed."))
        assert self._child is not None
        nonce, batch = _batch(cases, careful)
        try:
            self._child.send(*batch)
        except (ChildGone, ChildTimeout) as problem:
            self.close()
            return BatchResult([], why_stopped(problem, self._question.seconds))
        return self._gather(cases, nonce)

    def _gather(self, cases: Sequence[bytes], nonce: bytes) -> BatchResult:
        """The outcomes of a batch that has been sent."""
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
                raise FrameTooBig("the answer's results together are too long")
            source = Reader(frame)
            kind = source.take(1)
            if kind not in (b"C", b"D") or source.take(16) != nonce:
                raise WireError("an unexpected message")
            start, n = struct.unpack("<II", source.take(8))
            if start != len(outcomes) or start + n > len(cases):
                raise WireError("outcomes out of order")
            outcomes.extend(source.blob() for _ in range(n))
            if kind == b"D":
                if len(outcomes) != len(cases):
                    raise WireError("outcomes are missing")
                return source.blob().decode("utf-8", "replace")


def cpu_of(pid: int) -> float:
    """Processor time that a process has used so far, in seconds; 0.0 where the system does not say."""
    if sys.platform != "linux":
        return 0.0
    try:
        # The kernel's number for the CPU clock of another process, as clock_getcpuclockid(3) computes it.
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _batch(cases: Sequence[bytes], careful: bool) -> tuple[bytes, list[bytes]]:
    """A batch's nonce and message. Nothing sent before the question was asked can carry the nonce."""
    nonce = os.urandom(16)
    blobs = [part for case in cases for part in (struct.pack("<I", len(case)), case)]
    return nonce, [b"R", nonce, b"!" if careful else b".", struct.pack("<I", len(cases)), *blobs]


def briefing(question: Question) -> bytes:
    """What the sandbox is told of a question: what to call and how, what is forbidden, the scenarios' sources.

    Written with `marshal`, which is read in a fifth of the time: the judge writes it, and only the child reads it.
    """
    return marshal.dumps(
        {
            "forbidden": list(question.forbidden),
            "entry_points": {entry.name: _call_shape(entry.parameters) for entry in question.entry_points},
            "scenarios": scenario_sources(question),
        }
    )


def _call_shape(parameters: Any) -> tuple[int, list[str]]:
    """How the judge calls a function: number of positional arguments, names of those that go by keyword."""
    kinds = [parameter.kind for parameter in parameters.values()]
    keywords = [name for name, parameter in parameters.items() if parameter.kind is parameter.KEYWORD_ONLY]
    positional = sum(kind in (0, 1) for kind in kinds)
    return positional, keywords


def _expect(frame: bytearray, kind: bytes) -> Reader:
    source = Reader(frame)
    if source.take(1) != kind:
        raise WireError("a message of another kind than was asked for")
    return source


def _checked_syntax(syntax: Any) -> tuple[str, str, int, int]:
    if not isinstance(syntax, list) or list(map(type, syntax)) != [str, str, int, int]:
        raise WireError("a syntax error of another form")
    return syntax[0], syntax[1], syntax[2], syntax[3]


def _checked_wrong(wrong: Any, question: Question) -> dict[str, str]:
    names = {entry.name for entry in question.entry_points}
    if not isinstance(wrong, dict) or wrong.keys() != names or {type(what) for what in wrong.values()} != {str}:
        raise WireError("a report on other functions than were asked for")
    return {name: what for name, what in wrong.items() if what}


def why_stopped(problem: Exception, seconds: float, loading: str = "") -> Stopped:
    """Why a child gave no answer any more."""
    if isinstance(problem, ChildTimeout) and loading:
        return Stopped("TLE", f"{loading} within {seconds:g} seconds: it was stopped. An endless loop?")
    if isinstance(problem, ChildTimeout):
        limits = f"within {seconds:g} seconds, or all calls together within {CALLS_AT_WORST * seconds:g}"
        return Stopped("TLE", f"No result {limits}: it was stopped. An endless loop, or far too slow?")
    if isinstance(problem, FrameTooBig):
        return Stopped("MLE", "It sent more than the judge reads.")
    if isinstance(problem, ChildGone):
        return _ended(problem)
    return Stopped("NA", f"The answer interfered with its own judging ({problem}).")


def _ended(problem: ChildGone) -> Stopped:
    ending = problem.ending
    if "memory" in ending.reason:
        return Stopped("MLE", f"The process {ending.reason}.")
    if "processor time" in ending.reason:
        return Stopped("TLE", f"The process {ending.reason}.")
    if "SIGSYS" in ending.reason:
        return Stopped("NA", f"The process {ending.reason}: it asked the system for something that no answer needs.")
    return Stopped("RE", f"The process {ending.reason} before it gave a result.")
