"""Packs on a client's disk: plain files, whole versions, media that may follow later.

``packs/<pack>/<version>/`` holds the pack's files and, in ``.keruen/``, its manifest. A version is
first put together in ``packs/.staging/`` and appears by one rename.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import BinaryIO, Container, Iterator, List, Optional, Sequence, Tuple

from content.core import iterate_core, iterate_repacked
from content.errors import ContentError, DamagedError, MissingError, VersionError
from content.fields import IDENTIFIER
from content.installed import (
    ENVELOPE_FILE,
    HASHES_FILE,
    MANIFEST_FILE,
    InstalledPack,
    open_installed,
    place_for,
)
from content.manifest import MAX_MANIFEST_BYTES, Manifest, MediaEntry, hashes_fit
from content.patches.media_notes import OWN_FOLDER
from content.storage import (
    DRAFT,
    read_bounded,
    replace_durably,
    storage_errors,
    sync_folder,
    take_over,
    write_durably,
)
from content.watch import UNWATCHED, Watch

__all__ = ["Installation", "InstalledPack", "Staging"]


class Staging:
    """A version that is being put together; nothing of it is visible before ``finish``."""

    def __init__(self, installation: Installation, folder: Path, manifest: Manifest) -> None:
        self._installation = installation
        self.folder = folder
        self.manifest = manifest

    def put_core(
        self, packed: bytes, watch: Watch = UNWATCHED, old: Optional[InstalledPack] = None
    ) -> None:
        """Unpack and verify the core object; raises DamagedError and keeps nothing of a bad one.

        Media that are here already were verified, and stay. Files that are as in the version
        ``old`` are taken over from there.
        """
        self._put_all(iterate_core(packed, self.manifest.core, self._place), watch, old)

    def put_repacked(
        self, packed: BinaryIO, watch: Watch = UNWATCHED, old: Optional[InstalledPack] = None
    ) -> None:
        """Unpack and verify a core that somebody packed anew, as ``put_core`` does.

        Raises whatever reading ``packed`` raises, too, and keeps nothing then.
        """
        self._put_all(iterate_repacked(packed, self.manifest.core, self._place), watch, old)

    @property
    def _place(self) -> str:
        return f"The core of {self.manifest.pack} version {self.manifest.version}"

    def _put_all(
        self, files: Iterator[Tuple[str, bytes]], watch: Watch, old: Optional[InstalledPack]
    ) -> None:
        before = {file.path: file.size_bytes for file in old.manifest.core.files} if old else {}
        try:
            with storage_errors(self.folder):
                hashes = []
                step = watch.step("writing texts and tasks", self.manifest.core.unpacked_bytes)
                for path, content in files:
                    same = before.get(path) == len(content)
                    origin = old.folder.joinpath(*path.split("/")) if old and same else None
                    self._put_or_take(path, content, origin)
                    hashes.append(hashlib.sha256(content).digest())
                    step.add(len(content))
                self.note_hashes(hashes)
        except BaseException:
            for file in self.manifest.core.files:
                with contextlib.suppress(OSError, ContentError):
                    place_for(self.folder, file.path).unlink()
            raise

    def _put_or_take(self, path: str, content: bytes, origin: Optional[Path]) -> None:
        """Write a small file, unless ``origin`` holds the same: that costs no flush of its own."""
        if origin is not None:
            with contextlib.suppress(ContentError):
                if read_bounded(origin, len(content)) == content:
                    self.take_over(path, origin)
                    return
        self.put_file(path, content)

    def put_file(self, path: str, content: bytes) -> None:
        """Write a small file; whoever calls compares the root before ``finish``."""
        place = place_for(self.folder, path)
        # What is there may be a link to the old version's file, which must stay as it is.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(place)  # noqa: PTH108 - no step that a crash could tell from the write
        write_durably(place, [content])

    def take_over(self, path: str, source: Path) -> bool:
        """Have the file ``source`` here too; tells whether as a link, which takes no room."""
        return take_over(source, place_for(self.folder, path), self.folder / OWN_FOLDER)

    def note_hashes(self, hashes: Sequence[bytes]) -> None:
        """Keep the hashes of the small files: they tell which one is damaged later.

        Raises DamagedError when they are not those that the publisher signed.
        """
        if not hashes_fit(self.manifest, hashes):
            manifest = self.manifest
            raise DamagedError(
                f"The small files of {manifest.pack} version {manifest.version} differ from what "
                "its publisher signed."
            )
        replace_durably(self.folder / HASHES_FILE, [b"".join(hashes)], self.folder / OWN_FOLDER)

    def media_path(self, entry: MediaEntry) -> Path:
        """Where to put the verified file of ``entry``; its folder exists."""
        return place_for(self.folder, entry.path)

    def finish(self) -> InstalledPack:
        """Make the version visible in one step; raises MissingError before the core is in."""
        missing = next(
            (file for file in self.manifest.core.files if not (self.folder / file.path).is_file()),
            None,
        )
        if missing:
            raise MissingError(f"{missing.path} has not arrived, so the pack cannot be installed.")
        with storage_errors(self.folder):
            return self._installation.adopt(self)

    def discard(self) -> None:
        """Forget what has been put here."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Installation:
    """All packs of one machine, in one folder."""

    def __init__(self, packs_folder: Path) -> None:
        self.folder = packs_folder
        self._staging = packs_folder / ".staging"

    def begin(self, manifest: Manifest, envelope: Optional[bytes] = None) -> Staging:
        """Start (or go on) putting together a version.

        What an earlier attempt left is kept when it is of the very same manifest, else discarded.
        ``envelope`` is kept beside, so that this machine can hand the pack on. Raises VersionError
        when this version is installed with other content.
        """
        installed = self.find(manifest.pack, manifest.version)
        if installed and installed.manifest.to_bytes() != manifest.to_bytes():
            raise VersionError(
                f"{manifest.pack} version {manifest.version} is here with other content; "
                "its publisher must raise the version number."
            )
        folder = self._staging / f"{manifest.pack}-{manifest.version}"
        with storage_errors(folder):
            _prepare(folder, manifest, envelope)
        return Staging(self, folder, manifest)

    def adopt(self, staging: Staging) -> InstalledPack:
        """Move a complete staging folder to its place; used by ``Staging.finish``."""
        manifest = staging.manifest
        target = self.folder / manifest.pack / str(manifest.version)
        target.parent.mkdir(parents=True, exist_ok=True)
        _sync_folders(staging.folder)
        if target.exists():
            _move_files(staging.folder, target)
            staging.discard()
        else:
            staging.folder.rename(target)
            sync_folder(target.parent)
        sync_folder(self.folder)
        return InstalledPack(target, manifest)

    def take_media(
        self,
        installed: InstalledPack,
        entry: MediaEntry,
        source: Path,
        watch: Watch = UNWATCHED,
    ) -> None:
        """Have a verified file as the media file of ``entry``, without copying where possible."""
        path = installed.media_path(entry)
        step = watch.step(f"copying {entry.path}", entry.size_bytes)
        with storage_errors(path):
            take_over(source, path, self._staging, step.add)
            installed.note_media(entry)

    def part_path(self, sha256: str) -> Path:
        """Where the unfinished download of an object belongs, whichever version wants it."""
        folder = self.folder / ".parts"
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder / sha256

    def find(self, pack: str, version: int) -> Optional[InstalledPack]:
        """That version if it is installed and readable."""
        try:
            return open_installed(self.folder / pack / str(version))
        except ContentError:
            return None

    def installed(self) -> List[InstalledPack]:
        """Every usable version, by pack and version; damaged ones are left out."""
        found = []
        for folder in self._version_folders():
            with contextlib.suppress(ContentError):
                found.append(open_installed(folder))
        return found

    def newest(self, pack: str) -> Optional[InstalledPack]:
        """The highest usable version of a pack."""
        return next((one for one in reversed(self.installed()) if one.manifest.pack == pack), None)

    def damaged(self) -> List[ContentError]:
        """A sentence for each version that cannot be used."""
        return [problem for _, _, problem in self.unusable()]

    def unusable(self) -> List[Tuple[str, int, ContentError]]:
        """Pack, version and what is wrong with it, of each that cannot be used."""
        found: List[Tuple[str, int, ContentError]] = []
        for folder in self._version_folders():
            try:
                open_installed(folder)
            except ContentError as problem:
                found.append((folder.parent.name, int(folder.name), problem))
        return found

    def remove(self, pack: str, version: int) -> None:
        """Delete a version; it vanishes in one step, then its files go."""
        folder = self.folder / pack / str(version)
        doomed = self._staging / f"removed-{pack}-{version}"
        with storage_errors(folder):
            if not folder.exists():
                return
            shutil.rmtree(doomed, ignore_errors=True)
            doomed.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)

    def tidy(self, pack: str, version: int) -> None:
        """Drop what was begun of other versions than this one, and what waits to be deleted."""
        if not self._staging.is_dir():
            return
        names = re.compile(rf"(?:removed-)?{re.escape(pack)}-[0-9]+\Z")
        for folder in self._staging.iterdir():
            if names.match(folder.name) and folder.name != f"{pack}-{version}":
                shutil.rmtree(folder, ignore_errors=True)

    def sweep(self, needed: Container[str]) -> None:
        """Drop unfinished downloads that nobody needs any more, and copies that were cut short."""
        parts = [one for one in (self.folder / ".parts").glob("*") if one.name not in needed]
        for path in (*parts, *self._staging.glob(f"{DRAFT}*")):
            with contextlib.suppress(OSError):
                path.unlink()

    def _version_folders(self) -> Iterator[Path]:
        if not self.folder.is_dir():
            return
        for pack in sorted(self.folder.iterdir()):
            if IDENTIFIER.match(pack.name) and pack.is_dir():
                numbered = (one for one in pack.iterdir() if one.name.isdecimal())
                yield from sorted(numbered, key=lambda one: int(one.name))


