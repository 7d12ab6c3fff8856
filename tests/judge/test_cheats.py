# ruff: noqa: E501  (one line per table row is easier to read)
"""No wrong answer is accepted, and the judge keeps working."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ndojo.calls import client
from ndojo.checks import requirements
from ndojo.judge import answer_run
from ndojo.judge.judge import Judge
from ndojo.question.records import Question
from ndojo.sandbox import Sandbox

Ask = Callable[[str], Question]
HERE = Path(__file__).parent
RIGHT_FILE = str(HERE.parent / "questions" / "double.py")


def _cheats():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("cheats", HERE / "cheats.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


cheats = _cheats()
RIGHT = (
    "def double(x, offset=0):\n    if offset < 0: raise ValueError\n"
    "    return x * x.dtype.type(2) + x.dtype.type(offset)\n"
)


def source_of(name: str) -> bytes:
    text = cheats.CHEATS[name].replace("{right!r}", repr(RIGHT_FILE)).replace("{{", "{").replace("}}", "}")
    compile(text, name, "exec")
    return text.encode()


def hasty(question: Question) -> Question:
    return replace(question, seconds=0.5)


@pytest.fixture(scope="module")
def full(answers: Sandbox, question: Ask) -> Iterator[Judge]:
    with Judge(hasty(question("double")), answers) as one:
        yield one


@pytest.fixture(scope="module")
def container(container_answers: Sandbox, question: Ask) -> Iterator[Judge]:
    with Judge(hasty(question("double")), container_answers) as one:
        yield one


@pytest.fixture(scope="module")
def plain(plain_answers: Sandbox, question: Ask) -> Iterator[Judge]:
    with Judge(hasty(question("double")), plain_answers) as one:
        yield one


def goes_on(judge: Judge) -> bool:
    return judge.judge(RIGHT.encode()).verdict == "AC"


@pytest.mark.parametrize("name", cheats.CHEATS)
def test_cheat_is_not_accepted(name: str, full: Judge) -> None:
    """With every isolation layer, each trick still gives a wrong answer, and the next right answer is accepted."""
    verdict = full.judge(source_of(name))
    assert verdict.verdict != "AC"
    assert verdict.passed_levels == 0
    assert goes_on(full)


@pytest.mark.parametrize("name", [*cheats.REACH, "kill the parent", "fork a helper", "ignore signals", "garbage"])
def test_cheat_is_not_accepted_without_namespaces(name: str, container: Judge) -> None:
    verdict = container.judge(source_of(name))
    assert verdict.verdict != "AC"
    assert goes_on(container)


# The plain tier has no isolation, so an answer can read files there. The comparison works the same.
@pytest.mark.parametrize("name", [*list(cheats.FOOL)[::4], *list(cheats.LIE)[::3]])
def test_lies_are_not_believed_in_the_plain_tier(name: str, plain: Judge) -> None:
    verdict = plain.judge(source_of(name))
    assert verdict.verdict != "AC"
    assert goes_on(plain)


# ------------------------------------------------------------------------------------------------------------ controls


@pytest.mark.parametrize("name", ["import the bank", "read the question's file"])
def test_reading_the_reference_works_where_there_is_no_wall(name: str, plain: Judge) -> None:
    """Control: the plain tier accepts the same attempt, so isolation is what stops it."""
    assert plain.judge(source_of(name)).verdict == "AC"


def test_messages_of_another_batch_would_do_harm_without_the_nonce(
    full: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: if the nonce is known, a message sent in advance is accepted as the batch's own."""
    monkeypatch.setattr(client.os, "urandom", lambda n: bytes(n))
    verdict = full.judge(source_of("another nonce"))
    assert not any("unexpected message" in finding.message for finding in verdict.findings)
    monkeypatch.undo()
    verdict = full.judge(source_of("another nonce"))
    assert any("unexpected message" in finding.message for finding in verdict.findings)


