"""A server: its real store and services, a switch, a plug and a nightly backup."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from typing import Callable, Iterator, List, Sequence, TypeVar

from sync.clock import Clock
from sync.enrolment import EnrolmentCode
from sync.errors import LinkError, RefusedError, SyncError
from sync.journals.branch import fact_digest
from sync.record import Record
from sync.relaying.exchanger import RelayExchanger
from sync.sticks.volume import Volume
from sync_server.data_folder import DataFolder
from sync_server.exchanges.exchanges import ExchangeService
from sync_server.people.codes import Wish, issue_code, issue_relay_code
from sync_server.people.enrolments import EnrolmentService
from sync_server.relay.conversation import Relay, Relayed
from sync_server.relay.enrolling import enrol_upstream
from sync_server.relay.upstream import RelayService
from sync_server.settings import SCHOOL
from sync_server.sticks.answering import Posted
from sync_server.sticks.visit import Visit
from sync_server.sticks.visiting import Visitor
from sync_server.store.sqlite import SqliteStore, SqliteTransaction
from tests.support.power import PowerCut

_Said = TypeVar("_Said")


class PluggedStore(SqliteStore):
    """A store whose machine can go off after everything was written and before it is committed."""

    def __init__(self, path: Path) -> None:
        self.unplugged = False
        super().__init__(path)
        self._connection.execute("PRAGMA synchronous = OFF")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        with super().transaction() as transaction:
            yield transaction
            if self.unplugged:
                raise PowerCut


class Host:
    """A server in ``root``."""

    def __init__(self, name: str, root: Path, clock: Clock, new: bool = True) -> None:
        self.name = name
        self.clock = clock
        self.up = True
        self.folder = DataFolder(root)
        if new:
            self.folder.create()
        self.identity = self.folder.identity()
        self._open()
        if new:
            with self.store.transaction() as transaction:
                transaction.set_setting(SCHOOL, "Ақсу орта мектебі")

    def _open(self) -> None:
        self.store = PluggedStore(self.folder.database)
        self._exchanges = ExchangeService(self.store, self.identity, self.clock)
        self._enrolments = EnrolmentService(self.store, self.identity, self.clock)
        self._relays = RelayService(self.store, self.identity, self.clock)
        self._visitor = Visitor(self.folder, self.store, self.identity, self.clock)

    def close(self) -> None:
        self.store.close()

    def enrol(self, request: bytes) -> bytes:
        return self._enrolments.enrol(request)

    def exchange(self, request: bytes, dies: bool = False) -> bytes:
        """Answer as over a road: what the server refuses comes back as a refusal.

        Raises:
            LinkError: the server is off, or goes off while it answers.
            RefusedError: with the server's code.
        """
        return self._carried(self._exchanges.exchange, request, dies)

    def relay(self, request: bytes, dies: bool = False) -> bytes:
        """Answer a server below; raises as ``exchange`` does."""
        return self._carried(self._relays.relay, request, dies)

    def visit(self, volume: Volume, dies: bool = False) -> Visit:
        """Take a stick's letters and leave replies; raises PowerCut where the server goes off."""
        self.store.unplugged = dies
        try:
            return self._visitor.visit(volume)
        finally:
            self.store.unplugged = False

    def post(self, letter: bytes, dies: bool = False) -> Posted:
        """Answer a letter that somebody carried here; raises as ``exchange`` does."""
        return self._carried(self._visitor.letters.post, letter, dies)

    def _carried(self, service: Callable[[bytes], _Said], request: bytes, dies: bool) -> _Said:
        if not self.up:
            raise LinkError("link-unreachable")
        self.store.unplugged = dies
        try:
            return service(request)
        except SyncError as error:
            raise RefusedError(error.code) from error
        except PowerCut as cut:
            self.restart()
            raise LinkError("link-lost") from cut
        finally:
            self.store.unplugged = False

    @property
    def id(self) -> str:
        return self.identity.public.device_id

    def code(
        self, class_name: str, students: Sequence[str], teachers: Sequence[str], school: str = ""
    ) -> EnrolmentCode:
        """Give out a code for people of this server, or of the one below with an id."""
        wish = Wish(class_name, tuple(students), tuple(teachers), school=school)
        return issue_code(self.store, self.id, self.clock, wish).code

    def join(self, above: Host) -> None:
        """Become the relay of another server."""
        code = EnrolmentCode.parse(str(issue_relay_code(above.store, above.clock).code))
        address = "http://region.example"
        enrol_upstream(self.store, self.identity, self.clock, above, code, address)

    def relay_over(self, road: RelayExchanger) -> Relayed:
        """Exchange with the server above until neither has more to say."""
        return Relay(self.store, self.identity, self.clock, road).run_once()

    def restart(self) -> None:
        self.store.close()
        self._open()

    def back_up(self, path: Path) -> None:
        """Copy the database while it is in use."""
        path.unlink(missing_ok=True)
        self.store.backup(path)

    def restore(self, backup: Path) -> None:
        """Put a backup in the database's place."""
        self.store.close()
        for side in ("", "-wal", "-shm"):
            Path(str(self.folder.database) + side).unlink(missing_ok=True)
        shutil.copyfile(str(backup), str(self.folder.database))
        self._open()

    def holds(self, digest: bytes, device: str, seq: int) -> bool:
        """Tell whether a journal here has a fact, as it was written or carried by a branch.

        What a server above only told of is nothing that can be asked back.
        """
        with self.store.transaction() as transaction:
            carried = transaction.is_carried(digest)
        rows = self.store._connection.execute(
            "SELECT r.device, r.seq, time, person, kind, body FROM records r"
            " JOIN journals j ON j.device = r.device AND r.seq <= j.seq"
            " WHERE (r.device = ? AND r.seq = ?) OR (? AND body LIKE ?)",
            (device, seq, carried, f'%"carried":%"{device}"%'),
        )
        return any(fact_digest(Record(*row[:5], json.loads(row[5]))) == digest for row in rows)

    def kept(self) -> List[Record]:
        """All records that are kept, whichever way they came."""
        rows = self.store._connection.execute(
            "SELECT device, seq, time, person, kind, body FROM records ORDER BY device, seq"
        )
        return [Record(*row[:5], json.loads(row[5])) for row in rows]
