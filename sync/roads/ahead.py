"""Several requests at once, so that a link never idles between one answer and the next.

Whoever fetches says early what will be wanted, in that order, and then asks for one thing
after the other. Workers with a connection each fetch ahead: the next request is made when little
of the last is still to come. So what is first in order comes first, and at full speed.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, List, Optional, Protocol, Set, runtime_checkable

from sync.errors import CancelledError, Fault, SyncError
from sync.objects import ObjectSpec
from sync.pace import Pace
from sync.roads.flow import Flow

LANES = 8
"""Small files take a round trip each: so many of them together fill a long link."""
HELD_BYTES = 8 << 20
"""How much of small files may wait in memory to be asked for."""
_LOOK_S = 0.2

Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]


@runtime_checkable
class Carrier(Protocol):
    """What is asked of a road; `sync.roads.http.HttpRoad` is one.

    ``pace`` is told of every run of bytes that is fetched.
    """

    pace: Pace

    @property
    def flow(self) -> Flow:
        """What is known of the link."""
        ...

    @property
    def requests(self) -> int:
        """How many requests it and its twins made."""
        ...

    @property
    def sent_bytes(self) -> int:
        """What they sent."""
        ...

    @property
    def received_bytes(self) -> int:
        """What they received."""
        ...

    def exchange(self, request: bytes) -> bytes:
        """Carry an exchange."""
        ...

    def enrol(self, request: bytes) -> bytes:
        """Carry an enrolment."""
        ...

    def twin(self) -> Carrier:
        """Give a further connection of this road, for another thread."""
        ...

    def fetch(self, path: str, max_bytes: int) -> bytes:
        """Bring a small file."""
        ...

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
        """Bring an object."""
        ...

    def abort(self) -> None:
        """End what is on its way, from any thread."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


_WAITING, _RUNNING, _DONE = range(3)


@dataclass
class _Errand:
    """One thing to be brought."""

    name: str
    size_bytes: int
    do: Callable[[Carrier, Progress, Cancel], Optional[bytes]]
    part: str = ""
    asked: bool = False
    state: int = _WAITING
    here_bytes: int = 0
    result: Optional[bytes] = None
    error: Optional[Exception] = None
    seen: int = field(default=0, compare=False)

    @property
    def to_come_bytes(self) -> int:
        return max(0, self.size_bytes - self.here_bytes)


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


