"""Finds the misconception behind a wrong answer: the trap that behaves like it on every failing case."""

from __future__ import annotations

from collections.abc import Sequence

from ndojo.calls.outcome import Outcome, read_outcome
from ndojo.calls.wire.values import WireError
from ndojo.checks.compare import Tolerance, difference
from ndojo.checks.requirements import CheckedCase, sharing
from ndojo.checks.suite import Functions, ReferenceRunner, SuiteCase, functions_of
from ndojo.question.known_answers import Trap
from ndojo.question.records import Question

Pair = tuple[SuiteCase, bytes]

COMPARED = 40
"""About how many of the passed cases are used to compare a trap with the answer. They are evenly spaced."""

AGREEING = 0.75
"""A trap must agree with the answer on this share of the passed cases. Otherwise it is a different misconception."""


def diagnose(
    question: Question,
    stage: ReferenceRunner,
    failing: Sequence[Pair],
    passing: Sequence[Pair],
    *,
    in_memory: bool = False,
) -> Trap | None:
    """Return the trap that behaves like the answer, or None.

    Parameters
    ----------
    question : Question
    stage : ReferenceRunner
        Runs the traps.
    failing, passing : sequence of (case, outcome)
        The answer's outcomes.
    in_memory : bool
        Whether the answer fails because of the memory of its results. A matching trap must then use the same memory.

    Notes
    -----
    A trap matches if it does the same as the answer on every failing case and on most passing cases. If several match,
    the one that agrees on most cases wins, and then the one whose results share memory in the same way most often.
    """
    best: tuple[tuple[int, int], Trap] | None = None
    for trap in question.traps:
        of = trap.of or question.entry_points[0].name
        mine = [(case, got) for case, got in failing if _concerns(case, of)]
        if not mine or len(mine) != len(failing):
            continue
        functions = functions_of(question, {of: trap.function})
        if not all(_likeness(stage, functions, case, got) > in_memory for case, got in mine):
            continue
        concerned = [pair for pair in passing if _concerns(pair[0], of)]
        others = [_likeness(stage, functions, *pair) for pair in concerned[:: len(concerned) // COMPARED + 1]]
        agreeing = sum(likeness > 0 for likeness in others)
        if agreeing >= AGREEING * len(others) and (best is None or (agreeing, sum(others)) > best[0]):
            best = ((agreeing, sum(others)), trap)
    return best[1] if best else None


def _concerns(case: SuiteCase, entry_point: str) -> bool:
    return entry_point == case.entry.name or entry_point in case.entry.uses


def _likeness(stage: ReferenceRunner, functions: Functions, case: SuiteCase, got: bytes) -> int:
    """Return how similar trap and answer are on `case`.

    0 means different results and 1 means equal results. 2 means identical bytes, or equal results that share memory
    in the same way.
    """
    described = stage.play(case.packed, functions)
    if described == got:
        return 2
    try:
        ours, theirs = read_outcome(described), read_outcome(got)
        return int(_same(case, ours, theirs)) * (1 + (sharing(ours.value) == sharing(theirs.value)))
    except WireError:
        return 0


def _same(case: SuiteCase, trap: Outcome, answer: Outcome) -> bool:
    if trap.raised or answer.raised:
        return bool(trap.raised and answer.raised and trap.raised.name == answer.raised.name)
    if trap.unread or answer.unread or trap.changed != answer.changed:
        return False
    ours, theirs = CheckedCase(case, trap), CheckedCase(case, answer)
    # If the reference refuses the inputs, the magnitude of a result is unknown.
    tolerance = Tolerance(case.entry.result) if case.outcome.raised else case.tolerance
    return difference(ours.got_value, theirs.got_value, tolerance) is None
