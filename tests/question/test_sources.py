# ruff: noqa: E501  (one line per table row is easier to read)
"""Sources draw allowed values, recognize allowed values, and make values simpler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ndojo.question.sources.array_values import HOLDS
from ndojo.question.sources.arrays import arrays
from ndojo.question.sources.base import Source
from ndojo.question.sources.containers import lists, made, mappings, one_of, tuples
from ndojo.question.sources.layouts import LAYOUTS
from ndojo.question.sources.scalars import axis_of, callables, choice, files, floats, generators, integers
from ndojo.question.values import Expression, ScratchFile

GIVEN = {"n": 3, "k": 2, "x": np.zeros((2, 3))}
SOURCES: dict[str, Source] = {
    "arrays": arrays("n"),
    "integer arrays": arrays("n", "k", dtype=("int8", "uint8", "int64"), low=-3, high=300),
    "arrays of any shape": arrays(..., max_ndim=3),
    "arrays with a lead": arrays(..., "n", dtype="float32"),
    "computed lengths": arrays("n + 1", "2 * k", 3),
    "everything floats hold": arrays("n", dtype=("float64", "float32"), holds=HOLDS),
    "everything integers hold": arrays("n", dtype="int16", holds=HOLDS),
    "complex": arrays("n", dtype="complex128", holds=("nan", "inf")),
    "bools": arrays("n", dtype="bool"),
    "texts": arrays("n", dtype="U4"),
    "bytes": arrays("n", dtype="S3"),
    "dates": arrays("n", dtype="M8[D]"),
    "spans": arrays("n", dtype="m8[s]"),
    "records": arrays("n", dtype=np.dtype([("a", "i4"), ("b", "f8")])),
    "few values": arrays("n", dtype="float64", of=(0.0, np.nan, 2.5)),
    "non-negative": arrays("n", low=0.0, high=1.0),
    "integers": integers(-2, "n"),
    "integers outside": integers(1, "n", outside=True),
    "floats": floats(0, 1),
    "special floats": floats(0, 1, np.inf, np.nan),
    "choice": choice("C", "F", None),
    "callables": callables("np.sin", "abs"),
    "axis": axis_of("x"),
    "any axis": axis_of("x", none=True, outside=True),
    "generators": generators(),
    "files": files("a.txt", b"", b"x"),
    "lists": lists(integers(0, 5), 0, 3),
    "tuples": tuples(arrays("n"), 1, 2),
    "mappings": mappings(("a", "b"), arrays("n")),
    "one of": one_of(integers(0, 3), floats(0, 1), choice("x")),
    "made": made(lambda rng, variant, given: rng.integers(9, size=variant), 3, 0, valid=lambda v: v.ndim == 1),
}


def plans(source: Source) -> list[dict[str, Any]]:
    """Yield the ordinary choice, and every unusual choice alone."""
    axes = source.axes()
    base = {axis: choices[0] for axis, choices in axes.items()}
    return [base, *(base | {axis: choice} for axis, choices in axes.items() for choice in choices[1:])]


def drawn(source: Source, tries: int = 3) -> list[Any]:
    rng = np.random.default_rng(0)
    values = []
    for plan in plans(source) * tries:
        try:
            values.append(source.build(plan, GIVEN, rng))
        except ValueError:  # such as a layout that is impossible for a shape
            continue
    assert values
    return values


def given() -> dict[str, Any]:
    return dict(GIVEN)


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_drawn_is_allowed(name: str) -> None:
    """Every choice on every axis gives a value that the source itself accepts."""
    for value in drawn(SOURCES[name]):
        assert SOURCES[name].accepts(value, given()), repr(value)


@pytest.mark.parametrize(
    "name", [name for name in SOURCES if name not in ("generators", "files", "callables", "dates", "spans", "records")]
)
def test_what_is_drawn_can_be_made_smaller(name: str) -> None:
    """Some drawn value has a simpler allowed value, and repeated simplification ends."""
    source = SOURCES[name]
    steps = 0
    for value in drawn(source, 1):
        for simpler in source.simpler(value):
            steps += source.accepts(simpler, given())
    assert steps


def settled(source: Source, value: Any) -> int:
    """Return the number of greedy steps until no simpler value exists."""
    for step in range(200):
        simpler = next(
            (one for one in source.simpler(value) if source.accepts(one, given()) and differs(one, value)), None
        )
        if simpler is None:
            return step
        value = simpler
    return 200


def differs(one: Any, other: Any) -> bool:
    return repr(one) != repr(other)


@pytest.mark.parametrize("name", ["choice", "lists", "mappings", "bools", "texts"])
def test_making_smaller_comes_to_an_end(name: str) -> None:
    for value in drawn(SOURCES[name], 1):
        assert settled(SOURCES[name], value) < 200


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("arrays", np.zeros(2)), ("arrays", np.zeros((3, 1))), ("arrays", np.zeros(3, "f4")), ("arrays", [0.0] * 3),
        ("arrays", np.array([1.0, np.nan, 0.0])), ("arrays", np.array([1.0, np.inf, 0.0])), ("arrays", np.full(3, 101.0)),
        ("arrays of any shape", np.zeros((1, 1, 1, 1))), ("arrays with a lead", np.zeros(2, "f4")),
        ("computed lengths", np.zeros((3, 4, 3))), ("non-negative", np.array([0.5, -0.1, 0.0])),
        ("integer arrays", np.full((3, 2), -4, "i8")), ("few values", np.array([1.0, 0.0, 0.0])),
        ("records", np.array([(1, np.nan)] * 3, [("a", "i4"), ("b", "f8")])),
        ("integers", 4), ("integers", -3), ("integers", 1.0), ("integers", True), ("integers", np.int64(1)),
        ("floats", 1.5), ("floats", 1), ("floats", np.nan), ("special floats", -np.inf), ("choice", "K"),
        ("axis", 2), ("axis", None), ("axis", -3), ("any axis", "0"), ("lists", [1] * 4), ("lists", (1,)), ("lists", [9]),
        ("tuples", ()), ("mappings", {"c": np.zeros(3)}), ("mappings", {"a": np.zeros(2)}), ("one of", "y"),
        ("generators", 3), ("files", "a.txt"), ("made", np.zeros((1, 1))),
    ],
)  # fmt: skip
def test_what_the_prompt_does_not_allow_is_refused(name: str, wrong: Any) -> None:
    assert not SOURCES[name].accepts(wrong, given())


def test_length_binds_its_name() -> None:
    """Two arrays with the same named length must agree, and an expression can depend on it."""
    bound: dict[str, Any] = {}
    assert arrays("m").accepts(np.zeros(4), bound)
    assert bound == {"m": 4}
    assert arrays("m + 1").accepts(np.zeros(5), bound)
    assert not arrays("m").accepts(np.zeros(5), bound)


def test_pools_hold_every_layout_and_special() -> None:
    """One array input is tried alone with each layout, dtype and kind that judge.md lists."""
    axes = arrays("n", dtype=("float64", "float32"), holds=HOLDS).axes()
    assert set(axes["layout"]) == {"C", "F", "step", "reversed", "readonly", "broadcast", "unaligned"} == set(LAYOUTS)
    wanted = {"zeros", "constant", "ties", "sorted", "reversed", "one high", "one low", "negative", "negative zero",
              "nan", "all nan", "inf", "-inf", "huge", "tiny", "subnormal", "extremes"}  # fmt: skip
    assert wanted <= set(axes["kind"])
    shapes = arrays(...).axes()["lead"]
    assert {(), (0,), (1,), (0, 3), (3, 0), (1, 4), (4, 1)} <= set(shapes)


LOOKS: dict[str, Callable[[np.ndarray], bool]] = {
    "C": lambda a: a.flags.c_contiguous and a.flags.owndata,
    "F": lambda a: a.flags.f_contiguous and not a.flags.c_contiguous,
    "step": lambda a: a.strides[-1] == 16,
    "reversed": lambda a: a.strides[0] < 0,
    "readonly": lambda a: not a.flags.writeable,
    "broadcast": lambda a: a.strides[0] == 0,
    "unaligned": lambda a: not a.flags.aligned,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_is_what_it_is_called(layout: str) -> None:
    plan = {"kind": "ordinary", "dtype": "float64", "layout": layout}
    array = arrays("n", "k").build(plan, GIVEN, np.random.default_rng(0))
    assert array.shape == (3, 2)
    assert LOOKS[layout](array)


def test_one_high_is_as_high_as_allowed() -> None:
    """A value at the upper bound can fall outside the last bin or index."""
    plan = {"kind": "one high", "dtype": "int64", "layout": "C"}
    array = arrays("n", dtype="int64", low=0, high="n - 1").build(plan, GIVEN, np.random.default_rng(0))
    assert array.max() == 2


def test_bounds_are_narrowed_to_the_dtype() -> None:
    plan = {"kind": "one high", "dtype": "uint8", "layout": "C"}
    array = arrays("n", dtype="uint8", low=-5, high=1000).build(plan, GIVEN, np.random.default_rng(0))
    assert array.max() == 255


def test_unknown_words_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown"):
        arrays("n", holds="nans")
    with pytest.raises(ValueError, match="unknown"):
        arrays("n", layouts=("c",))


def test_values_made_on_the_other_side_show_what_makes_them() -> None:
    assert repr(Expression("np.sin")) == "np.sin"
    assert ScratchFile("a").content is None


def test_interrupt_while_drawing_leaves_the_exit_status_alone() -> None:
    """Ctrl+C while a bound is computed can be handled. The process does not end by a signal afterward."""
    import subprocess
    import sys

    code = """
from ndojo.question.sources.base import bound

class Interrupted:
    def __add__(self, other):
        raise KeyboardInterrupt

try:
    bound("n + 1", {"n": Interrupted()})
except KeyboardInterrupt:
    pass
"""
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
