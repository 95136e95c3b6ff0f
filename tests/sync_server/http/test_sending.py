"""A thread that sends files: all of what is asked for, and one last word for each."""

from __future__ import annotations

import contextlib
import hashlib
import os
import queue
import socket
from pathlib import Path
from typing import Iterator, List

import pytest

from sync_server.http.sending import TURN_BYTES, Part, Sender

SIZE_BYTES = TURN_BYTES + 300_000
DATA = hashlib.shake_128(b"a file").digest(SIZE_BYTES)

pytestmark = pytest.mark.skipif(not hasattr(os, "sendfile"), reason="the system has no sendfile")


class Way:
    """A file, a connection, and what the thread said at the end."""

    def __init__(self, file: int, start: int = 0, stop: int = SIZE_BYTES) -> None:
        self.near, self.far = socket.socketpair()
        self.near.setblocking(False)
        self.far.settimeout(60)
        self.words: queue.Queue[bool] = queue.Queue()
        self.part = Part(self.near.fileno(), file, start, stop, self.words.put)

    def read(self, size_bytes: int) -> bytes:
        parts: List[bytes] = []
        while sum(map(len, parts)) < size_bytes:
            parts.append(self.far.recv(1 << 20))
            if not parts[-1]:
                break
        return b"".join(parts)

    def last_word(self) -> bool:
        return self.words.get(timeout=60)

    def close(self) -> None:
        self.near.close()
        self.far.close()


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Iterator[int]:
    place = tmp_path / "file"
    place.write_bytes(DATA)
    with place.open("rb") as opened:
        yield opened.fileno()


@pytest.fixture(name="sender", scope="module")
def _sender() -> Sender:
    return Sender()


@pytest.mark.parametrize(("start", "stop"), [(0, SIZE_BYTES), (5, 6), (70_000, SIZE_BYTES - 1)])
def test_a_part_arrives_whole(sender: Sender, file: int, start: int, stop: int) -> None:
    with contextlib.closing(Way(file, start, stop)) as way:
        sender.send(way.part)
        assert way.read(stop - start) == DATA[start:stop]
        assert way.last_word() is True


def test_many_at_once_and_who_does_not_read_keeps_nobody_waiting(sender: Sender, file: int) -> None:
    with contextlib.ExitStack() as stack:
        ways = [stack.enter_context(contextlib.closing(Way(file))) for _ in range(12)]
        for way in ways:
            sender.send(way.part)
        for way in reversed(ways[2:]):
            assert way.read(SIZE_BYTES) == DATA
            assert way.last_word() is True
        assert [way.words.empty() for way in ways[:2]] == [True, True]
        for way in ways[:2]:
            sender.give_up(way.part)
            assert way.last_word() is False


def test_who_goes_away_ends_it(sender: Sender, file: int) -> None:
    with contextlib.closing(Way(file)) as way:
        sender.send(way.part)
        way.far.recv(1)
        way.far.close()
        assert way.last_word() is False


def test_a_file_that_ends_early_ends_it(sender: Sender, file: int) -> None:
    with contextlib.closing(Way(file, SIZE_BYTES - 10, SIZE_BYTES + 10)) as way:
        sender.send(way.part)
        assert way.read(10) == DATA[-10:]
        assert way.last_word() is False


def test_a_handle_that_can_send_nothing_ends_it_and_nobody_else(sender: Sender, file: int) -> None:
    with contextlib.closing(Way(file)) as way, contextlib.closing(Way(file)) as other:
        way.part.connection = file
        sender.send(way.part)
        sender.send(other.part)
        assert way.last_word() is False
        assert other.read(SIZE_BYTES) == DATA


def test_there_is_one_last_word(sender: Sender, file: int) -> None:
    with contextlib.closing(Way(file)) as way, contextlib.closing(Way(file)) as next_one:
        sender.send(way.part)
        assert way.read(SIZE_BYTES) == DATA
        assert way.last_word() is True
        sender.give_up(way.part)
        sender.send(next_one.part)
        assert next_one.read(SIZE_BYTES) == DATA
        assert way.words.empty()
