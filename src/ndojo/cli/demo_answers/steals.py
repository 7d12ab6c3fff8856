"""Hostile: looks for the reference on the disk and hands that over as its own work."""

import os

import numpy as np


def find_reference() -> str:
    """The path of the question file."""
    for folder, _, files in os.walk("/"):
        if folder.endswith("bank/memory") and "sliding_windows.py" in files:
            return os.path.join(folder, "sliding_windows.py")
    raise FileNotFoundError("no question file is to be found on this disk")


def sliding_window(x: np.ndarray, w: int) -> np.ndarray:
    """Every window as a row, by reading the question's file."""
    scope: dict[str, object] = {}
    with open(find_reference(), encoding="utf-8") as file:
        exec(file.read(), scope)
    result: np.ndarray = scope["sliding_window"](x, w)  # type: ignore[operator]
    return result
