from __future__ import annotations

import pytest

from client.laptop.lending.lending import LOOK_AGAIN_S, Lending
from sync.nearby.advert import pack_tag
from tests.support.pack_source import PACK


class Now:
    s = 0.0

    def __call__(self):
        return self.s


class Battery:
    percent = None
    asked = 0

    def __call__(self):
        self.asked += 1
        return self.percent


@pytest.fixture
def battery():
    return Battery()


@pytest.fixture
def now():
    return Now()


@pytest.fixture
def lending(joined, battery, now):
    lending = Lending(joined.store, lambda _: True, battery, now)
    yield lending
    lending.close()


def test_a_laptop_without_lessons_lends_nothing(lending):
    assert lending.attend() is None
    assert lending.lent_bytes == 0


def test_with_lessons_it_lends_and_says_of_which(lending, joined, school):
    school.publish()
    joined.sync()
    port = lending.attend()
    assert port
    assert lending.attend() == port, "the same one as before"
    assert lending.tags() == {pack_tag(school.key_id, PACK, 1)}


def test_somebody_may_say_no(lending, joined, school):
    school.publish()
    joined.sync()
    assert lending.attend()
    lending.allow(False)
    assert lending.attend() is None
    lending.allow(True)
    assert lending.attend()


def test_while_a_video_plays_nothing_is_lent_and_nothing_withdrawn(lending, joined, school):
    school.publish()
    joined.sync()
    port = lending.attend()
    assert lending.is_willing()
    lending.busy = lambda: True
    assert not lending.is_willing()
    assert lending.attend() == port
    lending.busy = lambda: False
    assert lending.is_willing()


def test_a_battery_below_half_is_kept(lending, joined, school, battery, now):
    school.publish()
    joined.sync()
    battery.percent = 50
    assert lending.attend()
    battery.percent = 49
    assert lending.attend(), "asked now and then only"
    assert battery.asked == 1
    now.s += LOOK_AGAIN_S
    assert lending.attend() is None
    battery.percent = None
    now.s += LOOK_AGAIN_S
    assert lending.attend()
