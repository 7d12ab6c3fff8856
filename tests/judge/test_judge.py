# ruff: noqa: E501  (one line per table row is easier to read)
"""Every kind of right or wrong answer gets its verdict."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from ndojo.checks.finding import Finding
from ndojo.judge.advice import BY_REQUIREMENT, TRY_NEXT
from ndojo.judge.answer_file import AnswerError
from ndojo.judge.judge import Judge, judge
from ndojo.judge.verdict import Verdict, conclude, visible
from ndojo.question import no_warnings, own_memory, view_of
from ndojo.question.records import Question
from ndojo.question.verdict_codes import VERDICT_WORDS
from ndojo.sandbox import Sandbox

JudgeOf = Callable[[str], Judge]

HEAD = "import numpy as np\n"
RIGHT = {
    "double": HEAD + "def double(x, offset=0):\n"
    "    if offset < 0:\n        raise ValueError('no')\n"
    "    return x * x.dtype.type(2) + x.dtype.type(offset)\n",
    "head": "def head(x):\n    return x[:x.size // 2]\n",
    "fill": HEAD + "def fill(x, *, out, start=1):\n    out[...] = np.cumsum(x) + start\n",
    "draw": "def pick(x, rng):\n    return x[rng.integers(x.size)]\n",
    "outer": "def table(x, y):\n    return x.reshape(-1, 1) * y\n",
    "again": HEAD + "def make_counter(start):\n    return lambda x: start + np.arange(x.size)\n",
    "tools": HEAD + "def load_numbers(path):\n    return np.array(open(path).read().split(), float)\n"
    "def table_of(f, names, scale=1, **values):\n"
    "    return {n: float(scale * f(values[n])) for n in names if n in values}\n",
}


def doubling(body: str, top: str = "") -> str:
    """Return an answer to `double` that raises as required and then runs `body`."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return HEAD + top + "\ndef double(x, offset=0):\n    if offset < 0: raise ValueError('no')\n" + lines


GOOD = "return x * x.dtype.type(2) + x.dtype.type(offset)"

