"""What a store must do for servers that exchange with servers."""

from __future__ import annotations

from typing import FrozenSet, Iterable, Iterator, Mapping, Optional, Protocol, Sequence, Tuple

from sync.people import Person
from sync.record import Head, Record
from sync_server.store.model import (
    JournalItem,
    PutAside,
    RelayedDevice,
    School,
    SentHead,
    Upstream,
)


class RelayRows(Protocol):
    """What a transaction reads and writes of servers below and above this one."""

    def add_school(self, school: School) -> None:
        """Add a server below this one; of one that is known only the name changes."""

    def school(self, school_id: str) -> Optional[School]:
        """Return one server below."""

    def schools(self) -> Tuple[School, ...]:
        """Return all servers below in the order in which they came."""

    def touch_school(self, school_id: str, time_ms: int) -> None:
        """Note that a relay was heard of."""

    def add_relayed(self, device: RelayedDevice) -> None:
        """Note through whom a device's journal comes; what was noted first stays."""

    def relayed(self, device_id: str) -> Optional[RelayedDevice]:
        """Return through whom a device's journal comes; None for one that no relay has."""

    def people_of_school(self, school: str) -> Tuple[Person, ...]:
        """Return everybody of a server below (empty: of this one)."""

    def add_guest(self, person_id: str, relay: str) -> None:
        """Let a relay speak for somebody of another school as well, and hear what is theirs."""

    def relays_of(self, person_ids: Iterable[str]) -> Tuple[str, ...]:
        """Return the relays behind which any of these people are."""

    def relayed_heads(self, via: str) -> Mapping[str, Head]:
        """Return how far the journals that come through a relay are held."""

    def journal_from(self, device_id: str, seq: int) -> Iterator[JournalItem]:
        """Yield one journal from a number on, as ``journal`` does, with all that is known of it."""

    def give_way(self, device_id: str, seq: int) -> None:
        """Forget what other servers told of a journal that now comes here itself."""

    def cut_journal(self, device_id: str, seq: int) -> None:
        """Forget a journal's records from a number on; what was put aside of them stays so."""

    def own_words(self, device_id: str, kinds: Sequence[str]) -> Tuple[Record, ...]:
        """Return a journal's kept records of some kinds, in its order."""

    def records_of(self, kinds: Sequence[str]) -> Tuple[Record, ...]:
        """Return all kept records of some kinds, in order of arrival.

        It looks at every record there is: for what is done a few times a night.
        """

    def branch_parent(self, device_id: str) -> Optional[str]:
        """Return whose journal a device's continues."""

    def guests(self, relay: str) -> int:
        """Return how many people of other schools a relay may speak for."""

    def set_waiting(self, records: Sequence[PutAside]) -> None:
        """Keep records put aside with the codes that they have now."""

    def waiting_branches(self) -> Tuple[PutAside, ...]:
        """Return what was put aside until it can be written down again elsewhere."""

    def digests(self, device_id: str, seq: int) -> FrozenSet[bytes]:
        """Return the hashes of what is kept or put aside under a number."""

    def forget_record(self, device_id: str, seq: int) -> None:
        """Forget one record that another server told of."""

    def add_upstream(self, upstream: Upstream) -> None:
        """Add a server above this one, or replace where it is and what it is called."""

    def upstreams(self) -> Tuple[Upstream, ...]:
        """Return the servers above, in the order in which they came."""

    def remove_upstream(self, upstream_id: str) -> None:
        """Relay to a server no longer."""

    def move_upstream_cursor(self, upstream_id: str, cursor: str) -> None:
        """Keep an upstream's mark."""

    def note_upstream_receipt(self, upstream_id: str, receipt: bytes, time_ms: int) -> None:
        """Keep an upstream's last receipt, and that it was heard of."""

    def touch_upstream(self, upstream_id: str, time_ms: int) -> None:
        """Note that an upstream was heard of."""

    def sent_heads(self, upstream_id: str) -> Mapping[str, SentHead]:
        """Return how far an upstream holds what is here, as it said."""

    def set_sent_head(self, upstream_id: str, device_id: str, head: Optional[SentHead]) -> None:
        """Keep how far an upstream holds a journal; None: not at all."""

    def note_upstream_refused(self, upstream_id: str, device_id: str, seq: int, code: str) -> None:
        """Keep that an upstream refused a record that was accepted here."""

    def upstream_refused(self, upstream_id: str) -> Tuple[Tuple[str, int, str], ...]:
        """Return what an upstream refused: device, seq and code."""
