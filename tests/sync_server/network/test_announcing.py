from __future__ import annotations

import contextlib
import threading

from sync.nearby.advert import SERVER, server_advert
from sync.nearby.networks import Network
from sync_server.network.announcing import Announcing, announced, heard_at

EVERYWHERE = "0.0.0.0"  # noqa: S104 - as a server listens
DEVICE = "VpYPCW5XEMSxJNuY49eSGw"
HERE = (Network("192.168.1.5/24"), Network("10.0.0.5/8"))


class Air:
    """A network in memory; ``said`` is set whenever something was said."""

    def __init__(self, fails: int = 0) -> None:
        self.adverts = []
        self.renewed = 0
        self.closed = False
        self.fails = fails
        self.said = threading.Semaphore(0)

    def announce(self, advert):
        self.said.release()
        if self.fails:
            self.fails -= 1
            raise OSError("no multicast")
        self.adverts.append(advert)

    def withdraw(self, kind):
        self.adverts.append(kind)

    def renew(self):
        self.renewed += 1

    def close(self):
        self.closed = True


@contextlib.contextmanager
def announcing(air, host=EVERYWHERE, networks=lambda: HERE):
    told = []
    one = Announcing(DEVICE, host, 8765, told.append, multicast=air, networks=networks, look_s=0.01)
    with announced(one):
        yield told
    assert air.closed


def wait(air, times=1):
    for _ in range(times):
        assert air.said.acquire(timeout=60)


def test_where_a_server_is_heard():
    assert heard_at(EVERYWHERE, HERE) == ("192.168.1.5", "10.0.0.5")
    assert heard_at("10.0.0.5", HERE) == ("10.0.0.5",)
    assert heard_at("8.8.8.8", HERE) == ()
    assert heard_at("::", HERE) == ("192.168.1.5", "10.0.0.5")


def test_it_says_where_it_is_until_it_stops():
    air = Air()
    with announcing(air):
        wait(air)
    assert air.adverts[0] == server_advert(DEVICE, 8765, ["192.168.1.5", "10.0.0.5"])


def test_a_server_for_this_machine_alone_says_nothing():
    air = Air()
    with announcing(air, "127.0.0.1"):
        assert not air.said.acquire(timeout=0.05)
    assert air.adverts == []


def test_a_new_address_is_announced_instead():
    air, own = Air(), [HERE]
    with announcing(air, networks=lambda: own[0]):
        wait(air)
        own[0] = (Network("192.168.7.9/24"),)
        wait(air, 3)
    assert SERVER in air.adverts
    assert air.adverts[-1].addresses == ("192.168.7.9",)
    assert air.renewed == 1


def test_a_network_that_fails_is_told_once_and_tried_again():
    air = Air(fails=3)
    with announcing(air) as told:
        wait(air, 5)
    assert len(told) == 1
    assert "by themselves" in told[0]
    assert air.adverts


def test_nobody_is_announced_where_nobody_wants_it():
    with announced(None):
        pass
