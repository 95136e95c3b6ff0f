"""Attached files between servers: what a school holds goes up, what is for its people comes down.

Files go up because the upstream said, in its answer, which of those that the relay's journals name
it lacks; so nothing is sent twice, whoever sent it first, and a restored upstream asks again. Down
come files that records here name and that are not here, as far as the upstream has them. Either
way goes on where it stopped, also in a later night. They stay sealed as the laptop sealed them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Callable, Iterator, List, Optional, Protocol, Sequence, Tuple

from sync.attachments.attachment import SEGMENT_BYTES, Attachment, attachments_of
from sync.attachments.download import AttachmentDownload
from sync.attachments.offer import (
    MAX_OFFERED_BYTES,
    MAX_OFFERS,
    MAX_WANTED,
    Declined,
    GoOn,
    Held,
    Offer,
    OfferAnswer,
    OfferRequest,
    Reply,
    open_attachment_receipt,
)
from sync.clock import Clock
from sync.errors import Fault, LinkError, MessageError, RefusedError, SyncError
from sync.exchanges.exchange import NAME_START_BYTES
from sync.identity import Identity
from sync.message import Kind, make_message, message_digest, open_message
from sync_server.attachments.uploads import AttachmentFiles
from sync_server.store.attachment_protocol import HeldAttachment
from sync_server.store.model import Upstream
from sync_server.store.protocol import Store

MAX_RESUMES = 3
"""How often a file is gone on with at once although nothing of it came through."""


class Files(Protocol):
    """What is asked of a road for one file; see ``sync.roads.uploading``."""

    def send(
        self, device: Any, server: Any, sha256: str, source: BinaryIO, start: int, size_bytes: int
    ) -> bytes:
        """Send the rest of a file and return its receipt."""

    def fetch(
        self, device: Any, server: Any, sha256: str, start: int, size_bytes: int
    ) -> Iterator[bytes]:
        """Yield the rest of a file."""


class AttachmentRoad(Protocol):
    """A road that carries attached files."""

    @property
    def attachments(self) -> Files:
        """The files."""

    def offer(self, request: bytes) -> bytes:
        """Carry an offer message and bring its answer."""


@dataclass
class Attached:
    """How many files went up and came down; ``problems`` are sentences."""

    sent: int = 0
    fetched: int = 0
    problems: List[str] = field(default_factory=list)


class AttachmentRelay:
    """Carries attached files between this server and one upstream."""

    def __init__(
        self,
        store: Store,
        identity: Identity,
        clock: Clock,
        upstream: Upstream,
        road: AttachmentRoad,
        files: AttachmentFiles,
    ) -> None:
        self._store = store
        self._identity = identity
        self._clock = clock
        self._upstream = upstream
        self._road = road
        self._files = files

    def run(
        self, missing: Sequence[bytes], done: Attached, noted: Callable[[], None] = lambda: None
    ) -> int:
        """Send what the upstream lacks and is here, fetch what is lacking here; return how many.

        Args:
            missing: Beginnings of names, as the upstream's answer has them.
            done: To be added to.
            noted: Called whenever something was added.

        Raises:
            SyncError: the road failed; what came stays, and the next turn goes on from there.
        """
        before = done.sent + done.fetched
        offers, wanted = self._offers(missing), self._wanted()
        while offers or wanted:
            now, offers = _fitting(offers)
            asked, wanted = wanted[:MAX_WANTED], wanted[MAX_WANTED:]
            answer = self._offered(now, asked)
            for offer, reply in zip(now, answer.replies):
                done.sent += _alone(done, lambda: self._send(offer, reply))  # noqa: B023
                noted()
            for attachment, held in zip(asked, answer.held):
                if held:
                    done.fetched += _alone(done, lambda: self._fetch(attachment))  # noqa: B023
                    noted()
        return done.sent + done.fetched - before

    def _offers(self, missing: Sequence[bytes]) -> List[Offer]:
        starts = set(missing)
        with self._store.transaction() as transaction:
            held = transaction.attachments() if starts else ()
        named = [one for one in held if bytes.fromhex(one.sha256)[:NAME_START_BYTES] in starts]
        offers = [(one.sha256, self._offer(one)) for one in named]
        damaged = [sha256 for sha256, offer in offers if offer is None]
        with self._store.transaction() as transaction:
            for sha256 in damaged:
                # The laptops that named it are asked for it again.
                self._files.path(sha256).unlink(missing_ok=True)
                transaction.forget_attachment(sha256)
        return [offer for _, offer in offers if offer is not None]

    def _offer(self, held: HeldAttachment) -> Optional[Offer]:
        """Read a file; None where it is no more what its name says."""
        whole, pieces = hashlib.sha256(), []
        try:
            with self._files.path(held.sha256).open("rb") as file:
                for piece in iter(lambda: file.read(SEGMENT_BYTES), b""):
                    whole.update(piece)
                    pieces.append(hashlib.sha256(piece).digest())
        except FileNotFoundError:
            return None
        if whole.hexdigest() != held.sha256:
            return None
        return Offer(held.sha256, held.size_bytes, tuple(pieces))

    def _wanted(self) -> List[Attachment]:
        with self._store.transaction() as transaction:
            found: List[Attachment] = []
            for one in transaction.missing_named(MAX_WANTED):
                record = transaction.kept_record(one.device, one.seq)
                named = attachments_of(record.body) if record is not None else ()
                found += [each for each in named if each.sha256 == one.sha256][:1]
        return found

    def _offered(self, offers: Sequence[Offer], wanted: Sequence[Attachment]) -> OfferAnswer:
        server = self._upstream.identity
        request = OfferRequest(tuple(offers), tuple(one.sha256 for one in wanted))
        message = make_message(Kind.OFFER, request.to_payload(), self._identity, server)
        data = self._road.offer(message)
        opened = open_message(
            data, Kind.OFFER_ANSWER, self._identity, {server.device_id: server}.get
        )
        answer = OfferAnswer.from_payload(opened.payload)
        if answer.reply_to != message_digest(message):
            raise MessageError("message-misdirected", answer.reply_to.hex())
        return answer

    def _send(self, offer: Offer, reply: Reply) -> None:
        if isinstance(reply, Declined):
            raise RefusedError(reply.code)
        data = reply.receipt if isinstance(reply, Held) else self._sent(offer, reply)
        open_attachment_receipt(data, offer.sha256, offer.size_bytes, self._upstream.identity)

    def _sent(self, offer: Offer, reply: GoOn) -> bytes:
        start, idle = reply.offset_bytes, 0
        with self._files.path(offer.sha256).open("rb") as source:
            while True:
                try:
                    return self._road.attachments.send(
                        self._identity,
                        self._upstream.identity,
                        offer.sha256,
                        source,
                        start,
                        offer.size_bytes,
                    )
                except LinkError as error:
                    there = getattr(error, "offset_bytes", None)
                    if there is None:
                        # The next turn's offer says where it goes on.
                        raise
                    idle = 0 if there > start else idle + 1
                    start = min(there, offer.size_bytes)
                    if idle >= MAX_RESUMES:
                        raise

    def _fetch(self, attachment: Attachment) -> None:
        sha256, size_bytes = attachment.sha256, attachment.size_bytes
        if not self._files.has_room(size_bytes):
            raise LinkError("server-full", sha256)
        part = self._files.part_path(self._upstream.id, sha256)
        part.parent.mkdir(parents=True, exist_ok=True)
        with AttachmentDownload(attachment, part) as download:
            for data in self._road.attachments.fetch(
                self._identity, self._upstream.identity, sha256, download.position_bytes, size_bytes
            ):
                download.write(data)
            if not download.complete:
                raise LinkError("link-lost", sha256)
            download.finish(self._files.path(sha256))
        with self._store.transaction() as transaction:
            author = min(transaction.attachment_authors(sha256, size_bytes), default="")
            held = HeldAttachment(sha256, size_bytes, author, self._clock.now_ms())
            transaction.hold_attachment(held)


def _fitting(offers: List[Offer]) -> Tuple[List[Offer], List[Offer]]:
    """Split off what one message may offer."""
    count, left_bytes = 0, MAX_OFFERED_BYTES
    for offer in offers[:MAX_OFFERS]:
        left_bytes -= offer.size_bytes
        if left_bytes < 0:
            break
        count += 1
    return offers[:count], offers[count:]


def _alone(done: Attached, step: Callable[[], None]) -> bool:
    """Let one file fail by itself; only the link, and our own disk, end the rest."""
    try:
        step()
    except SyncError as error:
        if error.fault is Fault.LINK and error.code != "server-full":
            raise
        done.problems.append(str(error))
        return False
    return True
