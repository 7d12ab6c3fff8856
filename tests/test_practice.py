"""The functions that every user interface calls, tested on the real bank with a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ndojo import practice
from ndojo.store import Store, StoreError, data_folder

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SLUG = "sliding-windows"
RIGHT = (
    "import numpy as np\n\n\ndef sliding_window(x, w):\n    if not 1 <= w <= x.size:\n        raise ValueError(w)\n"
    "    return np.lib.stride_tricks.sliding_window_view(x, w)\n"
)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate data folder for the test."""
    folder = tmp_path / "data"
    monkeypatch.setenv("NDOJO_DATA", str(folder))
    return folder


@pytest.fixture(scope="module")
def session() -> Iterator[practice.session.Session]:
    with practice.session.Session() as one:
        yield one


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    path = tmp_path / "sliding_windows.py"
    path.write_text(RIGHT)
    return path


def test_questions_come_with_status() -> None:
    """A question is new at first and started afterward. It can be found by any of its facts."""
    practice.answer_files.start(SLUG, data_folder(), NOW)
    rows = {row.slug: row for row in practice.catalog.questions().rows}
    assert list(rows) == practice.questions.slugs()
    assert rows[SLUG].status.status == "started" and not rows[SLUG].done
    (row,) = practice.catalog.questions(
        practice.catalog.Filters(rooms=["MEMORY"], words=["window"], statuses=["started"])
    ).rows
    assert row.slug == SLUG


def test_home_goes_on_with_what_was_begun_last(tmp_path: Path) -> None:
    """Otherwise it suggests an easy new question. `but` excludes one question."""
    fresh = practice.home.overview(NOW)
    assert fresh.next is not None and fresh.next.card["difficulty"] == "easy" and fresh.passed == 0
    practice.answer_files.start("run-length", tmp_path, NOW - timedelta(days=2))
    practice.answer_files.start(SLUG, tmp_path, NOW - timedelta(days=1))
    home = practice.home.overview(NOW)
    assert home.next is not None and home.next.slug == SLUG and home.why == "You last worked on it yesterday."
    other = practice.home.overview(NOW, but=SLUG)
    assert other.next is not None and other.next.slug == "run-length"
    assert other.why == "You last worked on it 2 days ago."


