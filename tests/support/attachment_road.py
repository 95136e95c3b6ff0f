"""A road for attached files that ends at a server's service in memory, and that can be cut."""

from __future__ import annotations

from typing import Any, BinaryIO, Iterator, List, Optional, Tuple

from sync.errors import LinkError, ObjectError, RefusedError, SyncError
from sync_server.attachments.attachments import AttachmentService
from sync_server.attachments.uploads import AttachmentFiles
from tests.support.server import School

STEP_BYTES = 10_000


def files_of(school: School, **options: Any) -> AttachmentFiles:
    """A server's folder of attached files."""
    return AttachmentFiles(school.folder.attachments, **options)


class MemoryAttachments:
    """What ``HttpRoad`` does for attached files. ``cut_after`` bytes the road breaks, once.

    ``carried`` are the bytes of files that went over it, both ways; ``offers`` sizes of messages.
    """

    def __init__(self, school: School, **options: Any) -> None:
        self._service = AttachmentService(
            school.store, school.identity, school.clock, files_of(school), **options
        )
        self.cut_after: Optional[int] = None
        self.carried = 0
        self.offers: List[Tuple[int, int]] = []

    @property
    def attachments(self) -> MemoryAttachments:
        return self

    def offer(self, request: bytes) -> bytes:
        try:
            answer = self._service.offer(request)
        except SyncError as error:
            raise RefusedError(error.code) from error
        self.offers.append((len(request), len(answer)))
        return answer

    def send(
        self,
        device: Any,
        server: Any,
        sha256: str,
        source: BinaryIO,
        start: int,
        size_bytes: int,
        *,
        progress: Any = None,
        cancel: Any = None,
    ) -> bytes:
        name = self._known(device, server)
        part = self._service.part(name, sha256)
        if part is None:
            raise ObjectError("object-missing", sha256)
        with part:
            assert start == part.position_bytes, "only what is missing is sent"
            source.seek(start)
            for data in iter(lambda: source.read(STEP_BYTES), b""):
                part.write(self._carry(data))
            return self._service.keep(name, part)

    def fetch(
        self, device: Any, server: Any, sha256: str, start: int, size_bytes: int
    ) -> Iterator[bytes]:
        if not self._service.may_read(self._known(device, server), sha256):
            raise ObjectError("object-missing", sha256)
        with self._service.files.path(sha256).open("rb") as file:
            file.seek(start)
            for data in iter(lambda: file.read(STEP_BYTES), b""):
                yield self._carry(data)

    def _known(self, device: Any, server: Any) -> str:
        assert server == self._service.server
        if self._service.signer(device.public.device_id) != device.public:
            raise RefusedError("device-unknown")
        return str(device.public.device_id)

    def _carry(self, data: bytes) -> bytes:
        if self.cut_after is not None:
            if self.cut_after <= 0:
                self.cut_after = None
                raise LinkError("link-lost")
            self.cut_after -= len(data)
        self.carried += len(data)
        return data
