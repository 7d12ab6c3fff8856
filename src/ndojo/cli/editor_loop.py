"""Loops for one task: a file that is judged at each save, or a text that is saved at each key."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ndojo.cli.keys import Keys
from ndojo.cli.watch import POLL_SECONDS, Stamp, settled, stamp

Does = Mapping[str, Callable[[], bool]]
"""The action of each key. It returns True to end the loop."""

BACKSPACES, ENDS, ERASES = "\x7f\b", "\x04", "\x15"


def never() -> bool:
    """An action that does not end the loop."""
    return False


def watch_file(
    keys: Keys, path: Path, seen: Stamp | None, on_save: Callable[[], None], does: Does, on_beat: Callable[[], bool]
) -> str:
    """Watch a file until a key ends the loop. Return that key, or an empty string if `on_beat` ended it.

    `on_save` is called after each save since `seen`, and `on_beat` several times per second.
    """
    while True:
        key = keys.read(POLL_SECONDS)
        if key in does and does[key]():
            return key
        if stamp(path) not in (None, seen):
            seen = settled(path, keys)
            on_save()
        if on_beat():
            return ""


class Writer:
    """A text input that reads single keys, breaks long lines, and supports backspace.

    Parameters
    ----------
    keys : Keys
    width : int
        Length of a line.
    on_change : callable
        Called with the whole text after each key.
    on_beat : callable
        Called several times per second. Returning True ends the input.
    """

    def __init__(
        self, keys: Keys, width: int, on_change: Callable[[str], None], on_beat: Callable[[], bool] = never
    ) -> None:
        self._keys, self._width, self._on_change, self._on_beat = keys, width, on_change, on_beat
        self._lines = [""]

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def write(self, begun: str = "") -> str:
        """Return the text when Ctrl+D is pressed or a line contains a single full stop."""
        for letter in begun:
            self._take(letter)
        self._flush()
        while not self._on_beat():
            typed = self._keys.typed(POLL_SECONDS)
            for place, letter in enumerate(typed, 1):
                if letter in ENDS or (letter == "\n" and self._lines[-1] == "."):
                    self._keys.unread(typed[place:])
                    return self._ended(letter)
                self._take(letter)
            if typed:
                # Saved before it is shown, so that text on the screen is never lost.
                self._on_change(self.text)
                self._flush()
        return self._ended("")

    def _ended(self, letter: str) -> str:
        if letter == "\n":
            self._lines.pop()
        sys.stdout.write("\n")
        self._flush()
        text = self.text.strip("\n")
        self._on_change(text)
        return text

    def _take(self, letter: str) -> None:
        if letter in BACKSPACES:
            self._rub_out()
        elif letter == ERASES:
            while self._lines[-1]:
                self._rub_out()
        elif letter == "\n":
            self._break("")
        elif letter.isprintable():
            self._put(letter)

    def _put(self, letter: str) -> None:
        line = self._lines[-1]
        if len(line) >= self._width:
            head, gap, word = line.rpartition(" ")
            if not gap:
                head, word = line, ""
            self._show("\b \b" * len(word))
            self._lines[-1] = head
            self._break(word)
        self._lines[-1] += letter
        self._show(letter)

    def _break(self, word: str) -> None:
        """Start a new line with the word that did not fit on the last line."""
        self._lines.append(word)
        self._show("\n" + word)

    def _rub_out(self) -> None:
        if self._lines[-1]:
            self._lines[-1] = self._lines[-1][:-1]
            self._show("\b \b")
        elif len(self._lines) > 1:
            self._lines.pop()
            # Move up to the end of the previous line.
            self._show(f"\x1b[A\r{self._lines[-1]}")

    def _show(self, text: str) -> None:
        sys.stdout.write(text)

    def _flush(self) -> None:
        sys.stdout.flush()
