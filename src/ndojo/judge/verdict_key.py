"""What a verdict belongs to: the same key means that judging again would say the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import ndojo
from ndojo.measure.hardware_limits import machine_id
from ndojo.question.records import Question


def verdict_key(
    question: Question,
    source: bytes,
    *,
    levels: int | None = None,
    isolation: str = "",
    judge: str | None = None,
    machine: str | None = None,
) -> str:
    """A key of an answer, the question's version, the judge's version and the machine: 32 hexadecimal digits.

    Parameters
    ----------
    question : Question
    source : bytes
        The answer.
    levels : int, optional
        How many levels were judged, if not all.
    isolation : str
        The sandbox's tier.
    judge, machine : str, optional
        This judge and this machine unless given.
    """
    parts = [
        question.slug,
        question.version,
        str(levels),
        isolation,
        judge or judge_version(),
        machine or machine_id(),
    ]
    return _digest([source, *(part.encode() for part in parts)])


@cache
def judge_version() -> str:
    """The judge's version: that of the package, and of its judging code."""
    root = Path(__file__).parents[1]
    files = sorted(path for path in root.rglob("*.py"))
    return f"{ndojo.__version__}-{_digest(path.read_bytes() for path in files)[:12]}"


def _digest(parts: Iterable[bytes]) -> str:
    """A digest of parts, each with its length, so that no two lists of parts share one."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()[:32]
