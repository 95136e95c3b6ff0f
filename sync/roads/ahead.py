"""Several requests at once, so that a link never idles between one answer and the next.

Whoever fetches says early what will be wanted, in that order, and then asks for one thing
after the other. All goes over one line, one request behind the other (`sync.roads.convoy`), or
where there can be none (through a proxy, under TLS, with a server that ignores what is sent early)
over several connections side by side. What is first in order comes first.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Set, Tuple

from sync.errors import CancelledError, Fault, LinkError, SyncError
from sync.objects import ObjectSpec
from sync.roads.carrier import Carrier
from sync.roads.errand import DONE, RUNNING, WAITING, Errand, file_errand, object_errand
from sync.roads.lenders import Lenders
from sync.roads.overtaking import overtakes
from sync.roads.passing import Passing
from sync.roads.post import Post
from sync.roads.road import Cancel, Progress

LANES = 8
"""Small files take a round trip each: so many of them together fill a long link."""
LINES = 2
"""Two: senders that measure the link (BBR) leave it idle now and then, each at its own time."""
HELD_BYTES = 8 << 20
"""How much of small files may wait in memory to be asked for."""
SOURCES_FAULT = frozenset(
    (
        "object-missing",
        "object-damaged",
        "object-size",
        "link-unreachable",
        "link-stalled",
        "link-lost",
        "link-captive",
        "link-altered",
        "server-busy",
        "server-failed",
        "server-refused",
    )
)
"""Codes of what one source fails at and another may not."""
_LOOK_S, _IDLE_S = 0.2, 1.0


def may_start(running_bytes: List[int], ahead_bytes: int, asked: bool) -> bool:
    """Tell whether a further request is to be made now.

    ``running_bytes`` are what is to come of each that is on its way; ``asked`` tells that somebody
    waits for this one already.
    """
    if not running_bytes:
        return True
    if len(running_bytes) >= LANES:
        return False
    return asked or sum(running_bytes) < ahead_bytes


class Ahead(Passing):
    """A road that fetches ahead over twins of another. For one thread; ``close`` it in the end.

    ``blamed`` are the addresses of further sources that were given up, and why.
    """

    def __init__(
        self, road: Carrier, others: Sequence[Carrier] = (), lenders: Sequence[Carrier] = ()
    ) -> None:
        """Fetch from where ``road`` leads, and objects from ``others`` and ``lenders`` too.

        Each takes the next object when it has brought the last, so a faster one brings more; when
        there is none left it takes over what a slower one is at (`sync.roads.overtaking`). What one
        does not have or has wrong is had from another. Neighbours who lend are waited for a little
        before anybody else is asked (`sync.roads.lenders`).
        """
        super().__init__(road)
        self._road = road
        self._sources = [road, *others, *lenders]
        self._lenders = Lenders(range(1 + len(others), len(self._sources)))
        self._given_up: Dict[int, SyncError] = {}
        self._rates: Dict[int, float] = {}
        self._lined = road.line() is not None
        self._opened = LINES if self._lined else 1
        self._changed = threading.Condition()
        self._errands: Dict[str, Errand] = {}
        self._workers: List[threading.Thread] = []
        self._twins: List[Carrier] = []
        self._idle: Set[Tuple[int, int]] = set()
        self._halted = False
        self._over = False

    @property
    def blamed(self) -> Dict[str, SyncError]:
        """Which further sources were given up, and why; neighbours come and go without a word."""
        return {
            self._sources[at].base_url: error
            for at, error in self._given_up.items()
            if at not in self._lenders.sources
        }

    def expect_file(self, path: str, size_bytes: int) -> None:
        """Say that a small file will be asked for."""
        self._expect(file_errand(path, size_bytes))

    def expect_object(
        self, spec: ObjectSpec, part_path: Path, final_path: Path, *, repository: str
    ) -> None:
        """Say that an object will be asked for."""
        self._expect(object_errand(spec, part_path, final_path, repository))

    def forgo_object(self, final_path: Path) -> None:
        """Say that an object will not be asked for after all: it is brought no further."""
        with self._changed:
            errand = self._errands.get(str(final_path))
            if errand is not None and not errand.asked:
                self._drop(errand)

    def fetch(self, path: str, max_bytes: int) -> bytes:
        """Bring a small file, as a road does, and raise as it does."""
        data = self._await(file_errand(path, max_bytes), None, None)
        assert data is not None  # noqa: S101 - a file's errand brings bytes
        return data

    def download(
        self,
        spec: ObjectSpec,
        part_path: Path,
        final_path: Path,
        *,
        repository: str,
        progress: Optional[Progress] = None,
        cancel: Optional[Cancel] = None,
    ) -> None:
        """Bring an object, as a road does, and raise as it does; ``cancel`` is heard at once."""
        errand = object_errand(spec, part_path, final_path, repository)
        self._await(errand, progress, cancel)

    def close(self) -> None:
        """End what is on its way and let go; what came stays in its part files."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
            twins = list(self._twins)
        for twin in twins:
            twin.abort()
        for worker in self._workers:
            worker.join()

    def _expect(self, errand: Errand) -> None:
        with self._changed:
            errand = self._known(errand)
            errand.dropped = errand.dropped and errand.heir is not None
            self._employ()
            self._changed.notify_all()

    def _await(
        self, errand: Errand, progress: Optional[Progress], cancel: Optional[Cancel]
    ) -> Optional[bytes]:
        with self._changed:
            errand = self._known(errand)
            errand.asked, errand.dropped = True, errand.dropped and errand.heir is not None
            self._employ()
            self._changed.notify_all()
            while errand.state != DONE:
                self._changed.wait(_LOOK_S)
                try:
                    self._tell(errand, progress, cancel)
                except BaseException:
                    self._drop(errand)
                    raise
            self._tell(errand, progress, None)
            del self._errands[errand.name]
            self._changed.notify_all()
        if errand.error is not None:
            raise errand.error
        return errand.result

    def _known(self, errand: Errand) -> Errand:
        """Give the errand that is under way already, or this one, known from now on."""
        errand.expected_s = time.monotonic()
        return self._errands.setdefault(errand.name, errand)

    def _drop(self, errand: Errand) -> None:
        """Bring an errand no further: nobody waits for it any more."""
        errand.asked, errand.dropped, errand.heir = False, True, None
        if errand.state != RUNNING:
            self._errands.pop(errand.name, None)

    def _tell(self, errand: Errand, progress: Optional[Progress], cancel: Optional[Cancel]) -> None:
        """Report and ask with the lock let go, since either may take its time."""
        self._changed.release()
        try:
            if cancel is not None and cancel():
                raise CancelledError(errand.name)
            if progress is not None and errand.here_bytes != errand.seen_bytes:
                errand.seen_bytes = errand.here_bytes
                progress(errand.seen_bytes, errand.size_bytes)
        finally:
            self._changed.acquire()

    def _employ(self) -> None:
        """Have a worker for each errand, up to as many as there are posts.

        All lines are opened with the first errand: more follow as a rule, and that takes a while.
        Other sources watch from the first object on, in case that it comes slowly.
        """
        open_count = sum(one.state != DONE for one in self._errands.values())
        more = (LINES if self._lined else LANES) - self._opened
        posts = [*[0] * self._opened, *range(1, len(self._sources)), *[0] * more]
        objects = any(one.part for one in self._errands.values())
        least = self._opened + (len(self._sources) - 1 if objects else 0)
        while len(self._workers) < min(len(posts), max(least, open_count)):
            number = len(self._workers)
            post = Post(self, posts[number], number)
            worker = threading.Thread(target=post.work, name="keruen-ahead", daemon=True)
            self._workers.append(worker)
            worker.start()

    def twin(self, source: int) -> Carrier:
        """Give a worker a connection to a source, which `close` ends."""
        twin = self._sources[source].twin()
        with self._changed:
            self._twins.append(twin)
        return twin

    def refused_line(self, source: int) -> None:
        """Go on with requests side by side, which any server understands."""
        with self._changed:
            self._lined = self._lined and source > 0
            self._employ()

    def alone(self, source: int, number: int) -> Optional[Errand]:
        """Wait for something to do on a connection of its own; None when there will be nothing."""
        with self._changed:
            self._idle.add((source, number))
            while not self._over and source not in self._given_up:
                # The first of the idle goes: few connections are used, and those stay warm.
                first = min(one for one in self._idle if one[0] == source) == (source, number)
                errand = self._next(source) if first else None
                if errand is not None:
                    self._begin(errand, source)
                    self._idle.remove((source, number))
                    self._changed.notify_all()
                    return errand
                if first:
                    self._overtake(source)
                self._changed.wait(self._lenders.nap_s(_IDLE_S))
        return None

    def pick(self, source: int, flying_bytes: List[int], wait: bool) -> Optional[Errand]:
        """Give a convoy its next errand."""
        with self._changed:
            while not self._over and source not in self._given_up:
                errand = self._first_waiting(source)
                enough = sum(flying_bytes) >= self._sources[source].flow.line_bytes()
                if errand is not None and not (flying_bytes and enough):
                    self._begin(errand, source)
                    return errand
                if not wait:
                    return None
                self._overtake(source)
                self._changed.wait(self._lenders.nap_s(_IDLE_S))
        return None

    def _begin(self, errand: Errand, source: int) -> None:
        errand.run_at(source)
        self._lenders.begins(source, errand, time.monotonic())

    def _overtake(self, source: int) -> None:
        """Have an idle source go on with what takes a slower one much longer."""
        now_s = time.monotonic()
        for errand in self._errands.values():
            rate = errand.rate_bytes_per_s(now_s)
            may = errand.part and errand.source != source and source not in errand.not_at
            may = may and errand.again_s.get(source, now_s) <= now_s
            if rate is None or not may or errand.dropped:
                continue
            self._rates[errand.source] = rate
            if overtakes(errand.to_come_bytes, rate, self._rates.get(source)):
                errand.leave_to(source)
                if self._lenders.is_slow(errand.source, source):
                    self._given_up[errand.source] = LinkError("link-stalled", "overtaken")
                return

    def put_back(self, errands: List[Errand]) -> None:
        """Have errands brought all the same, though what carried them broke."""
        with self._changed:
            for errand in errands:
                self._stopped(errand)
            self._changed.notify_all()

    def heard(self, errand: Errand, here_bytes: int) -> None:
        """Note how far an errand is."""
        with self._changed:
            errand.note(here_bytes, time.monotonic())
            self._lenders.brings(errand.source, time.monotonic())
            self._changed.notify_all()

    def cancelled(self, errand: Errand) -> bool:
        """Whether an errand is to stop."""
        return self._over or errand.dropped

    def done(
        self, source: int, errand: Errand, result: Optional[bytes], error: Optional[Exception]
    ) -> None:
        """Note how an errand ended at a source; what it failed at is had from another."""
        with self._changed:
            rate = errand.rate_bytes_per_s(time.monotonic())
            if rate is not None:
                self._rates[source] = rate
            if error is None:
                self._lenders.came(errand, time.monotonic())
            if isinstance(error, CancelledError) and not self._over:
                self._stopped(errand)
            elif isinstance(error, SyncError) and self._elsewhere(source, errand, error):
                errand.state = WAITING
                errand.error = errand.error if source in self._lenders.sources else error
            else:
                # What its own source said counts, not what a neighbour said after it.
                kept = errand.error if source in self._lenders.sources and error else None
                errand.result, errand.error, errand.state = result, kept or error, DONE
                # Nobody asked for the next ones yet, and the link has just failed.
                self._halted = isinstance(error, SyncError) and error.fault is Fault.LINK
            self._changed.notify_all()

    def _stopped(self, errand: Errand) -> None:
        """Have an errand brought all the same, unless it was dropped and nobody goes on with it."""
        errand.state = WAITING
        if errand.dropped and errand.heir is None:
            self._errands.pop(errand.name, None)

    def _elsewhere(self, source: int, errand: Errand, error: SyncError) -> bool:
        """Tell whether another source is to be tried, and blame this one where it is to blame."""
        if not errand.part or error.code not in SOURCES_FAULT:
            return False
        lender = source in self._lenders.sources
        if not self._lenders.bears(source, errand, error, time.monotonic()) and source:
            self._given_up[source] = error
        if not lender:
            errand.not_at.add(source)
        left = set(range(len(self._sources))) - set(self._given_up) - errand.not_at
        return bool(left)

    def _next(self, source: int) -> Optional[Errand]:
        """Choose what to begin now on a connection of its own."""
        running = [one.to_come_bytes for one in self._errands.values() if one.state == RUNNING]
        found = self._first_waiting(source)
        if found is None or not may_start(running, self._road.flow.ahead_bytes(), found.asked):
            return None
        return found

    def _first_waiting(self, source: int) -> Optional[Errand]:
        """Find what a source may have: what is asked for, or else what is expected first."""
        errands = self._errands.values()
        # Two that share a part file (one video in two packs) must not write it together.
        parts = {one.part for one in errands if one.state == RUNNING and one.part}
        waiting = [
            one
            for one in errands
            if one.state == WAITING
            and one.part not in parts
            and source not in one.not_at
            and (one.part or not source)
            and (one.heir in (None, source) or one.heir in self._given_up)
            and self._lenders.may_ask(source, one, self._given_up, time.monotonic())
        ]
        asked = self._lenders.first(source, [one for one in waiting if one.asked], waiting)
        if asked is not None or self._halted or not waiting:
            return asked
        held_bytes = sum(len(one.result or b"") for one in errands)
        return waiting[0] if held_bytes < HELD_BYTES else None
