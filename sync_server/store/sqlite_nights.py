"""Nights and days in SQLite."""

from __future__ import annotations

import sqlite3
from typing import Mapping, Optional, Tuple

KEPT_DAYS = 400
"""A school year and a summer."""


def night_tables(connection: sqlite3.Connection) -> None:
    """Make the tables."""
    connection.execute(
        "CREATE TABLE nights (night INTEGER NOT NULL, upstream TEXT NOT NULL, value TEXT NOT NULL,"
        " PRIMARY KEY (night, upstream)) WITHOUT ROWID"
    )
    connection.execute(
        "CREATE TABLE seen (day INTEGER NOT NULL, device TEXT NOT NULL,"
        " PRIMARY KEY (day, device)) WITHOUT ROWID"
    )


class NightTables:
    """The part of a transaction that is about nights and days."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def night(self, night: int, upstream: str) -> Optional[str]:
        """See :class:`NightRows`."""
        row = self._connection.execute(
            "SELECT value FROM nights WHERE night = ? AND upstream = ?", (night, upstream)
        ).fetchone()
        return row[0] if row else None

    def set_night(self, night: int, upstream: str, value: str) -> None:
        """See :class:`NightRows`."""
        self._connection.execute(
            "INSERT OR REPLACE INTO nights VALUES (?, ?, ?)", (night, upstream, value)
        )
        self._connection.execute("DELETE FROM nights WHERE night < ?", (night - KEPT_DAYS,))

    def nights(self, first_night: int) -> Tuple[Tuple[int, str, str], ...]:
        """See :class:`NightRows`."""
        rows = self._connection.execute(
            "SELECT night, upstream, value FROM nights WHERE night >= ? ORDER BY night, upstream",
            (first_night,),
        )
        return tuple(rows.fetchall())

    def note_seen(self, day: int, device_id: str) -> None:
        """See :class:`NightRows`."""
        self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (day, device_id))
        self._connection.execute("DELETE FROM seen WHERE day < ?", (day - KEPT_DAYS,))

    def seen(self, first_day: int) -> Mapping[int, int]:
        """See :class:`NightRows`."""
        return dict(
            self._connection.execute(
                "SELECT day, count(*) FROM seen WHERE day >= ? GROUP BY day", (first_day,)
            ).fetchall()
        )
