"""One child, as the judge holds it."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Protocol

from ndojo.sandbox.connection import Connection, PeerClosed
from ndojo.sandbox.errors import ChildGone
from ndojo.sandbox.exit_status import ExitStatus
from ndojo.sandbox.limits import Limits

SEND_SECONDS = 10.0
# A dying process closes its files before it is dead; its own reason to die shall be told, not our signal.
LAST_SECONDS = 0.2


class Process(Protocol):
    """The process behind a child."""

    @property
    def pid(self) -> int:
        """Process id as the judge sees it."""

    def end(self, patience: float) -> ExitStatus:
        """Kill and reap it, after so many seconds to end by itself; later calls repeat the result."""

    def release(self) -> None:
        """Kill it, and leave the reaping to the next free caller."""


class Child:
    """A process that runs one answer. Leaving its `with` block ends it.

    Nothing that comes out of it is believed: it may be any bytes, at any time.
    """

    def __init__(self, link: Connection, process: Process, limits: Limits) -> None:
        self._link, self._process, self._limits = link, process, limits

    @property
    def pid(self) -> int:
        """Process id as the judge sees it."""
        return self._process.pid

    def send(self, *buffers: Any, seconds: float = SEND_SECONDS) -> None:
        """Send one frame, made of the given buffers end to end.

        Raises
        ------
        ChildTimeout
            If the child does not read for so long.
        ChildGone
            If it has ended.
        """
        try:
            self._link.send(buffers, seconds)
        except PeerClosed as error:
            raise ChildGone(self._end(LAST_SECONDS)) from error

    def receive(self, seconds: float) -> bytearray:
        """The child's next frame.

        Raises
        ------
        ChildTimeout
            If it does not come in time.
        ChildGone
            If the child has ended, or closed its end.
        FrameTooBig
            If it announces more than the limit.
        """
        try:
            return self._link.receive(seconds, self._limits.frame_bytes)
        except PeerClosed as error:
            raise ChildGone(self._end(LAST_SECONDS)) from error

    def unhurried(self) -> None:
        """Wait for replies asleep from now on.

        A reply that is caught in flight is there before the kernel has counted the time that it took.
        """
        self._link.unhurried()

    def end(self) -> ExitStatus:
        """Kill and reap the child, and say how it ended; may be called again."""
        return self._end(0.0)

    def _end(self, patience: float) -> ExitStatus:
        ending = self._process.end(patience)
        self._link.close()
        return ending

    def release(self) -> None:
        """Kill the child without waiting until it is gone: what a verdict does, which has all it needs."""
        self._link.close()
        self._process.release()

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
