"""Imports go one way, from the faces down to the questions."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ndojo.question

SOURCE = Path(__file__).parents[1] / "src" / "ndojo"

# Layer: what it may import besides itself. `version` is ndojo/__init__.py, which imports nothing before `%load_ext`
# asks it for the face in the notebook.
ALLOWED = {
    "version": {"faces"},
    "question": {"version"},
    "bank": {"question"},
    "judge": {"version", "question"},
    "study": {"version", "question", "judge"},
    "store": set(),
    "gym": {"version", "question", "judge", "study", "store"},
    "faces": {"version", "gym"},
    "server": {"version", "question", "judge", "study", "store", "gym", "faces"},
}

# These run beside the answer, inside the child, where no question may be.
INSIDE_THE_CHILD = ("judge/sandbox", "judge/wire.py", "judge/driver.py")

NUMPY_ALONE = ("question", "bank")


def imported(path: Path, root: Path) -> Iterator[tuple[int, str]]:
    """Each module that a file imports at any depth, with the line; `from a import b` gives `a.b`."""
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
    """The layer of a module of ndojo: `ndojo.judge.wire` is of `judge`, `ndojo.__version__` of `version`."""
    name = module.split(".")[1] if "." in module else "version"
    return name if name in ALLOWED else "version"


MAY_BE_ALLOWED = {"numba", "scipy"}
"""What a question may allow its answers, and so use in one of its own where it is installed."""


def layer_of_file(path: Path, root: Path) -> str:
    """The layer that a file belongs to; `__main__` only starts a face."""
    name = path.relative_to(root).parts[0].removesuffix(".py")
    return {"__init__": "version", "__main__": "server"}.get(name, name)


def complaints(path: Path, root: Path) -> Iterator[str]:
    """What is wrong with one file's imports, in sentences."""
    where, layer = path.relative_to(root).as_posix(), layer_of_file(path, root)
    if layer not in ALLOWED:
        yield f"{where}: `{layer}` is no layer; add it to ALLOWED in tests/test_imports.py."
        return
    allowed = ALLOWED[layer] | {layer}
    if where.startswith(INSIDE_THE_CHILD):
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
    """What is wrong with the imports of every file below a folder."""
    return [complaint for path in sorted(root.rglob("*.py")) for complaint in complaints(path, root)]


def test_imports_go_one_way() -> None:
    """No file imports from a layer above its own, or around the gym."""
    assert not all_complaints(SOURCE), "\n".join(all_complaints(SOURCE))


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("question/values.py", "from ndojo.judge import judge"),
        ("question/values.py", "import scipy"),
        ("question/values.py", "def f():\n    from ndojo import gym"),
        ("bank/memory/views.py", "import ndojo.judge"),
        ("bank/memory/views.py", "from ...store import Store"),
        ("judge/deep/er.py", "from ... import study"),
        ("judge/sandbox/child.py", "from ndojo.question import Question"),
        ("judge/wire.py", "from ..question import Question"),
        ("judge/driver.py", "import ndojo.question.records"),
        ("study/schedule.py", "from ndojo.store import Store"),
        ("store/sqlite.py", "from ndojo.question import Question"),
        ("store/sqlite.py", "from ndojo import __version__"),
        ("gym/sitting.py", "import importlib\nimportlib.import_module('ndojo.faces.cli')"),
        ("faces/cli.py", "from ndojo.judge import judge"),
        ("faces/web.py", "if True:\n    import ndojo.store"),
        ("extras/new.py", "import os"),
    ],
)
def test_import_the_other_way_is_caught(tmp_path: Path, file: str, code: str) -> None:
    """Planted at the top, in a function, relative or by name, it is found and named with its file."""
    planted = tmp_path / file
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(code)
    (complaint,) = all_complaints(tmp_path)
    assert complaint.startswith(file)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("question/values.py", "import math\nimport numpy as np\nfrom . import records"),
        ("judge/verify.py", "from ndojo.question import Question\nfrom .verdict import Verdict"),
        ("gym/sitting.py", "from ndojo.store import Store\nfrom ndojo.judge import judge"),
        ("faces/cli.py", "import click\nfrom ndojo import __version__, gym"),
        ("__main__.py", "from ndojo.faces.cli import main"),
    ],
)
def test_import_down_is_allowed(tmp_path: Path, file: str, code: str) -> None:
    planted = tmp_path / file
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(code)
    assert all_complaints(tmp_path) == []


@pytest.mark.parametrize("module", ["ndojo.faces.cli", "ndojo.gym", "ndojo.question", "ndojo.question.loading"])
def test_numpy_waits_until_it_is_needed(module: str) -> None:
    """Importing it would cost more time than `ndojo list` may take."""
    code = f"import sys, {module}; print('numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False"]


def test_every_word_of_the_vocabulary_can_be_imported() -> None:
    """Each from the module that it is said to lie in; nothing else is offered."""
    assert set(ndojo.question.__all__) == set(ndojo.question._HOMES) <= set(dir(ndojo.question))
    assert all(hasattr(ndojo.question, word) for word in ndojo.question.__all__)
    with pytest.raises(ImportError):
        from ndojo.question import numpy  # noqa: F401


def test_every_name_of_the_gym_can_be_imported() -> None:
    """Each from the module that it lies in, which is imported only then; what a type checker sees is what there is."""
    import ndojo.gym

    tree = ast.parse((SOURCE / "gym" / "__init__.py").read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == ndojo.gym._HOMES and set(seen) == set(ndojo.gym.__all__)
    assert all(hasattr(ndojo.gym, name) for name in seen)
