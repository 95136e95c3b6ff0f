"""The small server that lends objects: GET by hash, with ranges, to machines of the same network.

It is polite before it is useful: so many bytes a second for all together, one file at a time for a
neighbour and two at once in all. Who is not served now is told when to ask again. It knows nothing
but objects that an installed manifest names, and takes nothing in.
"""

from __future__ import annotations

import contextlib
import http.server
import json
import re
import socketserver
import threading
from collections import Counter
from typing import Callable, Iterator, Optional, Tuple

from client.laptop.lending.shelf import Lent, Shelf
from sync.link.pace import TokenBucket

RATE_BYTES_PER_S = 3 << 20
"""Half of what a school's wireless network does at its best, and nothing to an old disk."""
MOST_GUESTS = 2
MOST_CONNECTIONS = 24
CHUNK_BYTES = 1 << 16
IDLE_S = 15.0
SOON_S = 2
"""So many seconds later a neighbour asks again for what another one has now, or is coming here."""
LATER_S = 600
"""So much later, where nothing is lent for now."""
_PATH = re.compile(r"/repository/[0-9a-f]{8,64}/objects/([0-9a-f]{2})/(\1[0-9a-f]{62})\Z")
_RANGE = re.compile(r"bytes=([0-9]{1,18})-\Z")


class Lender:
    """Lends from a shelf until it is closed; ``port`` is where.

    ``welcome`` tells whether an address may ask, ``willing`` whether anything is lent now.
    """

    def __init__(
        self,
        shelf: Shelf,
        welcome: Callable[[str], bool],
        willing: Callable[[], bool],
        rate_bytes_per_s: float = RATE_BYTES_PER_S,
        host: str = "",
    ) -> None:
        """Begin; raises OSError where no port is to be had."""
        self.shelf, self.welcome, self.willing = shelf, welcome, willing
        self.pace = TokenBucket(rate_bytes_per_s, CHUNK_BYTES)
        self.lent_bytes = 0
        self._guard = threading.Lock()
        self._guests: Counter[str] = Counter()
        self._server = _Server(self, host)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.2,), name="keruen-lending", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Lend no more; who is being served is cut off and goes on elsewhere."""
        self._server.over = True
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @contextlib.contextmanager
    def serve(self, guest: str) -> Iterator[bool]:
        """Take a guest in for one file; False where there is no place now."""
        with self._guard:
            placed = not self._guests[guest] and sum(self._guests.values()) < MOST_GUESTS
            self._guests[guest] += placed
        try:
            yield placed
        finally:
            with self._guard:
                self._guests[guest] -= placed
                self._guests += Counter()

    def count(self, size_bytes: int) -> None:
        """Count what was lent, and wait for its time."""
        with self._guard:
            self.lent_bytes += size_bytes
        self.pace.spend(size_bytes)


class _Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 16

    def __init__(self, lender: Lender, host: str) -> None:
        self.lender = lender
        self.over = False
        self._open = threading.BoundedSemaphore(MOST_CONNECTIONS)
        super().__init__((host, 0), _Handler)

    def server_bind(self) -> None:
        """Bind without asking any name server for this machine's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "", self.server_address[1]

    def verify_request(self, request: object, client_address: Tuple[str, int]) -> bool:
        """Let in who is welcome while there is room."""
        del request
        return self.lender.welcome(client_address[0]) and self._open.acquire(blocking=False)

    def process_request_thread(self, request: object, client_address: object) -> None:
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]
        finally:
            self._open.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a neighbour that hangs up is no error."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    server: _Server

    def do_GET(self) -> None:
        """Answer one request."""
        lender = self.server.lender
        found = _PATH.match(self.path)
        if found is None:
            self._refuse(404, "object-missing")
        elif not lender.willing():
            self._refuse(503, "server-busy", LATER_S)
        else:
            self._lend(lender, found[2])

    def _lend(self, lender: Lender, sha256: str) -> None:
        lent = lender.shelf.find(sha256)
        if lent is None:
            if lender.shelf.lists(sha256):
                self._refuse(503, "server-busy", SOON_S)
            else:
                self._refuse(404, "object-missing")
            return
        with lender.serve(self.client_address[0]) as placed:
            if placed:
                self._send(lender, lent)
            else:
                self._refuse(503, "server-busy", SOON_S)

    def _send(self, lender: Lender, lent: Lent) -> None:
        asked = _RANGE.match(self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        if start >= lent.size_bytes:
            self._refuse(416, "range-outside")
            return
        try:
            file = lent.path.open("rb")
        except OSError:
            self._refuse(404, "object-missing")
            return
        with file:
            file.seek(start)
            self._head(206 if asked else 200, lent.size_bytes - start)
            if asked:
                place = f"bytes {start}-{lent.size_bytes - 1}/{lent.size_bytes}"
                self.send_header("Content-Range", place)
            self.end_headers()
            left_bytes = lent.size_bytes - start
            while left_bytes and not self.server.over and lender.willing():
                data = file.read(min(CHUNK_BYTES, left_bytes))
                if not data:
                    break
                lender.count(len(data))
                self.wfile.write(data)
                left_bytes -= len(data)
            self.close_connection = self.close_connection or bool(left_bytes)

    def _refuse(self, status: int, code: str, again_s: Optional[int] = None) -> None:
        body = json.dumps({"code": code}).encode("ascii")
        self._head(status, len(body))
        if again_s is not None:
            self.send_header("Retry-After", str(again_s))
        self.end_headers()
        self.wfile.write(body)

    def _head(self, status: int, size_bytes: int) -> None:
        """Begin an answer without the library's name and the date, which cost bytes."""
        self.send_response_only(status)
        self.send_header("Content-Length", str(size_bytes))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""
