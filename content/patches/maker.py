"""Making a patch: which small files it carries, which merely moved, and what helps to pack them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, List, Sequence, Set, Tuple

from content.manifest import Manifest
from content.patches.patch import (
    GROUP_BYTES,
    Carried,
    Group,
    Lead,
    MediaPatch,
    Patch,
    base_prefix,
    new_places,
    split_envelope,
)
from content.patches.prefix import compress
from content.watch import UNWATCHED, Watch


@dataclass(frozen=True)
class Version:
    """One version as a publisher has it: ``hashes`` are of the small files, in the list's order."""

    manifest: Manifest
    hashes: Tuple[bytes, ...]
    read: Callable[[int], bytes]


@dataclass(frozen=True)
class _Batch:
    """What one frame will hold: places of old files, and of new ones."""

    sources: Tuple[int, ...]
    carried: Tuple[int, ...]


def make_patch(
    old: Version,
    new: Version,
    envelope: bytes,
    media: Sequence[MediaPatch] = (),
    watch: Watch = UNWATCHED,
) -> bytes:
    """The patch from ``old`` to ``new``, whose manifest's envelope is given.

    Raises CancelledError when ``watch`` says so, between two frames.
    """
    moved, carried = _sort_out(old, new)
    batches = _batches(old.manifest, new.manifest, carried)
    payload, signatures = split_envelope(envelope)
    front = Lead(payload, signatures, tuple(sorted(moved.items()))).to_bytes()
    base = base_prefix(old.manifest.to_bytes(), old.manifest.publisher)
    groups = []
    for batch in batches:
        watch.check()
        same_path = set(Carried().places(batch.sources, old.manifest, new.manifest))
        listed = Carried(
            added=tuple(sorted(set(batch.carried) - same_path)),
            left_out=tuple(sorted(same_path - set(batch.carried))),
        )
        content = [front, listed.to_bytes(), *(new.read(place) for place in batch.carried)]
        prefix = base + b"".join(old.read(place) for place in batch.sources)
        groups.append(Group(batch.sources, compress(b"".join(content), prefix)))
        front = base = b""
    return Patch(old.manifest.version, new.manifest.version, tuple(groups), tuple(media)).to_bytes()


def _sort_out(old: Version, new: Version) -> Tuple[Dict[int, int], List[int]]:
    """New files that equal an old one under another path (new place to old), and new content."""
    by_hash: Dict[bytes, int] = {}
    for place, sha256 in enumerate(old.hashes):
        by_hash.setdefault(sha256, place)
    old_places = new_places(old.manifest)
    moved: Dict[int, int] = {}
    carried: List[int] = []
    for place, file in enumerate(new.manifest.core.files):
        sha256 = new.hashes[place]
        same_path = old_places.get(file.path)
        if same_path is not None and old.hashes[same_path] == sha256:
            continue
        if sha256 in by_hash:
            moved[place] = by_hash[sha256]
        else:
            carried.append(place)
    return moved, carried


def _batches(old: Manifest, new: Manifest, carried: Sequence[int]) -> List[_Batch]:
    """Share the carried files out to frames, each beside the old files that resemble them."""
    old_places, kept = new_places(old), {file.path for file in new.core.files}
    # A file that went away may live on, edited, in one that came.
    gone = [place for place, file in enumerate(old.core.files) if file.path not in kept]
    batches: List[_Batch] = []
    sources: Set[int] = set()
    inside: List[int] = []
    for place in carried:
        file = new.core.files[place]
        twin = old_places.get(file.path)
        more = {twin} if twin is not None else set()
        too_much = (
            _size(new, [*inside, place]) > GROUP_BYTES or _size(old, sources | more) > GROUP_BYTES
        )
        if inside and too_much:
            batches.append(_Batch(tuple(sorted(sources)), tuple(inside)))
            sources, inside = set(), []
        sources |= more
        inside.append(place)
    batches.append(_Batch(tuple(sorted(sources)), tuple(inside)))
    return [_with_gone(old, new, batch, gone) for batch in batches]


def _with_gone(old: Manifest, new: Manifest, batch: _Batch, gone: Sequence[int]) -> _Batch:
    """Add what went away to the sources of a batch that has files without a namesake."""
    olds = {old.core.files[place].path for place in batch.sources}
    if all(new.core.files[place].path in olds for place in batch.carried):
        return batch
    sources = set(batch.sources)
    for place in gone:
        if _size(old, sources) + old.core.files[place].size_bytes <= GROUP_BYTES:
            sources.add(place)
    return _Batch(tuple(sorted(sources)), batch.carried)


def _size(manifest: Manifest, places: Sequence[int] | Set[int]) -> int:
    return sum(manifest.core.files[place].size_bytes for place in places)
