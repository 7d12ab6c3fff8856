"""The judge's side of the zygote: starts it, keeps spares at hand, and learns how children end."""

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
from ndojo.sandbox.exit_status import ExitStatus, RawExit, describe
from ndojo.sandbox.isolation import Isolation
from ndojo.sandbox.limits import Limits
from ndojo.sandbox.scratch import remove_tree
from ndojo.sandbox.zygote_config import ZygoteConfig

PATIENCE_SECONDS = 60.0
GONE = "The zygote has ended. See the system's log: memory may have run out."
KILLED = RawExit(-9)
RELEASED = ExitStatus(signal.SIGKILL, None, 0.0, 0, "was ended by the judge (SIGKILL)")


class ZygoteGone(SandboxUnavailable):
    """The zygote has ended although it was not told to."""


@dataclass(frozen=True)
class Spare:
    """A child that waits for an answer."""

    number: int
    pid: int
    line: socket.socket
    handle: int


class Pool:
    """A running zygote and its spares. Starting it does not wait for it."""

    def __init__(self, plan: ZygoteConfig, spares: int) -> None:
        self._plan, self._spares = plan, spares
        self._lock = threading.Lock()
        self._numbers = count()
        self._ordered = 0
        self._pool: deque[Spare] = deque()
        self._exits: dict[int, RawExit] = {}
        self._released: set[int] = set()
        self._roused: tuple[Spare, Child] | None = None
        self._unborn: str | None = None
        self._failure: str | None = None
        self._isolation: Isolation | None = None
        self._scratch: str | None = None
        self._control, self._zygote = _start(plan)
        self._messages = select.poll()
        self._messages.register(self._control, select.POLLIN)

    def isolation(self) -> Isolation:
        """What the zygote has put up; waits until it is ready."""
        with self._lock:
            return self._ready()

    def child(self) -> Child:
        """The next spare, or a fresh child if none is left."""
        with self._lock:
            self._ready()
            spare = self._take()
            roused, self._roused = self._roused, None
        if roused is not None and roused[0] is spare:
            return roused[1]
        self._hear(spare)
        return self._child_of(spare)

    def _child_of(self, spare: Spare) -> Child:
        limits = self._plan.limits
        return Child(SocketConnection(spare.line), Forked(self, spare, limits), limits)

    def rouse(self) -> None:
        """Have the next spare rehearse and look out for its answer; does not wait, and may do nothing."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            self._read_all()
            spare = self._pool[0] if self._pool else None
            if spare and (self._roused is None or self._roused[0] is not spare):
                self._rouse(spare)
        except (SandboxUnavailable, OSError):
            pass  # any error shows when the child is asked for
        finally:
            self._lock.release()

    def _rouse(self, spare: Spare) -> None:
        spare.line.send(WAKE, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        if spare.line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == READY:
            self._hear(spare)
            self._roused = spare, self._child_of(spare)

    def idle_pids(self) -> list[int]:
        """Process ids of the spares, once all of them wait."""
        with self._lock:
            self._ready()
            while self._ordered:
                self._read()
            return [spare.pid for spare in self._pool]

    def end(self, spare: Spare) -> RawExit:
        """Kill one child and learn how it ended."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(spare.handle, signal.SIGKILL)
        with self._lock:
            try:
                while spare.number not in self._exits:
                    self._read()
                self._top_up()
            except (SandboxUnavailable, OSError):
                # A zygote that has ended took its children with it.
                return KILLED
            return self._exits.pop(spare.number)

    def release(self, spare: Spare) -> None:
        """Kill one child whose end is not reported, without waiting until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(spare.handle, signal.SIGKILL)
        with self._lock, contextlib.suppress(SandboxUnavailable, OSError):
            self._released.add(spare.number)
            self._read_all()
            self._top_up()
        _let_go(spare)

    def close(self) -> None:
        """End the zygote and with it every child."""
        self._control.close()
        try:
            self._zygote.wait(PATIENCE_SECONDS / 10)
        except subprocess.TimeoutExpired:
            self._zygote.kill()
            self._zygote.wait()
        while self._pool:
            _let_go(self._pool.pop())
        _clean_up(self._scratch)

    def _ready(self) -> Isolation:
        while self._isolation is None:
            self._read()
        return self._isolation

    def _take(self) -> Spare:
        """The oldest living spare, which has had most time to warm up; orders more once the last one leaves."""
        while True:
            while not self._pool:
                self._top_up(at_least=1)
                self._read()
                self._check_births()
            spare = self._pool.popleft()
            if not self._died_idle(spare):
                return spare

    def _check_births(self) -> None:
        """Raise the zygote's reason for the last child that it could not fork, if one exists."""
        why, self._unborn = self._unborn, None
        if why is not None:
            raise SandboxUnavailable(f"No child could be started: {why}. Free some processes or memory.")

    def _died_idle(self, spare: Spare) -> bool:
        """Whether a spare was killed after it was ready, for instance when memory ran out."""
        if not _ended(spare.handle, 0.0) or spare.line.recv(1, socket.MSG_PEEK) != READY:
            return False
        self._released.add(spare.number)
        _let_go(spare)
        return True

    def _hear(self, spare: Spare) -> None:
        """Wait for the child's word that its walls are up. It has not met an answer: it can be believed."""
        spare.line.settimeout(PATIENCE_SECONDS)
        word = _said(spare, 1)
        if word == READY:
            return
        if not word and self._zygote.poll() is not None:
            raise ZygoteGone(GONE)
        why = _said(spare, 4096).decode(errors="replace") if word else "it ended first"
        with self._lock:
            self._released.add(spare.number)
        _let_go(spare)
        raise SandboxUnavailable(f"A child could not put up its walls: {why}. Ask for a weaker tier.")

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
        """Take note of what has been said already, without waiting."""
        while self._messages.poll(0):
            self._read()
        for number in self._released & self._exits.keys():
            self._released.remove(number)
            del self._exits[number]

    def _read(self) -> None:
        """Take note of one message of the zygote."""
        try:
            text, handles, _, _ = socket.recv_fds(self._control, 1 << 16, 2, socket.MSG_CMSG_CLOEXEC)
        except TimeoutError as error:
            raise SandboxUnavailable(f"The zygote was silent for {PATIENCE_SECONDS:.0f} seconds.") from error
        except ConnectionResetError as error:
            # It ended with an order unread.
            raise ZygoteGone(GONE) from error
        if not text:
            raise SandboxUnavailable(self._failure) if self._failure else ZygoteGone(GONE)
        self._note(json.loads(text), handles)

    def _note(self, message: dict[str, Any], handles: list[int]) -> None:
        if "spare" in message:
            self._ordered -= 1
            line, handle = socket.socket(fileno=handles[0]), handles[1]
            self._pool.append(Spare(message["spare"], _pid_of(handle), line, handle))
        elif "unborn" in message:
            self._ordered -= 1
            self._unborn = message["why"]
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
        self._ending: ExitStatus | None = None

    @property
    def pid(self) -> int:
        return self._spare.pid

    def release(self) -> None:
        if self._ending is None:
            self._pool.release(self._spare)
            self._ending = RELEASED

    def end(self, patience: float) -> ExitStatus:
        if self._ending is None:
            alive = not _ended(self._spare.handle, patience)
            exit = self._pool.end(self._spare)
            self._ending = describe(exit, self._limits, ended_by_judge=alive)
            os.close(self._spare.handle)
        return self._ending


