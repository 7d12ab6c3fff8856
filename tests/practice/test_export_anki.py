"""Cards for Anki are a valid collection, and the same card is identical in every export."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import zipfile
from contextlib import closing
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from ndojo import practice
from ndojo.practice.export_anki import VARIANTS, AnkiCard, packed
from ndojo.question import loading
from ndojo.store import Store

CARDS = loading.index()


class Deck:
    """The contents of an `.apkg`, as Anki would read it."""

    def __init__(self, content: bytes, folder: Path) -> None:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            assert archive.testzip() is None and set(archive.namelist()) == {"collection.anki2", "media"}
            archive.extractall(folder)
        with closing(sqlite3.connect(folder / "collection.anki2")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = connection.execute("SELECT guid, tags, flds, mod FROM notes ORDER BY id").fetchall()
            self.cards = connection.execute("SELECT count(*), count(DISTINCT nid) FROM cards").fetchone()
            models, decks = connection.execute("SELECT models, decks FROM col").fetchone()
        self.guids = [row[0] for row in rows]
        self.notes = {row[2].split("\x1f")[0]: row[2].split("\x1f")[1:] for row in rows}
        self.tags = {row[2].split("\x1f")[0]: row[1].split() for row in rows}
        self.changed = {row[3] for row in rows}
        self.models = list(json.loads(models))
        self.decks = {deck["name"] for deck in json.loads(decks).values()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    """An export of the whole bank."""
    folder = tmp_path_factory.mktemp("anki")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NDOJO_DATA", str(folder / "data"))
        practice.export_anki.export_anki(folder / "bank.apkg", datetime.fromisoformat("2026-03-01T12:00:00+00:00"))
    return Deck((folder / "bank.apkg").read_bytes(), folder)


def test_bank_is_cards_in_three_decks(whole: Deck) -> None:
    """A drill gives several variants. An explanation and a function to write give one card each."""
    drills = sum(len(card["drills"]) for card in CARDS)
    kinds = [sum(key.endswith(f" {kind}") for key in whole.notes) for kind in ("explain", "code", "spoken")]
    assert kinds == [
        sum("explain" in card["kinds"] for card in CARDS),
        sum(bool(card["entry_points"]) for card in CARDS),
        sum("explain" not in card["kinds"] for card in CARDS),
    ]
    assert drills * VARIANTS * 0.9 < len(whole.notes) - sum(kinds) <= drills * VARIANTS
    assert {"ndojo::Predict", "ndojo::Explain", "ndojo::Code"} < whole.decks
    assert whole.cards == (len(whole.notes), len(whole.notes)) and len(set(whole.guids)) == len(whole.notes)


def test_card_asks_in_front_and_answers_behind(whole: Deck) -> None:
    card = next(card for card in CARDS if card["slug"] == "sliding-windows")
    question = loading.load("sliding-windows")
    front, back = whole.notes["sliding-windows code"]
    assert question.title in front and "each row is a window" in front
    assert back.count("<li>") == len(question.points)
    front, back = whole.notes[f"sliding-windows {card['drills'][0]} 1"]
    assert "<pre><code>" in front and "<pre><code>" in back and back.endswith(".</p>")
    front, back = whole.notes["copy-or-view explain"]
    assert "as in an interview" in front and "<li>" in back and "&gt;&gt;&gt;" in back
    assert "ndojo::room::memory" in whole.tags["sliding-windows code"]


def test_every_field_is_balanced_html(whole: Deck) -> None:
    """No string of a question becomes an HTML element by accident."""
    known = "p blockquote pre code ul ol li h3 h4 dl dt dd strong em a table thead tbody tr th td"
    for key, fields in whole.notes.items():
        for text in fields:
            opened: list[str] = []
            for closes, name in re.findall(r"<(/?)(\w+)[^>]*>", text):
                assert name in known.split(), (key, name)
                if closes:
                    assert opened.pop() == name, key
                else:
                    opened.append(name)
            assert not opened, key


def test_later_export_updates_the_same_cards(tmp_path: Path, now: datetime, whole: Deck) -> None:
    """The ids are the same and the time is later."""
    practice.export_anki.export_anki(tmp_path / "later.apkg", now + timedelta(days=1))
    later = Deck((tmp_path / "later.apkg").read_bytes(), tmp_path)
    assert (later.guids, later.models, later.notes) == (whole.guids, whole.models, whole.notes)
    assert later.changed == {int((now + timedelta(days=1)).timestamp())} and max(whole.changed) < min(later.changed)


def test_mine_is_what_i_began_and_what_i_missed(tmp_path: Path, now: datetime) -> None:
    with pytest.raises(practice.errors.PracticeError, match="Omit --mine"):
        practice.export_anki.export_anki(tmp_path / "mine.apkg", now, mine=True)
    practice.answer_files.start("run-length", tmp_path, now)
    session = practice.drills.DrillSession(practice.drills.drill_cards("why-numpy"), 1)
    for typed in ("nothing like it", None):
        one = session.pose(now)
        assert one is not None
        session.answer(one, one.answer if typed is None else typed, 1, now)
    practice.export_anki.export_anki(tmp_path / "mine.apkg", now, mine=True)
    mine = Deck((tmp_path / "mine.apkg").read_bytes(), tmp_path)
    assert {key.split()[0] for key in mine.notes} == {"run-length", "why-numpy"}
    with Store.open() as store:
        missed = store.drills()[0]
    (key,) = [key for key, tags in mine.tags.items() if "ndojo::missed" in tags]
    assert key.endswith(missed.variant) and missed.expected in mine.notes[key][1]


def test_hostile_text_is_text(tmp_path: Path, now: datetime) -> None:
    """It becomes neither an HTML element nor an Anki template."""
    card = AnkiCard("Code", "k", "<p>&lt;script&gt;</p>", "{{Front}} {{c1::x}}", ("a",))
    deck = Deck(packed([card], now), tmp_path)
    assert deck.notes == {"k": ["<p>&lt;script&gt;</p>", "{{Front}} {{c1::x}}"]}


def test_missing_package_is_named(tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install, and no partial file is left."""
    modules: dict[str, Any] = {"genanki": None}
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    with pytest.raises(practice.errors.PracticeError, match=r"pip install 'ndojo\[anki\]'"):
        practice.export_anki.export_anki(tmp_path / "x.apkg", now)
    assert not list(tmp_path.iterdir())
