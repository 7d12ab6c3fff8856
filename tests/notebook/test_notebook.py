"""ndojo in a real notebook with a real kernel: what it shows, what it saves, and that hostile output is harmless."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from ndojo.checks.finding import Finding
from ndojo.cli.screen import Screen
from ndojo.cli.verdict import verdict_lines
from ndojo.judge.verdict import Verdict
from ndojo.notebook.views import VerdictView, escaped
from ndojo.practice.session import Checked

SLUG = "sliding-windows"
RIGHT = (
    "import numpy as np\n\n\ndef sliding_window(x, w):\n    if not 1 <= w <= x.size:\n        raise ValueError(w)\n"
    "    return np.lib.stride_tricks.sliding_window_view(x, w)\n"
)
HOSTILE = "<script>alert('x')</script><img src=x onerror=\"alert(1)\">&lt; $x$ \x1b[31m ]]> --> </section></pre>"
VOID = {"br"}


class Page(HTMLParser):
    """A parsed piece of HTML: its elements, its text, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said += f" {data}"


def words(text: str) -> list[str]:
    """Return the words without symbols and layout."""
    return re.findall(r"[\w.()\[\],]+", text)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run cells in a kernel of this Python and return what each cell shows."""
    monkeypatch.setenv("NDOJO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    kernel = tmp_path / "kernels" / "here"
    kernel.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "here", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))

    def execute(*cells: str, **options: Any) -> list[dict[str, Any]]:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        options |= {"resources": {"metadata": {"path": str(tmp_path)}}}
        client = NotebookClient(notebook, timeout=60, kernel_name="here", **options)
        client.execute()
        nbformat.validate(notebook)
        return [_shown(cell.outputs) for cell in notebook.cells]

    return execute


def _shown(outputs: list[Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"stream": "".join(output.text for output in outputs if output.output_type == "stream")}
    for output in outputs:
        shown |= dict(output.get("data", {}))
    return shown


def test_notebook_judges_shows_and_keeps(run: Any, tmp_path: Path) -> None:
    """A whole session: the question, a wrong and a right answer, no names defined in the notebook, and the history."""
    cells = [
        "%load_ext ndojo", f"%question {SLUG}", f"%%answer {SLUG}\ndef sliding_window(x, w):\n    return x[:w]",
        f"%%answer {SLUG}\n{RIGHT}", "print('sliding_window' in globals(), _.record['verdict'])",
        f"%%answer {SLUG} --levels 1 --no-store\n{RIGHT}", "!ndojo history",
    ]  # fmt: skip
    cells[-1] = f"!{sys.executable} -m ndojo history"
    _, asked, wrong, right, names, limited, history = run(*cells)
    assert "each row is a window" in Page(asked["text/html"]).said and f"%%answer {SLUG}" in asked["text/plain"]
    assert "wrong shape or dtype (WT)" in wrong["text/html"] and "0 of 3 levels passed" in wrong["text/html"]
    assert "accepted (AC)" in right["text/html"] and "accepted (AC)" in right["text/plain"]
    assert names["stream"] == "False AC\n"
    assert "1 of 1 level passed" in limited["text/html"]
    assert history["stream"].count(SLUG) == 2


def test_misuse_is_a_sentence(run: Any) -> None:
    """The notebook shows no traceback. A notebook that runs as a whole stops there."""
    shown = run(
        "%load_ext ndojo", "%question sliding-window", "%%answer\nx", f"%%answer {SLUG} --levels 0\nx",
        f"%%answer {SLUG} 'x\nx", f"%%answer {SLUG}\n   ", "%%answer copy-or-viewx\nx", allow_errors=True,
    )  # fmt: skip
    says = [
        "Did you mean sliding-windows",
        "SLUG",
        "1 or greater",
        "No closing quotation",
        "is empty",
        "Did you mean copy-or-view?",
    ]
    for one, text in zip(shown[1:], says, strict=True):
        assert "UsageError: ndojo: " in one["stream"] and text in one["stream"] and "Traceback" not in one["stream"]


def test_extension_can_be_loaded_again_and_unloaded(run: Any) -> None:
    """Unloading the extension stops its sandbox."""
    children = "from pathlib import Path; import os\n" + (
        "print(sum(f') S {os.getpid()} ' in p.read_text() for p in Path('/proc').glob('[0-9]*/stat')))"
    )
    shown = run(
        "%load_ext ndojo", "%reload_ext ndojo", children, f"%%answer {SLUG}\n{RIGHT}", children, "%unload_ext ndojo",
        "print(get_ipython().find_magic('answer', 'cell'))", children,
    )  # fmt: skip
    assert "accepted" in shown[3]["text/plain"] and shown[6]["stream"] == "None\n"
    assert shown[2]["stream"] == shown[7]["stream"] == "0\n" < shown[4]["stream"]


def test_exported_notebook_runs(run: Any, tmp_path: Path) -> None:
    """A question exported from the terminal to a notebook is judged there again."""
    (tmp_path / "sliding_windows.py").write_text(RIGHT)
    for arguments in (["check", "sliding_windows.py"], ["export", "sliding_windows.ipynb"]):
        subprocess.run([sys.executable, "-m", "ndojo", *arguments], cwd=tmp_path, check=True, capture_output=True)
    notebook = nbformat.read(tmp_path / "sliding_windows.ipynb", as_version=4)
    NotebookClient(notebook, timeout=60, kernel_name="here").execute()
    (verdict,) = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert "accepted (AC)" in verdict.data["text/html"]


def test_hostile_answer_is_shown_as_text(run: Any) -> None:
    """What an answer prints, raises or returns never becomes an HTML element."""
    head = f"%%answer {SLUG}\ndef sliding_window(x, w):\n"
    printed = f"{head}    print({HOSTILE!r})\n    return {HOSTILE!r}"
    raised = f"{head}    raise RuntimeError({HOSTILE!r})"
    for one in run("%load_ext ndojo", printed, raised)[1:]:
        page = Page(one["text/html"])
        assert {tag for tag, _ in page.elements}.isdisjoint({"script", "img"}) and "<script>" in page.said
        assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
        assert "\x1b" not in one["text/html"]


# ------------------------------------------------------------------------------------------------------------ the view


def view(
    *findings: Finding, output: str = "", tier: str = "full", trouble: str = "", code: str | None = None
) -> VerdictView:
    """Return the view of a verdict made from these findings."""
    code = code or next((one.code for one in findings if one.outcome == "failed"), "AC")
    isolation = {"tier": tier, "note": "Nothing is walled off."}
    verdict = Verdict(SLUG, code, 0, ("right", "no copy"), findings, output, 0.25, isolation, 12)
    levels = (("right", ""), ("no copy", "Now without copying."))
    return VerdictView(Checked(verdict, "Sliding windows", levels, None, 1, trouble))


FAILED = Finding(
    1, "correct", "failed", "WA", "The result differs.\nIn two places.", example="f(1)", expected="array([1])",
    got="array([2])", trace="line 3", misconception="A slice is a view.", trap="copies_it", advice="Look again.",
)  # fmt: skip
VIEWS = {
    "failed": view(FAILED, output="printed"),
    "accepted": view(Finding(1, "correct", "passed", "AC", "")),
    "internal": view(
        Finding(1, "correct", "could not check", "IE", "ndojo itself broke.", trace="Traceback"), code="IE"
    ),
    "could not tell": view(Finding(2, "speed", "could not check", "", "The machine was busy.", figures={"ratio": 1})),
    "not measured": view(Finding(2, "speed", "could not check", "", "Not measured yet.")),
    "plain": view(FAILED, tier="plain"),
    "partial": view(FAILED, tier="partial"),
    "not kept": view(FAILED, trouble="The disk is full."),
}


@pytest.mark.parametrize("name", VIEWS)
def test_html_says_all_that_the_terminal_says(name: str) -> None:
    """The HTML is valid and has the same words. The text version is what the terminal shows."""
    one = VIEWS[name]
    page = Page(one._repr_html_())
    lines = verdict_lines(Screen(), one.record, one.checked.levels, one.checked.title)
    missing = set(words("\n".join(lines))) - set(words(page.said))
    assert not missing
    assert repr(one).startswith("\n".join(lines)) and (
        one.checked.trouble in page.said and one.checked.trouble in repr(one)
    )


@pytest.mark.parametrize(
    "field", ["message", "example", "expected", "got", "trace", "misconception", "trap", "advice", "requirement"]
)
def test_every_field_is_escaped(field: str) -> None:
    """An answer can control the contents of each field."""
    finding = Finding(**(vars(FAILED) | {field: HOSTILE}))
    for one in (view(finding), view(FAILED, output=HOSTILE), view(FAILED, trouble=HOSTILE)):
        page = Page(one._repr_html_())
        assert {tag for tag, _ in page.elements}.isdisjoint({"script", "img"}) and "\x1b" not in one._repr_html_()
        assert "alert" in page.said


def test_escaping_keeps_what_can_be_read() -> None:
    """Control sequences and invalid characters are replaced."""
    assert html.unescape(escaped("a<b>&\"'\n\tπ")) == "a<b>&\"'\n\tπ"
    assert escaped("\x00\x1b\ud800\x9b") == "\ufffd" * 4


@pytest.mark.parametrize("name", VIEWS)
def test_html_can_be_heard_and_reached(name: str) -> None:
    """The HTML has a label, the table has headers, and scrollable blocks can get the keyboard focus."""
    page = Page(VIEWS[name]._repr_html_())
    assert page.elements[0][0] == "section" and page.elements[0][1]["aria-label"].startswith("Verdict: ")
    assert all("scope" in attributes for tag, attributes in page.elements if tag == "th")
    assert all(
        attributes["tabindex"] == "0" and attributes["aria-label"] for tag, attributes in page.elements if tag == "pre"
    )
    assert "caption" in {tag for tag, _ in page.elements}


def luminance(color: str) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_badges_stand_out_by_day_and_by_night() -> None:
    """Contrast with the text is 4.5:1 or more, and contrast with white and dark pages is 3:1 or more."""
    shown = {one for view in VIEWS.values() for one in re.findall(r"background: (#\w{6})", view._repr_html_())}
    assert len(shown) == 4
    for color in shown:
        own = luminance(color) + 0.05
        assert 1.05 / own >= 4.5 and own / (luminance("#1e1e1e") + 0.05) >= 3


# ---------------------------------------------------------------------------------------------------------- the package


def test_extension_without_ipython_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['IPython'] = None\n"
        "import ndojo\n"
        "try: ndojo.load_ipython_extension(None)\n"
        "except ImportError as problem: print(problem)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "The notebook magics require IPython. Install it with: pip install 'ndojo[notebook]'\n"


def test_importing_ndojo_imports_nothing_of_it() -> None:
    """Only users who load the extension pay its import time."""
    code = "import sys, ndojo; print([name for name in sys.modules if name.startswith(('ndojo', 'IPython', 'numpy'))])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "['ndojo']\n"
