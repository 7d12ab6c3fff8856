"""Three kinds of learners over ninety days: the schedule keeps its promises for each of them."""

from __future__ import annotations

import statistics
from datetime import date, timedelta

import pytest

from ndojo.study.evidence import Practice
from ndojo.study.schedule import Goals
from ndojo.study.simulate import LEARNERS, bank, replayed, run_list_order, run_schedule

FIRST, DAYS = date(2026, 3, 1), 90
BANK = bank(136)
LIMITS = (20, 45, 90)
CASES = [(learner, minutes) for learner in LEARNERS for minutes in LIMITS]
IDS = [f"{learner.name}-{minutes}" for learner, minutes in CASES]


@pytest.fixture(scope="module")
def outcomes():
    """One simulation for each learner and limit."""
    return {
        (learner.name, minutes): run_schedule(learner, BANK, Goals(minutes), FIRST, DAYS, 1)
        for learner, minutes in CASES
    }


@pytest.mark.parametrize(("learner", "minutes"), CASES, ids=IDS)
def test_no_day_exceeds_the_limit(outcomes, learner, minutes):
    days = outcomes[learner.name, minutes].days
    assert len(days) == DAYS and max(day.minutes for day in days) <= minutes


@pytest.mark.parametrize(("learner", "minutes"), CASES, ids=IDS)
def test_no_due_card_is_lost(outcomes, learner, minutes):
    """Every due card is planned or waits. A waiting card is reviewed within a few of the learner's practice days."""
    outcome = outcomes[learner.name, minutes]
    for day in outcome.days:
        assert day.due == sum(task.what == "review" and task.overdue_days >= 0 for task in day.tasks) + day.waiting
    late = [task.overdue_days for day in outcome.days for task in day.tasks if task.what == "review"]
    assert max(late) <= (14 if learner.comes < 1 else 5)


@pytest.mark.parametrize(("learner", "minutes"), CASES, ids=IDS)
def test_plans_are_made_of_different_things(outcomes, learner, minutes):
    """No item appears twice per day, and none waits while something new starts."""
    for day in outcomes[learner.name, minutes].days:
        practices = [task.practice for task in day.tasks]
        assert len(set(practices)) == len(practices)
        assert not (day.waiting and any(task.what == "new" for task in day.tasks))


@pytest.mark.parametrize("learner", [one for one in LEARNERS if one.comes == 1], ids=lambda one: one.name)
def test_reviews_converge(learner):
    """With a small bank, the days get shorter: intervals grow, and known questions need little time."""
    outcome = run_schedule(learner, bank(24), Goals(45), FIRST, 180, 1)
    reviews = [sum(task.what == "review" for task in day.tasks) for day in outcome.days[:-8]]
    assert len({practice.question for practice in outcome.cards}) == 24
    assert statistics.mean(reviews[-40:]) < statistics.mean(reviews[20:60]) * 0.7
    assert statistics.mean(reviews[-40:]) < 2 and outcome.days[-9].waiting == 0


@pytest.mark.parametrize(
    ("learner", "minutes"), [(one, 45) for one in LEARNERS], ids=lambda one: str(getattr(one, "name", one))
)
def test_cards_can_be_made_again_from_the_log(outcomes, learner, minutes):
    """For each card, the replay equals the result of processing one day at a time."""
    outcome = outcomes[learner.name, minutes]
    again = replayed(outcome, BANK)
    assert {one: (card.due, card.stability, card.times) for one, card in again.items()} == {
        one: (card.due, card.stability, card.times) for one, card in outcome.cards.items()
    }


@pytest.mark.parametrize(
    ("learner", "minutes"), [case for case in CASES if case[1] < 90], ids=[i for i in IDS if "90" not in i]
)
def test_schedule_beats_going_through_the_list(learner, minutes):
    """With the same minutes per day, more is recalled at the interview. `bench/schedule.py` prints the difference."""
    seeds = range(3)
    ours = [run_schedule(learner, BANK, Goals(minutes), FIRST, DAYS, seed) for seed in seeds]
    plain = [run_list_order(learner, BANK, Goals(minutes), FIRST, DAYS, seed) for seed in seeds]
    assert statistics.mean(one.recall for one in ours) > statistics.mean(one.recall for one in plain) + 0.03


def test_learner_who_stays_away_finds_everything_again():
    """After thirty days off, the backlog is reviewed within the limit, and the longest due comes first."""
    from ndojo.study.schedule import plan, reviewed

    outcome = run_schedule(LEARNERS[0], BANK, Goals(45), FIRST, 60, 1)
    cards, goals, back = dict(outcome.cards), Goals(45), FIRST + timedelta(days=90)
    due = {practice for practice, card in cards.items() if card.due <= back}
    seen: set[Practice] = set()
    for day in (back + timedelta(days=number) for number in range(30)):
        planned = plan(day, cards, BANK, goals)
        assert planned.minutes <= 45
        for task in planned.tasks:
            if task.what == "review":
                seen.add(task.practice)
                cards[task.practice] = reviewed(cards[task.practice], task.practice, cards[task.practice].rated, day)
    assert due <= seen


def test_bench_prints_the_comparison():
    import subprocess
    import sys
    from pathlib import Path

    script = Path(__file__).parents[2] / "bench" / "schedule.py"
    done = subprocess.run([sys.executable, script, "1"], capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 2 + 3 * len(LEARNERS) and "in order" in done.stdout
