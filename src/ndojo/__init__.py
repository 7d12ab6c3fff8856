"""ndojo: practice NumPy interviews by hand, judged in milliseconds."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def load_ipython_extension(shell: Any) -> None:
    """What ``%load_ext ndojo`` calls: it brings the magics ``%question`` and ``%%answer``."""
    import_module("ndojo.notebook").load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """What ``%unload_ext ndojo`` calls."""
    import_module("ndojo.notebook").unload(shell)
