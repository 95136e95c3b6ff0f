from __future__ import annotations

import collections
import shutil

import pytest

from client.laptop.laptop import Laptop
from client.laptop.videos import media
from client.messages import Messages
from sync.kinds import ASSIGNMENT, CLASS_PLAN
from tests.client.laptop.syncing.test_supply import parts
from tests.support.pack_source import PACK, VIDEO_BYTES
from tests.support.school import School

LESSONS = ("meaning", "solving", "problems")
DAY_MS = 24 * 3600 * 1000


class Disk:
    """A disk with as much room as a test says."""

    def __init__(self, monkeypatch) -> None:
        self.free = 1 << 40
        usage = collections.namedtuple("usage", "total used free")
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1 << 40, 0, self.free))

    def room_for(self, videos: float) -> None:
        self.free = media.RESERVE_BYTES + int(videos * VIDEO_BYTES)


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


def teach(laptop, kind, body):
    laptop._store.journal().append(laptop.people()[-1].id, kind, body)


def planned(laptop, *lessons, pack=PACK):
    now_ms = laptop.now_ms()
    rows = [[pack, lesson, now_ms + (at + 1) * DAY_MS] for at, lesson in enumerate(lessons)]
    teach(laptop, CLASS_PLAN, {"class": "7 «А»", "lessons": rows})


def arrivals(school: School, road):
    """The lessons whose videos were fetched, in order."""
    manifest = school.repository.manifest(PACK, 1, school.repository.trusted_keys())
    lessons = {one.sha256: one.path.split("/")[1] for one in manifest.media}
    names = [path.rpartition("/")[2] for path, _ in road.asked]
    return [lessons[name] for name in names if name in lessons]


def ready(laptop):
    return {card.lesson for card in laptop.lessons() if card.video_ready}


def see(laptop, lesson, person=0):
    laptop.save_progress(laptop.people()[person].id, PACK, lesson, 60.0, True)


def left(account):
    return [(one.sentence.key, one.files, one.size_bytes) for one in account.left]


def test_videos_come_in_the_order_of_the_class_plan(joined, school, road):
    school.publish()
    planned(joined, "problems", "solving")
    joined.sync()
    assert arrivals(school, road) == ["problems", "solving", "meaning"]


def test_an_assigned_lesson_comes_first(joined, school, road):
    school.publish()
    body = {"pack": PACK, "lesson": "solving", "task": "practice", "students": [], "due_ms": None}
    teach(joined, ASSIGNMENT, body)
    joined.sync()
    assert arrivals(school, road)[0] == "solving"


def test_a_plan_that_comes_meanwhile_is_heeded(joined, school, road):
    school.publish()
    first = parts(school)["media"].name
    road.weather.before = lambda path: path.endswith(first) and planned(joined, "problems")
    joined.sync()
    assert arrivals(school, road)[1] == "problems"


def test_text_comes_while_videos_are_paused_and_they_go_on_after_a_restart(
    joined, school, road, tmp_path, clock
):
    school.publish()
    joined.videos.pause()
    account = joined.sync()
    assert (account.problem, ready(joined)) == (None, set())
    assert left(account) == [("videos.paused", 3, 3 * VIDEO_BYTES)]
    assert joined.pack(PACK).task("meaning", "check").points == 6
    joined.close()
    again = Laptop.open(tmp_path / "laptop", clock, road)
    assert again.videos.paused
    assert again.carry().left
    again.videos.resume()
    assert again.carry().left == ()
    assert ready(again) == set(LESSONS)
    again.close()


def test_a_pause_stops_a_running_download_which_then_goes_on_from_there(joined, school, road):
    school.publish()

    def pause(progress):
        if progress.done_bytes > 500_000 and not joined.videos.paused:
            joined.videos.pause()

    account = joined.sync(pause)
    assert account.problem is None
    assert left(account) == [("videos.paused", 3, 3 * VIDEO_BYTES)]
    joined.videos.resume()
    assert joined.sync().left == ()
    assert [at > 500_000 for path, at in road.asked if "/objects/" in path][-3:].count(True) == 1
    assert ready(joined) == set(LESSONS)


def test_the_videos_of_a_pack_may_be_skipped_and_wanted_again(joined, school, road):
    school.publish()
    joined.videos.skip(PACK)
    assert joined.sync().left == ()
    assert ready(joined) == set()
    joined.videos.ask(PACK, "solving")
    joined.sync()
    assert ready(joined) == {"solving"}
    joined.videos.skip(PACK, False)
    joined.sync()
    assert ready(joined) == set(LESSONS)


def test_a_full_disk_is_told_with_what_is_missing_and_is_never_filled(joined, school, disk):
    school.publish()
    planned(joined, "solving")
    disk.room_for(1.5)
    account = joined.sync()
    assert account.problem is None
    assert ready(joined) == {"solving"}, "what the plan needs next has the room"
    assert left(account) == [("videos.no-room", 2, 2 * VIDEO_BYTES)]
    missing_mb = account.left[0].sentence.values["mb"]
    assert missing_mb == -(-(VIDEO_BYTES + VIDEO_BYTES // 2) // (1 << 20))
    for language in ("kk", "ru", "en"):
        assert str(missing_mb) in Messages(language).text(account.left[0].sentence)


def test_what_everybody_saw_goes_for_what_is_new_and_does_not_come_back(joined, school, disk):
    school.publish()
    school.publish("second-pack", lessons=("meaning",))
    disk.room_for(3.0)
    joined.sync()
    see(joined, "meaning"), see(joined, "solving"), see(joined, "solving", 1)
    see(joined, "problems", 1)
    disk.room_for(0.5)
    joined.sync()
    cards = {(card.pack, card.lesson) for card in joined.lessons() if card.video_ready}
    assert cards == {(PACK, "meaning"), (PACK, "problems"), ("second-pack", "meaning")}
    disk.room_for(10)
    assert joined.sync().left == ()
    assert "solving" not in ready(joined)
    joined.videos.ask(PACK, "solving")
    joined.sync()
    assert "solving" in ready(joined)
    assert joined.videos.asked == frozenset()


@pytest.mark.parametrize("why", ["kept", "planned"])
def test_what_is_kept_or_needed_never_goes(joined, school, disk, why):
    school.publish(lessons=("meaning",))
    joined.sync()
    see(joined, "meaning"), see(joined, "meaning", 1)
    if why == "kept":
        joined.videos.keep(PACK, "meaning")
    else:
        planned(joined, "meaning")
    school.publish("second-pack", lessons=("meaning",))
    disk.room_for(0.5)
    account = joined.sync()
    assert left(account) == [("videos.no-room", 1, VIDEO_BYTES)]
    assert ready(joined) == {"meaning"}
    if why == "kept":
        joined.videos.keep(PACK, "meaning", False)
        assert joined.sync().left == ()
        assert [card.pack for card in joined.lessons() if card.video_ready] == ["second-pack"]
