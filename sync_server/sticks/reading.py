"""Reading a letter at the server, message by message."""

from __future__ import annotations

from functools import partial
from typing import Callable, Dict, List, Optional

from sync.attachments.offer import Offer, OfferRequest
from sync.errors import MessageError, SyncError
from sync.message import Kind
from sync_server.attachments.attachments import AttachmentService
from sync_server.errors import RequestError
from sync_server.exchanges.exchanges import ExchangeService, Reply
from sync_server.people.enrolments import EnrolmentService
from sync_server.sticks.saying import Saying

REFUSED = b""
SUMMED_UP = b""
_NO_MESSAGE = b"\0"
"""Stands for what was refused, and is refused whenever it is read again."""
_KIND_AT = 3

Take = Callable[[Offer], None]
Sealed = Callable[[], bytes]
"""Makes the bytes of one answer: finding out what to say costs less than that."""


class Services:
    """What the messages of a letter are answered by; none of them counts requests."""

    def __init__(
        self, exchanges: ExchangeService, enrolments: EnrolmentService, files: AttachmentService
    ) -> None:
        self.exchanges = exchanges
        self.enrolments = enrolments
        self.files = files


class Reading:
    """Reads one letter, message by message, each carried out before the next is opened.

    What is not readable, or not permitted, is answered by an empty message. ``kept`` is the letter
    without the requests that ``last``, ``first_seq`` and the journals held here sum up.
    """

    def __init__(self, services: Services, saying: Saying, take: Optional[Take] = None) -> None:
        """Begin; ``take`` is called with each file offered, before it is answered about."""
        self._services = services
        self._take = take
        self.saying = saying
        self.answers: List[Sealed] = []
        self.kept: List[bytes] = []
        self.codes: List[str] = []
        self.device: Optional[str] = None
        self.last: Optional[Reply] = None
        self.first_seq = 1
        self._kinds: Dict[int, int] = {}

    def read(self, message: bytes) -> None:
        """Carry out one message and keep its answer."""
        steps: Dict[int, Callable[[bytes], Sealed]] = {
            Kind.ENROLMENT_REQUEST: self._enrol,
            Kind.EXCHANGE_REQUEST: self._exchange,
            Kind.OFFER: self._offer,
        }
        kind = message[_KIND_AT] if len(message) > _KIND_AT else 0
        self._kinds[kind] = self._kinds.get(kind, 0) + 1
        self.kept.append(message)
        try:
            if kind != Kind.EXCHANGE_REQUEST and self._kinds[kind] > 1:
                # One guess at a code for each letter.
                raise MessageError("message-kind", "a second one in a letter")
            # What is no message at all is refused in words by the most common reader.
            self.answers.append(steps.get(kind, self._exchange)(message))
        except (SyncError, RequestError) as error:
            self.codes.append(error.code)
            self.kept[-1] = _NO_MESSAGE
            self.answers.append(_refused)

    def stand_in(self, reply: Reply) -> None:
        """Take a reply in place of one to a request that was summed up."""
        self.kept.append(SUMMED_UP)
        self.saying.reply(reply)
        self.answers.append(partial(self._services.exchanges.seal, reply))

    def _enrol(self, message: bytes) -> Sealed:
        answer = self._services.enrolments.enrol(message)
        self.saying.enrolled()
        return lambda: answer

    def _exchange(self, message: bytes) -> Sealed:
        exchanges = self._services.exchanges
        (reply,) = exchanges.commit([exchanges.open(message)])
        if isinstance(reply, Exception):
            raise reply
        self.device = reply.to.device_id
        if reply.request.claim is None:
            if self.last is None or self.last.to != reply.to:
                self.first_seq = reply.request.first_seq
            self.last = reply
            self.kept[-1] = SUMMED_UP
            self.saying.reply(reply)
        return partial(exchanges.seal, reply)

    def _offer(self, message: bytes) -> Sealed:
        files = self._services.files
        opened = files.open(message)
        request = OfferRequest.from_payload(opened.payload)
        if self._take is not None:
            for offer in request.offers:
                self._take(offer)
        answer = files.answer(opened.signer.device_id, request, opened.digest, _wait_for)
        self.saying.files(answer)
        self.saying.wants(request.wanted, answer.held)
        return partial(files.seal, answer, opened.signer)


def _refused() -> bytes:
    return REFUSED


def _wait_for(_: str, __: Offer) -> int:
    """Say of a file that it is wanted, from its beginning on: some stick brings it."""
    return 0
