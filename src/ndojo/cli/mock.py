"""`ndojo mock`: a timed mock interview and its debrief.

The file has more than 400 lines because the steps of one interview, from start to debrief, are read together.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

import click

from ndojo import practice
from ndojo.cli.editor_loop import watch_file
from ndojo.cli.keys import Keys
from ndojo.cli.options import folder_option, json_option, now, tier_option, write_json
from ndojo.cli.review import explanation_task_lines, pressed, tick, written
from ndojo.cli.screen import Screen, columns, prose, screen, warn
from ndojo.cli.verdict import verdict_lines
from ndojo.cli.watch import end_tidily, stamp

WRAP_UP_SECONDS = 300
CODE_KEYS = "n next question   p pause   e end"
UNSEEDED = 2**32
SHOWN_LINES = 12


@click.command("mock")
@click.option("--company", default="", metavar="NAME", help="Draw questions reported from this company.")
@click.option("--minutes", type=int, default=45, show_default=True, metavar="N", help="Duration in minutes.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Seed, to draw the same questions again.")
@click.option("--resume", is_flag=True, help="Continue a paused or interrupted interview.")
@click.option("--list", "as_list", is_flag=True, help="List all interviews, each compared with the previous one.")
@click.option("--show", type=click.IntRange(min=1), metavar="ID", help="Show the debrief of an earlier interview.")
@folder_option("Folder in which to create the folder of answers. Default: the current folder.")
@tier_option
@json_option
def mock_command(
    company: str, minutes: int, seed: int | None, resume: bool, as_list: bool, show: int | None, folder: str,
    tier: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Take a timed mock interview, then read the debrief.

    Questions are drawn by the company's reported topics and difficulty. You answer in your own editor. Each save is
    stored and judged, and passing a level asks the next one as a follow-up. Explanations are saved at every key. p
    pauses. After a pause or a crash, --resume continues with the time that was left.
    """
    if as_list:
        _list(as_json)
    elif show is not None:
        _show(show, as_json)
    elif not Keys().are_read:
        raise click.UsageError("A mock interview requires a terminal. --list and --show ID work without one.")
    else:
        end_tidily()
        with practice.session.Session(tier) as session:
            found = _resumed() if resume else _begun(company, minutes, seed, Path(folder))
            Interview(screen(), session, found).run()


def _process() -> tuple[str, int]:
    return platform.node(), os.getpid()


def _begun(company: str, minutes: int, seed: int | None, folder: Path) -> practice.mock_interviews.Mock:
    left = practice.mock_interviews.unfinished()
    if left:
        warn(f"Mock interview {left.id} is not finished: ndojo mock --resume continues it. This is a new one.")
    if seed is None:
        import secrets

        seed = secrets.randbelow(UNSEEDED)
    return practice.mock_interviews.begin(now(), folder, _process(), company=company, minutes=minutes, seed=seed)


def _resumed() -> practice.mock_interviews.Mock:
    left = practice.mock_interviews.unfinished()
    if left is None:
        raise click.UsageError("You have no unfinished mock interview. `ndojo mock` starts one.")
    return practice.mock_interviews.resume(
        left.id, now(), _process(), is_alive=_may_live(practice.mock_interviews.runner_of(left.id))
    )


