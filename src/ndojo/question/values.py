"""Inputs that do not cross the sandbox's wall as themselves, but as what makes them on the other side."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Expression:
    """A value given by the Python expression that makes it, afresh for every call: a function, an iterator.

    Parameters
    ----------
    text : str
        May use ``np``, ``math`` and ``itertools``.
    """

    text: str

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class ScratchFile:
    """A path in the call's own empty folder; the function gets the path as a str.

    Parameters
    ----------
    name : str
    content : bytes or None
        What the file holds; None where there is no file yet.
    """

    name: str
    content: bytes | None = None
