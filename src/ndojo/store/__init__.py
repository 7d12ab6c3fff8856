"""The learner's store: every answer, verdict and event, kept for good in one SQLite file.

All SQL lives here, behind the methods of `Store`; a team's store can be added next to it with the same ones. The
standard library's sqlite3 does it alone: it is imported in 20 ms, where NumPy takes 210 and SQLAlchemy 570,
and `ndojo list` with its status marks has 120 ms in all.
"""

from ndojo.store.errors import StoreError
from ndojo.store.place import data_folder, store_path
from ndojo.store.records import Answer, Attempt, DrillAnswer, Event, Mock, MockEvent, Status, StatusWord, What
from ndojo.store.sqlite import Store

__all__ = [
    "Answer",
    "Attempt",
    "DrillAnswer",
    "Event",
    "Mock",
    "MockEvent",
    "Status",
    "StatusWord",
    "Store",
    "StoreError",
    "What",
    "data_folder",
    "store_path",
]
