"""How a child ended, seen from outside."""

from __future__ import annotations

import signal as signals
from dataclasses import dataclass

from ndojo.sandbox.limits import Limits


@dataclass(frozen=True)
class ExitStatus:
    """What the kernel says of a child that is gone.

    Parameters
    ----------
    signal
        Number of the signal that killed it, or None.
    status
        Exit status that it chose, or None. Never a verdict: a child picks it freely.
    cpu_seconds
        Processor time of all its threads; 0.0 where the system does not say.
    peak_bytes
        Most memory that it held at any time, shared pages included; 0 if the system does not say.
    reason
        The same in plain words, to follow "the answer".
    """

    signal: int | None
    status: int | None
    cpu_seconds: float
    peak_bytes: int
    reason: str


@dataclass(frozen=True)
class RawExit:
    """The bare facts of an exit: `code` is a status, or minus the number of a signal."""

    code: int
    cpu_seconds: float = 0.0
    peak_bytes: int = 0


def describe(exit: RawExit, limits: Limits, ended_by_judge: bool) -> ExitStatus:
    """The ending that an exit amounts to, with its reason in words."""
    signal = -exit.code if exit.code < 0 else None
    status = exit.code if exit.code >= 0 else None
    reason = f"ended itself with status {status}"
    if signal is not None:
        reason = _killed(signal, exit, limits, ended_by_judge)
    return ExitStatus(signal, status, exit.cpu_seconds, exit.peak_bytes, reason)


def _killed(signal: int, exit: RawExit, limits: Limits, ended_by_judge: bool) -> str:
    """Why a signal came, as far as it shows from outside."""
    name = _name(signal)
    if name == "SIGKILL" and ended_by_judge:
        return "was ended by the judge (SIGKILL)"
    if name in ("SIGKILL", "SIGXCPU") and exit.cpu_seconds >= limits.cpu_seconds - 0.5:
        return f"used up its {limits.cpu_seconds} seconds of processor time ({name})"
    return _REASONS.get(name, f"was killed by {name}")


_REASONS = {
    "SIGSYS": "was killed by the kernel's filter (SIGSYS)",
    "SIGKILL": "ran out of memory (SIGKILL)",
    "SIGSEGV": "crashed (SIGSEGV)",
    "SIGBUS": "crashed (SIGBUS)",
    "SIGILL": "crashed (SIGILL)",
    "SIGABRT": "crashed (SIGABRT)",
    "SIGFPE": "crashed (SIGFPE)",
    "SIGXFSZ": "wrote a file that is too long (SIGXFSZ)",
}


def _name(signal: int) -> str:
    try:
        return signals.Signals(signal).name
    except ValueError:
        return f"signal {signal}"
