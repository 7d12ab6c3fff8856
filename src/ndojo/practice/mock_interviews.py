"""Mock interviews: drawn, gone through against the clock, kept whole, talked over afterwards.

Everything that happens is a row that is on the disk when the call returns: a mock interview that is cut off is gone on
with where it stood, with the time that was left.

The file is long because the steps of one interview, from start to debrief, are read together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ndojo.practice.answer_files import file_name, read_answer, start
from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.forecast import company_named
from ndojo.practice.questions import levels_of, load
from ndojo.practice.readiness import asked_of
from ndojo.practice.reviews import keep_draft, last_draft, save_explanation
from ndojo.practice.session import Checked, Session
from ndojo.question import loading
from ndojo.store import Mock as KeptMock
from ndojo.store import Store
from ndojo.study import mock as rules
from ndojo.study.mock import LEAST_MINUTES, MOST_MINUTES, Debrief, Done, Item, MockState, TimedEvent

ALIVE_SECONDS = 10
SILENT = timedelta(seconds=3 * ALIVE_SECONDS)
Process = tuple[str, int]
"""A machine's name and the number of a process on it."""


@dataclass(frozen=True)
class Mock:
    """A mock interview as it stands.

    Parameters
    ----------
    id : int
    company : str
        Empty for any.
    minutes, seed : int
    items : tuple of Item
    titles : tuple of str
        Of each question.
    begun_at : datetime
        In UTC.
    folder : Path
        Where its answers are written.
    standing : MockState
    """

    id: int
    company: str
    minutes: int
    seed: int
    items: tuple[Item, ...]
    titles: tuple[str, ...]
    begun_at: datetime
    folder: Path
    standing: MockState

    @property
    def item(self) -> Item:
        """The question that is worked on."""
        return self.items[self.standing.item]

    @property
    def seconds_left(self) -> float:
        return max(self.minutes * 60 - self.standing.spent, 0.0)

    @property
    def is_over(self) -> bool:
        return self.standing.state == "ended"


# ---------------------------------------------------------------------------------------------------- begin and resume


@as_practice_errors()
def begin(now: datetime, folder: Path, process: Process, *, company: str = "", minutes: int = 45, seed: int) -> Mock:
    """Draw a mock interview and begin it.

    Parameters
    ----------
    now : datetime
    folder : Path
        In which a separate folder is created for the answers.
    process : (str, int)
        Which process runs it.
    company : str
        Empty for any.
    minutes, seed : int
        The same seed draws the same questions from the same bank.
    """
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise PracticeError(f"A mock interview takes from {LEAST_MINUTES} to {MOST_MINUTES} minutes, not {minutes}.")
    company = company_named(company) if company else ""
    items = draw_mock(company, minutes, seed)
    own = _own_folder(folder, now)
    with Store.open() as store:
        number = store.keep_mock(company, minutes, seed, [item.to_dict() for item in items], now)
        store.record_mock(number, 0, "begun", now, {"folder": str(own.absolute()), "process": list(process)})
    return get(number)


def draw_mock(company: str, minutes: int, seed: int) -> tuple[Item, ...]:
    """The questions of a mock interview."""
    cards = loading.index()
    difficulties = {card["slug"]: card["difficulty"] for card in cards}
    items = rules.draw([asked_of(card) for card in cards], difficulties, company, minutes, seed)
    if not items:
        raise PracticeError(f"No question fits into {minutes} minutes. Take more.")
    return items


def _own_folder(folder: Path, now: datetime) -> Path:
    """A new folder, under the first name that is free: no mock interview sees the answers of another."""
    name = f"mock-{now:%Y-%m-%d-%H%M}"
    for number in range(1, 1000):
        made = folder / (name if number == 1 else f"{name}-{number}")
        try:
            made.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as problem:
            raise PracticeError(
                f"{made} cannot be made: {problem.strerror}. Choose another folder with --dir."
            ) from problem
        return made
    raise PracticeError(f"{folder} has too many folders {name}. Move them away.", "answer")


@as_practice_errors()
def unfinished() -> Mock | None:
    """The newest mock interview that was not ended; None if none exists."""
    with Store.open(create=False) as store:
        kept = store.mocks()
        for one in reversed(kept):
            found = _mock(store, one)
            if not found.is_over:
                return found
    return None


