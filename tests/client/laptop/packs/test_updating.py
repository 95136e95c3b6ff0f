from __future__ import annotations

import os
import shutil

import pytest

from client.laptop.packs import updating
from content.patches import media_maker, media_patch, patch, patch_set, patched_media
from content.patches.patching import pending_patches
from tests.support.pack_source import PACK, noise, write_source
from tests.support.patch_trees import disk_bytes
from tests.support.power import every_step

PLACE = "lessons/meaning"


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(noise("film", 3_000_000))
    return path


def publish_video(school, version, content, **source):
    """Publish a pack whose first lesson has this video, and no other has one."""
    place = school.folder / "sources" / f"{PACK}-{version}"
    write_source(place, PACK, version, video_bytes=0, **source)
    (place / PLACE / "video.mp4").write_bytes(content)
    school.publish_folder(place)


def fetched(road):
    """The kinds of files that were asked for on a road."""
    return [path.split("/")[3] for path in road.paths]


@pytest.fixture
def road(road):
    """A road that also knows which small files were fetched."""
    road.paths = []
    fetch = road.fetch

    def noted(path, max_bytes):
        road.paths.append(path)
        return fetch(path, max_bytes)

    road.fetch = noted
    return road


def test_an_update_is_a_catalogue_and_a_patch(joined, school, road):
    school.publish()
    joined.sync()
    road.paths.clear()
    school.publish(version=2, note="Жаңа сөйлем.")
    assert joined.sync().set_aside == ()
    assert fetched(road) == ["catalogue", "patches"]
    assert joined.pack(PACK).version == 2


def test_versions_are_skipped_and_long_ways_go_in_steps(joined, school, road, monkeypatch):
    monkeypatch.setattr(patch_set, "DIRECT", 2)
    school.publish(video_bytes=1_000)
    joined.sync()
    for version in range(2, 7):
        school.publish(version=version, note=f"{version}", video_bytes=1_000)
    road.paths.clear()
    assert joined.sync().set_aside == ()
    ways = [path.rpartition("/")[2] for path in road.paths]
    assert ways == ["catalogue", "1-2", "2-3", "3-4", "4-6"]
    assert joined.pack(PACK).version == 6
    installed = joined._library.installation().installed()
    assert [one.manifest.version for one in installed] == [6]
    assert (installed[0].problems(), installed[0].missing_media) == ((), ())
    assert not any((joined._library.folder / ".staging").iterdir())


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_lost_small_file_is_fetched_alone(joined, school, road, harm):
    school.publish()
    joined.sync()
    path = joined.pack(PACK).folder / PLACE / "text.kk.md"
    if harm == "missing":
        path.unlink()
    else:
        path.write_text("бүлінді", "utf-8")
    road.paths.clear()
    school.publish(version=2, note="Жаңа сөйлем.")
    assert joined.sync().set_aside == ()
    assert set(fetched(road)[2:]) == {"objects"}
    assert len(set(road.paths)) == 3
    (installed,) = joined._library.installation().installed()
    assert (installed.manifest.version, installed.problems()) == (2, ())


def test_a_damaged_video_is_fetched_again(joined, school, road):
    school.publish(lessons=("meaning",))
    joined.sync()
    path = joined.pack(PACK).lesson("meaning").video.path
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(bytes(content))
    times = path.stat()
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns + 10**9))
    school.publish(version=2, note="Жаңа сөйлем.", lessons=("meaning",))
    assert joined.sync().set_aside == ()
    (installed,) = joined._library.installation().installed()
    assert (installed.manifest.version, installed.problems()) == (2, ())
    assert installed.missing_media == ()


def test_a_trimmed_video_costs_little_and_the_old_one_goes(joined, school, road, video):
    content = video.read_bytes()
    publish_video(school, 1, content)
    joined.sync()
    publish_video(school, 2, content[500_000:])
    before = road.received_bytes
    account = joined.sync()
    assert account.set_aside == ()
    assert road.received_bytes - before < 60_000
    assert joined.pack(PACK).lesson("meaning").video.path.read_bytes() == content[500_000:]
    assert [one.name for one in (joined._library.folder / PACK).iterdir()] == ["2"]
    assert not any((joined._library.folder / ".parts").iterdir())


