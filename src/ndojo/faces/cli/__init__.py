"""ndojo in the terminal."""

from ndojo.faces.cli.app import cli, main

__all__ = ["cli", "main"]
