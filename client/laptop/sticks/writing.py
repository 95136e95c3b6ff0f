"""Putting packs of this laptop on sticks, on several at once, and keeping them current there.

Each stick is written by a thread of its own and ends by itself: a full one, or one that was pulled
out, keeps no other waiting. What a stick carries that this laptop does not know stays on it.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Callable,
    Dict,
    FrozenSet,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
)

from client.laptop.account import Problem, SyncProgress
from client.laptop.problems import problem_of
from client.laptop.sticks import packs_here
from client.laptop.sticks.packing import USUAL_BYTES_PER_S, PackOffer, Wishes, Written
from client.messages import Message

if TYPE_CHECKING:
    from client.laptop.packs.library import Library
    from client.laptop.sticks.packs_here import Publisher
    from client.laptop.store import Store
    from content.carrying import Plan
    from content.installation import Installation
    from sync.sticks.shelf import Shelf
    from sync.sticks.volume import Volume

Report = Callable[[Path, SyncProgress], None]
CalledOff = Callable[[Path], bool]
Ended = Callable[[Path, Written], None]

_SPEED = "sticks.bytes_per_s"
_MEASURED_FROM_BYTES = 8 << 20
"""Less than that says more of a stick's cache than of the stick."""


class Writing:
    """What one laptop writes. Its methods belong on the executor."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library

    def offers(self) -> Tuple[PackOffer, ...]:
        """List the packs that can be put on a stick."""
        return packs_here.offers(self._store, self._library)

    @property
    def bytes_per_s(self) -> float:
        """How fast sticks were written here last, or what is usual."""
        try:
            return float(self._store.setting(_SPEED) or USUAL_BYTES_PER_S)
        except ValueError:
            return USUAL_BYTES_PER_S

    def write_all(
        self,
        roots: Sequence[Path],
        wishes: Wishes,
        report: Report,
        called_off: CalledOff,
        ended: Ended,
    ) -> None:
        """Write the sticks that are in at ``roots``, all at once; those without our folder get it.

        ``report`` and ``ended`` are called on the sticks' own threads. Nothing is raised for a
        stick's sake: ``ended`` is told its problem.
        """
        work = _Work.of(self._store, self._library)
        written: List[Written] = []

        def one(root: Path) -> None:
            done = work.on(root, wishes, lambda at: report(root, at), lambda: called_off(root))
            written.append(done)
            ended(root, done)

        threads = [
            threading.Thread(target=one, args=(root,), name=f"keruen-write-{place}", daemon=True)
            for place, root in enumerate(roots)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._note_speed(written)

    def refresh(
        self, volume: Volume, report: Callable[[SyncProgress], None], cancel: Callable[[], bool]
    ) -> Optional[Written]:
        """Bring the packs that a stick shall carry up to what is here; None where it shall none.

        Raises StickError.
        """
        from sync.sticks.choice import read_choice

        choice = read_choice(volume)
        if choice is None or not choice.packs or not volume.writable:
            return None
        work = _Work.of(self._store, self._library)
        return work.to(volume, Wishes(choice.packs), report, cancel)

    def _note_speed(self, written: Sequence[Written]) -> None:
        speeds = [
            one.written_bytes / one.duration_s
            for one in written
            if one.written_bytes >= _MEASURED_FROM_BYTES and one.duration_s > 0
        ]
        if speeds:
            self._store.keep_settings({_SPEED: str(round(min(speeds)))})


@dataclass(frozen=True)
class _Work:
    """What is read of the laptop once, for all sticks that are written."""

    installation: Installation
    publishers: Mapping[str, Publisher]
    here: FrozenSet[str]

    @classmethod
    def of(cls, store: Store, library: Library) -> _Work:
        """Read it."""
        publishers = packs_here.publishers(store, library)
        return cls(library.installation(), publishers, frozenset(library.current()))

    def on(
        self,
        root: Path,
        wishes: Wishes,
        report: Callable[[SyncProgress], None],
        cancel: Callable[[], bool],
    ) -> Written:
        """Write one stick; what goes wrong with it is told."""
        from sync.sticks.marker import make_stick
        from sync.sticks.turns import turn_at

        try:
            volume = make_stick(root)
            with turn_at(volume, cancel):
                return self.to(volume, wishes, report, cancel)
        except Exception as error:  # noqa: BLE001 - whatever it is, the stick's errand ends
            return Written(problem=problem_of(error))

    def to(
        self,
        volume: Volume,
        wishes: Wishes,
        report: Callable[[SyncProgress], None],
        cancel: Callable[[], bool],
    ) -> Written:
        """Write one stick; raises StickError where nothing could be told of it."""
        from sync.sticks.choice import Choice, read_choice, write_choice
        from sync.sticks.laying import lay
        from sync.sticks.shelf import Shelf

        started_s = time.monotonic()
        before = read_choice(volume)
        kept = before.packs if before else {}
        packs = {**{key: kept[key] for key in kept if not self._is_here(key)}, **wishes.packs}
        write_choice(volume, Choice(packs))
        shelf = Shelf(volume)
        plans, aside = self._plans(packs, shelf)
        files = [file for plan in plans for file in plan.files]
        doomed = _superfluous(shelf, plans) if before else ()
        problem: Optional[Problem] = None
        written_bytes = 0
        try:
            laid = lay(volume, files, doomed, heard=_heard(report), cancel=cancel)
            written_bytes = laid.written_bytes
        except Exception as error:  # noqa: BLE001 - the stick's, a pack's or ours: it is told
            problem = problem_of(error)
        planned = [pack for plan in plans for pack in plan.packs]
        return Written(
            tuple(pack.pack for pack in planned),
            sum(pack.size_bytes for pack in planned),
            written_bytes,
            time.monotonic() - started_s,
            problem,
            aside,
        )

    def _is_here(self, key: str) -> bool:
        publisher, _, pack = key.partition("/")
        return publisher in self.publishers and pack in self.here

    def _plans(
        self, packs: Mapping[str, str], shelf: Shelf
    ) -> Tuple[List[Plan], Tuple[Problem, ...]]:
        from content.errors import ContentError

        choices: Dict[str, Dict[str, str]] = {name: {} for name in self.publishers}
        for key, level in packs.items():
            publisher, _, pack = key.partition("/")
            if publisher in choices:
                choices[publisher][pack] = level
        plans: List[Plan] = []
        aside: List[Problem] = []
        for name, source in sorted(self.publishers.items()):
            try:
                plan = source.plan(self.installation, choices[name], shelf)
            except ContentError as error:
                aside.append(problem_of(error, name))
                continue
            plans.append(plan)
            aside += [problem_of(error, pack) for pack, error in plan.problems.items()]
        return plans, tuple(aside)


def _superfluous(shelf: Shelf, plans: Sequence[Plan]) -> Tuple[str, ...]:
    from content.carrying import superfluous

    return tuple(path for plan in plans for path in superfluous(shelf, plan))


def _heard(report: Callable[[SyncProgress], None]) -> Callable[[int, int], None]:
    sentence = Message("stick_page.writing")
    return lambda done_bytes, total_bytes: report(SyncProgress(sentence, done_bytes, total_bytes))
