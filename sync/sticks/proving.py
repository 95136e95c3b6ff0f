"""Proving an object's bytes on their way to a stick: by its hash, or by those of its pieces.

The hashes of pieces are made side by side: where there are several processors, a fast disk need not
wait for one of them.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Deque, Iterator, List, Optional, Sequence, Tuple

from sync.errors import ObjectError
from sync.objects import PIECE_BYTES

MOST_AT_ONCE = 4


def proven(
    blocks: Iterator[bytes],
    path: str,
    size_bytes: int,
    sha256: Optional[str],
    pieces: Sequence[bytes] = (),
) -> Iterator[bytes]:
    """Pass bytes on, and raise before the end where they are not the object's.

    ``pieces`` are the SHA-256 of each ``PIECE_BYTES``, where they are known and signed. Without
    ``sha256`` the source proves itself.

    Raises:
        ObjectError: ``object-damaged``.
    """
    if sha256 is None:
        return blocks
    if len(pieces) == -(-size_bytes // PIECE_BYTES) > 1:
        return _by_pieces(_exactly(blocks, path, size_bytes), path, pieces)
    return _as_whole(_exactly(blocks, path, size_bytes), path, sha256)


def _exactly(blocks: Iterator[bytes], path: str, size_bytes: int) -> Iterator[bytes]:
    seen_bytes = 0
    for block in blocks:
        seen_bytes += len(block)
        if seen_bytes > size_bytes:
            raise ObjectError("object-damaged", f"{path}: more than {size_bytes} bytes")
        yield block
    if seen_bytes != size_bytes:
        raise ObjectError("object-damaged", f"{path}: {seen_bytes} bytes")


def _as_whole(blocks: Iterator[bytes], path: str, sha256: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
        yield block
    if digest.hexdigest() != sha256:
        raise ObjectError("object-damaged", path)


def _by_pieces(blocks: Iterator[bytes], path: str, pieces: Sequence[bytes]) -> Iterator[bytes]:
    workers = max(1, min(MOST_AT_ONCE, os.cpu_count() or 1))
    waiting: Deque[Tuple[List[bytes], Future[bytes]]] = deque()
    wanted = iter(pieces)

    def checked() -> List[bytes]:
        piece, digest = waiting.popleft()
        if digest.result() != next(wanted):
            raise ObjectError("object-damaged", path)
        return piece

    with ThreadPoolExecutor(workers, thread_name_prefix="proving") as pool:
        for piece in _in_pieces(blocks):
            waiting.append((piece, pool.submit(_digest, piece)))
            if len(waiting) > workers:
                yield from checked()
        while waiting:
            yield from checked()


def _in_pieces(blocks: Iterator[bytes]) -> Iterator[List[bytes]]:
    """Give each piece as the blocks that it is made of."""
    piece: List[bytes] = []
    left_bytes = PIECE_BYTES
    for block in blocks:
        rest = block
        while len(rest) >= left_bytes:
            yield [*piece, rest[:left_bytes]]
            rest, piece, left_bytes = rest[left_bytes:], [], PIECE_BYTES
        if rest:
            piece.append(rest)
            left_bytes -= len(rest)
    if piece:
        yield piece


def _digest(piece: List[bytes]) -> bytes:
    digest = hashlib.sha256()
    for block in piece:
        digest.update(block)
    return digest.digest()
