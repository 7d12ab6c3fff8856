"""The records that a question file is made of."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from ndojo.question.requirements import CorrectOn, Level, Requirement, Without
from ndojo.question.sources import Source

Function = Callable[..., Any]

KINDS = ("code", "predict", "explain")
DIFFICULTIES = ("easy", "medium", "hard")
TRAP_VERDICTS = ("WA", "WT", "IM", "RE", "VW", "NA", "TLE", "MLE")


class QuestionError(Exception):
    """A question file with a mistake; the message says where and what to do."""


# ------------------------------------------------------------------------------------------------- what is compared


@dataclass(frozen=True)
class Match:
    """How a result is held against the expected one; see `matches`."""

    rtol: float | None = None
    atol: float | None = None
    scale: Function | None = None
    dtype: str = "exact"
    signed_zeros: bool = False
    check: Function | None = None


def matches(
    *,
    rtol: float | None = None,
    atol: float | None = None,
    scale: Function | None = None,
    dtype: str = "exact",
    signed_zeros: bool = False,
    check: Function | None = None,
) -> Match:
    """How results are compared, where the default does not fit.

    The default: same type, shape and dtype; NaN and infinities in the same places; integers, booleans and texts equal;
    floats within a tolerance that follows the dtype, the number of elements and the largest expected magnitude.

    Parameters
    ----------
    rtol, atol : float, optional
        Fixed tolerances for floats instead.
    scale : callable, optional
        From the inputs to the magnitude that rounding errors are measured by, for sums that cancel:
        ``scale=lambda x: np.abs(x).sum()``.
    dtype : {"exact", "kind", "any"}
        Whether the dtype must be the same, of the same kind (any float for a float), or may be any.
    signed_zeros : bool
        Whether 0.0 and -0.0 differ.
    check : callable, optional
        Judges in place of the comparison, where many results are right: ``check(result, expected, **inputs)`` returns
        None, or a sentence that says what is wrong.
    """
    return Match(rtol, atol, scale, dtype, signed_zeros, check)


@dataclass(frozen=True)
class Case:
    """One set of inputs, and the exception that it must raise, if any."""

    inputs: Mapping[str, Any]
    error: type[BaseException] | None = None


def case(**inputs: Any) -> Case:
    """Inputs that are always tried, besides those that are drawn."""
    return Case(inputs)


def raises(error: type[BaseException], **inputs: Any) -> Case:
    """Inputs for which `error`, or a subclass of it, must be raised."""
    return Case(inputs, error)


# ------------------------------------------------------------------------------------------------- what is called


@dataclass(frozen=True)
class Entry:
    """A function to write, and what it is called with.

    Parameters
    ----------
    reference : callable
        The right answer: its docstring is the prompt, its signature the starter.
    inputs : mapping of str to Source
        One for each parameter, in an order in which each may refer to those before it.
    dims : mapping of str to (int, int), optional
        Least and largest length of named dimensions; 0 to 40 unless said.
    where : callable, optional
        Whether the prompt allows these inputs together.
    cases : sequence of Case
        Always tried; for refusals see `raises`.
    in_place : sequence of str
        Parameters that the prompt gives to be written.
    result : Match
    starter : callable, optional
        What the learner starts from, where it is not an empty function: a broken one to repair.
    uses : tuple of str
        For a scenario: the entry points that it gets as its first arguments.
    """

    reference: Function
    inputs: Mapping[str, Source]
    dims: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    where: Function | None = None
    cases: Sequence[Case] = ()
    in_place: Sequence[str] = ()
    result: Match = Match()
    starter: Function | None = None
    uses: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.reference.__name__

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """The parameters that inputs are given for, by name, in the order of the call."""
        known = inspect.signature(self.reference).parameters
        return {name: parameter for name, parameter in known.items() if name not in self.uses}

    def arguments(self, inputs: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Inputs by name as a call's positional and keyword arguments; what is left out falls to its default."""
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        for name, parameter in self.parameters.items():
            if name not in inputs:
                continue
            if parameter.kind is parameter.VAR_POSITIONAL:
                args.extend(inputs[name])
            elif parameter.kind is parameter.VAR_KEYWORD:
                kwargs.update(inputs[name])
            elif parameter.kind is parameter.KEYWORD_ONLY or len(args) < list(self.parameters).index(name):
                kwargs[name] = inputs[name]
            else:
                args.append(inputs[name])
        return tuple(args), kwargs

    def allows(self, inputs: Mapping[str, Any]) -> bool:
        """Whether the prompt allows these inputs."""
        given: dict[str, Any] = {}
        for name, source in self.inputs.items():
            if name not in inputs:
                continue
            if not source.accepts(inputs[name], given):
                return False
            given[name] = inputs[name]
        sized = all(low <= given[dim] for dim, (low, _) in self.dims.items() if dim in given)
        return sized and self.fits_together(inputs)

    def fits_together(self, inputs: Mapping[str, Any]) -> bool:
        """Whether `where` holds; a `where` that cannot make sense of the inputs says no."""
        if self.where is None:
            return True
        try:
            defaults = {name: p.default for name, p in self.parameters.items() if p.default is not p.empty}
            return bool(self.where(**(defaults | dict(inputs))))
        except (TypeError, ValueError, IndexError, KeyError, AttributeError):
            return False


