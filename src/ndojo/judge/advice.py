"""General advice for each verdict code, used if a finding has no specific advice."""

from __future__ import annotations

from dataclasses import replace

from ndojo.checks.finding import Finding

TRY_NEXT = {
    "WA": "Run the lines above in the folder of your file, and look at the first value that differs.",
    "WT": "Compare .shape and .dtype with the prompt before you look at the values.",
    "IM": "Work on a copy, or write the result into a new array: the caller's array must stay unchanged.",
    "VW": "Find the step that copies, or fails to copy: check np.shares_memory(result, x) after each step.",
    "ML": "Look for temporary arrays: out=, in-place operators and views avoid them.",
    "TL": "Find the code that runs once per element, and replace it with one NumPy call on the whole array.",
    "TLE": "Check that every loop ends, and that the work does not grow too fast with the input.",
    "MLE": "Find the array that is much larger than the input and the result.",
    "RE": "Run the lines above, and read the last line of the traceback first.",
    "NA": "An answer may only compute. It must not use files, the network, other processes or forbidden functions.",
}


BY_REQUIREMENT = {
    "no warnings": "Run the lines above with `python -W error`: the traceback then shows the line that warns.",
    "a view is returned": "Find the step that copies: check np.shares_memory(result, x) after each step.",
    "no shared memory": "Check np.shares_memory(result, x) after each step, and copy where it is True.",
}
"""Advice that is more specific than the advice for the verdict's code."""


def advised(finding: Finding) -> Finding:
    """Return the finding with advice on what to try next."""
    advice = finding.advice or _try_next(finding)
    return replace(finding, advice=advice) if advice else finding


def _try_next(finding: Finding) -> str | None:
    got = finding.got or ""
    if "NotImplementedError: your answer goes here" in got:
        return "Replace the line that raises with your answer."
    # If the sandbox refuses a system call, the answer gets a PermissionError.
    if finding.code == "RE" and got.startswith("PermissionError"):
        return TRY_NEXT["NA"]
    if finding.code == "NA" and "must be solved without" in finding.message:
        return "Use other functions. The prompt names those that are not allowed because they would make it too easy."
    if finding.code == "WT" and not ("shape" in finding.message or "dtype" in finding.message):
        return "Compare the type of your result with the Returns section of the prompt."
    if finding.code not in TRY_NEXT:
        return None
    return BY_REQUIREMENT.get(finding.requirement, TRY_NEXT[finding.code])
