"""The words that a question is written in. Needs NumPy alone, and that only once a word is taken.

An author imports from here: `Question`, `Entry`, `Scenario`, `Level`, the sources of inputs (`arrays`, `integers`, …),
the requirements (`view_of`, `without`, …), `trap`, `works`, `drill` and `predict`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ndojo.question.records import (
        Entry,
        Match,
        Question,
        QuestionError,
        Scenario,
        case,
        drill,
        matches,
        predict,
        raises,
        trap,
        works,
    )
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
    from ndojo.question.sources import (
        LAYOUTS,
        arrays,
        axis_of,
        callables,
        choice,
        files,
        floats,
        generators,
        integers,
        iterators,
        lists,
        made,
        mappings,
        one_of,
        tuples,
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

_WORDS = {
    "records": (
        "Entry", "Match", "Question", "QuestionError", "Scenario", "case", "drill", "matches", "predict", "raises",
        "trap", "works",
    ),
    "requirements": (
        "Level", "allocates_nothing", "distribution", "faster_than", "grows", "needs", "no_python_loop",
        "no_warnings", "only_generator", "own_memory", "peak_memory", "right_on", "shares_as_reference", "view_of",
        "without",
    ),
    "sources": (
        "LAYOUTS", "arrays", "axis_of", "callables", "choice", "files", "floats", "generators", "integers",
        "iterators", "lists", "made", "mappings", "one_of", "tuples",
    ),
}  # fmt: skip
_HOMES = {word: module for module, words in _WORDS.items() for word in words}


def __getattr__(name: str) -> Any:
    """A word, from the module that holds it: only then is NumPy imported."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    word = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    return word


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
