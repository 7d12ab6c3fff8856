"""The error for a mistake in a question file."""

from __future__ import annotations


class QuestionError(Exception):
    """A question file with a mistake; the message says where and what to do."""
