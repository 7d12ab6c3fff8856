"""Time whole commands. Each run is paired with `python -c "import numpy"`, so that noise affects both.

Run ``.venv/bin/python bench/start_up.py [ROUNDS]``.

Prints p50 and p90 in milliseconds and the median ratio of the pairs. Goals: `check` of a correct answer takes at most 4
times the import of NumPy; `list` and `--help` take at most 120 ms on an idle machine.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ndojo.question.answer_source import answer_source
from ndojo.question.loading import load

BIN = Path(sys.executable).parent
PLAIN = [sys.executable, "-c", "import numpy"]


def seconds(command: list[str], folder: str) -> float:
    """Return how long a whole process takes."""
    environment = os.environ | {"NDOJO_DATA": folder}
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
    taken = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr.decode()}{done.stdout.decode()}")
    return taken


def main(rounds: int) -> None:
    """Print one line per command."""
    ndojo = str(BIN / "ndojo")
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "run_length.py"
        answer.write_text(answer_source(load("run-length")))
        commands = {
            "ndojo --help": [ndojo, "--help"],
            "ndojo list": [ndojo, "list"],
            "ndojo check": [ndojo, "check", str(answer)],
        }
        print(f"{'command':<14} {'p50 ms':>8} {'p90 ms':>8} {'import numpy, p50 ms':>22} {'ratio':>7}   n = {rounds}")
        for name, command in commands.items():
            pairs = [(seconds(command, folder), seconds(PLAIN, folder)) for _ in range(rounds + 1)][1:]
            own = sorted(pair[0] * 1e3 for pair in pairs)
            plain = statistics.median(pair[1] * 1e3 for pair in pairs)
            ratio = statistics.median(pair[0] / pair[1] for pair in pairs)
            print(f"{name:<14} {own[len(own) // 2]:8.0f} {own[int(len(own) * 0.9)]:8.0f} {plain:22.0f} {ratio:7.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
