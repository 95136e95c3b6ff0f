from __future__ import annotations

import io
import socket

import pytest

from client.laptop.lending.guests import MOST_HEAD_BYTES, Places, RequestStream


def test_places_are_for_many_and_not_all_for_one():
    places = Places(3, 2)
    assert [places.take(guest) for guest in "aaabc"] == [True, True, False, True, False]
    assert places.is_full
    places.leave("a")
    assert places.take("c")
    for guest in "abc":
        places.leave(guest)
    assert not places._taken, "whoever has gone is forgotten"


def test_a_place_is_given_back_whatever_happened_in_it():
    places = Places(1, 1)
    with pytest.raises(OSError), places.taken("a") as placed, places.taken("b") as other:
        assert (placed, other) == (True, False)
        raise OSError
    assert places.take("b")


class Trickling:
    """A connection that has some bytes after a time, again and again."""

    def __init__(self, after_s, size_bytes):
        self.now_s, self.timeout_s = 0.0, None
        self._after_s, self._size_bytes = after_s, size_bytes

    def monotonic(self):
        return self.now_s

    def settimeout(self, timeout_s):
        self.timeout_s = timeout_s

    def recv_into(self, buffer):
        if self._after_s > self.timeout_s:
            raise socket.timeout
        self.now_s += self._after_s
        count = min(len(buffer), self._size_bytes)
        buffer[:count] = b"x" * count
        return count


def test_a_byte_now_and_then_is_not_waited_for_any_longer_than_silence():
    guest = Trickling(after_s=4.0, size_bytes=1)
    stream = RequestStream(guest, 15.0, guest.monotonic)
    file = io.BufferedReader(stream)
    with pytest.raises(socket.timeout):
        file.readline()
    assert guest.now_s == 12.0
    stream.begin()
    assert stream.readinto(bytearray(10)) == 1


def test_a_request_without_end_takes_no_memory():
    guest = Trickling(after_s=0.0, size_bytes=1 << 20)
    stream = RequestStream(guest, 15.0, guest.monotonic)
    with pytest.raises(socket.timeout):
        io.BufferedReader(stream).read(1 << 20)
    stream.begin()
    assert stream.readinto(bytearray(1 << 20)) == MOST_HEAD_BYTES
