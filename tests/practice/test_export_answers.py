"""Answers as files: each as it was submitted, in a folder that can be updated."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ndojo import practice
from ndojo.judge.verdict import Verdict
from ndojo.store import Store

VERDICT = Verdict("sliding-windows", "WA", 1, ("right", "no copy"), (), "", 0.1).to_dict()


def kept(now: datetime, source: str, slug: str = "sliding-windows", judged: bool = True) -> None:
    with Store.open() as store:
        number = store.keep_answer(slug, "1", source, "a.py", None, now)
        if judged:
            store.keep_verdict(number, VERDICT, "0.1", now)


def test_every_answer_is_a_file_and_listed(now: datetime, tmp_path: Path) -> None:
    kept(now, "x = 1\r\n# é\ud800")
    kept(now, "y = 2", "run-length", judged=False)
    folder = tmp_path / "deep" / "mine"
    assert practice.export_answers.export_answers(folder) == 2
    assert (folder / "sliding-windows" / "0001.py").read_bytes() == b"x = 1\r\n# \xc3\xa9\xed\xa0\x80"
    assert (folder / "run-length" / "0002.py").read_text() == "y = 2"
    told = (folder / "README.md").read_text()
    assert "wrong answer (WA) | 1 of 2" in told and "not judged" in told and "(run-length/0002.py)" in told


def test_folder_is_brought_up_to_date(now: datetime, tmp_path: Path) -> None:
    """Existing files stay unchanged, and the list is new."""
    kept(now, "x = 1")
    practice.export_answers.export_answers(tmp_path / "mine")
    kept(now, "x = 2")
    assert practice.export_answers.export_answers(tmp_path / "mine") == 2
    assert len(list((tmp_path / "mine" / "sliding-windows").iterdir())) == 2


@pytest.mark.parametrize("name", ["README.md", "sliding-windows/0001.py"])
def test_file_of_somebody_else_is_never_replaced(now: datetime, tmp_path: Path, name: str) -> None:
    """In that case, nothing at all is written."""
    kept(now, "x = 1")
    mine = tmp_path / "mine" / name
    mine.parent.mkdir(parents=True)
    mine.write_text("precious")
    with pytest.raises(practice.errors.PracticeError, match="Choose another folder"):
        practice.export_answers.export_answers(tmp_path / "mine")
    assert mine.read_text() == "precious" and sum(path.is_file() for path in (tmp_path / "mine").rglob("*")) == 1


@pytest.mark.parametrize("slug", ["../../out", "/etc/out", "a|b\n", "..", ""])
def test_no_slug_leads_out_of_the_folder(now: datetime, tmp_path: Path, slug: str) -> None:
    """The folder is safe even if a store has such a slug."""
    kept(now, "x = 1", slug)
    practice.export_answers.export_answers(tmp_path / "a" / "b" / "mine")
    files = [path for path in tmp_path.rglob("*.py") if path.is_file()]
    assert len(files) == 1 and (tmp_path / "a" / "b" / "mine") in files[0].parents


def test_no_answer_is_told(tmp_path: Path) -> None:
    with pytest.raises(practice.errors.PracticeError, match="No saved answers"):
        practice.export_answers.export_answers(tmp_path / "mine")
    assert not (tmp_path / "mine").exists()
