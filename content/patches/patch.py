"""Patches: what turns one version's manifest and core into another's (docs/pack-format.md).

A patch is a short head and one or more zstd frames, each with old files as its prefix. Small packs
have one frame; large ones have several, so that a reader needs memory for one of them only. The
first frame holds the new manifest with its signatures, and which files merely moved.
"""

from __future__ import annotations

import base64
import io
import zlib
from dataclasses import dataclass, replace
from itertools import groupby
from typing import BinaryIO, Dict, List, NamedTuple, Sequence, Tuple

from content.errors import FormatError, UnknownFormatError
from content.manifest import MAX_FILES, MAX_MANIFEST_BYTES, MAX_MEDIA_BYTES, MAX_VERSION, Manifest
from content.varint import Cursor, encode, encode_rising

MAGIC = b"KRNP"
FORMAT = 1
GROUP_BYTES = 8 * 1024 * 1024
"""Old files in a frame's prefix have at most so many bytes, and so have the new ones in it."""
MAX_PATCH_BYTES = 264 * 1024 * 1024
MAX_GROUPS = 1024
MAX_HEAD_BYTES = 2 * 1024 * 1024
"""Enough for every media file and every source that the format allows."""
MAX_FRAME_BYTES = GROUP_BYTES + 2 * MAX_MANIFEST_BYTES + (1 << 20)
"""What a frame may unpack to: files, and in the first one manifest, signatures and lists."""
_HASH_BYTES = 32
_CHECKSUM_BYTES = 4
_BLOCK_BYTES = 1 << 20
_BEFORE_PAYLOAD = b'{"payload":"'


@dataclass(frozen=True)
class Group:
    """One frame: ``sources`` are places of old files in the old manifest's list."""

    sources: Tuple[int, ...]
    frame: bytes


class StoredObject(NamedTuple):
    """An object's name (SHA-256 in hex) and its size."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class MediaPatch:
    """What turns an old media file into a new one, in order; ``new`` and ``old`` are places."""

    new: int
    old: int
    objects: Tuple[StoredObject, ...]

    @property
    def size_bytes(self) -> int:
        """All of its objects."""
        return sum(one.size_bytes for one in self.objects)


@dataclass(frozen=True)
class Patch:
    """A patch as it was read: its frames are still packed."""

    old_version: int
    new_version: int
    groups: Tuple[Group, ...]
    media: Tuple[MediaPatch, ...] = ()

    def to_bytes(self) -> bytes:
        """The patch as it lies in a repository."""
        parts = [MAGIC, bytes([FORMAT]), encode(self.old_version), encode(self.new_version)]
        parts.append(encode(sum(len(one.objects) for one in self.media)))
        for one in self.media:
            for sha256, size_bytes in one.objects:
                parts += [encode(one.new), encode(one.old), bytes.fromhex(sha256)]
                parts.append(encode(size_bytes))
        parts.append(encode(len(self.groups)))
        for group in self.groups:
            parts += [encode_rising(group.sources), encode(len(group.frame))]
        data = b"".join(parts + [group.frame for group in self.groups])
        return data + _checksum(io.BytesIO(data), len(data))


@dataclass(frozen=True)
class Lead:
    """The front of the first frame: ``moved`` maps a new small file to the old one it equals."""

    payload: bytes
    signatures: bytes
    moved: Tuple[Tuple[int, int], ...] = ()

    def to_bytes(self) -> bytes:
        """The bytes at the front of the first frame."""
        parts = [encode(len(self.payload)), self.payload]
        parts += [encode(len(self.signatures)), self.signatures]
        parts.append(encode_rising(new for new, _ in self.moved))
        parts += [encode(old) for _, old in self.moved]
        return b"".join(parts)


@dataclass(frozen=True)
class Carried:
    """The front of every frame, after the lead: which new files lie in it.

    Those with the path of a source lie in it, but for ``left_out``; ``added`` are further ones.
    All are places in the new manifest's list, and the contents follow in that order.
    """

    added: Tuple[int, ...] = ()
    left_out: Tuple[int, ...] = ()

    def to_bytes(self) -> bytes:
        """The bytes before the files."""
        return encode_rising(self.added) + encode_rising(self.left_out)

    def places(self, sources: Sequence[int], old: Manifest, new: Manifest) -> List[int]:
        """The new files that lie in a frame with these sources."""
        found = new_places(new)
        paths = [old.core.files[source].path for source in sources]
        same_path = {found[path] for path in paths if path in found}
        return sorted((same_path - set(self.left_out)) | set(self.added))


def new_places(manifest: Manifest) -> Dict[str, int]:
    """The place of every small file in its manifest's list, by path."""
    return {file.path: place for place, file in enumerate(manifest.core.files)}


def base_prefix(old_payload: bytes, publisher: str) -> bytes:
    """What stands before the old files in the first frame's prefix.

    After the old manifest comes what an envelope of the same publisher will say around its
    signature, so that only the signature itself costs anything.
    """
    around = (
        '","payloadType":"application/vnd.keruen.manifest+json","signatures":[{"keyid":"'
        f'{publisher}","sig":"=="}}]}}'
    )
    return old_payload + around.encode("ascii")


