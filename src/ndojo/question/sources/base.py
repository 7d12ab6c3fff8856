"""The base class of sources of inputs. A source defines the values that one parameter may have.

A source varies along *axes*, such as the kind of values, the dtype and the layout of an array, or the position of an
integer between its bounds. The first choice on each axis is the ordinary one. The judge tries one unusual choice at a
time, smallest first, then random combinations (`ndojo.checks.suite`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import CodeType
from typing import Any

import numpy as np

Bound = int | float | str
Given = Mapping[str, Any]
Axes = dict[str, tuple[Any, ...]]


def bound(value: Bound, given: Given) -> Any:
    """Return the value of a bound: a number, or an expression in the dimensions and earlier inputs."""
    if not isinstance(value, str):
        return value
    return eval(_compiled(value), {"__builtins__": {"min": min, "max": max, "len": len, "abs": abs}}, dict(given))


@cache
def _compiled(expression: str) -> CodeType:
    # An interrupt inside eval("text") makes CPython exit by a signal later. Compiled code does not have this problem.
    return compile(expression, "<bound>", "eval")


@dataclass(frozen=True)
class Source:
    """The values that one parameter may have."""

    def dims(self) -> tuple[str, ...]:
        """Return the named dimensions that this source defines."""
        return ()

    def axes(self) -> Axes:
        """Return the choices along each axis, the ordinary one first."""
        return {}

    def build(self, choice: Given, given: Given, rng: np.random.Generator) -> Any:
        """Return a value for these choices. `given` contains dimensions and earlier inputs by name."""
        raise NotImplementedError

    def accepts(self, value: Any, given: dict[str, Any]) -> bool:
        """Return whether the prompt allows `value`. Adds the dimensions of `value` to `given`."""
        raise NotImplementedError

    def simpler(self, value: Any) -> Iterator[Any]:
        """Yield smaller or simpler values, the simplest first. Each is checked with `accepts` before it is used."""
        return iter(())


def same_value(a: Any, b: Any) -> bool:
    """Return whether two scalars are equal. NaN equals NaN."""
    return bool(a == b) or bool(a != a and b != b)
