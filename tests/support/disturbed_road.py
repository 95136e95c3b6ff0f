"""A road to a repository in a folder on which things go wrong when they are told to."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Optional

from sync.errors import CancelledError, LinkError, ObjectError
from sync.objects import Download, ObjectSpec

CHUNK_BYTES = 16_384


class DisturbedRoad:
    """Brings files of one version of a repository; its catalogue may lie elsewhere.

    ``cut_after_bytes`` is when the link goes away, ``flip_after_bytes`` where one bit is wrong;
    both count all bytes that come, of whatever file.
    """

    requests = sent_bytes = received_bytes = 0

    def __init__(self, repository: Path, catalogue: Path) -> None:
        self._repository = repository
        self._catalogue = catalogue
        self.cut_after_bytes: Optional[int] = None
        self.flip_after_bytes: Optional[int] = None
        self.came_bytes = 0

    def exchange(self, request: bytes) -> bytes:
        raise LinkError("link-unreachable")

    enrol = exchange

    def fetch(self, path: str, max_bytes: int) -> bytes:
        data = self._read(path)
        if len(data) > max_bytes:
            raise ObjectError("object-size", path)
        return self._come(data)

    def download(
        self,
        spec: ObjectSpec,
        part_path: Path,
        final_path: Path,
        *,
        repository: str,
        progress: Optional[Callable[[int, int], None]] = None,
        cancel: Optional[Callable[[], bool]] = None,
    ) -> None:
        data = self._read(f"{repository}/objects/{spec.sha256[:2]}/{spec.sha256}")
        with Download(spec, part_path, reserve_bytes=0) as download:
            while not download.complete:
                if cancel and cancel():
                    raise CancelledError(spec.sha256)
                download.write(self._come(data[download.position_bytes :][:CHUNK_BYTES]))
                if progress:
                    progress(download.position_bytes, spec.size_bytes)
            download.finish(final_path)

    def close(self) -> None:
        """Nothing is held."""

    def _read(self, path: str) -> bytes:
        inside = path.split("/", 3)[3]
        file = self._catalogue if inside == "catalogue" else self._repository / inside
        try:
            return file.read_bytes()
        except OSError:
            raise ObjectError("object-missing", path) from None

    def _come(self, data: bytes) -> bytes:
        start = self.came_bytes
        cut, flip = self.cut_after_bytes, self.flip_after_bytes
        if cut is not None and start + len(data) > cut:
            raise LinkError("link-lost")
        self.came_bytes += len(data)
        if flip is not None and start <= flip < self.came_bytes:
            at = flip - start
            return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        return data
