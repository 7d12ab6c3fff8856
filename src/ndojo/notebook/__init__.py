"""ndojo in a notebook: ``%load_ext ndojo``, then ``%question SLUG`` and ``%%answer SLUG``."""

from __future__ import annotations

import atexit
from typing import Any

MISSING = "The magics need IPython: pip install 'ndojo[notebook]'."


def load(shell: Any) -> None:
    """Give a shell of IPython's the magics; what they keep warm ends with the shell, or when they are unloaded."""
    try:
        from ndojo.notebook.magics import NdojoMagics
    except ModuleNotFoundError as problem:
        if (problem.name or "").split(".")[0] != "IPython":
            raise
        raise ImportError(MISSING) from problem
    unload(shell)
    magics = NdojoMagics()
    shell.register_magic_function(magics.question, magic_kind="line", magic_name="question")
    shell.register_magic_function(magics.answer, magic_kind="cell", magic_name="answer")
    atexit.register(magics.close)


def unload(shell: Any) -> None:
    """Take the magics away, and end what they keep warm."""
    line = shell.magics_manager.magics["line"].pop("question", None)
    shell.magics_manager.magics["cell"].pop("answer", None)
    if line is not None:
        line.__self__.close()
        atexit.unregister(line.__self__.close)
