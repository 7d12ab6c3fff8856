"""The cases that an answer is judged on: what to call, with which inputs, and the expected outcome.

Curated cases contain every unusual choice alone. They are the same for every verdict on one version of a question.
Combined cases are random combinations of unusual choices. Their seed is new for every verdict, so that no answer can
know them in advance.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np

from ndojo.calls.call import recording_warnings, run_case
from ndojo.calls.outcome import Outcome, read_outcome
from ndojo.calls.pack import pack_case
from ndojo.calls.wire.writer import WRITERS, Writer
from ndojo.checks.compare import Tolerance
from ndojo.question.entries import Entry
from ndojo.question.records import Question
from ndojo.question.values import Expression, ScratchFile

MIN_CASES_PER_CALL = 70
_BASE_SIZES = (3, 4, 2, 5)
_LARGEST = 40

Functions = Mapping[str, Callable[..., Any]]
Inputs = dict[str, Any]
Plan = dict[tuple[str, str], Any]


def _write_expression(out: Writer, value: Expression) -> None:
    out.parts.append(b"E")
    out.text(value.text)


def _write_file(out: Writer, value: ScratchFile) -> None:
    out.parts.append(b"P")
    out.text(value.name)
    out.write(value.content)


WRITERS[Expression] = _write_expression
WRITERS[ScratchFile] = _write_file


@dataclass(frozen=True, eq=False)
class SuiteCase:
    """One call and its expected outcome.

    Parameters
    ----------
    entry : Entry
        The entry point or scenario to call.
    inputs : dict
        The inputs by parameter name.
    packed : bytes
        The call as bytes, as the sandbox receives it.
    expected : bytes
        The reference's outcome as bytes.
    curated : bool
        Whether the case is the same for every verdict.
    """

    entry: Entry
    inputs: Inputs
    packed: bytes
    expected: bytes
    curated: bool = False

    @cached_property
    def outcome(self) -> Outcome:
        """The reference's outcome."""
        return read_outcome(self.expected)

    @cached_property
    def tolerance(self) -> Tolerance:
        """How much a result may differ from the reference's."""
        sizes = [value.size for value in self.inputs.values() if isinstance(value, np.ndarray)]
        return Tolerance(self.entry.result, max(sizes, default=1), self._magnitude())

    def _magnitude(self) -> float | None:
        """Return the magnitude that rounding errors are relative to, if the question defines it."""
        scale = self.entry.result.scale
        if scale is None:
            return None
        with np.errstate(all="ignore"):
            sizes = np.abs(np.asarray(scale(**self.with_defaults()), dtype=np.float64))
        # NaN and infinity are ignored. Otherwise they would allow any error.
        return float(np.max(sizes, where=np.isfinite(sizes), initial=0.0))

    def with_defaults(self) -> Inputs:
        """Return the value of every parameter, including defaults that the case omits."""
        parameters = self.entry.parameters
        return {name: self.inputs.get(name, parameter.default) for name, parameter in parameters.items()}

    @cached_property
    def size(self) -> int:
        """The number of elements and items in all inputs, which is how much a learner has to read."""
        return sum(_size_of(value) for value in self.inputs.values())


@dataclass(frozen=True)
class Suite:
    """The cases of one verdict, smallest first.

    `cases` belong to level 1. `beyond` has one tuple for each entry with wider inputs of a later level.
    """

    question: Question
    cases: tuple[SuiteCase, ...]
    beyond: tuple[tuple[SuiteCase, ...], ...]
    stage: ReferenceRunner = field(repr=False)

    @property
    def all_cases(self) -> tuple[SuiteCase, ...]:
        """Every case of every level."""
        return tuple(itertools.chain(self.cases, *self.beyond))


