"""The judge's end of a pair of pipes, for systems without Unix sockets. Threads wait for the pipes."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from typing import IO, Any

from ndojo.sandbox.channel import LENGTH, byte_views
from ndojo.sandbox.connection import GROWTH_BYTES, PeerClosed, length_of
from ndojo.sandbox.errors import ChildTimeout, FrameTooBig


class PipeConnection:
    """A connection over two pipes. It holds at most one unread frame; a child that sends more must wait."""

    def __init__(self, reads: IO[bytes], writes: IO[bytes], most: int) -> None:
        self._reads, self._writes, self._most = reads, writes, most
        self._frames: queue.Queue[bytearray | FrameTooBig | None] = queue.Queue(maxsize=1)
        self._tasks: queue.Queue[list[memoryview] | None] = queue.Queue()
        self._sent: queue.Queue[bool] = queue.Queue()
        self._closed = False
        for work in (self._read_frames, self._write_frames):
            threading.Thread(target=_until_closed, args=(work,), daemon=True).start()

    def send(self, buffers: tuple[Any, ...], seconds: float) -> None:
        views = byte_views(buffers)
        self._tasks.put([memoryview(LENGTH.pack(sum(view.nbytes for view in views))), *views])
        try:
            if not self._sent.get(timeout=seconds):
                raise PeerClosed
        except queue.Empty as error:
            raise ChildTimeout("the answer did not read a message in time") from error

    def receive(self, seconds: float, most: int) -> bytearray:
        try:
            frame = self._frames.get(timeout=max(seconds, 0.0))
        except queue.Empty as error:
            raise ChildTimeout("the answer exceeded its time limit") from error
        if isinstance(frame, FrameTooBig):
            raise frame
        if frame is None:
            raise PeerClosed
        return frame

    def unhurried(self) -> None:
        """Do nothing: a caller that waits for a thread already sleeps."""

    def close(self) -> None:
        """Stop both threads. The child must have ended, because its end wakes them."""
        self._closed = True
        self._tasks.put(None)
        with contextlib.suppress(queue.Empty):
            self._frames.get_nowait()

    def _read_frames(self) -> None:
        """Put each frame into the queue, and None at the end of the pipe."""
        while not self._closed:
            frame = self._read_frame()
            self._frames.put(frame)
            if not isinstance(frame, bytearray):
                break
        self._reads.close()

    def _read_frame(self) -> bytearray | FrameTooBig | None:
        head = self._read(LENGTH.size)
        if len(head) < LENGTH.size:
            return None
        try:
            length = length_of(head, self._most)
        except FrameTooBig as error:
            return error
        body = self._read(length)
        return body if len(body) == length else None

    def _read(self, length: int) -> bytearray:
        """Read `length` bytes, or fewer if the pipe ends first."""
        found = bytearray()
        while len(found) < length and (data := self._reads.read(min(length - len(found), GROWTH_BYTES))):
            found += data
        return found

    def _write_frames(self) -> None:
        """Write each frame in the queue, and report whether that worked."""
        while (views := self._tasks.get()) is not None:
            self._sent.put(self._write(views))
        self._writes.close()

    def _write(self, views: list[memoryview]) -> bool:
        try:
            for view in views:
                while view.nbytes:
                    view = view[self._writes.write(view) :]
        except (OSError, ValueError):
            return False
        return True


def _until_closed(work: Callable[[], None]) -> None:
    """Run the work of one thread until its pipe is closed."""
    with contextlib.suppress(OSError, ValueError):
        work()
