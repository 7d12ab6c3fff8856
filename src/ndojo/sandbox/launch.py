"""How the sandbox's own interpreters are started: clean, and without the judge's settings."""

from __future__ import annotations

import importlib.util
import os
import sys

import ndojo
from ndojo.sandbox.errors import SandboxUnavailable

# Set before Python starts, because the libraries read them once.
SETTINGS = {
    "LANG": "C.UTF-8",
    # A pool of threads would not survive a fork, and makes the first call 4 times slower.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # Steady timings: memory that was freed once is kept for the next array.
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "268435456",
    "NUMPY_MADVISE_HUGEPAGE": "0",
}
# Without these, some systems cannot start a program at all.
KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP")

START = "import sys; sys.path += {folders!r}; {first}from {module} import main; main()"
# What the standard library does after a fork resets locks that other threads held. The zygote has no other threads, and
# the hooks write to 130 pages in every child. Only `random` is seeded again by one: a child does that itself.
WITHOUT_FORK_HOOKS = "import os; os.register_at_fork = lambda **hooks: None; "


def command(module: str, argument: str) -> list[str]:
    """The command that runs `main()` of one of this package's modules with one argument."""
    first = WITHOUT_FORK_HOOKS if module == "zygote" else ""
    start = START.format(folders=_folders(), first=first, module=f"ndojo.sandbox.{module}")
    return [sys.executable, "-I", "-S", "-X", "utf8", *_caching(), "-c", start, argument]


def environment(clean: bool) -> dict[str, str]:
    """The environment to start with: a few settings, and none of the judge's own unless not `clean`."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return (kept if clean else dict(os.environ)) | SETTINGS


def _caching() -> list[str]:
    """Options that keep compiled modules where this interpreter keeps them: `-I` forgets that."""
    if sys.dont_write_bytecode:
        return ["-B"]
    return ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []


def _folders() -> list[str]:
    """Where NumPy and this package are imported from: `-S` leaves installed packages out of the path."""
    numpy = importlib.util.find_spec("numpy")
    if numpy is None or numpy.origin is None:
        raise SandboxUnavailable("This Python has no NumPy. Install it: python -m pip install numpy")
    own = os.path.dirname(os.path.dirname(os.path.abspath(ndojo.__file__)))
    return list(dict.fromkeys([os.path.dirname(os.path.dirname(os.path.abspath(numpy.origin))), own]))
