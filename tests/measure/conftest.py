"""A question whose answers are measured in a real sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from ndojo.checks.finding import Finding
from ndojo.checks.suite import ReferenceRunner
from ndojo.measure.measurer import Measurer
from ndojo.proof.stability import KINDS, KnownWork, question_of
from ndojo.question import Entry, Level, Question, arrays, faster_than
from ndojo.question.requirements import Requirement
from ndojo.sandbox import Sandbox


def halves(x):
    """Return half of every number."""
    return x / 2


def looped(x):
    return np.array([one / 2 for one in x])


def inputs(rng: np.random.Generator, n: int = 20_000) -> dict[str, Any]:
    return {"x": rng.standard_normal(n)}


def one_number(x):
    """Return the sum. The answers in the tests compute it in different ways."""
    return float(x.sum())


@dataclass
class Bench:
    """Measures answers to one question."""

    measurer: Measurer

    def of(self, requirement: Requirement, body: str, name: str = "halves") -> Finding:
        """Return the finding for an answer with this body."""
        lines = "\n".join("    " + line for line in body.strip("\n").split("\n"))
        source = f"import numpy as np\n\n\ndef {name}(x):\n{lines}\n"
        return self.measurer.finding(requirement, source.encode())

    def of_file(self, requirement: Requirement, source: str) -> Finding:
        """Return the finding for a whole answer file."""
        return self.measurer.finding(requirement, source.encode())


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture(scope="session")
def question() -> Question:
    """Return a question that requires half of every number."""
    return Question(
        levels=[Level("right"), Level("fast", "", faster_than(looped, 4, inputs))],
        difficulty="easy",
        topics=["test"],
        companies=[],
        asked=[],
        explanation="",
        points=[],
        entry_points=[Entry(halves, {"x": arrays("n")})],
        slug="halves",
        path=__file__,
    )


@pytest.fixture(scope="session")
def bench(sandbox: Sandbox, question: Question) -> Iterator[Bench]:
    with ReferenceRunner(question) as stage:
        yield Bench(Measurer(question, sandbox, stage))


@pytest.fixture(scope="session")
def adder(sandbox: Sandbox, question: Question) -> Iterator[Bench]:
    """Measures answers to a question whose result is one number, with a tolerance."""
    from dataclasses import replace

    from ndojo.question import matches

    entry = Entry(one_number, {"x": arrays("n")}, result=matches(rtol=1e-6, atol=1e-6, dtype="any"))
    with ReferenceRunner(replace(question, entry_points=[entry], slug="one-number")) as stage:
        yield Bench(Measurer(stage.question, sandbox, stage))


@pytest.fixture(scope="session")
def known(sandbox: Sandbox) -> Iterator[Callable[[str], Finding]]:
    """Judges answers relative to a naive answer of 20 units of work. 5 units are allowed.

    The text may call `work(x, units)`, which does this many units of work and returns the right result.
    """
    kind = KINDS["arithmetic"]
    with ReferenceRunner(question_of(kind)) as stage:
        measurer = KnownWork(stage.question, sandbox, stage)
        measurer.kind = kind
        requirement = stage.question.levels[1].requirements[0]
        head = (
            f"import numpy as np\n\n\ndef _unit(x):\n    return {kind.expression}\n\n\n"
            "def work(x, units):\n    for _ in range(units):\n        y = _unit(x)\n    return y\n\n\n"
        )
        yield lambda text: measurer.finding(requirement, (head + text).encode())
