"""`ndojo new` and `ndojo verify`: write questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ndojo import practice
from ndojo.cli.options import complete_slug_or_file, json_option, tier_option, write_json
from ndojo.cli.screen import Screen, indented, screen, warn

TEMPLATE = Path(__file__).with_name("new_question.txt")
HEAD = ("question", "right", "traps", "mutants", "equiv", "cases", "drills", "s")


@click.command("new")
@click.argument("place", metavar="ROOM/SLUG")
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False),
    help="Folder that contains the rooms. Default: the bank of the checkout.",
)
def new_command(place: str, folder: str | None) -> None:
    """Create a new question file.

    The file contains a small complete question. Change it step by step into your own, and run `ndojo verify`.
    """
    shown = screen()
    path = practice.authoring.new(place, TEMPLATE.read_text(encoding="utf-8"), Path(folder) if folder else None)
    shown.say(f"{shown.mark('passed')} {shown.link(path)}", "", f"  ndojo verify {shown.link(path)}    checks it")


@click.command("verify")
@click.argument("targets", nargs=-1, metavar="[SLUG|PATH]...", shell_complete=complete_slug_or_file)
@click.option("--no-mutation", is_flag=True, help="Skip the mutants, which is faster but less thorough.")
@tier_option
@json_option
@click.pass_context
def verify_command(
    ctx: click.Context, targets: tuple[str, ...], no_mutation: bool, tier: str | None, as_json: bool
) -> None:
    """Check question files: answers, traps, mutants and language.

    Without arguments, check every question of the bank. If a question of the bank was checked, the index is updated.
    The exit status is 0 only if all questions hold.
    """
    shown, proofs = screen(), []
    names = [Path(target).stem for target in targets] or practice.questions.slugs()
    width = max(map(len, ["question", *names]))
    if not as_json:
        shown.say("  " + _line(HEAD, width))
    for proof in practice.authoring.verify(targets, mutation=not no_mutation, tier=tier):
        proofs.append(proof)
        if not as_json:
            shown.say(_proof_line(shown, proof, width), *_bar_lines(shown, proof))
    if as_json:
        write_json([proof.to_dict() for proof in proofs])
    else:
        _say_rest(shown, proofs)
    _say_index(targets)
    ctx.exit(0 if all(proof.holds for proof in proofs) else 1)


def _line(cells: tuple[str, ...], width: int) -> str:
    name, *rest = cells
    return f"{name:{width}}  " + "  ".join(
        cell.rjust(max(len(head), 5)) for cell, head in zip(rest, HEAD[1:], strict=True)
    )


def _proof_line(shown: Screen, proof: Any, width: int) -> str:
    cells = (
        proof.question, f"{proof.right_proven}/{proof.right}", f"{proof.traps_dead}/{proof.traps}",
        f"{proof.killed}/{proof.mutants - proof.equivalent}", str(proof.equivalent), str(proof.cases),
        str(proof.drills), f"{proof.seconds:.1f}",
    )  # fmt: skip
    problems = len(proof.problems)
    word = "holds" if proof.holds else f"{problems} problem{'s' if problems > 1 else ''}"
    return f"{shown.mark('passed' if proof.holds else 'failed')} {_line(cells, width)}  {word}"


def _bar_lines(shown: Screen, proof: Any) -> list[str]:
    """Return the known answers' times relative to the speed thresholds, and their share of the hardware limit."""
    return [shown.paint(line, "bright_black") for bar in proof.bars for line in shown.wrap(bar, "      ", "        ")]


def _say_rest(shown: Screen, proofs: list[Any]) -> None:
    for proof in proofs:
        if not proof.holds:
            shown.say("", shown.title(proof.question))
        for problem in proof.problems:
            shown.say(*_problem_lines(shown, problem))
    unmeasured = sum(len(proof.unmeasured) for proof in proofs)
    holding = sum(proof.holds for proof in proofs)
    rest = f"; {unmeasured} requirements were not measured" if unmeasured else ""
    shown.say("", f"{holding} of {len(proofs)} questions hold{rest}.")


def _problem_lines(shown: Screen, problem: Any) -> list[str]:
    first, _, more = problem.message.partition("\n")
    lines = shown.wrap(f"{problem.check} {problem.subject}: {first}", "  - ", "    ")
    if more.strip():
        lines += indented(more.strip("\n"))
    return [*lines, *shown.wrap(problem.advice, "    ")]


def _say_index(targets: tuple[str, ...]) -> None:
    """Update the index of the bank, unless only files outside it were checked."""
    if not targets or any(target in practice.questions.slugs() for target in targets):
        said = practice.authoring.refresh_index()
        if said:
            warn(said)
