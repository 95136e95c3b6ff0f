from __future__ import annotations

import pytest

from client.laptop.videos.videos import AWAY, COMING, HERE
from tests.client.laptop.videos.test_media import (
    LESSONS,
    Disk,
    left,
    planned,
    ready,
    see,
)
from tests.support.pack_source import PACK, VIDEO_BYTES


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


def states(laptop):
    return {one.lesson: one.state for one in laptop.videos.shelf().videos}


def video(laptop, lesson):
    return next(one for one in laptop.videos.shelf().videos if one.lesson == lesson)


def test_what_comes_is_told_with_its_size_and_then_that_it_is_here(joined, school):
    school.publish()
    joined.videos.pause()
    joined.sync()
    shelf = joined.videos.shelf()
    assert [one.lesson for one in shelf.videos] == list(LESSONS)
    assert set(states(joined).values()) == {COMING}
    assert (shelf.here_bytes, shelf.to_come_bytes) == (0, 3 * VIDEO_BYTES)
    joined.videos.resume()
    joined.sync()
    shelf = joined.videos.shelf()
    assert set(states(joined).values()) == {HERE}
    assert (shelf.here_bytes, shelf.to_come_bytes) == (3 * VIDEO_BYTES, 0)


def test_what_has_come_of_a_video_counts(joined, school):
    school.publish()

    def pause(progress):
        if progress.done_bytes > 500_000:
            joined.videos.pause()

    joined.sync(pause)
    begun = [one for one in joined.videos.shelf().videos if one.here_bytes]
    assert [one.state for one in begun] == [COMING]
    assert 500_000 < begun[0].here_bytes < VIDEO_BYTES
    assert begun[0].to_come_bytes == VIDEO_BYTES - begun[0].here_bytes


def test_a_video_that_is_coming_may_be_cancelled_and_the_others_come(joined, school):
    school.publish()

    def cancel(progress):
        if progress.done_bytes > 500_000:
            joined.videos.cancel(PACK, "meaning")

    account = joined.sync(cancel)
    assert account.problem is None
    assert left(account) == []
    assert ready(joined) == {"solving", "problems"}
    assert states(joined)["meaning"] == AWAY
    assert joined.happening().state == "all-done", "nothing is waited for"
    assert joined.sync().left == ()
    assert "meaning" not in ready(joined)
    unfinished = joined._library.installation().part_path("x").parent
    assert not list(unfinished.iterdir()), "what had come of it takes no room"
    joined.videos.ask(PACK, "meaning")
    assert video(joined, "meaning").first
    joined.sync()
    assert ready(joined) == set(LESSONS)
    assert joined.videos.unwanted == frozenset()


def test_a_video_goes_when_somebody_says_so_and_comes_back_when_asked_for(joined, school):
    school.publish()
    joined.sync()
    assert joined.videos.let_go(PACK, "solving") == VIDEO_BYTES
    assert ready(joined) == {"meaning", "problems"}
    assert states(joined)["solving"] == AWAY
    joined.sync()
    assert "solving" not in ready(joined)
    joined.videos.keep(PACK, "solving")
    joined.sync()
    assert (video(joined, "solving").state, video(joined, "solving").kept) == (HERE, True)


def test_space_is_freed_of_what_all_saw_and_nobody_needs(joined, school):
    school.publish()
    joined.sync()
    for lesson in LESSONS:
        see(joined, lesson), see(joined, lesson, 1)
    planned(joined, "problems")
    joined.videos.keep(PACK, "meaning")
    assert joined.videos.shelf().may_go_bytes == VIDEO_BYTES
    assert joined.videos.free_seen() == VIDEO_BYTES
    assert states(joined) == {"meaning": HERE, "solving": AWAY, "problems": HERE}
    assert joined.videos.free_seen() == 0
    assert [one.seen for one in joined.videos.shelf().videos] == [True, True, True]


def test_a_new_version_does_not_bring_what_was_cancelled(joined, school):
    school.publish(lessons=("meaning",))
    joined.videos.cancel(PACK, "meaning")
    joined.sync()
    assert ready(joined) == set()
    assert states(joined) == {"meaning": AWAY}
