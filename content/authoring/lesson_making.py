"""One group of files as a lesson: its video, text, tasks, and lesson.toml."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import AbstractSet, Any, Dict, List, Mapping, Optional, Set, Tuple

from content.authoring import words
from content.authoring.composed import Content, Lesson, Outcomes
from content.authoring.grouping import Group
from content.authoring.lesson_tasks import LessonTasks
from content.authoring.lesson_text import LessonText, in_parts
from content.authoring.scan import AUDIO, DOCUMENT, PICTURE, SETTINGS, SUBTITLES, VIDEO
from content.authoring.settings import LessonSettings, is_task, read_lesson_settings
from content.authoring.steps import BASE_FILE, POSTER_FILE
from content.building.source_toml import read_toml
from content.errors import ContentError
from content.importing.languages import language_of_text
from content.importing.limits import MAX_TEXT_BYTES
from content.importing.naming import identifier
from content.importing.toml_writer import toml_of
from content.storage import read_bounded

LESSON_FILE = "lesson.toml"
_GENERIC = re.compile(
    r"(video|film|movie|text|index|main|presentation|slides?|document|lesson|untitled|new|"
    r"бейне|видео|фильм|мәтін|текст|презентация|слайд(тар|ы)?|документ|құжат|сабақ|урок|"
    r"тапсырма(лар)?|задани[ея]|tasks?|tests?|тест)\Z",
    re.IGNORECASE,
)
"""Names that say what kind of file it is, and nothing of the lesson."""
_LETTERS_A_MINUTE = 800
_LEAST_MINUTES, _MOST_MINUTES = 5, 600


class LessonMaking:
    """Makes the lessons of one group: one, or more where the text is too long for one."""

    def __init__(
        self,
        group: Group,
        outcomes: Outcomes,
        main: str,
        languages: Tuple[str, ...],
        taken: Set[str],
    ) -> None:
        self._group = group
        self._outcomes = outcomes
        self._main = main
        self._languages = languages
        self._taken = taken
        self._settings = self._read_settings()
        self._files: Dict[str, Content] = {}
        self._recording: Mapping[str, Any] = {}

    def lessons(self, number: int) -> List[Lesson]:
        """The lessons; none where nothing of the group can be used, which is listed."""
        text = LessonText(self._group, self._outcomes, self._main)
        tasks = LessonTasks(self._group, self._outcomes, self._languages)
        video = self._video(text)
        titles = self._titles(text, number)
        texts = text.texts(titles, self._main)
        if self._group.files and not (texts or tasks.ids or video):
            self._nothing()
            return []
        self._files.update(text.files)
        self._files.update(tasks.files)
        lesson = Lesson(
            id=identifier(self._settings.id or self._id_words(titles), self._taken, "lesson"),
            title=titles,
            minutes=self._settings.minutes
            or _minutes(texts, self._duration_s(video), tasks.minutes),
            files=self._files,
            tasks=tasks.ids,
            subtitles=self._subtitles(bool(video)),
            has_video=bool(video),
            summary=self._settings.summary,
            narration=text.narration(),
            languages=sorted(tasks.spoken),
        )
        return self._with_texts(lesson, texts, video)

    def _read_settings(self) -> LessonSettings:
        for placed in self._group.of(SETTINGS):
            try:
                fields = read_toml(placed.found.origin)
                if not is_task(fields.values):
                    return read_lesson_settings(fields)
            except ContentError as problem:
                self._outcomes.leave_out(placed.found.path, str(problem))
        return LessonSettings()

    def _titles(self, text: LessonText, number: int) -> Dict[str, str]:
        titles: Dict[str, str] = {}
        named = self._group.title
        if named and not _GENERIC.match(named):
            spoken = {document.language for document in text.documents}
            titles[language_among(named, spoken, self._main)] = named
        for document in text.documents:
            if document.title:
                titles.setdefault(document.language, document.title)
        titles.update(self._settings.title)
        shown = {language: said for language, said in titles.items() if language in self._languages}
        numbers = {one.named.number for one in self._group.files} - {None}
        count = numbers.pop() if len(numbers) == 1 else number
        if shown or titles:
            return shown or titles
        of_tasks = not self._group.of(VIDEO, AUDIO, DOCUMENT)
        plain = words.by_language(words.TASKS if of_tasks else words.LESSON, self._languages)
        return {one: said.format(count) for one, said in plain.items()}

    def _id_words(self, titles: Mapping[str, str]) -> str:
        """Ids are made of names, which stay, rather than of headings, which are mended."""
        named = self._group.title
        return named if named and not _GENERIC.match(named) else next(iter(titles.values()))

    def _video(self, text: LessonText) -> str:
        """Bring the recording in; its main file's name, or nothing."""
        found = ""
        for placed in self._group.of(VIDEO, AUDIO):
            path = placed.found.path
            values = self._outcomes.of(path)
            if not values:
                continue
            if found:
                self._outcomes.leave_out(
                    path, "A lesson has one recording; put this one into a folder of its own."
                )
                continue
            folder = self._outcomes.folder(path)
            self._files.update({name: folder / name for name in values["files"]})
            found = next(name for name in (BASE_FILE, *values["files"]) if name in self._files)
            self._recording = values
        poster = text.poster() if found else ""
        if poster:
            self._files.pop(POSTER_FILE, None)
        return found

    def _duration_s(self, video: str) -> float:
        return float(self._recording.get("duration_s", 0)) if video else 0.0

    def _subtitles(self, has_video: bool) -> List[str]:
        """Bring subtitles in by their language; the languages."""
        found: List[str] = []
        for placed in self._group.of(SUBTITLES):
            path = placed.found.path
            for name in self._outcomes.of(path).get("subtitles", ()):
                file = self._outcomes.folder(path) / name
                language = placed.named.language or _language_in(file) or self._main
                if not has_video:
                    self._outcomes.leave_out(path, "No video has these subtitles' name.")
                elif language in found:
                    self._outcomes.leave_out(
                        path, f"The video has subtitles in {language} already; name their language."
                    )
                else:
                    found.append(language)
                    self._files[f"video.{language}.vtt"] = file
        return found

    def _with_texts(self, whole: Lesson, texts: Mapping[str, str], video: str) -> List[Lesson]:
        parts = {language: in_parts(text) for language, text in texts.items()}
        lessons: List[Lesson] = []
        for at in range(max([1, *(len(one) for one in parts.values())])):
            lesson = whole if at == 0 else self._continued(whole, at + 1)
            lesson.texts = {one: said[at] for one, said in parts.items() if at < len(said)}
            for language, said in lesson.texts.items():
                lesson.files[f"text.{language}.md"] = said.encode("utf-8")
            lessons.append(lesson)
        for lesson in lessons:
            lesson.files[LESSON_FILE] = _table(lesson, video if lesson is whole else "")
        return lessons

    def _continued(self, whole: Lesson, number: int) -> Lesson:
        """A further lesson for the rest of a text that is too long for one."""
        pictures = {
            name: content for name, content in whole.files.items() if name.startswith("pictures/")
        }
        return replace(
            whole,
            id=identifier(f"{whole.id} {number}", self._taken, "lesson"),
            title={language: f"{said} ({number})" for language, said in whole.title.items()},
            files=pictures,
            tasks=[],
            subtitles=[],
            has_video=False,
            narration={},
        )

    def _nothing(self) -> None:
        for placed in self._group.of(PICTURE, SUBTITLES, SETTINGS):
            self._outcomes.leave_out(placed.found.path, "It belongs to no lesson.")


