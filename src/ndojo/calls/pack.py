"""Packs a case as bytes: the memory of its arrays, the function's name, and the arguments."""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ndojo.calls.wire.dtypes import dtype_to_bytes
from ndojo.calls.wire.values import ViewOfInput, is_masked
from ndojo.calls.wire.writer import Writer


def owner_of(array: np.ndarray) -> np.ndarray:
    """Return the array at the end of the chain of bases. It owns the memory, or wraps memory of another object."""
    while True:
        base = array.base
        if not isinstance(base, (np.ndarray, bytes, bytearray, memoryview)):
            # `as_strided` puts another object between a view and its base array.
            base = getattr(base, "base", None)
        if not isinstance(base, np.ndarray):
            return array
        array = base


def _in_order(owner: np.ndarray) -> np.ndarray:
    """Return a view with the axes sorted from the largest to the smallest stride."""
    return owner.transpose(sorted(range(owner.ndim), key=lambda axis: -owner.strides[axis]))


def _owned(array: np.ndarray) -> np.ndarray:
    """Return a copy that owns its memory and has the same strides, including those of axes of length 1."""
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
    """Return the memory address of the first element."""
    address: int = array.__array_interface__["data"][0]
    return address


class _Roots:
    """The memory blocks of a case's arrays. Each block occurs once, even if several arrays use it."""

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
        """Return the bytes of each block and, if an array owns it, the array's number, dtype, shape and strides."""
        return [self._described(owner) for owner in self.owners]

    def _described(self, owner: np.ndarray) -> tuple[Any, ...]:
        data = _in_order(owner).tobytes()
        if not owner.flags.owndata:
            return (data,)
        item = next((i for i, known in enumerate(self.items) if known is owner), -1)
        return data, item, dtype_to_bytes(owner.dtype), owner.shape, owner.strides


def pack_case(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bytes:
    """Return a call as bytes: the memory of its arrays, the function's name, and the arguments.

    Arrays that share memory also share it after unpacking, and an array that owns its memory also owns it then. The
    format is `marshal`, which is four times faster to read than the wire format. This is safe because only the judge
    writes it.
    """
    roots = _Roots([*_arrays_in(args), *_arrays_in(dict(kwargs))])
    encoded = [_encode(arg, roots) for arg in args], {key: _encode(arg, roots) for key, arg in kwargs.items()}
    # Version 2 has no references between objects, so equal cases have equal bytes.
    return marshal.dumps((roots.described(), name, *encoded), 2)


_UNCHANGED_TYPES = (type(None), bool, int, float, complex, str, bytes)


def _encode(value: Any, roots: _Roots) -> Any:
    """Return a value in a form that `marshal` can write: the value itself, or a tuple of a kind and its data."""
    kind = type(value)
    if kind in _UNCHANGED_TYPES:
        return value
    if kind is list:
        return [_encode(part, roots) for part in value]
    if kind is tuple:
        return "tuple", [_encode(part, roots) for part in value]
    if kind is dict and all(type(key) in _UNCHANGED_TYPES for key in value):
        return {key: _encode(part, roots) for key, part in value.items()}
    placed = roots.place(value) if kind is np.ndarray and not value.dtype.hasobject else None
    if placed is not None:
        return "array", _fields(placed)
    out = Writer(roots.place)
    out.write(value)
    return "wire", out.done()


def _fields(placed: ViewOfInput) -> tuple[Any, ...]:
    dtype = dtype_to_bytes(placed.dtype)
    return placed.root, placed.offset, placed.item, dtype, placed.shape, placed.strides, placed.writeable
