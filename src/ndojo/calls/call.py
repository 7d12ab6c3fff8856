"""One call of a function: prepare its inputs, call it, describe the outcome.

The same code runs an answer inside the sandbox and the reference, the traps and the mutants outside it, so that the
expected and the actual outcome are described alike: what was returned or raised, which memory it uses, which inputs
changed. This module runs inside the sandbox, so it knows nothing of questions.
"""

from __future__ import annotations

import marshal
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from ndojo.calls.pack import _in_order, address_of
from ndojo.calls.unpack import _InputBuilder
from ndojo.calls.wire.values import NotSerializable, TooLarge, ViewOfInput, is_masked
from ndojo.calls.wire.writer import Writer

ANSWER_FILE = "<answer>"
MESSAGE_LIMIT = 2000


@dataclass
class PreparedCall:
    """A case stored in memory, ready to be called once."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    memory: list[np.ndarray]
    before: list[bytes]
    objects: dict[int, np.ndarray]
    outward: dict[int, tuple[Any, ...]]
    held: bytes = b""

    def place(self, array: np.ndarray) -> ViewOfInput | None:
        """Where `array` lies in the memory of the arguments, or None."""
        item = next((i for i, known in self.objects.items() if known is array), -1)
        address = address_of(array)
        for root, memory in enumerate(self.memory):
            low = address_of(memory)
            inside = low <= address < low + memory.nbytes if array.size else _rests_on(array, memory)
            if inside:
                return ViewOfInput(
                    root, address - low, item, array.dtype, array.shape, array.strides, array.flags.writeable
                )
        return None

    def changed(self) -> list[tuple[int, bytes]]:
        """The memory blocks whose bytes differ from what was stored, with their bytes now."""
        changes = []
        for root, memory in enumerate(self.memory):
            now = _in_order(memory).tobytes()
            if now != self.before[root]:
                changes.append((root, now))
        return changes

    def reshaped(self) -> bool:
        """Whether an argument's own shape, dtype, strides or flag was set."""
        return any(_outward(known) != self.outward[item] for item, known in self.objects.items())

    def containers_changed(self) -> bool:
        """Whether a list, dict or the like among the arguments holds something else now."""
        return bool(self.held) and self.held != self.write_containers()

    def write_containers(self) -> bytes:
        """What the arguments hold that is no plain memory; empty if no such argument exists."""
        holders = [arg for arg in (*self.args, *self.kwargs.values()) if _holds(arg)]
        if not holders:
            return b""
        out = Writer(self.place, opaque=True)
        for arg in holders:
            out.write(arg)
        return out.done()


def _holds(arg: Any) -> bool:
    """Whether a value is more than plain memory: a container, or an array whose elements lie elsewhere."""
    if type(arg) is np.ndarray:
        return arg.dtype.kind in "OT"
    return isinstance(arg, (list, dict, set, tuple)) or is_masked(arg)


def _outward(array: np.ndarray) -> tuple[Any, ...]:
    """What an array shows of itself in addition to its elements."""
    return array.shape, array.dtype, array.strides, array.flags.writeable


def _rests_on(array: np.ndarray, memory: np.ndarray) -> bool:
    """Whether an array without elements, whose address says nothing, is a view of `memory`."""
    link: Any = array
    while isinstance(link, np.ndarray):
        if link is memory:
            return True
        link = link.base
    return False


def input_blocks(case: bytes) -> list[bytes]:
    """The bytes of a case's memory blocks, before the call."""
    return [block[0] for block in marshal.loads(case)[0]]


def prepare_call(case: bytes | bytearray, folder: str | None) -> PreparedCall:
    """A case's bytes as live arguments; files go below `folder`, made when one is needed; None makes no files."""
    blocks, name, args, kwargs = marshal.loads(case)
    hand = _InputBuilder(folder)
    for block in blocks:
        hand.put(*block)
    made = tuple([hand.make(told) for told in args]), hand.make(kwargs)
    outward = {item: _outward(known) for item, known in hand.objects.items()}
    play = PreparedCall(name, *made, hand.memory, hand.before, hand.objects, outward)
    play.held = play.write_containers()
    return play


