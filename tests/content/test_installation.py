from __future__ import annotations

import dataclasses
import os
import shutil
from pathlib import Path
from typing import Tuple

import pytest

from content.core import core_entry, pack_core
from content.errors import ContentError, DamagedError, MissingError, VersionError
from content.installation import Installation, InstalledPack
from content.manifest import Manifest
from content.pack import Pack
from content.repositories.repository import Repository
from tests.support.packs import build_sample
from tests.support.power import Power, PowerCut

Built = Tuple[Manifest, bytes, Path]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("built")
    manifest = build_sample(folder, video_bytes=2_000)
    repository = Repository(folder / "repository")
    core = repository.object_path(manifest.core.object).read_bytes()
    return manifest, core, repository.object_path(manifest.media[0].sha256)


def install(folder: Path, built: Built) -> InstalledPack:
    staging = Installation(folder).begin(built[0], b"envelope")
    staging.put_core(built[1])
    return staging.finish()


def test_the_core_first_and_media_later(tmp_path: Path, built: Built) -> None:
    manifest, _, video = built
    installed = install(tmp_path, built)
    assert installed.folder == tmp_path / "equations" / "1"
    assert Pack.open(installed.folder).version == 1
    assert installed.missing_media == manifest.media
    shutil.copy(video, installed.media_path(manifest.media[0]))
    assert installed.missing_media == ()
    assert installed.problems() == ()
    (found,) = Installation(tmp_path).installed()
    assert found == installed
    assert (installed.folder / ".keruen" / "manifest").read_bytes() == b"envelope"


def test_media_may_come_before_the_core(tmp_path: Path, built: Built) -> None:
    manifest, core, video = built
    staging = Installation(tmp_path).begin(manifest)
    shutil.copy(video, staging.media_path(manifest.media[0]))
    staging.put_core(core)
    assert staging.finish().missing_media == ()


def test_a_bad_core_costs_no_media(tmp_path: Path, built: Built) -> None:
    manifest, core, video = built
    installation = Installation(tmp_path)
    shutil.copy(video, installation.begin(manifest).media_path(manifest.media[0]))
    with pytest.raises(DamagedError):
        installation.begin(manifest).put_core(core[:-1])
    staging = installation.begin(manifest)
    staging.put_core(core)
    assert staging.finish().missing_media == ()


def test_nothing_shows_before_it_is_finished(tmp_path: Path, built: Built) -> None:
    manifest, core, _ = built
    installation = Installation(tmp_path)
    staging = installation.begin(manifest)
    with pytest.raises(MissingError, match="has not arrived"):
        staging.finish()
    staging.put_core(core)
    assert installation.installed() == []
    assert installation.newest("equations") is None


def test_a_flipped_byte_of_the_core_is_refused(tmp_path: Path, built: Built) -> None:
    manifest, core, _ = built
    installation = Installation(tmp_path)
    for at in range(0, len(core), 7):
        bad = bytearray(core)
        bad[at] ^= 1 + at % 255
        with pytest.raises(DamagedError, match="equations version 1"):
            installation.begin(manifest).put_core(bytes(bad))
    assert installation.installed() == []
    install(tmp_path, built)


def test_a_core_of_other_files_leaves_nothing_behind(tmp_path: Path, built: Built) -> None:
    manifest = built[0]
    files = {"pack.json": b"{}"}
    packed = pack_core(files)
    entry = dataclasses.replace(core_entry(files, packed), root="00" * 32)
    bad = dataclasses.replace(manifest, core=entry, media=())
    staging = Installation(tmp_path).begin(bad)
    with pytest.raises(DamagedError):
        staging.put_core(packed)
    assert not (staging.folder / "pack.json").exists()


def test_installing_again_repairs_and_keeps_media(tmp_path: Path, built: Built) -> None:
    manifest, _, video = built
    installed = install(tmp_path, built)
    shutil.copy(video, installed.media_path(manifest.media[0]))
    text = installed.folder / "lessons" / "meaning" / "text.kk.md"
    text.write_text("зиян", "utf-8")
    (installed.folder / "pack.json").unlink()
    sentences = [str(problem) for problem in installed.problems()]
    assert any("pack.json" in sentence for sentence in sentences)
    assert install(tmp_path, built).problems() == ()
    assert installed.missing_media == ()
    assert not any((tmp_path / ".staging").iterdir())


def test_the_same_version_with_other_content_is_refused(tmp_path: Path, built: Built) -> None:
    install(tmp_path, built)
    other = dataclasses.replace(built[0], title={"kk": "Басқа"})
    with pytest.raises(VersionError, match="must raise the version"):
        Installation(tmp_path).begin(other)


