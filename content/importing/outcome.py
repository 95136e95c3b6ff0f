"""What an importer gives back: documents, tasks, subtitles, and what it could not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from content.text import Text


@dataclass(frozen=True)
class Unread:
    """One thing that did not arrive, or not exactly as it was.

    ``path`` is the file (within a package, ``package: file``), ``place`` where in it ("line 12",
    "page 3", a question's name), ``why`` a sentence for people.
    """

    path: str
    place: str
    why: str


@dataclass(frozen=True)
class ImportedDocument:
    """A text in Markdown.

    ``name`` is what the source calls it, without an ending; it need not be an identifier.
    ``language`` is None where the source does not tell. ``pictures`` are the bytes of what the
    Markdown shows, by the path that it gives ("pictures/x.png"). ``narration`` is what is to be
    spoken, plain text, for who records or synthesises it.
    """

    name: str
    title: str
    language: Optional[str]
    markdown: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    narration: str = ""


@dataclass(frozen=True)
class ImportedTask:
    """A task: ``items`` are raw fields as in a task's TOML, ids included.

    ``pictures`` are the bytes of what the items show, by the path that they give.
    """

    name: str
    title: Text
    items: Tuple[Mapping[str, Any], ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Imported:
    """All that one file gave. ``subtitles`` are WebVTT by name ("video.kk.vtt")."""

    documents: Tuple[ImportedDocument, ...] = ()
    tasks: Tuple[ImportedTask, ...] = ()
    subtitles: Mapping[str, bytes] = field(default_factory=dict)
    unread: Tuple[Unread, ...] = ()


def together(parts: Iterable[Imported]) -> Imported:
    """Several outcomes as one, in their order; of subtitles with one name the first counts."""
    documents: List[ImportedDocument] = []
    tasks: List[ImportedTask] = []
    subtitles: Dict[str, bytes] = {}
    unread: List[Unread] = []
    for part in parts:
        documents.extend(part.documents)
        tasks.extend(part.tasks)
        unread.extend(part.unread)
        for name, data in part.subtitles.items():
            if name in subtitles:
                unread.append(Unread(name, "", "Another file has the same name; it was kept."))
            else:
                subtitles[name] = data
    return Imported(tuple(documents), tuple(tasks), subtitles, tuple(unread))
