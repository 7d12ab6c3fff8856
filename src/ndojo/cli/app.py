"""The command `ndojo`: each subcommand is imported when it is called, so that it starts quickly."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from ndojo import __version__
from ndojo.cli.terminal import terminal_columns

INTERRUPTED, BROKEN = 130, 3
SYNOPSIS = "The dojo for NumPy interviews: practice by hand, judged in milliseconds."
EXITS = "Exit status: 0 passed, 1 not passed, 2 misuse, 3 a mistake of ndojo's own, 130 interrupted."

# Section, command, module, what it does. The sentence is each command's help too; a test holds them together.
COMMANDS = (
    ("Find", "home", "browse", "Show how far you have come, and what to do next."),
    ("Find", "list", "browse", "List questions with your status."),
    ("Find", "show", "browse", "Show what a question asks."),
    ("Find", "history", "history", "List the answers that were kept, each with its verdict."),
    ("Plan", "plan", "plan", "Show today's plan, the weeks ahead, and what will not fit before the interview."),
    ("Plan", "review", "review", "Go through today's plan: due reviews, a new question, a drill."),
    ("Plan", "rate", "review", "Show what a question was rated last and why, or correct it."),
    ("Plan", "mock", "mock", "Sit a mock interview against the clock, then talk it over."),
    ("Plan", "readiness", "statistics", "Show how ready you are, by company, room and topic."),
    ("Plan", "stats", "statistics", "Show what you did: a map of topics, a calendar, the trend."),
    ("Practice", "start", "question", "Create the file to answer a question in."),
    ("Practice", "check", "check", "Judge an answer."),
    ("Practice", "watch", "watch", "Judge an answer each time it is saved."),
    ("Practice", "drill", "drill", "Predict what NumPy does: endless drills, harder as you get them right."),
    ("Practice", "hint", "question", "Give the next hint."),
    ("Practice", "solution", "question", "Show the reference and other right answers."),
    ("Practice", "explain", "question", "Explain a question as in an interview."),
    ("Yours", "export", "export", "Write what is yours: everything as JSON, cards for Anki, answers, a notebook."),
    ("Yours", "import", "export", "Add what an exported file holds to what is kept here."),
    ("Write questions", "new", "authoring", "Create a new question file."),
    ("Write questions", "verify", "authoring", "Prove question files: answers, traps, mutants, prose."),
    ("This machine", "doctor", "machine", "Show what works on this machine, and try each layer of isolation."),
    ("This machine", "bench", "machine", "Measure how quick the judge is on this machine."),
    ("This machine", "demo", "demo", "Judge right, wrong and hostile answers that come with ndojo."),
    ("This machine", "completion", "completion", "Print a script that completes commands and slugs with Tab."),
)


class LazyGroup(click.Group):
    """Knows its commands by `COMMANDS`, and imports one when it is wanted."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        # Click asks shutil for the width, whose import takes 6 ms.
        return super().make_context(info_name, args, parent, **{"terminal_width": min(terminal_columns(), 80)} | extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for _, name, _, _ in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for _, name, module, _ in COMMANDS:
            if name == cmd_name:
                found = getattr(importlib.import_module(f"ndojo.cli.{module}"), f"{name}_command")
                return _with_no_color(found)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            advice = f"Did you mean {near[0]}?" if near else "`ndojo --help` lists them."
            raise click.UsageError(f"Unknown command {args[0]!r}. {advice}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for section in dict.fromkeys(section for section, *_ in COMMANDS):
            with formatter.section(section):
                formatter.write_dl([(name, says) for own, name, _, says in COMMANDS if own == section])


def _no_color(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        os.environ["NO_COLOR"] = "1"


def _no_color_option() -> click.Option:
    return click.Option(
        ["--no-color"], is_flag=True, expose_value=False, is_eager=True, callback=_no_color,
        help="Print without color, as with NO_COLOR set.",
    )  # fmt: skip


def _with_no_color(command: click.Command) -> click.Command:
    """The command, which takes --no-color behind its name as well."""
    if all("--no-color" not in parameter.opts for parameter in command.params):
        command.params.append(_no_color_option())
    return command


@click.group(
    cls=LazyGroup,
    help=SYNOPSIS,
    epilog=EXITS,
    invoke_without_command=True,
    params=[_no_color_option()],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="ndojo %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Show the home screen where no command is given."""
    if ctx.invoked_subcommand is None:
        from ndojo.cli.browse import home_command

        ctx.invoke(home_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    # A terminal that cannot show a sign gets a question mark, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone, as `head` does; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        # It came while the first one was being answered, or just before.
        return INTERRUPTED
    return status


def _run(arguments: Sequence[str] | None) -> int:
    try:
        status = cli.main(arguments if arguments is None else list(arguments), "ndojo", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except BrokenPipeError:
        raise
    except Exception as problem:
        return _explain(problem)
    return status if isinstance(status, int) else 0


def _explain(problem: Exception) -> int:
    """Say what went wrong: misuse in a sentence, a mistake of ours with what to report."""
    from ndojo.practice.errors import PracticeError

    if isinstance(problem, PracticeError):
        click.echo(f"ndojo: {problem}", err=True)
        return 2
    import traceback

    traceback.print_exception(problem)
    click.echo(f"ndojo {__version__} broke. Please report the lines above; nothing that was kept is lost.", err=True)
    return BROKEN
