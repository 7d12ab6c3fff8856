"""Proof that a question is sound: right answers pass, wrong ones fail for their reason, cases notice mistakes."""

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
    """Prove one question.

    Parameters
    ----------
    question : Question
    sandbox : Sandbox, optional
        Needed for a question with code.
    mutation : bool
        Whether the reference is mutated; without, the proof is quicker and weaker.
    bars : bool
        Whether right answers are timed against the bars of speed, to see that they lie clear of them.
    find_limits : callable, optional
        Says what this machine can do: with it, the proof says how near right answers come to that.
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
