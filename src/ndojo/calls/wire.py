"""The bytes that cross the sandbox's wall, in both directions.

One small binary form for the values that questions use. Numbers are little-endian. Every value starts with a tag of
one byte. Arrays cross as a *description* (dtype, shape, strides, flags) and their raw bytes; an array that lies in the
memory of an argument crosses as a description alone, so that a view costs nothing and cannot be claimed falsely: who
reads the description looks at the memory that the judge itself laid out.

What comes out of the sandbox is read by `Reader`, which believes nothing: dtypes are on a whitelist, lengths must equal
the product of the shape, depth and counts are bounded, and nothing is ever unpickled or evaluated.
"""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

MAX_DEPTH = 16
MAX_ITEMS = 1_000_000
MAX_NDIM = 64
MAX_BYTES = 64 << 20

_LENGTH = struct.Struct("<I")
_SMALL = struct.Struct("<q")
_FLOAT = struct.Struct("<d")
_COMPLEX = struct.Struct("<dd")
_PLACE = struct.Struct("<iqi")  # root, byte offset, object
_BYTE = struct.Struct("<B")
_LAYOUTS = [struct.Struct(f"<{2 * n}q") for n in range(MAX_NDIM + 1)]  # a shape and its strides
_SIMPLE_DTYPE = re.compile(
    r"[<>|=](?:b1|[iu][1248]|f(?:2|4|8|16)|c(?:8|16|32)|[SUV]\d{1,9}|[mM]8(?:\[\d*[a-zA-Zμ]{1,2}\])?)"
)

_WRITEABLE, _OWNED = 1, 2


class WireError(ValueError):
    """What came over the wire is not of the agreed form."""


class NotSerializable(TypeError):
    """A value that has no form on the wire."""


class TooLarge(NotSerializable):
    """A value that would take more bytes than the judge reads."""


@dataclass(frozen=True)
class ViewOfInput:
    """An array that lies in the memory of an argument.

    Parameters
    ----------
    root : int
        Which of the case's memory blocks.
    offset : int
        Bytes from the block's start to element 0.
    item : int
        Number of the argument array that this very object is; -1 where it is another object.
    dtype, shape, strides, writeable
        As NumPy means them; strides in bytes.
    """

    root: int
    offset: int
    item: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    writeable: bool

    def over(self, memory: np.ndarray) -> np.ndarray:
        """The array itself, laid over `memory`, uint8, shape (nbytes,)."""
        # An array without elements may be said to lie anywhere, as one that was turned round is.
        offset = self.offset if 0 not in self.shape else 0
        return np.ndarray(self.shape, self.dtype, memory, offset, self.strides)


@dataclass(frozen=True, eq=False)
class NewArray:
    """An array with memory of its own: its elements, and how it was laid out where it was made."""

    array: np.ndarray
    strides: tuple[int, ...]
    writeable: bool
    owned: bool


@dataclass(frozen=True)
class Opaque:
    """A value that does not cross: the name of its type and its `repr`, cut."""

    type_name: str
    text: str


@dataclass(frozen=True)
class GeneratorState:
    """Where a `numpy.random.Generator` stands: the bit generator's name and state."""

    name: str
    state: Any


@dataclass(frozen=True, eq=False)
class Masked:
    """A masked array: data, mask (bool, same shape) and fill value."""

    data: Any
    mask: Any
    fill_value: Any


# ---------------------------------------------------------------------------------------------------------- dtypes

_dtype_bytes: dict[np.dtype[Any], bytes] = {}
_dtype_values: dict[bytes, np.dtype[Any]] = {}


def _describe_dtype(dtype: np.dtype[Any]) -> str:
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return f"({_describe_dtype(base)};{','.join(map(str, shape))})"
    if dtype.names is None:
        if dtype.hasobject or dtype.kind not in "biufcSUVmM":
            raise NotSerializable(f"dtype {dtype}")
        return dtype.str
    assert dtype.fields is not None
    # In hexadecimal, because the name of a field may hold any of the signs that part fields.
    names = [name.encode("utf-8", "surrogatepass").hex() for name in dtype.names]
    parts = [dtype.fields[name] for name in dtype.names]
    fields = (f"{name}@{part[1]}:{_describe_dtype(part[0])}" for name, part in zip(names, parts, strict=True))
    return "{" + ",".join([f"{dtype.itemsize}:{int(dtype.isalignedstruct)}", *fields]) + "}"


