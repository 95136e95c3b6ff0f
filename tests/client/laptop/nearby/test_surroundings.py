"""What the network is asked, when, and what is made of the answers."""

from __future__ import annotations

import pytest

from client.laptop.nearby.surroundings import FIRST_LOOK_S, MOST_LENDERS, NETWORKS_S, Surroundings
from sync.nearby.advert import LENDER, SERVER, lender_advert, pack_tag, server_advert
from sync.nearby.networks import Network

DEVICE = "VpYPCW5XEMSxJNuY49eSGw"


class Air:
    """A network in memory."""

    def __init__(self):
        self.heard = {SERVER: (), LENDER: ()}
        self.looks = []
        self.said = {}
        self.renewed = 0
        self.closed = False

    def look(self, kind, wait_s, enough, only=""):
        self.looks.append((kind, wait_s, only))
        return self.heard[kind]

    def announce(self, advert):
        self.said[advert.kind] = advert

    def withdraw(self, kind):
        self.said.pop(kind, None)

    def renew(self):
        self.renewed += 1

    def close(self):
        self.closed = True


class Now:
    s = 0.0

    def __call__(self):
        return self.s


class Networks:
    def __init__(self):
        self.own = (Network("192.168.1.7/24"),)

    def __call__(self):
        return self.own


@pytest.fixture
def air():
    return Air()


@pytest.fixture
def now():
    return Now()


@pytest.fixture
def networks():
    return Networks()


@pytest.fixture
def around(joined, air, now, networks):
    found = Surroundings(
        joined.store,
        lends=True,
        multicast=air,
        networks=networks,
        monotonic=now,
        shuffle=lambda _: None,
    )
    yield found
    found.close()


def test_only_the_first_look_takes_a_moment(around, air):
    air.heard[SERVER] = (server_advert(DEVICE, 8765, ["192.168.1.5"]),)
    for _ in range(2):
        assert around.servers(DEVICE) == ("http://192.168.1.5:8765",)
    label = air.heard[SERVER][0].label
    assert air.looks == [(SERVER, FIRST_LOOK_S, label), (SERVER, 0.0, label)]


def test_without_a_network_nothing_is_opened(around, air, networks):
    networks.own = ()
    assert around.servers(DEVICE) == ()
    assert around.lenders(()) == ()
    around.attend()
    assert (air.looks, air.said) == ([], {})


def test_a_machine_that_cannot_say_where_it_is_is_nowhere(joined, air):
    def fails():
        raise OSError("no adapters")

    assert not Surroundings(joined.store, multicast=air, networks=fails).is_near("http://10.0.0.1")


def test_a_few_neighbours_are_asked_first_those_that_hold_what_is_wanted(around, air):
    tags = [pack_tag("k", "algebra", 1), pack_tag("k", "physics", 2)]
    crowd = [lender_advert(f"{n:032x}", 80 + n, [f"192.168.1.{n}"], ()) for n in range(10, 90)]
    one = lender_advert("a" * 32, 1, ["192.168.1.100"], tags[:1])
    both = lender_advert("b" * 32, 2, ["192.168.1.101"], tags)
    far = lender_advert("c" * 32, 3, ["203.0.113.9"], tags)
    air.heard[LENDER] = (*crowd, one, far, both)
    found = around.lenders(tags)
    assert found[:2] == ("http://192.168.1.101:2", "http://192.168.1.100:1")
    assert len(found) == MOST_LENDERS
    assert all("203.0" not in url for url in found)


def test_one_machine_is_one_neighbour_under_however_many_names_and_ports(around, air):
    tags = [pack_tag("k", "algebra", 1)]
    crowd = [lender_advert(f"{n:032x}", 80 + n, ["192.168.1.5"], tags) for n in range(200)]
    honest = lender_advert("f" * 32, 7, ["192.168.1.6"], ())
    air.heard[LENDER] = (*crowd, honest)
    assert around.lenders(tags) == ("http://192.168.1.5:80", "http://192.168.1.6:7")


def test_what_is_lent_is_announced_and_taken_back(around, air, joined, school):
    around.attend()
    assert air.said == {}
    school.publish()
    joined.sync()
    around.attend()
    advert = air.said[LENDER]
    assert advert.addresses == ("192.168.1.7",)
    assert len(advert.tags) == 1
    joined.store.keep_settings({"lending": "no"})
    around.attend()
    assert air.said == {}


def test_who_watches_a_video_is_not_made_to_lend(around, joined, school):
    school.publish()
    joined.sync()
    around.attend()
    assert around._lending.is_willing()
    around.lend_unless(lambda: True)
    assert not around._lending.is_willing()


def test_who_only_syncs_lends_nothing(joined, air, networks, school):
    school.publish()
    joined.sync()
    quiet = Surroundings(joined.store, multicast=air, networks=networks)
    quiet.lend_unless(lambda: True)
    quiet.attend()
    assert air.said == {}
    quiet.close()
    assert air.closed


def test_nobody_follows_a_laptop_from_one_network_to_the_next(
    around, air, now, networks, joined, school
):
    school.publish()
    joined.sync()
    around.attend()
    before = air.said[LENDER]
    around.attend()
    assert air.said[LENDER].label == before.label
    networks.own = (Network("10.0.0.4/24"),)
    now.s += NETWORKS_S
    assert around.is_near("http://10.0.0.9")
    assert air.said == {}, "the old name is not said there once"
    around.attend()
    assert air.said[LENDER].label != before.label
    assert air.said[LENDER].addresses == ("10.0.0.4",)


def test_carried_into_another_network_all_begins_anew(around, air, now, networks):
    around.servers(DEVICE)
    networks.own = (Network("10.0.0.4/24"),)
    assert around.is_near("http://192.168.1.5"), "looked at now and then"
    now.s += NETWORKS_S
    assert around.is_near("http://10.0.0.9")
    assert not around.is_near("http://192.168.1.5")
    assert air.renewed == 1
    around.servers(DEVICE)
    assert air.looks[-1][1] == FIRST_LOOK_S
