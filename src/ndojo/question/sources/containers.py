"""Inputs that contain other inputs: lists, tuples, dicts, alternatives, and values from the author's function."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ndojo.question.sources.arrays import plainer_arrays
from ndojo.question.sources.base import Axes, Given, Source


@dataclass(frozen=True)
class ListSource(Source):
    """A list or tuple of values from one source; see `lists` and `tuples`."""

    of: Source
    low: int
    high: int
    kind: type

    def dims(self) -> tuple[str, ...]:
        return self.of.dims()

    def axes(self) -> Axes:
        middle = min(self.low + 2, self.high)
        lengths = tuple(dict.fromkeys([middle, self.low, min(self.low + 1, self.high), self.high]))
        return {"length": lengths} | self.of.axes()

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> Any:
        # Only one item has the unusual choice. The others are random, so that they differ from each other.
        unusual = int(rng.integers(choice["length"])) if choice["length"] else 0
        axes = self.of.axes()
        items = []
        for place in range(choice["length"]):
            own = {axis: choices[int(rng.integers(len(choices)))] for axis, choices in axes.items()}
            picked = {axis: choice[axis] for axis in axes} if place == unusual else own
            items.append(self.of.build(picked, given, rng))
        return self.kind(items)

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        if not isinstance(value, (list, tuple)) or type(value) is not self.kind:
            return False
        return self.low <= len(value) <= self.high and all(self.of.accepts(item, given) for item in value)

    def simpler(self, value: Any) -> Iterator[Any]:
        for place in range(len(value)):
            yield self.kind([*value[:place], *value[place + 1 :]])
        for place, item in enumerate(value):
            for plainer in itertools.islice(self.of.simpler(item), 12):
                yield self.kind([*value[:place], plainer, *value[place + 1 :]])


def lists(of: Source, low: int = 0, high: int = 4) -> ListSource:
    """Return a source of lists of `low` to `high` values from one source."""
    return ListSource(of, low, high, list)


def tuples(of: Source, low: int = 0, high: int = 4) -> ListSource:
    """Return a source of tuples of `low` to `high` values from one source."""
    return ListSource(of, low, high, tuple)


@dataclass(frozen=True)
class MappingSource(Source):
    """A dict with given keys; see `mappings`."""

    keys: tuple[str, ...]
    of: Source

    def dims(self) -> tuple[str, ...]:
        return self.of.dims()

    def axes(self) -> Axes:
        return {"length": tuple(dict.fromkeys([min(2, len(self.keys)), 0, 1, len(self.keys)]))} | self.of.axes()

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> dict[str, Any]:
        values = ListSource(self.of, 0, len(self.keys), list).build(choice, given, rng)
        return dict(zip(self.keys, values, strict=False))

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        return (
            isinstance(value, dict)
            and set(value) <= set(self.keys)
            and all(self.of.accepts(item, given) for item in value.values())
        )

    def simpler(self, value: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for key in value:
            yield {other: item for other, item in value.items() if other != key}
        for key, item in value.items():
            for plainer in itertools.islice(self.of.simpler(item), 12):
                yield value | {key: plainer}


def mappings(keys: Sequence[str], of: Source) -> MappingSource:
    """Return a source of dicts from the first few `keys` to values from one source, for example for ``**arrays``."""
    return MappingSource(tuple(keys), of)


@dataclass(frozen=True)
class OneOfSource(Source):
    """A value from one of several sources; see `one_of`."""

    sources: tuple[Source, ...]

    def dims(self) -> tuple[str, ...]:
        return tuple(dim for source in self.sources for dim in source.dims())

    def axes(self) -> Axes:
        axes: Axes = {"source": tuple(range(len(self.sources)))}
        for place, source in enumerate(self.sources):
            axes |= {f"{place} {axis}": choices for axis, choices in source.axes().items()}
        return axes

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> Any:
        place = choice["source"]
        own = {axis: choice[f"{place} {axis}"] for axis in self.sources[place].axes()}
        return self.sources[place].build(own, given, rng)

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        return any(source.accepts(value, given) for source in self.sources)

    def simpler(self, value: Any) -> Iterator[Any]:
        for source in self.sources:
            if _may_be(source, value):
                yield from source.simpler(value)


def _may_be(source: Source, value: Any) -> bool:
    """Return whether a source may have created a value. If that depends on other inputs, it is checked later."""
    try:
        return source.accepts(value, {})
    except (KeyError, NameError):
        return True


def one_of(*sources: Source) -> OneOfSource:
    """Return a source of values from any of these sources, the ordinary one first."""
    return OneOfSource(sources)


@dataclass(frozen=True)
class MadeSource(Source):
    """A value that the author's own function creates; see `made`."""

    make: Callable[..., Any]
    variants: tuple[Any, ...]
    valid: Callable[[Any], bool] | None
    plainer: Callable[[Any], Iterator[Any]] | None

    def axes(self) -> Axes:
        return {"variant": self.variants}

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> Any:
        return self.make(rng, choice["variant"], given)

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        return self.valid is not None and bool(self.valid(value))

    def simpler(self, value: Any) -> Iterator[Any]:
        if self.plainer is not None:
            yield from self.plainer(value)
        elif isinstance(value, np.ndarray):
            yield from plainer_arrays(value)


def made(
    make: Callable[..., Any],
    *variants: Any,
    valid: Callable[[Any], bool] | None = None,
    plainer: Callable[[Any], Iterator[Any]] | None = None,
) -> MadeSource:
    """Return a source of values that ``make(rng, variant, given)`` creates, for inputs that no other source describes.

    Parameters
    ----------
    make : callable
        Creates a value from a Generator, one of `variants`, and the dimensions and earlier inputs by name.
    *variants
        Cases worth trying separately, the ordinary one first.
    valid : callable, optional
        Returns whether the prompt allows a value. Without it, values are never shrunk.
    plainer : callable, optional
        Yields smaller values, the simplest first. Arrays have a default.
    """
    return MadeSource(make, variants or ("ordinary",), valid, plainer)
