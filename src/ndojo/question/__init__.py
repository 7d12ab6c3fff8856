"""The vocabulary of a question file.

Authors import from here: `Question`, `Entry`, `Scenario`, `Level`, the sources of inputs (`arrays`, `integers`, …),
the requirements (`view_of`, `without`, …), `trap`, `works`, `drill` and `predict`. NumPy is the only dependency, and it
is imported only when the first name is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ndojo.question.drills import by_hardness, drill, predict
    from ndojo.question.entries import Entry, Match, Scenario, case, matches, raises
    from ndojo.question.errors import QuestionError
    from ndojo.question.known_answers import trap, works
    from ndojo.question.records import Question
    from ndojo.question.requirements import (
        Level,
        allocates_nothing,
        distribution,
        faster_than,
        grows,
        needs,
        no_python_loop,
        no_warnings,
        only_generator,
        own_memory,
        peak_memory,
        right_on,
        shares_as_reference,
        view_of,
        without,
    )
    from ndojo.question.sources.arrays import arrays
    from ndojo.question.sources.containers import lists, made, mappings, one_of, tuples
    from ndojo.question.sources.layouts import LAYOUTS
    from ndojo.question.sources.scalars import (
        axis_of,
        callables,
        choice,
        files,
        floats,
        generators,
        integers,
        iterators,
    )

_MODULES = (
    "requirements",
    "entries",
    "known_answers",
    "drills",
    "records",
    "errors",
    "sources.arrays",
    "sources.scalars",
    "sources.containers",
    "sources.layouts",
)

__all__ = [
    "LAYOUTS",
    "Entry",
    "Level",
    "Match",
    "Question",
    "QuestionError",
    "Scenario",
    "allocates_nothing",
    "arrays",
    "axis_of",
    "by_hardness",
    "callables",
    "case",
    "choice",
    "distribution",
    "drill",
    "faster_than",
    "files",
    "floats",
    "generators",
    "grows",
    "integers",
    "iterators",
    "lists",
    "made",
    "mappings",
    "matches",
    "needs",
    "no_python_loop",
    "no_warnings",
    "one_of",
    "only_generator",
    "own_memory",
    "peak_memory",
    "predict",
    "raises",
    "right_on",
    "shares_as_reference",
    "trap",
    "tuples",
    "view_of",
    "without",
    "works",
]


def __getattr__(name: str) -> Any:
    """Return a name of the vocabulary from the module that defines it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    for module_name in _MODULES:
        module = importlib.import_module(f"{__name__}.{module_name}")
        if hasattr(module, name):
            globals()[name] = getattr(module, name)
            return globals()[name]
    raise AttributeError(f"no module of {__name__} defines {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
