"""Hostile: starts another program."""

import subprocess

import numpy as np


def sliding_window(x: np.ndarray, w: int) -> np.ndarray:
    """Return every window as a row, after running a command."""
    subprocess.run(["/bin/sh", "-c", "id"], check=True)
    return np.lib.stride_tricks.sliding_window_view(x, w)
