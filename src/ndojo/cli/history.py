"""`ndojo history`: list and show saved answers."""

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
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Number of answers, newest first."
)
def history_command(slug: str | None, number: int | None, limit: int) -> None:
    """List your saved answers with their verdicts."""
    if number is not None:
        _show(number)
        return
    shown, answers = screen(), practice.history.answers(slug, limit)
    if not answers:
        shown.say("No saved answers yet. `ndojo check FILE` saves each answer.")
        return
    shown.say(*columns([("N", "when", "question", "verdict", "levels"), *map(_row, answers)]))
    shown.say("", f"Show one: ndojo history --show {answers[0].id}")


def _row(answer: practice.records.Answer) -> Sequence[str]:
    when = answer.submitted_at.astimezone().strftime("%Y-%m-%d %H:%M")
    verdict = answer.verdict
    if verdict is None:
        return str(answer.id), when, answer.question, "not judged yet", ""
    levels = f"{verdict['passed_levels']}/{len(verdict['levels'])}"
    return str(answer.id), when, answer.question, f"{verdict['word']} ({verdict['verdict']})", levels


def _show(number: int) -> None:
    """Print only the source of an answer, so that it can be redirected to a file."""
    answer = practice.history.answer(number)
    click.echo(answer.source, nl=not answer.source.endswith("\n"))
    if answer.verdict:
        click.echo(headline(screen(), answer.verdict), err=True)