class Ahead:
    """A road that fetches ahead over twins of another. For one thread; ``close`` it in the end."""

    def __init__(self, road: Carrier) -> None:
        self._road = road
        self._changed = threading.Condition()
        self._errands: Dict[str, _Errand] = {}
        self._workers: List[threading.Thread] = []
        self._twins: List[Carrier] = []
        self._idle: Set[int] = set()
        self._halted = False
        self._over = False

    @property
    def requests(self) -> int:
        """How many requests were made."""
        return self._road.requests

    @property
    def sent_bytes(self) -> int:
        """How many bytes were sent."""
        return self._road.sent_bytes

    @property
    def received_bytes(self) -> int:
        """How many bytes were received."""
        return self._road.received_bytes

    def exchange(self, request: bytes) -> bytes:
        """Carry an exchange on the road itself, beside what is fetched."""
        return self._road.exchange(request)

    def enrol(self, request: bytes) -> bytes:
        """Carry an enrolment on the road itself."""
        return self._road.enrol(request)

    def expect_file(self, path: str, size_bytes: int) -> None:
        """Say that a small file will be asked for."""
        self._expect(_file_errand(path, size_bytes))

    def expect_object(
        self, spec: ObjectSpec, part_path: Path, final_path: Path, *, repository: str
    ) -> None:
        """Say that an object will be asked for."""
        self._expect(_object_errand(spec, part_path, final_path, repository))

    def fetch(self, path: str, max_bytes: int) -> bytes:
        """Bring a small file, as a road does, and raise as it does."""
        data = self._await(_file_errand(path, max_bytes), None, None)
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
        errand = _object_errand(spec, part_path, final_path, repository)
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

    def _expect(self, errand: _Errand) -> None:
        with self._changed:
            self._errands.setdefault(errand.name, errand)
            self._employ()
            self._changed.notify_all()

    def _await(
        self, errand: _Errand, progress: Optional[Progress], cancel: Optional[Cancel]
    ) -> Optional[bytes]:
        with self._changed:
            errand = self._errands.setdefault(errand.name, errand)
            errand.asked = True
            self._employ()
            self._changed.notify_all()
            while errand.state != _DONE:
                self._changed.wait(_LOOK_S)
                self._tell(errand, progress, cancel)
            self._tell(errand, progress, None)
            del self._errands[errand.name]
            self._changed.notify_all()
        if errand.error is not None:
            raise errand.error
        return errand.result

    def _tell(
        self, errand: _Errand, progress: Optional[Progress], cancel: Optional[Cancel]
    ) -> None:
        """Report and ask with the lock let go, since either may take its time."""
        self._changed.release()
        try:
            if cancel is not None and cancel():
                raise CancelledError(errand.name)
            if progress is not None and errand.here_bytes != errand.seen:
                errand.seen = errand.here_bytes
                progress(errand.seen, errand.size_bytes)
        finally:
            self._changed.acquire()

    def _employ(self) -> None:
        """Have a worker for each errand, up to ``LANES``."""
        open_count = sum(one.state != _DONE for one in self._errands.values())
        while len(self._workers) < min(LANES, open_count):
            number = len(self._workers)
            worker = threading.Thread(
                target=self._work, args=(number,), name="keruen-ahead", daemon=True
            )
            self._workers.append(worker)
            worker.start()

    def _work(self, number: int) -> None:
        twin = self._road.twin()
        with self._changed:
            self._twins.append(twin)
        try:
            while True:
                with self._changed:
                    errand = self._await_errand(number)
                if errand is None:
                    return
                self._run(twin, errand)
        finally:
            twin.close()

    def _await_errand(self, number: int) -> Optional[_Errand]:
        """Wait for something to do; None when there will be nothing any more."""
        self._idle.add(number)
        while not self._over:
            # The first of the idle goes, so that few connections are used, and those stay warm.
            errand = self._next() if number == min(self._idle) else None
            if errand is not None:
                errand.state = _RUNNING
                self._idle.remove(number)
                self._changed.notify_all()
                return errand
            self._changed.wait()
        return None

    def _next(self) -> Optional[_Errand]:
        """Choose what to begin now: what is asked for, then what is expected first."""
        errands = self._errands.values()
        running = [one.to_come_bytes for one in errands if one.state == _RUNNING]
        # Two that share a part file (one video in two packs) must not write it together.
        parts = {one.part for one in errands if one.state == _RUNNING and one.part}
        waiting = [one for one in errands if one.state == _WAITING and one.part not in parts]
        asked = next((one for one in waiting if one.asked), None)
        found = asked or (waiting[0] if waiting and not self._halted else None)
        if found is None or not may_start(running, self._road.flow.ahead_bytes(), found.asked):
            return None
        held_bytes = sum(len(one.result or b"") for one in errands)
        return found if found.asked or held_bytes < HELD_BYTES else None

    def _run(self, twin: Carrier, errand: _Errand) -> None:
        def heard(here_bytes: int, _: int) -> None:
            with self._changed:
                errand.here_bytes = here_bytes
                self._changed.notify_all()

        try:
            errand.result = errand.do(twin, heard, lambda: self._over)
        except Exception as error:  # noqa: BLE001 - whoever asks for it gets it
            errand.error = error
        with self._changed:
            errand.state = _DONE
            # Nobody asked for the next ones yet, and the link has just failed.
            self._halted = isinstance(errand.error, SyncError) and (
                errand.error.fault is Fault.LINK
            )
            self._changed.notify_all()


def _file_errand(path: str, size_bytes: int) -> _Errand:
    return _Errand(path, size_bytes, lambda road, _, __: road.fetch(path, size_bytes))


def _object_errand(spec: ObjectSpec, part_path: Path, final_path: Path, repository: str) -> _Errand:
    def bring(road: Carrier, progress: Progress, cancel: Cancel) -> None:
        road.download(
            spec,
            part_path,
            final_path,
            repository=repository,
            progress=progress,
            cancel=cancel,
        )

    return _Errand(str(final_path), spec.size_bytes, bring, str(part_path))
