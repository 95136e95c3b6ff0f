"""Lessons over a stick: from the school's server, from a teacher's laptop, whole or in part."""

from __future__ import annotations

import json

import pytest

from client.laptop.laptop import Laptop
from client.laptop.syncing.link import MEASURE
from client.laptop.syncing.supply import Supply
from client.laptop.videos.media import RESERVE_BYTES
from content.carrying import (
    plan_from_installation,
    plan_from_repository,
    serials,
    superfluous,
)
from content.installation import Staging
from content.trust.keys import PublicKey
from sync.roads.stick import StickRoad
from sync.sticks.laying import lay
from tests.support.pack_source import PACK, noise, write_source
from tests.support.school import ADDRESS
from tests.support.stick_volume import MemoryVolume

SECOND = "second-pack"
SMALL = {"lessons": ("meaning",), "video_bytes": 300_000}


@pytest.fixture
def volume() -> MemoryVolume:
    return MemoryVolume()


def write(school, volume, choices=None):
    """Write a stick at the server."""
    trusted = school.repository.trusted_keys()
    choices = choices or {entry.pack: "all" for entry in school.repository.catalogue(trusted).packs}
    shelf = StickRoad(volume).shelf
    plan = plan_from_repository(school.repository, trusted, choices, shelf=shelf)
    return lay(volume, plan.files, superfluous(shelf, plan))


def take(laptop, volume):
    """Take what a stick has; returns the delivery and the road.

    Whom the school trusts was said in an answer, which may come by letter as well.
    """
    if not laptop.store.enrolled().publishers:
        laptop.exchange()
    road = StickRoad(volume)
    supply = Supply(laptop.store, laptop.library, road, lambda _: None, lambda: False, partial=True)
    return supply.run(serials(road.shelf)), road


def hand_on(laptop, school, volume, choice="all"):
    """Write a stick on a laptop, from what is installed there."""
    installation = laptop.library.installation()
    catalogue = (installation.folder / ".catalogues" / school.key_id).read_bytes()
    key = PublicKey(laptop.store.enrolled().publishers[school.key_id])
    choices = dict.fromkeys(laptop.library.current(), choice)
    shelf = StickRoad(volume).shelf
    plan = plan_from_installation(installation, key, catalogue, choices, shelf=shelf)
    return lay(volume, plan.files, superfluous(shelf, plan))


def videos(laptop):
    return [card.video_ready for card in laptop.lessons()]


@pytest.fixture
def neighbour(tmp_path, school, road, clock):
    laptop = Laptop.open(tmp_path / "neighbour", clock, road)
    laptop.enrol(ADDRESS, school.code(("Дана Оспанова",)))
    yield laptop
    laptop.close()


def test_packs_come_from_a_stick_and_the_second_visit_reads_only_its_catalogue(
    joined, school, volume
):
    school.publish(**SMALL)
    school.publish(SECOND, **SMALL)
    write(school, volume)
    delivery, _ = take(joined, volume)
    assert (delivery.problem, delivery.set_aside, delivery.left) == (None, [], ())
    assert {one.pack for one in delivery.installed} == {PACK, SECOND}
    assert videos(joined) == [True, True]
    again, road = take(joined, volume)
    assert (again.installed, road.requests) == ([], 0)


def test_an_update_reads_the_patch_and_what_changed(joined, school, volume):
    school.publish(**SMALL)
    write(school, volume)
    take(joined, volume)
    school.publish(version=2, note="A sentence more.", **SMALL)
    written = write(school, volume)
    assert written.written_bytes < 60_000
    delivery, road = take(joined, volume)
    assert [(one.pack, one.version) for one in delivery.installed] == [(PACK, 2)]
    assert videos(joined) == [True]
    catalogue_bytes = school.repository.folder.joinpath("catalogue").stat().st_size
    assert road.received_bytes < catalogue_bytes + 2_000


def test_what_the_stick_does_not_carry_waits_for_the_link(joined, school, volume, road):
    school.publish(**SMALL)
    school.publish(SECOND, **SMALL)
    write(school, volume, {PACK: "text"})
    delivery, _ = take(joined, volume)
    assert (delivery.problem, delivery.set_aside) == (None, [])
    assert [one.pack for one in delivery.installed] == [PACK]
    assert videos(joined) == [False]
    joined.sync()
    assert videos(joined) == [True, True]


def test_nothing_is_let_go_for_a_video_that_the_stick_does_not_carry(
    joined, school, volume, monkeypatch
):
    school.publish(**SMALL)
    write(school, volume)
    take(joined, volume)
    school.publish(SECOND, **SMALL)
    write(school, volume, {SECOND: "text"})
    monkeypatch.setattr(
        "client.laptop.videos.media.shutil.disk_usage",
        lambda _: type("Usage", (), {"free": RESERVE_BYTES + 1000}),
    )
    monkeypatch.setattr(
        "client.laptop.videos.eviction.Eviction.let_go",
        lambda *_: pytest.fail("a video went for nothing"),
    )
    delivery, _ = take(joined, volume)
    assert delivery.left == ()
    assert SECOND in {one.pack for one in delivery.installed}


