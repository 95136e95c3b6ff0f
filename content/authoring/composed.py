"""What composing gives: the files of lessons, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Union

from content.authoring.step import Result
from content.importing.outcome import Unread
from content.text import Text

Content = Union[bytes, Path]
"""A file's bytes, or where they lie."""


@dataclass
class Lesson:
    """One lesson of the pack: its files by their path in its folder, and its texts by language."""

    id: str
    title: Text
    minutes: int
    files: Dict[str, Content] = field(default_factory=dict)
    texts: Dict[str, str] = field(default_factory=dict)
    tasks: List[str] = field(default_factory=list)
    subtitles: List[str] = field(default_factory=list)
    has_video: bool = False
    summary: Text = field(default_factory=dict)
    narration: Dict[str, str] = field(default_factory=dict)
    languages: List[str] = field(default_factory=list)
    """Languages of its tasks, which are not among its texts."""


@dataclass
class Outcomes:
    """Results of steps by the path of their file, and the list of what was left out."""

    results: Mapping[str, Result]
    unread: List[Unread] = field(default_factory=list)

    def of(self, path: str) -> Mapping[str, Any]:
        """What became of a file; nothing where it could not be used, which is listed then."""
        result = self.results.get(path)
        return {} if result is None or result.failure else result.values

    def folder(self, path: str) -> Path:
        """Where the files lie that were made of a file."""
        return self.results[path].folder

    def leave_out(self, path: str, why: str, place: str = "") -> None:
        """List what was left out."""
        self.unread.append(Unread(path, place, why))


def unread_of(results: Iterable[Result]) -> List[Unread]:
    """What importers listed."""
    return [Unread(**one) for result in results for one in result.values.get("unread", ())]
