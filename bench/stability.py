"""Measure how stable verdicts on speed are on this machine, like `ndojo bench stability`.

Run ``.venv/bin/python bench/stability.py [ROUNDS] [--json]``.
"""

import json
import sys

from ndojo.proof.stability import run_stability, table
from ndojo.sandbox import Sandbox

if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    with Sandbox() as sandbox:
        figures = run_stability(
            sandbox, rounds=(numbers or [100])[0], say=lambda text: print(f"... {text}", file=sys.stderr)
        )
    print(json.dumps(figures, indent=2) if "--json" in sys.argv else "\n".join(table(figures)))
