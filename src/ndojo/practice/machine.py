"""What works on this machine, and how fast it is."""

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
    """The state of this machine: versions, the data folder, the sandbox's tier, the store and the isolation layers."""

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
        """Whether answers can be judged and saved."""
        return bool(self.tier) and self.store_is_well


def doctor() -> Health:
    """Check this machine, and test each isolation layer."""
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
    """Test each isolation layer in a real sandbox process."""
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
                return f"none yet; the first answer creates {store.path}", _writable(store.path.parent)
            attempts = sum(status.attempts for status in store.statuses().values())
            waiting = len(store.unjudged())
    except StoreError as problem:
        return str(problem), False
    unjudged = f", {waiting} of them not judged yet" if waiting else ""
    well = os.access(store.path, os.W_OK) and _writable(store.path.parent)
    kept = f"{attempts} answers{unjudged} in {store.path}"
    return (kept if well else f"{kept}, which is not writable, so no answer can be saved"), well


def _writable(folder: Path) -> bool:
    """Return whether files can be created in a folder that may not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return os.access(folder, os.W_OK)


@as_practice_errors()
def bench(quick: bool = False, progress: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Measure the judge and the hardware limits of this machine. The limits are saved for verdicts on speed."""
    from dataclasses import asdict

    from ndojo.measure.hardware_limits import keep_limits, measure_limits
    from ndojo.proof.judge_benchmark import run_benchmark
    from ndojo.sandbox import Sandbox

    figures = run_benchmark(quick=quick, progress=progress)
    if progress:
        progress("the hardware limits")
    with Sandbox() as sandbox:
        limits = measure_limits(sandbox)
    keep_limits(limits_path(), limits)
    return figures | {"limits": asdict(limits)}


@as_practice_errors()
def stability(rounds: int, progress: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Measure how often answers of known speed get the wrong verdict here; see `ndojo.proof.stability`."""
    from ndojo.proof.stability import run_stability, table
    from ndojo.sandbox import Sandbox

    with Sandbox() as sandbox:
        figures = run_stability(sandbox, rounds=rounds, say=progress)
    return figures | {"table": table(figures)}