def _said(spare: Spare, most: int) -> bytes:
    """What a child has said over its line; nothing if it ended first."""
    try:
        return spare.line.recv(most)
    except ConnectionResetError:
        return b""
    except TimeoutError as error:
        raise SandboxUnavailable(f"A child was silent for {PATIENCE_SECONDS:.0f} seconds.") from error


def _ended(handle: int, seconds: float) -> bool:
    """Whether the process behind a handle has ended, or does so in time."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def _pid_of(handle: int) -> int:
    """Process id behind a handle, as the judge sees it; -1 if it has ended."""
    with open(f"/proc/self/fdinfo/{handle}", encoding="ascii") as file:
        fields = dict(line.split(":", 1) for line in file)
    return int(fields["Pid"])


def _start(plan: ZygoteConfig) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start the zygote at the other end of a socket that keeps messages apart."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(PATIENCE_SECONDS)
    with theirs:
        os.set_inheritable(theirs.fileno(), True)
        told = ZygoteConfig(**vars(plan) | {"control": theirs.fileno()})
        closes = tiers.DESCRIPTORS not in plan.without
        process = subprocess.Popen(
            launch.command("zygote", told.to_json()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=launch.environment(clean=tiers.ENVIRONMENT not in plan.without),
            cwd="/",
            close_fds=closes,
            pass_fds=[theirs.fileno()] if closes else [],
            # Ctrl+C at the judge's terminal is for the judge, which then closes the sandbox.
            start_new_session=True,
        )
    return ours, process


def _failure(plan: ZygoteConfig, message: dict[str, Any]) -> str:
    tier = f"The tier `{plan.tier}`" if plan.tier else "The sandbox"
    return f"{tier} does not work here: {message['failed']} failed ({message['why']}). {message['advice']}"


def _clean_up(scratch: str | None) -> None:
    """Remove the scratch folders of a zygote that was killed before it could do so."""
    if scratch is None or not os.path.lexists(scratch):
        return
    parent = os.open(os.path.dirname(scratch), os.O_RDONLY | os.O_CLOEXEC)
    try:
        remove_tree(parent, os.path.basename(scratch))
    finally:
        os.close(parent)


def _let_go(spare: Spare) -> None:
    spare.line.close()
    os.close(spare.handle)
