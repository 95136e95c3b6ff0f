"""Applying a patch on a client's disk: the old version's plain files become a staged new version.

The old version is only read. Nothing of the new one shows before ``Staging.finish``; its signature
and the root of all its small files have been verified by then.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Callable, Dict, List, Mapping, Optional, Tuple, Union

from content.canonical import from_json, to_canonical
from content.errors import ContentError, DamagedError, TooLargeError
from content.fields import SHA256_HEX, Fields
from content.installation import Installation, Staging
from content.installed import InstalledPack
from content.manifest import MAX_MANIFEST_BYTES, MAX_MEDIA_BYTES
from content.patches.media_notes import OWN_FOLDER
from content.patches.patch import StoredObject
from content.patches.reader import OpenManifest, PatchReader
from content.storage import read_bounded, replace_durably, storage_errors
from content.watch import UNWATCHED, Step, Watch

MEDIA_PATCHES_FILE = f"{OWN_FOLDER}/media-patches.json"

Mend = Callable[[str, int], bytes]
"""Fetches a small file that is lost here, by its hash (hex) and size: it is an object too."""


@dataclass(frozen=True)
class PendingPatch:
    """The objects, in order, turn the old media file ``old_sha256`` into ``new_sha256``."""

    new_sha256: str
    old_sha256: str
    objects: Tuple[StoredObject, ...]


def stage_patch(
    data: Union[bytes, BinaryIO],
    old: InstalledPack,
    installation: Installation,
    open_manifest: OpenManifest,
    mend: Optional[Mend] = None,
    watch: Watch = UNWATCHED,
    room_bytes: Optional[int] = None,
) -> Staging:
    """Put together the version that a patch leads to; media are left to the caller.

    ``data`` is the patch, or a file with it: then the memory of one frame is enough.
    A small file of the old version that is lost or damaged is fetched by ``mend``. With
    ``room_bytes``, TooLargeError is raised when more than that would be written. Raises
    FormatError, UnknownFormatError, DamagedError, MissingError, MismatchError, SignatureError and
    its like, StorageError: then the version must be fetched whole. After a CancelledError nothing
    is left of what was begun.
    """
    files = _OldFiles(old, mend)
    reader = PatchReader(data, old.manifest, files.read, open_manifest)
    staging = installation.begin(reader.manifest, reader.envelope)
    try:
        with storage_errors(staging.folder):
            core_bytes = reader.manifest.core.unpacked_bytes
            step = watch.step("writing texts and tasks", core_bytes)
            _put_files(reader, files, _Room(staging, room_bytes), step)
            pending = [
                PendingPatch(
                    reader.manifest.media[one.new].sha256,
                    old.manifest.media[one.old].sha256,
                    one.objects,
                )
                for one in reader.media
            ]
            note_pending(staging.folder, {one.new_sha256: one for one in pending})
    except ContentError:
        staging.discard()
        raise
    return staging


def _put_files(reader: PatchReader, files: _OldFiles, room: _Room, step: Step) -> None:
    entries = reader.manifest.core.files
    hashes: List[bytes] = [b""] * len(entries)
    for place, content in reader.files():
        path = entries[place].path
        if isinstance(content, int):
            kept = files.read(content)
            hashes[place] = hashlib.sha256(kept).digest()
            room.keep(path, kept, None if files.is_mended(content) else files.path(content))
        else:
            hashes[place] = hashlib.sha256(content).digest()
            room.put(path, content)
        step.add(entries[place].size_bytes)
    room.staging.note_hashes(hashes)


class _Room:
    """A staged version that may only take so much room on the disk, or any."""

    def __init__(self, staging: Staging, left_bytes: Optional[int]) -> None:
        self.staging = staging
        self._left_bytes = left_bytes

    def put(self, path: str, content: bytes) -> None:
        self._take(len(content))
        self.staging.put_file(path, content)

    def keep(self, path: str, content: bytes, origin: Optional[Path]) -> None:
        """Have what is at ``origin``, and is ``content``, without a copy where that can be."""
        if origin is None:
            self.put(path, content)
        elif not self.staging.take_over(path, origin):
            self._take(len(content))

    def _take(self, size_bytes: int) -> None:
        if self._left_bytes is not None:
            self._left_bytes -= size_bytes
            if self._left_bytes < 0:
                raise TooLargeError(f"{self.staging.folder} takes more room than there is.")


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
    rows = [
        {**vars(one), "objects": [stored._asdict() for stored in one.objects]}
        for _, one in sorted(pending.items())
    ]
    replace_durably(folder / MEDIA_PATCHES_FILE, [to_canonical(rows)], folder / OWN_FOLDER)


def pending_patches(folder: Path) -> Dict[str, PendingPatch]:
    """The media patches of an installed or staged version, by the hash of the file they make.

    An unreadable note is as good as none.
    """
    place = str(folder / MEDIA_PATCHES_FILE)
    try:
        data = read_bounded(folder / MEDIA_PATCHES_FILE, MAX_MANIFEST_BYTES)
        rows = Fields({"rows": from_json(data, place, MAX_MANIFEST_BYTES)}, place)
        found = [_read_pending(row) for row in rows.children("rows")]
    except ContentError:
        return {}
    return {one.new_sha256: one for one in found}


def _read_pending(row: Fields) -> PendingPatch:
    return PendingPatch(
        new_sha256=row.matching("new_sha256", SHA256_HEX, "a hash"),
        old_sha256=row.matching("old_sha256", SHA256_HEX, "a hash"),
        objects=tuple(
            StoredObject(
                stored.matching("sha256", SHA256_HEX, "a hash"),
                stored.integer("size_bytes", 1, MAX_MEDIA_BYTES),
            )
            for stored in row.children("objects")
        ),
    )
