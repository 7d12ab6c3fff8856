"""What the judge tells the zygote when it starts it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from ndojo.sandbox import tiers
from ndojo.sandbox.limits import Limits


@dataclass(frozen=True)
class ZygoteConfig:
    """How the zygote shall be built.

    Parameters
    ----------
    tier
        The tier that is wanted, or None for the strongest that works.
    program
        Dotted name of a module, a colon and the function that serves a child.
    allows
        Packages that answers may import in addition to NumPy.
    without
        Layers to leave out, for tests.
    limits
        What one child may use.
    judge
        Process id of the judge.
    control
        Number of the inherited control socket.
    """

    tier: str | None
    program: str
    allows: tuple[str, ...]
    without: frozenset[str]
    limits: Limits
    judge: int
    control: int

    def to_json(self) -> str:
        """The plan as one line of text."""
        return json.dumps(asdict(self) | {"without": sorted(self.without)})

    @classmethod
    def from_json(cls, text: str) -> ZygoteConfig:
        """The plan that `to_json` wrote."""
        fields = json.loads(text)
        fields["allows"] = tuple(fields["allows"])
        fields["without"] = frozenset(fields["without"])
        return cls(**fields | {"limits": Limits(**fields["limits"])})

    def left_out(self) -> dict[str, str]:
        """Layers that this plan does without, and why."""
        found = {layer: "left out on request" for layer in tiers.ALL_LAYERS if layer in self.without}
        if "numba" in self.allows:
            found[tiers.NO_EXEC] = "numba compiles at run time"
        return found
