"""What a plain child runs: the program, over its standard pipes."""

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
    """Load the program, say how that went, and serve until the judge hangs up."""
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
    """The channel over the standard pipes, out of reach of a stray `print` or `input`."""
    channel = Channel(os.dup(0), os.dup(1))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    return channel


def _limit(cpu_seconds: int) -> None:
    """Where the system can, let it end a child that the judge did not live to end."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
