"""A copy of ndojo with a small bank of the tests' own, run as a user runs it."""

from __future__ import annotations

import compileall
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
GOLDEN = ROOT / "tests" / "golden" / "cli"

RIGHT = "def every_other(x):\n    return x[::2]\n"
COPIES = "import numpy as np\n\n\ndef every_other(x):\n    return x[np.arange(0, x.size, 2)]\n"
WRONG = "def every_other(x):\n    return x[1::2]\n"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the package with the tests' bank, compiled and with its index, as an installed one is."""
    folder = tmp_path_factory.mktemp("package")
    copy = folder / "ndojo"
    shutil.copytree(ROOT / "src" / "ndojo", copy, ignore=shutil.ignore_patterns("__pycache__", "bank"))
    shutil.copytree(HERE / "bank", copy / "bank", ignore=shutil.ignore_patterns("__pycache__"))
    code = "from ndojo.question import loading; loading.write_index()"
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(folder)}, check=True)
    compileall.compile_dir(copy, quiet=1)
    return folder


@pytest.fixture
def environment(package: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of a user whose data lies in the test's own folder."""
    dropped = ("NO_COLOR", "COLUMNS", "NDOJO_TIER", "PYTHONIOENCODING", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"PYTHONPATH": str(package), "NDOJO_DATA": str(tmp_path / "data"), "TERM": "xterm-256color"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder that the learner works in."""
    made = tmp_path / "work"
    made.mkdir()
    return made


@pytest.fixture
def command() -> list[str]:
    """What starts ndojo."""
    return [sys.executable, "-m", "ndojo.faces.cli"]


@pytest.fixture
def run(environment: dict[str, str], folder: Path, command: list[str]) -> Run:
    """Run one command as a user does, away from a terminal."""

    def once(*arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *arguments], env=environment | more, cwd=folder, input=stdin, capture_output=True, text=True,
            timeout=60, encoding="utf-8", errors="replace",
        )  # fmt: skip

    return once


@pytest.fixture
def answer(folder: Path) -> Callable[[str], Path]:
    """Write an answer to the question every-other."""

    def write(source: str, name: str = "every_other.py") -> Path:
        path = folder / name
        path.write_text(source)
        return path

    return write


def normalised(text: str, *folders: Path) -> str:
    """A screen without what differs from run to run and from machine to machine."""
    for folder in folders:
        text = text.replace(str(folder), "FOLDER")
    text = re.sub(r"\b\d+ ms\b", "N ms", text)
    text = re.sub(r"\b\d+\.\d s\b", "N s", text)
    text = re.sub(r"walled off .*|NO WALLS.*|SOME WALLS.*", "ISOLATION", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "DATE TIME", text)
    text = re.sub(r"^(. [\w-]+ .*\d) +\d+\.\d  (holds|\d+ problem)", r"\1   SEC  \2", text, flags=re.M)
    return re.sub(r"ndojo \d+\.\d+\.\d+", "ndojo VERSION", text)


@pytest.fixture
def golden(package: Path, tmp_path: Path) -> Callable[[str, str], None]:
    """Hold a screen against the one that is kept; NDOJO_GOLDEN=write keeps it anew, to be read in the diff."""

    def compare(text: str, name: str) -> None:
        path, now = GOLDEN / name, normalised(text, package, tmp_path)
        if os.environ.get("NDOJO_GOLDEN") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(now, encoding="utf-8")
        assert now == path.read_text(encoding="utf-8")

    return compare
