"""Name the misconception: a wrong answer that behaves like a trap wherever it fails has fallen into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ndojo.judge.checking import Held
from ndojo.judge.compare import difference
from ndojo.judge.outcome import Outcome, read_outcome
from ndojo.judge.suite import Stage, SuiteCase, functions_of
from ndojo.judge.wire import WireError
from ndojo.question.records import Question, Trap

COMPARED = 40
"""At most so many failing cases, and as many passing ones, are compared with each trap."""


def diagnose(
    question: Question,
    stage: Stage,
    failing: Sequence[tuple[SuiteCase, bytes]],
    passing: Sequence[tuple[SuiteCase, bytes]],
) -> Trap | None:
    """The trap that the answer fell into, or None.

    Parameters
    ----------
    question : Question
    stage : Stage
    failing, passing : sequence of (case, outcome)
        What the answer did, described.

    Notes
    -----
    A trap is named only where it does the same as the answer on every failing case; of several, the one that also does
    the same on most passing cases.
    """
    best: tuple[int, Trap] | None = None
    for trap in question.traps:
        of = trap.of or question.entry_points[0].name
        mine = [(case, got) for case, got in failing if _concerns(case, of)]
        if not mine or len(mine) != len(failing):
            continue
        functions = functions_of(question, {of: trap.function})
        if not all(_alike(stage, functions, case, got) for case, got in mine[:COMPARED]):
            continue
        agreeing = sum(_alike(stage, functions, case, got) for case, got in passing[:COMPARED] if _concerns(case, of))
        if best is None or agreeing > best[0]:
            best = (agreeing, trap)
    return best[1] if best else None


def _concerns(case: SuiteCase, entry_point: str) -> bool:
    return entry_point == case.entry.name or entry_point in case.entry.uses


def _alike(stage: Stage, functions: Mapping[str, object], case: SuiteCase, got: bytes) -> bool:
    """Whether a trap does on `case` what the answer did."""
    described = stage.play(case.packed, functions)  # type: ignore[arg-type]
    if described == got:
        return True
    try:
        return _same(case, read_outcome(described), read_outcome(got))
    except WireError:
        return False


def _same(case: SuiteCase, trap: Outcome, answer: Outcome) -> bool:
    if trap.raised or answer.raised:
        return bool(trap.raised and answer.raised and trap.raised.name == answer.raised.name)
    if trap.unread or answer.unread or trap.changed != answer.changed:
        return False
    ours, theirs = Held(case, trap), Held(case, answer)
    return difference(ours.got_value, theirs.got_value, theirs.tolerance) is None
