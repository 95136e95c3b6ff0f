"""Applying a patch on a client's disk: the old version's plain files become a staged new version.

The old version is only read. Nothing of the new one shows before ``Staging.finish``; its signature
and the root of all its small files have been verified by then.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Callable, List, Mapping, Optional, Tuple, Union

from content.canonical import from_json, to_canonical
from content.errors import ContentError, DamagedError
from content.fields import SHA256_HEX, Fields
from content.installation import Installation, Staging
from content.installed import InstalledPack
from content.manifest import MAX_MANIFEST_BYTES, MAX_MEDIA_BYTES
from content.media_notes import OWN_FOLDER
from content.patch_reader import OpenManifest, PatchReader
from content.storage import read_bounded, replace_durably, storage_errors

MEDIA_PATCHES_FILE = f"{OWN_FOLDER}/media-patches.json"

Mend = Callable[[str, int], bytes]
"""Fetches a small file that is lost here, by its hash (hex) and size: it is an object too."""


@dataclass(frozen=True)
class PendingPatch:
    """The object ``sha256`` turns the old media file ``old_sha256`` into ``new_sha256``."""

    new_sha256: str
    old_sha256: str
    sha256: str
    size_bytes: int


def stage_patch(
    data: Union[bytes, BinaryIO],
    old: InstalledPack,
    installation: Installation,
    open_manifest: OpenManifest,
    mend: Optional[Mend] = None,
) -> Staging:
    """Put together the version that a patch leads to; media are left to the caller.

    ``data`` is the patch, or a file with it: then the memory of one frame is enough.
    A small file of the old version that is lost or damaged is fetched by ``mend``. Raises
    FormatError, UnknownFormatError, DamagedError, MissingError, MismatchError, SignatureError and
    its like, StorageError: then the version must be fetched whole.
    """
    files = _OldFiles(old, mend)
    reader = PatchReader(data, old.manifest, files.read, open_manifest)
    staging = installation.begin(reader.manifest, reader.envelope)
    try:
        with storage_errors(staging.folder):
            _put_files(reader, files, staging)
            pending = [
                PendingPatch(
                    reader.manifest.media[one.new].sha256,
                    old.manifest.media[one.old].sha256,
                    one.sha256,
                    one.size_bytes,
                )
                for one in reader.media
            ]
            note_pending(staging.folder, {one.new_sha256: one for one in pending})
    except ContentError:
        staging.discard()
        raise
    return staging


def _put_files(reader: PatchReader, files: _OldFiles, staging: Staging) -> None:
    entries = reader.manifest.core.files
    hashes: List[bytes] = [b""] * len(entries)
    for place, content in reader.files():
        path = entries[place].path
        if isinstance(content, int):
            kept = files.read(content)
            hashes[place] = hashlib.sha256(kept).digest()
            if files.is_mended(content):
                staging.put_file(path, kept)
            else:
                staging.take_over(path, files.path(content))
        else:
            hashes[place] = hashlib.sha256(content).digest()
            staging.put_file(path, content)
    staging.note_hashes(hashes)


class _OldFiles:
    """The small files of the old version, as they were when they came."""

    def __init__(self, old: InstalledPack, mend: Optional[Mend]) -> None:
        self._old = old
        self._hashes = old.core_hashes()
        self._mend = mend
        self._mended: List[int] = []

    def path(self, place: int) -> Path:
        return self._old.folder / self._old.manifest.core.files[place].path

    def is_mended(self, place: int) -> bool:
        return place in self._mended

    def read(self, place: int) -> bytes:
        size_bytes = self._old.manifest.core.files[place].size_bytes
        if self._hashes is None:
            return read_bounded(self.path(place), size_bytes)
        wanted = self._hashes[place]
        try:
            content = read_bounded(self.path(place), size_bytes)
        except ContentError:
            content = None
        if content is None or hashlib.sha256(content).digest() != wanted:
            content = self._fetched(place, wanted.hex(), size_bytes)
        return content

    def _fetched(self, place: int, sha256: str, size_bytes: int) -> bytes:
        if self._mend is None:
            raise DamagedError(f"{self.path(place)} is lost or damaged.")
        content = self._mend(sha256, size_bytes)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DamagedError(f"The object {sha256} differs from its name; fetch it again.")
        if place not in self._mended:
            self._mended.append(place)
        return content


def note_pending(folder: Path, pending: Mapping[str, PendingPatch]) -> None:
    """Keep the media patches that have still to be fetched, by the hash of the file they make."""
    rows = [vars(one) for _, one in sorted(pending.items())]
    replace_durably(folder / MEDIA_PATCHES_FILE, [to_canonical(rows)], folder / OWN_FOLDER)


def pending_patches(folder: Path) -> Tuple[PendingPatch, ...]:
    """The media patches of an installed or staged version; none when the note is unreadable."""
    place = str(folder / MEDIA_PATCHES_FILE)
    try:
        data = read_bounded(folder / MEDIA_PATCHES_FILE, MAX_MANIFEST_BYTES)
        rows = Fields({"rows": from_json(data, place, MAX_MANIFEST_BYTES)}, place)
        return tuple(_read_pending(row) for row in rows.children("rows"))
    except ContentError:
        return ()


def _read_pending(row: Fields) -> PendingPatch:
    return PendingPatch(
        new_sha256=row.matching("new_sha256", SHA256_HEX, "a hash"),
        old_sha256=row.matching("old_sha256", SHA256_HEX, "a hash"),
        sha256=row.matching("sha256", SHA256_HEX, "a hash"),
        size_bytes=row.integer("size_bytes", 1, MAX_MEDIA_BYTES),
    )
