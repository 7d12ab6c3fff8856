"""Mock interviews: start, clock, answers and debrief.

Every event is on the disk when the call returns. So an interrupted mock interview continues where it stopped, with the
remaining time.

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
"""The name of a machine, and the id of a process on it."""


@dataclass(frozen=True)
class Mock:
    """A mock interview and its progress.

    Parameters
    ----------
    id : int
    company : str
        Empty for any company.
    minutes, seed : int
    items : tuple of Item
    titles : tuple of str
        The title of each question.
    begun_at : datetime
        In UTC.
    folder : Path
        The folder of the answer files.
    progress : MockState
    """

    id: int
    company: str
    minutes: int
    seed: int
    items: tuple[Item, ...]
    titles: tuple[str, ...]
    begun_at: datetime
    folder: Path
    progress: MockState

    @property
    def item(self) -> Item:
        """The current question."""
        return self.items[self.progress.item]

    @property
    def seconds_left(self) -> float:
        return max(self.minutes * 60 - self.progress.spent, 0.0)

    @property
    def is_over(self) -> bool:
        return self.progress.state == "ended"


# ---------------------------------------------------------------------------------------------------- begin and resume


@as_practice_errors()
def begin(now: datetime, folder: Path, process: Process, *, company: str = "", minutes: int = 45, seed: int) -> Mock:
    """Draw a mock interview and start it.

    Parameters
    ----------
    now : datetime
    folder : Path
        A new folder for the answers is created inside this folder.
    process : (str, int)
        The process that runs the interview.
    company : str
        Empty for any company.
    minutes, seed : int
        The same bank, company, minutes and seed give the same questions.
    """
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise PracticeError(f"A mock interview takes {LEAST_MINUTES} to {MOST_MINUTES} minutes, not {minutes}.")
    company = company_named(company) if company else ""
    items = draw_mock(company, minutes, seed)
    own = _own_folder(folder, now)
    with Store.open() as store:
        number = store.keep_mock(company, minutes, seed, [item.to_dict() for item in items], now)
        store.record_mock(number, 0, "begun", now, {"folder": str(own.absolute()), "process": list(process)})
    return get(number)


def draw_mock(company: str, minutes: int, seed: int) -> tuple[Item, ...]:
    """Return the questions of a mock interview."""
    cards = loading.index()
    difficulties = {card["slug"]: card["difficulty"] for card in cards}
    items = rules.draw([asked_of(card) for card in cards], difficulties, company, minutes, seed)
    if not items:
        raise PracticeError(f"No question fits into {minutes} minutes. Use a larger --minutes.")
    return items


def _own_folder(folder: Path, now: datetime) -> Path:
    """Create a new folder, so that the answers of different mock interviews stay separate."""
    name = f"mock-{now:%Y-%m-%d-%H%M}"
    for number in range(1, 1000):
        made = folder / (name if number == 1 else f"{name}-{number}")
        try:
            made.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as problem:
            raise PracticeError(
                f"{made} cannot be created: {problem.strerror}. Choose another folder with --dir."
            ) from problem
        return made
    raise PracticeError(f"{folder} has 999 folders named {name}. Move them to another folder.", "answer")


@as_practice_errors()
def unfinished() -> Mock | None:
    """Return the newest mock interview that has not ended, or None."""
    with Store.open(create=False) as store:
        kept = store.mocks()
        for one in reversed(kept):
            found = _mock(store, one)
            if not found.is_over:
                return found
    return None


@as_practice_errors()
def resume(number: int, now: datetime, process: Process, *, is_alive: bool) -> Mock:
    """Continue a mock interview that was paused or interrupted.

    Parameters
    ----------
    number : int
    now : datetime
    process : (str, int)
        The process that runs it from now on.
    is_alive : bool
        Whether the process that ran it last may still run; see `runner_of`.
    """
    found = get(number)
    if found.is_over:
        raise PracticeError(f"Mock interview {number} is over. `ndojo mock --show {number}` shows its debrief.")
    silent = now - found.progress.last_at
    if is_alive and found.progress.state == "running" and timedelta() <= silent < SILENT:
        raise PracticeError(
            f"Mock interview {number} is running in another ndojo, which was active {silent.total_seconds():.0f} s "
            "ago. Press p there to pause it, or end that ndojo and wait half a minute."
        )
    with Store.open() as store:
        store.record_mock(number, found.progress.item, "resumed", now, {"process": list(process)})
    _put_back(found)
    return get(number)


@as_practice_errors()
def runner_of(number: int) -> Process | None:
    """Return the process that ran a mock interview last, or None if unknown."""
    with Store.open(create=False) as store:
        events = store.mock_events(number)
    noted = [
        event.detail["process"] for event in events if isinstance(event.detail, dict) and "process" in event.detail
    ]
    return (str(noted[-1][0]), int(noted[-1][1])) if noted else None


def _put_back(found: Mock) -> None:
    """Restore each missing answer file from its last saved version."""
    for number, item in enumerate(found.items):
        path = answer_path(found, number)
        text = last_draft(draft_subject(found.id, number)) if item.kind == "code" else ""
        if text and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


@as_practice_errors()
def get(number: int) -> Mock:
    """Return a mock interview by its number."""
    with Store.open(create=False) as store:
        for one in store.mocks():
            if one.id == number:
                return _mock(store, one)
    raise PracticeError(f"No mock interview has the number {number}. `ndojo mock --list` lists them.")


def _mock(store: Store, kept: KeptMock) -> Mock:
    events = store.mock_events(kept.id)
    items = tuple(Item.from_dict(record) for record in kept.items)
    timed = [TimedEvent(event.item, event.what, event.at, event.detail) for event in events]
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
        progress=rules.state_of(timed, len(items), kept.begun_at),
    )


# ------------------------------------------------------------------------------------------------------------- answers


@as_practice_errors()
def record_event(number: int, item: int, what: str, now: datetime, detail: Any = None) -> None:
    """Save an event, such as "alive", "paused", "ended" or "begun" for another question."""
    with Store.open() as store:
        store.record_mock(number, item, what, now, detail)


def answer_path(found: Mock, number: int) -> Path:
    """Return the path of the answer file for a question of a mock interview."""
    return found.folder / file_name(found.items[number].question)


def draft_subject(mock_id: int, number: int) -> str:
    """Return the name under which the versions of an answer in a mock interview are saved."""
    return f"mock {mock_id} item {number}"


def write_answer_file(found: Mock, number: int, now: datetime) -> Path:
    """Return the path of a question's answer file, and create the file if it is missing."""
    path = answer_path(found, number)
    if not path.exists():
        start(found.items[number].question, found.folder, now)
    return path


