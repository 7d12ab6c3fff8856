"""Rate practice sessions from their evidence, with the reason as a sentence.

The ratings are those of FSRS: again, hard, good, easy. If the learner corrected a rating, the correction counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, get_args

from ndojo.question.verdict_codes import VERDICT_WORDS
from ndojo.study.evidence import Practice, PracticeSession

Word = Literal["again", "hard", "good", "easy"]
RATINGS: tuple[Word, ...] = get_args(Word)

MINUTES = {"easy": 10, "medium": 20, "hard": 30}
"""Usual minutes until the first pass of a code question, by difficulty."""

PACE_NEEDS, PACE_LOOKS_BACK = 5, 20
SLOW = 2.0


class Rated(NamedTuple):
    """A rating, its reason, and whether the learner chose it."""

    rating: Word
    reason: str
    corrected: bool = False


class Review(NamedTuple):
    """A practice session and its rating."""

    session: PracticeSession
    rated: Rated

    @property
    def practice(self) -> Practice:
        return self.session.practice


def rate(session: PracticeSession, minutes: float = 0.0) -> Rated:
    """Return the rating of one session.

    Parameters
    ----------
    session : PracticeSession
        It must have an attempt or a viewed solution.
    minutes : float
        Time that this learner usually needs for such a question, or 0 if unknown.
    """
    own = {"explain": _explained, "predict": _predicted}.get(session.practice.kind)
    rated = own(session) if own else _coded(session, minutes)
    if session.corrected in RATINGS:
        return Rated(session.corrected, f"You chose it; the evidence says {rated.rating}. {rated.reason}", True)
    return rated


def _coded(session: PracticeSession, minutes: float) -> Rated:
    if not session.needed:
        return Rated("again", _never_passed(session))
    if session.solution:
        return Rated("again", "You saw the solution before one of your answers passed.")
    slow = session.seconds is not None and minutes > 0 and session.seconds > SLOW * minutes * 60
    if hard := _what_made_it_hard(session, slow):
        return Rated("hard", hard)
    flawless = set(session.codes) == {"AC"} and session.passed >= session.total
    if flawless and not session.hints:
        return Rated("easy", f"Every level passed without a wrong answer or a hint{_in_time(session, minutes)}.")
    return Rated("good", f"{_levels(session)} {_after(session)}.")


def _never_passed(session: PracticeSession) -> str:
    if not session.codes:
        return "You saw the solution and wrote no answer."
    return f"No level passed {_after_answers(len(session.codes))}. Last verdict: {word_of(session.codes[-1])}."


def _what_made_it_hard(session: PracticeSession, slow: bool) -> str:
    """Return the first reason for "hard" as a sentence, or an empty string if none applies."""
    if session.hints >= 2:
        return f"Level 1 passed with {session.hints} hints."
    if session.needed > 3:
        return f"Level 1 passed {_after_answers(session.needed)}."
    if "IM" in session.codes:
        return "An answer changed its inputs, which is a serious mistake in an interview."
    if session.share < 0.5:
        return f"{_levels(session)}. Last verdict: {word_of(session.codes[-1])}."
    if slow:
        assert session.seconds is not None
        return f"It took {session.seconds / 60:.0f} minutes, more than twice your usual time."
    return ""


def word_of(code: str) -> str:
    """Return the words of a verdict code."""
    return VERDICT_WORDS.get(code, code)


def _levels(session: PracticeSession) -> str:
    return f"{session.passed} of {session.total} level{'s' if session.total > 1 else ''} passed"


def _after(session: PracticeSession) -> str:
    hints = ", with a hint" if session.hints else ""
    return _after_answers(len(session.codes)) + hints


def _after_answers(number: int) -> str:
    return f"after {number} answer{'s' if number > 1 else ''}"


def _in_time(session: PracticeSession, minutes: float) -> str:
    return f", in {max(session.seconds / 60, 1):.0f} min" if session.seconds is not None and minutes else ""


def _explained(session: PracticeSession) -> Rated:
    said = f"You ticked {session.passed} of {session.total} points."
    return Rated(_by_share(session.share, session.share == 1.0), said)


def _predicted(session: PracticeSession) -> Rated:
    said = f"{session.passed} of {session.total} predictions were right."
    return Rated(_by_share(session.share, session.share == 1.0 and session.total >= 3), said)


def _by_share(share: float, easy: bool) -> Word:
    if easy:
        return "easy"
    return "good" if share >= 2 / 3 else "hard" if share >= 1 / 3 else "again"


# ---------------------------------------------------------------------------------------------------------------- pace


def reviews(sessions: Iterable[PracticeSession], difficulties: Mapping[str, str]) -> list[Review]:
    """Return each session that can be rated, with its rating, oldest first.

    Each time is compared with the learner's pace before that session.
    """
    found, ratios = [], list[float]()
    for session in sessions:
        if not session.counts:
            continue
        nominal = MINUTES.get(difficulties.get(session.practice.question, "medium"), 20)
        found.append(Review(session, rate(session, nominal * (pace_of(ratios) or 0.0))))
        if session.seconds is not None:
            ratios.append(session.seconds / 60 / nominal)
    return found


def pace(sessions: Iterable[PracticeSession], difficulties: Mapping[str, str]) -> float | None:
    """Return the learner's time as a multiple of `MINUTES`, or None if too few sessions are timed."""
    return pace_of(
        [
            session.seconds / 60 / MINUTES.get(difficulties.get(session.practice.question, "medium"), 20)
            for session in sessions
            if session.seconds is not None
        ]
    )


def pace_of(ratios: list[float]) -> float | None:
    """Return the median of the newest ratios, or None if fewer than `PACE_NEEDS` exist."""
    newest = sorted(ratios[-PACE_LOOKS_BACK:])
    return newest[len(newest) // 2] if len(newest) >= PACE_NEEDS else None