def _split(text: str) -> list[str]:
    """The parts between the commas that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "{(") - (letter in "})")
        if letter == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def _read_structured(text: str, depth: int) -> np.dtype[Any]:
    head, *fields = _split(text[1:-1])
    size, aligned = head.split(":")
    names, formats, offsets = [], [], []
    for field in fields:
        name, _, tail = field.partition("@")
        offset, _, dtype = tail.partition(":")
        names.append(bytes.fromhex(name).decode("utf-8", "surrogatepass"))
        offsets.append(int(offset))
        formats.append(_read_dtype(dtype, depth + 1))
    spec = {"names": names, "formats": formats, "offsets": offsets, "itemsize": int(size)}
    return np.dtype(spec, align=aligned == "1")  # type: ignore[call-overload, no-any-return]


def _read_dtype(text: str, depth: int = 0) -> np.dtype[Any]:
    if depth > 4:
        raise WireError("a dtype nests too deeply")
    if text.startswith("("):
        base, _, shape = text[1:-1].rpartition(";")
        return np.dtype((_read_dtype(base, depth + 1), tuple(int(n) for n in shape.split(",") if n)))
    if text.startswith("{"):
        return _read_structured(text, depth)
    if not _SIMPLE_DTYPE.fullmatch(text):
        raise WireError(f"dtype {text[:40]!r} is not on the list")
    return np.dtype(text)


def dtype_to_bytes(dtype: np.dtype[Any]) -> bytes:
    """A dtype's description; raises `Unsendable` where it has none."""
    known = _dtype_bytes.get(dtype)
    # Equal dtypes may differ in what is described (aligned or not), so structured ones are written anew.
    if known is None or dtype.names is not None:
        text = _describe_dtype(dtype).encode()
        known = _dtype_bytes[dtype] = text
    return known


def _dtype_blob(dtype: np.dtype[Any]) -> bytes:
    text = dtype_to_bytes(dtype)
    return _LENGTH.pack(len(text)) + text


def dtype_from_bytes(text: bytes) -> np.dtype[Any]:
    """The dtype of a description; raises `WireError` where that is of another form."""
    known = _dtype_values.get(text)
    if known is None:
        if len(text) > 4096:
            raise WireError("the description of a dtype is too long")
        try:
            known = _read_dtype(text.decode())
        except WireError:
            raise
        except Exception as problem:
            raise WireError("a dtype could not be read") from problem
        if len(_dtype_values) < 1000:
            _dtype_values[text] = known
    return known


# ---------------------------------------------------------------------------------------------------------- writing


