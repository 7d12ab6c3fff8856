"""A terminal that a test sits at."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from pathlib import Path
from types import TracebackType


class Terminal:
    """A command on a terminal of its own. A context manager: leaving it kills what still runs."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str], columns: int = 80) -> None:
        self.shown = ""
        self.status: int | None = None
        self.pid, self._line = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
            os.chdir(folder)
            os.execve(command[0], command, environment)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._line)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._line, keys.encode())

    def see(self, text: str, seconds: float = 20) -> str:
        """Wait until a text is shown; returns what was shown up to there since the last time, without colours."""
        until = time.monotonic() + seconds
        while text not in plain(self.shown):
            assert time.monotonic() < until and self._read(0.1), f"no {text!r} in:\n{plain(self.shown)}"
        seen = plain(self.shown)
        before, _, self.shown = seen.partition(text)
        return before + text

    def rest(self, seconds: float = 20) -> int:
        """Read until the command has ended; its exit status."""
        until = time.monotonic() + seconds
        while self._read(0.1):
            assert time.monotonic() < until, f"it still runs:\n{self.shown}"
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def modes(self) -> int:
        """The local modes of the terminal, such as whether it waits for Return."""
        return int(termios.tcgetattr(self._line)[3])

    def _read(self, seconds: float) -> bool:
        """Take in what is there; whether there may be more to come."""
        if not select.select([self._line], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._line, 65536)
        except OSError:  # the other end is closed
            return False
        self.shown += data.decode(errors="replace").replace("\r\n", "\n")
        return bool(data)


def plain(text: str) -> str:
    """Text without colours, links and other commands to the terminal."""
    return re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;?]*[A-Za-z]", "", text)


def descendants(pid: int) -> set[int]:
    """Every process below one, as they stand now."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    below = {pid}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
    return below - {pid}


def gone(pids: set[int], seconds: float = 5) -> bool:
    """Whether all of these processes end in time."""
    until = time.monotonic() + seconds
    while any(_lives(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _lives(pid: int) -> bool:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] != "Z"
