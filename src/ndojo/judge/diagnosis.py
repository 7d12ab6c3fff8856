"""Name the misconception: a wrong answer that behaves like a trap wherever it fails has fallen into it."""

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
"""On about so many of the cases that the answer passes, spread over all, a trap is compared with it."""

AGREEING = 0.75
"""A trap that would fail many cases that the answer passes is another misconception."""


def diagnose(
    question: Question,
    stage: ReferenceRunner,
    failing: Sequence[Pair],
    passing: Sequence[Pair],
    *,
    in_memory: bool = False,
) -> Trap | None:
    """The trap that the answer fell into, or None.

    Parameters
    ----------
    question : Question
    stage : Stage
    failing, passing : sequence of (case, outcome)
        What the answer did, described.
    in_memory : bool
        Whether the answer fails by where its results lie: then those of the trap must lie there too.

    Notes
    -----
    A trap is named only where it does the same as the answer on every failing case and on most of those that pass; of
    several, the one that does the same most often, and then the one whose results lie in the same memory most often.
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
    """How alike a trap and the answer are on `case`: 2 if to the byte or in memory too, 1 in value, else 0."""
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
    # Where the reference refuses the inputs, nobody knows the magnitude of a result.
    tolerance = Tolerance(case.entry.result) if case.outcome.raised else case.tolerance
    return difference(ours.got_value, theirs.got_value, tolerance) is None
