"""Checks one outcome against the requirements and names the first one that the answer misses on a case."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ndojo.calls.call import PreparedCall, input_blocks, prepare_call
from ndojo.calls.outcome import Outcome, read_outcome
from ndojo.calls.wire.values import MAX_BYTES, NewArray, ViewOfInput, WireError
from ndojo.checks.compare import Difference, difference
from ndojo.checks.decode import Unreadable, arrays_in, plain
from ndojo.checks.suite import SuiteCase
from ndojo.question.requirements import (
    CORRECT,
    UNTOUCHED,
    NoWarnings,
    OwnMemory,
    Requirement,
    SharesAsReference,
    ViewOf,
)


@dataclass(frozen=True)
class Failure:
    """A case that does not meet a requirement."""

    case: SuiteCase
    requirement: Requirement
    code: str
    message: str


class CheckedCase:
    """The outcome of a case next to the expected outcome, with the memory that both used."""

    def __init__(self, case: SuiteCase, got: Outcome) -> None:
        self.case = case
        self.got = got
        self.expected = case.outcome

    @cached_property
    def _before(self) -> PreparedCall:
        return prepare_call(self.case.packed, None)

    @cached_property
    def _blocks(self) -> list[bytes]:
        return input_blocks(self.case.packed)

    def _after(self, outcome: Outcome) -> list[np.ndarray]:
        """The case's memory blocks after the call, uint8, shape (nbytes,)."""
        return [np.frombuffer(outcome.changed.get(root, known), np.uint8) for root, known in enumerate(self._blocks)]

    @cached_property
    def expected_value(self) -> Any:
        return plain(self.expected.value, self._after(self.expected))

    @cached_property
    def got_value(self) -> Any:
        return plain(self.got.value, self._after(self.got))

    def argument(self, name: str) -> Any:
        """The argument that was passed as `name`, or None if its default was used."""
        known = dict(zip(self.case.entry.parameters, self._before.args, strict=False)) | self._before.kwargs
        return known.get(name)

    def placed(self, name: str) -> ViewOfInput | None:
        """Where the array that was passed as `name` is stored, if it is an array."""
        argument = self.argument(name)
        return self._before.place(argument) if isinstance(argument, np.ndarray) else None

    def written(self, outcome: Outcome, name: str) -> Any:
        """The value of the argument `name` after the call."""
        placed = self.placed(name)
        if placed is None:
            return self.argument(name)
        block = self._after(outcome)[placed.root]
        if block.nbytes != len(self._blocks[placed.root]):
            raise WireError("a memory block changed its size")
        return placed.over(block).copy()

    def own_roots(self) -> set[int]:
        """The memory blocks that the prompt says to change in place."""
        placed = [self.placed(name) for name in self.case.entry.in_place]
        return {place.root for place in placed if place is not None}


# ------------------------------------------------------------------------------------------------------------ checks


def correct(held: CheckedCase) -> Difference | None:
    """How the returned value or exception differs from the expected one."""
    expected, got = held.expected, held.got
    if got.unread:
        return Difference("WT", f"The result could not be read: {got.unread.removeprefix('large: ')}.")
    if expected.raised:
        return _refusal(held)
    if got.raised:
        return _raised(held)
    found = _result(held)
    if found or not held.case.entry.in_place:
        return found
    return _in_place(held)


def _refusal(held: CheckedCase) -> Difference | None:
    expected, raised = held.expected.raised, held.got.raised
    assert expected is not None
    if raised is None:
        return Difference("WA", f"The call must raise {expected.name}, but it returned a value.")
    if expected.name in raised.classes:
        return None
    if "MemoryError" in raised.classes:
        return _raised(held)
    return Difference("RE", f"The call raised {raised.name} instead of {expected.name}: {raised.message}")


def _raised(held: CheckedCase) -> Difference:
    raised = held.got.raised
    assert raised is not None
    if "NotAllowed" in raised.classes:
        return Difference("NA", f"{raised.message[:1].upper()}{raised.message[1:]}.")
    if "MemoryError" in raised.classes:
        return Difference("MLE", f"The call ran out of memory: {raised.message or raised.name}")
    if "ValueError" in raised.classes and "read-only" in raised.message and _has_read_only(held):
        return Difference("IM", f"The call tried to write to a read-only input: {raised.message}")
    if "SystemExit" in raised.classes:
        return Difference("RE", "The answer called sys.exit() instead of returning.")
    return Difference(
        "RE",
        f"The call raised {raised.name}: {raised.message}" if raised.message else f"The call raised {raised.name}.",
    )


def _has_read_only(held: CheckedCase) -> bool:
    inputs = [value for name, value in held.case.inputs.items() if name not in held.case.entry.in_place]
    return any(isinstance(value, np.ndarray) and not value.flags.writeable for value in inputs)


def _result(held: CheckedCase) -> Difference | None:
    check = held.case.entry.result.check
    if check is None or _claims_too_much(held):
        return difference(held.expected_value, held.got_value, held.case.tolerance)
    try:
        wrong = check(held.got_value, held.expected_value, **held.case.with_defaults())
    except Exception as problem:
        # A question's own check expects a result of the right form, and may raise on another form.
        found = difference(held.expected_value, held.got_value, held.case.tolerance)
        return found or Difference("WT", f"The result could not be checked: {problem}.")
    if not wrong:
        return None
    code, _, sentence = wrong.partition(": ") if wrong[:4] in ("WT: ", "WA: ") else ("WA", "", wrong)
    return Difference(code, sentence)


