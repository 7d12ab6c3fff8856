"""The result of `verify` for one question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One failed check: what was found and what to do."""

    check: str
    subject: str
    message: str
    advice: str

    def to_dict(self) -> dict[str, str]:
        return dict(vars(self))


@dataclass
class Proof:
    """The result of `verify` for one question: counts, and the problems found."""

    question: str
    room: str
    cases: int = 0
    traps: int = 0
    traps_dead: int = 0
    right: int = 0
    right_proven: int = 0
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    drills: int = 0
    unmeasured: list[str] = field(default_factory=list)
    bars: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, check: str, subject: str, message: str, advice: str) -> None:
        """Record a problem."""
        self.problems.append(Problem(check, subject, message, advice))

    @property
    def holds(self) -> bool:
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        facts = {name: value for name, value in vars(self).items() if name != "problems"}
        return facts | {"holds": self.holds, "problems": [problem.to_dict() for problem in self.problems]}
