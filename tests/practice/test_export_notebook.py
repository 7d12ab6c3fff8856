"""A solved question as a notebook: valid, complete, and with the best answer."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import nbformat
import pytest

from ndojo import practice
from ndojo.judge.verdict import Verdict
from ndojo.question import loading
from ndojo.store import Store

SLUG = "sliding-windows"


def kept(now: datetime, source: str, passed: int) -> None:
    code = "AC" if passed == 3 else "VW"
    with Store.open() as store:
        number = store.keep_answer(SLUG, "1", source, "a.py", None, now)
        verdict = Verdict(SLUG, code, passed, ("right", "no copy", "at scale"), (), "", 0.1).to_dict()
        store.keep_verdict(number, verdict, "0.1", now)


def test_notebook_holds_prompt_answer_and_explanation(now: datetime, tmp_path: Path) -> None:
    """nbformat accepts the notebook."""
    kept(now, "x = 1\n\n\n", 1)
    kept(now, "x = 2", 3)
    kept(now, "x = 3", 0)
    answer = practice.export_notebook.export_notebook(SLUG, tmp_path / "windows.ipynb")
    assert answer.id == 2
    notebook = nbformat.read(tmp_path / "windows.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert code == ["%load_ext ndojo", f"%%answer {SLUG}\nx = 2"]
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    question = loading.load(SLUG)
    assert question.title in text and all(point in text for point in question.points)
    assert "Accepted (AC) on 2026-03-01: 3 of 3 levels passed" in text
    assert "```pycon\n>>> " in text and "- `w : int`" in text
    assert notebook.metadata.ndojo.question_version == question.version


@pytest.mark.parametrize("slug", loading.paths())
def test_every_question_makes_a_sound_notebook(slug: str, now: datetime, tmp_path: Path) -> None:
    with Store.open() as store:
        verdict = Verdict(slug, "AC", 1, ("right",), (), "", 0.1).to_dict()
        store.keep_verdict(store.keep_answer(slug, "1", "x", "a.py", None, now), verdict, "0.1", now)
    practice.export_notebook.export_notebook(slug, tmp_path / "a.ipynb")
    nbformat.validate(json.loads((tmp_path / "a.ipynb").read_text()))


def test_question_that_is_not_solved_has_no_notebook(now: datetime, tmp_path: Path) -> None:
    """Its explanation would reveal too much, and it has no answer to show."""
    kept(now, "x = 1", 0)
    with pytest.raises(practice.errors.PracticeError, match="not passed sliding-windows yet"):
        practice.export_notebook.export_notebook(SLUG, tmp_path / "a.ipynb")
    with pytest.raises(practice.errors.PracticeError, match="No question is called"):
        practice.export_notebook.export_notebook("no-such-question", tmp_path / "a.ipynb")
    assert not (tmp_path / "a.ipynb").exists()