def Scenario(play: Function, inputs: Mapping[str, Source], **rest: Any) -> Entry:
    """A use of several entry points, or of what one returns: a round trip, a callable that is then called.

    Parameters
    ----------
    play : callable
        Its first parameters are named as entry points and get the answer's functions; the rest are inputs. It runs
        inside the sandbox from its source alone: it may use ``np``, ``math``, ``itertools`` and its parameters.
    inputs, **rest
        As in `Entry`.
    """
    names = [name for name in inspect.signature(play).parameters if name not in inputs]
    return Entry(play, inputs, uses=tuple(names), **rest)


# ------------------------------------------------------------------------------------------------------ wrong answers


@dataclass(frozen=True)
class Trap:
    """A wrong answer with the misconception that it shows; see `trap`."""

    function: Function
    misconception: str
    verdict: str
    of: str

    @property
    def name(self) -> str:
        return self.function.__name__


def trap(misconception: str, *, verdict: str = "WA", of: str = "") -> Callable[[Function], Trap]:
    """Mark a function as a wrong answer that people write.

    Parameters
    ----------
    misconception : str
        The sentence that would have helped: what is true instead.
    verdict : str
        The code for which it must fail level 1: ``"WA"``, ``"WT"``, ``"IM"``, ``"RE"``; `ndojo verify` checks it.
    of : str
        The entry point that it answers, where there are several.
    """
    if verdict not in TRAP_VERDICTS:
        raise ValueError(f"verdict {verdict!r} is none of {', '.join(TRAP_VERDICTS)}")
    return lambda function: Trap(function, misconception, verdict, of)


@dataclass(frozen=True)
class Works:
    """A right answer beside the reference; see `works`."""

    function: Function
    fails: str
    of: str

    @property
    def name(self) -> str:
        return self.function.__name__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)


def works(*, fails: str = "", of: str = "") -> Callable[[Function], Works]:
    """Mark a function as another right answer.

    Parameters
    ----------
    fails : str
        The level that it fails, by name, having passed those before; empty where it passes all.
    of : str
        The entry point that it answers, where there are several.
    """
    return lambda function: Works(function, fails, of)


# -------------------------------------------------------------------------------------------------------------- drills


@dataclass(frozen=True)
class Prediction:
    """One thing to predict: code, the expression whose value is asked, and one sentence why."""

    code: str
    why: str
    asks: str = ""


