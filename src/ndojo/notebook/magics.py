"""The notebook magics: ``%question`` shows a question, and ``%%answer`` judges a cell."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NoReturn

from IPython.core.error import UsageError

from ndojo import practice
from ndojo.notebook.views import QuestionView, VerdictView

NAME = "notebook cell"


class Arguments(argparse.ArgumentParser):
    """Parses the line of a magic. Errors raise `UsageError`, which IPython shows without a traceback."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with `message` and the usage."""
        raise UsageError(f"ndojo: {message}. {self.format_usage().strip().replace('usage', 'Usage')}")

    def read(self, line: str) -> argparse.Namespace:
        """Parse the line."""
        try:
            return self.parse_args(shlex.split(line))
        except ValueError as problem:
            self.error(str(problem))


@contextmanager
def _usage_errors() -> Iterator[None]:
    """Convert `PracticeError` to `UsageError`, which IPython shows without a traceback."""
    try:
        yield
    except practice.errors.PracticeError as problem:
        raise UsageError(f"ndojo: {problem}") from problem


class NdojoMagics:
    """The magics ``%question`` and ``%%answer``. Their sandbox keeps running between cells."""

    def __init__(self) -> None:
        self._session: practice.session.Session | None = None

    def close(self) -> None:
        """Stop the sandbox and all its processes."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def question(self, line: str) -> QuestionView:
        """Show the prompt of a question: ``%question SLUG``."""
        parser = Arguments("%question", add_help=False)
        parser.add_argument("SLUG")
        with _usage_errors():
            return QuestionView(practice.catalog.prompt(parser.read(line).SLUG))

    def answer(self, line: str, cell: str) -> VerdictView:
        """Judge a cell as an answer: ``%%answer SLUG [--levels N] [--no-store]``.

        The cell runs only in the sandbox, so its names are not defined in the notebook. ndojo saves the answer and the
        verdict, as `ndojo check` does. With --no-store, it does not. --levels judges only the first N levels.
        """
        parser = Arguments("%%answer", add_help=False)
        parser.add_argument("SLUG")
        parser.add_argument("--levels", type=int, metavar="N")
        parser.add_argument("--no-store", action="store_true")
        options = parser.read(line)
        if options.levels is not None and options.levels < 1:
            parser.error("--levels must be 1 or greater")
        with _usage_errors():
            self._session = self._session or practice.session.Session(os.environ.get("NDOJO_TIER") or None)
            checked = self._session.submit(
                options.SLUG, cell.encode("utf-8", "replace"), NAME, levels=options.levels, keep=not options.no_store,
                now=datetime.now(UTC),
            )  # fmt: skip
        return VerdictView(checked)
