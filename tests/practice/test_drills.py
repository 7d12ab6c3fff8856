"""Drills as every user interface gets them: from a seed, adaptive, never repeated within a day, and saved."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ndojo import practice
from ndojo.practice.drills import DrillQuestion
from ndojo.question.drills import Prediction
from ndojo.question.truth import truth
from ndojo.store import Store
from ndojo.study.drills import GAP

DAY = timedelta(days=1)


@pytest.fixture
def cards() -> list[practice.records.Card]:
    return practice.drills.drill_cards()


def posed(session: practice.drills.DrillSession, now: datetime) -> DrillQuestion:
    """Return the next drill, which must exist."""
    one = session.pose(now)
    assert one is not None
    return one


def test_drills_of_a_seed_are_always_the_same(cards: list[practice.records.Card], now: datetime) -> None:
    """Earlier answers have no effect. A longer drill starts like a shorter one. Another seed gives others."""
    first = practice.drills.search(cards, 7, 12, now)
    practice.drills.judge_drill(first[0], "", 1, now)
    assert practice.drills.search(cards, 7, 20, now + DAY)[:12] == first
    assert practice.drills.search(cards, 8, 12, now) != first
    assert len({one.variant for one in first}) == 12


def test_drills_go_from_easy_to_hard(cards: list[practice.records.Card], now: datetime) -> None:
    hard = [one.hardness for one in practice.drills.search(cards, 1, 60, now)]
    assert hard[0] <= 0.3 and sum(hard[:10]) < sum(hard[-10:]) and max(hard) > 0.9


def test_answer_of_a_drill_is_what_numpy_makes_of_it(cards: list[practice.records.Card], now: datetime) -> None:
    for one in practice.drills.search(cards, 2, 30, now):
        assert one.answer == truth(Prediction(one.code, one.why)) and one.why
        assert set(one.to_dict()) == {"question", "drill", "asks", "code", "answer", "why", "hardness", "topics"}


def test_drills_are_of_a_room_or_a_question() -> None:
    assert [card["slug"] for card in practice.drills.drill_cards("sliding-windows")] == ["sliding-windows"]
    assert {card["room"] for card in practice.drills.drill_cards("memory")} == {"memory"} and len(
        practice.drills.drill_cards("memory")
    ) > 1


def test_drills_are_of_a_company_or_a_topic() -> None:
    assert all("Google" in card["companies"] for card in practice.drills.drill_cards("", ["google"]))
    assert all("Broadcasting" in card["topics"] for card in practice.drills.drill_cards("", [], ["broadcasting"]))


@pytest.mark.parametrize(
    ("what", "advice"),
    [("brodcasting", "Did you mean broadcasting?"), ("run-length", "has drills"), ("zzzzzz", "ndojo list")],
)
def test_what_has_no_drills_is_refused(what: str, advice: str) -> None:
    with pytest.raises(practice.errors.PracticeError, match=advice.replace("?", r"\?")):
        practice.drills.drill_cards(what)


def test_answer_is_judged_and_kept(cards: list[practice.records.Card], now: datetime) -> None:
    """It is saved with its prompt, so that it stays readable."""
    one = posed(practice.drills.DrillSession(cards, 1), now)
    assert practice.drills.judge_drill(one, f" {one.answer} ", 2.5, now) == practice.drills.DrillJudged(True, False)
    assert practice.drills.judge_drill(one, "", 1.0, now) == practice.drills.DrillJudged(False, True)
    assert not practice.drills.judge_drill(one, "no such thing", 1.0, now).correct
    with Store.open() as store:
        right, skipped, wrong = store.drills()
    assert (right.code, right.expected, right.typed, right.correct) == (one.code, one.answer, one.answer, True)
    assert (skipped.typed, skipped.correct, wrong.typed, wrong.at) == ("", False, "no such thing", now)


def test_no_variant_comes_twice_within_a_day(now: datetime) -> None:
    """A new practice session, or a clock that was set back by a week, changes nothing."""
    cards = practice.drills.drill_cards("sliding-windows")
    seen: set[str] = set()
    for number, moment in enumerate((now, now + timedelta(hours=1), now - timedelta(days=7), now + timedelta(hours=2))):
        session = practice.drills.DrillSession(cards, 1)  # the same seed would give the same drill
        for place in range(15):
            one = posed(session, moment)
            assert one.variant not in seen, (number, place)
            seen.add(one.variant)
            session.answer(one, one.answer, 1, moment)


def test_two_concurrent_sessions_share_no_variant(now: datetime) -> None:
    """Each session reads what the other saved."""
    cards = practice.drills.drill_cards("sliding-windows")
    sessions, seen = [practice.drills.DrillSession(cards, 1), practice.drills.DrillSession(cards, 1)], set()
    for number in range(30):
        session = sessions[number % 2]
        one = posed(session, now)
        assert one.variant not in seen
        seen.add(one.variant)
        session.answer(one, one.answer, 1, now)


def test_it_gets_harder_and_easier(now: datetime) -> None:
    """All right answers make it hard, and all wrong answers make it easy."""
    cards = practice.drills.drill_cards("broadcast-shapes")
    session = practice.drills.DrillSession(cards, 3)
    for _ in range(12):
        one = posed(session, now)
        session.answer(one, one.answer, 1, now)
    assert one.hardness > 0.8
    for _ in range(5):
        one = posed(session, now)
        session.answer(one, "", 1, now)
    assert posed(session, now).hardness < 0.2


def test_missed_drill_comes_back(now: datetime) -> None:
    """Its template returns after a few others. The same variant returns on another day, until it is answered."""
    cards = practice.drills.drill_cards("copy-or-view")
    session = practice.drills.DrillSession(cards, 4)
    missed = posed(session, now)
    session.answer(missed, "", 1, now)
    later = [posed(session, now)]
    for _ in range(12):
        session.answer(later[-1], later[-1].answer, 1, now)
        later.append(posed(session, now))
    drills = [one.drill for one in later]
    assert missed.drill in drills[GAP - 1 : 10] and missed.variant not in {one.variant for one in later}
    with Store.open() as store:
        store.keep_drill(store.drills()[0])  # missed again, so it comes last
    seen = []
    for _ in range(12):
        seen.append(posed(tomorrow := practice.drills.DrillSession(cards, 5), now + 2 * DAY))
        tomorrow.answer(seen[-1], seen[-1].answer, 1, now + 2 * DAY)
    (again,) = [one for one in seen if one.again]
    assert (again.variant, again.code, again.answer) == (missed.variant, missed.code, missed.answer)


def test_variants_end_when_all_were_asked(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variant is repeated just to continue."""
    monkeypatch.setattr("ndojo.study.drills.draw", lambda *_: None)
    assert practice.drills.DrillSession(practice.drills.drill_cards("why-numpy"), 1).pose(now) is None


