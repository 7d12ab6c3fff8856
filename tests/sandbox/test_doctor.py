"""The doctor tells the truth: its probes hold where a layer is there, and fail where it is not."""

from __future__ import annotations

import json

import pytest

from ndojo.sandbox import SandboxUnavailable, tiers
from ndojo.sandbox.doctor import Probe, examine

# What else fails when a layer is gone, because it is built on it.
BUILT_ON = {
    tiers.MOUNT: {"read-only root", "hidden files", tiers.SCRATCH, tiers.NOBODY},
    tiers.SECCOMP: {tiers.NO_EXEC},
}


def failing(probes: list[Probe]) -> set[str]:
    return {probe.layer for probe in probes if not probe.works}


@pytest.fixture(scope="module")
def probes() -> list[Probe]:
    """The probes of a machine that can give the full tier."""
    try:
        return examine("full")
    except SandboxUnavailable as error:
        pytest.skip(str(error))


def test_every_layer_is_probed(probes: list[Probe]) -> None:
    """No layer goes unproved, and every probe has its evidence."""
    assert set(tiers.ALL_LAYERS) <= {probe.layer for probe in probes}
    assert all(probe.evidence for probe in probes)


def test_full_tier_holds(probes: list[Probe]) -> None:
    """Where the full tier is given, everything that it promises holds."""
    assert not failing([probe for probe in probes if "full" in probe.needed_for])


@pytest.mark.parametrize("layer", tiers.ALL_LAYERS)
def test_probe_fails_without_its_layer(layer: str, probes: list[Probe]) -> None:
    """Taking a layer away is noticed, and blamed on nothing else."""
    if layer in failing(probes):
        pytest.skip("this machine cannot give the layer at all")
    try:
        found = failing(examine("full", frozenset({layer})))
    except SandboxUnavailable as error:
        pytest.skip(f"the rest cannot stand without it: {error}")
    assert layer in found
    assert found - failing(probes) <= {layer} | BUILT_ON.get(layer, set())


def test_hidden_bank_is_seen_without_both_its_walls() -> None:
    """The bank is hidden twice; without both walls the probe fails."""
    found = failing(examine("full", frozenset({tiers.MOUNT, tiers.LANDLOCK})))
    assert "hidden bank" in found


@pytest.mark.parametrize("tier", ["container", "plain"])
def test_weaker_tier_shows_what_it_lacks(tier: str) -> None:
    """A probe fails in a tier that does not promise its layer, and holds in one that does."""
    for probe in examine(tier):
        if tier in probe.needed_for:
            assert probe.works, probe
        elif probe.layer in (*tiers.NAMESPACES, "hidden files"):
            assert not probe.works, probe


def test_probes_are_plain_data(probes: list[Probe]) -> None:
    """Probes go through JSON."""
    rows = json.loads(json.dumps([probe.to_dict() for probe in probes]))
    assert {"layer", "works", "evidence", "needed_for"} == set(rows[0])
