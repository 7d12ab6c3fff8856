"""For any bytes that come back for a case, the judge reports a failed requirement or an invalid outcome."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ndojo.calls.outcome import read_outcome
from ndojo.calls.wire.values import WireError
from ndojo.calls.wire.writer import Writer
from ndojo.checks.requirements import CheckedCase, first_failure
from ndojo.checks.suite import SuiteCase, SuiteMaker
from ndojo.question.entries import matches
from ndojo.question.records import Question
from ndojo.question.requirements import CORRECT, UNTOUCHED, no_warnings, own_memory, shares_as_reference, view_of

ALL = (CORRECT, UNTOUCHED, own_memory(), shares_as_reference(), view_of("x"), no_warnings())


def cases_of(question: Question) -> list[SuiteCase]:
    maker = SuiteMaker(question)
    try:
        return list(maker.draw(0).cases)
    finally:
        maker.close()


@pytest.mark.parametrize("stem", ["double", "head", "fill", "draw", "outer", "tools"])
@given(data=st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mangled_outcome_never_breaks_the_judge(
    stem: str, question: Callable[[str], Question], data: st.DataObject
) -> None:
    """Flipped bits, missing or extra bytes, and outcomes of other cases give a failure, None, or a `WireError`."""
    cases = _known.setdefault(stem, cases_of(question(stem)) if stem not in _known else [])
    case = data.draw(st.sampled_from(cases))
    described = bytearray(data.draw(st.sampled_from(cases)).expected)
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(described) - 1))
        how = data.draw(st.sampled_from(["flip", "byte", "cut", "number"]))
        if how == "flip":
            described[place] ^= 1 << data.draw(st.integers(0, 7))
        elif how == "byte":
            described[place] = data.draw(st.integers(0, 255))
        elif how == "cut" and len(described) > 5:
            del described[place : place + 2]
        else:
            described[place : place + 8] = struct.pack("<q", data.draw(st.sampled_from([-1, 2**31, 2**40, -(2**63)])))
    for requirement in ALL:
        with contextlib.suppress(WireError):
            first_failure(case, bytes(described), [requirement])


_known: dict[str, list[SuiteCase]] = {}


def returned(value: object) -> bytes:
    out = Writer(opaque=True)
    out.parts.append(b"R")
    for part in (value, [], False, []):
        out.write(part)
    return out.done()


@pytest.mark.parametrize("scale", [np.nan, np.inf, -np.inf])
def test_magnitude_that_is_no_number_lets_nothing_pass(scale: float, question: Callable[[str], Question]) -> None:
    """An input with NaN or infinity must not make every other value pass."""
    case = next(one for one in cases_of(question("double")) if one.inputs["x"].size > 2 and not one.outcome.raised)
    scaled = replace(case.entry, result=matches(scale=lambda x, offset: np.array([scale, 1.0])))
    case = SuiteCase(scaled, case.inputs, case.packed, case.expected)
    wrong = returned(CheckedCase(case, case.outcome).expected_value + case.inputs["x"].dtype.type(1))
    found = first_failure(case, wrong, [CORRECT])
    assert found is not None and found.code == "WA"


def test_files_of_a_case_are_not_made_where_the_judge_stands(
    question: Callable[[str], Question], tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading an outcome recreates the case's arguments but writes no files."""
    monkeypatch.chdir(tmp_path)  # type: ignore[arg-type]
    case = next(one for one in cases_of(question("tools")) if one.entry.name == "load_numbers")
    held = CheckedCase(case, read_outcome(returned(np.zeros(9))))
    assert held.own_roots() == set()
    assert first_failure(case, returned(np.zeros(9)), [CORRECT, UNTOUCHED]) is not None
    assert not list(tmp_path.iterdir())  # type: ignore[attr-defined]


def test_empty_result_is_neither_a_view_nor_a_copy(question: Callable[[str], Question]) -> None:
    """Arrays without elements share no memory, so they satisfy both requirements."""
    case = next(one for one in cases_of(question("head")) if one.inputs["x"].size == 1)
    assert read_outcome(case.expected).value.shape == (0,)
    for requirement in (view_of("x"), shares_as_reference(), own_memory()):
        assert first_failure(case, returned(np.zeros(0)), [requirement]) is None
        assert first_failure(case, case.expected, [requirement]) is None


def test_argument_given_by_keyword_is_held_against_itself(question: Callable[[str], Question]) -> None:
    """`out` is a keyword-only argument, and its contents after the call are compared."""
    case = next(one for one in cases_of(question("fill")) if one.inputs["x"].size > 1)
    held = CheckedCase(case, case.outcome)
    assert held.argument("out") is not None
    assert len(held.own_roots()) == 1
    assert np.array_equal(held.written(held.got, "out"), np.cumsum(case.inputs["x"]) + case.inputs.get("start", 1))
