from __future__ import annotations

from typing import Any, List, Optional, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.laptop.videos.media_plan import (
    DAY_MS,
    Film,
    evictable,
    in_order,
    make_room,
    needs,
    value_of,
)
from sync.journals.needs import HORIZON_MS
from sync.link.rules import Value
from sync.record import Record
from tests.support.examples import examples

NOW_MS = 1_800_000_000_000


def film(lesson: str, size: int = 10, pack: str = "p", place: Tuple[int, int] = (0, 0)) -> Film:
    return Film(pack, f"lessons/{lesson}/video.mp4", f"{pack}-{lesson}", size, place)


def plan(*rows: Tuple[str, Optional[int]]) -> Record:
    body = {"class": "7А", "lessons": [["p", lesson, at] for lesson, at in rows]}
    return Record("device", 1, NOW_MS << 16, "teacher", "class-plan", body)


def test_a_film_belongs_to_the_lesson_in_whose_folder_it_lies() -> None:
    assert film("meaning").lesson == ("p", "meaning")
    assert Film("p", "posters/big.png", "x", 1).lesson == ("p", "")
    assert Film("p", "lessons/loose.mp4", "x", 1).lesson == ("p", "")


def test_the_next_lessons_of_the_plan_come_first_and_the_rest_in_the_packs_order() -> None:
    films = [film(name, place=(0, at)) for at, name in enumerate(["a", "b", "c", "d", "e"])]
    needed = needs([plan(("e", NOW_MS + DAY_MS), ("c", NOW_MS + 3 * DAY_MS), ("d", None))], NOW_MS)
    ordered = [one.lesson[1] for one in in_order(films, needed)]
    assert ordered == ["e", "c", "d", "a", "b"]
    ordered = [one.lesson[1] for one in in_order(films, needed, {("p", "b")})]
    assert ordered[0] == "b", "what somebody waits for goes before all"


@pytest.mark.parametrize(
    ("begins_ms", "value"),
    [
        (NOW_MS + DAY_MS, Value.MEDIA_DUE),
        (NOW_MS + HORIZON_MS, Value.MEDIA_DUE),
        (NOW_MS + HORIZON_MS + 1, Value.MEDIA),
        (None, Value.MEDIA_DUE),
    ],
)
def test_what_is_due_soon_is_worth_more(begins_ms: Optional[int], value: Value) -> None:
    assert value_of(film("a"), needs([plan(("a", begins_ms))], NOW_MS), NOW_MS) is value
    assert value_of(film("b"), {}, NOW_MS) is Value.MEDIA


def test_only_what_was_seen_and_can_be_had_again_may_go_the_longest_ago_first() -> None:
    here = [film(name) for name in ("new", "old", "due", "kept", "unseen")]
    here += [film("gone", pack="withdrawn"), film("twice"), film("twice")]
    seen = {one.lesson: 100 for one in here if one.lesson[1] != "unseen"}
    seen["p", "old"] = 50
    found = evictable(here, seen, {("p", "due")}, {("p", "kept")}, {"p"})
    assert [one.lesson[1] for one in found] == ["old", "new"]


def test_nothing_goes_while_there_is_room() -> None:
    room = make_room([film("a", 50)], 50, {}, [film("old", 500)])
    assert (len(room.fetch), room.evict, room.left, room.missing_bytes) == (1, (), (), 0)


def test_what_has_come_already_needs_no_room() -> None:
    room = make_room([film("a", 50)], 20, {"p-a": 30}, [])
    assert len(room.fetch) == 1


def test_what_does_not_fit_says_how_much_is_missing_and_lets_nothing_go() -> None:
    room = make_room([film("a", 100), film("b", 10)], 30, {}, [film("old", 20)])
    assert [one.lesson[1] for one in room.fetch] == ["b"]
    assert (room.evict, [one.lesson[1] for one in room.left]) == ((), ["a"])
    assert room.missing_bytes == 100 - 20 - 20


films = st.lists(st.integers(1, 100), max_size=12).map(
    lambda sizes: [film(f"{at}", size) for at, size in enumerate(sizes)]
)


@settings(max_examples=examples(200))
@given(
    films,
    films,
    st.integers(0, 300),
    st.dictionaries(st.sampled_from(["p-0", "p-1"]), st.integers(0, 50)),
)
def test_room_is_never_overdrawn(wanted: Any, old: Any, free: int, here: Any) -> None:
    may_go = [Film("q", one.path, f"q{one.sha256}", one.size_bytes) for one in old]
    room = make_room(wanted, free, here, may_go)
    to_come = sum(max(0, one.size_bytes - here.get(one.sha256, 0)) for one in room.fetch)
    assert to_come <= free + sum(one.size_bytes for one in room.evict)
    assert sorted(room.fetch + room.left, key=lambda one: one.path) == sorted(
        wanted, key=lambda one: one.path
    )
    assert set(room.evict) <= set(may_go)
    assert bool(room.left) >= bool(room.missing_bytes)


@given(st.permutations(list("abcdef")))
def test_the_order_does_not_depend_on_how_films_come(names: List[str]) -> None:
    records = [plan(("c", NOW_MS), ("a", None))]
    ordered = in_order([film(name) for name in names], needs(records, NOW_MS))
    assert [one.lesson[1] for one in ordered] == ["c", "a", "b", "d", "e", "f"]
