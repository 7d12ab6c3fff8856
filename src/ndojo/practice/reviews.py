"""Follow the plan: files for reviews, explanations with their points, ratings and corrections."""

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
    """The answer file of a review or a new question.

    `begun_before` is whether the file already existed. `trouble` says why the start was not recorded.
    """

    path: Path
    begun_before: bool
    trouble: str = ""


def review_folder(folder: Path, day: date) -> Path:
    """Return the folder for the reviews of a day. It is separate, so earlier answers are neither shown nor changed."""
    return folder / f"review-{day}"


def write_review_file(slug: str, folder: Path, now: datetime) -> ReviewFile:
    """Create the file for a review, or return the one that was created on the same day.

    Parameters
    ----------
    slug : str
    folder : Path
        The folder of the day is created inside this folder.
    now : datetime
        In the learner's time zone.
    """
    return _file_in(slug, review_folder(folder, now.date()), now)


def write_new_file(slug: str, folder: Path, now: datetime) -> ReviewFile:
    """Create the file of a new question, or return the existing one."""
    return _file_in(slug, folder, now)


def _file_in(slug: str, folder: Path, now: datetime) -> ReviewFile:
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
    """Return the task of explaining a question."""
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
    """Save an explanation and the ticked points. Return why this was not possible, or an empty string.

    Parameters
    ----------
    slug : str
    text : str
        The explanation.
    ticked : sequence of int
        Numbers of the ticked points, from 1.
    now : datetime
    """
    points = len(load(slug).points)
    detail = {"text": text, "ticked": sorted({number for number in ticked if 1 <= number <= points}), "points": points}
    return record_event(slug, "explained", now, detail)


# -------------------------------------------------------------------------------------------------------------- rating


@dataclass(frozen=True)
class Grade:
    """The last rating of a question in one kind, its reason, and the next due date."""

    slug: str
    kind: str
    rating: str
    reason: str
    due: date
    in_days: int


def grades(slug: str, now: datetime) -> list[Grade]:
    """Return the last rating of each kind of a question."""
    check_slug(slug)
    known = study_state(now)
    return [_grade(known, practice) for practice in known.cards if practice.question == slug]


def _grade(known: StudyState, practice: Practice) -> Grade:
    card = known.cards[practice]
    return Grade(*practice, card.rated.rating, card.rated.reason, card.due, max((card.due - known.day).days, 0))


@as_practice_errors()
def check_slug(slug: str) -> None:
    """Raise an error for an unknown slug."""
    check_known(slug)


def rate(slug: str, rating: str, now: datetime, kind: str | None = None) -> Grade:
    """Correct the rating of the last session, and return the result.

    Parameters
    ----------
    slug : str
    rating : {"again", "hard", "good", "easy"}
    now : datetime
        In the learner's time zone.
    kind : {"code", "predict", "explain"}, optional
        Required if the question was practiced in several kinds.
    """
    if rating not in RATINGS:
        raise PracticeError(f"{rating!r} is not a rating. The ratings are {', '.join(RATINGS)}.")
    found = [grade for grade in grades(slug, now) if kind in (None, grade.kind)]
    if not found:
        raise PracticeError(f"You have not practiced {slug} yet, so it has no rating. Start with `ndojo start {slug}`.")
    if len(found) > 1:
        kinds = " or ".join(f"--kind {grade.kind}" for grade in found)
        raise PracticeError(f"You practiced {slug} in several kinds. Add {kinds}.")
    _keep_rating(slug, found[0].kind, rating, now)
    return next(grade for grade in grades(slug, now) if grade.kind == found[0].kind)


@as_practice_errors()
def _keep_rating(slug: str, kind: str, rating: str, now: datetime) -> None:
    with Store.open() as store:
        store.record(slug, "rated", now, {"kind": kind, "rating": rating})


# ------------------------------------------------------------------------------------------------------------- writing


@as_practice_errors()
def keep_draft(subject: str, before: str, text: str, now: datetime) -> None:
    """Save the current version of a text, as a difference from the previous version."""
    kept = _shared(before, text)
    with Store.open() as store:
        store.keep_draft(subject, kept, text[kept:], now)


@as_practice_errors()
def last_draft(subject: str) -> str:
    """Return the last saved version of a text, or an empty string."""
    with Store.open(create=False) as store:
        versions = store.drafts(subject)
    return versions[-1][1] if versions else ""


def _shared(one: str, other: str) -> int:
    """Return the length of the common prefix of two strings."""
    length = min(len(one), len(other))
    return next((place for place in range(length) if one[place] != other[place]), length)
