"""The line to the region: its hours, speed and megabytes are kept, and work comes first."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Iterator, List

import pytest

from content.building.builder import build_pack
from content.repositories.repository import Repository
from sync.kinds import CLASS_PLAN, SUBMISSION
from sync.link.rules import LinkRules, Metered, Value
from sync_server.errors import SetupError
from sync_server.relay import line as lines
from sync_server.relay.account import Account
from sync_server.relay.background import Background
from sync_server.relay.line import Line, line_rules
from sync_server.relay.night import relay_to
from sync_server.relay.nights import night_from
from sync_server.school_clock import SchoolClock
from tests.support.clock import TurnableClock
from tests.support.packs import KEY, write_source
from tests.support.relays import RelayRoad, enrol_relay, facts, laptop_at
from tests.support.server import MemoryRoad, School, open_school

MB = 1 << 20
HOUR_MS = 3_600_000


def at_ms(hour: int, day: int = 23) -> int:
    """A moment of November 2026 on this machine's wall."""
    local = datetime(2026, 11, day, hour, tzinfo=timezone.utc)
    return int(local.timestamp() * 1000)


class Road(RelayRoad):
    """A road that carries records and packs, and counts both."""

    def __init__(self, upstream: School) -> None:
        super().__init__(upstream)
        self._objects = MemoryRoad(upstream)
        self.pace: Any = None
        self.sent_bytes = self.received_bytes = 0
        self.fetched: List[str] = []
        self.sizes_bytes: List[int] = []

    def relay(self, request: bytes) -> bytes:
        answer = super().relay(request)
        self.sent_bytes += len(request)
        self.received_bytes += len(answer)
        return answer

    def fetch(self, path: str, max_bytes: int) -> bytes:
        self.fetched.append(path)
        data = self._objects.fetch(path, max_bytes)
        self._spend(len(data))
        return data

    def download(self, spec: Any, part_path: Any, final_path: Any, **options: Any) -> None:
        self.fetched.append(spec.sha256)
        self.sizes_bytes.append(spec.size_bytes)
        for _ in range(0, spec.size_bytes, MB // 4):
            self._spend(min(MB // 4, spec.size_bytes))
        self._objects.download(spec, part_path, final_path, **options)

    def _spend(self, size_bytes: int) -> None:
        self.received_bytes += size_bytes
        self.pace.spend(size_bytes)

    def close(self) -> None:
        return None


class Servers:
    """A region with a pack, a school with a pupil's work, and the line between them."""

    def __init__(self, region: School, school: School, clock: TurnableClock) -> None:
        self.region, self.school, self.wall = region, school, clock
        self.seconds = [0.0]
        self.clock = SchoolClock(school.store, clock)
        self.line = Line(
            school.store, self.clock, monotonic=lambda: self.seconds[0], sleep=self._sleep
        )
        self.roads: List[Road] = []

    def _sleep(self, seconds: float) -> None:
        self.seconds[0] += seconds
        self.wall.time_ms += int(seconds * 1000)

    def road(self, _: str) -> Road:
        self.roads.append(Road(self.region))
        return self.roads[-1]

    def turn(self) -> Account:
        with self.school.store.transaction() as transaction:
            (upstream,) = transaction.upstreams()
        return relay_to(
            self.school.store,
            self.school.identity,
            self.clock,
            upstream,
            self.road,
            self.school.folder.root,
            self.line,
        )

    @property
    def videos(self) -> int:
        """How many large objects are at the school."""
        folder = self.school.folder.repositories / KEY.public.key_id
        repository = Repository(folder)
        sizes = [repository.object_path(name).stat().st_size for name in repository.object_names()]
        return sum(size > MB for size in sizes)


@pytest.fixture
def servers(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    monkeypatch.setattr("sync.link.kept.machine_zone_offset_s", lambda _: 0)
    clock = TurnableClock(at_ms(14))
    with open_school(tmp_path / "a", clock) as region, open_school(tmp_path / "b", clock) as school:
        enrol_relay(school, region)
        write_source(tmp_path / "source", "equations", 1, 3 * MB)
        build_pack(tmp_path / "source", tmp_path / "repository", KEY)
        region.publish(tmp_path / "repository", KEY.public.key_id)
        device = laptop_at(school, ["Анна"])
        device.hand_in(device.people[0].id)
        device.exchange_all(school.road())
        yield Servers(region, school, clock)


def test_by_day_work_goes_and_packs_wait_for_the_night(servers: Servers) -> None:
    servers.line.set_rules(line_rules("22:00-06:00", None, None, silent_outside=False))
    account = servers.turn()
    assert len(facts(servers.region, (SUBMISSION,))) == 1
    assert account.held is not None
    assert (account.held.code, account.held.until_ms) == ("link-window", at_ms(22))
    assert account.code == ""
    assert servers.roads[-1].fetched == []
    servers.wall.time_ms = at_ms(23)
    account = servers.turn()
    assert account.held is None
    assert (account.mirrored.packs, len(account.mirrored.missing)) == (1, 0)
    assert servers.videos == 1


def test_in_silence_nobody_calls_before_the_window(servers: Servers) -> None:
    servers.line.set_rules(line_rules("22:00-06:00", None, None, silent_outside=True))
    account = servers.turn()
    assert servers.roads == []
    assert account.held is not None
    assert account.held.code == "link-window"
    assert account.to_json()["held"] == {"code": "link-window", "until_ms": at_ms(22)}
    servers.wall.time_ms = at_ms(3, day=24)
    assert servers.turn().mirrored.packs == 1
    assert len(facts(servers.region, (SUBMISSION,))) == 1


def test_a_budget_lets_texts_through_and_keeps_videos_for_tomorrow(servers: Servers) -> None:
    servers.line.set_rules(line_rules(None, None, "1MB/day", silent_outside=False))
    account = servers.turn()
    assert account.mirrored.packs == 1
    assert len(account.mirrored.missing) == 1
    assert account.held is not None
    assert account.held.code == "link-budget-day"
    assert account.held.until_ms == at_ms(0, day=24)
    assert servers.videos == 0
    used = servers.line.usage.day_bytes(servers.line.now().day)
    assert used < 1.3 * MB
    servers.line.set_rules(line_rules(None, None, "10MB/day", silent_outside=False))
    assert servers.turn().mirrored.missing == []
    assert servers.videos == 1


def test_a_window_that_closes_ends_a_video_in_the_middle(servers: Servers) -> None:
    servers.wall.time_ms = at_ms(6) - 10_000
    rules = line_rules("22:00-06:00", "800kbit", None, silent_outside=False)
    servers.line.set_rules(rules)
    account = servers.turn()
    assert account.held is not None
    assert account.held.code == "link-window"
    assert account.code == ""
    assert len(account.mirrored.missing) == 1
    assert servers.wall.time_ms < at_ms(6) + 60_000


def test_the_plans_videos_come_before_others(servers: Servers, tmp_path: Any) -> None:
    for pack, size_bytes in (("small", 2 * MB), ("planned", 4 * MB)):
        write_source(tmp_path / pack, pack, 1, size_bytes)
        build_pack(tmp_path / pack, tmp_path / "repository", KEY)
    servers.region.publish(tmp_path / "repository", KEY.public.key_id)
    teacher = laptop_at(servers.school, [], ["Мұғалім"])
    soon_ms = at_ms(8, day=25)
    body = {"class": "7А", "lessons": [["planned", "meaning", soon_ms]]}
    teacher.journal.append(teacher.people[0].id, CLASS_PLAN, body)
    teacher.exchange_all(servers.school.road())
    servers.turn()
    sizes = [one // MB for one in servers.roads[-1].sizes_bytes if one > MB]
    assert sizes == [4, 2, 3]


def test_what_was_used_is_known_after_a_restart(servers: Servers) -> None:
    servers.turn()
    used = servers.line.usage.day_bytes(servers.line.now().day)
    assert used > 3 * MB
    again = Line(servers.school.store, servers.clock)
    assert again.usage.day_bytes(again.now().day) == used


def test_the_window_follows_the_regions_time(servers: Servers) -> None:
    servers.clock.refer(at_ms(23))
    servers.wall.time_ms = int(datetime(2003, 1, 1, 12, tzinfo=timezone.utc).timestamp() * 1000)
    servers.line.set_rules(line_rules("22:00-06:00", None, None, silent_outside=True))
    assert servers.line.decide(Value.MEDIA).allowed
    servers.clock.refer(at_ms(14))
    assert not servers.line.decide(Value.WORK).allowed


def test_the_thread_looks_again_when_the_window_opens(servers: Servers) -> None:
    servers.line.set_rules(line_rules("22:00-06:00", None, None, silent_outside=False))
    servers.wall.time_ms = at_ms(22) - 90_000
    with servers.school.store.transaction() as transaction:
        (upstream,) = transaction.upstreams()
    relay = Background(
        servers.school.folder.open_store(),
        servers.school.identity,
        servers.clock,
        upstream,
        servers.school.folder.root,
        line=servers.line,
        make_road=servers.road,
        monotonic_s=lambda: servers.seconds[0],
        draw=lambda: 0.5,
    )
    relay.turn()
    assert relay.wait_s() == pytest.approx(90)
    relay.stop()


def test_rules_are_typed_as_everywhere() -> None:
    rules = line_rules("22:00-06:00", "2mbit", "500MB/day", silent_outside=True)
    assert rules.rate_bytes_per_s == 250_000
    assert rules.day_bytes == 500 * MB
    assert rules.quiet_outside
    assert line_rules(None, None, None, silent_outside=False) == LinkRules(metered=Metered.NO)
    assert {"link-window", "link-budget-day"} <= lines.RULE_CODES


@pytest.mark.parametrize(
    ("window", "rate", "budget", "silent"),
    [
        ("late", None, None, False),
        (None, "fast", None, False),
        (None, None, "much", False),
        (None, None, None, True),
    ],
)
def test_what_is_not_understood_is_said(window: Any, rate: Any, budget: Any, silent: bool) -> None:
    with pytest.raises(SetupError):
        line_rules(window, rate, budget, silent_outside=silent)


def test_a_power_cut_forgets_little_of_what_a_turn_did(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        """The machine went off."""

    def cut(*_: Any) -> None:
        raise PowerCut

    class Cut(Road):
        def download(self, spec: Any, *places: Any, **options: Any) -> None:
            if spec.size_bytes > MB:
                self._spend(2 * MB)
                for name in ("end", "note"):
                    monkeypatch.setattr(f"sync_server.relay.night._Turn.{name}", cut)
                raise PowerCut
            super().download(spec, *places, **options)

    servers.road = lambda _: Cut(servers.region)  # type: ignore[method-assign]
    with pytest.raises(PowerCut):
        servers.turn()
    with servers.school.store.transaction() as transaction:
        ((_, _, kept),) = transaction.nights(0)
    night = night_from(kept)
    assert (night.turns, night.failed, night.packs, night.media) == (1, 0, 1, 0)
    assert night.records_up > 0
    assert night.received_bytes > 0
    # The budget knows as well.
    again = Line(servers.school.store, servers.clock)
    assert again.usage.day_bytes(again.now().day) >= 2 * MB
