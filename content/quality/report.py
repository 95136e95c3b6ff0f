"""What was seen in a source folder, as values: for text, for JSON and for the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Tuple

from content.building.finding import ERROR, Finding
from content.quality.downloads import LINKS_BIT_S, Download
from content.quality.films import Film
from content.quality.load import Load
from content.task import Task
from content.text import Text


@dataclass(frozen=True)
class LessonReport:
    """One lesson. ``folder`` is within the source; ``texts`` are Markdown by language.

    ``downloads`` has what is small as one, then each rendition of the video.
    """

    id: str
    folder: str
    title: Text
    summary: Text
    texts: Mapping[str, str]
    poster: str
    film: Optional[Film]
    tasks: Tuple[Task, ...]
    load: Load
    downloads: Tuple[Download, ...]


@dataclass(frozen=True)
class Report:
    """A source folder as a whole; a source whose pack.toml cannot be read has no lessons."""

    title: Text
    languages: Tuple[str, ...]
    grade: int
    lessons: Tuple[LessonReport, ...]
    findings: Tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many findings keep it from being built."""
        return sum(one.severity == ERROR for one in self.findings)


def as_json(report: Report) -> Dict[str, Any]:
    """The report for scripts; sizes in bytes, times in seconds or minutes, loudness in LUFS."""
    return {
        "errors": report.errors,
        "warnings": len(report.findings) - report.errors,
        "findings": [vars(one) for one in report.findings],
        "lessons": [_lesson(one) for one in report.lessons],
    }


def _lesson(lesson: LessonReport) -> Dict[str, Any]:
    load, film = lesson.load, lesson.film
    return {
        "lesson": lesson.id,
        "minutes": {
            "reading": round(float(load.reading), 1),
            "watching": round(float(load.watching), 1),
            "answering": round(float(load.answering), 1),
            "total": round(float(load.total), 1),
            "stated": load.stated,
        },
        "video": None
        if film is None
        else {
            "duration_s": round(film.duration_s, 1),
            "loudness_lufs": None if film.loudness is None else round(film.loudness, 1),
            "width": film.width,
            "height": film.height,
        },
        "downloads": [
            {
                "name": one.name,
                "size_bytes": one.size_bytes,
                "is_estimate": one.is_estimate,
                "seconds": {
                    str(link): round(took, 1) for link, took in zip(LINKS_BIT_S, one.seconds)
                },
            }
            for one in lesson.downloads
        ],
    }
