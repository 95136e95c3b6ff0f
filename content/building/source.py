"""A pack's source folder: TOML, Markdown, media and subtitles (docs/making-packs.md)."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from content import media, pack
from content.building.source_tables import (
    LESSON_FILE,
    LessonSource,
    PackTable,
    VideoSource,
    read_lesson,
    read_pack_table,
)
from content.building.source_toml import read_toml
from content.canonical import to_canonical
from content.errors import PathError, SourceError
from content.manifest import (
    MAX_CORE_BYTES,
    MAX_CORE_FILE_BYTES,
    MAX_FILES,
    SMALL_FILE_BYTES,
)
from content.paths import check_paths
from content.sealing.task import level, sealed_values
from content.storage import read_bounded, storage_errors
from content.task import Task, read_task
from content.variants.instance import sample_fields, task_key

_LITTER = re.compile(r"(\..*|.*~|Thumbs\.db|desktop\.ini|.*\.(tmp|bak))\Z", re.IGNORECASE)
_ALWAYS_SMALL = (".md", ".vtt")


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


def read_source(folder: Path, secret: bytes = b"") -> Source:
    """Read a whole source folder; raises the first problem as a SourceError or PathError.

    ``secret`` is the author's, with which tests are sealed (``content.sealing``).
    """
    table = read_pack_table(folder)
    core: Dict[str, bytes] = {}
    large: List[SourceMedia] = []
    entries = []
    for lesson_id in table.lesson_ids:
        lesson = read_lesson(folder, lesson_id)
        _refuse_missing(lesson)
        tasks = {task_id: read_toml(lesson.task_path(task_id)) for task_id in lesson.task_ids}
        read_tasks = [
            read_task(task_id, sample_fields(values)) for task_id, values in tasks.items()
        ]
        for task_id, values in tasks.items():
            key = task_key(table.id, lesson_id, task_id)
            built = sealed_values(values, key, secret) if level(values) else values.values
            core[f"lessons/{lesson_id}/tasks/{task_id}.json"] = _json(built, values.place)
        core[f"lessons/{lesson_id}/lesson.json"] = to_canonical(_lesson_values(lesson, read_tasks))
        entries.append(_entry_values(lesson))
        _add_files(lesson, core, large)
    core["pack.json"] = to_canonical(_pack_values(table, entries))
    _check_limits(folder, core, large)
    return Source(table, core, tuple(sorted(large, key=lambda one: one.path)))


def source_files(lesson: LessonSource) -> Iterator[Tuple[str, Path]]:
    """(path in the pack, file) of everything in a lesson's folder that is carried as it is.

    Raises PathError for links, pipes and devices: what a pack holds must lie in its folder.
    """
    straight = Path(os.path.realpath(lesson.folder.parents[1])) / "lessons" / lesson.id
    _refuse_link(lesson.folder, straight)
    for root, folders, names in os.walk(lesson.folder):
        folders[:] = sorted(name for name in folders if not _LITTER.match(name))
        for name in [*folders, *sorted(names)]:
            origin = Path(root) / name
            inside = origin.relative_to(lesson.folder)
            _refuse_link(origin, straight / inside)
            carried = not _LITTER.match(name) and origin.suffix.lower() != ".toml"
            if carried and name not in folders:
                if not stat.S_ISREG(origin.stat().st_mode):
                    raise PathError(f"{origin} is no plain file; take it away.")
                yield f"lessons/{lesson.id}/{inside.as_posix()}", origin


def _refuse_link(path: Path, straight: Path) -> None:
    """Raise PathError for a link, or a junction of Windows: where it leads tells both."""
    if path.is_symlink() or Path(os.path.realpath(path)) != straight:
        raise PathError(f"{path} is a link; put the file itself there.")


def _refuse_missing(lesson: LessonSource) -> None:
    if lesson.missing:
        raise SourceError(
            f'{lesson.folder / LESSON_FILE}: "{lesson.missing[0]}" is not beside it; add it.'
        )


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
        **({"renditions": dict(video.renditions)} if video.renditions else {}),
    }
