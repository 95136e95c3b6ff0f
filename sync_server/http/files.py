"""Published repositories over HTTP: files as they lie, with ranges and no header too many.

Objects are named by their hash and catalogues carry a signature, so neither a tag nor a date nor a
type would tell a client anything; left out, they cost nothing on the link.
"""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import BinaryIO, List, Tuple

import anyio
from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from sync_server.errors import RequestError
from sync_server.http.lately import Lately
from sync_server.http.ranges import Span, UnsatisfiableError, parse_range
from sync_server.http.zero_copy import EXTENSION

CHUNK_BYTES = 128 * 1024
LATELY_S = 60.0
"""For so long the system remembers where a file lies, unless it is very short of memory."""
MOST_LATELY = 4096
BUSY_S = 10
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
_TRUST = r"trust/(?:roots/[0-9a-f]{32}/[1-9][0-9]{0,5}|(?:chains|withdrawals)/[0-9a-f]{32,64})"
_PATCHES = rf"patches/{_NAME}/[1-9][0-9]{{0,9}}-[1-9][0-9]{{0,9}}"
_PATH = re.compile(
    rf"[0-9a-f]{{8,64}}/(?:catalogue|{_TRUST}|manifests/{_NAME}/{_NAME}|{_PATCHES}|objects/([0-9a-f]{{2}})/\1[0-9a-f]{{62}})\Z"
)


class Files:
    """Answers GET and HEAD below ``/repository/`` from the folder of published repositories."""

    def __init__(self, repositories: Path) -> None:
        self._repositories = repositories
        self._lately = Lately(LATELY_S, MOST_LATELY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send one file, or the part of it that is asked for.

        Raises:
            RequestError: ``object-missing`` where no such file is, ``range-outside`` past its end,
                ``server-busy`` while too much is open.
        """
        path = scope["path_params"]["path"]
        # A thread's turn costs more than all the rest of an answer, and what another laptop has
        # just had needs no look at the disk.
        if self._lately.has(path):
            file, size_bytes = _open(self._repositories, path)
        else:
            file, size_bytes = await run_sync(_open, self._repositories, path)
            self._lately.add(path)
        try:
            await send_part(file, size_bytes, scope, receive, send)
        finally:
            file.close()


async def send_part(
    file: BinaryIO, size_bytes: int, scope: Scope, receive: Receive, send: Send
) -> None:
    """Send a file, or the part of it that a request's range asks for.

    Raises:
        RequestError: ``range-outside`` past its end.
    """
    try:
        span = parse_range(Headers(scope=scope).get("range"), size_bytes)
    except UnsatisfiableError as error:
        place = {"Content-Range": f"bytes */{size_bytes}"}
        raise RequestError("range-outside", 416, place) from error
    part = span or Span(0, size_bytes)
    await send(_head(part, span is not None, size_bytes))
    if scope["method"] == "HEAD" or not part.size_bytes:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    elif part.size_bytes > CHUNK_BYTES and EXTENSION in (scope.get("extensions") or ()):
        await send(_by_the_system(file, part))
    else:
        await _send_while_wanted(receive, send, file, part)


def _open(repositories: Path, path: str) -> Tuple[BinaryIO, int]:
    if _PATH.match(path) is None:
        raise RequestError("object-missing", 404)
    # Files of trust are the same for every publisher, and are kept once.
    _, below, trust = path.partition("/trust/")
    place = repositories.parent / "trust" / trust if below else repositories / path
    try:
        file = place.open("rb")
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            # It is there: so many are open that this one cannot be.
            raise RequestError("server-busy", 503, {"Retry-After": str(BUSY_S)}) from error
        raise RequestError("object-missing", 404) from error
    return file, os.fstat(file.fileno()).st_size


async def _cancel_when_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def _head(part: Span, is_span: bool, size_bytes: int) -> Message:
    headers: List[Tuple[bytes, bytes]] = [(b"content-length", b"%d" % part.size_bytes)]
    if is_span:
        place = b"bytes %d-%d/%d" % (part.start, part.stop - 1, size_bytes)
        headers.append((b"content-range", place))
    status = 206 if is_span else 200
    return {"type": "http.response.start", "status": status, "headers": headers}


def _by_the_system(file: BinaryIO, part: Span) -> Message:
    return {
        "type": EXTENSION,
        "file": file.fileno(),
        "offset": part.start,
        "count": part.size_bytes,
        "more_body": False,
    }


async def _send_while_wanted(receive: Receive, send: Send, file: BinaryIO, part: Span) -> None:
    async with anyio.create_task_group() as tasks:
        # What is sent after the other side hung up vanishes silently: stop reading then.
        tasks.start_soon(_cancel_when_gone, receive, tasks.cancel_scope)
        await _send_chunks(send, file, part)
        tasks.cancel_scope.cancel()


async def _send_chunks(send: Send, file: BinaryIO, part: Span) -> None:
    left = part.size_bytes
    await run_sync(file.seek, part.start)
    while left:
        chunk = await run_sync(file.read, min(CHUNK_BYTES, left))
        if not chunk:
            # The file became shorter under us: cutting the connection is the only honest answer.
            raise anyio.EndOfStream
        left -= len(chunk)
        await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})