def _claims_too_much(held: CheckedCase) -> bool:
    """Whether a result is a view that repeats its argument without end, so that nothing can be computed with it."""
    arrays = [array for array in arrays_in(held.got.value) if isinstance(array, ViewOfInput)]
    return any(_size(array) * max(array.dtype.itemsize, 1) > MAX_BYTES for array in arrays)


def _in_place(held: CheckedCase) -> Difference | None:
    for name in held.case.entry.in_place:
        expected, got = held.written(held.expected, name), held.written(held.got, name)
        found = difference(expected, got, held.case.tolerance, f"`{name}` after the call")
        if found:
            return found
    return None


def untouched(held: CheckedCase) -> Difference | None:
    """The arguments that were changed although the prompt does not say so."""
    mutated = set(held.got.changed) - held.own_roots()
    if mutated:
        return Difference("IM", f"The call changed {_owner_of(held, min(mutated))}.")
    if held.got.altered and not held.expected.altered:
        return Difference("IM", "The call changed an argument: its shape or its contents.")
    return None


def _owner_of(held: CheckedCase, root: int) -> str:
    for name in held.case.entry.parameters:
        placed = held.placed(name)
        if placed is not None and placed.root == root:
            return f"the input `{name}`"
    return "An input"


def _view_of(held: CheckedCase, wanted: ViewOf) -> Difference | None:
    if wanted.parameter not in held.case.entry.parameters:
        return None
    argument = held.placed(wanted.parameter)
    for array in arrays_in(held.got.value):
        if isinstance(array, NewArray):
            if not array.array.size:
                continue
            return Difference("VW", f"The result is a copy. It must be a view of `{wanted.parameter}`.")
        if argument is None or array.root != argument.root:
            return Difference("VW", f"The result is a view, but not of `{wanted.parameter}`.")
        if wanted.writeable is not None and array.writeable != wanted.writeable:
            return Difference("VW", f"The view must be {'writeable' if wanted.writeable else 'read-only'}.")
    return None


def _own_memory(held: CheckedCase) -> Difference | None:
    if any(isinstance(array, ViewOfInput) and (_size(array) or array.item >= 0) for array in arrays_in(held.got.value)):
        return Difference("VW", "The result shares memory with an input. It must be a copy.")
    return None


def _shares(held: CheckedCase) -> Difference | None:
    pairs = zip(arrays_in(held.expected.value), arrays_in(held.got.value), strict=False)
    for expected, got in pairs:
        wanted, found = _sharing(expected), _sharing(got)
        # Arrays without elements share no memory, regardless of what they are views of.
        if wanted != found and (_size(got) or "same" in (wanted, found)):
            return Difference("VW", f"The result {_SHARING[found]}, but it must {_MUST[wanted]}.")
    return None


_MUST = {"same": "be the argument itself", "view": "be a view of the argument", "own": "be a copy"}
_SHARING = {"same": "is the argument itself", "view": "shares memory with the argument", "own": "is a copy"}


def sharing(value: Any) -> list[str]:
    """How each array of a result relates to the arguments: the same object, a view of one, or a copy."""
    return [_sharing(array) for array in arrays_in(value)]


def _size(array: NewArray | ViewOfInput) -> int:
    return array.array.size if isinstance(array, NewArray) else math.prod(array.shape)


def _sharing(array: NewArray | ViewOfInput) -> str:
    if isinstance(array, NewArray):
        return "own"
    return "same" if array.item >= 0 else "view"


def _no_warnings(held: CheckedCase) -> Difference | None:
    if held.got.warned and not held.expected.warned:
        kind, text = held.got.warned[0]
        return Difference("RE", f"The call shows a warning: {kind}: {text}")
    return None


def check(requirement: Requirement, held: CheckedCase) -> Difference | None:
    """How an outcome misses a requirement that is judged on every case, or None."""
    if requirement == CORRECT:
        return correct(held)
    if requirement == UNTOUCHED:
        return untouched(held)
    if held.got.raised or held.expected.raised:
        return None
    if isinstance(requirement, ViewOf):
        return _view_of(held, requirement) if not held.case.entry.uses else None
    if isinstance(requirement, OwnMemory):
        return _own_memory(held) if not held.case.entry.uses else None
    if isinstance(requirement, SharesAsReference):
        return _shares(held) if not held.case.entry.uses else None
    if isinstance(requirement, NoWarnings):
        return _no_warnings(held)
    return None


PER_CASE = (ViewOf, OwnMemory, SharesAsReference, NoWarnings)


def first_failure(case: SuiteCase, described: bytes, requirements: Sequence[Requirement]) -> Failure | None:
    """The first of `requirements` that the outcome misses on `case`.

    Raises
    ------
    WireError
        If what the sandbox sent does not describe an outcome.
    """
    if described == case.expected:
        # Identical to the reference's outcome, and `ndojo verify` checks that the reference meets every requirement.
        return None
    held = CheckedCase(case, read_outcome(described))
    for requirement in requirements:
        try:
            found = check(requirement, held)
        except Unreadable as problem:
            found = Difference(problem.code, str(problem))
        if found:
            return Failure(case, requirement, found.code, found.message[:1].upper() + found.message[1:])
    return None
