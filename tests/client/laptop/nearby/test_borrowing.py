"""Lessons from neighbours: beside the server, and where there is none."""

from __future__ import annotations

import pytest

from client.laptop.laptop import Laptop
from client.laptop.lending.lending import Lending
from client.laptop.nearby.borrowing import Borrowed, is_wanting, wanted_tags
from client.laptop.packs.library import Library
from client.laptop.syncing import syncing
from sync.link.rules import LinkRules
from sync.nearby.advert import pack_tag
from tests.client.laptop.conftest import STUDENTS
from tests.support.laptop import TurnableClock
from tests.support.nearby import TurnableNearby
from tests.support.pack_source import PACK
from tests.support.school import ADDRESS, MemoryRoad, Weather
from tests.support.web import Reply, serving


@pytest.fixture(autouse=True)
def _direct(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def nearby():
    return TurnableNearby()


@pytest.fixture
def weather():
    return Weather()


@pytest.fixture
def pupils(tmp_path, school, weather, nearby):
    """A laptop with neighbours around it."""
    reach = MemoryRoad(school, weather)
    laptop = Laptop.open(tmp_path / "pupils", TurnableClock(), reach, lambda _: nearby)
    laptop.enrol(ADDRESS, school.code(STUDENTS))
    yield laptop
    laptop.close()


@pytest.fixture
def neighbour(joined, school):
    """A laptop that has everything, and lends."""
    school.publish()
    assert joined.sync().packs_installed
    lending = Lending(joined.store, lambda _: True, lambda: None)
    lending.attend()
    yield lending
    lending.close()


def media(laptop):
    (installed,) = Library(laptop.store.folder, laptop.store.database).installation().installed()
    return installed.manifest.media, installed.missing_media


def lose_videos(laptop):
    """Make it as if no video had come."""
    (installed,) = Library(laptop.store.folder, laptop.store.database).installation().installed()
    for entry in installed.manifest.media:
        installed.media_path(entry).unlink()
    with laptop.store.database.transaction() as connection:
        connection.execute("UPDATE wanted SET complete = 0")


def test_without_any_server_videos_come_from_a_neighbour(
    pupils, neighbour, nearby, weather, school
):
    assert pupils.sync().packs_installed
    assert not is_wanting(pupils.store)
    lose_videos(pupils)
    assert wanted_tags(pupils.store) == {pack_tag(school.key_id, PACK, 1)}
    weather.away = True
    nearby.lending = [f"http://127.0.0.1:{neighbour.attend()}"]
    account = pupils.exchange()
    assert account.may_borrow
    account = pupils.carry()
    assert account.problem is None, "a neighbour is a road like any other"
    entries, missing = media(pupils)
    assert missing == ()
    assert account.borrowed_bytes >= sum(entry.size_bytes for entry in entries)
    assert (account.requests, account.received_bytes) == (0, 0)
    assert [one.pack for one in account.packs_installed] == [PACK]
    assert not is_wanting(pupils.store)
    assert not pupils.exchange().may_borrow


@pytest.mark.parametrize("budget_bytes", [1, 100_000_000])
def test_what_the_line_has_no_megabytes_for_neighbours_lend(
    pupils, neighbour, nearby, budget_bytes
):
    assert pupils.sync().packs_installed
    lose_videos(pupils)
    used = pupils.link.usage
    share_bytes = 85_000_000 if budget_bytes > 1 else 0
    pupils.link.count(share_bytes)
    pupils.link.keep()
    pupils.link.set_rules(LinkRules(day_bytes=budget_bytes))
    nearby.lending = [f"http://127.0.0.1:{neighbour.attend()}"]
    account = pupils.sync()
    assert media(pupils)[1] == ()
    assert account.left == ()
    assert account.borrowed_bytes
    now = pupils.link.usage.days
    assert sum(now.values()) - sum(used.days.values()) < share_bytes + 20_000


def test_a_pause_holds_for_neighbours_too(pupils, neighbour, nearby):
    assert pupils.sync().packs_installed
    lose_videos(pupils)
    pupils.link.set_rules(LinkRules(paused=True))
    nearby.lending = [f"http://127.0.0.1:{neighbour.attend()}"]
    assert pupils.sync().held is not None
    assert media(pupils)[1] != ()


def test_a_neighbour_that_has_nothing_changes_nothing(pupils, nearby, weather, school):
    school.publish()
    assert pupils.sync().packs_installed
    lose_videos(pupils)
    weather.away = True
    nearby.lending = ["http://127.0.0.1:9"]
    account = pupils.sync()
    assert account.problem.code == "link-unreachable"
    assert media(pupils)[1] != ()
    assert account.set_aside == ()
    weather.away = False
    nearby.lending = []
    assert pupils.sync().problem is None
    assert media(pupils)[1] == ()


def test_a_server_that_is_back_does_not_wait_for_a_slow_neighbour(
    pupils, neighbour, nearby, weather, monkeypatch
):
    assert pupils.sync().packs_installed
    lose_videos(pupils)
    weather.away = True
    nearby.lending = ["http://127.0.0.1:9"]
    stops = []

    def slowly(store, library, roads, report, cancel):
        stops.append(cancel())
        weather.away = False
        assert pupils.exchange().problem is None
        stops.append(cancel())
        return Borrowed()

    monkeypatch.setattr(syncing, "borrow", slowly)
    assert pupils.exchange().may_borrow
    pupils.carry()
    assert stops == [False, True]
    pupils.carry()
    assert media(pupils)[1] == ()


def test_a_neighbour_who_lies_is_left_without_a_word(pupils, neighbour, nearby, weather):
    assert pupils.sync().packs_installed
    lose_videos(pupils)
    weather.away = True

    def lying(request):
        return Reply(200, b"?" * 100_000)

    with serving(lying) as liar:
        nearby.lending = [f"http://{liar.address}"]
        pupils.sync()
        assert media(pupils)[1] != ()
        assert pupils.status().set_aside == (), "nothing is wrong with the lessons"
        assert len(liar.requests) == 1, "who lied once is asked for nothing more"
        nearby.lending = [f"http://{liar.address}", f"http://127.0.0.1:{neighbour.attend()}"]
        pupils.sync()
    assert media(pupils)[1] == ()


def test_nobody_is_asked_for_lessons_when_all_are_here(pupils, neighbour, nearby):
    assert pupils.sync().packs_installed
    nearby.asked.clear()
    pupils.sync()
    assert "lenders" not in nearby.asked
