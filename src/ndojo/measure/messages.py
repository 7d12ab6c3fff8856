"""Messages for the findings of measured requirements."""

from __future__ import annotations

from pathlib import Path

from ndojo.calls.client import Stopped
from ndojo.checks.finding import FAILED, UNCHECKED, Finding
from ndojo.checks.formatting import example_code
from ndojo.checks.requirements import Failure
from ndojo.question.loading import slug_of

READABLE = 200
"""The largest example that can reasonably be pasted, in elements."""


def milliseconds(seconds: float) -> str:
    """Return a time as text with a suitable unit."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.3g} µs"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def size(count: float) -> str:
    """Return a number of bytes as text with a suitable unit."""
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if abs(count) >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count:.0f} bytes"


def could_not_tell(name: str) -> Finding:
    """Return the finding for a machine that is too busy to measure."""
    message = "Could not tell: other programs are using this machine's memory bandwidth."
    return Finding(0, name, UNCHECKED, "", message, advice="Check again when the machine is less busy.")


def wrong_when_measured(name: str, slow: str, wrong: Failure | None, stopped: Stopped | None) -> Finding:
    """Return the finding for a measured call with a wrong result or no result. `slow` is the requirement's code."""
    over = {"ML": "MLE", "TL": "TLE"}[slow]
    if stopped:
        code = slow if stopped.code == over else stopped.code
        return Finding(0, name, FAILED, code, f"On the measured inputs: {stopped.message}")
    assert wrong is not None
    slug = slug_of(Path(wrong.case.entry.reference.__code__.co_filename))
    example = example_code(slug, wrong.case.entry, wrong.case.inputs) if wrong.case.size <= READABLE else None
    message = f"On the measured inputs: {wrong.message}"
    code = slow if wrong.code == over else wrong.code
    return Finding(0, name, FAILED, code, message, example=example)


def percent(share: float) -> str:
    """Return a share as a percentage with two significant digits, such as 36% or 0.24%."""
    return f"{100 * share:.2g}%" if share < 0.995 else f"{share:.0%}"
