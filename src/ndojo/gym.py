"""What a learner can do, one function each. Every face calls only this.

Whatever cannot be done is a `GymError`, whose message says why and what to do. NumPy is imported where a question is
loaded, so that a face that only lists starts at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ndojo import __version__
from ndojo.store import Answer as Answer  # a face reads what `history` gives
from ndojo.store import Status, StatusWord, Store, StoreError, data_folder

if TYPE_CHECKING:
    from ndojo.judge.judging import Judge
    from ndojo.judge.sandbox import Sandbox
    from ndojo.judge.sandbox.doctor import Probe
    from ndojo.judge.verdict import Verdict
    from ndojo.judge.verify import Proof
    from ndojo.question.records import Question

Card = dict[str, Any]
DIFFICULTIES = ("easy", "medium", "hard")
KINDS = ("code", "predict", "explain")
STATUSES: tuple[StatusWord, ...] = ("new", "started", "tried", "passed", "mastered")
TIERS = ("full", "container", "partial", "plain")
DONE = ("passed", "mastered")


class GymError(Exception):
    """What cannot be done: the message says why and what to do.

    `about` is what it lies in: ``"question"``, ``"answer"``, ``"store"``, ``"sandbox"`` or ``"use"``.
    """

    def __init__(self, message: str, about: str = "use") -> None:
        super().__init__(message)
        self.about = about


# Named, not imported: an exception that was raised has brought its own module with it.
_ABOUT = {
    "ndojo.question.loading.UnknownQuestion": "question",
    "ndojo.question.records.QuestionError": "question",
    "ndojo.judge.judging.AnswerError": "answer",
    "ndojo.store.errors.StoreError": "store",
    "ndojo.judge.sandbox.errors.SandboxUnavailable": "sandbox",
}


def _about(problem: BaseException) -> str | None:
    """What an exception of ours lies in; None for one that nobody foresaw."""
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(problem).__mro__)
    return next((_ABOUT[name] for name in names if name in _ABOUT), None)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn every exception that says what to do into a `GymError`."""
    try:
        yield
    except Exception as problem:
        about = _about(problem)
        if about is None:
            raise
        raise GymError(str(problem), about) from problem


def _loading() -> Any:
    """The module `ndojo.question.loading`, without the package around it, which imports NumPy."""
    name = "ndojo.question.loading"
    if name not in sys.modules:
        import importlib.util

        spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / "question" / "loading.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module
    return sys.modules[name]


# ---------------------------------------------------------------------------------------------------------- questions


@dataclass(frozen=True)
class Row:
    """A question's card, and how far the learner has come with it."""

    card: Card
    status: Status

    @property
    def slug(self) -> str:
        return str(self.card["slug"])

    @property
    def done(self) -> bool:
        """Whether the first level is passed."""
        return self.status.status in DONE


@dataclass(frozen=True)
class Filters:
    """Which questions are meant: of each filter that is not empty, one value must fit; of words, all must."""

    rooms: Sequence[str] = ()
    topics: Sequence[str] = ()
    companies: Sequence[str] = ()
    difficulties: Sequence[str] = ()
    statuses: Sequence[str] = ()
    kinds: Sequence[str] = ()
    asked: Sequence[str] = ()
    words: Sequence[str] = ()

    def fits(self, row: Row) -> bool:
        """Whether a question is meant."""
        card = row.card
        wanted = [
            (self.rooms, [card["room"]]),
            (self.topics, card["topics"]),
            (self.companies, card["companies"]),
            (self.difficulties, [card["difficulty"]]),
            (self.statuses, [row.status.status]),
            (self.kinds, card["kinds"]),
            (self.asked, card["asked"]),
        ]
        text = " ".join([card["slug"], card["title"], card["room"], *card["topics"], *card["companies"]]).lower()
        return all(word.lower() in text for word in self.words) and all(
            {one.lower() for one in values} & {one.lower() for one in own} for values, own in wanted if values
        )


@dataclass(frozen=True)
class Listing:
    """Questions, and why their status is not known, where it is not."""

    rows: list[Row]
    trouble: str = ""


def slugs() -> list[str]:
    """Every question's slug, in the order of the rooms; reads no file."""
    return list(_loading().paths())


def rooms() -> list[str]:
    """Every room, in order, whether it holds questions yet or not."""
    return list(_loading().ROOMS)


