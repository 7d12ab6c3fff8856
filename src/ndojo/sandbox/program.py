"""The program that a child runs, loaded by its dotted name."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from ndojo.sandbox.channel import Channel

BROKEN_STATUS = 70


@dataclass(frozen=True)
class Program:
    """The program that a child runs: `serve(channel)`, and before it `warm()` if the module defines it."""

    serve: Callable[[Channel], None]
    warm: Callable[[], None]

    @classmethod
    def load(cls, name: str) -> Program:
        """Load the program with a dotted name such as `package.module:function`."""
        place, _, function = name.partition(":")
        module = importlib.import_module(place)
        return cls(getattr(module, function), getattr(module, "warm", _nothing))


def _nothing() -> None:
    pass


def serve(program: Program, channel: Channel) -> NoReturn:
    """Run the program, and end the process even if the program fails."""
    status = BROKEN_STATUS
    try:
        program.serve(channel)
        status = 0
    except EOFError:
        status = 0
    finally:
        os._exit(status)
