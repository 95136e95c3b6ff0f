from __future__ import annotations

from pathlib import Path

import pytest

from content.building.builder import build_pack
from content.errors import FormatError, MissingError
from content.patches.difference import difference
from content.repositories.repository import Repository
from tests.content.patches.test_patch_set import publish
from tests.support.packs import KEY, TRUSTED, tiny_mp4, write_source


def test_what_happened_to_each_file_and_what_it_costs(tmp_path: Path) -> None:
    publish(tmp_path, 1, video_mp4=tiny_mp4(3, 1_500_000))
    source = write_source(tmp_path / "source-2", version=2, video_bytes=1_000)
    lesson = source / "lessons" / "meaning"
    (lesson / "video.mp4").write_bytes(tiny_mp4(3, 1_500_000)[:-200_000])
    (lesson / "text.ru.md").write_text("# Другое\n", "utf-8")
    (lesson / "text.en.md").write_text("# New\n", "utf-8")
    (lesson / "video.ru.vtt").rename(lesson / "video.en.vtt")
    build_pack(source, tmp_path / "repository", KEY)
    repository = Repository(tmp_path / "repository")
    found = difference(repository, TRUSTED, "equations")
    at = "lessons/meaning/"
    assert (found.old, found.new) == (1, 2)
    assert found.added == (at + "text.en.md",)
    assert found.removed == ()
    assert set(found.changed) == {
        "pack.json", at + "lesson.json", at + "text.ru.md", at + "video.mp4",
    }  # fmt: skip
    assert found.moved == ((at + "video.ru.vtt", at + "video.en.vtt"),)
    assert found.patch_bytes == repository.patch_size("equations", 1, 2)
    assert 0 < found.media_bytes[at + "video.mp4"] < 150_000
    whole = found.catalogue_bytes + found.patch_bytes + sum(found.media_bytes.values())
    assert found.total_bytes == whole
    assert found.seconds(256_000) == pytest.approx(whole / 32_000)


def test_without_a_patch_the_core_is_fetched(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    repository = publish(tmp_path, 2)
    repository.patch_path("equations", 1, 2).unlink()
    found = difference(repository, TRUSTED, "equations", 1, 2)
    # The catalogue still lists it: what a laptop would ask for first.
    assert found.patch_bytes > 0
    third = publish(tmp_path, 3)
    assert difference(third, TRUSTED, "equations", 1, 2).patch_bytes == 0
    assert difference(third, TRUSTED, "equations", 1, 2).total_bytes > found.total_bytes


def test_what_is_not_there(tmp_path: Path) -> None:
    repository = publish(tmp_path, 1)
    for arguments in (("other",), ("equations",), ("equations", 7, 8), ("equations", 0, 1)):
        with pytest.raises((MissingError, FormatError)):
            difference(repository, TRUSTED, *arguments)  # type: ignore[arg-type]
