"""Where the learner's store lies."""

import os
from pathlib import Path

FILE_NAME = "ndojo.sqlite3"


def data_folder() -> Path:
    """The folder of ndojo's data: `NDOJO_DATA` where it is set, else the user's own data folder."""
    chosen = os.environ.get("NDOJO_DATA")
    if chosen:
        return Path(chosen).expanduser()
    # Imported here, because a face that names its folder should not wait for it.
    from platformdirs import user_data_path

    return user_data_path("ndojo", appauthor=False)


def store_path() -> Path:
    """The file of the learner's store, in the data folder."""
    return data_folder() / FILE_NAME
