"""The tier that is selected if the kernel refuses a feature."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from ndojo.sandbox import syscall_numbers, tiers

# A judge that cannot make certain system calls. The processes that it starts cannot either.
JUDGE = """
import struct, sys
from ndojo.sandbox import Sandbox, SandboxUnavailable, seccomp, syscalls
steps = [(0x20, 0, 0, 0)]
for number in {numbers!r}:
    steps += [(0x15, 0, 1, number), (0x06, 0, 0, 0x00050000 | 1)]
steps.append((0x06, 0, 0, 0x7FFF0000))
syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
seccomp.install(b"".join(struct.pack("=HBBI", *step) for step in steps))
import json
{more}
try:
    with Sandbox({tier!r}, program="ndojo.sandbox.probe:serve", spares=1) as sandbox, sandbox.child() as child:
        child.send(b"answer = b'works'")
        assert child.receive(30) == b"works"
        print(json.dumps(sandbox.isolation.to_dict()))
except SandboxUnavailable as error:
    print(json.dumps(str(error)))
"""


def judge_without(calls: list[str], tier: str | None = None, more: str = "") -> Any:
    """Return the isolation that a judge gets, or its error, if the kernel refuses some system calls."""
    here = syscall_numbers.architecture()
    if here is None:
        pytest.skip("the numbers of this architecture's system calls are not known")
    code = JUDGE.format(numbers=[here.number(call) for call in calls], tier=tier, more=more)
    return json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)


def test_refused_namespaces_give_the_container_tier() -> None:
    """Without namespaces, the next tier is selected and the reason is recorded."""
    facts = judge_without(["unshare"])
    assert facts["tier"] == "container"
    assert any("unshare: Operation not permitted" in why for _, why in facts["missing"])


def test_refused_mounts_give_the_container_tier() -> None:
    """Namespaces without permission to mount are not used."""
    assert judge_without(["mount"])["tier"] == "container"


def test_refused_landlock_gives_the_partial_tier() -> None:
    """Without Landlock, only the partial tier is possible, with the layers that work."""
    facts = judge_without(["landlock_create_ruleset"])
    assert facts["tier"] == "partial"
    assert tiers.SECCOMP in facts["layers"] and tiers.LANDLOCK in dict(facts["missing"])


def test_refused_filters_give_the_partial_tier() -> None:
    """Without seccomp, only the partial tier is possible."""
    facts = judge_without(["seccomp"])
    assert facts["tier"] == "partial"
    assert tiers.LANDLOCK in facts["layers"] and tiers.SECCOMP in dict(facts["missing"])


def test_refused_handles_give_the_plain_tier() -> None:
    """Without process handles (pidfd), no zygote can be used."""
    assert judge_without(["pidfd_open"])["tier"] == "plain"


def test_unknown_architecture_gives_the_partial_tier() -> None:
    """If system call numbers are unknown, children still run with the layers that do not need them."""
    facts = judge_without([], more="import ctypes; ctypes.CDLL(None).personality(8)")
    assert facts["tier"] == "partial"
    assert set(tiers.BASICS) <= set(facts["layers"])
    assert not set(tiers.KERNEL_RULES) & set(facts["layers"])


@pytest.mark.parametrize(("tier", "call"), [("full", "unshare"), ("container", "landlock_create_ruleset")])
def test_requested_tier_is_never_weakened(tier: str, call: str) -> None:
    """If a requested tier does not work, an error says which layer failed, why, and what to do."""
    error = judge_without([call], tier)
    assert f"The tier `{tier}` does not work here" in error and call in error and "tier" in error
