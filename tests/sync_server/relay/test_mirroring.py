"""A school's server fetches the region's packs: verified, small first, by patches, resumed."""

from __future__ import annotations

import pytest

from content.building.builder import build_pack
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from sync.errors import LinkError, ObjectError
from sync_server.lessons.trusting import Trusting, distrust
from sync_server.relay.mirroring import Mirror, Mirrored, adopt_publishers
from tests.support.clock import TurnableClock
from tests.support.packs import KEY, OTHER_KEY, TRUSTED, write_source
from tests.support.relays import enrol_relay, relay
from tests.support.server import MemoryRoad, open_school

KEY_ID = KEY.public.key_id


class Road(MemoryRoad):
    """Notes what is asked for, and breaks after ``left_bytes``."""

    def __init__(self, school):
        super().__init__(school)
        self.paths = []
        self.left_bytes = 1 << 40

    def fetch(self, path, max_bytes):
        self.paths.append(path.split("/")[3])
        return super().fetch(path, max_bytes)

    def download(self, spec, part_path, final_path, **options):
        self.paths.append(spec.size_bytes)
        super().download(spec, part_path, final_path, **options)

    def _count(self, sent_bytes, received_bytes):
        super()._count(sent_bytes, received_bytes)
        self.left_bytes -= received_bytes
        if self.left_bytes < 0:
            raise LinkError("link-lost", "cut")


@pytest.fixture
def region(tmp_path):
    with open_school(tmp_path / "region", TurnableClock(step_ms=1)) as school:
        yield school


@pytest.fixture
def school(tmp_path, region):
    with open_school(tmp_path / "school", TurnableClock(step_ms=1)) as below:
        enrol_relay(below, region)
        yield below


@pytest.fixture
def publish(tmp_path, region):
    def build(version, note="", video_bytes=2_500_000, pack="equations", key=KEY):
        source = tmp_path / f"{pack}-{version}-{key.public.key_id}"
        write_source(source, pack, version, video_bytes)
        with (source / "lessons" / "meaning" / "text.kk.md").open("a", encoding="utf-8") as text:
            text.write(f"\n{note}\n")
        repository = tmp_path / f"repository-{key.public.key_id}"
        build_pack(source, repository, key)
        return region.publish(repository, key.public.key_id)

    return build


def turn(school, region, road=None, **options):
    upstream = region.identity.public.device_id
    done = relay(school, region)
    adopt_publishers(school.store, upstream, done.publishers)
    own_id = school.identity.public.device_id
    mirror = Mirror(school.store, school.folder.root, road or Road(region), own_id)
    mirrored = Mirrored()
    mirror.run(done.catalogues, mirrored, **options)
    return mirrored


def published(school):
    return Repository(school.folder.repositories / KEY_ID)


def serial(school):
    with school.store.transaction() as transaction:
        return {one.key_id: one.serial for one in transaction.publishers()}.get(KEY_ID)


def test_a_pack_comes_whole_text_before_video_and_then_nothing(school, region, publish):
    publish(1)
    road = Road(region)
    done = turn(school, region, road)
    assert (done.packs, done.media, done.missing, done.problems) == (1, 1, [], [])
    assert road.paths[:2] == ["catalogue", "manifests"]
    assert road.paths[-1] == max(one for one in road.paths if isinstance(one, int))
    assert serial(school) == serial(region)
    assert not verify_repository(published(school), TRUSTED)
    road = Road(region)
    assert turn(school, region, road).packs == 0
    assert road.paths == []


def test_a_newer_version_comes_as_a_patch_and_its_video_not_again(school, region, publish):
    publish(1)
    turn(school, region)
    publish(2, "Жаңа сөйлем.")
    road = Road(region)
    done = turn(school, region, road)
    assert (done.packs, done.patched, done.media) == (1, 1, 0)
    assert road.paths == ["catalogue", "patches"]
    assert (
        published(school).catalogue_bytes()
        == Repository(region.folder.repositories / KEY_ID).catalogue_bytes()
    )
    assert list(published(school).patches()) == [("equations", 1, 2)]
    assert not verify_repository(published(school), TRUSTED)


