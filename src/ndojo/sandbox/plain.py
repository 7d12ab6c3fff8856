"""The plain tier: one new interpreter per child. It is portable but isolates nothing; use it for your own code only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections import deque
from dataclasses import dataclass

from ndojo.sandbox import launch, tiers
from ndojo.sandbox.child import Child
from ndojo.sandbox.connection import PeerClosed
from ndojo.sandbox.errors import ChildTimeout, SandboxUnavailable
from ndojo.sandbox.exit_status import ExitStatus, RawExit, describe
from ndojo.sandbox.isolation import Isolation
from ndojo.sandbox.limits import Limits
from ndojo.sandbox.pipes import PipeConnection
from ndojo.sandbox.zygote_config import ZygoteConfig

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Spare:
    """A started interpreter, its scratch folder and the pipes to it."""

    process: subprocess.Popen[bytes]
    folder: tempfile.TemporaryDirectory[str]
    connection: PipeConnection


class PlainLauncher:
    """Starts interpreters in advance. `why` says why no stronger tier is used."""

    def __init__(self, plan: ZygoteConfig, spares: int, why: str = "not part of the tier `plain`") -> None:
        self._plan, self._spares, self._why = plan, spares, why
        self._lock = threading.Lock()
        self._pool: deque[Spare] = deque()
        self._living: set[PlainProcess] = set()
        self._top_up(spares)

    def isolation(self) -> Isolation:
        layers = tuple(layer for layer in tiers.PROMISED["plain"] if layer not in self._plan.without)
        missing = {layer: self._why for layer in tiers.ALL_LAYERS if layer not in layers}
        return Isolation.of("plain", layers, missing | self._plan.left_out())

    def child(self) -> Child:
        with self._lock:
            spare = self._pool.popleft() if self._pool else _start(self._plan)
        process = PlainProcess(self, spare, self._plan.limits)
        self._living.add(process)
        child = Child(spare.connection, process, self._plan.limits)
        _wait_until_loaded(spare, child)
        return child

    def wake(self) -> None:
        """Do nothing: starting an interpreter takes far longer than waking one could save."""

    def idle_pids(self) -> list[int]:
        return [spare.process.pid for spare in self._pool]

    def refill(self) -> None:
        """Refill the pool of waiting interpreters, while no caller waits."""
        self._top_up(self._spares)

    def forget(self, process: PlainProcess) -> None:
        """Record that a child has ended."""
        self._living.discard(process)

    def close(self) -> None:
        self._spares = 0
        while self._pool:
            PlainProcess(self, self._pool.pop(), self._plan.limits).end(0.0)
        for process in list(self._living):
            process.end(0.0)

    def _top_up(self, wanted: int) -> None:
        with self._lock:
            while len(self._pool) < wanted:
                self._pool.append(_start(self._plan))


class PlainProcess:
    """The process of one child."""

    def __init__(self, launcher: PlainLauncher, spare: Spare, limits: Limits) -> None:
        self._launcher, self._spare, self._limits = launcher, spare, limits
        self._exit_status: ExitStatus | None = None

    @property
    def pid(self) -> int:
        return self._spare.process.pid

    def release(self) -> None:
        self.end(0.0)

    def end(self, patience: float) -> ExitStatus:
        if self._exit_status is None:
            exit, alive = _finish(self._spare.process, patience)
            self._exit_status = describe(exit, self._limits, ended_by_judge=alive)
            self._launcher.forget(self)
            self._spare.connection.close()
            self._spare.folder.cleanup()
            self._launcher.refill()
        return self._exit_status


def _start(plan: ZygoteConfig) -> Spare:
    """Start one interpreter in a new scratch folder."""
    folder = tempfile.TemporaryDirectory(prefix="ndojo-", ignore_cleanup_errors=True)
    process = subprocess.Popen(
        launch.command("plain_child", plan.to_json()),
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=launch.environment(clean=tiers.ENVIRONMENT not in plan.without),
        cwd=folder.name,
        close_fds=tiers.DESCRIPTORS not in plan.without,
        # Ctrl+C in the terminal must interrupt only the judge, which then ends its children.
        start_new_session=True,
    )
    assert process.stdin is not None and process.stdout is not None
    return Spare(process, folder, PipeConnection(process.stdout, process.stdin, plan.limits.frame_bytes))


def _wait_until_loaded(spare: Spare, child: Child) -> None:
    """Wait until the child reports that its program is loaded."""
    try:
        problem = json.loads(spare.connection.receive(PATIENCE_SECONDS, 1 << 20))
    except (PeerClosed, ChildTimeout) as error:
        raise SandboxUnavailable(f"An interpreter of the plain tier did not start: it {child.end().reason}.") from error
    if problem is not None:
        child.end()
        raise SandboxUnavailable(f"An interpreter of the plain tier did not start:\n{problem}")


def _finish(process: subprocess.Popen[bytes], patience: float) -> tuple[RawExit, bool]:
    """Kill and reap a process. Return how it ended, and whether it was still running."""
    if hasattr(os, "wait4"):
        return _finish_with_usage(process, patience)
    try:
        return RawExit(process.wait(patience)), False
    except subprocess.TimeoutExpired:
        process.kill()
        return RawExit(process.wait()), True


def _finish_with_usage(process: subprocess.Popen[bytes], patience: float) -> tuple[RawExit, bool]:
    """Do the same, and also return the CPU time and memory, which `Popen` does not report."""
    deadline = time.monotonic() + patience
    pid, status, usage = os.wait4(process.pid, os.WNOHANG)
    while not pid and time.monotonic() < deadline:
        time.sleep(0.001)
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
    alive = not pid
    if alive:
        # `process.kill` would reap a child that has just ended, and lose its resource usage.
        os.kill(process.pid, signal.SIGKILL)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if os.uname().sysname == "Darwin" else 1024
    exit = RawExit(process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)
    return exit, alive
