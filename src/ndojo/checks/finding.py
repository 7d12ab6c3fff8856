"""A finding: the result of checking one requirement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PASSED, CLOSE, FAILED, UNCHECKED = "passed", "close", "failed", "could not check"


@dataclass(frozen=True)
class Finding:
    """The result of checking one requirement.

    What happened (`message`, `example`, `expected`, `got`, `trace`) is separate from help (`misconception`, `advice`).

    Parameters
    ----------
    level : int
        Counted from 1.
    requirement : str
        The requirement's name, such as ``"correct"``.
    outcome : {"passed", "close", "failed", "could not check"}
    code : str
        The verdict's code if the requirement failed, ``"AC"`` if it passed, and empty if it could not be checked.
    message : str
    example : str, optional
        The smallest input that shows the failure, as code to paste.
    expected, got : str, optional
        The expected and the actual result of the example.
    trace : str, optional
        The traceback, reduced to the lines of the answer.
    misconception : str, optional
        The misconception and what is true instead, if the answer behaves like a known trap.
    trap : str, optional
        The name of that trap.
    advice : str, optional
        What to try next.
    figures : dict, optional
        The numbers behind a measurement by name: times in seconds, memory in bytes.
    """

    level: int
    requirement: str
    outcome: str
    code: str
    message: str
    example: str | None = None
    expected: str | None = None
    got: str | None = None
    trace: str | None = None
    misconception: str | None = None
    trap: str | None = None
    advice: str | None = None
    figures: dict[str, float] | None = None

    @property
    def holds(self) -> bool:
        """Whether the finding counts as passed."""
        return self.outcome in (PASSED, CLOSE)

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as a dict for JSON, without empty fields."""
        return {name: value for name, value in vars(self).items() if value is not None}


def failed_finding(code: str, message: str, name: str = "correct", **rest: Any) -> Finding:
    """Return a finding for a failed requirement of level 1. `rest` contains further fields of `Finding`."""
    return Finding(1, name, FAILED, code, message, **rest)
