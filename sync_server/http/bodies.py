"""Request bodies of bounded size that arrive in bounded time."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import Iterator, List

from starlette.requests import ClientDisconnect, Request

from sync_server.errors import RequestError
from sync_server.http.room import Visit, later

STALL_TIMEOUT_S = 90.0
"""How long a body may stand still. Not how long it may take: 256 kbit/s is a road."""

_CONTENT_LENGTH = re.compile(r"[0-9]{1,15}\Z")


async def read_body(request: Request, max_bytes: int, visit: Visit) -> bytes:
    """Return a request's whole body.

    It takes up room as it arrives, not as it is announced: who announces much and sends nothing
    keeps nobody out. Where there is no more, the rest is read and forgotten, for a sender who is
    still sending hears no answer.

    Raises:
        RequestError: ``message-too-large`` as soon as that is known, ``link-stalled`` or
            ``link-lost`` when the sender goes quiet or away, ``server-busy`` where no room is.
    """
    announced = request.headers.get("content-length", "0")
    if not _CONTENT_LENGTH.match(announced) or int(announced) > max_bytes:
        raise RequestError("message-too-large", 413, {"Connection": "close"})
    parts: List[bytes] = []
    left_bytes = max_bytes
    crowded = False
    stream = request.stream()
    while True:
        try:
            with _in_time(STALL_TIMEOUT_S):
                part = await stream.__anext__()
        except StopAsyncIteration:
            if crowded:
                raise later(visit.room) from None
            return b"".join(parts)
        except TimeoutError as error:
            raise RequestError("link-stalled", 408, {"Connection": "close"}) from error
        except ClientDisconnect as error:
            raise RequestError("link-lost", 400) from error
        left_bytes -= len(part)
        if left_bytes < 0:
            raise RequestError("message-too-large", 413, {"Connection": "close"})
        crowded = crowded or not visit.take(len(part))
        if crowded:
            parts.clear()
        else:
            parts.append(part)


@contextlib.contextmanager
def _in_time(timeout_s: float) -> Iterator[None]:
    """Break off what takes longer. As ``asyncio.timeout``, which Python 3.10 has not yet.

    Raises:
        TimeoutError: it took longer.
    """
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - it is called by one
    late = False

    def stop() -> None:
        nonlocal late
        late = True
        task.cancel()

    timer = asyncio.get_running_loop().call_later(timeout_s, stop)
    try:
        yield
    except asyncio.CancelledError:
        if late:
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
