"""The errors of the sandbox."""

from __future__ import annotations

from ndojo.sandbox.exit_status import ExitStatus


class SandboxError(Exception):
    """Base class of errors in the communication with a child."""


class SandboxUnavailable(SandboxError):
    """The requested tier does not work on this machine, or it stopped working."""


class ChildTimeout(SandboxError):
    """The child did not reply, or did not read, within the time limit. It may still be running, so end it."""


class FrameTooBig(SandboxError):
    """The child announced a frame that is longer than the judge accepts."""


class ChildGone(SandboxError):
    """The child ended before it replied. `ending` says how."""

    def __init__(self, ending: ExitStatus) -> None:
        super().__init__(f"the answer {ending.reason}")
        self.ending = ending
