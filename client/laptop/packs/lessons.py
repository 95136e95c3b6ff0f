"""A lesson as the list of lessons shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Tuple

Text = Mapping[str, str]


@dataclass(frozen=True)
class LessonCard:
    """One line of the index of lessons: what a list shows without opening the pack.

    ``title``, ``summary`` and ``pack_title`` map a language (kk, ru, en) to text; choose one
    with ``content.text.choose``. ``place`` counts a pack's lessons from 1.
    """

    pack: str
    version: int
    lesson: str
    title: Text
    summary: Text
    subject: str
    grade: int
    minutes: int
    has_video: bool
    video_ready: bool
    task_ids: Tuple[str, ...]
    pack_title: Text
    place: int


@dataclass(frozen=True)
class Progress:
    """How far a person came in a lesson's video, and whether the lesson was seen to its end."""

    position_s: float
    seen: bool
    time_ms: int