def predict(code: str, why: str, asks: str = "") -> Prediction:
    """One variant of a drill.

    Parameters
    ----------
    code : str
        Python; its last line is the expression whose value is asked. The truth is what NumPy makes of it, the
        exception's name where it raises.
    why : str
        One sentence that explains the truth.
    asks : str
        What is asked, where it differs from the drill's own question.
    """
    return Prediction(textwrap.dedent(code).strip(), why, asks)


@dataclass(frozen=True)
class Drill:
    """A template of predictions: ``vary(rng, hardness)`` draws one, hardness from 0.0 to 1.0."""

    asks: str
    vary: Callable[[np.random.Generator, float], Prediction]

    @property
    def name(self) -> str:
        return self.vary.__name__


def drill(asks: str) -> Callable[[Callable[[np.random.Generator, float], Prediction]], Drill]:
    """Mark a function as a drill's template; `asks` is its question."""
    return lambda vary: Drill(asks, vary)


# ------------------------------------------------------------------------------------------------------------ question


@dataclass(frozen=True)
class Question:
    """One thing to practise.

    Parameters
    ----------
    levels : sequence of Level
        Level 1 is ``"right"``; correctness and untouched inputs need not be said.
    difficulty : {"easy", "medium", "hard"}
    kinds, topics, companies, asked : sequence of str
        `asked` holds ids of the list of things that candidates were asked.
    spoken : str
        The spoken answer, shown before the explanation: three to five sentences that one could say in an interview in
        30 seconds, 40 to 110 words.
    explanation : str
        The model answer, Markdown; its examples are run.
    points : sequence of str
        What an interviewer would want to hear, to be ticked.
    hints : sequence of str
        From a nudge to nearly there.
    entry_points, scenarios : sequence of Entry
    follow_ups : mapping of str to str
        What an interviewer asks next, and a short answer.
    related : sequence of str
        Slugs to go on with.
    links : sequence of str
        Pages of NumPy's documentation.
    live : callable, optional
        Prints a measurement that shows the point on the learner's machine.
    allows : sequence of str
        Packages beyond NumPy and the standard library: ``"scipy"``, ``"numba"``.
    equivalent : mapping of str to str
        Mutants of the reference that behave alike, as `ndojo verify` names them, each with the reason.
    seconds : float
        The time limit of one call.
    cases : int
        About how many cases a verdict has; fewer where each takes long.

    Notes
    -----
    The loader fills in `slug`, `room`, `title`, `path`, `traps`, `works` and `drills` from the file.
    """

    levels: Sequence[Level]
    difficulty: str
    topics: Sequence[str]
    companies: Sequence[str]
    asked: Sequence[str]
    explanation: str
    points: Sequence[str]
    kinds: Sequence[str] = ("code",)
    hints: Sequence[str] = ()
    entry_points: Sequence[Entry] = ()
    scenarios: Sequence[Entry] = ()
    follow_ups: Mapping[str, str] = field(default_factory=dict)
    related: Sequence[str] = ()
    links: Sequence[str] = ()
    live: Callable[[], None] | None = None
    allows: Sequence[str] = ()
    equivalent: Mapping[str, str] = field(default_factory=dict)
    spoken: str = ""
    seconds: float = 2.0
    cases: int = 200
    slug: str = ""
    room: str = ""
    title: str = ""
    path: str = ""
    version: str = ""
    traps: tuple[Trap, ...] = ()
    works: tuple[Works, ...] = ()
    drills: tuple[Drill, ...] = ()

    def __post_init__(self) -> None:
        for wrong in _mistakes(self):
            raise QuestionError(wrong)

    @cached_property
    def calls(self) -> tuple[Entry, ...]:
        """Everything that the judge calls: entry points, then scenarios."""
        return (*self.entry_points, *self.scenarios)

    def entry(self, name: str) -> Entry:
        """The entry point or scenario of that name; an empty name means the only entry point."""
        if not name and len(self.entry_points) == 1:
            return self.entry_points[0]
        for entry in self.calls:
            if entry.name == name:
                return entry
        raise QuestionError(f"no entry point {name!r}; there are {', '.join(e.name for e in self.calls)}")

    @cached_property
    def beyond(self) -> tuple[Entry, ...]:
        """The wider inputs that later levels judge, in the order of the levels."""
        return tuple(one.entry for _, one in self.requirements() if isinstance(one, CorrectOn))

    @cached_property
    def plays(self) -> tuple[Entry, ...]:
        """Every scenario, also those that only later levels judge, each once by name."""
        known = {entry.name: entry for entry in (*self.scenarios, *self.beyond) if entry.uses}
        return tuple(known.values())

    @cached_property
    def forbidden(self) -> tuple[str, ...]:
        """The NumPy functions that every level does without: what level 1 forbids."""
        demands = self.levels[0].requirements if self.levels else ()
        return tuple(name for demand in demands if isinstance(demand, Without) for name in demand.functions)

    def requirements(self) -> list[tuple[Level, Requirement]]:
        """Every requirement with its level, in order."""
        return [(level, requirement) for level in self.levels for requirement in level.requirements]

    @property
    def prompt(self) -> str:
        """The docstrings of the entry points: what is to be done."""
        return "\n\n".join(inspect.getdoc(entry.reference) or "" for entry in self.entry_points)

    def starter(self) -> str:
        """The file that a learner starts from: title, imports, each function's signature and prompt."""
        head = f'"""{self.title}\n\nndojo check {file_name(self.slug)}\n"""\n\nimport numpy as np\n'
        return "\n\n".join([head, *(_starter(entry) for entry in self.entry_points)])

    def reference_source(self, replaced: Mapping[str, Function] | None = None) -> str:
        """The reference as an answer file, with some entry points answered by other functions."""
        from ndojo.question.answer_source import answer_source

        return answer_source(self, replaced or {})

    def filled(self, **facts: Any) -> Question:
        """The question with what the loader knows."""
        return replace(self, **facts)


