"""Attached files for tests: sealed ones, records that name them, and requests about them."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import Any, Optional, Sequence

from sync.attachments.attachment import Attachment, SealedFile, seal_file
from sync.attachments.grant import authorization
from sync.attachments.offer import Offer, OfferAnswer, OfferRequest
from sync.identity import Identity, PublicIdentity
from sync.message import Kind, make_message, open_message
from tests.support.asgi import Answer, AsgiClient
from tests.support.device import submission


def some_bytes(size_bytes: int, seed: int = 1) -> bytes:
    """Bytes that look like noise, the same each time."""
    return hashlib.shake_128(b"%d" % seed).digest(size_bytes)


@dataclass(frozen=True)
class Photo:
    """A file before and after sealing."""

    plain: bytes
    sealed: bytes
    file: SealedFile

    @property
    def name(self) -> str:
        return self.file.sha256

    @property
    def offer(self) -> Offer:
        return Offer(self.file.sha256, self.file.size_bytes, self.file.piece_sha256)

    def named(self, title: str = "Дәптер.jpg") -> Attachment:
        file = self.file
        return Attachment(file.sha256, file.key, file.size_bytes, "image/jpeg", title)


def photo(school: PublicIdentity, size_bytes: int = 150_000, seed: int = 1) -> Photo:
    """Seal noise for a school."""
    plain, target = some_bytes(size_bytes, seed), io.BytesIO()
    file = seal_file(io.BytesIO(plain), target, school)
    return Photo(plain, target.getvalue(), file)


def hand_in(device: Any, person: str, photos: Sequence[Photo], task: str = "check") -> Any:
    """Write a submission that names files; ``device`` is a ``TestDevice``."""
    body = {**submission("5", task), "attachments": [one.named().to_json() for one in photos]}
    return device.write(person, "submission", body)


class AttachmentCaller:
    """One device's requests about attached files, made by hand."""

    def __init__(self, client: AsgiClient, identity: Identity, server: PublicIdentity) -> None:
        self.client = client
        self.identity = identity
        self.server = server

    def sign(self, method: str, name: str, start: int = 0, size_bytes: int = 0) -> tuple[str, str]:
        value = authorization(self.identity, self.server, method, name, start, size_bytes)
        return ("Authorization", value)

    def offer(self, photos: Sequence[Photo], wanted: Sequence[str] = ()) -> OfferAnswer:
        request = OfferRequest(tuple(one.offer for one in photos), tuple(wanted))
        message = make_message(Kind.OFFER, request.to_payload(), self.identity, self.server)
        answer = self.client.request("POST", "/attachments", message)
        assert answer.status == 200, answer
        known = {self.server.device_id: self.server}
        opened = open_message(answer.body, Kind.OFFER_ANSWER, self.identity, known.get)
        return OfferAnswer.from_payload(opened.payload)

    def patch(
        self,
        name: str,
        start: int,
        data: bytes,
        *,
        leave: bool = False,
        announced: Optional[int] = None,
        step: int = 10_000,
    ) -> Answer:
        size_bytes = len(data) if announced is None else announced
        parts = [data[at : at + step] for at in range(0, len(data), step)] or [b""]
        headers = [
            self.sign("PATCH", name, start, size_bytes),
            ("Upload-Offset", str(start)),
            ("Content-Length", str(size_bytes)),
        ]
        return self.client.request("PATCH", f"/attachments/{name}", parts, headers, leave=leave)

    def head(self, name: str) -> Answer:
        return self.client.request("HEAD", f"/attachments/{name}", b"", [self.sign("HEAD", name)])

    def get(self, name: str, start: int = 0) -> Answer:
        headers = [self.sign("GET", name, start)]
        if start:
            headers.append(("Range", f"bytes={start}-"))
        return self.client.request("GET", f"/attachments/{name}", b"", headers)
