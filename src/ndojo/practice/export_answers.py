"""Export every answer as a separate file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.history import answers
from ndojo.store import Answer

LIST = "README.md"
HEAD = "# Answers that ndojo kept\n"  # also marks the file as ours, so it must not change


@as_practice_errors()
def export_answers(folder: Path) -> int:
    """Write each answer to a file, in one folder per question, and write a list of all. Return the number of answers.

    If an existing file has other content, an error is raised before anything is written. Files with the same content
    are accepted, so a folder can be updated.

    Parameters
    ----------
    folder : Path
        Created if it does not exist.
    """
    kept = answers()[::-1]
    if not kept:
        raise PracticeError("No saved answers yet. `ndojo check FILE` saves each answer.")
    files = {folder / _place(answer): answer.source.encode("utf-8", "surrogatepass") for answer in kept}
    try:
        _refuse_others(folder / LIST, files)
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (folder / LIST).write_text(_list(kept), encoding="utf-8", newline="\n")
    except OSError as problem:
        raise PracticeError(f"{folder} cannot be written: {problem.strerror}. Name another folder.") from problem
    return len(kept)


def _place(answer: Answer) -> Path:
    # A slug may come from an imported file, and the path must stay inside the folder.
    return Path(re.sub(r"[^a-z0-9-]", "_", answer.question) or "_") / f"{answer.id:04}.py"


def _refuse_others(listed: Path, files: dict[Path, bytes]) -> None:
    """Raise an error if a file would be overwritten that ndojo did not write."""
    if listed.exists() and not listed.read_text(encoding="utf-8", errors="replace").startswith(HEAD):
        raise PracticeError(f"{listed} already exists and was not written by ndojo. Choose another folder.")
    for path, content in files.items():
        if path.exists() and path.read_bytes() != content:
            raise PracticeError(
                f"{path} already exists with other content. Choose another folder. Nothing was written."
            )


def _list(answers: Sequence[Answer]) -> str:
    rows = ["| answer | submitted | verdict | levels | question version |", "| --- | --- | --- | --- | --- |"]
    how = "Judge an answer again with `ndojo check --question SLUG FILE`."
    return "\n".join([HEAD, how, "", *rows, *map(_row, answers), ""])


def _row(answer: Answer) -> str:
    verdict = answer.verdict
    said = f"{verdict['word']} ({verdict['verdict']})" if verdict else "not judged"
    levels = f"{verdict['passed_levels']} of {len(verdict['levels'])}" if verdict else ""
    when = answer.submitted_at.strftime("%Y-%m-%d %H:%M UTC")
    place = _place(answer).as_posix()
    cells = [f"[{place}]({place})", when, said, levels, answer.question_version]
    return "| " + " | ".join(re.sub(r"[|\n\r]", " ", cell) for cell in cells) + " |"
