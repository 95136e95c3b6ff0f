from __future__ import annotations

from datetime import datetime, timedelta
from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import CODES, Fault
from sync.link.policy import ALLOWED, SHARES, Now, Reason, Verdict, verdict
from sync.link.rules import LinkRules, Metered, Value, Window
from sync.link.usage import Usage

MB = 1 << 20
NIGHT = (Window(22 * 60, 6 * 60),)
VALUES = list(Value)


def at(hour: int, minute: int = 0, day: int = 22, month: int = 11) -> Now:
    return Now(1_795_000_000_000, datetime(2026, month, day, hour, minute))


def ask(
    rules: LinkRules,
    value: Value,
    now: Optional[Now] = None,
    used_bytes: int = 0,
    metered: bool = False,
) -> Verdict:
    now = now or at(12)
    return verdict(rules, value, now, Usage().plus(now.day, used_bytes), metered)


def hours_until(found: Verdict, now: Now) -> float:
    assert found.until_ms is not None
    return (found.until_ms - now.time_ms) / 3_600_000


@pytest.mark.parametrize("value", VALUES)
def test_without_rules_everything_goes(value: Value) -> None:
    assert ask(LinkRules(), value, used_bytes=1 << 40) == ALLOWED


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    ("now", "opens_in_h"),
    [(at(12), 10), (at(21, 59), 1 / 60), (at(6), 16), (at(22), None), (at(3), None)],
)
def test_at_night_only(value: Value, now: Now, opens_in_h: Optional[float]) -> None:
    found = ask(LinkRules(windows=NIGHT), value, now)
    if opens_in_h is None or value <= Value.FEEDBACK:
        assert found == ALLOWED
    else:
        assert found.reason is Reason.WINDOW
        assert hours_until(found, now) == pytest.approx(opens_in_h)


@pytest.mark.parametrize("value", VALUES)
def test_quiet_outside_holds_for_work_too(value: Value) -> None:
    rules = LinkRules(windows=NIGHT, quiet_outside=True)
    assert ask(rules, value, at(12)).reason is Reason.WINDOW
    assert ask(rules, value, at(23)) == ALLOWED


def test_of_several_windows_the_next_one_counts() -> None:
    rules = LinkRules(windows=(*NIGHT, Window(13 * 60, 14 * 60)))
    assert hours_until(ask(rules, Value.MEDIA, at(12, 30)), at(12, 30)) == 0.5
    assert ask(rules, Value.MEDIA, at(13, 59)) == ALLOWED


def test_a_budget_stops_videos_first_then_text_and_never_work() -> None:
    rules = LinkRules(day_bytes=50 * MB)
    allowed_until_mb = {
        value: next((mb for mb in range(60) if not ask(rules, value, None, mb * MB).allowed), None)
        for value in VALUES
    }
    assert allowed_until_mb == {
        Value.WORK: None,
        Value.FEEDBACK: None,
        Value.TEXT: 50,
        Value.MEDIA_DUE: 45,
        Value.MEDIA: 40,
    }


def test_a_day_ends_at_midnight_and_a_month_on_the_first() -> None:
    day = ask(LinkRules(day_bytes=1), Value.TEXT, at(18), 5)
    assert (day.reason, hours_until(day, at(18))) == (Reason.DAY, 6)
    month = ask(LinkRules(month_bytes=1, day_bytes=1), Value.TEXT, at(18), 5)
    assert (month.reason, hours_until(month, at(18))) == (Reason.MONTH, 8 * 24 + 6)
    december = at(0, 0, 31, 12)
    assert hours_until(ask(LinkRules(month_bytes=1), Value.TEXT, december, 5), december) == 24


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("least", [Value.WORK, Value.TEXT, Value.MEDIA])
def test_a_metered_link_carries_what_it_may(value: Value, least: Value) -> None:
    rules = LinkRules(on_metered=least, metered=Metered.YES)
    found = ask(rules, value, metered=True)
    assert found.allowed == (value <= max(least, Value.FEEDBACK))
    assert found.until_ms is None
    assert ask(rules, value, metered=False) == ALLOWED


@pytest.mark.parametrize("value", VALUES)
def test_paused_is_paused(value: Value) -> None:
    rules = LinkRules(paused=True, windows=NIGHT, day_bytes=1)
    assert ask(rules, value, used_bytes=9) == Verdict(False, Reason.PAUSED)


@given(
    st.builds(
        LinkRules,
        windows=st.sampled_from([(), NIGHT, (Window(0, 1),)]),
        day_bytes=st.sampled_from([None, 1, 100]),
        month_bytes=st.sampled_from([None, 1, 100]),
        on_metered=st.sampled_from([Value.WORK, Value.TEXT, Value.MEDIA]),
        quiet_outside=st.booleans(),
        paused=st.booleans(),
    ),
    st.integers(0, 1439),
    st.integers(0, 200),
    st.booleans(),
)
def test_what_is_more_valuable_is_never_stopped_before_what_is_less(
    rules: LinkRules, minute: int, used_bytes: int, metered: bool
) -> None:
    now = Now(10**12, datetime(2026, 11, 22) + timedelta(minutes=minute))
    found = [ask(rules, value, now, used_bytes, metered) for value in VALUES]
    assert [one.allowed for one in found] == sorted((one.allowed for one in found), reverse=True)
    for one in found:
        assert one.allowed == (one.reason is None)
        assert one.until_ms is None or one.until_ms > now.time_ms
    if not rules.paused and not rules.quiet_outside:
        assert found[Value.WORK].allowed, "no budget, hour or telephone stops work"


@given(st.integers(0, 86_399_999))
def test_a_window_opens_on_the_minute(after_midnight_ms: int) -> None:
    now = Now(10**12 + 7, datetime(2026, 11, 22) + timedelta(milliseconds=after_midnight_ms))
    found = verdict(LinkRules(windows=(Window(1320, 1321),)), Value.TEXT, now, Usage(), False)
    if found.until_ms is not None:
        opens = now.local + timedelta(milliseconds=found.until_ms - now.time_ms)
        assert (opens.hour, opens.minute, opens.second, opens.microsecond) == (22, 0, 0, 0)


@given(st.integers(0, 1439), st.integers(1, 50))
def test_when_the_time_named_has_come_it_may_go(minute: int, used_bytes: int) -> None:
    rules = LinkRules(windows=NIGHT, day_bytes=20)
    now = Now(10**12, datetime(2026, 11, 22) + timedelta(minutes=minute))
    usage = Usage().plus(now.day, used_bytes)
    for _ in range(3):
        found = verdict(rules, Value.TEXT, now, usage, False)
        if found.allowed:
            return
        assert found.until_ms is not None
        passed = timedelta(milliseconds=found.until_ms - now.time_ms)
        now = Now(found.until_ms, now.local + passed)
    pytest.fail("it was put off and off")


def test_each_reason_is_a_code_of_the_link() -> None:
    assert all(CODES[reason.value].fault is Fault.LINK for reason in Reason)
    assert set(SHARES) == {Value.TEXT, Value.MEDIA_DUE, Value.MEDIA}
