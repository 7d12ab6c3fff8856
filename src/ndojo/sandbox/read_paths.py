"""The folders that a child may read: the standard library and a few packages."""

from __future__ import annotations

import os
import pathlib
import stat
import sys
from collections.abc import Iterable
from types import ModuleType

SITE_FOLDERS = ("site-packages", "dist-packages")


def standard_library() -> str:
    """Return the folder of the standard library."""
    return os.path.dirname(os.path.abspath(os.__file__))


def search_path() -> list[str]:
    """Return the folders of `sys.path` that contain the standard library and its extension modules."""
    root = standard_library()
    return [path for path in sys.path if path == root or os.path.basename(path) == "lib-dynload"]


def hidden() -> list[str]:
    """Return the folders inside the standard library where other packages may be installed."""
    return [os.path.join(standard_library(), name) for name in SITE_FOLDERS]


def packages(omitted: Iterable[str]) -> list[str]:
    """Return the folders and files of the imported packages, including their folders of shared libraries.

    Parameters
    ----------
    omitted
        Names of top-level packages to leave out.
    """
    found: list[str] = []
    for name, module in list(sys.modules.items()):
        if "." not in name and name not in omitted:
            found += _places(module)
    return found


def visible(places: Iterable[str], covered: bool) -> list[str]:
    """Return all paths that a child may read.

    Packages installed inside the standard library must stay hidden. If no mount covers them (`covered`), the other
    entries of the standard library are listed separately, because Landlock has no exceptions inside an allowed folder.
    """
    root = standard_library()
    extra = [path for path in search_path() if path != root and not _within(path, [root])]
    whole = [root] if covered or not any(map(os.path.isdir, hidden())) else _entries(root)
    return [*whole, *extra, *places]


def open_to_others() -> bool:
    """Return whether any user may enter the folders that modules are imported from."""
    folders = {parent for path in sys.path for parent in (path, *_parents(path)) if os.path.isdir(parent)}
    return all(os.stat(folder).st_mode & stat.S_IXOTH for folder in folders)


def _parents(path: str) -> list[str]:
    return [str(parent) for parent in pathlib.PurePath(path).parents]


def _entries(root: str) -> list[str]:
    return [os.path.join(root, name) for name in sorted(os.listdir(root)) if name not in SITE_FOLDERS]


def _places(module: ModuleType) -> list[str]:
    """Return the folder or file of an installed package, and the folder with the libraries of its wheel."""
    file = getattr(module, "__file__", None)
    if not file or _is_standard(file):
        return []
    if not hasattr(module, "__path__"):
        return [file]
    folder = os.path.dirname(file)
    return [path for path in (folder, folder + ".libs") if os.path.isdir(path)]


def _is_standard(file: str) -> bool:
    return _within(file, search_path()) and not _within(file, hidden())


def _within(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(folder + os.sep) for folder in folders)
