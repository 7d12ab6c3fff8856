"""Cards with their due dates, and the plan of a day.

Each question has one card per kind. FSRS computes when it is due: on the day on which the chance of recall falls to
90%. Days are calendar days in the learner's time zone, and every interval is a whole number of days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from ndojo.study.evidence import Practice
from ndojo.study.rating import RATINGS, Rated, Review

if TYPE_CHECKING:
    import fsrs

RETENTION = 0.9
DRILL_MINUTES = 5
MINUTES_A_DAY, LEAST_MINUTES, MOST_MINUTES = 45, 15, 600
REVIEW_MINUTES = {"easy": 6, "medium": 9, "hard": 14}
NEW_MINUTES = {"easy": 12, "medium": 20, "hard": 30}
OTHER_MINUTES = {"explain": 5, "predict": 4}
FIRSTS_A_DAY = 2
EARLY_DAYS, EARLY_BELOW = 7, 0.97
DIFFICULTIES = ("easy", "medium", "hard")

TaskWhat = Literal["review", "first", "new", "drill"]


class Card(NamedTuple):
    """What the scheduler knows about one question in one kind.

    Parameters
    ----------
    practice : Practice
    due, last : date
        When it is due, and when it was last reviewed.
    stability : float
        Days after a review until the chance of recall has fallen to 90%.
    difficulty : float
        Between 1 and 10.
    times, lapses : int
        Number of rated sessions, and number of those rated "again".
    rated : Rated
        The newest rating.
    """

    practice: Practice
    due: date
    last: date
    stability: float
    difficulty: float
    times: int
    lapses: int
    rated: Rated


@cache
def _scheduler() -> fsrs.Scheduler:
    # Imported here so that a learner without cards does not wait for it.
    import fsrs

    # No steps of minutes: a question takes about ten minutes and comes back on another day. No fuzz: replaying the same
    # log must give the same plan.
    return fsrs.Scheduler(
        desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )  # fmt: skip


def _at(day: date) -> datetime:
    """Return midnight UTC of a day. FSRS counts hours, but here an evening and the next morning are two days."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _to_fsrs(card: Card) -> fsrs.Card:
    import fsrs

    return fsrs.Card(
        card_id=0, state=fsrs.State.Review, stability=card.stability, difficulty=card.difficulty,
        due=_at(card.due), last_review=_at(card.last),
    )  # fmt: skip


def reviewed(card: Card | None, practice: Practice, rated: Rated, day: date) -> Card:
    """Return the card after a review, or a new card if `card` is None."""
    after = _after(_to_fsrs(card) if card else None, rated, day)
    times, lapses = (card.times, card.lapses) if card else (0, 0)
    return _card(after, practice, rated, times + 1, lapses + (rated.rating == "again"))


def replay(reviews: Iterable[Review], zone: tzinfo | None) -> dict[Practice, Card]:
    """Return the card of every practice after its reviews, with the days of `zone`."""
    own: dict[Practice, list[Review]] = {}
    for review in reviews:
        own.setdefault(review.practice, []).append(review)
    return {practice: _replayed(practice, its, zone) for practice, its in own.items()}


def _replayed(practice: Practice, reviews: Sequence[Review], zone: tzinfo | None) -> Card:
    card: fsrs.Card | None = None
    for review in reviews:
        card = _after(card, review.rated, review.session.ended_at.astimezone(zone).date())
    assert card is not None
    lapses = sum(review.rated.rating == "again" for review in reviews)
    return _card(card, practice, reviews[-1].rated, len(reviews), lapses)


def _after(card: fsrs.Card | None, rated: Rated, day: date) -> fsrs.Card:
    import fsrs

    before = card or fsrs.Card(card_id=0, due=_at(day))
    return _scheduler().review_card(before, fsrs.Rating(RATINGS.index(rated.rating) + 1), _at(day))[0]


def _card(after: fsrs.Card, practice: Practice, rated: Rated, times: int, lapses: int) -> Card:
    assert after.stability is not None and after.difficulty is not None and after.last_review is not None
    return Card(
        practice, after.due.date(), after.last_review.date(), after.stability, after.difficulty, times, lapses, rated
    )


def recall(card: Card, day: date) -> float:
    """Return the chance that the learner recalls the card on a day."""
    return float(_scheduler().get_card_retrievability(_to_fsrs(card), _at(day)))


# ---------------------------------------------------------------------------------------------------------------- plan


class Subject(NamedTuple):
    """The facts about a question that the plan uses."""

    question: str
    kinds: tuple[str, ...]
    difficulty: str
    companies: tuple[str, ...] = ()
    begun: bool = False

    @property
    def main(self) -> str:
        """The kind in which the question is practiced first."""
        return next((kind for kind in ("code", "explain") if kind in self.kinds), "predict")


