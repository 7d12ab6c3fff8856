"""Checks that an answer file is Python source at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


SOURCE_LIMIT = 200_000


class AnswerError(ValueError):
    """An answer that cannot be judged at all; the message says what to do."""


def check_source(source: bytes) -> None:
    """Refuse what is no Python text.

    Raises
    ------
    AnswerError
        If it is empty, binary, not UTF-8 or longer than `SOURCE_LIMIT` bytes.
    """
    if not source.strip():
        raise AnswerError("is empty. Write your answer into it; `ndojo start` lays out a fresh one.")
    if len(source) > SOURCE_LIMIT:
        raise AnswerError(f"holds {len(source):,} bytes; an answer has at most {SOURCE_LIMIT:,}. Is it the right file?")
    if b"\0" in source:
        raise AnswerError("is a binary file, not Python. Is it the right file?")
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = source[: problem.start].count(b"\n") + 1
        raise AnswerError(f"is not UTF-8 (line {line}). Save it as UTF-8 in your editor.") from problem
