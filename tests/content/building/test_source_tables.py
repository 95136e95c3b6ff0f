from __future__ import annotations

from pathlib import Path

import pytest

from content.building.source_tables import read_lesson, read_pack_table
from content.building.source_toml import read_toml
from content.errors import SourceError
from tests.support.packs import write_source


def test_the_pack_table(tmp_path: Path) -> None:
    table = read_pack_table(write_source(tmp_path, pack="x-1", version=4, video_bytes=10))
    assert (table.id, table.version, table.grade, table.licence) == ("x-1", 4, 7, "CC BY 4.0")
    assert table.lesson_ids == ("meaning",)


def test_the_lesson_and_what_lies_beside_it(tmp_path: Path) -> None:
    lesson = read_lesson(write_source(tmp_path, video_bytes=10), "meaning")
    assert lesson.texts == {"kk": "text.kk.md", "ru": "text.ru.md"}
    assert lesson.task_ids == ("steps",)
    assert lesson.missing == ()
    assert lesson.video is not None
    assert lesson.video.poster == "poster.png"
    assert lesson.task_path("steps").is_file()


def test_what_lesson_toml_names_in_vain(tmp_path: Path) -> None:
    folder = write_source(tmp_path, video_bytes=10)
    path = folder / "lessons" / "meaning" / "lesson.toml"
    path.write_text('[title]\nkk = "т"\n[video]\nfile = "a.mp4"\nposter = "b.png"\n', "utf-8")
    assert read_lesson(folder, "meaning").missing == ("a.mp4", "b.png")


def test_languages_and_lessons_are_needed(tmp_path: Path) -> None:
    folder = write_source(tmp_path, video_bytes=10)
    path = folder / "pack.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('["kk", "ru"]', "[]"), "utf-8")
    with pytest.raises(SourceError, match="at least one language"):
        read_pack_table(folder)
    path.write_text(text.replace('["meaning"]', '["../up"]'), "utf-8")
    with pytest.raises(SourceError, match="lesson folders"):
        read_pack_table(folder)


def test_toml_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    for content in (b"a = ", b"\xff", b"a = 1\na = 2\n"):
        path.write_bytes(content)
        with pytest.raises(SourceError, match=r"bad\.toml"):
            read_toml(path)
