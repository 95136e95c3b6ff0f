"""The small server that lends objects: GET by hash, with ranges, to machines of the same network.

It is polite before it is useful: so many bytes a second for all together, one file at a time for a
neighbour and two at once in all. Who is not served now is told when to ask again. It knows nothing
but objects that an installed manifest names, and takes nothing in.
"""

from __future__ import annotations

import http.server
import io
import json
import re
import socketserver
import threading
from typing import Any, Callable, Optional, Tuple

from client.laptop.lending.guests import Places, RequestStream
from client.laptop.lending.shelf import Lent, Shelf
from sync.link.pace import TokenBucket

RATE_BYTES_PER_S = 3 << 20
"""Half of what a school's wireless network does at its best, and nothing to an old disk."""
MOST_GUESTS = 2
MOST_CONNECTIONS, MOST_FOR_ONE = 24, 4
TURNS_PER_S, MOST_TURNS = 50, 100
"""So many requests and connections a second are looked at: more would be felt in the window."""
CHUNK_BYTES = 1 << 16
IDLE_S = 15.0
"""So long a connection is kept for a request, from the end of the last answer to its last byte."""
CHUNK_S = 4.0
"""Who takes a chunk more slowly keeps a place from others, and has it sooner elsewhere."""
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
        self.turns = TokenBucket(TURNS_PER_S, MOST_TURNS)
        self.lent_bytes = 0
        self.guests = Places(MOST_GUESTS, 1)
        self._guard = threading.Lock()
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

    def count(self, size_bytes: int) -> None:
        """Count what was lent, and wait for its time."""
        with self._guard:
            self.lent_bytes += size_bytes
        self.pace.spend(size_bytes)


class _Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    # Nobody waits for this port again, and on Windows another programme could take it over.
    allow_reuse_address = False
    daemon_threads = True
    block_on_close = False
    request_queue_size = 16

    def __init__(self, lender: Lender, host: str) -> None:
        self.lender = lender
        self.over = False
        self._places = Places(MOST_CONNECTIONS, MOST_FOR_ONE)
        super().__init__((host, 0), _Handler)

    def server_bind(self) -> None:
        """Bind without asking any name server for this machine's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "", self.server_address[1]

    def verify_request(self, request: object, client_address: Tuple[str, int]) -> bool:
        """Let in who is welcome while there is room."""
        del request
        guest = client_address[0]
        self.lender.turns.spend(1)
        return self.lender.welcome(guest) and self._places.take(guest)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve on a thread; where there is none to be had, the place is given back."""
        try:
            super().process_request(request, client_address)
        except RuntimeError:
            self._places.leave(client_address[0])
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve, and give the place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.leave(client_address[0])

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a neighbour that hangs up is no error."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        """Bound what is read; the library would wait for ever for a byte now and then."""
        super().setup()
        self.rfile.close()
        self._stream = RequestStream(self.connection, IDLE_S)
        self.rfile = io.BufferedReader(self._stream)

    def handle_one_request(self) -> None:
        """Answer the next request."""
        self._stream.begin()
        super().handle_one_request()

    def do_GET(self) -> None:
        """Answer one request."""
        lender = self.server.lender
        lender.turns.spend(1)
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            # What follows is no request of a neighbour's, but a body that nobody wants.
            self.close_connection = True
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
        with lender.guests.taken(self.client_address[0]) as placed:
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

    def send_error(
        self, code: int, message: Optional[str] = None, explain: Optional[str] = None
    ) -> None:
        """Refuse what the library cannot read, without its page that names it and its version."""
        del message, explain
        self.close_connection = True
        self._refuse(int(code), "message-malformed")

    def _refuse(self, status: int, code: str, again_s: Optional[int] = None) -> None:
        body = json.dumps({"code": code}).encode("ascii")
        self._head(status, len(body))
        if again_s is not None:
            self.send_header("Retry-After", str(again_s))
        self.end_headers()
        self.wfile.write(body)

    def _head(self, status: int, size_bytes: int) -> None:
        """Begin an answer without the library's name and the date, which cost bytes."""
        self.connection.settimeout(CHUNK_S)
        self.send_response_only(status)
        self.send_header("Content-Length", str(size_bytes))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""
