"""Checking a source folder: everything that is wrong or missing in it, not the first thing only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable, List, Optional, Tuple, TypeVar

from content import media
from content.assessment.remarks import assessment_remarks
from content.building.check_items import item_findings
from content.building.check_text import text_findings
from content.building.check_variants import CHECKED_SEEDS, variant_findings
from content.building.finding import ERROR, WARNING, Finding
from content.building.source import source_files
from content.building.source_tables import (
    LESSON_FILE,
    PACK_FILE,
    LessonSource,
    PackTable,
    read_lesson,
    read_pack_table,
)
from content.building.source_toml import read_toml
from content.documents.subtitles import read_webvtt
from content.errors import ContentError, SubtitleError
from content.fields import Fields
from content.items.registry import BY_TEACHER
from content.manifest import MAX_CORE_FILE_BYTES
from content.paths import check_paths
from content.sealing.task import level
from content.storage import read_bounded
from content.task import Task, read_task, task_problems
from content.text import Text
from content.variants.instance import has_variants, sample_fields, task_key

__all__ = ["ERROR", "WARNING", "Finding", "check_source"]

T = TypeVar("T")


def check_source(folder: Path, seeds: int = CHECKED_SEEDS) -> List[Finding]:
    """All findings, file by file; a folder without errors builds.

    ``seeds`` is how many pupils' variants of a task are tried.
    """
    check = _Check(folder, seeds)
    check.run()
    return check.findings


class _Check:
    def __init__(self, folder: Path, seeds: int) -> None:
        self.folder = folder
        self.seeds = seeds
        self.findings: List[Finding] = []
        self.pack = ""
        self.languages: Tuple[str, ...] = ()
        self.paths: List[str] = []

    def run(self) -> None:
        table = self.attempt(self.folder / PACK_FILE, lambda: read_pack_table(self.folder))
        if table is None:
            return
        self.pack, self.languages = table.id, table.languages
        self.translations(self.folder / PACK_FILE, "title", table.title)
        for lesson_id in table.lesson_ids:
            path = self.folder / "lessons" / lesson_id / LESSON_FILE
            lesson = self.attempt(path, lambda: read_lesson(self.folder, lesson_id))  # noqa: B023
            if lesson:
                self.lesson(lesson, path)
        self.attempt(self.folder, lambda: check_paths(self.paths))
        self.forgotten(table)

    def attempt(self, path: Path, step: Callable[[], T], place: str = "") -> Optional[T]:
        """What ``step`` returns; its error becomes a finding."""
        try:
            return step()
        except ContentError as problem:
            text = str(problem).replace(f"{self.folder}{os.sep}", "")
            inside = str(path).replace(f"{self.folder}{os.sep}", "")
            self.note(ERROR, path, place, text.replace(f"{inside}: ", ""))
            return None

    def note(self, severity: str, path: Path, place: str, text: str) -> None:
        inside = path.relative_to(self.folder).as_posix() if path != self.folder else "."
        self.findings.append(Finding(severity, inside, place, text))

    def translations(self, path: Path, place: str, text: Text) -> None:
        missing = [language for language in self.languages if not text.get(language)]
        if text and missing:
            self.note(WARNING, path, place, f"No text in {', '.join(missing)}.")

    def forgotten(self, table: PackTable) -> None:
        for path in sorted(self.folder.glob(f"lessons/*/{LESSON_FILE}")):
            if path.parent.name not in table.lesson_ids:
                self.note(WARNING, path, "", f"Add this lesson to {PACK_FILE}.")

    def lesson(self, lesson: LessonSource, path: Path) -> None:
        self.translations(path, "title", lesson.title)
        self.translations(path, "summary", lesson.summary)
        self.files(lesson)
        self.texts(lesson, path)
        self.video(lesson, path)
        for task_id in lesson.task_ids:
            self.task(lesson, task_id)
        for task in sorted(lesson.folder.glob("tasks/*.toml")):
            if task.stem not in lesson.task_ids:
                self.note(WARNING, task, "", f"Add this task to {LESSON_FILE}.")

    def files(self, lesson: LessonSource) -> None:
        for path, origin in self.attempt(lesson.folder, lambda: list(source_files(lesson))) or ():
            self.paths.append(path)
            if origin.stat().st_size == 0:
                self.note(ERROR, origin, "", "The file is empty.")

    def texts(self, lesson: LessonSource, path: Path) -> None:
        missing = [language for language in self.languages if language not in lesson.texts]
        for language in missing:
            self.note(WARNING, path, "", f"The lesson has no text.{language}.md.")
        for name in lesson.texts.values():
            file = lesson.folder / name
            text = self.attempt(file, lambda: _read_text(file))  # noqa: B023
            if text is not None:
                self.markdown(lesson, file, "", text)

    def markdown(self, lesson: LessonSource, path: Path, place: str, text: str) -> None:
        inside = path.relative_to(self.folder).as_posix()
        self.findings.extend(text_findings(text, lesson.folder, inside, place))

    def video(self, lesson: LessonSource, path: Path) -> None:
        for name in lesson.missing:
            self.note(ERROR, path, "video", f'"{name}" is not beside it; add it.')
        video = lesson.video
        if video is None or video.file in lesson.missing:
            return
        file = lesson.folder / video.file
        length_s = self.attempt(file, lambda: media.duration_s(file))
        if length_s is None and video.file.endswith(".mp4"):
            self.note(ERROR, file, "", "This is no MP4 video that can play.")
        if not video.poster:
            self.note(WARNING, path, "video", "No poster.png shows what the video is about.")
        for language in self.languages:
            if language not in video.subtitles:
                self.note(WARNING, path, "video", f"The video has no subtitles in {language}.")
        for name in video.subtitles.values():
            self.subtitles(lesson.folder / name, length_s)

    def subtitles(self, path: Path, length_s: Optional[float]) -> None:
        text = self.attempt(path, lambda: _read_text(path))
        if text is None:
            return
        try:
            cues, problems = read_webvtt(text)
        except SubtitleError as problem:
            self.note(ERROR, path, "line 1", str(problem))
            return
        for problem_found in problems:
            self.note(ERROR, path, f"line {problem_found.line}", f"{problem_found.text}.")
        if not cues:
            self.note(ERROR, path, "", "The subtitles hold no words.")
        elif length_s and cues[-1].start_s > length_s:
            self.note(WARNING, path, "", f"The last words come after the video's {length_s:.0f} s.")

    def task(self, lesson: LessonSource, task_id: str) -> None:
        path = lesson.task_path(task_id)
        fields = self.attempt(path, lambda: read_toml(path))
        if fields is None:
            return
        plain = self.attempt(path, lambda: sample_fields(fields, whole=True))
        if plain is None:
            return
        problems = self.attempt(path, lambda: task_problems(plain)) or ()
        for problem in problems:
            self.attempt(path, lambda: _raise(problem))  # noqa: B023
        task = None if problems else self.attempt(path, lambda: read_task(task_id, plain))
        self.attempt(path, lambda: level(fields))
        if task:
            for place, remark in assessment_remarks(task):
                self.note(WARNING, path, place, remark)
            self.items(lesson, path, task)
            self.variants(fields, task_key(self.pack, lesson.id, task_id), path)

    def variants(self, fields: Fields, key: str, path: Path) -> None:
        if has_variants(fields.values):
            inside = path.relative_to(self.folder).as_posix()
            self.findings.extend(variant_findings(fields, key, inside, self.seeds))

    def items(self, lesson: LessonSource, path: Path, task: Task) -> None:
        self.translations(path, "title", task.title)
        for item in task.items:
            for inside, text in item.texts():
                place = f"{item.id}: {inside}"
                self.translations(path, place, text)
                for language, said in sorted(text.items()):
                    self.markdown(lesson, path, f"{place}.{language}", said)
            if item.kind in BY_TEACHER and not item.rubric:
                self.note(WARNING, path, item.id, "No rubric tells the teacher how to mark this.")
            inside = path.relative_to(self.folder).as_posix()
            found = item_findings(item, self.languages, lesson.folder, inside)
            self.findings.extend(found)


def _read_text(path: Path) -> str:
    data = read_bounded(path, MAX_CORE_FILE_BYTES)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise ContentError(f"{path} is not UTF-8 text; save it as UTF-8.") from None


def _raise(problem: ContentError) -> None:
    raise problem
