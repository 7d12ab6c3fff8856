"""Writes values in the wire format."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from ndojo.calls.wire.dtypes import _dtype_blob
from ndojo.calls.wire.values import (
    _COMPLEX,
    _FLOAT,
    _LENGTH,
    _OWNED,
    _PLACE,
    _SMALL,
    _WRITEABLE,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ITEMS,
    NotSerializable,
    TooLarge,
    ViewOfInput,
    is_masked,
)


class Writer:
    """Writes values as bytes.

    Parameters
    ----------
    place : callable, optional
        Takes an ndarray. Returns a `ViewOfInput` if it uses the memory of an argument, otherwise None.
    opaque : bool
        If true, an unsupported value is written as `Opaque`. Otherwise it raises `NotSerializable`.
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

    def count_bytes(self, nbytes: int) -> None:
        """Count the bytes of an array. Raise `TooLarge` before writing, say, a broadcast view of several terabytes."""
        self._bytes += nbytes
        if self._bytes > MAX_BYTES:
            raise TooLarge(f"it has {self._bytes:,} bytes, but the judge reads at most {MAX_BYTES:,}")

    def items(self, tag: bytes, values: Any) -> None:
        self._items += len(values)
        if self._depth >= MAX_DEPTH or self._items > MAX_ITEMS:
            raise NotSerializable("a container is nested too deeply or has too many items")
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
    # An empty string has no bytes, but its array has some, because NumPy stores no strings of width 0.
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
    out.count_bytes(value.nbytes)
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
        raise NotSerializable(f"a value of type {type(value).__name__} is not supported")
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
    np.matrix: lambda out, value: _write_unknown(out, value),  # not an ordinary array: `*` is matrix multiplication
    np.random.Generator: _write_generator,
    np.dtype: _write_dtype,
}
