"""What stands between a child and the machine, as a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

NOTES = {
    "full": "Answers run walled off by namespaces, Landlock, seccomp and limits.",
    "container": "Answers run behind Landlock, seccomp and limits, but without separate namespaces.",
    "partial": "Answers run with some walls missing: judge only code that you trust.",
    "plain": "Answers run as plain programs with all your rights: judge only your own code.",
}


@dataclass(frozen=True)
class Isolation:
    """Which tier is active, by which layers, and what is missing and why.

    Parameters
    ----------
    tier
        One of `TIERS`.
    layers
        Names of the active layers.
    missing
        Pairs of a layer that is not active and the reason.
    note
        One sentence for people.
    """

    tier: str
    layers: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    note: str

    @classmethod
    def of(cls, tier: str, layers: tuple[str, ...], missing: Mapping[str, str]) -> Isolation:
        """The record of a tier, with the sentence that belongs to it."""
        return cls(tier, layers, tuple(missing.items()), NOTES[tier])

    def to_dict(self) -> dict[str, Any]:
        """The same facts in JSON's types."""
        return asdict(self) | {"layers": list(self.layers), "missing": [list(pair) for pair in self.missing]}
