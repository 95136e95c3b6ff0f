from __future__ import annotations

from typing import Dict, List, Tuple

from hypothesis import given
from hypothesis import strategies as st

from content.renditions.names import RENDITIONS, ending_of
from sync.journals.needs import DAY_MS
from sync.link.rules import Value
from sync_server.relay.media_order import Next, Wanted, plan_media, video_of

NOW_MS = 1_800_000_000_000
SIZES = {"audio": 10, "144p": 30, "240p": 50, "360p": 100}


def film(number: int, lesson: str, rendition: str = "240p", size_bytes: int = 0) -> Wanted:
    path = f"lessons/{lesson}/video{ending_of(rendition)}"
    return Wanted(number, "p", path, size_bytes or SIZES[rendition])


def films(*lessons: str) -> List[Wanted]:
    """Every rendition of a video in each lesson."""
    pairs = [(lesson, rendition) for lesson in lessons for rendition in RENDITIONS]
    return [film(number, *pair) for number, pair in enumerate(pairs)]


def in_days(**days: int) -> Dict[Tuple[str, str], Tuple[int, int]]:
    return {("p", lesson): (NOW_MS + day * DAY_MS, 0) for lesson, day in days.items()}


def names(found: List[Next]) -> List[str]:
    return [f"{one.wanted.lesson[1]} {one.wanted.size_bytes}" for one in found]


def test_next_weeks_lessons_come_first_in_the_plans_order() -> None:
    found = plan_media(films("a", "b", "c"), in_days(c=1, a=3), NOW_MS)
    assert names(found)[:3] == ["c 50", "a 50", "b 50"]
    assert [one.value for one in found[:3]] == [Value.MEDIA_DUE, Value.MEDIA_DUE, Value.MEDIA]
    assert len(found) == 12


def test_where_the_night_is_short_all_come_in_a_cheaper_rendition_than_some_not_at_all() -> None:
    needed = in_days(a=1, b=2)
    for room_bytes, expected in ((100, "50"), (99, "30"), (60, "30"), (59, "10"), (5, "10")):
        found = plan_media(films("a", "b"), needed, NOW_MS, room_bytes=room_bytes)
        assert names(found)[:2] == [f"a {expected}", f"b {expected}"]
    better = plan_media(films("a", "b", "c"), needed, NOW_MS, room_bytes=60)
    assert names(better)[2] == "c 50"
    assert names(better)[3].startswith(("a", "b"))


def test_what_is_here_in_some_rendition_is_not_urgent() -> None:
    found = plan_media(
        films("a", "b"), in_days(a=1, b=2), NOW_MS, here={video_of("p", "lessons/a/video.mp4")}
    )
    assert names(found)[0] == "b 50"
    assert [one.value for one in found[1:]] == [Value.MEDIA] * 7
    assert names(found)[1] == "a 10"


def test_a_lesson_far_ahead_waits_its_turn() -> None:
    found = plan_media(
        [film(0, "far", size_bytes=9), film(1, "b", size_bytes=5)], in_days(far=60), NOW_MS
    )
    assert names(found) == ["b 5", "far 9"]


def test_pictures_and_sound_of_a_lesson_come_with_it() -> None:
    picture = Wanted(7, "p", "lessons/a/map.png", 500_000)
    loose = Wanted(8, "p", "media/intro.mp3", 400_000)
    found = plan_media([*films("a"), picture, loose], in_days(a=1), NOW_MS)
    assert [one.wanted.number for one in found[:2]] == [2, 7]
    assert found[2].wanted == loose


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(RENDITIONS)), unique=True),
    st.sets(st.sampled_from("abcd")),
    st.integers(0, 400),
)
def test_everything_comes_once(pairs: List[Tuple[str, str]], due: set[str], room: int) -> None:
    wanted = [film(number, *pair) for number, pair in enumerate(pairs)]
    found = plan_media(
        wanted,
        in_days(**dict.fromkeys(due, 1)),
        NOW_MS,
        here={("p", "lessons/b/video")},
        room_bytes=room,
    )
    assert sorted(one.wanted.number for one in found) == list(range(len(wanted)))
    values = [one.value for one in found]
    assert values == sorted(values)
