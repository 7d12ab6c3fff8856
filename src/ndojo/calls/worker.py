"""What runs inside the sandbox: load one answer, play cases with it, send the result of each.

Nothing that this module says is believed: it lives in one process with the answer. It holds no secret either: no
reference, no trap, no expected value.

Messages, judge to driver: ``L`` load an answer, ``R`` run a batch of cases. Driver to judge: ``P`` what the source
says before any of it ran, ``L`` the result of running it, ``C`` some outcomes, ``D`` the batch is done.
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
    """The socket to the judge: whole frames, nothing else."""

    def receive(self) -> bytearray: ...
    def send(self, *buffers: bytes) -> None: ...


class _Output:
    """Stands in for standard output and error: keeps the head of what is printed, counts the rest."""

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
        text = "".join(self.parts) + (f"\n... and {self.lost:,} characters more" if self.lost else "")
        self.__init__()  # type: ignore[misc]
        return text


class _Stage:
    """The answer's module and what the judge may call in it."""

    def __init__(self, warned: list[warnings.WarningMessage]) -> None:
        self.warned, self.state = warned, _warning_state()
        self.output = _Output()
        self.functions: dict[str, Callable[..., Any]] = {}
        self.module = types.ModuleType("answer")
        self.loaded = False

    # -- load -------------------------------------------------------------------------------------------------------

    def load(self, frame: bytearray, send: Callable[..., None]) -> bytearray:
        """Run the answer and report; where something is forbidden, first report the names in its source.

        That first report is sent before a line of the answer has run, so the answer has no say in it. Gives the batch
        that came with the answer.
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
        report.write({name: self._offer(name, *shape) for name, shape in request["entry_points"].items()})
        self._stage_scenarios(request["scenarios"])
        report.text(self.output.take())
        return report.done()

    def _offer(self, name: str, positional: int, keywords: list[str]) -> str:
        """Make one function callable; say what is wrong with it, or nothing."""
        offered = self.module.__dict__.get(name)
        if not callable(offered):
            return "missing" if offered is None else "not callable"
        self.functions[name] = offered
        if _plainly_fits(offered, positional, keywords):
            return ""
        try:
            signature = inspect.signature(offered)
        except (TypeError, ValueError):
            return ""
        try:
            signature.bind(*[None] * positional, **dict.fromkeys(keywords))
        except TypeError:
            return f"signature {name}{signature}"
        return ""

    def _stage_scenarios(self, scenarios: list[tuple[str, str, list[str]]]) -> None:
        for name, source, uses in scenarios:
            scope: dict[str, Any] = dict(EXPRESSION_NAMES)
            exec(compile(source, f"<scenario {name}>", "exec"), scope)
            self.functions[name] = _scenario(scope[name], [self.functions.get(use) for use in uses])

    def _listening(self) -> AbstractContextManager[list[warnings.WarningMessage]]:
        """Collects warnings; the collector is set up again if the answer's file changed the warning filters."""
        # Warnings during loading are not warnings of a call.
        self.warned.clear()
        return nullcontext(self.warned) if _warning_state() == self.state else recording_warnings()

    # -- run --------------------------------------------------------------------------------------------------------

    def run(self, frame: bytearray, send: Callable[..., None], channel: Channel | None = None) -> None:
        """Play the batch in `frame`: nonce, manner, cases. Outcomes travel in groups, the first ones singly."""
        source = Reader(frame)
        source.take(1)
        nonce, manner = source.take(NONCE_BYTES), source.take(1)
        careful = manner == b"!"
        cases = [source.blob() for _ in range(struct.unpack("<I", source.take(4))[0])]
        if manner in instruments.MODES and channel is not None:
            send(b"D", nonce, instruments.run_in_step(self.functions, manner, nonce, cases, channel))
            self.output.take()
            return
        held: list[bytes] = []
        sent, flushed = 0, time.perf_counter()
        with self._listening() as warned:
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


