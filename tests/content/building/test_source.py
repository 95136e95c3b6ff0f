from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Callable, Dict

import pytest

from content.building.check import check_source
from content.building.source import read_source
from content.errors import ContentError, PathError, SourceError
from tests.support.packs import tiny_mp4, write_source

LESSON = "lessons/meaning"


def test_what_becomes_of_a_source(tmp_path: Path) -> None:
    source = read_source(write_source(tmp_path / "s"))
    assert sorted(source.core) == [
        f"{LESSON}/lesson.json",
        f"{LESSON}/pictures/scales.png",
        f"{LESSON}/poster.png",
        f"{LESSON}/tasks/steps.json",
        f"{LESSON}/text.kk.md",
        f"{LESSON}/text.ru.md",
        f"{LESSON}/video.kk.vtt",
        f"{LESSON}/video.ru.vtt",
        "pack.json",
    ]
    (video,) = source.media
    assert (video.path, video.kind, video.duration_s) == (f"{LESSON}/video.mp4", "video", 3.0)
    lesson = json.loads(source.core[f"{LESSON}/lesson.json"])
    assert lesson["video"]["subtitles"] == {"kk": "video.kk.vtt", "ru": "video.ru.vtt"}
    assert lesson["tasks"][0]["items"] == 4


def test_large_pictures_are_media_and_small_videos_too(tmp_path: Path) -> None:
    folder = write_source(tmp_path / "s", video_bytes=10)
    (folder / LESSON / "pictures" / "big.png").write_bytes(bytes(256 * 1024 + 1))
    (folder / LESSON / "pictures" / "fits.png").write_bytes(bytes(256 * 1024))
    source = read_source(folder)
    assert [(one.path, one.kind) for one in source.media] == [
        (f"{LESSON}/pictures/big.png", "picture"),
        (f"{LESSON}/video.mp4", "video"),
    ]
    assert f"{LESSON}/pictures/fits.png" in source.core


def test_renditions_beside_the_video_are_listed(tmp_path: Path) -> None:
    folder = write_source(tmp_path / "s", video_bytes=10)
    for name in ("video.144p.mp4", "video.audio.m4a", "other.360p.mp4"):
        (folder / LESSON / name).write_bytes(tiny_mp4(3))
    source = read_source(folder)
    lesson = json.loads(source.core[f"{LESSON}/lesson.json"])
    assert lesson["video"]["file"] == "video.mp4"
    assert lesson["video"]["renditions"] == {"144p": "video.144p.mp4", "audio": "video.audio.m4a"}
    assert lesson["video"]["subtitles"] == {"kk": "video.kk.vtt", "ru": "video.ru.vtt"}


def test_a_sound_alone_stands_for_the_video(tmp_path: Path) -> None:
    folder = write_source(tmp_path / "s", video_bytes=10)
    (folder / LESSON / "video.mp4").rename(folder / LESSON / "video.audio.m4a")
    toml = folder / LESSON / "lesson.toml"
    toml.write_text(toml.read_text("utf-8").split("[video]")[0], "utf-8")
    lesson = json.loads(read_source(folder).core[f"{LESSON}/lesson.json"])
    assert lesson["video"]["file"] == "video.audio.m4a"
    assert lesson["video"]["subtitles"] == {"kk": "video.kk.vtt", "ru": "video.ru.vtt"}
    assert "renditions" not in lesson["video"]


def test_litter_is_left_out(tmp_path: Path) -> None:
    folder = write_source(tmp_path / "s")
    before = read_source(folder).core
    for name in (".DS_Store", "Thumbs.db", "text.kk.md~", "notes.bak", ".git/config"):
        path = folder / LESSON / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    assert read_source(folder).core == before


def test_defaults(tmp_path: Path) -> None:
    folder = write_source(tmp_path / "s")
    pack = folder / "pack.toml"
    pack.write_text(pack.read_text("utf-8").replace('lessons = ["meaning"]\n', ""), "utf-8")
    (folder / LESSON / "lesson.toml").write_text('[title]\nkk = "т"\n', "utf-8")
    lesson = json.loads(read_source(folder).core[f"{LESSON}/lesson.json"])
    assert lesson["minutes"] == 20
    assert lesson["video"]["file"] == "video.mp4"
    assert lesson["video"]["poster"] == "poster.png"


