"""What a store must do; ``tests/sync_server/store/contract.py`` has the tests for any backend."""

from __future__ import annotations

from typing import ContextManager, Iterator, Mapping, Optional, Protocol, Sequence, Tuple

from sync.people import Person
from sync.record import Record
from sync_server.store.attachment_protocol import AttachmentRows
from sync_server.store.letter_protocol import LetterRows
from sync_server.store.model import (
    Code,
    Delivery,
    Device,
    JournalEnd,
    JournalItem,
    NewRecord,
    Publisher,
    PutAside,
)
from sync_server.store.night_protocol import NightRows
from sync_server.store.relay_protocol import RelayRows


class Transaction(AttachmentRows, LetterRows, NightRows, RelayRows, Protocol):
    """Everything that one request reads and writes, seen at one moment.

    What is written becomes lasting all together when the transaction's block ends, and not at all
    when an error leaves it.
    """

    def attempt(self) -> ContextManager[None]:
        """Begin a part of the transaction: an error that leaves the block undoes this part alone.

        Where the store itself failed (``sqlite3.OperationalError``: a full disk), the whole
        transaction may be undone, and the caller must let that error through.
        """

    def setting(self, name: str) -> Optional[str]:
        """Return one of the server's own settings."""

    def set_setting(self, name: str, value: str) -> None:
        """Keep one of the server's own settings."""

    def add_person(self, person: Person, told: int = 0) -> bool:
        """Add a person, or replace what is known of one with the same id.

        What was told (a hybrid time) before what is known changes nothing. Returns whether it did.
        Where somebody's class or school is another one now, their work is shown to the teachers
        there, and their own and those teachers' devices are told everything anew.
        """

    def person_told(self, person_id: str) -> int:
        """Return the hybrid time of what is known of a person; 0 where nothing is."""

    def person(self, person_id: str) -> Optional[Person]:
        """Return one person."""

    def people_of_class(self, class_name: str, school: str = "") -> Tuple[Person, ...]:
        """Return everybody of a school's class in the order in which they were added."""

    def add_device(self, device: Device) -> None:
        """Add a device; one that is known already keeps everything but its new name."""

    def device(self, device_id: str) -> Optional[Device]:
        """Return one device."""

    def devices(self) -> Tuple[Device, ...]:
        """Return all devices in the order of their enrolment."""

    def touch_device(self, device_id: str, time_ms: int) -> None:
        """Note that a device was heard of."""

    def grant(self, device_id: str, person_ids: Sequence[str]) -> bool:
        """Let a device write for people and read what is theirs.

        Returns whether that was new for any of them; then the device's epoch has grown, except
        when the device had nobody before.
        """

    def revoke(self, device_id: str, person_id: str) -> None:
        """Let a device write for a person no more, nor read what is theirs; its epoch grows."""

    def granted(self, device_id: str) -> Tuple[Person, ...]:
        """Return the people granted to a device in the order of granting."""

    def add_code(self, code: Code) -> None:
        """Keep an enrolment code."""

    def code(self, code_id: bytes) -> Optional[Code]:
        """Return an enrolment code."""

    def codes(self) -> Tuple[Code, ...]:
        """Return all codes, oldest first."""

    def withdraw_code(self, code_id: bytes) -> None:
        """Let no further device enrol with a code."""

    def use_code(self, code_id: bytes, device_id: str) -> None:
        """Note that a device enrolled with a code; once or several times is the same."""

    def code_devices(self, code_id: bytes) -> Tuple[str, ...]:
        """Return the devices that enrolled with a code."""

    def journal_end(self, device_id: str) -> Optional[JournalEnd]:
        """Return how far a device's journal is held, or None when nothing of it is."""

    def set_journal_end(self, device_id: str, end: JournalEnd) -> None:
        """Move the end of a device's journal."""

    def journal_ends(self) -> Tuple[Tuple[str, JournalEnd], ...]:
        """Return all devices of which something is held, with how far."""

    def journal(self, device_id: str) -> Iterator[JournalItem]:
        """Yield one journal in its order, as receipts cover it: no branches of a fork."""

    def add_records(self, records: Sequence[NewRecord]) -> None:
        """Keep records of which none is held yet, in this order of arrival."""

    def put_aside(self, records: Sequence[PutAside]) -> None:
        """Keep refused records with their reasons; the same one again changes nothing.

        But one of another branch of a fork may become part of the journal later.
        """

    def hashes(self, device_id: str, first_seq: int, last_seq: int) -> Mapping[int, bytes]:
        """Return the hashes of one journal's held records by sequence number.

        Records put aside that are part of the journal count; branches of a fork do not.
        """

    def kept_record(self, device_id: str, seq: int) -> Optional[Record]:
        """Return a kept record."""

    def add_branch(self, child: str, parent: str) -> None:
        """Note that a device's journal continues another's; what was noted first stays."""

    def continues(self, device_id: str, ancestor: str) -> bool:
        """Tell whether a device's journal branched from another's, directly or not."""

    def branches(self) -> Tuple[Tuple[str, str], ...]:
        """Return all devices that continue another's journal, each with that one, oldest first."""

    def is_continued(self, device_id: str) -> bool:
        """Tell whether any journal branched directly from a device's."""

    def is_carried(self, digest: bytes) -> bool:
        """Tell whether a fact is kept as a record that was carried over."""

    def refusals(self, device_id: str, first_seq: int, last_seq: int) -> Tuple[PutAside, ...]:
        """Return what was put aside of one journal, in its order."""

    def deliveries(
        self, readers: Sequence[str], device_id: str, after_serial: int, limit: int
    ) -> Tuple[Delivery, ...]:
        """Return records for any of ``readers`` that another device wrote, in order of arrival.

        Of the device's own those whose time lies too far ahead: it learns what time they count as.
        """

    def arrivals_hash(self, serial: int) -> Optional[bytes]:
        """Return a hash of all that arrived, in its order, up to the record at a place."""

    def last_serial(self) -> int:
        """Return the place of the newest record in the order of arrival, 0 when there is none."""

    def trust_publisher(self, key_id: str, public_key: bytes) -> None:
        """Let a publisher publish here; its catalogue's serial stays."""

    def distrust_publisher(self, key_id: str) -> None:
        """Let a publisher, or a root, go: laptops hear of it with their next exchange."""

    def set_catalogue_serial(self, key_id: str, serial: int) -> None:
        """Note the serial of a publisher's catalogue that is now in place."""

    def publishers(self) -> Tuple[Publisher, ...]:
        """Return all trusted publishers, sorted by key id."""

    def counts(self) -> Mapping[str, int]:
        """Return how many devices, people, classes, records and refused records are held."""


class Store(Protocol):
    """A store; one transaction that writes at a time, in whatever process."""

    def transaction(self) -> ContextManager[Transaction]:
        """Begin a transaction; it ends with the block and is lasting once the block has ended."""

    def close(self) -> None:
        """Let go of files and connections."""
