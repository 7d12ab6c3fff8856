"""Format a verdict for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ndojo import practice
from ndojo.cli.screen import INDENT, Screen, indented

Finding = Mapping[str, Any]
Record = Mapping[str, Any]
Levels = Sequence[tuple[str, str]]

WALLS = {
    "full": "isolated (tier full)",
    "container": "isolated except for namespaces (tier container)",
    "partial": "PARTLY ISOLATED (tier partial)",
    "plain": "NOT ISOLATED (tier plain)",
}
UNMEASURED = "Not measured yet."
SIDE_BY_SIDE, PRINTED_LINES = 10, 12


def verdict_lines(screen: Screen, record: Record, levels: Levels, title: str = "") -> list[str]:
    """Return the lines of the whole verdict.

    Parameters
    ----------
    screen : Screen
    record : mapping
        The result of `Verdict.to_dict`.
    levels : sequence of (name, asks)
        All levels of the question.
    title : str
        Title of the question.
    """
    lines = [headline(screen, record), f"{INDENT}{record['question']}: {title}" if title else "", ""]
    lines += _level_lines(screen, record, levels)
    for finding in record["findings"]:
        if finding["outcome"] == "failed" or finding["code"] == "IE":
            lines += ["", *_finding_lines(screen, record, finding)]
    lines += _output_lines(screen, record["output"])
    return [*lines, "", *_foot(screen, record)]


def headline(screen: Screen, record: Record) -> str:
    """Return the verdict's word and code, and the passed levels."""
    kind = {"AC": "passed", "IE": "unknown"}.get(record["verdict"], "failed")
    color = {"passed": "green", "failed": "red"}.get(kind, "yellow")
    word = screen.paint(f"{record['word']} ({record['verdict']})", color, bold=True)
    return f"{screen.mark(kind)} {word}: {how_far(record)}"


def how_far(record: Record) -> str:
    """Return the number of passed levels as text."""
    total, passed = len(record["levels"]), record["passed_levels"]
    if record["verdict"] == "IE":
        return "this does not count against you"
    left = total - passed if record["verdict"] == "AC" else 0
    rest = f", {left} open" if left else ""
    return f"{passed} of {total} level{'s' if total > 1 else ''} passed{rest}"


# -------------------------------------------------------------------------------------------------------------- levels


def _level_lines(screen: Screen, record: Record, levels: Levels) -> list[str]:
    asks = dict(levels)
    rows = [(name, *standing(record, number)) for number, name in enumerate(record["levels"], 1)]
    names, words = (max(len(row[i]) for row in rows) for i in (0, 2))
    lines = []
    for number, (name, mark, word) in enumerate(rows, 1):
        lead = f"{INDENT}{screen.mark(mark)} {number} {name:{names}}  {word:{words}}  "
        plain = " " * (len(INDENT) + 2 + len(str(number)) + 1 + names + 2 + words + 2)
        asked = screen.wrap(asks.get(name) or (practice.questions.RIGHT if number == 1 else ""), plain, plain)
        lines += [(lead + asked[0][len(plain) :]).rstrip(), *asked[1:]]
        lines += [line for said in measured(record, number) for line in screen.wrap(said, plain, plain)]
    return lines


def measured(record: Record, number: int) -> list[str]:
    """Return what was measured on a level, and what could not be checked."""
    own = [finding for finding in record["findings"] if finding["level"] == number and finding["code"] != "IE"]
    return [
        finding["message"]
        for finding in own
        if (finding["outcome"] != "failed" and finding.get("figures"))
        or (finding["outcome"] == "could not check" and finding["message"] != UNMEASURED)
    ]


def standing(record: Record, number: int) -> tuple[str, str]:
    """Return a level's mark and word."""
    own = [finding for finding in record["findings"] if finding["level"] == number]
    outcomes = {finding["outcome"] for finding in own}
    if "failed" in outcomes:
        return "failed", "failed"
    if not own:
        return "waiting", "not reached"
    if "could not check" in outcomes:
        tried = all(f["message"] != UNMEASURED for f in own if f["outcome"] == "could not check")
        return ("unknown", "could not check") if tried else ("unmeasured", "not measured yet")
    return "passed", "just passed" if "close" in outcomes else "passed"


# ------------------------------------------------------------------------------------------------------------- finding


def _finding_lines(screen: Screen, record: Record, finding: Finding) -> list[str]:
    level = record["levels"][finding["level"] - 1]
    title = f"Level {finding['level']}, {level}: {finding['requirement']}"
    lines = [INDENT + screen.title(title)]
    lines += _sentences(screen, finding["message"])
    if example := finding.get("example"):
        lines += ["", f"{INDENT}Smallest failing input:", "", *indented(example)]
    lines += _compared(screen, finding.get("expected"), finding.get("got"))
    if trace := finding.get("trace"):
        lines += ["", f"{INDENT}Traceback:", "", *indented(trace)]
    if misconception := finding.get("misconception"):
        name = str(finding.get("trap", "")).replace("_", " ")
        lines += ["", *screen.wrap(f"Misconception ({name}): {misconception}", INDENT)]
    if advice := finding.get("advice"):
        lines += ["", *screen.wrap(f"Try next: {advice}", INDENT)]
    return lines


def _sentences(screen: Screen, text: str) -> list[str]:
    """Wrap each line of a message."""
    return [line for own in text.splitlines() for line in screen.wrap(own, INDENT)]


def _compared(screen: Screen, expected: str | None, got: str | None) -> list[str]:
    """Return expected and actual values side by side if both are short, and otherwise one below the other."""
    if expected is None or got is None or expected == got:
        return []
    left, right = expected.splitlines(), got.splitlines()
    wide = 6 + max(map(len, [*left, "Expected"])) + 4 + max(map(len, right))
    if wide <= screen.width and max(len(left), len(right)) <= SIDE_BY_SIDE:
        return ["", *_side_by_side(screen, left, right)]
    return [
        "", f"{INDENT}Expected:", "", *indented(expected), "", f"{INDENT}Got:", "", *indented(got),
    ]  # fmt: skip


def _side_by_side(screen: Screen, left: Sequence[str], right: Sequence[str]) -> list[str]:
    width = max(len("Expected"), *map(len, left)) + 4
    height = max(len(left), len(right))
    filled = [[*side, *[""] * (height - len(side))] for side in (left, right)]
    rows = [f"      {one:{width}}{other}".rstrip() for one, other in zip(*filled, strict=True)]
    return [f"      {'Expected':{width}}Got", "", *rows]


def _output_lines(screen: Screen, output: str) -> list[str]:
    if not output.strip():
        return []
    own = output.rstrip("\n").splitlines()
    lines = ["", f"{INDENT}Your answer printed:", "", *indented("\n".join(own[:PRINTED_LINES]))]
    more = len(own) - PRINTED_LINES
    return [*lines, f"      … and {more} more lines"] if more > 0 else lines


def _foot(screen: Screen, record: Record) -> list[str]:
    isolation = record["isolation"] or {}
    tier = isolation.get("tier", "")
    facts = [f"{record['cases']} cases", f"{record['seconds'] * 1000:.0f} ms", WALLS.get(tier, "not run")]
    lines = [INDENT + " · ".join(facts)]
    if tier in ("plain", "partial"):
        lines += screen.wrap(screen.paint(f"Warning: {isolation['note']}", "yellow", bold=True), INDENT)
    return lines
