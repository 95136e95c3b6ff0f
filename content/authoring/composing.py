"""From groups of files and what became of each to the files of a source folder; pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Tuple

from content.authoring import words
from content.authoring.composed import Content, Lesson, Outcomes
from content.authoring.grouping import Group
from content.authoring.lesson_making import LessonMaking, language_among
from content.authoring.lesson_tasks import languages_of
from content.authoring.scan import DOCUMENT, SUBTITLES, TASKS
from content.authoring.settings import PackSettings
from content.authoring.units import by_unit
from content.errors import SourceError
from content.importing.languages import language_of_text
from content.importing.naming import identifier
from content.importing.toml_writer import toml_of
from content.pack import MAX_LESSONS

PACK_FILE = "pack.toml"


@dataclass(frozen=True)
class Composed:
    """A pack's source but its version: the table of pack.toml, and the lessons in order."""

    table: Mapping[str, Any]
    title: Mapping[str, str]
    languages: Tuple[str, ...]
    lessons: Tuple[Lesson, ...]

    def files(self, version: int) -> Dict[str, Content]:
        """Every file of the source folder by its path in it."""
        table = {name: value for name, value in self.table.items() if name != "id"}
        pack = {"id": self.table["id"], "version": version, **table, "title": dict(self.title)}
        files: Dict[str, Content] = {PACK_FILE: toml_of({"pack": pack}).encode("utf-8")}
        for lesson in self.lessons:
            for name, content in lesson.files.items():
                files[f"lessons/{lesson.id}/{name}"] = content
        return files


def compose(
    groups: Sequence[Group], outcomes: Outcomes, settings: PackSettings, folder_name: str
) -> Composed:
    """Write the lessons; what cannot be used is listed in ``outcomes.unread``.

    Raises SourceError when no lesson comes of it at all.
    """
    main = _main_language(groups, outcomes, settings, folder_name)
    spoken = _spoken(groups, outcomes) | {main}
    languages = settings.languages or words.in_order(spoken)
    taken: Set[str] = set()
    lessons: List[Lesson] = []
    for number, group in enumerate(by_unit(groups, outcomes), 1):
        lessons.extend(LessonMaking(group, outcomes, main, languages, taken).lessons(number))
    if not lessons:
        raise SourceError(
            "Nothing in the folder makes a lesson; put in a video, a document or tasks."
        )
    if len(lessons) > MAX_LESSONS:
        raise SourceError(f"The folder makes more than {MAX_LESSONS} lessons; split it.")
    ordered = _ordered(lessons, settings.lessons)
    return Composed(
        _table(settings, folder_name, languages, ordered),
        settings.title or {language_among(folder_name, set(languages), main): folder_name},
        languages,
        tuple(ordered),
    )


def _table(
    settings: PackSettings, folder_name: str, languages: Tuple[str, ...], lessons: Sequence[Lesson]
) -> Dict[str, Any]:
    table: Dict[str, Any] = {
        "id": settings.id or identifier(folder_name, set(), "lessons"),
        "subject": settings.subject or words.subject_of(folder_name),
        "grade": words.grade_of(folder_name) if settings.grade is None else settings.grade,
        "languages": list(languages),
        "lessons": [lesson.id for lesson in lessons],
    }
    return {**table, "licence": settings.licence} if settings.licence else table


def _ordered(lessons: Sequence[Lesson], wanted: Sequence[str]) -> List[Lesson]:
    places = {lesson_id: at for at, lesson_id in enumerate(wanted)}
    return sorted(lessons, key=lambda lesson: places.get(lesson.id, len(places)))


def _main_language(
    groups: Sequence[Group], outcomes: Outcomes, settings: PackSettings, folder_name: str
) -> str:
    """The language of what does not say its own: that of most documents."""
    if settings.languages:
        return settings.languages[0]
    counted: Counter[str] = Counter(
        placed.named.language or values.get("language") or ""
        for group in groups
        for placed in group.of(DOCUMENT, TASKS)
        for values in outcomes.of(placed.found.path).get("documents", ())
    )
    del counted[""]
    if counted:
        return counted.most_common(1)[0][0]
    titles = " ".join([folder_name, *(group.title for group in groups)])
    found: Optional[str] = language_of_text(titles)
    return found or "kk"


def _spoken(groups: Sequence[Group], outcomes: Outcomes) -> Set[str]:
    """Every language that something is in."""
    found: Set[str] = set()
    for group in groups:
        for placed in group.of(DOCUMENT, TASKS, SUBTITLES):
            values = outcomes.of(placed.found.path)
            documents = [one["language"] for one in values.get("documents", ()) if one["language"]]
            named = placed.named.language
            if values:
                found.update([named] if named else documents)
            found.update(languages_of(values.get("tasks", ())))
    return found
