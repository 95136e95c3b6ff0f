"""Enrolment: a laptop and a server meet by a code that a child can type.

The code is 16 digits, so that no keyboard layout matters: 15 random ones (about 50 bits) and a
check digit. Both sides derive keys from it with scrypt. Whoever knows the code can have written the
other's message, so it authenticates both sides over plain HTTP, and pins the server's keys for all
that follows.

    request:  "KX", version 1, kind 3, code id (8), nonce (12), ChaCha20Poly1305 of a zstd frame,
    tag (16) answer:   the same with kind 4 and the other key

What is authenticated besides the contents is everything before the nonce; the answer names the
request it replies to. A laptop that lost the answer asks again with the same code and the same keys
and gets it again; another laptop is refused.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any, Dict, Mapping, NamedTuple, Tuple

from sync import fields, verhoeff
from sync.compression import compress, decompress
from sync.errors import EnrolmentError, MessageError
from sync.exchanges.exchange import MAX_TIME_MS, publishers_from_json
from sync.identity import KEY_BYTES, PublicIdentity
from sync.message import (
    DIGEST_BYTES,
    HEADER_BYTES,
    MAX_MESSAGE_BYTES,
    Kind,
    check_header,
    message_digest,
    message_header,
)
from sync.people import Person, person_from_json, person_to_json

CODE_DIGITS = 16
CODE_ID_BYTES = 8
_GROUP = 4
_NONCE_BYTES = 12
_TAG_BYTES = 16
_SEALED_FROM = HEADER_BYTES + CODE_ID_BYTES
_SMALLEST_BYTES = _SEALED_FROM + _NONCE_BYTES + _TAG_BYTES
_MAX_PAYLOAD_BYTES = 1 << 20
_MAX_PEOPLE = 5000
_SALT = b"keruen enrolment 1"
_SEPARATORS = frozenset(" -\u00a0\u2010\u2011\u2012\u2013\u2014.,_/\t\r\n")


@dataclass(frozen=True)
class EnrolmentCode:
    """A valid code. ``str(code)`` is its form on paper: four groups of four digits."""

    digits: str

    @classmethod
    def generate(cls) -> EnrolmentCode:
        """Draw a new code."""
        digits = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS - 1))
        return cls(digits + verhoeff.check_digit(digits))

    @classmethod
    def parse(cls, typed: str) -> EnrolmentCode:
        """Read what somebody typed; spaces and dashes do not matter.

        Raises:
            EnrolmentError: ``enrolment-code-length`` or ``enrolment-code-mistyped``.
        """
        kept = [character for character in typed if character not in _SEPARATORS]
        values = [unicodedata.digit(character, -1) for character in kept]
        if len(values) != CODE_DIGITS or -1 in values:
            raise EnrolmentError("enrolment-code-length")
        digits = "".join(str(value) for value in values)
        if not verhoeff.is_valid(digits):
            raise EnrolmentError("enrolment-code-mistyped")
        return cls(digits)

    def __str__(self) -> str:
        return " ".join(self.digits[at : at + _GROUP] for at in range(0, len(self.digits), _GROUP))


class CodeKeys(NamedTuple):
    """What a code stands for: the laptop derives these, the server keeps them, not the code."""

    code_id: bytes
    request_key: bytes
    answer_key: bytes


def code_keys(code: EnrolmentCode) -> CodeKeys:
    """Derive a code's id (8 bytes) and two keys (32 each).

    scrypt (RFC 7914) with N=2**14, r=8, p=1, then HKDF-Expand (RFC 5869) with SHA-256. Slow and
    of 16 MB on purpose: whoever recorded an enrolment must pay this for each guess.
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    secret = hashlib.scrypt(
        code.digits.encode("ascii"), salt=_SALT, n=1 << 14, r=8, p=1, maxmem=64 << 20, dklen=32
    )

    def expand(label: bytes, size_bytes: int) -> bytes:
        info = _SALT + b" " + label
        return HKDFExpand(algorithm=SHA256(), length=size_bytes, info=info).derive(secret)

    return CodeKeys(
        expand(b"code id", CODE_ID_BYTES),
        expand(b"request", KEY_BYTES),
        expand(b"answer", KEY_BYTES),
    )


@dataclass(frozen=True)
class EnrolmentRequest:
    """What a laptop says of itself; or a server (``is_server``), by its school's name."""

    device: PublicIdentity
    laptop: str
    is_server: bool = False


@dataclass(frozen=True)
class EnrolmentAnswer:
    """What a server says: who it is, who may use the laptop, and whose packs to trust."""

    server: PublicIdentity
    school: str
    people: Tuple[Person, ...]
    publishers: Mapping[str, bytes]
    server_time_ms: int


def make_enrolment_request(keys: CodeKeys, request: EnrolmentRequest) -> bytes:
    """Return the message that asks to be enrolled."""
    value: Dict[str, Any] = {"i": fields.to_text(request.device.to_bytes()), "n": request.laptop}
    if request.is_server:
        value["s"] = True
    return _closed(Kind.ENROLMENT_REQUEST, keys.code_id, keys.request_key, value)


