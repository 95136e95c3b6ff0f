"""What was made of a folder, what was left out, and what lacks translation."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Dict, Iterator, List, Tuple

from content.authoring.composing import Composed
from content.importing.outcome import Unread
from content.text import choose

_SHOWN = 200


@dataclass(frozen=True)
class Gap:
    """A lesson that lacks something in one of the pack's languages; others stand in for it."""

    lesson: str
    language: str
    lacks: Tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """``made`` and ``kept`` count steps: done now, and done before."""

    pack: str
    lessons: Tuple[Tuple[str, str], ...]
    made: int
    kept: int
    touched: int
    unread: Tuple[Unread, ...]
    gaps: Tuple[Gap, ...]

    def as_values(self) -> Dict[str, Any]:
        """The same for JSON."""
        return {
            **asdict(self),
            "lessons": [{"id": one, "title": title} for one, title in self.lessons],
        }

    def lines(self) -> Iterator[str]:
        """The same for people."""
        yield f"{len(self.lessons)} lessons:"
        for lesson_id, title in self.lessons:
            yield f"  {lesson_id}: {title}"
        if self.gaps:
            yield "Not in every language (another one stands in):"
        for gap in self.gaps[:_SHOWN]:
            yield f"  {gap.lesson}: no {', '.join(gap.lacks)} in {gap.language}"
        if self.unread:
            yield "Not taken over, or not as it was:"
        for one in self.unread[:_SHOWN]:
            place = f", {one.place}" if one.place else ""
            yield f"  {one.path}{place}: {one.why}"
        for rest in (len(self.gaps) - _SHOWN, len(self.unread) - _SHOWN):
            if rest > 0:
                yield f"  and {rest} more, in report.json"


def gaps_of(composed: Composed) -> List[Gap]:
    """What each lesson lacks in each language that the pack has."""
    gaps = []
    for lesson in composed.lessons:
        for language in composed.languages:
            lacks = []
            if language not in lesson.title:
                lacks.append("title")
            if lesson.texts and language not in lesson.texts:
                lacks.append("text")
            if lesson.has_video and language not in lesson.subtitles:
                lacks.append("subtitles")
            if lesson.tasks and language not in lesson.languages:
                lacks.append("tasks")
            if lacks:
                gaps.append(Gap(lesson.id, language, tuple(lacks)))
    return gaps


def report_of(
    composed: Composed, unread: List[Unread], made: int, kept: int, touched: int
) -> Report:
    """Put the account together."""
    return Report(
        pack=str(composed.table["id"]),
        lessons=tuple(
            (lesson.id, choose(lesson.title, composed.languages)) for lesson in composed.lessons
        ),
        made=made,
        kept=kept,
        touched=touched,
        unread=tuple(unread),
        gaps=tuple(gaps_of(composed)),
    )
