"""Inputs that are single values: integers, floats, choices, axes, generators, files, functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ndojo.question.sources.base import Axes, Bound, Given, Source, bound, same_value
from ndojo.question.values import Expression, ScratchFile


@dataclass(frozen=True)
class IntegerSource(Source):
    """A Python int; see `integers`."""

    low: Bound
    high: Bound
    outside: bool

    def axes(self) -> Axes:
        inside = ("middle", "low", "high", "low + 1", "high - 1")
        return {"place": (*inside, "below", "above") if self.outside else inside}

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> int:
        low, high = int(bound(self.low, given)), int(bound(self.high, given))
        places = {"low": low, "high": high, "low + 1": min(low + 1, high), "high - 1": max(high - 1, low)}
        places |= {"below": low - int(rng.integers(1, 3)), "above": high + int(rng.integers(1, 3))}
        if choice["place"] in places:
            return places[choice["place"]]
        return int(rng.integers(low, high, endpoint=True)) if low <= high else low

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        if type(value) is not int:
            return False
        return self.outside or bool(bound(self.low, given) <= value <= bound(self.high, given))

    def simpler(self, value: int) -> Iterator[int]:
        yield from dict.fromkeys(n for n in (0, 1, 2, value // 2, value - 1, -value) if abs(n) <= abs(value))


def integers(low: Bound, high: Bound, *, outside: bool = False) -> IntegerSource:
    """Return a source of ints between `low` and `high` inclusive. A bound may be an expression such as ``"n"``.

    If `outside` is true, ints just below and above are drawn, too. The prompt must say which exception they raise.
    """
    return IntegerSource(low, high, outside)


@dataclass(frozen=True)
class FloatSource(Source):
    """A Python float; see `floats`."""

    low: Bound
    high: Bound
    special: tuple[float, ...]

    def axes(self) -> Axes:
        return {"place": ("middle", "low", "high", "whole", *self.special)}

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> float:
        low, high = float(bound(self.low, given)), float(bound(self.high, given))
        place = choice["place"]
        if not isinstance(place, str):
            return float(place)
        middle = float(np.clip(np.round(rng.uniform(low, high), 3), low, high))
        whole = float(np.clip(np.round(middle), low, high))
        return {"low": low, "high": high, "whole": whole}.get(place, middle)

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        if type(value) is not float:
            return False
        return any(same_value(value, one) for one in self.special) or bool(
            bound(self.low, given) <= value <= bound(self.high, given)
        )

    def simpler(self, value: float) -> Iterator[float]:
        if np.isfinite(value):
            yield from (n for n in (0.0, 1.0, 2.0, float(np.trunc(value))) if n != value)


def floats(low: Bound, high: Bound, *special: float) -> FloatSource:
    """Return a source of floats between `low` and `high` inclusive, and the `special` values."""
    return FloatSource(low, high, special)


@dataclass(frozen=True)
class ChoiceSource(Source):
    """One of a few values; see `choice`."""

    values: tuple[Any, ...]

    def axes(self) -> Axes:
        return {"pick": tuple(range(len(self.values)))}

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> Any:
        value = self.values[choice["pick"]]
        return value.copy() if isinstance(value, (np.ndarray, list, dict)) else value

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        return any(type(value) is type(one) and repr(value) == repr(one) for one in self.values)

    def simpler(self, value: Any) -> Iterator[Any]:
        for one in self.values:
            if repr(one) == repr(value):
                return
            yield one


def choice(*values: Any) -> ChoiceSource:
    """Return a source of these values, the ordinary one first."""
    return ChoiceSource(values)


def callables(*expressions: str) -> ChoiceSource:
    """Return a source of functions, created inside the sandbox from expressions such as ``"np.sin"``."""
    return ChoiceSource(tuple(Expression(one) for one in expressions))


iterators = callables


@dataclass(frozen=True)
class AxisSource(Source):
    """An axis of an earlier array input; see `axis_of`."""

    array: str
    none: bool
    outside: bool

    def axes(self) -> Axes:
        inside = ("last", "first", "negative last", "negative first", "any")
        return {"place": (*inside, *(("none",) if self.none else ()), *(("outside",) if self.outside else ()))}

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> int | None:
        ndim = given[self.array].ndim
        places: dict[str, int | None] = {
            "first": 0,
            "last": max(ndim - 1, 0),
            "negative last": -1,
            "negative first": -max(ndim, 1),
        }
        places |= {"none": None, "outside": ndim}
        return places.get(choice["place"], int(rng.integers(-max(ndim, 1), max(ndim, 1))))

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        if value is None:
            return self.none
        ndim = given[self.array].ndim
        return type(value) is int and (self.outside or -ndim <= value < ndim)

    def simpler(self, value: int | None) -> Iterator[int | None]:
        yield from (axis for axis in (0, -1) if value is not None and axis != value)


def axis_of(array: str, *, none: bool = False, outside: bool = False) -> AxisSource:
    """Return a source of axes of the input `array`, including negative ones.

    `none` adds None, and `outside` adds the axis ``array.ndim``, which is out of bounds.
    """
    return AxisSource(array, none, outside)


@dataclass(frozen=True)
class GeneratorSource(Source):
    """A `numpy.random.Generator` with a random seed."""

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> np.random.Generator:
        return np.random.default_rng(int(rng.integers(2**31)))

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        return isinstance(value, np.random.Generator)


def generators() -> GeneratorSource:
    """Return a source of `numpy.random.Generator` objects, with a new seed for every case."""
    return GeneratorSource()


@dataclass(frozen=True)
class FileSource(Source):
    """A path in an empty folder for one call; see `files`."""

    name: str
    contents: tuple[bytes | None, ...]

    def axes(self) -> Axes:
        return {"content": tuple(range(len(self.contents)))}

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> ScratchFile:
        return ScratchFile(self.name, self.contents[choice["content"]])

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        return isinstance(value, ScratchFile)


def files(name: str, *contents: bytes | None) -> FileSource:
    """Return a source of paths to the file `name` with one of these contents. None, the default, means no file."""
    return FileSource(name, contents or (None,))
