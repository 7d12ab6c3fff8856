"""The last steps of a child before it meets an answer: every wall goes up, for good."""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import dataclass

from ndojo.sandbox import landlock, namespaces, seccomp, syscalls, tiers
from ndojo.sandbox.limits import Limits

BOX = "/box"


@dataclass(frozen=True)
class Hardening:
    """What every child of one zygote is hardened with.

    Parameters
    ----------
    layers
        Names of the active layers.
    readable
        Paths that a child may read.
    limits
        What it may use.
    address_bytes
        Address space of the zygote.
    other_tasks
        Threads and processes that already count against the child's user.
    filter
        The filter of system calls, or None.
    """

    layers: frozenset[str]
    readable: tuple[str, ...]
    limits: Limits
    address_bytes: int
    other_tasks: int
    filter: bytes | None


def harden(walls: Hardening, box: str) -> None:
    """Confine this process for good. The order matters: each step needs what a later one takes away.

    Parameters
    ----------
    walls
        What to put up.
    box
        The scratch folder, which becomes the current folder.
    """
    _enter_box(walls, box)
    _become_less(walls)
    # Changing the user clears this, so it comes after.
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if tiers.LIMITS in walls.layers:
        _limit(walls)
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    if tiers.LANDLOCK in walls.layers:
        # After the box is mounted: a rule made before would belong to the folder below it.
        landlock.restrict(walls.readable, [box])
    if walls.filter is not None:
        seccomp.install(walls.filter)


def _enter_box(walls: Hardening, box: str) -> None:
    """Mount the scratch folder where that is possible, and make it the current folder."""
    if tiers.MOUNT in walls.layers:
        syscalls.unshare(syscalls.CLONE_NEWNS)
        flags = syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC
        syscalls.mount("tmpfs", box, "tmpfs", flags, _box_options(walls))
    os.chdir(box)


def _box_options(walls: Hardening) -> str:
    # Anyone may write: only this child sees the mount, and it may yet change its user.
    if tiers.SCRATCH not in walls.layers:
        return "mode=777"
    return f"mode=777,size={walls.limits.box_bytes},nr_inodes={walls.limits.box_inodes}"


def _become_less(walls: Hardening) -> None:
    """Give up the user, its rights over the shared namespaces, and every capability."""
    if tiers.NOBODY in walls.layers and os.geteuid() == 0:
        namespaces.become_nobody()
    if tiers.USER in walls.layers:
        # A separate one, because the kernel counts threads by user namespace: no child uses up another's.
        syscalls.unshare(syscalls.CLONE_NEWUSER)
    if tiers.CAPABILITIES in walls.layers:
        syscalls.drop_capabilities()


def _limit(walls: Hardening) -> None:
    limits = walls.limits
    tasks = walls.other_tasks + limits.threads + 1
    for name, soft, hard in (
        (resource.RLIMIT_AS, walls.address_bytes + limits.memory_bytes, None),
        # The soft limit only warns; the hard one kills, regardless of what the answer does with the warning.
        (resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1),
        (resource.RLIMIT_FSIZE, limits.file_bytes, None),
        (resource.RLIMIT_NOFILE, limits.open_files, None),
        (resource.RLIMIT_NPROC, tasks, None),
        (resource.RLIMIT_MEMLOCK, 0, None),
        (resource.RLIMIT_MSGQUEUE, 0, None),
        (resource.RLIMIT_SIGPENDING, 64, None),
        # One byte: zero would still start a crash handler that the system pipes cores to.
        (resource.RLIMIT_CORE, 1, None),
    ):
        resource.setrlimit(name, (soft, soft if hard is None else hard))