# question, answer, verdict, passed levels, part of the first failed finding's message
TABLE: dict[str, tuple[str, str, str, int, str]] = {
    **{f"right: {stem}": (stem, source, "AC", 99, "") for stem, source in RIGHT.items()},
    "wrong values": ("double", doubling("return x * x.dtype.type(3)"), "WA", 0, "expected"),
    "wrong shape": ("double", doubling("return (x * x.dtype.type(2))[None]"), "WT", 0, "has shape"),
    "wrong dtype": ("double", doubling("return x * 2.0 + offset"), "WT", 0, "has dtype float64, expected int32"),
    "a list": ("double", doubling("return (2 * x).tolist()"), "WT", 0, "is a list, expected an array"),
    "nothing returned": ("double", doubling("pass"), "WT", 0, "The result is None"),
    "object dtype": ("double", doubling("return (2 * x + offset).astype(object)"), "WT", 0, "dtype object"),
    "a 0-d array, to be broadcast": ("double", doubling("return np.array(2.0)"), "WT", 0, "has shape ()"),
    "a masked array": ("double", doubling("return np.ma.masked_all_like(x)"), "WT", 0, "masked array"),
    "a generator": ("double", doubling("yield x"), "WT", 0, "an object of type builtins.generator"),
    "an iterator": ("double", doubling("return iter(x)"), "WT", 0, "an object of type builtins."),
    "a cut-off result": ("double", doubling("return np.broadcast_to(1.0, (10**6, 10**6))"), "WT", 0, "at most"),
    "a view without end": ("head", "import numpy as np\ndef head(x):\n"
                           "    return np.broadcast_to(x[:1], (10**6, 10**6)) if x.size else x\n", "WT", 0, "shape"),
    "a view out of reach": ("head", "from numpy.lib.stride_tricks import as_strided\ndef head(x):\n"
                            "    return as_strided(x, (x.size // 2,), (8 * 40,))\n", "WA", 0, "reads outside the memory"),
    "cannot be looked at": ("double", doubling("return np.zeros(2).view(Odd)",
                            "class Odd(np.ndarray):\n    @property\n    def flags(self): raise KeyError\n"), "WT", 0,
                            "could not be read"),
    "deeper than is read": ("double", doubling("r = []\nfor _ in range(99): r = [r]\nreturn r"), "WT", 0, "nested"),
    "holds itself": ("double", doubling("r = []\nr.append(r)\nreturn r"), "WT", 0, "nested"),
    "input mutated": ("double", doubling("y = " + GOOD[7:] + "\nx += 1\nreturn y"), "IM", 0, ""),
    "input reshaped": ("double", doubling("y = " + GOOD[7:] + "\nx.shape = (1, *x.shape)\nreturn y"), "IM", 0, "shape"),
    "names mutated": ("tools", RIGHT["tools"].replace("    return {n", "    names.reverse()\n    return {n"), "IM", 0, "its contents"),
    "names emptied": ("tools", RIGHT["tools"].replace("    return {n", "    r = list(names)\n    names.clear()\n    return {n")
                      .replace("for n in names", "for n in r"), "IM", 0, "its contents"),
    "right near, wrong far": ("again", HEAD + "def make_counter(start):\n    return lambda x: abs(start) + np.arange(x.size)\n",
                              "WA", 1, "expected"),
    "not a view": ("head", "def head(x):\n    return x[:x.size // 2].copy()\n", "VW", 1, "is a copy"),
    "not apart": ("double", doubling("y = " + GOOD[7:] + "\nreturn y if x.size and (x != y).any() else x"), "VW", 1,
                  "shares memory"),
    "a warning escapes": ("double", doubling("import warnings\nwarnings.warn('look')\n" + GOOD), "RE", 2,
                          "shows a warning: UserWarning: look"),
    "warnings silenced by the file": ("double", "import warnings\nwarnings.simplefilter('ignore')\n"
                                      + doubling("warnings.warn('look')\n" + GOOD), "RE", 2, "shows a warning"),
    "the file itself warns": ("double", "import warnings\nwarnings.warn('look')\n" + doubling(GOOD), "AC", 3, ""),
    "text that is none": ("double", "import numpy as np\ndef double(x, offset=0): return [np.full(3, 2**31, np.uint32).view('U1')]\n", "WT", 0,
                          ""),
    "wrong argument written": ("fill", HEAD + "def fill(x, *, out, start=1):\n    out[...] = np.cumsum(x) + start\n"
                               "    x[:] = 0\n", "IM", 0, ""),
    "nothing written": ("fill", "def fill(x, *, out, start=1):\n    pass\n", "WA", 0, "`out` after the call"),
    "raises": ("double", doubling("return x.nope"), "RE", 0, "raised AttributeError"),
    "raises on some": ("double", doubling("x.flat[0]\n" + GOOD), "RE", 0, "raised IndexError"),
    "does not refuse": ("double", HEAD + "def double(x, offset=0):\n    " + GOOD + "\n", "WA", 0, "must raise ValueError"),
    "refuses otherwise": ("double", HEAD + "def double(x, offset=0):\n    assert offset >= 0\n    " + GOOD + "\n", "RE", 0,
                          "raised AssertionError instead of ValueError"),
    "refuses with a subclass": ("double", HEAD + "class E(ValueError): pass\ndef double(x, offset=0):\n"
                                "    if offset < 0: raise E\n    " + GOOD + "\n", "AC", 3, ""),
    "the starter": ("double", "STARTER", "RE", 0, "NotImplementedError: your answer goes here"),
    "syntax": ("double", "def double(x:\n", "RE", 0, "SyntaxError in line 1"),
    "indentation": ("double", "def double(x):\nreturn x\n", "RE", 0, "IndentationError in line 2"),
    "nested too deeply": ("double", "(" * 5000, "RE", 0, ""),
    "fails while loaded": ("double", "1 / 0\n", "RE", 0, "Loading the file raised ZeroDivisionError"),
    "nothing defined": ("double", "def treble(x): pass\n", "RE", 0, "defines no function `double`. It defines treble."),
    "not a function": ("double", "double = 3\n", "RE", 0, "`double` is not a function"),
    "wrong signature": ("double", "def double(a): pass\n", "RE", 0, "`double(a)` cannot be called as `double(x, offset=0)`"),
    "a lambda will do": ("head", "head = lambda x: x[:x.size // 2]\n", "AC", 2, ""),
    "a class will do": ("head", "class C:\n    def __call__(self, x): return x[:x.size // 2]\nhead = C()\n", "AC", 2, ""),
    "pandas": ("double", "import pandas\n", "NA", 0, "module pandas is not available. An answer may use NumPy"),
    "scipy": ("double", "from scipy import stats\n", "NA", 0, "module scipy is not available"),
    "the bank": ("double", "import ndojo.bank.memory.sliding_windows\n", "NA", 0, "module ndojo is not available"),
    "pandas, called": ("double", doubling("import pandas"), "RE", 0, "pandas"),
    "endless at load": ("double", "while True: pass\n", "TLE", 0, "The file was not loaded within"),
    "sys.exit at load": ("double", "import sys\nsys.exit(0)\n", "RE", 0, "calls sys.exit() while it is being loaded"),
    "os._exit at load": ("double", "import os\nos._exit(0)\n", "RE", 0, "exited with status 0"),
    "sys.exit": ("double", doubling("import sys\nsys.exit(0)"), "RE", 0, "called sys.exit()"),
    "os._exit": ("double", doubling("import os\nos._exit(0)"), "RE", 0, "exited with status 0"),
    "SystemExit without sys": ("double", doubling("raise SystemExit"), "RE", 0, "called sys.exit()"),
    "KeyboardInterrupt": ("double", doubling("raise KeyboardInterrupt"), "RE", 0, "raised KeyboardInterrupt"),
    "recursion": ("double", doubling("return double(x, offset)"), "RE", 0, "raised RecursionError"),
    "memory bomb": ("double", doubling("return np.ones(2**34)"), "MLE", 0, "ran out of memory"),
    "memory bomb at load": ("double", "x = bytearray(2**34)\n", "MLE", 0, "runs out of memory while it is being loaded"),
    "crash": ("double", doubling("import ctypes\nctypes.string_at(0)"), "RE", 0, "crashed (SIGSEGV)"),
    "huge results": ("double", doubling("return np.zeros(7_000_000)"), "WT", 0, "has shape (7000000,)"),
    "np.outer": ("outer", HEAD + "def table(x, y): return np.outer(x, y)\n", "NA", 0, "without np.outer, np.multiply.outer, but the answer uses it"),
    "outer, aliased": ("outer", "from numpy import outer as o\ndef table(x, y): return o(x, y)\n", "NA", 0, "the answer uses it"),
    "outer, by getattr": ("outer", HEAD + "def table(x, y): return getattr(np, 'outer')(x, y)\n", "NA", 0, "the answer uses it"),
    "outer, by a split text": ("outer", HEAD + "def table(x, y): return getattr(np, 'out' + 'er')(x, y)\n", "NA", 0,
                               "This question must be solved without np.outer"),
    "outer, by importlib": ("outer", "import importlib\ndef table(x, y):\n"
                            "    return getattr(importlib.import_module('numpy'), 'retuo'[::-1])(x, y)\n", "NA", 0, "outer"),
    "outer, by vars": ("outer", HEAD + "def table(x, y): return vars(np)['ou' 'ter'](x, y)\n", "NA", 0, "outer"),
    "outer, a ufunc's": ("outer", HEAD + "def table(x, y): return np.multiply.outer(x, y)\n", "NA", 0, "outer"),
    "own generator": ("draw", HEAD + "def pick(x, rng): return x[np.random.default_rng().integers(x.size)]\n", "WA", 0, ""),
    "generator unused": ("draw", "def pick(x, rng): return x[0]\n", "WA", 0, "so it does not use this generator"),
    "wrong distribution": ("draw", "def pick(x, rng): return x[min(rng.integers(x.size + 1), x.size - 1)]\n", "WA", 0,
                           "Every element is equally likely. In 4,000 draws"),
    "no element": ("draw", "def pick(x, rng): return x[rng.integers(x.size)] + 1000\n", "WA", 0, "is not an element of x"),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_answer_gets_its_verdict(name: str, judge_of: JudgeOf) -> None:
    """Check the code, the number of passed levels, and the message of the first failed finding."""
    stem, source, code, levels, said = TABLE[name]
    one = judge_of(stem)
    verdict = one.judge(one.question.starter().encode() if source == "STARTER" else source.encode())
    failed = [finding for finding in verdict.findings if finding.outcome == "failed"]
    assert (verdict.verdict, verdict.passed_levels) == (code, min(levels, len(verdict.levels))), failed
    assert bool(failed) == (code != "AC")
    if failed:
        assert failed[0].code == code
        assert said in failed[0].message
        assert failed[0].level == verdict.passed_levels + 1
    assert judge_of(stem).judge(RIGHT[stem].encode()).verdict == "AC", "the judge goes on working"


def test_loop_on_a_late_case_is_found_with_its_case(judge_of: JudgeOf) -> None:
    """The answer hangs only if the array has eight or more elements. The finding shows such an array."""
    source = doubling("while x.size >= 8: pass\n" + GOOD)
    verdict = judge_of("double").judge(source.encode())
    (failed,) = (finding for finding in verdict.findings if finding.outcome == "failed")
    assert failed.code == "TLE"
    scope: dict[str, object] = {}
    lines = failed.example.splitlines()
    exec("\n".join(line for line in lines if not line.startswith(("from ", "double("))), scope)
    assert scope["x"].size >= 8


def test_loop_on_an_early_case_is_waited_for_once(judge_of: JudgeOf) -> None:
    """The first outcomes arrive one at a time, so the judge knows immediately which case hangs."""
    one = judge_of("double")
    verdict = one.judge(doubling("while True: pass").encode())
    assert failed_finding(verdict).code == "TLE" and failed_finding(verdict).example
    assert verdict.seconds < 2 * one.question.seconds


def test_slow_calls_do_not_add_up_without_end(question: Callable[[str], Question], answers: Sandbox) -> None:
    """Each call is within the time limit, but all calls together may take only five times the limit."""
    hasty = replace(question("double"), seconds=0.3)
    verdict = judge(hasty, doubling("import time\ntime.sleep(0.2)\n" + GOOD).encode(), answers)
    assert verdict.verdict == "TLE"
    assert verdict.seconds < 30


# --------------------------------------------------------------------------------------------- what the verdict shows


def failed_finding(verdict: Verdict) -> Finding:
    return next(finding for finding in verdict.findings if finding.outcome == "failed")


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        ("return x", "look at the first value that differs"),
        ("y = " + GOOD[7:] + "\nif x.flags.writeable: x[...] = 0\nreturn y", "the caller's array must stay unchanged"),
        ("raise NotImplementedError('your answer goes here')", "Replace the line that raises"),
        ("raise PermissionError(1, 'refused')", "An answer may only compute. It must not use files"),
    ],
)
def test_every_failure_comes_with_advice(judge_of: JudgeOf, body: str, advice: str) -> None:
    """The terminal, the notebook and the web page show the same advice."""
    finding = failed_finding(judge_of("double").judge(doubling(body).encode()))
    assert advice in (finding.advice or "")


