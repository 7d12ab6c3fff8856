"""Checks a question: right answers pass, traps fail for their stated reason, and the cases expose mistakes."""

from __future__ import annotations

import time
from collections.abc import Callable

from ndojo.judge.judge import Judge
from ndojo.measure.hardware_limits import Limits
from ndojo.proof.code_checks import CodeProver
from ndojo.proof.drill_checks import check_drills
from ndojo.proof.prose_checks import check_language, check_prose
from ndojo.proof.report import Proof
from ndojo.question.records import Question
from ndojo.sandbox import Sandbox


def verify(
    question: Question,
    sandbox: Sandbox | None = None,
    *,
    mutation: bool = True,
    bars: bool = True,
    find_limits: Callable[[], Limits] | None = None,
) -> Proof:
    """Run all checks on one question.

    Parameters
    ----------
    question : Question
    sandbox : Sandbox, optional
        Required for a question with code.
    mutation : bool
        Whether to judge mutants of the reference. Without them, the proof is faster but weaker.
    bars : bool
        Whether to time the known right answers, to check that they differ clearly from the speed thresholds.
    find_limits : callable, optional
        Returns the hardware limits of this machine. The proof then states the share that each right answer reaches.
    """
    started = time.perf_counter()
    proof = Proof(question.slug, question.room)
    check_language(question, proof)
    check_prose(question, proof)
    check_drills(question, proof)
    if question.entry_points:
        assert sandbox is not None, "a question with code is verified in a sandbox"
        with Judge(question, sandbox, find_limits) as judge:
            CodeProver(question, proof).prove(judge, mutation=mutation, bars=bars)
    proof.seconds = round(time.perf_counter() - started, 2)
    return proof
