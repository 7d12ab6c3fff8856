"""A sandbox program that runs any source it receives, for the probes of the doctor and for tests."""

from __future__ import annotations

import traceback
from typing import Any

from ndojo.sandbox.channel import Channel


def serve(channel: Channel) -> None:
    """Run each source that arrives, and send the value of its variable `answer`, or its error as text."""
    while True:
        channel.send(run(bytes(channel.receive())))


def run(source: bytes) -> bytes:
    """Run the source and return the value of its variable `answer`, which may be bytes or str."""
    names: dict[str, Any] = {"__name__": "__main__", "answer": b""}
    try:
        exec(compile(source, "<attempt>", "exec"), names)
    except BaseException as error:
        return b"ERROR " + "".join(traceback.format_exception_only(error)).encode()
    answer = names["answer"]
    return answer.encode() if isinstance(answer, str) else bytes(answer)


def warm() -> None:
    """Run a source once, so that the memory that a run writes to has been used before."""
    run(b"import numpy as np\nanswer = repr(np.sqrt(np.arange(9.0)).sum()).encode()")
    run(b"raise ValueError")