def run_case(functions: Mapping[str, Callable[..., Any]], case: bytes | bytearray, folder: str,
            warned: list[warnings.WarningMessage] | None = None) -> bytes:  # fmt: skip
    """Play one case and describe the outcome as bytes, to be read with `ndojo.calls.outcome.read_outcome`.

    Parameters
    ----------
    functions : mapping
        What each name that a case may call stands for.
    case : bytes
        Made by `pack_case`.
    folder : str
        Where the case's files go.
    warned : list, optional
        Where the caller's `warnings.catch_warnings(record=True)` collects; emptied here.
    """
    play = prepare_call(case, folder)
    return describe(play, *call(functions, play), warned)


def call(functions: Mapping[str, Callable[..., Any]], play: PreparedCall) -> tuple[Any, BaseException | None]:
    """What the call returned, or what it raised."""
    try:
        return functions[play.name](*play.args, **play.kwargs), None
    except BaseException as problem:
        # BaseException: an answer that calls sys.exit() is told so; it must not end the interview.
        return None, problem


def describe(
    play: PreparedCall, returned: Any, raised: BaseException | None, warned: list[warnings.WarningMessage] | None
) -> bytes:
    """A call's outcome as bytes, to be read with `ndojo.calls.outcome.read_outcome`."""
    out = Writer(play.place, opaque=True)
    if raised is None:
        _write_returned(out, returned, play.place)
    else:
        out.parts.append(b"E")
        write_raised(out, raised)
    _write_effects(out, play, warned)
    return out.done()


def _write_returned(out: Writer, result: Any, place: Callable[[np.ndarray], ViewOfInput | None]) -> None:
    own = Writer(place, opaque=True)
    try:
        own.write(result)
        out.parts.extend([b"R", *own.parts])
    except Exception as problem:
        # An answer's own class may raise anything while it is looked at.
        out.parts.append(b"L" if isinstance(problem, (TooLarge, MemoryError)) else b"U")
        out.text(str(problem) if isinstance(problem, NotSerializable) else f"it raised {type(problem).__name__}")


def write_raised(out: Writer, problem: BaseException) -> None:
    """The exception's class names from itself upwards, its message, and the answer's lines that it went through."""
    out.write([kind.__name__ for kind in type(problem).__mro__ if kind is not object])
    try:
        message = str(problem)
    except Exception as odd:
        message = f"<its message raised {type(odd).__name__}>"
    out.text(message[:MESSAGE_LIMIT])
    out.write(_answer_lines(problem))
    name = getattr(problem, "name", None)
    out.text(name if isinstance(name, str) else "")


def _answer_lines(problem: BaseException) -> list[tuple[int, str]]:
    frames = traceback.walk_tb(problem.__traceback__)
    lines = [(line, frame.f_code.co_name) for frame, line in frames if frame.f_code.co_filename == ANSWER_FILE]
    # A runaway recursion goes through one line a thousand times: its head and tail say it all.
    return lines if len(lines) <= 8 else lines[:4] + lines[-4:]


def _no_effects() -> bytes:
    out = Writer()
    out.write([])
    out.write(False)
    out.write([])
    return out.done()


NO_EFFECTS = _no_effects()
"""How an outcome ends, of a call that changed nothing and warned of nothing."""


def _write_effects(out: Writer, play: PreparedCall, warned: list[warnings.WarningMessage] | None) -> None:
    changed, altered = play.changed(), play.reshaped() or play.containers_changed()
    if not (changed or altered or warned):
        out.parts.append(NO_EFFECTS)
        return
    out.write([list(change) for change in changed])
    out.write(altered)
    out.write([[message.category.__name__, str(message.message)[:300]] for message in (warned or [])[:5]])
    if warned is not None:
        warned.clear()


@contextmanager
def recording_warnings() -> Iterator[list[warnings.WarningMessage]]:
    """Collect every warning, also ones that were given before."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        yield warned
