"""The outcome of one call, which the judge reads from untrusted bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ndojo.calls.call import MESSAGE_LIMIT, NO_EFFECTS
from ndojo.calls.wire.reader import Reader
from ndojo.calls.wire.values import WireError

MOST_LINES = 16
"""The largest number of traceback lines, and of classes of an exception, that are kept."""


@dataclass(frozen=True)
class Raised:
    """An exception: the names of its class and its bases, its message, and the answer's lines in its traceback.

    `about` is the missing name of a `ModuleNotFoundError` or `NameError`, and empty for other exceptions.
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
        The returned value, which may contain `NewArray`, `ViewOfInput` and `Opaque`.
    raised : Raised or None
    unread : str
        Why the result could not be read, or empty. Starts with "large: " if the result is too large.
    changed : dict of int to bytes
        The memory blocks of the case that the call changed, with their bytes after the call.
    altered : bool
        Whether the call changed an argument's shape, dtype, strides or writeable flag, or the contents of a container.
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
        raise WireError("exception without a class name")
    if not (isinstance(lines, list) and all(_is_pair(line, int, str) for line in lines)):
        raise WireError("malformed traceback")
    return Raised(tuple(classes[:MOST_LINES]), message[:MESSAGE_LIMIT], tuple(lines[:MOST_LINES]), about[:200])


def _is_list(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _is_pair(value: Any, first: type, second: type) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == 2 and all(map(isinstance, value, (first, second)))


def read_outcome(data: bytes) -> Outcome:
    """Read an outcome that `ndojo.calls.call.describe` wrote.

    Raises
    ------
    WireError
        If the bytes do not describe an outcome.
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
        raise WireError("outcome of unknown kind")
    if data[source.at :] == NO_EFFECTS:
        return Outcome(value, raised, unread[:MESSAGE_LIMIT], {}, False, ())
    changed, altered, warned = source.read(), source.read(), source.read()
    if source.at != len(data):
        raise WireError("extra bytes after an outcome")
    well_formed = (
        isinstance(changed, list) and all(_is_pair(change, int, bytes) for change in changed)
        and isinstance(altered, bool)
        and isinstance(warned, list) and all(_is_pair(warning, str, str) for warning in warned)
    )  # fmt: skip
    if not well_formed:
        raise WireError("malformed effects of a call")
    return Outcome(value, raised, unread[:MESSAGE_LIMIT], dict(changed), altered, tuple(map(tuple, warned)))
