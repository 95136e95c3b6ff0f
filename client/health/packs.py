"""The packs: each file against what its publisher signed.

Media that did not change since they were verified are not read again; small files all are.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, List

from client.health.finding import Finding, ill, mended, well
from client.laptop.packs import wanted
from client.laptop.packs.library import Library
from client.laptop.store import Store

if TYPE_CHECKING:
    from content.errors import ContentError
    from content.installation import InstalledPack
    from content.manifest import MediaEntry

CHECK = "packs"


def look_at_packs(store: Store, library: Library, mend: bool) -> List[Finding]:
    """Find damaged files; let go of them where that is wished, so that the next sync brings them.

    Where small files are damaged the whole version goes, but only if it can be had again.
    """
    ward = _Ward(store, library, mend)
    there = ward.installation.installed()
    found = [finding for installed in there for finding in ward.look(installed)]
    for pack, version, problem in ward.installation.unusable():
        found.append(ward.whole_version(pack, version, problem))
    if there and not found:
        return [well(CHECK, "doctor.packs-whole", n=len(there))]
    return found


class _Ward:
    """The packs of one laptop, and whether they are to be mended."""

    def __init__(self, store: Store, library: Library, mend: bool) -> None:
        self.installation = library.installation()
        self._store = store
        self._library = library
        self._mend = mend
        self._to_be_had = {one.pack for one in wanted.listed(store.database.connection)}

    def look(self, installed: InstalledPack) -> List[Finding]:
        """Look at one version."""
        manifest = installed.manifest
        problems = installed.core_problems()
        if problems:
            return [self.whole_version(manifest.pack, manifest.version, problems[0])]
        damaged = [one for one in manifest.media if _is_damaged(installed, one)]
        return [self._media(installed, damaged)] if damaged else []

    def whole_version(self, pack: str, version: int, problem: ContentError) -> Finding:
        """Say that a version is damaged, or remove it."""
        if pack not in self._to_be_had:
            return ill(CHECK, "doctor.pack-only-here", str(problem), pack=pack)
        if not self._mend:
            return ill(CHECK, "doctor.pack-damaged", str(problem), mendable=True, pack=pack)
        self.installation.remove(pack, version)
        self._library.repair()
        self._fetch_again(pack)
        return mended(CHECK, "doctor.pack-removed", str(problem), pack=pack)

    def _media(self, installed: InstalledPack, damaged: List[MediaEntry]) -> Finding:
        detail = ", ".join(entry.path for entry in damaged)
        pack, count = installed.manifest.pack, len(damaged)
        if not self._mend:
            return ill(CHECK, "doctor.media-damaged", detail, mendable=True, pack=pack, n=count)
        for entry in damaged:
            with contextlib.suppress(OSError):
                (installed.folder / entry.path).unlink()
        self._library.note_videos(installed)
        self._fetch_again(pack)
        return mended(CHECK, "doctor.media-removed", detail, pack=pack, n=count)

    def _fetch_again(self, pack: str) -> None:
        with self._store.database.transaction() as connection:
            wanted.note_incomplete(connection, pack)


def _is_damaged(installed: InstalledPack, entry: MediaEntry) -> bool:
    """Tell whether a file is there and not as signed, or cannot be read."""
    from content.errors import ContentError

    try:
        there = (installed.folder / entry.path).exists()
        return there and not installed.has_whole_media(entry)
    except (ContentError, OSError):
        return True
