"""The actions of a learner. Every user interface calls only this package.

A request that cannot be fulfilled raises `PracticeError`, whose message says why and what to do. Each module of this
package is imported at its first use (``practice.catalog.questions()``), and NumPy only when a question is loaded. So
commands that only list questions start fast.
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
    """Import a module of this package at its first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f"{__name__}.{name}")
