"""A search of every byte of a stick for what a stranger must not learn, in any form it may have.

A secret is looked for as it stands and in other alphabets' encodings, UTF-16, hex, base64 at any
offset and JSON's escapes; in the files, in their names, and in whatever can be unpacked from them
without a key: zstd frames (those of messages too, which carry no magic number), gzip, zip, base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import sys
import unicodedata
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterable, Iterator, List, Set, Tuple, Union
from urllib.parse import quote

import zstandard

from sync.compression import dictionaries

SHORTEST_BYTES = 8
"""Shorter forms turn up in random bytes by themselves, and a word of this size is compared fast."""
DEEPEST = 3
LARGEST_UNPACKED_BYTES = 64 << 20
_MAGIC = b"\x28\xb5\x2f\xfd"
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
_ZERO_RUN = re.compile(rb"\0{4096,}")
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866")


@dataclass(frozen=True)
class Secret:
    """Something that nobody may find: what it is, and its text or bytes."""

    what: str
    value: Union[str, bytes]


@dataclass(frozen=True)
class Find:
    """A secret that was found: in which file, and behind which layers."""

    what: str
    place: str


def of_person(name: str) -> List[Secret]:
    """A person's whole name, and each word of it that is long enough to be told from chance."""
    parts = [name, *(part for part in name.split() if len(part.encode()) >= SHORTEST_BYTES)]
    return [Secret(f"the name {part}", part) for part in dict.fromkeys(parts)]


def forms(value: Union[str, bytes]) -> Set[bytes]:
    """All forms in which a secret is looked for.

    Raises ValueError for one that is too short to be told from chance.
    """
    plain = _plain_forms(value)
    found = {form for one in plain for form in (one, *_in_text(one))}
    kept = {form for form in found if len(form) >= SHORTEST_BYTES}
    if not any(one in kept for one in plain):
        raise ValueError(f"too short to be searched for: {value!r}")
    return kept


def _plain_forms(value: Union[str, bytes]) -> Set[bytes]:
    if isinstance(value, bytes):
        return {value, value[::-1]}
    texts = {value, value.lower(), value.upper()}
    texts |= {unicodedata.normalize("NFD", text) for text in texts}
    escaped = {json.dumps(text)[1:-1] for text in texts}
    quoted = {quote(text) for text in texts}
    found = {text.encode(name) for text in texts for name in _ENCODINGS if _fits(text, name)}
    written = escaped | {text.replace("\\u", "\\U") for text in escaped} | quoted
    return found | {text.encode() for text in written}


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _in_text(data: bytes) -> Iterator[bytes]:
    """Hex, and base64 of both alphabets at each of three offsets, without what its ends share."""
    yield binascii.hexlify(data)
    yield binascii.hexlify(data).upper()
    for before in range(3):
        coded = base64.b64encode(bytes(before) + data)
        first = (0, 2, 3)[before]
        last = len(coded) - (0, 3, 2)[(before + len(data)) % 3]
        whole = coded[first:last]
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))