def test_advice_follows_the_requirement(judge_of: JudgeOf) -> None:
    """A warning is not an exception, and a missing copy needs different advice from an unwanted copy."""
    verdict = judge_of("double").judge(doubling("import warnings\nwarnings.warn('look')\n" + GOOD).encode())
    assert "python -W error" in (failed_finding(verdict).advice or "")
    assert set(BY_REQUIREMENT) == {one.name for one in (no_warnings(), view_of("x"), own_memory())}


def test_every_word_of_failure_has_advice() -> None:
    """Accepted answers and internal errors need no advice."""
    assert set(TRY_NEXT) == set(VERDICT_WORDS) - {"AC", "IE"}


def test_traceback_is_cut_to_the_answers_own_lines(judge_of: JudgeOf) -> None:
    """The traceback has the answer's lines with their code, and the whole message."""
    source = (
        HEAD
        + "\ndef help_out(x):\n    return np.linalg.inv(x.reshape(1, -1))\n\ndef double(x, offset=0):\n    return help_out(x)\n"
    )
    finding = failed_finding(judge_of("double").judge(source.encode()))
    assert (
        finding.trace
        == "line 7, in double\n    return help_out(x)\nline 4, in help_out\n    return np.linalg.inv(x.reshape(1, -1))"
    )
    assert "LinAlgError" in finding.message or "ValueError" in finding.message
    assert "numpy" not in finding.trace.replace("np.", "")


