"""Hostile: searches the disk for the reference and returns its result."""

import os

import numpy as np


def find_reference() -> str:
    """Return the path of the question file."""
    for folder, _, files in os.walk("/"):
        if folder.endswith("bank/memory") and "sliding_windows.py" in files:
            return os.path.join(folder, "sliding_windows.py")
    raise FileNotFoundError("no question file found")


def sliding_window(x: np.ndarray, w: int) -> np.ndarray:
    """Return every window as a row, by running the question file."""
    scope: dict[str, object] = {}
    with open(find_reference(), encoding="utf-8") as file:
        exec(file.read(), scope)
    result: np.ndarray = scope["sliding_window"](x, w)  # type: ignore[operator]
    return result