class Writer:
    """Collects the bytes of values.

    Parameters
    ----------
    place : callable, optional
        Tells where an array lies: given an ndarray, a `Placed` where it lies in the memory of an argument, else None.
    opaque : bool
        Whether a value without a form is sent as `Opaque` (what an answer returned), or raises `Unsendable`.
    """

    def __init__(
        self, place: Callable[[np.ndarray], ViewOfInput | None] | None = None, *, opaque: bool = False
    ) -> None:
        self.parts: list[bytes] = []
        self._place = place
        self._opaque = opaque
        self._depth = 0
        self._items = 0
        self._bytes = 0

    def done(self) -> bytes:
        return b"".join(self.parts)

    def write(self, value: Any) -> None:
        write = WRITERS.get(type(value))
        if write is None:
            write = next((WRITERS[kind] for kind in type(value).__mro__ if kind in WRITERS), _write_unknown)
            if isinstance(value, np.generic):
                write = _write_scalar
            elif is_masked(value):
                write = _write_masked
        write(self, value)

    def text(self, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        self.parts.append(_LENGTH.pack(len(data)) + data)

    def blob(self, data: bytes) -> None:
        self.parts.append(_LENGTH.pack(len(data)) + data)

    def spend(self, nbytes: int) -> None:
        """A broadcast view of one number can claim terabytes: stop before they are written out."""
        self._bytes += nbytes
        if self._bytes > MAX_BYTES:
            raise TooLarge(f"it holds {self._bytes:,} bytes; at most {MAX_BYTES:,} are read")

    def items(self, tag: bytes, values: Any) -> None:
        self._items += len(values)
        if self._depth >= MAX_DEPTH or self._items > MAX_ITEMS:
            raise NotSerializable("a container that nests too deeply or holds too much")
        self._depth += 1
        self.parts.append(tag + _LENGTH.pack(len(values)))
        for value in values:
            self.write(value)
        self._depth -= 1

    def layout(self, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        n = len(shape)
        self.parts.append(struct.pack(f"<B{2 * n}q", n, *shape, *strides))


def _write_none(out: Writer, value: None) -> None:
    out.parts.append(b"N")


def _write_bool(out: Writer, value: bool) -> None:
    out.parts.append(b"T" if value else b"F")


def _write_int(out: Writer, value: int) -> None:
    if -(2**63) <= value < 2**63:
        out.parts.append(b"i" + _SMALL.pack(value))
        return
    data = int(value).to_bytes((value.bit_length() + 8) // 8, "little", signed=True)
    out.parts.append(b"I")
    out.blob(data)


def _write_float(out: Writer, value: float) -> None:
    out.parts.append(b"f" + _FLOAT.pack(value))


def _write_complex(out: Writer, value: complex) -> None:
    out.parts.append(b"c" + _COMPLEX.pack(value.real, value.imag))


def _write_text(out: Writer, value: str) -> None:
    out.parts.append(b"s")
    out.text(str(value))


def _write_bytes(out: Writer, value: bytes) -> None:
    out.parts.append(b"b")
    out.blob(bytes(value))


def _write_tuple(out: Writer, value: tuple[Any, ...]) -> None:
    out.items(b"(", value)


def _write_list(out: Writer, value: list[Any]) -> None:
    out.items(b"[", value)


def _write_set(out: Writer, value: set[Any]) -> None:
    out.items(b"<", sorted(value, key=repr))


def _write_dict(out: Writer, value: dict[Any, Any]) -> None:
    out.items(b"{", [part for pair in value.items() for part in pair])


def _write_scalar(out: Writer, value: np.generic) -> None:
    # An empty text has no bytes, but its array has: NumPy knows no text of width 0 in memory.
    boxed = np.asarray(value)
    try:
        dtype = _dtype_blob(boxed.dtype)
    except NotSerializable:
        _write_unknown(out, value)
        return
    out.parts.append(b"X" + dtype)
    out.blob(boxed.tobytes())


def _write_array(out: Writer, value: np.ndarray) -> None:
    kind = value.dtype.kind
    if kind == "O" or value.dtype.hasobject:
        _write_objects(out, value)
        return
    bits = (_WRITEABLE if value.flags.writeable else 0) | (_OWNED if value.flags.owndata else 0)
    placed = out._place(value) if out._place is not None else None
    try:
        dtype = _dtype_blob(value.dtype)
    except NotSerializable:
        _write_unknown(out, value)
        return
    if placed is not None:
        out.parts.append(b"V" + bytes((bits,)) + dtype + _PLACE.pack(placed.root, placed.offset, placed.item))
        out.layout(value.shape, value.strides)
        return
    out.spend(value.nbytes)
    out.parts.append(b"A" + bytes((bits,)) + dtype)
    out.layout(value.shape, value.strides)
    out.blob(value.tobytes())


def _write_objects(out: Writer, value: np.ndarray) -> None:
    if value.dtype.kind not in "OT":
        _write_unknown(out, value)
        return
    out.parts.append(b"Q" if value.dtype.kind == "O" else b"W")
    out.layout(value.shape, value.strides)
    out.items(b"(", value.ravel().tolist())


def is_masked(value: Any) -> bool:
    """Whether a value is a masked array, without an import of `numpy.ma`, which takes 10 ms."""
    masked = sys.modules.get("numpy.ma")
    return masked is not None and isinstance(value, masked.MaskedArray)


def _write_masked(out: Writer, value: np.ma.MaskedArray[Any, Any]) -> None:
    out.parts.append(b"M")
    out.write(np.asarray(value.data))
    out.write(np.ma.getmaskarray(value))
    out.write(value.fill_value)


def _write_generator(out: Writer, value: np.random.Generator) -> None:
    state = value.bit_generator.state
    out.parts.append(b"G")
    out.text(str(state["bit_generator"]))
    out.write(dict(state))


def _write_slice(out: Writer, value: slice) -> None:
    out.parts.append(b"/")
    for part in (value.start, value.stop, value.step):
        out.write(part)


def _write_dtype(out: Writer, value: np.dtype[Any]) -> None:
    try:
        described = _dtype_blob(value)
    except NotSerializable:
        _write_unknown(out, value)
        return
    out.parts.append(b"D" + described)


def _write_unknown(out: Writer, value: Any) -> None:
    if not out._opaque:
        raise NotSerializable(f"a {type(value).__name__} has no form on the wire")
    out.parts.append(b"O")
    out.text(f"{type(value).__module__}.{type(value).__qualname__}"[:200])
    try:
        shown = repr(value)[:500]
    except Exception as problem:
        shown = f"<its repr raised {type(problem).__name__}>"
    out.text(shown)


WRITERS: dict[type, Callable[[Writer, Any], None]] = {
    type(None): _write_none,
    bool: _write_bool,
    int: _write_int,
    float: _write_float,
    complex: _write_complex,
    str: _write_text,
    bytes: _write_bytes,
    bytearray: _write_bytes,
    tuple: _write_tuple,
    list: _write_list,
    set: _write_set,
    frozenset: _write_set,
    dict: _write_dict,
    slice: _write_slice,
    np.ndarray: _write_array,
    np.matrix: lambda out, value: _write_unknown(out, value),  # an array of other habits: `*` multiplies matrices
    np.random.Generator: _write_generator,
    np.dtype: _write_dtype,
}


# ---------------------------------------------------------------------------------------------------------- reading


class Reader:
    """Reads values from bytes that nobody vouches for.

    Arrays come back as `Fresh` or `Placed`, generators as `GeneratorState`; a subclass that trusts its source may make
    the things themselves of them.
    """

    readers: ClassVar[Mapping[bytes, Callable[[Any], Any]]]

    def __init__(self, data: bytes | bytearray) -> None:
        self.data = data
        self.at = 0
        self._depth = 0
        self._items = 0

    def take(self, n: int) -> bytes:
        start, end = self.at, self.at + n
        if n < 0 or end > len(self.data):
            raise WireError("the message ends too early")
        self.at = end
        return bytes(self.data[start:end])

    def unpack(self, form: struct.Struct) -> tuple[Any, ...]:
        """The numbers that come next: a case has dozens, so they are read where they lie."""
        try:
            values = form.unpack_from(self.data, self.at)
        except struct.error as problem:
            raise WireError("the message ends too early") from problem
        self.at += form.size
        return values

    def blob(self) -> bytes:
        return self.take(self.unpack(_LENGTH)[0])

    def text(self) -> str:
        try:
            return self.blob().decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as problem:
            raise WireError("a text is not UTF-8") from problem

    def number(self) -> int:
        value: int = self.unpack(_SMALL)[0]
        return value

    def layout(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        (n,) = self.unpack(_BYTE)
        if n > MAX_NDIM:
            raise WireError(f"an array of {n} dimensions")
        sizes = self.unpack(_LAYOUTS[n])
        shape = sizes[:n]
        if n and min(shape) < 0:
            raise WireError("a negative length in a shape")
        return shape, sizes[n:]

    def dtype(self) -> np.dtype[Any]:
        return dtype_from_bytes(self.blob())

    def read(self) -> Any:
        tag = self.take(1)
        read = self.readers.get(tag)
        if read is None:
            raise WireError(f"unknown tag {tag!r}")
        # Masks, slices and states hold values too, so more than the containers that a writer may nest.
        if self._depth > 2 * MAX_DEPTH:
            raise WireError("a value nests too deeply")
        self._depth += 1
        value = read(self)
        self._depth -= 1
        return value

    def items(self) -> list[Any]:
        (n,) = self.unpack(_LENGTH)
        self._items += n
        if self._items > MAX_ITEMS or n > len(self.data):
            raise WireError("a container holds too much")
        return [self.read() for _ in range(n)]

    def read_array(self) -> Any:
        (bits,) = self.unpack(_BYTE)
        dtype = self.dtype()
        shape, strides = self.layout()
        data = self.blob()
        if len(data) != _count(shape) * dtype.itemsize or dtype.subdtype is not None:
            raise WireError("the bytes of an array do not fit its shape")
        return self.fresh(_array_from(data, dtype, shape), strides, bits)

    def fresh(self, array: np.ndarray, strides: tuple[int, ...], bits: int) -> Any:
        return NewArray(array, strides, bool(bits & _WRITEABLE), bool(bits & _OWNED))

    def read_placed(self) -> Any:
        (bits,) = self.unpack(_BYTE)
        dtype = self.dtype()
        root, offset, item = self.unpack(_PLACE)
        shape, strides = self.layout()
        return ViewOfInput(root, offset, item, dtype, shape, strides, bool(bits & _WRITEABLE))

    def read_objects(self) -> Any:
        shape, strides = self.layout()
        if self.take(1) != b"(":
            raise WireError("the items of an object array are missing")
        return NewArray(_objects_from(self.items(), shape), strides, True, True)

    def read_strings(self) -> Any:
        boxed = Reader.read_objects(self)
        dtype = np.dtypes.StringDType()
        try:
            return NewArray(boxed.array.astype(dtype), boxed.strides, True, True)
        except (TypeError, ValueError) as problem:
            raise WireError("an array of strings holds something else") from problem

    def read_generator(self) -> Any:
        name = self.text()
        return GeneratorState(name, self.read())

    def read_masked(self) -> Any:
        data, mask, fill_value = self.read(), self.read(), self.read()
        seen = [part.array if isinstance(part, NewArray) else part for part in (data, mask)]
        if not all(isinstance(part, (np.ndarray, ViewOfInput)) for part in seen) or seen[0].shape != seen[1].shape:
            raise WireError("a masked array whose mask does not fit its data")
        return Masked(data, mask, fill_value)


def _count(shape: tuple[int, ...]) -> int:
    n = 1
    for size in shape:
        n *= size
    return n


def _array_from(data: bytes, dtype: np.dtype[Any], shape: tuple[int, ...]) -> np.ndarray:
    try:
        return np.ndarray(shape, dtype, data)
    except (TypeError, ValueError) as problem:
        raise WireError("an array could not be rebuilt") from problem


def _objects_from(items: list[Any], shape: tuple[int, ...]) -> np.ndarray:
    if len(items) != _count(shape):
        raise WireError("the items of an object array do not fit its shape")
    array = np.empty(shape, dtype=object)
    flat = array.reshape(-1)
    for place, item in enumerate(items):
        flat[place] = item
    return array


def _read_dict(source: Reader) -> dict[Any, Any]:
    parts = source.items()
    try:
        return dict(zip(parts[::2], parts[1::2], strict=True))
    except (TypeError, ValueError) as problem:
        raise WireError("a dict's keys cannot be keys") from problem


def _read_set(source: Reader) -> frozenset[Any]:
    try:
        return frozenset(source.items())
    except TypeError as problem:
        raise WireError("a set holds what a set cannot hold") from problem


def _read_scalar(source: Reader) -> Any:
    dtype = source.dtype()
    data = source.blob()
    if len(data) != dtype.itemsize or dtype.subdtype is not None:
        raise WireError("the bytes of a scalar do not fit its dtype")
    try:
        return _array_from(data, dtype, ())[()]
    except SystemError as problem:
        raise WireError("a text with numbers that stand for no character") from problem


def _read_bigint(source: Reader) -> int:
    data = source.blob()
    if len(data) > 1 << 20:
        raise WireError("an integer of over a million bytes")
    return int.from_bytes(data, "little", signed=True)


READERS: dict[bytes, Callable[[Any], Any]] = {
    b"N": lambda source: None,
    b"T": lambda source: True,
    b"F": lambda source: False,
    b"i": Reader.number,
    b"I": _read_bigint,
    b"f": lambda source: source.unpack(_FLOAT)[0],
    b"c": lambda source: complex(*source.unpack(_COMPLEX)),
    b"s": Reader.text,
    b"b": Reader.blob,
    b"(": lambda source: tuple(source.items()),
    b"[": lambda source: source.items(),
    b"<": _read_set,
    b"{": _read_dict,
    b"/": lambda source: slice(source.read(), source.read(), source.read()),
    b"X": _read_scalar,
    b"A": lambda source: source.read_array(),
    b"V": lambda source: source.read_placed(),
    b"Q": lambda source: source.read_objects(),
    b"W": lambda source: source.read_strings(),
    b"M": lambda source: source.read_masked(),
    b"G": lambda source: source.read_generator(),
    b"D": Reader.dtype,
    b"O": lambda source: Opaque(source.text(), source.text()),
}
Reader.readers = READERS
