"""From what was seen to a rating, with the reason as a sentence.

The ratings are those of FSRS: again, hard, good, easy. Where the learner corrected one, that is the rating.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, get_args

from ndojo.question.verdict_codes import VERDICT_WORDS
from ndojo.study.evidence import Practice, PracticeSession

Word = Literal["again", "hard", "good", "easy"]
RATINGS: tuple[Word, ...] = get_args(Word)

MINUTES = {"easy": 10, "medium": 20, "hard": 30}
"""How long the first pass of a code question takes, where the learner's own pace is not known."""

PACE_NEEDS, PACE_LOOKS_BACK = 5, 20
SLOW = 2.0


class Rated(NamedTuple):
    """A rating, why, and whether it is the learner's own."""

    rating: Word
    reason: str
    corrected: bool = False


class Review(NamedTuple):
    """One sitting and its rating."""

    sitting: PracticeSession
    rated: Rated

    @property
    def practice(self) -> Practice:
        return self.sitting.practice


def rate(sitting: PracticeSession, minutes: float = 0.0) -> Rated:
    """The rating of one sitting.

    Parameters
    ----------
    sitting : Sitting
        With something to rate.
    minutes : float
        How long this learner usually takes for such a question; 0 where that is not known yet.
    """
    own = {"explain": _explained, "predict": _predicted}.get(sitting.practice.kind)
    rated = own(sitting) if own else _coded(sitting, minutes)
    if sitting.corrected in RATINGS:
        return Rated(sitting.corrected, f"You chose it; the evidence said {rated.rating}. {rated.reason}", True)
    return rated


def _coded(sitting: PracticeSession, minutes: float) -> Rated:
    if not sitting.needed:
        return Rated("again", _never_passed(sitting))
    if sitting.solution:
        return Rated("again", "You saw the solution before an answer of yours passed.")
    slow = sitting.seconds is not None and minutes > 0 and sitting.seconds > SLOW * minutes * 60
    if hard := _what_made_it_hard(sitting, slow):
        return Rated("hard", hard)
    flawless = set(sitting.codes) == {"AC"} and sitting.passed >= sitting.total
    if flawless and not sitting.hints:
        return Rated("easy", f"Every level passed without a wrong answer or a hint{_in_time(sitting, minutes)}.")
    return Rated("good", f"{_levels(sitting)} {_after(sitting)}.")


def _never_passed(sitting: PracticeSession) -> str:
    if not sitting.codes:
        return "You saw the solution and wrote no answer."
    return f"No level passed {_after_answers(len(sitting.codes))}; the last was {word_of(sitting.codes[-1])}."


def _what_made_it_hard(sitting: PracticeSession, slow: bool) -> str:
    """The first thing that was hard, as a sentence; empty where nothing was."""
    if sitting.hints >= 2:
        return f"Level 1 passed with {sitting.hints} hints."
    if sitting.needed > 3:
        return f"Level 1 passed {_after_answers(sitting.needed)}."
    if "IM" in sitting.codes:
        return "An answer changed its inputs, which an interviewer would not forgive."
    if sitting.share < 0.5:
        return f"{_levels(sitting)}; the next one failed: {word_of(sitting.codes[-1])}."
    if slow:
        assert sitting.seconds is not None
        return f"It took {sitting.seconds / 60:.0f} minutes, more than twice what you usually need."
    return ""


def word_of(code: str) -> str:
    """A verdict in full."""
    return VERDICT_WORDS.get(code, code)


def _levels(sitting: PracticeSession) -> str:
    return f"{sitting.passed} of {sitting.total} level{'s' if sitting.total > 1 else ''} passed"


def _after(sitting: PracticeSession) -> str:
    hints = ", with a hint" if sitting.hints else ""
    return _after_answers(len(sitting.codes)) + hints


def _after_answers(number: int) -> str:
    return f"after {number} answer{'s' if number > 1 else ''}"


def _in_time(sitting: PracticeSession, minutes: float) -> str:
    return f", in {max(sitting.seconds / 60, 1):.0f} min" if sitting.seconds is not None and minutes else ""


def _explained(sitting: PracticeSession) -> Rated:
    said = f"You ticked {sitting.passed} of {sitting.total} points."
    return Rated(_by_share(sitting.share, sitting.share == 1.0), said)


def _predicted(sitting: PracticeSession) -> Rated:
    said = f"{sitting.passed} of {sitting.total} predictions were right."
    return Rated(_by_share(sitting.share, sitting.share == 1.0 and sitting.total >= 3), said)


def _by_share(share: float, easy: bool) -> Word:
    if easy:
        return "easy"
    return "good" if share >= 2 / 3 else "hard" if share >= 1 / 3 else "again"


# ---------------------------------------------------------------------------------------------------------------- pace


def reviews(sittings: Iterable[PracticeSession], difficulties: Mapping[str, str]) -> list[Review]:
    """Each sitting that can be rated, with its rating, oldest first; time is compared with the pace up to then."""
    found, ratios = [], list[float]()
    for sitting in sittings:
        if not sitting.counts:
            continue
        nominal = MINUTES.get(difficulties.get(sitting.practice.question, "medium"), 20)
        found.append(Review(sitting, rate(sitting, nominal * (pace_of(ratios) or 0.0))))
        if sitting.seconds is not None:
            ratios.append(sitting.seconds / 60 / nominal)
    return found


def pace(sittings: Iterable[PracticeSession], difficulties: Mapping[str, str]) -> float | None:
    """How long this learner takes, as a multiple of `MINUTES`; None before enough is known."""
    return pace_of(
        [
            sitting.seconds / 60 / MINUTES.get(difficulties.get(sitting.practice.question, "medium"), 20)
            for sitting in sittings
            if sitting.seconds is not None
        ]
    )


def pace_of(ratios: list[float]) -> float | None:
    """The median of the newest ratios; None of too few."""
    newest = sorted(ratios[-PACE_LOOKS_BACK:])
    return newest[len(newest) // 2] if len(newest) >= PACE_NEEDS else None
