from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.errors import RulesError
from sync.link.rules import (
    MAX_WINDOWS,
    LinkRules,
    Metered,
    Value,
    Window,
    format_budget,
    format_rate,
    parse_budget,
    parse_rate,
    parse_windows,
    rules_from,
)

MB = 1 << 20
minutes = st.integers(0, 24 * 60 - 1)
windows = st.tuples(minutes, minutes).filter(lambda pair: pair[0] != pair[1])
budgets = st.one_of(st.none(), st.integers(1, 1 << 20).map(lambda n: n << 10))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("22:00-06:00", (Window(1320, 360),)),
        (" 22-6 ", (Window(1320, 360),)),
        ("13:30\u201314:15, 20:00-24:00", (Window(810, 855), Window(1200, 0))),
        ("0-12", (Window(0, 720),)),
        ("always", ()),
        ("None", ()),
    ],
)
def test_hours(text: str, wanted: object) -> None:
    assert parse_windows(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "22:00",
        "25:00-06:00",
        "22:60-06:00",
        "22:00-24:01",
        "24:00-06:00",
        "6-6",
        "0-24",
        "22:00-06:00;",
        "-6",
        "22:00-06:00,",
        ",".join(["1-2"] * (MAX_WINDOWS + 1)),
        "1" * 5000,
    ],
)
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(RulesError):
        parse_windows(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2mbit", (250_000, False)),
        ("300 kbit/s", (37_500, False)),
        ("1,5Mbit", (187_500, False)),
        ("half", (None, True)),
        ("none", (None, False)),
    ],
)
def test_speeds(text: str, wanted: object) -> None:
    assert parse_rate(text) == wanted


@pytest.mark.parametrize("text", ["", "2", "2mb", "0kbit", "1kbit", "-2mbit", "999999999gbit", "x"])
def test_speeds_that_are_none(text: str) -> None:
    with pytest.raises(RulesError, match="300kbit"):
        parse_rate(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("500MB/day", (500 * MB, None)),
        ("1 GB / month", (None, 1024 * MB)),
        ("50mb/day, 1,5GB/month", None),
        ("50mb/day, 1.5GB/month", (50 * MB, 1536 * MB)),
        ("none", (None, None)),
    ],
)
def test_budgets(text: str, wanted: object) -> None:
    if wanted is None:
        with pytest.raises(RulesError):
            parse_budget(text)
    else:
        assert parse_budget(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "500MB", "500/day", "0MB/day", "1MB/day,2MB/day", "1MB/week", "999999999GB/day"]
)
def test_budgets_that_are_none(text: str) -> None:
    with pytest.raises(RulesError, match="50MB/day"):
        parse_budget(text)


def test_an_error_names_what_was_typed() -> None:
    with pytest.raises(RulesError) as caught:
        parse_windows("night")
    assert "'night'" in str(caught.value)
    assert caught.value.code == "rules-invalid"


@given(windows, minutes)
def test_a_window_holds_the_minutes_from_its_start_to_its_end(
    pair: tuple[int, int], minute: int
) -> None:
    window = Window(*pair)
    length = (window.end_minute - window.start_minute) % 1440
    assert window.holds(minute) == ((minute - window.start_minute) % 1440 < length)
    assert window.holds((minute + window.minutes_until(minute)) % 1440)


@example(LinkRules(rate_bytes_per_s=1001))
@given(
    st.builds(
        LinkRules,
        windows=st.lists(windows.map(lambda pair: Window(*pair)), max_size=3).map(tuple),
        quiet_outside=st.booleans(),
        rate_bytes_per_s=st.one_of(st.none(), st.integers(1000, 1 << 30)),
        day_bytes=budgets,
        month_bytes=budgets,
        metered=st.sampled_from(Metered),
        on_metered=st.sampled_from([Value.WORK, Value.TEXT, Value.MEDIA]),
        paused=st.booleans(),
    )
)
def test_rules_survive_being_kept(rules: LinkRules) -> None:
    assert rules_from(json.loads(json.dumps(rules.as_json()))) == rules


def test_half_of_the_link_survives_being_kept() -> None:
    rules = LinkRules(leave_room=True)
    assert rules_from(rules.as_json()) == rules


def test_nothing_kept_is_no_rule() -> None:
    assert rules_from({}) == LinkRules()


@pytest.mark.parametrize("values", [{"metered": "maybe"}, {"on_metered": "feedback"}])
def test_words_that_are_no_rule(values: dict[str, str]) -> None:
    with pytest.raises(RulesError):
        rules_from(values)


def test_sizes_are_written_as_they_are_typed() -> None:
    assert format_budget(50 * MB, 1 << 30) == "50MB/day, 1GB/month"
    assert format_budget(1536 << 10, None) == "1536KB/day"
    assert format_rate(250_000) == "2mbit"
    assert format_rate(187_500) == "1500kbit"
