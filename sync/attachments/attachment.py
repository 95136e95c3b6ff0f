"""Attached files: a photo or a recording, sealed once, named by the hash of what was sealed.

A sealed file is a run of segments of ``SEGMENT_BYTES``, the last one shorter: ChaCha20Poly1305
(RFC 8439) over ``PLAIN_BYTES`` of the file, as the payload of an age file is sealed (C2SP, age v1,
"Payload"; STREAM of Hoang, Reyhanitabar, Rogaway and Vizar, 2015). The nonce is the segment's
number (11 bytes, big-endian) and one byte that is 1 in the last segment. So a segment cannot be
changed, moved, left out or cut off, each is verified before it is used, and memory is bounded.

The key is derived from the file and from the school (``content_key``): the same file is the same
object wherever it is attached, and one key never seals two files. The key travels in the body of
the record that names the file, and the record travels sealed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, BinaryIO, Dict, Iterator, List, Mapping, Tuple

from sync import fields
from sync.errors import AttachmentError
from sync.identity import PublicIdentity

SEGMENT_BYTES = 1 << 16
TAG_BYTES = 16
PLAIN_BYTES = SEGMENT_BYTES - TAG_BYTES
KEY_BYTES = 32
MAX_SEALED_BYTES = 32 << 20
"""About half an hour of speech, or a hundred photos of a page."""
MAX_ATTACHMENTS = 20
"""In one record."""
FIELD = "attachments"
"""The field of a record's body that names attached files, in whatever kind of record."""
_COUNTER_BYTES = 11
_KEY_CONTEXT = b"keruen attachment 1 key"
_SALT_CONTEXT = b"keruen attachment 1 school\0"
_HASH_BYTES = 32


@dataclass(frozen=True)
class SealedFile:
    """A file as it was sealed: its name, key, size and the SHA-256 of each segment."""

    sha256: str
    key: bytes
    size_bytes: int
    piece_sha256: Tuple[bytes, ...]


@dataclass(frozen=True)
class Attachment:
    """What a record says of an attached file, enough to fetch it, verify it and open it.

    ``sha256`` (hex) and ``size_bytes`` are those of the sealed file; ``media_type`` is as in
    RFC 6838, ``title`` what its owner called it. Both are a stranger's words.
    """

    sha256: str
    key: bytes
    size_bytes: int
    media_type: str
    title: str

    def to_json(self) -> Dict[str, Any]:
        """Return what stands in the record's body."""
        return {
            "name": fields.to_text(bytes.fromhex(self.sha256)),
            "key": fields.to_text(self.key),
            "size": self.size_bytes,
            "type": self.media_type,
            "title": self.title,
        }


def attachment_from_json(value: Any, name: str = FIELD) -> Attachment:
    """Read what ``Attachment.to_json`` wrote; further fields, of newer versions, are ignored.

    Raises:
        MessageError: ``message-malformed``.
    """
    row = fields.mapping(value, name)
    size_bytes = fields.integer(row.get("size"), f"{name}.size", TAG_BYTES + 1, MAX_SEALED_BYTES)
    media_type = fields.text(row.get("type"), f"{name}.type", 100)
    title = fields.text(row.get("title"), f"{name}.title", 200, empty=True)
    return Attachment(
        fields.binary(row.get("name"), f"{name}.name", _HASH_BYTES).hex(),
        fields.binary(row.get("key"), f"{name}.key", KEY_BYTES),
        size_bytes,
        media_type,
        title,
    )


def attachments_of(body: Mapping[str, Any]) -> Tuple[Attachment, ...]:
    """Return the files that a record's body names; most name none.

    Raises:
        MessageError: ``message-malformed``.
    """
    if FIELD not in body:
        return ()
    rows = fields.listing(body[FIELD], FIELD, MAX_ATTACHMENTS)
    return tuple(attachment_from_json(row) for row in rows)


