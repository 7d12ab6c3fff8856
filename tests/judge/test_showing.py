"""Inputs are shown as code that makes them again."""

from __future__ import annotations

import numpy as np
import pytest

from ndojo.judge.showing import literal

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


def test_array_that_is_not_constant_is_written_out() -> None:
    """Zeros of both signs differ."""
    array = np.array([0.0, -0.0] * 20)
    assert eval(literal(array), {"np": np}).tobytes() == array.tobytes()
