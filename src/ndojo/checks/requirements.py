"""Checks the outcome of a case against the requirements, and finds the first one that it does not meet."""

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
        """Return the case's memory blocks after the call, each uint8 of shape (nbytes,)."""
        return [np.frombuffer(outcome.changed.get(root, known), np.uint8) for root, known in enumerate(self._blocks)]

    @cached_property
    def expected_value(self) -> Any:
        return plain(self.expected.value, self._after(self.expected))

    @cached_property
    def got_value(self) -> Any:
        return plain(self.got.value, self._after(self.got))

    def argument(self, name: str) -> Any:
        """Return the argument that was passed as `name`, or None if its default was used."""
        known = dict(zip(self.case.entry.parameters, self._before.args, strict=False)) | self._before.kwargs
        return known.get(name)

    def placed(self, name: str) -> ViewOfInput | None:
        """Return where the argument `name` is stored, if it is an array."""
        argument = self.argument(name)
        return self._before.place(argument) if isinstance(argument, np.ndarray) else None

    def written(self, outcome: Outcome, name: str) -> Any:
        """Return the value of the argument `name` after the call."""
        placed = self.placed(name)
        if placed is None:
            return self.argument(name)
        block = self._after(outcome)[placed.root]
        if block.nbytes != len(self._blocks[placed.root]):
            raise WireError("the size of a memory block has changed")
        return placed.over(block).copy()

    def own_roots(self) -> set[int]:
        """Return the indices of the memory blocks that the prompt says to change in place."""
        placed = [self.placed(name) for name in self.case.entry.in_place]
        return {place.root for place in placed if place is not None}


# ------------------------------------------------------------------------------------------------------------ checks


def correct(checked: CheckedCase) -> Difference | None:
    """Return how the returned value or exception differs from the expected one."""
    expected, got = checked.expected, checked.got
    if got.unread:
        return Difference("WT", f"The result could not be read: {got.unread.removeprefix('large: ')}.")
    if expected.raised:
        return _wrong_exception(checked)
    if got.raised:
        return _raised(checked)
    found = _result(checked)
    if found or not checked.case.entry.in_place:
        return found
    return _in_place(checked)


def _wrong_exception(checked: CheckedCase) -> Difference | None:
    expected, raised = checked.expected.raised, checked.got.raised
    assert expected is not None
    if raised is None:
        return Difference("WA", f"The call must raise {expected.name}, but it returned a value.")
    if expected.name in raised.classes:
        return None
    if "MemoryError" in raised.classes:
        return _raised(checked)
    return Difference("RE", f"The call raised {raised.name} instead of {expected.name}: {raised.message}")


def _raised(checked: CheckedCase) -> Difference:
    raised = checked.got.raised
    assert raised is not None
    if "NotAllowed" in raised.classes:
        return Difference("NA", f"{raised.message[:1].upper()}{raised.message[1:]}.")
    if "MemoryError" in raised.classes:
        return Difference("MLE", f"The call ran out of memory: {raised.message or raised.name}")
    if "ValueError" in raised.classes and "read-only" in raised.message and _has_read_only(checked):
        return Difference("IM", f"The call tried to write to a read-only input: {raised.message}")
    if "SystemExit" in raised.classes:
        return Difference("RE", "The answer called sys.exit() instead of returning.")
    return Difference(
        "RE",
        f"The call raised {raised.name}: {raised.message}" if raised.message else f"The call raised {raised.name}.",
    )


def _has_read_only(checked: CheckedCase) -> bool:
    inputs = [value for name, value in checked.case.inputs.items() if name not in checked.case.entry.in_place]
    return any(isinstance(value, np.ndarray) and not value.flags.writeable for value in inputs)


def _result(checked: CheckedCase) -> Difference | None:
    check = checked.case.entry.result.check
    if check is None or _too_large(checked):
        return difference(checked.expected_value, checked.got_value, checked.case.tolerance)
    try:
        wrong = check(checked.got_value, checked.expected_value, **checked.case.with_defaults())
    except Exception as problem:
        # The check of a question expects a result of the right type, and may raise an exception on another type.
        found = difference(checked.expected_value, checked.got_value, checked.case.tolerance)
        return found or Difference("WT", f"The result could not be checked: {problem}.")
    if not wrong:
        return None
    code, _, sentence = wrong.partition(": ") if wrong[:4] in ("WT: ", "WA: ") else ("WA", "", wrong)
    return Difference(code, sentence)


def _too_large(checked: CheckedCase) -> bool:
    """Return whether a result is a view too large to compute with, because it repeats its argument too often."""
    arrays = [array for array in arrays_in(checked.got.value) if isinstance(array, ViewOfInput)]
    return any(_size(array) * max(array.dtype.itemsize, 1) > MAX_BYTES for array in arrays)