def _append(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(
        (folder / name).read_text("utf-8") + text, "utf-8"
    )


BREAKS: Dict[str, Callable[[Path], object]] = {
    "pack.toml is missing": lambda folder: (folder / "pack.toml").unlink(),
    "cannot be read": _append("pack.toml", "\n= ="),
    "not UTF-8": lambda folder: (folder / "pack.toml").write_bytes(b"\xff"),
    "lesson.toml is missing": lambda folder: (folder / LESSON / "lesson.toml").unlink(),
    '"video.mp4" is not beside it': lambda folder: (folder / LESSON / "video.mp4").unlink(),
    "holds a date": _append(f"{LESSON}/tasks/steps.toml", "\nwhen = 2024-01-01\n"),
    "name task files": lambda folder: (folder / LESSON / "tasks" / "Тест.toml").write_text(
        "", "utf-8"
    ),
    "name of a file that the build makes": lambda folder: (
        folder / LESSON / "lesson.json"
    ).write_text("{}"),
    "the same file on Windows": lambda folder: (folder / LESSON / "POSTER.png").write_bytes(b"x"),
    "Windows reserves": lambda folder: (folder / LESSON / "aux.png").write_bytes(b"x"),
    "steps.toml": _append(f"{LESSON}/tasks/steps.toml", '\n[[item]]\nid = "z"\n'),
}


@pytest.mark.parametrize("words", BREAKS)
def test_what_is_wrong_is_said(tmp_path: Path, words: str) -> None:
    folder = write_source(tmp_path / "s")
    BREAKS[words](folder)
    with pytest.raises((SourceError, PathError)) as caught:
        read_source(folder)
    assert words in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_links_are_refused(tmp_path: Path) -> None:
    folder = write_source(tmp_path / "s")
    secret = tmp_path / "secret"
    secret.mkdir()
    for target, name in ((tmp_path / "x", "file.png"), (secret, "folder")):
        link = folder / LESSON / name
        link.symlink_to(target)
        with pytest.raises(PathError, match="is a link"):
            read_source(folder)
        link.unlink()


@pytest.mark.parametrize(
    "toml", ["a = " + "[" * 10_000, "a = 1\na = 2", "[pack]", "pack = 3", "x" * 2_000_000]
)
def test_hostile_toml(tmp_path: Path, toml: str) -> None:
    folder = write_source(tmp_path / "s")
    (folder / "pack.toml").write_text(toml, "utf-8")
    with pytest.raises(ContentError, match=r"pack\.toml"):
        read_source(folder)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize("linked", [LESSON, "lessons", "pack.toml", f"{LESSON}/lesson.toml"])
def test_a_link_above_the_files_is_refused_too(tmp_path: Path, linked: str) -> None:
    folder = write_source(tmp_path / "pack", video_bytes=10)
    (folder / linked).rename(tmp_path / "elsewhere")
    (folder / linked).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ContentError, match="is a link"):
        read_source(folder)


def test_a_source_may_itself_be_reached_by_a_link(tmp_path: Path) -> None:
    folder = write_source(tmp_path / "pack", video_bytes=10)
    (tmp_path / "link").symlink_to(folder)
    assert read_source(tmp_path / "link").core == read_source(folder).core


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
@pytest.mark.parametrize("name", ["pipe.txt", "video.mp4", "text.kk.md", "lesson.toml"])
def test_a_pipe_blocks_nothing(tmp_path: Path, name: str) -> None:
    folder = write_source(tmp_path, video_bytes=10)
    if name != "pipe.txt":
        (folder / LESSON / name).unlink()
    os.mkfifo(folder / LESSON / name)
    with pytest.raises(ContentError, match=name):
        read_source(folder)
    assert check_source(folder)
