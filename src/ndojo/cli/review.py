"""`ndojo review` goes through today's plan. `ndojo rate` shows and corrects a rating."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from ndojo import practice
from ndojo.cli.editor_loop import Writer, never, watch_file
from ndojo.cli.keys import Keys
from ndojo.cli.options import folder_option, json_option, now, slug_argument, tier_option, write_json
from ndojo.cli.plan import say_notes, today_lines
from ndojo.cli.question import hint_lines
from ndojo.cli.screen import Screen, prose, screen, warn
from ndojo.cli.verdict import verdict_lines
from ndojo.cli.watch import end_tidily, stamp

CORRECTIONS = {"a": "again", "h": "hard", "g": "good", "e": "easy"}
CODE_KEYS = "Each save is judged.   h hint   n next   q stop"
WRITE_KEYS = (
    "Write what you would say to the interviewer: what happens, why, and what it costs. Ctrl+D, or a line with only "
    "a period, ends the text."
)
DRILLS = 5
STOP, GO_ON = True, False


@click.command("review")
@folder_option("Folder of the answer files. Default: the current folder.")
@tier_option
@json_option
def review_command(folder: str, tier: str | None, as_json: bool) -> None:
    """Go through today's plan: due reviews, a new question and a drill.

    For a code question, ndojo creates a new file in a folder for the day, so you do not see or change earlier answers.
    After each question, ndojo shows the rating with its reason, and you can correct it. Press q to stop at any time;
    the rest stays in the plan.
    """
    today, shown = practice.plan.today(now()), screen()
    if as_json:
        write_json([step._asdict() for step in today.steps])
        return
    say_notes(today)
    if not Keys().are_read or not today.steps:
        shown.say(*today_lines(shown, today))
        if today.steps:
            shown.say("", "In a terminal, ndojo review goes through this plan step by step.")
        return
    end_tidily()
    Reviewing(shown, Path(folder), tier).run(today.steps)


class Reviewing:
    """Today's plan on the screen, step by step."""

    def __init__(self, shown: Screen, folder: Path, tier: str | None) -> None:
        self._shown, self._folder, self._tier = shown, folder, tier
        self._session: practice.session.Session | None = None
        self._done = 0

    def run(self, steps: tuple[practice.plan.Step, ...]) -> None:
        """Go through the steps until all are done or the learner stops."""
        try:
            for number, step in enumerate(steps, 1):
                self._say_head(step, number, len(steps))
                if self._step(step) is STOP:
                    break
        finally:
            if self._session:
                self._session.close()
        today = practice.plan.today(now())
        self._shown.say("", *today_lines(self._shown, today), "", "Everything is saved.")

    def _step(self, step: practice.plan.Step) -> bool:
        if step.kind == "predict":
            return self._drill(step)
        return self._explain(step) if step.kind == "explain" else self._code(step)

    def _say_head(self, step: practice.plan.Step, number: int, total: int) -> None:
        shown = self._shown
        name = f"{step.slug}, {step.title}" if step.slug else "A mixed drill"
        shown.say("", shown.title(f"{number} of {total}  {name}"))
        shown.say(f"  {step.what}, {step.kind}, about {step.minutes} min: {step.why}", "")

    # ------------------------------------------------------------------------------------------------------- code

    def _code(self, step: practice.plan.Step) -> bool:
        create = practice.reviews.write_new_file if step.what == "new" else practice.reviews.write_review_file
        file = create(step.slug, self._folder, now())
        path, seen = file.path, stamp(file.path)
        if file.trouble:
            warn(file.trouble)
        self._session = self._session or practice.session.Session(self._tier)
        self._session.prepare(step.slug)
        with Keys() as keys:
            begun = "Continue in" if file.begun_before else "Answer in"
            self._shown.say(f"  {begun} {self._shown.link(path)}", f"  {CODE_KEYS}")
            does = {"n": lambda: True, "q": lambda: True, "h": lambda: self._hint(step.slug)}
            key = watch_file(keys, path, seen, lambda: self._judge(step.slug, path), does, never)
            self._grade(keys, step)
        return STOP if key == "q" else GO_ON

    def _judge(self, slug: str, path: Path) -> None:
        assert self._session is not None
        try:
            with self._shown.working(f"Checking {path.name} ..."):
                checked = self._session.check(path, slug, now=now())
        except practice.errors.PracticeError as problem:
            self._shown.say("", *self._shown.wrap(str(problem), ""))
            return
        record = checked.verdict.to_dict()
        self._shown.say("", *verdict_lines(self._shown, record, checked.levels, checked.title))
        self._shown.say("", f"  {CODE_KEYS}")
        if checked.trouble:
            warn(checked.trouble)

    def _hint(self, slug: str) -> bool:
        self._shown.say("", *hint_lines(self._shown, practice.help.hint(slug, now())))
        return False

    # ---------------------------------------------------------------------------------------------------- explain

    def _explain(self, step: practice.plan.Step) -> bool:
        shown, task, began = self._shown, practice.reviews.to_explain(step.slug), now()
        shown.say(*explanation_task_lines(shown, task), "")
        subject = f"explain {step.slug} {began:%Y-%m-%d}"
        with Keys() as keys:
            text = written(shown, keys, practice.reviews.last_draft(subject), keeper(subject))
            if not text:
                shown.say("", "Nothing was written, so nothing is rated.")
                return self._go_on(keys)
            ticked = tick(shown, keys, task.points)
            trouble = practice.reviews.save_explanation(step.slug, text, ticked, now())
            if trouble:
                warn(f"The explanation is not saved. {trouble}")
            shown.say(*model_answer_lines(shown, task))
            self._grade(keys, step)
            return self._go_on(keys)

    def _go_on(self, keys: Keys) -> bool:
        self._shown.say("", "  n next   q stop")
        return STOP if pressed(keys, "nq\n") == "q" else GO_ON

    # ------------------------------------------------------------------------------------------------------ drill

    def _drill(self, step: practice.plan.Step) -> bool:
        from ndojo.cli.drill import DrillLoop

        loop = DrillLoop(
            self._shown, practice.drills.DrillSession(practice.drills.drill_cards(step.slug, (), ()), None)
        )
        was_interrupted = loop.run(DRILLS)
        loop.say_summary()
        return STOP if was_interrupted else GO_ON

    # ----------------------------------------------------------------------------------------------------- rating

    def _grade(self, keys: Keys, step: practice.plan.Step) -> None:
        """Show the rating of the session with its reason, and accept a correction."""
        found = [grade for grade in practice.reviews.grades(step.slug, now()) if grade.kind == step.kind]
        if not found or not found[0].in_days:
            return
        self._shown.say("", *grade_lines(self._shown, found[0]), "")
        self._shown.say("  Return: confirm   a again   h hard   g good   e easy")
        key = pressed(keys, "\nnq" + "".join(CORRECTIONS))
        if CORRECTIONS.get(key, found[0].rating) != found[0].rating:
            corrected = practice.reviews.rate(step.slug, CORRECTIONS[key], now(), step.kind)
            self._shown.say(*grade_lines(self._shown, corrected))


