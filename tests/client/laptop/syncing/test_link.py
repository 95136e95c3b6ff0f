from __future__ import annotations

import dataclasses
import threading

import pytest

from client.laptop.laptop import Laptop
from client.laptop.syncing.link import KEEP_EVERY_BYTES, KEEP_EVERY_S, RULES, USAGE, Link
from client.messages import LANGUAGES, Messages
from sync.errors import LinkError
from sync.link.measure import Measure
from sync.link.rules import LinkRules, Metered, Value, Window, parse_windows

MB = 1 << 20
DAY_MS = 86_400_000


class Watch:
    def __init__(self):
        self.now_s = 0.0

    def sleep(self, seconds):
        self.now_s += seconds


class CountingRoad:
    """A road that carried something before."""

    sent_bytes, received_bytes = 11, 22


def carry(link, sent_bytes, received_bytes):
    """Use the link for so much."""
    road = CountingRoad()
    ride = link.ride(road)
    road.sent_bytes += sent_bytes
    road.received_bytes += received_bytes
    ride.settle()


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def laptop(tmp_path, clock):
    """A laptop of no school yet: it has a link all the same."""
    laptop = Laptop.open(tmp_path / "laptop", clock)
    yield laptop
    laptop.close()


@pytest.fixture
def link(laptop, watch):
    return Link(
        laptop._store,
        monotonic=lambda: watch.now_s,
        sleep=watch.sleep,
        address=lambda: "192.168.1.5",
    )


def used(link):
    usage, now = link.usage, link.now()
    return usage.day_bytes(now.day), usage.month_bytes(now.day)


def window_far_from(link):
    hour = (link.now().local.hour + 12) % 24
    return Window(hour * 60, (hour * 60 + 60) % 1440)


def test_a_new_laptop_lets_everything_go(link):
    assert all(link.verdict(value).allowed for value in Value)
    assert used(link) == (0, 0)
    assert link.measure.bytes_per_s == 0


def test_rules_are_kept_and_seen_by_others(link, laptop):
    rules = LinkRules(windows=parse_windows("22-6"), day_bytes=50 * MB, leave_room=True)
    link.set_rules(rules)
    assert Link(laptop._store).rules == rules
    assert laptop.link.rules == rules


def test_damaged_settings_are_no_rules_and_no_usage(link, laptop):
    laptop._store.keep_settings({RULES: "{not json", USAGE: '{"days": 7}'})
    assert link.rules == LinkRules()
    laptop._store.keep_settings({RULES: '{"window": "midnight"}'})
    assert link.rules == LinkRules()
    assert used(link) == (0, 0)


def test_a_ride_counts_all_that_the_road_carried_once(link, laptop):
    road = CountingRoad()
    ride = link.ride(road)
    ride.verdict(Value.MEDIA)
    for _ in range(10):
        ride.spend(100_000)
    road.sent_bytes += 5_000
    road.received_bytes += 1_010_000
    ride.settle()
    assert used(link) == (1_015_000, 1_015_000)
    assert used(Link(laptop._store)) == (1_015_000, 1_015_000)