class Search:
    """Looks for secrets; each kind of bytes is looked through once, however often it lies there."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._needles: Dict[bytes, str] = {}
        for secret in secrets:
            for form in forms(secret.value):
                self._needles.setdefault(form, secret.what)
        self._starts = {_start(form) for form in self._needles}
        self._seen: Set[bytes] = set()
        self.searched_bytes = 0

    @property
    def needles(self) -> int:
        """How many different forms are looked for."""
        return len(self._needles)

    def folder(self, folder: Path) -> List[Find]:
        """Look through all files below a folder, and their names."""
        found: List[Find] = []
        for path in sorted(folder.rglob("*")):
            place = path.relative_to(folder).as_posix()
            found += self.data(place.encode(), f"the name of {place}")
            if path.is_file():
                found += self.data(path.read_bytes(), place)
        return found

    def image(self, image: Path) -> List[Find]:
        """Look through a whole medium, with what was deleted; long runs of zeros are skipped."""
        found: List[Find] = []
        for number, part in enumerate(_ZERO_RUN.split(image.read_bytes())):
            found += self.data(part, f"run {number} of {image.name}")
        return found

    def data(self, data: bytes, place: str) -> List[Find]:
        """Look through some bytes and all that can be unpacked from them."""
        found: List[Find] = []
        for name, layer in self._layers(data, place, DEEPEST):
            self.searched_bytes += len(layer)
            found += [Find(what, name) for what in self._inside(layer)]
        return list(dict.fromkeys(found))

    def _inside(self, layer: bytes) -> List[str]:
        """Name the secrets in one layer: what begins as one of them is looked at more closely."""
        begun: Set[int] = set()
        for offset in range(SHORTEST_BYTES):
            words = (len(layer) - offset) // SHORTEST_BYTES
            run = memoryview(layer)[offset : offset + words * SHORTEST_BYTES]
            begun |= self._starts.intersection(run.cast("Q"))
        return [
            what
            for form, what in (self._needles.items() if begun else ())
            if _start(form) in begun and form in layer
        ]

    def _layers(self, data: bytes, place: str, deep: int) -> Iterator[Tuple[str, bytes]]:
        digest = hashlib.sha256(data).digest()
        if not data or digest in self._seen:
            return
        self._seen.add(digest)
        yield place, data
        if deep:
            for how, inside in unpacked(data):
                yield from self._layers(inside, f"{place}, {how}", deep - 1)


def _start(form: bytes) -> int:
    return int.from_bytes(form[:SHORTEST_BYTES], sys.byteorder)


def unpacked(data: bytes) -> Iterator[Tuple[str, bytes]]:
    """All that comes out of some bytes without any key: how, and what."""
    view = memoryview(data)
    for at in _places(data, _MAGIC):
        yield from _zstd(view[at + len(_MAGIC) :], b"", f"zstd at {at}")
    for identifier, dictionary in {"0000": b"", **dictionaries()}.items():
        for at in _places(data, bytes.fromhex(identifier)):
            # A frame that says its size has one of these bits in its first byte (RFC 8878).
            if data[at + 2 : at + 3] > b"\x1f":
                how = f"zstd at {at} with dictionary {identifier}"
                yield from _zstd(view[at + 2 :], dictionary, how, sized=True)
    for mark in (b"\x1f\x8b\x08", b"x\x9c", b"x\xda"):
        for at in _places(data, mark):
            yield from _deflated(view[at:], 47, f"deflated at {at}")
    for at in _places(data, b"PK\x03\x04"):
        name_bytes = int.from_bytes(data[at + 26 : at + 28], "little")
        more_bytes = int.from_bytes(data[at + 28 : at + 30], "little")
        yield from _deflated(view[at + 30 + name_bytes + more_bytes :], -15, f"zipped at {at}")
    for run in _BASE64.finditer(data):
        text = run.group().rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        for start in range(4):
            part = text[start:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            yield f"base64 at {run.start()}", binascii.a2b_base64(part + b"=" * (-len(part) % 4))


def _places(data: bytes, mark: bytes) -> List[int]:
    found, at = [], data.find(mark)
    while at >= 0:
        found.append(at)
        at = data.find(mark, at + 1)
    return found


def _zstd(
    frame: memoryview, dictionary: bytes, how: str, sized: bool = False
) -> Iterator[Tuple[str, bytes]]:
    """Unpack a frame, given without its magic number, as far as it goes."""
    inside = b""
    try:
        size_bytes = zstandard.frame_content_size(_MAGIC + frame[:32])
        if size_bytes == 0 or size_bytes > LARGEST_UNPACKED_BYTES or (sized and size_bytes < 0):
            return
        prepared = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        made = zstandard.ZstdDecompressor(dict_data=prepared, max_window_size=1 << 27)
        unpacker = made.decompressobj()
        unpacker.decompress(_MAGIC)
        for at in range(0, len(frame), 1 << 16):
            inside += unpacker.decompress(frame[at : at + (1 << 16)])
            if unpacker.eof or len(inside) > LARGEST_UNPACKED_BYTES:
                break
    except zstandard.ZstdError:
        pass
    if inside:
        yield how, inside


def _deflated(data: memoryview, bits: int, how: str) -> Iterator[Tuple[str, bytes]]:
    try:
        yield how, zlib.decompressobj(bits).decompress(data, LARGEST_UNPACKED_BYTES)
    except zlib.error:
        return
