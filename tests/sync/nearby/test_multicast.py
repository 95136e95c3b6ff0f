"""Announcing and finding over loopback; strangers who shout."""

from __future__ import annotations

import contextlib
import gc
import itertools
import struct
import threading
import time

import pytest
import zeroconf

from sync.nearby import multicast
from sync.nearby.advert import LENDER, SERVER, lender_advert, pack_tag, server_advert, server_label
from sync.nearby.multicast import Multicast
from tests.support.air import GROUP, alone_on_air, loopback_sender

LOOPBACK = ["127.0.0.1"]
DEVICE, STRANGER = "VpYPCW5XEMSxJNuY49eSGw", "AAAAAAAAAAAAAAAAAAAAAA"
LONG_S = 10.0


@contextlib.contextmanager
def hearing(**named):
    one = Multicast(LOOPBACK, **named)
    try:
        yield one
    finally:
        one.close()
        gc.collect()


@pytest.fixture(autouse=True)
def _alone():
    with alone_on_air():
        yield


def soon(told):
    ends_s = time.monotonic() + LONG_S
    while time.monotonic() < ends_s:
        if told():
            return True
        time.sleep(0.02)
    return False


def test_a_server_is_found_and_then_gone():
    with hearing() as school, hearing() as laptop:
        school.announce(server_advert(DEVICE, 8765, ["192.168.1.5"]))
        (found,) = laptop.look(SERVER, LONG_S, bool, server_label(DEVICE))
        assert found == server_advert(DEVICE, 8765, ["192.168.1.5"])
        school.withdraw(SERVER)
        assert soon(lambda: not laptop.look(SERVER, 0, bool, server_label(DEVICE)))


def test_a_neighbour_is_found_with_what_it_holds_now():
    label = "ab" * 16
    with hearing() as one, hearing() as other:
        one.announce(lender_advert(label, 80, ["10.0.0.1"], [pack_tag("k", "algebra", 1)]))
        (found,) = other.look(LENDER, LONG_S, bool)
        assert found.tags == {pack_tag("k", "algebra", 1)}
        tags = frozenset(pack_tag("k", "algebra", version) for version in range(9))
        one.announce(lender_advert(label, 81, ["10.0.0.1"], tags))
        assert soon(lambda: [(a.port, a.tags) for a in other.look(LENDER, 0, bool)] == [(81, tags)])
        assert one.look(LENDER, 0, bool) == (), "nobody is a neighbour of itself"


def test_all_other_servers_are_passed_over():
    with hearing() as school, hearing() as laptop:
        school.announce(server_advert(STRANGER, 8765, ["192.168.1.66"]))
        assert laptop.look(SERVER, 0.5, bool, server_label(DEVICE)) == ()


def test_in_a_new_network_all_is_said_again():
    with hearing() as school, hearing() as laptop:
        school.announce(server_advert(DEVICE, 8765, ["192.168.1.5"]))
        assert laptop.look(SERVER, LONG_S, bool, server_label(DEVICE))
        laptop.renew()
        school.renew()
        assert laptop.look(SERVER, LONG_S, bool, server_label(DEVICE))


def test_after_the_end_nothing_is_opened_again():
    with hearing() as one:
        one.close()
        assert one.look(SERVER, 0, bool) == ()
        one.announce(server_advert(DEVICE, 1, ["10.0.0.1"]))
        one.withdraw(SERVER)


def name(text):
    parts = [part.encode() for part in text.rstrip(".").split(".")]
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def record(owner, kind, data, ttl_s=4500):
    return name(owner) + struct.pack(">HHIH", kind, 1, ttl_s, len(data)) + data


def answer(*records):
    return struct.pack(">6H", 0, 0x8400, 0, len(records), 0, 0) + b"".join(records)


def shout(*packets):
    with contextlib.closing(loopback_sender()) as one:
        for packet in packets:
            one.sendto(packet, GROUP)


def crowd(count, kind=LENDER):
    for number in range(count):
        full = f"{number:032x}.{kind}"
        yield answer(
            record(kind, 12, name(full)),
            record(full, 33, struct.pack(">3H", 0, 0, 80) + name(f"h{number}.local")),
            record(full, 16, b"\0"),
            record(f"h{number}.local", 1, bytes([10, 0, number >> 8 & 255, number & 255])),
        )


def test_a_thousand_services_are_cut_to_a_few(monkeypatch):
    monkeypatch.setattr(multicast, "MOST_NAMES", 32)
    # They are many, but no flood that nobody is heard in: that is another test's.
    monkeypatch.setattr(multicast, "MOST_RECORDS_A_MINUTE", 100_000)
    with hearing() as laptop, hearing() as neighbour:
        assert laptop.look(LENDER, 0, bool) == ()
        for packet in crowd(1000):
            shout(packet)
        assert soon(lambda: len(laptop.look(LENDER, 0, bool)) == 32)
        neighbour.announce(lender_advert("ab" * 16, 80, ["10.0.0.1"], ()))
        assert soon(lambda: "ab" * 16 in [one.label for one in laptop.look(LENDER, 0, bool)])


