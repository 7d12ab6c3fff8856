"""A real store in a separate folder for each test, and a fixed time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ndojo.store import Store


@pytest.fixture
def now() -> datetime:
    """A fixed time."""
    return datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store will be. Neither it nor its folder exists yet."""
    return tmp_path / "a folder" / "ndojo.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A new store, open."""
    with Store.open(path) as opened:
        yield opened
