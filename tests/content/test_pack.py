from __future__ import annotations

import json
from pathlib import Path

import pytest

from content.errors import (
    ContentError,
    FormatError,
    MismatchError,
    MissingError,
    PathError,
    UnknownFormatError,
)
from content.installation import Installation
from content.pack import Pack
from content.repositories.repository import Repository
from content.scoring import score_task
from tests.support.packs import build_sample


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    manifest = build_sample(tmp_path, video_bytes=10)
    repository = Repository(tmp_path / "repository")
    staging = Installation(tmp_path / "packs").begin(manifest)
    staging.put_core(repository.object_path(manifest.core.object).read_bytes())
    return staging.finish().folder


def test_a_pack_is_usable_with_its_core_alone(folder: Path) -> None:
    pack = Pack.open(folder)
    assert (pack.id, pack.version, pack.subject, pack.grade) == ("equations", 1, "algebra", 7)
    assert pack.languages == ("kk", "ru")
    (entry,) = pack.lessons
    assert (entry.id, entry.has_video, entry.task_ids) == ("meaning", True, ("steps",))
    lesson = pack.lesson("meaning")
    assert lesson.texts["kk"].read_text("utf-8").startswith("# Теңдеу")
    assert lesson.video is not None
    assert not lesson.video.path.exists()
    assert lesson.video.duration_s == 3.0
    assert lesson.video.poster is not None
    assert lesson.video.poster.exists()
    assert lesson.video.subtitles["ru"].exists()
    assert lesson.tasks[0].title["ru"] == "Шаг"


def test_a_task_is_read_and_scored(folder: Path) -> None:
    task = Pack.open(folder).task("meaning", "steps")
    answers = {"one": "a", "many": ["a", "b"], "number": "2,5", "why": "..."}
    score = score_task(task, answers)
    assert (score.points, score.of, score.waiting) == (4, 7, 3)


def test_what_is_not_there(folder: Path) -> None:
    pack = Pack.open(folder)
    for lesson, task in (("nope", "steps"), ("meaning", "nope"), ("meaning", "../../x")):
        with pytest.raises(MissingError):
            pack.task(lesson, task)
    with pytest.raises(MissingError):
        pack.lesson("../meaning")
    with pytest.raises(MissingError, match=r"pack\.json"):
        Pack.open(folder / "nowhere")


def test_damage_is_named(folder: Path) -> None:
    path = folder / "pack.json"
    good = json.loads(path.read_bytes())
    path.write_bytes(b"{")
    with pytest.raises(FormatError, match=r"pack\.json"):
        Pack.open(folder)
    path.write_text(json.dumps({**good, "format": 9}), "utf-8")
    with pytest.raises(UnknownFormatError):
        Pack.open(folder)


def test_a_lesson_cannot_point_outside(folder: Path) -> None:
    path = folder / "lessons" / "meaning" / "lesson.json"
    good = json.loads(path.read_bytes())
    for change in (
        {"texts": {"kk": "../../../secret"}},
        {"video": {"file": "/etc/passwd"}},
        {"video": {"file": "v.mp4", "renditions": {"144p": "../v.144p.mp4"}}},
        {"video": {"file": "v.mp4", "poster": "..\\x"}},
        {"video": {"file": "v.mp4", "subtitles": {"kk": "C:x"}}},
    ):
        path.write_text(json.dumps({**good, **change}), "utf-8")
        with pytest.raises(PathError):
            Pack.open(folder).lesson("meaning")
    path.write_text(json.dumps({**good, "texts": ["kk"]}), "utf-8")
    with pytest.raises(ContentError):
        Pack.open(folder).lesson("meaning")


def test_a_pack_is_the_version_that_was_signed(folder: Path) -> None:
    pack = Pack.open(folder)
    assert pack.of("equations", 1) is pack
    for other in (("equations", 2), ("algebra", 1)):
        with pytest.raises(MismatchError, match=r"pack\.json is of equations version 1"):
            pack.of(*other)


def test_a_lesson_tells_which_renditions_are_there(folder: Path) -> None:
    path = folder / "lessons/meaning/lesson.json"
    values = json.loads(path.read_text("utf-8"))
    values["video"]["renditions"] = {"144p": "video.144p.mp4", "hologram": "video.hologram"}
    path.write_text(json.dumps(values), "utf-8")
    video = Pack.open(folder).lesson("meaning").video
    assert video is not None
    assert {one: found.name for one, found in video.renditions.items()} == {
        "240p": "video.mp4",
        "144p": "video.144p.mp4",
    }
    assert video.here() == ()
    video.renditions["144p"].write_bytes(b"film")
    assert video.here() == ("144p",)
