"""Cards are due at the right time, and no plan is longer than its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ndojo.study.evidence import Practice, PracticeSession
from ndojo.study.fitting import fit
from ndojo.study.rating import Rated, Review, rate
from ndojo.study.schedule import Card, Goals, Spent, Subject, forecast, plan, recall, replay, reviewed, spent_on

DAY = date(2026, 3, 1)
CODE = Practice("softmax", "code")
RATED = Rated("good", "")
BANK = [
    Subject("softmax", ("code", "explain"), "hard", ("Acme",)),
    Subject("trace", ("code",), "easy"),
    Subject("mean", ("code", "predict"), "medium", ("Acme",)),
    Subject("why", ("explain",), "easy"),
]


def card(practice=CODE, due=DAY, last=DAY - timedelta(days=3), stability=3.0):
    return Card(practice, due, last, stability, 5.0, 1, 0, RATED)


def whats(planned):
    return [(task.what, *task.practice) for task in planned.tasks]


def days_between(first, second):
    return (second - first).days


def test_better_ratings_come_back_later():
    """Every interval is a whole number of days and at least one day."""
    due = [reviewed(None, CODE, Rated(word, ""), DAY).due for word in ("again", "hard", "good", "easy")]
    assert due == sorted(due) and due[0] == DAY + timedelta(days=1)
    assert due[-1] > DAY + timedelta(days=4)


def test_intervals_grow_and_a_lapse_shortens_them():
    one, gaps = None, []
    for _ in range(5):
        one = reviewed(one, CODE, RATED, one.due if one else DAY)
        gaps.append(days_between(one.last, one.due))
    assert gaps == sorted(gaps) and gaps[-1] > 60
    lapsed = reviewed(one, CODE, Rated("again", ""), one.due)
    assert days_between(lapsed.last, lapsed.due) < gaps[-1] / 4 and lapsed.lapses == 1


def test_recall_falls_to_nine_in_ten_on_the_day_it_is_due():
    one = reviewed(None, CODE, Rated("easy", ""), DAY)
    assert recall(one, DAY) == 1.0
    assert recall(one, one.due) == pytest.approx(0.9, abs=0.01)
    assert recall(one, DAY + timedelta(days=300)) < recall(one, DAY + timedelta(days=30)) < 0.9


def test_evening_and_next_morning_are_two_days():
    """Days are those of the learner's own time zone."""
    zone = timezone(timedelta(hours=-8))
    evening = datetime(2026, 3, 1, 23, tzinfo=zone)
    sessions = [PracticeSession(CODE, at, at, 1, 3, 3, 1, ("AC",)) for at in (evening, evening + timedelta(hours=9))]
    cards = replay([Review(one, rate(one)) for one in sessions], zone)
    assert cards[CODE].last == date(2026, 3, 2) and cards[CODE].times == 2
    (alone,) = replay([Review(sessions[0], rate(sessions[0]))], zone).values()
    assert alone.last == date(2026, 3, 1) and alone.stability < cards[CODE].stability


def test_replay_is_what_came_of_the_reviews_one_by_one():
    sessions = [
        PracticeSession(CODE, at, at, 1, 3, 3, 1, ("AC",))
        for at in (datetime(2026, 3, n, tzinfo=UTC) for n in (1, 4, 9))
    ]
    log = [Review(one, rate(one)) for one in sessions]
    one = None
    for review in log:
        one = reviewed(one, CODE, review.rated, review.session.ended_at.date())
    assert replay(log, UTC) == {CODE: one}


# ---------------------------------------------------------------------------------------------------------------- plan


def test_newcomer_gets_the_easiest_and_a_drill():
    assert whats(plan(DAY, {}, BANK, Goals())) == [("new", "trace", "code"), ("drill", "", "predict")]


def test_due_reviews_come_first_the_longest_due_before_the_rest():
    cards = {CODE: card(), Practice("trace", "code"): card(Practice("trace", "code"), DAY - timedelta(days=4))}
    planned = plan(DAY, cards, BANK, Goals(60))
    assert whats(planned)[:2] == [("review", "trace", "code"), ("review", "softmax", "code")]
    assert planned.tasks[0].overdue_days == 4 and planned.due == 2 and planned.waiting == 0


def test_other_kinds_follow_on_another_day():
    """They do not follow on the day when the question was first practiced."""
    cards = {CODE: card(due=DAY + timedelta(days=5))}
    assert ("first", "softmax", "explain") in whats(plan(DAY, cards, BANK, Goals(90)))
    today = {CODE: card(due=DAY + timedelta(days=5), last=DAY)}
    assert ("first", "softmax", "explain") not in whats(plan(DAY, today, BANK, Goals(90)))


def test_what_was_begun_goes_before_what_was_not():
    begun = [one._replace(begun=one.question == "softmax") for one in BANK]
    assert whats(plan(DAY, {}, begun, Goals()))[0] == ("new", "softmax", "code")


def test_company_s_own_questions_come_first():
    assert whats(plan(DAY, {}, BANK, Goals(company="acme")))[0] == ("new", "mean", "code")


