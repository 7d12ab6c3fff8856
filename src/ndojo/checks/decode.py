"""Decodes a result that was read from the wire into ordinary Python and NumPy values."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from ndojo.calls.wire.values import Masked, NewArray, ViewOfInput, WireError


class Unreadable(WireError):
    """A result that cannot be read. The message says why, as a finding would."""

    code = "WT"


class OutOfReach(Unreadable):
    """A result that claims memory outside its argument, which `as_strided` can create."""

    code = "WA"


def plain(value: Any, memory: list[np.ndarray] | None = None) -> Any:
    """The result as plain values and arrays, independent of where it is stored.

    Parameters
    ----------
    value
        As `ndojo.calls.outcome.read_outcome` returns it.
    memory : list of ndarray, uint8
        The case's memory blocks after the call.
    """
    if isinstance(value, NewArray):
        return _as_text(_unboxed(value.array, memory))
    if isinstance(value, ViewOfInput):
        return _as_text(_seen(value, memory))
    if isinstance(value, Masked):
        return Masked(plain(value.data, memory), plain(value.mask, memory), plain(value.fill_value, memory))
    if isinstance(value, (tuple, list)):
        return type(value)(plain(item, memory) for item in value)
    if isinstance(value, dict):
        return {key: plain(item, memory) for key, item in value.items()}
    return value


def _as_text(array: np.ndarray) -> np.ndarray:
    """The array, if its strings are valid: a view of numbers as strings may contain invalid characters."""
    for name in array.dtype.names or ():
        _as_text(array[name])
    if array.dtype.kind == "U" and array.dtype.itemsize and array.size:
        codes = np.array(array).reshape(-1).view(np.dtype(np.uint32).newbyteorder(array.dtype.byteorder))
        if codes.max() > sys.maxunicode:
            raise Unreadable("It contains strings with invalid character codes.")
    return array


def _unboxed(array: np.ndarray, memory: list[np.ndarray] | None) -> np.ndarray:
    """The array itself, or its boxed objects as plain values."""
    if array.dtype.kind != "O":
        return array
    boxes = np.empty(array.size, dtype=object)
    for place, item in enumerate(array.flat):
        boxes[place] = plain(item, memory)
    return boxes.reshape(array.shape)


def _seen(placed: ViewOfInput, memory: list[np.ndarray] | None) -> np.ndarray:
    """The array that a description refers to, over the judge's bytes. It is not copied: it may repeat them."""
    if memory is None or not 0 <= placed.root < len(memory):
        raise WireError("a view of memory that does not exist")
    try:
        return placed.over(memory[placed.root])
    except (TypeError, ValueError) as problem:
        raise OutOfReach(
            "The result reads outside the memory of its argument: its shape or strides are wrong."
        ) from problem


def arrays_in(value: Any) -> Iterator[NewArray | ViewOfInput]:
    """Every array in a result, with its location."""
    if isinstance(value, NewArray) and value.array.dtype.kind == "O":
        yield from arrays_in(value.array.ravel().tolist())
    if isinstance(value, (NewArray, ViewOfInput)):
        yield value
    elif isinstance(value, Masked):
        yield from arrays_in(value.data)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from arrays_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from arrays_in(item)
