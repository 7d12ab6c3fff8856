"""The inputs that an answer is measured on, created by the requirement's `at`, with the expected results."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ndojo.calls.wire.values import WireError
from ndojo.checks.requirements import Failure, first_failure
from ndojo.checks.suite import ReferenceRunner, SuiteCase
from ndojo.question.entries import Entry
from ndojo.question.errors import QuestionError
from ndojo.question.known_answers import Works
from ndojo.question.records import Question
from ndojo.question.requirements import CORRECT, UNTOUCHED

At = Callable[..., Mapping[str, Any]]


class Pool:
    """New inputs, drawn when first needed. Every sandbox process gets the same sequence, and no input repeats.

    Parameters
    ----------
    stage : ReferenceRunner
        Runs the reference, which gives the expected results.
    at : callable
        ``at(rng)``, or ``at(rng, n)`` if sizes grow.
    of : str
        The entry point that is measured. If empty, the names of the inputs determine it.
    seed : int, optional
        New entropy if not given.
    """

    def __init__(self, stage: ReferenceRunner, at: At, of: str = "", seed: int | None = None) -> None:
        self._stage, self._at, self._of = stage, at, of
        self._rng = np.random.default_rng(int.from_bytes(os.urandom(8), "little") if seed is None else seed)
        self._cases: list[SuiteCase] = []
        self._entry: Entry | None = None

    def case(self, place: int) -> SuiteCase:
        """Return the case at this position."""
        while len(self._cases) <= place:
            self._cases.append(self.draw())
        return self._cases[place]

    def cases(self, start: int, n: int) -> list[SuiteCase]:
        """Return `n` cases, starting at position `start`."""
        return [self.case(place) for place in range(start, start + n)]

    def draw(self, *size: int) -> SuiteCase:
        """Draw one more case, of size `size` if it is given."""
        inputs = dict(self._at(self._rng, *size))
        if self._entry is None:
            self._entry = entry_for(self._stage.question, inputs, self._of)
        return self._stage.case(self._entry, inputs)

    @property
    def entry(self) -> Entry:
        """The entry point that is called."""
        self.case(0)
        assert self._entry is not None
        return self._entry


def entry_for(question: Question, inputs: Mapping[str, Any], of: str = "") -> Entry:
    """Return the entry point that takes these inputs, with the wider inputs of a later level if they are needed."""
    named = [one for one in question.entry_points if of in ("", one.name) and _takes(one, inputs)]
    if not named:
        raise QuestionError(
            f"{question.slug}: `at` returns {', '.join(inputs)}, but no entry point takes these inputs."
        )
    wider = [one for one in question.beyond if one.name == named[0].name]
    return next((one for one in (named[0], *wider) if wider and one.allows(inputs)), named[0])


def _takes(entry: Entry, inputs: Mapping[str, Any]) -> bool:
    needed = {name for name, one in entry.parameters.items() if one.default is one.empty and one.kind not in (2, 4)}
    return needed <= inputs.keys() <= entry.parameters.keys()


def answers(question: Question, function: Any) -> str:
    """Return the entry point that one of the question's own functions implements. Empty if only its inputs tell."""
    if isinstance(function, Works):
        return function.of or question.entry_points[0].name
    return question.entry_points[0].name if len(question.entry_points) == 1 else ""


def bytes_in(case: SuiteCase) -> int:
    """Return how many bytes the arrays among the inputs have."""
    return sum(held_bytes(value) for value in case.inputs.values())


def held_bytes(value: Any) -> int:
    """Return how many bytes the arrays in a value have."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, (list, tuple)):
        return sum(map(held_bytes, value))
    if isinstance(value, dict):
        return held_bytes(list(value.values()))
    return 0


def wrong(case: SuiteCase, got: bytes) -> Failure | None:
    """Return what is wrong with a measured outcome, or None."""
    try:
        return first_failure(case, got, [CORRECT, UNTOUCHED])
    except WireError as problem:
        return Failure(case, CORRECT, "NA", f"The answer interfered with the judge ({problem}).")
