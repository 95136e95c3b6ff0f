"""A built pack's folder, as a reader of lessons sees it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from content.canonical import from_json
from content.errors import MismatchError, MissingError
from content.fields import IDENTIFIER, LANGUAGE, Fields
from content.manifest import MAX_CORE_FILE_BYTES, MAX_VERSION, check_format, pack_id
from content.paths import check_path
from content.renditions.names import BASE, RENDITIONS, split
from content.sealing.task import open_task, refuse_sealed, unlock
from content.storage import read_bounded
from content.task import Task, read_task
from content.text import Text
from content.variants.instance import instantiate, plain_fields, task_key

FORMAT = 1
PACK_FILE = "pack.json"
MAX_LESSONS = 1_000


@dataclass(frozen=True)
class LessonEntry:
    """What a list of lessons shows of one."""

    id: str
    title: Text
    summary: Text
    minutes: int
    has_video: bool
    task_ids: Tuple[str, ...]


@dataclass(frozen=True)
class Video:
    """A lesson's video; ``path`` may still be missing, poster and subtitles are there."""

    path: Path
    poster: Optional[Path]
    duration_s: float
    subtitles: Mapping[str, Path]
    renditions: Mapping[str, Path] = field(default_factory=dict)
    """All of them by their names, ``path`` among them; any may be missing."""

    def here(self) -> Tuple[str, ...]:
        """The renditions whose files are there, from the cheapest to the dearest."""
        return tuple(
            one for one in RENDITIONS if one in self.renditions and self.renditions[one].is_file()
        )


@dataclass(frozen=True)
class TaskEntry:
    """What a lesson shows of a task."""

    id: str
    title: Text
    minutes: int
    items: int


@dataclass(frozen=True)
class Lesson:
    """One lesson; ``texts`` gives a Markdown file for each language, ``folder`` roots its links."""

    id: str
    title: Text
    summary: Text
    minutes: int
    texts: Mapping[str, Path]
    video: Optional[Video]
    tasks: Tuple[TaskEntry, ...]
    folder: Path


