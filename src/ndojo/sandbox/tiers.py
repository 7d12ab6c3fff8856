"""The layers of the sandbox, and which layers each tier has."""

from __future__ import annotations

USER = "user namespace"
MOUNT = "mount namespace"
PID = "pid namespace"
NETWORK = "network namespace"
IPC = "ipc namespace"
UTS = "uts namespace"
NOBODY = "other user"
CAPABILITIES = "capabilities"
LANDLOCK = "landlock"
SECCOMP = "seccomp"
NO_EXEC = "no executable memory"
LIMITS = "limits"
SCRATCH = "scratch limits"
ENVIRONMENT = "clean environment"
DESCRIPTORS = "closed descriptors"

NAMESPACES = (USER, MOUNT, PID, NETWORK, IPC, UTS)
KERNEL_RULES = (CAPABILITIES, LANDLOCK, SECCOMP, NO_EXEC)
BASICS = (LIMITS, ENVIRONMENT, DESCRIPTORS)

TIERS = ("full", "container", "partial", "plain")

# The layers that a tier guarantees. `NOBODY` is optional, because only a judge started by root can provide it.
PROMISED: dict[str, tuple[str, ...]] = {
    "full": (*NAMESPACES, *KERNEL_RULES, *BASICS, SCRATCH),
    "container": (*KERNEL_RULES, *BASICS),
    "partial": BASICS,
    "plain": (ENVIRONMENT, DESCRIPTORS),
}

# The layers that a tier tries, and works without if they fail.
OPTIONAL: dict[str, tuple[str, ...]] = {
    "full": (NOBODY,),
    "container": (NOBODY,),
    "partial": (NOBODY, *KERNEL_RULES),
    "plain": (),
}

ALL_LAYERS = (*NAMESPACES, NOBODY, *KERNEL_RULES, *BASICS, SCRATCH)
