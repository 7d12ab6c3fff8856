"""Simulated learners, to compare the schedule with going through the list in order.

Their memory does not follow FSRS, because the comparison would then only prove that FSRS agrees with itself. The chance
of recall halves after a number of days. Each success increases this number, and a later success increases it more.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from datetime import date as Date

from ndojo.study.evidence import Act, Evidence, Practice, collect_evidence
from ndojo.study.rating import rate, reviews
from ndojo.study.schedule import Card, Day, Goals, Subject, Task, minutes_for, plan, replay, reviewed


@dataclass(frozen=True)
class Learner:
    """The properties of a simulated learner.

    Parameters
    ----------
    name : str
    knows : float
        Chance of passing a question that was never practiced.
    half_life : float
        Days until the chance of recalling something new has halved.
    growth : float
        Growth of the half-life by a success. A very late success multiplies it by ``1 + growth``.
    comes : float
        Chance of practicing on a day.
    slips : float
        Chance that a session has the opposite result.
    """

    name: str
    knows: float
    half_life: float
    growth: float
    comes: float = 1.0
    slips: float = 0.0


LEARNERS = (
    Learner("fast", knows=0.35, half_life=20, growth=6.0),
    Learner("forgetful", knows=0.15, half_life=6, growth=3.0),
    Learner("erratic", knows=0.25, half_life=12, growth=4.0, comes=0.6, slips=0.15),
)


@dataclass(frozen=True)
class Trace:
    """The memory of one practice: its half-life in days, and the day of the last session."""

    half_life: float
    last: Date

    def recall(self, day: Date) -> float:
        return float(0.5 ** ((day - self.last).days / self.half_life))


@dataclass(frozen=True)
class Outcome:
    """The result of a simulation.

    Parameters
    ----------
    learner : str
    recall : float
        Mean chance of recalling a practice of the bank on the last day. A practice never met counts with `knows`.
    met, total : int
        Number of practices met, and of all practices.
    sessions, minutes : int
        Totals.
    days : tuple of Day
        The plan of every day, including days without practice. Empty without the schedule.
    acts : tuple of Act
    cards : dict
    """

    learner: str
    recall: float
    met: int
    total: int
    sessions: int
    minutes: int
    days: tuple[Day, ...]
    acts: tuple[Act, ...]
    cards: dict[Practice, Card]


class Run:
    """The simulation of one learner. The same seed gives the same result."""

    def __init__(self, learner: Learner, subjects: Sequence[Subject], goals: Goals, first: Date, seed: int) -> None:
        self.learner, self.subjects, self.goals, self.first = learner, subjects, goals, first
        self.chance = random.Random(f"{learner.name} {seed}")
        self.known = {subject.question: subject for subject in subjects}
        self.memory: dict[Practice, Trace] = {}
        self.cards: dict[Practice, Card] = {}
        self.acts: list[Act] = []
        self.days: list[Day] = []
        self.sessions = self.minutes = 0

    def scheduled(self, days: int) -> Outcome:
        """Follow each day's plan."""
        for day in (self.first + timedelta(days=number) for number in range(days)):
            planned = plan(day, self.cards, self.subjects, self.goals)
            self.days.append(planned)
            if self.chance.random() < self.learner.comes:
                for number, task in enumerate(planned.tasks):
                    self._do(task, day, number)
        return self._outcome(days)

    def in_order(self, days: int) -> Outcome:
        """Go through the list repeatedly, with the same minutes per day."""
        order = self._in_order()
        for day in (self.first + timedelta(days=number) for number in range(days)):
            if self.chance.random() < self.learner.comes:
                left, number = self.goals.minutes_a_day, 0
                while (task := self._task(*next(order))).minutes <= left:
                    self._do(task, day, number)
                    left, number = left - task.minutes, number + 1
        return self._outcome(days)

    def _in_order(self) -> Iterator[tuple[Subject, str]]:
        while True:
            yield from ((subject, kind) for subject in self.subjects for kind in subject.kinds)

    def _task(self, subject: Subject, kind: str) -> Task:
        practice = Practice(subject.question, kind)
        new = practice not in self.memory
        return Task("new" if new else "review", practice, minutes_for(subject, practice, new, 1.0, 600))

    def _do(self, task: Task, day: Date, number: int) -> None:
        self.minutes += task.minutes
        if task.what == "drill":
            return
        self.sessions += 1
        trace = self.memory.get(task.practice)
        chance = trace.recall(day) if trace else self.learner.knows
        recalled = self.chance.random() < chance
        self.memory[task.practice] = self._learned(trace, chance, recalled, day)
        shown = recalled != (self.chance.random() < self.learner.slips)
        acts = self._shown(task.practice, shown, chance, day, number)
        self.acts += acts
        (session,) = collect_evidence(acts, acts[-1].at).sessions
        before = self.cards.get(task.practice)
        self.cards[task.practice] = reviewed(before, task.practice, rate(session), day)

    def _learned(self, trace: Trace | None, chance: float, recalled: bool, day: Date) -> Trace:
        """Return the memory after a session. A learner who failed has then seen the solution."""
        if trace is None:
            return Trace(self.learner.half_life, day)
        if recalled:
            return Trace(trace.half_life * (1 + self.learner.growth * (1 - chance) ** 0.5), day)
        return Trace(max(trace.half_life * 0.3, self.learner.half_life * 0.5), day)

    def _shown(self, practice: Practice, well: bool, chance: float, day: Date, number: int) -> list[Act]:
        """Return the log entries of a session. A higher chance of recall needs fewer answers to pass code."""
        at = datetime.combine(day, time(8), UTC) + timedelta(minutes=10 * number)
        if practice.kind != "code":
            points = self.chance.choice((4, 5, 6)) if well else self.chance.choice((1, 2))
            return [Act(practice, "explained" if practice.kind == "explain" else "drilled", at, "", points, 6)]
        if not well:
            return [Act(practice, "answered", at, "WA", 0, 3), Act(practice, "solution", at + timedelta(minutes=5))]
        tries = 1 if self.chance.random() < chance else self.chance.choice((2, 3, 5))
        wrong = [Act(practice, "answered", at + timedelta(minutes=one), "WT", 0, 3) for one in range(tries - 1)]
        return [*wrong, Act(practice, "answered", at + timedelta(minutes=tries), "VW", 2, 3)]

    def _outcome(self, days: int) -> Outcome:
        last = self.first + timedelta(days=days)
        every = [Practice(subject.question, kind) for subject in self.subjects for kind in subject.kinds]
        kept = [
            self.memory[practice].recall(last) if practice in self.memory else self.learner.knows
            for practice in every
        ]  # fmt: skip
        return Outcome(
            self.learner.name, sum(kept) / len(kept), len(self.memory), len(every), self.sessions, self.minutes,
            tuple(self.days), tuple(self.acts), self.cards,
        )  # fmt: skip