def test_a_large_patch_comes_as_an_object_that_can_be_gone_on_with(
    school, region, publish, monkeypatch
):
    publish(1)
    turn(school, region)
    monkeypatch.setattr("content.patches.patch_set.SMALL_PATCH_BYTES", 0)
    publish(2, "Жаңа сөйлем.")
    (size_bytes,) = [
        path.stat().st_size for path in region.folder.repositories.glob("*/patches/*/1-2")
    ]
    road = Road(region)
    assert turn(school, region, road).patched == 1
    assert road.paths == ["catalogue", size_bytes]
    assert list(published(school).patches()) == [("equations", 1, 2)]
    assert not verify_repository(published(school), TRUSTED)


def test_versions_that_were_missed_come_by_patches_too(school, region, publish):
    publish(1)
    turn(school, region)
    for version in (2, 3, 4):
        publish(version, f"Сөйлем {version}.")
    road = Road(region)
    assert turn(school, region, road).patched == 1
    assert "manifests" not in road.paths


def test_another_zstd_costs_the_core_and_nothing_else(school, region, publish, monkeypatch):
    publish(1)
    turn(school, region)
    publish(2, "Жаңа сөйлем.")
    monkeypatch.setattr("sync_server.relay.packs.pack_core", lambda _: b"packed in another way")
    road = Road(region)
    done = turn(school, region, road)
    assert (done.packs, done.patched, done.problems) == (1, 0, [])
    assert not verify_repository(published(school), TRUSTED)


def test_a_cut_line_goes_on_where_it_stopped(school, region, publish):
    publish(1)
    received_bytes = 0
    for _ in range(60):
        road = Road(region)
        road.left_bytes = 200_000
        try:
            done = turn(school, region, road)
        except LinkError:
            received_bytes += road.received_bytes
            continue
        break
    assert done.missing == []
    assert not verify_repository(published(school), TRUSTED)
    assert received_bytes < 1.6 * 2_500_000


def test_laptops_hear_of_texts_while_the_video_is_still_coming(school, region, publish):
    publish(1)
    road = Road(region)
    road.left_bytes = 100_000
    with pytest.raises(LinkError):
        turn(school, region, road)
    assert serial(school) == serial(region)
    assert turn(school, region).media == 1


def test_a_bad_pack_is_named_and_the_others_come(school, region, publish):
    publish(1, pack="bad")
    publish(1, pack="good")
    spoilt = Repository(region.folder.repositories / KEY_ID)
    spoilt.manifest_path("bad", 1).write_bytes(b"{}")
    done = turn(school, region)
    assert done.packs == 1
    assert any("bad" in problem for problem in done.problems)
    assert published(school).manifest_path("good", 1).exists()
    assert not published(school).manifest_path("bad", 1).exists()


def test_a_catalogue_by_somebody_else_is_not_put_in_place(school, region, publish):
    publish(1)
    publish(1, key=OTHER_KEY)
    ours, others = (region.folder.repositories / key for key in (KEY_ID, OTHER_KEY.public.key_id))
    (ours / "catalogue").write_bytes((others / "catalogue").read_bytes())
    done = turn(school, region)
    assert done.problems
    assert serial(school) == 0
    assert not (school.folder.repositories / KEY_ID / "catalogue").exists()


def test_whom_the_region_trusts_no_more_the_school_does_not_either(school, region, publish):
    publish(1)
    with school.store.transaction() as transaction:
        transaction.trust_publisher(OTHER_KEY.public.key_id, OTHER_KEY.public.raw)
    turn(school, region)
    distrust(region.store, Trusting(region.folder.root), KEY_ID)
    turn(school, region)
    assert serial(school) is None
    with school.store.transaction() as transaction:
        assert [one.key_id for one in transaction.publishers()] == [OTHER_KEY.public.key_id]


def test_a_full_disk_ends_the_turn(school, region, publish):
    publish(1)

    class Full(Road):
        def download(self, *_, **__):
            raise ObjectError("disk-full", "objects")

    with pytest.raises(ObjectError, match="room"):
        turn(school, region, Full(region))
    assert serial(school) == 0


def test_a_file_without_room_waits_and_the_others_come(school, region, publish):
    publish(1, pack="large")
    publish(1, pack="small", video_bytes=1000)
    asked = []

    def has_room(size_bytes, due):
        asked.append(due)
        return size_bytes < 1_000_000

    first = turn(school, region, has_room=has_room)
    assert (first.without_room, len(first.missing), first.media) == (1, 1, 1)
    assert first.to_json()["without_room"] == 1
    assert asked == [False, False]
    again = turn(school, region)
    assert (again.media, again.missing) == (1, [])
