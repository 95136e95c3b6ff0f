"""Updating a pack by patches: its text and tasks are made from those of the version that is here.

Whatever cannot be patched is left to fetching it whole; only what no other pack could escape either
(no link, a cancel, a full disk) is raised.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, BinaryIO, Dict, Iterator, List, Optional, Tuple, Union

from client.laptop.packs.media_updating import MediaUpdating
from client.laptop.packs.parts import Heard, Parts, ends_all, stoppable
from client.laptop.packs.trusting import Trusting
from client.laptop.road import Road
from client.laptop.storage.files import write_whole
from sync.errors import SyncError
from sync.objects import ObjectSpec

if TYPE_CHECKING:
    from content.catalogue import CatalogueEntry, ListedPatch
    from content.installation import InstalledPack, Staging
    from content.manifest import Manifest
    from content.patches.patching import PendingPatch

CATALOGUES = ".catalogues"
ATTEMPTS = 2
"""A patch that was damaged on its way is small enough to be fetched once more."""
BETWEEN_BYTES = 16 << 20
"""A version on the way to another may take so much room; two of them are there at once."""


class Updating:
    """Patches of texts and tasks, for one run of a sync."""

    def __init__(self, parts: Parts, media: MediaUpdating, trusting: Trusting, road: Road) -> None:
        self._installation = parts.installation
        self._parts = parts
        self._media = media
        self._trusting = trusting
        self._road = road
        self._applied: List[Tuple[int, int, bytes]] = []

    def keep_catalogue(self, publisher: str, data: bytes) -> None:
        """Keep a verified catalogue: it lists the patches, also for a sync that goes on later."""
        folder = self._installation.folder / CATALOGUES
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / publisher, data)

    def foresee(self, publisher: str, listed: CatalogueEntry, old: InstalledPack) -> bool:
        """Say which patches will be fetched; tell whether there are any."""
        from content.catalogue import route

        entry = self._entry(publisher, listed)
        hops = route(entry, old.manifest.version) if entry else None
        for patch, new in hops or ():
            if patch.sha256:
                spec = ObjectSpec(patch.sha256, patch.size_bytes)
                self._parts.expect(publisher, spec, self._parts.patch_path(patch.sha256))
            else:
                path = _patch_path(publisher, listed.pack, patch, new)
                self._parts.expect_file(path, patch.size_bytes)
        return bool(hops)

    def stage(
        self, publisher: str, listed: CatalogueEntry, old: InstalledPack, heard: Heard
    ) -> Optional[Staging]:
        """Put the listed version together from an older one; None when it must be fetched whole.

        Raises what ends the whole sync: no link, a cancel, a full disk.
        """
        from content.catalogue import route
        from content.patches.keeping import keep_patches

        entry = self._entry(publisher, listed)
        hops = route(entry, old.manifest.version) if entry else None
        last: Optional[Staging] = None
        pending: Dict[str, PendingPatch] = {}
        self._applied = []
        for patch, new in hops or ():
            start = _view(last) if last else old
            try:
                step = self._hop(publisher, listed, start, patch, new, pending, heard)
            finally:
                if last:
                    last.discard()
            if step is None:
                return None
            last = step
        if last:
            self._note_pending(last, old, pending)
            # Whoever carries the version on by stick has them for those with the same old one.
            keep_patches(last.folder, self._applied)
        return last

    def _entry(self, publisher: str, listed: CatalogueEntry) -> Optional[CatalogueEntry]:
        from content.catalogue import MAX_CATALOGUE_BYTES, PAYLOAD_TYPE, parse_catalogue
        from content.errors import ContentError
        from content.storage import read_bounded
        from content.trust.envelope import unverified_payload

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
        heard: Heard,
    ) -> Optional[Staging]:
        from content.errors import ContentError, TooLargeError, UnknownFormatError
        from content.patches.patching import pending_patches, stage_patch

        room_bytes = None if new == listed.version else BETWEEN_BYTES
        watch = self._parts.watch(heard)

        def opened(envelope: bytes) -> Manifest:
            return self._open(publisher, listed, new, envelope)

        def mended(sha256: str, size_bytes: int) -> bytes:
            place = f"/repository/{publisher}/objects/{sha256[:2]}/{sha256}"
            return self._road.fetch(place, size_bytes)

        for _ in range(ATTEMPTS):
            try:
                with self._patch(publisher, old, patch, new, heard) as data, stoppable():
                    staging = stage_patch(
                        data, old, self._installation, opened, mended, watch, room_bytes
                    )
                    if isinstance(data, bytes):
                        self._applied.append((patch.version, new, data))
            except (UnknownFormatError, TooLargeError):
                return None
            except ContentError as error:
                if isinstance(error.__cause__, OSError):
                    raise
                self._parts.spoil(_patch_path(publisher, old.manifest.pack, patch, new))
                continue
            except SyncError as error:
                if ends_all(error):
                    raise
                return None
            pending.update(pending_patches(staging.folder))
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
        self._trusting.check_manifest(manifest)
        return manifest

    @contextlib.contextmanager
    def _patch(
        self, publisher: str, old: InstalledPack, patch: ListedPatch, new: int, heard: Heard
    ) -> Iterator[Union[bytes, BinaryIO]]:
        """Fetch a patch; a large one is a file, which goes when it is done with."""
        if not patch.sha256:
            path = _patch_path(publisher, old.manifest.pack, patch, new)
            yield self._road.fetch(path, patch.size_bytes)
            return
        place = self._parts.patch_path(patch.sha256)
        self._parts.download(publisher, ObjectSpec(patch.sha256, patch.size_bytes), place, heard)
        try:
            with place.open("rb") as file:
                yield file
        finally:
            place.unlink()

    def _note_pending(
        self, staging: Staging, old: InstalledPack, pending: Dict[str, PendingPatch]
    ) -> None:
        """Keep the media patches that start from a file that is here."""
        from content.patches.patching import note_pending, pending_patches

        wanted = {entry.sha256 for entry in staging.manifest.media}
        usable = {
            new: one
            for new, one in {**pending_patches(old.folder), **pending}.items()
            if new in wanted and self._media.origin(old.manifest.pack, one.old_sha256)
        }
        note_pending(staging.folder, usable)


def _patch_path(publisher: str, pack: str, patch: ListedPatch, new: int) -> str:
    return f"/repository/{publisher}/patches/{pack}/{patch.version}-{new}"


def _view(staging: Staging) -> InstalledPack:
    from content.installed import InstalledPack

    return InstalledPack(staging.folder, staging.manifest)
