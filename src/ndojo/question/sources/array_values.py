"""The values of an array input: ordinary values, and every kind of special value."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

import numpy as np

ORDINARY_RANGES = {"f": (-100.0, 100.0), "c": (-10.0, 10.0), "i": (-9, 9), "u": (0, 9), "M": (0, 20000), "m": (-99, 99)}


def _draw_floats(rng: np.random.Generator, n: int, low: float, high: float, dtype: np.dtype[Any]) -> np.ndarray:
    span = high - low
    digits = 2 if span >= 1 else 6
    values = np.round(rng.uniform(low, high, n), digits)
    return np.clip(values, low, high).astype(dtype)


def _draw_integers(rng: np.random.Generator, n: int, low: int, high: int, dtype: np.dtype[Any]) -> np.ndarray:
    kind = np.uint64 if dtype.kind == "u" else np.int64
    return rng.integers(int(low), int(high), n, dtype=kind, endpoint=True).astype(dtype)


def _draw_complex(rng: np.random.Generator, n: int, low: float, high: float, dtype: np.dtype[Any]) -> np.ndarray:
    parts = np.round(rng.uniform(low, high, (2, n)), 2)
    return np.asarray(parts[0] + 1j * parts[1], dtype=dtype)


def _draw_strings(rng: np.random.Generator, n: int, low: int, high: int, dtype: np.dtype[Any]) -> np.ndarray:
    width = dtype.itemsize // (4 if dtype.kind == "U" else 1) or 5
    letters = np.array(list(string.ascii_letters))
    words = ["".join(rng.choice(letters, rng.integers(1, width + 1))) for _ in range(n)]
    return np.array(words, dtype=dtype) if n else np.zeros(0, dtype=dtype)


DRAW_FUNCTIONS: dict[str, Callable[..., np.ndarray]] = {
    "f": _draw_floats,
    "c": _draw_complex,
    "i": _draw_integers,
    "u": _draw_integers,
    "b": lambda rng, n, low, high, dtype: rng.integers(0, 2, n).astype(bool),
    "U": _draw_strings,
    "S": _draw_strings,
    "M": lambda rng, n, low, high, dtype: rng.integers(low, high, n).astype(dtype),
    "m": lambda rng, n, low, high, dtype: rng.integers(low, high, n).astype(dtype),
}


def _put(values: np.ndarray, rng: np.random.Generator, *specials: Any) -> np.ndarray:
    """Put each special value at a different random position, as long as positions are left."""
    for place, special in zip(rng.permutation(values.size), specials, strict=False):
        values[place] = special
    return values


def _limits(values: np.ndarray) -> tuple[Any, Any]:
    if values.dtype.kind in "iu":
        info = np.iinfo(values.dtype)
        return info.min, info.max
    largest = np.finfo(values.dtype).max
    return -largest, largest


def _zeros(values: np.ndarray, low: Any, high: Any) -> np.ndarray:
    if values.dtype.kind in "US":
        return np.zeros_like(values)
    return np.full_like(values, min(max(0, low), high))


def _huge(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add a large offset, so that naive formulas for variances and differences lose precision."""
    scale = 1e13 if values.dtype.itemsize >= 8 else 1e5
    return np.asarray(values + values.dtype.type(scale), dtype=values.dtype)


def _times(values: np.ndarray, factor: float) -> np.ndarray:
    return np.asarray(values * values.dtype.type(factor), dtype=values.dtype)


def _extremes(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    low, high = _limits(values)
    return _put(values, rng, high, low, high)


def _negative(values: np.ndarray, low: Any, high: Any) -> np.ndarray:
    if values.dtype.kind in "iufc" and low < 0:
        turned = np.maximum(-np.abs(values), values.dtype.type(low)) if values.dtype.kind in "if" else -values
        return np.asarray(turned, dtype=values.dtype)  # ufuncs return the native byte order
    return values


VALUE_KINDS: dict[str, Callable[..., np.ndarray]] = {
    "ordinary": lambda v, rng, low, high: v,
    "zeros": lambda v, rng, low, high: _zeros(v, low, high),
    "ones": lambda v, rng, low, high: np.ones_like(v),
    "constant": lambda v, rng, low, high: np.full_like(v, v[0]),
    "ties": lambda v, rng, low, high: v[rng.integers(0, min(2, v.size), v.size)],
    "sorted": lambda v, rng, low, high: np.sort(v),
    "reversed": lambda v, rng, low, high: np.sort(v)[::-1].copy(),
    "one high": lambda v, rng, low, high: _put(v, rng, high) if v.dtype.kind in "iuf" else v,
    "one low": lambda v, rng, low, high: _put(v, rng, low) if v.dtype.kind in "iuf" else v,
    "negative": lambda v, rng, low, high: _negative(v, low, high),
    "extremes": lambda v, rng, low, high: _extremes(v, rng) if v.dtype.kind in "iuf" else v,
    "huge": lambda v, rng, low, high: _huge(v, rng) if v.dtype.kind == "f" else v,
    "tiny": lambda v, rng, low, high: _times(v, 1e-12) if v.dtype.kind in "fc" else v,
    "subnormal": lambda v, rng, low, high: (
        _times(v, np.finfo(v.dtype).smallest_subnormal) if v.dtype.kind == "f" else v
    ),
    "negative zero": lambda v, rng, low, high: _put(v, rng, -0.0, 0.0, -0.0) if v.dtype.kind == "f" else v,
    "nan": lambda v, rng, low, high: _put(v, rng, np.nan) if v.dtype.kind in "fc" else v,
    "nan runs": lambda v, rng, low, high: _put(v, rng, *[np.nan] * (v.size // 2 + 1)) if v.dtype.kind in "fc" else v,
    "all nan": lambda v, rng, low, high: np.full_like(v, np.nan) if v.dtype.kind in "fc" else v,
    "inf": lambda v, rng, low, high: _put(v, rng, np.inf) if v.dtype.kind in "fc" else v,
    "-inf": lambda v, rng, low, high: _put(v, rng, -np.inf) if v.dtype.kind in "fc" else v,
    "both inf": lambda v, rng, low, high: _put(v, rng, np.inf, -np.inf, np.inf) if v.dtype.kind in "fc" else v,
    "all -inf": lambda v, rng, low, high: np.full_like(v, -np.inf) if v.dtype.kind in "fc" else v,
}
HOLDS = tuple(kind for kind in list(VALUE_KINDS)[list(VALUE_KINDS).index("extremes") :])
"""Kinds of special values that an input contains only if its source says so."""
