"""`ndojo drill`: predict what NumPy does, typed in seconds, told why."""

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

UNSEEDED = 2**32  # a seed that was not given is drawn below this
COUNT = 10  # of --json, where none is given
KEYS = "Enter alone skips, h says how to answer, q ends."
HOW = (
    "Type what Python would show: a shape as (3, 4), a dtype as float64, a number, True or False, or the name of "
    "the error as ValueError. Brackets, commas, quotes and np. are free, yes and no will do, and three digits of a "
    "long number. Nothing that you type is run."
)
UNREADABLE = "That cannot be read as an answer: close its brackets and quotes, put commas or spaces between."
NO_MORE = "Every variant was asked within a day. Come back tomorrow, or drill something else."


@click.command("drill")
@click.argument("what", default="", metavar="[ROOM|SLUG]", shell_complete=complete_room_or_slug)
@click.option("--topic", "topics", multiple=True, help="On this topic; may be given more than once, as --company.")
@click.option("--company", "companies", multiple=True, help="Commonly reported from this company.")
@click.option("--count", type=click.IntRange(min=1), metavar="K", help="End after K; with --json, print K (10).")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Draw the drills of this seed.")
@json_option
@click.pass_context
def drill_command(
    ctx: click.Context, what: str, topics: tuple[str, ...], companies: tuple[str, ...], count: int | None,
    seed: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Predict what NumPy does: endless drills, harder as you get them right.

    Each shows a few lines of code and asks for a value, a shape, a dtype, an error's name, yes or no. Enter alone
    skips, h says how to answer, q ends. The ones that you miss come back, and no variant comes twice within a day.
    With --json, drills are printed with their answers: of one seed always the same.
    """
    refuse_unknown({"topics": topics, "companies": companies})
    cards = practice.drills.drill_cards(what, companies, topics)
    if as_json:
        _write(cards, seed, count or COUNT)
        return
    sitting = Sitting(screen(), practice.drills.DrillSession(cards, seed))
    was_interrupted = sitting.run(count)
    sitting.say_summary()
    ctx.exit(130 if was_interrupted else 0)


def _write(cards: Sequence[practice.records.Card], seed: int | None, count: int) -> None:
    if seed is None:
        import secrets

        seed = secrets.randbelow(UNSEEDED)
    drills = practice.drills.search(cards, seed, count, now())
    write_json({"seed": seed, "drills": [posed.to_dict() for posed in drills]})


class Sitting:
    """Drills before the screen, one after another."""

    def __init__(self, shown: Screen, drilling: practice.drills.DrillSession) -> None:
        self._shown, self._drilling = shown, drilling
        self._answered = 0

    def run(self, count: int | None) -> bool:
        """Pose drills until there have been so many, or the learner ends it; whether by an interrupt."""
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
        return f"{_counted(len(templates), 'drill')} of {_counted(questions, 'question')}, each with endless variants"

    def _one(self, posed: practice.drills.DrillQuestion) -> bool:
        """Pose one drill and judge what is typed; False where the learner ends the sitting."""
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
        """What the learner types; None where the sitting ends."""
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
            word = f"{shown.mark('unmeasured')} {shown.paint('skipped', 'yellow', bold=True)}, it is"
        else:
            word = f"{shown.mark('failed')} {shown.paint('wrong', 'red', bold=True)}, it is"
        shown.say(f"  {word} {shown.title(posed.answer)}", *shown.wrap(posed.why, "    "))
        if judged.trouble:
            warn(f"This answer is not kept. {judged.trouble}")

    def say_summary(self) -> None:
        """How it went."""
        shown, summary = self._shown, self._drilling.summary(now())
        if not summary.answered:
            shown.say("", "No drill was answered. Until next time.")
            return
        share = f"{100 * summary.correct // summary.answered} %"
        line = f"{_counted(summary.answered, 'drill')}, {summary.correct} right ({share})"
        shown.say("", f"{shown.title(line)}, best streak {summary.best_streak}", "")
        rows = [
            (topic, f"{right}/{asked}", f"{ever}/{of}", _hardness(hardness))
            for topic, (right, asked), (ever, of), hardness in summary.topics
        ]
        shown.say(*(f"  {line}" for line in columns([("topic", "right now", "of late", "hardness"), *rows])))
        if summary.missed:
            slugs = ", ".join(dict.fromkeys(template.question for template in summary.missed))
            shown.say("", *shown.wrap(f"To come back: {_counted(len(summary.missed), 'drill')} of {slugs}."))


def _hardness(value: float) -> str:
    return f"{round(value * 10)}/10"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _allow_editing() -> None:
    """Arrow keys move in the line that is typed, where the system has readline; bad bytes become signs."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        with suppress(ImportError, OSError):
            import readline

            # It would write commands to the terminal that mean nothing for one line.
            readline.parse_and_bind("set enable-bracketed-paste off")
    with suppress(AttributeError, ValueError):
        sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
