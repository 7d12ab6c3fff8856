"""The error for a mistake in a question file."""

from __future__ import annotations


class QuestionError(Exception):
    """A question file contains a mistake. The message says where it is and how to fix it."""