@as_practice_errors()
def resume(number: int, now: datetime, process: Process, *, is_alive: bool) -> Mock:
    """Go on with a mock interview that was paused or cut off.

    Parameters
    ----------
    number : int
    now : datetime
    process : (str, int)
        Which process runs it from now on.
    is_alive : bool
        Whether the process that ran it last may still run; see `runner_of`.
    """
    found = get(number)
    if found.is_over:
        raise PracticeError(f"Mock interview {number} is over. `ndojo mock --show {number}` is its debrief.")
    silent = now - found.standing.last_at
    if is_alive and found.standing.state == "running" and timedelta() <= silent < SILENT:
        raise PracticeError(
            f"Mock interview {number} runs in another ndojo, which was there {silent.total_seconds():.0f} s ago. Pause "
            "it there with p, or end that one and wait half a minute."
        )
    with Store.open() as store:
        store.record_mock(number, found.standing.item, "resumed", now, {"process": list(process)})
    _put_back(found)
    return get(number)


@as_practice_errors()
def runner_of(number: int) -> Process | None:
    """Which process ran a mock interview last; None where none was noted."""
    with Store.open(create=False) as store:
        events = store.mock_events(number)
    noted = [
        event.detail["process"] for event in events if isinstance(event.detail, dict) and "process" in event.detail
    ]
    return (str(noted[-1][0]), int(noted[-1][1])) if noted else None


def _put_back(found: Mock) -> None:
    """Write each answer file that is gone from what was kept of it."""
    for number, item in enumerate(found.items):
        path = answer_path(found, number)
        text = last_draft(draft_subject(found.id, number)) if item.kind == "code" else ""
        if text and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


@as_practice_errors()
def get(number: int) -> Mock:
    """One mock interview, by its number."""
    with Store.open(create=False) as store:
        for one in store.mocks():
            if one.id == number:
                return _mock(store, one)
    raise PracticeError(f"Unknown mock interview {number}. `ndojo mock --list` lists those that were kept.")


def _mock(store: Store, kept: KeptMock) -> Mock:
    events = store.mock_events(kept.id)
    items = tuple(Item.from_dict(record) for record in kept.items)
    happenings = [TimedEvent(event.item, event.what, event.at, event.detail) for event in events]
    folder = next((event.detail["folder"] for event in events if event.what == "begun" and event.detail), ".")
    titles = {card["slug"]: card["title"] for card in loading.index()}
    return Mock(
        id=kept.id,
        company=kept.company,
        minutes=kept.minutes,
        seed=kept.seed,
        items=items,
        titles=tuple(titles.get(item.question, item.question) for item in items),
        begun_at=kept.begun_at,
        folder=Path(folder),
        standing=rules.state_of(happenings, len(items), kept.begun_at),
    )


# ------------------------------------------------------------------------------------------------------------- the way


@as_practice_errors()
def record_event(number: int, item: int, what: str, now: datetime, detail: Any = None) -> None:
    """Keep what happened: alive, paused, ended, or that another question was begun."""
    with Store.open() as store:
        store.record_mock(number, item, what, now, detail)


def answer_path(found: Mock, number: int) -> Path:
    """The file that a question of a mock interview is answered in."""
    return found.folder / file_name(found.items[number].question)


def draft_subject(mock_id: int, number: int) -> str:
    """What the versions of an answer in a mock interview are kept under."""
    return f"mock {mock_id} item {number}"


def write_answer_file(found: Mock, number: int, now: datetime) -> Path:
    """The answer file of a question, created if it is missing."""
    path = answer_path(found, number)
    if not path.exists():
        start(found.items[number].question, found.folder, now)
    return path


def text_of(path: Path) -> str:
    """The content of an answer file; works for any bytes."""
    return read_answer(path).decode("utf-8", "replace")


@dataclass(frozen=True)
class LevelStatus:
    """How far one question of a mock interview has come: levels passed, and all of them, each with what it asks."""

    passed: int
    levels: tuple[tuple[str, str], ...]

    @property
    def next(self) -> tuple[str, str] | None:
        """The level that is asked for now; None where all are passed."""
        return self.levels[self.passed] if self.passed < len(self.levels) else None


@as_practice_errors()
def level_status(found: Mock, number: int) -> LevelStatus:
    """How far one question has come."""
    slug = found.items[number].question
    with Store.open(create=False) as store:
        best = rules.best_of(_verdicts(store, found, number))
    return LevelStatus(best["passed_levels"] if best else 0, levels_of(load(slug)))