@_explained()
def questions(filters: Filters | None = None) -> Listing:
    """The questions that fit, with the learner's status."""
    cards: list[Card] = _loading().index()
    statuses, trouble = _statuses()
    rows = [Row(card, statuses.get(card["slug"], Status())) for card in cards]
    return Listing([row for row in rows if filters is None or filters.fits(row)], trouble)


def _statuses() -> tuple[Mapping[str, Status], str]:
    try:
        with Store.open(create=False) as store:
            return store.statuses(), ""
    except StoreError as problem:
        return {}, str(problem)


def values(field: str) -> list[str]:
    """Everything that may be asked for in a field of `Filters`: every room, topic, company, id."""
    if field == "rooms":
        return rooms()
    found = (one for row in questions().rows for one in row.card[field])
    return sorted(set(found), key=str.lower)


@dataclass(frozen=True)
class Home:
    """Where the learner stands.

    `rooms` holds each room with the number of its questions that are passed, and of all; `next` is what to go on with
    and `why` a sentence.
    """

    total: int
    passed: int
    mastered: int
    rooms: list[tuple[str, int, int]]
    next: Row | None
    why: str
    trouble: str


def home(now: datetime, *, but: str = "") -> Home:
    """How far the learner has come, and what to do next: what was begun last, else the easiest that is new.

    Parameters
    ----------
    now : datetime
        With a time zone.
    but : str
        The slug of a question that is not to be next.
    """
    listing = questions()
    by_room: dict[str, list[Row]] = {}
    for row in listing.rows:
        by_room.setdefault(row.card["room"], []).append(row)
    chosen, why = _next([row for row in listing.rows if row.slug != but], now)
    return Home(
        total=len(listing.rows),
        passed=sum(row.done for row in listing.rows),
        mastered=sum(row.status.status == "mastered" for row in listing.rows),
        rooms=[(room, sum(row.done for row in rows), len(rows)) for room, rows in by_room.items()],
        next=chosen,
        why=why,
        trouble=listing.trouble,
    )


def _next(rows: Sequence[Row], now: datetime) -> tuple[Row | None, str]:
    rows = [row for row in rows if "code" in row.card["kinds"]]
    begun = [row for row in rows if row.status.status in ("started", "tried")]
    if begun:
        row = max(begun, key=lambda row: row.status.last_at or now)
        return row, f"You began it {_ago(row.status.last_at or now, now)}."
    for difficulty in DIFFICULTIES:
        for row in rows:
            if row.status.status == "new" and row.card["difficulty"] == difficulty:
                return row, f"It is {difficulty} and new to you."
    for row in rows:
        if row.status.status == "passed":
            return row, "You passed its first level; there are more."
    return None, "You have mastered every question that there is."


def _ago(then: datetime, now: datetime) -> str:
    days = (now.date() - then.astimezone(now.tzinfo).date()).days
    return "today" if days < 1 else "yesterday" if days == 1 else f"{days} days ago"


@_explained()
def _load(slug: str) -> Question:
    question: Question = _loading().load(slug)
    return question


@dataclass(frozen=True)
class Prompt:
    """What is asked: the text of each function to write, and the facts of the question."""

    card: Card
    text: str
    levels: tuple[tuple[str, str], ...]
    signatures: tuple[str, ...]
    links: tuple[str, ...]
    related: tuple[str, ...]
    hints: int
    file_name: str


@_explained()
def prompt(slug: str) -> Prompt:
    """What a question asks."""
    question = _load(slug)
    return Prompt(
        card=_loading().card(question),
        text=question.prompt,
        levels=_levels(question),
        signatures=tuple(
            f"{entry.name}({', '.join(map(str, entry.parameters.values()))})" for entry in question.entry_points
        ),
        links=tuple(question.links),
        related=tuple(question.related),
        hints=len(question.hints),
        file_name=file_name(slug),
    )


def _levels(question: Question) -> tuple[tuple[str, str], ...]:
    return tuple((level.name, level.asks) for level in question.levels)


def file_name(slug: str) -> str:
    """The name of the file that a question is answered in."""
    return slug.replace("-", "_") + ".py"


# ----------------------------------------------------------------------------------------------------------- starting


@dataclass(frozen=True)
class Started:
    """The answer file that was laid out, the copy of what stood there before, and why the store kept no note of it."""

    slug: str
    title: str
    path: Path
    backup: Path | None
    trouble: str