def test_runaway_recursion_keeps_head_and_tail(judge_of: JudgeOf) -> None:
    trace = failed_finding(judge_of("double").judge(doubling("return double(x, offset)").encode())).trace
    assert len(trace.splitlines()) == 16


def test_small_case_is_shown_with_expected_and_got(judge_of: JudgeOf) -> None:
    finding = failed_finding(judge_of("double").judge(doubling("return x * x.dtype.type(3)").encode()))
    assert finding.example.startswith("import numpy as np\nfrom double import double\n\nx = np.array([1.0])\n")
    assert (finding.expected, finding.got) == ("array([2.])", "array([3.])")


def test_mutation_is_shown_as_the_argument_before_and_after(judge_of: JudgeOf) -> None:
    source = doubling("y = " + GOOD[7:] + "\nif x.flags.writeable: x[...] = 7\nreturn y")
    finding = failed_finding(judge_of("double").judge(source.encode()))
    assert finding.code == "IM"
    assert (finding.expected, finding.got) == ("x = np.array([0.0])", "x = np.array([7.0])")


def test_answer_that_keeps_state_is_told_so(judge_of: JudgeOf) -> None:
    """Called alone, the answer is right, so no example shows the mistake. The advice names the likely cause."""
    source = doubling("_seen.append(1)\nif len(_seen) > 5: return -x\n" + GOOD, "_seen = []\n")
    finding = failed_finding(judge_of("double").judge(source.encode()))
    assert finding.code == "WA"
    assert "keep state between calls" in finding.advice
    assert finding.got is None


