"""Objects on their way: verified piece by piece, so that a transfer may stop at any byte."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Tuple

from sync.errors import ObjectError
from sync.part_file import PartFile

PIECE_BYTES = 1 << 20
RESERVE_BYTES = 64 << 20
_SHA256_BYTES = 32


@dataclass(frozen=True)
class ObjectSpec:
    """An object's name (SHA-256 in hex), size, and the SHA-256 of each piece of ``PIECE_BYTES``.

    Without piece hashes the whole object is one piece.
    """

    sha256: str
    size_bytes: int
    piece_sha256: Tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        lowercase_hex = len(self.sha256) == 64 and not set(self.sha256) - set("0123456789abcdef")
        if not lowercase_hex or self.size_bytes < 0:
            raise ObjectError("object-spec", self.sha256)
        if self.piece_sha256:
            count = max(1, -(-self.size_bytes // PIECE_BYTES))
            sizes_fit = all(len(piece) == _SHA256_BYTES for piece in self.piece_sha256)
            if len(self.piece_sha256) != count or not sizes_fit:
                raise ObjectError("object-spec", f"{self.sha256}: its pieces do not fit its size")

    @property
    def piece_bytes(self) -> int:
        """The size of the pieces that are verified one by one."""
        return PIECE_BYTES if self.piece_sha256 else max(1, self.size_bytes)

    def piece_hash(self, index: int) -> bytes:
        """Return the SHA-256 that piece ``index`` must have."""
        return self.piece_sha256[index] if self.piece_sha256 else bytes.fromhex(self.sha256)


class Download(PartFile):
    """An object being written to a part file. Use as a context manager."""

    def __init__(
        self,
        spec: ObjectSpec,
        part_path: Path,
        reserve_bytes: int = RESERVE_BYTES,
        sync_bytes: Optional[int] = None,
    ) -> None:
        """Go on with what lies at ``part_path``, or begin.

        Whatever it raises of a damaged object is ObjectError ``object-damaged``.

        Raises:
            ObjectError: ``disk-full`` or ``disk-failed``.
        """
        self.spec = spec
        super().__init__(part_path, _HashedPieces(spec), reserve_bytes, sync_bytes)


class _HashedPieces:
    """Pieces with a hash each."""

    def __init__(self, spec: ObjectSpec) -> None:
        self.sha256, self.size_bytes = spec.sha256, spec.size_bytes
        self.piece_bytes = spec.piece_bytes
        self._spec = spec
        self._piece = hashlib.sha256()

    def take(self, data: memoryview) -> None:
        self._piece.update(data)

    def check(self, index: int) -> None:
        digest, self._piece = self._piece.digest(), hashlib.sha256()
        if digest != self._spec.piece_hash(index):
            raise self.damaged(f"{self.sha256}, piece {index}")

    def damaged(self, detail: str) -> ObjectError:
        return ObjectError("object-damaged", detail)