def _may_live(process: tuple[str, int] | None) -> bool:
    """Return whether a process may still run. If this is unknown, for example on another machine, return True."""
    if process is None or process[0] != platform.node() or sys.platform == "win32":
        return process is not None
    try:
        os.kill(process[1], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process[1] != os.getpid()


class Interview:
    """A mock interview on the screen."""

    def __init__(self, shown: Screen, session: practice.session.Session, found: practice.mock_interviews.Mock) -> None:
        self._shown, self._session, self._mock = shown, session, found
        self._at = found.progress.item
        self._alive_at = now()
        self._state = ""
        self._clock_shown = ""

    def run(self) -> None:
        """Go through the questions until the last one, the time limit, a pause or the end."""
        self._say_opening()
        try:
            self._go()
        except KeyboardInterrupt:
            self._note("paused")
            self._shown.say("", "Paused: ndojo mock --resume continues with the remaining time.")
            raise
        if self._state == "paused":
            self._shown.say("", "Paused. ndojo mock --resume continues with the remaining time.")
            return
        self._note("ended")
        self._shown.say(
            "",
            *debrief_lines(
                self._shown,
                practice.mock_interviews.get(self._mock.id),
                practice.mock_interviews.debrief(self._mock.id),
            ),
        )

    def _go(self) -> None:
        total = len(self._mock.items)
        while self._at < total and not self._state:
            item = self._mock.items[self._at]
            self._note("begun")
            with Keys() as keys:
                self._say_question(item.kind)
                (self._explain if item.kind == "explain" else self._code)(keys)
            if not self._state:
                self._at += 1

    def _say_opening(self) -> None:
        found, shown = self._mock, self._shown
        whom = found.company or "any company"
        shown.say(shown.title(f"Mock interview {found.id}: {whom}, {found.minutes} minutes, seed {found.seed}"))
        shown.say(f"  {len(found.items)} questions, {_clock(found.seconds_left)} left.")
        unreported = sum(not item.reported for item in found.items)
        if unreported and found.company:
            said = f"{unreported} of them are on the topics of {found.company} but not reported from it."
            shown.say(*shown.wrap(said))

    def _say_question(self, kind: str) -> None:
        found, shown, item = self._mock, self._shown, self._mock.items[self._at]
        head = f"Question {self._at + 1} of {len(found.items)}: {found.titles[self._at]}"
        shown.say("", shown.title(head), f"  {item.question}, {item.difficulty}, {kind}, about {item.minutes} min", "")

    # ------------------------------------------------------------------------------------------------------- code

    def _code(self, keys: Keys) -> None:
        number, shown = self._at, self._shown
        path = practice.mock_interviews.write_answer_file(self._mock, number, now())
        text = practice.reviews.last_draft(practice.mock_interviews.draft_subject(self._mock.id, number))
        # If the file changed while ndojo was not running, such as after a crash, it is judged immediately.
        seen = None if text and text != practice.mock_interviews.text_of(path) else stamp(path)
        prompt = practice.catalog.prompt(self._mock.items[number].question)
        shown.say(*(f"  {signature}" for signature in prompt.signatures), "", *prose(shown, prompt.text), "")
        shown.say(f"  Answer in {shown.link(path)}", "  Each save is stored and judged.")
        self._say_level(practice.mock_interviews.level_status(self._mock, number))
        self._session.prepare(self._mock.items[number].question)

        def judge() -> None:
            nonlocal text
            text = self._judge(text)

        does = {"n": lambda: True, "p": self._ends_as("paused"), "e": self._ends_as("over")}
        watch_file(keys, path, seen, judge, does, self._beat)
        self._clear_clock()

    def _judge(self, before: str) -> str:
        self._clear_clock()
        number, shown = self._at, self._shown
        try:
            with shown.working("Checking ..."):
                checked, text = practice.mock_interviews.check(self._session, self._mock, number, before, now())
        except (practice.errors.PracticeError, OSError) as problem:
            shown.say("", *shown.wrap(str(problem), ""))
            return before
        shown.say("", *verdict_lines(shown, checked.verdict.to_dict(), checked.levels, checked.title))
        if checked.trouble:
            warn(checked.trouble)
        self._say_level(practice.mock_interviews.level_status(self._mock, number))
        return text

    def _say_level(self, status: practice.mock_interviews.LevelStatus) -> None:
        """Show the current level. Level 1 is the prompt, and each further level is a follow-up."""
        shown = self._shown
        if status.next is None:
            shown.say("", *shown.wrap("You passed every level. Press n for the next question."))
        elif status.passed:
            name, asks = status.next
            shown.say("", *shown.wrap(f"Follow-up, {name}: {asks}"))
        shown.say("")

    def _ends_as(self, state: str) -> Callable[[], bool]:
        def end() -> bool:
            self._state = state
            return True

        return end

    # ---------------------------------------------------------------------------------------------------- explain

    def _explain(self, keys: Keys) -> None:
        number, found = self._at, self._mock
        task = practice.reviews.to_explain(found.items[number].question)
        self._shown.say(*explanation_task_lines(self._shown, task), "")
        subject = practice.mock_interviews.draft_subject(found.id, number)
        before = practice.reviews.last_draft(subject)

        def keep(text: str) -> None:
            nonlocal before
            practice.reviews.keep_draft(subject, before, text, now())
            before = text

        text = written(self._shown, keys, before, keep, self._quiet_beat)
        # Ticking the points is not part of the interview, so it takes none of its time.
        practice.mock_interviews.record_event(found.id, number, "paused", now())
        ticked = tick(self._shown, keys, task.points) if text else []
        practice.mock_interviews.record_event(found.id, number, "resumed", now(), {"process": list(_process())})
        practice.mock_interviews.explain(found, number, text, ticked, now())
        if not self._state and number + 1 < len(found.items):
            self._shown.say("", f"  {CODE_KEYS}")
            key = pressed(keys, "npe")
            self._state = {"p": "paused", "e": "over"}.get(key, "")

    # ------------------------------------------------------------------------------------------------------ clock

    def _beat(self) -> bool:
        """Show the time, record regularly that this process is alive, and return True if the time is up."""
        over = self._quiet_beat()
        self._show_clock()
        return over

    def _quiet_beat(self) -> bool:
        moment = now()
        if abs((moment - self._alive_at).total_seconds()) >= practice.mock_interviews.ALIVE_SECONDS:
            self._note("alive")
        if self._seconds_left() > 0:
            return False
        self._clear_clock()
        self._shown.say("", "Time is up. Your files stay where they are, so you can continue with them.")
        self._state = "over"
        return True

    def _seconds_left(self) -> float:
        since = (now() - self._alive_at).total_seconds()
        return self._mock.seconds_left - min(max(since, 0.0), 60.0)

    def _note(self, what: str) -> None:
        self._alive_at = now()
        practice.mock_interviews.record_event(
            self._mock.id, min(self._at, len(self._mock.items) - 1), what, self._alive_at
        )
        self._mock = practice.mock_interviews.get(self._mock.id)

    def _show_clock(self) -> None:
        """Show the remaining time on one line that is overwritten, if the terminal supports it."""
        left = self._seconds_left()
        said = f"  {_clock(left)} left   question {self._at + 1} of {len(self._mock.items)}   {CODE_KEYS}"
        if not (self._shown.live and self._shown.color) or said == self._clock_shown:
            return
        self._clock_shown = said
        late = left < WRAP_UP_SECONDS
        sys.stdout.write(
            "\r\x1b[2K" + self._shown.paint(f"{said}{'   wrap up' if late else ''}", "yellow" if late else None)
        )
        sys.stdout.flush()

    def _clear_clock(self) -> None:
        if self._clock_shown:
            sys.stdout.write("\r\x1b[2K")
            sys.stdout.flush()
        self._clock_shown = ""


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02}"