@_explained()
def start(slug: str, folder: Path, now: datetime, *, force: bool = False) -> Started:
    """Lay out a question's answer file.

    Parameters
    ----------
    slug : str
    folder : Path
        Made where it is missing.
    now : datetime
        With a time zone.
    force : bool
        Begin afresh where the file exists; what stood there is kept as a copy beside it.
    """
    question = _load(slug)
    if not question.entry_points:
        raise GymError(f"{slug} has no function to write: it is for {' and '.join(question.kinds)}.")
    path = folder / file_name(slug)
    try:
        backup = _lay_out(path, question.starter(), force)
    except OSError as problem:
        raise GymError(f"{path} cannot be written: {problem.strerror}. Choose another folder with --dir.") from problem
    return Started(slug, question.title, path.absolute(), backup, _note(slug, "started", now))


def _lay_out(path: Path, text: str, force: bool) -> Path | None:
    """Write a new file, or replace one and keep a copy of it; returns the copy."""
    if path.exists() and not force:
        raise GymError(
            f"{path.name} exists already and was left as it is. Go on with `ndojo check {path.name}`, or begin afresh "
            "with --force, which keeps a copy.",
            "answer",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    backup = _backed_up(path) if path.exists() and path.read_bytes() != text.encode() else None
    path.write_text(text, encoding="utf-8", newline="\n")
    return backup


def _backed_up(path: Path) -> Path:
    """A copy beside the file, under the first number that is free."""
    for number in range(1, 10_000):
        copy = path.with_name(f"{path.name}.{number}.bak")
        with contextlib.suppress(FileExistsError), copy.open("xb") as file:
            file.write(path.read_bytes())
            return copy
    raise GymError(f"{path} has 9,999 copies beside it. Move them away.", "answer")


def _note(slug: str, what: Any, now: datetime, detail: Any = None, times: int = 1) -> str:
    """Record an event; returns why that was not possible, where it was not."""
    try:
        with Store.open() as store:
            for _ in range(times):
                store.record(slug, what, now, detail)
    except StoreError as problem:
        return str(problem)
    return ""


# ----------------------------------------------------------------------------------------------------------- checking


@dataclass(frozen=True)
class Checked:
    """A verdict, with what a face shows around it.

    `answer_id` is None where the answer was not kept; `trouble` says why the verdict was not, where it was not.
    """

    verdict: Verdict
    title: str
    levels: tuple[tuple[str, str], ...]
    path: Path | None
    answer_id: int | None
    trouble: str = ""

    @property
    def passed(self) -> bool:
        """Whether the first level or more is passed."""
        return self.verdict.passed_levels > 0


@dataclass(frozen=True)
class Recovered:
    """An answer that was kept and never judged until now."""

    answer: Answer
    verdict: Verdict


def find_answer(text: str, folder: Path) -> Path:
    """The answer file that a file's name, or a question's slug, stands for."""
    if not Path(text).exists() and text in slugs():
        return folder / file_name(text)
    return Path(text)


def question_of(path: Path) -> str:
    """The slug of the question that a file answers, by its name."""
    known, slug = slugs(), path.stem.replace("_", "-")
    if slug in known:
        return slug
    named = _nearest(slug, known) or "SLUG"
    raise GymError(f"{path.name} is named after no question. Say which it answers: --question {named}.")


def answers_in(folder: Path) -> list[Path]:
    """The answer files in a folder, by their names, in the order of the questions."""
    return [path for slug in slugs() if (path := folder / file_name(slug)).is_file()]


def _nearest(text: str, known: Sequence[str]) -> str:
    """What was probably meant; empty where nothing is near."""
    import difflib

    return next(iter(difflib.get_close_matches(text, known, n=1, cutoff=0.6)), "")


def read_answer(path: Path) -> bytes:
    """What an answer file holds."""
    try:
        return path.read_bytes()
    except FileNotFoundError as problem:
        advice = "`ndojo start SLUG` lays out a file to answer in."
        raise GymError(f"There is no file {path}. {advice}", "answer") from problem
    except OSError as problem:
        raise GymError(f"{path} cannot be read: {problem.strerror}. Name a Python file.", "answer") from problem


class Session:
    """A sandbox and judges that stay warm from one answer to the next. A context manager.

    Making one returns at once, while the sandbox boots beside it.

    Parameters
    ----------
    tier : str, optional
        One of `TIERS`; without it, the strongest that works on this machine.
    """

    @_explained()
    def __init__(self, tier: str | None = None) -> None:
        from ndojo.judge.sandbox import Sandbox

        self._tier = tier
        self._sandboxes: dict[tuple[str, ...], Sandbox] = {(): Sandbox(tier)}
        self._judges: dict[str, Judge] = {}

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox and everything in it."""
        for judge in self._judges.values():
            judge.close()
        for sandbox in self._sandboxes.values():
            sandbox.close()

    @_explained()
    def check(
        self,
        path: Path,
        slug: str | None = None,
        *,
        levels: int | None = None,
        keep: bool = True,
        seed: int | None = None,
        now: datetime,
    ) -> Checked:
        """The verdict on an answer file, which is kept in the store before it is judged.

        Parameters
        ----------
        path : Path
        slug : str, optional
            The question; without it, the file's name says it.
        levels : int, optional
            Judge only so many levels.
        keep : bool
            Whether answer and verdict are kept.
        seed : int, optional
            Of the random cases; from fresh entropy unless given.
        now : datetime
            With a time zone.
        """
        slug = slug or question_of(path)
        source = _python_text(path)
        question = self._judge(slug).question
        answer_id = _keep_answer(question, source, path.name, levels, now) if keep else None
        verdict = self._verdict(slug, source, levels, seed)
        trouble = "" if answer_id is None else _keep_verdict(answer_id, verdict, now)
        return Checked(verdict, question.title, _levels(question), path, answer_id, trouble)

    @_explained()
    def judge(self, slug: str, source: str, *, levels: int | None = None, seed: int | None = None) -> Checked:
        """The verdict on an answer's text, which is not kept."""
        question = self._judge(slug).question
        verdict = self._verdict(slug, source.encode(), levels, seed)
        return Checked(verdict, question.title, _levels(question), None, None)

    def prepare(self, slug: str) -> None:
        """Draw the cases of the next verdict on a question, while nobody waits."""
        with contextlib.suppress(Exception):  # whatever is wrong shows when the answer is judged
            self._judge(slug).prepare()

    def tier(self) -> tuple[str, str]:
        """The sandbox's tier, and a sentence on what it means."""
        with _explained():
            isolation = self._sandboxes[()].isolation
            return isolation.tier, isolation.note

    def recover(self, now: datetime) -> Iterator[Recovered]:
        """Judge each answer that was kept and never judged: a crash came between."""
        with _explained(), Store.open(create=False) as store:
            waiting = store.unjudged()
        for answer in waiting:
            # One that cannot be judged now, because its question is gone or has a mistake, waits on.
            with contextlib.suppress(GymError), _explained():
                verdict = self._verdict(answer.question, answer.source.encode("utf-8", "replace"), answer.levels, None)
                if not _keep_verdict(answer.id, verdict, now):
                    yield Recovered(answer, verdict)

    def _judge(self, slug: str) -> Judge:
        if slug not in self._judges:
            from ndojo.judge.judging import Judge

            question = _load(slug)
            self._judges[slug] = Judge(question, self._sandbox(tuple(question.allows)))
        return self._judges[slug]

    def _sandbox(self, allows: tuple[str, ...]) -> Sandbox:
        if allows not in self._sandboxes:
            from ndojo.judge.sandbox import Sandbox

            self._sandboxes[allows] = Sandbox(self._tier, allows=allows)
        return self._sandboxes[allows]

    def _verdict(self, slug: str, source: bytes, levels: int | None, seed: int | None) -> Verdict:
        """The judge's verdict, or, where the judge itself breaks, one that says so."""
        try:
            return self._judge(slug).judge(source, levels=levels, seed=seed)
        except Exception as problem:
            if _about(problem) or isinstance(problem, GymError):
                raise
            return _internal_error(slug, problem)


def check(path: Path, slug: str | None = None, *, tier: str | None = None, now: datetime, **options: Any) -> Checked:
    """The verdict on one answer file; see `Session.check`."""
    with Session(tier) as session:
        return session.check(path, slug, now=now, **options)


def _python_text(path: Path) -> bytes:
    source = read_answer(path)
    from ndojo.judge.judging import AnswerError, check_source

    try:
        check_source(source)
    except AnswerError as problem:
        raise GymError(f"{path.name} {problem}", "answer") from problem
    return source


def _keep_answer(question: Question, source: bytes, name: str, levels: int | None, now: datetime) -> int:
    try:
        with Store.open() as store:
            return store.keep_answer(question.slug, question.version, source.decode(), name, levels, now)
    except StoreError as problem:
        kept = f"{name} itself is untouched; `ndojo check --no-store {name}` judges it without keeping it."
        raise GymError(f"{problem} {kept}", "store") from problem


def _keep_verdict(answer_id: int, verdict: Verdict, now: datetime) -> str:
    """Keep a verdict; why that was not possible, where it was not. The answer is safe either way."""
    try:
        with Store.open() as store:
            store.keep_verdict(answer_id, verdict.to_dict(), __version__, now + timedelta(seconds=verdict.seconds))
    except StoreError as problem:
        return f"The answer is kept, its verdict is not: it will be judged again. {problem}"
    return ""


def _internal_error(slug: str, problem: Exception) -> Verdict:
    """The verdict where the judge broke: our mistake, never the learner's."""
    import traceback

    from ndojo.judge.verdict import UNCHECKED, Finding, conclude

    message = f"ndojo itself broke: {type(problem).__name__}: {problem}. This does not count against you."
    advice = f"Please report the lines above, with the answer and ndojo {__version__}."
    trace = "".join(traceback.format_exception(problem))
    finding = Finding(1, "correct", UNCHECKED, "IE", message, trace=trace, advice=advice)
    levels = tuple(name for name, _ in _levels(_load(slug)))
    return conclude(slug, levels, [finding], output="", seconds=0.0)


# ----------------------------------------------------------------------------------------------------------- learning


@dataclass(frozen=True)
class Hints:
    """The hints to show, each with its number from 1; how many there are; why no note was kept, where none was."""

    title: str
    shown: tuple[tuple[int, str], ...]
    total: int
    trouble: str


@_explained()
def hint(slug: str, now: datetime, *, everything: bool = False) -> Hints:
    """The next hint; all of them once the last was given, or where `everything` is wanted."""
    question = _load(slug)
    taken, trouble = _hints_taken(slug)
    total = len(question.hints)
    numbered = tuple(enumerate(question.hints, 1))
    fresh = total - taken if everything else min(1, total - taken)
    shown = numbered if everything or taken >= total else numbered[taken : taken + 1]
    if fresh > 0 and not trouble:
        trouble = _note(slug, "hint", now, times=fresh)
    return Hints(question.title, shown, total, trouble)


def _hints_taken(slug: str) -> tuple[int, str]:
    try:
        with Store.open(create=False) as store:
            return store.hints_taken(slug), ""
    except StoreError as problem:
        return 0, str(problem)


@dataclass(frozen=True)
class Solution:
    """The reference as one file, and other right answers: name, first level that each fails or nothing, source."""

    title: str
    source: str
    others: tuple[tuple[str, str, str], ...]
    trouble: str


def is_solved(slug: str) -> bool:
    """Whether the learner has passed a question or seen its solution, and so may see it without being asked."""
    _load(slug)
    with contextlib.suppress(StoreError), Store.open(create=False) as store:
        return store.solution_seen(slug) or store.statuses().get(slug, Status()).status in DONE
    return False


@_explained()
def solution(slug: str, now: datetime) -> Solution:
    """A question's reference and its other right answers; that they were seen is noted."""
    question = _load(slug)
    if not question.entry_points:
        raise GymError(f"{slug} has no function to write, so no solution. See `ndojo explain {slug}`.")
    original = _Original(question.path)
    others = tuple((works.name, works.fails, original.function(works.name)) for works in question.works)
    source = original.complete(question.reference_source())
    return Solution(question.title, source, others, _note(slug, "solution", now))


class _Original:
    """A question file's own text, with its comments and line breaks."""

    def __init__(self, path: str) -> None:
        import ast

        self._text = Path(path).read_text(encoding="utf-8")
        body = ast.parse(self._text).body
        self._functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}

    def function(self, name: str, *, docstring: bool = True) -> str:
        """One function as it stands there, without its decorators."""
        import ast

        node = self._functions[name]
        lines = self._text.splitlines()
        head, body = lines[node.lineno - 1 : node.end_lineno], 0
        first = node.body[0]
        if not docstring and ast.get_docstring(node) is not None and len(node.body) > 1:
            body = (first.end_lineno or first.lineno) - node.lineno + 1
            head = [*head[: first.lineno - node.lineno], *head[body:]]
        return "\n".join(head) + "\n"

    def complete(self, reference: str) -> str:
        """The reference as an answer file, each function in its author's own words."""
        import ast

        parts = []
        for node in ast.parse(reference).body:
            own = isinstance(node, ast.FunctionDef) and node.name in self._functions
            parts.append("\n\n" + self.function(node.name, docstring=False) if own else ast.unparse(node) + "\n")  # type: ignore[attr-defined]
        return "".join(parts).strip("\n") + "\n"


