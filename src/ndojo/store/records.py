"""What the store hands out: answers with their verdicts, events, and how far each question has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

What = Literal["started", "hint", "solution", "explained", "rated"]
StatusWord = Literal["new", "started", "tried", "passed", "mastered"]


@dataclass(frozen=True)
class Answer:
    """One answer as it was submitted, and its verdict if one exists.

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
    """Something that a learner did on a question other than answering it, `at` a time in UTC."""

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
        Number of answers, without those that met an internal error.
    last_at : datetime or None
        When the learner last did anything on it, in UTC.
    """

    status: StatusWord = "new"
    passed_levels: int = 0
    attempts: int = 0
    last_at: datetime | None = None


class Attempt(NamedTuple):
    """The result of one answer, in a line: enough to tell how a question went, without its source or its findings.

    Parameters
    ----------
    question : str
    at : datetime
        In UTC.
    code : str
        The verdict's.
    passed_levels, judged_levels : int
    limited : bool
        It was to be judged up to some level only.
    """

    question: str
    at: datetime
    code: str
    passed_levels: int
    judged_levels: int
    limited: bool


@dataclass(frozen=True)
class Mock:
    """A mock interview as it was drawn; `items` is what JSON made of the drawn questions, `begun_at` in UTC."""

    id: int
    company: str
    minutes: int
    seed: int
    items: Any
    begun_at: datetime


@dataclass(frozen=True)
class MockEvent:
    """Something that happened in a mock interview; `item` is the question's number in it, from 0."""

    item: int
    what: str
    at: datetime
    detail: Any = None


@dataclass(frozen=True)
class DrillAnswer:
    """One answer to a drill, with the variant that was asked.

    Parameters
    ----------
    question, question_version : str
        The slug, and the version that the question had.
    drill : str
        The template's name.
    variant : str
        Tells this variant from others.
    hardness : float
        From 0 to 1.
    asks, code, why, expected : str
        What was asked about which code, the truth, and why it is so.
    typed : str
        As the learner typed it; empty where it was skipped.
    correct : bool
    seconds : float
        That the learner took.
    at : datetime
        In UTC.
    """

    question: str
    question_version: str
    drill: str
    variant: str
    hardness: float
    asks: str
    code: str
    why: str
    expected: str
    typed: str
    correct: bool
    seconds: float
    at: datetime
