"""The state of the learner's study, computed from the log, and today's plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast

from ndojo.practice.errors import as_practice_errors
from ndojo.question import loading
from ndojo.question.loading import Card as QuestionCard
from ndojo.store import Attempt, Event, Store, StoreError
from ndojo.study import evidence, rating, schedule
from ndojo.study.evidence import Act, Practice
from ndojo.study.rating import Review
from ndojo.study.schedule import Card, Goals, Spent, Subject, Task


class StudyState(NamedTuple):
    """Everything that is computed from the log for one moment.

    `notes` are messages about problems such as a wrong clock. `trouble` says why the log cannot be read, if so.
    """

    now: datetime
    questions: Mapping[str, QuestionCard]
    subjects: Sequence[Subject]
    reviews: Sequence[Review]
    cards: Mapping[Practice, Card]
    goals: Goals
    pace: float
    notes: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def day(self) -> date:
        """The current day in the learner's time zone, which is that of `now`."""
        return self.now.date()

    @property
    def spent(self) -> Spent:
        """What was already done today."""
        return schedule.spent_on(self.day, self.reviews, self.subjects, self.now.tzinfo, self.pace)


@as_practice_errors()
def study_state(now: datetime) -> StudyState:
    """Return the state of the learner's study.

    Parameters
    ----------
    now : datetime
        In the learner's time zone, which defines the days.
    """
    questions = {card["slug"]: card for card in loading.index()}
    acts, goals, begun, trouble = _kept(questions)
    seen = evidence.collect_evidence(acts, now)
    difficulties = {slug: card["difficulty"] for slug, card in questions.items()}
    reviews = rating.reviews(seen.sessions, difficulties)
    return StudyState(
        now=now,
        questions=questions,
        subjects=[_subject(card, card["slug"] in begun) for card in questions.values()],
        reviews=reviews,
        cards=schedule.replay(reviews, now.tzinfo),
        goals=goals,
        pace=rating.pace(seen.sessions, difficulties) or 1.0,
        notes=_notes(seen, goals, now),
        trouble=trouble,
    )


def _subject(card: QuestionCard, begun: bool) -> Subject:
    kinds = tuple(kind for kind in card["kinds"] if kind != "predict" or card["drills"])
    return Subject(card["slug"], kinds or ("explain",), card["difficulty"], tuple(card["companies"]), begun)


def _kept(questions: Mapping[str, QuestionCard]) -> tuple[list[Act], Goals, set[str], str]:
    """Return the log as actions, the goals, the started questions, and why the log cannot be read, if so."""
    levels = {slug: len(card["levels"]) for slug, card in questions.items()}
    try:
        with Store.open(create=False) as store:
            events = store.events()
            acts = [
                *(_answered(one, levels) for one in store.attempts()),
                *(act for event in events for act in _noted(event)),
                *(
                    Act(Practice(question, "predict"), "drilled", at, "", int(correct), 1)
                    for question, at, correct in store.drill_marks()
                ),
            ]
            begun = {event.question for event in events if event.what == "started"}
            return acts, _goals(store), begun, ""
    except StoreError as problem:
        return [], Goals(), set(), str(problem)


def _answered(one: Attempt, levels: Mapping[str, int]) -> Act:
    passed, total = evidence.whole(
        one.code, one.passed_levels, one.judged_levels, one.limited, levels.get(one.question, 1)
    )
    return Act(Practice(one.question, "code"), "answered", one.at, one.code, passed, total)


def _noted(event: Event) -> Iterable[Act]:
    """Yield the action of an event, or nothing if the event has no effect or is incomplete."""
    detail = event.detail if isinstance(event.detail, dict) else {}
    if event.what == "explained" and "points" in detail:
        practice = Practice(event.question, "explain")
        yield Act(practice, "explained", event.at, "", len(detail.get("ticked", ())), int(detail["points"]))
    elif event.what == "rated":
        yield Act(
            Practice(event.question, detail.get("kind", "code")), "rated", event.at, rating=detail.get("rating", "")
        )
    elif event.what in ("started", "hint", "solution"):
        yield Act(Practice(event.question, "code"), cast(evidence.What, event.what), event.at)


