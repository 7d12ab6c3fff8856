"""What can go wrong between the judge and a child."""

from __future__ import annotations

from ndojo.sandbox.exit_status import ExitStatus


class SandboxError(Exception):
    """Something between the judge and a child went wrong."""


class SandboxUnavailable(SandboxError):
    """The tier that was asked for does not work on this machine, or no longer does."""


class ChildTimeout(SandboxError):
    """The child did not answer, or did not listen, in time. It may still run: end it."""


class FrameTooBig(SandboxError):
    """The child announced a frame that is longer than the judge takes."""


class ChildGone(SandboxError):
    """The child ended instead of answering; `ending` says how."""

    def __init__(self, ending: ExitStatus) -> None:
        super().__init__(f"the answer {ending.reason}")
        self.ending = ending
