"""Where inputs come from: what a prompt allows, said so that a machine can draw it, check it and make it smaller.

A source varies along *axes*: an array's kind of values, its dtype, its layout; an integer's place between its bounds.
The first choice on each axis is the ordinary one. The judge tries one unusual choice at a time, smallest first, then
random combinations (`ndojo.checks.suite`).
"""

from __future__ import annotations

import itertools
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import CodeType
from typing import Any

import numpy as np

from ndojo.question.values import Expression, ScratchFile

Bound = int | float | str
Given = Mapping[str, Any]
Axes = dict[str, tuple[Any, ...]]

LAYOUTS = ("C", "F", "step", "reversed", "readonly", "broadcast", "unaligned")
"""Every way that an array may lie in memory; an input takes each unless its `layouts` say fewer."""


def bound(value: Bound, given: Given) -> Any:
    """The number that a bound stands for: itself, or an expression in the dimensions and inputs drawn so far."""
    if not isinstance(value, str):
        return value
    return eval(_compiled(value), {"__builtins__": {"min": min, "max": max, "len": len, "abs": abs}}, dict(given))


@cache
def _compiled(expression: str) -> CodeType:
    # An interrupt inside eval("text") ends CPython by a signal later, however it was handled; compiled code is exempt.
    return compile(expression, "<bound>", "eval")


@dataclass(frozen=True)
class Source:
    """What one parameter may hold."""

    def dims(self) -> tuple[str, ...]:
        """The named dimensions that this source binds."""
        return ()

    def axes(self) -> Axes:
        """The choices along each axis, the ordinary one first."""
        return {}

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> Any:
        """A value for these choices; `given` holds dimensions and earlier inputs by name."""
        raise NotImplementedError

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        """Whether the prompt allows `value`; binds the dimensions that it shows into `given`."""
        raise NotImplementedError

    def simpler(self, value: Any) -> Iterator[Any]:
        """Smaller or plainer values, boldest first; each is checked with `accepts` before it is used."""
        return iter(())


# ---------------------------------------------------------------------------------------------------------- arrays

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
        return lay_out(values.reshape(shape), choice["layout"])

    def _values(self, kind: str, n: int, dtype: np.dtype[Any], given: Given, rng: np.random.Generator) -> np.ndarray:
        if self.of:
            picks = rng.integers(len(self.of), size=n) if kind == "mixed" else np.zeros(n, dtype=int)
            return np.array([self.of[i] for i in picks], dtype=dtype) if n else np.zeros(0, dtype=dtype)
        if dtype.names is not None:
            return self._records(kind, n, dtype, given, rng)
        low, high = self._range(dtype, given)
        draw = _DRAWS[dtype.kind]
        values = draw(rng, n, low, high, dtype)
        return _AS_KIND[kind](values, rng, low, high) if n else values

    def _records(self, kind: str, n: int, dtype: np.dtype[Any], given: Given, rng: np.random.Generator) -> np.ndarray:
        values = np.zeros(n, dtype=dtype)
        for name in dtype.names or ():
            values[name] = self._values(kind, n, dtype[name], given, rng)
        return values

    def _range(self, dtype: np.dtype[Any], given: Given) -> tuple[Any, Any]:
        low, high = _ORDINARY_RANGE.get(dtype.kind, (-9, 9))
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
            return all(any(_alike(item, one) for one in allowed) for item in value.ravel())
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


def _alike(a: Any, b: Any) -> bool:
    return bool(a == b) or bool(a != a and b != b)


_ORDINARY_RANGE = {"f": (-100.0, 100.0), "c": (-10.0, 10.0), "i": (-9, 9), "u": (0, 9), "M": (0, 20000), "m": (-99, 99)}


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


def _draw_texts(rng: np.random.Generator, n: int, low: int, high: int, dtype: np.dtype[Any]) -> np.ndarray:
    width = dtype.itemsize // (4 if dtype.kind == "U" else 1) or 5
    letters = np.array(list(string.ascii_letters))
    words = ["".join(rng.choice(letters, rng.integers(1, width + 1))) for _ in range(n)]
    return np.array(words, dtype=dtype) if n else np.zeros(0, dtype=dtype)


_DRAWS: dict[str, Callable[..., np.ndarray]] = {
    "f": _draw_floats,
    "c": _draw_complex,
    "i": _draw_integers,
    "u": _draw_integers,
    "b": lambda rng, n, low, high, dtype: rng.integers(0, 2, n).astype(bool),
    "U": _draw_texts,
    "S": _draw_texts,
    "M": lambda rng, n, low, high, dtype: rng.integers(low, high, n).astype(dtype),
    "m": lambda rng, n, low, high, dtype: rng.integers(low, high, n).astype(dtype),
}


def _put(values: np.ndarray, rng: np.random.Generator, *specials: Any) -> np.ndarray:
    """Each special at a random place of its own, as far as there is room."""
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
    """A large offset under small differences: what naive variances and differences stumble over."""
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
        return np.asarray(turned, dtype=values.dtype)  # the ufuncs make the byte order the machine's own
    return values


_AS_KIND: dict[str, Callable[..., np.ndarray]] = {
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

HOLDS = tuple(kind for kind in list(_AS_KIND)[list(_AS_KIND).index("extremes") :])
"""Kinds of special values that an input holds only where its prompt says so."""


def lay_out(array: np.ndarray, layout: str) -> np.ndarray:
    """The same values laid out otherwise in memory; ``broadcast`` repeats the first row, at stride 0."""
    return _LAY_OUT[layout](array)


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


_LAY_OUT: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "C": lambda array: np.array(array, order="C"),
    "F": lambda array: np.array(array, order="F"),
    "step": _step,
    "reversed": _reversed,
    "readonly": _read_only,
    "broadcast": _broadcast,
    "unaligned": _unaligned,
}


