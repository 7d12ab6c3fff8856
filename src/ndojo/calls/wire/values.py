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
        # An array without elements may be said to lie anywhere, as one that was reversed is.
        offset = self.offset if 0 not in self.shape else 0
        return np.ndarray(self.shape, self.dtype, memory, offset, self.strides)


@dataclass(frozen=True, eq=False)
class NewArray:
    """An array with separate memory: its elements, and how it was stored where it was made."""

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


def is_masked(value: Any) -> bool:
    """Whether a value is a masked array, without an import of `numpy.ma`, which takes 10 ms."""
    masked = sys.modules.get("numpy.ma")
    return masked is not None and isinstance(value, masked.MaskedArray)
