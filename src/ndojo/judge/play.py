"""One call of a function: lay out its inputs, call it, describe what came of it.

The same code plays an answer inside the sandbox and the reference, the traps and the mutants outside it, so that
expected and got are described alike: what was returned or raised, which memory it lies in, which inputs changed.
This module runs inside the sandbox too: it knows nothing of questions.
"""

from __future__ import annotations

import itertools
import math
import os
import struct
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from ndojo.judge.wire import READERS, Placed, Reader, TooLarge, Unsendable, Writer

ANSWER_FILE = "<answer>"
MESSAGE_LIMIT = 2000

_OWNED, _RAW = b"W", b"R"
_COUNT = struct.Struct("<I")
_ITEM = struct.Struct("<i")


# ------------------------------------------------------------------------------------------------- a case, written


def owner_of(array: np.ndarray) -> np.ndarray:
    """The array at the end of the chain of bases: the one whose memory it is."""
    while True:
        base = array.base
        if not isinstance(base, (np.ndarray, bytes, bytearray, memoryview)):
            # What `as_strided` puts between a view and the array that it is a view of.
            base = getattr(base, "base", None)
        if not isinstance(base, np.ndarray):
            return array
        array = base


def _in_order(owner: np.ndarray) -> np.ndarray:
    """The array with its axes in the order in which they lie in memory."""
    return owner.transpose(sorted(range(owner.ndim), key=lambda axis: -owner.strides[axis]))


def _owned(array: np.ndarray) -> np.ndarray:
    """A copy that owns its memory and has the same strides, also along axes of length 1."""
    copies = (array.copy(order=order) for order in ("C", "F", "K"))
    return next((copy for copy in copies if copy.strides == array.strides), array.copy(order="K"))


def _arrays_in(value: Any) -> Iterator[np.ndarray]:
    if isinstance(value, np.ma.MaskedArray):
        yield np.asarray(value.data)
    elif isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _arrays_in(item)
    elif isinstance(value, dict):
        yield from _arrays_in(list(value.values()))


def address_of(array: np.ndarray) -> int:
    """Where element 0 lies."""
    address: int = array.__array_interface__["data"][0]
    return address


class _Roots:
    """The memory blocks under a case's arrays, each once, however many arrays lie in it."""

    def __init__(self, arrays: list[np.ndarray]) -> None:
        self.owners: list[np.ndarray] = []
        self.items: list[np.ndarray] = []
        for array in arrays:
            if array.dtype.hasobject:
                continue
            if not any(array is item for item in self.items):
                self.items.append(array)
            owner = owner_of(array)
            if not any(owner is known for known in self.owners):
                self.owners.append(owner)

    def place(self, array: np.ndarray) -> Placed | None:
        owner = owner_of(array)
        root = next((i for i, known in enumerate(self.owners) if known is owner), None)
        if root is None:
            return None
        item = next((i for i, known in enumerate(self.items) if known is array), -1)
        offset = address_of(array) - address_of(owner)
        return Placed(root, offset, item, array.dtype, array.shape, array.strides, array.flags.writeable)

    def write(self, out: Writer) -> None:
        out.parts.append(_COUNT.pack(len(self.owners)))
        for owner in self.owners:
            item = next((i for i, known in enumerate(self.items) if known is owner), -1)
            if owner.flags.owndata and not owner.dtype.hasobject:
                out.parts.append(_OWNED + _ITEM.pack(item))
                out.write(owner.dtype)
                out.layout(owner.shape, owner.strides)
            else:
                out.parts.append(_RAW)
            out.blob(_in_order(owner).tobytes())


