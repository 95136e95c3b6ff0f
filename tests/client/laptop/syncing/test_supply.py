from __future__ import annotations

import errno

import pytest

from client.laptop.errors import Fault
from client.laptop.laptop import Laptop
from client.messages import Messages
from content.trust.keys import PublisherKey
from sync.objects import Download
from tests.support.pack_source import PACK, VIDEO_BYTES
from tests.support.school import School


def parts(school, pack=PACK, version=1):
    """Where the files of a version are, by what they are."""
    manifest = school.repository.manifest(pack, version, school.repository.trusted_keys())
    return {
        "catalogue": school.repository.folder / "catalogue",
        "manifest": school.repository.manifest_path(pack, version),
        "patch": school.repository.patch_path(pack, max(1, version - 1), version),
        "core": school.repository.object_path(manifest.core.object),
        "media": school.repository.object_path(manifest.media[0].sha256),
    }


def flip(path, position):
    data = bytearray(path.read_bytes())
    data[position % len(data)] ^= 0x20
    path.write_bytes(bytes(data))


def ready(laptop):
    return [card.video_ready for card in laptop.lessons()]


def test_a_pack_comes_in_the_order_of_law_5(joined, school, road):
    school.publish()
    school.publish("second-pack", video_bytes=300_000)
    account = joined.sync()
    assert account.problem is None and account.set_aside == ()
    assert [one.pack for one in account.packs_installed] == [PACK, "second-pack"]
    sizes = [
        (school.data.repositories / path[len("/repository/") :]).stat().st_size
        for path, _ in road.asked
    ]
    assert max(sizes[:2]) < 100_000 < min(sizes[2:])
    assert ready(joined) == [True] * 6
    assert joined.pack(PACK).lesson("meaning").video.path.stat().st_size == VIDEO_BYTES
    assert joined.pack(PACK).task("meaning", "check").points == 6


def test_nothing_is_asked_for_twice(joined, school, road):
    school.publish()
    joined.sync()
    asked, requests = list(road.asked), road.requests
    assert joined.sync().packs_installed == ()
    assert road.asked == asked
    assert road.requests == requests + 1


@pytest.mark.parametrize("cut", [1, 100, 1 << 20, (1 << 20) + 7, 2_400_000])
def test_a_download_goes_on_where_it_stopped(joined, school, road, cut):
    school.publish(lessons=("meaning",))
    road.weather.before = lambda path: (
        setattr(road.weather, "cut_after_bytes", cut)
        if path.endswith(parts(school)["media"].name) and not road.asked[1:]
        else None
    )
    account = joined.sync()
    assert account.problem.code == "link-lost"
    assert ready(joined) == [False], "text and tasks are here before the video"
    assert joined.pack(PACK).task("meaning", "check").points == 6
    assert joined.sync().problem is None
    assert road.asked[-1][1] == cut, "what came is not asked for again"
    assert ready(joined) == [True]


@pytest.mark.parametrize("what", ["catalogue", "manifest", "core", "media"])
@pytest.mark.parametrize("position", [0, 100, 700, -1])
def test_a_flipped_byte_is_refused_by_name_and_the_other_pack_arrives(
    joined, school, what, position
):
    school.publish()
    school.publish("other-pack", video_bytes=0)
    path = parts(school)[what]
    whole = path.read_bytes()
    flip(path, position)
    account = joined.sync()
    assert account.problem is None
    assert [one.fault for one in account.set_aside] == [Fault.THEIR_DATA]
    assert account.set_aside[0].subject == (school.key_id if what == "catalogue" else PACK)
    for language in ("kk", "ru", "en"):
        sentence = Messages(language).text(account.set_aside[0].sentence)
        assert account.set_aside[0].subject in sentence
    assert joined.status().set_aside == account.set_aside
    packs = {card.pack for card in joined.lessons()}
    assert packs == {"catalogue": set(), "media": {PACK, "other-pack"}}.get(what, {"other-pack"})
    if what == "media":
        assert ready(joined).count(False) == 4  # the damaged video, and three that have none
    path.write_bytes(whole)
    assert joined.sync().set_aside == ()
    assert joined.status().set_aside == ()
    assert {card.pack for card in joined.lessons()} == {PACK, "other-pack"}


@pytest.mark.parametrize("what", ["manifest", "core", "media"])
def test_a_file_missing_at_the_school_stops_only_its_pack(joined, school, what):
    school.publish()
    school.publish("other-pack", video_bytes=0)
    parts(school)[what].unlink()
    account = joined.sync()
    assert [(one.subject, one.code) for one in account.set_aside] == [(PACK, "object-missing")]
    assert "other-pack" in {card.pack for card in joined.lessons()}


def test_a_new_version_replaces_the_old_at_once_and_reuses_its_videos(joined, school, road):
    school.publish()
    joined.sync()
    old = joined.pack(PACK).folder
    asked = len(road.asked)
    school.publish(version=2, note="Жаңа сөйлем.")
    account = joined.sync()
    assert [(one.pack, one.version) for one in account.packs_installed] == [(PACK, 2)]
    assert len(road.asked) == asked, "neither core nor media were fetched: a patch was"
    assert joined.pack(PACK).version == 2
    assert {card.version for card in joined.lessons()} == {2}
    assert ready(joined) == [True] * 3
    assert not old.exists()


