from __future__ import annotations

import pytest

from tests.support.wire_log import WireLog

HEAD = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n"


class Wire:
    """A server's side of a wire: whole answers, cut where a test says."""

    def __init__(self) -> None:
        self.cuts = 0
        self.log = WireLog(lambda: self.cuts)
        self._connection = 0

    def ask(self, path: bytes, method: bytes = b"GET", body: bytes = b"") -> None:
        head = b"%s %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (
            method,
            path,
            len(body),
        )
        self.log.heard(self._connection, "up", head + body)

    def answer(self, size_bytes: int, passed: int | None = None, start: int = 0) -> int:
        span = b"Content-Range: bytes %d-/*\r\n" % start if start else b""
        head = HEAD % (b"206 Partial" if start else b"200 OK", size_bytes, span)
        whole = head + b"x" * size_bytes
        for data in (whole[:7], whole[7 : passed and len(head) + passed]):
            self.log.heard(self._connection, "down", data)
        return len(head)

    def cut(self) -> None:
        self.cuts += 1
        self._connection += 1


def test_what_comes_after_a_cut_is_not_sent_again_but_for_its_head():
    wire = Wire()
    wire.ask(b"/a")
    head_bytes = wire.answer(1000, 400)
    wire.cut()
    wire.ask(b"/a")
    second_bytes = wire.answer(600, start=400)
    assert wire.log.again_bytes == {0: head_bytes}
    assert second_bytes > head_bytes


def test_what_is_sent_twice_is_charged_to_the_cut_after_the_first_time():
    wire = Wire()
    wire.ask(b"/a")
    wire.answer(1000, 400)
    wire.cut()
    wire.cut()
    wire.ask(b"/a")
    head_bytes = wire.answer(1000)
    assert wire.log.again_bytes == {0: 400 + head_bytes}
    wire.cut()
    wire.ask(b"/a")
    wire.answer(100, start=900)
    assert wire.log.again_bytes[2] == pytest.approx(100 + head_bytes, abs=40)
    assert wire.log.worst_bytes == 400 + head_bytes


def test_answers_to_messages_are_never_the_same_so_half_of_one_is_lost():
    wire = Wire()
    for size_bytes, passed in ((300, 120), (300, None)):
        wire.ask(b"/exchange", b"POST", b"GET /a HTTP/1.1\r\n\r\n")
        wire.answer(size_bytes, passed)
        wire.cut()
    assert wire.log.again_bytes == {0: 120}


def test_answers_behind_each_other_are_told_apart():
    wire = Wire()
    for path in (b"/a", b"/b"):
        wire.ask(path)
    wire.answer(50)
    wire.answer(70, 20)
    wire.cut()
    wire.ask(b"/b")
    head_bytes = wire.answer(70)
    assert wire.log.again_bytes == {0: 20 + head_bytes}
