"""Packages other than NumPy can be imported only if the question allows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ndojo.judge.judge import judge
from ndojo.judge.verdict import Verdict
from ndojo.question.loading import load_file
from ndojo.question.records import Question
from ndojo.sandbox import Sandbox

FILE = '''\
"""The energy of a signal."""

import numpy as np

from ndojo.question import Entry, Level, Question, arrays


def energy(x):
    """Sum of squares."""
    return float((x * x).sum())


QUESTION = Question(
    difficulty="easy", topics=["Performance"], companies=[], asked=["T112"], explanation="...", points=["..."],
    entry_points=[Entry(energy, {{"x": arrays("n")}})], levels=[Level("right")], allows={allows!r}, seconds=30.0,
)
'''
COMPILED = b"""\
import numba


@numba.njit
def energy(x):
    total = 0.0
    for value in x:
        total += value * value
    return total
"""
BY_BLAS = b"""\
from scipy.linalg import blas


def energy(x):
    return float(blas.ddot(x, x)) if x.size else 0.0
"""


def question(folder: Path, *allows: str) -> Question:
    path = folder / "performance" / "energy.py"
    path.parent.mkdir()
    path.write_text(FILE.format(allows=list(allows)), encoding="utf-8")
    return load_file(path)


def judged(asked: Question, answer: bytes) -> Verdict:
    with Sandbox(allows=tuple(asked.allows)) as sandbox:
        return judge(asked, answer, sandbox)


def test_numba_compiles_where_allowed_and_the_verdict_names_the_layer_that_is_off(tmp_path: Path) -> None:
    """Compiling requires executable memory. Only such a question runs without that layer, and the verdict says so."""
    verdict = judged(question(tmp_path, "numba"), COMPILED)
    assert verdict.verdict == "AC"
    assert "no executable memory" in [layer for layer, _ in verdict.isolation["missing"]]


def test_scipy_loads_where_allowed_and_every_layer_stays(tmp_path: Path) -> None:
    """SciPy's extensions are loaded before the isolation layers become active."""
    verdict = judged(question(tmp_path, "scipy"), BY_BLAS)
    assert verdict.verdict == "AC"
    assert verdict.isolation["missing"] == []


@pytest.mark.parametrize(("answer", "module"), [(COMPILED, "numba"), (BY_BLAS, "scipy")])
def test_what_is_not_allowed_is_absent(tmp_path: Path, answer: bytes, module: str) -> None:
    """An installed package that the question does not allow cannot be imported."""
    verdict = judged(question(tmp_path), answer)
    assert verdict.verdict == "NA"
    assert f"The module {module} is not available" in verdict.findings[0].message
