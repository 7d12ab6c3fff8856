"""Scratch folders on an ordinary file system, for tiers that cannot mount one."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from itertools import count

FOLDER = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Scratch:
    """A folder of scratch folders, held open so that no later link can redirect it."""

    def __init__(self) -> None:
        self.path = tempfile.mkdtemp(prefix="ndojo-")
        # Searchable, because a child that runs as another user must reach its own.
        os.chmod(self.path, 0o711)
        self._folder = os.open(self.path, FOLDER)

    def make(self, name: str, owner: int | None = None) -> str:
        """A new empty folder, handed to `owner` before anything runs in it."""
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
    """Remove `name` from the folder open as `parent`, following no link.

    Folders within folders are moved up before they are emptied, so that no depth of nesting exhausts the
    stack, the length of paths or the descriptors.
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
    """Unlink the files of a folder, and move its folders up to fresh names, which are returned."""
    moved = []
    for entry in os.listdir(folder):
        if not _is_folder(folder, entry):
            os.unlink(entry, dir_fd=folder)
            continue
        # A folder can only be moved by someone who may write it.
        os.close(_open_by_force(folder, entry))
        moved.append(next(names))
        os.rename(entry, moved[-1], src_dir_fd=folder, dst_dir_fd=parent)
    return moved


def _is_folder(parent: int, name: str) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)


def _open_by_force(parent: int, name: str) -> int:
    """Open a folder of ours, regardless of the rights its child left on it."""
    handle = os.open(name, os.O_PATH | FOLDER, dir_fd=parent)
    try:
        # Through the handle, so that a link put in the folder's place meanwhile is not followed.
        os.chmod(f"/proc/self/fd/{handle}", 0o700)
        return os.open(f"/proc/self/fd/{handle}", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(handle)
