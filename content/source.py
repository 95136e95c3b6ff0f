"""A pack's source folder: TOML, Markdown, media and subtitles (docs/making-packs.md)."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from content import media, pack
from content.canonical import to_canonical
from content.errors import MissingError, PathError, SourceError
from content.fields import IDENTIFIER, LANGUAGE, Fields
from content.manifest import (
    MAX_CORE_BYTES,
    MAX_CORE_FILE_BYTES,
    MAX_FILES,
    MAX_VERSION,
    SMALL_FILE_BYTES,
    pack_id,
)
from content.paths import check_paths
from content.storage import read_bounded, storage_errors
from content.task import Task, read_task
from content.text import Text

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACK_FILE = "pack.toml"
LESSON_FILE = "lesson.toml"
_TEXT_NAME = re.compile(r"text\.([A-Za-z0-9-]+)\.md\Z")
_LITTER = re.compile(r"(\..*|.*~|Thumbs\.db|desktop\.ini|.*\.(tmp|bak))\Z", re.IGNORECASE)
_ALWAYS_SMALL = (".md", ".vtt")


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


@dataclass(frozen=True)
class LessonSource:
    """What a lesson's folder holds."""

    id: str
    folder: Path
    title: Text
    summary: Text
    minutes: int
    texts: Mapping[str, str]
    video: Optional[VideoSource]
    task_ids: Tuple[str, ...]

    def task_path(self, task_id: str) -> Path:
        """The TOML file of a task."""
        return self.folder / "tasks" / f"{task_id}.toml"


@dataclass(frozen=True)
class SourceMedia:
    """A file that becomes an object of its own."""

    path: str
    origin: Path
    kind: str
    duration_s: Optional[float]


@dataclass(frozen=True)
class Source:
    """Everything that a build needs: small files by their content, large ones by their place."""

    table: PackTable
    core: Mapping[str, bytes]
    media: Tuple[SourceMedia, ...]


def read_source(folder: Path) -> Source:
    """Read a whole source folder; raises the first problem as a SourceError or PathError."""
    table = read_pack_table(folder)
    core: Dict[str, bytes] = {}
    large: List[SourceMedia] = []
    entries = []
    for lesson_id in table.lesson_ids:
        lesson = read_lesson(folder, lesson_id)
        tasks = {task_id: read_toml(lesson.task_path(task_id)) for task_id in lesson.task_ids}
        read_tasks = [read_task(task_id, values) for task_id, values in tasks.items()]
        for task_id, values in tasks.items():
            core[f"lessons/{lesson_id}/tasks/{task_id}.json"] = _json(values.values, values.place)
        core[f"lessons/{lesson_id}/lesson.json"] = to_canonical(_lesson_values(lesson, read_tasks))
        entries.append(_entry_values(lesson))
        _add_files(lesson, core, large)
    core["pack.json"] = to_canonical(_pack_values(table, entries))
    _check_limits(folder, core, large)
    return Source(table, core, tuple(sorted(large, key=lambda one: one.path)))


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
    )


def read_toml(path: Path) -> Fields:
    """A TOML file; raises SourceError naming it when it is missing or cannot be read."""
    try:
        data = read_bounded(path, MAX_CORE_FILE_BYTES)
        values = tomllib.loads(data.decode("utf-8"))
    except MissingError:
        raise SourceError(f"{path} is missing; create it.") from None
    except UnicodeDecodeError:
        raise SourceError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise SourceError(f"{path} cannot be read: {problem or 'nested too deeply'}.") from None
    return Fields(values, str(path), SourceError)