def test_two_threads_count_each_byte_once(link):
    def exchange():
        for _ in range(20):
            carry(link, 500, 500)

    threads = [threading.Thread(target=exchange) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert used(link) == (80_000, 80_000)


def test_two_programmes_count_into_one_budget(link, laptop):
    other = Link(laptop._store)
    carry(link, 0, 6 * MB)
    carry(other, 0, 6 * MB)
    link.set_rules(LinkRules(day_bytes=12 * MB))
    assert not link.verdict(Value.TEXT).allowed
    assert not other.verdict(Value.TEXT).allowed


def test_a_power_cut_forgets_little(link, laptop, watch):
    ride, asked = link.ride(CountingRoad()), []
    cancel = ride.watch(lambda: bool(asked.append(1)))
    ride.spend(KEEP_EVERY_BYTES)
    assert not cancel()
    assert used(Link(laptop._store))[0] == KEEP_EVERY_BYTES
    ride.spend(100)
    cancel()
    assert used(Link(laptop._store))[0] == KEEP_EVERY_BYTES
    watch.now_s += KEEP_EVERY_S
    cancel()
    assert used(Link(laptop._store))[0] == KEEP_EVERY_BYTES + 100
    assert asked == [1, 1, 1]


def test_the_budget_of_a_day_ends_with_it(link, clock):
    link.set_rules(LinkRules(day_bytes=10 * MB))
    carry(link, 0, 10 * MB)
    verdict = link.verdict(Value.TEXT)
    assert verdict.code == "link-budget-day"
    assert 0 < verdict.until_ms - link.now().time_ms <= DAY_MS
    assert link.verdict(Value.WORK).allowed
    clock.offset_ms += DAY_MS
    assert link.verdict(Value.MEDIA).allowed


def test_a_clock_that_goes_back_gives_nothing(link, clock):
    link.set_rules(LinkRules(day_bytes=10 * MB))
    carry(link, 0, 10 * MB)
    clock.offset_ms -= 400 * DAY_MS
    assert not link.verdict(Value.TEXT).allowed


def test_a_telephone_is_known_by_its_address(laptop):
    link = Link(laptop._store, address=lambda: "192.168.43.12")
    assert link.metered
    assert link.verdict(Value.TEXT).allowed
    assert link.verdict(Value.MEDIA_DUE).code == "link-metered"
    link.set_rules(LinkRules(metered=Metered.NO))
    assert link.verdict(Value.MEDIA).allowed
    link.set_rules(LinkRules(metered=Metered.YES, on_metered=Value.WORK))
    assert link.verdict(Value.TEXT).code == "link-metered"
    assert not Link(laptop._store, address=lambda: None).rules.paused


def test_what_is_under_way_is_stopped_by_the_rule_and_by_its_name(link):
    ride = link.ride(CountingRoad())
    ride.verdict(Value.MEDIA)
    ride.spend(1000)
    link.set_rules(LinkRules(windows=(window_far_from(link),)))
    with pytest.raises(LinkError) as stopped:
        ride.spend(1000)
    assert stopped.value.code == "link-window"
    assert ride.reason(Value.WORK) is None
    ride.spend(1000)


@pytest.mark.parametrize("value", [Value.WORK, Value.TEXT, Value.MEDIA_DUE, Value.MEDIA])
@pytest.mark.parametrize(
    "rules",
    [
        LinkRules(paused=True),
        LinkRules(quiet_outside=True, windows=parse_windows("always")),
        LinkRules(day_bytes=1),
        LinkRules(month_bytes=3 << 30),
        LinkRules(metered=Metered.YES, on_metered=Value.WORK),
    ],
)
def test_every_reason_is_a_sentence_in_three_languages(link, rules, value):
    carry(link, 0, 3 << 30)
    if rules.quiet_outside:
        rules = dataclasses.replace(rules, windows=(window_far_from(link),))
    link.set_rules(rules)
    verdict = link.verdict(value)
    assert verdict.allowed == (value is Value.WORK and not (rules.paused or rules.windows))
    for language in LANGUAGES if verdict.reason else ():
        said = Messages(language).text(verdict.reason)
        assert said.endswith(".")
        assert said.count(". ") == 0, "one sentence"


def test_estimates_know_the_link_and_the_rules(link):
    assert link.duration_s(MB) is None
    link.set_rules(LinkRules(rate_bytes_per_s=10_000))
    assert link.duration_s(100_000) == 10
    link._meter.measure = Measure(50_000)
    assert link.duration_s(100_000) == 10
    link.set_rules(LinkRules())
    assert link.duration_s(100_000) == 2
    link.set_rules(LinkRules(leave_room=True))
    assert link.duration_s(100_000) == 4


def test_paused_laptops_send_nothing_and_lose_nothing(joined, road):
    joined.link.set_rules(LinkRules(paused=True))
    before = road.requests
    account = joined.sync()
    assert account.held.key == "link.why.paused"
    assert (account.problem, road.requests) == (None, before)
    assert joined.exchange().held is not None
    assert joined.carry().held is not None
    joined.link.set_rules(LinkRules())
    assert joined.sync().held is None
    assert road.requests > before


def test_work_goes_at_every_hour_and_is_counted(joined, road):
    joined.link.set_rules(LinkRules(windows=(window_far_from(joined.link),), day_bytes=1))
    before_bytes = road.sent_bytes + road.received_bytes
    account = joined.sync()
    assert account.problem is None
    assert account.held.key == "link.why.window.lessons"
    assert used(joined.link)[0] == road.sent_bytes + road.received_bytes - before_bytes > 0


def test_attached_work_is_never_stopped_by_a_budget(link):
    link.set_rules(LinkRules(day_bytes=1))
    carry(link, 5 * MB, 0)
    ride = link.ride(CountingRoad())
    ride.spend(MB)
    assert ride.reason(Value.TEXT) is not None
    with pytest.raises(LinkError):
        ride.spend(MB)
