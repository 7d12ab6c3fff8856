"""One call of a function: prepare its inputs, call it, describe the outcome.

An outcome says what was returned or raised, which memory the result uses, and which inputs changed. The same code runs
an answer inside the sandbox, and the reference, the traps and the mutants outside it, so that their outcomes can be
compared. This module runs inside the sandbox, so it must not depend on questions.
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
    """A case whose inputs are stored in memory, ready to be called once."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    memory: list[np.ndarray]
    before: list[bytes]
    objects: dict[int, np.ndarray]
    metadata: dict[int, tuple[Any, ...]]
    containers_before: bytes = b""

    def place(self, array: np.ndarray) -> ViewOfInput | None:
        """Return where `array` is in the memory of the arguments, or None if it is elsewhere."""
        item = next((i for i, known in self.objects.items() if known is array), -1)
        address = address_of(array)
        for root, memory in enumerate(self.memory):
            low = address_of(memory)
            inside = low <= address < low + memory.nbytes if array.size else _is_view_of(array, memory)
            if inside:
                return ViewOfInput(
                    root, address - low, item, array.dtype, array.shape, array.strides, array.flags.writeable
                )
        return None

    def changed(self) -> list[tuple[int, bytes]]:
        """Return the memory blocks whose bytes have changed, with their current bytes."""
        changes = []
        for root, memory in enumerate(self.memory):
            now = _in_order(memory).tobytes()
            if now != self.before[root]:
                changes.append((root, now))
        return changes

    def reshaped(self) -> bool:
        """Return whether the shape, dtype, strides or writeable flag of an argument has changed."""
        return any(_metadata(known) != self.metadata[item] for item, known in self.objects.items())

    def containers_changed(self) -> bool:
        """Return whether the contents of a list, dict or other container among the arguments have changed."""
        return bool(self.containers_before) and self.containers_before != self.write_containers()

    def write_containers(self) -> bytes:
        """Return the contents of arguments that are not plain memory, as bytes. Empty if no such argument exists."""
        containers = [arg for arg in (*self.args, *self.kwargs.values()) if _is_container(arg)]
        if not containers:
            return b""
        out = Writer(self.place, opaque=True)
        for arg in containers:
            out.write(arg)
        return out.done()


def _is_container(arg: Any) -> bool:
    """Return whether a value is a container, or an array whose elements are stored elsewhere."""
    if type(arg) is np.ndarray:
        return arg.dtype.kind in "OT"
    return isinstance(arg, (list, dict, set, tuple)) or is_masked(arg)


def _metadata(array: np.ndarray) -> tuple[Any, ...]:
    """Return the properties of an array that a function can change in place, other than its elements."""
    return array.shape, array.dtype, array.strides, array.flags.writeable


def _is_view_of(array: np.ndarray, memory: np.ndarray) -> bool:
    """Return whether an array without elements is a view of `memory`. Its address does not show this."""
    link: Any = array
    while isinstance(link, np.ndarray):
        if link is memory:
            return True
        link = link.base
    return False


def input_blocks(case: bytes) -> list[bytes]:
    """Return the bytes of a case's memory blocks before the call."""
    return [block[0] for block in marshal.loads(case)[0]]


def prepare_call(case: bytes | bytearray, folder: str | None) -> PreparedCall:
    """Build the arguments of a packed case. Create its files in `folder`, or no files if that is None."""
    blocks, name, args, kwargs = marshal.loads(case)
    builder = _InputBuilder(folder)
    for block in blocks:
        builder.put(*block)
    built = tuple([builder.make(one) for one in args]), builder.make(kwargs)
    metadata = {item: _metadata(known) for item, known in builder.objects.items()}
    prepared = PreparedCall(name, *built, builder.memory, builder.before, builder.objects, metadata)
    prepared.containers_before = prepared.write_containers()
    return prepared


def run_case(functions: Mapping[str, Callable[..., Any]], case: bytes | bytearray, folder: str,
            warned: list[warnings.WarningMessage] | None = None) -> bytes:  # fmt: skip
    """Run one case and return its outcome as bytes, for `ndojo.calls.outcome.read_outcome`.

    Parameters
    ----------
    functions : mapping
        The functions that a case may call, by name.
    case : bytes
        The packed case, as `pack_case` returns it.
    folder : str
        The folder for the files of the case.
    warned : list, optional
        The list in which the caller's `warnings.catch_warnings(record=True)` records. It is emptied.
    """
    prepared = prepare_call(case, folder)
    return describe(prepared, *call(functions, prepared), warned)


def call(functions: Mapping[str, Callable[..., Any]], prepared: PreparedCall) -> tuple[Any, BaseException | None]:
    """Make the call. Return its result and None, or None and the exception that it raised."""
    try:
        return functions[prepared.name](*prepared.args, **prepared.kwargs), None
    except BaseException as problem:
        # BaseException, because an answer that calls sys.exit() must not end the worker.
        return None, problem


def describe(
    prepared: PreparedCall, returned: Any, raised: BaseException | None, warned: list[warnings.WarningMessage] | None
) -> bytes:
    """Return the outcome of a call as bytes, for `ndojo.calls.outcome.read_outcome`."""
    out = Writer(prepared.place, opaque=True)
    if raised is None:
        _write_returned(out, returned, prepared.place)
    else:
        out.parts.append(b"E")
        write_raised(out, raised)
    _write_effects(out, prepared, warned)
    return out.done()


def _write_returned(out: Writer, result: Any, place: Callable[[np.ndarray], ViewOfInput | None]) -> None:
    own = Writer(place, opaque=True)
    try:
        own.write(result)
        out.parts.extend([b"R", *own.parts])
    except Exception as problem:
        # Reading an object of a class that the answer defines can raise any exception.
        out.parts.append(b"L" if isinstance(problem, (TooLarge, MemoryError)) else b"U")
        out.text(
            str(problem) if isinstance(problem, NotSerializable) else f"reading it raised {type(problem).__name__}"
        )


def write_raised(out: Writer, problem: BaseException) -> None:
    """Write the names of the exception's class and its bases, its message, and the lines of its traceback."""
    out.write([kind.__name__ for kind in type(problem).__mro__ if kind is not object])
    try:
        message = str(problem)
    except Exception as another:
        message = f"<its message raised {type(another).__name__}>"
    out.text(message[:MESSAGE_LIMIT])
    out.write(_answer_lines(problem))
    name = getattr(problem, "name", None)
    out.text(name if isinstance(name, str) else "")


def _answer_lines(problem: BaseException) -> list[tuple[int, str]]:
    frames = traceback.walk_tb(problem.__traceback__)
    lines = [(line, frame.f_code.co_name) for frame, line in frames if frame.f_code.co_filename == ANSWER_FILE]
    # An endless recursion repeats the same lines a thousand times, so the first and last lines are enough.
    return lines if len(lines) <= 8 else lines[:4] + lines[-4:]


def _no_effects() -> bytes:
    out = Writer()
    out.write([])
    out.write(False)
    out.write([])
    return out.done()


NO_EFFECTS = _no_effects()
"""The end of an outcome whose call changed no input and showed no warning."""


def _write_effects(out: Writer, prepared: PreparedCall, warned: list[warnings.WarningMessage] | None) -> None:
    changed, altered = prepared.changed(), prepared.reshaped() or prepared.containers_changed()
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
    """Record every warning, including repeated ones that Python would suppress."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        yield warned