def _plainly_fits(offered: Any, positional: int, keywords: list[str]) -> bool:
    """Whether a function has just the parameters that it is called with: the usual case, told immediately."""
    code = getattr(offered, "__code__", None)
    if type(offered) is not types.FunctionType or keywords or code is None:
        return False
    return bool(code.co_argcount == positional and not code.co_kwonlyargcount)


def _warning_state() -> tuple[Any, ...]:
    """What decides which warnings are collected."""
    return warnings.showwarning, *warnings.filters


def _scenario(play: Callable[..., Any], uses: list[Any]) -> Callable[..., Any]:
    return lambda *args, **kwargs: play(*uses, *args, **kwargs)


def _syntax_error(problem: Exception) -> list[Any]:
    if isinstance(problem, SyntaxError):
        return [type(problem).__name__, str(problem.msg), problem.lineno or 0, problem.offset or 0]
    return [type(problem).__name__, str(problem), 0, 0]


def _names(text: str) -> list[str]:
    """What a forbidden function could be reached by: attributes, imports, strings, names that the source does not give.

    A function or variable of the answer's own may be called as a forbidden one is, and a docstring may speak of it.
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
    """The question asks to do without this function."""


def forbid(name: str) -> None:
    """Replace a NumPy function, everywhere that it is found by name, with one that says it is not allowed.

    A courtesy to the learner: `ndojo.judge` also looks at the names in the source, before any of it runs.
    """
    module_name, _, attribute = name.rpartition(".")
    module_name = "numpy" + module_name.removeprefix("np")
    found = getattr(sys.modules.get(module_name), attribute, None)
    if found is None:
        return

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise NotAllowed(f"this question is to be solved without {name}")

    for module in [module for key, module in sys.modules.items() if key.split(".")[0] == "numpy"]:
        for key, value in list(vars(module).items()):
            if value is found:
                setattr(module, key, refuse)


_LENGTHS = struct.Struct("<II")  # bytes of the briefing, bytes of the answer


def _request(frame: bytearray) -> tuple[dict[str, Any], str, bytearray]:
    """What the judge says of the question, the answer's text, and the batch that came with them, if any."""
    brief, source = _LENGTHS.unpack_from(frame, 1)
    start = 1 + _LENGTHS.size
    request: dict[str, Any] = marshal.loads(frame[start : start + brief])
    text = frame[start + brief : start + brief + source].decode("utf-8-sig")
    return request, text, frame[start + brief + source :]


def serve(channel: Channel) -> None:
    """Answer the judge's messages until it hangs up."""
    send = channel.send
    with recording_warnings() as warned:
        stage = _Stage(warned)
        sys.stdout = sys.stderr = stage.output
        while True:
            frame = channel.receive()
            if frame[:1] == b"L":
                frame = stage.load(frame, send)
            if frame[:1] == b"R" and stage.loaded:
                stage.run(frame, send, channel)


@cache
def _rehearsal() -> tuple[bytearray, bytearray]:
    """Messages like a judge's: an answer, and a batch of one case."""
    source = b"import numpy as np\n\ndef f(x):\n    return [np.sqrt(x) + 1, x[::2], float(x.sum()), x[x > 2] * 2]\n"
    brief = marshal.dumps({"forbidden": [], "entry_points": {"f": (1, [])}, "scenarios": []})
    case = pack_case("f", (np.arange(8.0),), {})
    load = bytearray(b"L" + _LENGTHS.pack(len(brief), len(source)) + brief + source)
    return load, bytearray(b"R" + bytes(NONCE_BYTES) + b"." + struct.pack("<II", 1, len(case)) + case)


def warm() -> None:
    """Do once what every verdict does, so that a spare has touched the memory that its verdict will touch."""
    load, run = _rehearsal()
    kept = sys.stdout
    with recording_warnings() as warned:
        stage = _Stage(warned)
        sys.stdout = stage.output
        try:
            stage.load(load, lambda *buffers: None)
            stage.run(run, lambda *buffers: None)
        finally:
            sys.stdout = kept
            sys.modules.pop("answer", None)
