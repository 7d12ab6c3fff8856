"""`ndojo check`: judge an answer. Display modules are imported only after the sandbox has started."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from ndojo import practice
from ndojo.cli.options import complete_slug, complete_slug_or_file, json_option, now, tier_option, write_json
from ndojo.cli.screen import Screen, screen, warn


@click.command("check")
@click.argument("file", shell_complete=complete_slug_or_file)
@click.option(
    "--question",
    "slug",
    metavar="SLUG",
    shell_complete=complete_slug,
    help="The question, if the file's name is not its slug.",
)
@click.option("--levels", type=click.IntRange(min=1), metavar="N", help="Judge only the first N levels.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the random cases, to repeat an earlier run.")
@click.option("--no-store", is_flag=True, help="Do not save the answer and the verdict.")
@click.option("--fresh", is_flag=True, help="Judge the answer again even if it is unchanged.")
@click.option("--profile", is_flag=True, help="Also show the time of each line and the share of the hardware limit.")
@tier_option
@json_option
@click.pass_context
def check_command(
    ctx: click.Context, file: str, slug: str | None, levels: int | None, seed: int | None, no_store: bool,
    fresh: bool, profile: bool, tier: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Judge an answer.

    FILE is a Python file, or the slug of a question whose file is in the current folder. The exit status is 0 if
    level 1 is passed, and 1 if not.
    """
    path, shown = practice.answer_files.find_answer(file, Path()), None if as_json else screen()
    # Created first, so that the sandbox starts while the answer is read and the question is loaded.
    with practice.session.Session(tier) as session:
        with shown.working(f"Checking {path.name} ...") if shown else nullcontext():
            keep = not no_store
            checked = session.check(path, slug, levels=levels, seed=seed, keep=keep, fresh=fresh, now=now())
        profiled = _profile(session, checked, path, shown) if profile else None
        if shown is None:
            write_json(checked.verdict.to_dict() | ({"profile": profiled.to_dict()} if profiled else {}))
        else:
            _draw(shown, checked)
            _draw_profile(shown, profiled)
        if checked.trouble:
            warn(checked.trouble)
        if not no_store:
            say_recovered(session)
    ctx.exit(0 if checked.passed else 1)


def _profile(
    session: practice.session.Session, checked: practice.session.Checked, path: Path, shown: Screen | None
) -> Any:
    """Return the profile of an answer that passes level 1. The time of a wrong answer means nothing."""
    if not checked.passed:
        warn("Only an answer that passes level 1 can be profiled.")
        return None
    with shown.working("Profiling ...") if shown else nullcontext():
        try:
            return session.profile(checked.verdict.question, practice.answer_files.read_answer(path))
        except practice.errors.PracticeError as problem:
            warn(str(problem))
            return None


def _draw_profile(shown: Screen, profile: Any) -> None:
    if profile:
        shown.say("", shown.title("Time per line"), *(f"  {line}".rstrip() for line in profile.text()))


def say_recovered(session: practice.session.Session) -> None:
    """Judge answers that an earlier run saved but did not judge, and print a note."""
    for one in session.recover(now()):
        warn(
            f"Answer {one.answer.id} ({one.answer.question}) was saved without a verdict. It is judged now: "
            f"{one.verdict.word}."
        )


def _draw(shown: Screen, checked: practice.session.Checked) -> None:
    from ndojo.cli.verdict import verdict_lines

    record = checked.verdict.to_dict()
    shown.say("", *verdict_lines(shown, record, checked.levels, checked.title))
    if checked.judged_before:
        when = f"{checked.judged_before.astimezone():%Y-%m-%d %H:%M}"
        said = f"The answer is unchanged, so this is the verdict of {when}. Use --fresh to judge it again."
        shown.say(*shown.wrap(said))
    shown.say(*next_lines(checked))


def next_lines(checked: practice.session.Checked) -> list[str]:
    """Return what to do after a verdict."""
    slug, verdict = checked.verdict.question, checked.verdict
    if verdict.verdict != "AC":
        return [f"  Stuck? ndojo hint {slug}"]
    return [f"  Next: ndojo explain {slug}, then ndojo"]
