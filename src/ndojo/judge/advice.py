"""What to try next, by the word of a verdict, where a finding has no advice of its own."""

from __future__ import annotations

from dataclasses import replace

from ndojo.checks.finding import Finding

TRY_NEXT = {
    "WA": "Run the lines above beside your file and see where the values part.",
    "WT": "Compare .shape and .dtype with the prompt before you look at values.",
    "IM": "Work on a copy, or write into memory of your own: the caller's array is not yours.",
    "VW": "See which step copies, or does not: np.shares_memory(result, x) tells after each.",
    "ML": "See which temporary arrays you make: out=, in-place operators and views save them.",
    "TL": "See what runs once an element, and hand it to NumPy for the whole array.",
    "TLE": "See whether every loop comes to an end, and whether its work grows too fast.",
    "MLE": "See which array is far larger than input and result.",
    "RE": "Run the lines above and read the last line of the error first.",
    "NA": "An answer computes: it needs no files, network, processes or forbidden functions.",
}


BY_REQUIREMENT = {
    "no warnings": "Run the lines above under `python -W error`: the error then names the line that warns.",
    "a view is returned": "See which step copies: np.shares_memory(result, x) tells after each.",
    "memory of its own": "See which step gives a view: np.shares_memory(result, x) tells after each; a copy ends it.",
}
"""Where the requirement says more than the verdict's word."""


def advised(finding: Finding) -> Finding:
    """The finding, with what to try next."""
    advice = finding.advice or _try_next(finding)
    return replace(finding, advice=advice) if advice else finding


def _try_next(finding: Finding) -> str | None:
    got = finding.got or ""
    if "NotImplementedError: your answer goes here" in got:
        return "Write your answer in place of the line that raises."
    # The kernel's refusals reach the answer as this error.
    if finding.code == "RE" and got.startswith("PermissionError"):
        return TRY_NEXT["NA"]
    if finding.code == "NA" and "to be solved without" in finding.message:
        return "Say it with other functions: the prompt names those that would make it too easy."
    if finding.code == "WT" and not ("shape" in finding.message or "dtype" in finding.message):
        return "Compare the type of what comes back with what the prompt says under Returns."
    if finding.code not in TRY_NEXT:
        return None
    return BY_REQUIREMENT.get(finding.requirement, TRY_NEXT[finding.code])
