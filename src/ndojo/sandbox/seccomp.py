"""The system call filter: a list of allowed calls that the kernel enforces."""

from __future__ import annotations

import ctypes
import errno
import struct

from ndojo.sandbox.syscall_numbers import ALLOWED, HOSTILE, Architecture, architecture
from ndojo.sandbox.syscalls import call

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, REFUSE = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16

SET_MODE_FILTER, GET_ACTION_AVAIL = 1, 2
X32_BIT = 0x4000_0000
PROT_EXEC = 4
CLONE_THREAD = 0x0001_0000
CLONE_NAMESPACES = 0x7E02_0000
# Duplicate descriptors, and read and set flags. F_SETOWN and F_SETSIG are refused: they can signal other processes.
FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030)

Instruction = tuple[int, int, int, int]
Program = list[Instruction]


def available() -> str | None:
    """Return None if the kernel supports such filters, otherwise why not."""
    if architecture() is None:
        return "the system call numbers of this architecture are not known"
    try:
        call("seccomp", GET_ACTION_AVAIL, 0, struct.pack("=I", KILL))
    except OSError as error:
        return str(error)
    return None


def build(here: Architecture, executable_memory: bool = False, threads: bool = True) -> bytes:
    """Return the filter for one architecture, in the kernel's format.

    Parameters
    ----------
    here
        The architecture.
    executable_memory
        Whether the child may make memory executable, which just-in-time compilers require.
    threads
        Whether the child may start threads.
    """
    program = _only(here) + [_allow(number) for number in here.numbers(ALLOWED)]
    flat = [step for part in program for step in part]
    flat += _memory(here, executable_memory) + _threads(here, threads) + _descriptors(here) + _limits(here)
    for number in here.numbers(HOSTILE):
        flat += _answer(number, KILL)
    flat.append((RETURN, 0, 0, REFUSE | errno.EPERM))
    return b"".join(struct.pack("=HBBI", *step) for step in flat)


def install(filter: bytes) -> None:
    """Permanently install the filter for this thread."""
    steps = ctypes.create_string_buffer(filter, len(filter))
    record = struct.pack("@HP", len(filter) // 8, ctypes.addressof(steps))
    call("seccomp", SET_MODE_FILTER, 0, record)


def _only(here: Architecture) -> list[Program]:
    """Kill calls that use another architecture's numbers, then load the number."""
    architecture: Program = [(LOAD, 0, 0, ARCHITECTURE_AT), (EQUAL, 1, 0, here.audit), (RETURN, 0, 0, KILL)]
    number: Program = [(LOAD, 0, 0, NUMBER_AT), (AT_LEAST, 0, 1, X32_BIT), (RETURN, 0, 0, KILL)]
    return [architecture, number]


def _load(argument: int, high: bool = False) -> Instruction:
    return LOAD, 0, 0, ARGUMENTS_AT + 8 * argument + 4 * high


def _answer(number: int, action: int) -> Program:
    return [(EQUAL, 0, 1, number), (RETURN, 0, 0, action)]


def _allow(number: int) -> Program:
    return _answer(number, ALLOW)


def _when(number: int, check: Program) -> Program:
    """Run a check for one system call only. The check must end by returning an action."""
    return [(EQUAL, 0, len(check), number), *check]


def _refuse(error: int) -> Instruction:
    return RETURN, 0, 0, REFUSE | error


def _memory(here: Architecture, executable: bool) -> Program:
    """Return the rules for mmap and mprotect. PROT_EXEC is refused unless `executable`."""
    check: Program = [_load(2), (ANY_BIT, 0, 1, PROT_EXEC), _refuse(errno.EPERM), (RETURN, 0, 0, ALLOW)]
    if executable:
        check = [(RETURN, 0, 0, ALLOW)]
    return _when(here.number("mmap"), check) + _when(here.number("mprotect"), check)


def _threads(here: Architecture, allowed: bool) -> Program:
    """Return the rules for clone, only for threads. Filters cannot read clone3's arguments, so libc must use clone."""
    check: Program = [
        _load(0),
        (ANY_BIT, 0, 2, CLONE_THREAD),
        (ANY_BIT, 1, 0, CLONE_NAMESPACES),
        (RETURN, 0, 0, ALLOW if allowed else REFUSE | errno.EAGAIN),
        _refuse(errno.EPERM),
    ]
    return _when(here.number("clone"), check) + _answer(here.number("clone3"), REFUSE | errno.ENOSYS)


def _descriptors(here: Architecture) -> Program:
    """Return the rules for fcntl, which allow a few commands, and for ioctl, which fails with ENOTTY as on a file."""
    compare: Program = [(EQUAL, len(FCNTL_COMMANDS) - at, 0, code) for at, code in enumerate(FCNTL_COMMANDS)]
    check: Program = [_load(1), *compare, _refuse(errno.EPERM), (RETURN, 0, 0, ALLOW)]
    return _when(here.number("fcntl"), check) + _answer(here.number("ioctl"), REFUSE | errno.ENOTTY)


def _limits(here: Architecture) -> Program:
    """Return the rules for prlimit64: only reading this process's limits (pid 0 and no new value)."""
    check: Program = []
    for left, word in ((2, _load(0)), (1, _load(2)), (0, _load(2, high=True))):
        check += [word, (EQUAL, 0, 1 + 2 * left, 0)]
    return _when(here.number("prlimit64"), [*check, (RETURN, 0, 0, ALLOW), _refuse(errno.EPERM)])
