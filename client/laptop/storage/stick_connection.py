"""A connection to a database on a stick, which says so when the stick was pulled out."""

from __future__ import annotations

import sqlite3
from typing import Any, Callable

from client.laptop.errors import LaptopError


class StickConnection(sqlite3.Connection):
    """Raises what ``refused`` makes of SQLite's words where the system refuses the file.

    Reading from a disk does not fail, so whoever reads expects no error of SQLite's; from a stick
    it does, as an error that a person can be told.
    """

    refused: Callable[[str], LaptopError]

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """Execute one statement; its first row is read here, and whatever fails mostly fails."""
        try:
            return super().execute(*arguments)
        except sqlite3.OperationalError as error:
            if not _is_refusal(error):
                raise
            raise self.refused(str(error)) from error

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        """Execute a statement for each row."""
        try:
            return super().executemany(*arguments)
        except sqlite3.OperationalError as error:
            if not _is_refusal(error):
                raise
            raise self.refused(str(error)) from error


def _is_refusal(error: sqlite3.OperationalError) -> bool:
    return any(sign in str(error) for sign in ("disk I/O", "unable to open"))