def test_what_is_left_of_another_manifest_is_discarded(tmp_path: Path, built: Built) -> None:
    manifest, core, _ = built
    installation = Installation(tmp_path)
    first = installation.begin(manifest)
    first.put_core(core)
    assert (installation.begin(manifest).folder / "pack.json").exists()
    other = dataclasses.replace(manifest, title={"kk": "Басқа"})
    assert not (installation.begin(other).folder / "pack.json").exists()


def test_damaged_media_are_told(tmp_path: Path, built: Built) -> None:
    manifest, _, video = built
    installed = install(tmp_path, built)
    path = installed.media_path(manifest.media[0])
    content = bytearray(video.read_bytes())
    content[100] ^= 1
    path.write_bytes(bytes(content))
    (problem,) = installed.problems()
    assert "video.mp4" in str(problem)
    path.write_bytes(b"short")
    assert installed.missing_media == manifest.media


def test_one_damaged_version_hides_no_other(tmp_path: Path, built: Built) -> None:
    installed = install(tmp_path, built)
    copy = tmp_path / "equations" / "2"
    shutil.copytree(installed.folder, copy)
    (tmp_path / "zzz" / "1" / ".keruen").mkdir(parents=True)
    (tmp_path / "zzz" / "1" / ".keruen" / "manifest.json").write_bytes(b"{")
    (tmp_path / "notes.txt").write_text("x")
    installation = Installation(tmp_path)
    assert installation.installed() == [installed]
    damaged = [str(problem) for problem in installation.damaged()]
    assert len(damaged) == 2
    assert "belongs to equations version 1" in damaged[0]
    assert "zzz" in damaged[1]


def test_versions_in_order_and_removal(tmp_path: Path, built: Built) -> None:
    for version in (1, 10, 9):
        manifest = dataclasses.replace(built[0], version=version)
        staging = Installation(tmp_path).begin(manifest)
        staging.put_core(built[1])
        staging.finish()
    installation = Installation(tmp_path)
    assert [one.manifest.version for one in installation.installed()] == [1, 9, 10]
    newest = installation.newest("equations")
    assert newest is not None
    assert newest.manifest.version == 10
    installation.remove("equations", 9)
    installation.remove("equations", 9)
    assert [one.manifest.version for one in installation.installed()] == [1, 10]


def test_parts_are_shared_by_versions(tmp_path: Path) -> None:
    path = Installation(tmp_path).part_path("ab" * 32)
    assert path.parent.is_dir()
    assert path.name == "ab" * 32


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_in_the_way_leads_nowhere(tmp_path: Path, built: Built) -> None:
    manifest, core, _ = built
    outside = tmp_path / "outside"
    outside.mkdir()
    staging = Installation(tmp_path / "packs").begin(manifest)
    (staging.folder / "lessons").symlink_to(outside)
    with pytest.raises(ContentError, match="leads out"):
        staging.put_core(core)
    assert not any(outside.iterdir())


def test_a_power_cut_at_any_step_shows_the_pack_whole_or_not_at_all(
    tmp_path: Path, built: Built
) -> None:
    for steps in range(200):
        folder = tmp_path / str(steps)
        whole = False
        with pytest.MonkeyPatch.context() as patch:
            Power(patch, steps)
            try:
                install(folder, built)
                whole = True
            except PowerCut:
                pass
        for installed in Installation(folder).installed():
            assert installed.problems() == ()
        assert install(folder, built).problems() == ()
        if whole:
            assert steps > 20
            return
    pytest.fail("the installation never came to its end")


def test_a_power_cut_while_repairing_loses_nothing_that_was_good(
    tmp_path: Path, built: Built
) -> None:
    manifest, _, video = built
    for steps in range(0, 200, 3):
        folder = tmp_path / str(steps)
        installed = install(folder, built)
        shutil.copy(video, installed.media_path(manifest.media[0]))
        (installed.folder / "lessons" / "meaning" / "text.kk.md").write_bytes(b"?")
        whole = False
        with pytest.MonkeyPatch.context() as patch:
            Power(patch, steps)
            try:
                install(folder, built)
                whole = True
            except PowerCut:
                pass
        assert Installation(folder).installed() == [installed]
        assert len(installed.problems()) <= 1
        assert installed.missing_media == ()
        assert install(folder, built).problems() == ()
        if whole:
            return
    pytest.fail("the repair never came to its end")
