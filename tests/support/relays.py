"""Servers above one another for tests: a school below a region, and what both hold."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple

from sync.enrolment import EnrolmentCode
from sync.errors import LinkError, RefusedError, SyncError
from sync.record import Record
from sync_server.people.codes import Wish, issue_code, issue_relay_code
from sync_server.relay.conversation import Relay, Relayed
from sync_server.relay.enrolling import enrol_upstream
from sync_server.relay.upstream import RelayService
from tests.support.device import TestDevice
from tests.support.facts import each_fact_once
from tests.support.server import School


class RelayRoad:
    """A road from a relay to its upstream in memory.

    ``lose_request`` and ``lose_answer`` cut it once. What was carried stays in ``requests``, to be
    doubled or sent late; ``sizes`` are the bytes both ways.
    """

    def __init__(self, upstream: School) -> None:
        self._upstream = upstream
        self.lose_request = False
        self.lose_answer = False
        self.requests: List[bytes] = []
        self.sizes: List[Tuple[int, int]] = []

    def relay(self, request: bytes) -> bytes:
        if self.lose_request:
            self.lose_request = False
            raise LinkError("link-lost", "the request")
        self.requests.append(request)
        try:
            answer = service(self._upstream).relay(request)
        except SyncError as error:
            raise RefusedError(error.code) from error
        if self.lose_answer:
            self.lose_answer = False
            raise LinkError("link-lost", "the answer")
        self.sizes.append((len(request), len(answer)))
        return answer


def service(school: School) -> RelayService:
    """What answers relays at a server."""
    return RelayService(school.store, school.identity, school.clock)


def enrol_relay(below: School, above: School) -> None:
    """Let one server relay to another."""
    code = EnrolmentCode.parse(str(issue_relay_code(above.store, above.clock).code))
    address = "http://above.example"
    enrol_upstream(below.store, below.identity, below.clock, above.road(), code, address)


def relay(
    below: School, above: School, road: Optional[RelayRoad] = None, **options: Any
) -> Relayed:
    """Let a server relay once to another."""
    line = road or RelayRoad(above)
    upstream = above.identity.public.device_id
    one = Relay(below.store, below.identity, below.clock, line, upstream, **options)
    return one.run_once()


def laptop_at(
    school: School,
    students: Sequence[str] = (),
    teachers: Sequence[str] = (),
    of: Optional[School] = None,
    class_name: str = "7А",
) -> TestDevice:
    """A new laptop, enrolled at a server for people of its own, or of the server ``of`` below."""
    wish = Wish(
        class_name,
        tuple(students),
        tuple(teachers),
        school="" if of is None else of.identity.public.device_id,
    )
    issued = issue_code(school.store, school.identity.public.device_id, school.clock, wish)
    device = TestDevice(clock=school.clock)
    device.enrol(school.road(), str(issued.code))
    return device


def facts(school: School, kinds: Tuple[str, ...] = ()) -> List[Record]:
    """All records that a server keeps, each fact once; of some kinds where these are named."""
    rows = school.store._connection.execute("SELECT device, seq FROM records ORDER BY device, seq")
    with school.store.transaction() as transaction:
        found = [transaction.kept_record(*row) for row in rows.fetchall()]
    kept = [record for record in found if record is not None]
    return each_fact_once([one for one in kept if not kinds or one.kind in kinds])


def said(school: School, kinds: Tuple[str, ...]) -> Set[Tuple[str, str, str]]:
    """Person, kind and what was said, for comparing two servers."""
    return {(one.person, one.kind, _plain(one.body)) for one in facts(school, kinds)}


def _plain(body: Dict[str, Any]) -> str:
    return str(sorted((name, value) for name, value in body.items() if name != "carried"))


def save(school: School, place: Path) -> None:
    """Make a backup of a server's database."""
    school.store.backup(place)


def go_back(school: School, place: Path) -> None:
    """Put a backup in the database's place."""
    school.store.close()
    for side in ("-wal", "-shm"):
        Path(str(school.folder.database) + side).unlink(missing_ok=True)
    shutil.copyfile(str(place), str(school.folder.database))
    school.restart()
