"""Puts imported questions together as tasks: ids, points, texts, and what did not arrive."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Dict, Iterable, List, Mapping, Optional, Set, Tuple

from content.errors import ContentError, SourceError
from content.fields import Fields
from content.importing.bodies import SCALE, Bodies
from content.importing.limits import MAX_ITEMS, MAX_UNREAD
from content.importing.naming import identifier
from content.importing.outcome import Imported, ImportedDocument, ImportedTask, Unread
from content.importing.pictures import PictureError, Pictures
from content.task import MAX_ITEMS as MAX_TASK_ITEMS
from content.task import read_item

_TITLE_LETTERS = 120


@dataclass
class Question:
    """One question as it arrives; texts are Markdown, ``body`` the fields of its kind.

    ``lost`` is what did not arrive of it, in words. ``points`` are None where the source tells
    none.
    """

    name: str
    prompt: str
    body: Mapping[str, Any]
    points: Optional[Fraction] = None
    hint: str = ""
    solution: str = ""
    lost: List[str] = field(default_factory=list)


@dataclass
class _Draft:
    name: str
    title: str
    items: List[Mapping[str, Any]] = field(default_factory=list)
    taken: Set[str] = field(default_factory=set)


class TaskMaker:
    """Collects what one file gives; a task for each of its categories.

    ``folder`` is put before the names of tasks and documents: what shares it is one lesson.
    """

    def __init__(self, path: str, name: str, language: str, folder: str = "") -> None:
        self.path = path
        self._folder = folder
        self.bodies = Bodies(language)
        self.pictures = Pictures()
        self._drafts: Dict[str, _Draft] = {}
        self._draft = _Draft("", "")
        self._documents: List[ImportedDocument] = []
        self._unread: List[Unread] = []
        self._unlisted = 0
        self._count = 0
        self._begin(name)

    def begin(self, name: str, title: str = "") -> None:
        """What follows belongs to the task of that name, which may have begun before."""
        self._begin(name, title)

    def _begin(self, name: str, title: str = "") -> None:
        words = " ".join((title or name).split())[:_TITLE_LETTERS] or "?"
        # An empty task leaves its place: what is begun again later comes later.
        if self._drafts and not self._draft.items:
            self._drafts.pop(self._draft.name, None)
        self._draft = self._drafts.setdefault(name, _Draft(name, words))

    def unread(self, place: str, why: str, path: str = "") -> None:
        """Something did not arrive."""
        if len(self._unread) < MAX_UNREAD:
            clean = " ".join(place.split())[:_TITLE_LETTERS]
            self._unread.append(Unread(path or self.path, _encodable(clean), _encodable(why)))
        else:
            self._unlisted += 1

    def picture(self, data: bytes, place: str, path: str = "") -> Optional[str]:
        """The path to show for a picture's bytes; None, and a line, where it cannot be shown."""
        try:
            return self.pictures.add(data)
        except PictureError as problem:
            self.unread(place, str(problem), path)
            return None

    def document(self, name: str, title: str, markdown: str) -> None:
        """A text that is no question."""
        pictures = {path: data for path, data in self.pictures.files.items() if path in markdown}
        language = self.bodies.language
        self._documents.append(
            ImportedDocument(self._named(name), title, language, markdown, pictures)
        )

    def add(self, question: Question, path: str = "") -> bool:
        """Take a question in; tells whether it arrived. What did not is listed."""
        item_id = identifier(question.name, self._draft.taken, "q")
        fields = self._fields(item_id, question)
        why = _problem(fields)
        if self._count >= MAX_ITEMS:
            why = f"There are more than {MAX_ITEMS} questions; split the file."
        place = question.name or item_id
        if why:
            self.unread(place, why, path)
            return False
        self._count += 1
        self._draft.items.append(fields)
        points = question.points
        if points is not None and _points(points) != points and _points(points) > 0:
            shown = float(points)
            self.unread(place, f"It is worth {shown:g} there and {fields['points']:g} here.", path)
        for lost in question.lost:
            self.unread(place, f"Not taken over: {lost}.", path)
        return True

    def _fields(self, item_id: str, question: Question) -> Dict[str, Any]:
        text = self.bodies.text
        body = dict(question.body)
        scale = body.pop(SCALE, Fraction(1))
        points = float(_points((question.points if question.points is not None else 1) * scale))
        fields: Dict[str, Any] = {"id": item_id, "kind": body.pop("kind")}
        fields["points"] = int(points) if points == int(points) else points
        fields["prompt"] = text(question.prompt.strip() or question.name or "?")
        fields.update(body)
        if question.hint.strip():
            fields["hint"] = text(question.hint.strip())
        if question.solution.strip():
            fields["solution"] = text(question.solution.strip())
        return fields

    def imported(self) -> Imported:
        """All that was collected."""
        if self._unlisted:
            why = f"{self._unlisted} more things did not arrive; split the file to see them all."
            self._unread.append(Unread(self.path, "", why))
            self._unlisted = 0
        tasks = [task for draft in self._drafts.values() for task in self._tasks(draft)]
        return Imported(tuple(self._documents), tuple(tasks), {}, tuple(self._unread))

    def _tasks(self, draft: _Draft) -> Iterable[ImportedTask]:
        parts = range(0, len(draft.items), MAX_TASK_ITEMS)
        for number, start in enumerate(parts, 1):
            items = tuple(draft.items[start : start + MAX_TASK_ITEMS])
            more = f" ({number})" if number > 1 else ""
            shown = _pictures_in(items)
            pictures = {path: data for path, data in self.pictures.files.items() if path in shown}
            title = self.bodies.text(_encodable(draft.title + more))
            yield ImportedTask(self._named(draft.title + more), title, items, pictures)

    def _named(self, name: str) -> str:
        plain = _encodable(name.replace("/", "-"))
        return f"{self._folder}/{plain}" if self._folder else plain


def _problem(fields: Mapping[str, Any]) -> str:
    """Why our own reader would refuse an item, or nothing."""
    try:
        read_item(Fields(dict(fields), "", SourceError))
    except ContentError as problem:
        why = str(problem).lstrip(": ")
        return f"It does not fit our kind {fields['kind']!r}: {why}"
    return ""


def _points(points: Fraction) -> Fraction:
    rounded = Fraction(round(points * 100), 100)
    return min(Fraction(100), rounded) if rounded > 0 else Fraction(1)


def _pictures_in(items: Tuple[Mapping[str, Any], ...]) -> str:
    """All texts of the items, to look for paths in."""
    found: List[str] = []
    left: List[Any] = list(items)
    while left:
        value = left.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, Mapping):
            left.extend(value.values())
        elif isinstance(value, (list, tuple)):
            left.extend(value)
    return "\n".join(found)


def _encodable(words: str) -> str:
    return words.encode("utf-8", "replace").decode("utf-8")
