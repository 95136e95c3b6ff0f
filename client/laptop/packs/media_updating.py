"""Media of a new version without fetching them whole: taken over, or made from what is here.

Whatever cannot be made so is left to fetching it whole; only what no other pack could escape either
(no link, a cancel, a full disk) is raised.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Iterator, List, Optional, Set

from client.laptop.packs.parts import PATCH, Heard, Parts, ends_all, stoppable
from sync.errors import SyncError
from sync.objects import ObjectSpec

if TYPE_CHECKING:
    from content.installation import InstalledPack
    from content.manifest import MediaEntry
    from content.patches.patching import PendingPatch


class MediaUpdating:
    """Media for one run of a sync."""

    def __init__(self, parts: Parts) -> None:
        self._installation = parts.installation
        self._parts = parts
        self._installed: Optional[List[InstalledPack]] = None

    def take_local(self, installed: InstalledPack, entry: MediaEntry) -> bool:
        """Have a media file that another version or pack has, without fetching it."""
        with stoppable():
            found = self._find(entry.sha256)
            if found is None:
                return False
            self._installation.take_media(installed, entry, found, self._parts.watch())
        return True

    def patch_media(
        self, publisher: str, installed: InstalledPack, entry: MediaEntry, heard: Heard
    ) -> bool:
        """Make a media file from the one before it; tell whether that was possible.

        Raises what ends the whole sync.
        """
        from content.errors import ContentError
        from content.patches.patching import pending_patches

        one = pending_patches(installed.folder).get(entry.sha256)
        origin = self.origin(installed.manifest.pack, one.old_sha256) if one else None
        if one is None or origin is None:
            return False
        part = self._installation.part_path(entry.sha256)
        try:
            with stoppable():
                self._make(publisher, entry, one, origin, part, heard)
                part.replace(installed.media_path(entry))
        except ContentError as error:
            if isinstance(error.__cause__, OSError):
                raise
            # What was verified of the new file stays, and the rest is fetched.
            self._drop(one)
            return False
        except SyncError as error:
            if ends_all(error):
                raise
            return False
        return True

    def _make(
        self,
        publisher: str,
        entry: MediaEntry,
        one: PendingPatch,
        origin: Path,
        part: Path,
        heard: Heard,
    ) -> None:
        """Fetch the objects of a media patch one by one; each goes when it was applied."""
        from content.patches.patched_media import PatchedMedia

        bar = _Bar(heard, sum(stored.size_bytes for stored in one.objects) + entry.size_bytes)
        with PatchedMedia(entry, origin, part, self._parts.watch(bar.making)) as made:
            for number, stored in enumerate(one.objects):
                if not made.has(number, len(one.objects)):
                    packed = self._parts.patch_path(stored.sha256)
                    self._parts.download(publisher, ObjectSpec(*stored), packed, bar.coming)
                    made.apply(packed, number)
                    packed.unlink()
                bar.came(stored.size_bytes)
            made.finish()

    def _drop(self, one: PendingPatch) -> None:
        for stored in one.objects:
            with contextlib.suppress(FileNotFoundError):
                self._parts.patch_path(stored.sha256).unlink()

    def sweep(self, wanted: Callable[[InstalledPack, MediaEntry], bool]) -> None:
        """Drop unfinished downloads of media that no newest version, or nobody, wants any more."""
        from content.patches.patching import pending_patches

        newest = {one.manifest.pack: one for one in self._all()}
        needed: Set[str] = set()
        for one in newest.values():
            needed |= {entry.sha256 for entry in one.missing_media if wanted(one, entry)}
            for pending in pending_patches(one.folder).values():
                for stored in pending.objects:
                    needed |= {stored.sha256, stored.sha256 + PATCH}
        self._installation.sweep(needed)

    def origin(self, pack: str, sha256: str) -> Optional[Path]:
        """Find a file of this content in an older version of the pack."""
        for old in self._all():
            if old.manifest.pack == pack:
                for entry in old.manifest.media:
                    if entry.sha256 == sha256 and old.has_media(entry):
                        return old.media_path(entry)
        return None

    def outdated(self, current: InstalledPack) -> Iterator[int]:
        """Older versions of a pack that nothing is going to be made from any more."""
        from content.patches.patching import pending_patches

        missing = {entry.sha256 for entry in current.missing_media}
        needed = {
            one.old_sha256 for new, one in pending_patches(current.folder).items() if new in missing
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

    def _find(self, sha256: str) -> Optional[Path]:
        """A verified file of this content in any installed version."""
        for one in self._all():
            for entry in one.manifest.media:
                if entry.sha256 == sha256 and one.has_whole_media(entry, self._parts.watch()):
                    return one.media_path(entry)
        return None


class _Bar:
    """Fetching a media patch and making the file from it, as one number of bytes."""

    def __init__(self, heard: Heard, total_bytes: int) -> None:
        self._heard = heard
        self._total_bytes = total_bytes
        self._came_bytes = self._made_bytes = 0

    def coming(self, done_bytes: int, _: int) -> None:
        """So much of an object is here."""
        self._heard(self._came_bytes + self._made_bytes + done_bytes, self._total_bytes)

    def came(self, size_bytes: int) -> None:
        """A whole object was fetched and applied, or need not be."""
        self._came_bytes += size_bytes
        self.coming(0, size_bytes)

    def making(self, done_bytes: int, _: int) -> None:
        """So much of the file is made."""
        self._made_bytes = done_bytes
        self.coming(0, 0)
