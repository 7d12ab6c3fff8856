"""The verdict: the record that is shown and stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ndojo.checks.finding import FAILED, Finding
from ndojo.question.verdict_codes import VERDICT_WORDS

TEXT_LIMIT = 4000
OUTPUT_LIMIT = 20_000
"""The maximum number of characters of one string in a finding, and of the output of an answer."""


@dataclass(frozen=True)
class Verdict:
    """The result of judging one answer.

    Parameters
    ----------
    question : str
        Its slug.
    verdict : str
        Code of the first failed requirement, or ``"AC"`` if none failed. ``"IE"`` if no level was passed or failed.
    passed_levels : int
        How many levels are passed, counted from the first.
    levels : tuple of str
        The names of all levels that were judged.
    findings : tuple of Finding
    output : str
        What the answer printed, truncated.
    seconds : float
        Time from receiving the answer to the verdict.
    isolation : dict
        The sandbox's tier and layers.
    cases : int
        How many cases were judged.
    """

    question: str
    verdict: str
    passed_levels: int
    levels: tuple[str, ...]
    findings: tuple[Finding, ...]
    output: str
    seconds: float
    isolation: dict[str, Any] = field(default_factory=dict)
    cases: int = 0

    @property
    def word(self) -> str:
        """The full name of the verdict."""
        return VERDICT_WORDS[self.verdict]

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as a dict for JSON. The terminal, the store and the web page use the same record."""
        return {
            "question": self.question,
            "verdict": self.verdict,
            "word": self.word,
            "passed_levels": self.passed_levels,
            "levels": list(self.levels),
            "findings": [finding.to_dict() for finding in self.findings],
            "output": self.output,
            "seconds": self.seconds,
            "isolation": self.isolation,
            "cases": self.cases,
        }

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Verdict:
        """Return the verdict from a dict that `to_dict` returned."""
        known = {name: record[name] for name in cls.__dataclass_fields__ if name in record}
        findings = tuple(Finding(**finding) for finding in known.pop("findings"))
        return cls(findings=findings, levels=tuple(known.pop("levels")), **known)


def conclude(question: str, levels: tuple[str, ...], findings: list[Finding], **facts: Any) -> Verdict:
    """Return the verdict that follows from the findings.

    A level is passed if all of its findings hold and all levels before it are passed. A level that could not be checked
    neither passes nor fails.
    """
    findings = [_readable(finding) for finding in findings]
    failed = next((finding for finding in findings if finding.outcome == FAILED), None)
    passed = 0
    for number in range(1, len(levels) + 1):
        own = [finding for finding in findings if finding.level == number]
        if not own or not all(finding.holds for finding in own):
            break
        passed = number
    code = failed.code if failed else "AC"
    if not failed and not passed and findings:
        code = "IE"
    facts |= {"output": visible(facts.get("output", ""), OUTPUT_LIMIT)}
    return Verdict(question, code, passed, levels, tuple(findings), **facts)


def _readable(finding: Finding) -> Finding:
    told = {name: visible(text, TEXT_LIMIT) for name, text in vars(finding).items() if isinstance(text, str)}
    # Keep the example whole: the judge writes it, and a truncated example could not be pasted.
    told.pop("example", None)
    return Finding(**vars(finding) | told)


def visible(text: str, limit: int) -> str:
    """Return the first `limit` characters of a string, with non-printable characters escaped.

    Control characters, characters that change the writing direction, and lone surrogates become Python escapes, so an
    answer cannot control the terminal.
    """
    cut = text if len(text) <= limit else text[:limit] + " ..."
    if cut.isprintable():
        return cut
    return "".join(letter if letter.isprintable() or letter in "\n\t" else _escaped(letter) for letter in cut)


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
