"""The judge's side of the zygote: starts it, keeps spare children ready, and learns how children end."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import threading
from collections import deque
from dataclasses import dataclass
from itertools import count
from typing import Any

from ndojo.sandbox import launch, tiers
from ndojo.sandbox.channel import READY, WAKE
from ndojo.sandbox.child import Child
from ndojo.sandbox.connection import SocketConnection
from ndojo.sandbox.errors import SandboxUnavailable
from ndojo.sandbox.exit_status import STOPPED_BY_JUDGE, ExitStatus, RawExit, describe
from ndojo.sandbox.isolation import Isolation
from ndojo.sandbox.limits import Limits
from ndojo.sandbox.scratch import remove_tree
from ndojo.sandbox.zygote_config import ZygoteConfig

PATIENCE_SECONDS = 60.0
GONE = "The zygote process has ended, perhaps because memory ran out. See the system log."
KILLED = RawExit(-9)
RELEASED = ExitStatus(signal.SIGKILL, None, 0.0, 0, STOPPED_BY_JUDGE)


class ZygoteGone(SandboxUnavailable):
    """The zygote has ended unexpectedly."""


@dataclass(frozen=True)
class Spare:
    """A child that waits for an answer."""

    number: int
    pid: int
    sock: socket.socket
    handle: int


class Pool:
    """A running zygote and its spare children. Creating a pool does not wait for the zygote."""

    def __init__(self, plan: ZygoteConfig, spares: int) -> None:
        self._plan, self._spares = plan, spares
        self._lock = threading.Lock()
        self._numbers = count()
        self._ordered = 0
        self._pool: deque[Spare] = deque()
        self._exits: dict[int, RawExit] = {}
        self._released: set[int] = set()
        self._woken: tuple[Spare, Child] | None = None
        self._fork_error: str | None = None
        self._failure: str | None = None
        self._isolation: Isolation | None = None
        self._scratch: str | None = None
        self._control, self._zygote = _start(plan)
        self._messages = select.poll()
        self._messages.register(self._control, select.POLLIN)

    def isolation(self) -> Isolation:
        """Return the isolation that the zygote provides. Waits until the zygote is ready."""
        with self._lock:
            return self._ready()

    def child(self) -> Child:
        """Return the next spare, or a new child if no spare is left."""
        with self._lock:
            self._ready()
            spare = self._take()
            woken, self._woken = self._woken, None
        if woken is not None and woken[0] is spare:
            return woken[1]
        self._wait_until_hardened(spare)
        return self._child_of(spare)

    def _child_of(self, spare: Spare) -> Child:
        limits = self._plan.limits
        return Child(SocketConnection(spare.sock), Forked(self, spare, limits), limits)

    def wake(self) -> None:
        """Make the next spare rehearse and wait for its answer without sleeping. Never waits, so it may do nothing."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            self._read_all()
            spare = self._pool[0] if self._pool else None
            if spare and (self._woken is None or self._woken[0] is not spare):
                self._wake(spare)
        except (SandboxUnavailable, OSError):
            pass  # the error appears again when `child` is called
        finally:
            self._lock.release()

    def _wake(self, spare: Spare) -> None:
        spare.sock.send(WAKE, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        if spare.sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == READY:
            self._wait_until_hardened(spare)
            self._woken = spare, self._child_of(spare)

    def idle_pids(self) -> list[int]:
        """Return the process ids of the spares, once all of them are ready."""
        with self._lock:
            self._ready()
            while self._ordered:
                self._read()
            return [spare.pid for spare in self._pool]

    def end(self, spare: Spare) -> RawExit:
        """Kill one child and return how it ended."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(spare.handle, signal.SIGKILL)
        with self._lock:
            try:
                while spare.number not in self._exits:
                    self._read()
                self._top_up()
            except (SandboxUnavailable, OSError):
                # If the zygote has ended, so have its children.
                return KILLED
            return self._exits.pop(spare.number)

    def release(self, spare: Spare) -> None:
        """Kill one child without waiting for its end or reporting it."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(spare.handle, signal.SIGKILL)
        with self._lock, contextlib.suppress(SandboxUnavailable, OSError):
            self._released.add(spare.number)
            self._read_all()
            self._top_up()
        _close_spare(spare)

    def close(self) -> None:
        """End the zygote, which ends every child."""
        self._control.close()
        try:
            self._zygote.wait(PATIENCE_SECONDS / 10)
        except subprocess.TimeoutExpired:
            self._zygote.kill()
            self._zygote.wait()
        while self._pool:
            _close_spare(self._pool.pop())
        _clean_up(self._scratch)

    def _ready(self) -> Isolation:
        while self._isolation is None:
            self._read()
        return self._isolation

    def _take(self) -> Spare:
        """Return the oldest running spare, which had the most time to warm up. Order new ones if none is left."""
        while True:
            while not self._pool:
                self._top_up(at_least=1)
                self._read()
                self._raise_fork_error()
            spare = self._pool.popleft()
            if not self._died_idle(spare):
                return spare

    def _raise_fork_error(self) -> None:
        """Raise an error if the zygote could not fork the last child."""
        why, self._fork_error = self._fork_error, None
        if why is not None:
            raise SandboxUnavailable(
                f"The sandbox could not start a process: {why}. End some processes or free some memory."
            )

    def _died_idle(self, spare: Spare) -> bool:
        """Return whether a spare was killed after it was ready, for example because memory ran out."""
        if not _ended(spare.handle, 0.0) or spare.sock.recv(1, socket.MSG_PEEK) != READY:
            return False
        self._released.add(spare.number)
        _close_spare(spare)
        return True

    def _wait_until_hardened(self, spare: Spare) -> None:
        """Wait until the child reports that it is hardened. It can be trusted, because it has not run an answer yet."""
        spare.sock.settimeout(PATIENCE_SECONDS)
        word = _receive_from(spare, 1)
        if word == READY:
            return
        if not word and self._zygote.poll() is not None:
            raise ZygoteGone(GONE)
        why = _receive_from(spare, 4096).decode(errors="replace") if word else "it ended before that"
        with self._lock:
            self._released.add(spare.number)
        _close_spare(spare)
        raise SandboxUnavailable(f"A sandbox process could not be isolated: {why}. Choose a weaker tier.")

    def _top_up(self, at_least: int = 0) -> None:
        """Order as many children as are missing."""
        missing = max(self._spares, at_least) - len(self._pool) - self._ordered
        for _ in range(missing):
            self._order(next(self._numbers))

    def _order(self, number: int) -> None:
        try:
            self._control.send(str(number).encode())
        except OSError as error:
            raise ZygoteGone(GONE) from error
        self._ordered += 1

    def _read_all(self) -> None:
        """Read all messages that have arrived, without waiting."""
        while self._messages.poll(0):
            self._read()
        for number in self._released & self._exits.keys():
            self._released.remove(number)
            del self._exits[number]

    def _read(self) -> None:
        """Read one message from the zygote."""
        try:
            text, handles, _, _ = socket.recv_fds(self._control, 1 << 16, 2, socket.MSG_CMSG_CLOEXEC)
        except TimeoutError as error:
            raise SandboxUnavailable(
                f"The zygote process did not reply for {PATIENCE_SECONDS:.0f} seconds. Is the machine overloaded?"
            ) from error
        except ConnectionResetError as error:
            # The zygote ended before it read all orders.
            raise ZygoteGone(GONE) from error
        if not text:
            raise SandboxUnavailable(self._failure) if self._failure else ZygoteGone(GONE)
        self._note(json.loads(text), handles)

    def _note(self, message: dict[str, Any], handles: list[int]) -> None:
        if "spare" in message:
            self._ordered -= 1
            sock, handle = socket.socket(fileno=handles[0]), handles[1]
            self._pool.append(Spare(message["spare"], _pid_of(handle), sock, handle))
        elif "unborn" in message:
            self._ordered -= 1
            self._fork_error = message["why"]
        elif "ended" in message:
            self._exits[message["ended"]] = RawExit(*message["exit"])
        elif "ready" in message:
            facts = message["ready"]
            self._scratch = message["scratch"]
            self._isolation = Isolation.of(facts["tier"], tuple(facts["layers"]), facts["missing"])
            self._top_up()
        else:
            self._failure = _failure(self._plan, message)


class Forked:
    """The process of one child of the zygote."""

    def __init__(self, pool: Pool, spare: Spare, limits: Limits) -> None:
        self._pool, self._spare, self._limits = pool, spare, limits
        self._exit_status: ExitStatus | None = None

    @property
    def pid(self) -> int:
        return self._spare.pid

    def release(self) -> None:
        if self._exit_status is None:
            self._pool.release(self._spare)
            self._exit_status = RELEASED

    def end(self, patience: float) -> ExitStatus:
        if self._exit_status is None:
            alive = not _ended(self._spare.handle, patience)
            exit = self._pool.end(self._spare)
            self._exit_status = describe(exit, self._limits, ended_by_judge=alive)
            os.close(self._spare.handle)
        return self._exit_status


def _receive_from(spare: Spare, most: int) -> bytes:
    """Return the bytes that a child sent, or nothing if it has ended."""
    try:
        return spare.sock.recv(most)
    except ConnectionResetError:
        return b""
    except TimeoutError as error:
        raise SandboxUnavailable(
            f"A sandbox process did not reply for {PATIENCE_SECONDS:.0f} seconds. Is the machine overloaded?"
        ) from error


def _ended(handle: int, seconds: float) -> bool:
    """Return whether the process behind a handle has ended, or ends within `seconds`."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def _pid_of(handle: int) -> int:
    """Return the process id behind a handle, in the judge's pid namespace, or -1 if the process has ended."""
    with open(f"/proc/self/fdinfo/{handle}", encoding="ascii") as file:
        fields = dict(line.split(":", 1) for line in file)
    return int(fields["Pid"])


def _start(plan: ZygoteConfig) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start the zygote, connected by a socket that preserves message boundaries."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(PATIENCE_SECONDS)
    with theirs:
        os.set_inheritable(theirs.fileno(), True)
        config = ZygoteConfig(**vars(plan) | {"control": theirs.fileno()})
        closes = tiers.DESCRIPTORS not in plan.without
        process = subprocess.Popen(
            launch.command("zygote", config.to_json()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=launch.environment(clean=tiers.ENVIRONMENT not in plan.without),
            cwd="/",
            close_fds=closes,
            pass_fds=[theirs.fileno()] if closes else [],
            # Ctrl+C in the terminal must interrupt only the judge, which then closes the sandbox.
            start_new_session=True,
        )
    return ours, process


def _failure(plan: ZygoteConfig, message: dict[str, Any]) -> str:
    tier = f"The tier `{plan.tier}`" if plan.tier else "The sandbox"
    return f"{tier} does not work here: {message['failed']} failed ({message['why']}). {message['advice']}"


def _clean_up(scratch: str | None) -> None:
    """Remove the scratch folders of a zygote that was killed before it could remove them."""
    if scratch is None or not os.path.lexists(scratch):
        return
    parent = os.open(os.path.dirname(scratch), os.O_RDONLY | os.O_CLOEXEC)
    try:
        remove_tree(parent, os.path.basename(scratch))
    finally:
        os.close(parent)


def _close_spare(spare: Spare) -> None:
    spare.sock.close()
    os.close(spare.handle)
