"""The machine that ndojo runs on: what works there, and how quick it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ndojo import __version__
from ndojo.practice.errors import PracticeError, as_practice_errors
from ndojo.practice.hardware_limits import limits_path
from ndojo.practice.session import Session
from ndojo.store import Store, StoreError, data_folder

if TYPE_CHECKING:
    from ndojo.sandbox.doctor import Probe


@dataclass(frozen=True)
class Health:
    """What ndojo finds on this machine: versions, places, the sandbox's tier, the store, each layer of isolation."""

    python: str
    numpy: str
    ndojo: str
    data_folder: Path
    tier: str
    note: str
    store: str
    store_is_well: bool
    probes: list[Probe]

    @property
    def works(self) -> bool:
        """Whether answers can be judged and kept."""
        return bool(self.tier) and self.store_is_well


def doctor() -> Health:
    """Look at this machine, and try each layer of isolation."""
    import platform

    import numpy as np

    tier, note = _tier()
    store, is_well = _store_health()
    return Health(
        python=platform.python_version(),
        numpy=np.__version__,
        ndojo=__version__,
        data_folder=data_folder(),
        tier=tier,
        note=note,
        store=store,
        store_is_well=is_well,
        probes=probes() if tier else [],
    )


@as_practice_errors()
def probes() -> list[Probe]:
    """Each layer of isolation, tried in a real child."""
    from ndojo.sandbox.doctor import examine

    return examine()


def _tier() -> tuple[str, str]:
    try:
        with Session() as session:
            return session.tier()
    except PracticeError as problem:
        return "", str(problem)


def _store_health() -> tuple[str, bool]:
    try:
        with Store.open(create=False) as store:
            if not store.path.exists():
                return f"none yet; the first answer makes {store.path}", _writable(store.path.parent)
            attempts = sum(status.attempts for status in store.statuses().values())
            waiting = len(store.unjudged())
    except StoreError as problem:
        return str(problem), False
    unjudged = f", {waiting} of them not judged yet" if waiting else ""
    well = os.access(store.path, os.W_OK) and _writable(store.path.parent)
    kept = f"{attempts} answers{unjudged} in {store.path}"
    return (kept if well else f"{kept}, which cannot be written: no answer can be kept"), well


def _writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder itself can be."""
    while not folder.exists():
        folder = folder.parent
    return os.access(folder, os.W_OK)


@as_practice_errors()
def bench(quick: bool = False, progress: Callable[[str], None] | None = None) -> dict[str, Any]:
    """How quick the judge is on this machine, and what the machine can do; the latter is kept for verdicts on speed."""
    from dataclasses import asdict

    from ndojo.measure.hardware_limits import keep_limits, measure_limits
    from ndojo.proof.judge_benchmark import run_benchmark
    from ndojo.sandbox import Sandbox

    figures = run_benchmark(quick=quick, progress=progress)
    if progress:
        progress("what this machine can do at best")
    with Sandbox() as sandbox:
        limits = measure_limits(sandbox)
    keep_limits(limits_path(), limits)
    return figures | {"limits": asdict(limits)}


@as_practice_errors()
def stability(rounds: int, progress: Callable[[str], None] | None = None) -> dict[str, Any]:
    """How often an answer of known slowness gets the wrong verdict here; see `ndojo.proof.stability`."""
    from ndojo.proof.stability import run_stability, table
    from ndojo.sandbox import Sandbox

    with Sandbox() as sandbox:
        figures = run_stability(sandbox, rounds=rounds, say=progress)
    return figures | {"table": table(figures)}
