from __future__ import annotations

import pytest

from sync.errors import LinkError
from sync.kinds import SUBMISSION
from sync.link.backoff import BASE_S
from sync_server.http.metrics import Metrics
from sync_server.relay.background import Background, watch_relay
from sync_server.relay.night import find_upstream
from sync_server.school_clock import SchoolClock
from tests.support.attachments import hand_in, photo
from tests.support.clock import TurnableClock
from tests.support.relays import RelayRoad, enrol_relay, facts, laptop_at
from tests.support.server import open_school


class Road(RelayRoad):
    sent_bytes = received_bytes = 0

    def close(self) -> None:
        return None


class Away(Road):
    def relay(self, request):
        raise LinkError("server-busy", "later", retry_after_s=100.0)


@pytest.fixture
def servers(tmp_path):
    clock = TurnableClock(step_ms=1)
    with open_school(tmp_path / "a", clock) as region, open_school(tmp_path / "b", clock) as school:
        enrol_relay(school, region)
        yield region, school


def background(region, school, make_road, now):
    upstream = find_upstream(school.store, None)
    return Background(
        school.folder.open_store(),
        school.identity,
        SchoolClock(school.store, school.clock),
        upstream,
        school.folder.root,
        make_road=make_road,
        monotonic_s=lambda: now[0],
        draw=lambda: 0.5,
    )


def test_failures_back_off_and_heed_the_server_then_all_goes_up(servers):
    region, school = servers
    device = laptop_at(school, ["Анна"])
    device.hand_in(device.people[0].id)
    device.exchange_all(school.road())
    roads, now = [Away(region), Away(region), Road(region)], [0.0]
    relay = background(region, school, lambda _: roads.pop(0), now)
    metrics = Metrics()
    watch_relay(metrics, relay)
    waits = []
    for _ in range(3):
        now[0] += relay.wait_s()
        relay.turn()
        waits.append(relay.wait_s())
    assert waits[0] >= 100
    assert waits[1] >= 100
    assert relay.timetable.failures == 0
    assert relay.last is not None
    assert relay.last.code == ""
    assert len(facts(region, (SUBMISSION,))) == 1
    text = metrics.text({}).decode()
    assert "keruen_relay_turns{upstream=" in text
    relay.stop()


def test_a_thread_relays_until_it_is_stopped(servers):
    region, school = servers
    import threading

    came = threading.Event()

    class Telling(Road):
        def relay(self, request):
            came.set()
            return super().relay(request)

    relay = background(region, school, lambda _: Telling(region), [0.0])
    relay.timetable = relay.timetable.__class__()
    relay.start()
    assert came.wait(60)
    relay.stop()


def test_a_line_that_drops_every_few_minutes_is_used_again_soon(servers):
    region, school = servers
    device = laptop_at(school, ["Анна"])

    class Dropping(Road):
        def fetch(self, path, max_bytes):
            raise LinkError("link-lost", path)

        def offer(self, request):
            raise LinkError("link-lost", "the line drops")

    now = [0.0]
    relay = background(region, school, lambda _: Dropping(region), now)
    waits = []
    for number in range(8):
        hand_in(device, device.people[0].id, [photo(school.identity.public, 1000, number)])
        device.exchange_all(school.road())
        now[0] += relay.wait_s()
        assert relay.turn().code == "link-lost"
        waits.append(relay.wait_s())
    assert max(waits) <= BASE_S
    assert len(facts(region, (SUBMISSION,))) == 8
    relay.stop()
