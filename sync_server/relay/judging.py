"""Which records a server below may pass on: those of its own devices about its own people.

What a device may write for whom, its own server has judged; only that server knows who used which
laptop when. Here it matters that no server speaks for another's people or devices.
"""

from __future__ import annotations

from typing import Optional

from sync.errors import SyncError
from sync.identity import PublicIdentity
from sync.kinds import LAPTOP, OPENING, ROSTER, SCHOOL_RULES, VAULT, validate
from sync.record import Record
from sync_server.devices.branches import repetition
from sync_server.records.routing import people_of, readers_of, relay_reader
from sync_server.records.rules import NOT_PERMITTED
from sync_server.relay.announcements import (
    SAID_BY_SERVERS,
    keys_of,
    learn_from_below,
    school_of,
)
from sync_server.store.model import RelayedDevice
from sync_server.store.protocol import Transaction

INVALID = "record-invalid"
DEVICE_ELSEWHERE = "device-elsewhere"
PERSON_ELSEWHERE = "person-elsewhere"
MAX_PARENTS = 16
"""Servers on the way from a school to here."""


class Judge:
    """Judges one journal that comes through a relay, and learns at once from what it accepts.

    Later records of the same journal rest on what earlier ones said.
    """

    def __init__(
        self, transaction: Transaction, journal: RelayedDevice, own_id: str, now_ms: int
    ) -> None:
        self._transaction = transaction
        self._journal = journal
        self._own_id = own_id
        self._now_ms = now_ms
        self._is_server = transaction.school(journal.id) is not None
        self._continued = transaction.is_continued(journal.id)

    def refusal(self, record: Record) -> Optional[str]:
        """Return the code with which a record is refused, or None when it may be kept."""
        try:
            validate(record)
            code = self._refusal(record)
            if code is None:
                code = repetition(record, self._continued, self)
        except SyncError as error:
            return error.code
        if code is None and record.kind in SAID_BY_SERVERS:
            learn_from_below(self._transaction, record, self._journal.via, self._own_id)
        return code

    def readers(self, record: Record) -> tuple[str, ...]:
        """Return who may read a record: not the relay that it comes from, which holds it."""
        author = self._transaction.person(record.person)
        relays = self._transaction.relays_of(people_of(record))
        others = [relay for relay in relays if relay != self._journal.via]
        return (*readers_of(record, author), *map(relay_reader, others))

    def _refusal(self, record: Record) -> Optional[str]:
        if record.kind in SAID_BY_SERVERS:
            if not self._is_server:
                return NOT_PERMITTED
            return self._roster(record) if record.kind == ROSTER else self._enrolled(record)
        if not self._may_say(record):
            return NOT_PERMITTED
        if record.kind == SCHOOL_RULES:
            return None
        if not all(map(self._is_behind_relay, {record.person, *people_of(record)})):
            return PERSON_ELSEWHERE
        return None

    def _may_say(self, record: Record) -> bool:
        if record.kind == SCHOOL_RULES:
            return self._is_server and record.person == record.device
        if record.kind == VAULT:
            return bool(record.body["person"] == record.person)
        return record.kind != OPENING or self._is_server

    def _is_behind_relay(self, person_id: str) -> bool:
        return self._journal.via in self._transaction.relays_of((person_id,))

    def _roster(self, record: Record) -> Optional[str]:
        if record.body["person"] != record.person or not isinstance(
            record.body.get("school", ""), str
        ):
            return INVALID
        school = school_of(record)
        known = self._transaction.person(record.person)
        if known is not None and known.school != school:
            return PERSON_ELSEWHERE
        return None if self._is_above(school) else PERSON_ELSEWHERE

    def _is_above(self, school_id: str) -> bool:
        """Tell whether the journal's server is a school's own, or one that it relays to."""
        for _ in range(MAX_PARENTS):
            school = self._transaction.school(school_id)
            if school is None or school.via != self._journal.via:
                return False
            if school_id == self._journal.id:
                return True
            school_id = school.parent
        return False

    def _enrolled(self, record: Record) -> Optional[str]:
        """Judge what a server says of a laptop or a server that was enrolled there."""
        keys = keys_of(record)
        if keys.device_id != record.person:
            return INVALID
        known = self._transaction.relayed(record.person)
        if known is not None:
            same = (known.via, known.server) == (self._journal.via, self._server_of(record, keys))
            return None if same else DEVICE_ELSEWHERE
        here = self._transaction.device(record.person) is not None
        above = record.person in {one.id for one in self._transaction.upstreams()}
        if here or above or record.person == self._own_id:
            return DEVICE_ELSEWHERE
        return None

    def _server_of(self, record: Record, keys: PublicIdentity) -> str:
        return record.device if record.kind == LAPTOP else keys.device_id

    def continues(self, device_id: str, ancestor: str) -> bool:
        """Tell whether a journal may carry what another one wrote (see ``branches.Lines``).

        A server may carry anything about its own people: it could as well have written it.
        """
        return self._is_server or self._transaction.continues(device_id, ancestor)

    def is_carried(self, digest: bytes) -> bool:
        """Tell whether a fact is kept as a record that was carried over."""
        return self._transaction.is_carried(digest)

    def kept_record(self, device_id: str, seq: int) -> Optional[Record]:
        """Return a kept record."""
        return self._transaction.kept_record(device_id, seq)
