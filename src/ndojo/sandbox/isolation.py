"""The record of what isolates a child from the machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

NOTES = {
    "full": "Answers are isolated by namespaces, Landlock, seccomp and limits.",
    "container": "Answers are isolated by Landlock, seccomp and limits, but not by namespaces.",
    "partial": "Some isolation layers are missing. Judge only code that you trust.",
    "plain": "Answers run as normal programs with all your permissions. Judge only your own code.",
}


@dataclass(frozen=True)
class Isolation:
    """The active tier and its layers, and which layers are missing and why.

    Parameters
    ----------
    tier
        One of `TIERS`.
    layers
        Names of the active layers.
    missing
        Pairs of an inactive layer and the reason.
    note
        A short description for the user.
    """

    tier: str
    layers: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    note: str

    @classmethod
    def of(cls, tier: str, layers: tuple[str, ...], missing: Mapping[str, str]) -> Isolation:
        """Return the record of a tier with its note."""
        return cls(tier, layers, tuple(missing.items()), NOTES[tier])

    def to_dict(self) -> dict[str, Any]:
        """Return the record as a dict for JSON."""
        return asdict(self) | {"layers": list(self.layers), "missing": [list(pair) for pair in self.missing]}
