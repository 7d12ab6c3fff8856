"""A finding: the result of checking one requirement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PASSED, CLOSE, FAILED, UNCHECKED = "passed", "close", "failed", "could not check"


@dataclass(frozen=True)
class Finding:
    """One requirement, held against the answer.

    What happened (`message`, `example`, `expected`, `got`, `trace`) is kept apart from what helps (`misconception`,
    `advice`).

    Parameters
    ----------
    level : int
        From 1.
    requirement : str
        Its name, as ``"correct"``.
    outcome : {"passed", "close", "failed", "could not check"}
    code : str
        The verdict word's code where failed, else ``"AC"``; empty where not checked.
    message : str
    example : str, optional
        The smallest input that shows it, as code to paste.
    expected, got : str, optional
        What was to come of the example, and what came.
    trace : str, optional
        The traceback, cut to the answer's own lines.
    misconception : str, optional
        What is true instead, where the answer behaves like a known trap.
    trap : str, optional
        That trap's name.
    advice : str, optional
        What to try next.
    figures : dict, optional
        The numbers behind a measurement, by name: times in seconds, memory in bytes.
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
        """Whether it counts as passed."""
        return self.outcome in (PASSED, CLOSE)

    def to_dict(self) -> dict[str, Any]:
        """The finding for JSON, without what it does not have."""
        return {name: value for name, value in vars(self).items() if value is not None}


def failed_finding(code: str, message: str, name: str = "correct", **rest: Any) -> Finding:
    """A finding for a requirement that failed on level 1; `rest` are further fields of `Finding`."""
    return Finding(1, name, FAILED, code, message, **rest)
