"""What cannot be done: the one exception that a face meets, and what of ours it stands for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


class PracticeError(Exception):
    """What cannot be done: the message says why and what to do.

    `about` is what it lies in: ``"question"``, ``"answer"``, ``"store"``, ``"sandbox"`` or ``"use"``.
    """

    def __init__(self, message: str, about: str = "use") -> None:
        super().__init__(message)
        self.about = about


# Named, not imported: an exception that was raised has brought its own module with it.
_ABOUT = {
    "ndojo.question.loading.UnknownQuestion": "question",
    "ndojo.question.errors.QuestionError": "question",
    "ndojo.judge.answer_file.AnswerError": "answer",
    "ndojo.store.errors.StoreError": "store",
    "ndojo.sandbox.errors.SandboxUnavailable": "sandbox",
}


def subject_of(problem: BaseException) -> str | None:
    """What an exception of ours lies in; None for an unexpected one."""
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(problem).__mro__)
    return next((_ABOUT[name] for name in names if name in _ABOUT), None)


@contextlib.contextmanager
def as_practice_errors() -> Iterator[None]:
    """Turn every exception that says what to do into a `PracticeError`."""
    try:
        yield
    except Exception as problem:
        about = subject_of(problem)
        if about is None:
            raise
        raise PracticeError(str(problem), about) from problem