def enrolment_code_id(message: bytes) -> bytes:
    """Return the code id (8 bytes) that a request names, by which the server finds its keys.

    Raises:
        MessageError: ``message-malformed``, ``message-version``, ``message-kind`` or
            ``message-too-large``.
    """
    check_header(message, Kind.ENROLMENT_REQUEST, _SMALLEST_BYTES)
    return bytes(message[HEADER_BYTES:_SEALED_FROM])


def open_enrolment_request(keys: CodeKeys, message: bytes) -> EnrolmentRequest:
    """Open a request made with the same code.

    Raises:
        MessageError: it does not have the form of one.
        EnrolmentError: ``enrolment-unreadable``.
    """
    value = _opened(Kind.ENROLMENT_REQUEST, keys.code_id, keys.request_key, message)
    raw = fields.binary(value.get("i"), "enrolment.i", 2 * KEY_BYTES)
    return EnrolmentRequest(
        PublicIdentity.from_bytes(raw),
        fields.text(value.get("n"), "enrolment.n", 200),
        fields.boolean(value.get("s", False), "enrolment.s"),
    )


def make_enrolment_answer(keys: CodeKeys, request: bytes, answer: EnrolmentAnswer) -> bytes:
    """Return the message that answers the message ``request``."""
    value = {"q": fields.to_text(message_digest(request)), **_said(answer)}
    return _closed(Kind.ENROLMENT_ANSWER, keys.code_id, keys.answer_key, value)


def make_invitation(keys: CodeKeys, answer: EnrolmentAnswer) -> bytes:
    """Return an answer that nobody has asked for yet, to lie where no link is.

    It says who the server is, to whoever has the code; the server still has to let them in.
    """
    return _closed(Kind.ENROLMENT_ANSWER, keys.code_id, keys.answer_key, _said(answer))


def open_invitation(keys: CodeKeys, message: bytes) -> EnrolmentAnswer:
    """Open an invitation that was made with the same code.

    Raises:
        MessageError: it does not have the form of one, or is the answer to some request.
        EnrolmentError: ``enrolment-unreadable``.
    """
    value = _opened(Kind.ENROLMENT_ANSWER, keys.code_id, keys.answer_key, message)
    if "q" in value:
        raise MessageError("message-misdirected", "an answer to a request")
    return _answer(value)


def _said(answer: EnrolmentAnswer) -> Dict[str, Any]:
    return {
        "i": fields.to_text(answer.server.to_bytes()),
        "n": answer.school,
        "p": [person_to_json(person) for person in answer.people],
        "k": {name: fields.to_text(key) for name, key in answer.publishers.items()},
        "t": answer.server_time_ms,
    }


def open_enrolment_answer(keys: CodeKeys, request: bytes, message: bytes) -> EnrolmentAnswer:
    """Open the answer to the message ``request``.

    Raises:
        MessageError: it does not have the form of one, or replies to another request.
        EnrolmentError: ``enrolment-unreadable``.
    """
    value = _opened(Kind.ENROLMENT_ANSWER, keys.code_id, keys.answer_key, message)
    reply_to = fields.binary(value.get("q"), "enrolment.q", DIGEST_BYTES)
    if reply_to != message_digest(request):
        raise MessageError("message-misdirected", reply_to.hex())
    return _answer(value)


def _answer(value: Mapping[str, Any]) -> EnrolmentAnswer:
    people = fields.listing(value.get("p"), "enrolment.p", _MAX_PEOPLE)
    raw = fields.binary(value.get("i"), "enrolment.i", 2 * KEY_BYTES)
    return EnrolmentAnswer(
        server=PublicIdentity.from_bytes(raw),
        school=fields.text(value.get("n"), "enrolment.n", 200),
        people=tuple(person_from_json(person) for person in people),
        publishers=publishers_from_json(value.get("k"), "enrolment.k"),
        server_time_ms=fields.integer(value.get("t"), "enrolment.t", high=MAX_TIME_MS),
    )


def _closed(kind: Kind, code_id: bytes, key: bytes, value: Mapping[str, Any]) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    start = message_header(kind) + code_id
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = ChaCha20Poly1305(key).encrypt(nonce, compress(text.encode("utf-8")), start)
    message = start + nonce + sealed
    if len(message) > MAX_MESSAGE_BYTES:
        raise MessageError("message-too-large", f"{len(message)} bytes")
    return message


def _opened(kind: Kind, code_id: bytes, key: bytes, message: bytes) -> Dict[str, Any]:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    check_header(message, kind, _SMALLEST_BYTES)
    start, nonce = message[:_SEALED_FROM], message[_SEALED_FROM : _SEALED_FROM + _NONCE_BYTES]
    if start[HEADER_BYTES:] != code_id:
        raise EnrolmentError("enrolment-unreadable", "made with another code")
    try:
        packed = ChaCha20Poly1305(key).decrypt(nonce, message[_SEALED_FROM + _NONCE_BYTES :], start)
    except InvalidTag as error:
        raise EnrolmentError("enrolment-unreadable") from error
    return fields.parse_json_object(decompress(packed, _MAX_PAYLOAD_BYTES), "enrolment")
