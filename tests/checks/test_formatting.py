"""Inputs are shown as code that creates them again."""

from __future__ import annotations

import numpy as np
import pytest

from ndojo.checks.formatting import literal, slices

OWNER = np.arange(24.0).reshape(4, 6)
VIEWS = {
    "[0, :]": OWNER[0],
    "[:, 0]": OWNER[:, 0],
    "[2, 1:5:2]": OWNER[2, 1:5:2],
    "[::-1, 3]": OWNER[::-1, 3],
    "[1:3, ::2]": OWNER[1:3, ::2],
    "[:, :]": OWNER,
}


@pytest.mark.parametrize("index", VIEWS)
def test_views_are_shown_as_slices_of_their_owner(index: str) -> None:
    assert slices(OWNER, VIEWS[index]) == index


def test_other_views_are_no_slices() -> None:
    assert slices(OWNER, OWNER.T) is None
    assert slices(OWNER, OWNER.reshape(-1)[1::7]) is None
    assert slices(OWNER, np.diagonal(OWNER)) is None


CONSTANT = {
    "zeros": np.zeros((300, 20)),
    "negative zeros": np.full(100, -0.0),
    "nan": np.full(5000, np.nan, np.float32),
    "true": np.ones((40, 1), bool),
    "complex": np.full(30, 1 + 2j),
    "text": np.full(30, "ab"),
    "bytes": np.full((5, 6), b"x"),
    "big-endian": np.full(50, 7, ">i2"),
}


@pytest.mark.parametrize("name", CONSTANT)
def test_constant_array_is_shown_in_short(name: str) -> None:
    array = CONSTANT[name]
    text = literal(array)
    made = eval(text, {"np": np})
    assert len(text) < 60 and (made.dtype, made.shape) == (array.dtype, array.shape)
    assert made.tobytes() == array.tobytes()


def test_equal_columns_are_shown_in_short() -> None:
    array = np.repeat([[True], [False]], 300, axis=1)
    text = literal(array)
    assert text == "np.repeat(np.array([[True], [False]]), 300, axis=-1)"
    assert np.array_equal(eval(text, {"np": np}), array)


RANGES = {
    "from zero": np.arange(1200, dtype=np.float32),
    "from five": np.arange(5, 105, dtype=np.int16),
    "down": np.arange(50.0)[::-1].copy(),
    "table": np.arange(0, 400, 4).reshape(4, 25),
    "below zero": np.arange(-30, 30, dtype=">f8"),
    "bytes": np.arange(200, dtype=np.uint8),
}


@pytest.mark.parametrize("name", RANGES)
def test_even_steps_are_shown_in_short(name: str) -> None:
    array = RANGES[name]
    text = literal(array)
    made = eval(text, {"np": np})
    assert len(text) < 60 and (made.dtype, made.shape) == (array.dtype, array.shape)
    assert made.tobytes() == array.tobytes()


@pytest.mark.parametrize("last", [np.nan, 29.5, 31.0, -0.0, 1e300])
def test_steps_that_are_not_even_are_written_out(last: float) -> None:
    array = np.append(np.arange(30.0), last)
    assert eval(literal(array), {"np": np}).tobytes() == array.tobytes()


def test_array_that_is_not_constant_is_written_out() -> None:
    """Zeros of both signs differ, and values that wrap around are not a range."""
    wraps = np.arange(240, 280).astype(np.uint8)
    assert eval(literal(wraps), {"np": np}).tobytes() == wraps.tobytes()
    array = np.array([0.0, -0.0] * 20)
    assert eval(literal(array), {"np": np}).tobytes() == array.tobytes()
