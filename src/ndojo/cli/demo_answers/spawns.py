"""Hostile: starts another program."""

import subprocess

import numpy as np


def sliding_window(x: np.ndarray, w: int) -> np.ndarray:
    """Every window as a row, while something else runs."""
    subprocess.run(["/bin/sh", "-c", "id"], check=True)
    return np.lib.stride_tricks.sliding_window_view(x, w)
