"""The record of a question."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ndojo.question.drills import Drill
from ndojo.question.entries import Entry
from ndojo.question.errors import QuestionError
from ndojo.question.known_answers import Trap, Works
from ndojo.question.requirements import CorrectOn, Level, Requirement, Without

KINDS = ("code", "predict", "explain")
DIFFICULTIES = ("easy", "medium", "hard")


@dataclass(frozen=True)
class Question:
    """One question.

    Parameters
    ----------
    levels : sequence of Level
        The first level is called ``"right"``. It always requires correct results and unchanged inputs.
    difficulty : {"easy", "medium", "hard"}
    kinds, topics, companies, asked : sequence of str
        `asked` contains ids from the list of things that candidates were asked.
    spoken : str
        The spoken answer, which you could say in an interview in 30 seconds. It is shown before the explanation and has
        three to five sentences, 40 to 110 words.
    explanation : str
        The explanation in Markdown. Its examples are run.
    points : sequence of str
        What an interviewer listens for. The learner checks which of them an explanation mentioned.
    hints : sequence of str
        Hints, from a direction to a sketch of the solution.
    entry_points, scenarios : sequence of Entry
    follow_ups : mapping of str to str
        What an interviewer asks next, and a short answer.
    related : sequence of str
        Slugs of related questions.
    links : sequence of str
        Pages of NumPy's documentation.
    live : callable, optional
        Prints a measurement on the learner's machine that illustrates the explanation.
    allows : sequence of str
        Packages that answers may use in addition to NumPy and the standard library: ``"scipy"``, ``"numba"``.
    equivalent : mapping of str to str
        Mutants that behave like the reference, by the name that `ndojo verify` shows, each with the reason.
    seconds : float
        The time limit of one call.
    cases : int
        The approximate number of cases per verdict. Choose fewer if each case takes long.

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
        """Return the entry point or scenario with this name. An empty name means the only entry point."""
        if not name and len(self.entry_points) == 1:
            return self.entry_points[0]
        for entry in self.calls:
            if entry.name == name:
                return entry
        raise QuestionError(
            f"No entry point is called {name!r}. The question has {', '.join(e.name for e in self.calls)}."
        )

    @cached_property
    def beyond(self) -> tuple[Entry, ...]:
        """The wider inputs that later levels judge, in the order of the levels."""
        return tuple(one.entry for _, one in self.requirements() if isinstance(one, CorrectOn))

    @cached_property
    def plays(self) -> tuple[Entry, ...]:
        """Every scenario, including those of later levels, each once by name."""
        known = {entry.name: entry for entry in (*self.scenarios, *self.beyond) if entry.uses}
        return tuple(known.values())

    @cached_property
    def forbidden(self) -> tuple[str, ...]:
        """The NumPy functions that level 1 forbids. Every other level forbids them, too."""
        demands = self.levels[0].requirements if self.levels else ()
        return tuple(name for demand in demands if isinstance(demand, Without) for name in demand.functions)

    def requirements(self) -> list[tuple[Level, Requirement]]:
        """Return every requirement with its level, in order."""
        return [(level, requirement) for level in self.levels for requirement in level.requirements]

    @property
    def prompt(self) -> str:
        """The docstrings of the entry points."""
        return "\n\n".join(inspect.getdoc(entry.reference) or "" for entry in self.entry_points)

    def starter(self) -> str:
        """Return the file that a learner starts from: title, imports, and each function's signature and prompt."""
        head = f'"""{self.title}\n\nndojo check {file_name(self.slug)}\n"""\n\nimport numpy as np\n'
        return "\n\n".join([head, *(_starter(entry) for entry in self.entry_points)])

    def filled(self, **facts: Any) -> Question:
        """Return a copy of the question with the fields that the loader fills in."""
        return replace(self, **facts)


def file_name(slug: str) -> str:
    """Return the name of a question's answer file: ``run_length.py`` for ``run-length``."""
    return slug.replace("-", "_") + ".py"


def _starter(entry: Entry) -> str:
    """Return the function's signature and prompt, or the broken function to fix."""
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
    """Return the mistakes in the record itself. `ndojo verify` finds all others."""
    wrong = []
    names = [level.name for level in question.levels]
    if "code" in question.kinds and (not names or names[0] != "right"):
        wrong.append('Level 1 must be called "right". Start `levels` with Level("right").')
    if question.difficulty not in DIFFICULTIES:
        wrong.append(f"difficulty is {question.difficulty!r}. Write one of {', '.join(DIFFICULTIES)}.")
    if unknown := set(question.kinds) - set(KINDS):
        wrong.append(f"kinds contains {sorted(unknown)}. Choose from {', '.join(KINDS)}.")
    if "code" in question.kinds and not question.entry_points:
        wrong.append("A code question needs entry_points: add an Entry for each function to write.")
    for entry in question.entry_points:
        missing = set(entry.parameters) ^ set(entry.inputs)
        if missing:
            wrong.append(
                f"{entry.name}: inputs and parameters differ in {sorted(missing)}. Give each parameter one source."
            )
    return wrong
