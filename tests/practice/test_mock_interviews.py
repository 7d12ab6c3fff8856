"""A mock interview survives any interruption, and is judged level by level, as an interviewer asks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ndojo import practice
from ndojo.practice.mock_interviews import draw_mock
from ndojo.question import loading
from ndojo.question.answer_source import answer_source
from ndojo.store import Store

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HERE, THERE = ("here", 1), ("there", 2)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NDOJO_DATA", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture(scope="module")
def session() -> Iterator[practice.session.Session]:
    with practice.session.Session() as one:
        yield one


def begun(folder: Path, **options: object) -> practice.mock_interviews.Mock:
    """A mock interview."""
    return practice.mock_interviews.begin(NOW, folder, HERE, **{"minutes": 45, "seed": 0} | options)  # type: ignore[arg-type]


def begun_with(folder: Path, slug: str) -> tuple[practice.mock_interviews.Mock, int]:
    """Return a mock interview that asks to code a question, and the position of that question in it."""
    for seed in range(2000):
        items = [(item.question, item.kind) for item in draw_mock("", 45, seed)]
        if (slug, "code") in items:
            return begun(folder, seed=seed), items.index((slug, "code"))
    raise AssertionError(f"no seed draws {slug}")


def test_mock_can_be_drawn_again(data: Path) -> None:
    one = practice.mock_interviews.begin(NOW, data, HERE, company="google", minutes=45, seed=7)
    other = practice.mock_interviews.begin(NOW, data, HERE, company="Google", minutes=45, seed=7)
    assert one.items == other.items and one.company == "Google" and one.folder != other.folder
    companies = {card["slug"]: card["companies"] for card in loading.index()}
    assert all("Google" in companies[item.question] for item in one.items if item.reported)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"minutes": 5}, "10 to 180 minutes, not 5"),
        ({"company": "gogle"}, "Did you mean Google?"),
    ],
)
def test_mock_that_cannot_be_is_refused(data: Path, options: dict[str, object], said: str) -> None:
    with pytest.raises(practice.errors.PracticeError, match=said.replace("?", r"\?")):
        begun(data, **options)
    assert practice.mock_interviews.all_mocks() == []


def test_levels_come_one_after_another(data: Path, session: practice.session.Session) -> None:
    """The first save is judged on level 1 only. A pass continues to the next level, and every version is saved."""
    found, here = begun_with(data, "sliding-windows")
    path = practice.mock_interviews.write_answer_file(found, here, NOW)
    head = (
        "import numpy as np\n\n\ndef sliding_window(x, w):\n    if not 1 <= w <= x.size:\n        raise ValueError(w)\n"
    )
    copies = head + "    return np.lib.stride_tricks.sliding_window_view(x, w).copy()\n"
    path.write_text(copies)
    checked, text = practice.mock_interviews.check(session, found, here, "", at(60))
    assert (checked.verdict.verdict, checked.verdict.levels) == ("AC", ("right",)) and text == copies
    rung = practice.mock_interviews.level_status(found, here)
    assert rung.passed == 1 and rung.next is not None and rung.next == rung.levels[1]
    path.write_text(copies.replace(".copy()", ""))
    checked, _ = practice.mock_interviews.check(session, found, here, text, at(120))
    assert checked.verdict.passed_levels >= 2
    kept = practice.history.answers("sliding-windows")
    assert len(kept) >= 2 and kept[0].source == path.read_text() and kept[-1].source == copies
    with Store.open() as store:
        assert [one for _, one in store.drafts(f"mock 1 item {here}")] == [copies, path.read_text()]


def test_answer_that_has_every_level_is_not_asked_for_them(data: Path, session: practice.session.Session) -> None:
    """One save advances as many levels as it passes."""
    found, here = begun_with(data, "run-length")
    practice.mock_interviews.write_answer_file(found, here, NOW).write_text(answer_source(loading.load("run-length")))
    practice.mock_interviews.check(session, found, here, "", at(30))
    rung = practice.mock_interviews.level_status(found, here)
    assert rung.passed == len(rung.levels) and rung.next is None


def test_debrief_is_made_from_what_was_kept(data: Path, session: practice.session.Session) -> None:
    """Answers to the same question on other days are not part of the interview."""
    found, here = begun_with(data, "run-length")
    path = practice.mock_interviews.write_answer_file(found, here, NOW)
    path.write_text("def rle_encode(x):\n    return x\n\n\ndef rle_decode(v, n):\n    return v\n")
    session.check(path, now=at(-3600))
    practice.mock_interviews.check(session, found, here, "", at(50))
    last = len(found.items) - 1
    practice.mock_interviews.record_event(found.id, last, "begun", at(55))
    practice.mock_interviews.explain(found, last, "Because.", [1], at(60))
    practice.mock_interviews.record_event(found.id, last, "ended", at(80))
    said = practice.mock_interviews.debrief(found.id)
    assert said.results[here].answers == 1 and said.results[here].passed == 0 and said.results[here].missing
    assert said.results[last].text == "Because." and said.results[last].passed == 1
    assert said.minutes == pytest.approx(80 / 60) and said.next
    (kept,) = practice.mock_interviews.all_mocks()
    assert kept.state == "ended" and kept.score == said.score and kept.better is None
    assert json.dumps([vars(one) for one in said.results])


def test_interviews_are_compared_with_the_one_before(data: Path) -> None:
    for number in range(2):
        found = begun(data, seed=7)
        last = len(found.items) - 1
        practice.mock_interviews.explain(found, last, "x", range(1, 2 + 2 * number), at(60))
        practice.mock_interviews.record_event(found.id, last, "ended", at(70))
    begun(data, seed=7, company="Google")
    first, second, other = practice.mock_interviews.all_mocks()
    assert first.better is None and second.better is not None and second.better > 0 and other.better is None


# ------------------------------------------------------------------------------------------------------ pause and crash


def test_pause_keeps_the_time_that_is_left(data: Path) -> None:
    found = begun(data)
    practice.mock_interviews.record_event(found.id, 0, "alive", at(50))
    practice.mock_interviews.record_event(found.id, 0, "paused", at(60))
    left = practice.mock_interviews.unfinished()
    assert left is not None and left.id == found.id and left.seconds_left == 45 * 60 - 60
    again = practice.mock_interviews.resume(found.id, at(9999), HERE, is_alive=True)
    assert again.seconds_left == 45 * 60 - 60 and again.progress.state == "running"


def test_crash_is_gone_on_from_with_every_file(data: Path) -> None:
    """A missing file is written again from the store."""
    found, here = begun_with(data, "run-length")
    path = practice.mock_interviews.write_answer_file(found, here, NOW)
    practice.reviews.keep_draft(practice.mock_interviews.draft_subject(found.id, here), "", "half an answer", at(5))
    path.unlink()
    practice.mock_interviews.resume(found.id, at(500), HERE, is_alive=False)
    assert path.read_text() == "half an answer"


def test_mock_that_runs_elsewhere_is_left_alone(data: Path) -> None:
    """It cannot be resumed while the other process is active. After half a minute without activity, it can."""
    found = begun(data)
    practice.mock_interviews.record_event(found.id, 0, "alive", at(10))
    with pytest.raises(practice.errors.PracticeError, match="is running in another ndojo, which was active 5 s ago"):
        practice.mock_interviews.resume(found.id, at(15), THERE, is_alive=True)
    assert practice.mock_interviews.runner_of(found.id) == HERE
    assert practice.mock_interviews.resume(found.id, at(45), THERE, is_alive=True).id == found.id
    assert practice.mock_interviews.runner_of(found.id) == THERE


def test_mock_that_is_over_is_not_gone_on_with(data: Path) -> None:
    found = begun(data)
    practice.mock_interviews.record_event(found.id, 0, "ended", at(10))
    assert practice.mock_interviews.unfinished() is None
    with pytest.raises(practice.errors.PracticeError, match="is over"):
        practice.mock_interviews.resume(found.id, at(20), HERE, is_alive=False)
    with pytest.raises(practice.errors.PracticeError, match="No mock interview has the number 9"):
        practice.mock_interviews.debrief(9)


WRITE_FOR_EVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ndojo import practice
from ndojo.practice.mock_interviews import draw_mock
now = datetime(2026, 3, 1, 12, tzinfo=UTC)
found = practice.mock_interviews.begin(now, Path(sys.argv[1]), ("here", 1), minutes=45, seed=7)
last, text = len(found.items) - 1, ""
while True:
    practice.reviews.keep_draft(practice.mock_interviews.draft_subject(found.id, last), text, text + "x", now)
    text += "x"
    print(len(text), flush=True)
"""


def test_every_key_that_was_acknowledged_survives_a_kill(data: Path) -> None:
    """After a kill during writing, the text is complete up to the last key."""
    with subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER, str(data)], stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout is not None
        keys = [int(one.stdout.readline()) for _ in range(40)][-1]
        os.kill(one.pid, signal.SIGKILL)
    left = practice.mock_interviews.unfinished()
    assert left is not None
    assert (
        len(practice.reviews.last_draft(practice.mock_interviews.draft_subject(left.id, len(left.items) - 1))) >= keys
    )
