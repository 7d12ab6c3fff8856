"""The child's end of the connection: frames of bytes to and from the judge."""

from __future__ import annotations

import os
import select
import struct
import time
from collections.abc import Callable, Iterable
from typing import Any

LENGTH = struct.Struct("<Q")
READ_BYTES = 1 << 16
# A forked child's first byte says whether it is hardened. If not, the reason follows.
READY, FAILED = b"\x01", b"\x00"
WAKE = LENGTH.pack((1 << 64) - 1)
"""Sent instead of a frame: an answer will follow soon."""
REHEARSALS = 2
"""The first rehearsal loads code and data into the processor's caches. The second is four times faster."""
ZYGOTE_REHEARSALS = 20
"""How often the zygote rehearses. The interpreter specializes code that runs often, which writes to its memory pages.

Without enough rehearsals, each child would specialize the code again in its own copies of these pages.
"""
PRACTICE_BYTES = 300
AWAKE_SECONDS = 0.01
"""How long a woken child polls without sleeping: about as long as it takes to write an answer to disk."""


def byte_views(buffers: Iterable[Any]) -> list[memoryview]:
    """Return a flat view of the bytes of each buffer that is not empty."""
    views = [memoryview(buffer) for buffer in buffers]
    # An array with a zero in its shape cannot be cast.
    return [view.cast("B") for view in views if view.nbytes]


class Channel:
    """Sends and receives frames over two file descriptors, which may be equal.

    A frame is its length as eight little-endian bytes, followed by that many bytes.
    """

    def __init__(self, reads: int, writes: int, rehearse: Callable[[], None] | None = None) -> None:
        self._reads, self._writes, self._rehearse = reads, writes, rehearse
        self._buffered = b""

    def receive(self) -> bytearray:
        """Return the judge's next frame. Raise EOFError if the judge has closed the connection."""
        buffered = self._read_frame_start()
        (length,) = LENGTH.unpack_from(buffered)
        end = LENGTH.size + length
        frame = bytearray(length)
        have = min(len(buffered), end) - LENGTH.size
        frame[:have] = buffered[LENGTH.size : end]
        self._buffered = buffered[end:]
        self._fill(memoryview(frame)[have:])
        return frame

    def send(self, *buffers: Any) -> None:
        """Send one frame that consists of the given buffers, in order."""
        views = byte_views(buffers)
        self._write_all([memoryview(LENGTH.pack(sum(view.nbytes for view in views))), *views])

    def _read_frame_start(self) -> bytes:
        """Return the start of the next frame, at least its length field. Rehearse if a wake message comes first."""
        buffered = self._buffered
        while True:
            while len(buffered) < LENGTH.size:
                buffered += self._read_some()
            if not buffered.startswith(WAKE):
                return buffered
            buffered = buffered[LENGTH.size :]
            if not buffered and self._rehearse is not None:
                rehearse(self._rehearse, REHEARSALS)
                self._poll_awake()

    def _poll_awake(self) -> None:
        """Poll for the next frame without sleeping. During sleep, other programs replace the contents of the caches."""
        poll, until = select.poll(), time.monotonic() + AWAKE_SECONDS
        poll.register(self._reads, select.POLLIN)
        while not poll.poll(0) and time.monotonic() < until:
            continue

    def _read_some(self) -> bytes:
        data = os.read(self._reads, READ_BYTES)
        if not data:
            raise EOFError("the judge has closed the connection")
        return data

    def _fill(self, rest: memoryview) -> None:
        while rest.nbytes:
            if hasattr(os, "readv"):
                count = os.readv(self._reads, [rest])
            else:
                count = len(data := os.read(self._reads, min(rest.nbytes, READ_BYTES)))
                rest[:count] = data
            if not count:
                raise EOFError("the judge has closed the connection")
            rest = rest[count:]

    def _write(self, views: list[memoryview]) -> int:
        if hasattr(os, "writev"):
            return os.writev(self._writes, views[:64])
        return os.write(self._writes, views[0])

    def _write_all(self, views: list[memoryview]) -> None:
        while views:
            count = self._write(views)
            while views and count >= views[0].nbytes:
                count -= views.pop(0).nbytes
            if count:
                views[0] = views[0][count:]


class _SilentChannel(Channel):
    """A channel without a peer, for rehearsing the steps of a real channel."""

    def practice(self) -> None:
        """Receive one frame and send two."""
        self._buffered = LENGTH.pack(PRACTICE_BYTES) + bytes(PRACTICE_BYTES)
        frame = self.receive()
        self.send(b"L", frame)
        self.send(b"D", frame, b"", frame)

    def _write(self, views: list[memoryview]) -> int:
        return sum(view.nbytes for view in views)


def rehearse(program: Callable[[], None], times: int) -> None:
    """Run `program` and the channel as a verdict does, `times` times, without sending anything."""
    channel = _SilentChannel(-1, -1)
    for _ in range(times):
        channel.practice()
        program()