@dataclass(frozen=True)
class Explanation:
    """The model answer, Markdown; what an interviewer wants to hear; what is asked next; whether something is shown."""

    title: str
    text: str
    points: tuple[str, ...]
    follow_ups: tuple[tuple[str, str], ...]
    links: tuple[str, ...]
    related: tuple[str, ...]
    has_live: bool


@_explained()
def explanation(slug: str) -> Explanation:
    """What there is to say about a question."""
    question = _load(slug)
    return Explanation(
        title=question.title,
        text=question.explanation,
        points=tuple(question.points),
        follow_ups=tuple(question.follow_ups.items()),
        links=tuple(question.links),
        related=tuple(question.related),
        has_live=question.live is not None,
    )


def live(slug: str) -> str:
    """What a question shows of its point when it is run here and now; empty where it shows nothing."""
    import io

    question, said = _load(slug), io.StringIO()
    if question.live is None:
        return ""
    try:
        with contextlib.redirect_stdout(said):
            question.live()
    except Exception as problem:
        return f"{said.getvalue()}It could not be shown: {type(problem).__name__}: {problem}"
    return said.getvalue()


@_explained()
def history(slug: str | None = None, limit: int | None = None) -> list[Answer]:
    """Answers that were kept, newest first, each with its verdict."""
    if slug is not None:
        _known(slug)
    with Store.open(create=False) as store:
        return store.answers(slug, limit)


