"""Our validation of an export agrees with JSON Schema."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ndojo import practice
from ndojo.practice.export import SCHEMA
from ndojo.practice.json_schema import WORDS, complaints
from ndojo.store import Store
from ndojo.store.copies import TABLES

RULES: dict[str, Any] = json.loads(SCHEMA.read_text())
WHEN = "2026-03-01T12:00:00+00:00"
HEAD = {"format": "ndojo export", "version": 1, "ndojo": "0.1.0", "exported_at": WHEN}
ROWS: dict[str, Any] = {
    "answers": {
        "id": 1, "question": "softmax", "question_version": "1", "source": "x", "file_name": "a.py",
        "submitted_at": WHEN, "levels": None,
    },
    "verdicts": {
        "answer_id": 1, "code": "AC", "passed_levels": 1, "total_levels": 1, "seconds": 0.5, "judge_version": "0.1",
        "judged_at": WHEN,
        "record": {"verdict": "AC", "word": "accepted", "passed_levels": 1, "levels": ["right"], "findings": []},
    },
    "events": {"question": "softmax", "what": "hint", "at": WHEN, "detail": None},
    "drill_answers": {
        "question": "softmax", "question_version": "1", "drill": "d", "variant": "v", "hardness": 0.5, "asks": "What?",
        "code": "1", "why": "One.", "expected": "1", "typed": "1", "correct": True, "seconds": 1.5, "at": WHEN,
    },
    "settings": {"name": "goals", "value": {}, "at": WHEN},
    "mocks": {"id": 1, "company": "", "minutes": 45, "seed": 1, "items": [], "begun_at": WHEN},
    "mock_events": {"mock": 1, "item": 0, "what": "begun", "at": WHEN, "detail": None},
    "drafts": {"subject": "essay", "kept": 0, "added": "x", "at": WHEN},
}  # fmt: skip
DOCUMENT = HEAD | {name: [row] for name, row in ROWS.items()}


def is_time(text: object) -> bool:
    """Return whether a value is a time with a zone. JSON Schema leaves `format` to the program."""
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


FORMATS = jsonschema.FormatChecker(())
FORMATS.checks("date-time", raises=ValueError)(is_time)


def is_valid(document: Any) -> bool:
    """Return what the package jsonschema decides."""
    return bool(jsonschema.Draft202012Validator(RULES, format_checker=FORMATS).is_valid(document))


def words_of(schema: Any) -> set[str]:
    """Return the JSON Schema keywords in a schema. Names of properties are not keywords."""
    if not isinstance(schema, dict):
        return set()
    own = set(schema)
    for name, inner in schema.items():
        parts = inner.values() if name in ("properties", "$defs") else [inner]
        own = own.union(*(words_of(part) for part in parts))
    return own


def test_schema_is_a_schema_of_words_that_we_know() -> None:
    jsonschema.Draft202012Validator.check_schema(RULES)
    assert words_of(RULES) <= WORDS


def test_schema_has_every_table_and_column() -> None:
    """The schema has exactly what the store exports."""
    for table in TABLES:
        rows = RULES["properties"][table.name]["items"]
        assert set(rows["properties"]) - {"id"} == set(table.columns) == set(rows["required"]) - {"id"}
        assert ("id" in rows["properties"]) == table.numbered and rows["additionalProperties"] is False
    assert set(RULES["properties"]) == {*HEAD, *(table.name for table in TABLES)}


def test_export_is_what_the_schema_says() -> None:
    """Exports of an empty store and of a store with some of everything are valid."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    for _ in range(2):
        document = json.loads(practice.export.to_json(practice.export.export_document(now)))
        assert is_valid(document) and not list(complaints(document, RULES))
        with Store.open() as store:
            store.take_in({name: [row] for name, row in ROWS.items()})
    assert all(document[name] for name in ROWS)


def test_sound_document_is_sound() -> None:
    assert is_valid(DOCUMENT) and not list(complaints(DOCUMENT, RULES))


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Yield the path of every value in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in paths_in(one, (*path, key)))]


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a document with another value at one path."""
    if not path:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[path[0]] = changed(document[path[0]], path[1:], value)
    return copy


simple = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.text(max_size=5)
json_values = st.recursive(
    simple | st.sampled_from([WHEN, "2026-03-01T12:00:00", "soft-max", "a b"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "verdict"]), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=500)
@given(st.sampled_from(paths_in(DOCUMENT)), json_values)
def test_we_and_jsonschema_say_the_same(path: tuple[Any, ...], value: Any) -> None:
    """Both agree on a document with any value at any path. Only we refuse a float for an integer."""
    document = changed(DOCUMENT, path, value)
    ours = not list(complaints(document, RULES))
    if ours != is_valid(document):
        assert not ours and isinstance(value, float) and value == int(value)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("answers", 0, "question"), "../etc", "answers[0].question is '../etc', which has the wrong format"),
        (("answers", 0, "question"), "softmax\n", "which has the wrong format"),
        (("answers", 0, "submitted_at"), "yesterday", "not a time with a time zone"),
        (("answers", 0, "submitted_at"), "2026-03-01T12:00:00", "not a time with a time zone"),
        (("answers", 0, "id"), 2**70, "is not between"),
        (("answers", 0, "id"), True, "answers[0].id is not an integer"),
        (("answers", 0, "levels"), "1", "answers[0].levels is not an integer or null"),
        (("drill_answers", 0, "hardness"), float("nan"), "is not between 0 and 1"),
        (("answers",), {}, "answers is not an array"),
        (("version",), True, "version is not 1"),
        ((), [], "the file is not an object"),
    ],
)
def test_complaint_says_where_and_what(path: tuple[Any, ...], value: Any, says: str) -> None:
    assert says in next(complaints(changed(DOCUMENT, path, value), RULES))
