"""Letters of a device without a programme, written and read by hand, and who answers them."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence, Tuple

from sync.attachments.offer import OfferAnswer, OfferRequest
from sync.exchanges.exchange import ExchangeAnswer
from sync.message import Kind, make_message, open_message
from sync.sticks.letter import Letter, LetterKind, letter_name
from sync_server.attachments.attachments import AttachmentService
from sync_server.attachments.uploads import AttachmentFiles
from sync_server.sticks.answering import LetterService
from tests.support.device import TestDevice
from tests.support.server import School


def letter_service(school: School) -> LetterService:
    """The school's, over its folder."""
    files = AttachmentFiles(school.folder.attachments, reserve_bytes=0)
    service = AttachmentService(school.store, school.identity, school.clock, files)
    return LetterService(school.store, school.identity, school.clock, service)


def up_letter(*messages: bytes) -> bytes:
    """A letter to the server."""
    return Letter(LetterKind.UP, messages).to_bytes()


def request_message(device: TestDevice, **catalogues: int) -> bytes:
    """What the device has to say in one exchange."""
    return device.seal(device.request(catalogues))


def offer_message(device: TestDevice, photos: Sequence[Any], wanted: Sequence[str] = ()) -> bytes:
    """An offer of photos."""
    assert device.server is not None
    request = OfferRequest(tuple(one.offer for one in photos), tuple(wanted))
    return make_message(Kind.OFFER, request.to_payload(), device.identity, device.server)


def read_reply(device: TestDevice, data: bytes) -> Tuple[List[ExchangeAnswer], List[OfferAnswer]]:
    """Open all that a reply says to the device."""
    assert device.server is not None
    known = {device.server.device_id: device.server}
    answers: List[ExchangeAnswer] = []
    offers: List[OfferAnswer] = []
    for message in Letter.from_bytes(data, LetterKind.DOWN).messages:
        if message[3:4] == bytes((Kind.EXCHANGE_ANSWER,)):
            answers.append(device.open(message))
        elif message[3:4] == bytes((Kind.OFFER_ANSWER,)):
            opened = open_message(message, Kind.OFFER_ANSWER, device.identity, known.get)
            offers.append(OfferAnswer.from_payload(opened.payload))
    return answers, offers


def post(
    service: LetterService, device: TestDevice, messages: Optional[Sequence[bytes]] = None
) -> Tuple[List[ExchangeAnswer], str]:
    """Send a letter, its request by default; return the answers and the letter's name."""
    data = up_letter(*(messages or [request_message(device)]))
    answers, _ = read_reply(device, service.answer_letter(data))
    return answers, letter_name(data)
