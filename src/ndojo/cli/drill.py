"""`ndojo drill`: predict what NumPy does, and read the reason."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import suppress

import click

from ndojo import practice
from ndojo.cli.browse import refuse_unknown
from ndojo.cli.highlight import highlighted
from ndojo.cli.options import complete_room_or_slug, json_option, now, write_json
from ndojo.cli.screen import Screen, columns, screen, warn

UNSEEDED = 2**32  # upper limit of a random seed
COUNT = 10  # default of --count with --json
KEYS = "Enter skips, h shows how to answer, q quits."
HOW = (
    "Type what Python would print: a shape such as (3, 4), a dtype such as float64, a number, True or False, or the "
    "name of an error such as ValueError. Brackets, commas, quotes and np. are optional. yes and no are accepted, and "
    "three digits of a long number are enough. ndojo never runs what you type."
)
UNREADABLE = "ndojo cannot read this answer. Close all brackets and quotes, and separate values by commas or spaces."
NO_MORE = "You have seen every variant today. Come back tomorrow, or drill another topic."


@click.command("drill")
@click.argument("what", default="", metavar="[ROOM|SLUG]", shell_complete=complete_room_or_slug)
@click.option("--topic", "topics", multiple=True, help="Only this topic. Can be repeated, as --company can.")
@click.option("--company", "companies", multiple=True, help="Only questions commonly reported from this company.")
@click.option(
    "--count",
    type=click.IntRange(min=1),
    metavar="K",
    help="Stop after K drills. With --json, print K drills (default 10).",
)
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Seed of the drills.")
@json_option
@click.pass_context
def drill_command(
    ctx: click.Context, what: str, topics: tuple[str, ...], companies: tuple[str, ...], count: int | None,
    seed: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Predict what NumPy does. The drills get harder as you answer correctly.

    Each drill shows a few lines of code and asks for a value, a shape, a dtype, the name of an error, or yes or no.
    Enter skips, h shows how to answer, q quits. Missed drills come back, and no variant appears twice within a day.
    With --json, drills are printed with their answers, and the same seed prints the same drills.
    """
    refuse_unknown({"topics": topics, "companies": companies})
    cards = practice.drills.drill_cards(what, companies, topics)
    if as_json:
        _write(cards, seed, count or COUNT)
        return
    loop = DrillLoop(screen(), practice.drills.DrillSession(cards, seed))
    was_interrupted = loop.run(count)
    loop.say_summary()
    ctx.exit(130 if was_interrupted else 0)


def _write(cards: Sequence[practice.records.Card], seed: int | None, count: int) -> None:
    if seed is None:
        import secrets

        seed = secrets.randbelow(UNSEEDED)
    drills = practice.drills.search(cards, seed, count, now())
    write_json({"seed": seed, "drills": [posed.to_dict() for posed in drills]})


class DrillLoop:
    """A series of drills on the screen."""

    def __init__(self, shown: Screen, drilling: practice.drills.DrillSession) -> None:
        self._shown, self._drilling = shown, drilling
        self._answered = 0

    def run(self, count: int | None) -> bool:
        """Show drills until the count is reached or the learner quits. Return True after an interrupt."""
        self._shown.say(*self._shown.wrap(f"{self._what_is_meant()}. {KEYS}", ""))
        _allow_editing()
        try:
            while count is None or self._answered < count:
                posed = self._drilling.pose(now())
                if posed is None:
                    self._shown.say("", *self._shown.wrap(NO_MORE, ""))
                    return False
                if not self._one(posed):
                    return False
        except (KeyboardInterrupt, click.Abort):
            self._shown.say("")
            return True
        return False

    def _what_is_meant(self) -> str:
        templates = self._drilling.templates
        questions = len({template.question for template in templates})
        return f"{_counted(len(templates), 'drill')} of {_counted(questions, 'question')}, each with many variants"

    def _one(self, posed: practice.drills.DrillQuestion) -> bool:
        """Show one drill and judge the answer. Return False if the learner quits."""
        self._say_posed(posed)
        began = time.monotonic()
        typed = self._ask(posed)
        if typed is None:
            return False
        seconds = time.monotonic() - began
        self._say_judged(posed, self._drilling.answer(posed, typed, seconds, now()), seconds)
        self._answered += 1
        return True

    def _say_posed(self, posed: practice.drills.DrillQuestion) -> None:
        shown = self._shown
        place = f"{self._answered + 1}  {posed.question}"
        again = ", missed before" if posed.again else ""
        hard = f"hardness {_hardness(posed.hardness)}{again}"
        shown.say("", f"{shown.title(place)}  {hard}", "", *shown.wrap(posed.asks), "")
        shown.say(*(f"    {line}" for line in highlighted(shown, posed.code)), "")
        sys.stdout.flush()

    def _ask(self, posed: practice.drills.DrillQuestion) -> str | None:
        """Return what the learner types, or None if they quit."""
        while True:
            try:
                typed = input("  > ")
            except EOFError:
                self._shown.say("")
                return None
            if not sys.stdin.isatty():
                self._shown.say(typed)
            word = typed.strip().lower()
            if word in ("q", "quit", "exit"):
                return None
            if word in ("h", "?", "help"):
                self._shown.say(*self._shown.wrap(HOW))
            elif practice.drills.is_answer(typed, posed):
                return typed
            else:
                self._shown.say(*self._shown.wrap(UNREADABLE))

    def _say_judged(
        self, posed: practice.drills.DrillQuestion, judged: practice.drills.DrillJudged, seconds: float
    ) -> None:
        shown = self._shown
        if judged.correct:
            row = self._drilling.streak
            streak = f", {row} in a row" if row > 1 else ""
            word = f"{shown.mark('passed')} {shown.paint('right', 'green', bold=True)} in {seconds:.1f} s{streak}:"
        elif judged.skipped:
            word = f"{shown.mark('unmeasured')} {shown.paint('skipped', 'yellow', bold=True)}, the answer is"
        else:
            word = f"{shown.mark('failed')} {shown.paint('wrong', 'red', bold=True)}, the answer is"
        shown.say(f"  {word} {shown.title(posed.answer)}", *shown.wrap(posed.why, "    "))
        if judged.trouble:
            warn(f"This answer is not saved. {judged.trouble}")

    def say_summary(self) -> None:
        """Show the summary of the drills."""
        shown, summary = self._shown, self._drilling.summary(now())
        if not summary.answered:
            shown.say("", "You answered no drills.")
            return
        share = f"{100 * summary.correct // summary.answered}%"
        line = f"{_counted(summary.answered, 'drill')}, {summary.correct} right ({share})"
        shown.say("", f"{shown.title(line)}, best streak {summary.best_streak}", "")
        rows = [
            (topic, f"{right}/{asked}", f"{ever}/{of}", _hardness(hardness))
            for topic, (right, asked), (ever, of), hardness in summary.topics
        ]
        shown.say(*(f"  {line}" for line in columns([("topic", "this session", "recently", "hardness"), *rows])))
        if summary.missed:
            slugs = ", ".join(dict.fromkeys(template.question for template in summary.missed))
            shown.say("", *shown.wrap(f"Missed drills that will come back: {len(summary.missed)} ({slugs})."))


def _hardness(value: float) -> str:
    return f"{round(value * 10)}/10"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _allow_editing() -> None:
    """Enable line editing if readline is available, and replace bytes that cannot be decoded."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        with suppress(ImportError, OSError):
            import readline

            # Bracketed paste would write control sequences to the terminal, without any use for a single line.
            readline.parse_and_bind("set enable-bracketed-paste off")
    with suppress(AttributeError, ValueError):
        sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
