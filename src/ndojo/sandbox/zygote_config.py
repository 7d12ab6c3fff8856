"""The configuration that the judge passes to the zygote."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from ndojo.sandbox import tiers
from ndojo.sandbox.limits import Limits


@dataclass(frozen=True)
class ZygoteConfig:
    """The configuration of the zygote.

    Parameters
    ----------
    tier
        The requested tier, or None for the strongest one that works.
    program
        The function that runs in a child, as ``module:function``.
    allows
        Packages that answers may import in addition to NumPy.
    without
        Layers to leave out, for tests.
    limits
        The resources that one child may use.
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
        """Return the configuration as one line of JSON."""
        return json.dumps(asdict(self) | {"without": sorted(self.without)})

    @classmethod
    def from_json(cls, text: str) -> ZygoteConfig:
        """Return the configuration that `to_json` wrote."""
        fields = json.loads(text)
        fields["allows"] = tuple(fields["allows"])
        fields["without"] = frozenset(fields["without"])
        return cls(**fields | {"limits": Limits(**fields["limits"])})

    def left_out(self) -> dict[str, str]:
        """Return the layers that this configuration leaves out, each with the reason."""
        found = {layer: "left out on request" for layer in tiers.ALL_LAYERS if layer in self.without}
        if "numba" in self.allows:
            found[tiers.NO_EXEC] = "Numba compiles code at run time"
        return found
