"""Writing a stick from a laptop's own packs: a teacher carries lessons on to others.

A laptop keeps no core object: the small files are packed again, and proven by the manifest's root.
"""

from __future__ import annotations

import hashlib
from typing import Dict, Iterable, Mapping, Optional, Tuple

from content.carrying.holder import HeldPatch, blocks_of, blocks_of_file
from content.carrying.plan import Blocks, CarriedFile, Plan
from content.carrying.planning import Source, make_plan
from content.carrying.repacking import repacked
from content.carrying.shelf import EMPTY, Shelf, core_path, object_path
from content.errors import ContentError
from content.installation import Installation
from content.installed import ENVELOPE_FILE, InstalledPack
from content.manifest import Manifest, MediaEntry
from content.patches.keeping import kept_patch
from content.storage import read_bounded
from content.trust.envelope import MAX_ENVELOPE_BYTES
from content.trust.files import TrustFile
from content.trust.keys import PublicKey


def plan_from_installation(
    installation: Installation,
    publisher: PublicKey,
    catalogue: bytes,
    choices: Mapping[str, str],
    trust: Iterable[Tuple[TrustFile, bytes]] = (),
    shelf: Shelf = EMPTY,
) -> Plan:
    """Plan what a stick carries of a publisher whose packs are installed here.

    Args:
        installation: The packs of this laptop.
        publisher: Whose packs; this laptop trusts the key.
        catalogue: The envelope of the newest catalogue that this laptop has accepted from them.
        choices: One of `CHOICES` by pack id; a pack that is not named goes from the stick.
        trust: Files of trust that readers may need.
        shelf: What lies on the stick: where that is newer, it stays.

    Raises:
        ContentError: the catalogue is not signed by the publisher.
    """
    source = Source(
        holder=_Held(installation, publisher.key_id),
        publisher=publisher,
        catalogue=catalogue,
        trusted={publisher.key_id: publisher.raw},
        trust=tuple(trust),
    )
    return make_plan(source, choices, shelf)


class _Held:
    """What a laptop has."""

    def __init__(self, installation: Installation, publisher: str) -> None:
        self._installation = installation
        self._publisher = publisher
        self._shown: Dict[str, InstalledPack] = {}

    def manifest(self, pack: str, version: int) -> Optional[bytes]:
        """A manifest's envelope, as it came."""
        installed = self._installation.find(pack, version)
        if installed is None or installed.manifest.publisher != self._publisher:
            return None
        self._shown[pack] = installed
        try:
            return read_bounded(installed.folder / ENVELOPE_FILE, MAX_ENVELOPE_BYTES)
        except ContentError:
            return None

    def core(self, manifest: Manifest) -> Optional[CarriedFile]:
        """The small files, packed again."""
        installed = self._find(manifest)
        if installed is None:
            return None
        core = manifest.core
        return CarriedFile(
            core_path(self._publisher, core.root),
            core.size_bytes,
            None,
            repacked(installed),
            instead=object_path(self._publisher, core.object),
        )

    def media(self, manifest: Manifest, entry: MediaEntry) -> Optional[Blocks]:
        """The bytes of a media file that has come."""
        installed = self._find(manifest)
        if installed is None:
            return None
        return blocks_of_file(installed.folder / entry.path, entry.size_bytes)

    def patch(self, pack: str, old: int, new: int) -> Optional[HeldPatch]:
        """A patch by which the installed version was made, if it was small enough to be kept."""
        installed = self._shown.get(pack)
        data = kept_patch(installed.folder, old, new) if installed else None
        if data is None:
            return None
        return HeldPatch(len(data), hashlib.sha256(data).hexdigest(), blocks_of(data), ())

    def object(self, sha256: str, size_bytes: int) -> Optional[Blocks]:
        """None: a laptop keeps no other objects."""
        del sha256, size_bytes
        return None

    def _find(self, manifest: Manifest) -> Optional[InstalledPack]:
        found = self._installation.find(manifest.pack, manifest.version)
        return found if found and found.manifest == manifest else None
