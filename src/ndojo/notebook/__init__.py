"""ndojo in a notebook: run ``%load_ext ndojo``, then ``%question SLUG`` and ``%%answer SLUG``."""

from __future__ import annotations

import atexit
from typing import Any

MISSING = "The notebook magics require IPython. Install it with: pip install 'ndojo[notebook]'"


def load(shell: Any) -> None:
    """Register the magics in an IPython shell. Their sandbox stops when the shell exits or `unload` is called."""
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
    """Remove the magics from an IPython shell and stop their sandbox."""
    line = shell.magics_manager.magics["line"].pop("question", None)
    shell.magics_manager.magics["cell"].pop("answer", None)
    if line is not None:
        line.__self__.close()
        atexit.unregister(line.__self__.close)