def test_result_that_later_calls_overwrite_is_judged_as_it_was_returned(judge_of: JudgeOf) -> None:
    """Each outcome is described before the next call, so later changes to it have no effect."""
    top = "_room = np.zeros(10_000)\n"
    body = "y = _room[:x.size].reshape(x.shape)\ny[...] = 2.0 * x + offset\nreturn y.astype(x.dtype) if x.dtype != float else y"
    verdict = judge_of("double").judge(doubling(body, top).encode())
    assert verdict.passed_levels >= 1


def test_output_is_kept_and_cut(judge_of: JudgeOf) -> None:
    few = judge_of("double").judge(doubling("print('hi')\n" + GOOD, "print('loading')\n").encode())
    assert few.verdict == "AC"
    assert few.output.startswith("loading\nhi\nhi\n")
    many = judge_of("double").judge(doubling("print('x' * 10**6)\n" + GOOD).encode())
    assert many.verdict == "AC"
    assert len(many.output) < 21_000


EVIL = "\x1b[2J\x1b[31mAccepted\x07\r\x08\x9b1m\u202egnp\u2066\ud800\x00"


@pytest.mark.parametrize(
    "source",
    [
        doubling(f"print({EVIL!r})\nraise ValueError({EVIL!r})"),
        doubling(f"class E(Exception): pass\nE.__name__ = {EVIL!r}\nraise E({EVIL!r})"),
        doubling(f"return {EVIL!r}"),
        doubling(f"return {{{EVIL!r}: 1}}"),
        doubling(f"class C:\n    def __repr__(self): return {EVIL!r}\nC.__qualname__ = 'C' + {EVIL!r}\nreturn C()"),
        doubling(f"import warnings\nwarnings.warn({EVIL!r})\n" + GOOD),
        f"raise ImportError({EVIL!r})\n",
        "def double(x): \x0c\x1b[31m x\n",
        f"def double(a): return {EVIL!r}\n".replace("a", "\u202ea", 0),
        doubling(f"yield {EVIL!r}"),
    ],
)  # fmt: skip
def test_no_control_character_reaches_a_terminal(source: str, judge_of: JudgeOf) -> None:
    """Escape codes, bells, carriage returns, reversed text and lone surrogates are visible in every verdict string."""
    verdict = judge_of("double").judge(source.encode("utf-8", "surrogatepass"))
    text = json.dumps(verdict.to_dict(), ensure_ascii=False)
    assert text.encode("utf-8")
    for finding in verdict.to_dict()["findings"]:
        for said in [verdict.output, *(str(value) for value in finding.values())]:
            assert said.replace("\n", "").replace("\t", "").isprintable(), repr(said)


