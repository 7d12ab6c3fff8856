"""Correct, but copies each element up to w times."""

import numpy as np


def sliding_window(x: np.ndarray, w: int) -> np.ndarray:
    """Return every window as a row, by fancy indexing."""
    if not 1 <= w <= x.size:
        raise ValueError(f"w must be from 1 to {x.size}, got {w}")
    starts = np.arange(x.size - w + 1)
    windows: np.ndarray = x[starts[:, None] + np.arange(w)]
    return windows