def sealed_size_bytes(plain_bytes: int) -> int:
    """Return how large a file of ``plain_bytes`` (at least 1) is when it is sealed."""
    return plain_bytes + TAG_BYTES * -(-plain_bytes // PLAIN_BYTES)


def piece_count(size_bytes: int) -> int:
    """Return how many segments a sealed file of ``size_bytes`` has."""
    return -(-size_bytes // SEGMENT_BYTES)


def content_key(digest: bytes, school: PublicIdentity) -> bytes:
    """Return the key for the file whose SHA-256 is ``digest``, in the school of that server.

    HKDF-SHA256 (RFC 5869): convergent encryption (Douceur et al., 2002), bound to the school so
    that two schools' equal files have nothing in common.
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    salt = hashlib.sha256(_SALT_CONTEXT + school.to_bytes()).digest()
    return HKDF(SHA256(), KEY_BYTES, salt, _KEY_CONTEXT).derive(digest)


def seal_file(source: BinaryIO, target: BinaryIO, school: PublicIdentity) -> SealedFile:
    """Seal the file ``source``, from where it stands, into ``target``, reading it twice.

    Raises:
        AttachmentError: ``attachment-empty``, ``attachment-too-large``, or ``attachment-changed``
            when the second reading differs: then ``target`` must be thrown away, for a key may
            seal one file only.
    """
    start = source.tell()
    digest = _plain_digest(source)
    source.seek(start)
    key = content_key(digest, school)
    again, whole = hashlib.sha256(), hashlib.sha256()
    pieces: List[bytes] = []
    size_bytes = 0
    for plain, sealed in seal_segments(source, key):
        again.update(plain)
        target.write(sealed)
        whole.update(sealed)
        pieces.append(hashlib.sha256(sealed).digest())
        size_bytes += len(sealed)
        if size_bytes > MAX_SEALED_BYTES:
            break
    if again.digest() != digest:
        raise AttachmentError("attachment-changed")
    return SealedFile(whole.hexdigest(), key, size_bytes, tuple(pieces))


def seal_segments(source: BinaryIO, key: bytes) -> Iterator[Tuple[bytes, bytes]]:
    """Yield each segment of a file as it is and as it is sealed; a key may seal one file only."""
    cipher = _cipher(key)
    for index, plain, last in _plain_segments(source):
        yield plain, cipher.encrypt(_nonce(index, last), plain, None)


def _plain_digest(source: BinaryIO) -> bytes:
    digest, plain_bytes = hashlib.sha256(), 0
    for block in iter(lambda: source.read(PLAIN_BYTES), b""):
        digest.update(block)
        plain_bytes += len(block)
        if sealed_size_bytes(plain_bytes) > MAX_SEALED_BYTES:
            raise AttachmentError("attachment-too-large", f"more than {MAX_SEALED_BYTES} bytes")
    if not plain_bytes:
        raise AttachmentError("attachment-empty")
    return digest.digest()


def _plain_segments(source: BinaryIO) -> Iterator[Tuple[int, bytes, bool]]:
    """Yield number, content and whether it is the last, of each segment; one ahead in memory."""
    index, block = 0, source.read(PLAIN_BYTES)
    while block:
        following = source.read(PLAIN_BYTES)
        yield index, block, not following
        index, block = index + 1, following


def open_segments(source: BinaryIO, key: bytes, size_bytes: int) -> Iterator[bytes]:
    """Yield the file, a verified segment at a time, from a sealed one of ``size_bytes``.

    What was yielded before an error was genuine, and a beginning of the file.

    Raises:
        AttachmentError: ``attachment-damaged`` at the first segment that is not what was sealed.
    """
    count = piece_count(size_bytes)
    for index in range(count):
        wanted = min(SEGMENT_BYTES, size_bytes - index * SEGMENT_BYTES)
        yield open_segment(source.read(wanted), key, index, last=index == count - 1)
    if source.read(1):
        raise AttachmentError("attachment-damaged", "more than was sealed")


def open_segment(sealed: bytes, key: bytes, index: int, *, last: bool) -> bytes:
    """Return what one segment holds.

    Raises:
        AttachmentError: ``attachment-damaged``.
    """
    from cryptography.exceptions import InvalidTag

    if len(sealed) <= TAG_BYTES:
        raise AttachmentError("attachment-damaged", f"segment {index} is cut short")
    try:
        plain: bytes = _cipher(key).decrypt(_nonce(index, last), sealed, None)
    except InvalidTag as error:
        raise AttachmentError("attachment-damaged", f"segment {index}") from error
    return plain


def _cipher(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(key)


def _nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(_COUNTER_BYTES, "big") + bytes((last,))
