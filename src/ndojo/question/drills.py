"""Drills: templates of predictions."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Prediction:
    """One thing to predict: code, the expression whose value is asked, and one sentence why."""

    code: str
    why: str
    asks: str = ""


def predict(code: str, why: str, asks: str = "") -> Prediction:
    """One variant of a drill.

    Parameters
    ----------
    code : str
        Python; its last line is the expression whose value is asked. The truth is what NumPy makes of it, the
        exception's name where it raises.
    why : str
        One sentence that explains the truth.
    asks : str
        What is asked, where it differs from the drill's own question.
    """
    return Prediction(textwrap.dedent(code).strip(), why, asks)


@dataclass(frozen=True)
class Drill:
    """A template of predictions: ``vary(rng, hardness)`` draws one, hardness from 0.0 to 1.0."""

    asks: str
    vary: Callable[[np.random.Generator, float], Prediction]

    @property
    def name(self) -> str:
        return self.vary.__name__


def drill(asks: str) -> Callable[[Callable[[np.random.Generator, float], Prediction]], Drill]:
    """Mark a function as a drill's template; `asks` is its question."""
    return lambda vary: Drill(asks, vary)