def test_the_old_video_stays_until_the_new_one_is_made(joined, school, road, video):
    content = video.read_bytes()
    publish_video(school, 1, content)
    joined.sync()
    publish_video(school, 2, content[500_000:])
    asked = len(road.asked)
    road.weather.before = lambda path: setattr(
        road.weather, "away", "/objects/" in path and len(road.asked) == asked
    )
    assert joined.sync().problem is not None
    assert joined.pack(PACK).version == 2, "the new texts are here"
    names = sorted(one.name for one in (joined._library.folder / PACK).iterdir())
    assert names == ["1", "2"]
    road.weather.before = lambda path: None
    road.weather.away = False
    # A third version with the same video comes before the second's arrived.
    publish_video(school, 3, content[500_000:], note="Үшінші.")
    before = road.received_bytes
    assert joined.sync().problem is None
    assert road.received_bytes - before < 60_000
    assert [one.name for one in (joined._library.folder / PACK).iterdir()] == ["3"]
    assert joined.pack(PACK).lesson("meaning").video.path.read_bytes() == content[500_000:]


def test_a_bad_media_patch_costs_the_video_and_nothing_else(joined, school, road, video):
    content = video.read_bytes()
    publish_video(school, 1, content)
    joined.sync()
    publish_video(school, 2, content[500_000:])
    data = school.repository.patch_bytes(PACK, 1, 2)
    (one,) = patch.parse_patch(data, "It").media
    (stored,) = one.objects
    school.repository.object_path(stored.sha256).write_bytes(b"?" * stored.size_bytes)
    assert joined.sync().problem is None
    assert joined.pack(PACK).lesson("meaning").video.path.read_bytes() == content[500_000:]
    assert [one.name for one in (joined._library.folder / PACK).iterdir()] == ["2"]


@pytest.mark.parametrize("harm", ["missing", "damaged", "newer format"])
def test_without_the_patch_the_whole_core_comes(joined, school, road, harm):
    school.publish()
    joined.sync()
    school.publish(version=2, note="Жаңа сөйлем.")
    path = school.repository.patch_path(PACK, 1, 2)
    data = bytearray(path.read_bytes())
    if harm == "missing":
        path.unlink()
    else:
        data[4 if harm == "newer format" else 60] += 1
        path.write_bytes(bytes(data))
    road.paths.clear()
    assert joined.sync().set_aside == ()
    assert fetched(road).count("patches") == (updating.ATTEMPTS if harm == "damaged" else 1)
    assert fetched(road)[-2:] == ["manifests", "objects"]
    (installed,) = joined._library.installation().installed()
    assert (installed.manifest.version, installed.problems()) == (2, ())


def test_a_large_patch_goes_on_where_it_stopped(joined, school, road):
    school.publish(note="а", video_bytes=1_000)
    joined.sync()
    place = write_source(school.folder / "sources" / "large", PACK, 2, note="б", video_bytes=1_000)
    (place / PLACE / "big.png").write_bytes(noise("picture", 200_000))
    school.publish_folder(place)
    road.weather.cut_after_bytes = 100_000
    assert joined.sync().problem.code == "link-lost"
    assert joined.pack(PACK).version == 1
    assert joined.sync().problem is None
    assert road.asked[-1][1] == 100_000, "what came is not asked for again"
    assert joined.pack(PACK).version == 2


def test_a_full_disk_is_said_and_the_old_version_stays(joined, school, road, monkeypatch):
    school.publish()
    joined.sync()
    school.publish(version=2, note="Жаңа сөйлем.")

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        account = joined.sync()
    problems = [*account.set_aside, *([account.problem] if account.problem else [])]
    assert "disk-full" in {one.code for one in problems}
    assert joined.pack(PACK).version == 1
    assert joined.sync().set_aside == ()
    assert joined.pack(PACK).version == 2


def test_another_packs_video_is_not_fetched_twice(joined, school, road, video):
    content = video.read_bytes()
    publish_video(school, 1, content)
    joined.sync()
    place = write_source(school.folder / "sources" / "twin", "twin-pack", 1, video_bytes=0)
    shutil.copyfile(video, place / PLACE / "video.mp4")
    school.publish_folder(place)
    before = road.received_bytes
    assert joined.sync().problem is None
    assert road.received_bytes - before < 100_000
    paths = [joined.pack(pack).lesson("meaning").video.path for pack in (PACK, "twin-pack")]
    assert paths[1].read_bytes() == content
    if os.name != "nt":
        assert paths[0].samefile(paths[1])
    assert pending_patches(joined.pack("twin-pack").folder) == {}


def divide_all(monkeypatch):
    """Let every segment be an object of its own."""
    for module in (media_maker, media_patch, patched_media):
        monkeypatch.setattr(module, "PART_SEGMENTS", 1)
    monkeypatch.setattr(media_maker, "WHOLE_BYTES", 1_000_000)


