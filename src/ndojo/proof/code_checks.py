"""Checks of a question's code: reference, known right answers, traps, cases and mutants."""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from ndojo.calls.outcome import read_outcome
from ndojo.checks.finding import FAILED, UNCHECKED, Finding
from ndojo.checks.suite import ReferenceRunner, SuiteCase, SuiteMaker
from ndojo.judge.judge import Judge
from ndojo.judge.verdict import Verdict
from ndojo.measure.thresholds import LONG_SECONDS, threshold_margins
from ndojo.proof.mutants import Mutant, mutants
from ndojo.proof.report import Proof
from ndojo.question.answer_source import answer_source, function_node
from ndojo.question.known_answers import Trap, Works
from ndojo.question.records import Question
from ndojo.question.sources.containers import MadeSource
from ndojo.question.sources.scalars import GeneratorSource

SUITES = 3
"""A mutant survives only if it passes this many suites."""

ATTEMPTS, BUSY_SECONDS = 3, 1.0
"""Number of attempts at a verdict if the machine is too busy to measure, and the seconds between them."""


class CodeProver:
    """Checks the code of one question and records problems in a `Proof`."""

    def __init__(self, question: Question, proof: Proof) -> None:
        self.question = question
        self.proof = proof

    def _problem(self, check: str, subject: str, message: str, advice: str) -> None:
        self.proof.add(check, subject, message, advice)

    def prove(self, judge: Judge, *, mutation: bool, bars: bool) -> None:
        self._check_contract()
        self._reference(judge)
        self._starter(judge)
        for works in self.question.works:
            self._works(judge, works)
        if bars:
            self._check_thresholds(judge)
        for trap in self.question.traps:
            self._trap(judge, trap)
        if len(self.question.traps) < 4:
            self._problem(
                "trap",
                "traps",
                f"only {len(self.question.traps)} traps.",
                "Add wrong answers that people write. Four are needed.",
            )
        if mutation:
            self._mutation(judge)

    def _check_contract(self) -> None:
        """Check that inputs are allowed, and that the reference is deterministic and raises only documented errors."""
        maker = SuiteMaker(self.question)
        suite = maker.draw(0)
        self.proof.cases = len(suite.all_cases)
        for case in suite.all_cases:
            entry = case.entry
            unchecked = any(isinstance(source, MadeSource) and source.valid is None for source in entry.inputs.values())
            named = any(
                case.inputs.keys() == own.inputs.keys() and _same_inputs(case.inputs, own.inputs) for own in entry.cases
            )
            if not unchecked and not named and not entry.allows(case.inputs):
                self._problem(
                    "contract",
                    entry.name,
                    f"a drawn input is not allowed: {case.inputs!r}"[:400],
                    "Fix its source, `where` or `dims`.",
                )
                break
            random = any(isinstance(source, GeneratorSource) for source in entry.inputs.values())
            if not random and not _is_deterministic(suite.stage, case):
                self._problem(
                    "contract",
                    entry.name,
                    f"two calls of the reference give different results on {case.inputs!r}"[:400],
                    "Make it a pure function.",
                )
                break
            raised = read_outcome(case.expected).raised
            if raised and not entry.uses and not _is_documented(entry.reference, raised.classes):
                self._problem(
                    "contract",
                    entry.name,
                    f"the reference raises {raised.name}: {raised.message} on {case.inputs!r}"[:400],
                    "Document the exception under Raises, or draw other inputs.",
                )
                break
        for entry in self.question.entry_points:
            self._check_cases(entry, suite)
        maker.close()

    def _check_cases(self, entry: Any, suite: Any) -> None:
        for case in entry.cases:
            raised = suite.stage.case(entry, dict(case.inputs)).outcome.raised
            wanted = case.error.__name__ if case.error else None
            if (raised is None) != (wanted is None) or (raised and wanted not in raised.classes):
                happened = f"raises {raised.name}" if raised else "returns a result"
                expected = f"must raise {wanted}" if wanted else "must return a result"
                self._problem(
                    "contract",
                    entry.name,
                    f"on {case.inputs!r} the reference {happened}, but it {expected}."[:400],
                    "Fix the case or the reference.",
                )

    def _judged(self, judge: Judge, replaced: dict[str, Any], **options: Any) -> Verdict:
        """Judge the reference with some functions replaced. If the machine is busy, wait and try again."""
        source = answer_source(self.question, replaced).encode()
        for _ in range(ATTEMPTS):
            verdict = judge.judge(source, **options)
            if all(finding.outcome != UNCHECKED for finding in verdict.findings):
                break
            time.sleep(BUSY_SECONDS)
        return verdict

    def _reference(self, judge: Judge) -> None:
        verdict = self._judged(judge, {})
        self.proof.unmeasured = [
            f"{verdict.levels[finding.level - 1]}: {finding.requirement}"
            for finding in verdict.findings
            if finding.outcome == UNCHECKED
        ]
        if verdict.verdict != "AC":
            self._problem("reference", "reference", _why(verdict), "The reference must pass every level.")

    def _starter(self, judge: Judge) -> None:
        verdict = judge.judge(self.question.starter().encode(), explain=False)
        if verdict.verdict == "AC":
            self._problem("starter", "starter", "passes unchanged.", "Add a requirement that the starter fails.")

    def _of(self, answer: Trap | Works) -> str:
        return answer.of or self.question.entry_points[0].name

    def _works(self, judge: Judge, works: Works) -> None:
        self.proof.right += 1
        verdict = self._judged(judge, {self._of(works): works.function})
        names = [level.name for level in self.question.levels]
        if works.fails and works.fails not in names[1:]:
            self._problem(
                "works",
                works.name,
                f"fails={works.fails!r} is not the name of a level after the first.",
                f"Use one of {', '.join(names[1:])}.",
            )
            return
        failed = finding.level if (finding := _first_failed(verdict)) else None
        wanted = names.index(works.fails) + 1 if works.fails else None
        unchecked_levels = [one.level for one in verdict.findings if one.outcome == UNCHECKED]
        if failed == wanted or (failed is None and wanted in unchecked_levels):
            self.proof.right_proven += 1
            return
        happened = f"fails level {failed} ({_why(verdict)})" if failed else "passes every level"
        should = f"fail level {works.fails!r}" if works.fails else "pass all levels"
        self._problem("works", works.name, f"{happened}, but should {should}.",
                      "Fix the answer, its `fails`, or the level.")  # fmt: skip

    def _check_thresholds(self, judge: Judge) -> None:
        """Check that no known answer is near a speed threshold. Its verdict could differ between runs or machines."""
        for one in threshold_margins(judge.measurer):
            slow = f"; measuring took {one.seconds:.1f} s, so use smaller inputs" * (one.seconds > LONG_SECONDS)
            self.proof.bars.append(one.text() + slow)
            if one.too_near:
                self._problem(
                    "bar",
                    one.answer,
                    f"{one.text()}; the allowed time must differ from every known answer by a factor of 1.5 or more.",
                    "Change `times`, choose another input size, or make the answer faster.",
                )

    def _trap(self, judge: Judge, trap: Trap) -> None:
        self.proof.traps += 1
        replaced = {self._of(trap): trap.function}
        finding = _first_failed(self._judged(judge, replaced, levels=1))
        judge.prepare(curated=True)
        always = _first_failed(self._judged(judge, replaced, levels=1, explain=False))
        if finding is None:
            self._problem(
                "trap", trap.name, "passes every requirement.", "Add an input that exposes it, or delete the trap."
            )
        elif always is None:
            self._problem(
                "trap",
                trap.name,
                "passes all fixed cases and fails only on random inputs.",
                "Add a case that exposes it.",
            )
        elif finding.code != trap.verdict and {finding.code, trap.verdict} != {"WA", "WT"}:
            self._problem(
                "trap",
                trap.name,
                f"fails with {finding.code} instead of {trap.verdict}: {finding.message}\n{finding.example}",
                "Fix its `verdict`, or the trap.",
            )
        elif finding.trap != trap.name and not self._is_random(trap):
            self._problem(
                "trap",
                trap.name,
                f"is diagnosed as trap {finding.trap}." if finding.trap else "is not diagnosed as a trap.",
                "Make the traps differ, or delete one.",
            )
        else:
            self.proof.traps_dead += 1

    def _is_random(self, trap: Trap) -> bool:
        inputs = self.question.entry(self._of(trap)).inputs.values()
        return any(isinstance(source, GeneratorSource) for source in inputs)

    def _mutation(self, judge: Judge) -> None:
        known = dict(self.question.equivalent)
        for mutant in self._mutants():
            self.proof.mutants += 1
            if mutant.name in known:
                known.pop(mutant.name)
                self.proof.equivalent += 1
            elif self._survives(judge, mutant):
                self._problem(
                    "mutant",
                    mutant.name,
                    "passes every requirement.",
                    "Add a case that exposes it, or list it in `equivalent` with the reason.",
                )
            else:
                self.proof.killed += 1
        for name in known:
            self._problem("mutant", name, "is listed as equivalent, but no such mutant exists.", "Delete the line.")

    def _mutants(self) -> Iterator[Mutant]:
        for entry in self.question.entry_points:
            yield from mutants(function_node(self.question.path, entry.reference.__name__), entry.name)

    def _survives(self, judge: Judge, mutant: Mutant) -> bool:
        replaced = {mutant.entry_point: mutant.function}
        return all(self._judged(judge, replaced, explain=False).verdict == "AC" for _ in range(SUITES))


def _first_failed(verdict: Verdict) -> Finding | None:
    return next((one for one in verdict.findings if one.outcome == FAILED), None)


def _is_deterministic(stage: ReferenceRunner, case: SuiteCase) -> bool:
    """Return whether the reference gives the same outcome again. Messages may differ: they can name temporary files."""
    again = stage.play(case.packed)
    if again == case.expected:
        return True
    raised, before = read_outcome(again).raised, case.outcome.raised
    return bool(raised and before and raised.classes == before.classes)


def _same_inputs(one: dict[str, Any], other: Any) -> bool:
    return all(one[name] is other[name] for name in one)


def _is_documented(function: Callable[..., Any], classes: tuple[str, ...]) -> bool:
    """Return whether the docstring's Raises section names one of these exceptions."""
    section = re.search(r"^Raises\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", inspect.getdoc(function) or "", re.M | re.S)
    return section is not None and any(re.search(rf"\b{name}\b", section[1]) for name in classes)


def _why(verdict: Verdict) -> str:
    for finding in verdict.findings:
        if finding.outcome == "failed":
            return f"{finding.code}, {finding.requirement}: {finding.message}\n{finding.example or finding.trace or ''}"
    return verdict.word
