"""The learner's progress and the next question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ndojo.practice.catalog import DIFFICULTIES, Row, questions


@dataclass(frozen=True)
class Home:
    """The learner's progress.

    `rooms` contains each room with the number of its passed questions and of all its questions. `next` is the question
    to continue with, and `why` says why. `trouble` says why the progress is unknown, if it is.
    """

    total: int
    passed: int
    mastered: int
    rooms: list[tuple[str, int, int]]
    next: Row | None
    why: str
    trouble: str


def overview(now: datetime, *, but: str = "") -> Home:
    """Return the learner's progress and the next question: the one started last, otherwise the easiest new one.

    Parameters
    ----------
    now : datetime
        With a time zone.
    but : str
        Slug of a question that must not be the next one.
    """
    listing = questions()
    by_room: dict[str, list[Row]] = {}
    for row in listing.rows:
        by_room.setdefault(row.card["room"], []).append(row)
    chosen, why = _next([row for row in listing.rows if row.slug != but], now)
    return Home(
        total=len(listing.rows),
        passed=sum(row.done for row in listing.rows),
        mastered=sum(row.status.status == "mastered" for row in listing.rows),
        rooms=[(room, sum(row.done for row in rows), len(rows)) for room, rows in by_room.items()],
        next=chosen,
        why=why,
        trouble=listing.trouble,
    )


def _next(rows: Sequence[Row], now: datetime) -> tuple[Row | None, str]:
    rows = [row for row in rows if "code" in row.card["kinds"]]
    begun = [row for row in rows if row.status.status in ("started", "tried")]
    if begun:
        row = max(begun, key=lambda row: row.status.last_at or now)
        return row, f"You last worked on it {_ago(row.status.last_at or now, now)}."
    for difficulty in DIFFICULTIES:
        for row in rows:
            if row.status.status == "new" and row.card["difficulty"] == difficulty:
                return row, f"It is {difficulty} and new to you."
    for row in rows:
        if row.status.status == "passed":
            return row, "You passed some of its levels, but not all."
    return None, "You have mastered every question."


def _ago(then: datetime, now: datetime) -> str:
    days = (now.date() - then.astimezone(now.tzinfo).date()).days
    return "today" if days < 1 else "yesterday" if days == 1 else f"{days} days ago"
