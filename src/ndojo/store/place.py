"""The location of the learner's store."""

import os
from pathlib import Path

FILE_NAME = "ndojo.sqlite3"


def data_folder() -> Path:
    """Return ndojo's data folder: `NDOJO_DATA` if it is set, otherwise a folder in the user's data folder."""
    chosen = os.environ.get("NDOJO_DATA")
    if chosen:
        return Path(chosen).expanduser()
    # Imported here, because it is slow and not needed if NDOJO_DATA is set.
    from platformdirs import user_data_path

    return user_data_path("ndojo", appauthor=False)


def store_path() -> Path:
    """Return the path of the learner's store in the data folder."""
    return data_folder() / FILE_NAME
