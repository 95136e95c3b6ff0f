"""A laptop: a real database file and the real protocol over it, with a disk that can be imaged,
a plug that can be pulled between any two statements, and a clock that lies.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, FrozenSet, Iterable, List, Mapping, Optional, Set, Tuple

from sync.clock import Clock
from sync.enrolment import (
    EnrolmentCode,
    EnrolmentRequest,
    code_keys,
    make_enrolment_request,
    open_enrolment_answer,
)
from sync.errors import MessageError
from sync.exchanges.dialogue import Parties, apply_answer, read_answer
from sync.exchanges.exchange import Exchanger
from sync.exchanges.healing import Healed, exchange_and_heal
from sync.identity import Identity, PublicIdentity
from sync.journals.branch import fact_digest, original
from sync.journals.compaction import compact
from sync.journals.inbox import Inbox
from sync.journals.journal import Journal
from sync.journals.lineage import Lineage
from sync.kinds import CLOCK, body_fields
from sync.people import Person
from sync.record import Record
from sync.sticks.correspondence import own_devices
from tests.support.power import PowerCut

UNKNOWN_KIND = "club-note"
"""What a newer programme writes: kept and passed on all the same."""
KINDS = (*sorted(body_fields()), UNKNOWN_KIND)


@dataclass
class SlippedClock:
    """Shows the true time with an error."""

    true: Clock
    error_ms: int = 0

    def now_ms(self) -> int:
        return self.true.now_ms() + self.error_ms


class FusedConnection(sqlite3.Connection):
    """A connection that can die before any statement, and then stays dead."""

    fuse: Optional[int] = None

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        self._burn()
        return super().execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        self._burn()
        return super().executemany(*arguments)

    def _burn(self) -> None:
        if self.fuse is None:
            return
        if self.fuse <= 0:
            raise PowerCut
        self.fuse -= 1


def open_file(path: Path) -> FusedConnection:
    """Open a database as the programme does, but for the flushes: here no power is ever lost."""
    db = sqlite3.connect(str(path), isolation_level=None, factory=FusedConnection)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=OFF")
    return db


@dataclass(frozen=True)
class Image:
    """A copy of a laptop's disk, and the names of the facts that are on it."""

    path: Path
    enrolled: Identity
    server: PublicIdentity
    people: Tuple[Person, ...]
    host: Any
    compacted: bool
    facts: FrozenSet[bytes]


