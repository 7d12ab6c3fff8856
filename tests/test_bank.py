"""Every question file is tested: its claims are true, and the verdicts on its traps can be reproduced."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from ndojo.checks.finding import FAILED, Finding
from ndojo.checks.suite import SuiteMaker
from ndojo.judge.judge import Judge
from ndojo.proof.verify import verify
from ndojo.question import loading
from ndojo.question.answer_source import answer_source
from ndojo.question.known_answers import Trap
from ndojo.question.records import Question
from ndojo.question.sources.containers import MadeSource
from ndojo.question.sources.scalars import GeneratorSource
from ndojo.sandbox import Sandbox

PATHS = loading.paths()


def _pasting():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("pasting", Path(__file__).parent / "judge" / "pasting.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pasting = _pasting()
_loaded: dict[str, Question] = {}


def load(slug: str) -> Question:
    if slug not in _loaded:
        _loaded[slug] = loading.load(slug)
    return _loaded[slug]


@pytest.mark.parametrize("slug", PATHS)
def test_question_holds(slug: str, answers: Sandbox) -> None:
    """`ndojo verify` finds no problem: right answers pass, and traps fail for their stated reason.

    Mutants and speed thresholds take long, so this test checks them only with NDOJO_MUTANTS=1.
    """
    whole = bool(os.environ.get("NDOJO_MUTANTS"))
    proof = verify(load(slug), answers, mutation=whole, bars=whole)
    problems = [f"{one.check} {one.subject}: {one.message} {one.advice}" for one in proof.problems]
    assert proof.holds, "\n".join(problems)


@pytest.mark.parametrize("slug", PATHS)
def test_question_is_what_its_file_is_called(slug: str) -> None:
    """Slug, room and title come from the file. Entry points are its functions, with docstrings in numpydoc form."""
    question, path = load(slug), PATHS[slug]
    assert (question.slug, question.room, question.path) == (slug, path.parent.name, str(path))
    assert question.room in loading.ROOMS
    assert question.title and len(question.title) < 80
    for entry in question.entry_points:
        assert entry.reference.__code__.co_filename == str(path)
        assert set(entry.in_place) <= set(entry.parameters)
    names = [entry.name for entry in question.calls]
    assert len(set(names)) == len(names)
    for answer in (*question.traps, *question.works):
        assert not answer.of or answer.of in names
        assert answer.of or len(question.entry_points) == 1, f"{answer.name} must say which function it answers"


@pytest.mark.parametrize("slug", PATHS)
def test_drawn_inputs_lie_inside_the_prompt(slug: str) -> None:
    """For several seeds, the sources and `where` allow all inputs that the judge draws."""
    question = load(slug)
    maker = SuiteMaker(question)
    try:
        for seed in range(2):
            for case in maker.draw(seed).cases:
                named = any(
                    case.inputs.keys() == own.inputs.keys() and all(case.inputs[k] is own.inputs[k] for k in own.inputs)
                    for own in case.entry.cases
                )
                unchecked = any(isinstance(one, MadeSource) and one.valid is None for one in case.entry.inputs.values())
                assert named or unchecked or case.entry.allows(case.inputs), case.inputs
    finally:
        maker.close()


def test_index_is_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index, which is read without loading questions, agrees with the loaded questions."""
    if not loading.INDEX.exists():
        assert [card["slug"] for card in loading.index()] == list(PATHS)
        return
    cards = json.loads(loading.INDEX.read_text(encoding="utf-8"))
    assert cards == [loading.card(load(slug)) for slug in PATHS], (
        "The index is stale: run `ndojo verify`, which writes it again."
    )


def test_each_question_asked_is_asked_once_or_known() -> None:
    """The ids have the form used in the list of asked questions."""
    for slug in PATHS:
        for one in load(slug).asked:
            assert re.fullmatch(r"[TX]\d+|[a-z-]+-\d+", one), f"{slug}: {one}"
        assert not [one for one, n in Counter(load(slug).asked).items() if n > 1]


PLAN = Path(__file__).with_name("plan.csv")


