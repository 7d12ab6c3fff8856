"""A sandbox for answers: child processes that can compute and do nothing else."""

from ndojo.sandbox.child import Child
from ndojo.sandbox.errors import ChildGone, ChildTimeout, FrameTooBig, SandboxError, SandboxUnavailable
from ndojo.sandbox.exit_status import ExitStatus
from ndojo.sandbox.isolation import Isolation
from ndojo.sandbox.limits import Limits
from ndojo.sandbox.sandbox import Sandbox
from ndojo.sandbox.tiers import TIERS

__all__ = [
    "TIERS",
    "Child",
    "ChildGone",
    "ChildTimeout",
    "ExitStatus",
    "FrameTooBig",
    "Isolation",
    "Limits",
    "Sandbox",
    "SandboxError",
    "SandboxUnavailable",
]
