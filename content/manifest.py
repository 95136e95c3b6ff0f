"""Manifests: the signed list of what one version of a pack holds."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, Mapping, Optional, Sequence, Tuple

from content.canonical import from_json, to_canonical
from content.errors import PathError, UnknownFormatError
from content.fields import IDENTIFIER, LANGUAGE, SHA256_HEX, Fields
from content.paths import check_paths, is_reserved
from content.text import Text

FORMAT = 1
PAYLOAD_TYPE = "application/vnd.keruen.manifest+json"
PIECE_BYTES = 1024 * 1024
SMALL_FILE_BYTES = 256 * 1024
MAX_MANIFEST_BYTES = 4 * 1024 * 1024
MAX_CORE_FILE_BYTES = 1024 * 1024
MAX_CORE_BYTES = 256 * 1024 * 1024
MAX_MEDIA_BYTES = 64 * 1024 * 1024 * 1024
MAX_FILES = 20_000
MAX_VERSION = 2**31 - 1
KINDS = ("video", "audio", "picture", "file")
KEY_ID = re.compile(r"[0-9a-f]{32}\Z")
_ROOT_CONTEXT = b"keruen core root 1\n"
_HASH_BYTES = 32


@dataclass(frozen=True)
class CoreFile:
    """A small file: its path in the pack and its size."""

    path: str
    size_bytes: int


@dataclass(frozen=True)
class CoreEntry:
    """The core object: all small files, one after another, in one zstd frame.

    ``object`` is the SHA-256 of the compressed bytes, ``root`` that of the files' names, sizes and
    hashes (see core_root); both in hex. ``files`` are sorted by path.
    """

    object: str
    size_bytes: int
    unpacked_bytes: int
    root: str
    files: Tuple[CoreFile, ...]


@dataclass(frozen=True)
class MediaEntry:
    """One large file, an object of its own.

    ``piece_sha256`` has 32 bytes for each 1 MiB of it, and is empty when it is one piece: then
    ``sha256`` (hex) is that piece's hash.
    """

    path: str
    sha256: str
    size_bytes: int
    kind: str
    piece_sha256: Tuple[bytes, ...] = ()
    duration_s: Optional[float] = None


@dataclass(frozen=True)
class Manifest:
    """One version of one pack; ``publisher`` is the key id of who signs it."""

    pack: str
    version: int
    publisher: str
    title: Text
    languages: Tuple[str, ...]
    core: CoreEntry
    media: Tuple[MediaEntry, ...] = ()
    subject: str = ""
    grade: int = 0
    licence: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        """Bytes to fetch for all of it: the compressed core and all media."""
        return self.core.size_bytes + sum(entry.size_bytes for entry in self.media)

    def to_bytes(self) -> bytes:
        """The payload that is signed: canonical JSON."""
        return to_canonical({**self.extra, **_as_values(self)})


def core_root(files: Iterable[Tuple[str, int, bytes]]) -> str:
    """The root over (path, size in bytes, SHA-256) of every core file, in the order of paths.

    SHA-256 over a context line and, for each file: the path's length in UTF-8 (4 bytes,
    big-endian), the path, the size (8 bytes, big-endian), the file's 32-byte hash.
    """
    digest = hashlib.sha256(_ROOT_CONTEXT)
    for path, size_bytes, sha256 in sorted(files):
        name = path.encode("utf-8")
        digest.update(len(name).to_bytes(4, "big") + name + size_bytes.to_bytes(8, "big") + sha256)
    return digest.hexdigest()


def hashes_fit(manifest: Manifest, hashes: Sequence[bytes]) -> bool:
    """Whether these are the hashes of the manifest's small files: its root says so."""
    files = manifest.core.files
    if len(hashes) != len(files) or any(len(one) != _HASH_BYTES for one in hashes):
        return False
    rows = ((file.path, file.size_bytes, sha256) for file, sha256 in zip(files, hashes))
    return core_root(rows) == manifest.core.root


def parse_manifest(payload: bytes, place: str = "The manifest") -> Manifest:
    """Read a verified payload; unknown fields are kept in ``extra``.

    Raises FormatError, UnknownFormatError, TooLargeError or PathError naming ``place``.
    """
    fields = Fields(from_json(payload, place, MAX_MANIFEST_BYTES), place)
    check_format(fields, FORMAT)
    manifest = Manifest(
        pack=pack_id(fields, "pack"),
        version=fields.integer("version", 1, MAX_VERSION),
        publisher=fields.matching("publisher", KEY_ID, "a key id of 32 hex digits"),
        title=fields.text("title"),
        languages=fields.strings("languages", LANGUAGE, "languages such as kk"),
        core=_read_core(fields.child("core")),
        media=tuple(_read_media(entry) for entry in fields.children("media", limit=MAX_FILES)),
        subject=fields.string("subject", "-").strip("-"),
        grade=fields.integer("grade", 0, 12, default=0),
        licence=fields.string("licence", "-").strip("-"),
        extra={name: value for name, value in fields.values.items() if name not in _KNOWN},
    )
    _check_files(manifest, place)
    return manifest


