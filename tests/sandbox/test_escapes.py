"""Every known escape is tried in every tier that claims to stop it, and is shown to work without isolation."""

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
# Numbers of system calls that the sandbox itself does not list, on x86-64 and aarch64.
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
    """One attempt to escape from the sandbox.

    Parameters
    ----------
    name
        What the answer does.
    source
        Python code that stores bytes starting with ``ESCAPED`` in `answer` if it escapes.
    layers
        The layers that stop it. Each of them is enough.
    also
        Layers that are also removed to show that the attempt is real, because they would disturb the proof.
    needs_root
        Whether the proof requires a judge that runs as root.
    no_control
        Why the proof is impossible, if it is.
    machine
        The only architecture on which the attempt works.
    asks
        A kernel setting that must be 0 for the proof.
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
    """Read all attempts from the data files next to this one."""
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
    # Non-executable memory is one of the filter's rules, so both are removed together.
    if layer in attempt.layers and set(attempt.layers) - {layer, tiers.NO_EXEC}
]
CONTROLS = [pytest.param(attempt, id=attempt.name) for attempt in ATTEMPTS if not attempt.no_control]


def _try(sandbox: Sandbox, attempt: Attempt, facts: dict[str, Any]) -> str:
    """Return the result of an attempt that runs next to another child."""
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
    """Without the layers that stop it, the attempt succeeds. This shows that the test above can fail."""
    if attempt.needs_root and os.geteuid() != 0:
        pytest.skip("only root has the rights that this attempt would abuse")
    if attempt.asks and Path(attempt.asks).exists() and Path(attempt.asks).read_text().strip() != "0":
        pytest.skip(f"switched off on this machine: {attempt.asks}")
    outcome = _try(sandboxes.get("full", _taken_away(attempt)), attempt, facts)
    assert outcome.startswith("ESCAPED"), outcome


def _taken_away(attempt: Attempt) -> frozenset[str]:
    """Return the layers to remove in order to show that an attempt is real."""
    found = {*attempt.layers, *attempt.also}
    # Without its own root folder, a child with the unprivileged user could not read the judge's files.
    return frozenset(found | {tiers.NOBODY} if tiers.MOUNT in found else found)


@pytest.mark.parametrize(("layer", "attempt"), DOUBLY_STOPPED)
def test_attempt_stays_stopped_when_one_layer_fails(
    layer: str, attempt: Attempt, sandboxes: Any, facts: dict[str, Any]
) -> None:
    """If several layers stop an attempt, it is still stopped when one of them fails."""
    outcome = _try(sandboxes.get("full", frozenset({layer})), attempt, facts)
    assert outcome.startswith(("ERROR ", "STOPPED ")), outcome


def test_there_are_many_attempts() -> None:
    """The suite has at least 65 attempts with unique names."""
    assert len({attempt.name for attempt in ATTEMPTS}) == len(ATTEMPTS) >= 65


def test_attempts_name_known_layers() -> None:
    """An attempt that named an unknown layer would prove nothing."""
    named = {layer for attempt in ATTEMPTS for layer in (*attempt.layers, *attempt.also)}
    assert named <= set(tiers.ALL_LAYERS)
