"""Laptops that take files, from a process of its own: ``python -m tests.bench.takers URL PATHS N``.

``PATHS`` is a file with a line for each path; each of N laptops takes them one after another over
one connection, and verifies nothing: the numbers are the server's.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import sys
import time
from pathlib import Path
from typing import List
from urllib.parse import urlsplit

BUFFER_BYTES = 256 * 1024


class Taker:
    """A laptop with one connection."""

    def __init__(self, host: str, port: int) -> None:
        self._place = host, port
        self._buffer = bytearray(BUFFER_BYTES)
        self.taken_bytes = 0

    async def take(self, paths: List[str]) -> None:
        loop = asyncio.get_running_loop()
        with socket.socket() as near:
            near.setblocking(False)
            await loop.sock_connect(near, self._place)
            for path in paths:
                question = f"GET {path} HTTP/1.1\r\nHost: school\r\n\r\n".encode("ascii")
                await loop.sock_sendall(near, question)
                await self._answer(loop, near)

    async def _answer(self, loop: asyncio.AbstractEventLoop, near: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += await loop.sock_recv(near, 4096)
        head, _, begun = head.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode("latin-1"))
        lines = head.decode("latin-1").lower().split("\r\n")
        (size,) = [line.partition(":")[2] for line in lines if line.startswith("content-length")]
        left_bytes = int(size) - len(begun)
        while left_bytes:
            view = memoryview(self._buffer)[:left_bytes]
            got = await loop.sock_recv_into(near, view)
            if not got:
                raise RuntimeError("the answer ended early")
            left_bytes -= got
        self.taken_bytes += int(size)


async def _all(url: str, paths: List[str], count: int) -> int:
    parts = urlsplit(url)
    takers = [Taker(str(parts.hostname), int(parts.port or 80)) for _ in range(count)]
    orders = []
    for number in range(count):
        own = list(paths)
        # Laptops do not begin together, nor with the same video.
        random.Random(number).shuffle(own)
        orders.append(own)
    await asyncio.gather(*(one.take(own) for one, own in zip(takers, orders)))
    return sum(one.taken_bytes for one in takers)


def main(url: str, paths: str, count: str) -> None:
    """Take everything and print what happened as JSON."""
    began_s = time.perf_counter()
    taken_bytes = asyncio.run(_all(url, Path(paths).read_text("ascii").split(), int(count)))
    duration_s = time.perf_counter() - began_s
    print(json.dumps({"taken_bytes": taken_bytes, "duration_s": duration_s}))


if __name__ == "__main__":
    main(*sys.argv[1:])
