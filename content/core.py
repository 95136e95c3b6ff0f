"""The core object: every small file of a pack in a few zstd frames (RFC 8878)."""

from __future__ import annotations

import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import BinaryIO, Dict, Iterator, List, Mapping, Sequence, Tuple

from content import core_frames
from content.errors import DamagedError
from content.manifest import CoreEntry, CoreFile, core_root
from content.watch import UNWATCHED, Watch

LEVEL = 19
WINDOW_LOG = 23
"""A frame needs 8 MiB of memory to unpack, and a reader refuses more."""


def pack_core(
    files: Mapping[str, bytes],
    known_frames: Mapping[str, bytes] = MappingProxyType({}),
    watch: Watch = UNWATCHED,
) -> bytes:
    """All of ``files`` (path to content), in the order of paths, in frames of level 19.

    ``known_frames`` (see core_frames.frames_of) are taken over where their content is the same.
    """
    hashes = {path: _sha256(content) for path, content in files.items()}
    rows = [CoreFile(path, len(content)) for path, content in sorted(files.items())]
    groups = core_frames.groups(rows)
    step = watch.step("packing texts and tasks", sum(file.size_bytes for file in rows))

    def packed(group: Sequence[CoreFile]) -> bytes:
        watch.check()
        frame = known_frames.get(core_frames.group_key(group, hashes))
        if frame is None:
            frame = _pack_frame(b"".join(files[file.path] for file in group))
        step.add(sum(file.size_bytes for file in group))
        return frame

    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        return b"".join(threads.map(packed, groups))


def _pack_frame(joined: bytes) -> bytes:
    import zstandard

    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, source_size=len(joined), window_log=WINDOW_LOG, write_content_size=1
    )
    return zstandard.ZstdCompressor(compression_params=parameters).compress(joined)


def core_entry(files: Mapping[str, bytes], packed: bytes) -> CoreEntry:
    """What a manifest says about ``files`` and the object ``packed`` from them."""
    rows = sorted(files.items())
    return CoreEntry(
        object=hashlib.sha256(packed).hexdigest(),
        size_bytes=len(packed),
        unpacked_bytes=sum(len(content) for _, content in rows),
        root=core_root((path, len(content), _sha256(content)) for path, content in rows),
        files=tuple(CoreFile(path, len(content)) for path, content in rows),
    )


def unpack_core(packed: bytes, entry: CoreEntry, place: str = "The core") -> Dict[str, bytes]:
    """Path to content of every file, verified; raises DamagedError naming ``place``."""
    return dict(iterate_core(packed, entry, place))


def iterate_core(
    packed: bytes, entry: CoreEntry, place: str = "The core"
) -> Iterator[Tuple[str, bytes]]:
    """Each file in turn, in the memory of one.

    The object's hash is checked before the first file comes, the root after the last: only then may
    the files be used. Raises DamagedError naming ``place``.
    """
    if len(packed) != entry.size_bytes:
        raise DamagedError(f"{place} has {len(packed)} bytes instead of {entry.size_bytes}.")
    if hashlib.sha256(packed).hexdigest() != entry.object:
        raise DamagedError(f"{place} differs from what its publisher signed; fetch it again.")
    yield from iterate_repacked(io.BytesIO(packed), entry, place)


def iterate_repacked(
    packed: BinaryIO, entry: CoreEntry, place: str = "The core"
) -> Iterator[Tuple[str, bytes]]:
    """Each file in turn from a core that somebody packed anew, in the memory of one window.

    Only the root proves it, which is compared after the last file: only then may the files be used.
    No more is unpacked than the list says. Raises DamagedError naming ``place``, and whatever
    reading raises.
    """
    seen: List[Tuple[str, int, bytes]] = []
    with _opened(packed) as stream:
        for file in entry.files:
            content = _read(stream, file.size_bytes, place)
            if len(content) != file.size_bytes:
                raise DamagedError(f"{place} ends before {file.path}.")
            seen.append((file.path, file.size_bytes, _sha256(content)))
            yield file.path, content
        if _read(stream, 1, place):
            raise DamagedError(f"{place} holds more than its list says.")
    if core_root(seen) != entry.root:
        raise DamagedError(f"{place} unpacks to other files than its publisher signed.")


def _opened(packed: BinaryIO) -> BinaryIO:
    import zstandard

    decompressor = zstandard.ZstdDecompressor(max_window_size=1 << WINDOW_LOG)
    # Whatever follows the frame is read too, so that it is noticed.
    return decompressor.stream_reader(packed, read_across_frames=True)


def _read(stream: BinaryIO, size_bytes: int, place: str) -> bytes:
    import zstandard

    parts: List[bytes] = []
    missing = size_bytes
    try:
        while missing:
            part = stream.read(missing)
            if not part:
                break
            parts.append(part)
            missing -= len(part)
    except zstandard.ZstdError as problem:
        raise DamagedError(f"{place} cannot be decompressed: {problem}.") from None
    return b"".join(parts)


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
