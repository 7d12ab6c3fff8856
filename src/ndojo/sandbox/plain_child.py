"""The main program of a child of the plain tier. It communicates over its standard pipes."""

from __future__ import annotations

import json
import os
import sys
import traceback

from ndojo.sandbox import preload
from ndojo.sandbox.channel import Channel
from ndojo.sandbox.program import Program, serve
from ndojo.sandbox.zygote_config import ZygoteConfig


def main() -> None:
    """Load the program, report whether that worked, and serve until the judge closes the connection."""
    plan = ZygoteConfig.from_json(sys.argv[1])
    channel = _take_pipes()
    try:
        _limit(plan.limits.cpu_seconds)
        preload.load(plan.allows)
        program = Program.load(plan.program)
        program.warm()
    except Exception:
        channel.send(json.dumps(traceback.format_exc()).encode())
        sys.exit(1)
    channel.send(b"null")
    serve(program, channel)


def _take_pipes() -> Channel:
    """Return a channel over the standard pipes, and redirect `print` and `input` to the null device."""
    channel = Channel(os.dup(0), os.dup(1))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    return channel


def _limit(cpu_seconds: int) -> None:
    """Limit the CPU time, if the system supports it: the judge may end before it can end the child."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
