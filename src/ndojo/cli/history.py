"""`ndojo history`: every answer is kept, and can be read again."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ndojo import practice
from ndojo.cli.options import slug_argument
from ndojo.cli.screen import columns, screen
from ndojo.cli.verdict import headline


@click.command("history")
@slug_argument(required=False)
@click.option("--show", "number", type=click.IntRange(min=1), metavar="N", help="Print the source of answer N.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many, the newest first.")
def history_command(slug: str | None, number: int | None, limit: int) -> None:
    """List the answers that were kept, each with its verdict."""
    if number is not None:
        _show(number)
        return
    shown, answers = screen(), practice.history.answers(slug, limit)
    if not answers:
        shown.say("No answer has been kept yet. `ndojo check FILE` keeps each that it judges.")
        return
    shown.say(*columns([("N", "when", "question", "verdict", "levels"), *map(_row, answers)]))
    shown.say("", f"Read one again: ndojo history --show {answers[0].id}")


def _row(answer: practice.records.Answer) -> Sequence[str]:
    when = answer.submitted_at.astimezone().strftime("%Y-%m-%d %H:%M")
    verdict = answer.verdict
    if verdict is None:
        return str(answer.id), when, answer.question, "not judged yet", ""
    levels = f"{verdict['passed_levels']}/{len(verdict['levels'])}"
    return str(answer.id), when, answer.question, f"{verdict['word']} ({verdict['verdict']})", levels


def _show(number: int) -> None:
    """Print an answer's source and nothing else on the output, so that it can be put into a file."""
    answer = practice.history.answer(number)
    click.echo(answer.source, nl=not answer.source.endswith("\n"))
    if answer.verdict:
        click.echo(headline(screen(), answer.verdict), err=True)
