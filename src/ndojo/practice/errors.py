"""The exception that user interfaces handle, and the exceptions that are converted to it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


class PracticeError(Exception):
    """A request that cannot be fulfilled. The message says why and what to do.

    `about` is the cause: ``"question"``, ``"answer"``, ``"store"``, ``"sandbox"`` or ``"use"``.
    """

    def __init__(self, message: str, about: str = "use") -> None:
        super().__init__(message)
        self.about = about


# Names instead of classes, so that their modules are not imported before they are needed.
_ABOUT = {
    "ndojo.question.loading.UnknownQuestion": "question",
    "ndojo.question.errors.QuestionError": "question",
    "ndojo.judge.answer_file.AnswerError": "answer",
    "ndojo.store.errors.StoreError": "store",
    "ndojo.sandbox.errors.SandboxUnavailable": "sandbox",
}


def subject_of(problem: BaseException) -> str | None:
    """Return the `about` of a known exception, or None for an unexpected one."""
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(problem).__mro__)
    return next((_ABOUT[name] for name in names if name in _ABOUT), None)


@contextlib.contextmanager
def as_practice_errors() -> Iterator[None]:
    """Convert every known exception to a `PracticeError`."""
    try:
        yield
    except Exception as problem:
        about = subject_of(problem)
        if about is None:
            raise
        raise PracticeError(str(problem), about) from problem