def test_a_teacher_hands_on_what_came(joined, neighbour, school, volume):
    school.publish(**SMALL)
    write(school, volume)
    take(joined, volume)
    other = MemoryVolume()
    hand_on(joined, school, other)
    assert any("/cores/" in path for path in other.files())
    delivery, _ = take(neighbour, other)
    assert (delivery.problem, delivery.set_aside) == (None, [])
    assert [one.pack for one in delivery.installed] == [PACK]
    assert videos(neighbour) == [True]
    assert neighbour.pack(PACK).task("meaning", "check").points == 6
    assert hand_on(joined, school, other).files == 0
    # What the server wrote is as good: nothing is packed again beside it.
    assert hand_on(joined, school, volume).files == 0


def test_an_update_that_a_teacher_hands_on_reads_the_patch(joined, neighbour, school, volume):
    school.publish(**SMALL)
    write(school, volume)
    take(joined, volume)
    take(neighbour, volume)
    school.publish(version=2, note="A sentence more.", **SMALL)
    joined.sync()
    handed = hand_on(joined, school, volume)
    assert any("/patches/" in path for path in volume.files())
    assert handed.written_bytes < 60_000
    _, road = take(neighbour, volume)
    assert (neighbour.library.current(), videos(neighbour)) == ({PACK: 2}, [True])
    catalogue_bytes = school.repository.folder.joinpath("catalogue").stat().st_size
    assert road.received_bytes < catalogue_bytes + 2_000


def test_files_that_did_not_change_are_not_written_again(joined, school, volume, monkeypatch):
    school.publish(**SMALL)
    write(school, volume)
    take(joined, volume)
    school.publish(version=2, note="A sentence more.", **SMALL)
    write(school, volume)
    for path in volume.files():
        if "/patches/" in path:
            volume.remove(path)
    wrote = []
    put_file = Staging.put_file

    def noted(staging, path, content):
        wrote.append(path)
        put_file(staging, path, content)

    monkeypatch.setattr(Staging, "put_file", noted)
    take(joined, volume)
    assert joined.library.current() == {PACK: 2}
    assert sorted(wrote) == [
        "lessons/meaning/text.en.md",
        "lessons/meaning/text.kk.md",
        "lessons/meaning/text.ru.md",
        "pack.json",
    ]
    (installed,) = joined.library.installation().installed()
    assert installed.problems() == ()


def test_a_core_that_was_damaged_goes_and_the_next_who_has_it_lays_it_there(
    joined, neighbour, school, volume
):
    school.publish(**SMALL)
    write(school, volume)
    take(joined, volume)
    other = MemoryVolume()
    hand_on(joined, school, other)
    (core,) = [path for path in other.files() if "/cores/" in path]
    other.flip(core, 200)
    delivery, road = take(neighbour, other)
    assert [one.code for one in delivery.set_aside] == ["object-damaged"]
    assert delivery.installed == []
    assert road.damaged == (core,)
    assert hand_on(joined, school, other).files == 1
    assert [one.pack for one in take(neighbour, other)[0].installed] == [PACK]
    assert videos(neighbour) == [True]


@pytest.mark.parametrize("what", ["manifests", "objects", "patches"])
def test_any_damage_is_repaired_by_the_next_writing(joined, school, volume, what):
    school.publish(**SMALL)
    write(school, volume)
    take(joined, volume)
    school.publish(version=2, note="A sentence more.", **SMALL)
    write(school, volume)
    for path in volume.files():
        if f"/{what}/" in path:
            volume.flip(path, 77)
    take(joined, volume)
    write(school, volume)
    take(joined, volume)
    assert joined.library.current() == {PACK: 2}
    assert videos(joined) == [True]


@pytest.mark.parametrize(
    ("carried", "ending"), [("sound", ".audio.m4a"), ("144p", ".144p.mp4"), ("all", ".mp4")]
)
def test_the_best_that_a_stick_has_comes_at_once(joined, school, volume, carried, ending):
    _publish_renditions(school)
    write(school, volume, {PACK: carried})
    # Over a link that takes hours for a video its sound would come first; a stick takes seconds.
    joined.store.keep_settings({MEASURE: json.dumps({"bytes_per_s": 1.0, "when_ms": 0})})
    delivery, _ = take(joined, volume)
    assert (delivery.problem, delivery.set_aside) == (None, [])
    (installed,) = joined.library.installation().installed()
    here = [entry.path for entry in installed.manifest.media if installed.has_media(entry)]
    assert here == [f"lessons/meaning/video{ending}"]


def _publish_renditions(school):
    place = school.folder / "sources" / PACK
    write_source(place, lessons=("meaning",), video_bytes=300_000)
    for ending in ("audio.m4a", "144p.mp4", "360p.mp4"):
        (place / "lessons" / "meaning" / f"video.{ending}").write_bytes(noise(ending, 280_000))
    school.publish_folder(place)


def test_a_stick_with_an_older_catalogue_changes_nothing(joined, school, volume):
    school.publish(**SMALL)
    write(school, volume)
    school.publish(version=2, note="A sentence more.", **SMALL)
    joined.sync()
    delivery, road = take(joined, volume)
    assert (delivery.installed, delivery.set_aside, delivery.problem) == ([], [], None)
    assert joined.library.current() == {PACK: 2}
    assert road.requests == 0


def test_a_video_comes_from_a_stick_that_has_another_version_of_its_pack(joined, school, volume):
    school.publish(**SMALL)
    write(school, volume)
    school.publish(version=2, note="A sentence more.", **SMALL)
    joined.videos.pause()
    joined.sync()
    joined.videos.resume()
    assert (joined.library.current(), videos(joined)) == ({PACK: 2}, [False])
    take(joined, volume)
    assert videos(joined) == [True]
