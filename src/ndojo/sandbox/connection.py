"""The judge's end of the line to a child: frames with a deadline, from somebody who is not trusted."""

from __future__ import annotations

import os
import select
import socket
import time
from typing import Any, Protocol

from ndojo.sandbox.channel import LENGTH, byte_views
from ndojo.sandbox.errors import ChildTimeout, FrameTooBig

FIRST_BYTES = 1 << 16
# A frame's buffer grows as its bytes arrive, so that a bare announcement costs the judge nothing.
GROWTH_BYTES = 16 << 20

AWAKE_SECONDS = 0.0005
"""So long after a message the judge looks out for the reply without sleeping: to wake up takes longer.

Not much longer than a quick reply takes: where the child has to share a processor with the judge, it waits for that.
"""


class PeerClosed(Exception):
    """The child's end is closed: it has ended, or it refuses to talk."""


class Connection(Protocol):
    """Frames to and from one child."""

    def send(self, buffers: tuple[Any, ...], seconds: float) -> None:
        """Send one frame, or raise ChildTimeout or PeerClosed."""

    def receive(self, seconds: float, most: int) -> bytearray:
        """Receive one frame, or raise ChildTimeout, FrameTooBig or PeerClosed."""

    def unhurried(self) -> None:
        """Wait for replies asleep from now on."""

    def close(self) -> None:
        """Hang up."""


def length_of(head: bytes | bytearray, most: int) -> int:
    """The length that a frame's head announces; raises FrameTooBig if the judge will not take it."""
    (length,) = LENGTH.unpack_from(head)
    if length > most:
        raise FrameTooBig(f"the answer announced {length} bytes; at most {most} are taken")
    return int(length)


class SocketConnection:
    """A link over a Unix stream socket."""

    def __init__(self, line: socket.socket) -> None:
        # A socket with its own time limit would wait on every call, even on one that must not wait.
        line.setblocking(False)
        self._line = line
        self._early = bytearray()
        self._awake_seconds, self._awake_until = AWAKE_SECONDS, 0.0
        self._room = memoryview(bytearray(FIRST_BYTES))
        self._poll = select.poll()
        self._poll.register(line, select.POLLIN)

    def send(self, buffers: tuple[Any, ...], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        views = byte_views(buffers)
        views.insert(0, memoryview(LENGTH.pack(sum(view.nbytes for view in views))))
        while views:
            try:
                count = self._line.sendmsg(views[:64], (), socket.MSG_NOSIGNAL)
            except BlockingIOError:
                self._wait_for_room(deadline)
                continue
            except OSError as error:
                raise PeerClosed from error
            views = _after(views, count)
        self._awake_until = time.monotonic() + self._awake_seconds

    def receive(self, seconds: float, most: int) -> bytearray:
        deadline = time.monotonic() + seconds
        early, self._early = self._early, bytearray()
        while len(early) < LENGTH.size:
            early += self._room[: self._into(self._room, deadline)]
        end = LENGTH.size + length_of(early, most)
        self._early = early[end:]
        return self._body(early[LENGTH.size : end], end - LENGTH.size, deadline)

    def unhurried(self) -> None:
        self._awake_seconds = 0.0

    def close(self) -> None:
        self._line.close()

    def _body(self, start: bytearray, length: int, deadline: float) -> bytearray:
        """The rest of a frame whose start has come with its head."""
        if len(start) == length:
            return start
        have = len(start)
        frame = start + bytearray(min(length, GROWTH_BYTES) - have)
        while have < length:
            if have == len(frame):
                frame += bytes(min(length - have, have))
            with memoryview(frame) as whole:
                have += self._into(whole[have:], deadline)
        return frame

    def _into(self, room: memoryview, deadline: float) -> int:
        while True:
            self._wait(deadline)
            try:
                count = self._line.recv_into(room)
            except BlockingIOError:
                continue
            except OSError as error:
                raise PeerClosed from error
            if not count:
                raise PeerClosed
            return count

    def _wait(self, deadline: float) -> None:
        """Wait until data can be read, but not past the deadline."""
        while time.monotonic() < self._awake_until:
            if self._poll.poll(0):
                return
            os.sched_yield()
        _within(self._poll, deadline)

    def _wait_for_room(self, deadline: float) -> None:
        poll = select.poll()
        poll.register(self._line, select.POLLOUT)
        _within(poll, deadline)


def _within(poll: select.poll, deadline: float) -> None:
    # A deadline in the past still takes what is already there.
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise ChildTimeout("the answer took longer than it may")


def _after(views: list[memoryview], count: int) -> list[memoryview]:
    """What is left of the views once `count` bytes are sent."""
    while views and count >= views[0].nbytes:
        count -= views[0].nbytes
        views = views[1:]
    return [views[0][count:], *views[1:]] if count else views