def test_visible_text_keeps_what_is_seen() -> None:
    """Line breaks, tabs, accents and symbols are kept. All other characters become Python escapes."""
    assert visible("a\tb\né∑漢🙂", 99) == "a\tb\né∑漢🙂"
    assert visible("\x1b[31m\r\u202e\ud800", 99) == r"\x1b[31m\r\u202e\ud800"
    assert visible("x" * 50, 10) == "x" * 10 + " ..."


# --------------------------------------------------------------------------------------------------- the answer file


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: ("# -*- coding: utf-8 -*-\n" + text).encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: ("# é 漢\n" + text).encode(),
        lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    ],
    ids=["BOM", "CRLF", "CR", "cookie", "no last line break", "accents", "BOM and CRLF"],
)
def test_file_of_any_editor_is_read(encode: Callable[[str], bytes], judge_of: JudgeOf) -> None:
    assert judge_of("double").judge(encode(RIGHT["double"])).verdict == "AC"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_python_counts_them(ending: str, judge_of: JudgeOf) -> None:
    """A form feed or a vertical tab does not end a line."""
    source = doubling("s = '\x0b\x0c\x1c'\nreturn s / 2").replace("\n", ending)
    assert failed_finding(judge_of("double").judge(source.encode())).trace.endswith("return s / 2")


@pytest.mark.parametrize(
    ("source", "said"),
    [(b"", "is empty"), (b" \n\t", "is empty"), (b"a\0b", "binary"), ("x = 'é'".encode("latin-1"), "not UTF-8 (line 1)"),
     (b"#" * 200_001, "the limit is 200,000"), ("def f(): pass".encode("utf-16"), "binary")],
)  # fmt: skip
def test_what_is_no_python_text_is_refused(source: bytes, said: str, judge_of: JudgeOf) -> None:
    with pytest.raises(AnswerError, match=said.replace("(", r"\(").replace(")", r"\)")):
        judge_of("double").judge(source)


# ---------------------------------------------------------------------------------------------------- misconceptions


@pytest.mark.parametrize(
    ("body", "trap"),
    [
        ("return x * x + x.dtype.type(offset)", "squares"),
        ("return np.square(x) + x.dtype.type(offset)", "squares"),
        ("return np.multiply(x, 2.0) + offset", "always_float"),
        ("y = x.dtype.type(2) * x\nx[...] = y + x.dtype.type(offset)\nreturn x.copy()", "in_place"),
        ("list(x.ravel())[0]\n" + GOOD, "needs_a_first"),
        ("return x * x.dtype.type(3)", None),
        ("return -x", None),
        ("return None", None),
        ("return np.zeros_like(x)", None),
        ("raise IndexError", None),
        ("raise NotImplementedError", None),
        ("if x.ndim == 1: return np.square(x)\n" + GOOD, None),
    ],
)
def test_misconception_is_named_only_where_it_is_one(body: str, trap: str | None, judge_of: JudgeOf) -> None:
    """An answer that behaves like a trap gets the trap's misconception. Any other wrong answer gets none."""
    finding = failed_finding(judge_of("double").judge(doubling(body).encode()))
    assert finding.trap == trap
    assert (finding.misconception is None) == (trap is None)


def test_trap_that_is_only_partly_shared_is_not_named(judge_of: JudgeOf) -> None:
    """The answer behaves like the trap on every case that it fails, but the trap fails many more cases."""
    source = doubling("if x.size == 1 and offset == 3: return x * x + x.dtype.type(3)\n" + GOOD)
    verdict = judge_of("double").judge(source.encode())
    if verdict.verdict != "AC":  # the suite may have no such case
        assert failed_finding(verdict).trap is None


