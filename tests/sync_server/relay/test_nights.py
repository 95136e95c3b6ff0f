from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sync_server.relay.account import Account, Held
from sync_server.relay.attaching import Attached
from sync_server.relay.conversation import Relayed
from sync_server.relay.media_order import Wanted
from sync_server.relay.mirroring import Mirrored
from sync_server.relay.nights import MAX_PROBLEMS, Night, TurnNotes, night_from
from tests.support.server import open_school


def account(**given: Any) -> Account:
    return Account("Аудан", **{"sent_bytes": 10, "received_bytes": 20, **given})


def test_turns_add_up_and_the_last_one_says_what_is_missing() -> None:
    film = Wanted(0, "algebra", "lessons/a/video.mp4", 500)
    first = account(
        relayed=Relayed(sent=3, received=1),
        mirrored=Mirrored(packs=1, missing=[film]),
        told_of_packs=True,
        lessons=(("algebra", "a"),),
        held=Held("link-budget-day"),
    )
    second = account(relayed=Relayed(sent=2), attached=Attached(sent=1, problems=["a photo"]))
    night = Night().plus(first, 1.5, 100).plus(second, 2.0, 200)
    assert (night.turns, night.failed, night.records_up, night.records_down) == (2, 0, 5, 1)
    assert (night.sent_bytes, night.received_bytes, night.line_s) == (20, 40, 3.5)
    assert (night.missing, night.missing_bytes) == (1, 500)
    assert night.lessons == (("algebra", "a"),)
    assert (night.held, night.problems, night.last_ms) == ("", ("a photo",), 200)
    done = account(mirrored=Mirrored(media=1), told_of_packs=True)
    night = night.plus(done, 0, 300)
    assert (night.missing, night.lessons, night.media) == (0, (), 1)


def test_why_the_last_turn_failed_is_told_until_one_goes_well() -> None:
    night = Night().plus(account(code="link-lost"), 1, 1)
    assert (night.code, night.failed) == ("link-lost", 1)
    night = night.plus(account(), 1, 2)
    assert (night.code, night.failed) == ("", 1)


def test_what_is_kept_reads_back_also_from_another_version() -> None:
    night = Night(lessons=(("a", "b"),), problems=("x",), turns=2)
    kept = json.dumps(night.to_json())
    assert night_from(kept) == night
    newer = json.dumps({**json.loads(kept), "news": 1})
    assert night_from(newer) == night
    assert night_from("{}") == Night()


def test_a_thousand_problems_do_not_fill_the_disk() -> None:
    night = Night()
    for number in range(100):
        night = night.plus(account(mirrored=Mirrored(problems=[f"pack {number}"])), 0, 0)
    assert len(night.problems) == MAX_PROBLEMS
    assert night.problems[-1] == "pack 99"


def test_a_turn_is_counted_once_however_often_it_is_noted(tmp_path: Path) -> None:
    morning = datetime(2026, 11, 23, 9, tzinfo=timezone.utc)
    with open_school(tmp_path) as school:
        turn, under_way = TurnNotes(school.store, "above"), account(relayed=Relayed(sent=3))
        for seconds in (1.0, 2.0):
            turn.note(under_way, seconds, morning, 100)
        under_way.relayed.sent, under_way.received_bytes, under_way.code = 5, 50, "link-lost"
        turn.note(under_way, 3.0, morning, 200)
        TurnNotes(school.store, "above").note(account(), 1.0, morning, 300)
        with school.store.transaction() as transaction:
            ((_, _, kept),) = transaction.nights(0)
    night = night_from(kept)
    assert (night.turns, night.failed, night.records_up) == (2, 1, 5)
    assert (night.sent_bytes, night.received_bytes, night.line_s) == (20, 70, 4.0)
    assert (night.code, night.last_ms) == ("", 300)


def test_a_turn_over_noon_leaves_each_night_its_part(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
    with open_school(tmp_path) as school:
        turn = TurnNotes(school.store, "above")
        turn.note(account(relayed=Relayed(sent=3)), 1.0, noon - timedelta(minutes=1), 100)
        turn.note(account(relayed=Relayed(sent=5)), 2.0, noon, 200)
        with school.store.transaction() as transaction:
            nights = [night_from(kept) for _, _, kept in transaction.nights(0)]
    assert [night.records_up for night in nights] == [3, 2]
