"""The small files of an installed version as one object again, proven by the manifest's root.

The same frames as the publisher's core, packed quickly and not smallest: an old laptop has no time
for more.
"""

from __future__ import annotations

import hashlib
from typing import Iterator, List, Tuple

from content import core_frames
from content.carrying.plan import Blocks
from content.core import WINDOW_LOG
from content.errors import DamagedError
from content.installed import InstalledPack
from content.manifest import PIECE_BYTES, core_root
from content.storage import read_bounded

LEVEL = 3


def repacked(installed: InstalledPack) -> Blocks:
    """The core of an installed version, packed when it is asked for, in the memory of one frame.

    Raises DamagedError after the last block, and MissingError before, where the files are not those
    that the publisher signed.
    """

    def blocks() -> Iterator[bytes]:
        seen: List[Tuple[str, int, bytes]] = []
        for group in core_frames.groups(installed.manifest.core.files):
            contents = []
            for file in group:
                content = read_bounded(installed.folder / file.path, file.size_bytes)
                seen.append((file.path, len(content), hashlib.sha256(content).digest()))
                contents.append(content)
            frame = _packed(b"".join(contents))
            for start in range(0, len(frame), PIECE_BYTES):
                yield frame[start : start + PIECE_BYTES]
        if core_root(seen) != installed.manifest.core.root:
            raise DamagedError(
                f"A small file in {installed.folder} is damaged; install the pack again."
            )

    return blocks


def _packed(joined: bytes) -> bytes:
    import zstandard

    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, source_size=len(joined), window_log=WINDOW_LOG, write_content_size=1
    )
    return zstandard.ZstdCompressor(compression_params=parameters).compress(joined)
