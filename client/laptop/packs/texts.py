"""Installing the text and tasks of pack versions: by patches from the one before, or whole."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Dict, Optional, Tuple

from client.laptop.account import SyncProgress
from client.laptop.packs.library import Library
from client.laptop.packs.media_updating import MediaUpdating
from client.laptop.packs.parts import Heard, Parts, ends_all, stoppable
from client.laptop.packs.trusting import Trusting
from client.laptop.packs.updating import Updating
from client.laptop.packs.wanted import Wanted
from client.laptop.road import Road
from client.messages import Message
from sync.errors import SyncError
from sync.objects import ObjectSpec

if TYPE_CHECKING:
    from content import installation
    from content.manifest import CoreEntry, Manifest

Report = Callable[[SyncProgress], None]
PutAside = Callable[[Exception, str], None]


class Texts:
    """Texts and tasks, for one run of a sync."""

    def __init__(
        self,
        library: Library,
        trusting: Trusting,
        parts: Parts,
        media_updating: MediaUpdating,
        road: Road,
        report: Report,
        put_aside: PutAside,
    ) -> None:
        self._library = library
        self._installation = parts.installation
        self._trusting = trusting
        self._parts = parts
        self._media_updating = media_updating
        self._updating = Updating(parts, media_updating, trusting, road)
        self._road = road
        self._report = report
        self._put_aside = put_aside
        self._manifests: Dict[Wanted, Tuple[Manifest, bytes]] = {}

    def keep_catalogue(self, publisher: str, data: bytes) -> None:
        """Keep a verified catalogue: it lists the patches, also for a sync that goes on later."""
        self._updating.keep_catalogue(publisher, data)

    def foresee(self, want: Wanted) -> None:
        """Say what a version will need first, so that it is on its way in time."""
        if self._here(want) is not None:
            return
        old = self._old(want)
        if old is None or not self._updating.foresee(want.publisher, want.entry(), old):
            self._parts.expect_file(want.manifest_path, want.manifest_size_bytes)

    def look(self, want: Wanted) -> None:
        """Read the manifest of a version that is fetched whole, and foresee its core.

        Raises ContentError and what fetching raises.
        """
        if self._here(want) is not None or self._old(want) is not None:
            return
        self._check_owner(want)
        manifest, envelope = self._manifest(want)
        self._manifests[want] = manifest, envelope
        core = manifest.core
        self._parts.expect(want.publisher, _spec(core), self._core_path(core))

    def has_media(self, want: Wanted) -> bool:
        """Whether a version that is fetched whole will want media, as far as that is known."""
        return want not in self._manifests or bool(self._manifests[want][0].media)

    def bring(self, want: Wanted) -> Tuple[installation.InstalledPack, bool]:
        """Give a version with its text and tasks, and whether lessons are newly shown from it.

        Installs it first where it is missing or damaged. Raises as ``look`` does.
        """
        self._check_owner(want)
        installed = self._here(want) or self._install(want)
        if self._current(want) >= want.version:
            return installed, False
        self._library.adopt(installed)
        self.drop_old(installed)
        return installed, True

    def drop_old(self, installed: installation.InstalledPack) -> None:
        """Free what older versions took, but for a video that a newer one is still made from."""
        from content.errors import ContentError

        self._media_updating.changed()
        pack, version = installed.manifest.pack, installed.manifest.version
        for old in list(self._media_updating.outdated(installed)):
            # A file that a player holds open cannot go on Windows: repair() meets it again.
            with contextlib.suppress(ContentError):
                self._installation.remove(pack, old)
        self._media_updating.changed()
        self._installation.tidy(pack, version)

    def _current(self, want: Wanted) -> int:
        return self._library.current().get(want.pack, 0)

    def _here(self, want: Wanted) -> Optional[installation.InstalledPack]:
        found = self._installation.find(want.pack, want.version)
        return found if found and found.manifest.publisher == want.publisher else None

    def _old(self, want: Wanted) -> Optional[installation.InstalledPack]:
        current = self._current(want)
        return self._installation.find(want.pack, current) if current < want.version else None

    def _check_owner(self, want: Wanted) -> None:
        """A pack's name belongs to the publisher who came first: nobody else may replace it."""
        current = self._current(want)
        installed = self._installation.find(want.pack, current) if current else None
        former = installed.manifest.publisher if installed else want.publisher
        if not self._trusting.may_replace(want.publisher, former):
            from content.errors import MismatchError

            raise MismatchError(f"{want.pack} is here from another publisher and was kept.")

    def _install(self, want: Wanted) -> installation.InstalledPack:
        old = self._old(want)
        # What was begun of other versions, and not finished, would only take room.
        self._installation.tidy(want.pack, want.version)
        staging = None
        if old is not None:
            heard = self._lessons(old.manifest)
            staging = self._updating.stage(want.publisher, want.entry(), old, heard)
        installed = (staging or self._whole(want)).finish()
        self._media_updating.changed()
        self._take_local(installed)
        return installed

    def _whole(self, want: Wanted) -> installation.Staging:
        manifest, envelope = self._looked_at(want)
        heard = self._lessons(manifest)
        staging = self._repacked(want, manifest, envelope, heard)
        if staging is not None:
            return staging
        core = self._core_path(manifest.core)
        self._parts.download(want.publisher, _spec(manifest.core), core, None)
        staging = self._installation.begin(manifest, envelope)
        with stoppable():
            staging.put_core(core.read_bytes(), self._parts.watch(heard), self._old(want))
        core.unlink()
        return staging

    def _repacked(
        self, want: Wanted, manifest: Manifest, envelope: bytes, heard: Heard
    ) -> Optional[installation.Staging]:
        """Read a core where it lies that another laptop packed anew; None where there is none."""
        from content.errors import DamagedError

        if self._parts.offers(want.publisher, _spec(manifest.core)):
            return None
        path = f"/repository/{want.publisher}/cores/{manifest.core.root}"
        packed = self._parts.open_file(path)
        if packed is None:
            return None
        staging = self._installation.begin(manifest, envelope)
        try:
            with packed, stoppable():
                staging.put_repacked(packed, self._parts.watch(heard), self._old(want))
        except DamagedError:
            self._parts.spoil(path)
            raise
        except SyncError as error:
            if not ends_all(error):
                self._parts.spoil(path)
            raise
        return staging

    def _lessons(self, manifest: Manifest) -> Heard:
        """Tell that lessons are coming, and give what tells how far they are."""
        title = Message("road.lessons", {"pack": manifest.title})
        self._report(SyncProgress(title))
        return lambda done_bytes, total_bytes: self._report(
            SyncProgress(title, done_bytes, total_bytes)
        )

    def _looked_at(self, want: Wanted) -> Tuple[Manifest, bytes]:
        return self._manifests.pop(want) if want in self._manifests else self._manifest(want)

    def _manifest(self, want: Wanted) -> Tuple[Manifest, bytes]:
        from content.errors import DamagedError

        data = self._road.fetch(want.manifest_path, want.manifest_size_bytes)
        try:
            return self._trusting.read_manifest(want.publisher, data, want.entry()), data
        except DamagedError:
            self._parts.spoil(want.manifest_path)
            raise

    def _core_path(self, core: CoreEntry) -> Path:
        return self._installation.part_path(core.object + ".core")

    def _take_local(self, installed: installation.InstalledPack) -> None:
        """Take over media that this or another pack has already."""
        from content.errors import ContentError

        for entry in installed.missing_media:
            try:
                self._media_updating.take_local(installed, entry)
            except ContentError as error:
                # It is fetched like any other.
                self._put_aside(error, installed.manifest.pack)


def _spec(core: CoreEntry) -> ObjectSpec:
    return ObjectSpec(core.object, core.size_bytes)
