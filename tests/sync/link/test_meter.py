from __future__ import annotations

from datetime import datetime
from typing import Callable, Optional

import pytest

from sync.errors import LinkError
from sync.link.measure import Measure
from sync.link.meter import BURST_BYTES, FIRST_BYTES_PER_S, PROBE_EVERY_S, LinkMeter
from sync.link.policy import Now, Reason
from sync.link.rules import LinkRules, Value, Window
from sync.link.usage import Usage

MB = 1 << 20
CHUNK_BYTES = 16 << 10
KERNEL_BYTES = 128 << 10


class Link:
    """A link of so many bytes a second: what comes while nobody reads waits in the kernel."""

    def __init__(self, rate: float, start: datetime = datetime(2026, 11, 22, 12, 0)) -> None:
        self.rate = rate
        self.now_s = 1000.0
        self._waiting_bytes = 0.0
        self.meter = LinkMeter(
            Now(10**12, start), monotonic=lambda: self.now_s, sleep=self._pass_time
        )
        self._start = start

    def inform(self, rules: LinkRules, usage: Optional[Usage] = None) -> None:
        self.meter.inform(rules, usage or Usage(), Now(10**12, self._start), False)

    def _pass_time(self, seconds: float) -> None:
        self.now_s += seconds
        self._waiting_bytes = min(KERNEL_BYTES, self._waiting_bytes + seconds * self.rate)

    def read(self) -> None:
        missing = CHUNK_BYTES - self._waiting_bytes
        if missing > 0:
            self._pass_time(missing / self.rate)
        self._waiting_bytes -= CHUNK_BYTES

    def carry(
        self,
        size_bytes: int,
        value: Value = Value.MEDIA,
        each: Callable[[], None] = lambda: None,
    ) -> float:
        """Bring so many bytes; return how many came a second."""
        start_s = self.now_s
        for _ in range(size_bytes // CHUNK_BYTES):
            self.read()
            self.meter.spend(CHUNK_BYTES, value)
            each()
        return size_bytes / (self.now_s - start_s)


@pytest.mark.parametrize("rate", [4_000, 32_000, 125_000, 12_500_000])
def test_without_rules_a_link_is_used_and_measured(rate: float) -> None:
    link = Link(rate)
    link.inform(LinkRules())
    assert link.carry(100 * CHUNK_BYTES + int(5 * rate)) == pytest.approx(rate, rel=0.01)
    assert link.meter.measure.bytes_per_s == pytest.approx(rate, rel=0.05)


@pytest.mark.parametrize("limit", [8_000, 40_000])
def test_a_rate_is_kept_and_is_not_taken_for_the_link_s(limit: int) -> None:
    link = Link(125_000)
    link.inform(LinkRules())
    link.carry(1 * MB)
    link.inform(LinkRules(rate_bytes_per_s=limit))
    link.carry(2 * BURST_BYTES)
    assert link.carry(2 * MB) == pytest.approx(limit, rel=0.005)
    assert link.meter.measure.bytes_per_s == pytest.approx(125_000, rel=0.1)


def test_a_rate_above_the_link_changes_nothing() -> None:
    link = Link(30_000)
    link.inform(LinkRules(rate_bytes_per_s=250_000))
    assert link.carry(2 * MB) == pytest.approx(30_000, rel=0.02)
    assert link.meter.measure.bytes_per_s == pytest.approx(30_000, rel=0.05)


@pytest.mark.parametrize("rate", [16_000, 32_000, 125_000, 1_000_000])
def test_room_is_left_for_a_lesson_and_the_link_is_still_known(rate: float) -> None:
    link = Link(rate)
    link.inform(LinkRules(leave_room=True))
    used = link.carry(int(rate * 300))
    assert 0.42 * rate < used <= 0.52 * rate
    assert link.meter.measure.bytes_per_s == pytest.approx(rate, rel=0.15)


def test_half_of_a_link_that_became_slower_is_half_of_what_it_is_now() -> None:
    link = Link(125_000)
    link.inform(LinkRules(leave_room=True))
    link.carry(8 * MB)
    link.rate = 32_000
    link.carry(16 * MB)
    assert link.carry(2 * MB) < 0.75 * 32_000


def test_probes_are_rare() -> None:
    link = Link(125_000)
    link.inform(LinkRules(leave_room=True))
    speeds = []

    def note() -> None:
        speeds.append(link.now_s)

    link.carry(int(62_500 * PROBE_EVERY_S * 5), each=note)
    fast = sum(after - before < CHUNK_BYTES / 100_000 for before, after in zip(speeds, speeds[1:]))
    assert 0 < fast / len(speeds) < 0.15


def test_a_link_not_known_yet_is_used_gently_after_the_first_look() -> None:
    link = Link(500.0)
    link.inform(LinkRules(leave_room=True))
    link.carry(8 * CHUNK_BYTES)
    assert link.meter.measure.bytes_per_s < FIRST_BYTES_PER_S


def test_a_budget_stops_a_video_in_the_middle_and_work_never() -> None:
    link = Link(1_000_000)
    link.inform(LinkRules(day_bytes=10 * MB))
    with pytest.raises(LinkError) as stopped:
        link.carry(20 * MB)
    assert stopped.value.code == Reason.DAY.value
    assert link.meter.new_bytes == 8 * MB
    link.carry(1 * MB, Value.TEXT)
    link.carry(5 * MB, Value.WORK)
    with pytest.raises(LinkError):
        link.carry(1 * MB, Value.TEXT)


def test_what_is_on_the_disk_and_what_is_new_count_together() -> None:
    link = Link(1_000_000)
    day = datetime(2026, 11, 22).toordinal()
    link.inform(LinkRules(day_bytes=10 * MB), Usage().plus(day, 7 * MB))
    link.meter.count(1 * MB)
    assert not link.meter.verdict(Value.MEDIA).allowed
    link.meter.kept(1 * MB, Usage())
    assert link.meter.new_bytes == 0
    assert link.meter.verdict(Value.MEDIA).allowed


def test_a_window_closes_in_the_middle_of_a_video() -> None:
    link = Link(10_000, datetime(2026, 11, 22, 5, 59))
    link.inform(LinkRules(windows=(Window(22 * 60, 6 * 60),)))
    with pytest.raises(LinkError) as stopped:
        link.carry(20 * MB)
    assert stopped.value.code == Reason.WINDOW.value
    assert 55 < link.now_s - 1000 < 65


def test_a_new_day_opens_a_budget_without_being_told() -> None:
    link = Link(10_000, datetime(2026, 11, 22, 23, 50))
    link.inform(LinkRules(day_bytes=2 * MB))
    with pytest.raises(LinkError):
        link.carry(20 * MB)
    link.now_s += 600
    assert link.meter.verdict(Value.MEDIA).allowed is False, "what is new is counted today"
    link.meter.kept(link.meter.new_bytes, Usage())
    assert link.meter.verdict(Value.MEDIA).allowed


def test_pausing_is_felt_at_the_next_bytes() -> None:
    link = Link(10_000)
    link.inform(LinkRules())
    link.carry(CHUNK_BYTES)
    link.inform(LinkRules(paused=True))
    with pytest.raises(LinkError) as stopped:
        link.carry(CHUNK_BYTES)
    assert stopped.value.code == "link-paused"


def test_a_kept_measure_is_used_at_once() -> None:
    link = Link(1_000_000)
    link.meter.measure = Measure(20_000)
    link.inform(LinkRules(leave_room=True))
    assert link.meter._rate_bytes_per_s() == 10_000
