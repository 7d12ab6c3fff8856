"""Drills: templates of predictions."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

T = TypeVar("T")


@dataclass(frozen=True)
class Prediction:
    """One prediction task: code that ends with the expression to predict, and one sentence that explains the answer."""

    code: str
    why: str
    asks: str = ""


def predict(code: str, why: str, asks: str = "") -> Prediction:
    """Return one variant of a drill.

    Parameters
    ----------
    code : str
        Python code. Its last line is the expression to predict. The expected answer comes from running the code; if it
        raises, the answer is the name of the exception.
    why : str
        One sentence that explains the answer.
    asks : str
        The question, if it differs from the drill's own.
    """
    return Prediction(textwrap.dedent(code).strip(), why, asks)


def by_hardness(rng: np.random.Generator, forms: Sequence[T], hardness: float) -> T:
    """Return one of `forms`, drawn from a window that moves from the easy to the hard end.

    Parameters
    ----------
    rng : numpy.random.Generator
    forms : sequence
        At least three forms of a drill, sorted from easy to hard. The window covers half of them, and at least three.
    hardness : float
        Between 0.0 and 1.0.
    """
    width = max(3, len(forms) // 2)
    first = round((len(forms) - width) * hardness)
    return forms[first + int(rng.integers(width))]


@dataclass(frozen=True)
class Drill:
    """A template of predictions. ``vary(rng, hardness)`` draws one, with `hardness` between 0.0 and 1.0."""

    asks: str
    vary: Callable[[np.random.Generator, float], Prediction]

    @property
    def name(self) -> str:
        return self.vary.__name__


def drill(asks: str) -> Callable[[Callable[[np.random.Generator, float], Prediction]], Drill]:
    """Mark a function as the template of a drill. `asks` is the question to the learner."""
    return lambda vary: Drill(asks, vary)