# ------------------------------------------------------------------------------------------------------------- debrief


def _show(number: int, as_json: bool) -> None:
    found, said = practice.mock_interviews.get(number), practice.mock_interviews.debrief(number)
    if as_json:
        write_json(_record(found, said))
        return
    shown = screen()
    shown.say(*debrief_lines(shown, found, said))


def _record(found: practice.mock_interviews.Mock, said: practice.records.Debrief) -> dict[str, object]:
    return {
        "id": found.id,
        "company": found.company,
        "minutes": found.minutes,
        "seed": found.seed,
        "begun_at": found.begun_at.isoformat(),
        "state": found.progress.state,
        "score": said.score,
        "minutes_spent": said.minutes,
        "questions": [vars(one) for one in said.results],
        "requirements": [{"name": name, "held": held, "asked": asked} for name, held, asked in said.requirements],
        "topics": [{"name": name, "share": share, "questions": number} for name, share, number in said.topics],
        "next": [{"question": question, "kind": kind, "why": why} for question, kind, why in said.next],
    }


def debrief_lines(shown: Screen, found: practice.mock_interviews.Mock, said: practice.records.Debrief) -> list[str]:
    """Return the lines of the debrief."""
    whom = found.company or "any company"
    when = f"{found.begun_at.astimezone():%Y-%m-%d %H:%M}"
    lines = [
        shown.title(f"Debrief of mock interview {found.id}: {whom}, {when}"),
        f"  {said.score:.0%} of levels and points passed, {said.minutes:.0f} of {found.minutes} minutes used"
        f"{'' if found.is_over else ', not finished yet'}",
        "",
        *_told_lines(shown, said),
        *_tables(shown, said),
    ]
    lines += ["", shown.title("  What a strong answer contains"), *_missing(shown, said)]
    if said.next:
        lines += ["", shown.title("  Practice next"), ""]
        for question, kind, why in said.next:
            lines += shown.wrap(f"{why} {_command(question, kind)}", "    ", "      ")
    return [*lines, "", f"  Show it again: ndojo mock --show {found.id}. List all: ndojo mock --list"]


