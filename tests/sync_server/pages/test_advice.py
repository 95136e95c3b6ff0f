from __future__ import annotations

from dataclasses import replace
from typing import Any, List

import pytest

from sync_server.pages.advice import advise, written
from sync_server.pages.morning import DAY_MS, Away, Line, Missing, Morning
from sync_server.pages.words import Words
from sync_server.relay.nights import Night

NOW_MS = 1_800_000_000_000
WELL = Line("Аудан", "http://a", 0, 0, NOW_MS - 1000, Night())
MORNING = Morning("Ақсу", NOW_MS, 1, (WELL,), 4, 4, (), 10, 50 << 30, 100 << 30, (), ())


def keys(**given: Any) -> List[str]:
    return [one.key for one in advise(replace(MORNING, **given))]


def line(**given: Any) -> List[str]:
    return keys(lines=(replace(WELL, **given),))


def test_where_all_is_well_there_is_nothing_to_do() -> None:
    assert keys() == []
    assert keys(lines=()) == []


def test_a_server_that_was_not_reached_is_named() -> None:
    assert line(night=Night(code="link-lost")) == ["unreachable"]
    assert line(night=Night(code="message-unreadable")) == ["fault"]
    assert line(last_contact_ms=NOW_MS - 3 * DAY_MS) == ["unreachable"]
    assert line(last_contact_ms=None) == ["never"]


def test_lessons_that_did_not_come_and_why() -> None:
    missing = (Missing({"": "p"}, {"": "l"}),)
    night = Night(held="link-budget-day", missing=3)
    assert line(night=night, missing=missing) == ["lessons", "budget_day"]
    assert line(night=replace(night, held="link-budget-month")) == ["budget_month"]
    assert line(night=replace(night, missing=0)) == []
    assert line(night=Night(held="link-window", missing=9)) == []


def test_what_was_refused_above_is_counted() -> None:
    assert line(refused=2) == ["refused"]


@pytest.mark.parametrize(
    ("free_bytes", "total_bytes", "low"),
    [(4 << 30, 500 << 30, True), (4 << 30, 40 << 30, False), (1 << 30, 40 << 30, True)],
)
def test_a_disk_that_fills_up_comes_first(free_bytes: int, total_bytes: int, low: bool) -> None:
    found = keys(free_bytes=free_bytes, total_bytes=total_bytes, away=(Away("L", 4),))
    assert found == (["disk", "away"] if low else ["away"])


@pytest.mark.parametrize(("days", "said"), [(0, False), (14, False), (15, True), (None, True)])
def test_an_old_backup_or_none_is_told(days: Any, said: bool) -> None:
    assert keys(backup_days=days) == (["backup"] if said else [])


def test_every_advice_has_its_words() -> None:
    full = replace(
        MORNING,
        free_bytes=1,
        backup_days=None,
        away=(Away("L", None),),
        lines=(
            replace(
                WELL,
                last_contact_ms=None,
                refused=3,
                missing=(Missing({"": "p"}, {"": "l"}),),
                night=Night(held="link-budget-day", missing=1),
            ),
            replace(WELL, night=Night(code="message-forged")),
            replace(WELL, night=Night(code="link-lost", held="link-budget-month", missing=1)),
        ),
    )
    found = advise(full)
    assert len({one.key for one in found}) == 10
    for language in ("kk", "ru", "en"):
        words = Words(language)
        for one in found:
            assert "{" not in words(f"advice.{one.key}", **written(words, one.values))
