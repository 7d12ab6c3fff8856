"""A real store in a folder of the test's own, and a clock that stands still."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ndojo.store import Store


@pytest.fixture
def now() -> datetime:
    """One moment."""
    return datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store is to be; neither it nor its folder is there yet."""
    return tmp_path / "a folder" / "ndojo.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A new store, open."""
    with Store.open(path) as opened:
        yield opened
