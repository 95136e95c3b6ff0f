from __future__ import annotations

import inspect

import pytest

from client.laptop.road import Road, over_http
from sync.errors import EnrolmentError
from tests.support.school import MemoryRoad

MEMBERS = [name for name in vars(Road) if not name.startswith("_")]


def test_the_road_over_http_and_the_tests_road_are_roads(road):
    http = over_http("127.0.0.1:9")
    for name in MEMBERS:
        assert hasattr(http, name) and hasattr(road, name)
    for name in ("exchange", "enrol", "fetch", "download"):
        wanted = list(inspect.signature(getattr(Road, name)).parameters)
        for kind in (type(http), MemoryRoad):
            assert list(inspect.signature(getattr(kind, name)).parameters) == wanted
    http.close()


def test_an_address_that_is_none():
    with pytest.raises(EnrolmentError):
        over_http("http://")
