"""The key of a verdict: with the same key, judging again would give the same verdict."""

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
    """Return a key of 32 hexadecimal digits for an answer, the versions of question and judge, and the machine.

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
        Default to this judge and this machine.
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
    """Return the judge's version: the version of the package and a digest of its source files."""
    root = Path(__file__).parents[1]
    files = sorted(path for path in root.rglob("*.py"))
    return f"{ndojo.__version__}-{_digest(path.read_bytes() for path in files)[:12]}"


def _digest(parts: Iterable[bytes]) -> str:
    """Return a digest of parts. It includes each part's length, so different lists give different digests."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()[:32]
