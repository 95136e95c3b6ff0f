"""The pages as HTML: one template each, the style inside, no scripts, nothing from elsewhere."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, List, NamedTuple, Sequence

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sync_server.days import local_of
from sync_server.devices.fleet import sentence
from sync_server.pages.advice import advise, is_fault, written
from sync_server.pages.morning import Bar, Morning
from sync_server.pages.words import LANGUAGES, Words

TEMPLATES = Path(__file__).with_name("templates")
CHART_WIDTH, CHART_HEIGHT, GAP = 560, 120, 6


class Column(NamedTuple):
    """A bar of a picture: where it stands, and what it says."""

    x: float
    y: float
    width: float
    height: float
    day: str
    value: str


def morning_page(morning: Morning, language: str) -> str:
    """Return the page of the morning."""
    words = Words(language)
    return str(
        _template("morning.html").render(
            words=words,
            languages=LANGUAGES,
            morning=morning,
            now=words.moment(local_of(morning.now_ms)),
            advice=[
                words(f"advice.{one.key}", **written(words, one.values)) for one in advise(morning)
            ],
            charts=[
                ("bytes_per_night", columns(morning.line_bytes, words, sizes=True)),
                ("seen_per_day", columns(morning.laptops_seen, words, sizes=False)),
            ],
            width=CHART_WIDTH,
            height=CHART_HEIGHT,
            most=lambda bars: max(bars, key=lambda one: one.height).value,
            told=lambda one: sentence(words, one),
            why=lambda night: _why(words, night.held, night.code),
            moment=lambda time_ms: words.moment(local_of(time_ms)),
        )
    )


def login_page(language: str, data: str, sentence: str = "") -> str:
    """Return the page that asks for the code; ``sentence`` is why the last one did not do."""
    return str(
        _template("login.html").render(
            words=Words(language), languages=LANGUAGES, data=data, sentence=sentence
        )
    )


def columns(bars: Sequence[Bar], words: Words, *, sizes: bool) -> List[Column]:
    """Return the bars of a picture, as high as their values beside the largest."""
    most = max((one.value for one in bars), default=0) or 1
    width = (CHART_WIDTH - GAP * (len(bars) - 1)) / max(1, len(bars))
    return [
        Column(
            x=round(at * (width + GAP), 1),
            y=round(CHART_HEIGHT * (1 - one.value / most), 1),
            width=round(width, 1),
            height=round(CHART_HEIGHT * one.value / most, 1),
            day=words.day(one.day),
            value=words.size(one.value) if sizes else words.number(one.value),
        )
        for at, one in enumerate(bars)
    ]


def _why(words: Words, held: str, code: str) -> str:
    if code:
        return words("why.fault" if is_fault(code) else "why.link", code=code)
    return words(f"why.{held}") if held else ""


@functools.lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(str(TEMPLATES)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str) -> Any:
    return _environment().get_template(name)