@_explained()
def answer(number: int) -> Answer:
    """One answer that was kept, by its number."""
    with Store.open(create=False) as store:
        found = store.answer(number)
    if found is None:
        raise GymError(f"No answer has the number {number}. `ndojo history` lists those that were kept.")
    return found


def verdict_of(record: Mapping[str, Any]) -> Verdict:
    """The verdict that was kept as a record."""
    from ndojo.judge.verdict import Verdict

    return Verdict.from_dict(dict(record))


def _known(slug: str) -> None:
    known = slugs()
    if slug not in known:
        raise _loading().UnknownQuestion(slug, known)


# ---------------------------------------------------------------------------------------------------------- authoring


@_explained()
def verify(targets: Sequence[str] = (), *, mutation: bool = True, tier: str | None = None) -> Iterator[Proof]:
    """Prove questions, one after another.

    Parameters
    ----------
    targets : sequence of str
        Slugs or paths of question files; every question of the bank where there are none.
    mutation : bool
        Whether references are mutated; without, the proof is quicker and weaker.
    tier : str, optional
        Of the sandbox.
    """
    return _proofs(_question_files(targets), mutation, tier)


def _question_files(targets: Sequence[str]) -> list[Path]:
    known: dict[str, Path] = _loading().paths()
    found = []
    for target in targets or known:
        if target not in known and (target.endswith(".py") or os.sep in target):
            if not Path(target).is_file():
                raise GymError(f"There is no question file {target}.", "question")
            found.append(Path(target))
        else:
            _known(target)
            found.append(known[target])
    return found


