"""A school in memory: the real server's services without HTTP, and roads to it that can fail."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from content.building.builder import build_pack
from content.repositories.repository import Repository
from content.trust.keys import PublisherKey
from sync.clock import SystemClock
from sync.errors import (
    CODES,
    EnrolmentError,
    Fault,
    LinkError,
    ObjectError,
    RefusedError,
    SyncError,
)
from sync.objects import Download, ObjectSpec
from sync_server.data_folder import DataFolder
from sync_server.exchanges.exchanges import ExchangeService
from sync_server.lessons.publishing import publish
from sync_server.people.codes import Wish, issue_code
from sync_server.people.enrolments import EnrolmentService
from tests.support.pack_source import PACK, write_source

CLASS = "7 «А»"
ADDRESS = "http://school.test"


class School:
    """A server's folder, its services, and a publisher whose packs it carries."""

    def __init__(self, folder: Path, clock=None):
        self.folder = folder
        self.clock = clock or SystemClock()
        self.data = DataFolder(folder / "server")
        self.data.create()
        self.identity = self.data.identity()
        self.store = self.data.open_store()
        with self.store.transaction() as transaction:
            transaction.set_setting("school", "Қарағаш орта мектебі")
        self.exchanges = ExchangeService(self.store, self.identity, self.clock)
        self.enrolments = EnrolmentService(self.store, self.identity, self.clock)
        self.publisher = PublisherKey.from_seed(b"publisher".ljust(32, b"."))
        self.key_id = self.publisher.public.key_id
        self.repository = Repository(self.data.repositories / self.key_id)

    def publish(self, pack: str = PACK, version: int = 1, **source) -> None:
        """Build a version of a small pack and publish it."""
        place = self.folder / "sources" / f"{pack}-{version}"
        write_source(place, pack, version, **source)
        self.publish_folder(place)

    def publish_folder(self, place: Path) -> None:
        """Build a pack from its source and publish it."""
        build_pack(place, self.folder / "repository", self.publisher)
        publish(self.store, self.data.repositories, self.folder / "repository", self.key_id)

    def code(
        self, students: Sequence[str] = (), teachers: Sequence[str] = (), laptops: int = 1
    ) -> str:
        """Give out a code for people of class 7 «А»."""
        wish = Wish(CLASS, tuple(students), tuple(teachers), laptops)
        return str(issue_code(self.store, self.identity.public.device_id, self.clock, wish).code)

    def submissions(self) -> List[Tuple[str, Dict]]:
        """All submissions that the school holds: (person, answers)."""
        database = sqlite3.connect(str(self.data.database))
        rows = database.execute("SELECT person, body FROM records WHERE kind = 'submission'")
        found = [(person, json.loads(body)["answers"]) for person, body in rows]
        database.close()
        return found

    def close(self):
        self.store.close()


@dataclasses.dataclass
class Weather:
    """What happens on a road, to be changed while it is used."""

    away: bool = False
    """Nobody answers."""
    lose_answers: int = 0
    """So many answers are lost after the server did its work."""
    doubled: bool = False
    """Every message arrives twice."""
    cut_after_bytes: Optional[int] = None
    """The next download breaks off after so many bytes."""
    change: Callable[[str, bytes], bytes] = staticmethod(lambda path, data: data)
    """What the road does to a file of the repository."""
    before: Callable[[str], None] = staticmethod(lambda path: None)
    """Called with every path that is asked for."""


class MemoryRoad:
    """A road to a `School`; counts requests and message bytes, and knows what was asked for."""

    def __init__(self, school: School, weather: Optional[Weather] = None):
        self.school = school
        self.weather = weather or Weather()
        self.requests = self.sent_bytes = self.received_bytes = 0
        self.asked: List[Tuple[str, int]] = []

    def __call__(self, address: str) -> MemoryRoad:
        return self

    def exchange(self, request: bytes) -> bytes:
        return self._message("/exchange", self.school.exchanges.exchange, request)

    def enrol(self, request: bytes) -> bytes:
        return self._message("/enrol", self.school.enrolments.enrol, request)

    def _message(self, path, service, request):
        self._go(path)
        self.sent_bytes += len(request)
        try:
            answer = service(request)
            if self.weather.doubled:
                answer = service(request)
        except EnrolmentError:
            raise
        except SyncError as error:
            assert CODES[error.code].fault is not Fault.BUG
            raise RefusedError(error.code, error.detail) from error
        if self.weather.lose_answers:
            self.weather.lose_answers -= 1
            raise LinkError("link-lost")
        self.received_bytes += len(answer)
        return answer

    def fetch(self, path: str, max_bytes: int) -> bytes:
        self._go(path)
        _, below, trust = path.partition("/trust/")
        file = self.school.data.repositories / path[len("/repository/") :]
        file = self.school.data.root / "trust" / trust if below else file
        if not file.is_file():
            raise ObjectError("object-missing", path)
        data = self.weather.change(path, file.read_bytes())
        if len(data) > max_bytes:
            raise ObjectError("object-size", path)
        self.received_bytes += len(data)
        return data

    def download(
        self,
        spec: ObjectSpec,
        part_path: Path,
        final_path: Path,
        *,
        repository: str,
        progress=None,
        cancel=None,
    ) -> None:
        path = f"{repository}/objects/{spec.sha256[:2]}/{spec.sha256}"
        data = self.fetch(path, 1 << 40)
        with Download(spec, part_path, reserve_bytes=0) as download:
            self.asked.append((path, download.position_bytes))
            while not download.complete:
                cut = self.weather.cut_after_bytes
                step = data[download.position_bytes :][:65_536]
                if cut is not None and len(step) >= cut:
                    download.write(step[:cut])
                    self.weather.cut_after_bytes = None
                    raise LinkError("link-lost")
                if cut is not None:
                    self.weather.cut_after_bytes = cut - len(step)
                if not step:
                    raise LinkError("link-lost")
                download.write(step)
                if progress:
                    progress(download.position_bytes, spec.size_bytes)
                if cancel and cancel():
                    from sync.errors import CancelledError

                    raise CancelledError()
            download.finish(final_path)

    def _go(self, path: str) -> None:
        self.weather.before(path)
        if self.weather.away:
            raise LinkError("link-unreachable")
        self.requests += 1

    def close(self) -> None:
        pass
