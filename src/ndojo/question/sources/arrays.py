"""Array inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ndojo.question.sources.array_values import DRAW_FUNCTIONS, HOLDS, ORDINARY_RANGES, VALUE_KINDS
from ndojo.question.sources.base import Axes, Bound, Given, Source, bound, same_value
from ndojo.question.sources.layouts import LAYOUTS, with_layout

_ANY_SHAPES = ((3,), (), (0,), (1,), (2, 3), (3, 2), (0, 3), (3, 0), (1, 4), (4, 1), (2, 1, 3), (2, 3, 4))
_LEADS = ((2,), (), (0,), (1,), (2, 3))


@dataclass(frozen=True)
class ArraySource(Source):
    """An ndarray; see `arrays`."""

    shape: tuple[Any, ...]
    dtype: tuple[Any, ...]
    low: Bound | None
    high: Bound | None
    holds: tuple[str, ...]
    of: tuple[Any, ...]
    layouts: tuple[str, ...]
    max_ndim: int

    def dims(self) -> tuple[str, ...]:
        return tuple(dim for dim in self.shape if isinstance(dim, str) and dim.isidentifier())

    def axes(self) -> Axes:
        axes: Axes = {"kind": self._kinds(), "dtype": self.dtype, "layout": self.layouts}
        if self.shape[:1] == (...,):
            shapes = _ANY_SHAPES if len(self.shape) == 1 else _LEADS
            axes["lead"] = tuple(shape for shape in shapes if len(shape) + len(self.shape) - 1 <= self.max_ndim)
        return axes

    def _kinds(self) -> tuple[str, ...]:
        if self.of:
            return ("mixed", "constant")
        shared = ("ordinary", "zeros", "constant", "ties", "sorted", "reversed", "one high", "one low")
        kinds = {np.dtype(dtype).kind for dtype in self.dtype}
        if kinds <= {"b"}:
            return ("ordinary", "zeros", "ones")
        return (*shared, *(("negative",) if kinds & set("ifc") else ()), *self.holds)

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> np.ndarray:
        lead = choice.get("lead", ())
        shape = tuple(lead) + tuple(int(bound(dim, given)) for dim in self.shape if dim is not ...)
        dtype = np.dtype(choice["dtype"])
        values = self._values(choice["kind"], int(np.prod(shape, dtype=np.int64)), dtype, given, rng)
        return with_layout(values.reshape(shape), choice["layout"])

    def _values(self, kind: str, n: int, dtype: np.dtype[Any], given: Given, rng: np.random.Generator) -> np.ndarray:
        if self.of:
            picks = rng.integers(len(self.of), size=n) if kind == "mixed" else np.zeros(n, dtype=int)
            return np.array([self.of[i] for i in picks], dtype=dtype) if n else np.zeros(0, dtype=dtype)
        if dtype.names is not None:
            return self._records(kind, n, dtype, given, rng)
        low, high = self._range(dtype, given)
        draw = DRAW_FUNCTIONS[dtype.kind]
        values = draw(rng, n, low, high, dtype)
        return VALUE_KINDS[kind](values, rng, low, high) if n else values

    def _records(self, kind: str, n: int, dtype: np.dtype[Any], given: Given, rng: np.random.Generator) -> np.ndarray:
        values = np.zeros(n, dtype=dtype)
        for name in dtype.names or ():
            values[name] = self._values(kind, n, dtype[name], given, rng)
        return values

    def _range(self, dtype: np.dtype[Any], given: Given) -> tuple[Any, Any]:
        low, high = ORDINARY_RANGES.get(dtype.kind, (-9, 9))
        low = low if self.low is None else bound(self.low, given)
        high = max(high, low) if self.high is None else bound(self.high, given)
        if dtype.kind in "iu":
            info = np.iinfo(dtype)
            low, high = max(low, info.min), min(high, info.max)
        return low, high

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        return (
            isinstance(value, np.ndarray)
            and any(value.dtype == np.dtype(dtype) for dtype in self.dtype)
            and self._fits(value.shape, given)
            and self._allows(value, given)
        )

    def _fits(self, shape: tuple[int, ...], given: dict[str, Any]) -> bool:
        wanted = self.shape
        if wanted[:1] == (...,):
            wanted = wanted[1:]
            if not len(wanted) <= len(shape) <= self.max_ndim:
                return False
            shape = shape[len(shape) - len(wanted) :]
        if len(shape) != len(wanted):
            return False
        for dim, size in zip(wanted, shape, strict=True):
            if isinstance(dim, str) and dim.isidentifier() and dim not in given:
                given[dim] = size
            elif bound(dim, given) != size:
                return False
        return True

    def _allows(self, value: np.ndarray, given: Given) -> bool:
        if self.of:
            allowed = np.array(self.of, dtype=value.dtype)
            return all(any(same_value(item, one) for one in allowed) for item in value.ravel())
        if value.dtype.names is not None:
            return all(self._allows(value[name], given) for name in value.dtype.names)
        if value.dtype.kind not in "iufc" or not value.size:
            return True
        parts = [value.real, value.imag] if value.dtype.kind == "c" else [value]
        return all(self._part_allowed(part, given) for part in parts)

    def _part_allowed(self, part: np.ndarray, given: Given) -> bool:
        if np.isnan(part).any() and not any("nan" in kind for kind in self.holds):
            return False
        if np.isinf(part).any() and not any("inf" in kind for kind in self.holds):
            return False
        finite = part[np.isfinite(part)]
        if not finite.size or {"extremes", "huge"} & set(self.holds):
            return True
        low, high = self._range(part.dtype, given)
        return bool((finite >= low).all() and (finite <= high).all())

    def simpler(self, value: np.ndarray) -> Iterator[np.ndarray]:
        yield from plainer_arrays(value)


def plainer_arrays(value: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the array in C order, then with simpler elements. Shape and dtype stay the same."""
    if not value.flags.c_contiguous or not value.flags.owndata or not value.flags.writeable:
        yield np.array(value, order="C")
    if not value.size or value.dtype.kind not in "iufcbUS":
        return
    plain = np.zeros(value.shape, value.dtype)
    if value.dtype.kind in "iufc":
        yield plain
        yield np.arange(value.size).reshape(value.shape).astype(value.dtype)
        if value.dtype.kind == "f":
            yield np.trunc(value)
    flat = value.ravel()
    for place in range(min(value.size, 24)):
        for item in _plainer_items(flat[place]):
            changed = np.array(value, order="C")
            changed.flat[place] = item
            yield changed


