"""The result of one call, as the judge reads it from bytes that cannot be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ndojo.calls.call import MESSAGE_LIMIT, NO_EFFECTS
from ndojo.calls.wire.reader import Reader
from ndojo.calls.wire.values import WireError

MOST_LINES = 16
"""Of a traceback and of an exception's bases, so many are kept."""


@dataclass(frozen=True)
class Raised:
    """An exception: its class names from itself upwards, its message, the answer's lines that it went through.

    `about` is the name that a `ModuleNotFoundError` or `NameError` is about, else empty.
    """

    classes: tuple[str, ...]
    message: str
    lines: tuple[tuple[int, str], ...]
    about: str = ""

    @property
    def name(self) -> str:
        return self.classes[0]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one call returned or raised, and what it did to its arguments.

    Parameters
    ----------
    value
        What was returned: plain values, `NewArray`, `ViewOfInput`, `Opaque`.
    raised : Raised or None
    unread : str
        Why the result could not be read, where it could not; starts with "large: " where it was too large.
    changed : dict of int to bytes
        Memory blocks of the case whose bytes differ afterwards.
    altered : bool
        Whether an argument's shape, or what a list or dict among the arguments holds, differs afterwards.
    warned : tuple of (category, text)
    """

    value: Any
    raised: Raised | None
    unread: str
    changed: dict[int, bytes]
    altered: bool
    warned: tuple[tuple[str, str], ...]


def read_raised(source: Reader) -> Raised:
    """Read what `ndojo.calls.call.write_raised` wrote."""
    classes, message, lines, about = source.read(), source.text(), source.read(), source.text()
    if not (_is_list(classes, str) and classes):
        raise WireError("an exception without a name")
    if not (isinstance(lines, list) and all(_is_pair(line, int, str) for line in lines)):
        raise WireError("a traceback could not be read")
    return Raised(tuple(classes[:MOST_LINES]), message[:MESSAGE_LIMIT], tuple(lines[:MOST_LINES]), about[:200])


def _is_list(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _is_pair(value: Any, first: type, second: type) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == 2 and all(map(isinstance, value, (first, second)))


def read_outcome(data: bytes) -> Outcome:
    """Read what `ndojo.calls.call.perform` described.

    Raises
    ------
    WireError
        Where the bytes are not of that form: the sandbox sent something else.
    """
    source = Reader(data)
    tag = source.take(1)
    value, raised, unread = None, None, ""
    if tag == b"R":
        value = source.read()
    elif tag == b"E":
        raised = read_raised(source)
    elif tag in (b"U", b"L"):
        unread = ("large: " if tag == b"L" else "") + source.text()
    else:
        raise WireError("an outcome of no known kind")
    if data[source.at :] == NO_EFFECTS:
        return Outcome(value, raised, unread[:MESSAGE_LIMIT], {}, False, ())
    changed, altered, warned = source.read(), source.read(), source.read()
    if source.at != len(data):
        raise WireError("an outcome with bytes left over")
    well_formed = (
        isinstance(changed, list) and all(_is_pair(change, int, bytes) for change in changed)
        and isinstance(altered, bool)
        and isinstance(warned, list) and all(_is_pair(warning, str, str) for warning in warned)
    )  # fmt: skip
    if not well_formed:
        raise WireError("an outcome's effects could not be read")
    return Outcome(value, raised, unread[:MESSAGE_LIMIT], dict(changed), altered, tuple(map(tuple, warned)))
