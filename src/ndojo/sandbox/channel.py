"""The child's end of the line: frames of bytes to and from the judge."""

from __future__ import annotations

import os
import select
import struct
import time
from collections.abc import Callable, Iterable
from typing import Any

LENGTH = struct.Struct("<Q")
AT_ONCE = 1 << 16
# A forked child's first byte: whether its walls are up. The reason follows if they are not.
READY, FAILED = b"\x01", b"\x00"
WAKE = LENGTH.pack((1 << 64) - 1)
"""In place of a frame: an answer is on its way."""
REHEARSALS = 2
"""The first time through fetches code and data into the processor's caches; the second is four times as quick."""
SETTLING = 20
"""So often the zygote rehearses: the interpreter adapts its code to use, and a child would do so in its own pages."""
PRACTICE_BYTES = 300
AWAKE_SECONDS = 0.01
"""How long a woken child polls without sleeping: about the time that writing an answer to the disk takes."""


def byte_views(buffers: Iterable[Any]) -> list[memoryview]:
    """Flat views of the bytes of those buffers that have any."""
    views = [memoryview(buffer) for buffer in buffers]
    # Arrays with a zero in their shape cannot be cast.
    return [view.cast("B") for view in views if view.nbytes]


class Channel:
    """Frames over two file descriptors, which may be the same one.

    A frame is its length as eight bytes, little-endian, and then that many bytes.
    """

    def __init__(self, reads: int, writes: int, rehearse: Callable[[], None] | None = None) -> None:
        self._reads, self._writes, self._rehearse = reads, writes, rehearse
        self._early = b""

    def receive(self) -> bytearray:
        """The judge's next frame. Raises EOFError if the judge has hung up."""
        early = self._some_of_a_frame()
        (length,) = LENGTH.unpack_from(early)
        end = LENGTH.size + length
        frame = bytearray(length)
        have = min(len(early), end) - LENGTH.size
        frame[:have] = early[LENGTH.size : end]
        self._early = early[end:]
        self._fill(memoryview(frame)[have:])
        return frame

    def send(self, *buffers: Any) -> None:
        """One frame made of the given buffers, end to end."""
        views = byte_views(buffers)
        self._write_all([memoryview(LENGTH.pack(sum(view.nbytes for view in views))), *views])

    def _some_of_a_frame(self) -> bytes:
        """The start of the next frame, at least its length; a call to get ready is heeded on the way."""
        early = self._early
        while True:
            while len(early) < LENGTH.size:
                early += self._some()
            if not early.startswith(WAKE):
                return early
            early = early[LENGTH.size :]
            if not early and self._rehearse is not None:
                rehearse(self._rehearse, REHEARSALS)
                self._look_out()

    def _look_out(self) -> None:
        """Wait for the next frame awake: a process that sleeps finds the processor's caches full of others' data."""
        poll, until = select.poll(), time.monotonic() + AWAKE_SECONDS
        poll.register(self._reads, select.POLLIN)
        while not poll.poll(0) and time.monotonic() < until:
            continue

    def _some(self) -> bytes:
        data = os.read(self._reads, AT_ONCE)
        if not data:
            raise EOFError("the judge has hung up")
        return data

    def _fill(self, rest: memoryview) -> None:
        while rest.nbytes:
            if hasattr(os, "readv"):
                count = os.readv(self._reads, [rest])
            else:
                count = len(data := os.read(self._reads, min(rest.nbytes, AT_ONCE)))
                rest[:count] = data
            if not count:
                raise EOFError("the judge has hung up")
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
    """A line without a receiver, on which the moves of a real one are practiced."""

    def practice(self) -> None:
        """Receive a frame and send two."""
        self._early = LENGTH.pack(PRACTICE_BYTES) + bytes(PRACTICE_BYTES)
        frame = self.receive()
        self.send(b"L", frame)
        self.send(b"D", frame, b"", frame)

    def _write(self, views: list[memoryview]) -> int:
        return sum(view.nbytes for view in views)


def rehearse(program: Callable[[], None], times: int) -> None:
    """Do what a verdict will do: `program` its own part, over a line without a receiver."""
    line = _SilentChannel(-1, -1)
    for _ in range(times):
        line.practice()
        program()
