"""The sandbox: one door to children of the best tier this machine can give."""

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

USUAL = Limits()


class Launcher(Protocol):
    """Something that starts children: the zygote's keeper, or a starter of plain programs."""

    def isolation(self) -> Isolation:
        """What stands between its children and the machine."""

    def child(self) -> Child:
        """A child that is ready."""

    def rouse(self) -> None:
        """Have the next child get ready, without waiting for it."""

    def idle_pids(self) -> list[int]:
        """Process ids of the children that wait."""

    def close(self) -> None:
        """End everything."""


class Sandbox:
    """Gives children that run untrusted answers. A context manager: leaving it ends them all.

    Parameters
    ----------
    tier
        One of `TIERS`, or None for the strongest that works on this machine.
    program
        Dotted name of what a child runs: a module, a colon, a function of one `Channel`.
    allows
        Packages that answers may import in addition to NumPy, such as ``("scipy",)``.
    spares
        Children that wait, forked and hardened, so that the next answer need not.
    limits
        What one child may use.
    without
        Names of layers to leave out. Only for tests that prove that a layer matters.

    Notes
    -----
    Making one starts the zygote and returns immediately; the first `child` waits for it.
    """

    def __init__(
        self,
        tier: str | None = None,
        *,
        program: str = "ndojo.calls.worker:serve",
        allows: tuple[str, ...] = (),
        spares: int = 2,
        limits: Limits = USUAL,
        without: frozenset[str] = frozenset(),
    ) -> None:
        if tier not in (None, *TIERS):
            raise ValueError(f"tier {tier!r} is not known; choose one of {', '.join(TIERS)}")
        self._owner = os.getpid()
        self._plan = ZygoteConfig(tier, program, allows, without, limits, self._owner, -1)
        self._spares = spares
        self._closed = False
        self._launcher = self._launch()
        atexit.register(self.close)

    @property
    def isolation(self) -> Isolation:
        """What stands between a child and the machine. Waits until the zygote is ready."""
        return self._launcher.isolation()

    def child(self) -> Child:
        """A child that is ready for an answer.

        Raises
        ------
        SandboxUnavailable
            If the tier does not work here, or the sandbox is closed.
        """
        if self._closed:
            raise SandboxUnavailable("This sandbox is closed. Make a new one.")
        try:
            return self._launcher.child()
        except ZygoteGone:
            # The system may kill a zygote when memory runs out; a second time in a row is no accident.
            self._launcher.close()
            self._launcher = self._launch()
            return self._launcher.child()

    def rouse(self) -> None:
        """Say that an answer is on its way: the next child gets ready for it meanwhile. Returns immediately."""
        if not self._closed:
            self._launcher.rouse()

    def spare_private_bytes(self) -> int:
        """Most memory that a waiting spare holds alone, read from outside; 0 without spares."""
        return max(map(_private_bytes, self._launcher.idle_pids()), default=0)

    def close(self) -> None:
        """End the zygote and every child. Runs by itself when the judge exits."""
        # A process that the judge forked inherits this object, but not the right to end its children.
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
    """None if a zygote can be run here, else why not."""
    if sys.platform != "linux":
        return "it needs Linux"
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError as error:
        return f"the kernel gives no handles of processes ({error})"
    return None


def _private_bytes(pid: int) -> int:
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        lines = [line.split() for line in file]
    return sum(int(line[1]) * 1024 for line in lines if line[0].startswith("Private_"))
