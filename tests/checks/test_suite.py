"""A suite has a curated part that never changes and a random part, with the smallest cases first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from ndojo.checks.suite import Suite, SuiteMaker
from ndojo.question.entries import Entry
from ndojo.question.records import Question
from ndojo.question.requirements import Level
from ndojo.question.sources.arrays import arrays
from ndojo.question.sources.scalars import integers

Ask = Callable[[str], Question]
STEMS = ("double", "head", "fill", "draw", "outer", "tools")


def drawn(question: Question, seed: int) -> Suite:
    maker = SuiteMaker(question)
    try:
        return maker.draw(seed)
    finally:
        maker.close()


@pytest.mark.parametrize("stem", STEMS)
def test_drawn_inputs_are_allowed(stem: str, question: Ask) -> None:
    """The exceptions are the author's named cases, which may be invalid on purpose."""
    for seed in range(3):
        for case in drawn(question(stem), seed).cases:
            named = any(case.inputs.keys() == own.inputs.keys() for own in case.entry.cases)
            assert named or case.entry.allows(case.inputs), case.inputs


@pytest.mark.parametrize("stem", STEMS)
def test_same_seed_draws_the_same_suite(stem: str, question: Ask) -> None:
    one, other = drawn(question(stem), 7), drawn(question(stem), 7)
    assert [case.packed for case in one.cases] == [case.packed for case in other.cases]


def test_curated_part_is_the_same_and_the_rest_fresh(question: Ask) -> None:
    """For one version of a question, the curated part does not depend on the seed."""
    one, other = drawn(question("double"), 1), drawn(question("double"), 2)
    parts = [
        [{case.packed for case in suite.cases if case.curated is kind} for suite in (one, other)]
        for kind in (True, False)
    ]
    assert parts[0][0] == parts[0][1] != set()
    assert len(parts[1][0] & parts[1][1]) < 0.2 * len(parts[1][0])


def test_other_version_draws_other_cases(question: Ask) -> None:
    """Knowing the curated cases of one version does not reveal those of the next."""
    one = drawn(question("double"), 1)
    other = drawn(replace(question("double"), version="abcdef123456"), 1)
    assert {case.packed for case in one.cases} != {case.packed for case in other.cases}


@pytest.mark.parametrize("stem", STEMS)
def test_smallest_come_first_and_none_twice(stem: str, question: Ask) -> None:
    cases = drawn(question(stem), 3).cases
    sizes = [case.size for case in cases]
    assert sizes == sorted(sizes)
    assert len({case.packed for case in cases}) == len(cases)


def test_suite_has_about_two_hundred_cases(question: Ask) -> None:
    assert 150 <= len(drawn(question("double"), 0).cases) <= 220


def test_every_layout_dtype_and_length_is_tried_alone(question: Ask) -> None:
    """Empty, one element, F order, strided, reversed, read-only, broadcast, unaligned, and each dtype."""
    inputs = [case.inputs["x"] for case in drawn(question("double"), 0).cases if case.curated]
    assert {x.dtype.name for x in inputs} == {"float64", "int32"}
    assert any(x.size == 0 for x in inputs) and any(1 in x.shape for x in inputs)
    assert any(not x.flags.writeable for x in inputs)
    assert any(x.ndim and x.strides[0] < 0 for x in inputs)
    assert any(0 in x.strides for x in inputs)
    assert any(not x.flags.aligned for x in inputs)
    assert any(x.flags.f_contiguous and not x.flags.c_contiguous for x in inputs)


def test_defaults_are_left_out_too(question: Ask) -> None:
    cases = drawn(question("double"), 0).cases
    assert {"offset" in case.inputs for case in cases} == {True, False}


def test_pairs_are_tried_as_one_array_and_overlapping(question: Ask) -> None:
    cases = [case.inputs for case in drawn(question("outer"), 0).cases]
    assert any(one["x"] is one["y"] for one in cases)
    assert any(one["x"] is not one["y"] and np.shares_memory(one["x"], one["y"]) for one in cases)


def add(x, y):  # type: ignore[no-untyped-def]
    """Add."""
    return x + y


def test_shared_inputs_stay_inside_each_ones_bounds() -> None:
    """A value that the prompt allows for one argument may not be allowed for the other."""
    entry = Entry(add, {"x": arrays("n", dtype="int64"), "y": arrays("n", dtype="int64", low=0, high=5)})
    question = Question(
        levels=[Level("right")], difficulty="easy", topics=[], companies=[], asked=[], explanation="", points=[],
        entry_points=[entry], slug="add", path=__file__,
    )  # fmt: skip
    for case in drawn(question, 0).cases:
        assert entry.allows(case.inputs), case.inputs


def refuse(x, w):  # type: ignore[no-untyped-def]
    """Refuse."""
    if not 1 <= w <= x.size:
        raise ValueError
    return x[:w]


def test_refusals_just_outside_are_drawn() -> None:
    entry = Entry(refuse, {"x": arrays("n"), "w": integers(1, "n", outside=True)}, dims={"n": (1, 9)})
    question = Question(
        levels=[Level("right")], difficulty="easy", topics=[], companies=[], asked=[], explanation="", points=[],
        entry_points=[entry], slug="refuse", path=__file__,
    )  # fmt: skip
    cases = drawn(question, 0).cases
    outside = [case for case in cases if not 1 <= case.inputs["w"] <= case.inputs["x"].size]
    assert {case.inputs["w"] < 1 for case in outside} == {True, False}
    assert all(case.outcome.raised.name == "ValueError" for case in outside)
    assert any(case.inputs["w"] == case.inputs["x"].size for case in cases)
