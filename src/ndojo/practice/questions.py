"""All questions: their slugs and rooms, and one of them loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ndojo.practice.errors import as_practice_errors
from ndojo.question import loading

if TYPE_CHECKING:
    from ndojo.question.records import Question


def slugs() -> list[str]:
    """Every question's slug, in the order of the rooms; reads no file."""
    return list(loading.paths())


def rooms() -> list[str]:
    """Every room, in order, whether it holds questions yet or not."""
    return list(loading.ROOMS)


@as_practice_errors()
def load(slug: str) -> Question:
    """One question; the first that is loaded brings NumPy with it."""
    return loading.load(slug)


def levels_of(question: Question) -> tuple[tuple[str, str], ...]:
    """Each level's name, and what it asks."""
    return tuple((level.name, level.asks) for level in question.levels)


def check_known(slug: str) -> None:
    """Refuse a slug that no question has."""
    known = slugs()
    if slug not in known:
        raise loading.UnknownQuestion(slug, known)


def nearest(text: str, known: Sequence[str]) -> str:
    """What was probably meant; empty where nothing is near."""
    import difflib

    return next(iter(difflib.get_close_matches(text, known, n=1, cutoff=0.6)), "")