def _proofs(paths: Iterable[Path], mutation: bool, tier: str | None) -> Iterator[Proof]:
    from ndojo.judge.verify import verify as prove

    with _explained(), Session(tier) as session:
        for path in paths:
            question = _loaded_or_proof(path)
            if isinstance(question, tuple):
                yield question[0]
                continue
            sandbox = session._sandbox(tuple(question.allows)) if question.entry_points else None
            yield prove(question, sandbox, mutation=mutation)


def _loaded_or_proof(path: Path) -> Any:
    """The question in a file; where it has a mistake, a tuple of the proof that says so."""
    from ndojo.judge.verify import Problem, Proof
    from ndojo.question.records import QuestionError

    try:
        return _loading().load_file(path.absolute())
    except QuestionError as mistake:
        slug = path.stem.replace("_", "-")
        problem = Problem("load", path.name, str(mistake), "Mend the file; nothing else was tried.")
        return (Proof(slug, path.parent.name, problems=[problem]),)


def refresh_index() -> str:
    """Bring the bank's index up to date; a sentence where there is something to say, else nothing."""
    from ndojo.question.records import QuestionError

    loading = _loading()
    try:
        if loading.write_index():
            return f"The index was stale and is now written: {loading.INDEX}."
    except QuestionError as problem:
        return f"The index was left as it is, because a question file has a mistake: {problem}"
    except OSError as problem:
        why = problem.strerror or problem
        return f"The index is stale, and {loading.INDEX} cannot be written ({why}): listing is slower."
    return ""


