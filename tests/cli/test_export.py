"""Exporting and importing the learner's data from the command line."""

from __future__ import annotations

import json
import zipfile

import pytest

RIGHT = "def every_other(x):\n    return x[::2]\n"


@pytest.fixture
def kept(run, answer):
    """One saved answer and one drill."""
    run("check", str(answer(RIGHT)))
    run("drill", "--count", "1", stdin="x\n")


def said(done, status=0):
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_export_prints_one_document(run):
    """With an empty store too, the output is one document, and no store is created."""
    document = json.loads(run("export", "-").stdout)
    assert document["format"] == "ndojo export" and document["answers"] == []


def test_everything_goes_into_a_file_and_back(run, kept, folder, tmp_path, golden):
    """The first import on another machine adds everything. A second one adds nothing."""
    elsewhere = {"NDOJO_DATA": str(tmp_path / "other")}
    screens = [
        run("export", "mine.json"),
        run("import", "mine.json", **elsewhere),
        run("import", "mine.json", **elsewhere),
        run("import", "mine.json"),
    ]
    golden("".join(map(said, screens)), "export_import.txt")
    assert "every-other" in run("history", **elsewhere).stdout
    assert json.loads((folder / "mine.json").read_text())["answers"][0]["source"] == RIGHT


def test_export_and_import_through_a_pipe(run, kept, tmp_path):
    document = run("export", "-").stdout
    assert "Added 1 answer" in said(run("import", "-", stdin=document, NDOJO_DATA=str(tmp_path / "other")))


def test_export_never_replaces_by_itself(run, kept, folder):
    (folder / "mine.json").write_text("precious")
    assert "was not changed" in said(run("export", "mine.json"), 2)
    assert (folder / "mine.json").read_text() == "precious"
    assert "1 answer" in said(run("export", "mine.json", "--force"))


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        ("{", "is damaged or is not an export"),
        ("[]", "not an export of ndojo"),
        ('{"format": "ndojo export", "version": 2}', "newer"),
    ],
)
def test_import_refuses_in_a_sentence(run, kept, folder, content, advice):
    """The store is unchanged."""
    before = json.loads(run("export", "-").stdout)["answers"]
    (folder / "bad.json").write_text(content)
    told = said(run("import", "bad.json"), 2)
    assert advice in told and "Nothing was changed." in told and "Traceback" not in told
    assert json.loads(run("export", "-").stdout)["answers"] == before


def test_import_of_what_is_not_there_is_told(run):
    assert "cannot be read" in said(run("import", "none.json"), 2)


def test_bank_goes_to_anki(run, kept, folder):
    assert "cards in ndojo::Predict" in said(run("export", "numpy.apkg"))
    assert "1 card in ndojo::Code" in said(run("export", "mine.apkg", "--mine"))
    assert zipfile.is_zipfile(folder / "numpy.apkg") and zipfile.is_zipfile(folder / "mine.apkg")


def test_answers_go_into_a_folder(run, kept, folder):
    assert "1 answer" in said(run("export", "--format", "answers", "mine"))
    assert (folder / "mine" / "every-other" / "0001.py").read_text() == RIGHT


def test_solved_question_goes_into_a_notebook(run, kept, folder):
    """The question is found by the file's name or by an option."""
    assert "every-other with answer 1" in said(run("export", "every_other.ipynb"))
    assert "every-other with answer 1" in said(run("export", "a.ipynb", "--question", "every-other"))
    assert "not passed tally" in said(run("export", "b.ipynb", "--question", "tally"), 2)
    assert "is not named after a question" in said(run("export", "c.ipynb"), 2)
    assert json.loads((folder / "a.ipynb").read_text())["nbformat"] == 4


def test_only_json_can_be_printed(run):
    assert "Only JSON" in said(run("export", "-", "--format", "anki"), 2)
