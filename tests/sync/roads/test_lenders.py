"""Neighbours first, but nobody is waited for in vain."""

from __future__ import annotations

import contextlib
import threading
from functools import partial
from pathlib import Path

import pytest

from sync import objects
from sync.errors import LinkError, ObjectError
from sync.roads import ahead as ahead_module
from sync.roads import errand as errands
from sync.roads import lenders as lending
from sync.roads import overtaking
from sync.roads.ahead import Ahead
from sync.roads.errand import Errand
from sync.roads.http import HttpRoad
from sync.roads.lenders import Lenders
from sync.roads.patience import Patience
from tests.support.web import Reply, serving
from tests.sync.roads.test_sources import DATA, PIECE, all_here, bring_all, honest


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(objects, "PIECE_BYTES", PIECE)
    monkeypatch.setattr(lending, "LEAST_AGAIN_S", 0.1)
    monkeypatch.setattr(ahead_module, "Lenders", partial(Lenders, draw=lambda: 0.99))


def errand(part="part"):
    return Errand("name", 10, lambda *_: None, lambda: None, part, expected_s=100.0)


def busy(retry_after_s=0.0):
    return LinkError("server-busy", "", retry_after_s)


def test_its_own_source_waits_for_neighbours_who_may_have_it():
    plan = Lenders((1, 2), lambda: 0.5)
    one = errand()
    assert not plan.may_ask(0, one, (), 101.0)
    assert plan.may_ask(0, one, (), 102.0), "half of two seconds for each"
    assert plan.may_ask(0, errand(part=""), (), 100.0), "only the server has small files"
    assert plan.may_ask(1, one, (), 100.0)


def test_nobody_is_waited_for_who_has_it_not_or_is_gone():
    plan = Lenders((1, 2), lambda: 0.5)
    one = errand()
    assert plan.bears(1, one, ObjectError("object-missing"), 100.0)
    assert not plan.may_ask(0, one, (), 100.0)
    assert plan.may_ask(0, one, {2: busy()}, 100.0)
    assert Lenders((), lambda: 0.5).may_ask(0, errand(), (), 100.0)


def test_after_one_object_it_is_waited_anew():
    plan = Lenders((1,), lambda: 0.5)
    one, other = errand(), errand()
    assert plan.may_ask(0, one, (), 101.0)
    plan.begins(0, one, 101.0)
    assert not plan.may_ask(0, other, (), 101.5)
    assert plan.may_ask(0, other, (), 102.0)
    plan.begins(1, one, 102.0)
    assert plan.may_ask(0, other, (), 102.0), "a neighbour's beginning is no end"


def test_while_neighbours_bring_objects_they_are_waited_for():
    plan = Lenders((1,), lambda: 0.5)
    one, other = errand(), errand()
    for now_s in (101.0, 101.9, 102.8):
        plan.came(one, now_s)
        assert not plan.may_ask(0, other, (), now_s + 0.9)
    assert plan.may_ask(0, other, (), 103.8)
    plan.came(errand(part=""), 103.8)
    assert plan.may_ask(0, other, (), 103.8), "a small file is no object"


def test_a_neighbour_who_is_at_it_is_worth_a_longer_wait_but_not_for_ever():
    plan = Lenders((1,), lambda: 0.5)
    one = errand()
    for tenth in range(290):
        plan.brings(1, 100 + tenth / 10)
        assert not plan.may_ask(0, one, (), 100 + tenth / 10 + 0.05)
    plan.brings(1, 130.0)
    assert plan.may_ask(0, one, (), 130.0)
    plan.brings(0, 130.0)
    assert plan.may_ask(0, errand(), (), 131.1), "what comes from elsewhere is nobody's promise"


def test_who_only_promises_is_not_waited_for_again_and_again():
    plan = Lenders((1,), lambda: 0.5)
    one = errand()
    assert not plan.may_ask(0, one, (), 100.5)
    plan.begins(0, one, 160.0)
    assert not plan.may_ask(0, errand(), (), 160.0)
    assert plan.may_ask(0, errand(), (), 160.1), "a minute of promises is enough"
    plan.brings(1, 160.2)
    assert not plan.may_ask(0, errand(), (), 160.3), "what came counts again"


def test_who_is_overtaken_is_slow_only_beside_the_objects_own_source():
    plan = Lenders((1, 2))
    assert plan.is_slow(1, 0)
    assert not plan.is_slow(1, 2)
    assert not plan.is_slow(0, 1)


def test_each_wait_is_drawn_anew():
    drawn = iter([0.1, 0.9, 0.1])
    plan = Lenders((1,), lambda: next(drawn))
    one = errand()
    assert plan.may_ask(0, one, (), 100.3)
    plan.begins(0, one, 101.0)
    assert not plan.may_ask(0, errand(), (), 102.0)
    assert plan.may_ask(0, errand(), (), 102.9)


def test_who_is_busy_is_asked_again_when_it_said():
    plan = Lenders((1,), lambda: 0.5)
    one = errand()
    assert plan.bears(1, one, busy(3.0), 100.0)
    assert not plan.may_ask(1, one, (), 102.0)
    assert plan.may_ask(1, one, (), 103.0)
    assert not plan.bears(1, one, busy(600.0), 100.0), "it lends nothing for now"
    assert not plan.bears(1, one, ObjectError("object-damaged"), 100.0)


