"""The scripts, the pinned versions and the package metadata agree."""

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = sorted([*(path for path in (ROOT / "script").iterdir() if not path.suffix), ROOT / ".ci" / "run"])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = (ROOT / "constraints.txt").read_text(encoding="utf-8")

# A fake Python: it runs the real one for questions about itself, and logs calls of pip and venv.
FAKE_PYTHON = """#!/usr/bin/env bash
case "$1 $2" in
    "-m venv") mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
    "-m pip") echo "${@:3}" >>"$LOG"; sleep 0.2; touch .venv/bin/ndojo; chmod +x .venv/bin/ndojo ;;
    *) exec "$REAL_PYTHON" "$@" ;;
esac
"""


def executable(path: Path, text: str) -> Path:
    """Write an executable script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that setup needs, in a folder with a space in its name."""
    folder = tmp_path / "a checkout"
    shutil.copytree(ROOT / "script", folder / "script")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


def set_up(checkout: Path, python: Path | str, **more: str) -> subprocess.Popen[str]:
    """Run `script/setup` from another folder."""
    log = str(checkout / "log")
    environment = os.environ | {"PYTHON": str(python), "REAL_PYTHON": sys.executable, "LOG": log} | more
    command = [checkout / "script" / "setup"]
    return subprocess.Popen(command, cwd="/", env=environment, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Return the exit status of a process and its output."""
    told = process.communicate(timeout=60)[1]
    return process.returncode, told


def asked_of_pip(checkout: Path) -> list[str]:
    """Return the calls of pip, one line per call."""
    log = checkout / "log"
    return log.read_text().splitlines() if log.exists() else []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_script_is_sound(script: Path) -> None:
    """The script is executable, bash can parse it, and it stops at the first error."""
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    text = script.read_text()
    assert text.startswith("#!/usr/bin/env bash\n# ")
    assert "set -euo pipefail" in text


@pytest.mark.parametrize("file", [*SCRIPTS, ROOT / "constraints.txt", ROOT / "pyproject.toml"], ids=lambda f: f.name)
def test_file_names_no_host(file: Path) -> None:
    """Where packages come from depends on the machine that installs them."""
    assert not re.search(r"://|\b[\w-]+\.(org|com|io|net|dev)\b|--(extra-|default-)?index\b|/home/", file.read_text())


def test_no_lock_file_is_kept() -> None:
    """Lock files record download addresses."""
    assert not (ROOT / "uv.lock").exists()
    assert not (ROOT / "pylock.toml").exists()


def pins() -> dict[str, str]:
    """Return the text of every pin by package name. A package may have one pin per Python version."""
    found: dict[str, str] = {}
    for block in re.split(r"\n(?=\S)", PINS.strip()):
        name = block.split("==")[0]
        found[name] = found.get(name, "") + block
    return found


def dependencies() -> list[str]:
    """Return the names of all dependencies in pyproject.toml."""
    groups = PROJECT["dependency-groups"]
    extras = PROJECT["project"].get("optional-dependencies", {})
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    asked += [line for lines in (*groups.values(), *extras.values()) for line in lines if isinstance(line, str)]
    return sorted({re.split(r"[\s\[<>=!~;]", line)[0].lower().replace("_", "-") for line in asked} - {"ndojo"})


@pytest.mark.parametrize("dependency", dependencies())
def test_dependency_is_pinned(dependency: str) -> None:
    """Run script/pin after changing pyproject.toml."""
    assert dependency in pins()


def test_every_pin_has_a_hash() -> None:
    assert [name for name, text in pins().items() if "--hash=sha256:" not in text or "==" not in text] == []


def test_every_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    bare = [line for line in lines if re.match(r'\s+"[\w-]+>=', line) and "#" not in line]
    assert bare == []


def test_set_up_installs_pinned_hashes_then_ndojo(checkout: Path) -> None:
    """Every installed package except ndojo itself has its hash in constraints.txt."""
    process = set_up(checkout, executable(checkout / "fake" / "python", FAKE_PYTHON))
    status, told = ended(process)
    assert status == 0, told
    requirements, itself = asked_of_pip(checkout)
    assert "--require-hashes --requirement constraints.txt" in requirements
    assert itself.endswith("install --no-deps --no-build-isolation --editable .")
    assert len(told.splitlines()) == 2


def test_set_up_does_nothing_twice(checkout: Path) -> None:
    """The second run installs nothing, prints nothing and needs no Python. A changed pin installs again."""
    python = executable(checkout / "fake" / "python", FAKE_PYTHON)
    ended(set_up(checkout, python))
    began = time.perf_counter()
    assert ended(set_up(checkout, "no-such-python")) == (0, "")
    assert time.perf_counter() - began < 1  # takes 10 ms on a quiet machine
    assert len(asked_of_pip(checkout)) == 2
    with (checkout / "constraints.txt").open("a") as pins:
        pins.write("# changed\n")
    ended(set_up(checkout, python))
    assert len(asked_of_pip(checkout)) == 4


def test_two_set_ups_at_once_install_once(checkout: Path) -> None:
    """The second run waits for the first and then has nothing to do."""
    python = executable(checkout / "fake" / "python", FAKE_PYTHON)
    both = [set_up(checkout, python) for _ in range(2)]
    assert [ended(process)[0] for process in both] == [0, 0]
    assert len(asked_of_pip(checkout)) == 2


def test_failed_install_is_tried_again(checkout: Path) -> None:
    """A failed install leaves no stamp file."""
    broken = FAKE_PYTHON.replace('echo "${@:3}"', 'exit 1; echo "${@:3}"')
    process = set_up(checkout, executable(checkout / "fake" / "python", broken))
    status, told = ended(process)
    assert status == 1
    assert "pip could not install" in told
    (checkout / ".venv" / "bin" / "python").unlink()
    assert ended(set_up(checkout, executable(checkout / "fake" / "python", FAKE_PYTHON)))[0] == 0
    assert len(asked_of_pip(checkout)) == 2


def test_old_python_is_refused(checkout: Path) -> None:
    """If a Python is given explicitly and is too old, the error says so."""
    process = set_up(checkout, executable(checkout / "fake" / "python3.9", "#!/usr/bin/env bash\nexit 1\n"))
    status, told = ended(process)
    assert status == 1
    assert "is not Python 3.11 or later" in told
    assert not (checkout / ".venv").exists()


def test_machine_without_python_is_told_what_to_do(checkout: Path) -> None:
    tools = checkout / "tools"
    tools.mkdir()
    for name in ("bash", "env", "dirname", "cksum"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    process = set_up(checkout, "", PATH=str(tools))
    status, told = ended(process)
    assert status == 1
    assert "found no Python 3.11 or later" in told


def test_python_without_ensurepip_names_the_package(checkout: Path) -> None:
    """Debian has the files that create virtual environments in a separate package."""
    without = '#!/usr/bin/env bash\n[[ $2 != *ensurepip* ]] && exec "$REAL_PYTHON" "$@"\n'
    process = set_up(checkout, executable(checkout / "fake" / "python", without))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    status, told = ended(process)
    assert status == 1
    assert f"apt-get install python{version}-venv" in told


def test_ci_runs_what_a_developer_runs() -> None:
    """`.ci/run` only runs script/test."""
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1].endswith('/../script/test"')


def test_classifiers_name_the_pythons_that_ci_tests() -> None:
    classified = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["project"]["classifiers"]))
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    assert f"python: {str(classified).replace(chr(39), chr(34))}" in workflow
    assert PROJECT["project"]["requires-python"] == f">={classified[0]}"
