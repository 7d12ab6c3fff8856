"""The width of the terminal."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def terminal_columns() -> int:
    """Return the width of the terminal, or 80 if unknown. Importing shutil for this would take 6 ms."""
    with suppress(OSError, ValueError, AttributeError):
        return int(os.environ.get("COLUMNS") or os.get_terminal_size(sys.stdout.fileno()).columns) or 80
    return 80
