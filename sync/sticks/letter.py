"""A letter: messages in one file, which anybody can check and only the addressee can read.

    offset  bytes  what
    0       3      "KXL"
    3       1      version, 1
    4       1      kind (``LetterKind``)
    5       3      zeros
    8       8      only of a reply: the name of the letter that it replies to
    8|16    2      count of messages, big-endian as all numbers here
            4 + n  each message: its length, its bytes; a refused one's answer has length 0
    end-32  32     SHA-256 of all before

A letter of any later version ends with such a hash as well, so that a newer one is told from a
damaged one.
"""

from __future__ import annotations

import enum
import hashlib
import struct
from dataclasses import dataclass
from typing import Tuple

from sync.errors import MessageError, StickError
from sync.message import MAX_MESSAGE_BYTES
from sync.sticks.layout import letter_name

__all__ = ["MAX_LETTER_BYTES", "MAX_MESSAGES", "Letter", "LetterKind", "letter_name"]

MAGIC = b"KXL"
VERSION = 1
MAX_LETTER_BYTES = 64 << 20
MAX_MESSAGES = 256
NAME_BYTES = 8
_START = struct.Struct(">3sBB3s")
_COUNT = struct.Struct(">H")
_LENGTH = struct.Struct(">I")
_HASH_BYTES = 32


class LetterKind(enum.IntEnum):
    """What a letter is, its fifth byte."""

    UP = 1
    DOWN = 2
    OWN = 3


@dataclass(frozen=True)
class Letter:
    """Messages in their order; ``reply_to`` is the up letter's name (16 hex), of a reply only."""

    kind: LetterKind
    messages: Tuple[bytes, ...]
    reply_to: str = ""

    def to_bytes(self) -> bytes:
        """Return the letter's file.

        Raises:
            MessageError: ``message-too-large``: more messages or bytes than a letter may have.
            ValueError: a reply names no letter, or another kind names one: our bug.
        """
        if (self.kind is LetterKind.DOWN) != bool(self.reply_to):
            raise ValueError(f"a letter of kind {self.kind} in reply to {self.reply_to!r}")
        if len(self.messages) > MAX_MESSAGES:
            raise MessageError("message-too-large", f"{len(self.messages)} messages in a letter")
        parts = [
            _START.pack(MAGIC, VERSION, self.kind, b"\0\0\0"),
            bytes.fromhex(self.reply_to),
            _COUNT.pack(len(self.messages)),
        ]
        for message in self.messages:
            parts += (_LENGTH.pack(len(message)), message)
        data = b"".join(parts)
        if len(data) + _HASH_BYTES > MAX_LETTER_BYTES:
            raise MessageError("message-too-large", f"a letter of {len(data)} bytes")
        return data + hashlib.sha256(data).digest()

    @classmethod
    def from_bytes(cls, data: bytes, kind: LetterKind) -> Letter:
        """Read a letter's file of the kind expected.

        Raises:
            StickError: ``stick-damaged``; ``stick-newer`` for another version that is whole.
        """
        body = _checked(data)
        _, version, found, zeros = _START.unpack_from(body)
        if version != VERSION:
            raise StickError("stick-newer", f"a letter of version {version}")
        if found != kind or any(zeros):
            raise StickError("stick-damaged", f"a letter of kind {found} instead of {int(kind)}")
        at = _START.size + (NAME_BYTES if kind is LetterKind.DOWN else 0)
        return cls(kind, _messages(body, at), body[_START.size : at].hex())


def _checked(data: bytes) -> memoryview:
    """Return what is before the hash, when the hash is right."""
    body = memoryview(data)[:-_HASH_BYTES]
    if len(data) > MAX_LETTER_BYTES:
        raise StickError("stick-damaged", f"a letter of {len(data)} bytes")
    if len(body) < _START.size + _COUNT.size or body[: len(MAGIC)] != MAGIC:
        raise StickError("stick-damaged", "a letter without its beginning")
    if hashlib.sha256(body).digest() != data[-_HASH_BYTES:]:
        raise StickError("stick-damaged", "a letter that is not what its hash says")
    return body


def _messages(body: memoryview, at: int) -> Tuple[bytes, ...]:
    messages = []
    try:
        (count,) = _COUNT.unpack_from(body, at)
        at += _COUNT.size
        if count > MAX_MESSAGES:
            raise StickError("stick-damaged", f"a letter of {count} messages")
        for _ in range(count):
            (size_bytes,) = _LENGTH.unpack_from(body, at)
            at += _LENGTH.size
            message = bytes(body[at : at + size_bytes])
            if len(message) != size_bytes or size_bytes > MAX_MESSAGE_BYTES:
                raise StickError("stick-damaged", f"a message of {size_bytes} bytes in a letter")
            messages.append(message)
            at += size_bytes
    except struct.error as error:
        raise StickError("stick-damaged", "a letter that ends too soon") from error
    if at != len(body):
        raise StickError("stick-damaged", "a letter with more than its messages")
    return tuple(messages)