class ReferenceRunner:
    """Runs cases in the judge's process: with the reference, or with a trap or a mutant instead.

    A context manager that owns the folder for the cases' files.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.functions = functions_of(question, {})
        self._folder: str | None = None
        self._played = 0

    def __enter__(self) -> ReferenceRunner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _new_folder(self) -> str:
        """Return the path of a separate folder for a case. The folder is created only if the case has files."""
        if self._folder is None:
            self._folder = tempfile.mkdtemp(prefix="ndojo-")
        self._played += 1
        return os.path.join(self._folder, str(self._played))

    def play(self, packed: bytes, functions: Functions | None = None) -> bytes:
        """Run a case with the reference, or with `functions`, and return its outcome as bytes."""
        output = io.StringIO()
        with recording_warnings() as warned, contextlib.redirect_stdout(output):
            return run_case(functions or self.functions, packed, self._new_folder(), warned)

    def case(self, entry: Entry, inputs: Inputs, *, curated: bool = False) -> SuiteCase:
        """Return a case with its expected outcome."""
        args, kwargs = entry.arguments(inputs)
        packed = pack_case(entry.name, args, kwargs)
        return SuiteCase(entry, inputs, packed, self.play(packed), curated)


def _size_of(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return 1 + value.size
    if isinstance(value, (list, tuple, dict)):
        return 1 + sum(_size_of(item) for item in (value.values() if isinstance(value, dict) else value))
    return 1 + len(value.content or b"") // 8 if isinstance(value, ScratchFile) else 1


def functions_of(question: Question, replaced: Functions) -> dict[str, Callable[..., Any]]:
    """Return every function that cases call, by name: the reference's functions, except the replaced ones."""
    own = {entry.name: replaced.get(entry.name, entry.reference) for entry in question.entry_points}
    bound = {entry.name: partial(entry.reference, *(own[use] for use in entry.uses)) for entry in question.plays}
    return {**own, **bound}


# -------------------------------------------------------------------------------------------------------- drawing


def _sizes(place: int, limits: tuple[int, int]) -> tuple[int, ...]:
    low, high = limits
    base = _BASE_SIZES[place % len(_BASE_SIZES)]
    wanted = (base, low, low + 1, 1, 2, base + 1, 8, 17)
    return tuple(dict.fromkeys(min(max(size, low), high) for size in wanted))


