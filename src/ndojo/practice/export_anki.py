"""Export the bank, or the learner's own questions and missed drills, as cards for Anki."""

from __future__ import annotations

import itertools
import json
import sqlite3
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ndojo.practice.catalog import questions
from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.export import write_file
from ndojo.practice.markup import code_html, line_html, text_html
from ndojo.practice.questions import load
from ndojo.question.loading import Card
from ndojo.store import DrillAnswer, Store

if TYPE_CHECKING:
    from ndojo.question.drills import Drill
    from ndojo.question.records import Question

VARIANTS = 6  # variants per drill, from easy to hard
# Anki identifies decks and note types by these numbers, so a later export updates the cards of an earlier one.
NOTE_TYPE = 1_874_206_113
DECKS = {"Predict": 1_874_206_121, "Explain": 1_874_206_122, "Code": 1_874_206_123}
FIELDS = ("Key", "Front", "Back")
FRONT = '<div class="ndojo">{{Front}}</div>'
BACK = '{{FrontSide}}<hr id="answer"><div class="ndojo">{{Back}}</div>'
# No custom colors, so that the cards work in Anki's light and dark themes.
STYLE = """
.ndojo { text-align: left; font-size: 1.1em; max-width: 44em; margin: 0 auto; }
.ndojo pre { border-left: 3px solid currentColor; padding-left: 0.8em; overflow-x: auto; }
.ndojo dd { margin: 0 0 0.5em 1.5em; }
"""


@dataclass(frozen=True)
class AnkiCard:
    """One card.

    Parameters
    ----------
    deck : {"Predict", "Explain", "Code"}
    key : str
        The same in every export, so that the card keeps its history in Anki.
    front, back : str
        HTML.
    tags : tuple of str
    """

    deck: str
    key: str
    front: str
    back: str
    tags: tuple[str, ...]


@as_practice_errors()
def export_anki(path: Path, now: datetime, *, mine: bool = False, force: bool = False) -> dict[str, int]:
    """Write cards for Anki to one file, and return the number of cards by deck.

    Parameters
    ----------
    path : Path
    now : datetime
        With a time zone. Anki keeps the newer of two versions of a card.
    mine : bool
        Export only questions that the learner has started or drilled, and a card for each drill variant whose last
        answer was wrong.
    force : bool
        Replace the file if it exists.
    """
    cards = list(my_cards() if mine else bank_cards(row.card for row in questions().rows))
    if not cards:
        raise PracticeError("You have not started any question or drill yet. Omit --mine to export the whole bank.")
    write_file(path, packed(cards, now), force=force)
    return dict(Counter(card.deck for card in cards))


def my_cards() -> Iterator[AnkiCard]:
    """Yield cards of the questions that the learner has started or drilled, and of missed drills."""
    with Store.open(create=False) as store:
        answered = store.drills()
    drilled = {one.question for one in answered}
    rows = [row for row in questions().rows if row.status.status != "new" or row.slug in drilled]
    yield from bank_cards(row.card for row in rows)
    last = {one.variant: one for one in answered}
    tags = {row.slug: _tags(row.card) for row in rows}
    yield from (_missed(one, tags.get(one.question, ())) for one in last.values() if not one.correct)


def bank_cards(cards: Iterable[Card]) -> Iterator[AnkiCard]:
    """Yield all cards of some questions."""
    for card in cards:
        question, tags = load(card["slug"]), _tags(card)
        for drill in question.drills:
            yield from _predictions(question, drill, tags)
        points = "<ul>" + "".join(f"<li>{line_html(point)}</li>" for point in question.points) + "</ul>"
        front = f"<h3>{line_html(question.title)}</h3>"
        spoken = f"<blockquote>{text_html(question.spoken)}</blockquote>" if question.spoken else ""
        if "explain" in question.kinds:
            asked = front + "<p>Explain it as in an interview.</p>"
            back = spoken + points + text_html(question.explanation)
            yield AnkiCard("Explain", f"{question.slug} explain", asked, back, tags)
        elif spoken:
            asked = front + "<p>How would you answer this in an interview, in 30 seconds?</p>"
            yield AnkiCard("Explain", f"{question.slug} spoken", asked, spoken + points, tags)
        if question.entry_points:
            yield AnkiCard("Code", f"{question.slug} code", front + text_html(question.prompt), points, tags)


def _tags(card: Card) -> tuple[str, ...]:
    facts = [("question", [card["slug"]]), ("room", [card["room"]]), ("difficulty", [card["difficulty"]])]
    named = [f"ndojo::{name}::{value}" for name, own in [*facts, ("topic", card["topics"])] for value in own]
    return tuple(tag.replace(" ", "-") for tag in named)


def _predictions(question: Question, drill: Drill, tags: tuple[str, ...]) -> Iterator[AnkiCard]:
    """Yield variants of a drill from easy to hard, always the same ones."""
    from zlib import crc32

    import numpy as np

    from ndojo.question.truth import truth
    from ndojo.study.drills import draw, variant_of

    rng, seen = np.random.default_rng(crc32(f"{question.slug} {drill.name}".encode())), set[str]()
    for number in range(VARIANTS):
        drawn = draw(drill, number / (VARIANTS - 1), seen, rng)
        if drawn is None:
            return
        prediction, _ = drawn
        seen.add(variant_of(prediction))
        front = _asked(prediction.asks or drill.asks, prediction.code)
        back = _answered(truth(prediction), prediction.why)
        yield AnkiCard("Predict", f"{question.slug} {drill.name} {number + 1}", front, back, tags)


def _missed(one: DrillAnswer, tags: tuple[str, ...]) -> AnkiCard:
    front, back = _asked(one.asks, one.code), _answered(one.expected, one.why)
    return AnkiCard("Predict", f"{one.question} {one.drill} {one.variant}", front, back, (*tags, "ndojo::missed"))


def _asked(asks: str, code: str) -> str:
    return f"<p>{line_html(asks)}</p>{code_html(code)}"


def _answered(truth: str, why: str) -> str:
    return f"{code_html(truth)}<p>{line_html(why)}</p>"


def packed(cards: Sequence[AnkiCard], now: datetime) -> bytes:
    """Return the cards as an `.apkg` file: a zip archive with an Anki collection."""
    genanki = _genanki()
    kind = genanki.Model(
        NOTE_TYPE, "ndojo", fields=[{"name": name} for name in FIELDS], css=STYLE,
        templates=[{"name": "Card", "qfmt": FRONT, "afmt": BACK}],
    )  # fmt: skip
    decks = {name: genanki.Deck(number, f"ndojo::{name}") for name, number in DECKS.items()}
    for card in cards:
        guid = genanki.guid_for("ndojo", card.key)
        fields = [card.key, card.front, card.back]
        decks[card.deck].add_note(genanki.Note(model=kind, fields=fields, guid=guid, tags=list(card.tags)))
    return _zipped(genanki.Package([deck for deck in decks.values() if deck.notes]), now.timestamp())


def _genanki() -> Any:
    try:
        import genanki
    except ImportError as problem:
        raise PracticeError("Anki cards require the package genanki: pip install 'ndojo[anki]'.") from problem
    return genanki


def _zipped(package: Any, seconds: float) -> bytes:
    """Return what `Package.write_to_file` would write, without its temporary file, which it does not delete."""
    content = BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        collection = Path(folder) / "collection.anki2"
        with closing(sqlite3.connect(collection)) as connection, connection:
            package.write_to_db(connection.cursor(), seconds, itertools.count(int(seconds * 1000)))
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(collection, collection.name)
            archive.writestr("media", json.dumps({}))
    return content.getvalue()
