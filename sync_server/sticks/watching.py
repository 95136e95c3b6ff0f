"""Noticing sticks while the server runs: one that is put in is let in, where that was agreed to."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Set, Tuple

from sync.clock import Clock
from sync.sticks.drives import Drive, Watch, drives
from sync_server.data_folder import DataFolder
from sync_server.store.sqlite import SqliteStore

if TYPE_CHECKING:
    # Imported when the first stick comes: most servers never see one.
    from sync.sticks.volume import FolderVolume
    from sync_server.sticks.visiting import Visitor

LOG = logging.getLogger("keruen.sticks")
LOOK_S = 2.0
AGAIN_S = 600.0
"""How often a stick that stays in hears what came meanwhile, such as marks during the night."""
_STOP_S = 10.0

Say = Callable[[Path, str, Mapping[str, Any]], None]
"""Hears of a stick at a place: a sentence for people, and a value for programmes."""


class Watching:
    """Looks for sticks in a thread of its own, with a store of its own, until it is stopped."""

    def __init__(
        self,
        folder: DataFolder,
        say: Say,
        look: Callable[[], Tuple[Drive, ...]] = drives,
        clock: Optional[Clock] = None,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Tell ``say`` what happens; the ``clock`` is the school's normally."""
        self._folder = folder
        self._monotonic_s = monotonic_s
        self._say = say
        self._clock = clock
        self._watch = Watch(look)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sticks", daemon=True)
        self._store: Optional[SqliteStore] = None
        self._visitor: Optional[Visitor] = None
        self._waiting: Set[Path] = set()
        self._again_s: Dict[Path, float] = {}
        self.visits = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; a visit under way ends after the file that is being written."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)
        if not self._thread.is_alive() and self._store is not None:
            self._store.close()

    def poll(self) -> None:
        """Look once, and let in what came, what waited for consent, and what has been in long."""
        change = self._watch.poll()
        for drive in change.went:
            self._waiting.discard(drive.root)
            self._again_s.pop(drive.root, None)
        for drive in change.came:
            if drive.removable:
                self._alone(drive.root)
        if self._waiting and self._consented():
            for root in sorted(self._waiting):
                self._waiting.discard(root)
                self._alone(root)
        for root, due_s in tuple(self._again_s.items()):
            if due_s <= self._monotonic_s():
                self._alone(root)

    def _alone(self, root: Path) -> None:
        """Let one stick in; a full disk here keeps no other waiting, and is tried again later."""
        try:
            self._came(root)
        except Exception:
            LOG.exception("a stick could not be let in")
            self._again_s[root] = self._monotonic_s() + AGAIN_S

    def _came(self, root: Path) -> None:
        from sync.errors import StickError
        from sync.sticks.volume import find_stick
        from sync_server.sticks.words import problem_sentence

        if self._stop.is_set():
            return
        try:
            volume = find_stick(root)
            if volume is not None:
                self._let_in(root, volume)
        except StickError as error:
            self._again_s.pop(root, None)
            self._say(root, problem_sentence(error.code), {"problem": error.code})

    def _let_in(self, root: Path, volume: FolderVolume) -> None:
        from sync_server.sticks.consent import is_ours
        from sync_server.sticks.words import visit_json, visit_line

        visitor = self._opened()
        again = self._again_s.pop(root, None) is not None
        if not is_ours(volume, visitor.identity.public):
            said = "It carries another school's letters, and is left alone."
            self._say(root, said, {"problem": "stick-foreign"})
        elif not self._consented():
            self._waiting.add(root)
            said = "A stick. To let it in: keruen-server stick sync; always: stick consent on."
            self._say(root, said, {"waits": True})
        else:
            visit = visitor.visit(volume, cancel=self._stop.is_set)
            self.visits += 1
            if not visit.problem:
                self._again_s[root] = self._monotonic_s() + AGAIN_S
            if visit.problem or visit.is_new or not again:
                self._say(root, visit_line(visit), visit_json(visit))

    def _consented(self) -> bool:
        from sync_server.sticks.consent import consents

        return consents(self._opened().store)

    def _opened(self) -> Visitor:
        if self._visitor is None:
            from sync_server.school_clock import SchoolClock
            from sync_server.sticks.visiting import Visitor

            self._store = store = self._folder.open_store()
            clock = self._clock or SchoolClock(store)
            self._visitor = Visitor(self._folder, store, self._folder.identity(), clock)
        return self._visitor

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.poll()
            except Exception:
                # A full disk, or a bug here, must not end what the school lives on.
                LOG.exception("a stick could not be let in")
            self._stop.wait(LOOK_S)