def text_of(path: Path) -> str:
    """Return the content of an answer file, with invalid bytes replaced."""
    return read_answer(path).decode("utf-8", "replace")


@dataclass(frozen=True)
class LevelStatus:
    """The passed levels of a question in a mock interview, and all its levels with their requirements."""

    passed: int
    levels: tuple[tuple[str, str], ...]

    @property
    def next(self) -> tuple[str, str] | None:
        """The current level, or None if all are passed."""
        return self.levels[self.passed] if self.passed < len(self.levels) else None


@as_practice_errors()
def level_status(found: Mock, number: int) -> LevelStatus:
    """Return the passed levels of one question."""
    slug = found.items[number].question
    with Store.open(create=False) as store:
        best = rules.best_of(_verdicts(store, found, number))
    return LevelStatus(best["passed_levels"] if best else 0, levels_of(load(slug)))


def check(session: Session, found: Mock, number: int, before: str, now: datetime) -> tuple[Checked, str]:
    """Save the current answer file and judge it up to the current level.

    Return the verdict and the saved text, which is `before` in the next call. If the answer passes and would pass
    further levels too, it is also judged on these, so the learner is not asked for something that already works.
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
    """Return the level up to which to judge, or None for all levels."""
    levels = len(load(slug).levels)
    return None if level >= levels else level


def explain(found: Mock, number: int, text: str, ticked: Sequence[int], now: datetime) -> None:
    """Save an explanation and its ticked points. An empty explanation is only recorded as an event."""
    if text:
        save_explanation(found.items[number].question, text, ticked, now)
    record_event(found.id, number, "ticked", now, {"ticked": sorted(ticked), "text": text})


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _verdicts(store: Store, found: Mock, number: int) -> list[Mapping[str, Any]]:
    """Return the verdicts on a question's answers in this mock interview, oldest first.

    Answers are identified by their time of submission, because their ids change when an export is imported.
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
    """A row in the list of mock interviews.

    `better` is the change of the score since the last ended interview for the same company, or None.
    """

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
    """Return the result of a mock interview, which may not have ended yet."""
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
    except PracticeError:  # the question is no longer in the bank, but its saved data is shown
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
        seconds=found.progress.seconds[number],
        reached=bool(own),
    )


@as_practice_errors()
def all_mocks() -> list[MockSummary]:
    """Return every mock interview, oldest first, each compared with the previous one for the same company."""
    with Store.open(create=False) as store:
        numbers = [one.id for one in store.mocks()]
    found: list[MockSummary] = []
    for number in numbers:
        one, said = get(number), debrief(number)
        before = next((kept for kept in reversed(found) if kept.company == one.company and kept.state == "ended"), None)
        better = said.score - before.score if before and one.is_over else None
        found.append(
            MockSummary(
                one.id, one.begun_at, one.company, one.minutes, len(one.items), one.progress.state, said.score,
                said.minutes, better,
            )
        )  # fmt: skip
    return found
