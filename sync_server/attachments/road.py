"""Attached files over HTTP, to be gone on with at any byte.

============================  =====================================================================
``POST /attachments``         an offer message, answered by one
``HEAD /attachments/NAME``    204 and ``Upload-Offset``: how much of it came; 200: it is held
``PATCH /attachments/NAME``   bytes from ``Upload-Offset`` on: 200 and the receipt when the file is
                              whole, 204 and ``Upload-Offset`` before, 409 and ``Upload-Offset``
                              when it goes on elsewhere
``GET /attachments/NAME``     the sealed file, or a range of it
============================  =====================================================================

The names and meanings of fields are those of tus 1.0 and of the IETF's resumable uploads
(draft-ietf-httpbis-resumable-upload) where they have them. A device that comes back for a file
ends its own earlier request: over a bad link, that one's connection may only seem alive.
"""

from __future__ import annotations

import errno
import re
from contextlib import asynccontextmanager
from typing import AsyncIterator, Dict, NamedTuple, Optional, Tuple

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sync.attachments.grant import authorized
from sync.attachments.offer import HASH_BYTES
from sync.errors import AttachmentError, LinkError
from sync_server.attachments.attachments import AttachmentService
from sync_server.attachments.uploads import Part
from sync_server.errors import RequestError
from sync_server.http.bodies import read_body
from sync_server.http.files import send_part
from sync_server.http.incoming import Incoming
from sync_server.http.room import Room
from sync_server.http.worker import Worker

MAX_OFFER_BYTES = 256 * 1024
MAX_UPLOADS = 64
"""Files that may come at the same time; each takes up to a megabyte of memory."""
BUSY_S = 10
_NAME = re.compile(rf"[0-9a-f]{{{2 * HASH_BYTES}}}\Z")
_NUMBER = re.compile(r"[0-9]{1,12}\Z")
_RANGE_START = re.compile(r"bytes=([0-9]{1,12})-\Z")
_CLOSE = {"Connection": "close"}


