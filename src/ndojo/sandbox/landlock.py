"""Landlock rules: which folders a child may read, and which folder it may write."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable

from ndojo.sandbox.syscalls import call

GET_VERSION = 1
RULE_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_DIR, MAKE_REG, REFER, TRUNCATE, IOCTL_DEV = 1 << 7, 1 << 8, 1 << 13, 1 << 14, 1 << 15
FIRST_VERSION = (1 << 13) - 1
NETWORK_TCP = 0b11
SCOPES = 0b11

READ = READ_FILE | READ_DIR
# A child may not create symbolic links, sockets, pipes or devices, because the judge's side deletes its files.
WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE


def version() -> int:
    """Return the kernel's Landlock version. Raise OSError if the kernel has no Landlock."""
    return call("landlock_create_ruleset", None, 0, GET_VERSION)


def available() -> str | None:
    """Return None if the kernel has Landlock, otherwise why not."""
    try:
        version()
    except OSError as error:
        return str(error)
    return None


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Permanently restrict this process to reading and writing below the given paths.

    Paths that do not exist are skipped. From version 4 on, Landlock also refuses TCP, and from version 6 on signals
    and abstract sockets to other processes.
    """
    handled = _handled(version())
    rules = call("landlock_create_ruleset", _ruleset(version()), len(_ruleset(version())), 0)
    try:
        for path, rights in [*((path, READ) for path in readable), *((path, WRITE) for path in writable)]:
            _allow(rules, path, rights & handled)
        call("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)


def _handled(version: int) -> int:
    """Return the file rights that this version can refuse."""
    later = ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV))
    return FIRST_VERSION | sum(right for since, right in later if version >= since)


def _ruleset(version: int) -> bytes:
    """Return a ruleset of everything that this version can refuse, in the length that it supports."""
    words = [_handled(version)] + [NETWORK_TCP] * (version >= 4) + [SCOPES] * (version >= 6)
    return struct.pack(f"={len(words)}Q", *words)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        fitting = rights if os.path.isdir(path) else rights & (READ_FILE | WRITE_FILE | TRUNCATE)
        call("landlock_add_rule", rules, RULE_PATH_BENEATH, struct.pack("=Qi", fitting, folder), 0)
    finally:
        os.close(folder)
