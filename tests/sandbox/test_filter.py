"""The system call filter, simulated for both architectures."""

from __future__ import annotations

import struct

import pytest

from ndojo.sandbox.seccomp import ALLOW, KILL, REFUSE, build
from ndojo.sandbox.syscall_numbers import ALLOWED, HOSTILE, Architecture

EPERM, ENOSYS, ENOTTY, EAGAIN = (REFUSE | number for number in (1, 38, 25, 11))
MACHINES = [
    pytest.param(Architecture(0xC000003E, 0), id="x86_64"),
    pytest.param(Architecture(0xC00000B7, 1), id="aarch64"),
]


def judge(program: bytes, architecture: int, number: int, *arguments: int) -> int:
    """Return the filter's decision, following the rules of the kernel's BPF machine."""
    words = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    record = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, architecture, 0, *words)
    steps = list(struct.iter_unpack("=HBBI", program))
    at = value = 0
    while True:
        code, yes, no, operand = steps[at]
        at += 1
        if code == 0x20:
            (value,) = struct.unpack_from("<I", record, operand)
        elif code == 0x06:
            return operand
        else:
            taken = {0x15: value == operand, 0x35: value >= operand, 0x45: bool(value & operand)}[code]
            at += yes if taken else no


@pytest.mark.parametrize("machine", MACHINES)
def test_listed_calls_pass_and_hostile_ones_kill(machine: Architecture) -> None:
    """Every call in the two lists gets its list's decision, and any other call is refused."""
    program = build(machine)
    for number in machine.numbers(ALLOWED):
        assert judge(program, machine.audit, number) == ALLOW
    for number in machine.numbers(HOSTILE):
        assert judge(program, machine.audit, number) == KILL
    assert judge(program, machine.audit, 9999) == EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_foreign_numbers_kill(machine: Architecture) -> None:
    """Calls of another architecture and of x32 kill the process, regardless of their number."""
    program = build(machine)
    assert judge(program, 0x40000003, machine.number("read")) == KILL
    assert judge(program, machine.audit, 0x40000000 | machine.number("read")) == KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_memory_is_never_executable(machine: Architecture) -> None:
    """Memory may be readable and writable, but only compilers may make it executable."""
    for name in ("mmap", "mprotect"):
        number = machine.number(name)
        assert judge(build(machine), machine.audit, number, 0, 4096, 3) == ALLOW
        assert judge(build(machine), machine.audit, number, 0, 4096, 5) == EPERM
        assert judge(build(machine, executable_memory=True), machine.audit, number, 0, 4096, 7) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_only_threads_are_cloned(machine: Architecture) -> None:
    """A clone must be a thread without separate namespaces."""
    clone, thread = machine.number("clone"), 0x3D0F00
    assert judge(build(machine), machine.audit, clone, thread) == ALLOW
    assert judge(build(machine, threads=False), machine.audit, clone, thread) == EAGAIN
    assert judge(build(machine), machine.audit, clone, 17) == EPERM
    assert judge(build(machine), machine.audit, clone, thread | 0x10000000) == EPERM
    assert judge(build(machine), machine.audit, machine.number("clone3")) == ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_descriptors_are_only_copied_and_read(machine: Architecture) -> None:
    """No signal owner may be set, and devices behave like plain files."""
    program, fcntl = build(machine), machine.number("fcntl")
    assert {judge(program, machine.audit, fcntl, 3, code) for code in (0, 1, 2, 3, 4, 1030)} == {ALLOW}
    assert {judge(program, machine.audit, fcntl, 3, code) for code in (5, 8, 10, 1024, 1031)} == {EPERM}
    assert judge(program, machine.audit, machine.number("ioctl"), 1, 0x5401) == ENOTTY


@pytest.mark.parametrize("machine", MACHINES)
def test_limits_are_only_read(machine: Architecture) -> None:
    """A child may read its own limits but not set them."""
    program, prlimit = build(machine), machine.number("prlimit64")
    assert judge(program, machine.audit, prlimit, 0, 9, 0, 0x7F00) == ALLOW
    assert judge(program, machine.audit, prlimit, 0, 9, 0x7F00, 0) == EPERM
    assert judge(program, machine.audit, prlimit, 0, 9, 0x7F00 << 32, 0) == EPERM
    assert judge(program, machine.audit, prlimit, 1, 9, 0, 0x7F00) == EPERM
