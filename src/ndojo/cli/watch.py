"""`ndojo watch`: judge an answer each time it is saved, in a warm sandbox."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType

import click

from ndojo import practice
from ndojo.cli.browse import progress
from ndojo.cli.check import say_recovered
from ndojo.cli.keys import Keys
from ndojo.cli.options import complete_slug, complete_slug_or_file, now, tier_option
from ndojo.cli.question import hint_lines
from ndojo.cli.screen import Screen, columns, screen, warn
from ndojo.cli.verdict import headline, verdict_lines

POLL_SECONDS = 0.2
KEYS = "n next   h hint   l list   c check all   r reset   q quit"
Stamp = tuple[int, int, int]


@click.command("watch")
@click.argument("file", required=False, shell_complete=complete_slug_or_file)
@click.option(
    "--question",
    "slug",
    metavar="SLUG",
    shell_complete=complete_slug,
    help="The question, if the file's name is not its slug.",
)
@click.option("--no-store", is_flag=True, help="Do not save answers and verdicts.")
@tier_option
def watch_command(file: str | None, slug: str | None, no_store: bool, tier: str | None) -> None:
    """Judge an answer each time it is saved.

    FILE is a Python file or the slug of a question. Default: the answer file saved last in the current folder. Keys: n
    next question, h hint, l list, c check all, r reset, q quit. ndojo looks at the file five times per second, so this
    works on every file system.
    """
    path = practice.answer_files.find_answer(file, Path()) if file else _latest()
    practice.answer_files.read_answer(path)
    end_tidily()
    with practice.session.Session(tier) as session, Keys() as keys:
        Watch(screen(), session, keys, path, slug or practice.answer_files.question_of(path), keep=not no_store).run()


def _latest() -> Path:
    """Return the answer file in this folder that was saved last."""
    found = practice.answer_files.answers_in(Path())
    if not found:
        raise click.UsageError("This folder has no answer file. `ndojo start SLUG` creates one.")
    return max(found, key=lambda path: path.stat().st_mtime_ns)


def end_tidily() -> None:
    """Restore the terminal when the process is terminated, as Ctrl+C does."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


class Watch:
    """The watch screen: the watched file and the action of each key."""

    def __init__(
        self, shown: Screen, session: practice.session.Session, keys: Keys, path: Path, slug: str, *, keep: bool
    ) -> None:
        self._shown, self._session, self._keys = shown, session, keys
        self._path, self._slug, self._keep = path, slug, keep
        self._stamp: Stamp | None = None
        self._reset_asked = False
        self._does = {
            "n": self.next, "h": self.hint, "l": self.list, "c": self.check_all, "r": self.reset,
        }  # fmt: skip

    def run(self) -> None:
        """Watch until q is pressed."""
        self.judge()
        if self._keep:
            say_recovered(self._session)
        self._session.prepare(self._slug)
        while (key := self._keys.read(POLL_SECONDS)) != "q":
            if key not in ("", "r"):
                self._reset_asked = False
            if key in self._does:
                self._does[key]()
            elif stamp(self._path) not in (None, self._stamp):
                self.judge()
                self._session.prepare(self._slug)
        self._shown.say("Everything is saved.")

    def judge(self) -> None:
        """Judge the current content of the file."""
        self._clear()
        try:
            self._stamp = settled(self._path, self._keys)
            with self._shown.working(f"Checking {self._path.name} ..."):
                checked = self._session.check(self._path, self._slug, keep=self._keep, now=now())
        except practice.errors.PracticeError as problem:
            self._shown.say("", *self._shown.wrap(str(problem), ""))
        else:
            record = checked.verdict.to_dict()
            self._shown.say("", *verdict_lines(self._shown, record, checked.levels, checked.title))
            if checked.trouble:
                warn(checked.trouble)
        self._say_foot()

    def next(self) -> None:
        """Continue with another question in the same folder."""
        upcoming = practice.home.overview(now(), but=self._slug).next
        if upcoming is None:
            self._shown.say("No other question is left.")
            return
        path = self._path.parent / practice.answer_files.file_name(upcoming.slug)
        if not path.exists():
            practice.answer_files.start(upcoming.slug, path.parent, now())
        self._path, self._slug = path, upcoming.slug
        self.judge()
        self._session.prepare(self._slug)

    def hint(self) -> None:
        self._shown.say("", *hint_lines(self._shown, practice.help.hint(self._slug, now())))

    def list(self) -> None:
        """List the questions that are not passed yet."""
        rows = [row for row in practice.catalog.questions().rows if not row.done]
        cells = [(row.slug, row.card["difficulty"], row.status.status) for row in rows[:20]]
        self._shown.say("", *(f"  {line}" for line in columns(cells)))
        rest = f", and {len(rows) - 20} more: `ndojo list` shows all" if len(rows) > 20 else ""
        self._shown.say(f"  {len(rows)} not passed yet{rest}. Press n for the next question.")

    def check_all(self) -> None:
        """Judge each answer file in the folder, and print one line for each."""
        self._shown.say("")
        for path in practice.answer_files.answers_in(self._path.parent):
            try:
                checked = self._session.check(path, keep=self._keep, now=now())
            except practice.errors.PracticeError as problem:
                self._shown.say(*self._shown.wrap(str(problem), "  "))
            else:
                self._shown.say(f"  {headline(self._shown, checked.verdict.to_dict())}  {path.name}")

    def reset(self) -> None:
        """Create the file again after r is pressed twice. The earlier file is kept."""
        if not self._reset_asked:
            self._reset_asked = True
            self._shown.say("", "Press r again to start over. A copy of your file is kept next to it.")
            return
        self._reset_asked = False
        if self._path.name != practice.answer_files.file_name(self._slug):
            self._shown.say(f"{self._path.name} is not the default file name of the question, so it was not changed.")
            return
        started = practice.answer_files.start(self._slug, self._path.parent, now(), force=True)
        self.judge()
        if started.backup:
            self._shown.say(f"The earlier file is in {self._shown.link(started.backup)}")

    def _clear(self) -> None:
        if self._shown.live and self._shown.color:
            sys.stdout.write("\x1b[2J\x1b[3J\x1b[H")

    def _say_foot(self) -> None:
        """Print the progress, the file and the keys."""
        home, shown = practice.home.overview(now()), self._shown
        shown.say("", f"  {shown.bar(home.passed, home.total)}  {progress(home)}", f"  {shown.link(self._path)}")
        shown.say(f"  {KEYS}" if self._keys.are_read else "  Watching. Ctrl+C ends it.")
        sys.stdout.flush()


def stamp(path: Path) -> Stamp | None:
    """Return a value that changes when the file is saved, or None while the file does not exist."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino


def settled(path: Path, keys: Keys) -> Stamp | None:
    """Return the stamp of a file that exists and is not empty. Editors empty a file before they write it."""
    for _ in range(5):
        found = stamp(path)
        if found and found[1]:
            return found
        keys.read(0.05)
    return stamp(path)
