"""Imports go in one direction: from the user interfaces down to the questions."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ndojo.question

SOURCE = Path(__file__).parents[1] / "src" / "ndojo"

# Each layer with the other layers that it may import. `version` is ndojo/__init__.py, which imports nothing until
# `%load_ext` makes it import the notebook layer.
JUDGING = {"version", "question", "sandbox", "calls", "checks", "measure", "judge"}
ALLOWED = {
    "version": {"notebook"},
    "question": {"version"},
    "bank": {"question"},
    "sandbox": {"version"},
    "calls": {"version", "question", "sandbox"},
    "checks": {"version", "question", "calls"},
    "measure": {"version", "question", "sandbox", "calls", "checks"},
    "judge": JUDGING,
    "proof": JUDGING,
    "study": {"version", "question"},
    "store": set(),
    "practice": JUDGING | {"proof", "study", "store"},
    "cli": {"version", "practice"},
    "notebook": {"version", "practice", "cli"},
    "web": {"version", "practice"},
    "start": {"cli"},
}

# These modules run next to the answer, inside the sandbox, which must not contain any question.
INSIDE_THE_SANDBOX, OUTSIDE_IT = ("sandbox/", "calls/"), "calls/client.py"

NUMPY_ALONE = ("question", "bank")


def imported(path: Path, root: Path) -> Iterator[tuple[int, str]]:
    """Yield each module that a file imports at any depth, with its line. `from a import b` gives `a.b`."""
    package = ("ndojo", *path.relative_to(root).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else ()
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{start}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            names = [value.value for value in node.args[:1] if isinstance(value, ast.Constant)]
            yield from ((node.lineno, str(name)) for name in names)


def layer_of(module: str) -> str:
    """Return the layer of a module of ndojo. `ndojo.calls.wire` is in `calls`, and `ndojo.__version__` in `version`."""
    name = module.split(".")[1] if "." in module else "version"
    return name if name in ALLOWED else "version"


MAY_BE_ALLOWED = {"numba", "scipy"}
"""Packages that a question may allow in answers. Its own answers may import them too, if they are installed."""


def layer_of_file(path: Path, root: Path) -> str:
    """Return the layer of a file. `__main__` only starts the command line."""
    name = path.relative_to(root).parts[0].removesuffix(".py")
    return {"__init__": "version", "__main__": "start"}.get(name, name)


def complaints(path: Path, root: Path) -> Iterator[str]:
    """Return what is wrong with one file's imports, as sentences."""
    where, layer = path.relative_to(root).as_posix(), layer_of_file(path, root)
    if layer not in ALLOWED:
        yield f"{where}: `{layer}` is no layer; add it to ALLOWED in tests/test_imports.py."
        return
    allowed = ALLOWED[layer] | {layer}
    if where.startswith(INSIDE_THE_SANDBOX) and where != OUTSIDE_IT:
        allowed -= {"question"}
    for line, module in imported(path, root):
        top = module.split(".")[0]
        if top == "ndojo" and layer_of(module) not in allowed:
            yield f"{where}:{line}: `{layer}` may not import `{module}`, only {', '.join(sorted(allowed))}."
        elif layer == "bank" and top in MAY_BE_ALLOWED:
            continue
        elif layer in NUMPY_ALONE and top not in {"ndojo", "numpy"} | sys.stdlib_module_names:
            yield f"{where}:{line}: `{layer}` may import of third parties NumPy alone, not `{top}`."


def all_complaints(root: Path) -> list[str]:
    """Return what is wrong with the imports of every file below a folder."""
    return [complaint for path in sorted(root.rglob("*.py")) for complaint in complaints(path, root)]


def test_imports_go_one_way() -> None:
    """No file imports from a layer above its own, or bypasses `practice`."""
    assert not all_complaints(SOURCE), "\n".join(all_complaints(SOURCE))


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("question/values.py", "from ndojo.judge import judge"),
        ("question/values.py", "import scipy"),
        ("question/values.py", "def f():\n    from ndojo import practice"),
        ("bank/memory/views.py", "import ndojo.judge"),
        ("bank/memory/views.py", "from ...store import Store"),
        ("measure/deep/er.py", "from ... import study"),
        ("measure/speed.py", "from ndojo.judge.judge import Judge"),
        ("checks/compare.py", "import ndojo.measure"),
        ("calls/client.py", "from ndojo.checks.suite import Suite"),
        ("judge/judge.py", "from ndojo.proof.verify import verify"),
        ("sandbox/child.py", "from ndojo.question import Question"),
        ("calls/pack.py", "from ..question import Question"),
        ("calls/worker.py", "import ndojo.question.records"),
        ("study/schedule.py", "from ndojo.store import Store"),
        ("store/sqlite.py", "from ndojo.question import Question"),
        ("store/sqlite.py", "from ndojo import __version__"),
        ("practice/session.py", "import importlib\nimportlib.import_module('ndojo.cli')"),
        ("cli/app.py", "from ndojo.judge import judge"),
        ("cli/app.py", "from ndojo import notebook"),
        ("web/app.py", "if True:\n    import ndojo.store"),
        ("extras/new.py", "import os"),
    ],
)
def test_import_the_other_way_is_caught(tmp_path: Path, file: str, code: str) -> None:
    """An import added at the top, in a function, relative or by name is reported with its file."""
    planted = tmp_path / file
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(code)
    (complaint,) = all_complaints(tmp_path)
    assert complaint.startswith(file)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("question/values.py", "import math\nimport numpy as np\nfrom . import records"),
        ("calls/client.py", "from ndojo.question.records import Question\nfrom .wire import Reader"),
        ("proof/verify.py", "from ndojo.question import Question\nfrom ndojo.judge.verdict import Verdict"),
        ("practice/session.py", "from ndojo.store import Store\nfrom ndojo.judge import judge"),
        ("cli/app.py", "import click\nfrom ndojo import __version__, practice"),
        ("__main__.py", "from ndojo.cli import main"),
    ],
)
def test_import_down_is_allowed(tmp_path: Path, file: str, code: str) -> None:
    planted = tmp_path / file
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(code)
    assert all_complaints(tmp_path) == []


@pytest.mark.parametrize("module", ["ndojo.cli", "ndojo.practice.catalog", "ndojo.question", "ndojo.question.loading"])
def test_numpy_waits_until_it_is_needed(module: str) -> None:
    """Importing NumPy would take more time than `ndojo list` may take."""
    code = f"import sys, {module}; print('numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False"]


def test_every_word_of_the_vocabulary_can_be_imported() -> None:
    """Each name comes from its documented module, and no other names are exported."""
    assert set(ndojo.question.__all__) <= set(dir(ndojo.question))
    assert all(hasattr(ndojo.question, word) for word in ndojo.question.__all__)
    with pytest.raises(ImportError):
        from ndojo.question import numpy  # noqa: F401


def test_every_module_of_practice_can_be_reached_through_it() -> None:
    """`practice.NAME` imports the module NAME at its first use. No other names are available."""
    import ndojo.practice

    files = {path.stem for path in (SOURCE / "practice").glob("*.py")}
    assert set(ndojo.practice.__all__) <= files
    assert all(getattr(ndojo.practice, name).__name__ == f"ndojo.practice.{name}" for name in ndojo.practice.__all__)
    with pytest.raises(AttributeError, match="no attribute 'tomorrow'"):
        _ = ndojo.practice.tomorrow
