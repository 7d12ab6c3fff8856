"""What this machine can do at best: measured once, and kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ndojo.store import data_folder

if TYPE_CHECKING:
    from ndojo.measure.hardware_limits import Limits
    from ndojo.sandbox import Sandbox


def limits_path() -> Path:
    """The file that keeps the limits. `ndojo bench` replaces it."""
    return data_folder() / "machine.json"


def find_limits(sandbox: Sandbox) -> Limits:
    """What this machine can do: as it was kept, else measured now, which takes a second, and kept."""
    from ndojo.measure.hardware_limits import limits_of

    return limits_of(sandbox, limits_path())
