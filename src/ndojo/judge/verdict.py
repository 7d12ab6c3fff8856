"""The verdict: what every face shows and every store keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ndojo.checks.finding import FAILED, Finding
from ndojo.question.verdict_codes import VERDICT_WORDS

TEXT_LIMIT = 4000
OUTPUT_LIMIT = 20_000
"""Characters of any one text in a finding, and of what an answer printed."""


@dataclass(frozen=True)
class Verdict:
    """What the judge says of one answer.

    Parameters
    ----------
    question : str
        Its slug.
    verdict : str
        Code of the first failed requirement; ``"AC"`` where none failed.
    passed_levels : int
        How many levels are passed, counted from the first.
    levels : tuple of str
        The names of all the levels judged.
    findings : tuple of Finding
    output : str
        What the answer printed, cut.
    seconds : float
        From the answer's arrival to the verdict.
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
        """The verdict in full."""
        return VERDICT_WORDS[self.verdict]

    def to_dict(self) -> dict[str, Any]:
        """The verdict as it is written everywhere: to JSON, to the store, to a page."""
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
        """The verdict that `to_dict` wrote."""
        known = {name: record[name] for name in cls.__dataclass_fields__ if name in record}
        findings = tuple(Finding(**finding) for finding in known.pop("findings"))
        return cls(findings=findings, levels=tuple(known.pop("levels")), **known)


def conclude(question: str, levels: tuple[str, ...], findings: list[Finding], **facts: Any) -> Verdict:
    """The verdict that follows from the findings.

    A level is passed where each of its findings holds and the levels before it are passed; one that could not be
    checked neither passes nor fails.
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
    # The judge writes the example itself, and one that is cut cannot be pasted.
    told.pop("example", None)
    return Finding(**vars(finding) | told)


def visible(text: str, limit: int) -> str:
    """A text whose every character shows, at most `limit` of them: an answer must not move a terminal's cursor.

    Control characters, those that turn the direction of writing, and lone surrogates are written as Python escapes.
    """
    cut = text if len(text) <= limit else text[:limit] + " ..."
    if cut.isprintable():
        return cut
    return "".join(letter if letter.isprintable() or letter in "\n\t" else _escaped(letter) for letter in cut)


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
