"""The magics: a line that shows a question, a cell that is judged."""

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
    """Reads the line of a magic; misuse is a sentence, as IPython shows a `UsageError`, not a traceback."""

    def error(self, message: str) -> NoReturn:
        """Refuse the line."""
        raise UsageError(f"ndojo: {message}. {self.format_usage().strip().replace('usage', 'Usage')}")

    def read(self, line: str) -> argparse.Namespace:
        """What the line says."""
        try:
            return self.parse_args(shlex.split(line))
        except ValueError as problem:
            self.error(str(problem))


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except practice.errors.PracticeError as problem:
        raise UsageError(f"ndojo: {problem}") from problem


class NdojoMagics:
    """``%question`` and ``%%answer``, with a sandbox that stays warm between cells."""

    def __init__(self) -> None:
        self._session: practice.session.Session | None = None

    def close(self) -> None:
        """End the sandbox and everything in it."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def question(self, line: str) -> QuestionView:
        """Show what a question asks: ``%question SLUG``."""
        parser = Arguments("%question", add_help=False)
        parser.add_argument("SLUG")
        with _said_plainly():
            return QuestionView(practice.catalog.prompt(parser.read(line).SLUG))

    def answer(self, line: str, cell: str) -> VerdictView:
        """Judge a cell as an answer: ``%%answer SLUG [--levels N] [--no-store]``.

        The cell runs in the sandbox alone, so nothing of it is defined in the notebook. Answer and verdict are kept, as
        `ndojo check` keeps them, unless --no-store is said; --levels judges only the first N levels.
        """
        parser = Arguments("%%answer", add_help=False)
        parser.add_argument("SLUG")
        parser.add_argument("--levels", type=int, metavar="N")
        parser.add_argument("--no-store", action="store_true")
        wanted = parser.read(line)
        if wanted.levels is not None and wanted.levels < 1:
            parser.error("--levels takes a number from 1")
        with _said_plainly():
            self._session = self._session or practice.session.Session(os.environ.get("NDOJO_TIER") or None)
            checked = self._session.submit(
                wanted.SLUG, cell.encode("utf-8", "replace"), NAME, levels=wanted.levels, keep=not wanted.no_store,
                now=datetime.now(UTC),
            )  # fmt: skip
        return VerdictView(checked)
