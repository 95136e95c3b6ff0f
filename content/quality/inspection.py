"""Looking at a whole source folder: every finding, and what each lesson takes of a pupil's time."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from content.building.check import check_source
from content.building.finding import ERROR, WARNING, Finding
from content.building.source import source_files
from content.building.source_tables import (
    LESSON_FILE,
    LessonSource,
    PackTable,
    read_lesson,
    read_pack_table,
)
from content.building.source_toml import read_toml
from content.documents.document import parse_document
from content.errors import CancelledError, ContentError
from content.manifest import MAX_CORE_FILE_BYTES
from content.media import kind_of
from content.quality.downloads import Download
from content.quality.films import Film, look_at, remarks_on
from content.quality.legibility import is_unreadable
from content.quality.load import Load, count_words, reading_minutes
from content.quality.report import LessonReport, Report
from content.quality.words import say
from content.storage import read_bounded
from content.task import Task, read_task
from content.text import choose
from content.variants.instance import sample_fields
from content.watch import UNWATCHED, Watch

MAX_PICTURE_BYTES = 32 * 1024 * 1024


def inspect(folder: Path, watch: Watch = UNWATCHED, with_films: bool = True) -> Report:
    """Look at everything in a source folder; ``with_films`` False leaves videos unheard.

    Raises CancelledError only: what is wrong in the folder is in the report.
    """
    findings = check_source(folder)
    try:
        table = read_pack_table(folder)
    except ContentError:
        return Report({}, (), 0, (), tuple(findings))
    lessons: List[LessonReport] = []
    for lesson_id in table.lesson_ids:
        watch.check()
        try:
            source = read_lesson(folder, lesson_id)
        except ContentError:
            continue
        look = _Look(folder, table, source, watch, with_films)
        lessons.append(look.lesson())
        findings.extend(look.findings)
    return Report(table.title, table.languages, table.grade, tuple(lessons), tuple(findings))


class _Look:
    """One lesson. What `check_source` has found already is passed over here in silence."""

    def __init__(
        self, folder: Path, table: PackTable, source: LessonSource, watch: Watch, with_films: bool
    ) -> None:
        self.folder = folder
        self.table = table
        self.source = source
        self.watch = watch
        self.with_films = with_films
        self.findings: List[Finding] = []

    def lesson(self) -> LessonReport:
        """Everything about the lesson."""
        self._pictures()
        texts = self._texts()
        film = self._film() if self.with_films else None
        tasks = self._tasks()
        load = self._load(texts, film, tasks)
        if load.is_misjudged:
            path = self.source.folder / LESSON_FILE
            self._warn(path, "load", f"{load.stated}", f"{float(load.total):.0f}")
        return LessonReport(
            self.source.id,
            f"lessons/{self.source.id}",
            self.source.title,
            self.source.summary,
            texts,
            self.source.video.poster if self.source.video else "",
            film,
            tasks,
            load,
            self._downloads(film),
        )

    def _warn(self, path: Path, code: str, figure: str = "", other: str = "") -> None:
        inside = path.relative_to(self.folder).as_posix()
        text = say(code, "en", figure=figure, other=other)
        self.findings.append(Finding(WARNING, inside, "", text, code, figure, other))

    def _files(self) -> List[Tuple[str, Path]]:
        try:
            return list(source_files(self.source))
        except ContentError:
            return []

    def _pictures(self) -> None:
        for path, origin in self._files():
            if kind_of(path) != "picture":
                continue
            self.watch.check()
            try:
                data = read_bounded(origin, MAX_PICTURE_BYTES)
            except ContentError:
                continue
            if is_unreadable(data):
                self._warn(origin, "picture-unreadable")

    def _texts(self) -> Dict[str, str]:
        texts = {}
        for language, name in self.source.texts.items():
            try:
                data = read_bounded(self.source.folder / name, MAX_CORE_FILE_BYTES)
                texts[language] = data.decode("utf-8")
            except (ContentError, UnicodeDecodeError):
                continue
        return texts

    def _film(self) -> Optional[Film]:
        video = self.source.video
        if video is None or video.file in self.source.missing:
            return None
        path = self.source.folder / video.file
        try:
            film = look_at(path, self.watch)
        except CancelledError:
            raise
        except ContentError as problem:
            inside = path.relative_to(self.folder).as_posix()
            self.findings.append(Finding(ERROR, inside, "", str(problem)))
            return None
        for code, figure in remarks_on(film):
            self._warn(path, code, figure)
        return film

    def _tasks(self) -> Tuple[Task, ...]:
        tasks = []
        for task_id in self.source.task_ids:
            try:
                fields = read_toml(self.source.task_path(task_id))
                tasks.append(read_task(task_id, sample_fields(fields)))
            except ContentError:
                continue
        return tuple(tasks)

    def _load(self, texts: Dict[str, str], film: Optional[Film], tasks: Tuple[Task, ...]) -> Load:
        text = choose(texts, self.table.languages)
        try:
            words = count_words(parse_document(text))
        except ContentError:
            words = 0
        return Load(
            reading=reading_minutes(words, self.table.grade),
            watching=Fraction(film.duration_s) / 60 if film else Fraction(0),
            answering=sum(
                (item.expected_minutes for task in tasks for item in task.items), Fraction(0)
            ),
            stated=self.source.minutes,
        )

    def _downloads(self, film: Optional[Film]) -> Tuple[Download, ...]:
        small = sum(
            origin.stat().st_size
            for path, origin in self._files()
            if kind_of(path) not in ("video", "audio")
        )
        return (Download("text", small), *(film.downloads if film else ()))
