"""The codes of verdicts and their full names."""

VERDICT_WORDS = {
    "AC": "accepted",
    "WA": "wrong answer",
    "WT": "wrong shape or dtype",
    "IM": "input mutated",
    "VW": "wrong view or copy",
    "ML": "over memory budget",
    "TL": "too slow",
    "TLE": "time limit exceeded",
    "MLE": "memory limit exceeded",
    "RE": "runtime error",
    "NA": "not allowed",
    "IE": "internal error",
}
"""Each code with its full name."""
