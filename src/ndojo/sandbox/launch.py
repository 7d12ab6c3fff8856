"""Command and environment for starting the sandbox's interpreters without the judge's settings."""

from __future__ import annotations

import importlib.util
import os
import sys

import ndojo
from ndojo.sandbox.errors import SandboxUnavailable

# Set before Python starts, because the libraries read them only once.
SETTINGS = {
    "LANG": "C.UTF-8",
    # A thread pool does not survive a fork, and it makes the first call 4 times slower.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # For stable timings: freed memory is kept for the next array.
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "268435456",
    "NUMPY_MADVISE_HUGEPAGE": "0",
}
# Some systems cannot start a program without these.
KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP")

START = "import sys; sys.path += {folders!r}; {first}from {module} import main; main()"
# After a fork, hooks of the standard library reset locks that other threads held. The zygote has no other threads, and
# the hooks write to 130 memory pages in every child. One hook seeds `random` again; a child does this itself.
WITHOUT_FORK_HOOKS = "import os; os.register_at_fork = lambda **hooks: None; "


def command(module: str, argument: str) -> list[str]:
    """Return the command that runs `main()` of a module of this package with one argument."""
    first = WITHOUT_FORK_HOOKS if module == "zygote" else ""
    start = START.format(folders=_folders(), first=first, module=f"ndojo.sandbox.{module}")
    return [sys.executable, "-I", "-S", "-X", "utf8", *_caching(), "-c", start, argument]


def environment(clean: bool) -> dict[str, str]:
    """Return `SETTINGS` and the judge's environment variables. If `clean`, of those only the ones in `KEPT`."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return (kept if clean else dict(os.environ)) | SETTINGS


def _caching() -> list[str]:
    """Return options that keep this interpreter's bytecode cache settings, which `-I` ignores."""
    if sys.dont_write_bytecode:
        return ["-B"]
    return ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []


def _folders() -> list[str]:
    """Return the folders of NumPy and this package, because `-S` leaves site-packages out of `sys.path`."""
    numpy = importlib.util.find_spec("numpy")
    if numpy is None or numpy.origin is None:
        raise SandboxUnavailable("This Python has no NumPy. Install it: python -m pip install numpy")
    own = os.path.dirname(os.path.dirname(os.path.abspath(ndojo.__file__)))
    return list(dict.fromkeys([os.path.dirname(os.path.dirname(os.path.abspath(numpy.origin))), own]))
