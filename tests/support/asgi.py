"""Requests to an ASGI application without a network, byte for byte as a test wants them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple


@dataclass(frozen=True)
class Answer:
    """What the application sent."""

    status: int
    headers: Dict[str, str]
    body: bytes

    @property
    def code(self) -> Optional[str]:
        """The error's code, or None where the body is something else."""
        try:
            return str(json.loads(self.body)["code"])
        except (ValueError, KeyError, TypeError):
            return None


class AsgiClient:
    """Calls one application; every request runs in the same event loop."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        """End the application's life as a server would, and the loop."""
        self._loop.run_until_complete(self._shut_down())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def request(
        self,
        method: str,
        path: str,
        body: bytes | Sequence[bytes] = b"",
        headers: Sequence[Tuple[str, str]] = (),
        client: str = "192.168.1.20",
        leave: bool = False,
    ) -> Answer:
        """Make a request; ``body`` in several parts arrives so, ``leave`` hangs up after them."""
        return self._loop.run_until_complete(
            self._request(method, path, body, headers, client, leave)
        )

    def at_once(self, requests: Sequence[Tuple[str, str, bytes]]) -> List[Answer]:
        """Make requests (method, path, body) from one address, all before any is answered."""

        async def all_of_them() -> List[Answer]:
            asked = [self._request(*one, (), "192.168.1.20", False) for one in requests]
            return list(await asyncio.gather(*asked))

        return self._loop.run_until_complete(all_of_them())

    async def _request(
        self,
        method: str,
        path: str,
        body: bytes | Sequence[bytes],
        headers: Sequence[Tuple[str, str]],
        client: str,
        leave: bool,
    ) -> Answer:
        parts = [body] if isinstance(body, bytes) else list(body)
        incoming: List[Dict[str, Any]] = [
            {"type": "http.request", "body": part, "more_body": leave or at < len(parts) - 1}
            for at, part in enumerate(parts)
        ]
        sent: List[Dict[str, Any]] = []
        answered = asyncio.Event()

        async def receive() -> Dict[str, Any]:
            if incoming:
                return incoming.pop(0)
            if not leave:
                await answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: Dict[str, Any]) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                answered.set()

        await self._app(_scope(method, path, headers, client), receive, send)
        start = sent[0]
        names = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]
        }
        return Answer(start["status"], names, b"".join(one.get("body", b"") for one in sent))

    async def _shut_down(self) -> None:
        events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

        async def receive() -> Dict[str, Any]:
            return events.pop(0)

        async def send(message: Dict[str, Any]) -> None:
            assert not message["type"].endswith("failed"), message

        await self._app(
            {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send
        )


def _scope(
    method: str, path: str, headers: Sequence[Tuple[str, str]], client: str
) -> Dict[str, Any]:
    raw_path = path.encode("utf-8", "surrogateescape")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path.partition("?")[0],
        "raw_path": raw_path,
        "query_string": b"",
        "root_path": "",
        "headers": [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers],
        "client": (client, 50000),
        "server": ("127.0.0.1", 8765),
    }
