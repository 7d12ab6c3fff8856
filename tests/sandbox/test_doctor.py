"""The doctor is correct: a probe passes if its layer is active, and fails if it is not."""

from __future__ import annotations

import json

import pytest

from ndojo.sandbox import SandboxUnavailable, tiers
from ndojo.sandbox.doctor import Probe, examine

# Other layers that fail if a layer is missing, because they depend on it.
BUILT_ON = {
    tiers.MOUNT: {"read-only root", "hidden files", tiers.SCRATCH, tiers.NOBODY},
    tiers.SECCOMP: {tiers.NO_EXEC},
}


def failing(probes: list[Probe]) -> set[str]:
    return {probe.layer for probe in probes if not probe.works}


@pytest.fixture(scope="module")
def probes() -> list[Probe]:
    """The probes of a machine that supports the full tier."""
    try:
        return examine("full")
    except SandboxUnavailable as error:
        pytest.skip(str(error))


def test_every_layer_is_probed(probes: list[Probe]) -> None:
    """Every layer has a probe, and every probe has evidence."""
    assert set(tiers.ALL_LAYERS) <= {probe.layer for probe in probes}
    assert all(probe.evidence for probe in probes)


def test_full_tier_holds(probes: list[Probe]) -> None:
    """In the full tier, every promised layer works."""
    assert not failing([probe for probe in probes if "full" in probe.needed_for])


@pytest.mark.parametrize("layer", tiers.ALL_LAYERS)
def test_probe_fails_without_its_layer(layer: str, probes: list[Probe]) -> None:
    """If a layer is removed, its probe fails and no unrelated probe does."""
    if layer in failing(probes):
        pytest.skip("this machine cannot give the layer at all")
    try:
        found = failing(examine("full", frozenset({layer})))
    except SandboxUnavailable as error:
        pytest.skip(f"the rest cannot stand without it: {error}")
    assert layer in found
    assert found - failing(probes) <= {layer} | BUILT_ON.get(layer, set())


def test_hidden_bank_is_seen_without_both_its_walls() -> None:
    """Two layers hide the bank. Without both of them, the probe fails."""
    found = failing(examine("full", frozenset({tiers.MOUNT, tiers.LANDLOCK})))
    assert "hidden bank" in found


@pytest.mark.parametrize("tier", ["container", "plain"])
def test_weaker_tier_shows_what_it_lacks(tier: str) -> None:
    """A probe fails in a tier without its layer, and passes in a tier with it."""
    for probe in examine(tier):
        if tier in probe.needed_for:
            assert probe.works, probe
        elif probe.layer in (*tiers.NAMESPACES, "hidden files"):
            assert not probe.works, probe


def test_probes_are_plain_data(probes: list[Probe]) -> None:
    """Probes can be converted to JSON."""
    rows = json.loads(json.dumps([probe.to_dict() for probe in probes]))
    assert {"layer", "works", "evidence", "needed_for"} == set(rows[0])
