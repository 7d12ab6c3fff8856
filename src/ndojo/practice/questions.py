"""Slugs, rooms and loading of questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ndojo.practice.errors import as_practice_errors
from ndojo.question import loading

if TYPE_CHECKING:
    from ndojo.question.records import Question

RIGHT = "Correct on every input that the prompt allows."
"""The requirement of a level that states none, as level 1 does."""


def slugs() -> list[str]:
    """Return every question's slug, in the order of the rooms, without reading a question file."""
    return list(loading.paths())


def rooms() -> list[str]:
    """Return every room in order, including empty ones."""
    return list(loading.ROOMS)


@as_practice_errors()
def load(slug: str) -> Question:
    """Load one question. This imports NumPy."""
    return loading.load(slug)


def levels_of(question: Question) -> tuple[tuple[str, str], ...]:
    """Return the name and the requirement of each level."""
    return tuple((level.name, level.asks) for level in question.levels)


def check_known(slug: str) -> None:
    """Raise an error for an unknown slug."""
    known = slugs()
    if slug not in known:
        raise loading.UnknownQuestion(slug, known)


def nearest(text: str, known: Sequence[str]) -> str:
    """Return the most similar known word, or an empty string if none is similar."""
    import difflib

    return next(iter(difflib.get_close_matches(text, known, n=1, cutoff=0.6)), "")
