"""Load for a server, from a process of its own: ``python -m tests.bench.load URL FILE``.

The file holds what laptops say, sealed beforehand: making it costs a laptop as much as it costs the
server, and there is one of us and a thousand of them. Nothing here but sockets, so that the numbers
are the server's.
"""

from __future__ import annotations

import asyncio
import json
import struct
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Sequence
from urllib.parse import urlsplit

MAX_CONNECTIONS = 1000
_HEAD = b"POST /exchange HTTP/1.1\r\nHost: %b\r\nContent-Length: %d\r\n\r\n"
_LATER = (429, 503)


def write_laptops(path: Path, laptops: Sequence[Sequence[bytes]]) -> None:
    """Keep the bodies of each laptop, to be sent one after another."""
    with path.open("wb") as file:
        for bodies in laptops:
            file.write(struct.pack(">I", len(bodies)))
            for body in bodies:
                file.write(struct.pack(">I", len(body)) + body)


def read_laptops(path: Path) -> List[List[bytes]]:
    """Read what ``write_laptops`` wrote."""
    data, at, laptops = path.read_bytes(), 0, []
    while at < len(data):
        (count,) = struct.unpack_from(">I", data, at)
        at, bodies = at + 4, []
        for _ in range(count):
            (size,) = struct.unpack_from(">I", data, at)
            bodies.append(data[at + 4 : at + 4 + size])
            at += 4 + size
        laptops.append(bodies)
    return laptops


class Load:
    """Sends what laptops have to say over so many connections, each by one laptop at a time."""

    def __init__(self, url: str, laptops: Sequence[Sequence[bytes]]) -> None:
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._laptops = list(laptops)
        self.durations_s: List[float] = []
        self.statuses: Counter[int] = Counter()
        self.lost = 0

    async def run(self, connections: int) -> None:
        await asyncio.gather(*(self._connection() for _ in range(connections)))

    async def _connection(self) -> None:
        while self._laptops:
            bodies = list(self._laptops.pop())
            reader = writer = None
            while bodies:
                try:
                    if writer is None:
                        reader, writer = await asyncio.open_connection(self._host, self._port)
                    status, wait_s = await self._exchange(reader, writer, bodies[0])
                except (OSError, asyncio.IncompleteReadError):
                    self.lost += 1
                    writer = None
                    continue
                if status in _LATER:
                    await asyncio.sleep(wait_s)
                else:
                    bodies.pop(0)
            if writer is not None:
                writer.close()

    async def _exchange(self, reader: Any, writer: Any, body: bytes) -> tuple[int, int]:
        started_s = time.perf_counter()
        writer.write(_HEAD % (self._host.encode(), len(body)) + body)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        await reader.readexactly(int(headers["content-length"]))
        status = int(lines[0].split()[1])
        self.statuses[status] += 1
        if status not in _LATER:
            self.durations_s.append(time.perf_counter() - started_s)
        return status, int(headers.get("retry-after", 1))

    def _expected(self) -> int:
        return sum(self.statuses[status] for status in (200, *_LATER))

    def account(self, duration_s: float) -> Dict[str, Any]:
        """What happened, for whoever started this."""
        durations = sorted(self.durations_s)
        count = len(durations)
        return {
            "exchanges": count,
            "per_s": count / duration_s,
            "p50_ms": durations[count // 2] * 1000,
            "p99_ms": durations[count * 99 // 100] * 1000,
            "later": sum(self.statuses[status] for status in _LATER),
            "failed": self.lost + self.statuses.total() - self._expected(),
        }


def main(url: str, path: str, connections: str) -> None:
    """Send a file's bodies and print what happened as JSON."""
    load = Load(url, read_laptops(Path(path)))
    started_s = time.perf_counter()
    asyncio.run(load.run(int(connections)))
    print(json.dumps(load.account(time.perf_counter() - started_s)))


if __name__ == "__main__":
    main(*sys.argv[1:])
