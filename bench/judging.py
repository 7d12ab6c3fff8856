"""The judge's figures on this machine, as `ndojo bench` prints them: hot verdicts next to fresh interpreters.

Run ``.venv/bin/python bench/judging.py [--quick]``.
"""

import json
import sys

from ndojo.proof.judge_benchmark import run_benchmark

if __name__ == "__main__":
    figures = run_benchmark(quick="--quick" in sys.argv, progress=lambda text: print(f"... {text}", file=sys.stderr))
    print(json.dumps(figures, indent=2))
