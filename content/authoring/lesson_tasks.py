"""The tasks of a lesson: imported ones in portions that a pupil can do, and those in TOML."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence, Set, Tuple

from content.authoring import words
from content.authoring.composed import Content, Outcomes
from content.authoring.grouping import Group
from content.authoring.scan import DOCUMENT, SETTINGS, TASKS
from content.authoring.settings import is_task
from content.authoring.units import parts_of
from content.building.source_toml import read_toml
from content.errors import ContentError, SourceError
from content.fields import Fields
from content.importing.naming import identifier
from content.importing.toml_writer import toml_of
from content.task import read_item, read_task

PORTION = 20
"""Questions of a task; a bank of two hundred becomes ten tasks."""
_MINUTES_EACH = 1.5


class LessonTasks:
    """Gathers the tasks of a group; ``files`` are TOML and pictures, ``ids`` in order."""

    def __init__(self, group: Group, outcomes: Outcomes, languages: Tuple[str, ...]) -> None:
        self._outcomes = outcomes
        self._languages = languages
        self._taken: Set[str] = set()
        self.files: Dict[str, Content] = {}
        self.ids: List[str] = []
        self.spoken: Set[str] = set()
        self.minutes = 0
        for placed in group.of(TASKS, DOCUMENT):
            for values in parts_of(group, placed, outcomes, "tasks"):
                self._imported(placed.found.path, values)
        for placed in group.of(SETTINGS):
            self._written(placed.found.path, placed.found.origin)

    def _imported(self, path: str, values: Mapping[str, Any]) -> None:
        folder = self._outcomes.folder(path)
        for name in values["pictures"]:
            self.files[name] = folder / name
        items = [item for item in values["items"] if self._is_whole(path, item)]
        portions = [items[at : at + PORTION] for at in range(0, len(items), PORTION)]
        for number, portion in enumerate(portions, 1):
            title = dict(values["title"]) or words.by_language(words.TASKS, self._languages)
            if len(portions) > 1:
                title = {language: f"{said} {number}" for language, said in title.items()}
            task = {
                "minutes": max(1, round(len(portion) * _MINUTES_EACH)),
                "feedback": "after",
                "title": title,
                "item": portion,
            }
            name = values["name"].rpartition("/")[2]
            name = f"{name} {number}" if len(portions) > 1 else name
            self._add(path, identifier(name, self._taken, "tasks"), task)

    def _is_whole(self, path: str, item: Mapping[str, Any]) -> bool:
        try:
            read_item(Fields(dict(item), f"question {item.get('id', '')}", SourceError))
        except ContentError as problem:
            self._outcomes.leave_out(path, str(problem), f"question {item.get('id', '')}")
            return False
        return True

    def _written(self, path: str, origin: Any) -> None:
        try:
            values = dict(read_toml(origin).values)
        except ContentError as problem:
            self._outcomes.leave_out(path, str(problem))
            return
        if is_task(values):
            stem = path.rpartition("/")[2][: -len(".toml")]
            self._add(path, identifier(stem, self._taken, "tasks"), values)

    def _add(self, path: str, task_id: str, values: Dict[str, Any]) -> None:
        try:
            task = read_task(task_id, Fields(values, path, SourceError))
        except ContentError as problem:
            self._outcomes.leave_out(path, str(problem))
            return
        self.minutes += task.minutes
        self.spoken.update(values["title"])
        for item in values["item"]:
            prompt = item.get("prompt")
            self.spoken.update(prompt if isinstance(prompt, dict) else ())
        self.files[f"tasks/{task_id}.toml"] = toml_of(values).encode("utf-8")
        self.ids.append(task_id)


def languages_of(tasks: Sequence[Mapping[str, Any]]) -> Set[str]:
    """The languages in which imported tasks ask."""
    return {
        language
        for task in tasks
        for item in task["items"]
        if isinstance(item.get("prompt"), dict)
        for language in item["prompt"]
    }
