from __future__ import annotations

import socket
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.link import FAR, Link, obstacle
from tests.support.link_proxy import LinkProxy
from tests.support.link_shape import Shape, Way

MBIT = Shape(down_bit_per_s=1_000_000, delay_s=0.15)


def test_a_packet_takes_its_time_on_the_wire_and_the_delay() -> None:
    way = Way(1_000_000, MBIT, 1)
    assert way.offer(1250, 5.0) == pytest.approx(5.0 + 0.01 + 0.15)
    assert way.offer(1250, 5.0) == pytest.approx(5.0 + 0.02 + 0.15), "it waits for the first"


@settings(max_examples=examples(50))
@given(st.lists(st.integers(40, 1500), min_size=1, max_size=300), st.floats(0.01, 2.0))
def test_a_queue_is_bounded_and_what_does_not_fit_is_dropped(sizes: list[int], queue_s: float):
    way = Way(1_000_000, Shape(1_000_000, 0.0, queue_s=queue_s), 1)
    arrivals = [way.offer(size, 0.0) for size in sizes]
    kept = [(size, at) for size, at in zip(sizes, arrivals) if at is not None]
    assert max(at for _, at in kept) <= max(3000 / 125_000, queue_s) + 1e-9
    assert [at for _, at in kept] == sorted(at for _, at in kept)
    assert way.count.delivered_bytes == sum(size for size, _ in kept)
    assert way.count.dropped == len(sizes) - len(kept)


def test_losses_are_as_many_as_asked_for_and_the_same_each_time() -> None:
    shape = Shape(1e9, 0.0, loss=0.05)
    fates = [[Way(1e9, shape, 3).offer(100, float(t)) for t in range(3000)] for _ in range(2)]
    assert fates[0] == fates[1]
    way = Way(1e9, shape, 3)
    lost = sum(way.offer(100, float(t)) is None for t in range(3000))
    assert 100 < lost < 200


def test_nothing_arrives_in_an_outage() -> None:
    shape = Shape(1e6, 0.0, outages=((1.0, 2.0),))
    assert [shape.is_out(at) for at in (0.9, 1.0, 2.9, 3.0)] == [False, True, True, False]
    assert Way(1e6, shape, 1).offer(100, 1.5, out=True) is None
    assert Shape.from_json(shape.to_json()) == shape


@pytest.fixture
def echo():
    """A server on loopback that sends back what it gets."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=back, args=(connection,), daemon=True).start()

    def back(connection):
        with connection:
            try:
                for data in iter(lambda: connection.recv(4096), b""):
                    connection.sendall(data)
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()
    listener.close()


def reached(proxy: LinkProxy) -> socket.socket:
    host, port = proxy.address[len("http://") :].split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def received(connection: socket.socket) -> bytes:
    data = b""
    try:
        for part in iter(lambda: connection.recv(4096), b""):
            data += part
    except OSError:
        pass
    return data


def test_a_proxy_carries_both_ways_and_counts(echo) -> None:
    with LinkProxy(echo) as proxy, reached(proxy) as near:
        near.sendall(b"salem" * 1000)
        near.shutdown(socket.SHUT_WR)
        assert received(near) == b"salem" * 1000
        assert (proxy.up_bytes, proxy.down_bytes) == (5000, 5000)


@pytest.mark.parametrize("cut", [1, 700, 2000])
def test_a_proxy_cuts_at_the_byte_it_was_told(echo, cut: int) -> None:
    with LinkProxy(echo) as proxy:
        proxy.cut_after(down_bytes=cut)
        with reached(proxy) as near:
            near.sendall(b"x" * 5000)
            assert len(received(near)) == cut
        assert (proxy.down_bytes, proxy.cuts) == (cut, 1)
        with reached(proxy) as near:
            near.sendall(b"again")
            assert near.recv(5) == b"again"


def test_a_link_between_two_hosts_delays_and_counts_whole_packets() -> None:
    missing = obstacle()
    if missing:
        pytest.skip(missing)
    with Link(Shape(down_bit_per_s=1e7, delay_s=0.02)) as link:
        listener = link.far.call(lambda: socket.create_server((FAR, 8000)))
        near = link.near.call(lambda: socket.create_connection((FAR, 8000), timeout=10))
        far, _ = listener.accept()
        before = link.counts()
        near.sendall(b"x" * 1000)
        assert far.recv(2000) == b"x" * 1000
        up, _ = link.counts()
        assert up.delivered_bytes - before[0].delivered_bytes >= 1000 + 20 + 20
        link.cut()
        far.sendall(b"lost")
        near.settimeout(0.2)
        with pytest.raises(socket.timeout):
            near.recv(10)
        link.join()
        near.settimeout(10)
        assert near.recv(10) == b"lost", "the kernel sends it again"
        for one in (near, far, listener):
            one.close()