class Goals(NamedTuple):
    """The learner's settings: minutes per day, the date and the company of the interview."""

    minutes_a_day: int = MINUTES_A_DAY
    interview: date | None = None
    company: str = ""


class Task(NamedTuple):
    """One task of the plan: a due review, another kind of a known question, a new question, or a drill.

    `overdue_days` is negative for a review that is not due yet but is planned before the interview.
    """

    what: TaskWhat
    practice: Practice
    minutes: int
    overdue_days: int = 0


class Day(NamedTuple):
    """The plan of one day.

    `due` is the number of due reviews. `waiting` is the number of those that do not fit into the day.
    """

    day: date
    tasks: tuple[Task, ...] = ()
    due: int = 0
    waiting: int = 0

    @property
    def minutes(self) -> int:
        return sum(task.minutes for task in self.tasks)


class Spent(NamedTuple):
    """What was already done on the planned day. It counts toward the limit."""

    minutes: int = 0
    new: int = 0
    firsts: int = 0
    drilled: bool = False


NOTHING = Spent()


class _Filling:
    """A day's plan under construction, with the minutes that are left."""

    def __init__(self, left: int) -> None:
        self.left, self.tasks = left, list[Task]()

    def add(self, task: Task) -> bool:
        """Add a task if it fits, and return whether it does."""
        if task.minutes > self.left:
            return False
        self.left -= task.minutes
        self.tasks.append(task)
        return True


def minutes_for(subject: Subject | None, practice: Practice, new: bool, pace: float, most: int) -> int:
    """Return the expected minutes for a practice, at most `most`. A longer question continues on another day."""
    difficulty = subject.difficulty if subject else "medium"
    if practice.kind in OTHER_MINUTES:
        minutes = OTHER_MINUTES[practice.kind]
    else:
        minutes = round((NEW_MINUTES if new else REVIEW_MINUTES)[difficulty] * min(max(pace, 0.5), 2.0))
    return min(max(minutes, 1), most)


def plan(
    day: date, cards: Mapping[Practice, Card], subjects: Sequence[Subject], goals: Goals, pace: float = 1.0,
    spent: Spent = NOTHING,
) -> Day:  # fmt: skip
    """Return the plan of a day: due reviews, longest overdue first, then other kinds, new questions and a drill.

    The total never exceeds the limit of minutes. Reviews that do not fit come first on the next day. While any review
    waits, no new question is planned. So a backlog always shrinks, and every card gets its turn.

    Parameters
    ----------
    day : date
    cards : mapping of Practice to Card
    subjects : sequence of Subject
        Every question, in the order of the bank.
    goals : Goals
    pace : float
        The learner's time relative to the usual time.
    spent : Spent
        What was already done on that day.
    """
    known = {subject.question: subject for subject in subjects}
    due = due_cards(day, cards, known)
    filling, most = _Filling(max(goals.minutes_a_day - spent.minutes, 0)), goals.minutes_a_day
    for card in due:
        minutes = minutes_for(known[card.practice.question], card.practice, False, pace, most)
        filling.add(Task("review", card.practice, minutes, (day - card.due).days))
    waiting = len(due) - len(filling.tasks)
    if not waiting:
        _add_new(filling, day, cards, subjects, goals, pace, spent)
        _add_early(filling, day, cards, known, goals, pace)
    return Day(day, tuple(filling.tasks), len(due), waiting)


def spent_on(
    day: date, reviews: Sequence[Review], subjects: Sequence[Subject], zone: tzinfo | None, pace: float = 1.0
) -> Spent:
    """Return what was done on a day. Each practice counts once, with the minutes that the plan has for it."""
    known = {subject.question: subject for subject in subjects}
    first_day: dict[Practice, date] = {}
    today: dict[Practice, None] = {}
    for review in reviews:
        own = review.session.ended_at.astimezone(zone).date()
        first_day.setdefault(review.practice, own)
        if own == day:
            today[review.practice] = None
    fresh = [practice for practice in today if first_day[practice] == day and practice.question in known]
    new = [practice for practice in fresh if practice.kind == known[practice.question].main]
    return Spent(
        minutes=sum(
            minutes_for(known.get(practice.question), practice, practice in fresh, pace, MOST_MINUTES)
            for practice in today
        ),
        new=len(new),
        firsts=len(fresh) - len(new),
        drilled=any(practice.kind == "predict" for practice in today),
    )


def due_cards(day: date, cards: Mapping[Practice, Card], known: Mapping[str, Subject]) -> list[Card]:
    """Return the due cards, longest overdue first, without those of questions that are no longer in the bank."""
    due = [
        card
        for practice, card in cards.items()
        if card.due <= day and practice.question in known and practice.kind in known[practice.question].kinds
    ]
    return sorted(due, key=lambda card: (card.due, card.stability, card.practice))