def check_format(fields: Fields, newest: int) -> None:
    """Refuse a format, or a needed feature, that this programme does not know.

    ``needs`` lists features without which a reader must not go on: later versions use it for
    changes that an old reader would misread, and plain new fields for those that it may ignore.
    """
    number = fields.integer("format", 1, 1_000_000)
    needs = fields.strings("needs", IDENTIFIER, "features", required=False)
    if number > newest or needs:
        raise UnknownFormatError(
            f"{fields.place} was made for a newer Keruen; update the programme to use it."
        )


def pack_id(fields: Fields, name: str) -> str:
    """A pack's id, which is also the name of a folder."""
    value = fields.identifier(name)
    if is_reserved(value):
        raise fields.fail(name, f"must not be {value!r}, which Windows reserves")
    return value


_KNOWN = frozenset(
    ("format", "needs", "pack", "version", "publisher", "title", "languages", "core", "media",
     "subject", "grade", "licence")
)  # fmt: skip


def _read_core(fields: Fields) -> CoreEntry:
    files = []
    for pair in fields.sequence("files", limit=MAX_FILES):
        if not isinstance(pair, list) or len(pair) != 2:
            raise fields.fail("files", "must list pairs of a path and a size")
        row = Fields({"path": pair[0], "size": pair[1]}, f"{fields.place}: files", fields.error)
        size_bytes = row.integer("size", 0, MAX_CORE_FILE_BYTES)
        files.append(CoreFile(row.string("path"), size_bytes))
    if files != sorted(files, key=lambda file: file.path):
        raise fields.fail("files", "must be sorted by path")
    core = CoreEntry(
        object=fields.matching("object", SHA256_HEX, "a SHA-256 in hex"),
        size_bytes=fields.integer("size_bytes", 1, MAX_CORE_BYTES),
        unpacked_bytes=fields.integer("unpacked_bytes", 0, MAX_CORE_BYTES),
        root=fields.matching("root", SHA256_HEX, "a SHA-256 in hex"),
        files=tuple(files),
    )
    if core.unpacked_bytes != sum(file.size_bytes for file in files):
        raise fields.fail("unpacked_bytes", "is not the sum of the files' sizes")
    return core


def _read_media(fields: Fields) -> MediaEntry:
    size_bytes = fields.integer("size_bytes", 0, MAX_MEDIA_BYTES)
    kind = fields.string("kind", "file")
    return MediaEntry(
        path=fields.string("path"),
        sha256=fields.matching("sha256", SHA256_HEX, "a SHA-256 in hex"),
        size_bytes=size_bytes,
        kind=kind if kind in KINDS else "file",
        piece_sha256=_read_pieces(fields, size_bytes),
        duration_s=fields.number("duration_s", 0, 1e6) if fields.has("duration_s") else None,
    )


def _read_pieces(fields: Fields, size_bytes: int) -> Tuple[bytes, ...]:
    count = -(-size_bytes // PIECE_BYTES)
    if count <= 1:
        return ()
    text = fields.string("pieces", limit=MAX_MANIFEST_BYTES)
    try:
        joined = base64.b64decode(text.encode("utf-8"), validate=True)
    except binascii.Error:
        joined = b""
    if len(joined) != count * _HASH_BYTES:
        raise fields.fail("pieces", f"must hold the hashes of {count} pieces in base64")
    return tuple(
        joined[start : start + _HASH_BYTES] for start in range(0, len(joined), _HASH_BYTES)
    )


def _check_files(manifest: Manifest, place: str) -> None:
    paths = [file.path for file in manifest.core.files] + [entry.path for entry in manifest.media]
    try:
        check_paths(paths)
    except PathError as problem:
        raise PathError(f"{place}: {problem}") from None


def _as_values(manifest: Manifest) -> Dict[str, Any]:
    core = manifest.core
    values: Dict[str, Any] = {
        "format": FORMAT,
        "pack": manifest.pack,
        "version": manifest.version,
        "publisher": manifest.publisher,
        "title": dict(manifest.title),
        "languages": list(manifest.languages),
        "core": {
            "object": core.object,
            "size_bytes": core.size_bytes,
            "unpacked_bytes": core.unpacked_bytes,
            "root": core.root,
            "files": [[file.path, file.size_bytes] for file in core.files],
        },
        "media": [_media_values(entry) for entry in manifest.media],
    }
    optional = {
        "subject": manifest.subject,
        "grade": manifest.grade,
        "licence": manifest.licence,
    }
    return {**values, **{name: value for name, value in optional.items() if value}}


def _media_values(entry: MediaEntry) -> Dict[str, Any]:
    values: Dict[str, Any] = {
        "path": entry.path,
        "sha256": entry.sha256,
        "size_bytes": entry.size_bytes,
        "kind": entry.kind,
    }
    if entry.piece_sha256:
        values["pieces"] = base64.b64encode(b"".join(entry.piece_sha256)).decode("ascii")
    if entry.duration_s is not None:
        values["duration_s"] = entry.duration_s
    return values
