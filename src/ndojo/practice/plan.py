"""What follows from the log: today's plan, with what is due and what is new."""

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
    """Everything that follows from the log, for one moment.

    `notes` say what is odd, as a clock that was set back; `trouble` says why nothing is known, where nothing is.
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
        """The learner's own day: `now` carries the zone."""
        return self.now.date()

    @property
    def spent(self) -> Spent:
        """What was done today already."""
        return schedule.spent_on(self.day, self.reviews, self.subjects, self.now.tzinfo, self.pace)


@as_practice_errors()
def study_state(now: datetime) -> StudyState:
    """What is known of the learner.

    Parameters
    ----------
    now : datetime
        In the learner's own zone, whose days count.
    """
    questions = {card["slug"]: card for card in loading.index()}
    acts, goals, begun, trouble = _kept(questions)
    seen = evidence.collect_evidence(acts, now)
    difficulties = {slug: card["difficulty"] for slug, card in questions.items()}
    reviews = rating.reviews(seen.sittings, difficulties)
    return StudyState(
        now=now,
        questions=questions,
        subjects=[_subject(card, card["slug"] in begun) for card in questions.values()],
        reviews=reviews,
        cards=schedule.replay(reviews, now.tzinfo),
        goals=goals,
        pace=rating.pace(seen.sittings, difficulties) or 1.0,
        notes=_notes(seen, goals, now),
        trouble=trouble,
    )


def _subject(card: QuestionCard, begun: bool) -> Subject:
    kinds = tuple(kind for kind in card["kinds"] if kind != "predict" or card["drills"])
    return Subject(card["slug"], kinds or ("explain",), card["difficulty"], tuple(card["companies"]), begun)


def _kept(questions: Mapping[str, QuestionCard]) -> tuple[list[Act], Goals, set[str], str]:
    """The log as acts, the goals, the questions that were begun, and why nothing is known, where nothing is."""
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
    """An event as acts; one that says too little is none."""
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
            f"{seen.set_aside} thing{'s' if seen.set_aside > 1 else ''} in your log "
            f"lie{'' if seen.set_aside > 1 else 's'} in the future: the clock was once ahead, or is behind now. "
            "Nothing is lost; each counts from its date on. Set the clock right if it is wrong."
        )
    elif seen.ahead > timedelta(minutes=5):
        minutes = seen.ahead.total_seconds() / 60
        behind = f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.0f} hours"
        notes.append(
            f"The clock stands {behind} before the newest thing in your log: it was set back. Nothing is lost; what "
            "lies ahead counts as done now."
        )
    if goals.interview and goals.interview < now.date():
        notes.append(
            f"The interview of {format_day(goals.interview)} is over. Set the next one with `ndojo plan --interview "
            "DATE`, or none with `--interview none`."
        )
    return tuple(notes)


def format_day(day: date) -> str:
    """A day as one says it: 1 December 2026."""
    return f"{day.day} {day:%B %Y}"


# --------------------------------------------------------------------------------------------------------------- today


class Step(NamedTuple):
    """One thing to do today: `what` is review, first, new or drill; `why` says it in a few words."""

    what: str
    slug: str
    kind: str
    title: str
    difficulty: str
    minutes: int
    why: str


class Today(NamedTuple):
    """What to do today, and what was done already.

    `due` counts every review that is due, `waiting` those that today's limit leaves for later.
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
    """What to do today: reviews that are due, a new question, a drill."""
    return today_of(study_state(now))


def today_of(known: StudyState) -> Today:
    """What to do today, from what is known."""
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
        return "mixed from every room"
    if task.what == "first":
        return "met before, new in this way"
    if task.what == "new":
        subject = next(one for one in known.subjects if one.question == task.practice.question)
        return "you began it" if subject.begun else f"{subject.difficulty}, and new to you"
    return f"{_late(task.overdue_days)}, last time {known.cards[task.practice].rated.rating}"


def _late(days: int) -> str:
    if days < 0:
        return "before the interview"
    return "due today" if days == 0 else f"{days} day{'s' if days > 1 else ''} late"
