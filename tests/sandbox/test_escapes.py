"""Every known way out of the sandbox is tried in every tier that claims to close it, and shown to be real."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ndojo.sandbox import ChildGone, ChildTimeout, Sandbox, tiers
from ndojo.sandbox.syscall_numbers import EVERY, architecture

SECONDS = 10.0
FOLDER = Path(__file__).parent / "attempts"
# Calls that the sandbox itself never names, on x86-64 and aarch64.
OTHER_CALLS = {
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "capget": (125, 90),
    "kcmp": (312, 272),
    "mlock": (149, 228),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "msgctl": (71, 187),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "personality": (135, 92),
    "pkey_mprotect": (329, 288),
    "semctl": (66, 191),
    "semget": (64, 190),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "shmget": (29, 194),
}
RETURN_42 = {"x86_64": b"\xb8\x2a\x00\x00\x00\xc3", "aarch64": b"\x40\x05\x80\x52\xc0\x03\x5f\xd6"}
PRELUDE = """
import ctypes, os, sys
ESCAPED = b"ESCAPED "
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long

def call(name, *arguments):
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    result = LIBC.syscall(ctypes.c_long(NUMBERS[name]), *words)
    if result < 0:
        raise OSError(ctypes.get_errno(), name + ": " + os.strerror(ctypes.get_errno()))
    return result
"""


@dataclass(frozen=True)
class Attempt:
    """One way out.

    Parameters
    ----------
    name
        What the answer does.
    source
        Python that leaves bytes starting with ``ESCAPED`` in `answer` if it gets out.
    layers
        Layers each of which stops it alone.
    also
        Layers that only hinder the proof: they are taken away too to show that the attempt is real.
    needs_root
        Whether the proof needs a judge that is root.
    no_control
        Why there can be no such proof, if there cannot.
    machine
        The only architecture that it works on.
    asks
        A setting of the kernel that must be 0 for the proof.
    """

    name: str
    source: str
    layers: tuple[str, ...]
    also: tuple[str, ...] = ()
    needs_root: bool = False
    no_control: str = ""
    machine: str = ""
    asks: str = ""


def _attempts() -> list[Attempt]:
    """All attempts of the data files beside this one."""
    tables = [tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
    rows = [row for table in tables for row in table["attempt"]]
    return [Attempt(**row | {key: tuple(row.get(key, ())) for key in ("layers", "also")}) for row in rows]


ATTEMPTS = _attempts()
CLAIMS = [
    pytest.param(tier, attempt, id=f"{tier}-{attempt.name}")
    for tier in tiers.TIERS
    for attempt in ATTEMPTS
    if set(attempt.layers) & set(tiers.PROMISED[tier])
]
DOUBLY_STOPPED = [
    pytest.param(layer, attempt, id=f"{layer}-{attempt.name}".replace(" ", "_"))
    for layer in (tiers.SECCOMP, tiers.LANDLOCK, tiers.MOUNT, tiers.CAPABILITIES)
    for attempt in ATTEMPTS
    # Memory without code is one of the filter's rules: they fail together.
    if layer in attempt.layers and set(attempt.layers) - {layer, tiers.NO_EXEC}
]
CONTROLS = [pytest.param(attempt, id=attempt.name) for attempt in ATTEMPTS if not attempt.no_control]


def _try(sandbox: Sandbox, attempt: Attempt, facts: dict[str, Any]) -> str:
    """The result of an attempt, with a sibling next to it."""
    if attempt.machine and attempt.machine != os.uname().machine:
        pytest.skip(f"only on {attempt.machine}")
    with sandbox.child() as sibling, sandbox.child() as child:
        names = facts | {"SIBLING": sibling.pid, "NUMBERS": _numbers(), "RETURN_42": RETURN_42[os.uname().machine]}
        settings = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        child.send((settings + PRELUDE + attempt.source).encode())
        try:
            return child.receive(SECONDS).decode(errors="replace")
        except (ChildGone, ChildTimeout) as error:
            return f"STOPPED {error}"


def _numbers() -> dict[str, int | None]:
    here = architecture()
    assert here is not None
    return {name: row[here.column] for name, row in (EVERY | OTHER_CALLS).items()}


@pytest.mark.parametrize(("tier", "attempt"), CLAIMS)
def test_attempt_is_stopped(tier: str, attempt: Attempt, sandboxes: Any, facts: dict[str, Any]) -> None:
    """A tier that promises a layer stops every attempt that this layer stops."""
    outcome = _try(sandboxes.get(tier), attempt, facts)
    assert outcome.startswith(("ERROR ", "STOPPED ")), outcome


@pytest.mark.parametrize("attempt", CONTROLS)
def test_attempt_is_real(attempt: Attempt, sandboxes: Any, facts: dict[str, Any]) -> None:
    """Without the layers that stop it, the attempt succeeds: the test above can fail."""
    if attempt.needs_root and os.geteuid() != 0:
        pytest.skip("only root has the rights that this attempt would abuse")
    if attempt.asks and Path(attempt.asks).exists() and Path(attempt.asks).read_text().strip() != "0":
        pytest.skip(f"switched off on this machine: {attempt.asks}")
    outcome = _try(sandboxes.get("full", _taken_away(attempt)), attempt, facts)
    assert outcome.startswith("ESCAPED"), outcome


def _taken_away(attempt: Attempt) -> frozenset[str]:
    """Layers to leave out to show that an attempt is real."""
    found = {*attempt.layers, *attempt.also}
    # Without a root of its own, a child that is nobody could not read what the judge may.
    return frozenset(found | {tiers.NOBODY} if tiers.MOUNT in found else found)


@pytest.mark.parametrize(("layer", "attempt"), DOUBLY_STOPPED)
def test_attempt_stays_stopped_when_one_layer_fails(
    layer: str, attempt: Attempt, sandboxes: Any, facts: dict[str, Any]
) -> None:
    """Where several layers stop an attempt, the failure of one of them opens nothing."""
    outcome = _try(sandboxes.get("full", frozenset({layer})), attempt, facts)
    assert outcome.startswith(("ERROR ", "STOPPED ")), outcome


def test_there_are_many_attempts() -> None:
    """The suite holds at least 65 attempts, under names that are all different."""
    assert len({attempt.name for attempt in ATTEMPTS}) == len(ATTEMPTS) >= 65


def test_attempts_name_known_layers() -> None:
    """No attempt names a layer that does not exist, which would prove nothing."""
    named = {layer for attempt in ATTEMPTS for layer in (*attempt.layers, *attempt.also)}
    assert named <= set(tiers.ALL_LAYERS)
