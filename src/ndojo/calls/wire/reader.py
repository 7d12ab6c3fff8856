"""Reads values in the wire format without trusting the sender."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from ndojo.calls.wire.dtypes import dtype_from_bytes
from ndojo.calls.wire.values import (
    _BYTE,
    _COMPLEX,
    _FLOAT,
    _LAYOUTS,
    _LENGTH,
    _OWNED,
    _PLACE,
    _SMALL,
    _WRITEABLE,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_NDIM,
    GeneratorState,
    Masked,
    NewArray,
    Opaque,
    ViewOfInput,
    WireError,
)


class Reader:
    """Reads values from untrusted bytes.

    Arrays are returned as `NewArray` or `ViewOfInput`, and generators as `GeneratorState`. A subclass that trusts its
    source may build the arrays and generators instead.
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
        """Return the next numbers. They are read without a copy, because a case contains dozens of them."""
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
            raise WireError("a string is not valid UTF-8") from problem

    def number(self) -> int:
        value: int = self.unpack(_SMALL)[0]
        return value

    def layout(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        (n,) = self.unpack(_BYTE)
        if n > MAX_NDIM:
            raise WireError(f"an array has {n} dimensions")
        sizes = self.unpack(_LAYOUTS[n])
        shape = sizes[:n]
        if n and min(shape) < 0:
            raise WireError("a shape contains a negative length")
        return shape, sizes[n:]

    def dtype(self) -> np.dtype[Any]:
        return dtype_from_bytes(self.blob())

    def read(self) -> Any:
        tag = self.take(1)
        read = self.readers.get(tag)
        if read is None:
            raise WireError(f"unknown tag {tag!r}")
        # Masked arrays, slices and states also contain values, so the limit is higher than the writer's.
        if self._depth > 2 * MAX_DEPTH:
            raise WireError("a value is nested too deeply")
        self._depth += 1
        value = read(self)
        self._depth -= 1
        return value

    def items(self) -> list[Any]:
        (n,) = self.unpack(_LENGTH)
        self._items += n
        if self._items > MAX_ITEMS or n > len(self.data):
            raise WireError("a container has too many items")
        return [self.read() for _ in range(n)]

    def read_array(self) -> Any:
        (bits,) = self.unpack(_BYTE)
        dtype = self.dtype()
        shape, strides = self.layout()
        data = self.blob()
        if len(data) != _count(shape) * dtype.itemsize or dtype.subdtype is not None:
            raise WireError("the number of bytes of an array does not match its shape")
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
            raise WireError("an array of strings contains other objects") from problem

    def read_generator(self) -> Any:
        name = self.text()
        return GeneratorState(name, self.read())

    def read_masked(self) -> Any:
        data, mask, fill_value = self.read(), self.read(), self.read()
        seen = [part.array if isinstance(part, NewArray) else part for part in (data, mask)]
        if not all(isinstance(part, (np.ndarray, ViewOfInput)) for part in seen) or seen[0].shape != seen[1].shape:
            raise WireError("the mask of a masked array does not match its data")
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
        raise WireError("the number of items of an object array does not match its shape")
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
        raise WireError("a dict has an unhashable key") from problem


def _read_set(source: Reader) -> frozenset[Any]:
    try:
        return frozenset(source.items())
    except TypeError as problem:
        raise WireError("a set contains an unhashable item") from problem


def _read_scalar(source: Reader) -> Any:
    dtype = source.dtype()
    data = source.blob()
    if len(data) != dtype.itemsize or dtype.subdtype is not None:
        raise WireError("the number of bytes of a scalar does not match its dtype")
    try:
        return _array_from(data, dtype, ())[()]
    except SystemError as problem:
        raise WireError("a string contains invalid character codes") from problem


def _read_bigint(source: Reader) -> int:
    data = source.blob()
    if len(data) > 1 << 20:
        raise WireError("an integer has more than a million bytes")
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