def _told_lines(shown: Screen, said: practice.records.Debrief) -> list[str]:
    cells = [("", "question", "difficulty", "passed", "answers", "minutes", "planned")]
    for number, one in enumerate(said.results, 1):
        what = "points" if one.kind == "explain" else "levels"
        had = f"{one.passed} of {one.total} {what}" if one.reached else "not reached"
        cells.append(
            (str(number), one.question, one.difficulty, had, str(one.answers or "-"), f"{one.minutes:.0f}",
             str(one.planned))
        )  # fmt: skip
    return [f"    {line}" for line in columns(cells)]


def _tables(shown: Screen, said: practice.records.Debrief) -> list[str]:
    lines = []
    if said.requirements:
        held = [(name, f"passed {held} of {asked}") for name, held, asked in said.requirements]
        lines += ["", shown.title("  By requirement"), "", *(f"    {line}" for line in columns(held))]
    rows = [
        (name, shown.bar(round(share * 10), 10, 10), f"{share:.0%} of {number} question{'s' if number > 1 else ''}")
        for name, share, number in said.topics
    ]
    widest = max((len(name) for name, _, _ in rows), default=0)
    return [
        *lines,
        "",
        shown.title("  By topic"),
        "",
        *(f"    {name:{widest}}  {bar}  {rest}" for name, bar, rest in rows),
    ]


def _missing(shown: Screen, said: practice.records.Debrief) -> list[str]:
    lines = []
    for one in said.results:
        if one.missing:
            lines += ["", f"    {one.question}"]
            for what in one.missing:
                lines += shown.wrap(what, "      - ", "        ")
        if one.text:
            own = one.text.splitlines()
            cut = [f"… and {len(own) - SHOWN_LINES} more lines"] if len(own) > SHOWN_LINES else []
            lines += ["", "      You wrote:"]
            for line in (*own[:SHOWN_LINES], *cut):
                lines += shown.wrap(line, "        ")
    return lines or ["", "    You passed every level and made every point."]


def _command(question: str, kind: str) -> str:
    return f"ndojo explain {question}" if kind == "explain" else f"ndojo start {question}"


# ---------------------------------------------------------------------------------------------------------------- list


def _list(as_json: bool) -> None:
    kept = practice.mock_interviews.all_mocks()
    if as_json:
        write_json([vars(one) | {"begun_at": one.begun_at.isoformat()} for one in kept])
        return
    shown = screen()
    if not kept:
        shown.say("No mock interviews yet. Start one: ndojo mock --company google --minutes 45")
        return
    cells = [("ID", "when", "company", "score", "change", "minutes", "questions", "state")]
    for one in kept:
        better = "" if one.better is None else f"{one.better:+.0%}"
        cells.append(
            (str(one.id), f"{one.begun_at.astimezone():%Y-%m-%d %H:%M}", one.company or "any", f"{one.score:.0%}",
             better, f"{one.spent:.0f}/{one.minutes}", str(one.questions), one.state)
        )  # fmt: skip
    how = (
        "The score is the mean share of levels and points passed. The change is relative to the previous interview for "
        "the same company."
    )
    shown.say(*columns(cells), "", *shown.wrap(how, ""), "Show one: ndojo mock --show ID")
