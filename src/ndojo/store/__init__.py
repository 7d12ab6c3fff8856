"""The learner's store: one SQLite file with every answer, verdict and event.

This package contains all SQL, behind the methods of `Store`. It uses only the standard library's sqlite3, whose import
takes 20 ms. NumPy takes 210 ms and SQLAlchemy 570 ms, and `ndojo list` with its status marks must finish in 120 ms.
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
