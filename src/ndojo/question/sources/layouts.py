"""Memory layouts of an array: C order, Fortran order, strided, reversed, read-only, broadcast, unaligned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

LAYOUTS = ("C", "F", "step", "reversed", "readonly", "broadcast", "unaligned")
"""All memory layouts. An array input uses all of them unless its `layouts` selects some."""


def with_layout(array: np.ndarray, layout: str) -> np.ndarray:
    """Return the same values in another memory layout. ``broadcast`` repeats the first row with stride 0."""
    return _LAYOUT_FUNCTIONS[layout](array)


def _step(array: np.ndarray) -> np.ndarray:
    if not array.ndim:
        return array
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


def _reversed(array: np.ndarray) -> np.ndarray:
    return array[::-1].copy()[::-1] if array.ndim else array


def _read_only(array: np.ndarray) -> np.ndarray:
    array = array.copy()
    array.flags.writeable = False
    return array


def _broadcast(array: np.ndarray) -> np.ndarray:
    return np.broadcast_to(array[:1].copy(), array.shape) if array.ndim and array.shape[0] else array


def _unaligned(array: np.ndarray) -> np.ndarray:
    memory = np.zeros(array.nbytes + 1, np.uint8)
    shifted = memory[1:].view(array.dtype).reshape(array.shape) if array.nbytes else array
    shifted[...] = array
    return shifted


_LAYOUT_FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "C": lambda array: np.array(array, order="C"),
    "F": lambda array: np.array(array, order="F"),
    "step": _step,
    "reversed": _reversed,
    "readonly": _read_only,
    "broadcast": _broadcast,
    "unaligned": _unaligned,
}
