"""`ndojo readiness`: how ready you are; `ndojo stats`: what you did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import click

from ndojo import practice
from ndojo.cli.options import json_option, now, write_json
from ndojo.cli.screen import Screen, columns, cut, screen, warn

SHADES = "·░▒▓█"
WEEKS, TOPICS, UNCOVERED = 13, 24, 8
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BUSY = (1, 3, 6, 10)  # sittings from which a day gets the next shade
CHANCES = (0.5, 0.8)  # chances from which a question gets the next shade


def _warn_of(notes: Sequence[str], trouble: str) -> None:
    for note in (*notes, trouble):
        if note:
            warn(note)


# ----------------------------------------------------------------------------------------------------------- readiness


@click.command("readiness")
@click.option("--company", metavar="NAME", help="For this company alone.")
@click.option("--room", metavar="NAME", help="For this room alone.")
@click.option("--topic", metavar="NAME", help="For this topic alone.")
@json_option
def readiness_command(company: str | None, room: str | None, topic: str | None, as_json: bool) -> None:
    """Show how ready you are, by company, room and topic.

    The chance of passing a question today is the chance of recalling it times the part of its levels that you passed
    unaided. It is shown after two sittings on different days, and for a group once enough of its questions are covered.
    """
    found = practice.readiness.readiness(now(), company=company, room=room, topic=topic)
    if as_json:
        write_json(found.to_dict())
        return
    shown = screen()
    shown.say(shown.title(f"Readiness on {practice.plan.format_day(found.day)}"))
    if company or room or topic:
        shown.say("", *_one_group(shown, found))
    else:
        shown.say(*_all_groups(shown, found))
    said = "A question is covered once it was sat on two different days. How it is computed: docs/study.md."
    shown.say("", *shown.wrap(said))
    _warn_of(found.notes, found.trouble)


def _all_groups(shown: Screen, found: practice.readiness.Readiness) -> list[str]:
    lines: list[str] = []
    for by, title in (("company", "Companies, as commonly reported"), ("room", "Rooms"), ("topic", "Topics")):
        own = [group for group in found.groups if group.by == by]
        begun = [group for group in own if group.begun or by != "topic"]
        rest = len(own) - len(begun)
        lines += ["", shown.title(f"  {title}"), "", *(f"    {line}" for line in columns([_row(one) for one in begun]))]
        if rest:
            lines.append(f"    {rest} topic{'s' if rest > 1 else ''} {'are' if rest > 1 else 'is'} not begun")
    chances = [chance for _, chance in found.questions if chance.chance is not None]
    weakest = sorted(chances, key=lambda one: one.chance or 0.0)[:3]
    return [*lines, "", shown.title("  The weakest three"), "", *_weakest(shown, weakest)]


def _row(group: practice.records.Group) -> tuple[str, str, str]:
    return group.name, f"{group.covered} of {group.total} covered", _figure(group)


def _figure(group: practice.records.Group) -> str:
    if group.chance is None:
        return f"not known yet: {group.missing} more to cover"
    return f"about {_round(group.chance)} of those, today"


def _round(chance: float) -> str:
    """A chance in steps of five, and never certain: more would be more than is known."""
    return f"{min(max(5 * round(chance * 20), 5), 95)}%"


def _one_group(shown: Screen, found: practice.readiness.Readiness) -> list[str]:
    (group,) = found.groups
    lines = [f"  {group.name}: {group.covered} of {group.total} covered, {_figure(group)}", ""]
    rows = [("question", "chance today", "sittings", "what is known")]
    for asked, one in found.questions:
        chance = "-" if one.chance is None else f"about {_round(one.chance)}"
        rows.append((asked.question, chance, str(one.sittings), "" if one.why == "nothing" else one.why))
    lines += [f"    {cut(line, shown.width - 4)}" for line in columns(rows)]
    return [*lines, "", shown.title("  The weakest three"), "", *_weakest(shown, group.weakest)]


def _weakest(shown: Screen, weakest: Sequence[practice.records.Chance]) -> list[str]:
    if not weakest:
        return shown.wrap(
            "None is covered yet: sit each question on two different days. `ndojo review` leads you.", "    "
        )
    lines = []
    for one in weakest:
        why = "" if one.why == "nothing" else f", {one.why}"
        said = f"{one.question}: about {_round(one.chance or 0.0)}{why}. {_what_to_do(one)}"
        lines += shown.wrap(said, "    ", "      ")
    return lines


def _what_to_do(one: practice.records.Chance) -> str:
    if one.why == "not seen for a while":
        return f"Do it once more: ndojo review, or ndojo start {one.question} --dir again"
    return f"Read ndojo explain {one.question}, then do it again another day."


# --------------------------------------------------------------------------------------------------------------- stats


@click.command("stats")
@json_option
def stats_command(as_json: bool) -> None:
    """Show what you did: a map of topics, a calendar, the trend."""
    found = practice.statistics.stats(now())
    if as_json:
        write_json(found.to_dict())
        return
    shown = screen()
    shown.say(shown.title(f"What you did until {practice.plan.format_day(found.day)}"), "", *_totals(shown, found))
    shown.say("", *_heat(shown, found))
    if found.sittings:
        shown.say("", *_calendar(shown, found), "", *_trend(shown, found))
    _warn_of(found.notes, found.trouble)


def _totals(shown: Screen, found: practice.statistics.Stats) -> list[str]:
    if not found.sittings:
        return shown.wrap("No sitting yet. `ndojo review` goes through today's plan.")
    said = (
        f"{_many(found.sittings, 'sitting')} on {_many(found.questions, 'question')}, on {_many(found.days, 'day')}; "
        f"{_many(found.cards, 'card')}, {found.due} due."
    )
    rated = ", ".join(f"{number} {word}" for word, number in found.ratings.items())
    return [*shown.wrap(said), *shown.wrap(f"Rated {rated}.")]


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"


def _heat(shown: Screen, found: practice.statistics.Stats) -> list[str]:
    topics = found.topics[:TOPICS]
    widest = max((len(topic.name) for topic in topics), default=0)
    rows = [f"    {topic.name:{widest}}  {_cells(shown, topic)}" for topic in topics]
    more = len(found.topics) - len(topics)
    lines = [shown.title("  Topics: one sign a question"), "", *rows]
    if more > 0:
        lines.append(f"    … and {more} more topics, with --json")
    words = ("not begun", "begun", "chance under 50%", "under 80%", "from 80%")
    return [*lines, "", "    " + "  ".join(f"{shade} {word}" for shade, word in zip(SHADES, words, strict=True))]


def _cells(shown: Screen, topic: practice.statistics.TopicHeat) -> str:
    shades = sorted((_shade(one) for one in topic.chances), reverse=True)
    return "".join(shown.paint(SHADES[shade], "green" if shade == len(SHADES) - 1 else None) for shade in shades)


def _shade(one: practice.records.Chance) -> int:
    if not one.sittings:
        return 0
    return 1 if one.chance is None else 2 + sum(one.chance >= least for least in CHANCES)


def _calendar(shown: Screen, found: practice.statistics.Stats) -> list[str]:
    monday = found.day - timedelta(days=found.day.weekday())
    weeks = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    lines = [shown.title(f"  Sittings, the last {WEEKS} weeks"), ""]
    for number, name in enumerate(DAYS):
        days = [week + timedelta(days=number) for week in weeks]
        signs = [_busy(found.calendar.get(day, 0)) if day <= found.day else " " for day in days]
        lines.append(f"    {name}  {' '.join(signs)}".rstrip())
    legend = f"{SHADES[0]} none  {SHADES[1]} from 1  {SHADES[2]} from 3  {SHADES[3]} from 6  {SHADES[4]} from 10"
    return [*lines, "", f"    {legend}"]


def _busy(sittings: int) -> str:
    return SHADES[sum(sittings >= least for least in BUSY)]


def _trend(shown: Screen, found: practice.statistics.Stats) -> list[str]:
    rows = []
    for week in found.trend:
        well = "too few to tell" if week.well is None else f"{week.well:.0%} good or easy"
        bar = shown.bar(round((week.well or 0.0) * 10), 10, 10) if week.well is not None else " " * 10
        rows.append((f"{week.begins:%Y-%m-%d}", str(week.sittings), bar, well))
    widest = max(len(row[1]) for row in rows)
    lines = [f"    {day}  {number:>{widest}} sittings  {bar}  {well}" for day, number, bar, well in rows]
    return [shown.title("  The trend, week by week"), "", *lines]