def test_summary_tells_how_it_went(cards: list[practice.records.Card], now: datetime) -> None:
    session = practice.drills.DrillSession(cards, 1)
    assert session.summary(now).answered == 0
    ones = []
    for correct in (True, True, False, True):
        ones.append(posed(session, now))
        session.answer(ones[-1], ones[-1].answer if correct else "", 1, now)
    told = session.summary(now)
    assert (told.answered, told.correct, told.best_streak, session.streak) == (4, 3, 2, 1)
    assert {template.drill for template in told.missed} == {ones[2].drill}
    assert {topic for topic, *_ in told.topics} == {topic for one in ones for topic in one.topics}


def test_store_that_cannot_be_written_does_not_stop_it(now: datetime, data: Path) -> None:
    """Each answer says that it was not saved. Within the session nothing repeats, and it still adapts."""
    data.write_text("a file where the folder should be")
    session, seen, hardest = practice.drills.DrillSession(practice.drills.drill_cards("why-numpy"), 1), set(), 0.0
    for _ in range(20):
        one = posed(session, now)
        assert one.variant not in seen
        seen.add(one.variant)
        judged = session.answer(one, one.answer, 1, now)
        assert judged.correct and judged.trouble
        hardest = max(hardest, one.hardness)
    assert session.summary(now).answered == 20 and hardest > 0.4


@pytest.mark.parametrize("typed", ["\ud800", "x" * 100_000, "\0", "🐍"])
def test_anything_that_is_typed_can_be_kept(cards: list[practice.records.Card], now: datetime, typed: str) -> None:
    one = posed(practice.drills.DrillSession(cards, 1), now)
    assert practice.drills.judge_drill(one, typed, 1, now) == practice.drills.DrillJudged(False, False)


def test_slip_of_the_finger_is_known(cards: list[practice.records.Card], now: datetime) -> None:
    """An unclosed bracket is asked again, and empty input skips. A right answer in an unusual form is right."""
    one = posed(practice.drills.DrillSession(cards, 1), now)
    assert not practice.drills.is_answer("(3, 4", one)
    assert (
        practice.drills.is_answer("", one)
        and practice.drills.is_answer(one.answer, one)
        and practice.drills.is_answer("(3, 4)", one)
    )


def test_two_processes_answer_at_once(data: Path) -> None:
    """Every answer of both processes is saved."""
    code = (
        "import sys; from datetime import datetime, UTC; from ndojo import practice\n"
        "session = practice.drills.DrillSession(practice.drills.drill_cards('why-numpy'), int(sys.argv[1]))\n"
        "for _ in range(15):\n"
        "    now = datetime.now(UTC); one = session.pose(now)\n"
        "    assert not session.answer(one, one.answer, 1, now).trouble\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, str(n)], env=dict(os.environ)) for n in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    with Store.open() as store:
        assert len(store.drills()) == 30
