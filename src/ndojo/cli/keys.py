"""Read single keys from a terminal without waiting for Return."""

from __future__ import annotations

import codecs
import os
import re
import sys
import time
from types import TracebackType
from typing import Any

ESCAPES = re.compile(r"\x1b(\[[0-9;]*[A-Za-z~]|O[A-Za-z])?")


class Keys:
    """A context manager that reads single keys and restores the terminal on exit."""

    def __init__(self) -> None:
        self._before: Any = None
        self._pressed = ""
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        self.are_read = sys.stdin.isatty() and sys.stdout.isatty()

    def __enter__(self) -> Keys:
        if self.are_read and sys.platform != "win32":
            import termios
            import tty

            self._before = termios.tcgetattr(sys.stdin)
            # Not raw mode, so that Ctrl+C and Ctrl+Z keep their effect.
            tty.setcbreak(sys.stdin)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None and sys.platform != "win32":
            import termios

            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)

    def read(self, seconds: float) -> str:
        """Return the key pressed within the given seconds, or an empty string."""
        if not self.are_read:
            time.sleep(seconds)
        elif not self._pressed:
            # Escape and arrow keys arrive as control sequences. ndojo does not use them, so they are removed.
            self._pressed = ESCAPES.sub("", self._arrived(seconds)).lower()
        key, self._pressed = self._pressed[:1], self._pressed[1:]
        return key

    def typed(self, seconds: float) -> str:
        """Return the text typed or pasted within the given seconds, or an empty string."""
        if not self.are_read:
            time.sleep(seconds)
            return ""
        before, self._pressed = self._pressed, ""
        return before + ESCAPES.sub("", self._arrived(0.0 if before else seconds))

    def unread(self, text: str) -> None:
        """Put text back, so that the next call reads it first."""
        self._pressed = text + self._pressed

    def _arrived(self, seconds: float) -> str:
        """Return the decoded input. An incomplete character waits for its remaining bytes."""
        came = _windows_key(seconds) if sys.platform == "win32" else self._decode(_posix_bytes(seconds))
        return came.replace("\r", "\n")


def _posix_bytes(seconds: float) -> bytes:
    import select

    if not select.select([sys.stdin], [], [], seconds)[0]:
        return b""
    return os.read(sys.stdin.fileno(), 1024)


def _windows_key(seconds: float) -> str:
    import importlib

    console = importlib.import_module("msvcrt")
    until = time.monotonic() + seconds
    while not console.kbhit():
        if time.monotonic() > until:
            return ""
        time.sleep(0.02)
    return str(console.getwch())
