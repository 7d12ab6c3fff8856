"""A data folder of the test's own, and a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the learner's store is to be; it is not there yet."""
    folder = tmp_path / "data"
    monkeypatch.setenv("NDOJO_DATA", str(folder))
    return folder


@pytest.fixture
def now() -> datetime:
    """One moment."""
    return datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
