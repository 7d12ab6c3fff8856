"""Fixtures for tests in several folders: sandboxes, and questions made for the tests."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ndojo.judge.judge import Judge
from ndojo.question import loading
from ndojo.question.records import Question
from ndojo.sandbox import Sandbox, SandboxUnavailable

QUESTIONS = Path(__file__).parent / "questions"

# A shell ignores Ctrl+C for background jobs. Without this, every process that the tests start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

Ask = Callable[..., Question]


def _sandbox(tier: str | None) -> Iterator[Sandbox]:
    with Sandbox(tier) as one:
        try:
            one.child().end()
        except SandboxUnavailable as problem:
            pytest.skip(f"the tier {tier} does not work here: {problem}")
        yield one


@pytest.fixture(scope="session")
def answers() -> Iterator[Sandbox]:
    """The strongest sandbox that this machine supports, running the judge's driver."""
    yield from _sandbox(None)


@pytest.fixture(scope="session")
def container_answers() -> Iterator[Sandbox]:
    """A sandbox of the tier without namespaces."""
    yield from _sandbox("container")


@pytest.fixture(scope="session")
def plain_answers() -> Iterator[Sandbox]:
    """A sandbox of the tier without isolation."""
    yield from _sandbox("plain")


@pytest.fixture(scope="session")
def question() -> Ask:
    """Load a question made for the tests by the stem of its file."""
    known: dict[str, Question] = {}

    def load(stem: str) -> Question:
        if stem not in known:
            known[stem] = loading.load_file(QUESTIONS / f"{stem}.py")
        return known[stem]

    return load


@pytest.fixture(scope="session")
def judge_of(question: Ask, answers: Sandbox) -> Iterator[Callable[[str], Judge]]:
    """Return the judge of a question made for the tests, by the stem of its file."""
    judges: dict[str, Judge] = {}

    def get(stem: str) -> Judge:
        if stem not in judges:
            judges[stem] = Judge(question(stem), answers)
        return judges[stem]

    yield get
    for judge in judges.values():
        judge.close()