def file_name(slug: str) -> str:
    """The answer file of a question: ``run-length`` is answered in ``run_length.py``."""
    return slug.replace("-", "_") + ".py"


def _starter(entry: Entry) -> str:
    """The function's signature and prompt, or the broken function that is to be repaired."""
    function = entry.starter or entry.reference
    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    node = ast.parse("\n".join(lines)).body[0]
    assert isinstance(node, ast.FunctionDef)
    head = [re.sub(r"^def \w+", f"def {entry.name}", line) for line in lines[node.lineno - 1 : node.body[0].lineno - 1]]
    prompt = textwrap.indent(inspect.getdoc(entry.reference) or "", "    ", lambda line: bool(line.strip()))
    quotes = 'r"""' if "\\" in prompt else '"""'
    body = ['    raise NotImplementedError("your answer goes here")']
    if entry.starter is not None:
        body = lines[node.body[1 if inspect.getdoc(function) else 0].lineno - 1 :]
    return "\n".join([*head, f"    {quotes}{prompt.strip()}", '    """', *body]) + "\n"


def _mistakes(question: Question) -> list[str]:
    """What is wrong with the record itself; `ndojo verify` finds the rest."""
    wrong = []
    names = [level.name for level in question.levels]
    if "code" in question.kinds and (not names or names[0] != "right"):
        wrong.append('Level 1 must be called "right". Start `levels` with Level("right").')
    if question.difficulty not in DIFFICULTIES:
        wrong.append(f"difficulty is {question.difficulty!r}; write one of {', '.join(DIFFICULTIES)}.")
    if unknown := set(question.kinds) - set(KINDS):
        wrong.append(f"kinds holds {sorted(unknown)}; write some of {', '.join(KINDS)}.")
    if "code" in question.kinds and not question.entry_points:
        wrong.append("a code question needs entry_points: add an Entry for each function to write.")
    for entry in question.entry_points:
        missing = set(entry.parameters) ^ set(entry.inputs)
        if missing:
            wrong.append(f"{entry.name}: inputs and parameters differ in {sorted(missing)}; give one source each.")
    return wrong
