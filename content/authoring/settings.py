"""What the author wrote in pack.toml and lesson.toml; every field may be left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Mapping, Optional, Tuple

from content.building.source_toml import read_toml
from content.fields import IDENTIFIER, LANGUAGE, Fields
from content.manifest import MAX_VERSION, pack_id
from content.text import Text


@dataclass(frozen=True)
class PackSettings:
    """Fields of pack.toml; None and empty where nothing is said."""

    id: str = ""
    version: Optional[int] = None
    subject: str = ""
    grade: Optional[int] = None
    languages: Tuple[str, ...] = ()
    licence: str = ""
    title: Text = field(default_factory=dict)
    lessons: Tuple[str, ...] = ()


@dataclass(frozen=True)
class LessonSettings:
    """Fields of lesson.toml."""

    id: str = ""
    title: Text = field(default_factory=dict)
    summary: Text = field(default_factory=dict)
    minutes: Optional[int] = None


def read_pack_settings(path: Path) -> PackSettings:
    """Read a pack.toml that may be incomplete; raises SourceError for what is wrong in it."""
    whole = read_toml(path)
    fields = whole.child("pack") if whole.has("pack") else whole
    return PackSettings(
        id=pack_id(fields, "id") if fields.has("id") else "",
        version=fields.integer("version", 1, MAX_VERSION) if fields.has("version") else None,
        subject=fields.identifier("subject") if fields.has("subject") else "",
        grade=fields.integer("grade", 0, 12) if fields.has("grade") else None,
        languages=fields.strings("languages", LANGUAGE, "languages such as kk", required=False),
        licence=fields.string("licence", "-").strip("-"),
        title=_text(fields, "title"),
        lessons=fields.strings("lessons", IDENTIFIER, "lessons' ids", required=False),
    )


def read_lesson_settings(fields: Fields) -> LessonSettings:
    """Read a lesson.toml that may be incomplete; raises SourceError for what is wrong in it."""
    return LessonSettings(
        id=fields.identifier("id") if fields.has("id") else "",
        title=_text(fields, "title"),
        summary=_text(fields, "summary"),
        minutes=fields.integer("minutes", 1, 600) if fields.has("minutes") else None,
    )


def _text(fields: Fields, name: str) -> Text:
    return fields.text(name) if fields.has(name) else {}


def is_task(values: Mapping[str, Any]) -> bool:
    """Whether a TOML file is a task, rather than what is said of a lesson."""
    return "item" in values
