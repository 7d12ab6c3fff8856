"""`ndojo plan`: today, the next weeks, and what will not fit."""

from __future__ import annotations

import click

from ndojo import practice
from ndojo.cli.options import json_option, now, write_json
from ndojo.cli.screen import Screen, columns, cut, screen, warn

LISTED = 8


@click.command("plan")
@click.option(
    "--interview",
    metavar="DATE",
    help="Date of your interview, such as 2026-12-01, or the days until it, such as 30. `none` removes it.",
)
@click.option("--minutes-a-day", type=int, metavar="N", help="Minutes to plan per day.")
@click.option(
    "--company", metavar="NAME", help="Company of the interview, whose questions come first. `any` removes it."
)
@json_option
def plan_command(interview: str | None, minutes_a_day: int | None, company: str | None, as_json: bool) -> None:
    """Show today's plan, the next weeks, and what will not fit before the interview.

    ndojo saves the options and uses them from then on.
    """
    moment = now()
    if interview is not None or minutes_a_day is not None or company is not None:
        practice.forecast.set_goals(moment, interview=interview, minutes_a_day=minutes_a_day, company=company)
    found = practice.forecast.plan(moment)
    if as_json:
        write_json(found.to_dict())
        return
    shown = screen()
    shown.say(*today_lines(shown, found.today, weekday=True))
    if found.today.steps:
        shown.say("", "    ndojo review    start with today's plan")
    shown.say("", *_weeks(shown, found), "", *_fit(shown, found))
    say_notes(found.today)


def say_notes(today: practice.plan.Today) -> None:
    """Print notes after the plan."""
    for note in (*today.notes, today.trouble):
        if note:
            warn(note)


def today_lines(shown: Screen, today: practice.plan.Today, *, weekday: bool = False) -> list[str]:
    """Return the lines of today's plan."""
    much = f"{today.minutes} of {today.limit} minutes"
    if today.minutes_done:
        more = f"{today.minutes} more minutes, " if today.minutes else ""
        much = f"{more}{today.minutes_done} of {today.limit} minutes done"
    name = f"Today, {today.day:%A} {practice.plan.format_day(today.day)}" if weekday else "Today"
    title = shown.title(f"  {name}: {much}")
    lines = [title, "", *_steps(shown, today)] if today.steps else [title, "", *_nothing(shown, today)]
    if today.waiting:
        wait = (
            f"{today.waiting} of {today.due} due reviews wait until tomorrow: you plan {today.limit} minutes per day."
        )
        lines += ["", *shown.wrap(wait, "    ")]
    return lines


def _steps(shown: Screen, today: practice.plan.Today) -> list[str]:
    cells = [(step.what, step.slug or "mixed", step.kind, f"{step.minutes:>2} min", step.why) for step in today.steps]
    return [f"    {cut(line, shown.width - 4)}" for line in columns(cells)]


def _nothing(shown: Screen, today: practice.plan.Today) -> list[str]:
    if today.waiting:
        return []
    said = "Done for today." if today.minutes_done else "Nothing is due, and you have no new questions left."
    return shown.wrap(f"{said} You can always use `ndojo drill` and `ndojo mock`.", "    ")


def _weeks(shown: Screen, found: practice.forecast.Plan) -> list[str]:
    cells = [("week from", "days", "reviews", "new", "minutes", "longest day")]
    for week in found.weeks[:13]:
        cells.append(
            (practice.plan.format_day(week.begins), str(week.days), str(week.reviews), str(week.new), str(week.minutes),
             f"{week.longest} min")
        )  # fmt: skip
    more = f"    … and {len(found.weeks) - 13} more weeks" if len(found.weeks) > 13 else ""
    lines = [shown.title("  The next weeks"), "", *(f"    {line}" for line in columns(cells)), *filter(None, [more])]
    if not found.weeks:
        lines = [*lines[:2], "    The interview is today: only reviews are planned."]
    said = "This assumes that you complete each day's plan. Questions that go badly come back sooner."
    return [*lines, "", *shown.wrap(said, "    ")]


def _fit(shown: Screen, found: practice.forecast.Plan) -> list[str]:
    today, fit = found.today, found.fit
    if fit is None or today.interview is None:
        return shown.wrap("You have not set an interview date. ndojo plan --interview DATE adapts the plan to it.")
    whom = f" at {today.company}" if today.company else ""
    when = "today" if fit.days == 0 else "tomorrow" if fit.days == 1 else f"in {fit.days} days"
    lines = [shown.title(f"  Interview{whom} on {practice.plan.format_day(today.interview)}, {when}"), ""]
    total = len(fit.fits) + len(fit.misses)
    if not fit.misses:
        said = f"All {total} new questions fit before it." if total else "You have started every question."
        return [*lines, *shown.wrap(f"{said}{_late(fit.waiting)}", "    ")]
    said = (
        f"{len(fit.fits)} of {total} new questions fit before it at {today.limit} minutes per day. "
        f"{len(fit.misses)} will not: {_named(fit.misses)}."
    )
    return [*lines, *shown.wrap(f"{said} {_enough(fit.enough_minutes)}{_late(fit.waiting)}", "    ")]


def _named(slugs: tuple[str, ...]) -> str:
    more = len(slugs) - LISTED
    return ", ".join(slugs[:LISTED]) + (f" and {more} more" if more > 0 else "")


def _enough(minutes: int) -> str:
    if not minutes:
        return "No number of minutes per day fits them all. Start with the questions asked most."
    return f"{minutes} minutes per day would fit them all: ndojo plan --minutes-a-day {minutes}."


def _late(waiting: int) -> str:
    return f" On the day before, {waiting} due reviews would not fit." if waiting else ""
