"""What a learner can do, one function each. Every face calls only this.

Whatever cannot be done is a `GymError`, whose message says why and what to do. NumPy is imported where a question is
loaded, so that a face that only lists starts at once.
"""

from ndojo.gym.answer_files import (
    Started,
    answers_in,
    file_name,
    find_answer,
    question_of,
    read_answer,
    start,
)
from ndojo.gym.authoring import new, refresh_index, verify
from ndojo.gym.bank import rooms, slugs
from ndojo.gym.finding import (
    DIFFICULTIES,
    DONE,
    KINDS,
    STATUSES,
    Filters,
    Listing,
    Prompt,
    Row,
    prompt,
    questions,
    values,
)
from ndojo.gym.keeping import answer, history, verdict_of
from ndojo.gym.machine import Health, bench, doctor, probes, stability
from ndojo.gym.practising import (
    Explanation,
    Hints,
    Solution,
    explanation,
    hint,
    is_solved,
    live,
    solution,
)
from ndojo.gym.problems import GymError
from ndojo.gym.progress import Home, home
from ndojo.gym.sitting import TIERS, Checked, Recovered, Session, check
from ndojo.question.loading import Card
from ndojo.store import Answer, Status

__all__ = [
    "DIFFICULTIES",
    "DONE",
    "KINDS",
    "STATUSES",
    "TIERS",
    "Answer",
    "Card",
    "Checked",
    "Explanation",
    "Filters",
    "GymError",
    "Health",
    "Hints",
    "Home",
    "Listing",
    "Prompt",
    "Recovered",
    "Row",
    "Session",
    "Solution",
    "Started",
    "Status",
    "answer",
    "answers_in",
    "bench",
    "check",
    "doctor",
    "explanation",
    "file_name",
    "find_answer",
    "hint",
    "history",
    "home",
    "is_solved",
    "live",
    "new",
    "probes",
    "prompt",
    "question_of",
    "questions",
    "read_answer",
    "refresh_index",
    "rooms",
    "slugs",
    "solution",
    "stability",
    "start",
    "values",
    "verdict_of",
    "verify",
]
