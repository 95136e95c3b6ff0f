"""What was imported as the files of a source folder (docs/making-packs.md).

Lessons are the folders of the names that importers give: a document "Unit 1/Rivers" and a task
"Unit 1/Check" share the lesson "Unit 1". Ids are made of titles, and are the same every time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Iterable, List, Mapping, Optional, Sequence, Set, Tuple

from content.documents.document import MAX_DOCUMENT
from content.importing.languages import language_of_text
from content.importing.naming import identifier
from content.importing.outcome import Imported, ImportedDocument, ImportedTask
from content.importing.toml_writer import toml_of
from content.pack import MAX_LESSONS
from content.text import FALLBACK_LANGUAGES, Text

_MINUTES_A_LESSON = 20
_MOST_LETTERS = MAX_DOCUMENT - 1_000

Files = Dict[str, bytes]


@dataclass
class _Lesson:
    title: str
    language: str
    texts: Dict[str, List[str]] = field(default_factory=dict)
    tasks: List[ImportedTask] = field(default_factory=list)
    files: Files = field(default_factory=dict)


def task_file(task: ImportedTask) -> bytes:
    """A task's TOML."""
    fields = {"feedback": "after", "title": task.title, "item": task.items}
    return toml_of(fields).encode("utf-8")


def task_files(tasks: Iterable[ImportedTask], taken: Set[str]) -> Tuple[Files, Tuple[str, ...]]:
    """Files of tasks within a lesson's folder, pictures included, and the tasks' ids in order."""
    files: Files = {}
    ids: List[str] = []
    for task in tasks:
        task_id = identifier(_title_of(task), taken, "task")
        files[f"tasks/{task_id}.toml"] = task_file(task)
        files.update(task.pictures)
        ids.append(task_id)
    return files, tuple(ids)


def source_files(parts: Sequence[Tuple[str, Imported]], pack_id: str, title: str) -> Files:
    """All files of a pack's source by their path; ``parts`` are names of sources and their yield.

    A source is a lesson, or one for each folder in the names of its documents and tasks.
    """
    lessons: Dict[Tuple[str, str], _Lesson] = {}
    for name, imported in parts:
        for key, lesson in _lessons_of(name, imported).items():
            lessons[(name, key)] = lesson
    taken: Set[str] = set()
    files: Files = {}
    ids: List[str] = []
    for lesson in list(lessons.values())[:MAX_LESSONS]:
        lesson_id = identifier(lesson.title, taken, "lesson")
        ids.append(lesson_id)
        for path, data in _lesson_files(lesson).items():
            files[f"lessons/{lesson_id}/{path}"] = data
    files["pack.toml"] = _pack_file(pack_id, title, ids, _languages(lessons.values()))
    return files


def _lessons_of(name: str, imported: Imported) -> Mapping[str, _Lesson]:
    lessons: Dict[str, _Lesson] = {}
    length: Dict[Tuple[str, str], int] = {}
    for document in imported.documents:
        language = document.language or language_of_text(document.markdown) or "en"
        folder = document.name.rpartition("/")[0]
        key = folder
        while length.get((key, language), 0) + len(document.markdown) > _MOST_LETTERS and (
            length.get((key, language), 0)
        ):
            key = f"{key}+"
        title = folder.rpartition("/")[2] or (name if imported.tasks else document.title)
        lesson = lessons.setdefault(key, _Lesson(title or name, language))
        _add_document(lesson, document, language)
        length[key, language] = length.get((key, language), 0) + len(document.markdown)
    for task in imported.tasks:
        folder = task.name.rpartition("/")[0]
        known = folder if folder in lessons else next(iter(lessons), folder)
        key = folder if folder else known
        title = folder.rpartition("/")[2] or name
        language = next(iter(task.title), "en")
        lessons.setdefault(key, _Lesson(title, language)).tasks.append(task)
    if imported.subtitles:
        first = next(iter(lessons.values()), None) or lessons.setdefault("", _Lesson(name, "en"))
        first.files.update(imported.subtitles)
    return lessons


def _add_document(lesson: _Lesson, document: ImportedDocument, language: str) -> None:
    texts = lesson.texts.setdefault(language, [])
    begins = document.markdown.lstrip().startswith("#")
    headed = "" if begins or not document.title or not texts else f"# {document.title}\n\n"
    texts.append(f"{headed}{document.markdown.strip()}\n")
    lesson.files.update(document.pictures)


def _lesson_files(lesson: _Lesson) -> Files:
    files = dict(lesson.files)
    for language, texts in lesson.texts.items():
        files[f"text.{language}.md"] = "\n".join(texts)[:MAX_DOCUMENT].encode("utf-8", "replace")
    tasks, ids = task_files(lesson.tasks, set())
    files.update(tasks)
    fields = {
        "minutes": _MINUTES_A_LESSON,
        **({"tasks": list(ids)} if ids else {}),
        "title": {lesson.language: _one_line(lesson.title)},
    }
    files["lesson.toml"] = toml_of(fields).encode("utf-8", "replace")
    return files


def _pack_file(pack_id: str, title: str, ids: Sequence[str], languages: Sequence[str]) -> bytes:
    main = languages[0]
    table = {
        "id": pack_id,
        "version": 1,
        "subject": "imported",
        "grade": 0,
        "languages": list(languages),
        "lessons": list(ids),
        "title": {main: _one_line(title)},
    }
    return toml_of({"pack": table}).encode("utf-8", "replace")


def _languages(lessons: Iterable[_Lesson]) -> Tuple[str, ...]:
    found: Set[str] = set()
    for lesson in lessons:
        found |= {
            lesson.language,
            *lesson.texts,
            *(key for one in lesson.tasks for key in one.title),
        }
    order = [*FALLBACK_LANGUAGES, *sorted(found - set(FALLBACK_LANGUAGES))]
    return tuple(one for one in order if one in found) or FALLBACK_LANGUAGES[:1]


def _title_of(task: ImportedTask) -> str:
    title: Optional[Text] = task.title
    words = next(iter(title.values()), "") if title else ""
    return words or task.name


def _one_line(words: str) -> str:
    return " ".join(words.split()) or "?"
