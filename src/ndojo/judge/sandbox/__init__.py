"""A sandbox for answers: children that can compute, and do nothing else."""

from ndojo.judge.sandbox.child import Child
from ndojo.judge.sandbox.endings import Ending
from ndojo.judge.sandbox.errors import ChildGone, ChildTimeout, FrameTooBig, SandboxError, SandboxUnavailable
from ndojo.judge.sandbox.isolation import Isolation
from ndojo.judge.sandbox.limits import Limits
from ndojo.judge.sandbox.sandbox import Sandbox
from ndojo.judge.sandbox.tiers import TIERS

__all__ = [
    "TIERS",
    "Child",
    "ChildGone",
    "ChildTimeout",
    "Ending",
    "FrameTooBig",
    "Isolation",
    "Limits",
    "Sandbox",
    "SandboxError",
    "SandboxUnavailable",
]