def language_among(title: str, spoken: AbstractSet[str], main: str) -> str:
    """The language of a title, given those of the texts that it stands over.

    A few words in Kazakh often have no letter that Russian lacks.
    """
    found = language_of_text(title)
    if found is not None and (found in spoken or (not spoken and (found, main) != ("ru", "kk"))):
        return found
    return main if main in spoken or not spoken else min(spoken)


def _table(lesson: Lesson, video: str) -> bytes:
    values: Dict[str, Any] = {"minutes": lesson.minutes}
    if lesson.tasks:
        values["tasks"] = list(lesson.tasks)
    values["title"] = dict(lesson.title)
    if lesson.summary:
        values["summary"] = dict(lesson.summary)
    if video:
        poster = next((name for name in lesson.files if name.startswith("poster.")), "")
        values["video"] = {"file": video, **({"poster": poster} if poster else {})}
    return toml_of(values).encode("utf-8")


def _minutes(texts: Mapping[str, str], duration_s: float, tasks_minutes: int) -> int:
    letters = max([0, *(len(text) for text in texts.values())])
    minutes = duration_s / 60 + letters / _LETTERS_A_MINUTE + tasks_minutes
    return int(min(max(_LEAST_MINUTES, 5 * round(minutes / 5)), _MOST_MINUTES))


def _language_in(file: Any) -> Optional[str]:
    said = read_bounded(file, MAX_TEXT_BYTES).decode("utf-8", "replace")
    plain = "\n".join(line for line in said.split("\n")[1:] if "-->" not in line)
    return language_of_text(plain)
