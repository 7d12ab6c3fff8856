"""The judge's end of the connection to an untrusted child: frames with a deadline."""

from __future__ import annotations

import os
import select
import socket
import time
from typing import Any, Protocol

from ndojo.sandbox.channel import LENGTH, byte_views
from ndojo.sandbox.errors import ChildTimeout, FrameTooBig

FIRST_BYTES = 1 << 16
# The buffer of a frame grows as bytes arrive, so announcing a long frame does not make the judge allocate memory.
GROWTH_BYTES = 16 << 20

AWAKE_SECONDS = 0.0005
"""How long the judge polls for a reply without sleeping, because waking up takes longer than a quick reply.

It must be short: if the child shares a processor with the judge, the child waits while the judge polls.
"""


class PeerClosed(Exception):
    """The child has ended, or has closed its end of the connection."""


class Connection(Protocol):
    """Sends frames to one child and receives frames from it."""

    def send(self, buffers: tuple[Any, ...], seconds: float) -> None:
        """Send one frame, or raise ChildTimeout or PeerClosed."""

    def receive(self, seconds: float, most: int) -> bytearray:
        """Receive one frame, or raise ChildTimeout, FrameTooBig or PeerClosed."""

    def unhurried(self) -> None:
        """Sleep while waiting for replies from now on, instead of polling."""

    def close(self) -> None:
        """Close the connection."""


def length_of(head: bytes | bytearray, most: int) -> int:
    """Return the length in a frame's head. Raise FrameTooBig if it is larger than `most`."""
    (length,) = LENGTH.unpack_from(head)
    if length > most:
        raise FrameTooBig(f"the answer announced a frame of {length} bytes, but the judge accepts at most {most}")
    return int(length)


class SocketConnection:
    """A connection over a Unix stream socket."""

    def __init__(self, sock: socket.socket) -> None:
        # A socket with a timeout waits on every call, even on calls that must not wait.
        sock.setblocking(False)
        self._socket = sock
        self._buffered = bytearray()
        self._awake_seconds, self._awake_until = AWAKE_SECONDS, 0.0
        self._buffer = memoryview(bytearray(FIRST_BYTES))
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)

    def send(self, buffers: tuple[Any, ...], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        views = byte_views(buffers)
        views.insert(0, memoryview(LENGTH.pack(sum(view.nbytes for view in views))))
        while views:
            try:
                count = self._socket.sendmsg(views[:64], (), socket.MSG_NOSIGNAL)
            except BlockingIOError:
                self._wait_writable(deadline)
                continue
            except OSError as error:
                raise PeerClosed from error
            views = _unsent(views, count)
        self._awake_until = time.monotonic() + self._awake_seconds

    def receive(self, seconds: float, most: int) -> bytearray:
        deadline = time.monotonic() + seconds
        buffered, self._buffered = self._buffered, bytearray()
        while len(buffered) < LENGTH.size:
            buffered += self._buffer[: self._receive_into(self._buffer, deadline)]
        end = LENGTH.size + length_of(buffered, most)
        self._buffered = buffered[end:]
        return self._body(buffered[LENGTH.size : end], end - LENGTH.size, deadline)

    def unhurried(self) -> None:
        self._awake_seconds = 0.0

    def close(self) -> None:
        self._socket.close()

    def _body(self, start: bytearray, length: int, deadline: float) -> bytearray:
        """Receive the rest of a frame. `start` is the part that arrived together with its head."""
        if len(start) == length:
            return start
        have = len(start)
        frame = start + bytearray(min(length, GROWTH_BYTES) - have)
        while have < length:
            if have == len(frame):
                frame += bytes(min(length - have, have))
            with memoryview(frame) as whole:
                have += self._receive_into(whole[have:], deadline)
        return frame

    def _receive_into(self, buffer: memoryview, deadline: float) -> int:
        while True:
            self._wait(deadline)
            try:
                count = self._socket.recv_into(buffer)
            except BlockingIOError:
                continue
            except OSError as error:
                raise PeerClosed from error
            if not count:
                raise PeerClosed
            return count

    def _wait(self, deadline: float) -> None:
        """Wait until data can be read, at most until the deadline."""
        while time.monotonic() < self._awake_until:
            if self._poll.poll(0):
                return
            os.sched_yield()
        _poll_until(self._poll, deadline)

    def _wait_writable(self, deadline: float) -> None:
        poll = select.poll()
        poll.register(self._socket, select.POLLOUT)
        _poll_until(poll, deadline)


def _poll_until(poll: select.poll, deadline: float) -> None:
    # Data that has already arrived is accepted even if the deadline has passed.
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise ChildTimeout("the answer exceeded its time limit")


def _unsent(views: list[memoryview], count: int) -> list[memoryview]:
    """Return what is left of the views after `count` bytes were sent."""
    while views and count >= views[0].nbytes:
        count -= views[0].nbytes
        views = views[1:]
    return [views[0][count:], *views[1:]] if count else views
