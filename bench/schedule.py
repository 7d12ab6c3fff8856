"""Simulate learners over 90 days, with the schedule and by going through the list of questions in order.

Run ``.venv/bin/python bench/schedule.py [SEEDS]``.

Prints one line per learner and daily limit of minutes. It compares the mean chance of recall on the day of the
interview, and how many practices (one question in one kind) were met. It also shows the longest day and the largest
number of reviews that waited on one day.
"""

import statistics
import sys
from datetime import date

from ndojo.study.schedule import Goals
from ndojo.study.simulate import LEARNERS, Outcome, bank, run_list_order, run_schedule

FIRST, DAYS, MINUTES = date(2026, 3, 1), 90, (20, 45, 90)


def mean(outcomes: list[Outcome]) -> float:
    """Return the mean chance of recall on the last day."""
    return statistics.mean(outcome.recall for outcome in outcomes)


def main(seeds: int) -> None:
    """Print one line per learner and limit."""
    subjects = bank()
    print(f"{len(subjects)} questions, {sum(len(one.kinds) for one in subjects)} practices, {DAYS} days, {seeds} seeds")
    print(
        f"{'learner':<10} {'min/day':>7} {'schedule':>9} {'in order':>9} {'gain':>7}   {'met':>9} {'in order':>9}"
        f"   {'longest day':>11} {'most waiting':>12}"
    )
    for learner in LEARNERS:
        for minutes in MINUTES:
            goals = Goals(minutes_a_day=minutes)
            scheduled = [run_schedule(learner, subjects, goals, FIRST, DAYS, seed) for seed in range(seeds)]
            in_order = [run_list_order(learner, subjects, goals, FIRST, DAYS, seed) for seed in range(seeds)]
            met, others = (round(statistics.mean(one.met for one in side)) for side in (scheduled, in_order))
            longest = max(day.minutes for one in scheduled for day in one.days)
            waiting = max(day.waiting for one in scheduled for day in one.days)
            gain = mean(scheduled) - mean(in_order)
            print(
                f"{learner.name:<10} {minutes:>7} {mean(scheduled):>9.1%} {mean(in_order):>9.1%} {gain:>+7.1%}"
                f"   {met:>9} {others:>9}   {longest:>7} min {waiting:>12}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
