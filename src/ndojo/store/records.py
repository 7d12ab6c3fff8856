"""What the store hands out: answers with their verdicts, events, and how far each question has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

What = Literal["started", "hint", "solution", "explained"]
StatusWord = Literal["new", "started", "tried", "passed", "mastered"]


@dataclass(frozen=True)
class Answer:
    """One answer as it was submitted, and its verdict where there is one.

    Parameters
    ----------
    id : int
        Grows with every answer.
    question : str
        The question's slug.
    question_version : str
        The version of the question that was answered.
    source : str
        The answer's text.
    file_name : str
        Where it was read from.
    levels : int or None
        It was to be judged up to this level only; None for all.
    submitted_at : datetime
        In UTC.
    verdict : dict or None
        The verdict's record as it was kept; None before it is judged.
    judge_version : str or None
        The judge that gave the verdict.
    judged_at : datetime or None
        In UTC.
    """

    id: int
    question: str
    question_version: str
    source: str
    file_name: str
    levels: int | None
    submitted_at: datetime
    verdict: dict[str, Any] | None = None
    judge_version: str | None = None
    judged_at: datetime | None = None


@dataclass(frozen=True)
class Event:
    """Something that a learner did on a question besides answering it, `at` a time in UTC."""

    question: str
    what: What
    at: datetime
    detail: Any = None


@dataclass(frozen=True)
class Status:
    """How far a learner has come with one question.

    Parameters
    ----------
    status : {"new", "started", "tried", "passed", "mastered"}
        Passed is the first level or more; mastered is every level.
    passed_levels : int
        The most levels that one answer passed.
    attempts : int
        How many answers there were, without those that met an internal error.
    last_at : datetime or None
        When the learner last did anything on it, in UTC.
    """

    status: StatusWord = "new"
    passed_levels: int = 0
    attempts: int = 0
    last_at: datetime | None = None
