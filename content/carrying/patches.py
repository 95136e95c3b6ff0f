"""Which patches a stick carries: those for many old versions, as far as they are small beside it.

A laptop that has an older version reads a few bytes then. Where a patch is missing it reads the
whole, which a stick brings quickly; so patches never take more than a quarter of what they save.
"""

from __future__ import annotations

from typing import List, Optional, Set, Tuple

from content.carrying.holder import HeldPatch, Holder
from content.carrying.plan import CarriedFile
from content.carrying.shelf import Shelf, object_path, patch_path
from content.catalogue import CatalogueEntry, ListedPatch, listed_patches
from content.errors import ContentError
from content.patches.patch import parse_patch

SHARE = 4
"""Patches of a pack take at most its size divided by this, or ``LEAST_BYTES``."""
LEAST_BYTES = 16 << 20
_READ_BYTES = 1 << 20
"""Larger patches on a stick are not read to find out what they name."""


def offered_patches(
    holder: Holder, publisher: str, entry: CatalogueEntry, pack_bytes: int
) -> Tuple[List[CarriedFile], List[CarriedFile]]:
    """Objects, and patches as files of their own, that the writer has: the newest first."""
    left_bytes = max(LEAST_BYTES, pack_bytes // SHARE)
    objects: List[CarriedFile] = []
    files: List[CarriedFile] = []
    named: List[Tuple[str, int]] = []
    for patch, new in listed_patches(entry):
        held = _held(holder, entry.pack, patch, new)
        if held is None and new == entry.version:
            continue
        left_bytes -= patch.size_bytes
        if held is None or left_bytes < 0:
            # Steps before this one would lead nowhere.
            break
        path = patch_path(publisher, entry.pack, patch.version, new)
        if patch.sha256:
            path = object_path(publisher, patch.sha256)
        carried = CarriedFile(path, held.size_bytes, held.sha256, held.blocks)
        (objects if patch.sha256 else files).append(carried)
        named += held.objects
    for sha256, size_bytes in dict.fromkeys(named):
        blocks = holder.object(sha256, size_bytes)
        left_bytes -= size_bytes
        if left_bytes < 0:
            break
        if blocks is not None:
            path = object_path(publisher, sha256)
            objects.append(CarriedFile(path, size_bytes, sha256, blocks))
    return objects, files


def kept_patches(shelf: Shelf, publisher: str, entry: CatalogueEntry) -> Set[str]:
    """Paths of the listed patches and of what they name, as far as they may lie on a stick."""
    kept: Set[str] = set()
    for patch, new in listed_patches(entry):
        path = patch_path(publisher, entry.pack, patch.version, new)
        if patch.sha256:
            path = object_path(publisher, patch.sha256)
        kept.add(path)
        if patch.size_bytes > _READ_BYTES or shelf.size_bytes(path) != patch.size_bytes:
            continue
        try:
            found = parse_patch(shelf.read(path, _READ_BYTES) or b"", path)
        except ContentError:
            continue
        stored = (one for media in found.media for one in media.objects)
        kept.update(object_path(publisher, one.sha256) for one in stored)
    return kept


def _held(holder: Holder, pack: str, patch: ListedPatch, new: int) -> Optional[HeldPatch]:
    try:
        held = holder.patch(pack, patch.version, new)
    except ContentError:
        return None
    return held if held and held.size_bytes == patch.size_bytes else None
