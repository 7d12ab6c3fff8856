"""Never comes to an end: the window slides on the spot."""

import numpy as np


def sliding_window(x: np.ndarray, w: int) -> np.ndarray:
    """Every window as a row, collected one by one."""
    if not 1 <= w <= x.size:
        raise ValueError(f"w must be from 1 to {x.size}, got {w}")
    rows = []
    start = 0
    while start + w <= x.size:
        rows.append(x[start : start + w])
    return np.array(rows)
