"""From a fork of the zygote to a hardened child that serves the judge."""

from __future__ import annotations

import os
import socket
import tempfile
from typing import NoReturn

from ndojo.sandbox import tiers
from ndojo.sandbox.channel import FAILED, READY, Channel
from ndojo.sandbox.harden import Hardening, harden
from ndojo.sandbox.program import BROKEN_STATUS, Program, serve

CHANNEL = 3
# More than a zygote ever has; the system's own limit may be thousands of millions.
MOST_DESCRIPTORS = 1 << 16


def become_child(line: int, program: Program, walls: Hardening, box: str) -> NoReturn:
    """In a fresh fork: warm up, put up the walls, say so, and serve until the judge hangs up."""
    try:
        _keep_only(line, walls)
        _touch(program)
        harden(walls, box)
        tempfile.tempdir = box
    except BaseException as error:
        os.write(CHANNEL, FAILED + repr(error).encode())
        os._exit(BROKEN_STATUS)
    os.write(CHANNEL, READY)
    serve(program, Channel(CHANNEL, CHANNEL, program.warm))


def _keep_only(line: int, walls: Hardening) -> None:
    """Move the line to the judge to its usual number, and close all else but the null device."""
    os.dup2(line, CHANNEL)
    if tiers.DESCRIPTORS in walls.layers:
        os.closerange(CHANNEL + 1, MOST_DESCRIPTORS)


def _touch(program: Program) -> None:
    """Copy the pages that serving will write to now, while no caller waits."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        Channel(ours.fileno(), ours.fileno()).send(b"touch")
        Channel(theirs.fileno(), theirs.fileno()).receive()
    program.warm()
    _reseed()


def _reseed() -> None:
    """Seed the child's random number generators."""
    import random

    import numpy

    random.seed()
    # A number, because seeding without one touches 80 pages more.
    numpy.random.seed(int.from_bytes(os.urandom(4), "little"))
