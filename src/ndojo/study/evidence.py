"""Group the learner's actions into practice sessions.

A practice is one question in one kind: code, predictions or explanation. Cards, ratings and readiness are computed from
the actions each time and never stored, because replaying a year of practice takes only a few hundredths of a second. So
a corrected rating, an imported log or a changed rule takes effect immediately, and two processes always agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

Kind = Literal["code", "predict", "explain"]
What = Literal["started", "answered", "hint", "solution", "explained", "drilled", "rated"]

ATTEMPTS = ("answered", "explained", "drilled")

SESSION_GAP = timedelta(hours=3)
SLACK = timedelta(days=1)


class Practice(NamedTuple):
    """One question in one kind."""

    question: str
    kind: str


class Act(NamedTuple):
    """One action of the learner.

    Parameters
    ----------
    practice : Practice
    what : {"started", "answered", "hint", "solution", "explained", "drilled", "rated"}
    at : datetime
        With a time zone.
    code : str
        For an answer: the code of its verdict.
    passed, total : int
        For an answer: passed levels and all levels of the question. For an explanation: ticked points and all points.
        For a drill: right predictions and all predictions.
    rating : str
        For a rating: the word that the learner chose.
    """

    practice: Practice
    what: What
    at: datetime
    code: str = ""
    passed: int = 0
    total: int = 0
    rating: str = ""


class PracticeSession(NamedTuple):
    """Work on one question in one kind, without a break of more than three hours.

    Parameters
    ----------
    practice : Practice
    began_at, ended_at : datetime
    attempts : int
        Number of answers, explanations or predictions.
    passed, total : int
        The highest number of levels or points in one attempt, and their total. For drills, the sums over all
        predictions.
    needed : int
        Number of attempts until the first one that passed anything, for code level 1. 0 if none did.
    codes : tuple of str
        The verdict code of each answer.
    hints : int
        Number of hints before the first pass.
    solution : bool
        Whether the solution was viewed before the first pass.
    seconds : float or None
        Time from the start to the first pass, or None if it is unknown when the learner started.
    corrected : str
        The rating that the learner chose instead, or an empty string.
    """

    practice: Practice
    began_at: datetime
    ended_at: datetime
    attempts: int
    passed: int
    total: int
    needed: int = 0
    codes: tuple[str, ...] = ()
    hints: int = 0
    solution: bool = False
    seconds: float | None = None
    corrected: str = ""

    @property
    def counts(self) -> bool:
        """Whether the session can be rated."""
        return self.attempts > 0 or self.solution

    @property
    def share(self) -> float:
        """The share of all levels, points or predictions that was passed."""
        return self.passed / self.total if self.total else 0.0


class Evidence(NamedTuple):
    """Every session, oldest first, how far the newest action is ahead of the clock, and the number of ignored ones."""

    sessions: tuple[PracticeSession, ...]
    ahead: timedelta = timedelta()
    set_aside: int = 0


def collect_evidence(acts: Iterable[Act], now: datetime) -> Evidence:
    """Return the sessions up to `now`.

    If the clock was set back, some actions have future times. Actions up to a day ahead count as done now. Actions
    further ahead are ignored until their time, so that no card waits for a wrong date.
    """
    acts = sorted(acts, key=_time)
    ahead = max(acts[-1].at - now, timedelta()) if acts else timedelta()
    near = [min(act, act._replace(at=now), key=_time) for act in acts if act.at <= now + SLACK] if ahead else acts
    by_practice: dict[Practice, list[Act]] = {}
    for act in near:
        by_practice.setdefault(act.practice, []).append(act)
    found = [_session(one) for own in by_practice.values() for one in _apart(own)]
    found.sort(key=lambda session: session.began_at)
    return Evidence(tuple(found), ahead, len(acts) - len(near))


def _time(act: Act) -> datetime:
    return act.at


def _apart(acts: Sequence[Act]) -> list[list[Act]]:
    """Split the actions on one practice at each long break. A rating stays with the session that it rates."""
    parts: list[list[Act]] = []
    last = None
    for act in acts:
        if last is None or (act.what != "rated" and act.at - last > SESSION_GAP):
            parts.append([])
        parts[-1].append(act)
        if act.what != "rated" or last is None:
            last = act.at
    return parts


def _session(acts: Sequence[Act]) -> PracticeSession:
    done = [act for act in acts if act.what != "rated"] or acts
    tries = [act for act in done if act.what in ATTEMPTS]
    won = next((act for act in tries if act.passed), None)
    before = done[: done.index(won)] if won else done
    practice, began_at = done[0].practice, done[0].at
    return PracticeSession(
        practice=practice,
        began_at=began_at,
        ended_at=done[-1].at,
        attempts=len(tries),
        passed=_had(practice.kind, [act.passed for act in tries]),
        total=_had(practice.kind, [act.total for act in tries]),
        needed=tries.index(won) + 1 if won else 0,
        codes=tuple([act.code for act in tries if act.what == "answered"]),
        hints=[act.what for act in before].count("hint"),
        solution="solution" in [act.what for act in before],
        seconds=(won.at - began_at).total_seconds() if won and done[0].what == "started" else None,
        corrected=next((act.rating for act in reversed(acts) if act.what == "rated"), ""),
    )


def _had(kind: str, numbers: Sequence[int]) -> int:
    """Return the sum for predictions, and the maximum for other kinds."""
    return sum(numbers) if kind == "predict" else max(numbers, default=0)


def whole(code: str, passed: int, judged: int, limited: bool, levels: int) -> tuple[int, int]:
    """Return the passed levels of one answer, and the number of levels that count.

    A level that the machine could not measure does not count against the learner. If no level failed and the answer was
    judged on all levels, every level counts as passed.
    """
    total = max(levels, judged)
    return (total if code == "AC" and not limited and passed else passed), total
