"""The worker inside the sandbox: loads one answer, runs cases with it, and sends their outcomes.

The judge does not trust the worker, because it runs in the same process as the answer. The worker contains no secrets:
no reference, no traps and no expected values.

Messages from the judge: ``L`` loads an answer, and ``R`` runs a batch of cases. Messages to the judge: ``P`` contains
the names in the source before it runs, ``L`` the result of loading it, and ``C`` some outcomes. ``D`` contains the last
outcomes of a batch.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import marshal
import re
import struct
import sys
import time
import types
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any, Protocol

import numpy as np

from ndojo.calls import instruments
from ndojo.calls.call import ANSWER_FILE, recording_warnings, run_case, write_raised
from ndojo.calls.pack import pack_case
from ndojo.calls.unpack import EXPRESSION_NAMES
from ndojo.calls.wire.reader import Reader
from ndojo.calls.wire.writer import Writer

OUTPUT_LIMIT = 20_000
_DOTTED_NAME = re.compile(r"\w+(?:\.\w+)*")
FLUSH_SECONDS = 0.002
FLUSHED_SINGLY = 6
NONCE_BYTES = 16

_HEAD = struct.Struct("<II")  # index of the first case, number of cases


class Channel(Protocol):
    """The connection to the judge, which carries whole frames."""

    def receive(self) -> bytearray: ...
    def send(self, *buffers: bytes) -> None: ...


class _Output:
    """Replaces standard output and error. It keeps the first characters and counts the rest."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.room = OUTPUT_LIMIT
        self.lost = 0

    def write(self, text: str) -> int:
        kept = text[: self.room]
        if kept:
            self.parts.append(kept)
            self.room -= len(kept)
        self.lost += len(text) - len(kept)
        return len(text)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False

    def take(self) -> str:
        text = "".join(self.parts) + (f"\n... and {self.lost:,} more characters" if self.lost else "")
        self.__init__()  # type: ignore[misc]
        return text


