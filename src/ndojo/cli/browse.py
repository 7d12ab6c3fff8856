"""`ndojo`, `ndojo list` and `ndojo show`: find something to do."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ndojo import __version__, practice
from ndojo.cli.options import json_option, now, slug_argument, write_json
from ndojo.cli.screen import Screen, cut, docstring, screen, warn

STATUS_MARKS = {"mastered": "passed", "passed": "passed", "tried": "failed", "started": "unmeasured", "new": "waiting"}
WAYS = (
    "  ndojo list           list the questions, with filters",
    "  ndojo show SLUG      show a question",
    "  ndojo check FILE     judge an answer",
    "  ndojo plan           plan the weeks until your interview",
    "  ndojo --help         list all commands",
)
FIELDS = {"rooms": "room", "topics": "topic", "companies": "company", "asked": "asked id"}


@click.command("home")
def home_command() -> None:
    """Show your progress and what to do next."""
    from ndojo.cli.plan import today_lines

    moment = now()
    shown, home, today = screen(), practice.home.overview(moment), practice.plan.today(moment)
    shown.say(shown.title(f"ndojo {__version__}") + ", the dojo for NumPy interviews", "")
    shown.say(f"  {shown.bar(home.passed, home.total)}  {progress(home)}", "")
    shown.say(*today_lines(shown, today), "", *_next_lines(shown, home, today), "")
    _say_rooms(shown, home.rooms)
    shown.say("", *WAYS)
    for note in (*today.notes, home.trouble):
        if note:
            warn(note)


def progress(home: practice.home.Home) -> str:
    """Return the number of passed questions as text."""
    return f"{home.passed} of {home.total} questions passed, {home.mastered} mastered"


def _say_rooms(shown: Screen, rooms: Sequence[tuple[str, int, int]]) -> None:
    widest = max((len(room) for room, _, _ in rooms), default=0)
    for room, passed, total in rooms:
        shown.say(f"  {shown.bar(passed, total, 10)}  {room:{widest}}  {passed} of {total}")


def _next_lines(shown: Screen, home: practice.home.Home, today: practice.plan.Today) -> list[str]:
    """Return the commands to type next."""
    lines = ["    ndojo review    start with today's plan"] if today.steps else []
    if home.next is None:
        return [*lines, *([] if lines else shown.wrap(home.why))]
    card, begun = home.next.card, home.next.status.status != "new"
    if lines and not begun:
        start = f"ndojo start {card['slug']}"
        return [
            f"    {'ndojo review':{len(start)}}    start with today's plan",
            f"    {start}    start with this question",
        ]
    rest = shown.wrap(f"Next: {card['slug']}, {card['title']} ({card['difficulty']}). {home.why}")
    return [*lines, *([""] if lines else []), *rest, "", f"    ndojo {'watch' if begun else 'start'} {card['slug']}"]


# ---------------------------------------------------------------------------------------------------------------- list


@click.command("list")
@click.argument("words", nargs=-1)
@click.option("--room", "rooms", multiple=True, help="Only this room. All filters can be repeated.")
@click.option("--topic", "topics", multiple=True, help="Only this topic.")
@click.option("--company", "companies", multiple=True, help="Only questions commonly reported from this company.")
@click.option(
    "--difficulty",
    "difficulties",
    multiple=True,
    type=click.Choice(practice.catalog.DIFFICULTIES),
    help="Only this difficulty.",
)
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice(practice.catalog.STATUSES), help="Only this status."
)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(practice.catalog.KINDS), help="Only this kind.")
@click.option("--asked", multiple=True, metavar="ID", help="Only questions with this source id, such as T55.")
@json_option
def list_command(words: tuple[str, ...], as_json: bool, **filters: tuple[str, ...]) -> None:
    """List questions with your status.

    WORDS must all occur in the slug, title, room, topics or companies.
    """
    listing = practice.catalog.questions(practice.catalog.Filters(words=words, **filters))
    if not listing.rows:
        refuse_unknown(filters)
    if as_json:
        write_json([row.card for row in listing.rows])
    else:
        _say_rows(screen(), listing.rows)
    if listing.trouble:
        warn(f"Your status is unknown. {listing.trouble}")


def refuse_unknown(filters: dict[str, tuple[str, ...]]) -> None:
    """Raise an error if a filter has an unknown room, topic, company or id."""
    for field, called in FIELDS.items():
        known = practice.catalog.values(field)
        for wanted in filters.get(field, ()):
            if wanted.lower() not in {value.lower() for value in known}:
                raise click.UsageError(_unknown(called, wanted, known))


def _unknown(called: str, wanted: str, known: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(wanted.lower(), [value.lower() for value in known], n=3, cutoff=0.5)
    meant = [value for value in known if value.lower() in near]
    advice = f"Did you mean {' or '.join(meant)}?" if meant else f"Known: {', '.join(known[:20])}."
    return f"No question has the {called} {wanted!r}. {advice}"


def _say_rows(shown: Screen, rows: Sequence[practice.catalog.Row]) -> None:
    if not rows:
        shown.say("No question matches all of these filters. Remove one of them.")
        return
    slugs = max(len(row.slug) for row in rows)
    room = ""
    for row in rows:
        if row.card["room"] != room:
            room = row.card["room"]
            shown.say(shown.title(room))
        shown.say(_row(shown, row, slugs))
    passed = sum(row.done for row in rows)
    shown.say("", f"{len(rows)} question{'s' if len(rows) != 1 else ''}, {passed} passed")


def _row(shown: Screen, row: practice.catalog.Row, slugs: int) -> str:
    word: str = row.status.status
    if word == "passed":
        word = f"passed {row.status.passed_levels}/{len(row.card['levels'])}"
    line = f"{row.slug:{slugs}}  {row.card['difficulty']:6}  {word:10}  "
    return (
        f"  {shown.mark(STATUS_MARKS[row.status.status])} {line}{cut(row.card['title'], shown.width - len(line) - 4)}"
    )


# ---------------------------------------------------------------------------------------------------------------- show


@click.command("show")
@slug_argument()
def show_command(slug: str) -> None:
    """Show the prompt and the levels of a question."""
    shown, prompt = screen(), practice.catalog.prompt(slug)
    card = prompt.card
    shown.say(shown.title(card["title"]), f"{slug}, {card['difficulty']}, room {card['room']}", "")
    if prompt.signatures:
        shown.say(*(f"  {signature}" for signature in prompt.signatures), "", *docstring(shown, prompt.text), "")
        shown.say(shown.title("Levels"), *_levels(shown, prompt.levels), "")
    shown.say(*_facts(shown, prompt), "", *_begin(slug, prompt))


def _levels(shown: Screen, levels: Sequence[tuple[str, str]]) -> list[str]:
    lines = []
    for number, text in enumerate(level_texts(levels), 1):
        lines += shown.wrap(f"{number} {text}", "  ", "    ")
    return lines


def level_texts(levels: Sequence[tuple[str, str]]) -> list[str]:
    """Return the name and the requirement of each level."""
    return [f"{name}: {asks or practice.questions.RIGHT}" for name, asks in levels]


def _facts(shown: Screen, prompt: practice.catalog.Prompt) -> list[str]:
    card = prompt.card
    facts = [
        ("Topics", ", ".join(card["topics"])),
        ("Kinds", ", ".join(card["kinds"])),
        ("Companies", f"{', '.join(card['companies'])} (commonly reported)" if card["companies"] else ""),
        ("Asked as", ", ".join(card["asked"])),
        ("Hints", str(prompt.hints or "")),
        ("Related", ", ".join(prompt.related)),
        ("Read", " ".join(prompt.links)),
    ]
    lead = " " * 13
    return [
        f"  {name:11}" + "\n".join(shown.wrap(text, lead, lead))[len(lead) :] for name, text in facts if text
    ]  # fmt: skip


def _begin(slug: str, prompt: practice.catalog.Prompt) -> list[str]:
    return [f"Start: ndojo start {slug}"] if prompt.signatures else [f"Read: ndojo explain {slug}"]
