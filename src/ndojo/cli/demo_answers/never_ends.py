"""Never ends: the window does not move."""

import numpy as np


def sliding_window(x: np.ndarray, w: int) -> np.ndarray:
    """Return every window as a row, copied one at a time."""
    if not 1 <= w <= x.size:
        raise ValueError(f"w must be from 1 to {x.size}, got {w}")
    rows = np.empty((x.size - w + 1, w), dtype=x.dtype)
    start = 0
    while start + w <= x.size:
        rows[start] = x[start : start + w]
    return rows