def test_mutation_would_pass_without_its_check(full: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control for inputs that are restored later: only the snapshot exposes the change."""
    source = RIGHT.replace("    return", "    y =") + "    if x.flags.writeable: x[...] = 7\n    return y\n"
    assert full.judge(source.encode()).verdict == "IM"
    monkeypatch.setattr(requirements, "untouched", lambda held: None)
    assert full.judge(source.encode(), levels=1).verdict == "AC"


def test_wrong_values_would_pass_without_the_comparison(full: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control for every wrong answer above."""
    monkeypatch.setattr(answer_run, "first_failure", lambda case, got, requirements: None)
    assert full.judge(cheats.answer().encode()).verdict == "AC"


# ----------------------------------------------------------------------------------------------- contents of the sandbox

SCAN = """
import ctypes
def regions():
    for line in open("/proc/self/maps"):
        span, rights = line.split()[:2]
        start, end = (int(part, 16) for part in span.split("-"))
        if rights.startswith("rw") and end - start < 1 << 28 and "[v" not in line: yield start, end - start
def count(word):
    n = 0
    for start, length in regions():
        try: n += ctypes.string_at(start, length).count(word)
        except (OSError, ValueError): pass
    return n
"""


def scanned(judge: Judge, halves: tuple[str, str], top: str = "") -> str:
    """Return what an answer finds if it searches all writable memory for a word, joined from two halves."""
    word = f"bytes(reversed({bytes(reversed(''.join(halves).encode()))!r}))"
    source = f"{SCAN}{top}\nword = {word}\nprint('found', count(word))\ndel word\ndef double(x, offset=0): pass\n"
    return judge.judge(source.encode()).output


def test_memory_of_the_child_holds_no_reference_and_no_trap(full: Judge) -> None:
    """A scan finds the answer's own strings but none of the question's hidden code."""
    planted = scanned(full, ("a needle ", "in the hay"), "hay = ''.join(['a needle', ' in the', ' hay'])")
    if not planted.startswith("found"):
        return  # the sandbox hides the memory map, so nothing can be scanned
    known = int(planted.split()[1])
    secret = scanned(full, ("Twice is not ", "squared: they agree"))
    assert known > int(secret.split()[1])


def test_nothing_is_left_for_the_next_answer(full: Judge) -> None:
    """Files, modules, patches and environment variables disappear with the process."""
    leaves = (
        "import os, sys, tempfile, numpy as np\nopen('right.py', 'w').write('x')\nos.environ['NOTE'] = '1'\n"
        "np.note = 1\nsys.modules['note'] = sys\n"
        "for place in ('/tmp', '/dev/shm', tempfile.gettempdir()):\n"
        "    try: open(place + '/ndojo-note', 'w').write('x')\n    except OSError: pass\n" + RIGHT
    )
    finds = (
        "import os, sys, numpy as np\nfound = [os.path.exists('right.py'), 'NOTE' in os.environ, hasattr(np, 'note'),\n"
        "    'note' in sys.modules, os.path.exists('/tmp/ndojo-note'), os.path.exists('/dev/shm/ndojo-note')]\n"
        "assert not any(found), found\n" + RIGHT
    )
    for _ in range(3):
        assert full.judge(leaves.encode()).verdict == "AC"
        assert full.judge(finds.encode()).verdict == "AC"


def test_thread_left_behind_reaches_no_later_verdict(full: Judge) -> None:
    """The thread ends with its answer."""
    source = cheats.UP + cheats.SEND + (
        "import threading, time\ndef talk():\n    time.sleep(0.2)\n    while True: send(b'D', bytes(28))\n"
        "threading.Thread(target=talk, daemon=True).start()\n" + RIGHT
    )  # fmt: skip
    full.judge(source.encode())
    for _ in range(3):
        assert goes_on(full)


def test_lying_about_a_view_gains_nothing(answers: Sandbox, question: Ask) -> None:
    """A copy that claims to be a view must state its address, and the judge reads its own memory there."""
    lie = (
        "import numpy as np, ndojo.calls.wire as w\n"
        "def lie(out, v):\n    out.parts.append(b'V\\x03' + w._dtype_to_bytes(v.dtype) + w._PLACE.pack(0, {offset}, -1))\n"
        "    out.layout(v.shape, (8,))\nw.WRITERS[np.ndarray] = lie\n"
        "def head(x): return x[:x.size // 2].copy()\n"
    )
    with Judge(question("head"), answers) as judge:
        assert judge.judge(lie.replace("{offset}", "8").encode()).verdict != "AC"
        # Strides, read-only memory and negative steps must match too, so only a real view can be described correctly.
        assert judge.judge(lie.replace("{offset}", "0").encode()).verdict != "AC"


def test_answers_of_cheats_are_over_sixty() -> None:
    assert len(cheats.CHEATS) >= 60
