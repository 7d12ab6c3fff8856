"""`ndojo readiness` and `ndojo stats`."""

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
BUSY = (1, 3, 6, 10)  # sessions from which a day gets the next shade
CHANCES = (0.5, 0.8)  # chances from which a question gets the next shade


def _warn_of(notes: Sequence[str], trouble: str) -> None:
    for note in (*notes, trouble):
        if note:
            warn(note)


# ----------------------------------------------------------------------------------------------------------- readiness


@click.command("readiness")
@click.option("--company", metavar="NAME", help="Only this company.")
@click.option("--room", metavar="NAME", help="Only this room.")
@click.option("--topic", metavar="NAME", help="Only this topic.")
@json_option
def readiness_command(company: str | None, room: str | None, topic: str | None, as_json: bool) -> None:
    """Show how ready you are, by company, room and topic.

    The chance of passing a question today is the chance of recalling it times the share of its levels that you passed
    without help. ndojo shows it after sessions on two different days. A group has a chance when enough of its questions
    are covered.
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
    said = "A question is covered after sessions on two different days. docs/study.md explains the computation."
    shown.say("", *shown.wrap(said))
    _warn_of(found.notes, found.trouble)


def _all_groups(shown: Screen, found: practice.readiness.Readiness) -> list[str]:
    lines: list[str] = []
    for by, title in (("company", "Companies (commonly reported)"), ("room", "Rooms"), ("topic", "Topics")):
        own = [group for group in found.groups if group.by == by]
        begun = [group for group in own if group.begun or by != "topic"]
        rest = len(own) - len(begun)
        lines += ["", shown.title(f"  {title}"), "", *(f"    {line}" for line in columns([_row(one) for one in begun]))]
        if rest:
            lines.append(f"    {rest} topic{'s' if rest > 1 else ''} {'are' if rest > 1 else 'is'} not started")
    chances = [chance for _, chance in found.questions if chance.chance is not None]
    weakest = sorted(chances, key=lambda one: one.chance or 0.0)[:3]
    return [*lines, "", shown.title("  Weakest questions"), "", *_weakest(shown, weakest)]


def _row(group: practice.records.Group) -> tuple[str, str, str]:
    return group.name, f"{group.covered} of {group.total} covered", _figure(group)


def _figure(group: practice.records.Group) -> str:
    if group.chance is None:
        return f"not known yet: {group.missing} more to cover"
    return f"mean chance today: about {_round(group.chance)}"


def _round(chance: float) -> str:
    """Return a chance rounded to 5%, between 5% and 95%, because it is not known more precisely."""
    return f"{min(max(5 * round(chance * 20), 5), 95)}%"


def _one_group(shown: Screen, found: practice.readiness.Readiness) -> list[str]:
    (group,) = found.groups
    lines = [f"  {group.name}: {group.covered} of {group.total} covered, {_figure(group)}", ""]
    rows = [("question", "chance today", "sessions", "note")]
    for asked, one in found.questions:
        chance = "-" if one.chance is None else f"about {_round(one.chance)}"
        rows.append((asked.question, chance, str(one.sittings), "" if one.why == "nothing" else one.why))
    lines += [f"    {cut(line, shown.width - 4)}" for line in columns(rows)]
    return [*lines, "", shown.title("  Weakest questions"), "", *_weakest(shown, group.weakest)]


def _weakest(shown: Screen, weakest: Sequence[practice.records.Chance]) -> list[str]:
    if not weakest:
        return shown.wrap("No question is covered yet. Practice each on two different days: `ndojo review`.", "    ")
    lines = []
    for one in weakest:
        why = "" if one.why == "nothing" else f", {one.why}"
        said = f"{one.question}: about {_round(one.chance or 0.0)}{why}. {_what_to_do(one)}"
        lines += shown.wrap(said, "    ", "      ")
    return lines


def _what_to_do(one: practice.records.Chance) -> str:
    if one.why == practice.records.NOT_RECENT:
        return f"Practice it again: ndojo review, or ndojo start {one.question} --dir again"
    return f"Read ndojo explain {one.question}, then practice it again on another day."


# --------------------------------------------------------------------------------------------------------------- stats


@click.command("stats")
@json_option
def stats_command(as_json: bool) -> None:
    """Show your activity: a map of topics, a calendar and the trend."""
    found = practice.statistics.stats(now())
    if as_json:
        write_json(found.to_dict())
        return
    shown = screen()
    shown.say(shown.title(f"Your activity until {practice.plan.format_day(found.day)}"), "", *_totals(shown, found))
    shown.say("", *_heat(shown, found))
    if found.sittings:
        shown.say("", *_calendar(shown, found), "", *_trend(shown, found))
    _warn_of(found.notes, found.trouble)


def _totals(shown: Screen, found: practice.statistics.Stats) -> list[str]:
    if not found.sittings:
        return shown.wrap("No sessions yet. `ndojo review` starts today's plan.")
    said = (
        f"{_many(found.sittings, 'session')} on {_many(found.questions, 'question')}, on {_many(found.days, 'day')}; "
        f"{_many(found.cards, 'card')}, {found.due} due."
    )
    rated = ", ".join(f"{number} {word}" for word, number in found.ratings.items())
    return [*shown.wrap(said), *shown.wrap(f"Ratings: {rated}.")]


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"


def _heat(shown: Screen, found: practice.statistics.Stats) -> list[str]:
    topics = found.topics[:TOPICS]
    widest = max((len(topic.name) for topic in topics), default=0)
    rows = [f"    {topic.name:{widest}}  {_cells(shown, topic)}" for topic in topics]
    more = len(found.topics) - len(topics)
    lines = [shown.title("  Topics: one symbol per question"), "", *rows]
    if more > 0:
        lines.append(f"    … and {more} more topics; --json has them all")
    words = ("not started", "started", "chance below 50%", "below 80%", "80% or more")
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
    lines = [shown.title(f"  Sessions in the last {WEEKS} weeks"), ""]
    for number, name in enumerate(DAYS):
        days = [week + timedelta(days=number) for week in weeks]
        signs = [_busy(found.calendar.get(day, 0)) if day <= found.day else " " for day in days]
        lines.append(f"    {name}  {' '.join(signs)}".rstrip())
    words = ("none", "1 or 2", "3 to 5", "6 to 9", "10 or more")
    legend = "  ".join(f"{shade} {word}" for shade, word in zip(SHADES, words, strict=True))
    return [*lines, "", f"    {legend}"]


def _busy(sessions: int) -> str:
    return SHADES[sum(sessions >= least for least in BUSY)]


def _trend(shown: Screen, found: practice.statistics.Stats) -> list[str]:
    rows = []
    for week in found.trend:
        well = "too few for a trend" if week.well is None else f"{week.well:.0%} good or easy"
        bar = shown.bar(round((week.well or 0.0) * 10), 10, 10) if week.well is not None else " " * 10
        rows.append((f"{week.begins:%Y-%m-%d}", str(week.sittings), bar, well))
    widest = max(len(row[1]) for row in rows)
    lines = [
        f"    {day}  {number:>{widest}} {'session ' if number == '1' else 'sessions'}  {bar}  {well}"
        for day, number, bar, well in rows
    ]
    return [shown.title("  Trend by week"), "", *lines]
