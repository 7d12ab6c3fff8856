"""Wrong: the last window is missing."""

import numpy as np


def sliding_window(x: np.ndarray, w: int) -> np.ndarray:
    """Return every window except the last as a row."""
    if not 1 <= w <= x.size:
        raise ValueError(f"w must be from 1 to {x.size}, got {w}")
    windows = [x[i : i + w] for i in range(x.size - w)]
    return np.array(windows, dtype=x.dtype).reshape(-1, w)
