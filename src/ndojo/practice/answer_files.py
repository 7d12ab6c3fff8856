"""Answer files: how they are named, found, created and read."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.history import record_event
from ndojo.practice.questions import load, nearest, slugs
from ndojo.question.loading import slug_of


def file_name(slug: str) -> str:
    """Return the name of a question's answer file."""
    return slug.replace("-", "_") + ".py"


def find_answer(text: str, folder: Path) -> Path:
    """Return the path of an answer file, given as a path or as a question's slug."""
    if not Path(text).exists() and text in slugs():
        return folder / file_name(text)
    return Path(text)


def question_of(path: Path) -> str:
    """Return the slug of the question that a file answers, from the file's name."""
    known, slug = slugs(), slug_of(path)
    if slug in known:
        return slug
    named = nearest(slug, known) or "SLUG"
    raise PracticeError(f"{path.name} is not named after a question. Give the question with --question {named}.")


def answers_in(folder: Path) -> list[Path]:
    """Return the answer files in a folder, in the order of the questions."""
    return [path for slug in slugs() if (path := folder / file_name(slug)).is_file()]


def read_answer(path: Path) -> bytes:
    """Return the content of an answer file."""
    try:
        return path.read_bytes()
    except FileNotFoundError as problem:
        advice = "`ndojo start SLUG` creates an answer file."
        raise PracticeError(f"The file {path} does not exist. {advice}", "answer") from problem
    except OSError as problem:
        raise PracticeError(f"{path} cannot be read: {problem.strerror}. Name a Python file.", "answer") from problem


@dataclass(frozen=True)
class Started:
    """A created answer file and the backup of the earlier file. `trouble` says why the start was not recorded."""

    slug: str
    title: str
    path: Path
    backup: Path | None
    trouble: str


@as_practice_errors()
def start(slug: str, folder: Path, now: datetime, *, force: bool = False) -> Started:
    """Create a question's answer file.

    Parameters
    ----------
    slug : str
    folder : Path
        Created if it does not exist.
    now : datetime
        With a time zone.
    force : bool
        Replace an existing file, and keep a copy of it next to the new file.
    """
    question = load(slug)
    if not question.entry_points:
        raise PracticeError(f"{slug} has no function to write: it is for {' and '.join(question.kinds)}.")
    path = folder / file_name(slug)
    try:
        backup = _write_starter(path, question.starter(), force)
    except OSError as problem:
        raise PracticeError(
            f"{path} cannot be written: {problem.strerror}. Choose another folder with --dir."
        ) from problem
    return Started(slug, question.title, path.absolute(), backup, record_event(slug, "started", now))


def _write_starter(path: Path, text: str, force: bool) -> Path | None:
    """Write a new file, or replace one and keep a copy of it. Return the path of the copy."""
    if path.exists() and not force:
        raise PracticeError(
            f"{path.name} already exists and was not changed. Continue with `ndojo check {path.name}`, or start again "
            "with --force, which keeps a copy.",
            "answer",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    backup = _backed_up(path) if path.exists() and path.read_bytes() != text.encode() else None
    path.write_text(text, encoding="utf-8", newline="\n")
    return backup


def _backed_up(path: Path) -> Path:
    """Copy a file to the first free numbered name next to it, and return the path of the copy."""
    for number in range(1, 10_000):
        copy = path.with_name(f"{path.name}.{number}.bak")
        with contextlib.suppress(FileExistsError), copy.open("xb") as file:
            file.write(path.read_bytes())
            return copy
    raise PracticeError(f"{path} already has 9,999 backup copies. Move them to another folder.", "answer")
