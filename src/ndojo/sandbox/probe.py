"""A program for the sandbox that runs any source it is sent: for the doctor's probes and the tests."""

from __future__ import annotations

import traceback
from typing import Any

from ndojo.sandbox.channel import Channel


def serve(channel: Channel) -> None:
    """Run each source that comes, and send what it leaves in `answer`, or its error as text."""
    while True:
        channel.send(run(bytes(channel.receive())))


def run(source: bytes) -> bytes:
    """What the source leaves in `answer`, which may be bytes or text."""
    names: dict[str, Any] = {"__name__": "__main__", "answer": b""}
    try:
        exec(compile(source, "<attempt>", "exec"), names)
    except BaseException as error:
        return b"ERROR " + "".join(traceback.format_exception_only(error)).encode()
    answer = names["answer"]
    return answer.encode() if isinstance(answer, str) else bytes(answer)


def warm() -> None:
    """Touch what a first run touches."""
    run(b"import numpy as np\nanswer = repr(np.sqrt(np.arange(9.0)).sum()).encode()")
    run(b"raise ValueError")
