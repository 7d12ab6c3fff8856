"""System calls that Python does not provide. Errors are raised as exceptions."""

from __future__ import annotations

import ctypes
import os
import struct
from functools import cache

from ndojo.sandbox.syscall_numbers import architecture

CLONE_NEWNS = 0x0002_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 1 << 12, 1 << 14, 1 << 18
MNT_DETACH = 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV, MOUNT_ATTR_NOEXEC = 1, 2, 4, 8
AT_FDCWD, AT_RECURSIVE = -100, 0x8000

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
CAPABILITY_VERSION_3 = 0x2008_0522


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def call(name: str, *arguments: int | bytes | None) -> int:
    """Make a system call and return its result.

    Raises
    ------
    OSError
        If the call fails. The message starts with the name of the call.
    """
    here = architecture()
    if here is None:
        raise OSError(f"{name}: the system call numbers of this architecture are not known")
    result = int(_libc().syscall(ctypes.c_long(here.number(name)), *map(_word, arguments)))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def _word(argument: int | bytes | None) -> ctypes.c_long | bytes | None:
    # ctypes would pass a plain int as 32 bits.
    return ctypes.c_long(argument) if isinstance(argument, int) else argument


def unshare(flags: int) -> None:
    """Move this process into new namespaces of the kinds in `flags`."""
    call("unshare", flags)


def prctl(option: int, value: int) -> None:
    """Set one property of this process."""
    # The C library has this function on every architecture.
    words = [ctypes.c_ulong(word) for word in (value, 0, 0, 0)]
    if _libc().prctl(ctypes.c_int(option), *words) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl: {os.strerror(number)}")


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """Mount a file system, bind a folder, or change how mounts propagate."""
    call("mount", _path(source), _path(target), _path(kind), flags, _path(options))


def seal_mounts(target: str) -> None:
    """Make a mount and all mounts below it read-only, without devices, setuid or executable files."""
    attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC
    record = struct.pack("=QQQQ", attributes, 0, 0, 0)
    call("mount_setattr", AT_FDCWD, _path(target), AT_RECURSIVE, record, len(record))


def drop_capabilities() -> None:
    """Give up every capability of this process."""
    call("capset", struct.pack("=II", CAPABILITY_VERSION_3, 0), bytes(24))


def _path(text: str | None) -> bytes | None:
    return None if text is None else os.fsencode(text)
