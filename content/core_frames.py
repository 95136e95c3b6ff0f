"""How the core object is cut into frames, and how frames of an older core are used again.

Where a frame ends depends on names and sizes near by, not on all that came before: a text that
changes leaves the other frames as they were, and they need not be packed again.
"""

from __future__ import annotations

import hashlib
from typing import Dict, Iterator, List, Mapping, Sequence, Tuple

from content.errors import DamagedError
from content.manifest import CoreEntry, CoreFile, core_root

MAX_GROUP_BYTES = 8 * 1024 * 1024
_LIKELY_BYTES = 4 * 1024 * 1024
_ONE_IN = 16
_CHECKSUM_FLAG = 4
_RLE = 1


def groups(files: Sequence[CoreFile]) -> List[Tuple[CoreFile, ...]]:
    """The files of each frame, in order. There is always one frame, even with nothing in it."""
    found: List[Tuple[CoreFile, ...]] = []
    inside: List[CoreFile] = []
    size_bytes = 0
    for file in files:
        # The size is rounded so that a few bytes more or less seldom move a border.
        step = file.size_bytes + 4095 & ~4095
        ends = size_bytes >= _LIKELY_BYTES and _is_border(file.path)
        if inside and (ends or size_bytes + step > MAX_GROUP_BYTES):
            found.append(tuple(inside))
            inside, size_bytes = [], 0
        inside.append(file)
        size_bytes += step
    return [*found, tuple(inside)]


def _is_border(path: str) -> bool:
    return hashlib.sha256(path.encode("utf-8")).digest()[0] % _ONE_IN == 0


def group_key(files: Sequence[CoreFile], hashes: Mapping[str, bytes]) -> str:
    """The name of a frame's content: the root over its files."""
    return core_root((file.path, file.size_bytes, hashes[file.path]) for file in files)


def frames_of(packed: bytes, entry: CoreEntry, hashes: Sequence[bytes]) -> Dict[str, bytes]:
    """The frames of a core object by ``group_key``; empty when it was cut in another way.

    Raises DamagedError when ``packed`` is not the object.
    """
    if hashlib.sha256(packed).hexdigest() != entry.object:
        raise DamagedError("The older core is damaged.")
    by_path = {file.path: sha256 for file, sha256 in zip(entry.files, hashes)}
    frames = list(_split(packed))
    wanted = groups(entry.files)
    if len(frames) != len(wanted):
        return {}
    return {group_key(files, by_path): frame for files, frame in zip(wanted, frames)}


def _split(packed: bytes) -> Iterator[bytes]:
    """The frames one by one, by the sizes that their blocks say (RFC 8878, section 3.1.1)."""
    import zstandard

    at = 0
    while at < len(packed):
        start = at
        head = packed[at : at + 18]
        try:
            at += zstandard.frame_header_size(head)
        except zstandard.ZstdError:
            return
        has_checksum = head[4] & _CHECKSUM_FLAG
        last = False
        while not last and at < len(packed):
            block = int.from_bytes(packed[at : at + 3], "little")
            last = bool(block & 1)
            at += 3 + (1 if block >> 1 & 3 == _RLE else block >> 3)
        at += 4 if has_checksum else 0
        yield packed[start:at]
