#!/usr/bin/env python3
"""Draw docs/verdict.svg: the output of `ndojo check` for an answer that behaves like a trap.

Run ``.venv/bin/python script/picture.py`` on a system with pseudo-terminals.
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


def terminal_output(command: list[str], folder: str) -> str:
    """Return the output of a command on a terminal with 80 columns."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 80, 0, 0))
    environment = os.environ | {"NDOJO_DATA": folder, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    output = b""
    try:
        while data := os.read(controller, 4096):
            output += data
    except OSError:  # Linux reports the end of the output as an error.
        pass
    process.wait()
    return output.decode()


def main() -> None:
    """Run the command and write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sliding_windows.py").write_text(ANSWER)
        ndojo = str(Path(sys.executable).parent / "ndojo")
        output = terminal_output([ndojo, "check", "sliding_windows.py", "--seed", "1"], folder)
    # Remove hyperlinks, and lines that were overwritten later.
    output = re.sub(r"[^\n]*\r(?!\n)|\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)", "", output.replace("\r\n", "\n"))
    console = Console(record=True, width=80, file=io.StringIO(), force_terminal=True)
    console.print("[bold]$[/bold] ndojo check sliding_windows.py")
    console.print(Text.from_ansi(output.strip("\n")))
    svg = console.export_svg(title="ndojo", unique_id="verdict")
    # Use the fonts of the reader's machine.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S)
    (ROOT / "docs" / "verdict.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
