"""Hardens a child process before it runs an answer. The restrictions cannot be undone."""

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
    """How every child of one zygote is hardened.

    Parameters
    ----------
    layers
        Names of the active layers.
    readable
        Paths that the child may read.
    limits
        The resources that the child may use.
    address_bytes
        Size of the zygote's address space.
    other_tasks
        Number of threads and processes that already count toward the limit of the child's user.
    filter
        The system call filter, or None.
    """

    layers: frozenset[str]
    readable: tuple[str, ...]
    limits: Limits
    address_bytes: int
    other_tasks: int
    filter: bytes | None


def harden(hardening: Hardening, box: str) -> None:
    """Permanently restrict this process. The order matters: each step needs rights that a later step removes.

    Parameters
    ----------
    hardening
        The restrictions.
    box
        The scratch folder. It becomes the current folder.
    """
    _enter_box(hardening, box)
    _drop_privileges(hardening)
    # Changing the user clears this setting, so it is set afterwards.
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if tiers.LIMITS in hardening.layers:
        _set_limits(hardening)
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    if tiers.LANDLOCK in hardening.layers:
        # The box must be mounted first: an earlier rule would apply to the folder under the mount.
        landlock.restrict(hardening.readable, [box])
    if hardening.filter is not None:
        seccomp.install(hardening.filter)


def _enter_box(hardening: Hardening, box: str) -> None:
    """Mount the scratch folder if the tier allows mounts, and make it the current folder."""
    if tiers.MOUNT in hardening.layers:
        syscalls.unshare(syscalls.CLONE_NEWNS)
        flags = syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC
        syscalls.mount("tmpfs", box, "tmpfs", flags, _box_options(hardening))
    os.chdir(box)


def _box_options(hardening: Hardening) -> str:
    # Any user may write, because only this child sees the mount, and its user may still change.
    if tiers.SCRATCH not in hardening.layers:
        return "mode=777"
    return f"mode=777,size={hardening.limits.box_bytes},nr_inodes={hardening.limits.box_inodes}"


def _drop_privileges(hardening: Hardening) -> None:
    """Give up the user, its rights in shared namespaces, and all capabilities."""
    if tiers.NOBODY in hardening.layers and os.geteuid() == 0:
        namespaces.become_nobody()
    if tiers.USER in hardening.layers:
        # Each child gets a user namespace, because the kernel counts threads per user namespace.
        syscalls.unshare(syscalls.CLONE_NEWUSER)
    if tiers.CAPABILITIES in hardening.layers:
        syscalls.drop_capabilities()


def _set_limits(hardening: Hardening) -> None:
    limits = hardening.limits
    tasks = hardening.other_tasks + limits.threads + 1
    for name, soft, hard in (
        (resource.RLIMIT_AS, hardening.address_bytes + limits.memory_bytes, None),
        # An answer can ignore the signal of the soft limit. The hard limit always kills.
        (resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1),
        (resource.RLIMIT_FSIZE, limits.file_bytes, None),
        (resource.RLIMIT_NOFILE, limits.open_files, None),
        (resource.RLIMIT_NPROC, tasks, None),
        (resource.RLIMIT_MEMLOCK, 0, None),
        (resource.RLIMIT_MSGQUEUE, 0, None),
        (resource.RLIMIT_SIGPENDING, 64, None),
        # Not 0: with a limit of 0, the kernel still starts a crash handler that core dumps are piped to.
        (resource.RLIMIT_CORE, 1, None),
    ):
        resource.setrlimit(name, (soft, soft if hard is None else hard))
