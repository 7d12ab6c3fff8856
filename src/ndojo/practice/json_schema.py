"""Validate a document with a JSON Schema. Only the keywords in `WORDS` are supported.

This avoids a dependency on the package jsonschema. Tests compare the results of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

WORDS = {
    "$schema", "$defs", "$ref", "title", "description", "type", "required", "properties", "additionalProperties",
    "items", "const", "pattern", "format", "minimum", "maximum",
}  # fmt: skip
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip
LARGEST = 2**63 - 1  # the largest integer in SQLite


def complaints(document: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the errors in a document, each with its position. A valid document has none."""
    return _complaints(document, schema, schema, "")


def _complaints(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], place: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    where = place.lstrip(".") or "the file"
    if "type" in schema and not _is_of(value, schema["type"]):
        yield f"{where} is not {_named(schema['type'])}"
    elif "const" in schema and (value != schema["const"] or isinstance(value, bool)):
        yield f"{where} is not {schema['const']!r}"
    elif isinstance(value, dict):
        yield from _of_object(value, schema, root, place, where)
    elif isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from _complaints(item, schema["items"], root, f"{place}[{number}]")
    elif isinstance(value, str):
        yield from _of_text(value, schema, where)
    elif isinstance(value, (int, float)):
        yield from _of_number(value, schema, where)


def _of_object(
    value: Mapping[str, Any], schema: Mapping[str, Any], root: Mapping[str, Any], place: str, where: str
) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{where} has no {name!r}" for name in schema.get("required", ()) if name not in value)
    if schema.get("additionalProperties") is False:
        yield from (f"{where} has {name!r}, which is unknown" for name in value if name not in known)
    for name, own in known.items():
        if name in value:
            yield from _complaints(value[name], own, root, f"{place}.{name}")


def _of_text(value: str, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if "pattern" in schema and not re.search(schema["pattern"].replace("$", r"\Z"), value):
        yield f"{where} is {value[:40]!r}, which has the wrong format"
    if schema.get("format") == "date-time" and not _is_time(value):
        yield f"{where} is {value[:40]!r}, which is not a time with a time zone"


def _of_number(value: float, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    low, high = schema.get("minimum", -LARGEST), schema.get("maximum", LARGEST)
    if isinstance(value, float) and ("minimum" not in schema and "maximum" not in schema):
        low, high = float("-inf"), float("inf")
    if not low <= value <= high:
        yield f"{where} is {str(value)[:40]}, which is not between {low} and {high}"


def _is_of(value: Any, types: str | list[str]) -> bool:
    wanted = [types] if isinstance(types, str) else types
    if isinstance(value, bool):
        return "boolean" in wanted
    return any(isinstance(value, TYPES[name]) for name in wanted)


def _named(types: str | list[str]) -> str:
    names = [types] if isinstance(types, str) else types
    return " or ".join("null" if name == "null" else f"{'an' if name[0] in 'aio' else 'a'} {name}" for name in names)


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
