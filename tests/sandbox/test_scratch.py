"""Cleaning up after a child removes only what the child left in its folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ndojo.sandbox.scratch import Scratch, remove_tree


def remove(folder: Path) -> None:
    """Remove a folder as the trusted side does."""
    parent = os.open(folder.parent, os.O_RDONLY)
    try:
        remove_tree(parent, folder.name)
    finally:
        os.close(parent)


def test_links_are_removed_and_not_followed(tmp_path: Path) -> None:
    """The target of a link remains."""
    outside, box = tmp_path / "outside", tmp_path / "box"
    outside.mkdir()
    (outside / "precious").write_text("x")
    (box / "folder").mkdir(parents=True)
    (box / "link").symlink_to(outside)
    (box / "folder" / "link").symlink_to(outside / "precious")
    os.link(outside / "precious", box / "hard")
    remove(box)
    assert not box.exists()
    assert (outside / "precious").read_text() == "x"


@pytest.fixture
def memory_path(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, if the system has one. Thousands of folders are slow on some disks."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


def test_deep_folders_are_removed(memory_path: Path) -> None:
    """Folders nested deeper than the recursion limit are removed."""
    box = memory_path / "box"
    box.mkdir()
    folder = os.open(box, os.O_RDONLY)
    # Deeper than Python's recursion limit of 1000.
    for _ in range(1500):
        os.mkdir("d", dir_fd=folder)
        deeper = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = deeper
    os.close(folder)
    remove(box)
    assert os.listdir(memory_path) == []


def test_locked_folders_are_removed(tmp_path: Path) -> None:
    """Folders without any permissions are removed too."""
    box = tmp_path / "box"
    (box / "locked" / "inner").mkdir(parents=True)
    (box / "locked" / "file").write_text("x")
    os.chmod(box / "locked" / "inner", 0)
    os.chmod(box / "locked", 0)
    os.chmod(box, 0)
    remove(box)
    assert os.listdir(tmp_path) == []


def test_link_in_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """If a link replaced a scratch folder, only the link is removed."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "box").symlink_to(outside)
    remove(tmp_path / "box")
    assert os.listdir(tmp_path) == ["outside"]


def test_closing_removes_everything() -> None:
    """All scratch folders are removed with their parent folder."""
    scratch = Scratch()
    Path(scratch.make("0"), "file").write_text("x")
    scratch.make("1")
    scratch.remove("0")
    scratch.close()
    assert not os.path.exists(scratch.path)
