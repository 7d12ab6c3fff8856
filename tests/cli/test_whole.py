"""Every command and option is documented once and used in a test."""

from __future__ import annotations

import inspect
from pathlib import Path

import click
import pytest

from ndojo.cli.app import COMMANDS, cli

TESTS = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py")))
NAMES = [name for _, name, _, _ in COMMANDS]


def command_of(name):
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", NAMES)
def test_command_says_what_the_list_says(name):
    """The sentence in `ndojo --help` is the first sentence of the command's own help."""
    (says,) = [says for _, own, _, says in COMMANDS if own == name]
    assert (inspect.cleandoc(command_of(name).help or "")).splitlines()[0] == says


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_documented_and_tried(name):
    for option in command_of(name).params:
        if isinstance(option, click.Option):
            assert option.help or isinstance(option.type, click.Choice), f"{name} {option.name} says nothing"
            assert any(word in TESTS for word in option.opts if word.startswith("--")), f"{name} {option.opts}"


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_tried(name):
    assert f'"{name}"' in TESTS