def source_files(lesson: LessonSource) -> Iterator[Tuple[str, Path]]:
    """(path in the pack, file) of everything in a lesson's folder that is carried as it is.

    Raises PathError for links: what a pack holds must lie in its folder.
    """
    for root, folders, names in os.walk(lesson.folder):
        folders[:] = sorted(name for name in folders if not _LITTER.match(name))
        for name in [*folders, *sorted(names)]:
            origin = Path(root) / name
            if origin.is_symlink():
                raise PathError(f"{origin} is a link; put the file itself there.")
            carried = not _LITTER.match(name) and origin.suffix.lower() != ".toml"
            if carried and name not in folders:
                inside = origin.relative_to(lesson.folder).as_posix()
                yield f"lessons/{lesson.id}/{inside}", origin


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
    if table is None and "video.mp4" not in names:
        return None
    file = table.string("file", "video.mp4") if table else "video.mp4"
    if file not in names:
        raise SourceError(f'{fields.place}: the video "{file}" is not beside it; add it.')
    poster = table.string("poster", "-").strip("-") if table else ""
    if poster and poster not in names:
        raise SourceError(f'{fields.place}: the poster "{poster}" is not beside it; add it.')
    posters = [name for name in ("poster.png", "poster.jpg") if name in names]
    stem = re.escape(file.rpartition(".")[0])
    subtitles = _by_language(names, re.compile(stem + r"\.([A-Za-z0-9-]+)\.vtt\Z"))
    return VideoSource(file, poster or (posters[0] if posters else ""), subtitles)


def _by_language(names: List[str], pattern: re.Pattern[str]) -> Dict[str, str]:
    found = ((pattern.match(name), name) for name in names)
    return {match[1]: name for match, name in found if match and LANGUAGE.match(match[1])}


def _add_files(lesson: LessonSource, core: Dict[str, bytes], large: List[SourceMedia]) -> None:
    for path, origin in source_files(lesson):
        if path in core:
            raise SourceError(f"{origin} has the name of a file that the build makes; rename it.")
        with storage_errors(origin):
            size_bytes = origin.stat().st_size
            kind = media.kind_of(path)
            if origin.suffix.lower() in _ALWAYS_SMALL:
                core[path] = read_bounded(origin, MAX_CORE_FILE_BYTES)
            elif kind in ("video", "audio") or size_bytes > SMALL_FILE_BYTES:
                large.append(SourceMedia(path, origin, kind, media.duration_s(origin)))
            else:
                core[path] = read_bounded(origin, SMALL_FILE_BYTES)


def _check_limits(folder: Path, core: Mapping[str, bytes], large: List[SourceMedia]) -> None:
    if len(core) + len(large) > MAX_FILES:
        raise SourceError(f"{folder} has more than {MAX_FILES} files; split it into packs.")
    if sum(map(len, core.values())) > MAX_CORE_BYTES:
        limit = MAX_CORE_BYTES // 2**20
        raise SourceError(f"{folder} has more than {limit} MiB of small files; split it.")
    check_paths([*core, *(one.path for one in large)])


def _json(values: Mapping[str, Any], place: str) -> bytes:
    try:
        return to_canonical(values)
    except (TypeError, ValueError):
        raise SourceError(f"{place} holds a date or a value that is no number or text.") from None


def _pack_values(table: PackTable, entries: List[Dict[str, Any]]) -> Dict[str, Any]:
    return {
        "format": pack.FORMAT,
        "id": table.id,
        "version": table.version,
        "subject": table.subject,
        "grade": table.grade,
        "languages": list(table.languages),
        "title": table.title,
        "lessons": entries,
        **({"licence": table.licence} if table.licence else {}),
    }


def _entry_values(lesson: LessonSource) -> Dict[str, Any]:
    return {
        "id": lesson.id,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "has_video": lesson.video is not None,
        "tasks": list(lesson.task_ids),
        **({"summary": lesson.summary} if lesson.summary else {}),
    }


def _lesson_values(lesson: LessonSource, tasks: List[Task]) -> Dict[str, Any]:
    values: Dict[str, Any] = {
        "title": lesson.title,
        "minutes": lesson.minutes,
        "texts": dict(lesson.texts),
        "tasks": [
            {
                "id": task.id,
                "title": task.title,
                "minutes": task.minutes,
                "items": len(task.items),
            }
            for task in tasks
        ],
    }
    if lesson.summary:
        values["summary"] = lesson.summary
    if lesson.video:
        values["video"] = _video_values(lesson, lesson.video)
    return values


def _video_values(lesson: LessonSource, video: VideoSource) -> Dict[str, Any]:
    length_s = media.duration_s(lesson.folder / video.file)
    return {
        "file": video.file,
        "subtitles": dict(video.subtitles),
        **({"duration_s": length_s} if length_s else {}),
        **({"poster": video.poster} if video.poster else {}),
    }
