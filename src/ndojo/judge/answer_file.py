"""Checks that an answer file is Python source code."""

from __future__ import annotations

SOURCE_LIMIT = 200_000


class AnswerError(ValueError):
    """The file cannot be judged at all. The message says what to do."""


def check_source(source: bytes) -> None:
    """Raise AnswerError if a file is not Python source code.

    Raises
    ------
    AnswerError
        If it is empty, binary, not UTF-8 or longer than `SOURCE_LIMIT` bytes.
    """
    if not source.strip():
        raise AnswerError("is empty. Write your answer into it, or create a new one with `ndojo start`.")
    if len(source) > SOURCE_LIMIT:
        raise AnswerError(f"has {len(source):,} bytes, but the limit is {SOURCE_LIMIT:,}. Is it the right file?")
    if b"\0" in source:
        raise AnswerError("is a binary file, not Python. Is it the right file?")
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = source[: problem.start].count(b"\n") + 1
        raise AnswerError(f"is not UTF-8 (line {line}). Save it as UTF-8 in your editor.") from problem
