"""One child process, as the judge controls it."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Protocol

from ndojo.sandbox.connection import Connection, PeerClosed
from ndojo.sandbox.errors import ChildGone
from ndojo.sandbox.exit_status import ExitStatus
from ndojo.sandbox.limits import Limits

SEND_SECONDS = 10.0
# A process closes its files shortly before it ends. Waiting shows why it ended, instead of the judge's SIGKILL.
EXIT_SECONDS = 0.2


class Process(Protocol):
    """The process behind a child."""

    @property
    def pid(self) -> int:
        """The process id in the judge's pid namespace."""

    def end(self, patience: float) -> ExitStatus:
        """Wait up to `patience` seconds, then kill and reap the process. Later calls return the same result."""

    def release(self) -> None:
        """Kill the process without waiting for its end."""


class Child:
    """A process that runs one answer. Leaving its `with` block ends it.

    The judge trusts nothing that a child sends: it may send any bytes at any time.
    """

    def __init__(self, connection: Connection, process: Process, limits: Limits) -> None:
        self._connection, self._process, self._limits = connection, process, limits

    @property
    def pid(self) -> int:
        """The process id in the judge's pid namespace."""
        return self._process.pid

    def send(self, *buffers: Any, seconds: float = SEND_SECONDS) -> None:
        """Send one frame that consists of the given buffers, in order.

        Raises
        ------
        ChildTimeout
            If the child does not read the frame within `seconds`.
        ChildGone
            If the child has ended.
        """
        try:
            self._connection.send(buffers, seconds)
        except PeerClosed as error:
            raise ChildGone(self._end(EXIT_SECONDS)) from error

    def receive(self, seconds: float) -> bytearray:
        """Return the child's next frame.

        Raises
        ------
        ChildTimeout
            If no frame arrives within `seconds`.
        ChildGone
            If the child has ended or closed its end of the connection.
        FrameTooBig
            If the frame is longer than the limit.
        """
        try:
            return self._connection.receive(seconds, self._limits.frame_bytes)
        except PeerClosed as error:
            raise ChildGone(self._end(EXIT_SECONDS)) from error

    def unhurried(self) -> None:
        """Sleep while waiting for replies from now on, instead of polling.

        With polling, a reply can arrive before the kernel has counted the CPU time that the child used for it.
        """
        self._connection.unhurried()

    def end(self) -> ExitStatus:
        """Kill and reap the child, and return how it ended. Later calls return the same result."""
        return self._end(0.0)

    def _end(self, patience: float) -> ExitStatus:
        exit_status = self._process.end(patience)
        self._connection.close()
        return exit_status

    def release(self) -> None:
        """Kill the child without waiting for its end. A verdict uses this once it has all results."""
        self._connection.close()
        self._process.release()

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
