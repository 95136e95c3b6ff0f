"""Attached files over a road: ours up until the server has them, others' down for who may read.

One message offers all that waits and asks after all that is wanted, so that what the server has
already costs nothing more. Then each file goes alone: one that fails is put aside by its name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Callable, Iterator, List, Optional, Protocol

from client.laptop.account import Problem, SyncProgress
from client.laptop.attaching.attachments import Attachments
from client.laptop.attaching.offers import (
    Own,
    keep_receipt,
    offer_of,
    refusal,
    waiting,
    wanted,
)
from client.laptop.problems import problem_of
from client.laptop.storage import quarantine
from client.laptop.store import Store
from client.messages import Message
from sync.errors import AttachmentError, CancelledError, LinkError, MessageError, SyncError

if TYPE_CHECKING:
    from client.laptop.attaching.offers import Wanted
    from sync.attachments.offer import OfferAnswer

MAX_RESUMES = 3
"""How often a file is gone on with in one sync although nothing of it came through."""
MAX_DAMAGED = 3
SUBJECT = "attachment "

Report = Callable[[SyncProgress], None]
Cancel = Callable[[], bool]


class AttachmentRoad(Protocol):
    """What is asked of a road that carries attached files; see ``sync.roads.uploading``."""

    def offset_bytes(self, device: Any, server: Any, sha256: str) -> Optional[int]:
        """Return how much of a file the server has; None when all of it."""

    def send(
        self,
        device: Any,
        server: Any,
        sha256: str,
        source: Any,
        start: int,
        size_bytes: int,
        *,
        progress: Optional[Callable[[int, int], None]] = None,
        cancel: Optional[Cancel] = None,
    ) -> bytes:
        """Send the rest of a file and return its receipt."""

    def fetch(
        self, device: Any, server: Any, sha256: str, start: int, size_bytes: int
    ) -> Iterator[bytes]:
        """Yield the rest of a file."""


@dataclass
class Carried:
    """What became of attached files in one sync."""

    sent: int = 0
    fetched: int = 0
    problem: Optional[Problem] = None
    set_aside: List[Problem] = field(default_factory=list)

    def and_then(self, more: Callable[[], Carried]) -> Carried:
        """Do more of the kind, unless the link failed, and tell of both."""
        if self.problem is not None:
            return self
        next_ = more()
        return Carried(
            self.sent + next_.sent,
            self.fetched + next_.fetched,
            next_.problem,
            self.set_aside + next_.set_aside,
        )


def carry_attachments(store: Store, road: Any, report: Report, cancel: Cancel) -> Carried:
    """Send what waits and fetch what is wanted, over a road that can; else do nothing."""
    if not hasattr(road, "attachments"):
        return Carried()
    return AttachmentSending(store, road, report, cancel).run()


class AttachmentSending:
    """Sends and fetches attached files of one laptop, over one road."""

    def __init__(self, store: Store, road: Any, report: Report, cancel: Cancel) -> None:
        self._store = store
        self._files = Attachments(store)
        self._road = road
        self._report = report
        self._cancel = cancel
        self._carried = Carried()

    def run(self) -> Carried:
        """Send what waits, then fetch what is wanted. Never raises for the link's sake."""
        self._files.sweep()
        own, asked = waiting(self._store), wanted(self._store)
        if not own and not asked:
            return self._carried
        try:
            answer = self._offered(own, asked)
            for one, reply in zip(own, answer.replies):
                self._alone(one.sha256, one.title, lambda: self._send(one, reply))  # noqa: B023
            for attachment, held in zip(asked, answer.held):
                if held:
                    self._alone(
                        attachment.sha256,
                        attachment.title,
                        lambda: self._fetch(attachment),  # noqa: B023
                    )
        except SyncError as error:
            problem = problem_of(error, SUBJECT.strip())
            if isinstance(error, (LinkError, CancelledError)):
                self._carried.problem = problem
            else:
                self._carried.set_aside.append(problem)
        return self._carried

    def _alone(self, sha256: str, title: str, step: Callable[[], None]) -> None:
        """Let one file fail by itself; only the link and the person end the rest."""
        subject = f"{SUBJECT}{title or sha256[:8]}"
        connection = self._store.database.connection
        try:
            step()
        except (LinkError, OSError, SyncError) as error:
            ends = isinstance(error, SyncError) and (
                error.code == "cancelled"
                or (isinstance(error, LinkError) and error.code != "server-full")
            )
            if ends:
                raise
            problem = problem_of(error, subject)
            self._carried.set_aside.append(problem)
            with self._store.database.transaction():
                quarantine.put(connection, problem)
        else:
            quarantine.release(connection, subject)

    def _offered(self, own: List[Own], asked: List[Wanted]) -> OfferAnswer:
        from sync.attachments.offer import OfferAnswer
        from sync.message import Kind, make_message, message_digest, open_message

        self._report(SyncProgress(Message("road.attachments")))
        device, server = self._store.identity(), self._store.server()
        request = offer_of(own, asked)
        message = make_message(Kind.OFFER, request.to_payload(), device, server)
        data = self._road.offer(message)
        opened = open_message(data, Kind.OFFER_ANSWER, device, {server.device_id: server}.get)
        answer = OfferAnswer.from_payload(opened.payload)
        if answer.reply_to != message_digest(message):
            raise MessageError("message-misdirected", answer.reply_to.hex())
        return answer

    def _send(self, one: Own, reply: object) -> None:
        from sync.attachments.offer import GoOn, Held

        if isinstance(reply, Held):
            self._keep(one, reply.receipt)
        elif isinstance(reply, GoOn):
            keep_receipt(
                self._store, one.sha256, one.size_bytes, self._sent(one, reply.offset_bytes)
            )
            self._carried.sent += 1
        else:
            code = getattr(reply, "code", "")
            raise refusal(code)

    def _open(self, one: Own) -> BinaryIO:
        return self._files.path(one.sha256).open("rb")

    def _keep(self, one: Own, receipt: bytes) -> None:
        keep_receipt(self._store, one.sha256, one.size_bytes, receipt)

    def _sent(self, one: Own, start: int) -> bytes:
        """Send a file, going on after cuts as long as something comes through."""
        device, server = self._store.identity(), self._store.server()
        road: AttachmentRoad = self._road.attachments
        idle = 0
        with self._open(one) as source:
            while True:
                try:
                    return road.send(
                        device,
                        server,
                        one.sha256,
                        source,
                        start,
                        one.size_bytes,
                        progress=self._heard(one.title),
                        cancel=self._cancel,
                    )
                except LinkError as error:
                    there = self._place_after(error, one, road)
                    idle = 0 if there > start else idle + 1
                    start = there
                    if idle >= MAX_RESUMES:
                        raise

    def _check_own(self, one: Own) -> None:
        """Refuse to send what went bad on this disk: the server would never take it."""
        from sync.disk import file_sha256

        with self._open(one) as file:
            if file_sha256(file) != one.sha256:
                raise AttachmentError("attachment-damaged", one.sha256)

    def _place_after(self, error: LinkError, one: Own, road: AttachmentRoad) -> int:
        """Return from where on to go on after an error of the link; raises it when it is no use."""
        known = getattr(error, "offset_bytes", None)
        if error.code == "link-altered":
            self._check_own(one)
        if known is not None:
            return min(int(known), one.size_bytes)
        if error.code not in ("link-lost", "link-stalled"):
            raise error
        there = road.offset_bytes(self._store.identity(), self._store.server(), one.sha256)
        return one.size_bytes if there is None else min(there, one.size_bytes)

    def _heard(self, title: str) -> Callable[[int, int], None]:
        def heard(done_bytes: int, total_bytes: int) -> None:
            message = Message("road.attachment", {"name": title})
            self._report(SyncProgress(message, done_bytes, total_bytes))

        return heard

    def _fetch(self, attachment: Wanted) -> None:
        from sync.attachments.download import AttachmentDownload

        device, server = self._store.identity(), self._store.server()
        road: AttachmentRoad = self._road.attachments
        final = self._files.path(attachment.sha256)
        heard, damaged = self._heard(attachment.title), 0
        with AttachmentDownload(attachment, final.with_suffix(".part")) as download:
            while not download.complete:
                start = download.position_bytes
                size_bytes = attachment.size_bytes
                try:
                    for data in road.fetch(device, server, attachment.sha256, start, size_bytes):
                        if self._cancel():
                            raise CancelledError()
                        download.write(data)
                        heard(download.position_bytes, size_bytes)
                except AttachmentError:
                    damaged += 1
                    if damaged >= MAX_DAMAGED:
                        raise
                    continue
                if download.position_bytes == start:
                    raise LinkError("link-lost", "nothing came")
            download.finish(final)
        self._carried.fetched += 1
