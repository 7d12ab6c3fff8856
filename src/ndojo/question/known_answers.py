"""Known answers of a question: wrong answers (traps), and right answers other than the reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ndojo.question.entries import Function

TRAP_VERDICTS = ("WA", "WT", "IM", "RE", "VW", "NA", "TLE", "MLE")


@dataclass(frozen=True)
class Trap:
    """A wrong answer and the misconception behind it; see `trap`."""

    function: Function
    misconception: str
    verdict: str
    of: str

    @property
    def name(self) -> str:
        return self.function.__name__


def trap(misconception: str, *, verdict: str = "WA", of: str = "") -> Callable[[Function], Trap]:
    """Mark a function as a trap: a wrong answer that people often write.

    Parameters
    ----------
    misconception : str
        The misconception, and what is true instead. It must apply to every answer that behaves like this one.
    verdict : str
        The code of its verdict at level 1, such as ``"WA"``, ``"WT"``, ``"IM"`` or ``"RE"``. `ndojo verify` checks it.
    of : str
        The entry point that it replaces, if the question has several.
    """
    if verdict not in TRAP_VERDICTS:
        raise ValueError(f"verdict {verdict!r} is not one of {', '.join(TRAP_VERDICTS)}")
    return lambda function: Trap(function, misconception, verdict, of)


@dataclass(frozen=True)
class Works:
    """A right answer other than the reference; see `works`."""

    function: Function
    fails: str
    of: str

    @property
    def name(self) -> str:
        return self.function.__name__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)


def works(*, fails: str = "", of: str = "") -> Callable[[Function], Works]:
    """Mark a function as another right answer.

    Parameters
    ----------
    fails : str
        The name of the level that it fails after passing all levels before it. Empty if it passes every level.
    of : str
        The entry point that it replaces, if the question has several.
    """
    return lambda function: Works(function, fails, of)
