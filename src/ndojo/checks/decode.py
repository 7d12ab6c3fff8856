"""Decodes a result that was read from the wire into ordinary Python and NumPy values."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from ndojo.calls.wire.values import Masked, NewArray, ViewOfInput, WireError


class Unreadable(WireError):
    """A result that cannot be read. The message is shown in a finding."""

    code = "WT"


class OutOfReach(Unreadable):
    """A result that uses memory outside its argument, which `as_strided` can create."""

    code = "WA"


def plain(value: Any, memory: list[np.ndarray] | None = None) -> Any:
    """Return the result as plain values and arrays, regardless of how it is stored.

    Parameters
    ----------
    value
        The value of an outcome, as `ndojo.calls.outcome.read_outcome` returns it.
    memory : list of ndarray, uint8
        The case's memory blocks after the call.
    """
    if isinstance(value, NewArray):
        return _checked_strings(_decoded_items(value.array, memory))
    if isinstance(value, ViewOfInput):
        return _checked_strings(_view(value, memory))
    if isinstance(value, Masked):
        return Masked(plain(value.data, memory), plain(value.mask, memory), plain(value.fill_value, memory))
    if isinstance(value, (tuple, list)):
        return type(value)(plain(item, memory) for item in value)
    if isinstance(value, dict):
        return {key: plain(item, memory) for key, item in value.items()}
    return value


def _checked_strings(array: np.ndarray) -> np.ndarray:
    """Return the array, or raise Unreadable if its strings are invalid, as a view of numbers may be."""
    for name in array.dtype.names or ():
        _checked_strings(array[name])
    if array.dtype.kind == "U" and array.dtype.itemsize and array.size:
        codes = np.array(array).reshape(-1).view(np.dtype(np.uint32).newbyteorder(array.dtype.byteorder))
        if codes.max() > sys.maxunicode:
            raise Unreadable("The result contains strings with invalid character codes.")
    return array


def _decoded_items(array: np.ndarray, memory: list[np.ndarray] | None) -> np.ndarray:
    """Return the array. If its dtype is object, its items are decoded."""
    if array.dtype.kind != "O":
        return array
    items = np.empty(array.size, dtype=object)
    for place, item in enumerate(array.flat):
        items[place] = plain(item, memory)
    return items.reshape(array.shape)


def _view(placed: ViewOfInput, memory: list[np.ndarray] | None) -> np.ndarray:
    """Return the view that a description refers to, over the judge's memory. A copy could be much larger."""
    if memory is None or not 0 <= placed.root < len(memory):
        raise WireError("view of a memory block that does not exist")
    try:
        return placed.over(memory[placed.root])
    except (TypeError, ValueError) as problem:
        raise OutOfReach(
            "The result reads outside the memory of its argument: its shape or strides are wrong."
        ) from problem


def arrays_in(value: Any) -> Iterator[NewArray | ViewOfInput]:
    """Yield every array in a result."""
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
