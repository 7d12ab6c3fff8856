"""The list of questions with filters and the learner's status, and the prompt of a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ndojo.practice.answer_files import file_name
from ndojo.practice.errors import as_practice_errors
from ndojo.practice.questions import levels_of, load, rooms
from ndojo.question import loading
from ndojo.question.loading import Card
from ndojo.store import Status, StatusWord, Store, StoreError

DIFFICULTIES: tuple[str, ...] = ("easy", "medium", "hard")
KINDS: tuple[str, ...] = ("code", "predict", "explain")
STATUSES: tuple[StatusWord, ...] = ("new", "started", "tried", "passed", "mastered")
DONE: tuple[str, ...] = ("passed", "mastered")


@dataclass(frozen=True)
class Row:
    """A question's card and the learner's status."""

    card: Card
    status: Status

    @property
    def slug(self) -> str:
        return str(self.card["slug"])

    @property
    def done(self) -> bool:
        """Whether the first level is passed."""
        return self.status.status in DONE


@dataclass(frozen=True)
class Filters:
    """Filters for questions. A question must match one value of each nonempty filter, and all words."""

    rooms: Sequence[str] = ()
    topics: Sequence[str] = ()
    companies: Sequence[str] = ()
    difficulties: Sequence[str] = ()
    statuses: Sequence[str] = ()
    kinds: Sequence[str] = ()
    asked: Sequence[str] = ()
    words: Sequence[str] = ()

    def fits(self, row: Row) -> bool:
        """Return whether a question matches."""
        card = row.card
        wanted = [
            (self.rooms, [card["room"]]),
            (self.topics, card["topics"]),
            (self.companies, card["companies"]),
            (self.difficulties, [card["difficulty"]]),
            (self.statuses, [row.status.status]),
            (self.kinds, card["kinds"]),
            (self.asked, card["asked"]),
        ]
        text = " ".join([card["slug"], card["title"], card["room"], *card["topics"], *card["companies"]]).lower()
        return all(word.lower() in text for word in self.words) and all(
            {one.lower() for one in values} & {one.lower() for one in own} for values, own in wanted if values
        )


@dataclass(frozen=True)
class Listing:
    """Questions with their status. `trouble` says why the status is unknown, if it is."""

    rows: list[Row]
    trouble: str = ""


@as_practice_errors()
def questions(filters: Filters | None = None) -> Listing:
    """Return the matching questions with the learner's status."""
    cards: list[Card] = loading.index()
    statuses, trouble = _statuses()
    rows = [Row(card, statuses.get(card["slug"], Status())) for card in cards]
    return Listing([row for row in rows if filters is None or filters.fits(row)], trouble)


def _statuses() -> tuple[Mapping[str, Status], str]:
    try:
        with Store.open(create=False) as store:
            return store.statuses(), ""
    except StoreError as problem:
        return {}, str(problem)


def values(field: str) -> list[str]:
    """Return all possible values of a field of `Filters`, such as every room or topic."""
    if field == "rooms":
        return rooms()
    found = (one for row in questions().rows for one in row.card[field])
    return sorted(set(found), key=str.lower)


@dataclass(frozen=True)
class Prompt:
    """The prompt of a question, its levels, and other facts about it."""

    card: Card
    text: str
    levels: tuple[tuple[str, str], ...]
    signatures: tuple[str, ...]
    links: tuple[str, ...]
    related: tuple[str, ...]
    hints: int
    file_name: str


@as_practice_errors()
def prompt(slug: str) -> Prompt:
    """Return the prompt of a question."""
    question = load(slug)
    return Prompt(
        card=loading.card(question),
        text=question.prompt,
        levels=levels_of(question),
        signatures=tuple(
            f"{entry.name}({', '.join(map(str, entry.parameters.values()))})" for entry in question.entry_points
        ),
        links=tuple(question.links),
        related=tuple(question.related),
        hints=len(question.hints),
        file_name=file_name(slug),
    )