class AttachmentRoad:
    """The endpoints. ``worker`` is the thread of the store."""

    def __init__(self, service: AttachmentService, worker: Worker, room: Room) -> None:
        self._service = service
        self._worker = worker
        self._room = room
        self._turns = Turns()

    @property
    def uploads(self) -> int:
        """How many files are coming now."""
        return len(self._turns)

    async def offer(self, request: Request) -> Response:
        """Answer an offer."""
        with self._room.visit(request.client.host if request.client else "") as visit:
            body = await read_body(request, MAX_OFFER_BYTES, visit)
        return Response(await self._worker.run(lambda: self._service.offer(body)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request about one file."""
        request = Request(scope, receive)
        name = str(scope["path_params"]["name"])
        if _NAME.match(name) is None:
            raise RequestError("object-missing", 404)
        if request.method == "GET":
            await self._get(request, name, receive, send)
            return
        if request.method == "HEAD":
            answer = await self._head(request, name)
        else:
            answer = await self._while_it_comes(request, name)
        await answer(scope, receive, send)

    async def _while_it_comes(self, request: Request, name: str) -> Response:
        incoming = Incoming(request.receive)
        await incoming.begin()
        failed: Optional[Exception] = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(incoming.run)
            try:
                answer = await self._patch(request, name, incoming)
            except Exception as error:  # noqa: BLE001 - as one, not as a group of one
                failed = error
            tasks.cancel_scope.cancel()
        if failed is not None:
            raise failed
        return answer

    async def _device(self, request: Request, name: str, start: int, size_bytes: int) -> str:
        header = request.headers.get("authorization")
        signed = request.method, name, start, size_bytes
        service = self._service

        def verify() -> str:
            return authorized(header, service.signer, service.server, *signed).device_id

        return await self._worker.run(verify)

    async def _get(self, request: Request, name: str, receive: Receive, send: Send) -> None:
        found = _RANGE_START.match(request.headers.get("range", ""))
        device = await self._device(request, name, int(found[1]) if found else 0, 0)
        if not await self._worker.run(lambda: self._service.may_read(device, name)):
            raise RequestError("object-missing", 404)
        path = self._service.files.path(name)
        file = await run_sync(lambda: path.open("rb"))
        try:
            await send_part(file, path.stat().st_size, request.scope, receive, send)
        finally:
            file.close()

    async def _head(self, request: Request, name: str) -> Response:
        device = await self._device(request, name, 0, 0)
        await self._turns.end((device, name))
        if await self._worker.run(lambda: self._service.held_receipt(device, name)):
            return Response()
        part = await run_sync(self._service.part, device, name)
        if part is None:
            raise RequestError("object-missing", 404)
        with part:
            return _offset(204, part.position_bytes)

    async def _patch(self, request: Request, name: str, incoming: Incoming) -> Response:
        start = _number(request, "upload-offset")
        size_bytes = _number(request, "content-length")
        device = await self._device(request, name, start, size_bytes)
        if len(self._turns) >= MAX_UPLOADS:
            raise RequestError("server-busy", 429, {"Retry-After": str(BUSY_S), **_CLOSE})
        async with self._turns.take((device, name), incoming):
            receipt = await self._worker.run(lambda: self._service.held_receipt(device, name))
            if receipt is not None:
                return Response(receipt, headers=_CLOSE if size_bytes else None)
            part = await run_sync(self._service.part, device, name)
            if part is None:
                raise RequestError("object-missing", 404, _CLOSE)
            with part:
                return await self._add(device, part, (start, size_bytes), incoming)

    async def _add(
        self, device: str, part: Part, place: Tuple[int, int], incoming: Incoming
    ) -> Response:
        start, size_bytes = place
        if start != part.position_bytes:
            return _offset(409, part.position_bytes, "link-offset")
        if start + size_bytes > part.offer.size_bytes:
            raise RequestError("attachment-too-large", 413, _CLOSE)
        try:
            await _take_in(part, incoming)
            if not part.complete:
                return _offset(204, part.position_bytes)
            return Response(await self._worker.run(lambda: self._service.keep(device, part)))
        except LinkError as error:
            return _offset(409, part.position_bytes, error.code)
        except AttachmentError as error:
            raise RequestError(error.code, 400, _CLOSE) from error
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise
            raise RequestError("server-full", 507, {"Retry-After": "3600", **_CLOSE}) from error


async def _take_in(part: Part, incoming: Incoming) -> None:
    """Write the body as it comes; what came before the link broke is written too."""
    try:
        while True:
            data = await incoming.next()
            if data is None:
                break
            await run_sync(part.write, data)
    finally:
        with anyio.CancelScope(shield=True):
            await run_sync(part.sync)
    if not incoming.whole:
        raise RequestError("link-lost", 400, _CLOSE)


class Turn(NamedTuple):
    """One request that adds to a file, and the event of its end."""

    incoming: Incoming
    done: anyio.Event


class Turns:
    """Sees to it that one request at a time adds to a file: the newest. For one event loop."""

    def __init__(self) -> None:
        self._running: Dict[Tuple[str, str], Turn] = {}

    def __len__(self) -> int:
        """How many are running."""
        return len(self._running)

    async def end(self, key: Tuple[str, str]) -> None:
        """End whatever adds to a file, and wait until what it brought is on the disk."""
        while key in self._running:
            turn = self._running[key]
            turn.incoming.stop()
            await turn.done.wait()

    @asynccontextmanager
    async def take(self, key: Tuple[str, str], incoming: Incoming) -> AsyncIterator[None]:
        """Be the one that adds to a file as long as a block lasts."""
        await self.end(key)
        turn = self._running[key] = Turn(incoming, anyio.Event())
        try:
            yield
        finally:
            del self._running[key]
            turn.done.set()


def _number(request: Request, header: str) -> int:
    value: Optional[str] = request.headers.get(header)
    if value is None or _NUMBER.match(value) is None:
        raise RequestError("message-malformed", 411 if header == "content-length" else 400, _CLOSE)
    return int(value)


def _offset(status: int, position_bytes: int, code: str = "") -> Response:
    headers = {"Upload-Offset": str(position_bytes)}
    if not code:
        return Response(status_code=status, headers=headers)
    return Response(b'{"code":"%b"}' % code.encode("ascii"), status, {**headers, **_CLOSE})