def _in_place(checked: CheckedCase) -> Difference | None:
    for name in checked.case.entry.in_place:
        expected, got = checked.written(checked.expected, name), checked.written(checked.got, name)
        found = difference(expected, got, checked.case.tolerance, f"`{name}` after the call")
        if found:
            return found
    return None


def untouched(checked: CheckedCase) -> Difference | None:
    """Return which argument was changed although the prompt does not say so."""
    mutated = set(checked.got.changed) - checked.own_roots()
    if mutated:
        return Difference("IM", f"The call changed {_owner_of(checked, min(mutated))}.")
    if checked.got.altered and not checked.expected.altered:
        return Difference("IM", "The call changed an argument: its shape, its dtype or its contents.")
    return None


def _owner_of(checked: CheckedCase, root: int) -> str:
    for name in checked.case.entry.parameters:
        placed = checked.placed(name)
        if placed is not None and placed.root == root:
            return f"the input `{name}`"
    return "an input"


def _view_of(checked: CheckedCase, wanted: ViewOf) -> Difference | None:
    if wanted.parameter not in checked.case.entry.parameters:
        return None
    argument = checked.placed(wanted.parameter)
    for array in arrays_in(checked.got.value):
        if isinstance(array, NewArray):
            if not array.array.size:
                continue
            return Difference("VW", f"The result is a copy. It must be a view of `{wanted.parameter}`.")
        if argument is None or array.root != argument.root:
            return Difference("VW", f"The result is a view, but not of `{wanted.parameter}`.")
        if wanted.writeable is not None and array.writeable != wanted.writeable:
            return Difference("VW", f"The view must be {'writeable' if wanted.writeable else 'read-only'}.")
    return None


def _own_memory(checked: CheckedCase) -> Difference | None:
    if any(
        isinstance(array, ViewOfInput) and (_size(array) or array.item >= 0) for array in arrays_in(checked.got.value)
    ):
        return Difference("VW", "The result shares memory with an input. It must be a copy.")
    return None


def _shares(checked: CheckedCase) -> Difference | None:
    pairs = zip(arrays_in(checked.expected.value), arrays_in(checked.got.value), strict=False)
    for expected, got in pairs:
        wanted, found = _sharing(expected), _sharing(got)
        # An array without elements shares no memory, even if it is a view.
        if wanted != found and (_size(got) or "same" in (wanted, found)):
            return Difference("VW", f"The result {_SHARING[found]}, but it must {_MUST[wanted]}.")
    return None


_MUST = {"same": "be the argument itself", "view": "be a view of the argument", "own": "be a copy"}
_SHARING = {"same": "is the argument itself", "view": "shares memory with the argument", "own": "is a copy"}


def sharing(value: Any) -> list[str]:
    """Return how each array of a result relates to the arguments: the same object, a view, or a copy."""
    return [_sharing(array) for array in arrays_in(value)]


def _size(array: NewArray | ViewOfInput) -> int:
    return array.array.size if isinstance(array, NewArray) else math.prod(array.shape)


def _sharing(array: NewArray | ViewOfInput) -> str:
    if isinstance(array, NewArray):
        return "own"
    return "same" if array.item >= 0 else "view"


def _no_warnings(checked: CheckedCase) -> Difference | None:
    if checked.got.warned and not checked.expected.warned:
        kind, text = checked.got.warned[0]
        return Difference("RE", f"The call shows a warning: {kind}: {text}")
    return None


def check(requirement: Requirement, checked: CheckedCase) -> Difference | None:
    """Return how an outcome fails a requirement that is judged on every case, or None."""
    if requirement == CORRECT:
        return correct(checked)
    if requirement == UNTOUCHED:
        return untouched(checked)
    if checked.got.raised or checked.expected.raised:
        return None
    if isinstance(requirement, ViewOf):
        return _view_of(checked, requirement) if not checked.case.entry.uses else None
    if isinstance(requirement, OwnMemory):
        return _own_memory(checked) if not checked.case.entry.uses else None
    if isinstance(requirement, SharesAsReference):
        return _shares(checked) if not checked.case.entry.uses else None
    if isinstance(requirement, NoWarnings):
        return _no_warnings(checked)
    return None


PER_CASE = (ViewOf, OwnMemory, SharesAsReference, NoWarnings)


def first_failure(case: SuiteCase, described: bytes, requirements: Sequence[Requirement]) -> Failure | None:
    """Return the first of `requirements` that the outcome of `case` does not meet, or None.

    Raises
    ------
    WireError
        If the bytes from the sandbox do not describe an outcome.
    """
    if described == case.expected:
        # Identical to the reference's outcome, and `ndojo verify` checks that the reference meets every requirement.
        return None
    checked = CheckedCase(case, read_outcome(described))
    for requirement in requirements:
        try:
            found = check(requirement, checked)
        except Unreadable as problem:
            found = Difference(problem.code, str(problem))
        if found:
            return Failure(case, requirement, found.code, found.message[:1].upper() + found.message[1:])
    return None
