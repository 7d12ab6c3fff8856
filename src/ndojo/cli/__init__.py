"""ndojo in the terminal."""

from ndojo.cli.app import cli, main

__all__ = ["cli", "main"]
