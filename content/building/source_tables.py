"""The tables of a source folder: pack.toml, lesson.toml and what lies beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Tuple

from content import pack
from content.building.source_toml import read_toml
from content.errors import PathError
from content.fields import IDENTIFIER, LANGUAGE, Fields
from content.manifest import MAX_VERSION, pack_id
from content.renditions.names import AUDIO, ending_of, grouped, split
from content.text import Text

PACK_FILE = "pack.toml"
LESSON_FILE = "lesson.toml"
_VIDEOS = ("video.mp4", "video" + ending_of(AUDIO))
"""Found without lesson.toml: a video, or a sound where there is nothing to see."""
_TEXT_NAME = re.compile(r"text\.([A-Za-z0-9-]+)\.md\Z")


@dataclass(frozen=True)
class PackTable:
    """What pack.toml says."""

    id: str
    version: int
    subject: str
    grade: int
    languages: Tuple[str, ...]
    licence: str
    title: Text
    lesson_ids: Tuple[str, ...]


@dataclass(frozen=True)
class VideoSource:
    """File names within the lesson's folder."""

    file: str
    poster: str
    subtitles: Mapping[str, str]
    renditions: Mapping[str, str]
    """The others that stand beside ``file``: "144p" to "video.144p.mp4"."""


@dataclass(frozen=True)
class LessonSource:
    """What a lesson's folder holds; ``missing`` are files that lesson.toml names in vain."""

    id: str
    folder: Path
    title: Text
    summary: Text
    minutes: int
    texts: Mapping[str, str]
    video: Optional[VideoSource]
    task_ids: Tuple[str, ...]
    missing: Tuple[str, ...] = ()

    def task_path(self, task_id: str) -> Path:
        """The TOML file of a task."""
        return self.folder / "tasks" / f"{task_id}.toml"


def read_pack_table(folder: Path) -> PackTable:
    """Read pack.toml."""
    fields = read_toml(folder / PACK_FILE).child("pack")
    return PackTable(
        id=pack_id(fields, "id"),
        version=fields.integer("version", 1, MAX_VERSION),
        subject=fields.identifier("subject"),
        grade=fields.integer("grade", 0, 12),
        languages=_languages(fields),
        licence=fields.string("licence", "-").strip("-"),
        title=fields.text("title"),
        lesson_ids=_lesson_ids(folder, fields),
    )


def read_lesson(folder: Path, lesson_id: str) -> LessonSource:
    """Read lesson.toml and what lies beside it."""
    place = folder / "lessons" / lesson_id
    fields = read_toml(place / LESSON_FILE)
    names = sorted(entry.name for entry in place.iterdir()) if place.is_dir() else []
    return LessonSource(
        id=lesson_id,
        folder=place,
        title=fields.text("title"),
        summary=fields.text("summary", required=False),
        minutes=fields.integer("minutes", 1, 600, default=20),
        texts=_by_language(names, _TEXT_NAME),
        video=_read_video(fields, names),
        task_ids=_task_ids(place, fields),
        missing=_missing(fields, names),
    )


def _languages(fields: Fields) -> Tuple[str, ...]:
    languages = fields.strings("languages", LANGUAGE, "languages such as kk")
    if not languages:
        raise fields.fail("languages", "must name at least one language")
    return languages


def _lesson_ids(folder: Path, fields: Fields) -> Tuple[str, ...]:
    listed = fields.strings("lessons", IDENTIFIER, "lesson folders", required=False)
    if not listed:
        listed = tuple(sorted(path.parent.name for path in folder.glob(f"lessons/*/{LESSON_FILE}")))
    if not 1 <= len(listed) <= pack.MAX_LESSONS:
        raise fields.fail("lessons", f"must name 1 to {pack.MAX_LESSONS} folders in lessons/")
    return listed


def _task_ids(folder: Path, fields: Fields) -> Tuple[str, ...]:
    listed = fields.strings("tasks", IDENTIFIER, "tasks", required=False)
    found = tuple(sorted(path.stem for path in folder.glob("tasks/*.toml")))
    for task_id in found:
        if not IDENTIFIER.match(task_id):
            raise PathError(
                f"{folder / 'tasks' / task_id}.toml: name task files with small Latin letters, "
                "digits and hyphens."
            )
    return listed or found


def _read_video(fields: Fields, names: List[str]) -> Optional[VideoSource]:
    table = fields.child("video") if fields.has("video") else None
    found = next((name for name in _VIDEOS if name in names), None)
    if table is None and found is None:
        return None
    file = table.string("file", "video.mp4") if table else found or _VIDEOS[0]
    poster = table.string("poster", "-").strip("-") if table else ""
    posters = [name for name in ("poster.png", "poster.jpg") if name in names]
    stem, own = split(file)
    if not own:
        stem = file.rpartition(".")[0]
    subtitles = _by_language(names, re.compile(re.escape(stem) + r"\.([A-Za-z0-9-]+)\.vtt\Z"))
    beside = grouped(names).get(stem, {}) if own else {}
    others = {rendition: name for rendition, name in beside.items() if rendition != own}
    return VideoSource(file, poster or (posters[0] if posters else ""), subtitles, others)


def _by_language(names: List[str], pattern: re.Pattern[str]) -> Dict[str, str]:
    found = ((pattern.match(name), name) for name in names)
    return {match[1]: name for match, name in found if match and LANGUAGE.match(match[1])}


def _missing(fields: Fields, names: List[str]) -> Tuple[str, ...]:
    if not fields.has("video"):
        return ()
    table = fields.child("video")
    wanted = [table.string("file", "video.mp4"), table.string("poster", "-")]
    return tuple(name for name in wanted if name not in (*names, "-"))
