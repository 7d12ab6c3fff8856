"""The sandbox: starts child processes in the strongest tier that works on this machine."""

from __future__ import annotations

import atexit
import os
import sys
from types import TracebackType
from typing import Protocol

from ndojo.sandbox.child import Child
from ndojo.sandbox.errors import SandboxUnavailable
from ndojo.sandbox.isolation import Isolation
from ndojo.sandbox.limits import Limits
from ndojo.sandbox.plain import PlainLauncher
from ndojo.sandbox.pool import Pool, ZygoteGone
from ndojo.sandbox.tiers import TIERS
from ndojo.sandbox.zygote_config import ZygoteConfig

DEFAULT_LIMITS = Limits()


class Launcher(Protocol):
    """Something that starts children: a `Pool` or a `PlainLauncher`."""

    def isolation(self) -> Isolation:
        """Return what isolates the children from the machine."""

    def child(self) -> Child:
        """Return a child that is ready for an answer."""

    def wake(self) -> None:
        """Wake the next child so that it prepares for an answer, without waiting for it."""

    def idle_pids(self) -> list[int]:
        """Return the process ids of the children that wait for an answer."""

    def close(self) -> None:
        """End all processes."""


class Sandbox:
    """Starts child processes that run untrusted answers. A context manager: leaving it ends all of them.

    Parameters
    ----------
    tier
        One of `TIERS`, or None for the strongest that works on this machine.
    program
        What a child runs, as ``module:function``. The function takes one `Channel`.
    allows
        Packages that answers may import in addition to NumPy, such as ``("scipy",)``.
    spares
        How many forked and hardened children wait in advance, so that the next answer can start immediately.
    limits
        The resources that one child may use.
    without
        Names of layers to leave out, for tests that check that a layer is necessary.

    Notes
    -----
    Creating a sandbox starts the zygote and returns immediately. The first call of `child` waits for the zygote.
    """

    def __init__(
        self,
        tier: str | None = None,
        *,
        program: str = "ndojo.calls.worker:serve",
        allows: tuple[str, ...] = (),
        spares: int = 2,
        limits: Limits = DEFAULT_LIMITS,
        without: frozenset[str] = frozenset(),
    ) -> None:
        if tier not in (None, *TIERS):
            raise ValueError(f"unknown tier {tier!r}; choose one of {', '.join(TIERS)}")
        self._owner = os.getpid()
        self._plan = ZygoteConfig(tier, program, allows, without, limits, self._owner, -1)
        self._spares = spares
        self._closed = False
        self._launcher = self._launch()
        atexit.register(self.close)

    @property
    def isolation(self) -> Isolation:
        """What isolates a child from the machine. Waits until the zygote is ready."""
        return self._launcher.isolation()

    def child(self) -> Child:
        """Return a child that is ready for an answer.

        Raises
        ------
        SandboxUnavailable
            If the tier does not work here, or the sandbox is closed.
        """
        if self._closed:
            raise SandboxUnavailable("This sandbox is closed. Create a new one.")
        try:
            return self._launcher.child()
        except ZygoteGone:
            # The system may kill the zygote if memory runs out. If this happens twice in a row, the error is raised.
            self._launcher.close()
            self._launcher = self._launch()
            return self._launcher.child()

    def wake(self) -> None:
        """Wake the next child so that it prepares for an answer that follows soon. Returns immediately."""
        if not self._closed:
            self._launcher.wake()

    def spare_private_bytes(self) -> int:
        """Return the largest private memory of a waiting spare, read from outside, or 0 without spares."""
        return max(map(_private_bytes, self._launcher.idle_pids()), default=0)

    def close(self) -> None:
        """End the zygote and every child. This also happens automatically when the judge exits."""
        # A process forked from the judge inherits this object, but it must not end the judge's children.
        if self._closed or os.getpid() != self._owner:
            return
        self._closed = True
        atexit.unregister(self.close)
        self._launcher.close()

    def _launch(self) -> Launcher:
        why = _no_zygote()
        if self._plan.tier == "plain" or (self._plan.tier is None and why):
            return PlainLauncher(self._plan, self._spares, why or "not part of the tier `plain`")
        if why:
            raise SandboxUnavailable(f"The tier `{self._plan.tier}` does not work here: {why}. Use `plain`.")
        return Pool(self._plan, self._spares)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _no_zygote() -> str | None:
    """Return None if a zygote can run here, otherwise why not."""
    if sys.platform != "linux":
        return "it needs Linux"
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError as error:
        return f"the kernel does not support process handles (pidfd): {error}"
    return None


def _private_bytes(pid: int) -> int:
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        lines = [line.split() for line in file]
    return sum(int(line[1]) * 1024 for line in lines if line[0].startswith("Private_"))
