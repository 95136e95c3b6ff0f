"""Reading a letter at the server, message by message."""

from __future__ import annotations

from typing import Callable, Dict, List, Optional

from sync.attachments.offer import Offer, OfferRequest
from sync.errors import MessageError, SyncError
from sync.message import Kind
from sync_server.attachments import AttachmentService
from sync_server.enrolments import EnrolmentService
from sync_server.errors import RequestError
from sync_server.exchanges import ExchangeService, Reply
from sync_server.sticks.offers import wait_for
from sync_server.sticks.saying import Saying

REFUSED = b""
_KIND_AT = 3

Take = Callable[[Offer], None]


class Reading:
    """Reads one letter, message by message, each carried out before the next is opened.

    What is not readable, or not permitted, is answered by an empty message.
    """

    def __init__(
        self,
        exchanges: ExchangeService,
        enrolments: EnrolmentService,
        files: AttachmentService,
        name: str,
        take: Optional[Take],
    ) -> None:
        self._exchanges = exchanges
        self._enrolments = enrolments
        self._files = files
        self._take = take
        self.name = name
        self.saying = Saying(name)
        self.answers: List[bytes] = []
        self.codes: List[str] = []
        self.device: Optional[str] = None
        self.last: Optional[Reply] = None
        self.first_seq = 1
        self.offer: Optional[OfferRequest] = None
        self.offer_digest = b""
        self.enrolment = b""
        self._asked = False

    def read(self, message: bytes) -> None:
        """Carry out one message and keep its answer."""
        steps: Dict[int, Callable[[bytes], bytes]] = {
            Kind.ENROLMENT_REQUEST: self._enrol,
            Kind.EXCHANGE_REQUEST: self._exchange,
            Kind.OFFER: self._offer,
        }
        kind = message[_KIND_AT] if len(message) > _KIND_AT else 0
        try:
            # What is no message at all is refused in words by the most common reader.
            answer = steps.get(kind, self._exchange)(message)
        except (SyncError, RequestError) as error:
            self.codes.append(error.code)
            answer = REFUSED
        self.answers.append(answer)

    def _enrol(self, message: bytes) -> bytes:
        if self._asked:
            # One guess at a code for each letter.
            raise MessageError("message-kind", "a second enrolment")
        self._asked = True
        answer = self._enrolments.enrol(message)
        self.enrolment = message
        self.saying.enrolled()
        return answer

    def _exchange(self, message: bytes) -> bytes:
        (reply,) = self._exchanges.commit([self._exchanges.open(message)])
        if isinstance(reply, Exception):
            raise reply
        self.device = reply.to.device_id
        if reply.request.claim is None:
            if self.last is None or self.last.to != reply.to:
                self.first_seq = reply.request.first_seq
            self.last = reply
            self.saying.reply(reply)
        return self._exchanges.seal(reply)

    def _offer(self, message: bytes) -> bytes:
        if self.offer is not None:
            raise MessageError("message-kind", "a second offer")
        opened = self._files.open(message)
        request = OfferRequest.from_payload(opened.payload)
        if self._take is not None:
            for offer in request.offers:
                self._take(offer)
        answer = self._files.answer(opened.signer.device_id, request, opened.digest, wait_for)
        self.saying.files(answer)
        self.offer, self.offer_digest = request, opened.digest
        return self._files.seal(answer, opened.signer)
