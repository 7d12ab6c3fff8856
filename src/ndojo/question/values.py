"""Inputs that are created inside the sandbox from a description, because they cannot cross its boundary as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Expression:
    """A value such as a function or an iterator, given by an expression that creates it again for every call.

    Parameters
    ----------
    text : str
        The expression. It may use ``np``, ``math`` and ``itertools``.
    """

    text: str

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class ScratchFile:
    """A path in an empty folder that belongs to one call. The function receives the path as a str.

    Parameters
    ----------
    name : str
    content : bytes or None
        The content of the file. None if the file does not exist yet.
    """

    name: str
    content: bytes | None = None
