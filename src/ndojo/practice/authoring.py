"""Verify question files, create a new one, and update the index."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ndojo.practice.answer_files import file_name
from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.hardware_limits import find_limits
from ndojo.practice.questions import check_known, nearest, rooms, slugs
from ndojo.practice.session import Session
from ndojo.question import loading

if TYPE_CHECKING:
    from ndojo.proof.report import Proof
    from ndojo.question.records import Question


@as_practice_errors()
def verify(targets: Sequence[str] = (), *, mutation: bool = True, tier: str | None = None) -> Iterator[Proof]:
    """Verify questions, and yield the proof of each.

    Parameters
    ----------
    targets : sequence of str
        Slugs or paths of question files. If empty, every question of the bank.
    mutation : bool
        Whether to mutate the references. False is faster but less thorough.
    tier : str, optional
        Tier of the sandbox.
    """
    return _proofs(_question_files(targets), mutation, tier)


def _question_files(targets: Sequence[str]) -> list[Path]:
    known = loading.paths()
    found = []
    for target in targets or known:
        if target not in known and (target.endswith(".py") or os.sep in target):
            if not Path(target).is_file():
                raise PracticeError(f"The question file {target} does not exist.", "question")
            found.append(Path(target))
        else:
            check_known(target)
            found.append(known[target])
    return found


def _proofs(paths: Iterable[Path], mutation: bool, tier: str | None) -> Iterator[Proof]:
    from ndojo.proof.report import Proof
    from ndojo.proof.verify import verify as prove

    with as_practice_errors(), Session(tier) as session:
        for path in paths:
            question = _loaded_or_proof(path)
            if isinstance(question, Proof):
                yield question
                continue
            sandbox = session.sandbox(tuple(question.allows)) if question.entry_points else None
            limits = partial(find_limits, sandbox) if sandbox else None
            yield prove(question, sandbox, mutation=mutation, find_limits=limits)


def _loaded_or_proof(path: Path) -> Question | Proof:
    """Load the question in a file. If the file has an error, return a proof with this problem."""
    from ndojo.proof.report import Problem, Proof
    from ndojo.question.errors import QuestionError

    try:
        return loading.load_file(path.absolute())
    except QuestionError as mistake:
        slug = loading.slug_of(path)
        problem = Problem("load", path.name, str(mistake), "Fix the file. Nothing else was checked.")
        return Proof(slug, path.parent.name, problems=[problem])


def refresh_index() -> str:
    """Update the index of the bank. Return a message if something changed, otherwise an empty string."""
    from ndojo.question.errors import QuestionError

    try:
        if loading.write_index():
            return f"The index was out of date and is updated: {loading.INDEX}."
    except QuestionError as problem:
        return f"The index was not updated, because a question file has an error: {problem}"
    except OSError as problem:
        why = problem.strerror or problem
        return f"The index is out of date, and {loading.INDEX} cannot be written ({why}). Lists are slower."
    return ""


@as_practice_errors()
def new(place: str, template: str, folder: Path | None = None) -> Path:
    """Create a new question file and return its path.

    Parameters
    ----------
    place : str
        ROOM/SLUG.
    template : str
        Content of the file.
    folder : Path, optional
        Folder that contains the rooms. Default: the bank of this checkout.
    """
    room, _, slug = place.partition("/")
    _check_place(room, slug)
    path = (folder or _bank_of_checkout()) / room / file_name(slug)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(template)
    except FileExistsError as problem:
        raise PracticeError(f"{path} already exists and was not changed. Choose another slug.") from problem
    except OSError as problem:
        raise PracticeError(f"{path} cannot be written: {problem.strerror}. Name a folder with --dir.") from problem
    return path.absolute()


def _check_place(room: str, slug: str) -> None:
    """Raise an error for an unknown room, and for an invalid or existing slug."""
    if room not in rooms():
        near = nearest(room, rooms())
        advice = f"Did you mean {near}?" if near else f"Known rooms: {', '.join(rooms())}."
        raise PracticeError(f"Unknown room {room!r}. {advice}")
    if not all(part.isalnum() and part.isascii() and part.islower() for part in slug.split("-")) or slug[:1].isdigit():
        raise PracticeError(
            f"{slug!r} is not a slug. Use lower-case letters and digits, separated by hyphens, such as sliding-windows."
        )
    if slug in slugs():
        raise PracticeError(f"The question {slug} already exists: {loading.paths()[slug]}.")


def _bank_of_checkout() -> Path:
    bank = loading.BANK
    if not (bank.parents[2] / "pyproject.toml").is_file():
        raise PracticeError(
            "This ndojo is an installed package, not a checkout. Choose a folder for the new question with --dir."
        )
    return bank
