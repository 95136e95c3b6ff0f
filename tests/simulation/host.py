"""A server: its real store and services, a switch, a plug and a nightly backup."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Iterator, List, Sequence, Tuple

from sync.branch import fact_digest
from sync.clock import Clock
from sync.errors import LinkError, RefusedError, SyncError
from sync.people import Person
from sync.record import Record
from sync_server.codes import IssuedCode, Wish, issue_code
from sync_server.data_folder import DataFolder
from sync_server.enrolments import EnrolmentService
from sync_server.exchanges import ExchangeService
from sync_server.settings import SCHOOL
from sync_server.store.sqlite import SqliteStore, SqliteTransaction
from tests.support.power import PowerCut


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
        if not self.up:
            raise LinkError("link-unreachable")
        self.store.unplugged = dies
        try:
            return self._exchanges.exchange(request)
        except SyncError as error:
            raise RefusedError(error.code) from error
        except PowerCut as cut:
            self.restart()
            raise LinkError("link-lost") from cut
        finally:
            self.store.unplugged = False

    def code(self, class_name: str, students: Sequence[str], teachers: Sequence[str]) -> IssuedCode:
        wish = Wish(class_name, tuple(students), tuple(teachers))
        return issue_code(self.store, self.identity.public.device_id, self.clock, wish)

    def people(self, class_name: str) -> Tuple[Person, ...]:
        with self.store.transaction() as transaction:
            return transaction.people_of_class(class_name)

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
        """Tell whether a fact is kept here, as it was written or carried by a branch."""
        with self.store.transaction() as transaction:
            kept = transaction.kept_record(device, seq)
            if kept is not None and fact_digest(kept) == digest:
                return True
            return transaction.is_carried(digest)

    def kept(self) -> List[Record]:
        """All records that are kept, in the order of arrival."""
        with self.store.transaction() as transaction:
            return [
                record
                for device in sorted({end[0] for end in transaction.journal_ends()})
                for record in (item.record for item in transaction.journal(device))
                if record is not None
            ]