def plainer_arrays(value: np.ndarray) -> Iterator[np.ndarray]:
    """The array with a plain layout, then with plainer elements; its shape and dtype stay."""
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
    """An array, as a prompt describes it.

    Parameters
    ----------
    *shape : str, int or Ellipsis
        Lengths: a name binds a dimension (``"n"``), an expression computes one (``"n + 1"``), a leading ``...`` stands
        for any dimensions before the rest.
    dtype : dtype or sequence of dtypes
        The first is the ordinary one.
    low, high : number or expression, optional
        Bounds of the values, both included.
    holds : sequence of str, optional
        Special values that the prompt allows, of `HOLDS`: ``"nan"``, ``"inf"``, ``"extremes"``, ``"huge"``, …
    of : sequence, optional
        The only values that occur.
    layouts : sequence of str
        Of `LAYOUTS`; the first is the ordinary one.
    max_ndim : int
        With ``...``: the most dimensions that are drawn.
    """
    special = _as_tuple(holds)
    unknown = set(special) - set(HOLDS) | set(layouts) - set(LAYOUTS)
    if unknown:
        raise ValueError(f"unknown {sorted(unknown)}; holds may be of {HOLDS}, layouts of {LAYOUTS}")
    dtypes = (dtype,) if isinstance(dtype, (str, np.dtype, type)) else tuple(dtype)
    return ArraySource(shape, dtypes, low, high, special, tuple(of), tuple(layouts), max_ndim)


# ---------------------------------------------------------------------------------------------------------- scalars


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
    """An int from `low` to `high`, both included; either may be an expression in the dimensions, as ``"n"``.

    With `outside`, ints just below and above come too: the prompt says what is then raised.
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
        return any(_alike(value, one) for one in self.special) or bool(
            bound(self.low, given) <= value <= bound(self.high, given)
        )

    def simpler(self, value: float) -> Iterator[float]:
        if np.isfinite(value):
            yield from (n for n in (0.0, 1.0, 2.0, float(np.trunc(value))) if n != value)


def floats(low: Bound, high: Bound, *special: float) -> FloatSource:
    """A float from `low` to `high`, both included, or one of the `special` values."""
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
    """One of `values`, the ordinary one first."""
    return ChoiceSource(values)


def callables(*texts: str) -> ChoiceSource:
    """A function, made on the spot from one of these expressions: ``"np.sin"``, ``"lambda x, y: x * y"``."""
    return ChoiceSource(tuple(Expression(text) for text in texts))


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
    """An axis of the input `array`, negative ones too; with `none` also None, with `outside` also one too many."""
    return AxisSource(array, none, outside)


@dataclass(frozen=True)
class GeneratorSource(Source):
    """A `numpy.random.Generator` with a seed of its own."""

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> np.random.Generator:
        return np.random.default_rng(int(rng.integers(2**31)))

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        return isinstance(value, np.random.Generator)


def generators() -> GeneratorSource:
    """A `numpy.random.Generator`, seeded afresh for every case."""
    return GeneratorSource()


@dataclass(frozen=True)
class FileSource(Source):
    """A path in the call's own empty folder; see `files`."""

    name: str
    contents: tuple[bytes | None, ...]

    def axes(self) -> Axes:
        return {"content": tuple(range(len(self.contents)))}

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> ScratchFile:
        return ScratchFile(self.name, self.contents[choice["content"]])

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        return isinstance(value, ScratchFile)


def files(name: str, *contents: bytes | None) -> FileSource:
    """A path to the file `name` with one of these contents; without contents, to a file that is not there yet."""
    return FileSource(name, contents or (None,))


# ------------------------------------------------------------------------------------------------------- containers


@dataclass(frozen=True)
class ListSource(Source):
    """A list (or tuple) of values of one source; see `lists` and `tuples`."""

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
        # The unusual choice is one item's; its neighbours are ordinary, or random, so that they differ.
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
    """A list of `low` to `high` values of one source."""
    return ListSource(of, low, high, list)


def tuples(of: Source, low: int = 0, high: int = 4) -> ListSource:
    """A tuple of `low` to `high` values of one source."""
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
    """A dict from some of `keys`, the first ones, to values of one source; what ``**arrays`` takes."""
    return MappingSource(tuple(keys), of)


@dataclass(frozen=True)
class OneOfSource(Source):
    """A value of one of several sources; see `one_of`."""

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
    """Whether a source may have given a value; where other inputs decide, they do so once it is simpler."""
    try:
        return source.accepts(value, {})
    except (KeyError, NameError):
        return True


def one_of(*sources: Source) -> OneOfSource:
    """A value of any of these sources, the ordinary one first."""
    return OneOfSource(sources)


@dataclass(frozen=True)
class MadeSource(Source):
    """A value that the author's own function makes; see `made`."""

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
    """A value that ``make(rng, variant, given)`` makes, for what the other sources cannot say.

    Parameters
    ----------
    make : callable
        Gets a Generator, one of `variants`, and the dimensions and earlier inputs by name.
    *variants
        Cases worth trying one by one, the ordinary one first.
    valid : callable, optional
        Whether the prompt allows a value; without it values are never made smaller.
    plainer : callable, optional
        Yields smaller values, boldest first; for an array the default serves.
    """
    return MadeSource(make, variants or ("ordinary",), valid, plainer)
