"""What was seen of one practice: single acts, put together into sittings.

A practice is one question in one kind: its code, its predictions or its explanation. Cards, ratings and readiness are
made again from the acts each time. Nothing that follows from the log is kept next to it, because a year of practice is
replayed in a few hundredths of a second. So a rating that is corrected, a log that is imported and a better rule count
immediately for everything, and two processes can never disagree.
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
    """One thing that a learner did.

    Parameters
    ----------
    practice : Practice
    what : {"started", "answered", "hint", "solution", "explained", "drilled", "rated"}
    at : datetime
        With a time zone.
    code : str
        Of an answer: its verdict's.
    passed, total : int
        Of an answer: levels passed and levels of the question. Of an explanation: points ticked and points. Of a
        drill: predictions that were right, and predictions.
    rating : str
        Of a rating: the word that the learner chose.
    """

    practice: Practice
    what: What
    at: datetime
    code: str = ""
    passed: int = 0
    total: int = 0
    rating: str = ""


class PracticeSession(NamedTuple):
    """What was seen of one practice in one go.

    Parameters
    ----------
    practice : Practice
    began_at, ended_at : datetime
    attempts : int
        Answers, explanations or predictions.
    passed, total : int
        The most levels or points that one attempt had, and of how many; of drills, all predictions together.
    needed : int
        How many answers it took to pass level 1; 0 where none did.
    codes : tuple of str
        The verdict of each answer.
    hints : int
        Before level 1 was passed.
    solution : bool
        Whether the solution was seen before level 1 was passed.
    seconds : float or None
        From the start to the first pass; None where it is not known when the learner began.
    corrected : str
        The rating that the learner chose instead; empty where none.
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
        """Whether anything can be rated."""
        return self.attempts > 0 or self.solution

    @property
    def share(self) -> float:
        """The part of all levels, points or predictions that was had."""
        return self.passed / self.total if self.total else 0.0


class Evidence(NamedTuple):
    """Every sitting, oldest first, and by how much the newest act lies ahead of the clock."""

    sittings: tuple[PracticeSession, ...]
    ahead: timedelta = timedelta()
    set_aside: int = 0


def collect_evidence(acts: Iterable[Act], now: datetime) -> Evidence:
    """What was seen up to `now`.

    A clock that was set back leaves acts in the future. Those less than a day ahead count as done now; those further
    ahead are set aside until their time has come, so that no card waits for a date that was never meant.
    """
    acts = sorted(acts, key=_time)
    ahead = max(acts[-1].at - now, timedelta()) if acts else timedelta()
    near = [min(act, act._replace(at=now), key=_time) for act in acts if act.at <= now + SLACK] if ahead else acts
    by_practice: dict[Practice, list[Act]] = {}
    for act in near:
        by_practice.setdefault(act.practice, []).append(act)
    found = [_sitting(one) for own in by_practice.values() for one in _apart(own)]
    found.sort(key=lambda sitting: sitting.began_at)
    return Evidence(tuple(found), ahead, len(acts) - len(near))


def _time(act: Act) -> datetime:
    return act.at


def _apart(acts: Sequence[Act]) -> list[list[Act]]:
    """Acts on one practice, split where nothing was done for longer than a break; a rating stays with what it rates."""
    parts: list[list[Act]] = []
    last = None
    for act in acts:
        if last is None or (act.what != "rated" and act.at - last > SESSION_GAP):
            parts.append([])
        parts[-1].append(act)
        if act.what != "rated" or last is None:
            last = act.at
    return parts


def _sitting(acts: Sequence[Act]) -> PracticeSession:
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
    """Of predictions the sum, of anything else the best."""
    return sum(numbers) if kind == "predict" else max(numbers, default=0)


def whole(code: str, passed: int, judged: int, limited: bool, levels: int) -> tuple[int, int]:
    """Levels passed and levels that count, of one answer.

    A level that the machine could not measure does not count against the learner: where nothing failed and no limit
    was set, every level counts as passed.
    """
    total = max(levels, judged)
    return (total if code == "AC" and not limited and passed else passed), total
