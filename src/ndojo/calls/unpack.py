"""Builds the inputs of a case from its bytes: arrays over their memory, generators, files."""

from __future__ import annotations

import itertools
import math
import os
from typing import Any, ClassVar

import numpy as np

from ndojo.calls.pack import _in_order, _owned
from ndojo.calls.wire.dtypes import dtype_from_bytes
from ndojo.calls.wire.reader import READERS, Reader
from ndojo.calls.wire.values import ViewOfInput

EXPRESSION_NAMES = {"np": np, "math": math, "itertools": itertools}


class _InputBuilder(Reader):
    """Builds inputs from the judge's description: arrays over their memory, generators, files."""

    def __init__(self, folder: str | None) -> None:
        super().__init__(b"")
        self.folder = folder
        self.memory: list[np.ndarray] = []
        self.before: list[bytes] = []
        self.objects: dict[int, np.ndarray] = {}

    def put(self, data: bytes, item: int = -1, dtype: bytes = b"", *layout: tuple[int, ...]) -> None:
        """Allocate one block of memory."""
        if dtype:
            shape, strides = layout
            memory = _owned(np.ndarray(shape, dtype_from_bytes(dtype), data, 0, strides))
        else:
            memory = np.frombuffer(data, np.uint8).copy()
        if item >= 0:
            self.objects[item] = memory
        self.memory.append(memory)
        self.before.append(data)

    def make(self, encoded: Any) -> Any:
        """Return the value that `ndojo.calls.pack._encode` encoded."""
        kind = type(encoded)
        if kind is list:
            return [self.make(part) for part in encoded]
        if kind is dict:
            return {key: self.make(part) for key, part in encoded.items()}
        if kind is not tuple:
            return encoded
        what, part = encoded
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

    # Only the judge writes expressions and files, so only this reader supports them.
    readers: ClassVar = {
        **READERS,
        b"<": lambda source: set(source.items()),
        b"E": lambda source: source.read_expression(),
        b"P": lambda source: source.read_file(),
    }


def _plain(value: Any) -> Any:
    return {key: _plain(part) for key, part in value.items()} if isinstance(value, dict) else value