def _prepare(folder: Path, manifest: Manifest, envelope: Optional[bytes]) -> None:
    wanted = manifest.to_bytes()
    for place in (folder, folder / OWN_FOLDER):
        _refuse_link(place)
    try:
        kept = read_bounded(folder / MANIFEST_FILE, MAX_MANIFEST_BYTES) == wanted
    except ContentError:
        kept = False
    if kept:
        return
    if folder.exists():
        shutil.rmtree(folder)
    own = folder / OWN_FOLDER
    own.mkdir(parents=True)
    if envelope is not None:
        write_durably(folder / ENVELOPE_FILE, [envelope])
    # The manifest comes last: a folder without it was never begun.
    replace_durably(folder / MANIFEST_FILE, [wanted], own)


def _refuse_link(place: Path) -> None:
    """Raise DamagedError where a folder of ours is a link, or a junction of Windows."""
    if Path(os.path.realpath(place)) != Path(os.path.realpath(place.parent)) / place.name:
        raise DamagedError(f"{place} leads out of the packs' folder; remove the link there.")


def _sync_folders(folder: Path) -> None:
    for root, _, _ in os.walk(folder):
        sync_folder(Path(root))


def _move_files(source: Path, target: Path) -> None:
    """Repair ``target`` file by file: both hold the same version, so any mixture is right."""
    for root, _, names in os.walk(source):
        folder = target / Path(root).relative_to(source)
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            (Path(root) / name).replace(folder / name)
        sync_folder(folder)
