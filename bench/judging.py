"""Measure the judge on this machine, like `ndojo bench`: warm verdicts compared with new interpreters.

Run ``.venv/bin/python bench/judging.py [--quick]``. Prints JSON.
"""

import json
import sys

from ndojo.proof.judge_benchmark import run_benchmark

if __name__ == "__main__":
    figures = run_benchmark(quick="--quick" in sys.argv, progress=lambda text: print(f"... {text}", file=sys.stderr))
    print(json.dumps(figures, indent=2))
