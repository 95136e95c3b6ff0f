from __future__ import annotations

import inspect

import pytest

from client.laptop.road import OverHttp, Road, several_at_once
from sync.errors import EnrolmentError
from sync.link.pace import NO_PACE
from tests.support.school import MemoryRoad

MEMBERS = [name for name in vars(Road) if not name.startswith("_")]


def test_the_road_over_http_and_the_tests_road_are_roads(road):
    http = OverHttp()("127.0.0.1:9")
    for name in MEMBERS:
        assert hasattr(http, name) and hasattr(road, name)
    for name in ("exchange", "enrol", "fetch", "download"):
        wanted = list(inspect.signature(getattr(Road, name)).parameters)
        for kind in (type(http), MemoryRoad):
            assert list(inspect.signature(getattr(kind, name)).parameters) == wanted
    http.close()


def test_an_address_that_is_none():
    with pytest.raises(EnrolmentError):
        OverHttp()("http://")


def test_a_link_is_known_the_next_time():
    reach = OverHttp()
    first, other, again = reach("127.0.0.1:9"), reach("127.0.0.1:10"), reach("127.0.0.1:9")
    assert first.flow is again.flow
    assert other.flow is not first.flow


def test_a_road_with_one_connection_is_used_as_it_is(road):
    with several_at_once(road, NO_PACE) as used:
        assert used is road
    http = OverHttp()("127.0.0.1:9")
    with several_at_once(http, NO_PACE) as used:
        assert used is not http
        for name in MEMBERS:
            assert hasattr(used, name)
