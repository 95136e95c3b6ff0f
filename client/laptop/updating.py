"""Updating a pack by patches: its text and tasks from the version that is here, media file by file.

Whatever cannot be patched is left to fetching it whole; only what no other pack could escape either
(no link, a cancel, a full disk) is raised.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Callable, Dict, Iterator, List, Optional, Union

from client.laptop.files import write_whole
from client.laptop.road import Road
from client.laptop.trusting import Trusting
from sync.errors import CancelledError, Fault, SyncError
from sync.objects import ObjectSpec

if TYPE_CHECKING:
    from content.catalogue import CatalogueEntry, ListedPatch
    from content.installation import Installation, InstalledPack, Staging
    from content.manifest import Manifest, MediaEntry
    from content.patching import PendingPatch

CATALOGUES = ".catalogues"
ATTEMPTS = 2
"""A patch that was damaged on its way is small enough to be fetched once more."""

Cancel = Callable[[], bool]
Heard = Callable[[int, int], None]


class Updating:
    """Patches for one run of a sync."""

    def __init__(
        self, installation: Installation, trusting: Trusting, road: Road, cancel: Cancel
    ) -> None:
        self._installation = installation
        self._trusting = trusting
        self._road = road
        self._cancel = cancel
        self._installed: Optional[List[InstalledPack]] = None

    def keep_catalogue(self, publisher: str, data: bytes) -> None:
        """Keep a verified catalogue: it lists the patches, also for a sync that goes on later."""
        folder = self._installation.folder / CATALOGUES
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / publisher, data)

    def stage(
        self, publisher: str, listed: CatalogueEntry, old: InstalledPack
    ) -> Optional[Staging]:
        """Put the listed version together from an older one; None when it must be fetched whole.

        Raises what ends the whole sync: no link, a cancel, a full disk.
        """
        from content.catalogue import route

        entry = self._entry(publisher, listed)
        hops = route(entry, old.manifest.version) if entry else None
        staged: List[Staging] = []
        pending: Dict[str, PendingPatch] = {}
        try:
            for patch, new in hops or ():
                start = _view(staged[-1]) if staged else old
                step = self._hop(publisher, listed, start, patch, new, pending)
                if step is None:
                    return None
                staged.append(step)
            if staged:
                self._note_pending(staged[-1], old, pending)
        finally:
            for between in staged[:-1]:
                between.discard()
        return staged[-1] if staged else None

    def _entry(self, publisher: str, listed: CatalogueEntry) -> Optional[CatalogueEntry]:
        from content.catalogue import MAX_CATALOGUE_BYTES, PAYLOAD_TYPE, parse_catalogue
        from content.envelope import unverified_payload
        from content.errors import ContentError
        from content.storage import read_bounded

        path = self._installation.folder / CATALOGUES / publisher
        try:
            # It was verified when it came, and what its patches make will be.
            payload = unverified_payload(
                read_bounded(path, 4 * MAX_CATALOGUE_BYTES), PAYLOAD_TYPE, str(path)
            )
            entry = parse_catalogue(payload, str(path)).entry(listed.pack)
        except ContentError:
            return None
        return entry if entry and entry.manifest_sha256 == listed.manifest_sha256 else None

    def _hop(
        self,
        publisher: str,
        listed: CatalogueEntry,
        old: InstalledPack,
        patch: ListedPatch,
        new: int,
        pending: Dict[str, PendingPatch],
    ) -> Optional[Staging]:
        from content.errors import ContentError, UnknownFormatError
        from content.patching import pending_patches, stage_patch

        def opened(envelope: bytes) -> Manifest:
            return self._open(publisher, listed, new, envelope)

        def mended(sha256: str, size_bytes: int) -> bytes:
            place = f"/repository/{publisher}/objects/{sha256[:2]}/{sha256}"
            return self._road.fetch(place, size_bytes)

        for _ in range(ATTEMPTS):
            try:
                with self._patch(publisher, old, patch, new) as data:
                    staging = stage_patch(data, old, self._installation, opened, mended)
            except UnknownFormatError:
                return None
            except ContentError as error:
                if isinstance(error.__cause__, OSError):
                    raise
                continue
            except SyncError as error:
                if ends_all(error):
                    raise
                return None
            for one in pending_patches(staging.folder):
                pending[one.new_sha256] = one
            return staging
        return None

    def _open(
        self, publisher: str, listed: CatalogueEntry, version: int, envelope: bytes
    ) -> Manifest:
        from content.errors import MismatchError
        from content.reader import read_manifest

        if version == listed.version:
            return self._trusting.read_manifest(publisher, envelope, listed)
        manifest = read_manifest(envelope, self._trusting.keys(publisher))
        if (manifest.pack, manifest.version) != (listed.pack, version):
            raise MismatchError(f"The patch leads to {manifest.pack} version {manifest.version}.")
        return manifest

    @contextlib.contextmanager
    def _patch(
        self, publisher: str, old: InstalledPack, patch: ListedPatch, new: int
    ) -> Iterator[Union[bytes, BinaryIO]]:
        """Fetch a patch; a large one is a file, which goes when it is done with."""
        if not patch.sha256:
            name = f"{old.manifest.pack}/{patch.version}-{new}"
            yield self._road.fetch(f"/repository/{publisher}/patches/{name}", patch.size_bytes)
            return
        path = self._installation.part_path(patch.sha256 + ".patch")
        self._download(publisher, ObjectSpec(patch.sha256, patch.size_bytes), path, None)
        try:
            with path.open("rb") as file:
                yield file
        finally:
            path.unlink()

    def _download(
        self, publisher: str, spec: ObjectSpec, target: Path, heard: Optional[Heard]
    ) -> None:
        self._road.download(
            spec,
            self._installation.part_path(spec.sha256),
            target,
            repository=f"/repository/{publisher}",
            progress=heard,
            cancel=self._cancel,
        )

    def _note_pending(
        self, staging: Staging, old: InstalledPack, pending: Dict[str, PendingPatch]
    ) -> None:
        """Keep the media patches that start from a file that is here."""
        from content.patching import note_pending, pending_patches

        wanted = {entry.sha256 for entry in staging.manifest.media}
        for one in pending_patches(old.folder):
            pending.setdefault(one.new_sha256, one)
        usable = {
            new: one
            for new, one in pending.items()
            if new in wanted and self._origin(old.manifest.pack, one.old_sha256)
        }
        note_pending(staging.folder, usable)

    def take_local(self, installed: InstalledPack, entry: MediaEntry) -> bool:
        """Have a media file that another version or pack has, without fetching it."""
        found = self._find(entry.sha256)
        if found is None:
            return False
        self._installation.take_media(installed, entry, found)
        return True

    def patch_media(
        self, publisher: str, installed: InstalledPack, entry: MediaEntry, heard: Heard
    ) -> bool:
        """Make a media file from the one before it; tell whether that was possible.

        Raises what ends the whole sync.
        """
        from content.patching import pending_patches

        for one in pending_patches(installed.folder):
            if one.new_sha256 == entry.sha256:
                origin = self._origin(installed.manifest.pack, one.old_sha256)
                if origin is not None:
                    return self._apply(publisher, installed, entry, one, origin, heard)
        return False

    def _apply(
        self,
        publisher: str,
        installed: InstalledPack,
        entry: MediaEntry,
        one: PendingPatch,
        origin: Path,
        heard: Heard,
    ) -> bool:
        from content import errors
        from content.media_patch import apply_media_patch

        packed = self._installation.part_path(one.sha256 + ".patch")
        part = self._installation.part_path(entry.sha256)
        try:
            self._download(publisher, ObjectSpec(one.sha256, one.size_bytes), packed, heard)
            apply_media_patch(packed, origin, entry, part, cancel=self._cancel)
            part.replace(installed.media_path(entry))
        except errors.CancelledError as error:
            raise CancelledError(entry.sha256) from error
        except errors.ContentError as error:
            if isinstance(error.__cause__, OSError):
                raise
            # What was verified of the new file stays, and the rest is fetched.
            packed.unlink()
            return False
        except SyncError as error:
            if ends_all(error):
                raise
            return False
        packed.unlink()
        return True

    def outdated(self, current: InstalledPack) -> Iterator[int]:
        """Older versions of a pack that nothing is going to be made from any more."""
        from content.patching import pending_patches

        missing = {entry.sha256 for entry in current.missing_media}
        needed = {
            one.old_sha256 for one in pending_patches(current.folder) if one.new_sha256 in missing
        }
        for old in self._all():
            manifest, useful = old.manifest, False
            for entry in manifest.media:
                useful = useful or (entry.sha256 in needed and old.has_media(entry))
            older = manifest.version < current.manifest.version
            if manifest.pack == current.manifest.pack and older and not useful:
                yield manifest.version

    def changed(self) -> None:
        """Forget which versions there are: one came or went."""
        self._installed = None

    def _all(self) -> List[InstalledPack]:
        if self._installed is None:
            self._installed = self._installation.installed()
        return self._installed

    def _origin(self, pack: str, sha256: str) -> Optional[Path]:
        for old in self._all():
            if old.manifest.pack == pack:
                for entry in old.manifest.media:
                    if entry.sha256 == sha256 and old.has_media(entry):
                        return old.media_path(entry)
        return None

    def _find(self, sha256: str) -> Optional[Path]:
        """A verified file of this content in any installed version."""
        for one in self._all():
            for entry in one.manifest.media:
                if entry.sha256 == sha256 and one.has_whole_media(entry):
                    return one.media_path(entry)
        return None


def _view(staging: Staging) -> InstalledPack:
    from content.installed import InstalledPack

    return InstalledPack(staging.folder, staging.manifest)


def ends_all(error: Exception) -> bool:
    """Tell what no other pack could escape: no link, a cancel, a full disk."""
    if not isinstance(error, SyncError):
        return False
    return error.fault is Fault.LINK or error.code in ("cancelled", "disk-full", "disk-failed")
