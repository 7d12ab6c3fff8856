"""One call of a function: lay out its inputs, call it, describe what came of it.

The same code plays an answer inside the sandbox and the reference, the traps and the mutants outside it, so that
expected and got are described alike: what was returned or raised, which memory it lies in, which inputs changed.
This module runs inside the sandbox too: it knows nothing of questions.
"""

from __future__ import annotations

import itertools
import marshal
import math
import os
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ndojo.calls.wire import (
    READERS,
    NotSerializable,
    Reader,
    TooLarge,
    ViewOfInput,
    Writer,
    dtype_from_bytes,
    dtype_to_bytes,
    is_masked,
)

ANSWER_FILE = "<answer>"
MESSAGE_LIMIT = 2000


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
    for order in ("C", "F"):
        copy = array.copy(order=order)
        if copy.strides == array.strides:
            return copy
    return array.copy(order="K")


def _arrays_in(value: Any) -> Iterator[np.ndarray]:
    if is_masked(value):
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

    def place(self, array: np.ndarray) -> ViewOfInput | None:
        owner = owner_of(array)
        root = next((i for i, known in enumerate(self.owners) if known is owner), None)
        if root is None:
            return None
        item = next((i for i, known in enumerate(self.items) if known is array), -1)
        offset = address_of(array) - address_of(owner)
        return ViewOfInput(root, offset, item, array.dtype, array.shape, array.strides, array.flags.writeable)

    def described(self) -> list[tuple[Any, ...]]:
        """Each block: its bytes, and for memory that an array owns which argument that is, dtype, shape and strides."""
        return [self._described(owner) for owner in self.owners]

    def _described(self, owner: np.ndarray) -> tuple[Any, ...]:
        data = _in_order(owner).tobytes()
        if not owner.flags.owndata:
            return (data,)
        item = next((i for i, known in enumerate(self.items) if known is owner), -1)
        return data, item, dtype_to_bytes(owner.dtype), owner.shape, owner.strides


def pack_case(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bytes:
    """A call as bytes: the memory under its arrays, the function's name, the arguments.

    Arrays that share memory here share it there; one that owns its memory here owns it there. Written with `marshal`,
    which is read in a quarter of the time: the judge writes it, and what it wrote is read by the child and itself.
    """
    roots = _Roots([*_arrays_in(args), *_arrays_in(dict(kwargs))])
    told = [_told(arg, roots) for arg in args], {key: _told(arg, roots) for key, arg in kwargs.items()}
    # Without the references of later versions, so that equal cases have equal bytes.
    return marshal.dumps((roots.described(), name, *told), 2)


_AS_THEY_ARE = (type(None), bool, int, float, complex, str, bytes)


def _told(value: Any, roots: _Roots) -> Any:
    """A value as `marshal` can write it: a tuple whose first part says what it is, or just the value."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is list:
        return [_told(part, roots) for part in value]
    if kind is tuple:
        return "tuple", [_told(part, roots) for part in value]
    if kind is dict and all(type(key) in _AS_THEY_ARE for key in value):
        return {key: _told(part, roots) for key, part in value.items()}
    placed = roots.place(value) if kind is np.ndarray and not value.dtype.hasobject else None
    if placed is not None:
        return "array", _fields(placed)
    out = Writer(roots.place)
    out.write(value)
    return "wire", out.done()


def _fields(placed: ViewOfInput) -> tuple[Any, ...]:
    dtype = dtype_to_bytes(placed.dtype)
    return placed.root, placed.offset, placed.item, dtype, placed.shape, placed.strides, placed.writeable


# ------------------------------------------------------------------------------------------------ a case, laid out

EXPRESSION_NAMES = {"np": np, "math": math, "itertools": itertools}


class _InputBuilder(Reader):
    """Makes what the judge described: arrays over their memory, generators, files."""

    def __init__(self, folder: str | None) -> None:
        super().__init__(b"")
        self.folder = folder
        self.memory: list[np.ndarray] = []
        self.before: list[bytes] = []
        self.objects: dict[int, np.ndarray] = {}

    def put(self, data: bytes, item: int = -1, dtype: bytes = b"", *layout: tuple[int, ...]) -> None:
        """Lay out one block of memory."""
        if dtype:
            shape, strides = layout
            memory = _owned(np.ndarray(shape, dtype_from_bytes(dtype), data, 0, strides))
        else:
            memory = np.frombuffer(data, np.uint8).copy()
        if item >= 0:
            self.objects[item] = memory
        self.memory.append(memory)
        self.before.append(data)

    def make(self, told: Any) -> Any:
        """The value that `_told` told of."""
        kind = type(told)
        if kind is list:
            return [self.make(part) for part in told]
        if kind is dict:
            return {key: self.make(part) for key, part in told.items()}
        if kind is not tuple:
            return told
        what, part = told
        if what == "array":
            root, offset, item, dtype, shape, strides, writeable = part
            return self._array(ViewOfInput(root, offset, item, dtype_from_bytes(dtype), shape, strides, writeable))
        if what == "tuple":
            return tuple([self.make(one) for one in part])
        self.data, self.at = part, 0
        return self.read()

    def _array(self, placed: ViewOfInput) -> np.ndarray:
        known = self.objects.get(placed.item)
        if known is None:
            known = placed.over(_in_order(self.memory[placed.root]))
            if placed.item >= 0:
                self.objects[placed.item] = known
        if not placed.writeable:
            known.flags.writeable = False
        return known

    def fresh(self, array: np.ndarray, strides: tuple[int, ...], bits: int) -> Any:
        return array.copy()

    def read_placed(self) -> Any:
        return self._array(super().read_placed())

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
class PreparedCall:
    """A case laid out in memory, ready to be called once."""

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
        holders = [arg for arg in (*self.args, *self.kwargs.values()) if _holds(arg)]
        if not holders:
            return b""
        out = Writer(self.place, opaque=True)
        for arg in holders:
            out.write(arg)
        return out.done()


def _holds(arg: Any) -> bool:
    """Whether there is more to a value than plain memory: a container, or an array whose elements lie elsewhere."""
    if type(arg) is np.ndarray:
        return arg.dtype.kind in "OT"
    return isinstance(arg, (list, dict, set, tuple)) or is_masked(arg)


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


# ---------------------------------------------------------------------------------------------------- what came of it


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
