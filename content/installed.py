"""One version of a pack on a client's disk."""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Optional, Tuple

from content.errors import ContentError, DamagedError, FormatError
from content.manifest import (
    MAX_FILES,
    MAX_MANIFEST_BYTES,
    Manifest,
    MediaEntry,
    core_root,
    hashes_fit,
    parse_manifest,
)
from content.patches import media_notes
from content.patches.media_notes import OWN_FOLDER
from content.storage import read_bounded, sha256_of_file, storage_errors
from content.watch import UNWATCHED, Step, Watch

MANIFEST_FILE = f"{OWN_FOLDER}/manifest.json"
ENVELOPE_FILE = f"{OWN_FOLDER}/manifest"
HASHES_FILE = f"{OWN_FOLDER}/hashes"
_HASH_BYTES = 32


@dataclass(frozen=True)
class InstalledPack:
    """One version that can be used; media may still be missing."""

    folder: Path
    manifest: Manifest

    def media_path(self, entry: MediaEntry) -> Path:
        """Where the verified file of ``entry`` belongs; its folder exists."""
        return place_for(self.folder, entry.path)

    def has_media(self, entry: MediaEntry) -> bool:
        """Whether the file is there in full size; its hash was checked when it was put there."""
        path = self.folder / entry.path
        with contextlib.suppress(OSError):
            return path.stat().st_size == entry.size_bytes
        return False

    def note_media(self, entry: MediaEntry) -> None:
        """Remember that the file of ``entry`` was verified just now."""
        notes = media_notes.read(self.folder)
        notes[entry.path] = media_notes.state(self.folder / entry.path, entry.sha256)
        media_notes.write(self.folder, notes)

    def has_whole_media(self, entry: MediaEntry, watch: Watch = UNWATCHED) -> bool:
        """Whether the file is there and good; it is read only if it changed since it was verified.

        Raises StorageError and CancelledError.
        """
        if not self.has_media(entry):
            return False
        path = self.folder / entry.path
        with storage_errors(path):
            if media_notes.read(self.folder).get(entry.path) == media_notes.state(
                path, entry.sha256
            ):
                return True
            step = watch.step(f"verifying {entry.path}", entry.size_bytes)
            return sha256_of_file(path, step.add) == entry.sha256

    @property
    def missing_media(self) -> Tuple[MediaEntry, ...]:
        """What has still to be fetched."""
        return tuple(entry for entry in self.manifest.media if not self.has_media(entry))

    def core_hashes(self) -> Optional[Tuple[bytes, ...]]:
        """The hash that each small file had when it came; None when that is not known."""
        try:
            data = read_bounded(self.folder / HASHES_FILE, MAX_FILES * _HASH_BYTES)
        except ContentError:
            return None
        hashes = tuple(data[at : at + _HASH_BYTES] for at in range(0, len(data), _HASH_BYTES))
        return hashes if hashes_fit(self.manifest, hashes) else None

    def core_problems(self) -> Tuple[ContentError, ...]:
        """What differs from the manifest among the small files, which are all read."""
        step = UNWATCHED.step("verifying texts and tasks", self.manifest.core.unpacked_bytes)
        return tuple(_core_problems(self.folder, self.manifest, step))

    def problems(self, watch: Watch = UNWATCHED) -> Tuple[ContentError, ...]:
        """What differs from the manifest, file by file. Media not yet fetched are no problem.

        Raises StorageError and CancelledError.
        """
        manifest = self.manifest
        size_bytes = manifest.core.unpacked_bytes + sum(one.size_bytes for one in manifest.media)
        step = watch.step(f"verifying {manifest.pack}", size_bytes)
        found = list(_core_problems(self.folder, manifest, step))
        for entry in manifest.media:
            path = self.folder / entry.path
            with storage_errors(path):
                if path.exists() and sha256_of_file(path, step.add) != entry.sha256:
                    found.append(DamagedError(f"{path} is damaged; fetch it again."))
        return tuple(found)


def open_installed(folder: Path) -> InstalledPack:
    """The version in ``folder``; raises MissingError or FormatError naming what is wrong."""
    path = folder / MANIFEST_FILE
    manifest = parse_manifest(read_bounded(path, MAX_MANIFEST_BYTES), str(path))
    if (folder.parent.name, folder.name) != (manifest.pack, str(manifest.version)):
        raise FormatError(f"{path} belongs to {manifest.pack} version {manifest.version}.")
    return InstalledPack(folder, manifest)


def place_for(folder: Path, path: str) -> Path:
    """The file at ``path``, which parse_manifest has checked; its folder is made, never a link."""
    place = folder.joinpath(*path.split("/"))
    straight = Path(os.path.realpath(folder)).joinpath(*path.split("/"))
    if Path(os.path.realpath(place)) != straight:
        raise DamagedError(f"{place} leads out of the pack's folder; remove the link there.")
    with storage_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _core_problems(folder: Path, manifest: Manifest, step: Step) -> Iterator[ContentError]:
    rows = []
    for file in manifest.core.files:
        try:
            content = read_bounded(folder / file.path, file.size_bytes)
        except ContentError as problem:
            yield problem
            continue
        rows.append((file.path, len(content), hashlib.sha256(content).digest()))
        step.add(len(content))
    if len(rows) == len(manifest.core.files) and core_root(rows) != manifest.core.root:
        yield DamagedError(f"A small file in {folder} is damaged; install the pack again.")
