"""How a child ended, as the judge sees it from outside."""

from __future__ import annotations

import signal as signals
from dataclasses import dataclass

from ndojo.sandbox.limits import Limits

STOPPED_BY_JUDGE = "was stopped by the judge (SIGKILL)"


@dataclass(frozen=True)
class ExitStatus:
    """What the kernel reports about a child that has ended.

    Parameters
    ----------
    signal
        Number of the signal that killed the child, or None.
    status
        Exit status, or None. It must not affect the verdict, because a child can choose it freely.
    cpu_seconds
        CPU time of all its threads, or 0.0 if the system does not report it.
    peak_bytes
        Peak resident memory including shared pages, or 0 if the system does not report it.
    reason
        The same in words, to follow "the answer" in a sentence.
    cause
        The limit that the child reached: ``"memory"``, ``"cpu"`` or ``"filter"``. Empty for any other end.
    """

    signal: int | None
    status: int | None
    cpu_seconds: float
    peak_bytes: int
    reason: str
    cause: str = ""


@dataclass(frozen=True)
class RawExit:
    """An exit as the system reports it. `code` is an exit status, or the negative number of a signal."""

    code: int
    cpu_seconds: float = 0.0
    peak_bytes: int = 0


def describe(exit: RawExit, limits: Limits, ended_by_judge: bool) -> ExitStatus:
    """Return the exit status with its reason in words."""
    signal = -exit.code if exit.code < 0 else None
    status = exit.code if exit.code >= 0 else None
    reason, cause = f"exited with status {status}", ""
    if signal is not None:
        reason, cause = _killed(signal, exit, limits, ended_by_judge)
    return ExitStatus(signal, status, exit.cpu_seconds, exit.peak_bytes, reason, cause)


def _killed(signal: int, exit: RawExit, limits: Limits, ended_by_judge: bool) -> tuple[str, str]:
    """Return why a signal killed the child, as far as this is visible from outside: the reason and the cause."""
    name = _name(signal)
    if name == "SIGKILL" and ended_by_judge:
        return STOPPED_BY_JUDGE, ""
    if name in ("SIGKILL", "SIGXCPU") and exit.cpu_seconds >= limits.cpu_seconds - 0.5:
        return f"used up its {limits.cpu_seconds} seconds of CPU time ({name})", "cpu"
    return _REASONS.get(name, f"was killed by {name}"), _CAUSES.get(name, "")


_CAUSES = {"SIGSYS": "filter", "SIGKILL": "memory"}

_REASONS = {
    "SIGSYS": "was killed by the system call filter (SIGSYS)",
    "SIGKILL": "probably ran out of memory (SIGKILL)",
    "SIGSEGV": "crashed (SIGSEGV)",
    "SIGBUS": "crashed (SIGBUS)",
    "SIGILL": "crashed (SIGILL)",
    "SIGABRT": "crashed (SIGABRT)",
    "SIGFPE": "crashed (SIGFPE)",
    "SIGXFSZ": "wrote a file that is too large (SIGXFSZ)",
}


def _name(signal: int) -> str:
    try:
        return signals.Signals(signal).name
    except ValueError:
        return f"signal {signal}"