def _plainer_items(item: Any) -> Iterator[Any]:
    kind = item.dtype.kind
    plainer: tuple[Any, ...] = (0, 1, 2) if kind in "iufc" else (False,) if kind == "b" else ("",)
    for candidate in plainer:
        if item == candidate:
            return
        yield candidate
    if kind == "f" and np.isfinite(item) and item != np.trunc(item):
        yield np.trunc(item)


def _as_tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def arrays(
    *shape: Any,
    dtype: Any = "float64",
    low: Bound | None = None,
    high: Bound | None = None,
    holds: str | Sequence[str] = (),
    of: Sequence[Any] = (),
    layouts: Sequence[str] = LAYOUTS,
    max_ndim: int = 4,
) -> ArraySource:
    """Return a source of arrays.

    Parameters
    ----------
    *shape : str, int or Ellipsis
        Lengths. A name defines a dimension (``"n"``), and an expression computes one (``"n + 1"``). A leading ``...``
        stands for any number of leading dimensions.
    dtype : dtype or sequence of dtypes
        The first is the ordinary one.
    low, high : number or expression, optional
        Bounds of the values, both inclusive.
    holds : sequence of str, optional
        Special values that the prompt allows, from `HOLDS`: ``"nan"``, ``"inf"``, ``"extremes"``, ``"huge"``, …
    of : sequence, optional
        The only values that occur.
    layouts : sequence of str
        Memory layouts, from `LAYOUTS`. The first is the ordinary one.
    max_ndim : int
        The largest number of dimensions, if the shape starts with ``...``.
    """
    special = _as_tuple(holds)
    unknown = set(special) - set(HOLDS) | set(layouts) - set(LAYOUTS)
    if unknown:
        raise ValueError(f"unknown values: {sorted(unknown)}. Choose holds from {HOLDS} and layouts from {LAYOUTS}.")
    dtypes = (dtype,) if isinstance(dtype, (str, np.dtype, type)) else tuple(dtype)
    return ArraySource(shape, dtypes, low, high, special, tuple(of), tuple(layouts), max_ndim)