def _add_new(
    filling: _Filling, day: date, cards: Mapping[Practice, Card], subjects: Sequence[Subject], goals: Goals,
    pace: float, spent: Spent,
) -> None:  # fmt: skip
    """Add other kinds of known questions, new questions, and a drill. The drill's minutes are reserved first."""
    most = goals.minutes_a_day
    drill = Task("drill", Practice("", "predict"), DRILL_MINUTES)
    drills = not spent.drilled and any("predict" in subject.kinds for subject in subjects)
    has_drill = drills and filling.left >= drill.minutes
    filling.left -= drill.minutes * has_drill
    for subject, kind in firsts(day, cards, subjects)[: max(FIRSTS_A_DAY - spent.firsts, 0)]:
        practice = Practice(subject.question, kind)
        filling.add(Task("first", practice, minutes_for(subject, practice, True, pace, most)))
    unmet = unmet_subjects(cards, subjects, goals)
    for subject in unmet[: max(new_a_day(day, len(unmet) + spent.new, goals) - spent.new, 0)]:
        practice = Practice(subject.question, subject.main)
        minutes = minutes_for(subject, practice, True, pace, most - drill.minutes * has_drill)
        if not filling.add(Task("new", practice, minutes)):
            break
    filling.left += drill.minutes * has_drill
    if has_drill:
        filling.add(drill)


def _add_early(
    filling: _Filling,
    day: date,
    cards: Mapping[Practice, Card],
    known: Mapping[str, Subject],
    goals: Goals,
    pace: float,
) -> None:
    """Fill remaining time in the last week before an interview with what would be recalled least on its day."""
    if goals.interview is None or not 0 <= (goals.interview - day).days <= EARLY_DAYS:
        return
    planned = {task.practice for task in filling.tasks}
    interview = goals.interview
    weak = [
        (recall(card, interview), practice)
        for practice, card in cards.items()
        if practice not in planned and practice.question in known and (day - card.last).days >= 2
    ]
    for kept, practice in sorted(weak):
        if kept < EARLY_BELOW:
            minutes = minutes_for(known[practice.question], practice, False, pace, goals.minutes_a_day)
            filling.add(Task("review", practice, minutes, (day - cards[practice].due).days))


def firsts(day: date, cards: Mapping[Practice, Card], subjects: Sequence[Subject]) -> list[tuple[Subject, str]]:
    """Return the kinds not practiced yet of questions whose main kind was last practiced before that day."""
    found = []
    for subject in subjects:
        main = cards.get(Practice(subject.question, subject.main))
        if main and main.last < day:
            found += [(subject, kind) for kind in subject.kinds if Practice(subject.question, kind) not in cards]
    return found


def unmet_subjects(cards: Mapping[Practice, Card], subjects: Sequence[Subject], goals: Goals) -> list[Subject]:
    """Return the new questions: started ones first, then the company's, then easier ones, then code questions."""
    unmet = [one for one in subjects if Practice(one.question, one.main) not in cards]
    wanted = goals.company.lower()
    return sorted(
        unmet,
        key=lambda one: (
            not one.begun,
            bool(wanted) and wanted not in (company.lower() for company in one.companies),
            DIFFICULTIES.index(one.difficulty),
            one.main != "code",
        ),
    )


def new_a_day(day: date, unmet: int, goals: Goals) -> int:
    """Return the number of new questions for a day.

    The number is one, or more if the interview requires it to keep the last fifth of the days free.
    """
    if goals.interview is None or day > goals.interview:
        return 1
    days = (goals.interview - day).days
    if days == 0:
        return 0
    return max(1, -(-unmet * 5 // (4 * days)))


# --------------------------------------------------------------------------------------------------------------- ahead


def forecast(
    day: date, days: int, cards: Mapping[Practice, Card], subjects: Sequence[Subject], goals: Goals,
    pace: float = 1.0, spent: Spent = NOTHING,
) -> Iterator[Day]:  # fmt: skip
    """Yield the plan of each coming day, assuming that every plan is completed and every review goes well."""
    cards, well, owed = dict(cards), Rated("good", ""), dict[Practice, int]()
    whole = {one.question: one for one in subjects}
    for coming in (day + timedelta(days=number) for number in range(days)):
        planned = plan(coming, cards, subjects, goals, pace, spent if coming == day else NOTHING)
        for task in planned.tasks:
            if task.what == "new":
                # A question that is longer than the daily limit gets its card on the day that completes it.
                full = minutes_for(whole[task.practice.question], task.practice, True, pace, MOST_MINUTES)
                owed[task.practice] = owed.get(task.practice, full) - task.minutes
            if task.what != "drill" and owed.get(task.practice, 0) <= 0:
                cards[task.practice] = reviewed(cards.get(task.practice), task.practice, well, coming)
        yield planned
