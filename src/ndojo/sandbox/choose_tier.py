"""Chooses the tier that works on this machine, by trying its layers."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from ndojo.sandbox import landlock, namespaces, read_paths, seccomp, tiers
from ndojo.sandbox.harden import BOX
from ndojo.sandbox.namespaces import LayerFailed
from ndojo.sandbox.syscall_numbers import architecture
from ndojo.sandbox.zygote_config import ZygoteConfig

ADVICE = {
    tiers.LANDLOCK: "Use Linux 5.13 or later with Landlock enabled, or choose a weaker tier.",
    tiers.SECCOMP: "Use a kernel with seccomp filters on x86-64 or aarch64, or choose a weaker tier.",
}
DEFAULT_ADVICE = "Allow user namespaces for this user, or choose the tier `container`."


@dataclass(frozen=True)
class ChosenTier:
    """The tier to build, its active layers, and why the other layers are missing."""

    tier: str
    layers: frozenset[str]
    missing: dict[str, str]


def choose_tier(plan: ZygoteConfig) -> ChosenTier:
    """Return the requested tier, or the strongest one that works.

    Raises
    ------
    LayerFailed
        If a layer of the requested tier does not work.
    """
    if plan.tier is not None:
        return _build(plan.tier, plan)
    missing: dict[str, str] = {}
    for tier in ("full", "container"):
        try:
            return _with_reasons(_build(tier, plan), missing)
        except LayerFailed as failure:
            missing.setdefault(failure.layer, failure.why)
    return _with_reasons(_build("partial", plan), missing)


def advice(layer: str) -> str:
    """Return what to do if a layer does not work."""
    return ADVICE.get(layer, DEFAULT_ADVICE)


def _with_reasons(chosen: ChosenTier, missing: dict[str, str]) -> ChosenTier:
    return ChosenTier(chosen.tier, chosen.layers, chosen.missing | missing)


def _build(tier: str, plan: ZygoteConfig) -> ChosenTier:
    """Try the layers of one tier and return it. Raise LayerFailed if a promised layer does not work."""
    missing = plan.left_out()
    for layer in (*tiers.PROMISED[tier], *tiers.OPTIONAL[tier]):
        why = None if layer in missing else _why_not(layer)
        if why is not None and layer in tiers.PROMISED[tier]:
            raise LayerFailed(layer, why)
        if why is not None:
            missing[layer] = why
    wanted = {*tiers.PROMISED[tier], *tiers.OPTIONAL[tier]}
    if tiers.MOUNT not in wanted - missing.keys() and not read_paths.open_to_others():
        missing.setdefault(tiers.NOBODY, "other users cannot open Python's own folders")
    layers = frozenset(wanted - missing.keys())
    if tier == "full":
        _try_namespaces(layers)
    rest = {layer: f"not part of the tier `{tier}`" for layer in tiers.ALL_LAYERS if layer not in wanted}
    return ChosenTier(tier, layers, rest | missing)


def _why_not(layer: str) -> str | None:
    """Return why a layer cannot work, as far as that is known without trying it, or None."""
    if layer == tiers.NOBODY:
        return None if os.geteuid() == 0 else "only root can start programs as another user"
    available: dict[str, Callable[[], str | None]] = {
        tiers.CAPABILITIES: _numbers_unknown,
        tiers.LANDLOCK: landlock.available,
        tiers.SECCOMP: seccomp.available,
        tiers.NO_EXEC: seccomp.available,
    }
    return available[layer]() if layer in available else None


def _numbers_unknown() -> str | None:
    """Return None if this architecture's system call numbers are known, otherwise why not."""
    return None if architecture() else "the system call numbers of this architecture are not known"


def _try_namespaces(layers: frozenset[str]) -> None:
    """Enter the namespaces in a separate process, because a process cannot leave them."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        _report_namespaces(layers, writes)
    os.close(writes)
    with open(reads, encoding="utf-8", errors="replace") as pipe:
        layer, _, why = pipe.read().partition(": ")
    os.waitpid(child, 0)
    if layer:
        raise LayerFailed(layer, why)


def _report_namespaces(layers: frozenset[str], writes: int) -> None:
    """In the trial process, write which layer failed, if any, and exit."""
    try:
        namespaces.enter(layers, [os.path.dirname(os.__file__)], [], BOX)
        if tiers.PID in layers:
            namespaces.new_pid_namespace()
    except LayerFailed as failure:
        os.write(writes, str(failure).encode())
    except BaseException as error:
        os.write(writes, f"{tiers.MOUNT}: {error!r}".encode())
    finally:
        os._exit(0)
