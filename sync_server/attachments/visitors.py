"""Who asks about attached files, and what they may do: a laptop, or a server below."""

from __future__ import annotations

from typing import Optional, Protocol

from sync.attachments.offer import Offer
from sync_server.devices.lost import is_lost
from sync_server.records.routing import readers_for, relay_reader
from sync_server.store.protocol import Transaction


class Visitor(Protocol):
    """Somebody within one transaction."""

    transaction: Transaction
    device_id: str

    def author(self, offer: Offer) -> Optional[str]:
        """Return for whom they may send a file, None where for nobody."""

    def reads(self, sha256: str) -> bool:
        """Tell whether they may have a file that is held."""


def visitor_of(transaction: Transaction, device_id: str) -> Visitor:
    """Return what a device or a relay may do."""
    if transaction.school(device_id) is not None:
        return _Relay(transaction, device_id)
    return _Laptop(transaction, device_id)


class _Laptop:
    """Sends for the people who use it or write to them, and has what is addressed to them."""

    def __init__(self, transaction: Transaction, device_id: str) -> None:
        self.transaction = transaction
        self.device_id = device_id
        people = () if is_lost(transaction, device_id) else transaction.granted(device_id)
        self._person_ids = {person.id for person in people}
        self._readers = readers_for(people)

    def author(self, offer: Offer) -> Optional[str]:
        authors = self.transaction.attachment_authors(offer.sha256, offer.size_bytes)
        own = authors & self._person_ids
        if not own and authors and self.reads(offer.sha256):
            # A teacher brings what a pupil left on a stick; the name proves what it is.
            own = authors
        return min(own, default=None)

    def reads(self, sha256: str) -> bool:
        return self.transaction.attachment_readable(sha256, self._readers)


class _Relay:
    """Sends for the people behind it, and has what they wrote and what is addressed to them."""

    def __init__(self, transaction: Transaction, device_id: str) -> None:
        self.transaction = transaction
        self.device_id = device_id

    def author(self, offer: Offer) -> Optional[str]:
        authors = self.transaction.attachment_authors(offer.sha256, offer.size_bytes)
        relays_of = self.transaction.relays_of
        return next((one for one in sorted(authors) if self.device_id in relays_of((one,))), None)

    def reads(self, sha256: str) -> bool:
        if self.transaction.attachment_readable(sha256, (relay_reader(self.device_id),)):
            return True
        held = self.transaction.attachment(sha256)
        return held is not None and self.author(Offer(sha256, held.size_bytes, ())) is not None
