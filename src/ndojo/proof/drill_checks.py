"""Checks of drills: every variant can be run, has a reason, and differs from the others."""

from __future__ import annotations

import numpy as np

from ndojo.proof.report import Proof
from ndojo.question.drills import Drill
from ndojo.question.records import Question
from ndojo.question.truth import truth

FEWEST_DRILLS = 4
HARDNESSES = (0.0, 0.25, 0.5, 0.75, 1.0)
VARIANTS = 6


def check_drills(question: Question, proof: Proof) -> None:
    """Check that the question has enough drills and that each of them is valid."""
    drills = question.drills
    proof.drills = len(drills)
    if "predict" in question.kinds and len(drills) < FEWEST_DRILLS:
        proof.add(
            "drill",
            "drills",
            f"kinds lists predict, but the file has {len(drills)} drills.",
            f"Write at least {FEWEST_DRILLS} functions with the decorator @drill.",
        )
    for drill in drills:
        _check_drill(question, proof, drill)


def _check_drill(question: Question, proof: Proof, drill: Drill) -> None:
    seen: set[str] = set()
    for place, hardness in enumerate(HARDNESSES * VARIANTS):
        try:
            prediction = drill.vary(np.random.default_rng(place), hardness)
            answer = truth(prediction)
        except Exception as problem:
            proof.add("drill", drill.name, f"variant {place} fails: {problem!r}", "Fix the template.")
            return
        if not prediction.why.strip().endswith((".", "!", "?")):
            proof.add("drill", drill.name, f"`why` of variant {place} is not a sentence.", "Write `why` as a sentence.")
            return
        if not answer or len(answer) > 120:
            proof.add(
                "drill",
                drill.name,
                f"the correct prediction of variant {place} has {len(answer)} characters; it must have 1 to 120.",
                "Change the expression so that the prediction is short.",
            )
            return
        seen.add(prediction.code)
    if len(seen) < 6:
        proof.add("drill", drill.name, f"only {len(seen)} different variants in {place + 1} draws.", "Vary it more.")
