"""`ndojo export` and `ndojo import`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from ndojo import practice
from ndojo.cli.options import complete_slug, now
from ndojo.cli.screen import Screen, screen

STANDARD = "-"
FORMATS = ("json", "anki", "answers", "notebook")
BY_ENDING = {".apkg": "anki", ".ipynb": "notebook"}
# The noun for a row of each table. Rows of other tables are counted together.
NOUNS = {"answers": "answer", "verdicts": "verdict", "drill_answers": "drill answer", "mocks": "mock interview"}


@click.command("export")
@click.argument("target", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--format", "form", type=click.Choice(FORMATS), help="Format. Default: by the extension of TARGET.")
@click.option("--question", "slug", metavar="SLUG", shell_complete=complete_slug, help="Question of the notebook.")
@click.option("--mine", is_flag=True, help="Only Anki cards of questions that you started, drilled or missed.")
@click.option("--force", is_flag=True, help="Overwrite TARGET if it exists.")
def export_command(target: Path, form: str | None, slug: str | None, mine: bool, force: bool) -> None:
    """Export your data as JSON, Anki cards, answer files or a notebook.

    \b
    json      all your data in one file, which `ndojo import` reads; - prints it
    anki      FILE.apkg: drills, explanations and prompts as Anki cards
    answers   FOLDER: each answer as a file, with an index
    notebook  FILE.ipynb: a question that you passed, with your best answer
    """  # noqa: D301
    form = form or BY_ENDING.get(target.suffix, "json")
    if str(target) == STANDARD:
        if form != "json":
            raise click.UsageError(f"Only JSON can be printed. Give the name of a file for {form}.")
        click.echo(practice.export.to_json(practice.export.export_document(now())), nl=False)
        return
    shown = screen()
    if form == "json":
        said = _counted(practice.export.export(target, now(), force=force))
    elif form == "anki":
        decks = practice.export_anki.export_anki(target, now(), mine=mine, force=force)
        said = ", ".join(f"{_times(number, 'card')} in ndojo::{name}" for name, number in decks.items())
    elif form == "answers":
        said = _times(practice.export_answers.export_answers(target), "answer")
    else:
        answer = practice.export_notebook.export_notebook(
            slug or practice.answer_files.question_of(target), target, force=force
        )
        said = f"{answer.question} with answer {answer.id}"
    _say(shown, target, said)


def _say(shown: Screen, target: Path, said: str) -> None:
    shown.say(f"{shown.mark('passed')} {said}", f"  {shown.link(target)}")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True, dir_okay=False))
def import_command(file: Path) -> None:
    """Add the data of an exported file to your data.

    FILE was written by `ndojo export`; - reads standard input. Existing data does not change, and importing the same
    file again adds nothing. A damaged file, or a file of a newer ndojo, is rejected and changes nothing.
    """
    content, name = _read(file)
    taken, shown = practice.export.import_text(content, name), screen()
    already = sum(taken.here.values())
    if not taken.is_new:
        shown.say(f"{shown.mark('passed')} Nothing new: you already have all data in {name}.")
        return
    rest = f"; {already} more existed already" if already else ""
    shown.say(*shown.wrap(f"{shown.mark('passed')} Added {_counted(taken.added)}{rest}.", "", "  "))


def _read(file: Path) -> tuple[bytes, str]:
    """Return the content of a file and its name."""
    if str(file) == STANDARD:
        return sys.stdin.buffer.read(), "standard input"
    return practice.export.read_export(file), file.name


def _counted(tables: Mapping[str, int]) -> str:
    """Return the number of rows of each table as text."""
    named = [_times(tables.get(table, 0), noun) for table, noun in NOUNS.items() if tables.get(table)]
    others = sum(number for table, number in tables.items() if table not in NOUNS)
    if others:
        named.append(_times(others, "other event"))
    return ", ".join(named) or "no data yet"


def _times(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"
