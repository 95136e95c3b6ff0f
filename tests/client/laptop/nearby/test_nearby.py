from __future__ import annotations

from client.laptop.nearby.nearby import NOBODY, Later
from tests.support.nearby import TurnableNearby


def test_nobody_is_nowhere():
    assert not NOBODY.is_near("http://192.168.1.5")
    assert NOBODY.servers("id") == NOBODY.lenders(()) == ()
    NOBODY.attend()
    NOBODY.lend_unless(lambda: True)
    NOBODY.close()


def test_the_network_is_opened_when_it_is_asked_about_and_once():
    opened = []

    def open_():
        opened.append(TurnableNearby(near=("http://a",), found=("http://b",)))
        opened[0].lending = ["http://c"]
        return opened[0]

    later = Later(open_)
    assert opened == []
    assert later.is_near("http://a")
    assert later.servers("id") == ("http://b",)
    assert later.lenders(()) == ("http://c",)
    later.attend()
    assert len(opened) == 1
    later.close()
    assert opened[0].closed
    assert not later.is_near("http://a"), "and not again after the end"


def test_who_is_busy_is_told_to_the_network_whenever_it_is_opened():
    around = TurnableNearby()
    later = Later(lambda: around)
    later.lend_unless(len)
    later.attend()
    assert around.busy is len
    later.lend_unless(any)
    assert around.busy is any


def test_what_was_never_asked_about_is_never_opened():
    opened = []
    later = Later(lambda: opened.append(1) or NOBODY)
    later.close()
    assert later.servers("id") == ()
    assert opened == []