# ------------------------------------------------------------------------------------------------------------ verdicts


def test_levels_stop_at_the_first_that_fails(judge_of: JudgeOf) -> None:
    """Later levels are not judged."""
    verdict = judge_of("double").judge(doubling("return x * x.dtype.type(3)").encode())
    assert {finding.level for finding in verdict.findings} == {1}
    assert verdict.levels == ("right", "apart", "quiet")


def test_only_the_levels_asked_for_are_judged(judge_of: JudgeOf) -> None:
    verdict = judge_of("head").judge(b"def head(x): return x[:x.size // 2].copy()\n", levels=1)
    assert (verdict.verdict, verdict.passed_levels, verdict.levels) == ("AC", 1, ("right",))


FINE = Finding(1, "correct", "passed", "AC", "Right.")


@pytest.mark.parametrize(
    ("findings", "code", "passed"),
    [
        ([FINE], "AC", 1),
        ([FINE, replace(FINE, level=2, outcome="close")], "AC", 2),
        ([FINE, replace(FINE, level=2, outcome="failed", code="TL")], "TL", 1),
        ([FINE, replace(FINE, level=2, outcome="could not check", code="")], "AC", 1),
        ([FINE, replace(FINE, level=2, outcome="could not check", code=""), replace(FINE, level=3)], "AC", 1),
        ([FINE, replace(FINE, outcome="failed", code="IM")], "IM", 0),
        ([replace(FINE, outcome="could not check", code="")], "IE", 0),
        ([], "AC", 0),
    ],
)  # fmt: skip
def test_verdict_follows_from_the_findings(findings: list[Finding], code: str, passed: int) -> None:
    verdict = conclude("q", ("right", "fast", "lean"), findings, output="", seconds=0.1)
    assert (verdict.verdict, verdict.passed_levels) == (code, passed)


def test_verdict_survives_json(judge_of: JudgeOf) -> None:
    for source in (RIGHT["double"], doubling("return -x"), "1 /"):
        verdict = judge_of("double").judge(source.encode())
        assert Verdict.from_dict(json.loads(json.dumps(verdict.to_dict()))) == verdict


def test_same_seed_gives_the_same_verdict(judge_of: JudgeOf) -> None:
    first, second = (judge_of("double").judge(doubling("return -x").encode(), seed=3) for _ in range(2))
    assert replace(first, seconds=0.0) == replace(second, seconds=0.0)


def test_question_is_judged_in_every_tier(
    container_answers: Sandbox, plain_answers: Sandbox, question: Callable[[str], Question]
) -> None:
    """The verdict does not depend on the isolation tier."""
    for sandbox in (container_answers, plain_answers):
        with Judge(question("double"), sandbox) as one:
            assert one.judge(RIGHT["double"].encode()).verdict == "AC"
            wrong = one.judge(doubling("return x * x.dtype.type(3)").encode())
            assert (wrong.verdict, failed_finding(wrong).got) == ("WA", "array([3.])")
            assert one.judge(doubling("import os\nos._exit(0)").encode()).verdict == "RE"
            assert wrong.isolation["tier"] == sandbox.isolation.tier


def test_judging_leaves_nothing_behind(judge_of: JudgeOf, tmp_path: object) -> None:
    """A file that one answer writes does not exist for the next answer."""
    writes = RIGHT["tools"].replace("def table_of", "open('note.txt', 'w').write('x')\ndef table_of")
    reads = "import os\nassert not os.path.exists('note.txt'), 'a note'\n" + RIGHT["tools"]
    assert judge_of("tools").judge(writes.encode()).verdict == "AC"
    assert judge_of("tools").judge(reads.encode()).verdict == "AC"


def test_numbers_of_a_result_are_written_without_their_type(judge_of: JudgeOf) -> None:
    finding = failed_finding(judge_of("draw").judge(b"def pick(x, rng): return x[0] * 0 - 1\n"))
    assert finding.got == "-1"
    assert isinstance(np.int64(-1), np.generic)