class Laptop:
    """One laptop. ``facts`` names what its own people saved on this disk, by fact digest."""

    def __init__(self, name: str, path: Path, true: Clock) -> None:
        self.name = name
        self.path = path
        self.clock = SlippedClock(true)
        self.people: Tuple[Person, ...] = ()
        self.facts: Set[bytes] = set()
        self.host: Any = None
        self.compacted = False
        self._enrolled: Optional[Identity] = None
        self._server: Optional[PublicIdentity] = None
        self._writing: Optional[Identity] = None
        self._db: Optional[FusedConnection] = None

    @property
    def db(self) -> FusedConnection:
        if self._db is None:
            self._db = open_file(self.path)
        return self._db

    @property
    def identity(self) -> Identity:
        """The keys that this disk writes under now."""
        if self._writing is None:
            assert self._enrolled is not None, "enrol first"
            self._writing = Lineage(self.db, self.clock).adopted() or self._enrolled
        return self._writing

    @property
    def journal(self) -> Journal:
        return Journal(self.db, self.identity.public, self.clock)

    @property
    def inbox(self) -> Inbox:
        return Inbox(self.db)

    @property
    def parties(self) -> Parties:
        assert self._server is not None, "enrol first"
        return Parties(self.db, self.identity, self._server, self.journal, self.inbox)

    def enrol(self, code: EnrolmentCode, server: Any) -> None:
        """Join a school with a code; ``server`` has ``enrol(bytes) -> bytes``."""
        keys = code_keys(code)
        self._enrolled = Identity.generate()
        request = make_enrolment_request(keys, EnrolmentRequest(self._enrolled.public, self.name))
        answer = open_enrolment_answer(keys, request, server.enrol(request))
        self._server, self.people, self.host = answer.server, answer.people, server
        self._learn_time(answer.server_time_ms)

    def _learn_time(self, server_time_ms: int) -> None:
        clock = self.journal.clock()
        clock.refer(server_time_ms)
        self.journal.keep_clock(clock)

    def write(self, person: str, kind: str, body: Mapping[str, Any]) -> Record:
        """Save something: from here on it must not be lost."""
        record = self.journal.append(person, kind, body)
        self.facts.add(fact_digest(record))
        return record

    def said_of_clocks(self) -> List[Record]:
        """Return what the programme itself wrote here that was not asked for before."""
        first = [one for one in self.written("kind = ?", CLOCK) if original(one) is one]
        new = [one for one in first if fact_digest(one) not in self.facts]
        self.facts |= set(map(fact_digest, new))
        return new

    def written(self, condition: str = "kind <> ?", value: str = CLOCK) -> List[Record]:
        """Return what the journals on this disk hold, all of them, as it was written."""
        rows = self.db.execute(
            "SELECT device, seq, time, person, kind, body FROM sync_journal"
            f" WHERE body <> '' AND {condition}",
            (value,),
        )
        return [Record(*row[:5], json.loads(row[5])) for row in rows.fetchall()]

    def sync(self, road: Exchanger) -> Healed:
        """Exchange until neither side has more to say, whatever became of this laptop."""
        try:
            return exchange_and_heal(self.parties, road, {}, self.clock)
        finally:
            self._writing = None

    @property
    def server(self) -> PublicIdentity:
        """The server that this disk is enrolled at."""
        assert self._server is not None, "enrol first"
        return self._server

    def follow_branch(self) -> None:
        """Go on under whatever identity the disk says."""
        self._writing = None

    def devices(self) -> List[str]:
        """Name the devices whose keys are on this disk."""
        return list(own_devices(self.parties, self.clock))

    def take_late(self, answer: bytes) -> bool:
        """Take an answer that was long on its way; tell whether it was still for this identity."""
        parties = self.parties
        try:
            read = read_answer(parties, answer)
        except MessageError as error:
            if error.code != "message-unreadable":
                raise
            return False
        apply_answer(self.db, parties.journal, parties.inbox, read, parties.server, late=True)
        return True

    def power_cut_after(self, statements: int) -> None:
        """Pull the plug when so many more statements have reached the disk."""
        self.db.fuse = statements

    def spare(self) -> None:
        """Leave the plug in after all."""
        self.db.fuse = None

    def reboot(self) -> None:
        """Lose everything that was not committed."""
        if self._db is not None:
            self._db.close()
        self._db = self._writing = None

    def image(self, path: Path) -> Image:
        """Copy the whole disk as it is."""
        assert self._enrolled is not None and self._server is not None
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        shutil.copyfile(str(self.path), str(path))
        facts = frozenset(self.facts)
        kept = (self._enrolled, self._server, self.people, self.host, self.compacted)
        return Image(path, *kept, facts)

    def become(self, image: Image) -> FrozenSet[bytes]:
        """Have an image written over the disk; return the facts that are no longer on it."""
        self.reboot()
        for side in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                Path(str(self.path) + side).unlink()
        shutil.copyfile(str(image.path), str(self.path))
        gone = frozenset(self.facts - image.facts)
        self._enrolled, self._server = image.enrolled, image.server
        self.people, self.host, self.facts = image.people, image.host, set(image.facts)
        self.compacted = image.compacted
        return gone

    def compact(self, received_before_ms: int) -> FrozenSet[bytes]:
        """Let go of what counts no more; return the facts that are no longer on this disk."""
        journal = self.journal
        before = set(map(fact_digest, journal.all()))
        compact(self.db, journal, self.inbox, received_before_ms)
        gone = frozenset(before - set(map(fact_digest, journal.all())))
        self.facts -= gone
        self.compacted = True
        return gone

    def shown(self, kinds: Iterable[str] = KINDS) -> List[Record]:
        """What programmes here fold: the journal's and the inbox's records."""
        journal, inbox = self.journal, self.inbox
        return [
            record for kind in kinds for record in (*journal.of_kind(kind), *inbox.of_kind(kind))
        ]
