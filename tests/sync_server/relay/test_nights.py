from __future__ import annotations

import json
from typing import Any

from sync_server.relay.attaching import Attached
from sync_server.relay.conversation import Relayed
from sync_server.relay.media_order import Wanted
from sync_server.relay.mirroring import Mirrored
from sync_server.relay.night import Account, Held
from sync_server.relay.nights import MAX_PROBLEMS, Night, night_from


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
