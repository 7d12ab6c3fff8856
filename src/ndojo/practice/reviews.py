"""Carrying out the plan: a fresh file for a review, an explanation with its points, a rating that can be corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ndojo.practice.answer_files import file_name, start
from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.history import record_event
from ndojo.practice.plan import StudyState, study_state
from ndojo.practice.questions import check_known, load
from ndojo.store import Store
from ndojo.study.evidence import Practice
from ndojo.study.rating import RATINGS


@dataclass(frozen=True)
class ReviewFile:
    """The file to answer a review in; whether it was there already, begun before; why no note of it was kept."""

    path: Path
    begun_before: bool
    trouble: str = ""


def review_folder(folder: Path, day: date) -> Path:
    """Where the reviews of a day are answered: a separate folder, so that no earlier answer is seen or written."""
    return folder / f"review-{day}"


def write_review_file(slug: str, folder: Path, now: datetime) -> ReviewFile:
    """A fresh file for a review; one that was begun on the same day is gone on with.

    Parameters
    ----------
    slug : str
    folder : Path
        In which the day's own folder is made.
    now : datetime
        In the learner's own zone.
    """
    return _laid_out(slug, review_folder(folder, now.date()), now)


def write_new_file(slug: str, folder: Path, now: datetime) -> ReviewFile:
    """The file of a new question; an existing one is continued."""
    return _laid_out(slug, folder, now)


def _laid_out(slug: str, folder: Path, now: datetime) -> ReviewFile:
    path = folder / file_name(slug)
    if path.exists():
        return ReviewFile(path, True)
    return ReviewFile(path, False, start(slug, folder, now).trouble)


# ------------------------------------------------------------------------------------------------------------- explain


@dataclass(frozen=True)
class ExplanationTask:
    """A question to explain in words, with the points to mention, the spoken answer and the full explanation."""

    slug: str
    title: str
    prompt: str
    points: tuple[str, ...]
    spoken: str
    model: str
    follow_ups: tuple[tuple[str, str], ...]


def to_explain(slug: str) -> ExplanationTask:
    """A question that is explained in words."""
    question = load(slug)
    if not question.points:
        raise PracticeError(f"{slug} has no points to tick. See `ndojo explain {slug}`.")
    return ExplanationTask(
        slug,
        question.title,
        question.prompt,
        tuple(question.points),
        question.spoken,
        question.explanation,
        tuple(question.follow_ups.items()),
    )


def save_explanation(slug: str, text: str, ticked: Sequence[int], now: datetime) -> str:
    """Keep an explanation and the points that the learner found in it; why that was not possible, where it was not.

    Parameters
    ----------
    slug : str
    text : str
        What was written.
    ticked : sequence of int
        The numbers of points, from 1.
    now : datetime
    """
    points = len(load(slug).points)
    detail = {"text": text, "ticked": sorted({number for number in ticked if 1 <= number <= points}), "points": points}
    return record_event(slug, "explained", now, detail)


# -------------------------------------------------------------------------------------------------------------- rating


@dataclass(frozen=True)
class Grade:
    """What the last sitting on a practice was rated, why, and when it is due again."""

    slug: str
    kind: str
    rating: str
    reason: str
    due: date
    in_days: int


def grades(slug: str, now: datetime) -> list[Grade]:
    """What the last sitting on each kind of a question was rated."""
    check_slug(slug)
    known = study_state(now)
    return [_grade(known, practice) for practice in known.cards if practice.question == slug]


def _grade(known: StudyState, practice: Practice) -> Grade:
    card = known.cards[practice]
    return Grade(*practice, card.rated.rating, card.rated.reason, card.due, max((card.due - known.day).days, 0))


@as_practice_errors()
def check_slug(slug: str) -> None:
    """Refuse a slug that no question has."""
    check_known(slug)


def rate(slug: str, rating: str, now: datetime, kind: str | None = None) -> Grade:
    """Correct the rating of the last sitting.

    Parameters
    ----------
    slug : str
    rating : {"again", "hard", "good", "easy"}
    now : datetime
        In the learner's own zone.
    kind : {"code", "predict", "explain"}, optional
        Needed if the question was practiced in several kinds.
    """
    if rating not in RATINGS:
        raise PracticeError(f"{rating!r} is not a rating. The ratings are {', '.join(RATINGS)}.")
    found = [grade for grade in grades(slug, now) if kind in (None, grade.kind)]
    if not found:
        raise PracticeError(f"You have nothing to rate on {slug} yet. Practice it first: `ndojo start {slug}`.")
    if len(found) > 1:
        kinds = " or ".join(f"--kind {grade.kind}" for grade in found)
        raise PracticeError(f"You practiced {slug} in several ways. Say which: {kinds}.")
    _keep_rating(slug, found[0].kind, rating, now)
    return next(grade for grade in grades(slug, now) if grade.kind == found[0].kind)


@as_practice_errors()
def _keep_rating(slug: str, kind: str, rating: str, now: datetime) -> None:
    with Store.open() as store:
        store.record(slug, "rated", now, {"kind": kind, "rating": rating})


# ------------------------------------------------------------------------------------------------------------- writing


@as_practice_errors()
def keep_draft(subject: str, before: str, text: str, now: datetime) -> None:
    """Keep what is being written, as it differs from the version before."""
    kept = _shared(before, text)
    with Store.open() as store:
        store.keep_draft(subject, kept, text[kept:], now)


@as_practice_errors()
def last_draft(subject: str) -> str:
    """What was kept last of what was being written; empty where nothing was."""
    with Store.open(create=False) as store:
        versions = store.drafts(subject)
    return versions[-1][1] if versions else ""


def _shared(one: str, other: str) -> int:
    """How many characters two strings have in common, from the first."""
    length = min(len(one), len(other))
    return next((place for place in range(length) if one[place] != other[place]), length)