def planned() -> dict[str, dict[str, str]]:
    """The bank's plan: one row per question, with the facts about where it was asked."""
    with PLAN.open(encoding="utf-8", newline="") as file:
        return {row["slug"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("slug", PATHS)
def test_question_keeps_the_plan(slug: str) -> None:
    """Room, kinds, entry points, asked ids, companies and difficulty agree with the plan."""
    row, question = planned()[slug], load(slug)
    assert question.room == row["room"]
    assert set(question.kinds) == set(row["kinds"].split())
    assert [entry.name for entry in question.entry_points] == row["entry_points"].split()
    assert set(question.asked) == set(row["asked"].split())
    assert set(question.companies) == set(row["companies"].split(";")) - {""}
    assert question.difficulty in (row["difficulties"].split() or [question.difficulty])


# -------------------------------------------------------------------------------------------------- verdicts on traps

TRAPS = [(slug, trap.name) for slug in PATHS for trap in load(slug).traps]
_findings: dict[tuple[str, str], tuple[Question, str, Finding]] = {}
_sizes: dict[tuple[str, str], int] = {}


def judged(slug: str, name: str, sandbox: Sandbox) -> tuple[Question, str, Finding]:
    """Return a trap's source and its finding."""
    if (slug, name) not in _findings:
        question = load(slug)
        trap: Trap = next(trap for trap in question.traps if trap.name == name)
        source = answer_source(question, {trap.of or question.entry_points[0].name: trap.function})
        with Judge(question, sandbox) as judge:
            verdict = judge.judge(source.encode(), levels=1)
        failed = next(finding for finding in verdict.findings if finding.outcome == FAILED)
        _findings[slug, name] = question, source, failed
    return _findings[slug, name]


@pytest.mark.parametrize(("slug", "name"), TRAPS)
def test_example_of_a_trap_can_be_pasted(slug: str, name: str, answers: Sandbox, tmp_path: Path) -> None:
    """Pasted next to the trap, the example gives the finding's result.

    Next to the reference, it gives the expected one.
    """
    question, source, finding = judged(slug, name, answers)
    if finding.example is None:
        assert finding.requirement != "correct" or finding.code in ("TLE", "MLE")
        return
    if finding.got is None or finding.requirement != "correct":
        pasting.run_example(question, source, finding.example, str(tmp_path))
        return
    (tmp_path / "trap").mkdir()
    (tmp_path / "reference").mkdir()
    came = pasting.run_example(question, source, finding.example, str(tmp_path / "trap"))
    wanted = pasting.run_example(question, answer_source(question), finding.example, str(tmp_path / "reference"))
    entry = next(entry for entry in question.calls if f"{entry.name}(" in finding.example.splitlines()[-1])
    random = any(isinstance(one, GeneratorSource) for one in entry.inputs.values())
    if entry.in_place and came[0] != "raises":
        assert any(f"{name} = " in finding.got for name in entry.in_place)
    elif "at 0x" not in finding.got and "uninitialised" not in finding.message:
        # Inside the sandbox, the files of a case are in a separate folder.
        assert pasting.as_shown(came) == re.sub(r"case-\d+/", "", finding.got)
        shown = pasting.as_shown(wanted)
        assert shown.split(":")[0] == finding.expected if wanted[0] == "raises" else shown == finding.expected or random


@pytest.mark.parametrize("slug", [slug for slug in PATHS if load(slug).traps])
def test_example_of_a_trap_is_small(slug: str, answers: Sandbox) -> None:
    """The median example of a question's traps has few elements."""
    sizes = []
    for trap in load(slug).traps:
        _, _, finding = judged(slug, trap.name, answers)
        if finding.example:
            scope: dict[str, object] = {}
            exec(
                "\n".join(
                    line
                    for line in finding.example.splitlines()
                    if " = " in line and line[0] != " " and "memory" not in line
                ),
                {"np": np, "math": __import__("math"), "itertools": __import__("itertools")},
                scope,
            )
            sizes.append(sum(value.size for value in scope.values() if isinstance(value, np.ndarray)))
    assert not sizes or median(sizes) <= 8, sizes


def test_bank_is_loaded_as_one_file_a_question() -> None:
    """Loading a question loads no other question."""
    assert PATHS
    assert all(
        f"ndojo.bank.{path.parent.name}.{path.stem}" in sys.modules
        for path in PATHS.values()
        if load(path.stem.replace("_", "-"))
    )


def test_rounding_decides_no_measured_orbit_of_complex_numbers() -> None:
    """The measured inputs satisfy the prompt, for orbits of up to 180 steps."""
    module = importlib.import_module("ndojo.bank.dtypes.complex_numbers")
    on_the_boundary = np.linspace(-2, -1.5, 1000) + 0j
    undecided = ~module.decided(on_the_boundary, 180)
    assert undecided.mean() > 0.5, "These orbits are chaotic: after 60 steps, rounding decides when they leave."
    for seed in range(20):
        inputs = module.margin(np.random.default_rng(seed))
        assert inputs["c"].shape == (7000,)
        assert module.decided(**inputs).all()


def test_scale_of_diagonals_ignores_values_that_are_not_finite() -> None:
    module = importlib.import_module("ndojo.bank.shapes.diagonals")
    assert module.total_size(np.array([[1.0, np.nan], [-np.inf, -2.0]])) == 3.0
