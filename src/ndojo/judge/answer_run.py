"""Judges one answer on one suite of cases: loading, correctness, explanation of failures, randomness."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from ndojo.calls.client import AnswerRunner, BatchResult, LoadResult, Stopped
from ndojo.calls.outcome import Raised, read_outcome
from ndojo.calls.pack import pack_case
from ndojo.calls.wire.values import WireError
from ndojo.checks.decode import plain
from ndojo.checks.finding import FAILED, PASSED, Finding, failed_finding
from ndojo.checks.formatting import described, example_code, literal, pasted
from ndojo.checks.requirements import PER_CASE, CheckedCase, Failure, first_failure
from ndojo.checks.suite import Suite, SuiteCase
from ndojo.judge.diagnosis import diagnose
from ndojo.judge.distribution import chi_square_finding
from ndojo.judge.shrink import shrink
from ndojo.question.requirements import (
    CORRECT,
    MEASURED,
    UNTOUCHED,
    Correct,
    CorrectOn,
    Distribution,
    Level,
    OnlyGenerator,
    Requirement,
    Untouched,
    Without,
)

Pair = tuple[SuiteCase, bytes]
Measure = Callable[[Requirement, bytes], Finding]


class AnswerRun:
    """Judges one answer on one suite.

    Parameters
    ----------
    suite : Suite
    player : AnswerRunner
        Runs the answer.
    source : bytes
        The answer file.
    measure : callable
        Returns the finding for a measured requirement and an answer file.
    levels : int or None
        How many levels to judge; None for all.
    explain : bool
        Whether to shrink a failing case and look for its misconception.
    """

    def __init__(
        self, suite: Suite, player: AnswerRunner, source: bytes, measure: Measure, levels: int | None, explain: bool
    ) -> None:
        self.suite = suite
        self.question = suite.question
        self.player = player
        self.source = source
        self.measure = measure
        self.lines = re.split(r"\r\n?|\n", source.decode("utf-8-sig"))
        self.levels: Sequence[Level] = tuple(self.question.levels)[:levels]
        self.explain = explain
        self.output = ""
        self.pairs: list[Pair] = []
        self.wider: list[Pair] = []

    def run(self) -> list[Finding]:
        loaded, played = self.player.sit([case.packed for case in self.suite.cases])
        self.output = loaded.output
        refused = self._load_finding(loaded)
        if refused:
            return [refused]
        self.output = (self.output + played.output)[:20_000]
        self.pairs = list(zip(self.suite.cases, played.outcomes, strict=False))
        return self._findings(played)

    # -- loading ----------------------------------------------------------------------------------------------------

    def _load_finding(self, loaded: LoadResult) -> Finding | None:
        """Return the finding that says why the answer cannot be called, or None."""
        if loaded.syntax:
            return self._syntax_finding(*loaded.syntax)
        used = [name for name in self.question.forbidden if name.rpartition(".")[2] in loaded.names]
        if used:
            return failed_finding(
                "NA", f"This question must be solved without {', '.join(used)}, but the answer uses it."
            )
        if loaded.stopped:
            return failed_finding(loaded.stopped.code, loaded.stopped.message)
        if loaded.raised:
            return self._import_finding(loaded.raised)
        for name, what in loaded.wrong.items():
            return self._wrong_finding(name, what)
        return None

    def _syntax_finding(self, kind: str, message: str, line: int, column: int) -> Finding:
        shown = f"line {line}:\n    {self.lines[line - 1].strip()}" if 0 < line <= len(self.lines) else None
        place = f" in line {line}" if line else ""
        return failed_finding(
            "RE", f"{kind}{place}: {message}.", trace=shown, advice="Fix the syntax first: Python cannot read the file."
        )

    def _import_finding(self, raised: Raised) -> Finding:
        trace = self.trace(raised)
        if "ModuleNotFoundError" in raised.classes:
            module = raised.about.split(".")[0] or "that module"
            allowed = ", ".join(["NumPy", *self.question.allows])
            message = (
                f"The module {module} is not available. An answer may use {allowed} and the standard library's pure "
                "modules."
            )
            return failed_finding("NA", message, trace=trace)
        if "SystemExit" in raised.classes:
            return failed_finding("RE", "The file calls sys.exit() while it is being loaded.", trace=trace)
        if "MemoryError" in raised.classes:
            return failed_finding("MLE", "The file runs out of memory while it is being loaded.", trace=trace)
        message = f": {raised.message}" if raised.message else ""
        return failed_finding("RE", f"Loading the file raised {raised.name}{message}", trace=trace)

    def _wrong_finding(self, name: str, what: str) -> Finding:
        entry = self.question.entry(name)
        call = f"{name}({', '.join(map(str, entry.parameters.values()))})"
        if what == "missing":
            own = re.findall(r"^def (\w+)", "\n".join(self.lines), re.MULTILINE)
            has = f" It defines {', '.join(own[:5])}." if own else ""
            return failed_finding("RE", f"The file defines no function `{name}`.{has}", advice=f"Define {call}.")
        if what == "not callable":
            return failed_finding("RE", f"`{name}` is not a function.", advice=f"Define {call}.")
        found = what.removeprefix("signature ")
        return failed_finding(
            "RE", f"`{found}` cannot be called as `{call}`.", advice="Keep the parameters of the starter file."
        )

    # -- judging ----------------------------------------------------------------------------------------------------

    def _findings(self, played: BatchResult) -> list[Finding]:
        findings: list[Finding] = []
        for number, level in enumerate(self.levels, 1):
            requirements = _level_requirements(number, level)
            own = self._level(number, requirements, played)
            findings += own
            if any(finding.outcome == FAILED for finding in own):
                break
        return findings

    def _level(self, number: int, requirements: list[Requirement], played: BatchResult) -> list[Finding]:
        basic = [one for one in requirements if isinstance(one, (Correct, Untouched))]
        misses = self._misses(self.pairs, basic)
        findings: list[Finding] = []
        stopped = played.stopped if number == 1 else None
        for requirement in requirements:
            # The same measurement on other inputs would give the same finding again.
            if any(one.outcome == FAILED and one.requirement == requirement.name for one in findings):
                continue
            finding = self._finding(number, requirement, misses, stopped)
            findings.append(finding)
            if finding.outcome == FAILED and requirement == CORRECT:
                break
        return findings

    def _finding(
        self, number: int, requirement: Requirement, misses: list[Failure], stopped: Stopped | None
    ) -> Finding:
        if isinstance(requirement, MEASURED):
            return replace(self.measure(requirement, self.source), level=number)
        if isinstance(requirement, CorrectOn):
            return replace(self._beyond(requirement), level=number)
        if isinstance(requirement, OnlyGenerator):
            return replace(self._only_generator(requirement), level=number)
        if isinstance(requirement, Distribution):
            return replace(self._distribution(requirement), level=number)
        pairs = self.pairs
        if isinstance(requirement, PER_CASE):
            pairs = [*pairs, *self.wider]
            misses = self._misses(pairs, [requirement])
        own = [one for one in misses if one.requirement == requirement]
        if own:
            return replace(self._explain(own, misses, pairs, named=number == 1), level=number)
        if requirement == CORRECT and stopped:
            return replace(self._stopped_finding(stopped, self.suite.cases[len(self.pairs) :]), level=number)
        return Finding(number, requirement.name, PASSED, "AC", self._passed_message(requirement))

    def _beyond(self, requirement: CorrectOn) -> Finding:
        """Judge the wider inputs of a later level in a separate batch."""
        cases = self.suite.beyond[[entry is requirement.entry for entry in self.question.beyond].index(True)]
        played = self.player.play([case.packed for case in cases])
        pairs = list(zip(cases, played.outcomes, strict=False))
        self.wider += pairs
        misses = self._misses(pairs, [CORRECT, UNTOUCHED])
        if misses:
            return replace(self._explain(misses, misses, pairs, named=False), requirement=requirement.name)
        if played.stopped:
            return replace(self._stopped_finding(played.stopped, cases[len(pairs) :]), requirement=requirement.name)
        return Finding(0, requirement.name, PASSED, "AC", f"Correct on {len(pairs)} more cases.")

    def _passed_message(self, requirement: Requirement) -> str:
        if requirement == CORRECT:
            return f"Correct on {len(self.pairs)} cases."
        return {"inputs untouched": "Every input is unchanged."}.get(requirement.name, "Satisfied in every case.")

    def _misses(self, pairs: Sequence[Pair], requirements: Sequence[Requirement]) -> list[Failure]:
        return [found for case, got in pairs if (found := self._miss(case, got, requirements))]

    def _miss(self, case: SuiteCase, got: bytes, requirements: Sequence[Requirement]) -> Failure | None:
        try:
            return first_failure(case, got, requirements)
        except WireError as problem:
            return Failure(case, CORRECT, "NA", f"The answer interfered with the judge ({problem}).")

    def _replay(self, cases: Sequence[SuiteCase], requirement: Requirement) -> Iterator[Failure | None]:
        played = self.player.play([case.packed for case in cases])
        return (self._miss(case, got, [requirement]) for case, got in zip(cases, played.outcomes, strict=False))

    # -- explaining -------------------------------------------------------------------------------------------------

    def _explain(
        self, own: list[Failure], misses: list[Failure], pairs: Sequence[Pair], *, named: bool = True
    ) -> Finding:
        """Return the finding for one requirement, with a small failing case and the misconception behind the failure.

        `named` says whether to look for a misconception. Every trap fails level 1, so an answer that passed level 1
        matches none.
        """
        first = min(own, key=lambda one: (bool(one.case.entry.uses), not one.case.curated, one.case.size))
        if not self.explain:
            return failed_finding(first.code, first.message, name=first.requirement.name)
        smallest = shrink(first, lambda cases: self._replay(cases, first.requirement), self.suite.stage)
        trap = None
        if named:
            missed = {one.case.packed for one in misses}
            # A wrong function also breaks the functions that call it, so diagnose the same function that the finding
            # shows.
            failing = [(case, got) for case, got in pairs if case.packed in missed and case.entry is first.case.entry]
            passing = [(case, got) for case, got in pairs if case.packed not in missed]
            in_memory = first.requirement not in (CORRECT, UNTOUCHED)
            trap = diagnose(self.question, self.suite.stage, failing, passing, in_memory=in_memory)
        finding = self._show(smallest)
        if trap:
            finding = replace(finding, misconception=trap.misconception, trap=trap.name)
        return finding

    def _show(self, miss: Failure) -> Finding:
        """Return the finding for a failure, with the results that running its example alone gives."""
        case = miss.case
        finding = failed_finding(miss.code, miss.message, name=miss.requirement.name, example=self._example(case))
        for tried in self._as_pasted(case), case:
            again, got = self._alone(tried, miss.requirement) if tried else (None, b"")
            if tried and again and again.code == miss.code:
                return self._with_results(replace(finding, message=again.message), tried, got, miss.requirement)
        return replace(finding, advice=finding.advice or (_STATE if got else None))

    def _as_pasted(self, case: SuiteCase) -> SuiteCase | None:
        """Return the case with the inputs that the example's code creates. Their memory layout may differ slightly."""
        inputs = pasted(case.inputs)
        return self.suite.stage.case(case.entry, inputs) if inputs is not None else None

    def _alone(self, case: SuiteCase, requirement: Requirement) -> tuple[Failure | None, bytes]:
        """Run a case alone in a new process, and return its failure and outcome. Without an outcome, it is empty."""
        self.player.close()
        outcomes = self.player.play([case.packed], careful=True).outcomes
        return (self._miss(case, outcomes[0], [requirement]), outcomes[0]) if outcomes else (None, b"")

    def _with_results(self, finding: Finding, case: SuiteCase, got: bytes, requirement: Requirement) -> Finding:
        try:
            held = CheckedCase(case, read_outcome(got))
            trace = self.trace(held.got.raised) if held.got.raised else None
            wanted, came = _result_texts(held, requirement)
            return replace(finding, expected=wanted, got=came, trace=trace)
        except WireError:
            return finding

    def _example(self, case: SuiteCase) -> str:
        return example_code(self.question.slug, case.entry, case.inputs)

    def _stopped_finding(self, stopped: Stopped, rest: Sequence[SuiteCase]) -> Finding:
        """Return the finding for an answer that did not finish. `rest` are the cases without a result."""
        return failed_finding(stopped.code, stopped.message, example=self._example(rest[0]) if rest else None)

    def trace(self, raised: Raised) -> str | None:
        """Return the traceback, reduced to the lines of the answer."""
        shown = [
            f"line {number}, in {name}\n    {self.lines[number - 1].strip()}"
            for number, name in raised.lines
            if 0 < number <= len(self.lines)
        ]
        return "\n".join(shown) or None

    # -- randomness -------------------------------------------------------------------------------------------------

    def _only_generator(self, requirement: OnlyGenerator) -> Finding:
        """Run each call three times: twice with the generator in the same state, once in another state."""
        cases = self._largest_of_each(requirement.parameter)
        packed = [_with_generator(case, requirement.parameter, seed) for case in cases for seed in (1000, 1000, 2000)]
        played = self.player.play(packed)
        if played.stopped:
            return failed_finding(played.stopped.code, played.stopped.message, name=requirement.name)
        outcomes = played.outcomes
        thrice = [outcomes[i : i + 3] for i in range(0, len(outcomes) - 2, 3)]
        for case, (first, second, _) in zip(cases, thrice, strict=False):
            if first != second:
                example = example_code(self.question.slug, case.entry, case.inputs)
                message = (
                    "Two calls with the generator in the same state give different results, "
                    f"so some randomness does not come from `{requirement.parameter}`."
                )
                return failed_finding("WA", message, name=requirement.name, example=example)
        for entry in {case.entry.name: case.entry for case in cases}.values():
            own = [three for case, three in zip(cases, thrice, strict=False) if case.entry is entry]
            if own and all(first == other for first, _, other in own):
                message = (
                    f"`{entry.name}` gives the same result for every state of `{requirement.parameter}`, "
                    "so it does not use this generator."
                )
                return failed_finding("WA", message, name=requirement.name)
        return Finding(
            0,
            requirement.name,
            PASSED,
            "AC",
            "The same state gives the same result, and another state gives another result.",
        )

    def _largest_of_each(self, parameter: str, n: int = 8) -> list[SuiteCase]:
        """Return the `n` largest cases of every function with the parameter. Small cases have too few results."""
        own = [case for case in self.suite.cases if parameter in case.inputs and not case.outcome.raised]
        return [case for entry in self.question.calls for case in [one for one in own if one.entry is entry][-n:]]

    def _distribution(self, requirement: Distribution) -> Finding:
        seed = int.from_bytes(os.urandom(4), "little")
        given = dict(requirement.given) | {"rng": np.random.default_rng(seed)}
        played = self.player.play([pack_case(requirement.play.__name__, (), given)])
        if not played.outcomes:
            stopped = played.stopped or Stopped("RE", "The answer returned no result.")
            return failed_finding(stopped.code, stopped.message, name=requirement.name)
        try:
            outcome = read_outcome(played.outcomes[0])
        except WireError as problem:
            return failed_finding("NA", f"The answer interfered with the judge ({problem}).", name=requirement.name)
        if outcome.raised:
            return failed_finding(
                "RE", f"The answer raised {outcome.raised.name}: {outcome.raised.message}", name=requirement.name
            )
        try:
            cells = np.asarray(requirement.cells(plain(outcome.value, [])))
            # One extra cell counts all invalid draws. Otherwise a huge cell number would make `bincount` allocate a
            # huge array.
            counts = np.bincount(np.minimum(cells, len(requirement.chances)), minlength=len(requirement.chances))
        except Exception as problem:
            return failed_finding(
                "WT",
                f"The draws cannot be counted because the result has the wrong form: {problem}.",
                name=requirement.name,
            )
        return chi_square_finding(requirement, counts)