class _AnswerModule:
    """The module of an answer, and the functions in it that the judge may call."""

    def __init__(self, warned: list[warnings.WarningMessage]) -> None:
        self.warned, self.state = warned, _warning_state()
        self.output = _Output()
        self.functions: dict[str, Callable[..., Any]] = {}
        self.module = types.ModuleType("answer")
        self.loaded = False

    # -- load -------------------------------------------------------------------------------------------------------

    def load(self, frame: bytearray, send: Callable[..., None]) -> bytearray:
        """Run the answer's file and report the result. Return the batch that was sent with the answer.

        If the question forbids functions, first report the names in the source. This report is sent before the answer
        runs, so the answer cannot change it.
        """
        request, text, ahead = _request(frame)
        linecache.cache[ANSWER_FILE] = (len(text), None, text.splitlines(keepends=True), ANSWER_FILE)
        if request["forbidden"]:
            names = Writer()
            names.write(_names(text))
            send(b"P", names.done())
            for name in request["forbidden"]:
                forbid(name)
        send(b"L", self._run(text, request))
        return ahead

    def _run(self, text: str, request: dict[str, Any]) -> bytes:
        sys.modules["answer"] = self.module
        self.module.__dict__["__builtins__"] = builtins
        report = Writer(opaque=True)
        try:
            code = compile(text, ANSWER_FILE, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
            report.write(_syntax_error(problem))
            return report.done()
        report.write(None)
        try:
            exec(code, self.module.__dict__)
        except BaseException as problem:
            report.write(False)
            write_raised(report, problem)
            report.text(self.output.take())
            return report.done()
        self.loaded = True
        report.write(True)
        report.write({name: self._add_function(name, *shape) for name, shape in request["entry_points"].items()})
        self._add_scenarios(request["scenarios"])
        report.text(self.output.take())
        return report.done()

    def _add_function(self, name: str, positional: int, keywords: list[str]) -> str:
        """Make one function of the answer callable. Return what is wrong with it, or an empty string."""
        function = self.module.__dict__.get(name)
        if not callable(function):
            return "missing" if function is None else "not callable"
        self.functions[name] = function
        if _obviously_fits(function, positional, keywords):
            return ""
        try:
            signature = inspect.signature(function)
        except (TypeError, ValueError):
            return ""
        try:
            signature.bind(*[None] * positional, **dict.fromkeys(keywords))
        except TypeError:
            return f"signature {name}{signature}"
        return ""

    def _add_scenarios(self, scenarios: list[tuple[str, str, list[str]]]) -> None:
        for name, source, uses in scenarios:
            scope: dict[str, Any] = dict(EXPRESSION_NAMES)
            exec(compile(source, f"<scenario {name}>", "exec"), scope)
            self.functions[name] = _scenario(scope[name], [self.functions.get(use) for use in uses])

    def _recording(self) -> AbstractContextManager[list[warnings.WarningMessage]]:
        """Record warnings. If the answer's file changed the warning filters, they are set again."""
        # Warnings that were shown during loading do not belong to a call.
        self.warned.clear()
        return nullcontext(self.warned) if _warning_state() == self.state else recording_warnings()

    # -- run --------------------------------------------------------------------------------------------------------

    def run(self, frame: bytearray, send: Callable[..., None], channel: Channel | None = None) -> None:
        """Run the batch in `frame`: nonce, mode, cases. Send the first outcomes one at a time, the others in groups."""
        source = Reader(frame)
        source.take(1)
        nonce, mode = source.take(NONCE_BYTES), source.take(1)
        careful = mode == b"!"
        cases = [source.blob() for _ in range(struct.unpack("<I", source.take(4))[0])]
        if mode in instruments.MODES and channel is not None:
            send(b"D", nonce, instruments.run_in_step(self.functions, mode, nonce, cases, channel))
            self.output.take()
            return
        held: list[bytes] = []
        sent, flushed = 0, time.perf_counter()
        with self._recording() as warned:
            for index, case in enumerate(cases):
                outcome = run_case(self.functions, case, f"case-{index}", warned)
                held.append(struct.pack("<I", len(outcome)) + outcome)
                now = time.perf_counter()
                if index + 1 < len(cases) and (careful or index < FLUSHED_SINGLY or now - flushed > FLUSH_SECONDS):
                    send(b"C", nonce, _HEAD.pack(sent, len(held)), *held)
                    sent, flushed = index + 1, now
                    held.clear()
        text = self.output.take().encode("utf-8", "replace")
        send(b"D", nonce, _HEAD.pack(sent, len(held)), *held, struct.pack("<I", len(text)), text)


def _obviously_fits(function: Any, positional: int, keywords: list[str]) -> bool:
    """Return whether a function obviously has the parameters that it is called with. This check is fast."""
    code = getattr(function, "__code__", None)
    if type(function) is not types.FunctionType or keywords or code is None:
        return False
    return bool(code.co_argcount == positional and not code.co_kwonlyargcount)


def _warning_state() -> tuple[Any, ...]:
    """Return the state that determines which warnings are recorded."""
    return warnings.showwarning, *warnings.filters


def _scenario(scenario: Callable[..., Any], uses: list[Any]) -> Callable[..., Any]:
    return lambda *args, **kwargs: scenario(*uses, *args, **kwargs)


def _syntax_error(problem: Exception) -> list[Any]:
    if isinstance(problem, SyntaxError):
        return [type(problem).__name__, str(problem.msg), problem.lineno or 0, problem.offset or 0]
    return [type(problem).__name__, str(problem), 0, 0]


def _names(text: str) -> list[str]:
    """Return the names by which the source may use a forbidden function: attributes, imports, strings, free names.

    Names that the source defines itself do not count, because a function or variable may have the same name as a
    forbidden function. Docstrings may mention it, too.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return sorted(_names_in(tree))


def _names_in(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    own: set[str] = set()
    free: set[str] = set()
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (free if isinstance(node.ctx, ast.Load) else own).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            own.add(node.name)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.update(node.name.split("."))
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(node.module.split("."))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            found.update(node.value.split(".") if _DOTTED_NAME.fullmatch(node.value) else ())
    return found | (free - own)


class NotAllowed(Exception):
    """The question forbids this function."""


def forbid(name: str) -> None:
    """Replace a NumPy function with one that raises `NotAllowed`, in every NumPy module that contains it.

    This gives the learner a clear message. The judge also checks the names in the source before it runs.
    """
    module_name, _, attribute = name.rpartition(".")
    module_name = "numpy" + module_name.removeprefix("np")
    found = getattr(sys.modules.get(module_name), attribute, None)
    if found is None:
        return

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise NotAllowed(f"this question must be solved without {name}")

    for module in [module for key, module in sys.modules.items() if key.split(".")[0] == "numpy"]:
        for key, value in list(vars(module).items()):
            if value is found:
                setattr(module, key, refuse)


_LENGTHS = struct.Struct("<II")  # bytes of the briefing, bytes of the answer


def _request(frame: bytearray) -> tuple[dict[str, Any], str, bytearray]:
    """Return the briefing on the question, the source of the answer, and the batch that was sent with them, if any."""
    brief, source = _LENGTHS.unpack_from(frame, 1)
    start = 1 + _LENGTHS.size
    request: dict[str, Any] = marshal.loads(frame[start : start + brief])
    text = frame[start + brief : start + brief + source].decode("utf-8-sig")
    return request, text, frame[start + brief + source :]


def serve(channel: Channel) -> None:
    """Handle the judge's messages until it closes the connection."""
    send = channel.send
    with recording_warnings() as warned:
        answer = _AnswerModule(warned)
        sys.stdout = sys.stderr = answer.output
        while True:
            frame = channel.receive()
            if frame[:1] == b"L":
                frame = answer.load(frame, send)
            if frame[:1] == b"R" and answer.loaded:
                answer.run(frame, send, channel)


@cache
def _rehearsal() -> tuple[bytearray, bytearray]:
    """Return messages like those of the judge: an answer, and a batch of one case."""
    source = b"import numpy as np\n\ndef f(x):\n    return [np.sqrt(x) + 1, x[::2], float(x.sum()), x[x > 2] * 2]\n"
    brief = marshal.dumps({"forbidden": [], "entry_points": {"f": (1, [])}, "scenarios": []})
    case = pack_case("f", (np.arange(8.0),), {})
    load = bytearray(b"L" + _LENGTHS.pack(len(brief), len(source)) + brief + source)
    return load, bytearray(b"R" + bytes(NONCE_BYTES) + b"." + struct.pack("<II", 1, len(case)) + case)


def warm() -> None:
    """Load and run a small answer, so that a spare has already used the memory that a verdict uses."""
    load, run = _rehearsal()
    kept = sys.stdout
    with recording_warnings() as warned:
        answer = _AnswerModule(warned)
        sys.stdout = answer.output
        try:
            answer.load(load, lambda *buffers: None)
            answer.run(run, lambda *buffers: None)
        finally:
            sys.stdout = kept
            sys.modules.pop("answer", None)