def test_backlog_waits_and_nothing_new_is_begun():
    """The limit holds. Cards that do not fit come first tomorrow."""
    bank = [Subject(f"q{n}", ("code",), "hard") for n in range(9)]
    cards = {
        Practice(one.question, "code"): card(Practice(one.question, "code"), DAY - timedelta(days=n))
        for n, one in enumerate(bank[:7])
    }
    first = plan(DAY, cards, bank, Goals(30))
    assert first.minutes <= 30 and first.due == 7 and first.waiting == 5
    assert {what for what, *_ in whats(first)} == {"review"}
    for task in first.tasks:
        cards[task.practice] = reviewed(cards[task.practice], task.practice, RATED, DAY)
    second = plan(DAY + timedelta(days=1), cards, bank, Goals(30))
    assert [task.practice.question for task in second.tasks] == ["q4", "q3"]


def test_limit_holds_for_what_is_longer_than_a_day():
    """A hard question continues on another day, and a long review gets the whole day."""
    bank = [Subject("softmax", ("code",), "hard")]
    assert plan(DAY, {}, bank, Goals(15)).minutes == 15
    assert plan(DAY, {CODE: card()}, bank, Goals(15), pace=2.0).minutes == 15
    met = [task.what for planned in forecast(DAY, 5, {}, bank, Goals(15)) for task in planned.tasks]
    assert met[:2] == ["new", "new"] and "review" in met


def test_what_was_done_today_counts():
    """Neither the minutes nor the new question of the day are given twice."""
    planned = plan(DAY, {}, BANK, Goals(45), spent=Spent(minutes=20, new=1, drilled=True))
    assert planned.tasks == ()
    assert plan(DAY, {}, BANK, Goals(45), spent=Spent(minutes=45)).tasks == ()


def test_spent_counts_each_practice_once():
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    session = PracticeSession(CODE, noon, noon, 1, 3, 3, 1, ("AC",))
    drilled = PracticeSession(Practice("mean", "predict"), noon, noon, 2, 1, 2)
    log = [Review(one, rate(one)) for one in (session, session, drilled)]
    assert spent_on(DAY, log, BANK, UTC) == Spent(minutes=34, new=1, firsts=1, drilled=True)
    assert spent_on(DAY + timedelta(days=1), log, BANK, UTC) == Spent()


def test_card_of_a_question_that_is_gone_is_left_alone():
    assert plan(DAY, {Practice("gone", "code"): card(Practice("gone", "code"))}, BANK, Goals()).due == 0


# ----------------------------------------------------------------------------------------------------------- interview


def many(number):
    return [Subject(f"q{n:03}", ("code",), ("easy", "medium", "hard")[n % 3]) for n in range(number)]


def test_interview_brings_new_questions_closer():
    """The plan has enough new questions per day to leave the last fifth of the days free."""
    soon = Goals(240, DAY + timedelta(days=10))
    assert sum(task.what == "new" for task in plan(DAY, {}, many(40), soon).tasks) == 5
    assert sum(task.what == "new" for task in plan(DAY, {}, many(40), Goals(240)).tasks) == 1


def test_what_does_not_fit_is_named_with_what_would_do():
    """With the suggested minutes it fits, and with five fewer it does not."""
    goals = Goals(30, DAY + timedelta(days=20))
    told = fit(DAY, {}, many(30), goals)
    assert told is not None and told.days == 20
    assert len(told.fits) + len(told.misses) == 30 and len(told.misses) > 5
    enough = fit(DAY, {}, many(30), goals._replace(minutes_a_day=told.enough_minutes))
    fewer = fit(DAY, {}, many(30), goals._replace(minutes_a_day=told.enough_minutes - 5))
    assert enough is not None and fewer is not None and not enough.misses and fewer.misses


def test_interview_tomorrow_with_a_whole_bank_is_hopeless_and_said():
    told = fit(DAY, {}, many(136), Goals(45, DAY + timedelta(days=1)))
    assert told is not None and told.enough_minutes == 0 and len(told.misses) > 130


def test_interview_that_is_over_or_not_set_fits_nothing():
    assert fit(DAY, {}, BANK, Goals()) is None
    assert fit(DAY, {}, BANK, Goals(interview=DAY - timedelta(days=1))) is None
    today = fit(DAY, {}, BANK, Goals(interview=DAY))
    assert today is not None and today.fits == () and len(today.misses) == 4


def test_time_left_before_the_interview_goes_to_what_is_weakest():
    weak = card(due=DAY + timedelta(days=1), last=DAY - timedelta(days=4), stability=4.0)
    strong = card(Practice("trace", "code"), DAY + timedelta(days=90), DAY - timedelta(days=10), 400.0)
    cards = {CODE: weak, Practice("trace", "code"): strong}
    soon = plan(DAY, cards, BANK[:2], Goals(90, DAY + timedelta(days=2)))
    early = [task for task in soon.tasks if task.what == "review"]
    assert [task.practice for task in early] == [CODE] and early[0].overdue_days == -1
    assert not [task for task in plan(DAY, cards, BANK[:2], Goals(90)).tasks if task.what == "review"]