def mixed(old, kept_bytes, step_bytes=3_000_000):
    """A film of which every part was replaced after so many bytes."""
    return b"".join(
        old[at : at + kept_bytes] + noise(f"new {at}", step_bytes - kept_bytes)
        for at in range(0, len(old), step_bytes)
    )


def test_a_large_media_patch_takes_the_room_of_one_of_its_objects(joined, school, monkeypatch):
    divide_all(monkeypatch)
    old = noise("film", 9_000_000)
    new = mixed(old, 2_000_000)
    publish_video(school, 1, old)
    joined.sync()
    publish_video(school, 2, new)
    (one,) = patch.parse_patch(school.repository.patch_bytes(PACK, 1, 2), "It").media
    assert len(one.objects) == 3
    packs = joined._library.folder
    largest = max(stored.size_bytes for stored in one.objects)
    most = disk_bytes(packs) + len(new) + largest + 100_000
    assert one.size_bytes > largest + 100_000, "all at once would be too much"
    with monkeypatch.context() as looked:
        every_step(looked, lambda: _at_most(packs, most))
        assert joined.sync().set_aside == ()
    assert joined.pack(PACK).lesson("meaning").video.path.read_bytes() == new
    assert not any((packs / ".parts").iterdir())


def _at_most(folder, most_bytes):
    assert disk_bytes(folder) <= most_bytes


def test_a_divided_media_patch_goes_on_where_it_was_cut(joined, school, road, monkeypatch):
    divide_all(monkeypatch)
    old = noise("film", 9_000_000)
    new = b"".join(
        old[at : at + 2_500_000] + noise(f"new {at}", 500_000)
        for at in range(0, 9_000_000, 3_000_000)
    )
    publish_video(school, 1, old)
    joined.sync()
    publish_video(school, 2, new)
    (one,) = patch.parse_patch(school.repository.patch_bytes(PACK, 1, 2), "It").media
    road.weather.cut_after_bytes = one.objects[0].size_bytes + 200_000
    assert joined.sync().problem.code == "link-lost"
    before = len(road.asked)
    assert joined.sync().problem is None
    asked = [(path.rpartition("/")[2], start) for path, start in road.asked[before:]]
    assert asked == [(one.objects[1].sha256, 200_000), (one.objects[2].sha256, 0)]
    assert joined.pack(PACK).lesson("meaning").video.path.read_bytes() == new


def test_what_came_of_a_video_goes_when_no_version_wants_it(joined, school, road, video):
    school.publish(lessons=("meaning",), video_bytes=1_000)
    joined.sync()
    publish_video(school, 2, noise("another", 2_000_000))
    road.weather.cut_after_bytes = 1_500_000
    assert joined.sync().problem.code == "link-lost"
    parts = joined._library.folder / ".parts"
    assert any(parts.iterdir())
    torn = joined._library.folder / ".staging" / "new-torn"
    torn.parent.mkdir(exist_ok=True)
    torn.write_bytes(b"a copy that was cut short")
    publish_video(school, 3, video.read_bytes())
    seen = []
    road.weather.before = lambda path: seen.append(
        [one.stat().st_size for one in parts.iterdir()] if "/objects/" in path else []
    )
    assert joined.sync().set_aside == ()
    assert max(map(sum, seen)) < 1_000_000, "it went before the next one came"
    assert not any(parts.iterdir())
    assert not torn.exists()


def media_bytes(heard):
    return [one.done_bytes for one in heard if one.sentence.key == "road.media"]


def test_a_cancel_of_a_long_patch_keeps_what_was_made(joined, school, road, video):
    content = noise("long", 9_000_000)
    publish_video(school, 1, content)
    joined.sync()
    publish_video(school, 2, content[500_000:])
    heard = []
    account = joined.sync(heard.append, lambda: max(media_bytes(heard), default=0) >= 4 << 20)
    assert account.problem.code == "cancelled"
    assert joined.pack(PACK).version == 2, "the new texts are here"
    (part,) = (joined._library.folder / ".parts").glob("*[!h]")
    kept = part.read_bytes()
    assert len(kept) >= 4 << 20
    assert (content[500_000:]).startswith(kept)
    before = road.received_bytes
    heard.clear()
    assert joined.sync(heard.append).problem is None
    assert road.received_bytes - before < 20_000
    totals = {one.total_bytes for one in heard if one.sentence.key == "road.media"}
    assert len(totals) == 1, "fetching and making are one number"
    assert media_bytes(heard) == sorted(media_bytes(heard))
    assert media_bytes(heard)[-1] == max(totals)
    assert joined.pack(PACK).lesson("meaning").video.path.read_bytes() == content[500_000:]
