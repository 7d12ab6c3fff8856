"""Turns a fork of the zygote into a hardened child that serves the judge."""

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
# More than a zygote ever has. The system's own limit can be in the billions.
MOST_DESCRIPTORS = 1 << 16


def become_child(socket_fd: int, program: Program, hardening: Hardening, box: str) -> NoReturn:
    """In a new fork: warm up, harden the process, report it, and serve until the judge closes the connection."""
    try:
        _keep_only(socket_fd, hardening)
        _copy_pages(program)
        harden(hardening, box)
        tempfile.tempdir = box
    except BaseException as error:
        os.write(CHANNEL, FAILED + repr(error).encode())
        os._exit(BROKEN_STATUS)
    os.write(CHANNEL, READY)
    serve(program, Channel(CHANNEL, CHANNEL, program.warm))


def _keep_only(socket_fd: int, hardening: Hardening) -> None:
    """Give the judge's socket a fixed number, and close all other descriptors except the null device."""
    os.dup2(socket_fd, CHANNEL)
    if tiers.DESCRIPTORS in hardening.layers:
        os.closerange(CHANNEL + 1, MOST_DESCRIPTORS)


def _copy_pages(program: Program) -> None:
    """Write to the memory pages that serving writes to, so that they are copied now, while no caller waits."""
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
    # With a seed, because seeding without one writes to 80 more pages.
    numpy.random.seed(int.from_bytes(os.urandom(4), "little"))