def split_envelope(envelope: bytes) -> Tuple[bytes, bytes]:
    """The payload of an envelope, and everything that follows it as it is written."""
    text, quote, rest = envelope[len(_BEFORE_PAYLOAD) :].partition(b'"')
    return base64.b64decode(text), quote + rest


def join_envelope(payload: bytes, rest: bytes) -> bytes:
    """The envelope that ``split_envelope`` took apart."""
    return _BEFORE_PAYLOAD + base64.b64encode(payload) + rest


def parse_patch(data: bytes, place: str) -> Patch:
    """Read a whole patch; nothing is unpacked. Raises FormatError or UnknownFormatError."""
    opened = PatchFile(io.BytesIO(data), place)
    return replace(
        opened.patch,
        groups=tuple(
            Group(group.sources, opened.frame(number))
            for number, group in enumerate(opened.patch.groups)
        ),
    )


class PatchFile:
    """A patch in a file: its head is read, and each frame when it is asked for."""

    def __init__(self, file: BinaryIO, place: str) -> None:
        """Raises FormatError or UnknownFormatError naming ``place``."""
        self._file = file
        self._place = place
        body_bytes = file.seek(0, io.SEEK_END) - _CHECKSUM_BYTES
        file.seek(0)
        head = file.read(max(0, min(body_bytes, MAX_HEAD_BYTES)))
        if not head.startswith(MAGIC):
            raise FormatError(f"{place} is no patch.")
        cursor = Cursor(head[len(MAGIC) :], place)
        if cursor.take(1)[0] != FORMAT:
            raise UnknownFormatError(f"{place} was made for a newer Keruen; update the programme.")
        if _checksum(file, body_bytes) != file.read(_CHECKSUM_BYTES):
            raise FormatError(f"{place} was damaged on its way or on the disk.")
        self.patch, sizes = _parse_head(cursor, place)
        start = len(head) - cursor.left
        self._frames = []
        for size_bytes in sizes:
            self._frames.append((start, size_bytes))
            start += size_bytes
        if start != body_bytes:
            raise FormatError(f"{place} is damaged: it is not as long as it says.")

    def frame(self, number: int) -> bytes:
        """The frame of a group; ``patch.groups`` are without theirs."""
        start, size_bytes = self._frames[number]
        self._file.seek(start)
        frame = self._file.read(size_bytes)
        if len(frame) != size_bytes:
            raise FormatError(f"{self._place} became shorter while it was read.")
        return frame


def _parse_head(cursor: Cursor, place: str) -> Tuple[Patch, List[int]]:
    """The patch without its frames, and their sizes."""
    old_version, new_version = cursor.number(MAX_VERSION), cursor.number(MAX_VERSION)
    media = _parse_media(cursor)
    if len({one.new for one in media}) != len(media):
        raise FormatError(f"{place} is damaged: it names a file twice.")
    groups, sizes, left = [], [], MAX_FILES
    for _ in range(cursor.number(MAX_GROUPS)):
        groups.append(Group(tuple(cursor.rising(MAX_FILES, left)), b""))
        sizes.append(cursor.number(MAX_PATCH_BYTES))
        left -= len(groups[-1].sources)
    if not groups:
        raise FormatError(f"{place} is damaged: it has no frame.")
    return Patch(old_version, new_version, tuple(groups), media), sizes


def _checksum(file: BinaryIO, size_bytes: int) -> bytes:
    """CRC-32 from the start: finds damage early; what is genuine, signature and root decide."""
    file.seek(0)
    found = 0
    while size_bytes > 0:
        block = file.read(min(size_bytes, _BLOCK_BYTES))
        if not block:
            break
        found = zlib.crc32(block, found)
        size_bytes -= len(block)
    return found.to_bytes(_CHECKSUM_BYTES, "big")


def parse_lead(cursor: Cursor) -> Lead:
    """Read the front of the first frame; places are checked by whoever knows the manifests."""
    payload = cursor.take(cursor.number(MAX_MANIFEST_BYTES))
    signatures = cursor.take(cursor.number(MAX_MANIFEST_BYTES))
    moved = cursor.rising(MAX_FILES)
    return Lead(payload, signatures, tuple((new, cursor.number(MAX_FILES)) for new in moved))


def _parse_media(cursor: Cursor) -> Tuple[MediaPatch, ...]:
    rows = [_parse_object(cursor) for _ in range(cursor.number(MAX_FILES))]
    return tuple(
        MediaPatch(new, old, tuple(row[2] for row in some))
        for (new, old), some in groupby(rows, lambda row: row[:2])
    )


def _parse_object(cursor: Cursor) -> Tuple[int, int, StoredObject]:
    new, old = cursor.number(MAX_FILES), cursor.number(MAX_FILES)
    sha256 = cursor.take(_HASH_BYTES).hex()
    return new, old, StoredObject(sha256, cursor.number(MAX_MEDIA_BYTES))


def parse_carried(cursor: Cursor) -> Carried:
    """Read which files lie in a frame."""
    return Carried(tuple(cursor.rising(MAX_FILES)), tuple(cursor.rising(MAX_FILES)))
