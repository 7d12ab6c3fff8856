"""ndojo: practice for NumPy interviews. Answers are judged in milliseconds."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def load_ipython_extension(shell: Any) -> None:
    """Register the magics, such as ``%question`` and ``%%answer``. ``%load_ext ndojo`` calls this function."""
    import_module("ndojo.notebook").load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Remove the magics. ``%unload_ext ndojo`` calls this function."""
    import_module("ndojo.notebook").unload(shell)
