"""Every problem with the file or the disk gives a clear message and loses no saved data."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from ndojo.store import Store, StoreError


def keep(store: Store, now: datetime, source: str = "x = 1") -> int:
    return store.keep_answer("softmax", "1", source, "softmax.py", None, now)


def made(path: Path, now: datetime, answers: int = 1, source: str = "x = 1") -> bytes:
    """Create a store with some answers, and return the file's bytes."""
    with Store.open(path) as store:
        for _ in range(answers):
            keep(store, now, source)
    return path.read_bytes()


def in_own_mounts(shell: str, python: str, folder: Path) -> str:
    """Return what `python` prints in separate mounts that `shell` sets up. Works as root and as a user."""
    script = f'{shell} && exec "$PYTHON" -c "$CODE"'
    environment = os.environ | {"PYTHON": sys.executable, "CODE": python, "FOLDER": str(folder)}
    own = ["unshare", "--user", "--map-root-user", "--mount"]
    try:
        subprocess.run([*own, "mount", "-t", "tmpfs", "none", str(folder)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine does not allow separate mounts")
    run = subprocess.run([*own, "sh", "-c", script], env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


KEEP_UNTIL_IT_FAILS = """
import os
from datetime import UTC, datetime
from pathlib import Path
from ndojo.store import Store, StoreError

path = Path(os.environ["FOLDER"]) / "ndojo.sqlite3"
kept = 0
try:
    store = Store.open(path)
    for _ in range(1000):
        store.keep_answer("softmax", "1", "x" * 1000, "a.py", None, datetime.now(UTC))
        kept += 1
except StoreError as problem:
    print(problem)
(path.parent / "ballast").unlink(missing_ok=True)
if kept:
    with Store.open(path) as store:
        print(len(store.answers()) == kept)
"""


def test_full_disk_is_named_and_loses_nothing(tmp_path: Path) -> None:
    """Answers are saved until a disk of 512 KiB is full. All of them are readable afterward."""
    mount = 'mount -t tmpfs -o size=512k none "$FOLDER" && head -c 64k /dev/zero > "$FOLDER/ballast"'
    said = in_own_mounts(mount, KEEP_UNTIL_IT_FAILS, tmp_path)
    assert "The disk is full" in said
    assert said.endswith("True\n")


def test_disk_that_is_full_from_the_start_is_named(tmp_path: Path) -> None:
    """Not even the first table fits."""
    mount = 'mount -t tmpfs -o size=64k none "$FOLDER" && head -c 60k /dev/zero > "$FOLDER/ballast"'
    assert "The disk is full" in in_own_mounts(mount, KEEP_UNTIL_IT_FAILS, tmp_path)


def test_store_that_may_not_grow_is_named(store: Store, now: datetime) -> None:
    """If mounts are not available, SQLite's own limit simulates a full disk."""
    first = keep(store, now)
    store._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match=r"The disk is full.*Free some space.*is safe") as caught:
        keep(store, now, "x" * 100_000)
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    assert [answer.id for answer in store.answers()] == [first]


def test_read_only_disk_is_named(tmp_path: Path, now: datetime) -> None:
    """An existing store on a read-only disk and a missing one give the same message."""
    made(tmp_path / "ndojo.sqlite3", now)
    mount = 'mount --bind "$FOLDER" "$FOLDER" && mount -o remount,bind,ro "$FOLDER"'
    unlink_nothing = KEEP_UNTIL_IT_FAILS.split("(path.parent")[0]
    assert "Make its folder writable" in in_own_mounts(mount, unlink_nothing, tmp_path)
    (tmp_path / "ndojo.sqlite3").unlink()
    assert "Make its folder writable" in in_own_mounts(mount, unlink_nothing, tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_folder_is_named(path: Path) -> None:
    path.parent.mkdir(mode=0o500)
    with pytest.raises(StoreError, match="Make its folder writable"):
        Store.open(path)


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file has the folder's name. This works like a read-only folder, even for root."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Make its folder writable") as caught:
        Store.open(tmp_path / "file" / "folder" / "ndojo.sqlite3")
    assert isinstance(caught.value.__cause__, OSError)


def test_folder_in_the_stores_place_is_named(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(path)


def test_file_that_is_no_store_is_left_as_it_is(path: Path) -> None:
    """The message says where the file is and how to move it."""
    path.parent.mkdir()
    path.write_text("these are notes, not a database\n" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"is damaged or is not an ndojo store.*Move ndojo\.sqlite3") as caught:
        Store.open(path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_damaged_page_is_named_and_left_as_it_is(path: Path, now: datetime) -> None:
    """Damage deep in the file is found when a damaged row is read."""
    whole = made(path, now, answers=50, source="x" * 3000)
    damaged = whole[:8192] + b"\xff" * (len(whole) - 8192)
    path.write_bytes(damaged)
    with pytest.raises(StoreError, match="is damaged"), Store.open(path) as store:
        store.answers()
    assert path.read_bytes() == damaged


def test_truncated_store_is_named(path: Path, now: datetime) -> None:
    whole = made(path, now, answers=50, source="x" * 3000)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError, match="is damaged"), Store.open(path) as store:
        store.answers()


def test_store_begins_again_once_the_damaged_one_is_moved(path: Path, now: datetime) -> None:
    """The steps in the message work."""
    path.parent.mkdir()
    path.write_bytes(b"damaged" * 1000)
    aside = path.parent / "aside"
    aside.mkdir()
    for file in path.parent.glob("ndojo.sqlite3*"):
        file.rename(aside / file.name)
    made(path, now)
    assert (aside / path.name).read_bytes() == b"damaged" * 1000


def test_database_of_another_program_is_refused(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="of another program"):
        Store.open(path)
    assert path.read_bytes() == before


def test_store_of_a_newer_ndojo_is_refused(path: Path, now: datetime) -> None:
    """An older ndojo does not know what the new columns mean."""
    made(path, now)
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer ndojo: its tables have version 99.*Upgrade ndojo"):
        Store.open(path)
    assert path.read_bytes() == before


def test_store_that_is_held_too_long_is_named(path: Path, now: datetime) -> None:
    """Reading still works. Writing waits, and then the message says what blocks it."""
    made(path, now)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Store.open(path, wait_seconds=0.05) as store:
            assert len(store.answers()) == 1
            with pytest.raises(StoreError, match=r"locked .* for more than 0.05 s"):
                keep(store, now)


def test_closed_store_is_named(path: Path, now: datetime) -> None:
    """Wrong use raises a `StoreError` too."""
    with Store.open(path) as store:
        pass
    with pytest.raises(StoreError, match="closed"):
        keep(store, now)
