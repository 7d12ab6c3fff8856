"""What a learner can do, one function each. Every face calls only this package.

Every impossible request raises `PracticeError`, whose message says why and what to do. A module of this package is
imported when it is first used (``practice.catalog.questions()``), and NumPy only if a question is loaded, so that a
face that only lists starts immediately.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ndojo.practice import (
        answer_files,
        authoring,
        catalog,
        drills,
        errors,
        export,
        export_anki,
        export_answers,
        export_notebook,
        forecast,
        help,
        history,
        home,
        machine,
        markup,
        mock_interviews,
        plan,
        questions,
        readiness,
        records,
        reviews,
        session,
        statistics,
    )

__all__ = [
    "answer_files",
    "authoring",
    "catalog",
    "drills",
    "errors",
    "export",
    "export_anki",
    "export_answers",
    "export_notebook",
    "forecast",
    "help",
    "history",
    "home",
    "machine",
    "markup",
    "mock_interviews",
    "plan",
    "questions",
    "readiness",
    "records",
    "reviews",
    "session",
    "statistics",
]


def __getattr__(name: str) -> ModuleType:
    """A module of this package, imported on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f"{__name__}.{name}")