def _goals(store: Store) -> Goals:
    minutes, interview, company = (store.chosen(name) for name in ("minutes_a_day", "interview", "company"))
    return Goals(
        minutes_a_day=int(minutes or schedule.MINUTES_A_DAY),
        interview=date.fromisoformat(interview) if interview else None,
        company=company or "",
    )


def _notes(seen: evidence.Evidence, goals: Goals, now: datetime) -> tuple[str, ...]:
    notes = []
    if seen.set_aside:
        notes.append(
            f"{seen.set_aside} {'entries' if seen.set_aside > 1 else 'entry'} of your log "
            f"{'have dates' if seen.set_aside > 1 else 'has a date'} in the future. The clock was ahead before, or is "
            "behind now. Nothing is lost: each entry counts from its date on. Correct the clock if it is wrong."
        )
    elif seen.ahead > timedelta(minutes=5):
        minutes = seen.ahead.total_seconds() / 60
        behind = f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.0f} hours"
        notes.append(
            f"The clock is {behind} behind the newest entry of your log, so it was set back. Nothing is lost: entries "
            "with a later time count as done now."
        )
    if goals.interview and goals.interview < now.date():
        notes.append(
            f"Your interview on {format_day(goals.interview)} is over. Set the next date with `ndojo plan --interview "
            "DATE`, or remove it with `--interview none`."
        )
    return tuple(notes)


def format_day(day: date) -> str:
    """Format a day, such as 1 December 2026."""
    return f"{day.day} {day:%B %Y}"


# --------------------------------------------------------------------------------------------------------------- today


class Step(NamedTuple):
    """One step of today's plan. `what` is review, first, new or drill, and `why` is the reason in a few words."""

    what: str
    slug: str
    kind: str
    title: str
    difficulty: str
    minutes: int
    why: str


class Today(NamedTuple):
    """Today's plan, and what was already done.

    `due` is the number of due reviews. `waiting` is the number of those that do not fit today.
    """

    day: date
    steps: tuple[Step, ...]
    minutes: int
    minutes_done: int
    limit: int
    due: int
    waiting: int
    interview: date | None
    company: str
    notes: tuple[str, ...]
    trouble: str

    @property
    def reviews(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.what in ("review", "first"))


def today(now: datetime) -> Today:
    """Return today's plan: due reviews, new questions and a drill."""
    return today_of(study_state(now))


def today_of(known: StudyState) -> Today:
    """Return today's plan from the state of the learner's study."""
    spent = known.spent
    planned = schedule.plan(known.day, known.cards, known.subjects, known.goals, known.pace, spent)
    return Today(
        day=known.day,
        steps=tuple(_step(task, known) for task in planned.tasks),
        minutes=planned.minutes,
        minutes_done=spent.minutes,
        limit=known.goals.minutes_a_day,
        due=planned.due,
        waiting=planned.waiting,
        interview=known.goals.interview,
        company=known.goals.company,
        notes=known.notes,
        trouble=known.trouble,
    )


def _step(task: Task, known: StudyState) -> Step:
    slug, kind = task.practice
    card = known.questions.get(slug, {})
    return Step(
        task.what, slug, kind, card.get("title", ""), card.get("difficulty", ""), task.minutes, _why(task, known)
    )


def _why(task: Task, known: StudyState) -> str:
    if task.what == "drill":
        return "from all rooms"
    if task.what == "first":
        return "known question, new kind"
    if task.what == "new":
        subject = next(one for one in known.subjects if one.question == task.practice.question)
        return "you started it" if subject.begun else f"{subject.difficulty}, and new to you"
    return f"{_late(task.overdue_days)}, last time {known.cards[task.practice].rated.rating}"


def _late(days: int) -> str:
    if days < 0:
        return "before the interview"
    return "due today" if days == 0 else f"{days} day{'s' if days > 1 else ''} late"
