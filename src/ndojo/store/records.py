"""Records that the store returns: answers with their verdicts, events, drill answers and statuses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

What = Literal["started", "hint", "solution", "explained", "rated"]
StatusWord = Literal["new", "started", "tried", "passed", "mastered"]


@dataclass(frozen=True)
class Answer:
    """An answer as it was submitted, and its verdict if one exists.

    Parameters
    ----------
    id : int
        Increases with every answer.
    question : str
        The question's slug.
    question_version : str
        The version of the question that was answered.
    source : str
        The answer's source code.
    file_name : str
        Name of the answer file.
    levels : int or None
        Only levels up to this one were requested. None for all.
    submitted_at : datetime
        In UTC.
    verdict : dict or None
        The saved record of the verdict, or None if the answer is not judged yet.
    judge_version : str or None
        Version of the judge that gave the verdict.
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
    """An action of the learner on a question other than an answer. The time `at` is in UTC."""

    question: str
    what: What
    at: datetime
    detail: Any = None


@dataclass(frozen=True)
class Status:
    """The learner's status on one question.

    Parameters
    ----------
    status : {"new", "started", "tried", "passed", "mastered"}
        "passed" means at least level 1, and "mastered" means every level.
    passed_levels : int
        Highest number of levels that one answer passed.
    attempts : int
        Number of answers, without those that got an internal error.
    last_at : datetime or None
        Time of the last action on the question, in UTC.
    """

    status: StatusWord = "new"
    passed_levels: int = 0
    attempts: int = 0
    last_at: datetime | None = None


class Attempt(NamedTuple):
    """The result of one answer, without its source and its findings.

    Parameters
    ----------
    question : str
    at : datetime
        In UTC.
    code : str
        Code of the verdict.
    passed_levels, judged_levels : int
    limited : bool
        Whether only levels up to a given one were requested.
    """

    question: str
    at: datetime
    code: str
    passed_levels: int
    judged_levels: int
    limited: bool


@dataclass(frozen=True)
class Mock:
    """A mock interview as it was drawn. `items` are its questions as JSON values, and `begun_at` is in UTC."""

    id: int
    company: str
    minutes: int
    seed: int
    items: Any
    begun_at: datetime


@dataclass(frozen=True)
class MockEvent:
    """An event in a mock interview. `item` is the number of the question, from 0."""

    item: int
    what: str
    at: datetime
    detail: Any = None


@dataclass(frozen=True)
class DrillAnswer:
    """An answer to a drill, with the variant that was asked.

    Parameters
    ----------
    question, question_version : str
        Slug and version of the question.
    drill : str
        Name of the template.
    variant : str
        Id of the variant.
    hardness : float
        Between 0 and 1.
    asks, code, why, expected : str
        The prompt, the code, the reason and the right answer.
    typed : str
        The answer as typed. Empty if the drill was skipped.
    correct : bool
    seconds : float
        Time that the learner took.
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
