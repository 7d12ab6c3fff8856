"""Loads questions: each file separately, and a list of all questions from an index without loading any file.

Imports that only loading needs, especially NumPy, are inside functions, so that listing starts immediately.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ndojo.question.records import Question

ROOMS = (
    "basics", "creation", "io", "indexing", "shapes", "broadcasting", "ufuncs", "statistics", "sorting", "dtypes",
    "memory", "linalg", "signal", "random", "performance", "finance",
)  # fmt: skip
BANK = Path(__file__).parent.parent / "bank"
INDEX = BANK / "index.json"

Card = dict[str, Any]
"""What the index stores about one question, as `card` creates it."""


class UnknownQuestion(LookupError):
    """No question has this slug. The message suggests similar slugs."""

    def __init__(self, slug: str, known: Iterable[str]) -> None:
        import difflib

        near = difflib.get_close_matches(slug, list(known), n=3, cutoff=0.5)
        advice = f"Did you mean {' or '.join(near)}?" if near else "`ndojo list` shows all of them."
        super().__init__(f"No question is called {slug!r}. {advice}")
        self.near = near


def slug_of(path: Path) -> str:
    """Return the slug of a question file."""
    return path.stem.replace("_", "-")


def paths(bank: Path = BANK) -> dict[str, Path]:
    """Return the file of every question by slug, ordered by room."""
    found = [path for path in bank.glob("*/*.py") if not path.name.startswith("_")]
    order = {room: place for place, room in enumerate(ROOMS)}
    found.sort(key=lambda path: (order.get(path.parent.name, len(order)), path.stem))
    return {slug_of(path): path for path in found}


def load(slug: str, bank: Path = BANK) -> Question:
    """Load one question.

    Raises
    ------
    UnknownQuestion
        If no question has this slug.
    QuestionError
        If its file contains a mistake.
    """
    known = paths(bank)
    if slug not in known:
        raise UnknownQuestion(slug, known)
    return load_file(known[slug])


def load_file(path: Path) -> Question:
    """Load the question in a file, which may be outside the bank.

    Raises
    ------
    QuestionError
        If the file cannot be run or defines no ``QUESTION``.
    """
    from ndojo.question.errors import QuestionError
    from ndojo.question.records import Question

    try:
        module = _run(path)
    except QuestionError as problem:
        raise QuestionError(f"{path.name}: {problem}") from problem
    except Exception as problem:
        raise QuestionError(f"{path.name} cannot be loaded: {type(problem).__name__}: {problem}") from problem
    question = getattr(module, "QUESTION", None)
    if not isinstance(question, Question):
        raise QuestionError(f"{path.name} defines no QUESTION. End the file with `QUESTION = Question(...)`.")
    return question.filled(**_facts(module, path, question))


def _run(path: Path) -> ModuleType:
    import importlib.util

    name = f"ndojo.bank.{path.parent.name}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _facts(module: ModuleType, path: Path, question: Question) -> dict[str, Any]:
    import hashlib

    from ndojo.question.drills import Drill
    from ndojo.question.known_answers import Trap, Works

    here = list(vars(module).values())
    prose = path.with_suffix(".md")
    explanation = question.explanation or (prose.read_text(encoding="utf-8") if prose.exists() else "")
    return {
        "slug": slug_of(path),
        "room": path.parent.name,
        "title": (module.__doc__ or "").strip().split("\n")[0].rstrip("."),
        "path": str(path),
        "version": hashlib.sha256(path.read_bytes() + explanation.encode()).hexdigest()[:12],
        "explanation": explanation,
        "traps": tuple(value for value in here if isinstance(value, Trap)),
        "works": tuple(value for value in here if isinstance(value, Works)),
        "drills": tuple(value for value in here if isinstance(value, Drill)),
    }


# --------------------------------------------------------------------------------------------------------------- index


def card(question: Question) -> Card:
    """Return what the index stores about a question."""
    return {
        "slug": question.slug,
        "room": question.room,
        "title": question.title,
        "difficulty": question.difficulty,
        "kinds": list(question.kinds),
        "topics": list(question.topics),
        "companies": list(question.companies),
        "asked": list(question.asked),
        "levels": [level.name for level in question.levels],
        "entry_points": [entry.name for entry in question.entry_points],
        "drills": [drill.name for drill in question.drills],
    }


def index() -> list[Card]:
    """Return the card of every question, ordered by room. If the index is up to date, no question is loaded.

    `write_index` writes the index. If files have been added or removed since then, every question is loaded instead.
    """
    known = paths()
    try:
        cards: list[Card] = json.loads(INDEX.read_text(encoding="utf-8"))
        # An index without drill names comes from an older version, so it is out of date.
        if [one["slug"] for one in cards if "drills" in one] == list(known):
            return cards
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return [card(load_file(path)) for path in known.values()]


def write_index() -> bool:
    """Update the index. Return whether it changed."""
    lines = ",\n".join(json.dumps(card(load_file(path)), ensure_ascii=False) for path in paths().values())
    text = f"[\n{lines}\n]\n"
    if INDEX.exists() and INDEX.read_text(encoding="utf-8") == text:
        return False
    INDEX.write_text(text, encoding="utf-8")
    return True
