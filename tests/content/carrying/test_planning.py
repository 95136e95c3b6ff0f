"""What is planned for a stick from a repository, beside what lies there already."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from content.building.builder import build_pack
from content.carrying import plan_from_repository, superfluous
from content.carrying.shelf import core_path, manifest_path, object_path
from content.errors import ContentError
from content.repositories.repository import Repository
from tests.support.carrying import FolderShelf
from tests.support.packs import KEY, OTHER_KEY, TRUSTED, write_source

PUBLISHER = KEY.public.key_id
PACKS = {"equations": "all", "fractions": "all"}


def publish(folder: Path, pack: str = "equations", version: int = 1, video_bytes: int = 5000):
    source = write_source(folder / f"{pack}-{version}", pack, version, video_bytes)
    return build_pack(source, folder / "repository", KEY)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    publish(tmp_path)
    publish(tmp_path, "fractions", video_bytes=7000)
    return Repository(tmp_path / "repository")


@pytest.fixture
def stick(tmp_path: Path) -> FolderShelf:
    return FolderShelf(tmp_path / "KERUEN")


def test_objects_then_manifests_then_the_catalogue(repository: Repository) -> None:
    plan = plan_from_repository(repository, TRUSTED, PACKS)
    kinds = [file.path.split("/")[2] for file in plan.files]
    assert kinds == [*["objects"] * 4, *["manifests"] * 2, "publisher", "catalogue"]
    for file in plan.files:
        data = b"".join(file.blocks())
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.size_bytes, file.sha256)
    assert plan.serial == 2
    assert plan.size_bytes == sum(file.size_bytes for file in plan.files)
    assert [(one.pack, one.version, one.missing_bytes) for one in plan.packs] == [
        ("equations", 1, 0),
        ("fractions", 1, 0),
    ]


def test_what_was_not_chosen_is_not_carried(repository: Repository) -> None:
    plan = plan_from_repository(repository, TRUSTED, {"fractions": "text", "no-such-pack": "all"})
    assert [one.pack for one in plan.packs] == ["fractions"]
    fractions = repository.manifest("fractions", 1, TRUSTED)
    assert object_path(PUBLISHER, fractions.core.object) in plan.kept
    assert object_path(PUBLISHER, fractions.media[0].sha256) not in plan.kept
    assert not any("equations" in path for path in plan.kept)


def test_a_new_version_leaves_what_is_the_same_and_lets_the_rest_go(
    repository: Repository, stick: FolderShelf, tmp_path: Path
) -> None:
    old = repository.manifest("equations", 1, TRUSTED)
    stick.carry_out(plan_from_repository(repository, TRUSTED, PACKS))
    new = publish(tmp_path, version=2)
    plan = plan_from_repository(repository, TRUSTED, PACKS, shelf=stick)
    written = {file.path for file in plan.files if stick.size_bytes(file.path) is None}
    patch = f"repository/{PUBLISHER}/patches/equations/1-2"
    assert written == {
        object_path(PUBLISHER, new.core.object),
        manifest_path(PUBLISHER, "equations", 2),
        patch,
    }
    stick.carry_out(plan)
    assert superfluous(stick, plan) == (
        manifest_path(PUBLISHER, "equations", 1),
        object_path(PUBLISHER, old.core.object),
    )


def test_a_newer_stick_is_not_set_back(
    repository: Repository, stick: FolderShelf, tmp_path: Path
) -> None:
    older = repository.catalogue_bytes()
    publish(tmp_path, version=2, video_bytes=6000)
    stick.carry_out(plan_from_repository(repository, TRUSTED, PACKS))
    repository.write_catalogue(older)
    plan = plan_from_repository(repository, TRUSTED, PACKS, shelf=stick)
    assert plan.serial == 3
    assert not any(file.path.endswith("/catalogue") for file in plan.files)
    assert superfluous(stick, plan) == ()
    assert manifest_path(PUBLISHER, "equations", 2) in plan.kept


def test_a_newer_catalogue_that_the_publisher_did_not_sign_counts_for_nothing(
    repository: Repository, stick: FolderShelf, tmp_path: Path
) -> None:
    stick.carry_out(plan_from_repository(repository, TRUSTED, PACKS))
    source = write_source(tmp_path / "forged", "equations", 9, 5000)
    build_pack(source, tmp_path / "elsewhere", OTHER_KEY)
    forged = Repository(tmp_path / "elsewhere").catalogue_bytes()
    (stick.folder / f"repository/{PUBLISHER}/catalogue").write_bytes(forged)
    plan = plan_from_repository(repository, TRUSTED, PACKS, shelf=stick)
    assert plan.files[-1].path == f"repository/{PUBLISHER}/catalogue"
    assert b"".join(plan.files[-1].blocks()) == repository.catalogue_bytes()


def test_a_version_that_the_writer_lacks_stays_as_it_is(
    repository: Repository, stick: FolderShelf, tmp_path: Path
) -> None:
    stick.carry_out(plan_from_repository(repository, TRUSTED, PACKS))
    publish(tmp_path, version=2, video_bytes=6000)
    repository.manifest_path("equations", 2).unlink()
    plan = plan_from_repository(repository, TRUSTED, PACKS, shelf=stick)
    assert list(plan.problems) == ["equations"]
    assert "equations version 2" in str(plan.problems["equations"])
    stick.carry_out(plan)
    assert superfluous(stick, plan) == ()


def test_media_that_are_nowhere_are_counted_and_those_on_the_stick_stay(
    repository: Repository, stick: FolderShelf
) -> None:
    stick.carry_out(plan_from_repository(repository, TRUSTED, PACKS))
    media = repository.manifest("equations", 1, TRUSTED).media[0]
    repository.object_path(media.sha256).unlink()
    plan = plan_from_repository(repository, TRUSTED, PACKS, shelf=stick)
    assert [one.missing_bytes for one in plan.packs] == [0, 0]
    assert superfluous(stick, plan) == ()
    empty = plan_from_repository(repository, TRUSTED, PACKS)
    assert [one.missing_bytes for one in empty.packs] == [media.size_bytes, 0]


def test_what_is_chosen_no_more_goes_and_strangers_files_stay(
    repository: Repository, stick: FolderShelf
) -> None:
    stick.carry_out(plan_from_repository(repository, TRUSTED, PACKS))
    folder = stick.folder / "repository" / PUBLISHER
    (folder / "objects" / "holiday.jpg").write_bytes(b"theirs")
    (next((folder / "objects").glob("??")) / "holiday.jpg").write_bytes(b"theirs")
    cores = folder / "cores"
    cores.mkdir()
    (cores / ("0" * 64)).write_bytes(b"an old core")
    plan = plan_from_repository(repository, TRUSTED, {}, shelf=stick)
    assert plan.files == ()
    doomed = superfluous(stick, plan)
    assert [path.split("/")[2] for path in doomed] == [
        *["manifests"] * 2,
        "cores",
        *["objects"] * 4,
    ]
    assert not any("holiday" in path for path in doomed)


def test_a_divided_object_stays_with_all_its_parts(
    repository: Repository, stick: FolderShelf
) -> None:
    plan = plan_from_repository(repository, TRUSTED, {"equations": "all"})
    stick.carry_out(plan)
    media = repository.manifest("equations", 1, TRUSTED).media[0]
    place = stick.folder / object_path(PUBLISHER, media.sha256)
    for index in range(3):
        place.with_name(f"{place.name}.{index:03d}").write_bytes(b"part")
    place.unlink()
    assert superfluous(stick, plan) == ()
    repository.object_path(media.sha256).unlink()
    again = plan_from_repository(repository, TRUSTED, {"equations": "all"}, shelf=stick)
    assert again.packs[0].missing_bytes == 0


def test_a_catalogue_by_somebody_else_is_refused(repository: Repository) -> None:
    with pytest.raises(ContentError):
        plan_from_repository(repository, {OTHER_KEY.public.key_id: OTHER_KEY.public.raw}, PACKS)


def test_a_core_packed_again_counts_as_the_core_of_its_version(repository: Repository) -> None:
    plan = plan_from_repository(repository, TRUSTED, PACKS)
    root = repository.manifest("equations", 1, TRUSTED).core.root
    assert core_path(PUBLISHER, root) in plan.kept