def test_a_new_version_that_is_damaged_leaves_the_old_one_in_use(joined, school):
    school.publish()
    joined.sync()
    school.publish(version=2, note="Жаңа сөйлем.")
    flip(parts(school, version=2)["core"], 50)
    flip(parts(school, version=2)["patch"], 50)
    assert [one.subject for one in joined.sync().set_aside] == [PACK]
    assert joined.pack(PACK).version == 1
    assert joined.pack(PACK).task("meaning", "check").points == 6
    assert ready(joined) == [True] * 3


def test_a_catalogue_that_went_back_is_not_used(joined, school):
    school.publish()
    old = parts(school)["catalogue"].read_bytes()
    school.publish("second-pack", video_bytes=0)
    joined.sync()
    parts(school)["catalogue"].write_bytes(old)
    joined._store.database.connection.execute("UPDATE publishers SET catalogue_serial = 99")
    with school.store.transaction() as transaction:
        transaction.set_catalogue_serial(school.key_id, 100)
    account = joined.sync()
    assert [one.code for one in account.set_aside] == ["catalogue-older"]
    assert {card.pack for card in joined.lessons()} == {PACK, "second-pack"}


def test_another_publisher_cannot_replace_a_pack(tmp_path, joined, school):
    school.publish(video_bytes=0)
    joined.sync()
    rival = School(tmp_path / "rival")
    rival.store.close()
    rival.store, rival.data = school.store, school.data
    rival.publisher = PublisherKey.generate()
    rival.key_id = rival.publisher.public.key_id
    rival.publish(version=9, video_bytes=0)
    account = joined.sync()
    assert [one.subject for one in account.set_aside] == [PACK]
    assert joined.pack(PACK).version == 1


def test_a_login_page_instead_of_a_catalogue_is_no_catalogue(joined, school, road):
    school.publish()
    road.weather.change = lambda path, data: b"<html>Wi-Fi</html>"
    account = joined.sync()
    assert [one.subject for one in account.set_aside] == [school.key_id]
    assert joined.lessons() == ()
    road.weather.change = lambda path, data: data
    assert joined.sync().set_aside == ()
    assert len(joined.lessons()) == 3


def test_a_full_disk_is_said_and_the_work_still_goes_out(joined, school, monkeypatch):
    school.publish()
    who = joined.people()[0].id
    joined.hand_in(who, PACK, "meaning", "check", {"root": "b"}, "kk")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Download, "_sync", full)
        account = joined.sync()
    assert account.problem.code == "disk-full"
    assert account.records_sent == 1
    assert joined.status().waiting == 0
    assert joined.sync().problem is None
    assert ready(joined) == [True] * 3


def test_progress_is_reported_and_a_cancel_keeps_what_came(joined, school, road):
    school.publish(lessons=("meaning",))
    heard = []
    account = joined.sync(
        progress=heard.append,
        cancel=lambda: any(one.done_bytes > 1 << 20 for one in heard),
    )
    assert account.problem.code == "cancelled"
    keys = [one.sentence.key for one in heard]
    assert keys[0] == "road.exchange"
    assert list(dict.fromkeys(keys)) == [
        "road.exchange",
        "road.catalogue",
        "road.lessons",
        "road.media",
    ]
    assert heard[-1].total_bytes == VIDEO_BYTES
    joined.sync()
    assert road.asked[-1][1] > 1 << 20


def test_a_laptop_away_during_many_versions_gets_the_newest(joined, school):
    for version in (1, 2, 3):
        school.publish(version=version, note=str(version), video_bytes=0)
    joined.sync()
    assert joined.pack(PACK).version == 3
    assert [path.name for path in (joined._library.folder / PACK).iterdir()] == ["3"]


def test_packs_are_there_after_opening_again(tmp_path, joined, school):
    school.publish(video_bytes=0)
    joined.sync()
    cards = joined.lessons()
    joined.close()
    again = Laptop.open(tmp_path / "laptop")
    assert again.lessons() == cards
    again.close()


def test_what_a_partial_road_has_not_waits_and_is_no_failure(joined, school, road):
    from client.laptop.syncing.supply import Supply

    school.publish()
    school.publish("second-pack", video_bytes=0)
    joined.exchange()
    found = parts(school)
    video = found["media"].read_bytes()
    found["media"].unlink()
    serial = {school.key_id: school.repository.catalogue(school.repository.trusted_keys()).serial}

    def supply(partial):
        store, library = joined.store, joined.library
        run = Supply(store, library, road, lambda _: None, lambda: False, partial=partial)
        return run.run(serial)

    delivery = supply(partial=True)
    assert (delivery.problem, delivery.set_aside) == (None, [])
    assert {one.pack for one in delivery.installed} == {PACK, "second-pack"}
    assert [one.code for one in supply(partial=False).set_aside] == ["object-missing"]
    found["media"].write_bytes(video)
    assert supply(partial=True).set_aside == []
    assert all(ready(joined)[:3])