def _with_generator(case: SuiteCase, parameter: str, seed: int) -> bytes:
    args, kwargs = case.entry.arguments(case.inputs | {parameter: np.random.default_rng(seed)})
    return pack_case(case.entry.name, args, kwargs)


def _level_requirements(number: int, level: Level) -> list[Requirement]:
    own = [one for one in level.requirements if not isinstance(one, Without)]
    return [CORRECT, UNTOUCHED, *own] if number == 1 else own


_STATE = "In a new process, this case alone gives the correct result. Does the answer keep state between calls?"


def _result_texts(held: CheckedCase, requirement: Requirement) -> tuple[str | None, str | None]:
    """Return the expected and the actual result as text, or None if they do not show why `requirement` failed."""
    if requirement == CORRECT:
        return _result_text(held, True), _result_text(held, False)
    names = [name for name in held.case.entry.parameters if (at := held.placed(name)) and at.root in held.got.changed]
    if requirement == UNTOUCHED and names:
        before, after = ([f"{name} = {literal(held.written(one, name))}" for name in names]
                         for one in (held.expected, held.got))  # fmt: skip
        return "; ".join(before), "; ".join(after)
    return None, None


def _result_text(held: CheckedCase, expected: bool) -> str:
    """Return the expected or actual result of a case: the value, the exception, or the arguments after the call."""
    outcome = held.expected if expected else held.got
    if outcome.raised:
        return outcome.raised.name if expected else _message(outcome.raised)
    if outcome.unread:
        return outcome.unread
    names = held.case.entry.in_place
    if names:
        return "; ".join(f"{name} = {literal(held.written(outcome, name))}" for name in names)
    return described(held.expected_value if expected else held.got_value)


def _message(raised: Raised) -> str:
    return f"{raised.name}: {raised.message}" if raised.message else raised.name
