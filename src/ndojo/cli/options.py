"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Command = TypeVar("Command", bound=Callable[..., Any])


def now() -> datetime:
    """Return the current time in the learner's time zone."""
    return datetime.now().astimezone()


def complete_slug(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Complete slugs."""
    from click.shell_completion import CompletionItem

    from ndojo import practice

    return [CompletionItem(slug) for slug in practice.questions.slugs() if slug.startswith(begun)]


def complete_room_or_slug(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Complete rooms and slugs."""
    from click.shell_completion import CompletionItem

    from ndojo import practice

    return [
        CompletionItem(name)
        for name in [*practice.questions.rooms(), *practice.questions.slugs()]
        if name.startswith(begun)
    ]


def complete_slug_or_file(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Complete slugs and files."""
    from click.shell_completion import CompletionItem

    return [*complete_slug(ctx, parameter, begun), CompletionItem(begun, type="file")]


def slug_argument(*, required: bool = True) -> Callable[[Command], Command]:
    """Add the argument SLUG to a command."""
    return click.argument("slug", required=required, shell_complete=complete_slug)


def tier_option(command: Command) -> Command:
    """Add the option --tier to a command."""
    says = "Sandbox tier. Default: NDOJO_TIER, or the strongest that works here."
    from ndojo.practice.session import TIERS

    return click.option("--tier", type=click.Choice(TIERS), envvar="NDOJO_TIER", help=says)(command)


def folder_option(says: str) -> Callable[[Command], Command]:
    """Add the option --dir to a command."""
    return click.option("--dir", "folder", type=click.Path(file_okay=False), default=".", help=says)


def json_option(command: Command) -> Command:
    """Add the option --json to a command."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def write_json(thing: object) -> None:
    """Print a value as JSON."""
    import json

    click.echo(json.dumps(thing, indent=2, ensure_ascii=True))