@pytest.mark.parametrize("error", [zeroconf.EventLoopBlocked, zeroconf.NotRunningException])
def test_what_the_library_fails_at_is_told_and_begun_anew(monkeypatch, error):
    register, left = multicast._register, [error()]

    def failing(network, info):
        if left:
            raise left.pop()
        register(network, info)

    monkeypatch.setattr(multicast, "_register", failing)
    advert = server_advert(DEVICE, 8765, ["192.168.1.5"])
    with hearing() as laptop, hearing() as school:
        with pytest.raises(OSError, match=error.__name__):
            school.announce(advert)
        assert school._open is None
        school.announce(advert)
        assert soon(lambda: laptop.look(SERVER, 0, bool, server_label(DEVICE)))
        monkeypatch.setattr(school._open, "unregister_service", lambda info: failing(None, info))
        left.append(error())
        school.withdraw(SERVER)
        assert school._open is None


def test_who_floods_the_network_is_not_listened_to_for_a_while(monkeypatch):
    monkeypatch.setattr(multicast, "MOST_RECORDS_A_MINUTE", 300)
    now_s = [1000.0]
    with hearing(monotonic=lambda: now_s[0]) as laptop, hearing(
        monotonic=lambda: now_s[0]
    ) as school:
        school.announce(server_advert(DEVICE, 8765, ["192.168.1.5"]))
        laptop.look(SERVER, 0, bool, server_label(DEVICE))
        for packet in crowd(400):
            shout(packet)
        for one in (laptop, school):
            assert soon(lambda one=one: one.silent and one._open is None)
        assert soon(lambda: all(one.name != "keruen-silence" for one in threading.enumerate()))
        assert laptop.look(SERVER, 0, bool, server_label(DEVICE)) == ()
        now_s[0] += multicast.SILENCE_S
        school.announce(server_advert(DEVICE, 8765, ["192.168.1.5"]))
        assert soon(lambda: laptop.look(SERVER, 0, bool, server_label(DEVICE)))


@pytest.mark.parametrize("limit", ["MOST_BYTES_A_MINUTE", "MOST_BYTES"])
def test_few_records_of_many_bytes_are_a_flood_too(monkeypatch, limit):
    monkeypatch.setattr(multicast, limit, 100_000)
    now_s = [1000.0]
    with hearing(monotonic=lambda: now_s[0]) as laptop:
        laptop.look(LENDER, 0, bool)
        numbers = itertools.count()

        def bellow():
            text = (b"\xff" + b"h" * 255) * 30
            shout(answer(record(f"{next(numbers):032x}.{LENDER}", 16, text)))

        if limit == "MOST_BYTES":
            cache = laptop._open.cache.cache
            assert soon(lambda: bellow() or len(cache) >= 20)
            assert not laptop.silent, "it is looked at once a minute"
            now_s[0] += 61.0
        assert soon(lambda: bellow() or (laptop.silent and laptop._open is None))


def hostile():
    full = f"{'cd' * 16}.{LENDER}"
    pointer = record(LENDER, 12, name(full))
    loop = (
        struct.pack(">6H", 0, 0x8400, 0, 1, 0, 0) + b"\xc0\x0c" + struct.pack(">HHIH", 12, 1, 9, 2)
    )
    yield loop + b"\xc0\x0c"
    yield struct.pack(">6H", 0, 0x8400, 0, 65535, 65535, 65535)
    yield b"\0" * 11
    yield answer(pointer, record(full, 16, b"\xffh=" + b"A" * 253, 1 << 31))
    giant = b"".join(bytes([255]) + f"h{n}=".encode().ljust(255, b"A") for n in range(30))
    yield answer(pointer, record(full, 16, giant))
    yield answer(pointer, record(full, 33, struct.pack(">3H", 0, 0, 0) + name(full)))
    yield answer(record(full, 33, struct.pack(">3H", 0, 0, 80) + b"\xc0\xff"))
    yield answer(record(LENDER, 12, b"\x3f" + b"x" * 20))
    yield answer(record(LENDER, 12, name(LENDER)), record(LENDER, 12, b"\0"))
    yield answer(record(f"{'ef' * 16}.{SERVER}", 12, name(full)))


def test_what_is_malformed_stops_nobody():
    with hearing() as laptop, hearing() as neighbour:
        laptop.look(LENDER, 0, bool)
        shout(*hostile())
        neighbour.announce(lender_advert("ab" * 16, 80, ["10.0.0.1"], ()))
        assert soon(lambda: "ab" * 16 in [one.label for one in laptop.look(LENDER, 0, bool)])
        shout(*hostile())
        assert "ab" * 16 in [one.label for one in laptop.look(LENDER, 0, bool)]
