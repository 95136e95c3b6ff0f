"""Attached files over HTTP: sent from any byte on, and fetched from any byte on.

The server's side is described in ``docs/sync-protocol.md``. A request says from where on it sends,
and the server takes it only there, so that nothing is ever written twice or left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Callable, Dict, Iterator, Optional

from sync.attachments.grant import authorization
from sync.attachments.offer import RECEIPT_BYTES
from sync.errors import CancelledError, LinkError, ObjectError
from sync.identity import Identity, PublicIdentity
from sync.roads.answers import chunks, error_of, read_bounded
from sync.roads.ranges import MISSING_STATUSES

if TYPE_CHECKING:
    from sync.roads.http import HttpRoad

SEND_QUEUE_BYTES = 32 << 10
"""What may wait in the system: at 1 Mbit/s and 300 ms it keeps the link full, and no more."""
Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]


class OffsetError(LinkError):
    """The server goes on at ``offset_bytes``: elsewhere than thought, or a piece was damaged."""

    def __init__(self, code: str, offset_bytes: int) -> None:
        super().__init__(code, f"goes on at {offset_bytes}")
        self.offset_bytes = offset_bytes


class Attachments:
    """Attached files over a road. Every request is signed by ``device`` for ``server``."""

    def __init__(self, road: HttpRoad) -> None:
        self._road = road

    def offset_bytes(self, device: Identity, server: PublicIdentity, sha256: str) -> Optional[int]:
        """Return how much of a file the server has; None when all of it.

        Raises:
            LinkError: the road failed.
            ObjectError: ``object-missing``: nothing of it was offered, or it was forgotten.
        """
        headers = {"Authorization": authorization(device, server, "HEAD", sha256)}
        with self._road.ask("HEAD", _path(sha256), None, headers) as answer:
            if answer.status_code == 200 and "Upload-Offset" not in answer.headers:
                return None
            if answer.status_code == 204:
                return _offset(answer)
            if answer.status_code in MISSING_STATUSES:
                raise ObjectError("object-missing", sha256)
            raise error_of(answer)

    def send(
        self,
        device: Identity,
        server: PublicIdentity,
        sha256: str,
        source: BinaryIO,
        start: int,
        size_bytes: int,
        *,
        progress: Optional[Progress] = None,
        cancel: Optional[Cancel] = None,
    ) -> bytes:
        """Send a sealed file of ``size_bytes`` from ``start`` on and return its receipt.

        Raises:
            OffsetError: the file goes on elsewhere.
            LinkError: the road failed, or the server has no room; ask ``offset_bytes`` to go on.
            ObjectError: ``object-missing``: offer it again.
            RefusedError: the server will not have it.
            CancelledError: ``cancel`` said so.
        """
        rest_bytes = size_bytes - start
        headers = {
            "Authorization": authorization(device, server, "PATCH", sha256, start, rest_bytes),
            "Upload-Offset": str(start),
        }
        # A body without a byte would be sent in chunks, since its length is no number to speak of.
        whole = _Body(self._road, source, start, size_bytes, progress, cancel)
        body = whole if rest_bytes else None
        with self._road.ask("PATCH", _path(sha256), body, headers) as answer:
            status = answer.status_code
            if status == 200:
                receipt = read_bounded(answer, RECEIPT_BYTES)
                if receipt is None or len(receipt) != RECEIPT_BYTES:
                    raise LinkError("link-captive", "200, but no receipt")
                return receipt
            if status == 204:
                raise OffsetError("link-offset", _offset(answer))
            if status == 409:
                position_bytes = _offset(answer)
                error = error_of(answer)
                code = error.code if isinstance(error, LinkError) else "link-offset"
                raise OffsetError(code, position_bytes)
            if status in MISSING_STATUSES:
                raise ObjectError("object-missing", sha256)
            raise error_of(answer)

    def fetch(
        self, device: Identity, server: PublicIdentity, sha256: str, start: int, size_bytes: int
    ) -> Iterator[bytes]:
        """Yield a sealed file of ``size_bytes`` from ``start`` on, as it comes.

        Raises:
            LinkError: the road failed; ask again for what did not come.
            ObjectError: ``object-missing`` or ``object-size``.
        """
        from sync.objects import ObjectSpec
        from sync.roads.ranges import bytes_to_skip

        headers = {"Authorization": authorization(device, server, "GET", sha256, start)}
        headers["Accept-Encoding"] = "identity"
        if start:
            headers["Range"] = f"bytes={start}-"
        with self._road.ask("GET", _path(sha256), None, headers) as answer:
            if answer.status_code >= 500 or answer.status_code == 429:
                raise error_of(answer)
            spec = ObjectSpec(sha256, size_bytes)
            skip = bytes_to_skip(spec, start, answer.status_code, answer.headers)
            for data in chunks(answer):
                rest, skip = data[skip:], max(0, skip - len(data))
                if rest:
                    yield rest
                self._road.pace.spend(len(data))


class _Body:
    """The rest of a file, read by the HTTP library as fast as the road takes it."""

    def __init__(
        self,
        road: HttpRoad,
        source: BinaryIO,
        start: int,
        size_bytes: int,
        progress: Optional[Progress],
        cancel: Optional[Cancel],
    ) -> None:
        self._road = road
        self._source = source
        self._position_bytes = start
        self._size_bytes = size_bytes
        self._progress = progress
        self._cancel = cancel
        self._handed_bytes = 0
        source.seek(start)

    def __len__(self) -> int:
        """What is left: the request's length."""
        return self._size_bytes - self._position_bytes

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, when they may go."""
        if self._cancel is not None and self._cancel():
            raise CancelledError()
        self._road.keep_send_queue(SEND_QUEUE_BYTES)
        self._road.pace.spend(self._handed_bytes)
        data = self._source.read(size if 0 <= size < len(self) else len(self))
        self._handed_bytes = len(data)
        self._position_bytes += len(data)
        if self._progress is not None:
            self._progress(self._position_bytes, self._size_bytes)
        return data


def _path(sha256: str) -> str:
    return f"/attachments/{sha256}"


def _offset(answer: Any) -> int:
    headers: Dict[str, str] = answer.headers
    text = headers.get("Upload-Offset", "")
    if not (text.isdigit() and len(text) < 13):
        raise LinkError("link-captive", f"status {answer.status_code} without a place")
    return int(text)
