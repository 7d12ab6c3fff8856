"""Sandboxes shared between tests, and resources outside them that answers must not reach."""

from __future__ import annotations

import ctypes
import os
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ndojo
from ndojo.sandbox import Limits, Sandbox, SandboxUnavailable

PROGRAM = "ndojo.sandbox.probe:serve"
# Small limits are exhausted quickly. Only one test uses up the CPU time.
LIMITS = Limits(
    memory_bytes=256 << 20,
    cpu_seconds=2,
    file_bytes=8 << 20,
    box_bytes=16 << 20,
    frame_bytes=32 << 20,
)
SECRET = "the expected value is 42"


def is_running(pid: int) -> bool:
    """Return whether a process is alive. A process that only waits to be reaped is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Sandboxes:
    """Sandboxes by tier and missing layers. They start when first used and run until the end."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, frozenset[str]], Sandbox] = {}

    def get(self, tier: str, without: frozenset[str] = frozenset()) -> Sandbox:
        """Return the sandbox, or skip the test if this machine cannot provide it."""
        key = (tier, without)
        if key not in self._open:
            self._open[key] = Sandbox(tier, program=PROGRAM, limits=LIMITS, without=without, spares=1)
        try:
            assert self._open[key].isolation.tier == tier
        except SandboxUnavailable as error:
            pytest.skip(str(error))
        return self._open[key]

    def close(self) -> None:
        for sandbox in self._open.values():
            sandbox.close()


@pytest.fixture(scope="session")
def sandboxes(facts: dict[str, Any]) -> Iterator[Sandboxes]:
    """All sandboxes, started after the secrets are created."""
    shared = Sandboxes()
    yield shared
    shared.close()


@pytest.fixture
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    """A sandbox of the strongest tier."""
    return sandboxes.get("full")


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Servers, shared memory and secrets of the judge, with the names that an attempt's source uses."""
    folder = tmp_path_factory.mktemp("outside")
    servers = _servers(folder)
    secret = _secret_file(folder)
    memory = _shared_memory()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NDOJO_TEST_SECRET", SECRET)
        yield {
            "JUDGE": os.getpid(),
            "OWN_FILE": ndojo.__file__,
            "VICTIM": _victim(folder),
            "ZIP_FILE": _zip_file(folder),
            "PORT": servers[0].getsockname()[1],
            "ABSTRACT": servers[1].getsockname()[1:].decode(),
            "SOCKET_FILE": servers[2].getsockname(),
            "SHARED_MEMORY": memory,
            # Reversed, so that the source does not contain the string that it searches for.
            "SECRET_REVERSED": SECRET[::-1],
            "SECRET_DESCRIPTOR": secret,
        }
    _forget_shared_memory(memory)
    os.close(secret)
    for server in servers:
        server.close()


def _servers(folder: Path) -> list[socket.socket]:
    """Listeners on the loopback address, an abstract socket name and a file."""
    servers = [socket.socket(), socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
    path = f"/tmp/ndojo-escape-{os.getpid()}.socket"
    for server, place in zip(servers, [("127.0.0.1", 0), f"\0ndojo-{os.getpid()}", path], strict=True):
        server.bind(place)
        server.listen(64)
    os.chmod(path, 0o777)
    return servers


def _secret_file(folder: Path) -> int:
    """A descriptor that child programs inherit unless it is closed."""
    (folder / "secret").write_text(SECRET)
    handle = os.open(folder / "secret", os.O_RDONLY)
    # Far from the descriptors that the sandbox uses.
    secret = os.dup2(handle, 40)
    os.close(handle)
    return secret


def _victim(folder: Path) -> str:
    """A file that belongs to the judge."""
    (folder / "victim").write_text("untouched")
    return str(folder / "victim")


def _zip_file(folder: Path) -> str:
    with zipfile.ZipFile(folder / "modules.zip", "w") as archive:
        archive.writestr("hidden.py", f"ANSWER = {SECRET!r}")
    return str(folder / "modules.zip")


def _shared_memory() -> int:
    libc = ctypes.CDLL(None)
    return int(libc.shmget(0, 4096, 0o1666))


def _forget_shared_memory(number: int) -> None:
    ctypes.CDLL(None).shmctl(number, 0, None)