def bank(questions: int = 136) -> list[Subject]:
    """Return questions like those of the bank: three difficulties; half have predictions, a third an explanation."""
    kinds = (
        ("code",),
        ("code", "predict"),
        ("code", "explain"),
        ("predict", "explain"),
        ("code", "predict"),
        ("code",),
    )
    difficulties = ("easy", "medium", "medium", "hard")
    return [
        Subject(f"question-{number}", kinds[number % len(kinds)], difficulties[number % len(difficulties)])
        for number in range(questions)
    ]


def run_schedule(
    learner: Learner, subjects: Sequence[Subject], goals: Goals, first: Date, days: int, seed: int
) -> Outcome:
    """Return the result with the schedule. The interview is on the day after the last."""
    goals = goals._replace(interview=first + timedelta(days=days))
    return Run(learner, subjects, goals, first, seed).scheduled(days)


def run_list_order(
    learner: Learner, subjects: Sequence[Subject], goals: Goals, first: Date, days: int, seed: int
) -> Outcome:
    """Return the result in list order, with the same minutes per day."""
    return Run(learner, subjects, goals, first, seed).in_order(days)


def replayed(outcome: Outcome, subjects: Sequence[Subject]) -> dict[Practice, Card]:
    """Return the cards computed from the actions of a simulation, as ndojo computes them from its log."""
    now = max(act.at for act in outcome.acts)
    told: Evidence = collect_evidence(outcome.acts, now)
    return replay(reviews(told.sessions, {subject.question: subject.difficulty for subject in subjects}), UTC)
