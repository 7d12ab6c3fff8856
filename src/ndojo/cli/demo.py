"""`ndojo demo`: judge example answers, each of which must get the expected verdict."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import click

from ndojo import practice
from ndojo.cli.options import tier_option
from ndojo.cli.screen import Screen, indented, screen
from ndojo.cli.verdict import verdict_lines

FOLDER = Path(__file__).with_name("demo_answers")
WALLED = ("full", "container")


@dataclass(frozen=True)
class Shown:
    """An answer of the demo with its expected verdict.

    `passed_levels` is the minimum. Answers that are `hostile` run only in an isolated sandbox.
    """

    name: str
    question: str
    verdict: str
    passed_levels: int = 0
    trap: str | None = None
    got: str = ""
    hostile: bool = False

    @property
    def source(self) -> str:
        return (FOLDER / f"{self.name}.py").read_text(encoding="utf-8")

    @property
    def says(self) -> str:
        """The description of the answer, from its first line."""
        return self.source.splitlines()[0].strip('"')

    def is_met(self, checked: practice.session.Checked) -> bool:
        """Return whether the verdict is the expected one."""
        verdict = checked.verdict
        findings = [finding for finding in verdict.findings if finding.outcome == "failed"]
        return (
            verdict.verdict == self.verdict
            and verdict.passed_levels >= self.passed_levels
            and (self.trap is None or any(finding.trap == self.trap for finding in findings))
            and (not self.got or any((finding.got or "").startswith(self.got) for finding in findings))
        )


ANSWERS = (
    Shown("passes", "sliding-windows", "AC", passed_levels=2),
    Shown("copies", "sliding-windows", "VW", passed_levels=1),
    Shown("one_short", "sliding-windows", "WT", trap="one_short"),
    Shown("mutates", "run-length", "IM"),
    Shown("never_ends", "sliding-windows", "TLE"),
    Shown("steals", "sliding-windows", "RE", got="FileNotFoundError", hostile=True),
    Shown("calls_home", "sliding-windows", "RE", got="PermissionError", hostile=True),
    Shown("spawns", "sliding-windows", "RE", got="PermissionError", hostile=True),
)


@click.command("demo")
@tier_option
@click.pass_context
def demo_command(ctx: click.Context, tier: str | None) -> None:
    """Judge correct, wrong and hostile example answers.

    Nothing is saved. The exit status is 0 if each answer got the expected verdict.
    """
    shown, started = screen(), time.perf_counter()
    with practice.session.Session(tier) as session:
        actual, note = session.tier()
        chosen = [one for one in ANSWERS if not one.hostile or actual in WALLED]
        met = [_show(shown, session, one, f"{place} of {len(chosen)}") for place, one in enumerate(chosen, 1)]
    if left_out := len(ANSWERS) - len(chosen):
        hostile = "hostile answer" if left_out == 1 else "hostile answers"
        shown.say(*shown.wrap(f"Skipped: {left_out} {hostile}. {note}", ""), "")
    seconds = time.perf_counter() - started
    mark = shown.mark("passed" if all(met) else "failed")
    shown.say(f"{mark} {sum(met)} of {len(met)} answers got the expected verdict in {seconds:.1f} s (tier {actual}).")
    ctx.exit(0 if all(met) else 1)


def _show(shown: Screen, session: practice.session.Session, one: Shown, place: str) -> bool:
    """Show one answer and its verdict. Return whether the verdict is the expected one."""
    shown.say(shown.title(f"{place}: {one.says}"), "", *indented(_body(one.source), "    "), "")
    checked = session.judge(one.question, one.source)
    shown.say(*verdict_lines(shown, checked.verdict.to_dict(), checked.levels, checked.title))
    is_met = one.is_met(checked)
    word = "the expected verdict" if is_met else f"NOT the expected verdict, {one.verdict}"
    shown.say(f"  {shown.mark('passed' if is_met else 'failed')} {word}", "")
    return is_met


def _body(source: str) -> str:
    """Return an answer without its first lines, the description and the import of NumPy."""
    lines = source.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("def "))
    return "\n".join(lines[first:])
