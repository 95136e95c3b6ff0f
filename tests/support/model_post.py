"""What a server in memory answers to letters: an honest double of a school's post."""

from __future__ import annotations

from dataclasses import replace
from typing import List

from sync.attachments.offer import GoOn, OfferAnswer, OfferRequest
from sync.errors import SyncError
from sync.exchanges.exchange import ExchangeAnswer, ExchangeRequest
from sync.message import HEADER_BYTES, Kind, OpenedMessage, make_message, open_message
from sync.sticks.letter import Letter, LetterKind, letter_name
from tests.support.model_server import ModelServer


def answer_letter(server: ModelServer, data: bytes) -> Letter:
    """Return the reply to a letter: one message for each of its own, then more while there is."""
    letter = Letter.from_bytes(data, LetterKind.UP)
    answers: List[bytes] = []
    further: List[bytes] = []
    for message in letter.messages:
        try:
            if message[HEADER_BYTES - 1] == Kind.OFFER:
                answers.append(_offer(server, message))
            else:
                answers.append(server.exchange(message))
                further = _further(server, message)
        except SyncError:
            answers.append(b"")
    return Letter(LetterKind.DOWN, (*answers, *further), letter_name(data))


def _offer(server: ModelServer, message: bytes) -> bytes:
    opened = open_message(message, Kind.OFFER, server.identity, server.devices.get)
    asked = OfferRequest.from_payload(opened.payload)
    replies = tuple(GoOn(0) for _ in asked.offers)
    answer = OfferAnswer(opened.digest, replies, tuple(False for _ in asked.wanted))
    return make_message(Kind.OFFER_ANSWER, answer.to_payload(), server.identity, opened.signer)


def _further(server: ModelServer, message: bytes) -> List[bytes]:
    opened = open_message(message, Kind.EXCHANGE_REQUEST, server.identity, server.devices.get)
    request = ExchangeRequest.from_payload(opened.payload, opened.signer.device_id)
    if request.claim is not None or not request.room_bytes:
        return []
    answers = []
    _, cursor, more = server.mail(request)
    while more:
        request = replace(request, cursor=cursor)
        since = cursor
        records, cursor, more = server.mail(request)
        answer = ExchangeAnswer(
            opened.digest,
            server.clock.now_ms(),
            records=records,
            since=since,
            cursor=cursor,
            more=more,
        )
        answers.append(_sealed(server, opened, answer))
    return answers


def _sealed(server: ModelServer, opened: OpenedMessage, answer: ExchangeAnswer) -> bytes:
    return make_message(Kind.EXCHANGE_ANSWER, answer.to_payload(), server.identity, opened.signer)
