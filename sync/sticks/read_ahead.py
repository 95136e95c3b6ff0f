"""Reading ahead on a thread: the one that writes never waits for a disk that is read, and back."""

from __future__ import annotations

import queue
import threading
from typing import Generator, Iterator, Optional, Union

BLOCK_BYTES = 1 << 18
"""A block's memory is taken by one thread and given back by another: larger ones the system maps
and unmaps each time, which stops both and took longer than the copying."""
DEPTH = 48
"""So many blocks wait at most: memory for 12 MiB, whatever is read."""


def read_ahead(blocks: Iterator[bytes], on_thread: bool = True) -> Generator[bytes, None, None]:
    """Give what an iterator gives, read ahead; close it when done early.

    What the iterator raises is raised here, after the blocks before it.
    """
    if not on_thread:
        yield from blocks
        return
    reader = _Reader(blocks)
    try:
        yield from reader.blocks()
    finally:
        reader.stop()


class _Reader:
    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._source = blocks
        self._ready: queue.Queue[Union[bytes, BaseException, None]] = queue.Queue(DEPTH)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, name="read-ahead", daemon=True)
        self._thread.start()

    def blocks(self) -> Iterator[bytes]:
        while True:
            found = self._ready.get()
            if found is None:
                return
            if isinstance(found, BaseException):
                raise found
            yield found

    def stop(self) -> None:
        self._stopped.set()
        while self._thread.is_alive():
            # What waits to be put finds room, and then sees that nobody wants it.
            self._drain()
            self._thread.join(0.05)

    def _drain(self) -> None:
        try:
            while True:
                self._ready.get_nowait()
        except queue.Empty:
            return

    def _read(self) -> None:
        last: Optional[BaseException] = None
        try:
            for block in self._source:
                if self._stopped.is_set():
                    return
                self._ready.put(block)
        except BaseException as error:  # noqa: BLE001 - it is raised where the blocks are taken
            last = error
        finally:
            close = getattr(self._source, "close", None)
            if close is not None:
                close()
        self._ready.put(last)
