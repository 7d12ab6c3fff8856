"""A copy of ndojo with a small test bank, run as a user runs it, in a pipe or on a terminal."""

from __future__ import annotations

import compileall
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
GOLDEN = ROOT / "tests" / "golden" / "cli"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package and the test bank, compiled and with an index, like an installed one."""
    folder = tmp_path_factory.mktemp("package")
    copy = folder / "ndojo"
    shutil.copytree(ROOT / "src" / "ndojo", copy, ignore=shutil.ignore_patterns("__pycache__", "bank"))
    shutil.copytree(HERE / "bank", copy / "bank", ignore=shutil.ignore_patterns("__pycache__"))
    code = "from ndojo.question import loading; loading.write_index()"
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(folder)}, check=True)
    compileall.compile_dir(copy, quiet=1)
    return folder


@pytest.fixture
def environment(package: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of a user whose data is in the test's own folder."""
    dropped = ("NO_COLOR", "COLUMNS", "NDOJO_TIER", "PYTHONIOENCODING", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"PYTHONPATH": str(package), "NDOJO_DATA": str(tmp_path / "data"), "TERM": "xterm-256color"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder in which the learner works."""
    made = tmp_path / "work"
    made.mkdir()
    return made


@pytest.fixture
def command() -> list[str]:
    """The command that starts ndojo."""
    return [sys.executable, "-m", "ndojo"]


@pytest.fixture
def run(environment: dict[str, str], folder: Path, command: list[str]) -> Run:
    """Run one command as a user does, without a terminal."""

    def once(*arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *arguments], env=environment | more, cwd=folder, input=stdin, capture_output=True, text=True,
            timeout=60, encoding="utf-8", errors="replace",
        )  # fmt: skip

    return once


@pytest.fixture
def answer(folder: Path) -> Callable[[str], Path]:
    """Write an answer to the question every-other."""

    def write(source: str, name: str = "every_other.py") -> Path:
        path = folder / name
        path.write_text(source)
        return path

    return write


def normalised(text: str, *folders: Path) -> str:
    """Return a screen without the parts that differ between runs and machines."""
    for folder in folders:
        text = text.replace(str(folder), "FOLDER")
    text = re.sub(r"\b\d+ ms\b", "N ms", text)
    text = re.sub(r"\b\d+\.\d s\b", "N s", text)
    text = re.sub(r"isolated .*|NOT ISOLATED.*|PARTLY ISOLATED.*", "ISOLATION", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "DATE TIME", text)
    text = re.sub(r"\b\d+ cases\b", "N cases", text)
    text = re.sub(r"^. [\w-]+ .*(?:holds|problems?)$", lambda row: re.sub(r" +[\d./]+", " N", row[0]), text, flags=re.M)
    return re.sub(r"ndojo \d+\.\d+\.\d+", "ndojo VERSION", text)


@pytest.fixture
def golden(package: Path, tmp_path: Path) -> Callable[[str, str], None]:
    """Compare a screen with the saved one. NDOJO_GOLDEN=write saves it, to be reviewed in the diff."""

    def compare(text: str, name: str) -> None:
        path, now = GOLDEN / name, normalised(text, package, tmp_path)
        if os.environ.get("NDOJO_GOLDEN") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(now, encoding="utf-8")
        assert now == path.read_text(encoding="utf-8")

    return compare


# ----------------------------------------------------------------------------------------------------------- terminal


class Terminal:
    """A command on a separate terminal. A context manager: leaving it kills all processes that still run."""

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
        """Type keys."""
        os.write(self._line, keys.encode())

    def see(self, text: str, seconds: float = 20) -> str:
        """Wait until a text is shown. Return what was shown since the last call up to the text, without colors."""
        until = time.monotonic() + seconds
        while text not in plain(self.shown):
            assert time.monotonic() < until and self._read(0.1), f"no {text!r} in:\n{plain(self.shown)}"
        seen = plain(self.shown)
        before, _, self.shown = seen.partition(text)
        return before + text

    def rest(self, seconds: float = 20) -> int:
        """Read until the command has ended, and return its exit status."""
        until = time.monotonic() + seconds
        while self._read(0.1):
            assert time.monotonic() < until, f"it still runs:\n{self.shown}"
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def modes(self) -> int:
        """Return the local modes of the terminal, such as whether it waits for Return."""
        return int(termios.tcgetattr(self._line)[3])

    def _read(self, seconds: float) -> bool:
        """Read available output. Return whether more can follow."""
        if not select.select([self._line], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._line, 65536)
        except OSError:  # the command closed the terminal
            return False
        self.shown += data.decode(errors="replace").replace("\r\n", "\n")
        return bool(data)


def plain(text: str) -> str:
    """Return text without colors, links and other terminal control sequences."""
    return re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;?]*[A-Za-z]", "", text)


def descendants(pid: int) -> set[int]:
    """Return every process below a process at this moment."""
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
    """Return whether all of these processes end in time."""
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


@pytest.fixture
def terminal(command: list[str], folder: Path, environment: dict[str, str]) -> Callable[..., Terminal]:
    """Start a command on a terminal."""

    def start(*arguments: str, columns: int = 80, **more: str) -> Terminal:
        return Terminal([*command, *arguments], folder, environment | more, columns)

    return start


@pytest.fixture
def processes_below() -> Callable[[int], set[int]]:
    return descendants


@pytest.fixture
def are_gone() -> Callable[[set[int]], bool]:
    return gone
