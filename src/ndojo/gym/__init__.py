"""What a learner can do, one function each. Every face calls only this.

Whatever cannot be done is a `GymError`, whose message says why and what to do. NumPy is imported where a question is
loaded, and each module of this package where a name of it is first used, so that a face that only lists starts at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ndojo.gym.ahead import Plan, Week, plan, set_goals
    from ndojo.gym.anki import export_anki
    from ndojo.gym.answer_files import Started, answers_in, file_name, find_answer, question_of, read_answer, start
    from ndojo.gym.answer_folder import export_answers
    from ndojo.gym.authoring import new, refresh_index, verify
    from ndojo.gym.bank import rooms, slugs
    from ndojo.gym.copies import Import, everything, export, import_text, read_export, written
    from ndojo.gym.drilling import (
        Drilling,
        DrillJudged,
        DrillSummary,
        Posed,
        drill_cards,
        drills,
        is_answer,
        judge_drill,
    )
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
    from ndojo.gym.mocking import (
        ALIVE_SECONDS,
        Kept,
        Mock,
        Rung,
        answer_path,
        begin_mock,
        check_mock,
        debrief,
        draft_subject,
        explain_mock,
        lay_out_mock,
        mock,
        mocks,
        note_mock,
        resume_mock,
        rung,
        runner_of,
        text_of,
        unfinished_mock,
    )
    from ndojo.gym.notebook import export_notebook
    from ndojo.gym.planning import Step, Today, day_in_words, today
    from ndojo.gym.practising import Explanation, Hints, Solution, explanation, hint, is_solved, live, solution
    from ndojo.gym.problems import GymError
    from ndojo.gym.progress import Home, home
    from ndojo.gym.reviewing import (
        Grade,
        LaidOut,
        Spoken,
        explained_so,
        grades,
        keep_draft,
        last_draft,
        lay_out_new,
        lay_out_review,
        rate,
        review_folder,
        to_explain,
    )
    from ndojo.gym.sitting import TIERS, Checked, Recovered, Session, check
    from ndojo.gym.standing import Readiness, Stats, TopicHeat, readiness, stats
    from ndojo.question.loading import Card
    from ndojo.store import Answer, Status
    from ndojo.study.mock import Debrief
    from ndojo.study.rating import RATINGS
    from ndojo.study.readiness import Chance, Group

__all__ = [
    "ALIVE_SECONDS",
    "DIFFICULTIES",
    "DONE",
    "KINDS",
    "RATINGS",
    "STATUSES",
    "TIERS",
    "Answer",
    "Card",
    "Chance",
    "Checked",
    "Debrief",
    "DrillJudged",
    "DrillSummary",
    "Drilling",
    "Explanation",
    "Filters",
    "Grade",
    "Group",
    "GymError",
    "Health",
    "Hints",
    "Home",
    "Import",
    "Kept",
    "LaidOut",
    "Listing",
    "Mock",
    "Plan",
    "Posed",
    "Prompt",
    "Readiness",
    "Recovered",
    "Row",
    "Rung",
    "Session",
    "Solution",
    "Spoken",
    "Started",
    "Stats",
    "Status",
    "Step",
    "Today",
    "TopicHeat",
    "Week",
    "answer",
    "answer_path",
    "answers_in",
    "begin_mock",
    "bench",
    "check",
    "check_mock",
    "day_in_words",
    "debrief",
    "doctor",
    "draft_subject",
    "drill_cards",
    "drills",
    "everything",
    "explain_mock",
    "explained_so",
    "explanation",
    "export",
    "export_anki",
    "export_answers",
    "export_notebook",
    "file_name",
    "find_answer",
    "grades",
    "hint",
    "history",
    "home",
    "import_text",
    "is_answer",
    "is_solved",
    "judge_drill",
    "keep_draft",
    "last_draft",
    "lay_out_mock",
    "lay_out_new",
    "lay_out_review",
    "live",
    "mock",
    "mocks",
    "new",
    "note_mock",
    "plan",
    "probes",
    "prompt",
    "question_of",
    "questions",
    "rate",
    "read_answer",
    "read_export",
    "readiness",
    "refresh_index",
    "resume_mock",
    "review_folder",
    "rooms",
    "rung",
    "runner_of",
    "set_goals",
    "slugs",
    "solution",
    "stability",
    "start",
    "stats",
    "text_of",
    "to_explain",
    "today",
    "unfinished_mock",
    "values",
    "verdict_of",
    "verify",
    "written",
]

_WORDS = {
    "ndojo.gym.ahead": (
        "Plan",
        "Week",
        "plan",
        "set_goals",
    ),
    "ndojo.gym.anki": ("export_anki",),
    "ndojo.gym.answer_files": (
        "Started",
        "answers_in",
        "file_name",
        "find_answer",
        "question_of",
        "read_answer",
        "start",
    ),
    "ndojo.gym.answer_folder": ("export_answers",),
    "ndojo.gym.authoring": (
        "new",
        "refresh_index",
        "verify",
    ),
    "ndojo.gym.bank": (
        "rooms",
        "slugs",
    ),
    "ndojo.gym.copies": (
        "Import",
        "everything",
        "export",
        "import_text",
        "read_export",
        "written",
    ),
    "ndojo.gym.drilling": (
        "DrillJudged",
        "DrillSummary",
        "Drilling",
        "Posed",
        "drill_cards",
        "drills",
        "is_answer",
        "judge_drill",
    ),
    "ndojo.gym.finding": (
        "DIFFICULTIES",
        "DONE",
        "KINDS",
        "STATUSES",
        "Filters",
        "Listing",
        "Prompt",
        "Row",
        "prompt",
        "questions",
        "values",
    ),
    "ndojo.gym.keeping": (
        "answer",
        "history",
        "verdict_of",
    ),
    "ndojo.gym.machine": (
        "Health",
        "bench",
        "doctor",
        "probes",
        "stability",
    ),
    "ndojo.gym.mocking": (
        "ALIVE_SECONDS",
        "Kept",
        "Mock",
        "Rung",
        "answer_path",
        "begin_mock",
        "check_mock",
        "debrief",
        "draft_subject",
        "explain_mock",
        "lay_out_mock",
        "mock",
        "mocks",
        "note_mock",
        "resume_mock",
        "rung",
        "runner_of",
        "text_of",
        "unfinished_mock",
    ),
    "ndojo.gym.notebook": ("export_notebook",),
    "ndojo.gym.planning": (
        "Step",
        "Today",
        "day_in_words",
        "today",
    ),
    "ndojo.gym.practising": (
        "Explanation",
        "Hints",
        "Solution",
        "explanation",
        "hint",
        "is_solved",
        "live",
        "solution",
    ),
    "ndojo.gym.problems": ("GymError",),
    "ndojo.gym.progress": (
        "Home",
        "home",
    ),
    "ndojo.gym.reviewing": (
        "Grade",
        "LaidOut",
        "Spoken",
        "explained_so",
        "grades",
        "keep_draft",
        "last_draft",
        "lay_out_new",
        "lay_out_review",
        "rate",
        "review_folder",
        "to_explain",
    ),
    "ndojo.gym.sitting": (
        "TIERS",
        "Checked",
        "Recovered",
        "Session",
        "check",
    ),
    "ndojo.gym.standing": (
        "Readiness",
        "Stats",
        "TopicHeat",
        "readiness",
        "stats",
    ),
    "ndojo.question.loading": ("Card",),
    "ndojo.store": (
        "Answer",
        "Status",
    ),
    "ndojo.study.mock": ("Debrief",),
    "ndojo.study.rating": ("RATINGS",),
    "ndojo.study.readiness": (
        "Chance",
        "Group",
    ),
}
_HOMES = {word: module for module, words in _WORDS.items() for word in words}


def __getattr__(name: str) -> Any:
    """A name, from the module that holds it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(importlib.import_module(_HOMES[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