def written(
    shown: Screen, keys: Keys, begun: str, keep: Callable[[str], None], on_beat: Callable[[], bool] = never
) -> str:
    """Let the learner write a text that continues an earlier draft, and return it. Each key is saved."""
    shown.say(*shown.wrap(WRITE_KEYS), "")
    return Writer(keys, shown.width - 2, keep, on_beat).write(begun)


def keeper(subject: str) -> Callable[[str], None]:
    """Return a function that saves each version of a text."""
    before = practice.reviews.last_draft(subject)

    def keep(text: str) -> None:
        nonlocal before
        practice.reviews.keep_draft(subject, before, text, now())
        before = text

    return keep


def explanation_task_lines(shown: Screen, task: practice.reviews.ExplanationTask) -> list[str]:
    """Return the prompt of a question to explain, and how to answer it."""
    how = "Answer as in an interview: first a 30-second answer in three to five sentences, then the details."
    return [*(prose(shown, task.prompt) if task.prompt else []), "", *shown.wrap(how)]


def model_answer_lines(shown: Screen, task: practice.reviews.ExplanationTask) -> list[str]:
    """Return the spoken answer and the explanation, to compare with the learner's text."""
    spoken = [shown.title("A 30-second answer"), "", *prose(shown, task.spoken), ""] if task.spoken else []
    return ["", *spoken, shown.title("Explanation"), "", *prose(shown, task.model)]


def tick(shown: Screen, keys: Keys, points: tuple[str, ...]) -> list[int]:
    """Ask the learner which points they made, and return the numbers of these points."""
    ticked: set[int] = set()
    shown.say("", shown.title("Which of these points did you make?"), "")
    for number, point in enumerate(points, 1):
        shown.say(*shown.wrap(point, f"  {number} ", "    "))
        sys.stdout.write("    y yes   n no: ")
        sys.stdout.flush()
        said = pressed(keys, "yn") == "y"
        shown.say("yes" if said else "no")
        if said:
            ticked.add(number)
    return sorted(ticked)


def pressed(keys: Keys, wanted: str) -> str:
    """Wait for one of the accepted keys, and return it."""
    while (key := keys.read(3600.0)) not in wanted or not key:
        pass
    return key


# ---------------------------------------------------------------------------------------------------------------- rate


@click.command("rate")
@slug_argument()
@click.argument("rating", required=False, type=click.Choice(practice.records.RATINGS))
@click.option(
    "--kind",
    type=click.Choice(practice.catalog.KINDS),
    help="The kind to rate, if you practiced the question in several kinds.",
)
@json_option
def rate_command(slug: str, rating: str | None, kind: str | None, as_json: bool) -> None:
    """Show the last rating of a question and its reason, or correct it.

    The rating follows from the evidence of the last session: levels, answers, hints and time. It decides when the
    question is due again.
    """
    grades = [practice.reviews.rate(slug, rating, now(), kind)] if rating else practice.reviews.grades(slug, now())
    grades = [grade for grade in grades if kind in (None, grade.kind)]
    if as_json:
        write_json([vars(grade) | {"due": grade.due.isoformat()} for grade in grades])
        return
    shown = screen()
    if not grades:
        shown.say(*shown.wrap(f"You have not practiced {slug} yet, so it has no rating. Start: ndojo start {slug}", ""))
    for grade in grades:
        shown.say(*grade_lines(shown, grade))


def grade_lines(shown: Screen, grade: practice.reviews.Grade) -> list[str]:
    """Return a rating with its reason and the next due date."""
    due = "today" if not grade.in_days else "tomorrow" if grade.in_days == 1 else f"in {grade.in_days} days"
    said = (
        f"{grade.kind}, rated {grade.rating}: {grade.reason} Due again {due}, on {practice.plan.format_day(grade.due)}."
    )
    return shown.wrap(said, "  ", "    ")
