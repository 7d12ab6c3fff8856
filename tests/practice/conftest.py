"""A separate data folder for each test, and a fixed time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the learner's store will be. It does not exist yet."""
    folder = tmp_path / "data"
    monkeypatch.setenv("NDOJO_DATA", str(folder))
    return folder


@pytest.fixture
def now() -> datetime:
    """A fixed time."""
    return datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
