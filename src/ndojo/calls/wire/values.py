"""Values that cross the sandbox boundary, limits on their size, and errors."""

from __future__ import annotations

import struct
import sys
from dataclasses import dataclass
from typing import Any

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
_WRITEABLE, _OWNED = 1, 2


class WireError(ValueError):
    """The received bytes do not follow the wire format."""


class NotSerializable(TypeError):
    """A value that the wire format cannot represent."""


class TooLarge(NotSerializable):
    """A value that has more bytes than the judge reads."""


@dataclass(frozen=True)
class ViewOfInput:
    """An array that uses the memory of an argument.

    Parameters
    ----------
    root : int
        Index of the case's memory block.
    offset : int
        Bytes from the start of the block to the first element.
    item : int
        Index of the argument array, if this is the same object; otherwise -1.
    dtype, shape, strides, writeable
        As in NumPy. Strides are in bytes.
    """

    root: int
    offset: int
    item: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    writeable: bool

    def over(self, memory: np.ndarray) -> np.ndarray:
        """Return the array as a view of `memory`, which is uint8 of shape (nbytes,)."""
        # The offset of an array without elements may be outside the memory, for example after reversing it.
        offset = self.offset if 0 not in self.shape else 0
        return np.ndarray(self.shape, self.dtype, memory, offset, self.strides)


@dataclass(frozen=True, eq=False)
class NewArray:
    """An array with separate memory: its elements, and its original strides and flags."""

    array: np.ndarray
    strides: tuple[int, ...]
    writeable: bool
    owned: bool


@dataclass(frozen=True)
class Opaque:
    """Represents a value that cannot be sent: the name of its type, and its truncated `repr`."""

    type_name: str
    text: str


@dataclass(frozen=True)
class GeneratorState:
    """The state of a `numpy.random.Generator`: the bit generator's name and its state."""

    name: str
    state: Any


@dataclass(frozen=True, eq=False)
class Masked:
    """A masked array: data, mask (bool, same shape) and fill value."""

    data: Any
    mask: Any
    fill_value: Any


def is_masked(value: Any) -> bool:
    """Return whether a value is a masked array. Avoids importing `numpy.ma`, which takes 10 ms."""
    masked = sys.modules.get("numpy.ma")
    return masked is not None and isinstance(value, masked.MaskedArray)
