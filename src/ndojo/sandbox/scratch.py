"""Scratch folders on an ordinary file system, for tiers that cannot mount a file system."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from itertools import count

FOLDER = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Scratch:
    """A folder of scratch folders. It stays open, so a link that replaces it later has no effect."""

    def __init__(self) -> None:
        self.path = tempfile.mkdtemp(prefix="ndojo-")
        # A child that runs as another user must be able to enter its own scratch folder.
        os.chmod(self.path, 0o711)
        self._folder = os.open(self.path, FOLDER)

    def make(self, name: str, owner: int | None = None) -> str:
        """Create an empty folder that belongs to `owner`, and return its path."""
        os.mkdir(name, 0o700, dir_fd=self._folder)
        if owner is not None:
            os.chown(name, owner, owner, dir_fd=self._folder, follow_symlinks=False)
        return os.path.join(self.path, name)

    def remove(self, name: str) -> None:
        """Remove one scratch folder and everything its child left in it."""
        remove_tree(self._folder, name)

    def close(self) -> None:
        """Remove everything."""
        for name in os.listdir(self._folder):
            remove_tree(self._folder, name)
        os.close(self._folder)
        os.rmdir(self.path)


def remove_tree(parent: int, name: str) -> None:
    """Remove `name` from the folder that is open as `parent`, without following links.

    Nested folders are moved up before they are emptied. Deep nesting therefore cannot exhaust the stack, the maximum
    path length or the file descriptors.
    """
    waiting, numbers = [name], count()
    while waiting:
        current = waiting.pop()
        if not _is_folder(parent, current):
            os.unlink(current, dir_fd=parent)
            continue
        folder = _open_by_force(parent, current)
        try:
            waiting += _empty(parent, folder, (f"{name}.{number}" for number in numbers))
        finally:
            os.close(folder)
        os.rmdir(current, dir_fd=parent)


def _empty(parent: int, folder: int, names: Iterator[str]) -> list[str]:
    """Delete the files of a folder, move its folders up into `parent`, and return their new names."""
    moved = []
    for entry in os.listdir(folder):
        if not _is_folder(folder, entry):
            os.unlink(entry, dir_fd=folder)
            continue
        # Moving a folder requires permission to write to it.
        os.close(_open_by_force(folder, entry))
        moved.append(next(names))
        os.rename(entry, moved[-1], src_dir_fd=folder, dst_dir_fd=parent)
    return moved


def _is_folder(parent: int, name: str) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)


def _open_by_force(parent: int, name: str) -> int:
    """Open a folder, regardless of the permissions that the child set on it."""
    handle = os.open(name, os.O_PATH | FOLDER, dir_fd=parent)
    try:
        # By its handle, so that a link that replaces the folder in the meantime is not followed.
        os.chmod(f"/proc/self/fd/{handle}", 0o700)
        return os.open(f"/proc/self/fd/{handle}", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(handle)
