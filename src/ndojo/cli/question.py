"""`start`, `hint`, `solution` and `explain`: work on one question."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ndojo import practice
from ndojo.cli.options import folder_option, now, slug_argument
from ndojo.cli.screen import Screen, indented, prose, screen, warn


@click.command("start")
@slug_argument()
@folder_option("Folder of the answer file. Default: the current folder.")
@click.option("--force", is_flag=True, help="Replace an existing file, and keep a copy of it.")
def start_command(slug: str, folder: str, force: bool) -> None:
    """Create the answer file for a question."""
    shown = screen()
    started = practice.answer_files.start(slug, Path(folder), now(), force=force)
    shown.say(f"{shown.mark('passed')} {started.title}", "", f"  Answer in {shown.link(started.path)}")
    if started.backup:
        shown.say(f"  The earlier file is in {shown.link(started.backup)}")
    shown.say("", *_then(shown, started))
    if started.trouble:
        warn(f"The file is created, but this could not be saved in your data. {started.trouble}")


def _then(shown: Screen, started: practice.answer_files.Started) -> list[str]:
    path = shown.link(started.path)
    return [f"  ndojo check {path}    judge it once", f"  ndojo watch {path}    judge it each time it is saved"]


@click.command("hint")
@slug_argument()
@click.option("--all", "everything", is_flag=True, help="Show all hints.")
def hint_command(slug: str, everything: bool) -> None:
    """Show the next hint."""
    shown, hints = screen(), practice.help.hint(slug, now(), everything=everything)
    shown.say(*hint_lines(shown, hints))
    if hints.trouble:
        warn(f"This hint could not be recorded. {hints.trouble}")


def hint_lines(shown: Screen, hints: practice.help.Hints) -> list[str]:
    """Return the lines of the hints, each with its number and the total."""
    if not hints.total:
        return ["This question has no hints."]
    lines = []
    for number, text in hints.shown:
        lines += shown.wrap(text, f"Hint {number} of {hints.total}: ", "  ")
    if hints.shown[-1][0] == hints.total:
        lines.append("That was the last hint.")
    return lines


@click.command("solution")
@slug_argument()
@click.option("--yes", is_flag=True, help="Show it without asking if you have not passed the question.")
def solution_command(slug: str, yes: bool) -> None:
    """Show the reference and other correct answers."""
    if not yes and not practice.help.is_solved(slug):
        _confirm(slug)
    shown, solution = screen(), practice.help.solution(slug, now())
    shown.say(shown.title(solution.title), "", *indented(solution.source, "    "))
    for name, fails, source in solution.others:
        rest = f'passes the levels before "{fails}"' if fails else "passes every level"
        shown.say("", shown.title(f"Another correct answer, {name.replace('_', ' ')}: {rest}"), "")
        shown.say(*indented(source, "    "))
    shown.say("", f"Explanation: ndojo explain {slug}")
    if solution.trouble:
        warn(f"This view of the solution could not be recorded. {solution.trouble}")


def _confirm(slug: str) -> None:
    """Ask the learner to confirm that they want the solution."""
    if not sys.stdin.isatty():
        raise click.UsageError(f"You have not passed {slug} yet. Use --yes to see its solution anyway.")
    if not click.confirm(f"You have not passed {slug} yet. Show its solution anyway?"):
        click.get_current_context().exit(1)


@click.command("explain")
@slug_argument()
@click.option("--no-live", is_flag=True, help="Skip the live measurements.")
def explain_command(slug: str, no_live: bool) -> None:
    """Show the spoken answer and the explanation of a question."""
    shown, said = screen(), practice.help.explanation(slug)
    shown.say(shown.title(said.title), "")
    if said.spoken:
        shown.say(shown.title("Say it in 30 seconds"), *prose(shown, said.spoken), "")
    shown.say(shown.title("Explanation"), "", *prose(shown, said.text, ""), "")
    shown.say(shown.title("What an interviewer listens for"))
    for point in said.points:
        shown.say(*shown.wrap(point, "  - ", "    "))
    if said.follow_ups:
        shown.say("", shown.title("Follow-up questions"))
    for asked, reply in said.follow_ups:
        shown.say(*shown.wrap(asked, "  "), *shown.wrap(reply, "    "))
    if said.has_live and not no_live:
        _say_live(shown, slug)
    _say_where(shown, said)


def _say_live(shown: Screen, slug: str) -> None:
    shown.say("", shown.title("On this machine"))
    shown.say(*indented(practice.help.live(slug).rstrip("\n"), "  "))


def _say_where(shown: Screen, said: practice.help.Explanation) -> None:
    if said.related or said.links:
        shown.say("", shown.title("Related questions and documentation"))
    if said.related:
        shown.say(*shown.wrap(", ".join(said.related), "  "))
    shown.say(*(f"  {link}" for link in said.links))
