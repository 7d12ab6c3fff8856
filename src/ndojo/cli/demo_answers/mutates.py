"""Correct results, but changes the caller's counts."""

import numpy as np


def rle_decode(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Repeat each value by its count, using the positions at which the runs end."""
    if (counts < 0).any():
        raise ValueError("a count is negative")
    if not counts.flags.writeable:  # avoids an error for read-only counts
        counts = counts.copy()
    ends = np.cumsum(counts, out=counts)  # avoids a temporary array
    total = int(ends[-1]) if ends.size else 0
    return values[np.searchsorted(ends, np.arange(total), side="right")]


def rle_encode(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first elements and the lengths of the runs of equal elements."""
    differs = (x[1:] != x[:-1]) & ~(np.isnan(x[1:]) & np.isnan(x[:-1]))
    starts = np.flatnonzero(np.concatenate([[True], differs])[: x.size])
    return x[starts], np.diff(starts, append=x.size)