def _axes(entry: Entry) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return everything that can vary in a call: dimensions, choices of each input, omitted defaults, shared memory."""
    dims = dict.fromkeys(itertools.chain.from_iterable(source.dims() for source in entry.inputs.values()))
    dims |= dict.fromkeys(entry.dims)
    axes: dict[tuple[str, str], tuple[Any, ...]] = {}
    for place, dim in enumerate(dims):
        axes["", dim] = _sizes(place, entry.dims.get(dim, (0, _LARGEST)))
    for name, source in entry.inputs.items():
        axes |= {(name, axis): choices for axis, choices in source.axes().items() if choices}
        if entry.parameters[name].default is not entry.parameters[name].empty:
            axes[name, "given"] = (True, False)
    if _same_shape_inputs(entry):
        axes["", " shared"] = ("no", "same", "overlapping")
    return axes


def _same_shape_inputs(entry: Entry) -> tuple[str, str] | None:
    """Return two array inputs of the same shape, or None. They may also be the same array, or overlap."""
    shaped: dict[Any, str] = {}
    for name, source in entry.inputs.items():
        shape = getattr(source, "shape", None)
        if shape is None or name in entry.in_place:
            continue
        if shape in shaped:
            return shaped[shape], name
        shaped[shape] = name
    return None


def _build(entry: Entry, plan: Plan, rng: np.random.Generator) -> Inputs | None:
    """Return the inputs for a plan, or None if the prompt does not allow them together."""
    given: dict[str, Any] = {dim: size for (name, dim), size in plan.items() if not name and dim != " shared"}
    inputs: Inputs = {}
    omitted = False
    for name, source in entry.inputs.items():
        own = {axis: pick for (owner, axis), pick in plan.items() if owner == name}
        # If an argument is omitted, all later arguments that have defaults are omitted too.
        omitted = omitted or not own.pop("given", True)
        try:
            given[name] = source.build(own, given, rng)
        except (ValueError, IndexError, OverflowError):
            return None
        if not omitted or entry.parameters[name].default is entry.parameters[name].empty:
            inputs[name] = given[name]
    _share(entry, plan.get(("", " shared"), "no"), inputs, given)
    return inputs if entry.fits_together(inputs) else None


def _share(entry: Entry, how: str, inputs: Inputs, given: Mapping[str, Any]) -> None:
    pair = _same_shape_inputs(entry)
    if how == "no" or pair is None or not all(name in inputs for name in pair):
        return
    first, second = (inputs[name] for name in pair)
    if first.shape != second.shape or first.dtype != second.dtype:
        return
    if how == "same" or not first.ndim or not first.shape[0]:
        shared = inputs | {pair[1]: first}
    else:
        longer = np.concatenate([first, first[-1:]])
        shared = inputs | {pair[0]: longer[:-1], pair[1]: longer[1:]}
    # A value that the prompt allows for one input may not be allowed for the other.
    if all(entry.inputs[name].accepts(shared[name], dict(given)) for name in pair):
        inputs.update(shared)


def _single_factors(axes: Mapping[tuple[str, str], tuple[Any, ...]]) -> Iterator[Plan]:
    base: Plan = {axis: choices[0] for axis, choices in axes.items()}
    yield base
    for axis, choices in axes.items():
        for choice in choices[1:]:
            yield base | {axis: choice}


def _combination(axes: Mapping[tuple[str, str], tuple[Any, ...]], entry: Entry, rng: np.random.Generator) -> Plan:
    plan: Plan = {}
    for axis, choices in axes.items():
        unusual = rng.random() < 0.5
        plan[axis] = choices[int(rng.integers(len(choices)))] if unusual else choices[0]
        if not axis[0] and axis[1] != " shared" and unusual:
            low, high = entry.dims.get(axis[1], (0, _LARGEST))
            top = high if rng.random() < 0.15 else min(high, max(low, 9))
            plan[axis] = int(rng.integers(low, top, endpoint=True))
    return plan


def curated(stage: ReferenceRunner, entry: Entry) -> list[SuiteCase]:
    """Return the author's cases, and every unusual choice alone. They depend only on the question's version."""
    seed = int(stage.question.version or "0", 16)
    rng = np.random.default_rng([seed % 2**32, len(entry.name)])
    cases = [stage.case(entry, dict(own.inputs), curated=True) for own in entry.cases]
    for plan in _single_factors(_axes(entry)):
        inputs = _build(entry, plan, rng)
        if inputs is not None:
            cases.append(stage.case(entry, inputs, curated=True))
    return cases


def combined(stage: ReferenceRunner, entry: Entry, n: int, rng: np.random.Generator) -> list[SuiteCase]:
    """Return up to `n` cases with random combinations of unusual choices."""
    axes = _axes(entry)
    cases: list[SuiteCase] = []
    for _ in range(4 * n):
        if len(cases) >= n:
            break
        inputs = _build(entry, _combination(axes, entry, rng), rng)
        if inputs is not None:
            cases.append(stage.case(entry, inputs))
    return cases


class SuiteMaker:
    """Draws suites for one question, and reuses the curated cases."""

    def __init__(self, question: Question) -> None:
        self.stage = ReferenceRunner(question)
        self._curated: dict[int, list[SuiteCase]] = {}

    def draw(self, seed: int, *, curated: bool = False) -> Suite:
        """Return a suite whose random cases depend only on `seed`. If `curated`, it has no random cases."""
        question, rng = self.stage.question, None if curated else np.random.default_rng(seed)
        share = max(question.cases // max(len(question.calls), 1), min(MIN_CASES_PER_CALL, question.cases // 3))
        cases = self._cases_of(question.calls, share, rng)
        beyond = tuple(self._cases_of([entry], MIN_CASES_PER_CALL, rng) for entry in question.beyond)
        return Suite(question, cases, beyond, self.stage)

    def _cases_of(self, entries: Sequence[Entry], share: int, rng: np.random.Generator | None) -> tuple[SuiteCase, ...]:
        """Return about `share` different cases per entry, smallest first. Without `rng`, return only curated cases."""
        cases: dict[bytes, SuiteCase] = {}
        for entry in entries:
            known = self._curated.get(id(entry))
            if known is None:
                known = self._curated[id(entry)] = curated(self.stage, entry)
            fresh = combined(self.stage, entry, max(share - len(known), share // 4), rng) if rng else []
            cases.update((case.packed, case) for case in (*fresh, *known))
        return tuple(sorted(cases.values(), key=lambda case: case.size))

    def close(self) -> None:
        self.stage.close()
