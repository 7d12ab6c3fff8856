"""Checks of what people read in a question: metadata, spoken answer, examples, language and live measurement."""

from __future__ import annotations

import contextlib
import doctest
import inspect
import io
import sys
from pathlib import Path
from typing import Any

import numpy as np

from ndojo.proof.language import check_file
from ndojo.proof.report import Proof
from ndojo.question.records import Question

SPOKEN_WORDS = (40, 110)
"""Minimum and maximum number of words in a spoken answer: about 30 seconds."""

MOST_WORDS = 400
"""Maximum number of words in the explanation of a question of kind "explain"."""


def check_prose(question: Question, proof: Proof) -> None:
    """Check that all required prose exists, the examples run, and the links lead to NumPy's documentation."""
    for name in ("title", "hints", "points", "explanation", "topics", "links", "asked"):
        if name == "hints" and "code" not in question.kinds:
            continue
        value = getattr(question, name)
        if not all(str(part).strip() for part in ([value] if isinstance(value, str) else value or [""])):
            proof.add("metadata", name, f"{name} is empty.", f"Fill `{name}` in QUESTION.")
    _check_spoken(question, proof)
    if "explain" in question.kinds:
        _check_model_answer(question, proof)
    for link in question.links:
        if not link.startswith("https://numpy.org/doc/stable/"):
            proof.add("metadata", "links", f"{link} is not a page of NumPy's documentation.", "Link to a page of it.")
    for entry in question.entry_points:
        _check_doctests(question, proof, entry.name, inspect.getdoc(entry.reference) or "", required=True)
    _check_doctests(question, proof, "explanation", question.explanation, required=False)
    _check_live(question, proof)


def _check_spoken(question: Question, proof: Proof) -> None:
    words, (fewest, most) = len(question.spoken.split()), SPOKEN_WORDS
    if not fewest <= words <= most:
        proof.add("metadata", "spoken", f"The spoken answer has {words} words.", f"Write {fewest} to {most} words.")


def check_language(question: Question, proof: Proof) -> None:
    """Check that the file follows "How we write", as far as a program can tell."""
    path = Path(question.path)
    for one in check_file(path, path.name):
        proof.add("language", f"line {one.line}", f"{one.found!r}", f"Write {one.instead}.")


def _check_model_answer(question: Question, proof: Proof) -> None:
    """Check that the explanation has points and a live measurement, and is short enough to read in a few minutes."""
    words = len(question.explanation.split())
    if not 5 <= len(question.points) <= 9:
        proof.add("metadata", "points", f"{len(question.points)} points.", "Give five to nine points.")
    if words > MOST_WORDS:
        proof.add("metadata", "explanation", f"{words} words.", f"Write at most {MOST_WORDS} words.")
    if question.live is None:
        proof.add("live", "live", "kinds lists explain, but `live` is missing.", "Set `live` to a function.")


def _check_doctests(question: Question, proof: Proof, name: str, text: str, *, required: bool) -> None:
    scope = {"np": np} | {entry.name: entry.reference for entry in question.entry_points}
    scope |= {name: value for name, value in _module_of(question).items() if not name.startswith("__")}
    test = doctest.DocTestParser().get_doctest(text, scope, name, question.path, 0)
    if required and not test.examples:
        proof.add("doctest", name, "The prompt has no example.", "Add an example with `>>>`.")
    output = io.StringIO()
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    runner = doctest.DocTestRunner(optionflags=flags, verbose=False)
    with np.printoptions(legacy=False):
        runner.run(test, out=output.write, clear_globs=False)
    if runner.failures:
        proof.add("doctest", name, output.getvalue().strip(), "Write what NumPy prints.")


def _check_live(question: Question, proof: Proof) -> None:
    if question.live is None:
        return
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            question.live()
    except Exception as problem:
        proof.add("live", "live", f"raises {type(problem).__name__}: {problem}", "Fix it or remove it.")
        return
    if not output.getvalue().strip():
        proof.add("live", "live", "prints nothing.", "Print the measurement.")


def _module_of(question: Question) -> dict[str, Any]:
    module = sys.modules.get(f"ndojo.bank.{question.room}.{question.slug.replace('-', '_')}")
    return dict(vars(module)) if module else {}