@dataclass(frozen=True)
class Pack:
    """One version of a pack, opened from its folder."""

    folder: Path
    id: str
    version: int
    subject: str
    grade: int
    languages: Tuple[str, ...]
    title: Text
    licence: str
    lessons: Tuple[LessonEntry, ...]

    @classmethod
    def open(cls, folder: Path) -> Pack:
        """Read ``pack.json``; raises MissingError, FormatError or UnknownFormatError naming it."""
        fields = _read(folder / PACK_FILE)
        check_format(fields, FORMAT)
        return cls(
            folder=folder,
            id=pack_id(fields, "id"),
            version=fields.integer("version", 1, MAX_VERSION),
            subject=fields.identifier("subject"),
            grade=fields.integer("grade", 0, 12),
            languages=fields.strings("languages", LANGUAGE, "languages such as kk"),
            title=fields.text("title"),
            licence=fields.string("licence", "-").strip("-"),
            lessons=tuple(
                _read_entry(lesson) for lesson in fields.children("lessons", limit=MAX_LESSONS)
            ),
        )

    def of(self, pack: str, version: int) -> Pack:
        """The pack itself, if it is the version that its manifest and its folder promise.

        Raises MismatchError: or else one publisher's pack could pass for another's.
        """
        if (self.id, self.version) != (pack, version):
            raise MismatchError(
                f"{self.folder / PACK_FILE} is of {self.id} version {self.version}, but its "
                f"publisher signed it as {pack} version {version}."
            )
        return self

    def lesson(self, lesson_id: str) -> Lesson:
        """Read one lesson; raises MissingError when the pack has none of that id."""
        folder = self._lesson_folder(lesson_id)
        fields = _read(folder / "lesson.json")
        return Lesson(
            id=lesson_id,
            title=fields.text("title"),
            summary=fields.text("summary", required=False),
            minutes=fields.integer("minutes", 1, 600),
            texts=_files(folder, fields, "texts"),
            video=_read_video(folder, fields.child("video")) if fields.has("video") else None,
            tasks=tuple(_read_task_entry(task) for task in fields.children("tasks")),
            folder=folder,
        )

    def task(
        self,
        lesson_id: str,
        task_id: str,
        person: str = "",
        attempt: int = 1,
        keys: Optional[Mapping[str, bytes]] = None,
    ) -> Task:
        """Read one task, as ``person`` gets it at their ``attempt`` (from 1).

        ``keys`` are those of sealed parts that were opened, by the parts' names. Raises
        MissingError when the lesson has none of that id, SealedError while its questions are
        sealed.
        """
        fields = _read(self._task_path(lesson_id, task_id))
        key = task_key(self.id, lesson_id, task_id)
        opening = open_task(fields, key, keys or {})
        inside = refuse_sealed(opening)
        instance = instantiate(inside, key, person, attempt)
        read = read_task(task_id, plain_fields(inside, instance))
        return replace(read, variant=instance.mark, key_sealed=opening.key_sealed)

    def unlock(self, lesson_id: str, task_id: str, code: str) -> Tuple[str, bytes]:
        """Give the name and the key of the sealed part that a code opens, to be kept.

        Raises WrongCodeError, and MissingError as `task` does.
        """
        key = task_key(self.id, lesson_id, task_id)
        return unlock(_read(self._task_path(lesson_id, task_id)), key, code)

    def _task_path(self, lesson_id: str, task_id: str) -> Path:
        entry = next((one for one in self.lessons if one.id == lesson_id), None)
        if entry is None or task_id not in entry.task_ids:
            raise MissingError(f"{self.folder} has no task {task_id!r} in lesson {lesson_id!r}.")
        return self._lesson_folder(lesson_id) / "tasks" / f"{task_id}.json"

    def _lesson_folder(self, lesson_id: str) -> Path:
        if lesson_id not in (lesson.id for lesson in self.lessons):
            raise MissingError(f"{self.folder} has no lesson {lesson_id!r}.")
        return self.folder / "lessons" / lesson_id


def _read(path: Path) -> Fields:
    data = read_bounded(path, MAX_CORE_FILE_BYTES)
    return Fields(from_json(data, str(path), MAX_CORE_FILE_BYTES), str(path))


def _read_entry(fields: Fields) -> LessonEntry:
    return LessonEntry(
        id=fields.identifier("id"),
        title=fields.text("title"),
        summary=fields.text("summary", required=False),
        minutes=fields.integer("minutes", 1, 600),
        has_video=fields.flag("has_video"),
        task_ids=fields.strings("tasks", IDENTIFIER, "tasks"),
    )


def _read_task_entry(fields: Fields) -> TaskEntry:
    return TaskEntry(
        id=fields.identifier("id"),
        title=fields.text("title"),
        minutes=fields.integer("minutes", 1, 600),
        items=fields.integer("items", 1, 1_000),
    )


def _read_video(folder: Path, fields: Fields) -> Video:
    poster = folder / check_path(fields.string("poster")) if fields.has("poster") else None
    file = check_path(fields.string("file"))
    return Video(
        path=folder / file,
        poster=poster,
        duration_s=fields.number("duration_s", 0, 1e6, default=0),
        subtitles=_files(folder, fields, "subtitles"),
        renditions={split(file)[1] or BASE: folder / file, **_renditions(folder, fields)},
    )


def _renditions(folder: Path, fields: Fields) -> Dict[str, Path]:
    """Those beside the video itself; names from later versions are passed over."""
    if not fields.has("renditions"):
        return {}
    table = fields.child("renditions")
    return {one: folder / check_path(table.string(one)) for one in RENDITIONS if table.has(one)}


def _files(folder: Path, fields: Fields, name: str) -> Dict[str, Path]:
    """A table of language to file name, as paths."""
    if not fields.has(name):
        return {}
    table: Mapping[str, Any] = fields.child(name).values
    if not table:
        return {}
    return {language: folder / check_path(file) for language, file in fields.text(name).items()}
