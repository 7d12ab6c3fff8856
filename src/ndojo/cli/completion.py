"""`ndojo completion`: Tab completes commands, options and slugs."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from ndojo.cli.app import cli

SHELLS = ("bash", "zsh", "fish")
HELP = """Print a script that completes commands and slugs with Tab.

\b
bash: ndojo completion bash > ~/.local/share/bash-completion/completions/ndojo
zsh:  ndojo completion zsh > a folder of your $fpath, as _ndojo
fish: ndojo completion fish > ~/.config/fish/completions/ndojo.fish
"""


@click.command("completion", help=HELP)
@click.argument("shell", type=click.Choice(SHELLS))
def completion_command(shell: str) -> None:
    """Print the completion script for a shell."""
    completes = get_completion_class(shell)
    assert completes is not None
    click.echo(completes(cli, {}, "ndojo", "_NDOJO_COMPLETE").source())