def pack_case(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bytes:
    """A call as bytes: the memory under its arrays, the function's name, the arguments.

    Arrays that share memory here share it there; one that owns its memory here owns it there.
    """
    roots = _Roots([*_arrays_in(args), *_arrays_in(dict(kwargs))])
    out = Writer(roots.place)
    roots.write(out)
    out.text(name)
    out.write(tuple(args))
    out.write(dict(kwargs))
    return out.done()


# ------------------------------------------------------------------------------------------------ a case, laid out

EXPRESSION_NAMES = {"np": np, "math": math, "itertools": itertools}


class _Stagehand(Reader):
    """Reads what the judge wrote, and makes the things themselves: arrays over their memory, generators, files."""

    def __init__(self, data: bytes | bytearray, folder: str | None) -> None:
        super().__init__(data)
        self.folder = folder
        self.memory: list[np.ndarray] = []
        self.before: list[bytes] = []
        self.objects: dict[int, np.ndarray] = {}

    def roots(self) -> None:
        for _ in range(self.unpack(_COUNT)[0]):
            kind = self.take(1)
            if kind == _RAW:
                data = self.blob()
                self.memory.append(np.frombuffer(data, np.uint8).copy())
            else:
                (item,) = self.unpack(_ITEM)
                dtype = self.read()
                shape, strides = self.layout()
                data = self.blob()
                owned = _owned(np.ndarray(shape, dtype, data, 0, strides))
                self.memory.append(owned)
                if item >= 0:
                    self.objects[item] = owned
            self.before.append(data)

    def fresh(self, array: np.ndarray, strides: tuple[int, ...], bits: int) -> Any:
        return array.copy()

    def read_placed(self) -> Any:
        placed: Placed = super().read_placed()
        known = self.objects.get(placed.item)
        if known is None:
            known = placed.over(_in_order(self.memory[placed.root]))
            if placed.item >= 0:
                self.objects[placed.item] = known
        if not placed.writeable:
            known.flags.writeable = False
        return known

    def read_objects(self) -> Any:
        return super().read_objects().array

    def read_strings(self) -> Any:
        return super().read_strings().array

    def read_masked(self) -> Any:
        masked = super().read_masked()
        return np.ma.MaskedArray(masked.data, mask=masked.mask, fill_value=masked.fill_value)

    def read_generator(self) -> Any:
        recorded = super().read_generator()
        bits = getattr(np.random, recorded.name)(0)
        bits.state = {key: _plain(value) for key, value in recorded.state.items()}
        return np.random.Generator(bits)

    def read_expression(self) -> Any:
        return eval(compile(self.text(), "<expression>", "eval"), dict(EXPRESSION_NAMES))

    def read_file(self) -> str:
        name, content = self.text(), self.read()
        if self.folder is None:
            return name
        os.makedirs(self.folder, exist_ok=True)
        path = os.path.join(self.folder, name)
        if content is not None:
            with open(path, "wb") as file:
                file.write(content)
        return path

    # Only the judge writes expressions and files, so only this reader knows them.
    readers: ClassVar = {
        **READERS,
        b"<": lambda source: set(source.items()),
        b"E": lambda source: source.read_expression(),
        b"P": lambda source: source.read_file(),
    }


def _plain(value: Any) -> Any:
    return {key: _plain(part) for key, part in value.items()} if isinstance(value, dict) else value


@dataclass
class Play:
    """A case laid out in memory, ready to be called once."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    memory: list[np.ndarray]
    before: list[bytes]
    objects: dict[int, np.ndarray]
    outward: dict[int, tuple[Any, ...]]
    held: bytes = b""
    _low: list[int] = field(default_factory=list)

    def place(self, array: np.ndarray) -> Placed | None:
        """Where `array` lies in the memory of the arguments, or None."""
        item = next((i for i, known in self.objects.items() if known is array), -1)
        address = address_of(array)
        for root, memory in enumerate(self.memory):
            low = self._low[root]
            inside = low <= address < low + memory.nbytes if array.size else _rests_on(array, memory)
            if inside:
                return Placed(root, address - low, item, array.dtype, array.shape, array.strides, array.flags.writeable)
        return None

    def changed(self) -> list[tuple[int, bytes]]:
        """The memory blocks whose bytes differ from what was laid out, with their bytes now."""
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
        """What the arguments hold that is no plain memory; empty where there is no such argument."""
        out = Writer(self.place, opaque=True)
        for arg in (*self.args, *self.kwargs.values()):
            if isinstance(arg, (list, dict, set, tuple, np.ma.MaskedArray)) or _is_boxed(arg):
                out.write(arg)
        return out.done()


def _is_boxed(arg: Any) -> bool:
    """Whether the elements lie elsewhere than in the array's own memory: objects, texts of any length."""
    return isinstance(arg, np.ndarray) and arg.dtype.kind in "OT"


def _outward(array: np.ndarray) -> tuple[Any, ...]:
    """What an array shows of itself beside its elements."""
    return array.shape, array.dtype, array.strides, array.flags.writeable


def _rests_on(array: np.ndarray, memory: np.ndarray) -> bool:
    """Whether an array without elements, whose address says nothing, is a view of `memory`."""
    link: Any = array
    while isinstance(link, np.ndarray):
        if link is memory:
            return True
        link = link.base
    return False


def lay_out(case: bytes | bytearray, folder: str | None) -> Play:
    """A case's bytes as live arguments; files go below `folder`, made when one is needed; None makes no files."""
    source = _Stagehand(case, folder)
    source.roots()
    name = source.text()
    args = source.read()
    kwargs = source.read()
    outward = {item: _outward(known) for item, known in source.objects.items()}
    play = Play(name, args, kwargs, source.memory, source.before, source.objects, outward)
    play._low = [address_of(memory) for memory in play.memory]
    play.held = play.write_containers()
    return play


# ---------------------------------------------------------------------------------------------------- what came of it


def perform(functions: Mapping[str, Callable[..., Any]], case: bytes | bytearray, folder: str,
            warned: list[warnings.WarningMessage] | None = None) -> bytes:  # fmt: skip
    """Play one case and describe the outcome as bytes, to be read with `ndojo.judge.outcome.read_outcome`.

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
    play = lay_out(case, folder)
    return describe(play, *call(functions, play), warned)


def call(functions: Mapping[str, Callable[..., Any]], play: Play) -> tuple[Any, BaseException | None]:
    """What the call returned, or what it raised."""
    try:
        return functions[play.name](*play.args, **play.kwargs), None
    except BaseException as problem:
        # BaseException: an answer that calls sys.exit() is told so; it must not end the interview.
        return None, problem


def describe(
    play: Play, returned: Any, raised: BaseException | None, warned: list[warnings.WarningMessage] | None
) -> bytes:
    """A call's outcome as bytes, to be read with `ndojo.judge.outcome.read_outcome`."""
    out = Writer(play.place, opaque=True)
    if raised is None:
        _write_returned(out, returned, play.place)
    else:
        out.parts.append(b"E")
        write_raised(out, raised)
    _write_effects(out, play, warned)
    return out.done()


def _write_returned(out: Writer, result: Any, place: Callable[[np.ndarray], Placed | None]) -> None:
    own = Writer(place, opaque=True)
    try:
        own.write(result)
        out.parts.extend([b"R", *own.parts])
    except Exception as problem:
        # An answer's own class may raise anything while it is looked at.
        out.parts.append(b"L" if isinstance(problem, (TooLarge, MemoryError)) else b"U")
        out.text(str(problem) if isinstance(problem, Unsendable) else f"it raised {type(problem).__name__}")


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


_NO_EFFECTS = _no_effects()


def _write_effects(out: Writer, play: Play, warned: list[warnings.WarningMessage] | None) -> None:
    changed, altered = play.changed(), play.reshaped() or play.containers_changed()
    if not (changed or altered or warned):
        out.parts.append(_NO_EFFECTS)
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