def check(session: Session, found: Mock, number: int, before: str, now: datetime) -> tuple[Checked, str]:
    """Keep the answer file as it is, and judge it up to the level that is asked for.

    Returns the verdict and the text that was kept, which is `before` the next time. An answer that passes and holds the
    next level as well is judged on that too, as far as it holds: what exists already is not asked for again.
    """
    slug, path = found.items[number].question, answer_path(found, number)
    text = text_of(path)
    keep_draft(draft_subject(found.id, number), before, text, now)
    level = level_status(found, number).passed + 1
    while True:
        checked = session.check(path, slug, levels=_limit(slug, level), now=now)
        record_event(found.id, number, "answered", now, {"submitted_at": _stamp(now)})
        level = checked.verdict.passed_levels + 1
        if not checked.passed or level > len(checked.levels) or checked.verdict.verdict != "AC":
            return checked, text
        ahead = session.judge(slug, text, levels=level)
        if ahead.verdict.passed_levels < level:
            return checked, text


def _limit(slug: str, level: int) -> int | None:
    """The level to judge up to; None for all of them."""
    levels = len(load(slug).levels)
    return None if level >= levels else level


def explain(found: Mock, number: int, text: str, ticked: Sequence[int], now: datetime) -> None:
    """Keep an explanation and the points that the learner found in it; where nothing was written, only that."""
    if text:
        save_explanation(found.items[number].question, text, ticked, now)
    record_event(found.id, number, "ticked", now, {"ticked": sorted(ticked), "text": text})


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _verdicts(store: Store, found: Mock, number: int) -> list[Mapping[str, Any]]:
    """The verdicts on a question's answers in this mock interview, oldest first.

    An answer is told by when it was submitted, which an export keeps, not by its number, which is another elsewhere.
    """
    stamps = {
        event.detail["submitted_at"]
        for event in store.mock_events(found.id)
        if event.item == number and event.what == "answered" and event.detail
    }
    if not stamps:
        return []
    answers = store.answers(found.items[number].question)
    own = [answer for answer in reversed(answers) if _stamp(answer.submitted_at) in stamps]
    return [answer.verdict for answer in own if answer.verdict and answer.verdict["verdict"] != "IE"]


# ------------------------------------------------------------------------------------------------------------- debrief


@dataclass(frozen=True)
class MockSummary:
    """A mock interview in a list: when, what, how it went; `better` is the change to the one before of its kind."""

    id: int
    begun_at: datetime
    company: str
    minutes: int
    questions: int
    state: str
    score: float
    spent: float
    better: float | None


@as_practice_errors()
def debrief(number: int) -> Debrief:
    """The result of a mock interview, whether it was ended or not."""
    found = get(number)
    with Store.open(create=False) as store:
        done = [_done(store, found, item) for item in range(len(found.items))]
    return rules.debrief(done)


def _done(store: Store, found: Mock, number: int) -> Done:
    item = found.items[number]
    own = [event for event in store.mock_events(found.id) if event.item == number]
    ticks: dict[str, Any] = next((event.detail for event in reversed(own) if event.what == "ticked"), {})
    try:
        question = load(item.question)
    except PracticeError:  # the bank has it no longer; what was kept is told all the same
        return Done(item, item.question, verdicts=_verdicts(store, found, number), reached=bool(own))
    points = tuple(question.points) if item.kind == "explain" else ()
    written = ticks.get("text") or (last_draft(draft_subject(found.id, number)) if item.kind == "explain" else "")
    return Done(
        item=item,
        title=question.title,
        levels=levels_of(question) if item.kind == "code" else (),
        verdicts=_verdicts(store, found, number),
        points=points,
        ticked=tuple(points[place - 1] for place in ticks.get("ticked", ()) if 0 < place <= len(points)),
        text=written,
        seconds=found.standing.seconds[number],
        reached=bool(own),
    )


@as_practice_errors()
def all_mocks() -> list[MockSummary]:
    """Every mock interview that was kept, oldest first, each compared with the one before for the same company."""
    with Store.open(create=False) as store:
        numbers = [one.id for one in store.mocks()]
    found: list[MockSummary] = []
    for number in numbers:
        one, said = get(number), debrief(number)
        before = next((kept for kept in reversed(found) if kept.company == one.company and kept.state == "ended"), None)
        better = said.score - before.score if before and one.is_over else None
        found.append(
            MockSummary(
                one.id, one.begun_at, one.company, one.minutes, len(one.items), one.standing.state, said.score,
                said.minutes, better,
            )
        )  # fmt: skip
    return found
