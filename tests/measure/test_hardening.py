"""Timing allows attacks that correctness tests do not. Answers that try them gain nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ndojo.calls.call import run_case
from ndojo.calls.pack import pack_case
from ndojo.checks.finding import Finding
from ndojo.measure.paired_timing import describing_seconds
from ndojo.question.requirements import no_python_loop, peak_memory

SLOW = 20
"""Units of work of a slow answer; 5 are allowed."""

Known = Callable[[str], Finding]

CHEATS = {
    "spots the timed calls and returns something quickly": """
import sys

def unit(x):
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_locals.get("manner") == b"t" or frame.f_locals.get("mode") == b"t":
            return x
        frame = frame.f_back
    return work(x, 20)
""",
    "keeps results by the bytes of the input": """
kept = {}

def unit(x):
    key = x.tobytes()
    if key not in kept:
        kept[key] = work(x, 20)
    return kept[key]
""",
    "gives the first result for every input of that shape": """
kept = {}

def unit(x):
    if x.shape not in kept:
        kept[x.shape] = work(x, 20)
    return kept[x.shape].copy()
""",
    "shares the work out among threads": """
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(4)

def unit(x):
    return list(pool.map(lambda units: work(x, units), [5, 5, 5, 5]))[0]
""",
    "returns immediately and lets a thread do the work": """
import threading

def unit(x):
    out = np.empty_like(x)
    threading.Thread(target=lambda: np.copyto(out, work(x, 20))).start()
    return out
""",
    "works when its result is looked at": """
class Later(np.ndarray):
    def tobytes(self, *args):
        return work(self.held, 20).tobytes()

def unit(x):
    y = np.empty_like(x).view(Later)
    y.held = x
    return y
""",
    "works in the driver's description of the result": """
import sys

def slow_describe(play, returned, raised, warned, describe=None):
    return describe_before(play, work(play.args[0], 20) if play.args else returned, raised, warned)

instruments = sys.modules["ndojo.calls.instruments"]
describe_before = instruments.describe
instruments.describe = slow_describe

def unit(x):
    return x
""",
    "says itself that the calls are done": """
import os, struct, sys

def unit(x):
    frame = sys._getframe(1)
    while frame is not None and "nonce" not in frame.f_locals:
        frame = frame.f_back
    if frame is not None:
        text = b"S" + frame.f_locals["nonce"]
        os.write(3, struct.pack("<Q", len(text)) + text)
    return work(x, 20)
""",
    "answers for the driver with forged outcomes": """
import os, struct, sys

def unit(x):
    frame = sys._getframe(1)
    while frame is not None and "nonce" not in frame.f_locals:
        frame = frame.f_back
    if frame is not None:
        text = b"S" + frame.f_locals["nonce"]
        os.write(3, struct.pack("<Q", len(text)) + text)
        text = b"D" + frame.f_locals["nonce"] + b"N"
        os.write(3, struct.pack("<Q", len(text)) + text)
    return work(x, 20)
""",
    "wears the machine out while the naive answer runs": """
import threading

def spin():
    while True:
        np.sin(np.ones(100_000))

def unit(x):
    if threading.active_count() < 4:
        threading.Thread(target=spin, daemon=True).start()
    return work(x, 4)
""",
    "ends the process after its call": """
import os, threading

def unit(x):
    threading.Timer(0.001, os._exit, (0,)).start()
    return work(x, 20)
""",
}


def test_an_honest_answer_passes(known: Known) -> None:
    """The same work without tricks is clearly fast enough and passes."""
    assert known("def unit(x):\n    return work(x, 2)\n").holds


def test_an_honest_slow_answer_fails(known: Known) -> None:
    """Four times the allowed work is too slow."""
    finding = known("def unit(x):\n    return work(x, 20)\n")
    assert (finding.outcome, finding.code) == ("failed", "TL"), finding.message


@pytest.mark.parametrize("trick", CHEATS)
def test_a_trick_gains_nothing(known: Known, trick: str) -> None:
    """An answer that is too slow fails with every trick."""
    finding = known(CHEATS[trick])
    assert finding.outcome == "failed", finding.message


def test_another_layout_is_no_hidden_work() -> None:
    """An honest answer may return a transpose, which takes longer to write out. The judge accounts for that."""
    x = np.arange(250_000.0).reshape(500, 500)
    rows, columns = (run_case({"f": lambda y=y: y}, pack_case("f", (), {}), "") for y in (x, np.asfortranarray(x)))
    assert describing_seconds(rows) == 0
    assert describing_seconds(columns) > 0


LEAKY = {
    "forgets the peak": "import tracemalloc\ny = np.ones(3_000_000) * 2\ndel y\ntracemalloc.reset_peak()\nreturn x / 2",
    "stops the tracing": "import tracemalloc\ntracemalloc.stop()\ny = np.ones(3_000_000) * 2\nreturn x / 2",
    "maps memory past the tracing": (
        "import mmap\nwith mmap.mmap(-1, 24_000_000) as room:\n    room.write(bytes(24_000_000))\nreturn x / 2"
    ),
}


@pytest.mark.parametrize("trick", LEAKY)
def test_memory_is_seen_from_outside(bench: Any, trick: str) -> None:
    """The process's own report is only advice: the judge measures its memory from outside."""
    large = peak_memory(lambda rng: {"x": rng.standard_normal(200_000)}, outputs=1.5)
    finding = bench.of(large, LEAKY[trick])
    assert (finding.outcome, finding.code) == ("failed", "ML"), finding.message


def test_a_hoard_from_an_earlier_call_counts(bench: Any) -> None:
    """Memory that is kept for later calls counts as used."""
    source = """
import numpy as np
kept = []

def halves(x):
    if not kept:
        kept.append(np.ones(3_000_000))
    return x / 2
"""
    large = peak_memory(lambda rng: {"x": rng.standard_normal(200_000)}, outputs=1.5)
    assert bench.of_file(large, source).code == "ML"


@pytest.mark.parametrize(
    "body",
    [
        "import sys\nsys.settrace(None)\nreturn np.array([one / 2 for one in x])",
        "import sys\nkept = sys.gettrace()\nsys.settrace(None)\ny = [one / 2 for one in x]\n"
        "sys.settrace(kept)\nreturn np.array(y)",
    ],
)
def test_a_loop_hidden_from_the_count_is_found(bench: Any, body: str) -> None:
    """An answer that removes the tracer still fails."""
    finding = bench.of(no_python_loop(lambda rng, n: {"x": rng.standard_normal(n)}), body)
    assert finding.outcome == "failed", finding.message
