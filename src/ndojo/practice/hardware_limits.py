"""The hardware limits of this machine, which are measured once and saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ndojo.store import data_folder

if TYPE_CHECKING:
    from ndojo.measure.hardware_limits import Limits
    from ndojo.sandbox import Sandbox


def limits_path() -> Path:
    """Return the path of the file with the limits. `ndojo bench` replaces this file."""
    return data_folder() / "machine.json"


def find_limits(sandbox: Sandbox) -> Limits:
    """Return the hardware limits. If they are not saved yet, measure and save them, which takes a second."""
    from ndojo.measure.hardware_limits import limits_of

    return limits_of(sandbox, limits_path())
