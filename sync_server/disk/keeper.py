"""Keeping room on the disk: lessons' media go, the reserve is laid and spent, work is taken in."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from pathlib import Path
from typing import Callable, Mapping, NamedTuple, Optional

from sync.journals.needs import LessonKey, Need
from sync_server.data_folder import DataFolder
from sync_server.disk.levels import Look, lacking_bytes, looking_at, to_free_bytes
from sync_server.disk.reserve import Reserve
from sync_server.errors import ServerError
from sync_server.school_clock import SchoolClock

LOG = logging.getLogger("keruen.disk")
LOOK_S = 30.0
_STOP_S = 5.0

Needed = Callable[[], Mapping[LessonKey, Need]]


class Cleared(NamedTuple):
    """What went."""

    files: int
    freed_bytes: int


NOTHING = Cleared(0, 0)


class Keeper:
    """Looks after the disk of one data folder, from a thread of its own once it is started."""

    def __init__(
        self,
        data: Path,
        needed: Needed,
        now_ms: Callable[[], int],
        look: Optional[Look] = None,
        reserve: Optional[Reserve] = None,
    ) -> None:
        """Take where the data lie; ``needed`` tells when lessons are needed."""
        self._data = data
        self._needed = needed
        self._now_ms = now_ms
        self._look = look or looking_at(data)
        self._reserve = reserve or Reserve(data)
        self._turn = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="disk", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def full(self) -> None:
        """Hear that something could not be written: the reserve goes at once, lessons soon."""
        if self._reserve.spend():
            LOG.warning("the disk is full: what was set aside is used")
        self._wake.set()

    def tend(self) -> Cleared:
        """Look once: free what must be, and set the reserve aside again."""
        wanted_bytes = to_free_bytes(self._look())
        cleared = self._clear(wanted_bytes) if wanted_bytes else NOTHING
        self._reserve.lay(self._look())
        return cleared

    def has_room(self, size_bytes: int, due: bool = False) -> bool:
        """Tell whether a lesson's file may come; for one that is needed soon, others go."""
        lacking = lacking_bytes(self._look(), size_bytes)
        if lacking and due:
            self._clear(lacking, spare_due=True)
            lacking = lacking_bytes(self._look(), size_bytes)
        return not lacking

    def _clear(self, wanted_bytes: int, *, spare_due: bool = False) -> Cleared:
        # Parses manifests: not before it is needed.
        from sync_server.disk.clearing import plan_clearing
        from sync_server.disk.holdings import holdings

        with self._turn:
            here = holdings(self._data / "repositories")
            going = plan_clearing(
                here, wanted_bytes, self._needed(), self._now_ms(), spare_due=spare_due
            )
            if spare_due and sum(one.size_bytes for one in going) < wanted_bytes:
                # It would not be enough: nothing goes for nothing.
                return NOTHING
            files = freed_bytes = 0
            for one in going:
                # Windows lets nothing go that somebody reads: it goes the next time.
                with contextlib.suppress(OSError):
                    one.place.unlink()
                    files, freed_bytes = files + 1, freed_bytes + one.size_bytes
        if files:
            LOG.warning("the disk is short: %d media files went, %d bytes", files, freed_bytes)
        return Cleared(files, freed_bytes)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(LOOK_S)
            self._wake.clear()
            if self._stop.is_set():
                return
            try:
                self.tend()
            except Exception:
                # A bug here must not end what the school lives on.
                LOG.exception("the disk could not be looked after")


def keeper_of(folder: DataFolder) -> Keeper:
    """Return what looks after a data folder's disk; it opens the database when it must."""

    def needed() -> Mapping[LessonKey, Need]:
        from sync_server.relay.night import needed_lessons

        try:
            with folder.store() as store:
                return needed_lessons(store, SchoolClock(store).now_ms())
        except (ServerError, sqlite3.Error):
            # A database that cannot be read on a full disk needs room before all.
            return {}

    def now_ms() -> int:
        try:
            with folder.store() as store:
                return SchoolClock(store).now_ms()
        except (ServerError, sqlite3.Error):
            return int(time.time() * 1000)

    return Keeper(folder.root, needed, now_ms)
