"""Attached files: what is taken from whom, what is held, and who may have it.

Only a file that a kept record names is taken, from a device that may write for that record's
author or a relay behind which the author is, and up to so many bytes for each person. Only those
who may read such a record get it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable, Iterable, Iterator, Optional

from sync.attachments.offer import (
    Declined,
    GoOn,
    Held,
    Offer,
    OfferAnswer,
    OfferRequest,
    Reply,
    sign_attachment_receipt,
)
from sync.clock import Clock
from sync.disk import file_sha256
from sync.errors import MessageError
from sync.identity import Identity, PublicIdentity
from sync.message import Kind, OpenedMessage, make_message, open_message
from sync_server.attachments.uploads import AttachmentFiles, Part
from sync_server.attachments.visitors import Visitor, visitor_of
from sync_server.devices.lost import is_lost
from sync_server.devices.signers import SignerCache
from sync_server.errors import RequestError
from sync_server.http.buckets import Buckets
from sync_server.store.attachment_protocol import HeldAttachment
from sync_server.store.protocol import Store, Transaction

PERSON_BYTES = 256 << 20
"""What is kept for one person: about a thousand photos."""
DEVICE_LIMIT = 600
"""Requests that one device may make at once: a link that breaks at every turn."""
DEVICE_RATE_PER_S = 5.0

Begin = Callable[[str, Offer], Optional[int]]


class AttachmentService:
    """Answers offers and keeps files. Used from one thread at a time, but for ``part``."""

    def __init__(
        self,
        store: Store,
        identity: Identity,
        clock: Clock,
        files: AttachmentFiles,
        pace: Optional[Buckets] = None,
        person_bytes: int = PERSON_BYTES,
    ) -> None:
        """Take what it works on; ``pace`` bounds the requests of each device."""
        self.files = files
        self._store = store
        self._identity = identity
        self._clock = clock
        self._pace = pace
        self._person_bytes = person_bytes
        self._signers = SignerCache(store)

    @property
    def server(self) -> PublicIdentity:
        """Public keys of this server."""
        return self._identity.public

    def signer(self, device_id: str) -> Optional[PublicIdentity]:
        """Return the keys of a device, or of a relay, that is enrolled here and not lost.

        Raises:
            RequestError: ``server-busy``, when the device asks too often.
        """
        found = self._signers.find(device_id)
        with self._store.transaction() as transaction:
            if is_lost(transaction, device_id):
                return None
        wait_s = self._pace.take(device_id) if found is not None and self._pace else 0
        if wait_s:
            raise RequestError("server-busy", 429, {"Retry-After": str(wait_s)})
        return found

    def reconcile(self) -> None:
        """Have the store agree with the disk: after a crash, or a restore that lost files."""
        lying = dict(self.files.names())
        with self._store.transaction() as transaction:
            for held in transaction.attachments():
                if lying.pop(held.sha256, None) != held.size_bytes:
                    transaction.forget_attachment(held.sha256)
        self.files.sweep(time.time())

    def offer(self, data: bytes) -> bytes:
        """Take an offer message and return its answer message.

        Raises:
            sync.errors.SyncError: it is no message to this server by a device that it knows.
            RequestError: ``server-busy``.
        """
        opened = self.open(data)
        request = OfferRequest.from_payload(opened.payload)
        answer = self.answer(opened.signer.device_id, request, opened.digest, self.files.begin)
        return self.seal(answer, opened.signer)

    def open(self, data: bytes) -> OpenedMessage:
        """Open an offer message; raises as ``offer`` does."""
        return open_message(data, Kind.OFFER, self._identity, self.signer)

    def answer(
        self, device_id: str, request: OfferRequest, digest: bytes, begin: Begin
    ) -> OfferAnswer:
        """Return what to answer to an offer in the message ``digest``.

        ``begin`` says of a file that is wanted from where on, and None where it must wait.
        """
        with self._store.transaction() as transaction:
            visitor = visitor_of(transaction, device_id)
            replies = tuple(self._replies(visitor, request.offers, begin))
            held = tuple(self._readable(visitor, sha256) for sha256 in request.wanted)
        return OfferAnswer(digest, replies, held)

    def seal(self, answer: OfferAnswer, to: PublicIdentity) -> bytes:
        """Return the message that says an answer."""
        return make_message(Kind.OFFER_ANSWER, answer.to_payload(), self._identity, to)

    def _replies(
        self, visitor: Visitor, offers: tuple[Offer, ...], begin: Begin
    ) -> Iterator[Reply]:
        charged: dict[str, int] = {}
        coming_bytes = 0
        for offer in offers:
            receipt = self._receipt_for(visitor, offer)
            if receipt is not None:
                yield Held(receipt)
                continue
            author = visitor.author(offer)
            if author is None:
                yield Declined("attachment-unnamed")
                continue
            if author not in charged:
                charged[author] = visitor.transaction.attachment_bytes(author)
            if charged[author] + offer.size_bytes > self._person_bytes:
                yield Declined("attachment-quota")
                continue
            if not self.files.has_room(coming_bytes + offer.size_bytes):
                yield Declined("server-full")
                continue
            start = begin(visitor.device_id, offer)
            if start is None:
                yield Declined("server-busy")
                continue
            # What is turned away takes no room from what comes after it.
            charged[author] += offer.size_bytes
            coming_bytes += offer.size_bytes
            yield GoOn(start)

    def _receipt_for(self, visitor: Visitor, offer: Offer) -> Optional[bytes]:
        """Return the receipt for a file that is here, for whoever may send or read it."""
        if self._held(visitor, offer.sha256) is None:
            return None
        if visitor.author(offer) is None and not visitor.reads(offer.sha256):
            return None
        return self._receipt(visitor.transaction, offer.sha256)

    def _held(self, visitor: Visitor, sha256: str) -> Optional[HeldAttachment]:
        """Return what is held, where store and disk agree or can be brought to."""
        held = visitor.transaction.attachment(sha256)
        path = self.files.path(sha256)
        if path.exists():
            return held or self._adopted(visitor.transaction, path)
        if held is not None:
            visitor.transaction.forget_attachment(sha256)
        return None

    def _adopted(self, transaction: Transaction, path: Path) -> Optional[HeldAttachment]:
        """Hold a file that got its place before a crash, or is newer than a restored store."""
        with path.open("rb") as file:
            good = file_sha256(file) == path.name
            size_bytes = file.tell()
        if not good:
            path.unlink()
            return None
        author = min(transaction.attachment_authors(path.name, size_bytes), default="")
        held = HeldAttachment(path.name, size_bytes, author, self._clock.now_ms())
        transaction.hold_attachment(held)
        return held

    def _readable(self, visitor: Visitor, sha256: str) -> bool:
        return self._held(visitor, sha256) is not None and visitor.reads(sha256)

    def _receipt(self, transaction: Transaction, sha256: str) -> Optional[bytes]:
        held = transaction.attachment(sha256)
        if held is None:
            return None
        size_bytes, time_ms = held.size_bytes, held.time_ms
        return sign_attachment_receipt(self._identity, sha256, size_bytes, time_ms).to_bytes()

    def held_receipt(self, device_id: str, sha256: str) -> Optional[bytes]:
        """Return the receipt for a file that is held and that a device may send or read."""
        with self._store.transaction() as transaction:
            visitor = visitor_of(transaction, device_id)
            held = self._held(visitor, sha256)
            if held is None:
                return None
            may = visitor.author(Offer(sha256, held.size_bytes, ())) or visitor.reads(sha256)
            return self._receipt(transaction, sha256) if may else None

    def part(self, device_id: str, sha256: str) -> Optional[Part]:
        """Open what has come of a file that a device offered."""
        return self.files.part(device_id, sha256)

    def keep(self, device_id: str, part: Part) -> bytes:
        """Verify a complete part, give it its place, and return its receipt.

        Raises:
            AttachmentError, LinkError, OSError: as ``AttachmentFiles.keep`` does.
            MessageError: ``device-unknown``.
        """
        sha256, size_bytes = part.offer.sha256, part.offer.size_bytes
        self.files.keep(device_id, part)
        with self._store.transaction() as transaction:
            author = visitor_of(transaction, device_id).author(part.offer) or ""
            held = HeldAttachment(sha256, size_bytes, author, self._clock.now_ms())
            transaction.hold_attachment(held)
            receipt = self._receipt(transaction, sha256)
        if receipt is None:
            raise MessageError("device-unknown", device_id)
        return receipt

    def take(self, sha256: str, size_bytes: int, parts: Iterable[bytes]) -> str:
        """Take in a whole file that anybody brings, where a kept record names it.

        The name proves what it is, so it does not matter who brings it. Returns the code with which
        it is not taken, empty where it is held now.

        Raises:
            AttachmentError: ``attachment-damaged``: what came is another file.
            OSError: the disk failed.
        """
        with self._store.transaction() as transaction:
            held = transaction.attachment(sha256)
            authors = transaction.attachment_authors(sha256, size_bytes)
            room_bytes = self._person_bytes - size_bytes
            may = [a for a in sorted(authors) if transaction.attachment_bytes(a) <= room_bytes]
        if held is not None and self.files.path(sha256).exists():
            return ""
        if not may:
            return "attachment-quota" if authors else "attachment-unnamed"
        if not self.files.has_room(size_bytes):
            return "server-full"
        self.files.put(sha256, parts)
        with self._store.transaction() as transaction:
            held = HeldAttachment(sha256, size_bytes, may[0], self._clock.now_ms())
            transaction.hold_attachment(held)
        return ""

    def may_read(self, device_id: str, sha256: str) -> bool:
        """Tell whether a file is held that a device may have."""
        with self._store.transaction() as transaction:
            return self._readable(visitor_of(transaction, device_id), sha256)
