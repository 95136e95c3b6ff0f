from __future__ import annotations

import shutil

import pytest

from content.building.builder import build_pack
from content.reader import read_catalogue, read_listed_manifest
from content.repositories.repository import Repository
from sync.objects import ObjectSpec
from sync.roads.http import HttpRoad
from sync_server.errors import OlderCatalogueError, PublishError, UnknownPublisherError
from tests.support.device import TestDevice
from tests.support.packs import KEY, OTHER_KEY, TRUSTED, build_sample, write_source
from tests.support.server import running_server

KEY_ID = KEY.public.key_id


@pytest.fixture
def repository(tmp_path):
    build_sample(tmp_path, video_bytes=1_200_000)
    return tmp_path / "repository"


def tree(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def published(school):
    with school.store.transaction() as transaction:
        return {p.key_id: p.serial for p in transaction.publishers()}


def test_an_unknown_publisher_is_refused_with_the_command_that_trusts_them(school, repository):
    with pytest.raises(UnknownPublisherError) as error:
        school.publish(repository)
    assert f"publish --data DATA {repository} --trust {KEY_ID}" in str(error.value)
    assert published(school) == {}
    assert not (school.folder.repositories / KEY_ID).exists()


def test_trusting_takes_the_publishers_own_id(school, repository):
    with pytest.raises(PublishError, match=KEY_ID):
        school.publish(repository, "0" * 32)
    assert published(school) == {}


def test_a_trusted_publishers_packs_are_copied_whole(school, repository):
    done = school.publish(repository, KEY_ID)
    assert (done.publisher, done.serial, done.packs) == (KEY_ID, 1, (("equations", 1),))
    copy = school.folder.repositories / KEY_ID
    assert tree(copy) == tree(repository)
    assert published(school) == {KEY_ID: 1}


def test_again_changes_nothing_and_copies_nothing(school, repository):
    school.publish(repository, KEY_ID)
    again = school.publish(repository)
    assert (again.copied_files, again.copied_bytes) == (0, 0)


def test_the_next_version_brings_only_what_is_new(school, repository, tmp_path):
    first = school.publish(repository, KEY_ID)
    build_sample(tmp_path, version=2, video_bytes=1_200_000)
    second = school.publish(repository)
    assert second.serial == 2
    assert 0 < second.copied_bytes < first.copied_bytes / 10
    assert published(school) == {KEY_ID: 2}


def test_an_older_catalogue_is_refused(school, repository, tmp_path):
    shutil.copytree(repository, tmp_path / "old")
    build_sample(tmp_path, version=2, video_bytes=1_200_000)
    school.publish(repository, KEY_ID)
    with pytest.raises(OlderCatalogueError, match="number 1, but number 2"):
        school.publish(tmp_path / "old")
    assert published(school) == {KEY_ID: 2}


def test_another_catalogue_of_the_same_number_is_refused(school, repository, tmp_path):
    school.publish(repository, KEY_ID)
    build_pack(write_source(tmp_path / "twin", pack="twin"), tmp_path / "second", KEY)
    with pytest.raises(OlderCatalogueError, match="Another catalogue with number 1"):
        school.publish(tmp_path / "second")


def test_any_flipped_byte_stops_it_and_is_named(school, repository):
    school.publish(repository, KEY_ID)
    build_sample(repository.parent, version=2, video_bytes=1_200_000)
    before = tree(school.folder.repositories)
    for path in sorted(p for p in repository.rglob("*") if p.is_file()):
        content = path.read_bytes()
        flipped = bytearray(content)
        flipped[len(flipped) // 2] ^= 1
        path.write_bytes(flipped)
        with pytest.raises(PublishError) as error:
            school.publish(repository)
        assert path.name in str(error.value)
        assert tree(school.folder.repositories) == before
        path.write_bytes(content)
    assert school.publish(repository).serial == 2


def test_a_missing_file_is_named(school, repository):
    largest = max((p for p in repository.rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
    largest.unlink()
    with pytest.raises(PublishError, match=largest.name):
        school.publish(repository, KEY_ID)


def test_a_folder_that_is_no_repository_is_named(school, tmp_path):
    with pytest.raises(PublishError, match="nowhere"):
        school.publish(tmp_path / "nowhere", KEY_ID)


def test_a_stranger_signing_for_a_trusted_publisher_is_refused(school, repository, tmp_path):
    school.publish(repository, KEY_ID)
    build_pack(write_source(tmp_path / "forged", version=9), tmp_path / "forgery", OTHER_KEY)
    shutil.copy(repository / "publisher", tmp_path / "forgery" / "publisher")
    with pytest.raises(PublishError):
        school.publish(tmp_path / "forgery")
    assert published(school) == {KEY_ID: 1}


def test_a_publication_cut_short_is_finished_by_the_next(school, repository, monkeypatch):
    from content.repositories.repository import Repository

    copied = []
    copy_object = Repository.copy_object

    def stops(self, sha256, origin, count):
        if copied:
            raise KeyboardInterrupt
        copied.append(sha256)
        copy_object(self, sha256, origin, count)

    monkeypatch.setattr(Repository, "copy_object", stops)
    with pytest.raises(KeyboardInterrupt):
        school.publish(repository, KEY_ID)
    assert published(school) == {}
    monkeypatch.undo()
    school.publish(repository, KEY_ID)
    assert tree(school.folder.repositories / KEY_ID) == tree(repository)


def test_a_running_server_picks_it_up_and_laptops_can_fetch_it(school, repository, tmp_path):
    device = TestDevice()
    with running_server(school.folder.root) as url, HttpRoad(url) as road:
        device.enrol(road, str(school.code(["Анна"]).code))
        assert device.exchange(road).answer.catalogues == {}
        school.publish(repository, KEY_ID)
        answer = device.exchange(road).answer
        assert answer.catalogues == {KEY_ID: 1}
        assert answer.publishers == TRUSTED
        base = f"/repository/{KEY_ID}"
        catalogue = read_catalogue(road.fetch(f"{base}/catalogue", 1 << 20), TRUSTED)
        (entry,) = catalogue.packs
        data = road.fetch(f"{base}/manifests/{entry.pack}/{entry.version}", 1 << 20)
        manifest = read_listed_manifest(data, entry, TRUSTED)
        (video,) = manifest.media
        spec = ObjectSpec(video.sha256, video.size_bytes, video.piece_sha256)
        part = tmp_path / "part"
        original = (repository / "objects" / video.sha256[:2] / video.sha256).read_bytes()
        part.write_bytes(original[:1_100_000])
        before = road.received_bytes
        road.download(spec, part, tmp_path / "video.mp4", repository=base)
        assert (tmp_path / "video.mp4").read_bytes() == original
        assert road.received_bytes - before < len(original) - 1_100_000 + 300
    device.close()


@pytest.mark.parametrize("spoiled", range(5))
def test_a_catalogue_that_changes_meanwhile_is_refused_or_not_taken(
    school, repository, monkeypatch, spoiled
):
    """Somebody writes to the stick while it is read."""
    genuine = (repository / "catalogue").read_bytes()
    read = Repository.catalogue_bytes
    reads = []

    def changing(one):
        if one.folder != repository:
            return read(one)
        reads.append(one)
        return genuine[:-9] if len(reads) == spoiled + 1 else genuine

    monkeypatch.setattr(Repository, "catalogue_bytes", changing)
    place = school.folder.repositories / KEY_ID / "catalogue"
    try:
        school.publish(repository, KEY_ID)
    except PublishError:
        assert not place.exists()
    else:
        assert place.read_bytes() == genuine