def test_answer_is_kept_before_it_is_judged(
    session: practice.session.Session, answer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the judge is stopped, the answer stays in the store. `recover` judges it once."""

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(session, "_verdict", stopped)
        with pytest.raises(KeyboardInterrupt):
            session.check(answer, now=NOW)
    (kept,) = practice.history.answers()
    assert kept.source == RIGHT and kept.verdict is None
    (recovered,) = session.recover(NOW)
    assert recovered.answer.id == kept.id and recovered.verdict.verdict == "AC"
    assert list(session.recover(NOW)) == []


def test_internal_error_never_counts_against_the_learner(
    session: practice.session.Session, answer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The verdict says so and has the traceback, and the question's status does not change."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr("ndojo.judge.judge.Judge.judge", broken)
    checked = session.check(answer, now=NOW)
    (finding,) = checked.verdict.findings
    assert checked.verdict.verdict == "IE" and not checked.passed
    assert "ZeroDivisionError" in (finding.trace or "") and "does not count against you" in finding.message
    (kept,) = practice.history.answers(SLUG)
    assert kept.verdict is not None and "ZeroDivisionError" in kept.verdict["findings"][0]["trace"]
    assert {row.slug: row for row in practice.catalog.questions().rows}[SLUG].status.attempts == 0


def test_verdict_that_cannot_be_kept_is_still_given(
    session: practice.session.Session, answer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may become full while an answer is judged."""

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(Store, "keep_verdict", full)
    checked = session.check(answer, now=NOW)
    assert checked.passed and "will be judged again" in checked.trouble


def test_text_is_judged_without_being_kept(session: practice.session.Session, data: Path) -> None:
    """The demo uses this."""
    assert session.judge(SLUG, RIGHT, levels=1).verdict.levels == ("right",)
    assert not data.exists()


def test_seed_repeats_a_verdict(session: practice.session.Session) -> None:
    wrong = RIGHT.replace("(x, w)\n", "(x, w)[1:]\n").replace("window(x, w)[1:]", "window(x, w)", 1)
    one, other = (session.judge(SLUG, wrong, seed=7).verdict.to_dict() for _ in range(2))
    assert one | {"seconds": 0} == other | {"seconds": 0}


def test_check_alone_needs_no_session(answer: Path) -> None:
    assert practice.session.check(answer, now=NOW, levels=1, keep=False).answer_id is None


@pytest.mark.parametrize(
    ("call", "about"),
    [
        (lambda: practice.catalog.prompt("slidng-windows"), "question"),
        (lambda: practice.history.answers("slidng-windows"), "question"),
        (lambda: practice.history.answer(99), "use"),
        (lambda: practice.answer_files.read_answer(Path("nowhere.py")), "answer"),
        (lambda: practice.answer_files.question_of(Path("sliding_window.py")), "use"),
        (lambda: practice.authoring.new("memory/sliding-windows", ""), "use"),
        (lambda: practice.authoring.new("memorie/x", ""), "use"),
        (lambda: list(practice.authoring.verify(["no-such"])), "question"),
        (lambda: practice.answer_files.start(SLUG, Path("/proc/nowhere"), NOW), "use"),
    ],
)
def test_what_cannot_be_done_is_said(call, about: str) -> None:
    """One kind of exception is raised, with a complete sentence."""
    with pytest.raises(practice.errors.PracticeError) as caught:
        call()
    assert caught.value.about == about
    assert str(caught.value).endswith((".", "?", "SLUG", "sliding-windows"))


def test_damaged_store_is_said_and_nothing_is_lost(session: practice.session.Session, answer: Path, data: Path) -> None:
    data.mkdir()
    (data / "ndojo.sqlite3").write_bytes(b"nonsense" * 1000)
    with pytest.raises(practice.errors.PracticeError, match="damaged") as caught:
        session.check(answer, now=NOW)
    assert caught.value.about == "store" and answer.read_text() == RIGHT
    assert "damaged" in practice.catalog.questions().trouble
    assert "damaged" in practice.help.hint(SLUG, NOW).trouble
    assert session.check(answer, keep=False, now=NOW).passed


def test_solution_keeps_the_author_s_comments(tmp_path: Path) -> None:
    """The solution runs as an answer file, and the store records that it was shown."""
    assert not practice.help.is_solved("run-length")
    solution = practice.help.solution("run-length", NOW)
    scope: dict[str, object] = {}
    exec(solution.source, scope)
    assert {"rle_encode", "rle_decode"} <= set(scope)
    assert [name for name, _, _ in solution.others] == ["by_edges", "by_loop"]
    assert practice.help.is_solved("run-length")


def test_explanation_and_what_is_shown_live() -> None:
    said = practice.help.explanation(SLUG)
    assert said.points and said.has_live and "shares memory: True" in practice.help.live(SLUG)
    assert practice.help.live("run-length") == "" or practice.help.explanation("run-length").has_live


def test_index_is_refreshed_or_said_to_be_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the package's folder is not writable, a stale index is only reported."""
    from ndojo.question import loading

    monkeypatch.setattr(loading, "INDEX", tmp_path / "index.json")
    assert "was out of date" in practice.authoring.refresh_index()
    assert practice.authoring.refresh_index() == ""
    monkeypatch.setattr(loading, "INDEX", tmp_path / "nowhere" / "index.json")
    assert "cannot be written" in practice.authoring.refresh_index()


def test_doctor_knows_this_machine(data: Path) -> None:
    health = practice.machine.doctor()
    assert health.works and health.data_folder == data and health.probes and "none yet" in health.store


def test_profile_tells_where_the_time_goes_and_how_near_the_limit(session: practice.session.Session) -> None:
    """The profile has every line and the roofline of three answers. The limits are measured once."""
    source = practice.help.solution("run-length", NOW).source
    text = "\n".join(session.profile("run-length", source.encode()).text())
    assert "np.flatnonzero" in text and "of this machine's peak memory bandwidth" in text
    assert all(name in text for name in ("your answer", "the reference", "the naive answer"))
    kept = (data_folder() / "machine.json").read_bytes()
    session.profile("run-length", source.encode())
    assert (data_folder() / "machine.json").read_bytes() == kept


def test_unchanged_answer_keeps_its_verdict(session: practice.session.Session, answer: Path) -> None:
    """The same judge, question and levels give the saved verdict. `fresh`, a seed or a change causes a new judging."""
    first = session.check(answer, now=NOW)
    again = session.check(answer, now=NOW + timedelta(hours=1))
    assert first.judged_before is None and again.judged_before is not None
    assert again.verdict == first.verdict and again.answer_id != first.answer_id
    assert all(one.verdict for one in practice.history.answers(SLUG)) and len(practice.history.answers(SLUG)) == 2
    assert session.check(answer, fresh=True, now=NOW).judged_before is None
    assert session.check(answer, seed=1, now=NOW).judged_before is None
    assert session.check(answer, levels=1, now=NOW).judged_before is None
    answer.write_text(RIGHT + "# another line\n")
    assert session.check(answer, now=NOW).judged_before is None


def test_verdict_on_speed_says_what_the_last_answer_reached(session: practice.session.Session, tmp_path: Path) -> None:
    path = tmp_path / "run_length.py"
    path.write_text(practice.help.solution("run-length", NOW).source)
    session.check(path, now=NOW)
    path.write_text(path.read_text() + "# a second try\n")
    verdict = session.check(path, now=NOW).verdict
    (finding,) = [one for one in verdict.findings if one.requirement == "faster than the naive"]
    assert "Your last answer reached" in finding.message and finding.figures and finding.figures["last_share"] > 0
