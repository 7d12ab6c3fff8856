"""The `ndojo` command. Each subcommand is imported only when it is called, so the start is fast."""

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
EXITS = "Exit status: 0 passed, 1 not passed, 2 misuse, 3 an internal error, 130 interrupted."

# Section, command, module, description. A test checks that the command's own help starts with the description.
COMMANDS = (
    ("Find", "home", "browse", "Show your progress and what to do next."),
    ("Find", "list", "browse", "List questions with your status."),
    ("Find", "show", "browse", "Show the prompt and the levels of a question."),
    ("Find", "history", "history", "List your saved answers with their verdicts."),
    ("Plan", "plan", "plan", "Show today's plan, the next weeks, and what will not fit before the interview."),
    ("Plan", "review", "review", "Go through today's plan: due reviews, a new question and a drill."),
    ("Plan", "rate", "review", "Show the last rating of a question and its reason, or correct it."),
    ("Plan", "mock", "mock", "Take a timed mock interview, then read the debrief."),
    ("Plan", "readiness", "statistics", "Show how ready you are, by company, room and topic."),
    ("Plan", "stats", "statistics", "Show your activity: a map of topics, a calendar and the trend."),
    ("Practice", "start", "question", "Create the answer file for a question."),
    ("Practice", "check", "check", "Judge an answer."),
    ("Practice", "watch", "watch", "Judge an answer each time it is saved."),
    ("Practice", "drill", "drill", "Predict what NumPy does. The drills get harder as you answer correctly."),
    ("Practice", "hint", "question", "Show the next hint."),
    ("Practice", "solution", "question", "Show the reference and other correct answers."),
    ("Practice", "explain", "question", "Show the spoken answer and the explanation of a question."),
    ("Your data", "export", "export", "Export your data as JSON, Anki cards, answer files or a notebook."),
    ("Your data", "import", "export", "Add the data of an exported file to your data."),
    ("Write questions", "new", "authoring", "Create a new question file."),
    ("Write questions", "verify", "authoring", "Check question files: answers, traps, mutants and language."),
    ("This machine", "doctor", "machine", "Show what works on this machine, and test each isolation layer."),
    ("This machine", "bench", "machine", "Measure the speed of the judge on this machine."),
    ("This machine", "demo", "demo", "Judge correct, wrong and hostile example answers."),
    ("This machine", "completion", "completion", "Print a script that completes commands and slugs with Tab."),
)


class LazyGroup(click.Group):
    """A group that lists its commands in `COMMANDS` and imports each only when needed."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        # By default, Click imports shutil for the width, which takes 6 ms.
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
            advice = f"Did you mean {near[0]}?" if near else "`ndojo --help` lists all commands."
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
    """Return the command with the option --no-color added."""
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
    """Show the home screen if no command is given."""
    if ctx.invoked_subcommand is None:
        from ndojo.cli.browse import home_command

        ctx.invoke(home_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    # Print a question mark for a character that the terminal does not support, instead of raising an error.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader closed the pipe, as `head` does. Without this, Python would report it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        # The interrupt arrived outside `_run`, or during the handling of an earlier one.
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
    """Print what went wrong: one sentence for misuse, a report for an internal error."""
    from ndojo.practice.errors import PracticeError

    if isinstance(problem, PracticeError):
        click.echo(f"ndojo: {problem}", err=True)
        return 2
    import traceback

    traceback.print_exception(problem)
    click.echo(
        f"ndojo {__version__} failed with an internal error. Please report the lines above. Your saved data is safe.",
        err=True,
    )
    return BROKEN