@_explained()
def new(place: str, template: str, folder: Path | None = None) -> Path:
    """A new question file for an author to fill.

    Parameters
    ----------
    place : str
        ROOM/SLUG.
    template : str
        The text of the file.
    folder : Path, optional
        The folder of the rooms; without it, the bank of this checkout.
    """
    room, _, slug = place.partition("/")
    _check_place(room, slug)
    path = (folder or _bank_of_checkout()) / room / file_name(slug)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(template)
    except FileExistsError as problem:
        raise GymError(f"{path} exists already and was left as it is. Choose another slug.") from problem
    except OSError as problem:
        raise GymError(f"{path} cannot be written: {problem.strerror}. Name a folder with --dir.") from problem
    return path.absolute()


def _check_place(room: str, slug: str) -> None:
    """Refuse a room that there is not, and a slug that is none or taken."""
    if room not in rooms():
        near = _nearest(room, rooms())
        advice = f"Did you mean {near}?" if near else f"There are {', '.join(rooms())}."
        raise GymError(f"There is no room {room!r}. {advice}")
    if not all(part.isalnum() and part.isascii() and part.islower() for part in slug.split("-")) or slug[:1].isdigit():
        raise GymError(f"{slug!r} is no slug. Write small letters and digits with hyphens between: sliding-windows.")
    if slug in slugs():
        raise GymError(f"There is a question {slug} already: {_loading().paths()[slug]}.")


def _bank_of_checkout() -> Path:
    bank: Path = _loading().BANK
    if not (bank.parents[2] / "pyproject.toml").is_file():
        raise GymError("This ndojo is installed, not a checkout: its bank is not the place for a new question. "
                       "Name a folder with --dir.")  # fmt: skip
    return bank


# ------------------------------------------------------------------------------------------------------------ machine


@dataclass(frozen=True)
class Health:
    """What ndojo finds on this machine: versions, places, the sandbox's tier, the store, each layer of isolation."""

    python: str
    numpy: str
    ndojo: str
    data_folder: Path
    tier: str
    note: str
    store: str
    store_is_well: bool
    probes: list[Probe]

    @property
    def works(self) -> bool:
        """Whether answers can be judged and kept."""
        return bool(self.tier) and self.store_is_well


def doctor() -> Health:
    """Look at this machine, and try each layer of isolation."""
    import platform

    import numpy as np

    tier, note = _tier()
    store, is_well = _store_health()
    return Health(
        python=platform.python_version(),
        numpy=np.__version__,
        ndojo=__version__,
        data_folder=data_folder(),
        tier=tier,
        note=note,
        store=store,
        store_is_well=is_well,
        probes=probes() if tier else [],
    )


@_explained()
def probes() -> list[Probe]:
    """Each layer of isolation, tried in a real child."""
    from ndojo.judge.sandbox.doctor import examine

    return examine()


def _tier() -> tuple[str, str]:
    try:
        with Session() as session:
            return session.tier()
    except GymError as problem:
        return "", str(problem)


def _store_health() -> tuple[str, bool]:
    try:
        with Store.open(create=False) as store:
            if not store.path.exists():
                return f"none yet; the first answer makes {store.path}", _writable(store.path.parent)
            attempts = sum(status.attempts for status in store.statuses().values())
            waiting = len(store.unjudged())
    except StoreError as problem:
        return str(problem), False
    unjudged = f", {waiting} of them not judged yet" if waiting else ""
    well = os.access(store.path, os.W_OK) and _writable(store.path.parent)
    kept = f"{attempts} answers{unjudged} in {store.path}"
    return (kept if well else f"{kept}, which cannot be written: no answer can be kept"), well


def _writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder itself can be."""
    while not folder.exists():
        folder = folder.parent
    return os.access(folder, os.W_OK)


def bench(quick: bool = False, progress: Callable[[str], None] | None = None) -> dict[str, Any]:
    """How quick the judge is on this machine."""
    from ndojo.judge.bench import measure

    with _explained():
        return measure(quick=quick, progress=progress)
