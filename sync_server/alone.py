"""One server for a data folder: what it knows besides the database, it alone may change."""

from __future__ import annotations

import contextlib
from typing import Iterator

from content.errors import BusyError, ContentError
from content.lock import locked
from sync_server.data_folder import DataFolder
from sync_server.errors import DataFolderError, SetupError

LOCK = ".serving"
STOPPING_S = 3.0
"""How long one that the system has just ended may take to be gone."""


@contextlib.contextmanager
def alone(folder: DataFolder, wait_s: float) -> Iterator[None]:
    """Keep every other server from a folder for as long as a block lasts.

    Raises:
        SetupError: one runs, and still does after ``wait_s``.
        DataFolderError: the folder cannot be written.
    """
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(locked(folder.root / LOCK, wait_s))
        except BusyError as error:
            raise SetupError(
                f"A server runs with {folder.root} already: there may be one only. Stop that first."
            ) from error
        except ContentError as error:
            raise DataFolderError(str(error)) from error
        yield
