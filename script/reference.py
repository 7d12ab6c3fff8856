#!/usr/bin/env python3
"""Write docs/reference.md from the help of the command line. With --print, print it instead.

Run ``.venv/bin/python script/reference.py``.
"""

import sys
from pathlib import Path

import click

from ndojo.cli import cli

ROOT = Path(__file__).resolve().parent.parent
HEAD = """\
# Reference

All commands with their options, as `ndojo COMMAND --help` prints them. `script/reference.py` generates this page.

The exit status is 0 for passed, 1 for not passed, 2 for misuse, 3 for an internal error and 130 for interrupted.
"""


def sections() -> list[str]:
    """Return the sections of the page, one per command."""
    top = click.Context(cli, info_name="ndojo", terminal_width=100, max_content_width=100)
    parts = [HEAD, f"## ndojo\n\n```text\n{cli.get_help(top)}\n```\n"]
    for name in cli.list_commands(top):
        command = cli.get_command(top, name)
        assert command is not None
        if command.hidden:
            continue
        context = click.Context(command, info_name=name, parent=top, terminal_width=100, max_content_width=100)
        parts.append(f"## ndojo {name}\n\n```text\n{command.get_help(context)}\n```\n")
    return parts


if __name__ == "__main__":
    text = "\n".join(sections())
    if "--print" in sys.argv:
        print(text, end="")
    else:
        (ROOT / "docs" / "reference.md").write_text(text, encoding="utf-8")
