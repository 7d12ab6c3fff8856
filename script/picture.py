#!/usr/bin/env python3
"""Draw docs/verdict.svg: what `ndojo check` shows of an answer that fell into a trap.

Run it with the Python of `.venv`: `.venv/bin/python script/picture.py`. Needs a system with pseudo-terminals.
"""

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
ANSWER = """\
import numpy as np


def sliding_window(x, w):
    if not 1 <= w <= x.size:
        raise ValueError(f"w is {w}, x has {x.size} samples")
    step = x.itemsize
    return np.lib.stride_tricks.as_strided(x, (x.size - w + 1, w), (step, step), writeable=False)
"""


def on_terminal(command: list[str], folder: str) -> str:
    """What a command draws on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 80, 0, 0))
    environment = os.environ | {"NDOJO_DATA": folder, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    drawn = b""
    try:
        while data := os.read(ours, 4096):
            drawn += data
    except OSError:  # a terminal whose other end is closed
        pass
    process.wait()
    return drawn.decode()


def main() -> None:
    """Run the command and draw the picture."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sliding_windows.py").write_text(ANSWER)
        ndojo = str(Path(sys.executable).parent / "ndojo")
        drawn = on_terminal([ndojo, "check", "sliding_windows.py", "--seed", "1"], folder)
    # A line that was drawn over, and links, mean nothing in a picture.
    drawn = re.sub(r"[^\n]*\r(?!\n)|\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)", "", drawn.replace("\r\n", "\n"))
    console = Console(record=True, width=80, file=io.StringIO(), force_terminal=True)
    console.print("[bold]$[/bold] ndojo check sliding_windows.py")
    console.print(Text.from_ansi(drawn.strip("\n")))
    svg = console.export_svg(title="ndojo", unique_id="verdict")
    # Fonts come from the reader's own machine.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S)
    (ROOT / "docs" / "verdict.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
