"""What came of one call, as the judge reads it from bytes that nobody vouches for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ndojo.judge.wire import Reader, WireError


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
        What was returned: plain values, `Fresh`, `Placed`, `Opaque`.
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
    """Read what `ndojo.judge.play.write_raised` wrote."""
    classes, message, lines, about = source.read(), source.text(), source.read(), source.text()
    try:
        kept = tuple((int(line), str(name)) for line, name in lines)
        raised = Raised(tuple(str(name) for name in classes), message, kept, about)
    except (TypeError, ValueError) as problem:
        raise WireError("a traceback could not be read") from problem
    if not raised.classes:
        raise WireError("an exception without a name")
    return raised


def read_outcome(data: bytes) -> Outcome:
    """Read what `ndojo.judge.play.perform` described.

    Raises
    ------
    WireError
        Where the bytes are not of that form: the sandbox sent something of its own.
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
    changed, altered, warned = source.read(), source.read(), source.read()
    if source.at != len(data):
        raise WireError("an outcome with bytes left over")
    try:
        return Outcome(
            value, raised, unread, {int(root): bytes(now) for root, now in changed}, bool(altered),
            tuple((str(kind), str(text)) for kind, text in warned),
        )  # fmt: skip
    except (TypeError, ValueError) as problem:
        raise WireError("an outcome's effects could not be read") from problem
