"""The review page: one HTML file that a methodologist reads before approving a pack.

It needs no network and no script, holds its pictures itself, and shows what pupils will see, what
it takes of their time and link, and everything that was found wrong.
"""

from __future__ import annotations

from functools import partial
from html import escape
from pathlib import Path
from typing import Callable, Iterator

from content.building.finding import ERROR, Finding
from content.quality.downloads import LINKS_BIT_S
from content.quality.films import Film
from content.quality.markup import markup
from content.quality.page_tasks import task_html
from content.quality.report import LessonReport, Report
from content.quality.thumbnails import address
from content.quality.words import LANGUAGES, say
from content.text import choose

_CSS = Path(__file__).with_name("page.css")
_MINUTE_S, _HOUR_S = 90, 90 * 60
"""From here on a time is told in minutes, and in hours."""


def page(report: Report, folder: Path, language: str = "kk") -> str:
    """The whole page; its own words are in ``language``, the lessons in each that they have."""
    title = choose(report.title, (language,)) or folder.name
    heading = escape(say("page-title", language, title=title))
    parts = [
        "<!doctype html>",
        f'<html lang="{language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{heading}</title><style>{_CSS.read_text(encoding='utf-8')}</style></head>",
        f"<body><main><h1>{heading}</h1>",
        f'<p class="muted">{escape(_subtitle(report, language))}</p>',
        *_findings(report, language),
        *_overview(report, language),
    ]
    for number, lesson in enumerate(report.lessons, 1):
        parts.extend(_lesson(lesson, report, folder, number, language))
    parts.append("</main></body></html>")
    return "\n".join(parts) + "\n"


def _subtitle(report: Report, language: str) -> str:
    counts = say(
        "counts", language, errors=report.errors, warnings=len(report.findings) - report.errors
    )
    if not report.grade:
        return counts
    return (
        f"{say('grade', language, figure=report.grade)} · {', '.join(report.languages)} · {counts}"
    )


def _findings(report: Report, language: str) -> Iterator[str]:
    yield f"<section><h2>{escape(say('findings', language))}</h2>"
    if not report.findings:
        yield f"<p>{escape(say('nothing-found', language))}</p></section>"
        return
    yield '<div class="wide"><table>'
    for one in sorted(report.findings, key=lambda one: (one.severity != ERROR, one.path)):
        severity = say(one.severity, language)
        place = f"{one.path}, {one.place}" if one.place else one.path
        yield (
            f'<tr><td class="is-{one.severity}">{escape(severity)}</td>'
            f"<td>{escape(place)}</td><td>{escape(_said(one, language))}</td></tr>"
        )
    yield "</table></div></section>"


def _said(finding: Finding, language: str) -> str:
    if not finding.code:
        return finding.text
    return say(finding.code, language, figure=finding.figure, other=finding.other)


def _overview(report: Report, language: str) -> Iterator[str]:
    if not report.lessons:
        return
    yield f"<section><h2>{escape(say('download', language))}</h2>"
    heads = "".join(
        f'<th class="number">{escape(say(f"link-{link}", language))}</th>' for link in LINKS_BIT_S
    )
    size = escape(say("size", language))
    yield '<div class="wide"><table><thead><tr><th></th>'
    yield f'<th class="number">{size}</th>{heads}</tr></thead><tbody>'
    for lesson in report.lessons:
        title = escape(choose(lesson.title, (language,)))
        yield f'<tr><th colspan="{len(LINKS_BIT_S) + 2}">{title}</th></tr>'
        yield from _downloads(lesson, language)
    yield "</tbody></table></div></section>"


def _downloads(lesson: LessonReport, language: str) -> Iterator[str]:
    for one in lesson.downloads:
        planned = f" ({say('planned', language)})" if one.is_estimate else ""
        cells = "".join(
            f'<td class="number">{escape(_time(took, language))}</td>' for took in one.seconds
        )
        name = escape(say(one.name, language) + planned)
        size = escape(say("megabytes", language, figure=f"{one.size_bytes / 1e6:.1f}"))
        yield f'<tr><td>{name}</td><td class="number">{size}</td>{cells}</tr>'


def _time(seconds: float, language: str) -> str:
    if seconds < _MINUTE_S:
        return say("seconds", language, figure=max(1, round(seconds)))
    if seconds < _HOUR_S:
        return say("minutes", language, figure=round(seconds / 60))
    return say("hours", language, figure=f"{seconds / 3600:.1f}")


def _lesson(
    lesson: LessonReport, report: Report, folder: Path, number: int, language: str
) -> Iterator[str]:
    title = escape(choose(lesson.title, (language,)))
    yield f"<article><h2>{number}. {title}</h2>"
    summary = choose(lesson.summary, (language,))
    if summary:
        yield f"<p>{escape(summary)}</p>"
    time = escape(say("time", language))
    yield f"<p><strong>{time}:</strong> {escape(_load(lesson, language))}</p>"
    place = folder / "lessons" / lesson.id
    if lesson.film:
        yield from _film(lesson, lesson.film, place, language)
    for spoken in report.languages or LANGUAGES:
        yield from _version(lesson, place, spoken, language)
    yield "</article>"


def _load(lesson: LessonReport, language: str) -> str:
    load = lesson.load
    parts = {"reading": load.reading, "watching": load.watching, "answering": load.answering}
    rounded = {name: f"{float(minutes):.0f}" for name, minutes in parts.items()}
    total = f"{float(load.total):.0f}"
    return say("time-line", language, **rounded, total=total, stated=load.stated)


def _film(lesson: LessonReport, film: Film, place: Path, language: str) -> Iterator[str]:
    loudness = f"{film.loudness:.0f} LUFS" if film.loudness is not None else ""
    line = say(
        "video-line",
        language,
        minutes=int(film.duration_s // 60),
        seconds=f"{film.duration_s % 60:02.0f}",
        width=film.width,
        height=film.height,
        loudness=loudness or say("no-sound", language),
    )
    yield f"<p><strong>{escape(say('video', language))}:</strong> {escape(line)}</p>"
    poster = address(place, lesson.poster) if lesson.poster else ""
    if poster:
        yield f'<p><img class="poster" src="{poster}" alt=""></p>'


def _version(lesson: LessonReport, place: Path, spoken: str, language: str) -> Iterator[str]:
    """The lesson in one of its languages, folded so that the page stays short."""
    show = _shower(place, language)
    is_first = " open" if spoken == language else ""
    title = escape(choose(lesson.title, (spoken,)))
    yield f"<details{is_first}><summary>{escape(spoken)}: {title}</summary>"
    yield f'<div lang="{escape(spoken)}">'
    text = lesson.texts.get(spoken)
    if text is None:
        yield f'<p class="is-warning">{escape(say("no-text", language))}</p>'
    else:
        yield show(text)
    for task in lesson.tasks:
        yield task_html(task, spoken, language, show)
    yield "</div></details>"


def _shower(place: Path, language: str) -> Callable[[str], str]:
    unread = partial(_unread, language)
    return partial(markup, pictures=partial(address, place), unread=unread)


def _unread(language: str, reason: str) -> str:
    return say("not-shown", language, figure=reason)