def test_once_its_own_source_failed_hope_is_no_reason_to_wait():
    plan = Lenders((1,), lambda: 0.5)
    one = errand()
    one.not_at.add(0)
    assert plan.bears(1, one, busy(3.0), 100.0)
    assert one.not_at == {0, 1}


def test_the_longest_wait_does_not_grow_with_the_school():
    assert not Lenders(range(1, 80), lambda: 1.0).may_ask(0, errand(), (), 100 + 11.9)
    assert Lenders(range(1, 80), lambda: 1.0).may_ask(0, errand(), (), 100 + 12.1)


@contextlib.contextmanager
def school(server, *neighbours):
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(serving(one)) for one in (server, *neighbours)]
        roads = [HttpRoad(one.address, stall_timeout_s=2.0) for one in servers]
        for road in roads[1:]:
            road.patience = Patience(1, 60.0)
        ahead = Ahead(roads[0], (), roads[1:])
        try:
            yield servers, ahead
        finally:
            ahead.close()


def test_what_neighbours_have_the_server_is_not_asked_for(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(lending, "PATIENCE_S", 60.0)
    monkeypatch.setattr(lending, "LONGEST_S", 60.0)
    with school(honest, honest, honest) as (servers, ahead):
        assert ahead.fetch("/small", 10) == b"small"
        assert bring_all(ahead, tmp_path) == [None] * len(DATA)
        assert [request.path for request in servers[0].requests] == ["/small"]
    assert all_here(tmp_path)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, b'{"code":"object-missing"}'),
        Reply(503, b"{}", {"Retry-After": "600"}),
        Reply(200, b"<html>log in</html>"),
        Reply(200, b"x" * 5000),
        Reply(206, b"x"),
        Reply(301, b"", {"Location": "http://127.0.0.1:9/"}),
        Reply(200, b"x" * 100, cut=10),
    ],
)
def test_neighbours_that_have_nothing_or_lie_cost_nothing_but_a_request(tmp_path, reply):
    with school(honest, lambda _: reply) as (_, ahead):
        assert bring_all(ahead, tmp_path) == [None] * len(DATA)
        assert ahead.blamed == {}, "they come and go without a word"
    assert all_here(tmp_path)


def test_what_a_neighbour_promises_and_never_has_comes_from_the_server(monkeypatch, tmp_path):
    monkeypatch.setattr(lending, "PATIENCE_S", 0.2)
    with school(honest, lambda _: Reply(503, b"{}", {"Retry-After": "1"})) as (_, ahead):
        assert bring_all(ahead, tmp_path) == [None] * len(DATA)
    assert all_here(tmp_path)


def test_who_begins_a_piece_wrongly_has_nobody_blamed_who_ends_it(monkeypatch, tmp_path):
    monkeypatch.setattr(lending, "PATIENCE_S", 60.0)
    monkeypatch.setattr(lending, "LONGEST_S", 60.0)
    spoilt = threading.Event()

    def spoiling(request):
        reply = honest(request)
        reply.body, reply.cut = b"?" * len(reply.body), 1000
        spoilt.set()
        return reply

    def later(request):
        assert spoilt.wait(60)
        return honest(request)

    with school(honest, spoiling, later) as (servers, ahead):
        assert bring_all(ahead, tmp_path) == [None] * len(DATA)
        assert servers[0].requests == [], "the honest neighbour was never given up"
    assert all_here(tmp_path)


def test_a_neighbour_whom_the_server_overtakes_is_asked_for_nothing_more(monkeypatch, tmp_path):
    monkeypatch.setattr(errands, "RATE_FROM_S", 0.1)
    monkeypatch.setattr(overtaking, "TRIED_FROM_S", 0.1)

    def dripping(request):
        reply = honest(request)
        reply.drip_s = 0.05
        return reply

    with school(honest, dripping) as (servers, ahead):
        assert bring_all(ahead, tmp_path) == [None] * len(DATA)
        assert len(servers[1].requests) < len(DATA) // 2, "with what was sent early"
        assert len(servers[0].requests) == len(DATA)
        assert ahead.blamed == {}
    assert all_here(tmp_path)


def test_a_class_hands_on_what_one_of_them_fetched(monkeypatch, tmp_path):
    """What a neighbour gets while we wait is had from it."""
    monkeypatch.setattr(lending, "PATIENCE_S", 60.0)
    monkeypatch.setattr(lending, "LONGEST_S", 60.0)
    here = threading.Event()

    def neighbour(request):
        return honest(request) if here.is_set() else Reply(503, b"{}", {"Retry-After": "1"})

    timer = threading.Timer(0.3, here.set)
    with school(honest, neighbour) as (servers, ahead):
        timer.start()
        assert bring_all(ahead, tmp_path) == [None] * len(DATA)
        assert not servers[0].requests
    timer.join()
    assert all_here(tmp_path)


def test_without_any_server_it_is_the_servers_failure_that_counts(monkeypatch, tmp_path):
    monkeypatch.setattr(lending, "PATIENCE_S", 0.1)

    def neighbour(_):
        return Reply(503, b"{}", {"Retry-After": "0"})

    with serving(neighbour) as one:
        nowhere = HttpRoad("127.0.0.1:9", connect_timeout_s=1.0)
        ahead = Ahead(nowhere, (), [HttpRoad(one.address)])
        try:
            codes = bring_all(ahead, tmp_path)
        finally:
            ahead.close()
    assert set(codes) == {"link-unreachable"}
