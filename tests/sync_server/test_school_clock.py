from __future__ import annotations

import pytest

from sync_server.relay.night import relay_to
from sync_server.school_clock import SchoolClock
from tests.support.clock import IN_2003_MS, IN_2031_MS, NOW_MS, TurnableClock
from tests.support.relays import RelayRoad, enrol_relay
from tests.support.server import open_school

HOUR_MS = 3_600_000


@pytest.fixture
def school(tmp_path):
    with open_school(tmp_path / "school", TurnableClock()) as school:
        yield school


@pytest.mark.parametrize("wrong_ms", [IN_2003_MS, IN_2031_MS])
def test_a_wrong_clock_is_put_right_and_stays_so(school, wrong_ms):
    base = TurnableClock(wrong_ms)
    clock = SchoolClock(school.store, base)
    assert clock.now_ms() == wrong_ms
    clock.refer(NOW_MS)
    base.time_ms += HOUR_MS
    assert clock.now_ms() == NOW_MS + HOUR_MS
    assert SchoolClock(school.store, base).now_ms() == NOW_MS + HOUR_MS


def test_a_clock_that_somebody_puts_right_is_read_as_it_is(school):
    base = TurnableClock(IN_2003_MS)
    clock = SchoolClock(school.store, base)
    clock.refer(NOW_MS)
    base.time_ms = NOW_MS + HOUR_MS
    assert clock.now_ms() == NOW_MS + HOUR_MS


def test_a_clock_that_falls_back_is_never_before_what_is_known(school):
    base = TurnableClock(NOW_MS)
    clock = SchoolClock(school.store, base)
    clock.refer(NOW_MS + 5_000)
    assert clock.now_ms() == NOW_MS
    base.time_ms = IN_2003_MS
    assert abs(clock.now_ms() - NOW_MS) <= 60_000


def test_a_region_that_was_wrong_for_a_day_is_believed_anew(school):
    clock = SchoolClock(school.store, TurnableClock(NOW_MS))
    clock.refer(IN_2031_MS)
    assert clock.now_ms() == IN_2031_MS
    clock.refer(NOW_MS)
    assert clock.now_ms() == NOW_MS


class Road(RelayRoad):
    sent_bytes = received_bytes = 0

    def close(self):
        return None


def test_a_relay_learns_the_time(school, tmp_path):
    with open_school(tmp_path / "region", TurnableClock(NOW_MS)) as region:
        enrol_relay(school, region)
        with school.store.transaction() as transaction:
            (upstream,) = transaction.upstreams()
        clock = SchoolClock(school.store, TurnableClock(IN_2003_MS))
        account = relay_to(
            school.store,
            school.identity,
            clock,
            upstream,
            lambda _: Road(region),
            school.folder.root,
        )
        assert account.code == ""
        assert clock.now_ms() == NOW_MS
