"""Export a solved question as a notebook: the prompt, the learner's best answer and the explanation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ndojo import __version__
from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.export import write_file
from ndojo.practice.questions import RIGHT, load
from ndojo.store import Answer, Store

if TYPE_CHECKING:
    from ndojo.question.records import Question

Cell = dict[str, Any]


@as_practice_errors()
def export_notebook(slug: str, path: Path, *, force: bool = False) -> Answer:
    """Write a solved question as a notebook that judges the answer when it is run. Return this answer.

    Parameters
    ----------
    slug : str
    path : Path
    force : bool
        Replace the file if it exists.
    """
    question, answer = load(slug), _best_answer(slug)
    text = json.dumps(notebook(question, answer), indent=1, ensure_ascii=True) + "\n"
    write_file(path, text.encode(), force=force)
    return answer


def _best_answer(slug: str) -> Answer:
    """Return the newest answer that passed the most levels."""
    with Store.open(create=False) as store:
        passed = [one for one in store.answers(slug) if one.verdict and one.verdict["passed_levels"]]
    if not passed:
        raise PracticeError(f"You have not passed {slug} yet, so it has no notebook. Start with `ndojo start {slug}`.")
    return max(passed, key=lambda one: (one.verdict or {})["passed_levels"])


def notebook(question: Question, answer: Answer) -> dict[str, Any]:
    """Return a notebook in format version 4.5."""
    cells = [*_texts(_prompt(question)), _code("%load_ext ndojo"), *_texts([_verdict(answer)])]
    cells += [_code(f"%%answer {question.slug}\n{answer.source.rstrip()}"), *_texts(_said(question))]
    for number, cell in enumerate(cells):
        cell["id"] = f"ndojo-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"question": question.slug, "question_version": question.version, "answer": answer.id}
    metadata = {
        "kernelspec": kernel, "language_info": {"name": "python"}, "title": question.title,
        "ndojo": about | {"ndojo": __version__},
    }  # fmt: skip
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _texts(texts: Iterable[str]) -> list[Cell]:
    return [{"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)} for text in texts]


def _code(source: str) -> Cell:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines}


def _prompt(question: Question) -> list[str]:
    facts = f"{question.difficulty}, room {question.room}, on {', '.join(question.topics)}"
    levels = "\n".join(
        f"{number}. **{level.name}**: {level.asks or RIGHT}" for number, level in enumerate(question.levels, 1)
    )
    return [
        f"# {question.title}\n\n`{question.slug}`: {facts}.",
        f"{markdown(question.prompt)}\n\n**Levels**\n\n{levels}",
    ]


def _verdict(answer: Answer) -> str:
    verdict = answer.verdict or {}
    levels = f"{verdict['passed_levels']} of {len(verdict['levels'])} levels passed"
    when = answer.submitted_at.strftime("%Y-%m-%d")
    return (
        f"## My answer\n\n{verdict['word'].capitalize()} ({verdict['verdict']}) on {when}: {levels}. The cell below is "
        "judged when you run it, which requires `pip install 'ndojo[notebook]'`."
    )


def _said(question: Question) -> list[str]:
    points = "\n".join(f"- {point}" for point in question.points)
    asked = "\n\n".join(f"**{ask}** {reply}" for ask, reply in question.follow_ups.items())
    links = "\n".join(f"- <{link}>" for link in question.links)
    parts = [
        ("Say it in 30 seconds", markdown(question.spoken)),
        ("Explanation", markdown(question.explanation)),
        ("What an interviewer listens for", points),
        ("Follow-up questions", asked),
        ("Documentation", links),
    ]
    return [f"## {title}\n\n{text}" for title, text in parts if text]


def markdown(text: str) -> str:
    """Convert a prompt or explanation to Markdown: examples are fenced, and docstring sections become lists."""
    blocks = re.split(r"\n[ \t]*\n", text.strip("\n"))
    return "\n\n".join(map(_block, blocks))


def _block(block: str) -> str:
    lines = block.splitlines()
    if len(lines) > 1 and set(lines[1]) == {"-"}:
        return f"**{lines[0]}**\n\n{_definitions(lines[2:])}"
    return f"```pycon\n{block}\n```" if block.startswith(">>>") else block


def _definitions(lines: list[str]) -> str:
    if not any(line.startswith(" ") for line in lines) or lines[0].startswith(">>>"):
        return _block("\n".join(lines)) if lines else ""
    return "\n".join(
        f"  {line.strip()}" if line.startswith(" ") else f"- `{line.replace('`', '')}`  " for line in lines
    )
