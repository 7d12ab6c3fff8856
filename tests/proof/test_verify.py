"""`verify` rejects a question whose result would depend on random cases."""

from __future__ import annotations

from pathlib import Path

from ndojo.proof.verify import verify
from ndojo.question.loading import load_file
from ndojo.sandbox import Sandbox

QUESTIONS = Path(__file__).parents[1] / "questions"


def test_trap_that_only_luck_exposes_is_refused(answers: Sandbox) -> None:
    """A trap that no curated case exposes would fail in most verdicts but pass in some."""
    proof = verify(load_file(QUESTIONS / "luck.py"), answers, mutation=False, bars=False)
    (found,) = [problem for problem in proof.problems if problem.subject.startswith("at_most")]
    assert "fails only on random inputs" in found.message and "Add a case" in found.advice
